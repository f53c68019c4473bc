// SPDX-License-Identifier: Apache-2.0
// A text of records, one a line, in pieces that are read on one thread each.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace provgate {

struct Chunk {
  std::string_view text;         ///< whole lines; the last one may lack its end
  std::uint32_t first_line = 1;  ///< its number in the whole text
};
/// Pieces of `bytes` and up to the next line end. They borrow the text. Threads: any.
std::vector<Chunk> chunks_of(std::string_view text, std::size_t bytes);

}  // namespace provgate
