// SPDX-License-Identifier: Apache-2.0
// Numbers of the forms that stand in a store (FORMAT.md, "Store").
#pragma once

#include <cstddef>
#include <string_view>

namespace provgate {
inline constexpr std::string_view k_format = "2";  ///< written with the first entry of the ledger's second version
inline constexpr std::string_view k_first_format = "1";  ///< of 0.1.0: read, and continued as the second
inline constexpr std::string_view k_head_note = "1";
inline constexpr std::size_t k_first_map_bytes = 64ULL << 20;
}  // namespace provgate
