// SPDX-License-Identifier: Apache-2.0
#include "rdf/columns.hpp"

#include <algorithm>

#include "base/pages.hpp"
#include "base/parallel.hpp"

namespace provgate {
namespace {

void sort_unique(std::vector<TermPair>& column) {
  if (!std::is_sorted(column.begin(), column.end())) std::sort(column.begin(), column.end());
  column.erase(std::unique(column.begin(), column.end()), column.end());
}

// Pairs turned round and sorted. A stable count by the new first term does it in two passes where the column is long.
std::vector<TermPair> turned(const std::vector<TermPair>& forward) {
  std::vector<TermPair> out(forward.size());
  TermId least = static_cast<TermId>(-1), most = 0;
  for (const auto pair : forward) least = std::min(least, second_of(pair)), most = std::max(most, second_of(pair));
  if (forward.empty() || most - least > 8 * forward.size()) {
    std::transform(forward.begin(), forward.end(), out.begin(),
                   [](TermPair pair) { return pair_of(second_of(pair), first_of(pair)); });
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::uint32_t> next(static_cast<std::size_t>(most - least) + 2);
  for (const auto pair : forward) ++next[second_of(pair) - least + 1];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  for (const auto pair : forward) out[next[second_of(pair) - least]++] = pair_of(second_of(pair), first_of(pair));
  return out;
}

}  // namespace

struct Columns::Store {
  std::vector<TermPair> forward, reverse;
  std::once_flag once;
};

Columns::Columns(std::span<const Quad> quads, std::size_t terms, unsigned threads) {
  // Predicates are few: counted in one array over all terms.
  std::vector<std::uint32_t> number(terms + 1, 0);
  std::vector<std::size_t> counts;
  for (const auto& q : quads) {
    auto& slot = number[q.p];
    if (!slot) {
      counts.push_back(0);
      predicates_.push_back(q.p);
      slot = static_cast<std::uint32_t>(counts.size());
    }
    ++counts[slot - 1];
  }
  std::vector<std::unique_ptr<Store>> by_use;
  for (const auto n : counts) {
    by_use.push_back(std::make_unique<Store>());
    by_use.back()->forward.reserve(n);
    prefer_large_pages(by_use.back()->forward.data(), n * sizeof(TermPair));
  }
  for (const auto& q : quads) by_use[number[q.p] - 1]->forward.push_back(pair_of(q.s, q.o));
  std::sort(predicates_.begin(), predicates_.end());
  for (const auto p : predicates_) stores_.push_back(std::move(by_use[number[p] - 1]));
  parallel_for(stores_.size(), threads, [&](std::size_t i) { sort_unique(stores_[i]->forward); });
  for (const auto& store : stores_) triples_ += store->forward.size();
}

Columns::Columns(Columns&&) noexcept = default;
Columns::~Columns() = default;

std::size_t Columns::slot(TermId predicate) const {
  const auto at = std::lower_bound(predicates_.begin(), predicates_.end(), predicate);
  return at == predicates_.end() || *at != predicate ? stores_.size()
                                                     : static_cast<std::size_t>(at - predicates_.begin());
}

Column Columns::forward(TermId predicate) const {
  const auto i = slot(predicate);
  return i == stores_.size() ? Column{} : Column(stores_[i]->forward);
}

Column Columns::reverse(TermId predicate) const {
  const auto i = slot(predicate);
  if (i == stores_.size()) return {};
  auto& store = *stores_[i];
  std::call_once(store.once, [&] { store.reverse = turned(store.forward); });
  return store.reverse;
}

Column Columns::run(Column column, TermId key) {
  const auto begin = std::lower_bound(column.begin(), column.end(), pair_of(key, 0));
  auto end = begin;
  while (end != column.end() && first_of(*end) == key) ++end;
  return {begin, end};
}

bool Columns::has(TermId s, TermId p, TermId o) const {
  const auto column = forward(p);
  return std::binary_search(column.begin(), column.end(), pair_of(s, o));
}

std::size_t gallop(Column column, std::size_t at, TermPair key) {
  std::size_t step = 1, low = at;
  while (at < column.size() && column[at] < key) {
    low = at + 1;
    at += step;
    step *= 2;
  }
  const auto end = std::min(at, column.size());
  return static_cast<std::size_t>(std::lower_bound(column.begin() + static_cast<std::ptrdiff_t>(low),
                                                   column.begin() + static_cast<std::ptrdiff_t>(std::max(low, end)),
                                                   key) -
                                  column.begin());
}

}  // namespace provgate
