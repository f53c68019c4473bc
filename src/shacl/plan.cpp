// SPDX-License-Identifier: Apache-2.0
#include "shacl/plan.hpp"

#include <algorithm>

namespace provgate::shacl {
namespace {

std::vector<TermId> firsts(Column column) {
  std::vector<TermId> out;
  for (const auto pair : column) {
    if (out.empty() || out.back() != first_of(pair)) out.push_back(first_of(pair));
  }
  return out;
}

std::vector<TermId> select(const Target& target, const Ground& on) {
  switch (target.kind) {
    case Target::Kind::node: return {target.term};
    case Target::Kind::query: return on.selected.at(target.query.get());
    case Target::Kind::subjects_of: return firsts(on.columns.forward(target.term));
    case Target::Kind::objects_of: return firsts(on.columns.reverse(target.term));
    case Target::Kind::class_: {
      std::vector<TermId> out;
      const auto& bits = on.classes.members(target.term);
      for (std::size_t word = 0; word < bits.size(); ++word) {
        for (auto rest = bits[word]; rest; rest &= rest - 1)
          out.push_back(static_cast<TermId>(word * 64 + static_cast<std::size_t>(__builtin_ctzll(rest))));
      }
      return out;
    }
  }
  return {};
}

// Adds nodes with their routes; both lists are sorted.
void merge(FocusSet& into, FocusSet more) {
  if (into.nodes.empty()) {
    into = std::move(more);
    return;
  }
  const auto& nodes = more.nodes;
  FocusSet out;
  for (std::size_t i = 0, j = 0; i < into.nodes.size() || j < nodes.size();) {
    const bool mine = j == nodes.size() || (i < into.nodes.size() && into.nodes[i] <= nodes[j]);
    const bool both = mine && j < nodes.size() && into.nodes[i] == nodes[j];
    out.nodes.push_back(mine ? into.nodes[i] : nodes[j]);
    out.routes.push_back((mine ? into.route(i) : 0) + (!mine || both ? more.route(j) : 0));
    i += mine;
    j += !mine || both;
  }
  into = std::move(out);
}

class Planner {
 public:
  Planner(const Ground& on, const TargetScope* scope) : on_(on), scope_(scope), walk_(on) {}

  Result<Plan> run() {
    const auto& shapes = on_.model.shapes;
    out_.focus.resize(shapes.size());
    for (ShapeId id = 0; id < shapes.size(); ++id) {
      if (shapes[id].deactivated) continue;
      std::vector<TermId> nodes;
      for (const auto& target : shapes[id].targets) {
        auto more = select(target, on_);
        leave_out(target, more);
        if (nodes.empty()) {
          nodes = std::move(more);
          continue;
        }
        std::vector<TermId> joined;
        std::set_union(nodes.begin(), nodes.end(), more.begin(), more.end(), std::back_inserter(joined));
        nodes = std::move(joined);
      }
      merge(out_.focus[id], {std::move(nodes), {}});
    }
    for (const auto id : parents_first()) {
      if (!shapes[id].recursive) descend(id);
    }
    recursive();
    if (walk_.error()) return tl::unexpected<Error>(*walk_.error());
    return std::move(out_);
  }

 private:
  void leave_out(const Target& target, std::vector<TermId>& nodes) const {
    if (!scope_ || target.kind == Target::Kind::node) return;
    const auto in = [](const std::vector<bool>& own, TermId id) { return id < own.size() && own[id]; };
    const auto described = [&](TermId id) {
      const auto& predicates = on_.columns.predicates();
      return std::any_of(predicates.begin(), predicates.end(),
                         [&](TermId p) { return !Columns::run(on_.columns.forward(p), id).empty(); });
    };
    std::erase_if(nodes, [&](TermId id) {
      if (target.kind == Target::Kind::objects_of) return !in(scope_->objects, id);
      // A query may select what is only pointed at: its own then, if nobody else describes it.
      return !in(scope_->subjects, id) &&
             !(target.kind == Target::Kind::query && in(scope_->objects, id) && !described(id));
    });
  }

  std::vector<ShapeId> parents_first() const {
    const auto& shapes = on_.model.shapes;
    std::vector<ShapeId> out;
    std::vector<std::uint8_t> seen(shapes.size(), 0);
    // Depth first, children before parents; then turned round.
    for (ShapeId root = 0; root < shapes.size(); ++root) {
      if (seen[root]) continue;
      std::vector<std::pair<ShapeId, std::size_t>> stack{{root, 0}};
      seen[root] = 1;
      while (!stack.empty()) {
        auto& [id, next] = stack.back();
        if (next < shapes[id].properties.size()) {
          const auto child = shapes[id].properties[next++];
          if (!seen[child]) {
            seen[child] = 1;
            stack.emplace_back(child, 0);
          }
        } else {
          out.push_back(id);
          stack.pop_back();
        }
      }
    }
    std::reverse(out.begin(), out.end());
    return out;
  }

  // Focus nodes of a shape's property shapes: its value nodes.
  void descend(ShapeId id) {
    const auto& shape = on_.model.shapes[id];
    const auto& mine = out_.focus[id];
    if (shape.deactivated || shape.properties.empty() || mine.nodes.empty()) return;
    FocusSet values = mine;
    if (shape.is_property()) {
      const auto followed = walk_.follow(shape.path, mine.nodes);
      std::map<TermId, std::uint32_t> routes;
      for (std::size_t i = 0; i < followed.size(); ++i) {
        for (const auto value : followed.of(i)) routes[value] += mine.route(i);
      }
      values = {};
      for (const auto& [node, n] : routes) {
        values.nodes.push_back(node);
        values.routes.push_back(n);
      }
    }
    for (const auto property : shape.properties) {
      if (!on_.model.shapes[property].deactivated && !on_.model.shapes[property].recursive)
        merge(out_.focus[property], values);
      if (on_.model.shapes[property].recursive) pending_[property].insert(values.nodes.begin(), values.nodes.end());
    }
  }

  // Shapes that reach themselves: each focus node once, until nothing is new.
  void recursive() {
    const auto& shapes = on_.model.shapes;
    for (ShapeId id = 0; id < shapes.size(); ++id) {
      if (!shapes[id].recursive || shapes[id].deactivated) continue;
      pending_[id].insert(out_.focus[id].nodes.begin(), out_.focus[id].nodes.end());
      out_.focus[id] = {};
    }
    std::map<ShapeId, std::set<TermId>> done;
    while (!pending_.empty()) {
      const auto [id, wanted] = *pending_.begin();
      pending_.erase(pending_.begin());
      std::vector<TermId> fresh;
      for (const auto node : wanted) {
        if (done[id].insert(node).second) fresh.push_back(node);
      }
      if (fresh.empty() || shapes[id].deactivated) continue;
      const auto values = shapes[id].is_property() ? walk_.follow(shapes[id].path, fresh).items : fresh;
      for (const auto property : shapes[id].properties) {
        // A shape below the cycle gets its focus nodes in the same way.
        pending_[property].insert(values.begin(), values.end());
      }
    }
    for (const auto& [id, nodes] : done) {
      if (shapes[id].deactivated) continue;
      std::vector<TermId> list(nodes.begin(), nodes.end());
      if (shapes[id].recursive) {
        out_.focus[id] = {list, {}};
      } else {
        std::vector<TermId> fresh;
        std::set_difference(list.begin(), list.end(), out_.focus[id].nodes.begin(), out_.focus[id].nodes.end(),
                            std::back_inserter(fresh));
        merge(out_.focus[id], {fresh, {}});
      }
    }
  }

  const Ground& on_;
  const TargetScope* scope_;
  Evaluator walk_;
  Plan out_;
  std::map<ShapeId, std::set<TermId>> pending_;
};

}  // namespace

Result<Plan> plan(const Ground& ground, const TargetScope* scope) { return Planner(ground, scope).run(); }

}  // namespace provgate::shacl
