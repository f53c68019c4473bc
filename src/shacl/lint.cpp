// SPDX-License-Identifier: Apache-2.0
// What looks wrong in the shapes graph as a whole: terms that are not understood are refused where a shape depends on
// them.
#include <algorithm>

#include "shacl/compile.hpp"

namespace provgate::shacl {
namespace {

std::string wrong_namespace(std::string_view iri) {
  for (const char* near :
       {"<https://www.w3.org/ns/shacl#", "<http://www.w3.org/ns/shacl/",
        "<http://www.w3.org/ns/shacl:", "<http://www.w3.org/ns/shacl>", "<http://w3.org/ns/shacl#",
        "<http://www.w3.org/ns/SHACL#", "<https://www.w3.org/ns/shacl/", "<http://www.w3.org/ns/sh#"}) {
    if (iri.starts_with(near)) return std::string(iri);
  }
  return {};
}

// Classes of what is declared for others to use.
bool declaration(std::string_view cls) {
  static const std::set<std::string_view> k_names = {"Function",
                                                     "SPARQLFunction",
                                                     "JSFunction",
                                                     "JSLibrary",
                                                     "JSConstraintComponent",
                                                     "JSTargetType",
                                                     "JSValidator",
                                                     "NamedParameterExpressionFunction",
                                                     "ListParameterExpressionFunction",
                                                     "RuleGroup"};
  return k_names.contains(cls);
}

// Constraint parameters of vocabularies in wide use, which are none of SHACL's.
std::string foreign_parameter(std::string_view iri) {
  static const std::set<std::string_view> k_dash = {"closedByTypes",
                                                    "coExistsWith",
                                                    "conformsToSHACL",
                                                    "hasMaxExclusive",
                                                    "hasMinExclusive",
                                                    "hasValueIn",
                                                    "hasValueWithClass",
                                                    "isIn",
                                                    "nonRecursive",
                                                    "singleLine",
                                                    "stem",
                                                    "subSetOf",
                                                    "symmetric",
                                                    "uniqueValueForClass",
                                                    "uniqueValuesForClass",
                                                    "uriStart",
                                                    "fileExists",
                                                    "rootClass",
                                                    "reifiableBy",
                                                    "validDateRange",
                                                    "hasMinCardinality",
                                                    "hasMaxCardinality",
                                                    "maxQuantity",
                                                    "minQuantity"};
  constexpr std::string_view dash = "<http://datashapes.org/dash#", rsx = "<http://rdf4j.org/shacl-extensions#";
  const auto name = [&](std::string_view space) { return iri.substr(space.size(), iri.size() - space.size() - 1); };
  if (iri.starts_with(dash) && k_dash.contains(name(dash))) return "dash:" + std::string(name(dash));
  if (iri.starts_with(rsx)) return "rsx:" + std::string(name(rsx));
  return {};
}

// What a property that does not validate should hold (2.3.2); empty when it does.
std::string unlike_its_kind(std::string_view name, const Term& value) {
  const auto* literal = std::get_if<Literal>(&value);
  const auto* datatype = literal ? literal->datatype() : nullptr;
  if ((name == "name" || name == "description") && (!literal || datatype))
    return "a string, with or without a language";
  if (name == "group" && literal) return "a node, an sh:PropertyGroup";
  if (name != "order") return {};
  const auto type = datatype ? std::string_view(datatype->text()) : std::string_view{};
  const auto local = type.starts_with(vocab::xsd) ? type.substr(vocab::xsd.size()) : std::string_view{};
  const bool number = local == "integer" || local == "decimal" || local == "double" || local == "float";
  return number ? std::string{} : "a number";
}

// Results and queries stand at nodes of their own.
bool of_other_nodes(std::string_view name) {
  static const std::set<std::string_view> k_names = {"select",
                                                     "ask",
                                                     "construct",
                                                     "result",
                                                     "conforms",
                                                     "value",
                                                     "focusNode",
                                                     "resultPath",
                                                     "resultSeverity",
                                                     "resultMessage",
                                                     "sourceShape",
                                                     "sourceConstraint",
                                                     "sourceConstraintComponent",
                                                     "detail",
                                                     "optional",
                                                     "namespace",
                                                     "prefix"};
  return k_names.contains(name);
}

}  // namespace

struct Compiler::Lint {
  std::set<TermId> reached, used;  ///< what shapes and components, and what active shapes are made of
  std::set<TermId> queries;        ///< nodes of queries, parameters, prefixes and targets
};

void Compiler::lint() {
  // What the shapes and components are made of.
  std::vector<TermId> made, active;
  for (const auto& shape : model_.shapes) {
    made.push_back(shape.name);
    if (!shape.targets.empty() && !shape.deactivated) active.push_back(shape.name);
  }
  for (const auto& component : components_) made.push_back(component.node);
  Lint known{reachable(made), reachable(active, true), {}};
  for (const char* property :
       {"sparql", "validator", "nodeValidator", "propertyValidator", "parameter", "declare", "target"}) {
    for (const auto s : in_.subjects(in_.sh(property))) {
      for (const auto o : in_.objects(s, property)) known.queries.insert(o);
    }
  }
  for (std::size_t i = 0; i < in_.graph().quads().size(); ++i) {
    const auto& q = in_.graph().quads()[i];
    if (refuse_namespace(i, q.p)) continue;
    lint_foreign(i, q);
    const auto name = in_.local(q.p);
    if (name == "entailment") {
      in_.error(i, "sh:entailment asks for " + in_.shown(q.o) + "; provgate derives nothing",
                "derive the triples first, and check the result");
      continue;
    }
    if (!name.empty()) lint_property(i, q, name, known);
    if (q.p == in_.rdf("type")) lint_class(i, q, known);
    lint_place(i, q, name, known);
  }
}

bool Compiler::refuse_namespace(std::size_t i, TermId term) {
  const auto wrong = wrong_namespace(in_.text(term));
  if (wrong.empty()) return false;
  in_.error(i, "not the SHACL namespace: " + wrong, "it is <" + std::string(k_sh) + ">");
  firm_.insert(i);
  return true;
}

// Constraint parameters of other vocabularies, which no component here declares.
void Compiler::lint_foreign(std::size_t i, const Quad& q) {
  const auto foreign = foreign_parameter(in_.text(q.p));
  if (foreign.empty() || !ids_.contains(q.s)) return;
  const bool implemented = std::any_of(components_.begin(), components_.end(), [&](const auto& c) {
    return std::any_of(c.parameters.begin(), c.parameters.end(), [&](const auto& p) { return p.predicate == q.p; });
  });
  if (implemented) return;
  in_.warn(i, foreign + " is not a constraint of SHACL and checks nothing here",
           "give the file that declares its constraint component with --shapes, or write it with SHACL Core");
}

void Compiler::lint_property(std::size_t i, const Quad& q, const std::string& name, const Lint& known) {
  const auto judge = [&](const std::string& why, const std::string& help) {
    if (!known.reached.contains(q.s) && in_.has_type(q.s)) return in_.warn(i, why, help);
    in_.error(i, why, help);
  };
  const auto* term = find_term(name);
  const bool is_property = term && (term->role == Role::parameter || term->role == Role::property);
  const bool target = lower_ascii(name).find("target") != std::string::npos;
  const auto near = suggestion(name, {Role::parameter, Role::property});
  if (!is_property && (target || near.find("sh:target") != std::string::npos)) firm_.insert(i);
  if (!term || term->role != Role::extension) {
    if (!is_property) judge("SHACL has no property sh:" + name, near);
    return;
  }
  const auto why = "sh:" + name + " belongs to " + std::string(term->from) + ", which provgate does not implement";
  if (!known.used.contains(q.s) && name != "shape" && !target) {
    in_.warn(i, why + "; no active shape uses it");
  } else {
    judge(why, name == "shape" ? "did you mean sh:node, or sh:property?"
                               : "leave it out, or write the constraint with SHACL Core or sh:sparql");
  }
}

void Compiler::lint_class(std::size_t i, const Quad& q, const Lint& known) {
  const auto cls = in_.local(q.o);
  const auto* term = cls.empty() ? nullptr : find_term(cls);
  if (cls.empty() || (term && term->role != Role::extension)) return void(refuse_namespace(i, q.o));
  const auto& about = in_.about(q.s);
  const auto why = term ? "sh:" + cls + " belongs to " + std::string(term->from) + ", which provgate does not implement"
                        : "SHACL has no class sh:" + cls;
  const auto help = term ? std::string{} : suggestion(cls, {Role::class_});
  const auto has_name = [&](std::size_t j) { return !in_.local(in_.graph().quads()[j].p).empty(); };
  const bool shape_like = known.reached.contains(q.s) || std::any_of(about.begin(), about.end(), has_name);
  // A function or a target type that no shape reaches takes no part; a query that calls it is refused for itself.
  const bool shape = in_.instance_of(q.s, in_.sh("NodeShape")) || in_.instance_of(q.s, in_.sh("PropertyShape"));
  const bool idle =
      term && ((!known.reached.contains(q.s) && declaration(cls)) || (!known.used.contains(q.s) && !shape));
  if (about.size() == 1 || !shape_like || idle) {
    in_.warn(i, idle ? why + "; no active shape uses it" : why, help);
  } else {
    in_.error(i, why, help);
  }
}

// What has no effect where it stands.
void Compiler::lint_place(std::size_t i, const Quad& q, const std::string& name, const Lint& known) {
  if (name == "name" || name == "description" || name == "group" || name == "order") {
    const auto kind = unlike_its_kind(name, from_ntriples(in_.text(q.o)));
    if (!kind.empty()) in_.warn(i, "sh:" + name + " should be " + kind + ", not " + in_.shown(q.o));
  }
  if (of_other_nodes(name) && ids_.contains(q.s) && !known.queries.contains(q.s) &&
      !in_.instance_of(q.s, in_.sh("Parameter"))) {
    in_.warn(i, "sh:" + name + " has no effect at a shape",
             name == "select" || name == "ask" ? "put it into sh:sparql [ … ]"
             : name == "value"                 ? "did you mean sh:hasValue?"
                                               : "");
  }
  // An ill-formed path that no shape uses.
  for (const char* form : {"inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"}) {
    if (name == form && !known.reached.contains(q.s) && !path(q.s, 0)) {
      in_.warn(i, "an ill-formed property path, which no shape uses");
    }
  }
}

}  // namespace provgate::shacl
