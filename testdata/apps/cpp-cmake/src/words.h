#pragma once

#include <istream>
#include <string>
#include <utility>
#include <vector>

/// The words of a text with how often they stand in it, most frequent first.
std::vector<std::pair<std::string, int>> count_words(std::istream &in);
