// SPDX-License-Identifier: Apache-2.0
#include "shacl/compile.hpp"

#include <algorithm>
#include <functional>

#include "shacl/queries.hpp"

namespace provgate::shacl {
namespace {

constexpr std::size_t k_deepest = 300;  // shapes that refer to shapes that refer to shapes …

bool referring(Component c) {
  return c == Component::not_ || c == Component::and_ || c == Component::or_ || c == Component::xone ||
         c == Component::node || c == Component::qualified_min_count || c == Component::qualified_max_count;
}
// A node that stops to conform there may make the referring one conform.
bool negative(Component c) {
  return c == Component::not_ || c == Component::xone || c == Component::qualified_max_count;
}

}  // namespace

void Compiler::run(const Graph& data, const std::vector<std::string>& skipped) {
  find_components();
  find_shapes();
  while (!todo_.empty()) {
    const auto id = todo_.front();
    todo_.pop_front();
    one(id);
  }
  lint();
  skip(skipped);
  settle(data);
  if (in_.failed()) return;
  siblings();
  skip_what_needs();
  order_references();
  if (in_.failed()) return;
  find_inert();
  for (PathId id = 0; id < model_.paths.size(); ++id) model_.inverse_of.push_back(model_.paths.inverted(id));
}

// Constraints that nothing can break: a run of these alone has checked nothing.
void Compiler::find_inert() {
  auto& shapes = model_.shapes;
  std::vector<std::uint8_t> state(shapes.size(), 0);  // 1: being looked at, 2: inert, 3: not
  const std::function<bool(ShapeId)> inert = [&](ShapeId id) {
    if (state[id]) return state[id] == 2;
    state[id] = 1;
    bool all = true;
    for (auto& c : shapes[id].constraints) {
      const auto is = [&](ShapeId other) { return inert(other); };
      switch (c.component) {
        case Component::min_count:
        case Component::qualified_min_count: c.inert = c.count <= 0; break;
        case Component::node:
        case Component::and_: c.inert = std::all_of(c.shapes.begin(), c.shapes.end(), is); break;
        case Component::or_: c.inert = std::any_of(c.shapes.begin(), c.shapes.end(), is); break;
        default: break;
      }
      all = all && c.inert;
    }
    for (const auto p : shapes[id].properties) all = inert(p) && all;
    shapes[id].inert = all || shapes[id].deactivated;
    state[id] = shapes[id].inert ? 2 : 3;
    return state[id] == 2;
  };
  std::vector<std::size_t> uses(shapes.size(), 0);
  for (ShapeId id = 0; id < shapes.size(); ++id) {
    inert(id);
    for (const auto p : shapes[id].properties) ++uses[p];
    for (const auto& c : shapes[id].constraints) {
      for (const auto other : c.shapes) ++uses[other];
    }
  }
  for (ShapeId id = 0; id < shapes.size(); ++id) shapes[id].shared = uses[id] > 1;
}

ShapeId Compiler::shape_of(TermId node) {
  const auto [slot, fresh] = ids_.try_emplace(node, static_cast<ShapeId>(model_.shapes.size()));
  if (fresh) {
    Shape shape;
    shape.name = node;
    shape.node = in_.data(node);
    shape.statement = in_.statement(node);
    if (in_.blank(node)) shape.file = in_.file_among_several(shape.statement);
    model_.by_node[shape.node] = slot->second;
    model_.shapes.push_back(std::move(shape));
    todo_.push_back(slot->second);
  }
  return slot->second;
}

// 2.1: instances of the shape classes, subjects of targets and parameters. Those that parameters refer to follow from
// these.
void Compiler::find_shapes() {
  std::set<std::pair<std::size_t, TermId>> found;
  const auto add = [&](TermId node) { found.emplace(in_.statement(node), node); };
  for (const char* cls : {"NodeShape", "PropertyShape"}) {
    for (const auto node : in_.instances(in_.sh(cls))) add(node);
  }
  std::vector<TermId> predicates;
  for (const char* target : {"targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target"})
    predicates.push_back(in_.sh(target));
  for (const auto name : terms_of({Role::parameter})) predicates.push_back(in_.sh(name));
  for (const auto p : predicates) {
    for (const auto node : in_.subjects(p)) add(node);
  }
  for (const auto& component : components_) {
    for (const auto& parameter : component.parameters) {
      for (const auto node : in_.subjects(parameter.predicate)) add(node);
    }
  }
  for (const auto& [place, node] : found) shape_of(node);
}

void Compiler::one(ShapeId id) {
  const TermId node = model_.shapes[id].name;
  const auto paths = in_.objects(node, "path");
  if (paths.size() > 1)
    in_.error(in_.statement(node, in_.sh("path"), paths[1]),
              "a property shape has one sh:path, this one has " + std::to_string(paths.size()));
  if (!paths.empty()) {
    model_.shapes[id].path_node = paths[0];
    if (const auto made = path(paths[0], 0)) {
      model_.shapes[id].path = *made;
    } else {
      const auto items = in_.objects(paths[0], in_.rdf("first")).empty() ? std::nullopt : in_.list(paths[0]);
      const auto where = in_.statement(node, in_.sh("path"), paths[0]);
      if (items && items->size() == 1) {
        in_.error(where, "sh:path is a list of one member; a sequence path has at least two members",
                  "write the member alone, without the list" +
                      (in_.iri((*items)[0]) ? ": sh:path " + in_.shown((*items)[0]) : ""));
      } else {
        in_.error(where, "sh:path is not a property path",
                  "an IRI, a list of paths, or a node with one of sh:inversePath, sh:alternativePath, "
                  "sh:zeroOrMorePath, sh:oneOrMorePath and sh:zeroOrOnePath");
      }
    }
    if (in_.instance_of(node, in_.sh("NodeShape")))
      in_.error(in_.statement(node, in_.sh("path"), paths[0]), "a node shape has no sh:path",
                "make it a sh:PropertyShape, or put the path into a sh:property");
  } else if (in_.instance_of(node, in_.sh("PropertyShape"))) {
    in_.error(model_.shapes[id].statement, "a property shape without sh:path",
              "say which property it is about: sh:path <iri>");
  }
  header(model_.shapes[id]);
  targets(model_.shapes[id]);
  parameters(id);
  custom(id);
}

void Compiler::header(Shape& shape) {
  const auto severities = in_.objects(shape.name, "severity");
  if (severities.size() > 1)
    in_.error(in_.statement(shape.name, in_.sh("severity"), severities[1]),
              "two values for sh:severity, which takes one");
  shape.severity = in_.data_terms().intern(sh_term("Violation"));
  if (!severities.empty()) {
    const auto where = in_.statement(shape.name, in_.sh("severity"), severities[0]);
    const auto name = in_.local(severities[0]);
    const auto known = terms_of({Role::severity});
    if (!in_.iri(severities[0])) {
      in_.error(where, "sh:severity is an IRI, not " + in_.shown(severities[0]));
    } else if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end()) {
      const auto near = suggestion(name, {Role::severity});
      in_.error(where, "SHACL has no severity sh:" + name,
                near.empty() ? "sh:Violation, sh:Warning, sh:Info, or an IRI of your own" : near);
    }
    shape.severity = in_.data(severities[0]);
  }
  shape.messages = messages(shape.name);
  const auto off = in_.objects(shape.name, "deactivated");
  if (off.size() > 1)
    in_.error(in_.statement(shape.name, in_.sh("deactivated"), off[1]),
              "two values for sh:deactivated, which takes one");
  if (!off.empty()) {
    if (const auto value = in_.boolean(off[0])) {
      shape.deactivated = *value;
    } else if (in_.literal(off[0]) && view_literal(in_.text(off[0])).datatype == std::string(vocab::xsd) + "boolean" &&
               well_formed(view_literal(in_.text(off[0])))) {
      in_.warn(in_.statement(shape.name, in_.sh("deactivated"), off[0]),
               "sh:deactivated " + in_.shown(off[0]) + " has no effect", "only the literal true deactivates");
    } else {
      in_.error(in_.statement(shape.name, in_.sh("deactivated"), off[0]),
                "sh:deactivated is true or false, not " + in_.shown(off[0]));
    }
  }
}

std::vector<TermId> Compiler::messages(TermId node) {
  std::vector<TermId> out;
  for (const auto message : in_.objects(node, "message")) {
    if (!in_.literal(message) || !view_literal(in_.text(message)).datatype.empty()) {
      in_.error(in_.statement(node, in_.sh("message"), message),
                "sh:message is a string, with or without a language, not " + in_.shown(message));
    }
    out.push_back(in_.data(message));
  }
  return out;
}

void Compiler::targets(Shape& shape) {
  using Kind = Target::Kind;
  for (const auto& [name, kind] : {std::pair{"targetNode", Kind::node},
                                   {"targetClass", Kind::class_},
                                   {"targetSubjectsOf", Kind::subjects_of},
                                   {"targetObjectsOf", Kind::objects_of}}) {
    for (const auto value : in_.objects(shape.name, name)) {
      const auto where = in_.statement(shape.name, in_.sh(name), value);
      const bool fits = kind == Kind::node ? !in_.blank(value) : in_.iri(value);
      if (!fits)
        firm_.insert(where),
            in_.error(where, "sh:" + std::string(name) +
                                 (kind == Kind::node ? " is an IRI or a literal, not " : " is an IRI, not ") +
                                 in_.shown(value));
      shape.targets.push_back({kind, in_.data(value), false, where});
    }
  }
  for (const auto value : in_.objects(shape.name, "target")) target_query(shape, value);
  // 2.1.3.3, implicit class targets
  if (in_.instance_of(shape.name, in_.rdfs("Class"))) {
    const auto where = in_.statement(shape.name, in_.rdf("type"), 0);
    if (!in_.iri(shape.name))
      firm_.insert(where), in_.error(where, "a shape that is a class is an IRI, not a blank node");
    shape.targets.push_back({Kind::class_, shape.node, true, where});
  } else if (const auto owl = in_.terms().find("<http://www.w3.org/2002/07/owl#Class>");
             owl && in_.instance_of(shape.name, owl)) {
    in_.warn(
        in_.statement(shape.name, in_.rdf("type"), owl),
        "an owl:Class is not an implicit target: " + in_.shown(shape.name) + " targets none of its instances by that",
        "add rdfs:Class as a type, or sh:targetClass; for all of them: a shapes file that says owl:Class "
        "rdfs:subClassOf rdfs:Class");
  }
}

void Compiler::find_components() {
  for (const auto node : in_.instances(in_.sh("ConstraintComponent"))) {
    if (!in_.local(node).empty()) continue;  // SHACL's own, described once more
    CustomComponent component;
    component.node = node;
    // What no shape uses is never refused: a library may be given beside one's shapes. Nor what describes SHACL's own
    // terms, such as sh:parameter: it is not a constraint of a shape.
    bool good = true, used = false;
    for (const auto parameter : in_.objects(node, "parameter")) {
      for (const auto path : in_.objects(parameter, "path"))
        used = used || (in_.local(path).empty() && !in_.subjects(path).empty());
    }
    const auto refuse = [&](std::size_t statement, const std::string& why) {
      good = false;
      if (used) return in_.error(statement, why);
      in_.warn(statement, why + "; no shape uses it");
    };
    for (const auto parameter : in_.objects(node, "parameter")) {
      const auto where = in_.statement(node, in_.sh("parameter"), parameter);
      const auto paths = in_.objects(parameter, "path");
      if (paths.size() != 1 || !in_.iri(paths[0])) {
        refuse(where, "a parameter of a constraint component has one sh:path, which is an IRI");
        for (const auto path : paths) component.parameters.push_back({path, {}, false});
        continue;
      }
      CustomComponent::Parameter one{paths[0], variable_of(in_.text(paths[0])), false};
      if (one.name.empty())
        refuse(where, "the end of the parameter's path " + in_.shown(paths[0]) + " cannot be a variable of a query");
      for (const auto optional : in_.objects(parameter, "optional"))
        one.optional = one.optional || in_.boolean(optional) == true;
      component.parameters.push_back(std::move(one));
    }
    const auto where = in_.statement(node);
    for (const auto& [name, slot] : {std::pair{"validator", &component.validator},
                                     {"nodeValidator", &component.node_validator},
                                     {"propertyValidator", &component.property_validator}}) {
      const auto values = in_.objects(node, name);
      if (values.size() > 1)
        refuse(in_.statement(node, in_.sh(name), values[1]),
               "more than one sh:" + std::string(name) + " for one constraint component");
      if (!values.empty()) *slot = values[0];
    }
    if (component.parameters.empty()) {
      in_.warn(where, "the constraint component " + in_.shown(node) + " has no sh:parameter: no shape can use it");
      continue;
    }
    const bool some = std::any_of(component.parameters.begin(), component.parameters.end(),
                                  [](const auto& p) { return !p.optional; });
    if (!some) refuse(where, "the constraint component " + in_.shown(node) + " has optional parameters only");
    if (!component.validator && !component.node_validator && !component.property_validator) {
      refuse(where, "the constraint component " + in_.shown(node) + " has no validator: it would check nothing");
    }
    if (!used) continue;
    component.faulty = !good;
    components_.push_back(std::move(component));
  }
}

// 4.7.3: siblings of a qualified shape are those of every property shape that shares a parent, whatever their paths.
void Compiler::siblings() {
  const auto asks = [](const Constraint& c) {
    return c.kinds != 0 &&
           (c.component == Component::qualified_min_count || c.component == Component::qualified_max_count);
  };
  for (ShapeId p = 0; p < model_.shapes.size(); ++p) {
    if (std::none_of(model_.shapes[p].constraints.begin(), model_.shapes[p].constraints.end(), asks)) continue;
    std::set<ShapeId> others;
    for (const auto& parent : model_.shapes) {
      if (std::find(parent.properties.begin(), parent.properties.end(), p) == parent.properties.end()) continue;
      for (const auto property : parent.properties) {
        for (const auto shape : in_.objects(model_.shapes[property].name, "qualifiedValueShape")) {
          if (const auto known = ids_.find(shape); known != ids_.end()) others.insert(known->second);
        }
      }
    }
    for (auto& c : model_.shapes[p].constraints) {
      if (!asks(c)) continue;
      for (const auto other : others) {
        if (other != c.shapes[0]) c.shapes.push_back(other);
      }
    }
  }
}

// Strongly connected references (Tarjan, 1972). A cycle is fine as long as no step in it is negative.
void Compiler::order_references() {
  auto& shapes = model_.shapes;
  struct Edge {
    ShapeId to;
    bool negative;
  };
  std::vector<std::vector<Edge>> edges(shapes.size());
  for (ShapeId id = 0; id < shapes.size(); ++id) {
    for (const auto p : shapes[id].properties) edges[id].push_back({p, false});
    for (const auto& c : shapes[id].constraints) {
      if (!referring(c.component)) continue;
      const bool disjoint =
          c.component == Component::qualified_min_count || c.component == Component::qualified_max_count;
      for (std::size_t i = 0; i < c.shapes.size(); ++i)
        edges[id].push_back({c.shapes[i], negative(c.component) || (disjoint && i > 0)});
    }
  }
  std::vector<std::size_t> index(shapes.size(), 0), low(shapes.size(), 0), group(shapes.size(), SIZE_MAX);
  std::vector<ShapeId> stack;
  std::vector<std::vector<ShapeId>> groups;
  std::size_t next = 1, depth = 0, deepest = 0;
  ShapeId deepest_shape = 0;
  const std::function<void(ShapeId)> visit = [&](ShapeId v) {
    if (++depth > deepest) deepest = depth, deepest_shape = v;
    index[v] = low[v] = next++;
    stack.push_back(v);
    for (const auto& e : edges[v]) {
      if (depth > k_deepest) break;
      if (!index[e.to]) {
        visit(e.to);
        low[v] = std::min(low[v], low[e.to]);
      } else if (group[e.to] == SIZE_MAX) {
        low[v] = std::min(low[v], index[e.to]);
      }
    }
    if (low[v] == index[v]) {
      groups.emplace_back();
      ShapeId w = 0;
      do {
        w = stack.back();
        stack.pop_back();
        group[w] = groups.size() - 1;
        groups.back().push_back(w);
      } while (w != v);
    }
    --depth;
  };
  for (ShapeId id = 0; id < shapes.size(); ++id) {
    if (!index[id]) visit(id);
  }
  if (deepest > k_deepest) {
    return in_.error(shapes[deepest_shape].statement,
                     "shapes refer to shapes more than " + std::to_string(k_deepest) + " deep");
  }
  for (ShapeId id = 0; id < shapes.size(); ++id) {
    shapes[id].group = group[id];
    for (const auto& e : edges[id]) {
      if (group[e.to] != group[id]) continue;
      shapes[id].recursive = true;
      if (e.negative) {
        in_.error(shapes[id].statement,
                  "the shape " + in_.shown(shapes[id].name) +
                      " refers to itself through a negation (sh:not, sh:xone, sh:qualifiedMaxCount or disjoint "
                      "siblings), by way of " +
                      in_.shown(shapes[e.to].name) + ": it has no one meaning",
                  "break the cycle; recursion is fine without negation");
      }
    }
  }
}

}  // namespace provgate::shacl
