// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/rules/python_json.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace provgate::ckp {
namespace {

void hex4(std::string& out, unsigned code) {
  char text[16];
  std::snprintf(text, sizeof text, "\\u%04x", code);
  out += text;
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

bool all_integers(const std::vector<Value>& members) {
  return !members.empty() &&
         std::all_of(members.begin(), members.end(), [](Value m) { return integer(m.key()).has_value(); });
}

void dump(Value value, const DumpStyle& style, std::string& out) {
  const char* comma = style.compact ? "," : ", ";
  const char* colon = style.compact ? ":" : ": ";
  switch (value.kind()) {
    case Kind::null: out += "null"; break;
    case Kind::boolean:
    case Kind::number: out += value.text(); break;
    case Kind::string: out += python_string(value.text(), style.ascii); break;
    case Kind::array: {
      out += '[';
      bool first = true;
      for (const auto item : value.children()) {
        if (!first) out += comma;
        first = false;
        dump(item, style, out);
      }
      out += ']';
      break;
    }
    case Kind::object: {
      auto members = value.children();
      if (style.sort && style.numeric_keys && all_integers(members)) {
        std::stable_sort(members.begin(), members.end(),
                         [](Value a, Value b) { return *integer(a.key()) < *integer(b.key()); });
      } else if (style.sort) {
        // Bytes of UTF-8 sort as code points do.
        std::stable_sort(members.begin(), members.end(), [](Value a, Value b) { return a.key() < b.key(); });
      }
      out += '{';
      bool first = true;
      for (const auto member : members) {
        if (!first) out += comma;
        first = false;
        out += python_string(member.key(), style.ascii) + colon;
        dump(member, style, out);
      }
      out += '}';
      break;
    }
  }
}

}  // namespace

std::string python_string(std::string_view text, bool ascii) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t code = next_code_point(text, at);
    switch (code) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (code < 0x20 || (ascii && code >= 0x7F && code < 0x10000)) {
          hex4(out, static_cast<unsigned>(code));
        } else if (ascii && code >= 0x10000) {
          hex4(out, static_cast<unsigned>(0xD800 + ((code - 0x10000) >> 10)));
          hex4(out, static_cast<unsigned>(0xDC00 + ((code - 0x10000) & 0x3FF)));
        } else {
          out += text.substr(from, at - from);
        }
    }
  }
  return out + "\"";
}

std::string python_dumps(Value value, DumpStyle style) {
  std::string out;
  dump(value, style, out);
  return out;
}

bool has_integer_keys(Value value) {
  const auto children = value.children();
  if (value.is(Kind::object) && all_integers(children)) return true;
  return std::any_of(children.begin(), children.end(), [](Value child) { return has_integer_keys(child); });
}

}  // namespace provgate::ckp
