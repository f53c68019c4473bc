// SPDX-License-Identifier: Apache-2.0
// The rule table: what each rule is called, why it exists, and examples that break and keep it. Rules are data, in
// files *.txt of the folders called catalogue. Source: src/record/catalogue.cpp, which says their form. Threads: any.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/record/finding.hpp"

namespace provgate {

/// Files of an example, by path below the directory they make. A text that begins with k_link_mark is a symbolic link
/// to the path after it.
inline constexpr std::string_view k_link_mark = "link -> ";
using ExampleTree = std::map<std::string, std::string>;

struct Rule {
  std::string id;      ///< FAMILY-nnn
  std::string system;  ///< whose rule it is; empty: of all systems
  Severity severity = Severity::error;
  std::string title, why, source, fix;
  std::vector<std::string> implies;                ///< rules that need not be said where this one is
  ExampleTree bad, good;                           ///< whole trees a test runs: `bad` breaks the rule, `good` does not
  std::vector<std::string> shown_bad, shown_good;  ///< the files of those trees that `explain` prints
  std::vector<std::string> arguments;              ///< extra command line arguments the examples need
  std::string root, bad_root;  ///< where the examples' trees lie; bad_root: the bad one, where it is another
};

/// All rules of this build, in order of id. Made once, at the first call.
/// Threads: any, also at the first call.
const std::vector<Rule>& rules();
/// The rule of that id; null where there is none. Lives as long as the program.
const Rule* find_rule(std::string_view id);

}  // namespace provgate
