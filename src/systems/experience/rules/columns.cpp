// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/rules/rules.hpp"

#include <algorithm>
#include <charconv>

namespace provgate::experience {
namespace {

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// One column of a row.
class Cell {
 public:
  Cell(const Says& says, const Column& column, Value value) : says_(says), column_(column), value_(value) {}

  // False: it has no such form.
  bool judge() {
    switch (column_.holds) {
      case Holds::uuid: return text("XPR-003", "a UUID", parse_uuid(value_.text()).has_value());
      case Holds::digest: return text("XPR-008", "64 hexadecimal digits", hash_in(value_.text()).has_value());
      case Holds::hex: return text("XPR-008", "pairs of hexadecimal digits", is_pairs());
      case Holds::time: return text("XPR-007", "an xsd:dateTime with a zone", is_instant());
      case Holds::text: return text("XPR-004", length(), is_short());
      case Holds::entity: return text("XPR-004", "a technical id of at most 32 characters", is_id());
      case Holds::choice:
        return text("XPR-005", choices(), std::ranges::find(column_.values, value_.text()) != column_.values.end());
      case Holds::whole: return number(is_whole());
      case Holds::decimal: return number(is_decimal());
      case Holds::truth: return value_.is(Kind::boolean) || wrong("XPR-002", "true or false");
      case Holds::object: return value_.is(Kind::object) || wrong("XPR-002", "a JSON object");
      case Holds::any: return true;
    }
    return true;
  }

 private:
  bool wrong(std::string_view rule, const std::string& expected) const {
    const auto name = std::string(column_.name);
    says_(rule, value_, name + " is not " + expected, column_.name, expected);
    return false;
  }
  bool text(std::string_view rule, const std::string& expected, bool holds) const {
    if (!value_.is(Kind::string)) return wrong("XPR-002", "a text");
    return holds || wrong(rule, expected);
  }
  bool number(bool holds) const {
    if (!value_.is(Kind::number)) return wrong("XPR-002", "a number");
    return holds || wrong("XPR-006", "from " + std::to_string(column_.least) + " to " + std::to_string(column_.most));
  }

  bool is_pairs() const {
    const auto digits = value_.text();
    return !digits.empty() && digits.size() % 2 == 0 && digits.size() <= static_cast<std::size_t>(column_.most) &&
           std::ranges::all_of(digits, is_hex_digit);
  }
  bool is_instant() const {
    const auto at = parse_datetime(value_.text());
    return at && at->has_zone;
  }
  bool is_short() const {
    const bool some = column_.when != Column::When::required || !value_.text().empty();
    return some && (column_.most == 0 || count_code_points(value_.text()) <= static_cast<std::size_t>(column_.most));
  }
  std::string length() const {
    return column_.most ? "a text of at most " + std::to_string(column_.most) + " characters" : "a text";
  }
  bool is_id() const {
    constexpr std::size_t k_most = 32;
    return !value_.text().empty() && count_code_points(value_.text()) <= k_most;
  }
  std::string choices() const {
    std::string out;
    for (const auto one : column_.values) out.append(out.empty() ? "one of " : ", ").append(one);
    return out;
  }
  bool is_whole() const {
    std::int64_t number = 0;
    const auto digits = value_.text();
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return read.ec == std::errc() && read.ptr == digits.data() + digits.size() && number >= column_.least &&
           number <= column_.most;
  }
  // Two digits behind the point, as DECIMAL(5,2) keeps.
  bool is_decimal() const {
    double number = 0;
    const auto digits = value_.text();
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return read.ec == std::errc() && number >= static_cast<double>(column_.least) &&
           number <= static_cast<double>(column_.most);
  }

  const Says& says_;
  const Column& column_;
  Value value_;
};

}  // namespace

bool judge_columns(const Says& says, const Table& table, Value row) {
  bool taken = true;
  for (const auto& column : table.columns) {
    const auto value = row.find(column.name);
    const bool none = !value || value.is(Kind::null);
    if (none && column.when == Column::When::required) {
      says("XPR-001", value ? value : row, std::string(column.name) + " is missing", column.name);
      taken = false;
    } else if (!none) {
      taken = Cell(says, column, value).judge() && taken;
    }
  }
  row.each([&](Value member) {
    const auto name = member.key();
    if (name == "table" || name == "record_hash" || table.find(name)) return;
    says("XPR-010", member, "the field " + quote(name) + " is not one of " + std::string(table.name) + ": it is kept",
         name);
  });
  return taken;
}

}  // namespace provgate::experience
