// SPDX-License-Identifier: Apache-2.0
// What the readers share: where a fault is, how blank nodes are named, where lines begin.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"
#include "provgate/rdf/load.hpp"

namespace provgate {

inline constexpr std::size_t k_max_term_bytes = 16ULL << 20, k_max_line_bytes = 64ULL << 20;
inline constexpr int k_max_nesting = 500;  ///< of blank node property lists and collections in Turtle

/// Blank node labels of one file in a graph of several: a label stays as it is in the first file, unless it looks like
/// a generated one ("l12c3", "b2.x") or one of the shapes ("shapes.x"), or has a colon; elsewhere it gets the file's
/// number. Anonymous nodes are named by their place.
struct BlankNames {
  std::uint32_t file = 0;
  bool renames(std::string_view label) const {
    return file != 0 || label.starts_with("shapes.") || label.find(':') != std::string_view::npos ||
           (label.size() > 1 && (label[0] == 'l' || label[0] == 'b') && label[1] >= '0' && label[1] <= '9');
  }
  std::string named(std::string_view label) const {
    // Only N-Triples and N-Quads have colons in labels.
    if (label.find(':') != std::string_view::npos) {
      std::string out = "_:b" + std::to_string(file) + "c.";
      for (const char c : label) c == ':' ? out += "-3A-" : c == '-' ? out += "-2D-" : out += c;
      return out;
    }
    return renames(label) ? "_:b" + std::to_string(file) + "." + std::string(label) : "_:" + std::string(label);
  }
  std::string anonymous(std::uint64_t line, std::uint64_t column) const {
    std::string out = "_:l" + std::to_string(line) + "c" + std::to_string(column);
    return file ? out + "f" + std::to_string(file) : out;
  }
};

inline constexpr std::uint64_t k_lines_per_mark = 512, k_bytes_per_mark = 1 << 12;  ///< whichever comes first

/// Line and column of a range; marks as `mark_lines` makes them.
Place place_in(std::string_view text, const LineMarks& marks, std::uint64_t begin, std::uint64_t end);
LineMarks mark_lines(std::string_view text);

struct ReadResult {
  Graph graph;
  std::uint64_t lines = 0;  ///< line ends passed
  LineMarks marks;          ///< lines counted from `begin`, the first is 0
  std::optional<Fault> fault;
  std::vector<std::string>
      dropped;  ///< JSON-LD: keys that are not terms of a context; by the specification they say nothing
};

/// Told of ranges of a text that are not needed for long: of about k_step_bytes each.
using Passed = std::function<void(std::uint64_t begin, std::uint64_t end)>;
inline constexpr std::ptrdiff_t k_step_bytes = 16 << 20;

/// N-Triples or N-Quads (W3C Recommendations, 2014) from text[begin, end), whole lines.
ReadResult read_ntriples(std::string_view text, std::uint64_t begin, std::uint64_t end, bool quads, std::uint32_t file,
                         const Passed& passed = {});

/// Turtle 1.1, or TriG 1.1 when `trig`. `base` is an absolute IRI. Errors as a fault; the graph is empty then.
ReadResult read_turtle(std::string_view text, bool trig, std::string_view base, std::uint32_t file);

/// JSON-LD contexts that are known without fetching: URL and document.
using JsonLdContexts = std::vector<std::pair<std::string, std::string>>;
inline constexpr std::size_t k_deepest_document = 1000;  ///< of elements in RDF/XML, of objects and arrays in JSON-LD

/// RDF/XML and JSON-LD 1.1 in UTF-8. A statement stands at the element or object that makes it. Nothing is fetched;
/// IRIs stay as they are written. Errors as a fault; the graph is empty then.
ReadResult read_rdfxml(std::string_view text, std::string_view base, std::uint32_t file);
ReadResult read_jsonld(std::string_view text, std::string_view base, std::uint32_t file,
                       const JsonLdContexts& contexts);

/// The text in UTF-8 where the bytes are UTF-16 or, in XML, in a declared encoding; nothing when they are UTF-8 as they
/// stand. Errors: Code::input for an encoding that is not read, by its name.
Result<std::optional<std::string>> to_utf8(std::string_view bytes, bool xml);

/// Why a text is not of the syntax it is read as, where its content tells better than a grammar can: HTML, the marks of
/// a merge conflict, RDF 1.2, PROV-N and others. `offset`: where the grammar ended. Empty when nothing is known.
std::string named_content(std::string_view text, std::uint64_t offset);

/// XML 1.0, 2.11: line ends become one line feed. Returns where bytes were taken out, as offsets into what is left, in
/// order.
std::vector<std::uint64_t> normal_line_ends(std::string& text);
/// XML 1.0, 3.3.3: line feeds and tabs in the values of attributes become spaces.
void normal_attributes(std::string& text);

/// A document in which text stands as the reader of RDF/XML takes it, and the way back to where it stood.
struct XmlText {
  std::string text;
  std::vector<std::pair<std::uint64_t, std::int64_t>>
      steps;  ///< from an offset on, what is to be added to find the original one; in order
  std::optional<Fault> fault;
  std::uint64_t original(std::uint64_t offset) const;
};
/// The language that stands for none. A document that has it is refused where anything is to be done to its text.
inline constexpr std::string_view k_no_language = "x-provgate-none";
XmlText plain_xml_text(std::string_view text);
/// What must not be read at all, whatever else the document is: nesting deeper than k_deepest_document elements,
/// entities that grow.
std::optional<Fault> rdfxml_danger(std::string_view text);
/// The first place in a well-formed RDF/XML document (RDF 1.1 XML Syntax, 2014) where text stands among elements, or an
/// entity is referred to that the document itself does not declare.
std::optional<Fault> rdfxml_fault(std::string_view text);

/// RFC 3986, 5.2: the reference resolved against an absolute base. Requires is_iri(base).
std::string resolve_iri(std::string_view base, std::string_view reference);

}  // namespace provgate
