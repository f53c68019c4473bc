// SPDX-License-Identifier: Apache-2.0
// Systems whose records are kept whole in a store, in batches of one ledger entry each: what the system says of them,
// and how its verbs keep them. Source: ARCHITECTURE.md, "Records that are kept whole"; FORMAT.md, "Kept records".
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/record/entry.hpp"
#include "provgate/record/kept.hpp"

namespace provgate {

/// What a system says of its kept records. Stateless. Threads: any.
class Keeping {
 public:
  virtual ~Keeping() = default;
  /// What a record of a batch of that kind is found by; the same at every call. Errors: Code::integrity where it is no
  /// such record.
  virtual Result<IndexRows> found_by(std::string_view bytes, std::string_view kind) const = 0;
  /// The record's own IRI. Errors: as found_by().
  virtual Result<std::string> iri(std::string_view bytes, std::string_view kind) const = 0;
  /// Whether what lies there now is the record that was kept: as it was, or with what a record may have changed in it
  /// since. Requires records of one name.
  virtual bool same(std::string_view kept, std::string_view now) const { return kept == now; }
  /// The places of the records that a name means: an IRI, or a local id. Errors: those of `kept`.
  virtual Result<std::vector<KeptPlace>> named(const KeptRecords& kept, std::string_view name) const = 0;
  /// A record that lies in a collection, and is to be kept.
  struct Offered {
    std::string bytes, owner, file;  ///< owner: what its findings are attributed to
    Place at;
  };
  /// What comes of it.
  struct Held {
    enum class State {
      fresh,   ///< it may be kept
      known,   ///< it is kept already, with the same bytes
      other,   ///< another record of its name is kept
      refused  ///< what is kept, or what stands before it, speaks against it
    } state = State::refused;
    KeptPlace place;  ///< of what is kept already
    std::vector<Finding> findings;
    KeptRecord record;
  };
  /// Holds records against what is kept and against each other, in order, one answer each. Errors: those of `kept`.
  virtual Result<std::vector<Held>> hold(const KeptRecords& kept, const std::vector<Offered>& offered,
                                         const std::string& kind) const = 0;
  /// What the records of a batch say in PROV-O, in named graphs, with what follows from those that were kept before it.
  /// Errors: as before, and those of `kept`.
  virtual Result<Graph> say(const KeptRecords& kept, const LedgerEntry& batch, unsigned threads) const = 0;
};

/// Keeps records of a system. Threads: one.
class Keeper {
 public:
  virtual ~Keeper() = default;
  /// What is kept at this moment. As long as it lives nothing can be kept by this thread.
  /// Errors: Code::nothing where there is no store; those of the store.
  virtual Result<std::unique_ptr<KeptRecords>> look() = 0;

  struct Batch {
    RecordId::System system;
    RecordId::Scope scope;              ///< the collection that the records lie in; empty: none
    CoveredFiles files;                 ///< of that collection
    std::string kind;                   ///< of its system
    std::vector<KeptRecord> records;    ///< none: nothing is written
    std::vector<const Finding*> about;  ///< what was found about them: no errors
  };
  /// Says what is kept, from what is kept already. Nobody else keeps anything between that and the end of keep().
  using Make = std::function<Result<Batch>(const KeptRecords& kept)>;
  /// Keeps one batch, durable when this returns: all of it or nothing. Gives its entry; 0 where nothing was to keep.
  /// Errors: those of `make` and of the store.
  virtual Result<Seq> keep(const Make& make) = 0;
};

}  // namespace provgate
