// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shacl/shape.hpp"

namespace provgate::shacl {

PathId Paths::intern(Path path) {
  const auto [slot, fresh] = known_.try_emplace(path, static_cast<PathId>(list_.size()));
  if (fresh) list_.push_back(std::move(path));
  return slot->second;
}

PathId Paths::inverted(PathId id) {
  Path path = list_[id];
  switch (path.kind) {
    case Path::Kind::predicate: path.kind = Path::Kind::inverse; break;
    case Path::Kind::inverse: path.kind = Path::Kind::predicate; break;
    case Path::Kind::sequence: std::reverse(path.parts.begin(), path.parts.end()); [[fallthrough]];
    default:
      for (auto& part : path.parts) part = inverted(part);
  }
  return intern(std::move(path));
}

bool Paths::closure(PathId id) const {
  const Path& path = list_[id];
  if (path.kind == Path::Kind::zero_or_more || path.kind == Path::Kind::one_or_more) return true;
  return std::any_of(path.parts.begin(), path.parts.end(), [&](PathId part) { return closure(part); });
}

bool Paths::maybe_empty(PathId id) const {
  const Path& path = list_[id];
  const auto part = [&](PathId p) { return maybe_empty(p); };
  switch (path.kind) {
    case Path::Kind::zero_or_more:
    case Path::Kind::zero_or_one: return true;
    case Path::Kind::one_or_more: return maybe_empty(path.parts[0]);
    case Path::Kind::sequence: return std::all_of(path.parts.begin(), path.parts.end(), part);
    case Path::Kind::alternative: return std::any_of(path.parts.begin(), path.parts.end(), part);
    default: return false;
  }
}

std::string Paths::sparql(PathId id, const Dictionary& terms) const {
  const Path& path = list_[id];
  const auto joined = [&](const char* between) {
    std::string out = "(";
    for (std::size_t i = 0; i < path.parts.size(); ++i) out += (i ? between : "") + sparql(path.parts[i], terms);
    return out + ")";
  };
  switch (path.kind) {
    case Path::Kind::predicate: return std::string(terms.text(path.predicate));
    case Path::Kind::inverse: return "^" + std::string(terms.text(path.predicate));
    case Path::Kind::sequence: return joined("/");
    case Path::Kind::alternative: return joined("|");
    case Path::Kind::zero_or_more: return "(" + sparql(path.parts[0], terms) + ")*";
    case Path::Kind::one_or_more: return "(" + sparql(path.parts[0], terms) + ")+";
    case Path::Kind::zero_or_one: return "(" + sparql(path.parts[0], terms) + ")?";
  }
  return {};
}

std::string_view name_of(Component component) {
  static constexpr std::string_view k_names[] = {"ClassConstraintComponent",
                                                 "DatatypeConstraintComponent",
                                                 "NodeKindConstraintComponent",
                                                 "MinCountConstraintComponent",
                                                 "MaxCountConstraintComponent",
                                                 "MinExclusiveConstraintComponent",
                                                 "MinInclusiveConstraintComponent",
                                                 "MaxExclusiveConstraintComponent",
                                                 "MaxInclusiveConstraintComponent",
                                                 "MinLengthConstraintComponent",
                                                 "MaxLengthConstraintComponent",
                                                 "PatternConstraintComponent",
                                                 "LanguageInConstraintComponent",
                                                 "UniqueLangConstraintComponent",
                                                 "EqualsConstraintComponent",
                                                 "DisjointConstraintComponent",
                                                 "LessThanConstraintComponent",
                                                 "LessThanOrEqualsConstraintComponent",
                                                 "NotConstraintComponent",
                                                 "AndConstraintComponent",
                                                 "OrConstraintComponent",
                                                 "XoneConstraintComponent",
                                                 "NodeConstraintComponent",
                                                 "QualifiedMinCountConstraintComponent",
                                                 "QualifiedMaxCountConstraintComponent",
                                                 "ClosedConstraintComponent",
                                                 "HasValueConstraintComponent",
                                                 "InConstraintComponent",
                                                 "SPARQLConstraintComponent",
                                                 ""};
  return k_names[static_cast<std::size_t>(component)];
}

}  // namespace provgate::shacl
