// SPDX-License-Identifier: Apache-2.0
#include "support/isomorphic.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace provgate::test {
namespace {

using Colours = std::map<std::string, std::size_t>;
bool blank(const std::string& term) { return term.starts_with("_:"); }

// Colours of blank nodes, refined by their neighbours until nothing changes.
Colours refined(const std::vector<Triple>& graph, Colours colours) {
  const std::hash<std::string> hash;
  for (std::size_t classes = 0;;) {
    Colours next;
    std::map<std::string, std::vector<std::size_t>> seen;
    const auto colour = [&](const std::string& term) { return blank(term) ? colours[term] : hash(term); };
    for (const auto& [s, p, o] : graph) {
      if (blank(s)) seen[s].push_back(colour(o) * 31 + hash(p) * 7 + 1);
      if (blank(o)) seen[o].push_back(colour(s) * 37 + hash(p) * 11 + 2);
    }
    std::set<std::size_t> different;
    for (auto& [node, list] : seen) {
      std::sort(list.begin(), list.end());
      std::size_t h = colours[node] * 1000003;
      for (const auto x : list) h = h * 1099511628211ULL ^ x;
      next[node] = h;
      different.insert(h);
    }
    colours = std::move(next);
    if (different.size() <= classes) return colours;
    classes = different.size();
  }
}

std::vector<std::size_t> profile(const Colours& colours) {
  std::vector<std::size_t> out;
  for (const auto& [node, colour] : colours) out.push_back(colour);
  std::sort(out.begin(), out.end());
  return out;
}

std::set<Triple> renamed(const std::vector<Triple>& graph, const Colours& colours) {
  std::set<Triple> out;
  for (auto t : graph) {
    for (auto& term : t) {
      if (blank(term)) term = "_:" + std::to_string(colours.at(term));
    }
    out.insert(t);
  }
  return out;
}

bool match(const std::vector<Triple>& a, Colours ca, const std::vector<Triple>& b, Colours cb, std::size_t depth) {
  ca = refined(a, std::move(ca)), cb = refined(b, std::move(cb));
  if (profile(ca) != profile(cb)) return false;
  std::map<std::size_t, std::vector<std::string>> groups;
  for (const auto& [node, colour] : ca) groups[colour].push_back(node);
  const auto tied = std::find_if(groups.begin(), groups.end(), [](const auto& g) { return g.second.size() > 1; });
  if (tied == groups.end()) return renamed(a, ca) == renamed(b, cb);
  // One of the tied nodes is told apart, and each candidate for it on the other side is tried.
  auto fixed = ca;
  fixed[tied->second.front()] = 0xABCDEF + depth;
  for (const auto& [node, colour] : cb) {
    if (colour != tied->first) continue;
    auto guess = cb;
    guess[node] = 0xABCDEF + depth;
    if (match(a, fixed, b, std::move(guess), depth + 1)) return true;
  }
  return false;
}

}  // namespace

std::vector<Triple> triples_of(const Graph& graph) {
  std::set<Triple> out;
  const auto& terms = graph.terms();
  for (const auto& q : graph.quads())
    out.insert({std::string(terms.text(q.s)), std::string(terms.text(q.p)), std::string(terms.text(q.o))});
  return {out.begin(), out.end()};
}

bool isomorphic(std::vector<Triple> a, std::vector<Triple> b) {
  if (a.size() != b.size()) return false;
  return match(a, {}, b, {}, 0);
}

}  // namespace provgate::test
