// SPDX-License-Identifier: Apache-2.0
#include "record/chunks.hpp"

#include <algorithm>

namespace provgate {

std::vector<Chunk> chunks_of(std::string_view text, std::size_t bytes) {
  std::vector<Chunk> out;
  std::uint32_t line = 1;
  while (!text.empty()) {
    const auto end = text.size() <= bytes ? std::string_view::npos : text.find('\n', bytes);
    const auto piece = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
    out.push_back({piece, line});
    line += static_cast<std::uint32_t>(std::count(piece.begin(), piece.end(), '\n'));
    text.remove_prefix(piece.size());
  }
  return out;
}

}  // namespace provgate
