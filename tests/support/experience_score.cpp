// SPDX-License-Identifier: Apache-2.0
// Scores of sets of records, for a test that computes them in another way.
// A set a line: NOW, then for each record SUCCESS(1 0 -) COMPLEXITY(1-10 or -) VERIFIED(0 1) INVALIDATED(0 1) MICROS.
#include <iostream>
#include <sstream>

#include "systems/experience/proficiency.hpp"

using namespace provgate::experience;

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream in(line);
    std::int64_t now = 0;
    in >> now;
    std::vector<Evidence> all;
    std::string success, complexity;
    Evidence one;
    while (in >> success >> complexity >> one.verified >> one.invalidated >> one.micros) {
      one.success = success == "-" ? std::nullopt : std::optional(success == "1");
      one.complexity = complexity == "-" ? std::nullopt : std::optional(std::stoi(complexity));
      all.push_back(one);
    }
    const auto say = [](const std::optional<Score>& score) {
      return score ? std::to_string(score->cents) + " " + std::string(level_of(*score)) : std::string("none none");
    };
    std::cout << say(seed_score(all, now)) << " " << say(sound_score(all, now)) << "\n";
  }
}
