// SPDX-License-Identifier: Apache-2.0
// Paths over sets of nodes: joins with predicate columns; closures by one expansion of each node.
#include <algorithm>

#include "shacl/evaluate.hpp"

namespace provgate::shacl {
namespace {

void sort_run(std::vector<TermId>& items, std::size_t from) {
  const auto begin = items.begin() + static_cast<std::ptrdiff_t>(from);
  if (!std::is_sorted(begin, items.end())) std::sort(begin, items.end());
  items.erase(std::unique(begin, items.end()), items.end());
}

std::vector<TermId> different(std::vector<TermId> nodes) {
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

std::size_t index_in(Nodes sorted, TermId node) {
  return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), node) - sorted.begin());
}

Values themselves(Nodes nodes) {
  Values out;
  out.items.assign(nodes.begin(), nodes.end());
  out.offsets.resize(nodes.size() + 1);
  for (std::size_t i = 0; i <= nodes.size(); ++i) out.offsets[i] = static_cast<std::uint32_t>(i);
  return out;
}

// For each run, the union with another set's run.
Values united(const Values& a, const Values& b) {
  Values out;
  out.items.reserve(a.items.size() + b.items.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = a.of(i), y = b.of(i);
    std::set_union(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(out.items));
    out.end_run();
  }
  return out;
}

}  // namespace

Values Evaluator::step(Column column, Nodes nodes) const {
  Values out;
  if (nodes.empty()) return out;
  // Only the part of the column between the first node and the last matters.
  const auto begin = std::lower_bound(column.begin(), column.end(), pair_of(nodes.front(), 0));
  const auto end = std::upper_bound(begin, column.end(), pair_of(nodes.back(), static_cast<TermId>(-1)));
  column = {begin, end};
  constexpr std::size_t k_sparse = 8;
  const bool sparse = nodes.size() * k_sparse < column.size();
  if (!sparse) out.items.reserve(column.size());
  out.offsets.resize(nodes.size() + 1);
  std::size_t at = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto node = nodes[i];
    if (sparse) {
      at = gallop(column, at, pair_of(node, 0));
    } else {
      while (at < column.size() && first_of(column[at]) < node) ++at;
    }
    for (; at < column.size() && first_of(column[at]) == node; ++at) out.items.push_back(second_of(column[at]));
    out.offsets[i + 1] = static_cast<std::uint32_t>(out.items.size());
  }
  return out;
}

Values Evaluator::follow(PathId id, Nodes nodes) {
  const Path& path = on_.model.paths[id];
  switch (path.kind) {
    case Path::Kind::predicate: return step(on_.columns.forward(path.predicate), nodes);
    case Path::Kind::inverse: return step(on_.columns.reverse(path.predicate), nodes);
    case Path::Kind::sequence: return sequence(path, nodes);
    case Path::Kind::alternative: return alternative(path, nodes);
    case Path::Kind::zero_or_one: return united(themselves(nodes), follow(path.parts[0], nodes));
    case Path::Kind::zero_or_more: return united(themselves(nodes), closure(path, nodes));
    case Path::Kind::one_or_more: return closure(path, nodes);
  }
  return {};
}

Values Evaluator::sequence(const Path& path, Nodes nodes) {
  Values out = follow(path.parts[0], nodes);
  for (std::size_t part = 1; part < path.parts.size(); ++part) {
    const auto middle = different(out.items);
    const auto next = follow(path.parts[part], middle);
    Values joined;
    joined.offsets.reserve(out.offsets.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto from = joined.items.size();
      for (const auto node : out.of(i)) {
        const auto run = next.of(index_in(middle, node));
        joined.items.insert(joined.items.end(), run.begin(), run.end());
      }
      sort_run(joined.items, from);
      joined.end_run();
    }
    out = std::move(joined);
  }
  return out;
}

Values Evaluator::alternative(const Path& path, Nodes nodes) {
  Values out = follow(path.parts[0], nodes);
  for (std::size_t part = 1; part < path.parts.size(); ++part) out = united(out, follow(path.parts[part], nodes));
  return out;
}

// One or more steps. Each node that is reached is expanded once for the whole set; then one search a focus node.
Values Evaluator::closure(const Path& path, Nodes nodes) {
  std::vector<TermId> known(nodes.begin(), nodes.end()), frontier = known;
  std::map<TermId, std::vector<TermId>> next;
  while (!frontier.empty()) {
    const auto reached = follow(path.parts[0], frontier);
    std::vector<TermId> fresh;
    for (std::size_t i = 0; i < frontier.size(); ++i) {
      const auto run = reached.of(i);
      next.emplace(frontier[i], std::vector<TermId>(run.begin(), run.end()));
    }
    for (const auto node : different(reached.items)) {
      if (!next.contains(node)) fresh.push_back(node);
    }
    frontier = std::move(fresh);
  }
  // Nodes by dense numbers, so that "seen" is one stamp each.
  std::vector<TermId> all;
  for (const auto& [node, to] : next) all.push_back(node);
  std::vector<std::vector<std::uint32_t>> edges(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto to : next[all[i]]) edges[i].push_back(static_cast<std::uint32_t>(index_in(all, to)));
  }
  std::vector<std::uint32_t> stamp(all.size(), 0), queue;
  Values out;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto epoch = static_cast<std::uint32_t>(i + 1);
    const auto from = out.items.size();
    queue.assign(1, static_cast<std::uint32_t>(index_in(all, nodes[i])));
    for (std::size_t at = 0; at < queue.size(); ++at) {
      for (const auto to : edges[queue[at]]) {
        if (stamp[to] == epoch) continue;
        stamp[to] = epoch;
        queue.push_back(to);
        out.items.push_back(all[to]);
      }
    }
    sort_run(out.items, from);
    out.end_run();
  }
  return out;
}

}  // namespace provgate::shacl
