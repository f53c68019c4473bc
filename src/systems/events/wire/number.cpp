// SPDX-License-Identifier: Apache-2.0
#include "systems/events/wire/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace provgate::events {
namespace {

constexpr auto k_most = std::numeric_limits<std::uint64_t>::max();

// Powers of ten as a compiler reads them: the nearest doubles.
const std::array<double, 309>& powers() {
  static const auto k_powers = [] {
    std::array<double, 309> out{};
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto text = "1e" + std::to_string(i);
      std::from_chars(text.data(), text.data() + text.size(), out[i]);
    }
    return out;
  }();
  return k_powers;
}

// A number of up to 64 bits and a power of ten.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Number> run() {
    const bool negative = text_.starts_with('-');
    if (negative) ++at_;
    if (!digits(exact_)) return long_integer(negative);
    if (is('.') || is('e') || is('E')) return fraction(negative);
    if (!negative) return Number(significand_);
    // Zero has a sign only as a double, and below the least whole number there are doubles.
    const auto value = static_cast<std::int64_t>(~significand_ + 1);
    return value >= 0 ? Number(-static_cast<double>(significand_)) : Number(value);
  }

 private:
  bool is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool is_digit() const { return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; }

  // Takes digits into the number as long as they fit; false at the first that does not.
  bool digits(std::int32_t& taken) {
    for (; is_digit(); ++at_, ++taken) {
      const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
      if (significand_ > k_most / 10 || (significand_ == k_most / 10 && digit > k_most % 10)) return false;
      significand_ = significand_ * 10 + digit;
    }
    return true;
  }

  // What does not fit counts as zeros.
  std::optional<Number> long_integer(bool negative) {
    for (; is_digit(); ++at_) ++exponent_;
    return fraction(negative);
  }

  std::optional<Number> fraction(bool negative) {
    if (is('.')) {
      ++at_;
      std::int32_t taken = 0;
      (void)digits(taken);
      exponent_ -= taken;
      while (is_digit()) ++at_;
    }
    if (is('e') || is('E')) {
      ++at_;
      if (!exponent()) return significand_ != 0 && up_ ? std::nullopt : std::optional(Number(negative ? -0.0 : 0.0));
    }
    return scaled(negative);
  }

  // False where it has more digits than matter.
  bool exponent() {
    constexpr std::int64_t k_limit = std::numeric_limits<std::int32_t>::max();
    up_ = !is('-');
    if (is('-') || is('+')) ++at_;
    std::int64_t written = 0;
    for (; is_digit(); ++at_) {
      written = written * 10 + (text_[at_] - '0');
      if (written > k_limit) return false;
    }
    const auto sum = std::int64_t{exponent_} + (up_ ? written : -written);
    exponent_ = static_cast<std::int32_t>(std::clamp<std::int64_t>(sum, -k_limit - 1, k_limit));
    return true;
  }

  std::optional<Number> scaled(bool negative) {
    auto value = static_cast<double>(significand_);
    for (std::int64_t left = exponent_; value != 0.0 || std::abs(left) < 309;) {
      if (std::abs(left) < 309) {
        const auto power = powers()[static_cast<std::size_t>(std::abs(left))];
        value = left >= 0 ? value * power : value / power;
        break;
      }
      if (left >= 0) return {};
      value /= 1e308;
      left += 308;
    }
    if (std::isinf(value)) return {};
    return Number(negative ? -value : value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t significand_ = 0;
  std::int32_t exponent_ = 0, exact_ = 0;
  bool up_ = true;
};

template <class Float>
void append(std::string& out, Float value, int most_before, int most_zeros) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (std::signbit(value)) out += '-';
  value = std::abs(value);
  if (value == 0) {
    out += "0.0";
    return;
  }
  std::array<char, 64> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const auto e = text.find('e');
  std::string digits(1, text.front());
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  const auto written = text.substr(e + (text[e + 1] == '+' ? 2 : 1));
  std::from_chars(written.data(), written.data() + written.size(), exponent);
  const int length = static_cast<int>(digits.size()), point = exponent + 1;
  if (length <= point && point <= most_before) {
    out.append(digits).append(static_cast<std::size_t>(point - length), '0').append(".0");
  } else if (point > 0 && point <= most_before) {
    out.append(digits, 0, static_cast<std::size_t>(point))
        .append(1, '.')
        .append(digits, static_cast<std::size_t>(point));
  } else if (point > -most_zeros && point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else {
    out += digits.front();
    if (length > 1) out.append(1, '.').append(digits, 1);
    out.append(exponent < 0 ? "e" : "e+").append(std::to_string(exponent));
  }
}

}  // namespace

std::optional<Number> parse_number(std::string_view text) { return Parser(text).run(); }

double as_double(const Number& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

void append_number(std::string& out, double value) { append(out, value, 16, 5); }
void append_number(std::string& out, float value) { append(out, value, 13, 6); }

}  // namespace provgate::events
