// SPDX-License-Identifier: Apache-2.0
// SPARQL 1.1 Query (W3C Recommendation, 2013) over any quad source: the store's snapshot or a graph in memory.
//
// The default graph is the union of all graphs without duplicates (FROM narrows it); GRAPH sees the named graphs.
// Reading only. Refused, as Code::input, before anything runs: SPARQL Update, SERVICE, LATERAL, unknown functions, text
// over 64 KiB, more than 32 nested brackets, 128 triple patterns, 5,000 algebra nodes, 8 nested OPTIONALs, 400 chained
// patterns, or VALUES and UNION that multiply to more than a million rows. A limit reached while running is
// Code::world: rows may have been written before it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/rdf/rdf.hpp"

namespace provgate {

/// What a source throws when what it reads from is damaged.
struct SourceDamaged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A view of quads that does not change while it lives. One thread at a time; functions may throw std::exception.
class QuadSource {
 public:
  /// A running scan. Each order it may follow keeps the graph last, so equal triples come together.
  class Scan {
   public:
    virtual ~Scan() = default;
    /// Fills `out` from the front; fewer than out.size() means the end.
    virtual std::size_t next(std::span<Quad> out) = 0;
  };
  virtual ~QuadSource() = default;
  /// Quads that match; 0 matches any term, in `g` any graph and none.
  virtual std::unique_ptr<Scan> open(const Quad& pattern) = 0;
  /// Takes a finished scan back, to be used again.
  virtual void close(std::unique_ptr<Scan> scan) { scan.reset(); }
  virtual TermId find(std::string_view ntriples_text) = 0;  ///< 0 when there is none
  virtual std::string_view text(TermId id) = 0;             ///< holds until the next call of text()
  virtual TermId next_graph(TermId after) = 0;              ///< the named graph with the next number; 0 at the end
  virtual bool stored() const { return false; }             ///< it comes from a file that can be damaged
};

/// A graph in memory. Requires that `graph` lives on unchanged.
std::unique_ptr<QuadSource> graph_source(const Graph& graph);

namespace sparql {

enum class Kind { select, ask, construct, describe };
enum class Format { rows, json, csv, tsv, xml, ntriples };

/// A term in canonical N-Triples text, or nothing where it is unbound.
using Cell = std::optional<std::string_view>;

struct Limits {
  std::uint64_t deadline_ms = 10'000, rows = 1'000'000, memory_bytes = 256ULL << 20;
};

/// Variables that get their values before the query runs (SHACL, 5.3.2).
struct PreBinding {
  std::vector<std::string> variables;  ///< without $; a name that begins with ? need not be projected by sub-SELECTs
  std::optional<std::string> path;     ///< stands for $PATH, as a SPARQL property path
};

/// Where results go. Both return false to end the query. Called on a thread of the engine while run() waits.
struct Sink {
  std::function<bool(std::string_view bytes)> write;                      ///< for the formats
  std::function<bool(std::size_t set, std::span<const Cell> cells)> row;  ///< for Format::rows, and the answer of ASK
};

/// Set it from another thread to end a running query.
using Cancel = std::atomic<std::uint32_t>;

struct Outcome {
  std::uint64_t rows = 0;  ///< rows or triples given to the sink, also before an error
  std::optional<Error> error;
};

/// A query parsed, checked and rewritten once. May be run from several threads at a time.
class Query {
 public:
  /// Errors: Code::input, with line and column for a syntax error; Code::world when no thread can be made.
  static Result<Query> prepare(std::string_view text, const PreBinding& binding = {});
  ~Query();
  Query(Query&&) noexcept;
  Query& operator=(Query&&) noexcept;

  Kind kind() const;
  const std::vector<std::string>& variables() const;  ///< of a SELECT, in order

  /// Runs to the end. `sets`: values of the pre-bound variables, one set after the other, run once each.
  /// Errors: Code::world for a limit, a cancelled query, a source or sink that failed; Code::usage for a format that
  /// the kind of query cannot have; Code::bug when the engine failed.
  Outcome run(QuadSource& source, Format format, const Sink& sink, const Limits& limits = {},
              const Cancel* cancel = nullptr, const std::vector<std::vector<Cell>>& sets = {}) const;

 private:
  struct Impl;
  explicit Query(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sparql
}  // namespace provgate
