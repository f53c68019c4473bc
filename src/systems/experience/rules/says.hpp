// SPDX-License-Identifier: Apache-2.0
// Where the rules about one row put what they find: at the value that is meant.
#pragma once

#include "provgate/record/sink.hpp"
#include "record/rows.hpp"

namespace provgate::experience {

class Says {
 public:
  Says(const Row& row, Sink& sink) : row_(row), sink_(sink) {}
  /// `column`: empty where the whole row is meant. `at`: absent for the place of the row.
  void operator()(std::string_view rule, Value at, std::string message, std::string_view column = {},
                  std::string expected = {}) const {
    if (!row_.where.empty()) message = row_.where + ": " + message;
    auto& f = sink_.add(rule, *row_.file, row_.place(at ? at : row_.value), std::move(message));
    f.path = column, f.expected = std::move(expected);
    if (at && !at.is(Kind::object) && !at.is(Kind::array)) f.found = at.text();
    // A row that the file holds in another form has no line of its own to show.
    if (!row_.cells.empty()) f.snippet.clear();
  }

 private:
  const Row& row_;
  Sink& sink_;
};

}  // namespace provgate::experience
