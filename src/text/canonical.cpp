// SPDX-License-Identifier: Apache-2.0
#include "text/canonical.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "base/json_write.hpp"

namespace provgate {
namespace {

tl::unexpected<Error> refused(Value at, std::string why) {
  Error out{Code::input, std::move(why), {}, {}, at.place()};
  return tl::unexpected<Error>(std::move(out));
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

Result<void> append_number(std::string& out, Value value) {
  const auto text = value.text();
  // What is short and whole is written as it is.
  constexpr std::size_t k_exact_digits = 15;
  if (text.size() <= k_exact_digits && text.find_first_not_of("0123456789") == std::string_view::npos &&
      (text.size() == 1 || text.front() != '0'))
    return out += text, Result<void>{};
  const auto number = nearest_double(text);
  if (!std::isfinite(number)) return refused(value, "is not a number that a double holds");
  if (text.find_first_of(".eE") == std::string_view::npos) {
    std::array<char, 400> digits{};
    const auto written =
        std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed, 0);
    const std::string_view same(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
    if (same != text && text != "-0") return refused(value, "is an integer that no double holds");
  }
  out += ecmascript_number(number);
  return {};
}

Result<void> append(std::string& out, Value value);

Result<void> append_members(std::string& out, std::vector<Value> members) {
  std::ranges::stable_sort(members, [](Value a, Value b) { return canonical_before(a.key(), b.key()); });
  out += '{';
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i && members[i].key() == members[i - 1].key())
      return refused(members[i], "the name " + quote(members[i].key()) + " stands twice");
    if (i) out += ',';
    append_string(out, members[i].key());
    out += ':';
    CHECKED(append(out, members[i]));
  }
  out += '}';
  return {};
}

Result<void> append(std::string& out, Value value) {
  switch (value.kind()) {
    case Kind::null: out += "null"; return {};
    case Kind::boolean: out += value.text(); return {};
    case Kind::string: append_string(out, value.text()); return {};
    case Kind::number: return append_number(out, value);
    case Kind::object: return append_members(out, value.children());
    case Kind::array: break;
  }
  out += '[';
  bool first = true;
  for (const auto one : value.children()) {
    if (!std::exchange(first, false)) out += ',';
    CHECKED(append(out, one));
  }
  out += ']';
  return {};
}

}  // namespace

double nearest_double(std::string_view number) {
  double out = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), out);
  if (read.ec == std::errc()) return out;
  // Past the greatest, or nearer to zero than the smallest: as its first digit would stand before or behind the point.
  const auto digits = number.substr(number.starts_with('-') ? 1 : 0);
  const auto e = std::min(digits.find_first_of("eE"), digits.size());
  const auto point = std::min(digits.find('.'), e), first = std::min(digits.find_first_of("123456789"), e);
  const auto at = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  std::int64_t exponent = 0;
  const auto sign = digits.substr(e).substr(0, 2);
  const auto from = std::min(e + (sign.ends_with('+') ? 2U : 1U), digits.size());
  const auto end = std::from_chars(digits.data() + from, digits.data() + digits.size(), exponent);
  if (end.ec == std::errc::result_out_of_range) exponent = sign.ends_with('-') ? -(1LL << 62) : 1LL << 62;
  const double far = at + exponent < 0 ? 0 : std::numeric_limits<double>::infinity();
  return number.starts_with('-') ? -far : far;
}

std::string ecmascript_number(double value) {
  if (value == 0) return "0";
  constexpr int k_longest_plain = 21, k_smallest_plain = -6;
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), std::abs(value), std::chars_format::scientific);
  const std::string_view written(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
  const auto e = written.find('e');
  std::string digits(1, written.front());
  if (e > 2) digits += written.substr(2, e - 2);
  int exponent = 0;
  const auto* const from = written.data() + e + (written[e + 1] == '+' ? 2 : 1);
  std::from_chars(from, written.data() + written.size(), exponent);
  const int point = exponent + 1, count = static_cast<int>(digits.size());
  std::string out = value < 0 ? "-" : "";
  if (point > k_longest_plain || point <= k_smallest_plain) {
    out += digits.front();
    if (count > 1) out.append(1, '.').append(digits, 1);
    return out.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
  }
  if (point <= 0) return out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  if (point >= count) return out.append(digits).append(static_cast<std::size_t>(point - count), '0');
  return out.append(digits, 0, static_cast<std::size_t>(point))
      .append(1, '.')
      .append(digits, static_cast<std::size_t>(point));
}

Result<void> append_canonical(std::string& out, Value value) {
  const auto size = out.size();
  auto done = append(out, value);
  if (!done) out.resize(size);
  return done;
}

Result<std::string> canonical(Value object, const KeepMember& keep) {
  auto members = object.children();
  std::erase_if(members, [&](Value member) { return !keep(member); });
  std::string out;
  CHECKED(append_members(out, std::move(members)));
  return out;
}

Result<std::string> canonical(Value value) {
  std::string out;
  CHECKED(append_canonical(out, value));
  return out;
}

}  // namespace provgate
