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
  coming_.clear();
  for (; more_ && coming_.size() < k_rows; more_ = cursor_.next())
    coming_.push_back({cursor_.key(), cursor_.value(), {}, {}, {}});
  if (coming_.empty()) return;
  // The rows stay here: what is handed over is lost where no thread is to be had.
  done_ = std::async(std::launch::async | std::launch::deferred, [this] {
    for (auto& row : coming_) {
      row.entry = parse_ledger_entry(row.text);
      row.sha256 = sha256(row.text);
      if (leaves_) row.leaf = merkle::leaf_hash(row.text);
    }
  });
}

const LedgerRow* LedgerAhead::next() {
  if (at_ == now_.size()) {
    if (coming_.empty()) return nullptr;
    done_.get();
    now_ = std::move(coming_), at_ = 0;
    fetch();
  }
  return &now_[at_++];
}

}  // namespace provgate
