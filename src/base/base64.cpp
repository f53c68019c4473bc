// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <cstdint>

namespace provgate {
namespace {

constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto left = bytes.size() - at;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i)
      group = group << 8 | (i < left ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) out += i <= left ? k_letters[group >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return {};
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    std::uint32_t group = 0;
    std::size_t letters = 0;
    for (const char c : text.substr(at, 4)) {
      const auto value = k_letters.find(c);
      if (value != std::string_view::npos && letters < 4)
        group = group << 6 | static_cast<std::uint32_t>(value), ++letters;
      if (value == std::string_view::npos && c != '=') return {};
    }
    group <<= 6 * (4 - letters);
    for (std::size_t i = 0; i + 1 < letters; ++i) out += static_cast<char>(group >> (16 - 8 * i) & 255);
  }
  // There is one form alone.
  if (to_base64(out) != text) return {};
  return out;
}

}  // namespace provgate
