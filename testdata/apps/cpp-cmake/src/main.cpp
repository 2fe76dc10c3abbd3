#include <fstream>
#include <iostream>

#include "words.h"

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::cerr << "usage: wordcount TEXT TABLE\n";
        return 2;
    }
    std::ifstream text(argv[1]);
    std::ofstream table(argv[2]);
    if (!text || !table) {
        std::cerr << "wordcount: cannot open " << (text ? argv[2] : argv[1]) << "\n";
        return 1;
    }
    for (const auto &[word, n] : count_words(text)) {
        table << word << '\t' << n << '\n';
        std::cout << n << ' ' << word << '\n';
    }
}
