// SPDX-License-Identifier: Apache-2.0
#include "rdf/literal.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

#include "provgate/rdf/rdf.hpp"

namespace provgate {
namespace {

using Space = LiteralValue::Space;
constexpr std::int64_t k_micro = 1'000'000, k_zone_doubt = 14 * 3600 * k_micro;
constexpr std::uint64_t k_scale = 1'000'000'000'000'000'000;

bool numeric_type(std::string_view type) {
  for (const char* name :
       {"integer", "decimal", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
        "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"}) {
    if (type == name) return true;
  }
  return false;
}

double to_double(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text == "INF") return HUGE_VAL;
  if (text == "-INF") return -HUGE_VAL;
  if (text == "NaN") return std::nan("");
  double out = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (status == std::errc::result_out_of_range) {
    const bool tiny = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
    return tiny ? 0.0 : text.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
  }
  return out;
}

// Up to 18 digits on either side of the point are exact.
void decimal(std::string_view text, LiteralValue& out) {
  out.space = Space::decimal;
  out.number = to_double(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto dot = text.find('.');
  auto whole = text.substr(0, dot), part = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  while (!part.empty() && part.back() == '0') part.remove_suffix(1);
  out.exact = whole.size() <= 18 && part.size() <= 18;
  if (!out.exact) return;
  std::uint64_t low = 0;
  for (const char c : whole) out.high = out.high * 10 + (c - '0');
  for (std::size_t i = 0; i < 18; ++i) low = low * 10 + static_cast<std::uint64_t>(i < part.size() ? part[i] - '0' : 0);
  if (negative && low) {
    out.high = -out.high - 1, low = k_scale - low;
  } else if (negative) {
    out.high = -out.high;
  }
  out.low = low;
}

// Digits without sign, zeros and point: compares long decimals one by one.
std::strong_ordering compare_long(std::string_view a, std::string_view b) {
  struct Parts {
    bool negative;
    std::string_view whole, part;
  };
  const auto parts = [](std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const auto dot = text.find('.');
    auto whole = text.substr(0, dot), part = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    while (!whole.empty() && whole.front() == '0') whole.remove_prefix(1);
    while (!part.empty() && part.back() == '0') part.remove_suffix(1);
    return Parts{negative && !(whole.empty() && part.empty()), whole, part};
  };
  const auto x = parts(a), y = parts(b);
  if (x.negative != y.negative) return x.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  auto order = x.whole.size() <=> y.whole.size();
  if (order == 0) order = x.whole <=> y.whole;
  if (order == 0) order = x.part <=> y.part;
  return x.negative ? 0 <=> order : order;
}

std::strong_ordering of(std::partial_ordering order) {
  return order < 0   ? std::strong_ordering::less
         : order > 0 ? std::strong_ordering::greater
                     : std::strong_ordering::equal;
}

// PnYnM or PnDTnHnMnS of the two ordered subtypes.
std::optional<std::int64_t> months_of(std::string_view text) {
  if (!lexical_test(std::string(vocab::xsd) + "yearMonthDuration")(text)) return {};
  const bool negative = text.starts_with('-');
  std::int64_t months = 0, number = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
    if (c == 'Y') months += number * 12, number = 0;
    if (c == 'M') months += number, number = 0;
    if (months > (1LL << 50) || number > (1LL << 50)) return {};
  }
  return negative ? -months : months;
}

std::optional<std::int64_t> micros_of(std::string_view text) {
  if (!lexical_test(std::string(vocab::xsd) + "dayTimeDuration")(text)) return {};
  const bool negative = text.starts_with('-');
  std::int64_t total = 0, number = 0, fraction = 0, scale = 0;
  for (const char c : text) {
    if (c == '.') scale = k_micro;
    if (c >= '0' && c <= '9') {
      if (scale) {
        scale /= 10;
        fraction += (c - '0') * scale;
      } else {
        number = number * 10 + (c - '0');
      }
    }
    const std::int64_t unit = c == 'D' ? 86'400 : c == 'H' ? 3600 : c == 'M' ? 60 : c == 'S' ? 1 : 0;
    if (unit) total += number * unit, number = 0;
    if (number > (1LL << 40) || total > (1LL << 40)) return {};
  }
  total = total * k_micro + fraction;
  return negative ? -total : total;
}

struct Moment {
  Space space;
  std::string begin;  ///< as an xsd:dateTime
};

// Dates, times and their parts by the moment at which they begin (XSD 1.1 part 2, appendix E.3.3): what is not said is
// that of 1972-12-31T00:00:00, or the first of its kind. Nothing for other types.
std::optional<Moment> moment_of(std::string_view type, std::string_view text) {
  if (type == "dateTime" || type == "dateTimeStamp") return Moment{Space::date_time, std::string(text)};
  if (type == "time") return Moment{Space::time, "1972-12-31T" + std::string(text)};
  struct Part {
    std::string_view type;
    Space space;
    std::string_view before, after;
    std::size_t dashes;  ///< that stand for what is not said
  };
  static constexpr Part k_parts[] = {{"date", Space::date, "", "", 0},
                                     {"gYear", Space::year, "", "-01-01", 0},
                                     {"gYearMonth", Space::year_month, "", "-01", 0},
                                     {"gMonth", Space::month, "1972-", "-01", 2},
                                     {"gMonthDay", Space::month_day, "1972-", "", 2},
                                     {"gDay", Space::day, "1972-12-", "", 3}};
  for (const auto& part : k_parts) {
    if (part.type != type || text.size() < part.dashes) continue;
    // The zone follows the day: 2026-01-02Z, 2026-01-02+01:00.
    const bool offset = text.size() > 6 && (text[text.size() - 6] == '+' || text[text.size() - 6] == '-') &&
                        text[text.size() - 3] == ':';
    const auto zone = text.substr(text.size() - (text.ends_with('Z') ? 1 : offset ? 6 : 0));
    const auto said = text.substr(part.dashes, text.size() - part.dashes - zone.size());
    return Moment{part.space, std::string(part.before) + std::string(said) + std::string(part.after) + "T00:00:00" +
                                  std::string(zone)};
  }
  return {};
}

}  // namespace

std::string LiteralView::value() const {
  if (lexical.find('\\') == std::string_view::npos) return std::string(lexical);
  return value_of(from_ntriples("\"" + std::string(lexical) + "\""));
}

LiteralView view_literal(std::string_view text) {
  // Neither an IRI nor a language tag holds a quote: the last one closes the string.
  const auto close = text.rfind('"');
  assert(text.starts_with('"') && close > 0);
  LiteralView out{text.substr(1, close - 1), {}, {}};
  const auto rest = text.substr(close + 1);
  if (rest.starts_with('@')) out.language = rest.substr(1);
  if (rest.starts_with("^^<")) out.datatype = rest.substr(3, rest.size() - 4);
  return out;
}

bool well_formed(const LiteralView& literal) {
  const auto test = lexical_test(literal.datatype);
  return !test || test(literal.lexical);
}

LiteralValue value_of(const LiteralView& literal) {
  LiteralValue out;
  out.lexical = literal.lexical;
  if (!literal.language.empty()) return out;
  if (literal.datatype.empty()) {
    out.space = Space::string;
    return out;
  }
  if (!literal.datatype.starts_with(vocab::xsd) || !well_formed(literal)) return out;
  const auto type = literal.datatype.substr(vocab::xsd.size());
  const auto text = literal.lexical;
  if (numeric_type(type)) {
    decimal(text, out);
  } else if (type == "double" || type == "float") {
    out.space = Space::floating;
    out.number = to_double(text);
    if (type == "float") out.number = static_cast<double>(static_cast<float>(out.number));
  } else if (type == "boolean") {
    out.space = Space::boolean;
    out.number = text == "true" || text == "1" ? 1 : 0;
  } else if (type == "yearMonthDuration") {
    if (const auto months = months_of(text)) out.space = Space::months, out.micros = *months;
  } else if (type == "dayTimeDuration") {
    if (const auto micros = micros_of(text)) out.space = Space::seconds, out.micros = *micros;
  } else if (const auto moment = moment_of(type, text)) {
    if (const auto at = parse_datetime(moment->begin)) {
      out.space = moment->space;
      out.micros = at->micros, out.zoned = at->has_zone;
    }
  }
  return out;
}

std::optional<std::strong_ordering> compare_values(const LiteralValue& a, const LiteralValue& b) {
  const auto number = [](const LiteralValue& v) { return v.space == Space::decimal || v.space == Space::floating; };
  if (number(a) && number(b)) {
    if (a.space == Space::decimal && b.space == Space::decimal) {
      if (!a.exact || !b.exact) return compare_long(a.lexical, b.lexical);
      return a.high != b.high ? a.high <=> b.high : a.low <=> b.low;
    }
    const auto order = a.number <=> b.number;
    if (order == std::partial_ordering::unordered) return {};
    return of(order);
  }
  if (a.space != b.space) return {};
  switch (a.space) {
    case Space::string: {
      const bool escapes =
          a.lexical.find('\\') != std::string_view::npos || b.lexical.find('\\') != std::string_view::npos;
      if (!escapes) return a.lexical <=> b.lexical;
      return LiteralView{a.lexical, {}, {}}.value() <=> LiteralView{b.lexical, {}, {}}.value();
    }
    case Space::boolean: return of(a.number <=> b.number);
    case Space::months:
    case Space::seconds: return a.micros <=> b.micros;
    case Space::date_time:
    case Space::date:
    case Space::time:
    case Space::year:
    case Space::year_month:
    case Space::month:
    case Space::month_day:
    case Space::day:
      if (a.zoned != b.zoned && std::abs(a.micros - b.micros) <= k_zone_doubt) return {};
      return a.micros <=> b.micros;
    default: return {};
  }
}

bool language_matches(std::string_view tag, std::string_view range) {
  if (range == "*") return !tag.empty();
  if (tag.size() < range.size() || range.empty()) return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  for (std::size_t i = 0; i < range.size(); ++i) {
    if (lower(tag[i]) != lower(range[i])) return false;
  }
  return tag.size() == range.size() || tag[range.size()] == '-';
}

}  // namespace provgate
