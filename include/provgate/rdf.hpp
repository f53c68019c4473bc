// RDF terms, graphs and syntaxes (RDF 1.1 Concepts; N-Triples, N-Quads, Turtle, TriG, JSON-LD, RDF/XML).
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "provgate/base.hpp"

namespace provgate {

using TermId = std::uint32_t;  ///< 0 is no term (in a Quad: the default graph; in a pattern: any)

enum class TermKind { iri, literal, blank };

/// A term in its parts. A literal has a datatype or a language, never both; "" as datatype means xsd:string.
struct Term {
  TermKind kind = TermKind::iri;
  std::string value, datatype, language;
};

/// Absolute, and free of the characters RFC 3987 forbids (space, controls, <>"{}|^`\).
bool is_iri(std::string_view text);

/// The canonical N-Triples form, which is also the key a term is stored under. Lexical forms stay as they are.
std::string to_ntriples(const Term& term);
/// Inverse of to_ntriples. Requires a string that to_ntriples made.
Term from_ntriples(std::string_view text);
std::string iri_text(std::string_view iri);
std::string literal_text(std::string_view value, std::string_view datatype = {});
/// The literal with its lexical form made canonical for numeric, boolean and dateTime datatypes; else unchanged.
std::string canonical_literal(std::string_view ntriples_text);

/// Terms by number, in order of first use. Not shared between threads.
class Dictionary {
 public:
  Dictionary() { texts_.emplace_back(); }
  TermId intern(std::string_view ntriples_text);
  TermId find(std::string_view ntriples_text) const;  ///< 0 when unknown
  const std::string& text(TermId id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size() - 1; }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, TermId> ids_;
};

struct Quad {
  TermId s = 0, p = 0, o = 0, g = 0;
  friend auto operator<=>(const Quad&, const Quad&) = default;
};

/// Where a statement was read: an index into the owner's file table, and the place there.
struct Span {
  std::uint32_t file = 0;
  Place at;
};

struct Statement {
  Quad quad;
  Span from;
};

/// Statements over a dictionary of their own. Adding the same quad twice keeps the first.
class Graph {
 public:
  Dictionary& terms() { return terms_; }
  const Dictionary& terms() const { return terms_; }
  const std::vector<Statement>& statements() const { return statements_; }
  bool add(Quad quad, Span from = {});
  std::size_t size() const { return statements_.size(); }
  bool empty() const { return statements_.empty(); }
  /// Quads as N-Quads lines, sorted by bytes: the canonical form for graphs without blank nodes.
  std::vector<std::string> canonical_lines() const;

 private:
  struct QuadHash {
    std::size_t operator()(const Quad& q) const {
      std::uint64_t h = (std::uint64_t{q.s} << 32) ^ q.o;
      h = (h ^ (std::uint64_t{q.p} << 17) ^ (std::uint64_t{q.g} << 40)) * 0x9E3779B97F4A7C15ULL;
      return static_cast<std::size_t>(h ^ (h >> 29));
    }
  };
  Dictionary terms_;
  std::vector<Statement> statements_;
  std::unordered_map<Quad, std::uint32_t, QuadHash> seen_;
};

enum class Syntax { ntriples, nquads, turtle, trig, jsonld, rdfxml };
std::optional<Syntax> parse_syntax(std::string_view name);
std::vector<std::string_view> syntax_names();

struct Prefix {
  std::string name, iri;
};

struct WriteOptions {
  std::vector<Prefix> prefixes;
  bool graph_keyword = false;  ///< TriG: GRAPH <g> { } instead of <g> { }, which more readers take
};

/// The graph in that syntax. Output depends on the set of quads only: it is sorted, and lexical forms are untouched.
/// Turtle, N-Triples and RDF/XML have no graph names: the quads of all graphs are written as triples.
std::string write_graph(const Graph& graph, Syntax syntax, const WriteOptions& options = {});

/// Parses with Raptor: no network, no files, no external entities. Any error or warning of grammar is an error:
/// never a shorter graph. Blank nodes keep their labels. Errors: Code::input with the line where Raptor saw it.
Result<Graph> parse_rdf(const std::string& path, std::string_view text, std::string_view raptor_syntax, std::string_view base);

namespace vocab {
inline constexpr std::string_view rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", rdfs = "http://www.w3.org/2000/01/rdf-schema#",
                                  xsd = "http://www.w3.org/2001/XMLSchema#", prov = "http://www.w3.org/ns/prov#",
                                  bfo = "http://purl.obolibrary.org/obo/BFO_", dcterms = "http://purl.org/dc/terms/",
                                  provgate = "https://w3id.org/provgate/ns#";
}  // namespace vocab

}  // namespace provgate
