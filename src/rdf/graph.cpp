// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/pages.hpp"
#include "provgate/rdf/rdf.hpp"

namespace provgate {

namespace {
std::size_t hash_of(const Quad& q) {
  std::uint64_t h = (std::uint64_t{q.s} << 32) ^ q.o;
  h = (h ^ (std::uint64_t{q.p} << 17) ^ (std::uint64_t{q.g} << 40)) * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::size_t>(h ^ (h >> 29));
}
}  // namespace

// The slot that holds the quad, or the free one where it belongs.
std::size_t Graph::slot_of(const Quad& quad) const {
  const auto mask = seen_.size() - 1;
  std::size_t at = hash_of(quad) & mask;
  while (seen_[at] && quads_[seen_[at] - 1] != quad) at = (at + 1) & mask;
  return at;
}

bool Graph::add(Quad quad, Span from) {
  if ((quads_.size() + 1) * 4 > seen_.size() * 3) {
    seen_.assign(std::max<std::size_t>(16, seen_.size() * 2), 0);
    while ((quads_.size() + 1) * 4 > seen_.size() * 3) seen_.resize(seen_.size() * 2);
    for (std::size_t i = 0; i < quads_.size(); ++i) {
      if (const auto slot = slot_of(quads_[i]); !seen_[slot]) seen_[slot] = static_cast<std::uint32_t>(i + 1);
    }
  }
  const auto slot = slot_of(quad);
  if (seen_[slot]) return false;
  quads_.push_back(quad);
  seen_[slot] = static_cast<std::uint32_t>(quads_.size());
  if (from.at.line || from.file) {
    spans_.resize(quads_.size());
    spans_.back() = from;
  }
  return true;
}

void Graph::append(const Graph& other, const std::vector<TermId>& map) {
  for (const auto& q : other.quads_) quads_.push_back({map[q.s], map[q.p], map[q.o], map[q.g]});
  origins_.insert(origins_.end(), other.origins_.begin(), other.origins_.end());
}

void Graph::append(const Graph& other, const std::vector<TermId>& map, std::uint32_t first_file) {
  for (const auto& q : other.quads_) quads_.push_back({map[q.s], map[q.p], map[q.o], map[q.g]});
  spans_.resize(quads_.size() - other.quads_.size());
  for (std::size_t i = 0; i < other.quads_.size(); ++i) {
    auto span = other.span(i);
    if (span.file) span.file += first_file - 1;
    spans_.push_back(span);
  }
}

void Graph::reserve_spans(std::size_t statements) {
  quads_.reserve(statements);
  spans_.reserve(statements);
}

void Graph::reserve(std::size_t statements) {
  quads_.reserve(statements);
  origins_.reserve(statements);
  prefer_large_pages(quads_.data(), statements * sizeof(Quad));
  prefer_large_pages(origins_.data(), statements * sizeof(Origin));
}

std::vector<std::string> Graph::canonical_lines() const {
  std::vector<std::string> lines;
  lines.reserve(quads_.size());
  for (const auto& quad : quads_) {
    std::string line;
    for (const auto id : {quad.s, quad.p, quad.o, quad.g}) {
      if (id) line.append(terms_.text(id)) += ' ';
    }
    lines.push_back(line + ".");
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

std::optional<Syntax> parse_syntax(std::string_view name) {
  const auto names = syntax_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Syntax>(i);
  }
  return {};
}

std::vector<std::string_view> syntax_names() { return {"ntriples", "nquads", "turtle", "trig", "jsonld", "rdfxml"}; }

}  // namespace provgate
