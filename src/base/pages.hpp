// SPDX-License-Identifier: Apache-2.0
// Large tables on large pages: fewer faults and fewer misses of the address cache.
#pragma once

#include <cstddef>

namespace provgate {
/// A hint about memory that is about to be filled; does nothing where the system has no such pages, or for small
/// ranges.
void prefer_large_pages(const void* at, std::size_t bytes);
/// Returns to the system what was freed, where the allocator keeps it. Worth it between stages that need much of other
/// sizes.
void give_back_memory();
/// That many parts are put together before it is worth it.
inline constexpr std::size_t k_let_go = 48;
}  // namespace provgate
