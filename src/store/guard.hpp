// SPDX-License-Identifier: Apache-2.0
// Faults inside LMDB: a damaged file makes it follow addresses that are none. Whoever handles signals asks here whose
// fault it was.
#pragma once

#include <string>

namespace provgate {

enum class StoreFault { none, damaged, busy };

/// What a fault at `address` means: the store's file where it lies in a map of it, or where LMDB was at work. Safe in a
/// signal handler. Busy: the store was opened without its lock, and a writer may have changed it underneath.
StoreFault store_fault_at(const void* address) noexcept;

/// Says that LMDB is at work, as long as it lives.
class StoreAtWork {
 public:
  StoreAtWork() noexcept;
  ~StoreAtWork();
  StoreAtWork(const StoreAtWork&) = delete;
  StoreAtWork& operator=(const StoreAtWork&) = delete;
};

/// Notes where `data_file` is mapped now. `unlocked`: it was opened without its lock.
void note_store_map(const std::string& data_file, bool unlocked);
/// For mdb_env_set_assert: says so and ends the program with 5 (6 without the lock).
void end_on_store_assertion(const char* message) noexcept;

/// Told of so many more records that were kept or read. Once they are many, the memory of pages of the map that was
/// noted last is let go: they are mapped again where they are wanted. Writers and readers may be at work. Threads: any.
void rest_store_map(std::size_t records);

}  // namespace provgate
