// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cassert>
#include <cstdio>

#include "provgate/base/base.hpp"

namespace provgate {

std::size_t first_bad_utf8(std::string_view text) {
  std::size_t i = 0;
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
  const auto tail = [&](std::size_t k, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(k) >= low && byte(k) <= high;
  };
  while (i < text.size()) {
    const unsigned c = byte(i);
    if (c < 0x80) {
      ++i;
    } else if (c >= 0xC2 && c <= 0xDF && tail(i + 1)) {
      i += 2;
    } else if (c >= 0xE0 && c <= 0xEF && tail(i + 1, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF) && tail(i + 2)) {
      i += 3;
    } else if (c >= 0xF0 && c <= 0xF4 && tail(i + 1, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF) && tail(i + 2) &&
               tail(i + 3)) {
      i += 4;
    } else {
      return i;
    }
  }
  return std::string_view::npos;
}

char32_t next_code_point(std::string_view text, std::size_t& pos) {
  assert(pos < text.size());
  const auto c = static_cast<unsigned char>(text[pos++]);
  if (c < 0x80) return c;
  const int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
  char32_t value = c & (0x3FU >> more);
  for (int k = 0; k < more && pos < text.size(); ++k)
    value = (value << 6) | (static_cast<unsigned char>(text[pos++]) & 0x3FU);
  return value;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

namespace {

std::string escaped(std::string_view text, std::size_t limit, bool quotes) {
  std::string out;
  char hex[16];
  std::size_t shown = 0;
  for (std::size_t pos = 0; pos < text.size(); ++shown) {
    if (shown == limit) return out + "…";
    const auto c = static_cast<unsigned char>(text[pos]);
    const std::size_t length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    const auto piece = text.substr(pos, length);
    if (piece.size() < length || first_bad_utf8(piece) != std::string_view::npos) {
      std::snprintf(hex, sizeof hex, "\\x%02X", c);
      out += hex;
      ++pos;
      continue;
    }
    const std::size_t start = pos;
    const char32_t code = next_code_point(text, pos);
    if (code == '\n') {
      out += "\\n";
    } else if (code == '\r') {
      out += "\\r";
    } else if (code == '\t') {
      out += "\\t";
    } else if (quotes && (code == '"' || code == '\\')) {
      out += '\\', out += static_cast<char>(code);
    } else if (is_hidden(code)) {
      std::snprintf(hex, sizeof hex, "\\u%04X", static_cast<unsigned>(code));
      out += hex;
    } else {
      out += text.substr(start, pos - start);
    }
  }
  return out;
}

}  // namespace

bool is_hidden(char32_t c) {
  return c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

std::string quote(std::string_view text, std::size_t limit) { return "\"" + escaped(text, limit, true) + "\""; }
std::string printable(std::string_view text) { return escaped(text, std::string_view::npos, false); }

void append_json_escaped(std::string& out, std::string_view text) {
  std::size_t plain = 0;  // where what is not written yet begins
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, at - plain);
    plain = at + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: {
        char hex[16];
        std::snprintf(hex, sizeof hex, "\\u%04x", c);
        out += hex;
      }
    }
  }
  out.append(text, plain);
}

std::string json_escaped(std::string_view text) {
  std::string out;
  append_json_escaped(out, text);
  return out;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char k_digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char ch : bytes) {
    const auto c = static_cast<unsigned char>(ch);
    out += k_digits[c >> 4];
    out += k_digits[c & 15];
  }
  return out;
}

std::string from_hex(std::string_view digits) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  out.reserve(digits.size() / 2);
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2)
    out += static_cast<char>(value(digits[at]) * 16 + value(digits[at + 1]));
  return out;
}

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string plural(std::uint64_t n, std::string_view one, std::string_view many) {
  const std::string word = n == 1 ? std::string(one) : many.empty() ? std::string(one) + "s" : std::string(many);
  return with_commas(n) + " " + word;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
  if (a.size() > b.size()) std::swap(a, b);
  most = std::min(most, b.size());
  if (b.size() - a.size() > most) return most + 1;
  const auto far = most + 1;
  // Only cells at most `most` from the diagonal can be on a way that is short enough.
  std::vector<std::size_t> before(b.size() + 1, far), previous(b.size() + 1, far), row(b.size() + 1, far);
  for (std::size_t j = 0; j <= most; ++j) previous[j] = j;
  for (std::size_t i = 1, last = 0; i <= a.size(); ++i) {
    const auto from = i > most ? i - most : 1, to = std::min(b.size(), i + most);
    row[from - 1] = from == 1 ? i : far;
    std::size_t least = row[from - 1];
    for (std::size_t j = from; j <= to; ++j) {
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (to < b.size()) row[to + 1] = far;
    if (least > most && last >= most) return far;  // a transposition reaches over one row
    last = least;
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return std::min(previous[b.size()], far);
}

std::optional<std::string> closest(std::string_view word, const std::vector<std::string_view>& candidates,
                                   std::size_t most) {
  most = std::min(most, std::max<std::size_t>(1, word.size() / 3));
  std::optional<std::string> found;
  for (const auto candidate : candidates) {
    const auto d = edit_distance(word, candidate, most);
    if (d > most) continue;
    found = std::string(candidate);
    if (d == 0) break;
    most = d - 1;
  }
  return found;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace provgate
