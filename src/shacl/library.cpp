// SPDX-License-Identifier: Apache-2.0
// Files of shapes that are given beside one's own, such as DASH: where none of a file's shapes selects a node of the
// data, what is wrong in it is a warning, unless a shape that does select nodes depends on it. With one file alone
// nothing is passed over.
#include <algorithm>

#include "shacl/compile.hpp"

namespace provgate::shacl {

bool leads_on(std::string_view name) {
  static const std::set<std::string_view> k_names = {"property",
                                                     "node",
                                                     "not",
                                                     "and",
                                                     "or",
                                                     "xone",
                                                     "qualifiedValueShape",
                                                     "path",
                                                     "inversePath",
                                                     "alternativePath",
                                                     "zeroOrMorePath",
                                                     "oneOrMorePath",
                                                     "zeroOrOnePath",
                                                     "sparql",
                                                     "prefixes",
                                                     "declare",
                                                     "target",
                                                     "parameter",
                                                     "validator",
                                                     "nodeValidator",
                                                     "propertyValidator",
                                                     "in",
                                                     "languageIn",
                                                     "ignoredProperties",
                                                     "severity",
                                                     "group"};
  return k_names.contains(name);
}

std::set<TermId> Compiler::reachable(const std::vector<TermId>& from, bool wide,
                                     const std::set<TermId>& without) const {
  const auto& quads = in_.graph().quads();
  const auto first = in_.rdf("first"), rest = in_.rdf("rest"), type = in_.rdf("type"),
             target_type = in_.sh("SPARQLTargetType");
  std::set<TermId> out;
  std::vector<TermId> todo;
  const auto reach = [&](TermId node) {
    if (!in_.literal(node) && !without.contains(node) && out.insert(node).second) todo.push_back(node);
  };
  for (const auto node : from) reach(node);
  while (!todo.empty()) {
    const auto node = todo.back();
    todo.pop_back();
    for (const auto i : in_.about(node)) {
      const auto& q = quads[i];
      if (q.p == first || q.p == rest || leads_on(in_.local(q.p)) || (wide && !in_.local(q.p).empty())) reach(q.o);
      if (q.p == type && target_type && in_.instance_of(q.o, target_type)) reach(q.o);
      for (const auto& component : components_) {
        if (std::any_of(component.parameters.begin(), component.parameters.end(),
                        [&](const auto& p) { return p.predicate == q.p; }))
          reach(component.node);
      }
    }
  }
  return out;
}

// Told without an index of the data, so generously: a superclass of anything may have instances.
std::vector<TermId> Compiler::selecting(const Graph& data) const {
  const auto type = data.terms().find("<" + std::string(vocab::rdf) + "type>"),
             sub = data.terms().find("<" + std::string(vocab::rdfs) + "subClassOf>");
  std::set<TermId> nodes, classes, predicates;
  for (const auto& q : data.quads()) {
    predicates.insert(q.p);
    if (q.p == type || q.p == sub) classes.insert(q.o);
  }
  std::vector<TermId> out;
  for (const auto& shape : model_.shapes) {
    const bool some = std::any_of(shape.targets.begin(), shape.targets.end(), [&](const Target& target) {
      switch (target.kind) {
        case Target::Kind::node:
        case Target::Kind::query: return true;
        case Target::Kind::class_: return classes.contains(target.term);
        case Target::Kind::subjects_of:
        case Target::Kind::objects_of: return predicates.contains(target.term);
      }
      return true;
    });
    if (some && !shape.deactivated) out.push_back(shape.name);
  }
  return out;
}

// --skip-shapes: such shapes check nothing, and each is said.
void Compiler::skip(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const auto id = ids_.find(in_.terms().find(name.starts_with('<') ? name : iri_text(name)));
    if (id == ids_.end()) {
      in_.error(SIZE_MAX, "--skip-shapes names " + name + ", which is not a shape");
      continue;
    }
    auto& shape = model_.shapes[id->second];
    in_.warn(shape.statement,
             "the shape " + in_.shown(shape.name) + " is skipped, as was asked for: it checks nothing");
    skipped_.push_back(shape.name);
    model_.skipped.push_back(name);
    shape.deactivated = true;
    shape.targets.clear(), shape.constraints.clear(), shape.properties.clear();
  }
}

// To a skipped shape every node conforms, and to what is built on one more nodes than should. Where that could only
// hide a fault (sh:node, sh:and, sh:or, sh:property) it is said; where it could make one (sh:not, sh:xone, counts of
// what conforms), the constraint is left out.
void Compiler::skip_what_needs() {
  if (skipped_.empty()) return;
  auto& shapes = model_.shapes;
  std::vector<bool> incomplete(shapes.size());
  for (const auto name : skipped_) incomplete[ids_.at(name)] = true;
  const auto needs = [&](const Constraint& c) {
    return std::any_of(c.shapes.begin(), c.shapes.end(), [&](ShapeId other) { return incomplete[other]; });
  };
  for (bool more = true; more;) {
    more = false;
    for (ShapeId id = 0; id < shapes.size(); ++id) {
      const auto& shape = shapes[id];
      if (incomplete[id]) continue;
      incomplete[id] =
          std::any_of(shape.constraints.begin(), shape.constraints.end(), needs) ||
          std::any_of(shape.properties.begin(), shape.properties.end(), [&](ShapeId p) { return incomplete[p]; });
      more = more || incomplete[id];
    }
  }
  for (auto& shape : shapes) {
    std::erase_if(shape.constraints, [&](const Constraint& c) {
      if (!needs(c)) return false;
      const bool misleads = c.component == Component::not_ || c.component == Component::xone ||
                            c.component == Component::qualified_min_count ||
                            c.component == Component::qualified_max_count;
      in_.warn(c.statement, "this constraint needs a shape that is skipped: it is " +
                                std::string(misleads ? "skipped, too" : "checked in part"));
      return misleads;
    });
  }
}

void Compiler::settle(const Graph& data) {
  auto idle = skipped_;
  for (const auto& shape : model_.shapes) {
    if (shape.deactivated) idle.push_back(shape.name);
  }
  if (!in_.failed() || (in_.files() < 2 && idle.empty())) return;
  const auto active = selecting(data);
  const auto reached = reachable(active, false, {idle.begin(), idle.end()}), left_out = reachable(idle, true);
  std::set<std::size_t> strict;  // files with shapes that select
  for (const auto node : active) strict.insert(in_.file_of(in_.statement(node)));
  if (strict.empty() && idle.empty()) return;
  const auto& quads = in_.graph().quads();
  std::set<TermId> faulty;
  in_.forgive([&](std::size_t statement) {
    if (statement == SIZE_MAX || reached.contains(quads[statement].s)) return false;
    const bool library = !strict.empty() && !strict.contains(in_.file_of(statement)) && !firm_.contains(statement);
    if (!library && !left_out.contains(quads[statement].s)) return false;
    faulty.insert(quads[statement].s);
    return true;
  });
  if (in_.failed() || faulty.empty()) return;
  // Such shapes are half made; nothing selects a node by them.
  for (auto& shape : model_.shapes) {
    if (reached.contains(shape.name) ||
        (strict.contains(in_.file_of(in_.statement(shape.name))) && !left_out.contains(shape.name)))
      continue;
    shape.deactivated = true;
    shape.targets.clear(), shape.constraints.clear(), shape.properties.clear();
  }
}

}  // namespace provgate::shacl
