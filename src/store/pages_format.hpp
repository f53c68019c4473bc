// SPDX-License-Identifier: Apache-2.0
// The data file of LMDB 0.9, format version 1, as far as it is looked over (mdb.c: "Page", "Meta", "Node").
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace provgate::lmdb_format {

using Page = std::uint64_t;
inline constexpr Page k_no_page = ~Page{0};
inline constexpr std::uint32_t k_magic = 0xBEEFC0DE, k_version = 1;
inline constexpr std::size_t k_header = 16, k_node = 8, k_longest_key = 511, k_deepest_tree = 32;
inline constexpr std::uint16_t k_branch = 1, k_leaf = 2, k_overflow = 4, k_meta = 8;  // page flags
inline constexpr std::uint16_t k_big = 1, k_table = 2;                                // node flags
inline constexpr std::uint16_t k_integer_key = 0x08;                                  // table flags

struct Damage {
  std::string why;
};
[[noreturn]] inline void damaged(Page page, const std::string& why) {
  throw Damage{"page " + std::to_string(page) + ": " + why};
}

// As LMDB lays them out on a 64-bit machine, in its byte order.
struct Table {
  std::uint32_t pad = 0;
  std::uint16_t flags = 0, depth = 0;
  Page branches = 0, leaves = 0, overflows = 0, entries = 0, root = k_no_page;
};
struct Meta {
  std::uint32_t magic = 0, version = 0;
  std::uint64_t address = 0, map_size = 0;
  Table free, main;
  Page last_page = 0;
  std::uint64_t transaction = 0;
};
static_assert(sizeof(Table) == 48 && sizeof(Meta) == 136);

}  // namespace provgate::lmdb_format
