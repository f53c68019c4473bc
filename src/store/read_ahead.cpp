// SPDX-License-Identifier: Apache-2.0
#include "store/read_ahead.hpp"

#include "base/digest.hpp"

namespace provgate {
namespace {

constexpr std::size_t k_rows = 512;

}  // namespace

LedgerAhead::LedgerAhead(Cursor& cursor, bool leaves) : cursor_(cursor), leaves_(leaves), more_(cursor.first()) {
  fetch();
}

void LedgerAhead::fetch() {
  Block block;
  for (; more_ && block.size() < k_rows; more_ = cursor_.next())
    block.push_back({cursor_.key(), cursor_.value(), {}, {}, {}});
  if (block.empty()) return;
  const auto work = [leaves = leaves_](Block rows) {
    for (auto& row : rows) {
      row.entry = parse_ledger_entry(row.text);
      row.sha256 = sha256(row.text);
      if (leaves) row.leaf = merkle::leaf_hash(row.text);
    }
    return rows;
  };
  coming_ = std::async(std::launch::async | std::launch::deferred, work, std::move(block));
}

const LedgerRow* LedgerAhead::next() {
  if (at_ == now_.size()) {
    if (!coming_.valid()) return nullptr;
    now_ = coming_.get(), at_ = 0;
    fetch();
  }
  return &now_[at_++];
}

}  // namespace provgate
