// SPDX-License-Identifier: Apache-2.0
// Literals without copies: their parts, whether they are well-formed, and how their values compare
// (XML Schema 1.1 part 2; RDF 1.1 Concepts 5; SPARQL 1.1 17.3 operator mapping).
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "provgate/base/base.hpp"

namespace provgate {

/// Parts of a literal's canonical N-Triples text; views into it.
struct LiteralView {
  std::string_view lexical;   ///< with its escapes
  std::string_view datatype;  ///< without <>; empty for xsd:string and for language-tagged strings
  std::string_view language;
  bool plain_string() const { return datatype.empty() && language.empty(); }
  std::string value() const;  ///< the lexical form without escapes
};
/// Requires canonical N-Triples text of a literal.
LiteralView view_literal(std::string_view text);

/// Whether the lexical form is one of the datatype's. Datatypes outside XML Schema have no rules here: true.
bool well_formed(const LiteralView& literal);
/// The same without the search for the datatype: for many literals of one datatype. Null when the datatype has no
/// rules.
using LexicalTest = bool (*)(std::string_view lexical);
LexicalTest lexical_test(std::string_view datatype);

/// A literal's value, as far as it can be ordered.
struct LiteralValue {
  enum class Space : std::uint8_t {
    none,
    decimal,
    floating,
    string,
    boolean,
    date_time,
    date,
    time,
    year,
    year_month,
    month,
    month_day,
    day,
    months,
    seconds
  };
  Space space = Space::none;
  bool zoned = false;       ///< of what is a time: date_time to day
  bool exact = false;       ///< decimal: `scaled` holds it
  double number = 0;        ///< decimal, floating, boolean, months
  std::int64_t micros = 0;  ///< date_time to day (where it begins), seconds
  std::int64_t high = 0;    ///< decimal: value = (high * 10^18 + low) / 10^18 when exact
  std::uint64_t low = 0;
  std::string_view lexical;  ///< views into the term's text
};
LiteralValue value_of(const LiteralView& literal);
/// Nothing when the two cannot be compared: other value spaces, NaN, or times with and without a zone less than 14
/// hours apart (XSD 1.1 part 2, 3.3.7.3).
std::optional<std::strong_ordering> compare_values(const LiteralValue& a, const LiteralValue& b);

/// RFC 4647, 3.3.1 basic filtering, as SPARQL's langMatches; "*" matches any tag.
bool language_matches(std::string_view tag, std::string_view range);

}  // namespace provgate
