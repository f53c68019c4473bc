// SPDX-License-Identifier: Apache-2.0
#include "shacl/queries.hpp"

#include <algorithm>

#include "shacl/compile.hpp"

namespace provgate::shacl {
namespace {

std::size_t column(const sparql::Query& query, std::string_view name) {
  const auto& names = query.variables();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? SIZE_MAX : static_cast<std::size_t>(found - names.begin());
}

// The query without its comments, strings and IRIs.
std::string code_of(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '#') {
      while (i < text.size() && text[i] != '\n') ++i;
    } else if (c == '"' || c == '\'') {
      const bool three = text.substr(i, 3) == std::string(3, c);
      const std::string end(three ? 3 : 1, c);
      for (i += end.size(); i < text.size() && text.substr(i, end.size()) != end; ++i) i += text[i] == '\\';
      i += end.size() - 1;
    } else if (const auto close = text.find_first_of("> \n\t\"{}|^`", i + 1);
               c == '<' && close != std::string_view::npos && text[close] == '>') {
      i = close;
    } else {
      out += c;
    }
  }
  return out;
}

// A variable of that name, not part of a longer one.
bool mentions(std::string_view query, std::string_view name) {
  const auto text = code_of(query);
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const char before = at ? text[at - 1] : ' ', after = at + name.size() < text.size() ? text[at + name.size()] : ' ';
    if ((before == '$' || before == '?') && !std::isalnum(static_cast<unsigned char>(after)) && after != '_')
      return true;
  }
  return false;
}

}  // namespace

// The name that a parameter has in queries: the end of its path; empty when that cannot be a variable.
std::string variable_of(std::string_view iri) {
  static const std::set<std::string_view> k_taken = {"this", "shapesGraph", "currentShape", "path", "PATH", "value"};
  const auto cut = iri.find_last_of("#/:");
  const auto name = iri.substr(cut + 1, iri.size() - cut - 2);
  const bool fits = !name.empty() && !k_taken.contains(name) && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  });
  return fits ? std::string(name) : std::string{};
}

// 5.2.1: the declarations of the values of sh:prefixes and of what these import.
bool Compiler::prefixes(TermId node, std::string& out) {
  std::map<std::string, std::string> known;
  std::set<TermId> seen;
  auto todo = in_.objects(node, "prefixes");
  const auto imports = in_.terms().find("<http://www.w3.org/2002/07/owl#imports>");
  bool good = true;
  while (!todo.empty()) {
    const auto from = todo.back();
    todo.pop_back();
    if (!seen.insert(from).second) continue;
    for (const auto next : in_.objects(from, imports)) todo.push_back(next);
    for (const auto declaration : in_.objects(from, "declare")) {
      const auto where = in_.statement(from, in_.sh("declare"), declaration);
      const auto names = in_.objects(declaration, "prefix"), spaces = in_.objects(declaration, "namespace");
      const bool fits = names.size() == 1 && spaces.size() == 1 && in_.string(names[0]) && in_.literal(spaces[0]);
      if (!fits) {
        in_.error(where, "a prefix declaration has one sh:prefix, a string, and one sh:namespace, an xsd:anyURI");
        good = false;
        continue;
      }
      const auto name = view_literal(in_.text(names[0])).value(), space = view_literal(in_.text(spaces[0])).value();
      const auto [slot, fresh] = known.try_emplace(name, space);
      if (!fresh && slot->second != space) {
        in_.error(where, "two namespaces for the prefix " + quote(name + ":") + ": " + slot->second + " and " + space);
        good = false;
      }
    }
  }
  for (const auto& [name, space] : known) out += "PREFIX " + name + ": <" + space + "> ";
  return good;
}

namespace {

struct Prepared {
  std::shared_ptr<SparqlQuery> query;
  std::optional<Error> error;
  std::string text;
};

// A target: which nodes its query selects (SHACL Advanced Features, 3.1 and 3.2).
Prepared prepare_target(const std::string& text, std::vector<TermId> values, std::vector<std::string> names) {
  Prepared out;
  sparql::PreBinding binding;
  binding.variables = {"?shapesGraph", "?currentShape"};
  binding.variables.insert(binding.variables.end(), names.begin(), names.end());
  auto query = sparql::Query::prepare(text, binding);
  if (!query) {
    out.error = query.error();
  } else if (query->kind() != sparql::Kind::select) {
    out.error = Error{Code::input, "sh:select is a SELECT query", {}, {}, {}};
  } else if (column(*query, "this") == SIZE_MAX) {
    out.error = Error{Code::input, "the query does not project ?this", "SELECT ?this WHERE { … }", {}, {}};
  } else {
    const auto self = column(*query, "this");
    out.query = std::make_shared<SparqlQuery>(SparqlQuery{std::move(*query), false, std::move(values), std::move(names),
                                                          SIZE_MAX, SIZE_MAX, SIZE_MAX, self, SIZE_MAX});
  }
  return out;
}

Prepared prepare(const std::string& prologue, const std::string& text, bool ask, bool property, const std::string& path,
                 const CustomComponent* component, const Source& in, TermId shape) {
  Prepared out;
  if (!property && mentions(text, "PATH")) {
    out.error =
        Error{Code::input, "$PATH stands for the path of a property shape, and this shape has none", {}, {}, {}};
    return out;
  }
  sparql::PreBinding binding;
  binding.variables = {"this"};
  if (ask) binding.variables.emplace_back("value");
  binding.variables.insert(binding.variables.end(), {"?shapesGraph", "?currentShape"});
  std::vector<TermId> values;
  std::vector<std::string> names;
  if (component) {
    for (const auto& parameter : component->parameters) {
      const auto given = in.objects(shape, parameter.predicate);
      if (given.empty()) continue;
      binding.variables.push_back(parameter.name);
      values.push_back(given[0]);
      names.push_back(parameter.name);
    }
  }
  if (property) binding.path = path;
  auto query = sparql::Query::prepare(prologue + text, binding);
  if (!query) {
    out.error = query.error();
    return out;
  }
  if (query->kind() != (ask ? sparql::Kind::ask : sparql::Kind::select)) {
    out.error = Error{Code::input, ask ? "sh:ask is an ASK query" : "sh:select is a SELECT query", {}, {}, {}};
    return out;
  }
  if (!ask && column(*query, "this") == SIZE_MAX) {
    out.error = Error{Code::input, "the query does not project $this", "SELECT $this … WHERE { … }", {}, {}};
    return out;
  }
  const auto value = column(*query, "value"), path_column = column(*query, "path"), message = column(*query, "message"),
             self = column(*query, "this"), failure = column(*query, "failure");
  out.query = std::make_shared<SparqlQuery>(SparqlQuery{std::move(*query), ask, std::move(values), std::move(names),
                                                        value, path_column, message, self, failure});
  return out;
}

// What to do about a query that is refused.
std::string helped(const Error& error, std::string_view text) {
  if (!error.help.empty()) return error.help;
  if (error.why.find("prefix") != std::string::npos) return "prefixes come from sh:prefixes and sh:declare";
  const auto code = lower_ascii(code_of(text));
  const auto group = code.find("group");
  if (group != std::string::npos && !mentions(std::string_view(text).substr(std::min(group, text.size())), "this")) {
    return "with GROUP BY a query projects only what it groups by, and aggregates: GROUP BY $this …";
  }
  return {};
}

std::string said(const Error& error) {
  auto why = "the query is refused: " + error.why;
  if (error.at.line) why += " (line " + std::to_string(error.at.line) + " of the query)";
  return why;
}

}  // namespace

void Compiler::sparql(ShapeId id, TermId predicate, TermId node) {
  const auto where = at(id, predicate, node);
  if (in_.literal(node) || !in_.described(node))
    return in_.error(where, "sh:sparql names " + in_.shown(node) + ", about which the shapes say nothing");
  const auto selects = in_.objects(node, "select");
  if (selects.size() != 1 || !in_.string(selects[0]))
    return in_.error(in_.statement(node), "a SPARQL-based constraint has one sh:select, which is a string");
  messages(node);
  for (const auto severity : in_.objects(node, "severity")) {
    const auto name = in_.local(severity);
    const auto known = terms_of({Role::severity});
    const auto there = in_.statement(node, in_.sh("severity"), severity);
    if (node == model_.shapes[id].name) break;  // the shape itself, judged there
    if (!in_.iri(severity) || (!name.empty() && std::find(known.begin(), known.end(), name) == known.end())) {
      in_.error(there, "SHACL has no severity " + in_.shown(severity), suggestion(name, {Role::severity}));
    } else {
      in_.warn(there, "sh:severity of a SPARQL-based constraint has no effect", "the severity is that of its shape");
    }
  }
  const auto offs = in_.objects(node, "deactivated");
  if (offs.size() > 1)
    return in_.error(in_.statement(node, in_.sh("deactivated"), offs[1]),
                     "two values for sh:deactivated, which takes one");
  for (const auto off : offs) {
    if (in_.boolean(off) == true) return;
    if (!in_.boolean(off))
      in_.error(in_.statement(node, in_.sh("deactivated"), off),
                "sh:deactivated is true or false, not " + in_.shown(off));
  }
  std::string prologue;
  if (!prefixes(node, prologue)) return;
  const auto& shape = model_.shapes[id];
  auto made = prepare(prologue, view_literal(in_.text(selects[0])).value(), false, shape.is_property(),
                      shape.is_property() ? model_.paths.sparql(shape.path, in_.data_terms()) : "", nullptr, in_, 0);
  if (made.error) {
    if (made.error->code == Code::world) return in_.error(in_.statement(node, in_.sh("select"), 0), made.error->why);
    return in_.error(in_.statement(node, in_.sh("select"), 0), said(*made.error),
                     helped(*made.error, view_literal(in_.text(selects[0])).value()));
  }
  auto& c = add(id, Component::sparql, predicate, node);
  c.query = std::move(made.query);
  c.source = in_.data(node);
  for (const auto message : in_.objects(node, "message")) c.messages.push_back(in_.data(message));
}

std::vector<TermId> Compiler::target_types(TermId value) const {
  const auto declared = in_.sh("SPARQLTargetType"), type = in_.rdf("type"), sub = in_.rdfs("subClassOf");
  std::vector<TermId> out;
  for (const auto cls : in_.objects(value, type)) {
    if (declared && in_.instance_of(cls, declared)) out.push_back(cls);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto parent : in_.objects(out[i], sub)) {
      if (in_.instance_of(parent, declared) && std::find(out.begin(), out.end(), parent) == out.end())
        out.push_back(parent);
    }
  }
  return out;
}

// SHACL Advanced Features 3: a query of its own (sh:SPARQLTarget), or that of a declared type with values for its
// parameters.
void Compiler::target_query(Shape& shape, TermId value) {
  const auto where = in_.statement(shape.name, in_.sh("target"), value);
  // One with a fault counts as selecting, too: what it would select nobody knows.
  shape.targets.push_back({Target::Kind::query, in_.data(value), false, where});
  if (in_.literal(value)) return in_.error(where, "sh:target is a node, not " + in_.shown(value));
  for (const auto cls : in_.objects(value, in_.rdf("type"))) {
    const auto name = in_.local(cls);
    if (name.starts_with("JS"))
      return in_.error(where,
                       "sh:" + name + " belongs to the SHACL JavaScript Extensions, which provgate does not implement");
  }
  const auto types = target_types(value);
  TermId executable = in_.objects(value, "select").empty() ? 0 : value;
  const bool own = executable;
  const auto of = in_.objects(value, in_.rdf("type"));
  const auto says = [&](TermId type) {
    return std::find(of.begin(), of.end(), type) != of.end() && !in_.objects(type, "select").empty();
  };
  if (!own && std::count_if(types.begin(), types.end(), says) > 1)
    return in_.error(where,
                     "sh:target names " + in_.shown(value) + ", an instance of two target types that each say a query");
  for (const auto type : types) {
    if (!executable && !in_.objects(type, "select").empty()) executable = type;
  }
  const auto selects = executable ? in_.objects(executable, "select") : std::vector<TermId>{};
  if (selects.empty()) {
    return in_.error(
        where, "sh:target names " + in_.shown(value) + ", which says no query that selects nodes",
        "an sh:SPARQLTarget with one sh:select, or an instance of an sh:SPARQLTargetType that the shapes declare");
  }
  if (selects.size() != 1 || !in_.string(selects[0]))
    return in_.error(where, "the query of a target is one sh:select, which is a string");
  std::vector<TermId> given;
  std::vector<std::string> names;
  for (const auto type : own ? std::vector<TermId>{} : types) {
    for (const auto parameter : in_.objects(type, "parameter")) {
      const auto paths = in_.objects(parameter, "path");
      const auto name = paths.size() == 1 && in_.iri(paths[0]) ? variable_of(in_.text(paths[0])) : std::string{};
      if (name.empty())
        return in_.error(where, "a parameter of the target type " + in_.shown(type) +
                                    " has one sh:path, an IRI whose end can be a variable of a query");
      const auto values = in_.objects(value, paths[0]), optional = in_.objects(parameter, "optional");
      if (values.size() > 1)
        return in_.error(
            where, "two values for " + in_.shown(paths[0]) + ", a parameter of the target type " + in_.shown(type));
      if (values.empty() &&
          std::none_of(optional.begin(), optional.end(), [&](TermId o) { return in_.boolean(o) == true; })) {
        return in_.error(where, "the target gives no value for " + in_.shown(paths[0]) + ", a parameter of its type " +
                                    in_.shown(type));
      }
      if (values.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
      names.push_back(name);
      given.push_back(in_.data(values[0]));
    }
  }
  std::string prologue;
  if (!prefixes(executable, prologue)) return;
  const auto text = view_literal(in_.text(selects[0])).value();
  if (mentions(text, "PATH"))
    return in_.error(where, "$PATH stands for the path of a property shape; the query of a target has none");
  auto made = prepare_target(prologue + text, std::move(given), std::move(names));
  if (made.error && made.error->code == Code::world) return in_.error(where, made.error->why);
  if (made.error)
    return in_.error(in_.statement(executable, in_.sh("select"), 0), said(*made.error), helped(*made.error, text));
  shape.targets.back().query = std::move(made.query);
}

void Compiler::custom(ShapeId id) {
  const TermId node = model_.shapes[id].name;
  for (const auto& component : components_) {
    if (component.faulty) continue;
    std::size_t given = 0, missing = 0;
    TermId predicate = 0;
    bool many = false;
    for (const auto& parameter : component.parameters) {
      const auto values = in_.objects(node, parameter.predicate);
      given += !values.empty();
      if (!values.empty() && !predicate) predicate = parameter.predicate;
      missing += values.empty() && !parameter.optional;
      if (values.size() > 1 && component.parameters.size() > 1) {
        in_.error(in_.statement(node, parameter.predicate, values[1]),
                  "two values for " + in_.shown(parameter.predicate) + ", a parameter of a component that has several");
        many = true;
      }
    }
    if (given == 0 || many) continue;
    const auto where = in_.statement(node, predicate, 0);
    if (missing) {
      in_.warn(where, in_.shown(predicate) + " has no effect: " + in_.shown(component.node) +
                          " has mandatory parameters that " + in_.shown(node) + " does not give");
      continue;
    }
    const bool property = model_.shapes[id].is_property();
    const TermId special = property ? component.property_validator : component.node_validator;
    const TermId validator = special ? special : component.validator;
    if (!validator) {
      in_.error(where,
                in_.shown(component.node) + " has no validator for " + (property ? "property" : "node") + " shapes");
      continue;
    }
    const auto asks = in_.objects(validator, "ask"), selects = in_.objects(validator, "select");
    const bool ask = !asks.empty();
    if (asks.size() + selects.size() != 1 || !in_.string(ask ? asks[0] : selects[0])) {
      in_.error(in_.statement(validator), "a validator has one sh:ask or one sh:select, which is a string");
      continue;
    }
    if (!ask && !special) {
      in_.error(in_.statement(validator),
                "sh:validator is an ASK query; SELECT belongs to sh:nodeValidator and sh:propertyValidator");
      continue;
    }
    std::string prologue;
    if (!prefixes(validator, prologue)) continue;
    const auto text = view_literal(in_.text(ask ? asks[0] : selects[0])).value();
    // A component of one parameter makes one constraint for each value.
    const auto values = component.parameters.size() == 1 ? in_.objects(node, predicate) : std::vector<TermId>{0};
    for (const auto value : values) {
      auto made =
          prepare(prologue, text, ask, property,
                  property ? model_.paths.sparql(model_.shapes[id].path, in_.data_terms()) : "", &component, in_, node);
      if (made.error) {
        in_.error(in_.statement(validator, in_.sh(ask ? "ask" : "select"), 0), said(*made.error), made.error->help);
        break;
      }
      for (auto& given_value : made.query->parameters) given_value = in_.data(value ? value : given_value);
      messages(validator);
      messages(component.node);
      auto& c = add(id, Component::custom, predicate, value);
      c.query = std::move(made.query);
      c.iri = in_.data(component.node);
      for (const auto message : in_.objects(validator, "message")) c.messages.push_back(in_.data(message));
      if (c.messages.empty()) {
        for (const auto message : in_.objects(component.node, "message")) c.messages.push_back(in_.data(message));
      }
    }
  }
}

}  // namespace provgate::shacl
