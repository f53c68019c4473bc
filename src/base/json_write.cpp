// SPDX-License-Identifier: Apache-2.0
#include "base/json_write.hpp"

#include <algorithm>

#include "provgate/base/base.hpp"

namespace provgate {
namespace {

void write_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

std::u16string utf16(std::string_view text) {
  std::u16string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_code_point(text, at);
    if (code < 0x10000) {
      out += static_cast<char16_t>(code);
    } else {
      out += static_cast<char16_t>(0xD800 + ((code - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + ((code - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace

// Bytes sort as UTF-16 code units do as long as no character above U+FFFF meets one that is not.
bool canonical_before(std::string_view a, std::string_view b) {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (differ.first == a.end() || differ.second == b.end()) return a.size() < b.size();
  const auto of_a = static_cast<unsigned char>(*differ.first), of_b = static_cast<unsigned char>(*differ.second);
  if (of_a < 0x80 || of_b < 0x80) return of_a < of_b;
  return utf16(a) < utf16(b);
}

Json Json::raw(std::string lexeme) {
  Json out(Type::raw);
  out.text_ = std::move(lexeme);
  return out;
}

Json& Json::set(std::string key, Json value) & {
  kind_ = Type::object;
  members_.emplace_back(std::move(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  kind_ = Type::array;
  members_.emplace_back(std::string{}, std::move(value));
  return *this;
}

void Json::write(std::string& out, int indent, bool sorted) const {
  if (kind_ == Type::null) {
    out += "null";
  } else if (kind_ == Type::raw) {
    out += text_;
  } else if (kind_ == Type::string) {
    write_string(out, text_);
  } else {
    const bool object = kind_ == Type::object;
    std::vector<const std::pair<std::string, Json>*> order;
    order.reserve(members_.size());
    for (const auto& member : members_) order.push_back(&member);
    if (object && sorted) {
      std::stable_sort(order.begin(), order.end(),
                       [](const auto* a, const auto* b) { return canonical_before(a->first, b->first); });
    }
    const bool lines = indent >= 0 && !order.empty();
    out += object ? '{' : '[';
    bool first = true;
    for (const auto* member : order) {
      if (!first) out += ',';
      first = false;
      if (lines) out.append("\n").append(static_cast<std::size_t>(indent) + 2, ' ');
      if (object) write_string(out, member->first), out += lines ? ": " : ":";
      member->second.write(out, lines ? indent + 2 : -1, sorted);
    }
    if (lines) out.append("\n").append(static_cast<std::size_t>(indent), ' ');
    out += object ? '}' : ']';
  }
}

std::string Json::canonical() const {
  std::string out;
  write(out, -1, true);
  return out;
}
std::string Json::pretty() const {
  std::string out;
  write(out, 0, false);
  return out + "\n";
}
std::string Json::compact() const {
  std::string out;
  write(out, -1, false);
  return out;
}

}  // namespace provgate
