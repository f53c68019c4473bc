// SPDX-License-Identifier: Apache-2.0
// What is known of each literal of a dictionary, found out once: datatype, language and well-formedness packed into 64
// bits, and the value where it is compared.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "provgate/rdf/rdf.hpp"
#include "rdf/literal.hpp"

namespace provgate {

/// Reading from several threads at once is safe. Requires that the dictionary does not grow meanwhile.
class LiteralTable {
 public:
  explicit LiteralTable(const Dictionary& terms);
  /// kind: TermKind; datatype and language: numbers of this table (0: none); well_formed: of a literal.
  struct Facts {
    TermKind kind;
    bool well_formed;
    std::uint32_t datatype, language;
  };
  Facts of(TermId id) const;
  /// The number of a datatype (IRI without <>) or of a language (lower case); made when new.
  std::uint32_t number(std::string_view name) const;
  /// Room for the values; before that, value() parses each time. Not thread-safe.
  void keep_values() { values_ = std::make_unique<Kept[]>(packed_.size()); }
  LiteralValue value(TermId id) const;

 private:
  struct Kept {
    std::atomic<std::uint8_t> state{0};  // 0 empty, 1 being written, 2 there
    LiteralValue value;
  };
  std::uint64_t slow(TermId id) const;
  const Dictionary& terms_;
  std::uint64_t serial_;  ///< no two tables of a process share it, also when one takes another's place in memory
  mutable std::vector<std::atomic<std::uint64_t>> packed_;  // known:1 kind:2 well_formed:1 datatype:28 language:32
  std::unique_ptr<Kept[]> values_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::uint32_t> names_;
};

}  // namespace provgate
