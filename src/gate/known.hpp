// SPDX-License-Identifier: Apache-2.0
// What a ledger knows of a record that lies in a tree.
#pragma once

#include "provgate/check/check.hpp"
#include "provgate/store/store.hpp"

namespace provgate {

/// A record, and under which name it is or would be sealed.
struct KnownRecord {
  RecordId id;
  std::optional<LedgerEntry> entry;  ///< the entry that sealed it, if any did
};
/// Whether an entry's record is of the collection's scope. Of a ledger's first version, which knew no projects: whether
/// its statements are in the collection's graph.
Result<bool> of_collection(const Store& store, const Reading& reading, std::size_t c, const LedgerEntry& entry);
/// The record's own IRI, unless a record of another scope has it already. `store` may be null.
Result<KnownRecord> known_record(const Store* store, const Reading& reading, std::size_t c, std::size_t i);

/// What is on disk against what the ledger says must not change. Errors: Code::integrity with the first difference.
Result<void> same_bytes(const Reading& reading, std::size_t c, const LedgerEntry& entry, const CoveredFiles& now);

}  // namespace provgate
