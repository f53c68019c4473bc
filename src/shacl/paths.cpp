// SPDX-License-Identifier: Apache-2.0
// Property paths as the shapes graph writes them (2.3.1), and what looks wrong in the shapes graph as a whole.
#include <algorithm>

#include "shacl/compile.hpp"

namespace provgate::shacl {
namespace {
constexpr int k_deepest_path = 100;
}

// Nothing when the node is not a well-formed path. A node that is a list is that list, whatever else it carries (suite:
// path-strange-001).
std::optional<PathId> Compiler::path(TermId node, int depth) {
  if (depth > k_deepest_path || in_.literal(node)) return {};
  if (const auto known = known_paths_.find(node); known != known_paths_.end()) return known->second;
  known_paths_[node] = std::nullopt;  // a path that holds itself is none
  const auto build = [&]() -> std::optional<PathId> {
    using Kind = Path::Kind;
    if (node == in_.rdf("nil")) return {};  // the empty list
    if (in_.iri(node)) return model_.paths.intern({Kind::predicate, in_.data(node), {}});
    const auto parts = [&](TermId head) -> std::optional<std::vector<PathId>> {
      const auto items = in_.list(head);
      if (!items || items->size() < 2) return {};
      std::vector<PathId> out;
      for (const auto item : *items) {
        const auto part = path(item, depth + 1);
        if (!part) return {};
        out.push_back(*part);
      }
      return out;
    };
    if (!in_.objects(node, in_.rdf("first")).empty()) {
      auto steps = parts(node);
      return steps ? std::optional(model_.paths.intern({Kind::sequence, 0, std::move(*steps)})) : std::nullopt;
    }
    std::optional<PathId> out;
    std::size_t forms = 0;
    for (const auto& [name, kind] : {std::pair{"inversePath", Kind::inverse},
                                     {"alternativePath", Kind::alternative},
                                     {"zeroOrMorePath", Kind::zero_or_more},
                                     {"oneOrMorePath", Kind::one_or_more},
                                     {"zeroOrOnePath", Kind::zero_or_one}}) {
      for (const auto value : in_.objects(node, name)) {
        ++forms;
        if (kind == Kind::alternative) {
          auto branches = parts(value);
          if (!branches) return {};
          out = model_.paths.intern({kind, 0, std::move(*branches)});
          continue;
        }
        const auto part = path(value, depth + 1);
        if (!part) return {};
        out = kind == Kind::inverse ? model_.paths.inverted(*part) : model_.paths.intern({kind, 0, {*part}});
      }
    }
    return forms == 1 ? out : std::nullopt;
  };
  const auto made = build();
  known_paths_[node] = made;
  if (made) model_.path_nodes.emplace_back(node, *made);
  return made;
}

}  // namespace provgate::shacl
