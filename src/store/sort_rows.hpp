// SPDX-License-Identifier: Apache-2.0
// Rows of a table in the order of their keys: many keys, which begin alike.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace provgate {

/// A row that is to be put: its key, which must live as long, and what it belongs to.
struct RowToPut {
  std::string_view key, value;
  std::uint64_t here = 0;  ///< used while it is sorted: the bytes of the key that are looked at, as a number
};

/// Sorts by the bytes of the keys; equal keys stand in any order. Source: Bentley and Sedgewick, "Fast Algorithms for
/// Sorting and Searching Strings" (1997), with eight bytes at a time. Threads: any.
void sort_rows(std::vector<RowToPut>& rows);

}  // namespace provgate
