// SPDX-License-Identifier: Apache-2.0
#include "rdf/turtle_terms.hpp"

#include <algorithm>

#include "rdf/scan.hpp"

namespace provgate {
namespace {

std::string xsd(const char* name) { return std::string(vocab::xsd) + name; }
bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return (scan::alpha(x) ? x | 0x20 : x) == (scan::alpha(y) ? y | 0x20 : y);
         });
}

}  // namespace

TurtleTerms::TurtleTerms(std::string_view text, std::string_view base, std::uint32_t file)
    : base_(base),
      text_(text.data()),
      at_(text.data()),
      end_(text.data() + text.size()),
      names_{file},
      counted_(text.data()) {}

void TurtleTerms::wrong(const char* at, std::string why, std::string help) const {
  throw Fault{offset(at), std::move(why), std::move(help)};
}

void TurtleTerms::space() {
  while (at_ < end_) {
    if (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r') {
      ++at_;
    } else if (*at_ == '#') {
      while (at_ < end_ && *at_ != '\n' && *at_ != '\r') {
        const auto n = scan::utf8_length(at_, end_);
        if (n == 0) wrong(at_, "not UTF-8");
        at_ += n;
      }
    } else {
      return;
    }
  }
}

bool TurtleTerms::take(char c) {
  if (peek() != c || done()) return false;
  ++at_;
  return true;
}

void TurtleTerms::expect(char c, const char* where) {
  if (!take(c)) wrong(at_, std::string("expected '") + c + "' " + where);
}

bool TurtleTerms::word(std::string_view text, bool any_case) {
  if (static_cast<std::size_t>(end_ - at_) < text.size()) return false;
  const std::string_view here(at_, text.size());
  if (any_case ? !same_letters(here, text) : here != text) return false;
  if (const char* next = at_ + text.size(); next < end_) {
    const auto [c, n] = scan::code_point(next, end_);
    if (n && (scan::name_part(c) || c == ':')) return false;
    // "a.b:c" is a prefixed name; "true." ends a statement.
    if (c == '.' && next + 1 < end_) {
      const auto [after, m] = scan::code_point(next + 1, end_);
      if (m && scan::name_part(after) && *scan::name(next, end_) == ':') return false;
    }
  }
  at_ += text.size();
  return true;
}

bool TurtleTerms::directive(std::string_view name) {
  if (peek() == '@') {
    ++at_;
    const bool mine = word(name, false);
    if (!mine) --at_;
    return mine;
  }
  return word(name, true);
}

std::string TurtleTerms::iri_reference() {
  const char* const begin = at_++;
  std::string out;
  for (;;) {
    const char* const from = at_;
    at_ = scan::iri(at_, end_);
    out.append(from, at_);
    if (done()) wrong(begin, "the IRI has no end");
    if (*at_ == '>') break;
    if (*at_ == '\\') {
      const auto [c, n] = scan::numeric_escape(at_, end_);
      if (n == 0) wrong(at_, "an escape in an IRI is \\uXXXX or \\UXXXXXXXX");
      if (c < 0x80 && !scan::iri_byte(static_cast<char>(c)))
        wrong(at_, "this escape stands for a character that no IRI may have");
      append_utf8(out, c);
      at_ += n;
    } else if (static_cast<unsigned char>(*at_) >= 0x80) {
      const auto n = scan::utf8_length(at_, end_);
      if (n == 0) wrong(at_, "not UTF-8");
      out.append(at_, n);
      at_ += n;
    } else {
      wrong(at_, "a character that no IRI may have");
    }
  }
  ++at_;
  if (is_iri(out)) return out;
  if (base_.empty()) wrong(begin, "a relative IRI, and there is no base to resolve it against");
  out = resolve_iri(base_, out);
  if (!is_iri(out)) wrong(begin, "not an IRI");
  return out;
}

std::string TurtleTerms::prefix_name() {
  const char* const begin = at_;
  if (peek() == ':') return {};
  const auto [c, n] = done() ? std::pair<char32_t, std::size_t>{0, 0} : scan::code_point(at_, end_);
  if (n == 0 || c == '_' || !scan::name_start(c))
    wrong(at_, "expected a term", "an IRI in <>, a prefixed name, a blank node or a literal");
  const char* const end = scan::name(at_ + n, end_);
  if (end == end_ || *end != ':')
    wrong(begin, "expected a term, found " + quote({begin, static_cast<std::size_t>(end - begin)}, 40),
          "a prefixed name has a colon; strings stand in quotes");
  at_ = end;
  return {begin, end};
}

TermId TurtleTerms::prefixed() {
  const char* const begin = at_;
  const auto name = prefix_name();
  ++at_;  // ':'
  const auto known_prefix = prefixes_.find(name);
  if (known_prefix == prefixes_.end()) {
    std::vector<std::string_view> names;
    for (const auto& [n, iri] : prefixes_) names.push_back(n);
    const auto near = closest(name, names);
    wrong(begin, "the prefix " + quote(name + ":") + " is not declared",
          near ? "did you mean " + *near + ": ?" : "declare it: @prefix " + name + ": <…> .");
  }
  std::string out = "<" + known_prefix->second;
  bool first = true;
  std::size_t trailing_dots = 0;
  while (at_ < end_) {
    const char c = *at_;
    if (c == '%') {
      if (end_ - at_ < 3 || !std::isxdigit(static_cast<unsigned char>(at_[1])) ||
          !std::isxdigit(static_cast<unsigned char>(at_[2])))
        wrong(at_, "% in a name is followed by two hexadecimal digits");
      out.append(at_, 3);
      at_ += 3;
      trailing_dots = 0;
    } else if (c == '\\') {
      if (end_ - at_ < 2 || std::string_view("_~.-!$&'()*+,;=/?#@%").find(at_[1]) == std::string_view::npos)
        wrong(at_, "not an escape that a name may have");
      out += at_[1];
      at_ += 2;
      trailing_dots = 0;
    } else if (c == '.' && !first) {
      out += c;
      ++at_;
      ++trailing_dots;
    } else {
      const auto [code, n] = scan::code_point(at_, end_);
      if (n == 0) wrong(at_, "not UTF-8");
      const bool fits =
          code == ':' || (first ? scan::name_start(code) || (code < 0x80 && scan::digit(c)) : scan::name_part(code));
      if (!fits) break;
      out.append(at_, n);
      at_ += n;
      trailing_dots = 0;
    }
    first = false;
  }
  // Dots at the end belong to the sentence, not to the name.
  out.resize(out.size() - trailing_dots);
  at_ -= trailing_dots;
  return keep(out + ">", begin);
}

TermId TurtleTerms::iri() {
  const char* const begin = at_;
  return peek() == '<' ? keep(iri_text(iri_reference()), begin) : prefixed();
}

TermId TurtleTerms::blank_label() {
  const char* const begin = at_;
  at_ += 2;
  const auto [c, n] = done() ? std::pair<char32_t, std::size_t>{0, 0} : scan::code_point(at_, end_);
  if (n == 0 || !(scan::name_start(c) || (c < 0x80 && scan::digit(static_cast<char>(c)))))
    wrong(at_, "a blank node's label begins with a letter, a digit or _");
  at_ = scan::name(at_ + n, end_);
  return keep(names_.named({begin + 2, static_cast<std::size_t>(at_ - begin - 2)}), begin);
}

TermId TurtleTerms::anonymous(const char* at, bool cell) {
  // Counted on from the last one: nodes are named in the order of the text.
  for (; counted_ < at; ++counted_) {
    const bool goes_on = (static_cast<unsigned char>(*counted_) & 0xC0) == 0x80;
    column_ += !goes_on;
    if (*counted_ == '\n') ++line_, column_ = 1;
  }
  const auto name = names_.anonymous(line_, column_);
  return graph_.terms().intern(cell ? name + "n" : name);
}

bool TurtleTerms::literal_begins() const {
  const char c = peek();
  return c == '"' || c == '\'' || c == '+' || c == '-' || scan::digit(c) || (c == '.' && scan::digit(peek(1)));
}

std::string TurtleTerms::string_value() {
  const char* const begin = at_;
  const char mark = *at_;
  const bool triple = peek(1) == mark && peek(2) == mark;
  at_ += triple ? 3 : 1;
  std::string out;
  for (;;) {
    const char* const from = at_;
    at_ = scan::string(at_, end_);
    // A plain run may hold the other quotation mark's byte.
    if (mark == '\'') at_ = std::find(from, at_, '\'');
    out.append(from, at_);
    if (done()) wrong(begin, "the string has no end");
    const char c = *at_;
    if (c == mark && (!triple || (peek(1) == mark && peek(2) == mark))) {
      at_ += triple ? 3 : 1;
      return out;
    }
    if (c == '\\') {
      if (const char plain = scan::echar(peek(1))) {
        out += plain;
        at_ += 2;
        continue;
      }
      const auto [code, n] = scan::numeric_escape(at_, end_);
      if (n == 0) wrong(at_, "not an escape that Turtle knows");
      append_utf8(out, code);
      at_ += n;
      continue;
    }
    if (!triple && (c == '\n' || c == '\r'))
      wrong(at_, "the string does not end on its line", "strings of several lines stand between \"\"\" and \"\"\"");
    const auto n = scan::utf8_length(at_, end_);
    if (n == 0) wrong(at_, "not UTF-8");
    out.append(at_, n);
    at_ += n;
  }
}

TermId TurtleTerms::number() {
  const char* const begin = at_;
  if (peek() == '+' || peek() == '-') ++at_;
  const auto digits = [&] {
    const char* const from = at_;
    while (scan::digit(peek())) ++at_;
    return at_ != from;
  };
  const bool whole = digits();
  const char* type = "integer";
  bool fraction = false;
  if (peek() == '.' && scan::digit(peek(1))) {
    ++at_;
    fraction = digits();
    type = "decimal";
  }
  const bool dot_before_exponent = whole && !fraction && peek() == '.' && (peek(1) == 'e' || peek(1) == 'E');
  if ((whole || fraction) && (peek() == 'e' || peek() == 'E' || dot_before_exponent)) {
    const char* const before = at_;
    if (dot_before_exponent) ++at_;
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (digits()) {
      type = "double";
    } else {
      at_ = before;
    }
  }
  if (!whole && !fraction) wrong(begin, "not a number");
  return keep(literal_text({begin, static_cast<std::size_t>(at_ - begin)}, xsd(type)), begin);
}

TermId TurtleTerms::literal() {
  const char* const begin = at_;
  if (peek() != '"' && peek() != '\'') return number();
  auto lexical = string_value();
  std::string_view type, language;
  // White space may stand between the parts of a literal.
  const char* const after = at_;
  space();
  if (peek() != '@' && !(peek() == '^' && peek(1) == '^')) at_ = after;
  if (peek() == '@') {
    const char* const from = ++at_;
    at_ = scan::language(from, end_);
    if (at_ == from) wrong(from, "not a language tag");
    language = {from, static_cast<std::size_t>(at_ - from)};
  } else if (peek() == '^' && peek(1) == '^') {
    at_ += 2;
    space();
    const auto text = graph_.terms().text(iri());
    type = text.substr(1, text.size() - 2);
  }
  return keep(to_ntriples(Literal::of(std::move(lexical), type, language)), begin);
}

TermId TurtleTerms::keep(const std::string& text, const char* at) {
  if (text.size() > k_max_term_bytes) wrong(at, "a term of more than " + with_commas(k_max_term_bytes) + " bytes");
  return graph_.terms().intern(text);
}

}  // namespace provgate
