// SPDX-License-Identifier: Apache-2.0
// The pages of an LMDB file, looked at without LMDB: what the file is, and whether it is whole (LMDB 0.9, mdb.c,
// "Page").
#pragma once

#include <string>

#include "provgate/base/base.hpp"

namespace provgate {

enum class StoreFile {
  absent,
  empty,    ///< an environment without tables, as a killed first start leaves it
  ours,     ///< all tables of a store
  foreign,  ///< no LMDB file, or one with other tables
};

/// What lies in the store directory, from the first pages only. Errors: Code::integrity where it is a store and
/// damaged, Code::input where one of its files is a link, a FIFO or a directory, Code::world where it cannot be read.
Result<StoreFile> look_at_store(const std::string& directory);

/// Walks every page that the newest transaction reaches: bounds, kinds, order of keys, counts, pages used twice or free
/// and used. Errors: Code::integrity with the page's number; Code::world when a writer changed the file meanwhile,
/// every time.
Result<void> check_store_pages(const std::string& directory);

/// The number of the newest transaction; 0 when there is none or the file is not LMDB's.
std::uint64_t newest_transaction(const std::string& directory);

/// Whether this user may not take the store's lock: its lock file cannot be written.
bool store_is_unlocked(const std::string& directory);

}  // namespace provgate
