// SPDX-License-Identifier: Apache-2.0
// Cells of tables as the JSON that they mean. Source: PostgreSQL 15 (COPY), SQLite 3.40 (affinities). Threads: any.
#pragma once

#include "record/rows.hpp"

namespace provgate {

/// The JSON object of a row, built cell by cell.
class RowBuilder {
 public:
  explicit RowBuilder(const RowTable& table);
  /// A cell that says nothing.
  void none(std::string_view column, Place at);
  /// One that is a text in the file: whole numbers and JSON stand for what they are where the column holds such.
  void text(std::string_view column, std::string_view text, Place at);
  /// One that is a number in the file.
  void number(std::string_view column, std::string_view lexeme, Place at);
  /// Hands it out. `where`: of Row.
  void visit(const std::string& path, std::string where, const RowVisit& visit) &&;

 private:
  void begin(std::string_view column, Place at);
  void quoted(std::string_view text);
  void time(std::string_view column, std::string_view text);

  const RowTable& table_;
  std::string json_;
  std::vector<Place> cells_;
  std::vector<std::string> converted_;
};

/// Whether a text is a number of JSON.
bool is_json_number(std::string_view text);

/// Whether the bytes are those of an SQLite database, and whether it has one of the tables.
bool is_database(std::string_view bytes);
bool has_table(std::string_view bytes, std::span<const RowTable> tables);
/// The rows of its tables; views and virtual tables are none. Nothing of it is written or run.
void each_database_row(const RowText& of, const RowVisit& visit);

}  // namespace provgate
