// SPDX-License-Identifier: Apache-2.0
// The ledger's rows in order, parsed and hashed on another thread while the caller looks at those before.
#pragma once

#include <future>
#include <vector>

#include "store/impl.hpp"

namespace provgate {

/// One row. Its bytes lie in the store's map, as long as the transaction is open.
struct LedgerRow {
  std::string_view key, text;
  Result<LedgerEntry> entry;
  std::string sha256, leaf;  ///< 32 bytes each: of the text; in the tree, where that was asked for
};

/// Borrows the cursor, which nobody else moves meanwhile. Where there is no thread to be had everything is done here.
class LedgerAhead {
 public:
  /// `leaves`: hashes of the tree's leaves, too.
  LedgerAhead(Cursor& cursor, bool leaves);
  /// The next row, until the next call; null: there are no more.
  const LedgerRow* next();

 private:
  using Block = std::vector<LedgerRow>;
  void fetch();

  Cursor& cursor_;
  const bool leaves_;
  bool more_;
  Block now_, coming_;
  std::size_t at_ = 0;
  std::future<void> done_;  ///< with coming_
};

}  // namespace provgate
