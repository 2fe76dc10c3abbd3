#include "words.h"

#include <algorithm>
#include <map>

std::vector<std::pair<std::string, int>> count_words(std::istream &in)
{
    std::map<std::string, int> counts;
    for (std::string word; in >> word;)
        ++counts[word];
    std::vector<std::pair<std::string, int>> out(counts.begin(), counts.end());
    std::stable_sort(out.begin(), out.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    return out;
}
