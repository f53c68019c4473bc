// SPDX-License-Identifier: Apache-2.0
// Parameters of Core constraint components (SHACL 4): each value checked, then one constraint for each.
#include <algorithm>

#include "shacl/compile.hpp"
#include "shacl/regex.hpp"

namespace provgate::shacl {
enum class Takes {
  iri,
  iris,
  node_kind,
  count,
  length,
  bound,
  shape,
  shapes,
  property,
  list,
  languages,
  boolean,
  any,
  sparql,
  later
};

struct Parameter {
  std::string_view name;
  Component component;
  Takes takes;
  bool property_only = false;
};

namespace {

constexpr Parameter k_parameters[] = {{"class", Component::class_, Takes::iris},
                                      {"datatype", Component::datatype, Takes::iri},
                                      {"nodeKind", Component::node_kind, Takes::node_kind},
                                      {"minCount", Component::min_count, Takes::count, true},
                                      {"maxCount", Component::max_count, Takes::count, true},
                                      {"minExclusive", Component::min_exclusive, Takes::bound},
                                      {"minInclusive", Component::min_inclusive, Takes::bound},
                                      {"maxExclusive", Component::max_exclusive, Takes::bound},
                                      {"maxInclusive", Component::max_inclusive, Takes::bound},
                                      {"minLength", Component::min_length, Takes::length},
                                      {"maxLength", Component::max_length, Takes::length},
                                      {"languageIn", Component::language_in, Takes::languages},
                                      {"uniqueLang", Component::unique_lang, Takes::boolean, true},
                                      {"equals", Component::equals, Takes::iris},
                                      {"disjoint", Component::disjoint, Takes::iris},
                                      {"lessThan", Component::less_than, Takes::iris, true},
                                      {"lessThanOrEquals", Component::less_than_or_equals, Takes::iris, true},
                                      {"not", Component::not_, Takes::shape},
                                      {"node", Component::node, Takes::shape},
                                      {"and", Component::and_, Takes::shapes},
                                      {"or", Component::or_, Takes::shapes},
                                      {"xone", Component::xone, Takes::shapes},
                                      {"property", Component::node, Takes::property},
                                      {"hasValue", Component::has_value, Takes::any},
                                      {"in", Component::in, Takes::list},
                                      {"sparql", Component::sparql, Takes::sparql},
                                      {"closed", Component::closed, Takes::later},
                                      {"ignoredProperties", Component::closed, Takes::later},
                                      {"pattern", Component::pattern, Takes::later},
                                      {"flags", Component::pattern, Takes::later},
                                      {"qualifiedValueShape", Component::qualified_min_count, Takes::later, true},
                                      {"qualifiedMinCount", Component::qualified_min_count, Takes::later},
                                      {"qualifiedMaxCount", Component::qualified_max_count, Takes::later},
                                      {"qualifiedValueShapesDisjoint", Component::qualified_min_count, Takes::later}};

bool one_only(Takes takes) {
  switch (takes) {
    case Takes::iri:
    case Takes::node_kind:
    case Takes::count:
    case Takes::length:
    case Takes::bound:
    case Takes::list:
    case Takes::languages:
    case Takes::boolean: return true;
    default: return false;
  }
}

constexpr std::pair<std::string_view, std::uint8_t> k_node_kinds[] = {{"IRI", 1},          {"BlankNode", 2},
                                                                      {"Literal", 4},      {"BlankNodeOrIRI", 3},
                                                                      {"IRIOrLiteral", 5}, {"BlankNodeOrLiteral", 6}};

}  // namespace

void Compiler::parameters(ShapeId id) {
  const TermId node = model_.shapes[id].name;
  for (const auto& parameter : k_parameters) {
    const auto predicate = in_.sh(parameter.name);
    const auto values = in_.objects(node, predicate);
    if (values.empty()) continue;
    if (parameter.property_only && !model_.shapes[id].is_property() && model_.shapes[id].path_node == 0) {
      in_.error(at(id, predicate), "sh:" + std::string(parameter.name) +
                                       " belongs to property shapes: " + in_.shown(node) + " has no sh:path");
    }
    if (one_only(parameter.takes) && !single(id, predicate, values)) continue;
    this->values(id, predicate, values);
  }
  closed(id);
  pattern(id);
  qualified(id);
}

bool Compiler::single(ShapeId id, TermId predicate, const std::vector<TermId>& values) {
  if (values.size() <= 1) return true;
  in_.error(at(id, predicate, values[1]),
            std::to_string(values.size()) + " values for " + in_.shown(predicate) + ", which takes one");
  return false;
}

Constraint& Compiler::add(ShapeId id, Component component, TermId predicate, TermId value) {
  Constraint c;
  c.component = component;
  c.iri = in_.data_terms().intern(sh_term(name_of(component)));
  c.parameter = predicate;
  c.value = value;
  c.statement = at(id, predicate, value);
  model_.shapes[id].constraints.push_back(std::move(c));
  return model_.shapes[id].constraints.back();
}

void Compiler::wrong_value(ShapeId id, TermId predicate, TermId value, const std::string& wanted) {
  in_.error(at(id, predicate, value), "sh:" + in_.local(predicate) + " is " + wanted + ", not " + in_.shown(value));
}

void Compiler::iri_value(ShapeId id, TermId predicate, TermId value, const std::string& name, Component component) {
  if (!in_.iri(value)) return wrong_value(id, predicate, value, "an IRI");
  const auto iri = in_.text(value).substr(1, in_.text(value).size() - 2);
  if (name == "datatype" && iri.starts_with(vocab::xsd) && !lexical_test(iri)) {
    in_.warn(at(id, predicate, value),
             "XML Schema has no datatype " + quote(iri.substr(vocab::xsd.size())) + ": every value will break this");
  }
  add(id, component, predicate, value).terms = {in_.data(value)};
}

void Compiler::kind_value(ShapeId id, TermId predicate, TermId value, Component component) {
  const auto kind = std::find_if(std::begin(k_node_kinds), std::end(k_node_kinds),
                                 [&](const auto& k) { return k.first == in_.local(value); });
  if (kind != std::end(k_node_kinds)) {
    add(id, component, predicate, value).kinds = kind->second;
    return;
  }
  constexpr auto k_all =
      "sh:IRI, sh:BlankNode, sh:Literal, sh:BlankNodeOrIRI, sh:BlankNodeOrLiteral or sh:IRIOrLiteral";
  const auto near = suggestion(in_.local(value), {Role::node_kind});
  in_.error(at(id, predicate, value), "sh:nodeKind is not one of SHACL's six: " + in_.shown(value),
            !near.empty() ? near : k_all);
}

void Compiler::count_value(ShapeId id, TermId predicate, TermId value, const std::string& name, Component component) {
  const auto count = in_.integer(value);
  if (!count) return wrong_value(id, predicate, value, "an xsd:integer");
  const auto said = "sh:" + name + " " + std::to_string(*count);
  // Blank nodes have no length: sh:minLength 0 refuses them.
  if (name == "maxCount" || name == "maxLength") {
    if (*count < 0) in_.warn(at(id, predicate, value), said + ": every value will break this");
  } else if ((*count < 0 && name == "minLength") || (*count <= 0 && name == "minCount")) {
    in_.warn(at(id, predicate, value), said + " has no effect");
  }
  add(id, component, predicate, value).count = *count;
}

void Compiler::bound_value(ShapeId id, TermId predicate, TermId value, Component component) {
  if (!in_.literal(value) || !well_formed(view_literal(in_.text(value)))) {
    return wrong_value(id, predicate, value, "a well-formed literal");
  }
  if (value_of(view_literal(in_.text(value))).space == LiteralValue::Space::none) {
    in_.warn(at(id, predicate, value),
             "no value can be compared with " + in_.shown(value) + ": every value will break this");
  }
  add(id, component, predicate, value).terms = {in_.data(value)};
}

void Compiler::shape_value(ShapeId id, TermId predicate, TermId value, const Parameter& parameter) {
  const auto target = reference(id, predicate, value, value);
  if (!target) return;
  if (parameter.takes != Takes::property) {
    add(id, parameter.component, predicate, value).shapes = {*target};
    return;
  }
  if (in_.objects(value, "path").empty()) {
    in_.error(at(id, predicate, value), "sh:property names " + in_.shown(value) + ", which has no sh:path",
              "a property shape says which property it is about: sh:path <iri>");
  }
  model_.shapes[id].properties.push_back(*target);
}

void Compiler::list_value(ShapeId id, TermId predicate, TermId value, const Parameter& parameter) {
  const auto items = in_.list(value);
  if (!items) return wrong_value(id, predicate, value, "a well-formed list");
  std::vector<TermId> terms;
  for (const auto item : *items) {
    if (parameter.takes == Takes::languages && !in_.string(item)) {
      in_.error(at(id, predicate, value), "sh:languageIn is a list of strings; it holds " + in_.shown(item));
    }
    terms.push_back(in_.data(item));
  }
  std::sort(terms.begin(), terms.end());
  add(id, parameter.component, predicate, value).terms = std::move(terms);
}

void Compiler::value(ShapeId id, TermId predicate, TermId value, const std::string& name, const Parameter& parameter) {
  switch (parameter.takes) {
    case Takes::iri:
    case Takes::iris: return iri_value(id, predicate, value, name, parameter.component);
    case Takes::node_kind: return kind_value(id, predicate, value, parameter.component);
    case Takes::count:
    case Takes::length: return count_value(id, predicate, value, name, parameter.component);
    case Takes::bound: return bound_value(id, predicate, value, parameter.component);
    case Takes::shape:
    case Takes::property: return shape_value(id, predicate, value, parameter);
    case Takes::shapes: return members(id, parameter.component, predicate, value);
    case Takes::any: add(id, parameter.component, predicate, value).terms = {in_.data(value)}; return;
    case Takes::list:
    case Takes::languages: return list_value(id, predicate, value, parameter);
    case Takes::boolean:
      if (flag(id, predicate, value)) add(id, parameter.component, predicate, value);
      return;
    case Takes::sparql: return sparql(id, predicate, value);
    case Takes::later: return;
  }
}

void Compiler::values(ShapeId id, TermId predicate, const std::vector<TermId>& values) {
  const auto name = in_.local(predicate);
  const auto& parameter =
      *std::find_if(std::begin(k_parameters), std::end(k_parameters), [&](const auto& p) { return p.name == name; });
  for (const auto one : values) value(id, predicate, one, name, parameter);
}

// true, false, or a fault; other ways to write true have no effect (suite: uniqueLang-002).
bool Compiler::flag(ShapeId id, TermId predicate, TermId value) {
  if (const auto plain = in_.boolean(value)) return *plain;
  const auto where = at(id, predicate, value);
  const auto view = in_.literal(value) ? view_literal(in_.text(value)) : LiteralView{};
  if (view.datatype == std::string(vocab::xsd) + "boolean" && well_formed(view)) {
    in_.warn(where, in_.shown(predicate) + " " + in_.shown(value) + " has no effect",
             "write true or false: only the literal true counts");
  } else {
    in_.error(where, in_.shown(predicate) + " is true or false, not " + in_.shown(value));
  }
  return false;
}

std::optional<ShapeId> Compiler::reference(ShapeId id, TermId predicate, TermId value, TermId target) {
  const auto where = at(id, predicate, value);
  if (in_.literal(target)) {
    in_.error(where, in_.shown(predicate) + " names a literal, " + in_.shown(target) + ", where a shape is wanted");
    return {};
  }
  if (!in_.described(target)) {
    std::vector<std::string_view> names;
    for (const auto& shape : model_.shapes) {
      if (in_.iri(shape.name)) names.push_back(in_.text(shape.name));
    }
    const auto near = closest(in_.text(target), names);
    in_.error(where, in_.shown(predicate) + " names " + in_.shown(target) + ", about which the shapes say nothing",
              near ? "did you mean " + *near + "?" : "is the file with this shape among those given?");
    return {};
  }
  return shape_of(target);
}

void Compiler::members(ShapeId id, Component component, TermId predicate, TermId head) {
  const auto items = in_.list(head);
  if (!items)
    return in_.error(at(id, predicate, head),
                     in_.shown(predicate) + " is a well-formed list of shapes, not " + in_.shown(head));
  std::vector<ShapeId> shapes;
  for (const auto item : *items) {
    if (const auto target = reference(id, predicate, head, item)) shapes.push_back(*target);
  }
  if (items->empty())
    in_.warn(at(id, predicate, head), in_.shown(predicate) + " with an empty list " +
                                          (component == Component::and_ ? "has no effect" : "lets no value conform"));
  add(id, component, predicate, head).shapes = std::move(shapes);
}

void Compiler::closed(ShapeId id) {
  const TermId node = model_.shapes[id].name, predicate = in_.sh("closed"), ignored = in_.sh("ignoredProperties");
  const auto values = in_.objects(node, predicate), lists = in_.objects(node, ignored);
  if (!single(id, predicate, values) || !single(id, ignored, lists)) return;
  std::set<TermId> allowed;
  for (const auto list : lists) {
    const auto items = in_.list(list);
    if (!items) return in_.error(at(id, ignored, list), "sh:ignoredProperties is a well-formed list of IRIs");
    for (const auto item : *items) {
      if (!in_.iri(item))
        in_.error(at(id, ignored, list), "sh:ignoredProperties holds " + in_.shown(item) + ", which is not an IRI");
      allowed.insert(in_.data(item));
    }
  }
  if (values.empty()) {
    if (!lists.empty()) in_.warn(at(id, ignored), "sh:ignoredProperties without sh:closed has no effect");
    return;
  }
  if (!flag(id, predicate, values[0])) return;
  // 4.8.1: the paths of its property shapes that are IRIs.
  for (const auto property : in_.objects(node, "property")) {
    for (const auto path : in_.objects(property, "path")) {
      if (in_.iri(path)) allowed.insert(in_.data(path));
    }
  }
  add(id, Component::closed, predicate, values[0]).terms.assign(allowed.begin(), allowed.end());
}

void Compiler::pattern(ShapeId id) {
  const TermId node = model_.shapes[id].name, predicate = in_.sh("pattern"), flags = in_.sh("flags");
  const auto values = in_.objects(node, predicate), options = in_.objects(node, flags);
  if (!single(id, predicate, values) || !single(id, flags, options)) return;
  if (!options.empty() && values.empty()) in_.warn(at(id, flags), "sh:flags without sh:pattern has no effect");
  if (values.empty()) return;
  if (!in_.string(values[0]))
    return in_.error(at(id, predicate), "sh:pattern is a string, not " + in_.shown(values[0]));
  if (!options.empty() && !in_.string(options[0]))
    return in_.error(at(id, flags), "sh:flags is a string, not " + in_.shown(options[0]));
  auto made = Regex::compile(view_literal(in_.text(values[0])).value(),
                             options.empty() ? std::string{} : view_literal(in_.text(options[0])).value());
  if (!made) return in_.error(at(id, predicate), made.error().why);
  const bool literally = !options.empty() && view_literal(in_.text(options[0])).value().find('q') != std::string::npos;
  if (const auto odd = odd_escape(view_literal(in_.text(values[0])).value()); !literally && !odd.empty()) {
    in_.warn(at(id, predicate),
             "sh:pattern has " + odd + ", which is not an escape of SPARQL's regular expressions; it is read as " +
                 odd.substr(1),
             "write " + odd.substr(1) + " without the backslash");
  }
  add(id, Component::pattern, predicate, values[0]).regex = std::move(*made);
}

void Compiler::qualified(ShapeId id) {
  const TermId node = model_.shapes[id].name, predicate = in_.sh("qualifiedValueShape"),
               disjoint = in_.sh("qualifiedValueShapesDisjoint");
  const auto shapes = in_.objects(node, predicate), flags = in_.objects(node, disjoint);
  if (!single(id, predicate, shapes) || !single(id, disjoint, flags)) return;
  const bool apart = !flags.empty() && flag(id, disjoint, flags[0]);
  std::optional<ShapeId> target;
  if (!shapes.empty()) target = reference(id, predicate, shapes[0], shapes[0]);
  bool counted = false;
  for (const auto& [name, component] : {std::pair{"qualifiedMinCount", Component::qualified_min_count},
                                        {"qualifiedMaxCount", Component::qualified_max_count}}) {
    const auto count_predicate = in_.sh(name);
    const auto values = in_.objects(node, count_predicate);
    if (values.empty() || !single(id, count_predicate, values)) continue;
    counted = true;
    const auto count = in_.integer(values[0]);
    if (!count) {
      in_.error(at(id, count_predicate), "sh:" + std::string(name) + " is an xsd:integer, not " + in_.shown(values[0]));
    } else if (shapes.empty()) {
      in_.warn(at(id, count_predicate), "sh:" + std::string(name) + " without sh:qualifiedValueShape has no effect");
    } else if (target) {
      auto& c = add(id, component, count_predicate, values[0]);
      c.shapes = {*target};
      c.count = *count;
      c.kinds = apart;
    }
  }
  if (!shapes.empty() && !counted)
    in_.warn(at(id, predicate),
             "sh:qualifiedValueShape without sh:qualifiedMinCount or sh:qualifiedMaxCount has no effect");
  if (!flags.empty() && shapes.empty())
    in_.warn(at(id, disjoint), "sh:qualifiedValueShapesDisjoint without sh:qualifiedValueShape has no effect");
}

}  // namespace provgate::shacl
