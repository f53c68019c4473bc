// Sealing: a checked draft becomes a ledger entry chained to the one before it (FORMAT.md, "Ledger").
#pragma once

#include <map>
#include <string>
#include <vector>

#include "provgate/check.hpp"

namespace provgate {

inline constexpr int k_ledger_version = 1;
/// prev of the first entry.
inline const std::string k_no_digest(64, '0');

/// One line of the ledger. Its digest is the SHA-256 of its canonical JSON (RFC 8785).
struct LedgerEntry {
  int version = k_ledger_version;
  std::uint64_t seq = 0;  ///< from 1
  std::string prev;       ///< digest of the entry before
  std::string kind;       ///< "sealed" or "rejected"
  std::string kernel, urn;
  std::map<std::string, std::string> files;  ///< path below the kernel root -> SHA-256
  std::vector<std::string> rules;            ///< rejected: what it breaks
  std::string report_digest, time;

  std::string canonical() const;
  std::string digest() const;
};
/// Errors: Code::integrity when the text is no entry of a known version.
Result<LedgerEntry> parse_ledger_entry(std::string_view json);

/// The last entry of a ledger: seq 0 and k_no_digest when it is empty.
struct Head {
  std::uint64_t seq = 0;
  std::string digest = k_no_digest;
};

/// What the store takes. Only seal() and reject() make one; a rejection carries no graph.
class Sealed {
 public:
  const LedgerEntry& entry() const { return entry_; }
  const Graph& graph() const { return graph_; }

 private:
  friend Sealed seal(const Checked&, const Head&, std::int64_t);
  friend Sealed reject(const Rejected&, const Head&, std::int64_t);
  Sealed() = default;
  LedgerEntry entry_;
  Graph graph_;
};

/// Pure. `now_micros` becomes the entry's time.
Sealed seal(const Checked& checked, const Head& head, std::int64_t now_micros);
Sealed reject(const Rejected& rejected, const Head& head, std::int64_t now_micros);

}  // namespace provgate
