// SPDX-License-Identifier: Apache-2.0
// A graph by predicate: for each one sorted column of (subject, object) pairs without repetitions, and on demand the
// column of (object, subject) pairs. Names of graphs are left out: the triples of all graphs. (Abadi et al., VLDB 2007:
// vertical partitioning.)
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "provgate/rdf/rdf.hpp"

namespace provgate {

/// Two terms as one number that sorts by the first, then by the second.
#ifdef PROVGATE_WIDE_IDS
__extension__ using TermPair = unsigned __int128;
#else
using TermPair = std::uint64_t;
#endif
inline constexpr unsigned k_term_bits = sizeof(TermId) * 8;
constexpr TermPair pair_of(TermId a, TermId b) { return (static_cast<TermPair>(a) << k_term_bits) | b; }
constexpr TermId first_of(TermPair pair) { return static_cast<TermId>(pair >> k_term_bits); }
constexpr TermId second_of(TermPair pair) { return static_cast<TermId>(pair); }

using Column = std::span<const TermPair>;

/// Reading from several threads at once is safe.
class Columns {
 public:
  explicit Columns(const Graph& graph, unsigned threads = 1) : Columns(graph.quads(), graph.terms().size(), threads) {}
  /// `terms`: the largest number in `quads`. Keeps nothing of them.
  Columns(std::span<const Quad> quads, std::size_t terms, unsigned threads);
  Columns(Columns&&) noexcept;
  ~Columns();
  Column forward(TermId predicate) const;  ///< (subject, object); empty for an unknown predicate
  Column reverse(TermId predicate) const;  ///< (object, subject); made at the first call
  const std::vector<TermId>& predicates() const { return predicates_; }  ///< ascending
  bool has(TermId s, TermId p, TermId o) const;
  /// The pairs of a column that begin with `key`.
  static Column run(Column column, TermId key);
  std::size_t triples() const { return triples_; }  ///< different ones

 private:
  struct Store;
  std::size_t slot(TermId predicate) const;
  std::vector<TermId> predicates_;
  std::vector<std::unique_ptr<Store>> stores_;
  std::size_t triples_ = 0;
};

/// The next position from `at` on whose pair is not less than `key`, by doubling steps (Bentley and Yao, 1976).
std::size_t gallop(Column column, std::size_t at, TermPair key);

}  // namespace provgate
