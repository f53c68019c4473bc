// One finding: which rule, about what, where, and what to do.
#pragma once

#include <string>
#include <vector>

#include "provgate/base.hpp"

namespace provgate {

enum class Severity { info, warning, error };
constexpr std::string_view name_of(Severity s) {
  return s == Severity::error ? "error" : s == Severity::warning ? "warning" : "info";
}

/// What a SHACL result adds to a finding.
struct ShapeSource {
  std::string component;           ///< sh:MinCountConstraintComponent; empty when the finding is no result
  std::string value;               ///< the value node, as N-Triples
  std::string shape, file;         ///< the source shape and where it begins
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
  std::string snippet;     ///< the source line at at.line
  std::string owner;       ///< directory or file of the record it belongs to; decides what may be sealed
  ShapeSource source;
  bool unreadable = false;  ///< the input could not be read or parsed (exit 3)
};

}  // namespace provgate
