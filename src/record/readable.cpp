// SPDX-License-Identifier: Apache-2.0
// INPUT: what can be said of a file before it is a record.
#include "provgate/record/sink.hpp"

namespace provgate {

bool check_readable(const SourceFile& file, Sink& sink) {
  if (file.error) {
    // A fault inside the text has a line; one of the file itself has none.
    const auto& error = *file.error;
    auto& f = sink.add(error.at.line ? "INPUT-001" : "INPUT-003", error.file.empty() ? file.path : error.file, error.at,
                       error.why);
    if (!error.help.empty()) f.fix = error.help;
    f.unreadable = true, f.world = error.code == Code::world;
    return false;
  }
  if (!file.doc) return false;
  for (const auto value : file.doc->duplicates()) {
    auto& f = sink.add("INPUT-002", file, value.key_place(), "duplicate key " + quote(value.key()));
    f.path = std::string(value.key());
  }
  for (const auto value : file.doc->non_finite()) {
    auto& f = sink.add("INPUT-005", file, value.place(), std::string(value.text()) + " is not JSON");
    f.found = std::string(value.text());
  }
  return true;
}

}  // namespace provgate
