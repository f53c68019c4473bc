// SPDX-License-Identifier: Apache-2.0
// The lexical spaces of XML Schema 1.1 part 2, one test a datatype. Texts come with N-Triples escapes: a backslash is a
// control character, a quote or a backslash, which only the string types and anyURI may hold.
#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "provgate/rdf/rdf.hpp"
#include "rdf/literal.hpp"
#include "rdf/scan.hpp"

namespace provgate {
namespace {

using Text = std::string_view;

bool any(Text) { return true; }

bool boolean(Text t) { return t == "true" || t == "false" || t == "1" || t == "0"; }

bool integer(Text t) {
  if (t.starts_with('-') || t.starts_with('+')) t.remove_prefix(1);
  return is_digits(t);
}

bool decimal(Text t) {
  if (t.starts_with('-') || t.starts_with('+')) t.remove_prefix(1);
  const auto dot = t.find('.');
  if (dot == Text::npos) return is_digits(t);
  const auto whole = t.substr(0, dot), part = t.substr(dot + 1);
  return (!whole.empty() || !part.empty()) && (whole.empty() || is_digits(whole)) && (part.empty() || is_digits(part));
}

bool floating(Text t) {
  if (t == "INF" || t == "-INF" || t == "+INF" || t == "NaN") return true;
  const auto e = t.find_first_of("eE");
  return decimal(t.substr(0, e)) && (e == Text::npos || integer(t.substr(e + 1)));
}

// An integer within [least, most], each given by its digits.
template <const char* least, const char* most>
bool bounded(Text t) {
  if (!integer(t)) return false;
  bool negative = t.front() == '-';
  if (negative || t.front() == '+') t.remove_prefix(1);
  while (t.size() > 1 && t.front() == '0') t.remove_prefix(1);
  if (t == "0") negative = false;
  const auto within = [](Text digits, Text limit) {
    return digits.size() < limit.size() || (digits.size() == limit.size() && digits <= limit);
  };
  const Text low(least), high(most);
  if (negative) return low.starts_with('-') && (low == "-" || within(t, low.substr(1)));
  if (t == "0") return low != "1" && high != "-1";
  return !high.starts_with('-') && (high.empty() || within(t, high)) && high != "0";
}
constexpr char k_none[] = "", k_minus[] = "-", k_0[] = "0", k_1[] = "1", k_m1[] = "-1", k_i8l[] = "-128",
               k_i8[] = "127", k_i16l[] = "-32768", k_i16[] = "32767", k_i32l[] = "-2147483648", k_i32[] = "2147483647",
               k_i64l[] = "-9223372036854775808", k_i64[] = "9223372036854775807", k_u8[] = "255", k_u16[] = "65535",
               k_u32[] = "4294967295", k_u64[] = "18446744073709551615";

// ---- times: a cursor over fixed fields -----------------------------------------------------------

struct Fields {
  Text rest;
  bool take(char c) {
    if (!rest.starts_with(c)) return false;
    rest.remove_prefix(1);
    return true;
  }
  int two() {
    if (rest.size() < 2 || !scan::digit(rest[0]) || !scan::digit(rest[1])) return -1;
    const int value = (rest[0] - '0') * 10 + (rest[1] - '0');
    rest.remove_prefix(2);
    return value;
  }
  // -?([1-9][0-9]{3,}|0[0-9]{3}); the year modulo 400, which is all that a calendar needs.
  int year() {
    take('-');
    std::size_t n = 0;
    int value = 0;
    for (; n < rest.size() && scan::digit(rest[n]); ++n) value = (value * 10 + (rest[n] - '0')) % 400;
    if (n < 4 || (n > 4 && rest[0] == '0')) return -1;
    rest.remove_prefix(n);
    return value;
  }
  bool zone() {
    if (rest.empty() || rest == "Z") return true;
    if (!take('+') && !take('-')) return false;
    const int hours = two();
    if (!take(':')) return false;
    const int minutes = two();
    return rest.empty() &&
           ((hours >= 0 && hours < 14 && minutes >= 0 && minutes < 60) || (hours == 14 && minutes == 0));
  }
  bool month(int& out) { return (out = two()) >= 1 && out <= 12; }
  bool date() {
    static constexpr int k_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int y = year();
    int m = 0;
    if (y < 0 || !take('-') || !month(m) || !take('-')) return false;
    const int d = two();
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y == 0;
    return d >= 1 && d <= (m == 2 && leap ? 29 : k_days[m - 1]);
  }
  bool time() {
    const int h = two();
    if (!take(':')) return false;
    const int m = two();
    if (!take(':')) return false;
    const int s = two();
    if (h < 0 || m < 0 || m > 59 || s < 0 || s > 59) return false;
    bool zero = true;
    if (take('.')) {
      std::size_t n = 0;
      for (; n < rest.size() && scan::digit(rest[n]); ++n) zero = zero && rest[n] == '0';
      if (n == 0) return false;
      rest.remove_prefix(n);
    }
    return h < 24 || (h == 24 && m == 0 && s == 0 && zero);
  }
};

// 2026-01-02T03:04:05.678Z and the like, by fixed columns; nothing for what it cannot decide.
std::optional<bool> usual_date_time(Text t) {
  constexpr std::size_t k_seconds = 19;
  if (t.size() <= k_seconds) return {};
  const auto two = [&](std::size_t at) {
    return static_cast<unsigned>(t[at] - '0') * 10 + static_cast<unsigned>(t[at + 1] - '0');
  };
  const auto digits = [&](std::size_t at, std::size_t n) {
    unsigned bad = 0;
    for (std::size_t i = at; i < at + n; ++i) bad |= static_cast<unsigned char>(t[i] - '0') > 9;
    return !bad;
  };
  if (t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' || t[16] != ':' || t.back() != 'Z') return {};
  if (!digits(0, 4) || !digits(5, 2) || !digits(8, 2) || !digits(11, 2) || !digits(14, 2) || !digits(17, 2)) return {};
  const auto month = two(5), day = two(8);
  if (month - 1 > 11 || day - 1 > 27 || two(11) > 23 || two(14) > 59 || two(17) > 59) return {};
  if (t.size() == k_seconds + 1) return true;
  const auto fraction = t.size() - k_seconds - 2;
  if (t[k_seconds] != '.' || fraction == 0 || !digits(k_seconds + 1, fraction)) return {};
  return true;
}

bool date_time(Text t) {
  if (const auto usual = usual_date_time(t)) return *usual;
  Fields f{t};
  return f.date() && f.take('T') && f.time() && f.zone();
}
bool date_time_stamp(Text t) {
  return date_time(t) && (t.ends_with('Z') || (t.size() > 6 && t[t.size() - 3] == ':' &&
                                               (t[t.size() - 6] == '+' || t[t.size() - 6] == '-')));
}
bool date(Text t) {
  Fields f{t};
  return f.date() && f.zone();
}
bool time(Text t) {
  Fields f{t};
  return f.time() && f.zone();
}
bool g_year(Text t) {
  Fields f{t};
  return f.year() >= 0 && f.zone();
}
bool g_year_month(Text t) {
  Fields f{t};
  int m = 0;
  return f.year() >= 0 && f.take('-') && f.month(m) && f.zone();
}
bool g_month(Text t) {
  Fields f{t};
  int m = 0;
  return f.take('-') && f.take('-') && f.month(m) && f.zone();
}
bool g_day(Text t) {
  Fields f{t};
  if (!t.starts_with("---")) return false;
  f.rest.remove_prefix(3);
  const int d = f.two();
  return d >= 1 && d <= 31 && f.zone();
}
bool g_month_day(Text t) {
  static constexpr int k_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  Fields f{t};
  int m = 0;
  if (!f.take('-') || !f.take('-') || !f.month(m) || !f.take('-')) return false;
  const int d = f.two();
  return d >= 1 && d <= k_days[m - 1] && f.zone();
}

// -?P with fields from `units` in order, those after T from "HMS"; at least one.
bool duration_of(Text t, Text days, bool with_time) {
  if (t.starts_with('-')) t.remove_prefix(1);
  if (!t.starts_with('P')) return false;
  t.remove_prefix(1);
  std::size_t fields = 0;
  const auto take = [&](Text units, bool fraction) {
    std::size_t next = 0;
    while (!t.empty() && t.front() != 'T') {
      std::size_t n = 0;
      while (n < t.size() && scan::digit(t[n])) ++n;
      std::size_t end = n;
      if (fraction && end < t.size() && t[end] == '.') {
        const auto from = ++end;
        while (end < t.size() && scan::digit(t[end])) ++end;
        if (end == from) return false;
      }
      if (n == 0 || end >= t.size()) return false;
      const auto unit = units.find(t[end], next);
      if (unit == Text::npos || (end != n && t[end] != 'S')) return false;
      next = unit + 1;
      t.remove_prefix(end + 1);
      ++fields;
    }
    return true;
  };
  if (!take(days, false)) return false;
  if (t.starts_with('T')) {
    t.remove_prefix(1);
    if (!with_time || t.empty() || !take("HMS", true) || !t.empty()) return false;
  }
  return fields > 0;
}
bool duration(Text t) { return duration_of(t, "YMD", true); }
bool year_month_duration(Text t) { return duration_of(t, "YM", false); }
bool day_time_duration(Text t) { return duration_of(t, "D", true); }

// ---- strings -------------------------------------------------------------------------------------

bool hex_binary(Text t) { return t.size() % 2 == 0 && t.find_first_not_of("0123456789abcdefABCDEF") == Text::npos; }
// XSD 1.1 3.3.16: groups of four; before padding, the bits that no octet takes are zero.
bool base64_binary(Text t) {
  std::size_t n = 0, padding = 0;
  char last = 'A';
  for (const char c : t) {
    if (c == ' ') continue;
    ++n;
    if (c == '=') {
      ++padding;
    } else if (padding || !(scan::alpha(c) || scan::digit(c) || c == '+' || c == '/')) {
      return false;
    } else {
      last = c;
    }
  }
  if (n % 4 != 0 || padding > 2) return false;
  return padding == 0 || Text(padding == 1 ? "AEIMQUYcgkosw048" : "AQgw").find(last) != Text::npos;
}
bool any_uri(Text) { return true; }  // XSD 1.1 3.3.17: any text
bool normalized_string(Text t) {
  return t.find("\\t") == Text::npos && t.find("\\n") == Text::npos && t.find("\\r") == Text::npos;
}
bool token(Text t) {
  return normalized_string(t) && !t.starts_with(' ') && !t.ends_with(' ') && t.find("  ") == Text::npos;
}
bool language(Text t) {
  const auto parts = split(t, '-');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty() || parts[i].size() > 8) return false;
    for (const char c : parts[i]) {
      if (!scan::alpha(c) && !(i && scan::digit(c))) return false;
    }
  }
  return true;
}
bool nm_token_with(Text t, bool start, bool colon) {
  const char *at = t.data(), *end = t.data() + t.size();
  if (at == end) return false;
  for (bool first = start; at < end; first = false) {
    const auto [c, n] = scan::code_point(at, end);
    const bool fits = n && ((first ? scan::name_start(c) : scan::name_part(c) || c == '.') || (colon && c == ':'));
    if (!fits) return false;
    at += n;
  }
  return true;
}
bool nm_token(Text t) { return nm_token_with(t, false, true); }
bool name(Text t) { return nm_token_with(t, true, true); }
bool nc_name(Text t) { return nm_token_with(t, true, false); }

}  // namespace

LexicalTest lexical_test(std::string_view datatype) {
  static const std::unordered_map<std::string_view, LexicalTest> k_tests = {
      {"string", any},
      {"boolean", boolean},
      {"decimal", decimal},
      {"integer", integer},
      {"float", floating},
      {"double", floating},
      {"dateTime", date_time},
      {"dateTimeStamp", date_time_stamp},
      {"date", date},
      {"time", time},
      {"gYear", g_year},
      {"gYearMonth", g_year_month},
      {"gMonth", g_month},
      {"gDay", g_day},
      {"gMonthDay", g_month_day},
      {"duration", duration},
      {"yearMonthDuration", year_month_duration},
      {"dayTimeDuration", day_time_duration},
      {"hexBinary", hex_binary},
      {"base64Binary", base64_binary},
      {"anyURI", any_uri},
      {"normalizedString", normalized_string},
      {"token", token},
      {"language", language},
      {"NMTOKEN", nm_token},
      {"Name", name},
      {"NCName", nc_name},
      {"byte", bounded<k_i8l, k_i8>},
      {"short", bounded<k_i16l, k_i16>},
      {"int", bounded<k_i32l, k_i32>},
      {"long", bounded<k_i64l, k_i64>},
      {"unsignedByte", bounded<k_0, k_u8>},
      {"unsignedShort", bounded<k_0, k_u16>},
      {"unsignedInt", bounded<k_0, k_u32>},
      {"unsignedLong", bounded<k_0, k_u64>},
      {"nonNegativeInteger", bounded<k_0, k_none>},
      {"positiveInteger", bounded<k_1, k_none>},
      {"nonPositiveInteger", bounded<k_minus, k_0>},
      {"negativeInteger", bounded<k_minus, k_m1>}};
  if (!datatype.starts_with(vocab::xsd)) return nullptr;
  const auto found = k_tests.find(datatype.substr(vocab::xsd.size()));
  return found == k_tests.end() ? nullptr : found->second;
}

}  // namespace provgate
