// SPDX-License-Identifier: Apache-2.0
// One finding: which rule, about what, where, and what to do.
// Source: tests/schema/report-1.json. Threads: any.
#pragma once

#include <string>
#include <vector>

#include "provgate/base/base.hpp"

namespace provgate {

enum class Severity { info, warning, error };
constexpr std::string_view name_of(Severity s) {
  return s == Severity::error ? "error" : s == Severity::warning ? "warning" : "info";
}

/// What a SHACL result adds to a finding.
struct ShapeSource {
  std::string component;    ///< sh:MinCountConstraintComponent; empty when the finding is not a result
  std::string value;        ///< the value node, as N-Triples
  std::string shape, file;  ///< the source shape and where it begins
  Place at;
  std::vector<std::string> because;  ///< why the value does not conform to the shapes it must conform to
};

struct Finding {
  std::string rule;  ///< FAMILY-nnn, never reused
  Severity severity = Severity::error;
  std::string focus;  ///< URN the finding is about; empty when it has none
  std::string path;   ///< the property, e.g. prov:wasGeneratedBy
  std::string file;   ///< as given on the command line and below it
  Place at;
  std::string message, found, expected, fix;
  std::string snippet;               ///< the source line at at.line, cut to a window round at.column where it is long
  std::uint32_t snippet_column = 1;  ///< the column of the snippet's first character
  std::string owner;                 ///< directory or file of the record it belongs to; decides what may be sealed
  ShapeSource source;
  std::uint64_t stands_for = 0;  ///< so many findings of this file and severity that were counted only
  bool unreadable = false;       ///< the input could not be read or parsed (exit 3)
  bool undecided = false;        ///< it says that something could not be decided, not that something is wrong
  bool passed_over = false;      ///< something was not looked at, though it lies where records do
  bool world = false;            ///< the system failed, not the input: trying again may help (exit 6)
};

}  // namespace provgate
