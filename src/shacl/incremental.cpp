// SPDX-License-Identifier: Apache-2.0
#include "shacl/incremental.hpp"

#include <algorithm>

namespace provgate::shacl {
namespace {

constexpr std::size_t k_most_entries = 20'000;

using Prefix = std::vector<PathId>;

// A triple that a shape looks at: reached by `prefix` from the focus node, which is its subject or (inverse) its
// object.
struct Look {
  Prefix prefix;
  TermId predicate;  // 0: any
  bool inverse;
  friend auto operator<=>(const Look&, const Look&) = default;
};

struct Footprint {
  bool all = false;  // no telling: every focus node may be affected
  std::set<Look> looks;
};

class Footprints {
 public:
  explicit Footprints(const Ground& on) : on_(on) {}

  Footprint of(ShapeId id) {
    out_ = {};
    visit(id, {}, false);
    return std::move(out_);
  }

 private:
  void look(const Prefix& prefix, TermId predicate, bool inverse) {
    if (out_.looks.size() > k_most_entries) out_.all = true;
    if (!out_.all) out_.looks.insert({prefix, predicate, inverse});
  }

  void steps(PathId id, const Prefix& prefix) {
    const Path& path = on_.model.paths[id];
    switch (path.kind) {
      case Path::Kind::predicate: return look(prefix, path.predicate, false);
      case Path::Kind::inverse: return look(prefix, path.predicate, true);
      case Path::Kind::sequence: {
        auto longer = prefix;
        for (const auto part : path.parts) {
          steps(part, longer);
          longer.push_back(part);
        }
        return;
      }
      case Path::Kind::alternative:
      case Path::Kind::zero_or_one:
        for (const auto part : path.parts) steps(part, prefix);
        return;
      case Path::Kind::zero_or_more:
      case Path::Kind::one_or_more: {
        steps(path.parts[0], prefix);
        auto longer = prefix;
        longer.push_back(id);
        return steps(path.parts[0], longer);
      }
    }
  }

  // `nested`: evaluated for another shape's constraint, so its property shapes count here; else they are reported on
  // their own.
  void visit(ShapeId id, const Prefix& prefix, bool nested) {
    const Shape& shape = on_.model.shapes[id];
    if (shape.deactivated || out_.all) return;
    if (shape.recursive) {
      out_.all = true;
      return;
    }
    auto values = prefix;
    if (shape.is_property()) {
      steps(shape.path, prefix);
      values.push_back(shape.path);
    }
    for (const auto& c : shape.constraints) {
      switch (c.component) {
        case Component::class_:
          if (on_.classes.type()) look(values, on_.classes.type(), false);
          break;
        case Component::equals:
        case Component::disjoint:
        case Component::less_than:
        case Component::less_than_or_equals: look(prefix, c.terms[0], false); break;
        case Component::closed: look(values, 0, false); break;
        case Component::sparql:
        case Component::custom: out_.all = true; break;
        default:
          for (const auto other : c.shapes) visit(other, values, true);
      }
    }
    if (!nested) return;
    for (const auto property : shape.properties) visit(property, values, true);
  }

  const Ground& on_;
  Footprint out_;
};

class Restrictor {
 public:
  Restrictor(const std::vector<Quad>& changed, const Ground& on, Plan& plan)
      : changed_(changed), on_(on), plan_(plan), walk_(on), footprints_(on) {}

  Result<void> run() {
    const auto sub_class = on_.terms.find("<" + std::string(vocab::rdfs) + "subClassOf>");
    for (const auto& q : changed_) {
      if (sub_class && q.p == sub_class) return {};
    }
    const auto& shapes = on_.model.shapes;
    affected_.resize(shapes.size());
    for (ShapeId id = 0; id < shapes.size(); ++id) affected_[id] = directly(id);
    // New focus nodes of a property shape come with those of the shapes above it, however many levels up.
    for (bool more = true; more;) {
      more = false;
      for (ShapeId id = 0; id < shapes.size(); ++id) {
        if (shapes[id].properties.empty() || affected_[id].empty()) continue;
        const std::vector<TermId> nodes(affected_[id].begin(), affected_[id].end());
        const auto below = shapes[id].is_property() ? walk_.follow(shapes[id].path, nodes).items : nodes;
        for (const auto p : shapes[id].properties) {
          const auto before = affected_[p].size();
          affected_[p].insert(below.begin(), below.end());
          more = more || affected_[p].size() != before;
        }
      }
    }
    if (walk_.error()) return tl::unexpected<Error>(*walk_.error());
    for (ShapeId id = 0; id < shapes.size(); ++id) {
      FocusSet kept;
      const auto& focus = plan_.focus[id];
      for (std::size_t i = 0; i < focus.nodes.size(); ++i) {
        if (!affected_[id].contains(focus.nodes[i])) continue;
        kept.nodes.push_back(focus.nodes[i]);
        kept.routes.push_back(focus.route(i));
      }
      plan_.focus[id] = std::move(kept);
    }
    return {};
  }

 private:
  std::set<TermId> directly(ShapeId id) {
    const Shape& shape = on_.model.shapes[id];
    const auto& focus = plan_.focus[id].nodes;
    std::set<TermId> out;
    if (focus.empty()) return out;
    const auto footprint = footprints_.of(id);
    const auto by_query = [](const Target& target) { return target.kind == Target::Kind::query; };
    if (footprint.all || std::any_of(shape.targets.begin(), shape.targets.end(), by_query))
      return {focus.begin(), focus.end()};
    for (const auto& q : changed_) {
      for (const auto& target : shape.targets) {
        if (target.kind == Target::Kind::class_ && q.p == on_.classes.type()) out.insert(q.s);
        if (target.kind == Target::Kind::subjects_of && q.p == target.term) out.insert(q.s);
        if (target.kind == Target::Kind::objects_of && q.p == target.term) out.insert(q.o);
      }
    }
    for (const auto& look : footprint.looks) {
      std::vector<TermId> nodes;
      for (const auto& q : changed_) {
        if (!look.predicate || q.p == look.predicate) nodes.push_back(look.inverse ? q.o : q.s);
      }
      for (auto part = look.prefix.rbegin(); part != look.prefix.rend() && !nodes.empty(); ++part) {
        sort(nodes);
        nodes = walk_.follow(on_.model.inverse_of[*part], nodes).items;
      }
      out.insert(nodes.begin(), nodes.end());
    }
    return out;
  }

  static void sort(std::vector<TermId>& nodes) {
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  }

  const std::vector<Quad>& changed_;
  const Ground& on_;
  Plan& plan_;
  Evaluator walk_;
  Footprints footprints_;
  std::vector<std::set<TermId>> affected_;
};

}  // namespace

Result<void> restrict_to(const std::vector<Quad>& changed, const Ground& ground, Plan& plan) {
  return Restrictor(changed, ground, plan).run();
}

}  // namespace provgate::shacl
