// SPDX-License-Identifier: Apache-2.0
#include "store/sort_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

namespace provgate {
namespace {

constexpr std::size_t k_at_once = 8, k_few = 12;

// What is not there is zero.
std::uint64_t bytes_at(std::string_view key, std::size_t depth) {
  if (depth >= key.size()) return 0;
  std::array<char, k_at_once> out{};
  std::memcpy(out.data(), key.data() + depth, std::min(k_at_once, key.size() - depth));
  const auto number = std::bit_cast<std::uint64_t>(out);
  return std::endian::native == std::endian::little ? __builtin_bswap64(number) : number;
}

bool before(const RowToPut& a, const RowToPut& b) { return a.here != b.here ? a.here < b.here : a.key < b.key; }

// Where `left` is used up the keys were made to be slow to sort here.
void sort_from(std::span<RowToPut> rows, std::size_t depth, unsigned left) {
  while (rows.size() > k_few && left > 0) {
    --left;
    auto middle = std::array{rows.front().here, rows[rows.size() / 2].here, rows.back().here};
    std::ranges::sort(middle);
    const auto pivot = middle[1];
    const auto equal = std::ranges::partition(rows, [&](const auto& row) { return row.here < pivot; });
    const auto above = std::ranges::partition(equal, [&](const auto& row) { return row.here == pivot; });
    sort_from({rows.begin(), equal.begin()}, depth, left);
    sort_from(above, depth, left);
    rows = {equal.begin(), above.begin()};
    // Of those that end here the shorter is the beginning of the longer.
    depth += k_at_once;
    const auto longer = std::ranges::partition(rows, [&](const auto& row) { return row.key.size() <= depth; });
    std::ranges::sort(rows.begin(), longer.begin(), {}, [](const auto& row) { return row.key.size(); });
    rows = longer;
    for (auto& row : rows) row.here = bytes_at(row.key, depth);
    ++left;  // it is shorter by eight bytes
  }
  std::ranges::sort(rows, before);
}

}  // namespace

void sort_rows(std::vector<RowToPut>& rows) {
  for (auto& row : rows) row.here = bytes_at(row.key, 0);
  sort_from(rows, 0, 2 * static_cast<unsigned>(std::bit_width(rows.size())));
}

}  // namespace provgate
