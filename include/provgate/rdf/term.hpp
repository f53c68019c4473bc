// SPDX-License-Identifier: Apache-2.0
// RDF terms, whose grammar is in their types: a literal has no datatype beside a language tag, a blank node no
// datatype. Source: RDF 1.1 Concepts, 3. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "provgate/base/base.hpp"

namespace provgate {

/// Absolute, and free of the characters RFC 3987 forbids (space, controls, <>"{}|^`\).
bool is_iri(std::string_view text);

class Iri {
 public:
  /// Nothing where the text is not an IRI; see is_iri.
  static std::optional<Iri> parse(std::string text);
  /// The text of a term that a reader has let pass; it is not looked at again.
  static Iri trusted(std::string text) { return Iri(std::move(text)); }
  const std::string& text() const { return text_; }
  friend auto operator<=>(const Iri&, const Iri&) = default;

 private:
  explicit Iri(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

class BlankNode {
 public:
  /// Requires a label: "b0".
  explicit BlankNode(std::string label);
  const std::string& label() const { return label_; }
  friend auto operator<=>(const BlankNode&, const BlankNode&) = default;

 private:
  std::string label_;
};

/// Letters, and parts of letters and digits after hyphens (Turtle, LANGTAG).
bool is_language_tag(std::string_view text);
/// "en-GB".
struct LanguageTag : NamedText<LanguageTag> {
  using NamedText::NamedText;
};

/// A string, a string with a language tag, or a lexical form with another datatype.
class Literal {
 public:
  explicit Literal(std::string lexical) : lexical_(std::move(lexical)) {}
  /// With xsd:string as datatype it is the string.
  Literal(std::string lexical, Iri datatype);
  /// Requires a tag that is not empty.
  Literal(std::string lexical, LanguageTag language);
  /// From parts each of which may be empty, as readers and servers give them. A language tag goes before a datatype.
  static Literal of(std::string lexical, std::string_view datatype, std::string_view language);
  const std::string& lexical() const { return lexical_; }
  const Iri* datatype() const { return std::get_if<Iri>(&kind_); }  ///< null for strings, with a tag or without
  const LanguageTag* language() const { return std::get_if<LanguageTag>(&kind_); }  ///< null where it has none
  bool is_string() const { return kind_.index() == 0; }                             ///< an xsd:string
  /// The same with another lexical form.
  Literal with(std::string lexical) const;
  friend auto operator<=>(const Literal&, const Literal&) = default;

 private:
  std::string lexical_;
  std::variant<std::monostate, Iri, LanguageTag> kind_;
};

using Term = std::variant<Iri, Literal, BlankNode>;
/// What a statement may be about.
using Subject = std::variant<Iri, BlankNode>;

/// The IRI, the lexical form, or the label.
const std::string& value_of(const Term& term);

/// The canonical N-Triples form, which is also the key a term is stored under. Lexical forms stay as they are.
std::string to_ntriples(const Term& term);
std::string to_ntriples(const Subject& subject);
/// Inverse of to_ntriples. Requires a string that to_ntriples made.
Term from_ntriples(std::string_view text);
std::string iri_text(std::string_view iri);
/// Inverse of iri_text: an IRI without its brackets; any other text unchanged, as a view of it.
std::string_view bare_iri(std::string_view ntriples_text);
std::string literal_text(std::string_view value, std::string_view datatype = {});
/// Language tags compare without case (RDF 1.1 Concepts, 3.3). Whether the term has a tag with a capital in it, and the
/// term with its tag in lower case: equal for literals that are one term.
bool has_capital_tag(std::string_view ntriples_text);
std::string lower_tag(std::string_view ntriples_text);
/// The literal with its lexical form made canonical for numeric, boolean and dateTime datatypes; else unchanged.
std::string canonical_literal(std::string_view ntriples_text);

/// The IRI of a named graph; empty: the default graph.
struct GraphName : NamedText<GraphName> {
  using NamedText::NamedText;
};

}  // namespace provgate
