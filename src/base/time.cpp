// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "provgate/base/base.hpp"

namespace provgate {
namespace {

constexpr std::int64_t k_day = 86'400, k_micro = 1'000'000;

// Days from 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

unsigned days_in_month(std::int64_t y, unsigned m) {
  static constexpr unsigned k_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return m == 2 && leap ? 29 : k_days[m - 1];
}

struct Digits {
  std::string_view rest;
  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  // Exactly `n` digits.
  std::optional<unsigned> digits(std::size_t n) {
    if (rest.size() < n || !is_digits(rest.substr(0, n))) return {};
    unsigned value = 0;
    for (char c : rest.substr(0, n)) value = value * 10 + static_cast<unsigned>(c - '0');
    rest.remove_prefix(n);
    return value;
  }
};

// "Z" or an offset in minutes; nothing when there is no zone. ok = false when what follows is neither.
std::optional<int> zone(Digits& in, bool& ok) {
  ok = true;
  if (in.rest.empty()) return {};
  if (in.take('Z')) return 0;
  const int sign = in.take('+') ? 1 : in.take('-') ? -1 : 0;
  const auto hours = in.digits(2);
  ok = sign != 0 && hours && in.take(':');
  const auto minutes = ok ? in.digits(2) : std::nullopt;
  ok = ok && minutes && *minutes < 60 && (*hours < 14 || (*hours == 14 && *minutes == 0));
  if (!ok) return {};
  return sign * static_cast<int>(*hours * 60 + *minutes);
}

}  // namespace

std::optional<Timestamp> parse_datetime(std::string_view text) {
  Digits in{text};
  const bool negative = in.take('-');
  std::size_t year_digits = 0;
  while (year_digits < in.rest.size() && in.rest[year_digits] >= '0' && in.rest[year_digits] <= '9') ++year_digits;
  if (year_digits < 4 || year_digits > 9 || (year_digits > 4 && in.rest.front() == '0')) return {};
  std::int64_t year = *in.digits(year_digits);
  if (negative) year = -year;
  if (!in.take('-')) return {};
  const auto month = in.digits(2);
  if (!month || !in.take('-')) return {};
  const auto day = in.digits(2);
  if (!day || !in.take('T')) return {};
  const auto hour = in.digits(2);
  if (!hour || !in.take(':')) return {};
  const auto minute = in.digits(2);
  if (!minute || !in.take(':')) return {};
  const auto second = in.digits(2);
  if (!second) return {};
  std::int64_t micros = 0;
  bool fraction_is_zero = true;
  if (in.take('.')) {
    std::size_t n = 0;
    for (; n < in.rest.size() && in.rest[n] >= '0' && in.rest[n] <= '9'; ++n) {
      if (n < 6) micros = micros * 10 + (in.rest[n] - '0');
      fraction_is_zero = fraction_is_zero && in.rest[n] == '0';
    }
    if (n == 0) return {};
    for (std::size_t k = n; k < 6; ++k) micros *= 10;
    in.rest.remove_prefix(n);
  }
  bool zone_ok = false;
  const auto offset = zone(in, zone_ok);
  if (!zone_ok || !in.rest.empty()) return {};
  if (*month < 1 || *month > 12 || *day < 1 || *day > days_in_month(year, *month)) return {};
  const bool end_of_day = *hour == 24 && *minute == 0 && *second == 0 && fraction_is_zero;
  if ((*hour > 23 && !end_of_day) || *minute > 59 || *second > 59) return {};
  const std::int64_t seconds =
      days_from_civil(year, *month, *day) * k_day + std::int64_t{*hour} * 3600 + std::int64_t{*minute} * 60 + *second;
  return Timestamp{(seconds - std::int64_t{offset.value_or(0)} * 60) * k_micro + micros, offset.has_value()};
}

std::string format_utc(std::int64_t micros) {
  std::int64_t seconds = micros / k_micro, fraction = micros % k_micro;
  if (fraction < 0) fraction += k_micro, --seconds;
  std::int64_t days = seconds / k_day, rest = seconds % k_day;
  if (rest < 0) rest += k_day, --days;
  const std::int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
  const auto doe = static_cast<unsigned>(z - era * 146097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const unsigned d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
  const std::int64_t y = static_cast<std::int64_t>(yoe) + era * 400 + (m <= 2);
  char out[64];
  std::snprintf(out, sizeof out, "%04lld-%02u-%02uT%02lld:%02lld:%02lld", static_cast<long long>(y), m, d,
                static_cast<long long>(rest / 3600), static_cast<long long>(rest / 60 % 60),
                static_cast<long long>(rest % 60));
  std::string text = out;
  if (fraction) {
    std::snprintf(out, sizeof out, ".%06lld", static_cast<long long>(fraction));
    text += out;
    while (text.back() == '0') text.pop_back();
  }
  return text + "Z";
}

std::string canonical_datetime(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || !parse_datetime(text)) return std::string(text);
  std::size_t end = dot + 1;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  std::size_t keep = end;
  while (keep > dot + 1 && text[keep - 1] == '0') --keep;
  if (keep == dot + 1) keep = dot;
  return std::string(text.substr(0, keep)) + std::string(text.substr(end));
}

}  // namespace provgate
