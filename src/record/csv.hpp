// SPDX-License-Identifier: Apache-2.0
// Rows of comma-separated values, with places. Source: RFC 4180; UTF-8; lines end with LF or CR LF. Threads: one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provgate/base/base.hpp"

namespace provgate {

struct CsvCell {
  std::string text;
  bool quoted = false;  ///< an empty cell without quotes is no text at all
  Place at;
};

/// Reads a text row by row. The text must live as long.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}
  /// The next row, of as many cells as the first one; false behind the last. Blank lines are passed over.
  /// Errors: Code::input with the place: a quote where none may stand, one that is never closed, more or fewer cells.
  /// After an error of a row the next call reads the row behind it; one that is never closed ends the text.
  Result<bool> next(std::vector<CsvCell>& row);

 private:
  Result<void> cell(CsvCell& out);
  Result<void> quoted(CsvCell& out);
  tl::unexpected<Error> wrong(std::size_t at, std::string why);
  bool at_end_of_line() const;
  void end_line();
  void skip_line();
  std::uint32_t column(std::size_t at);
  Place place(std::size_t from, std::size_t to);

  std::string_view text_;
  std::size_t at_ = 0, cells_ = 0;
  std::uint32_t line_ = 1;
  // The column of a place in the line, from which those behind it are counted.
  std::size_t counted_at_ = 0;
  std::uint32_t counted_column_ = 1;
};

}  // namespace provgate
