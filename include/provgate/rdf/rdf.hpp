// SPDX-License-Identifier: Apache-2.0
// RDF terms, graphs and syntaxes. Source: RDF 1.1 (W3C, 2014: Concepts; N-Triples, N-Quads, Turtle, TriG, JSON-LD,
// RDF/XML).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/base/base.hpp"
#include "provgate/rdf/term.hpp"

namespace provgate {

/// A term's number; 0 is not a term (in a Quad: the default graph; in a pattern: any).
#ifdef PROVGATE_WIDE_IDS
using TermId = std::uint64_t;
#else
using TermId = std::uint32_t;
#endif

enum class TermKind { iri, literal, blank };

/// Terms by number, in order of first use, with texts of their own. Literals whose language tags differ in case are one
/// term, whose text is the first one. Not shared between threads while it grows. At most 2^32-1 terms (2^64-1 with
/// PROVGATE_WIDE_IDS) of 4 GiB each.
class Dictionary {
 public:
  Dictionary();
  Dictionary(const Dictionary& other);  ///< shares the texts; new ones go their own ways
  Dictionary& operator=(const Dictionary& other);
  Dictionary(Dictionary&&) noexcept = default;
  Dictionary& operator=(Dictionary&&) noexcept = default;
  ~Dictionary() = default;
  /// Copies the text when the term is new.
  TermId intern(std::string_view ntriples_text) { return intern(ntriples_text, hash_of(ntriples_text), true); }
  TermId find(std::string_view ntriples_text) const;  ///< 0 when unknown
  /// The two halves of intern, for readers that ask for many terms: first the hash, which also asks the memory for the
  /// slot.
  std::uint64_t announce(std::string_view ntriples_text) const {
    const auto hash = hash_of(ntriples_text);
    if (!slots_.empty()) __builtin_prefetch(&slots_[(hash >> 32) & (slots_.size() - 1)]);
    return hash;
  }
  /// Between the two, for those that have much to ask: first the entry, then the text of the term that is likely meant.
  void approach_entry(std::uint64_t hash) const {
    if (const auto id = likely(hash)) __builtin_prefetch(&entries_[id]);
  }
  void approach_text(std::uint64_t hash) const {
    if (const auto id = likely(hash)) prefetch(id);
  }
  TermId intern_announced(std::string_view ntriples_text, std::uint64_t hash) {
    return intern(ntriples_text, hash, true);
  }
  /// Holds as long as the dictionary; "" for 0.
  std::string_view text(TermId id) const { return {entries_[id].data, entries_[id].size}; }
  TermKind kind(TermId id) const {
    const char first = *entries_[id].data;
    return first == '<' ? TermKind::iri : first == '"' ? TermKind::literal : TermKind::blank;
  }
  std::size_t size() const { return entries_.size() - 1; }
  /// Asks the memory for a term's text, which will be wanted soon.
  void prefetch(TermId id) const {
    const auto& entry = entries_[id];
    __builtin_prefetch(entry.data);
    __builtin_prefetch(entry.data + entry.size);
  }
  /// Takes every term of `other` in its order; the result maps its numbers to ours. Texts stay where they are.
  std::vector<TermId> merge(Dictionary&& other);
  void reserve(std::size_t terms);

 private:
  struct Entry {
    const char* data;
    std::uint32_t size, hash;
  };
  struct Slot {
    std::uint32_t hash;
    TermId id;
  };
  struct Arena;
  static std::uint64_t hash_of(std::string_view text);
  TermId likely(std::uint64_t hash) const {
    if (slots_.empty()) return 0;
    const auto& slot = slots_[(hash >> 32) & (slots_.size() - 1)];
    return slot.hash == hash >> 32 ? slot.id : 0;
  }
  TermId intern(std::string_view text, std::uint64_t hash, bool copy);
  void grow(std::size_t slots);
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;
  std::shared_ptr<Arena> arena_;
  std::vector<std::shared_ptr<const void>> others_;  ///< arenas of dictionaries that were merged in
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

/// A statement's place as bytes: file, offset of its first own token, and its length (0: not known).
struct Origin {
  static constexpr std::uint64_t k_max_length = 4095, k_max_offset = (1ULL << 40) - 1;
  std::uint64_t offset : 40, length : 12, file : 12;
};

/// Statements over a dictionary of their own: the one graph type, from one record to ten million triples.
class Graph {
 public:
  Dictionary& terms() { return terms_; }
  const Dictionary& terms() const { return terms_; }
  /// In the order in which they were added. A graph read from a file repeats what the file repeats.
  const std::vector<Quad>& quads() const { return quads_; }
  /// Adding the same quad twice keeps the first; false then.
  bool add(Quad quad, Span from = {});
  /// Adds without looking for a repetition (Columns and the writers leave them out).
  void append(Quad quad, Origin from) {
    quads_.push_back(quad);
    origins_.push_back(from);
  }
  /// Takes the statements of `other`, whose terms are ours by `map`.
  void append(const Graph& other, const std::vector<TermId>& map);
  /// The same for statements that were added with spans; a span's file f > 0 becomes first_file + f - 1.
  void append(const Graph& other, const std::vector<TermId>& map, std::uint32_t first_file);
  void reserve(std::size_t statements);        ///< to be appended with origins
  void reserve_spans(std::size_t statements);  ///< to be appended with spans
  std::size_t size() const { return quads_.size(); }
  bool empty() const { return quads_.empty(); }
  Span span(std::size_t index) const { return index < spans_.size() ? spans_[index] : Span{}; }  ///< as given to add()
  Origin origin(std::size_t index) const { return origins_[index]; }  ///< as given to append()
  bool has_spans() const { return !spans_.empty(); }
  bool has_origins() const { return !quads_.empty() && origins_.size() == quads_.size(); }
  /// Quads as N-Quads lines, sorted by bytes, each once: the canonical form for graphs without blank nodes.
  std::vector<std::string> canonical_lines() const;

 private:
  std::size_t slot_of(const Quad& quad) const;
  Dictionary terms_;
  std::vector<Quad> quads_;
  std::vector<Span> spans_;
  std::vector<Origin> origins_;
  std::vector<std::uint32_t> seen_;  ///< open addressing: 1 + index into quads_, made by the first add()
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

/// Whether the syntax can say all of the graph: RDF/XML has predicates that end in a name, and no control characters.
/// Errors: Code::input with the first term that cannot be written.
Result<void> can_write(const Graph& graph, Syntax syntax);
/// The graph in that syntax, which can say it. Output depends on the set of quads only: it is sorted, and lexical forms
/// are untouched. Turtle, N-Triples and RDF/XML have no graph names: the quads of all graphs are written as triples.
std::string write_graph(const Graph& graph, Syntax syntax, const WriteOptions& options = {});

/// Parses one text. `syntax`: ntriples, nquads, turtle, trig, rdfxml or jsonld. No network, no files. Never a shorter
/// graph: any fault is an error. Blank nodes keep their labels. Errors: Code::input with the place of the fault. The
/// graph keeps nothing of `text`.
Result<Graph> parse_rdf(const std::string& path, std::string_view text, std::string_view syntax, std::string_view base);

namespace vocab {
inline constexpr std::string_view rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
                                  rdfs = "http://www.w3.org/2000/01/rdf-schema#",
                                  xsd = "http://www.w3.org/2001/XMLSchema#", prov = "http://www.w3.org/ns/prov#",
                                  bfo = "http://purl.obolibrary.org/obo/BFO_", dcterms = "http://purl.org/dc/terms/",
                                  provgate = "https://w3id.org/provgate/ns#";
}  // namespace vocab

}  // namespace provgate
