// SPDX-License-Identifier: Apache-2.0
// XML literals of RDF/XML (RDF 1.1 XML Syntax, 7.2.17).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "provgate/base/base.hpp"

namespace provgate {

/// Prefix (empty: the default) to IRI.
using XmlNamespaces = std::map<std::string, std::string>;

/// The content of an element in Exclusive XML Canonicalization 1.0, with comments. `in_scope`: what is declared around
/// it. Errors: Code::input where it is not well-formed, a prefix is not declared, or an entity is the document's own.
Result<std::string> canonical_xml(std::string_view inner, const XmlNamespaces& in_scope);
/// White space of XML 1.0 (production 3).
constexpr bool xml_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
/// What &name; stands for: one of the five of XML, or a character by its number. Errors: Code::input for any other.
Result<std::string> xml_reference(std::string_view name);

}  // namespace provgate
