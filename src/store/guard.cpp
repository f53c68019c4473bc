// SPDX-License-Identifier: Apache-2.0
#include "store/guard.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace provgate {
namespace {

std::atomic<int> g_at_work{0};
std::atomic<std::uintptr_t> g_map_begin{0}, g_map_end{0};
std::atomic<bool> g_unlocked{false};

}  // namespace

StoreFault store_fault_at(const void* address) noexcept {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  if (g_at_work == 0 && (at < g_map_begin || at >= g_map_end)) return StoreFault::none;
  return g_unlocked ? StoreFault::busy : StoreFault::damaged;
}

StoreAtWork::StoreAtWork() noexcept { ++g_at_work; }
StoreAtWork::~StoreAtWork() { --g_at_work; }

void note_store_map(const std::string& data_file, bool unlocked) {
  g_unlocked = unlocked;
  struct stat st{};
  std::FILE* maps = ::stat(data_file.c_str(), &st) == 0 ? std::fopen("/proc/self/maps", "re") : nullptr;
  if (!maps) return;
  char line[4352];
  while (std::fgets(line, sizeof line, maps)) {
    std::uintptr_t begin = 0, end = 0;
    std::uint64_t inode = 0;
    if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %*s %" SCNu64, &begin, &end, &inode) != 3 ||
        inode != st.st_ino)
      continue;
    g_map_begin = begin, g_map_end = end;
  }
  std::fclose(maps);
}

void rest_store_map(std::size_t records) {
  constexpr std::size_t k_many = 250'000;
  static std::atomic<std::size_t> since{0};
  if (since.fetch_add(records) + records < k_many) return;
  since = 0;
  const std::uintptr_t begin = g_map_begin, end = g_map_end;
  // The map is of a file, and read-only: nothing of it is lost.
  // NOLINTNEXTLINE(performance-no-int-to-ptr): addresses are kept as numbers, for a signal handler
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

void end_on_store_assertion(const char*) noexcept {
  static constexpr std::string_view k_damaged =
      "error: the store is damaged: what LMDB found there contradicts itself\nhelp: restore it from a copy\n";
  static constexpr std::string_view k_busy =
      "error: the store is busy: it is being written, and this user may not lock it\nhelp: try again later\n";
  const auto text = g_unlocked ? k_busy : k_damaged;
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
  ::_exit(g_unlocked ? 6 : 5);
}

}  // namespace provgate
