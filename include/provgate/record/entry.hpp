// SPDX-License-Identifier: Apache-2.0
// One entry of the ledger (FORMAT.md, "Ledger"): what was sealed or rejected, when, with which bytes.
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/record/stages.hpp"
#include "provgate/text/text.hpp"

namespace provgate {

inline constexpr int k_ledger_version = 2;
/// prev of the first entry.
inline const Digest k_no_digest(std::string(64, '0'));

/// Its digest is the SHA-256 of its canonical JSON (RFC 8785).
struct LedgerEntry {
  int version = k_ledger_version;
  Seq seq;
  Digest prev;       ///< digest of the entry before
  std::string kind;  ///< "sealed" or "rejected"
  RecordId id;
  std::string record_kind;  ///< of its system: "instance"
  CoveredFiles files;
  Digest record_digest;            ///< of the record's own bytes, or of its canonical list of covered files
  Digest report_digest;            ///< over the findings that concern it
  std::vector<std::string> rules;  ///< rejected: what it breaks
  std::string time, time_source;   ///< "clock", or "test"

  /// RFC 8785; empty for an unknown version.
  std::string canonical() const;
  /// Of the canonical form.
  Digest digest() const;
  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

/// The number of an entry as people write it: "12" or "#12"; nothing where it is none.
std::optional<Seq> parse_seq(std::string_view text);

/// The record of who signs a ledger's checkpoints; each key after the first is a new version of it.
RecordId signing_key_record();

/// A form of entries that an earlier version of provgate wrote, and only one system had.
struct FormerLedger {
  int version;
  /// Errors: Code::integrity where a field is missing or of another kind.
  Result<LedgerEntry> (*parse)(Value root);
  std::string (*canonical)(const LedgerEntry& entry);
};

/// What such an entry knows its record by.
struct FormerId {
  RecordId::Scope scope;
  RecordId::Iri iri;
};

}  // namespace provgate
