// One finding: which rule, about what, where, and what to do.
#pragma once

#include <string>

#include "provgate/base.hpp"

namespace provgate {

enum class Severity { info, warning, error };
constexpr std::string_view name_of(Severity s) {
  return s == Severity::error ? "error" : s == Severity::warning ? "warning" : "info";
}

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
  bool unreadable = false;  ///< the input could not be read or parsed (exit 3)
};

}  // namespace provgate
