#include <algorithm>

#include "provgate/rdf.hpp"

namespace provgate {

TermId Dictionary::intern(std::string_view text) {
  if (const auto known = ids_.find(text); known != ids_.end()) return known->second;
  texts_.emplace_back(text);
  const auto id = static_cast<TermId>(texts_.size() - 1);
  ids_.emplace(texts_.back(), id);
  return id;
}

TermId Dictionary::find(std::string_view text) const {
  const auto known = ids_.find(text);
  return known == ids_.end() ? 0 : known->second;
}

bool Graph::add(Quad quad, Span from) {
  if (!seen_.emplace(quad, static_cast<std::uint32_t>(statements_.size())).second) return false;
  statements_.push_back({quad, from});
  return true;
}

std::vector<std::string> Graph::canonical_lines() const {
  std::vector<std::string> lines;
  lines.reserve(statements_.size());
  for (const auto& [quad, from] : statements_) {
    std::string line = terms_.text(quad.s) + " " + terms_.text(quad.p) + " " + terms_.text(quad.o);
    if (quad.g) line += " " + terms_.text(quad.g);
    lines.push_back(line + " .");
  }
  std::sort(lines.begin(), lines.end());
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
