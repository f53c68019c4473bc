// SPDX-License-Identifier: Apache-2.0
#include "record/cells.hpp"

#include <algorithm>
#include <charconv>

namespace provgate {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// YYYY-MM-DD HH:MM:SS with what may follow, as databases write it: in UTC where no zone is said.
std::optional<std::string> of_database(std::string_view text) {
  constexpr std::size_t k_date = 10, k_shortest = 19;
  if (text.size() < k_shortest || (text[k_date] != ' ' && text[k_date] != 'T')) return {};
  std::string out(text);
  out[k_date] = 'T';
  const auto zone = out.find_first_of("Z+-", k_shortest);
  if (zone == std::string::npos) {
    out += 'Z';
  } else if (out.size() - zone == 3 && out[zone] != 'Z') {
    out += ":00";
  }
  const auto read = parse_datetime(out);
  return read && read->has_zone ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

}  // namespace

bool is_json_number(std::string_view text) {
  const auto digits = [&] {
    const auto before = text.size();
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
    return before - text.size();
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const auto count = digits();
  if (count == 0 || (zero && count > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

RowBuilder::RowBuilder(const RowTable& table) : table_(table), json_("{\"table\":\"" + std::string(table.name) + "\"") {
  // The member that says the table stands nowhere.
  cells_.push_back({});
}

void RowBuilder::begin(std::string_view column, Place at) {
  json_.append(1, ',').append(1, '"').append(json_escaped(column)).append("\":");
  cells_.push_back(at);
}

void RowBuilder::quoted(std::string_view text) { json_.append(1, '"').append(json_escaped(text)).append(1, '"'); }

void RowBuilder::none(std::string_view column, Place at) {
  begin(column, at);
  json_ += "null";
}

void RowBuilder::time(std::string_view column, std::string_view text) {
  constexpr std::int64_t k_micros = 1'000'000, k_latest_second = 253'402'300'799;  // of the year 9999
  if (const auto as = parse_datetime(text); !as || !as->has_zone) {
    const auto seconds = whole(text);
    const auto meant = seconds && *seconds >= 0 && *seconds <= k_latest_second
                           ? std::optional(format_utc(*seconds * k_micros))
                           : of_database(text);
    if (meant) {
      converted_.emplace_back(column);
      return quoted(*meant);
    }
  }
  quoted(text);
}

void RowBuilder::text(std::string_view column, std::string_view text, Place at) {
  begin(column, at);
  switch (table_.cell(column)) {
    case RowTable::Cell::text: break;
    case RowTable::Cell::time: return time(column, text);
    case RowTable::Cell::number:
      if (is_json_number(text)) return void(json_ += text);
      break;
    case RowTable::Cell::truth:
      for (const auto& [one, means] : {std::pair("true", "true"), {"false", "false"}, {"t", "true"}, {"f", "false"}}) {
        if (text == one) return void(json_ += means);
      }
      if (text == "0" || text == "1") {
        converted_.emplace_back(column);
        return void(json_ += text == "1" ? "true" : "false");
      }
      break;
    case RowTable::Cell::json:
      if (read_json("", std::string(text))) {
        // White space between values means nothing, and within texts there is no line end.
        const auto begin = json_.size();
        json_ += text;
        std::replace_if(
            json_.begin() + static_cast<std::ptrdiff_t>(begin), json_.end(),
            [](char c) { return c == '\n' || c == '\r'; }, ' ');
        return;
      }
      break;
  }
  quoted(text);
}

void RowBuilder::number(std::string_view column, std::string_view lexeme, Place at) {
  const auto cell = table_.cell(column);
  if (cell == RowTable::Cell::truth || cell == RowTable::Cell::time) return text(column, lexeme, at);
  begin(column, at);
  json_ += lexeme;
}

void RowBuilder::visit(const std::string& path, std::string where, const RowVisit& visit) && {
  json_ += '}';
  SourceFile file;
  file.path = path;
  auto document = read_json(path, std::move(json_));
  if (!document) {
    file.error = document.error();
    file.error->at = cells_.size() > 1 ? cells_[1] : Place{};
    return visit.unread(file);
  }
  file.doc = std::make_unique<Document>(std::move(*document));
  Row row;
  row.table = table_.name, row.value = file.doc->root(), row.file = &file;
  row.duplicates = file.doc->duplicates(), row.non_finite = file.doc->non_finite();
  row.value.each([&](Value member) { row.offsets.push_back(member.offset()); });
  row.cells = std::move(cells_), row.converted = std::move(converted_), row.where = std::move(where);
  visit.row(row);
}

}  // namespace provgate
