// SPDX-License-Identifier: Apache-2.0
// A graph in memory as a quad source: three sorted orders, graph last.
#include <algorithm>

#include "provgate/sparql/sparql.hpp"

namespace provgate {
namespace {

using Key = std::array<TermId, 4>;
using Order = std::array<std::size_t, 4>;
constexpr std::array<Order, 3> k_orders{{{0, 1, 2, 3}, {1, 2, 0, 3}, {2, 0, 1, 3}}};

Key parts(const Quad& q) { return {q.s, q.p, q.o, q.g}; }

Key arranged(const Quad& quad, const Order& order) {
  const auto all = parts(quad);
  return {all[order[0]], all[order[1]], all[order[2]], all[order[3]]};
}

class SortedScan : public QuadSource::Scan {
 public:
  SortedScan(std::vector<Key>::const_iterator at, std::vector<Key>::const_iterator end, const Order& order,
             TermId graph, std::array<TermId, 3> wanted)
      : at_(at), end_(end), order_(&order), graph_(graph), wanted_(wanted) {}

  std::size_t next(std::span<Quad> out) override {
    std::size_t n = 0;
    for (; n < out.size() && at_ != end_; ++at_) {
      Key all{};
      for (std::size_t i = 0; i < 4; ++i) all[(*order_)[i]] = (*at_)[i];
      if (graph_ && all[3] != graph_) continue;
      if ((wanted_[0] && all[0] != wanted_[0]) || (wanted_[1] && all[1] != wanted_[1]) ||
          (wanted_[2] && all[2] != wanted_[2]))
        continue;
      out[n++] = {all[0], all[1], all[2], all[3]};
    }
    return n;
  }

 private:
  std::vector<Key>::const_iterator at_, end_;
  const Order* order_;
  TermId graph_;
  std::array<TermId, 3> wanted_;
};

class GraphSource : public QuadSource {
 public:
  explicit GraphSource(const Graph& graph) : graph_(graph) {
    for (std::size_t i = 0; i < k_orders.size(); ++i) {
      auto& keys = sorted_[i];
      keys.reserve(graph.size());
      for (const auto& quad : graph.quads()) keys.push_back(arranged(quad, k_orders[i]));
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    }
    for (const auto& quad : graph.quads()) {
      if (quad.g) graphs_.push_back(quad.g);
    }
    std::sort(graphs_.begin(), graphs_.end());
    graphs_.erase(std::unique(graphs_.begin(), graphs_.end()), graphs_.end());
  }

  std::unique_ptr<Scan> open(const Quad& pattern) override {
    const auto wanted = parts(pattern);
    std::size_t best = 0, length = 0;
    for (std::size_t i = 0; i < k_orders.size(); ++i) {
      std::size_t n = 0;
      while (n < 3 && wanted[k_orders[i][n]]) ++n;
      if (n > length) best = i, length = n;
    }
    const auto key = arranged(pattern, k_orders[best]);
    const auto less = [length](const Key& a, const Key& b) {
      return std::lexicographical_compare(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(length), b.begin(),
                                          b.begin() + static_cast<std::ptrdiff_t>(length));
    };
    const auto [first, last] = std::equal_range(sorted_[best].cbegin(), sorted_[best].cend(), key, less);
    return std::make_unique<SortedScan>(first, last, k_orders[best], pattern.g,
                                        std::array{pattern.s, pattern.p, pattern.o});
  }

  TermId find(std::string_view text) override { return graph_.terms().find(text); }
  std::string_view text(TermId id) override { return graph_.terms().text(id); }
  TermId next_graph(TermId after) override {
    const auto at = std::upper_bound(graphs_.begin(), graphs_.end(), after);
    return at == graphs_.end() ? 0 : *at;
  }

 private:
  const Graph& graph_;
  std::array<std::vector<Key>, 3> sorted_;
  std::vector<TermId> graphs_;
};

}  // namespace

std::unique_ptr<QuadSource> graph_source(const Graph& graph) { return std::make_unique<GraphSource>(graph); }

}  // namespace provgate
