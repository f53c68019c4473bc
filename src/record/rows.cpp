// SPDX-License-Identifier: Apache-2.0
#include "record/rows.hpp"

#include <algorithm>
#include <set>

#include "record/cells.hpp"
#include "record/csv.hpp"

namespace provgate {
namespace {

// How much of a file is looked at for a first row, and how much one thread reads of it at a time.
constexpr std::size_t k_sniffed_bytes = 64 << 10, k_chunk_bytes = 256 << 10;
constexpr std::string_view k_table = "table";

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  return text;
}

const RowTable* find(std::span<const RowTable> tables, std::string_view name) {
  const auto found = std::ranges::find(tables, name, &RowTable::name);
  return found == tables.end() ? nullptr : &*found;
}

// The table that a file is called after: TABLE.ndjson.
const RowTable* called_after(std::span<const RowTable> tables, std::string_view path) {
  const auto slash = path.rfind('/');
  const auto name = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  return find(tables, name.substr(0, name.find('.')));
}

bool says_table(Value root, std::span<const RowTable> tables) {
  const auto table = root.is(Kind::object) ? root.find(k_table) : Value{};
  return table.is(Kind::string) && find(tables, table.text());
}

bool has_line(std::string_view name, std::string_view text, std::span<const RowTable> tables) {
  const bool named = called_after(tables, name) != nullptr;
  const auto end = text.size() > k_sniffed_bytes ? text.find('\n', k_sniffed_bytes) : std::string_view::npos;
  for (const auto line : split(text.substr(0, end), '\n')) {
    const auto trimmed = trim(line);
    // What is no row by its words is not parsed.
    if (!trimmed.starts_with('{') || (!named && trimmed.find("\"table\"") == std::string_view::npos)) continue;
    const auto document = read_json("", std::string(trimmed));
    if (document && (named || says_table(document->root(), tables))) return true;
  }
  return false;
}

bool has_tables(Value root, std::span<const RowTable> tables) {
  const auto is_one = [&](const auto& table) { return root.find(table.name).is(Kind::array); };
  return root.is(Kind::object) && std::ranges::any_of(tables, is_one);
}

// {"TABLE": …
bool begins_with_table(std::string_view text, std::span<const RowTable> tables) {
  text = trim(text);
  if (!text.starts_with('{')) return false;
  text = trim(text.substr(1));
  const auto end = text.find('"', 1);
  return text.starts_with('"') && end != std::string_view::npos && find(tables, text.substr(1, end - 1));
}

// The table that a header is of: by the file's name, or by a column that no other has.
const RowTable* table_of_header(std::string_view path, const std::vector<CsvCell>& header,
                                std::span<const RowTable> tables) {
  const auto has = [&](std::string_view column) {
    return std::ranges::find(header, column, &CsvCell::text) != header.end();
  };
  if (!has("id")) return nullptr;
  if (const auto* named = called_after(tables, path)) return named;
  const auto found = std::ranges::find_if(tables, [&](const auto& table) { return has(table.tell); });
  return found == tables.end() ? nullptr : &*found;
}

bool has_header(std::string_view name, std::string_view text, std::span<const RowTable> tables) {
  std::vector<CsvCell> header;
  CsvReader reader(text.substr(0, k_sniffed_bytes));
  const auto read = reader.next(header);
  return read && *read && table_of_header(name, header, tables);
}

// ---- handing out ----
void read_lines(const RowText& of, const Chunk& chunk, const RowVisit& visit) {
  const auto* const named = called_after(of.tables, of.path);
  auto rest = chunk.text;
  if (chunk.first_line == 1) rest = without_mark(rest);
  for (auto number = chunk.first_line; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    each_line(
        of.path, line,
        [&](const SourceFile& file, bool) {
          if (!file.doc) return visit.unread(file);
          Row row;
          row.file = &file, row.value = file.doc->root(), row.text = trim(line);
          row.duplicates = file.doc->duplicates(), row.non_finite = file.doc->non_finite();
          const auto table = row.value.is(Kind::object) ? row.value.find(k_table) : Value{};
          if (table.is(Kind::string)) row.table = table.text();
          if (!table && named) row.table = named->name;
          visit.row(row);
        },
        number);
  }
}

void read_document(const RowText& of, const RowVisit& visit) {
  SourceFile file;
  file.path = of.path;
  auto document = read_json(of.path, std::string(without_mark(of.text)), 1, &file.unread);
  if (!document) {
    file.error = document.error();
    return visit.unread(file);
  }
  file.doc = std::make_unique<Document>(std::move(*document));
  auto duplicates = file.doc->duplicates(), non_finite = file.doc->non_finite();
  std::ranges::sort(duplicates, {}, &Value::offset), std::ranges::sort(non_finite, {}, &Value::offset);
  // Those up to the end of a row are its own.
  const auto take = [](std::vector<Value>& from, std::size_t& at, std::size_t end) {
    const auto begin = at;
    while (at < from.size() && from[at].offset() < end) ++at;
    return std::vector<Value>(from.begin() + static_cast<std::ptrdiff_t>(begin),
                              from.begin() + static_cast<std::ptrdiff_t>(at));
  };
  std::size_t duplicates_at = 0, non_finite_at = 0;
  const auto hand_out = [&](Value value, std::string table) {
    Row row;
    row.file = &file, row.value = value, row.text = value.raw(), row.table = std::move(table);
    const auto end = value.offset() + row.text.size();
    row.duplicates = take(duplicates, duplicates_at, end), row.non_finite = take(non_finite, non_finite_at, end);
    visit.row(row);
  };
  const auto root = file.doc->root();
  // One row alone.
  if (!has_tables(root, of.tables)) {
    const auto table = root.find(k_table);
    return hand_out(root, std::string(table.text()));
  }
  root.each([&](Value member) {
    // What is no list of rows is a row of a table that there is not.
    if (!member.is(Kind::array)) return hand_out(member, std::string(member.key()));
    member.each([&](Value value) { hand_out(value, std::string(member.key())); });
  });
}

class CsvRows {
 public:
  CsvRows(const RowText& of, const RowVisit& visit) : of_(of), visit_(visit), reader_(without_mark(of.text)) {}

  void run() {
    if (!next() || cells_.empty()) return;
    header_ = cells_;
    const auto* table = table_of_header(of_.path, header_, of_.tables);
    std::set<std::string_view> names;
    for (const auto& one : header_) {
      if (!names.insert(one.text).second)
        return unread({Code::input, "a header that has the column " + quote(one.text) + " twice", {}, {}, one.at});
    }
    while (table && next()) {
      if (!cells_.empty()) one(*table);
    }
  }

 private:
  void unread(Error error) {
    SourceFile file;
    file.path = of_.path, file.error = std::move(error);
    visit_.unread(file);
  }
  // False behind the last; a row that cannot be read is empty.
  bool next() {
    const auto read = reader_.next(cells_);
    if (read) return *read;
    unread(read.error());
    cells_.clear();
    return true;
  }
  void one(const RowTable& table) {
    RowBuilder row(table);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const auto& cell = cells_[i];
      const std::string_view column = header_[i].text;
      if (first_bad_utf8(cell.text) != std::string_view::npos)
        return unread({Code::input, "a cell that is not UTF-8", {}, {}, cell.at});
      if (column == k_table) continue;
      if (cell.text.empty() && !cell.quoted) {
        row.none(column, cell.at);
      } else {
        row.text(column, cell.text, cell.at);
      }
    }
    std::move(row).visit(of_.path, {}, visit_);
  }

  const RowText& of_;
  const RowVisit& visit_;
  CsvReader reader_;
  std::vector<CsvCell> header_, cells_;
};

}  // namespace

std::optional<RowForm> row_form(std::string_view name, std::string_view text, std::span<const RowTable> tables,
                                std::uint64_t most_bytes) {
  if (is_database(text)) return has_table(text, tables) ? std::optional(RowForm::database) : std::nullopt;
  text = without_mark(text);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  if (text[first] != '{') return has_header(name, text, tables) ? std::optional(RowForm::csv) : std::nullopt;
  if (has_line(name, text, tables)) return RowForm::lines;
  const bool told = std::ranges::any_of(tables, [&](const auto& table) {
    return text.find("\"" + std::string(table.name) + "\"") != std::string_view::npos;
  });
  if (!told || text.size() > most_bytes) return {};
  const auto document = read_json("", std::string(text));
  // One that was cut is one all the same, by its first name.
  if (!document) return begins_with_table(text, tables) ? std::optional(RowForm::document) : std::nullopt;
  const bool rows = (has_tables(document->root(), tables) || says_table(document->root(), tables));
  return rows ? std::optional(RowForm::document) : std::nullopt;
}

Place Row::place(Value of) const {
  if (cells.empty()) return of.place();
  // The row is where its first cell is; what lies within a cell is where the cell is.
  const auto first = cells.size() > 1 ? cells[1] : Place{};
  const auto behind = std::ranges::upper_bound(offsets, of.offset());
  if (of.offset() == value.offset() || behind == offsets.begin()) return first;
  return cells[static_cast<std::size_t>(behind - offsets.begin()) - 1];
}

std::string Row::kept_text() const {
  std::string out(text.empty() ? value.raw() : text);
  if (value.is(Kind::object) && !value.find(k_table)) {
    const auto brace = out.find_first_not_of(" \t\r\n", 1);
    const bool none = brace == std::string::npos || out[brace] == '}';
    out.insert(1, "\"table\":\"" + json_escaped(table) + (none ? "\"" : "\","));
  }
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return out;
}

std::vector<Chunk> row_chunks(const RowText& of) {
  if (of.form == RowForm::lines) return chunks_of(of.text, k_chunk_bytes);
  return {{of.text, 1}};
}

void each_row(const RowText& of, const Chunk& chunk, const RowVisit& visit) {
  switch (of.form) {
    case RowForm::lines: return read_lines(of, chunk, visit);
    case RowForm::document: return read_document(of, visit);
    case RowForm::csv: return CsvRows(of, visit).run();
    case RowForm::database: return each_database_row(of, visit);
  }
}

}  // namespace provgate
