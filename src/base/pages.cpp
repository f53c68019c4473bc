// SPDX-License-Identifier: Apache-2.0
#include "base/pages.hpp"

#include <sys/mman.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cstdint>

namespace provgate {

void prefer_large_pages(const void* at, std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  constexpr std::uintptr_t k_large = 2U << 20;
  const auto begin = (reinterpret_cast<std::uintptr_t>(at) + k_large - 1) & ~(k_large - 1);
  const auto end = (reinterpret_cast<std::uintptr_t>(at) + bytes) & ~(k_large - 1);
  if (end > begin) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  static_cast<void>(at), static_cast<void>(bytes);
#endif
}

void give_back_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace provgate
