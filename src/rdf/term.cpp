// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "provgate/rdf/rdf.hpp"

namespace provgate {
namespace {

void escape_into(std::string& out, std::string_view text) {
  for (const char ch : text) {
    const auto c = static_cast<unsigned char>(ch);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (c < 0x20 || c == 0x7F) {
          char hex[16];
          std::snprintf(hex, sizeof hex, "\\u%04X", c);
          out += hex;
        } else {
          out += ch;
        }
    }
  }
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    switch (const char c = text[++i]) {
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'u': {
        unsigned code = 0;
        std::from_chars(text.data() + i + 1, text.data() + std::min(text.size(), i + 5), code, 16);
        append_utf8(out, code);
        i += 4;
        break;
      }
      default: out += c;
    }
  }
  return out;
}

// The offset of the closing quote of the literal that begins at 0.
std::size_t closing_quote(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2U : 1U;
  return at;
}

std::string canonical_integer(std::string_view t) {
  const bool negative = t.starts_with('-');
  if (negative || t.starts_with('+')) t.remove_prefix(1);
  if (!is_digits(t)) return {};
  while (t.size() > 1 && t.front() == '0') t.remove_prefix(1);
  return (negative && t != "0" ? "-" : "") + std::string(t);
}

std::string canonical_decimal(std::string_view t) {
  const bool negative = t.starts_with('-');
  if (negative || t.starts_with('+')) t.remove_prefix(1);
  const auto dot = t.find('.');
  std::string_view whole = t.substr(0, dot),
                   part = dot == std::string_view::npos ? std::string_view{} : t.substr(dot + 1);
  if ((whole.empty() && part.empty()) || (!whole.empty() && !is_digits(whole)) || (!part.empty() && !is_digits(part)))
    return {};
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  while (!part.empty() && part.back() == '0') part.remove_suffix(1);
  std::string out = (whole.empty() ? "0" : std::string(whole)) + "." + (part.empty() ? "0" : std::string(part));
  return (negative && out != "0.0" ? "-" : "") + out;
}

std::string canonical_double(const std::string& t) {
  double value = 0;
  const auto [end, status] = std::from_chars(t.data() + (t.starts_with('+') ? 1 : 0), t.data() + t.size(), value);
  if (status != std::errc() || end != t.data() + t.size() || !std::isfinite(value)) return {};
  char buffer[64];
  const auto [stop, done] = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  return done == std::errc() ? std::string(buffer, stop) : std::string{};
}

}  // namespace

bool is_iri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const auto alpha = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!alpha(text.front())) return false;
  for (const char c : text.substr(0, colon)) {
    if (!alpha(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.') return false;
  }
  for (const char ch : text) {
    const auto c = static_cast<unsigned char>(ch);
    if (c <= 0x20 || c == 0x7F || std::string_view("<>\"{}|^`\\").find(ch) != std::string_view::npos) return false;
  }
  return first_bad_utf8(text) == std::string_view::npos;
}

std::string iri_text(std::string_view iri) { return "<" + std::string(iri) + ">"; }

std::string_view bare_iri(std::string_view text) {
  return text.starts_with('<') ? text.substr(1, text.size() - 2) : text;
}

std::string literal_text(std::string_view value, std::string_view datatype) {
  std::string out = "\"";
  escape_into(out, value);
  out += '"';
  if (!datatype.empty()) out += "^^<" + std::string(datatype) + ">";
  return out;
}

bool is_language_tag(std::string_view text) {
  const auto letter = [](unsigned char c) { return std::isalpha(c) && c < 0x80; };
  for (bool first = true; const auto part : split(text, '-')) {
    const bool fits = !part.empty() && std::ranges::all_of(part, [&](unsigned char c) {
      return letter(c) || (!first && c >= '0' && c <= '9');
    });
    if (!fits) return false;
    first = false;
  }
  return true;
}

std::optional<Iri> Iri::parse(std::string text) {
  return is_iri(text) ? std::optional(Iri(std::move(text))) : std::nullopt;
}

BlankNode::BlankNode(std::string label) : label_(std::move(label)) { assert(!label_.empty()); }

Literal::Literal(std::string lexical, Iri datatype) : lexical_(std::move(lexical)) {
  static const std::string k_string = std::string(vocab::xsd) + "string";
  if (datatype.text() != k_string) kind_ = std::move(datatype);
}

Literal::Literal(std::string lexical, LanguageTag language) : lexical_(std::move(lexical)), kind_(std::move(language)) {
  assert(!this->language()->empty());
}

Literal Literal::of(std::string lexical, std::string_view datatype, std::string_view language) {
  if (!language.empty()) return {std::move(lexical), LanguageTag(std::string(language))};
  if (!datatype.empty()) return {std::move(lexical), Iri::trusted(std::string(datatype))};
  return Literal(std::move(lexical));
}

Literal Literal::with(std::string lexical) const {
  auto out = *this;
  out.lexical_ = std::move(lexical);
  return out;
}

const std::string& value_of(const Term& term) {
  if (const auto* iri = std::get_if<Iri>(&term)) return iri->text();
  if (const auto* literal = std::get_if<Literal>(&term)) return literal->lexical();
  return std::get<BlankNode>(term).label();
}

std::string to_ntriples(const Term& term) {
  if (const auto* iri = std::get_if<Iri>(&term)) return iri_text(iri->text());
  if (const auto* blank = std::get_if<BlankNode>(&term)) return "_:" + blank->label();
  const auto& literal = std::get<Literal>(term);
  const auto* type = literal.datatype();
  auto out = literal_text(literal.lexical(), type ? std::string_view(type->text()) : std::string_view{});
  return literal.language() ? out + "@" + literal.language()->text : out;
}

std::string to_ntriples(const Subject& subject) {
  if (const auto* iri = std::get_if<Iri>(&subject)) return iri_text(iri->text());
  return "_:" + std::get<BlankNode>(subject).label();
}

bool has_capital_tag(std::string_view text) {
  if (text.size() < 4 || text.front() != '"' || text.back() == '"' || text.back() == '>') return false;
  for (auto at = text.size(); at-- > 0 && text[at] != '@';) {
    if (text[at] >= 'A' && text[at] <= 'Z') return true;
  }
  return false;
}

std::string lower_tag(std::string_view text) {
  std::string out(text);
  if (!has_capital_tag(text)) return out;
  for (auto at = out.size(); at-- > 0 && out[at] != '@';) out[at] = lower_ascii(out.substr(at, 1))[0];
  return out;
}

Term from_ntriples(std::string_view text) {
  assert(text.starts_with('<') || text.starts_with("_:") || text.starts_with('"'));
  if (text.starts_with('<')) return Iri::trusted(std::string(text.substr(1, text.size() - 2)));
  if (text.starts_with("_:")) return BlankNode(std::string(text.substr(2)));
  const auto end = closing_quote(text);
  auto lexical = unescape(text.substr(1, end - 1));
  const auto rest = text.substr(std::min(end + 1, text.size()));
  if (rest.starts_with('@')) return Literal(std::move(lexical), LanguageTag(std::string(rest.substr(1))));
  if (!rest.starts_with("^^<")) return Literal(std::move(lexical));
  return Literal(std::move(lexical), Iri::trusted(std::string(rest.substr(3, rest.size() - 4))));
}

std::string canonical_literal(std::string_view text) {
  if (!text.starts_with('"')) return std::string(text);
  const auto literal = std::get<Literal>(from_ntriples(text));
  const auto* datatype = literal.datatype();
  if (!datatype || !datatype->text().starts_with(vocab::xsd)) return std::string(text);
  const auto type = std::string_view(datatype->text()).substr(vocab::xsd.size());
  const auto& lexical = literal.lexical();
  std::string value;
  if (type == "integer" || type == "int" || type == "long" || type == "nonNegativeInteger")
    value = canonical_integer(lexical);
  if (type == "decimal") value = canonical_decimal(lexical);
  if (type == "double") value = canonical_double(lexical);
  if (type == "boolean") value = lexical == "1" ? "true" : lexical == "0" ? "false" : lexical;
  if (type == "dateTime") value = canonical_datetime(lexical);
  return value.empty() ? std::string(text) : literal_text(value, datatype->text());
}

}  // namespace provgate
