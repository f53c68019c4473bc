// SPDX-License-Identifier: Apache-2.0
// From the bytes of an RDF file to UTF-8: byte order marks, UTF-16, and the encodings that an XML declaration names
// (XML 1.0, 4.3.3).
#include <algorithm>

#include "rdf/read.hpp"

namespace provgate {
namespace {

void put(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// Nothing when it is not UTF-16.
std::optional<std::string> from_utf16(std::string_view bytes, bool big) {
  if (bytes.size() % 2) return {};
  const auto unit = [&](std::size_t at) {
    const auto a = static_cast<unsigned char>(bytes[at]), b = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(big ? a << 8 | b : b << 8 | a);
  };
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    auto c = unit(at);
    if (c >= 0xDC00 && c < 0xE000) return {};
    if (c >= 0xD800 && c < 0xDC00) {
      if (at + 4 > bytes.size()) return {};
      const auto low = unit(at += 2);
      if (low < 0xDC00 || low >= 0xE000) return {};
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    put(out, c);
  }
  return out;
}

// The name in <?xml … encoding="NAME"?>, as a range of the text; empty when there is none.
std::string_view declared(std::string_view text) {
  if (!text.starts_with("<?xml") || text.size() < 6 ||
      std::string_view(" \t\r\n").find(text[5]) == std::string_view::npos)
    return {};
  const auto declaration = text.substr(0, text.find("?>"));
  const auto at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  const auto open = declaration.find_first_of("\"'", at);
  if (open == std::string_view::npos) return {};
  const auto close = declaration.find(declaration[open], open + 1);
  return close == std::string_view::npos ? std::string_view{} : declaration.substr(open + 1, close - open - 1);
}

// The declaration no longer holds: its pseudo-attribute becomes spaces, and every place stays where it is.
void forget_encoding(std::string& text) {
  const auto name = declared(text);
  if (name.empty()) return;
  const auto end = static_cast<std::size_t>(name.data() - text.data()) + name.size() + 1,
             begin = text.rfind("encoding", end);
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
}

}  // namespace

Result<std::optional<std::string>> to_utf8(std::string_view bytes, bool xml) {
  using namespace std::string_view_literals;
  const bool marked_big = bytes.starts_with("\xFE\xFF"sv), marked_little = bytes.starts_with("\xFF\xFE"sv);
  const bool big = marked_big || bytes.starts_with("\0<\0?"sv), little = marked_little || bytes.starts_with("<\0?\0"sv);
  if (big || little) {
    if (!xml)
      return fail(Code::input, "the file is UTF-16; this syntax is UTF-8", "convert it: iconv -f UTF-16 -t UTF-8");
    auto text = from_utf16(bytes.substr(marked_big || marked_little ? 2 : 0), big);
    if (!text) return fail(Code::input, "not UTF-16, though it begins so");
    forget_encoding(*text);
    return text;
  }
  if (!xml) return std::optional<std::string>{};
  const auto name = lower_ascii(declared(bytes));
  if (name.empty() || name == "utf-8" || name == "utf8" || name == "us-ascii" || name == "ascii") {
    if (name.empty() || name == "utf-8") return std::optional<std::string>{};
    if (name.ends_with("ascii") && std::any_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; }))
      return fail(Code::input, "not US-ASCII, though it says so");
    std::string text(bytes);
    forget_encoding(text);
    return std::optional(std::move(text));
  }
  if (name != "iso-8859-1" && name != "latin1" && name != "iso_8859-1") {
    return fail(Code::input, "the encoding " + quote(declared(bytes)) + " is not read",
                "UTF-8, UTF-16, ISO-8859-1 and US-ASCII are: convert it with iconv");
  }
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) put(text, static_cast<unsigned char>(c));
  forget_encoding(text);
  return std::optional(std::move(text));
}

}  // namespace provgate
