// SPDX-License-Identifier: Apache-2.0
// Sealing: a checked draft becomes a ledger entry chained to the one before it (FORMAT.md, "Ledger").
#pragma once

#include <string>
#include <string_view>

#include "provgate/record/entry.hpp"

namespace provgate {

/// Reads entries of every version. Errors: Code::integrity when the text is not the canonical form of an entry of a
/// known version. Threads: any.
Result<LedgerEntry> parse_ledger_entry(std::string_view json);

/// The last entry of a ledger: seq 0 and k_no_digest when it is empty.
struct Head {
  Seq seq;
  Digest digest = k_no_digest;
};

/// When something is sealed, and who says so.
struct SealTime {
  std::int64_t micros = 0;
  std::string_view source = "clock";
};

/// What the store takes. Only seal() and reject() make one; a rejection carries no graph.
class Sealed {
 public:
  const LedgerEntry& entry() const { return entry_; }
  const std::string& text() const { return text_; }  ///< its canonical form
  const Digest& digest() const { return digest_; }   ///< what the next entry calls it by
  const Graph& graph() const { return graph_; }
  const std::vector<KeptRecord>& records() const { return records_; }  ///< of a batch that is kept whole
  Seq replaces() const { return replaces_; }  ///< the entry of which it is a new version; 0: none

 private:
  friend Sealed seal(Checked, const Head&, SealTime);
  friend Sealed reject(const Rejected&, const Head&, SealTime);
  explicit Sealed(LedgerEntry entry);
  LedgerEntry entry_;
  std::string text_;
  Digest digest_;
  Graph graph_;
  std::vector<KeptRecord> records_;
  Seq replaces_;
};

/// Pure. `head` is the entry that the new one follows.
Sealed seal(Checked checked, const Head& head, SealTime time);
Sealed reject(const Rejected& rejected, const Head& head, SealTime time);

}  // namespace provgate
