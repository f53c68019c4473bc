#include "check/shacl/queries.hpp"

#include <algorithm>

#include "check/shacl/compile.hpp"

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
    } else if (const auto close = text.find_first_of("> \n\t\"{}|^`", i + 1); c == '<' && close != std::string_view::npos && text[close] == '>') {
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
    if ((before == '$' || before == '?') && !std::isalnum(static_cast<unsigned char>(after)) && after != '_') return true;
  }
  return false;
}

}  // namespace

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

Prepared prepare(const std::string& prologue, const std::string& text, bool ask, bool property, const std::string& path, const CustomComponent* component, const Source& in, TermId shape) {
  Prepared out;
  if (!property && mentions(text, "PATH")) {
    out.error = Error{Code::input, "$PATH stands for the path of a property shape, and this shape has none", {}, {}, {}};
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
  const auto value = column(*query, "value"), path_column = column(*query, "path"), message = column(*query, "message"), self = column(*query, "this"), failure = column(*query, "failure");
  out.query = std::make_shared<SparqlQuery>(SparqlQuery{std::move(*query), ask, std::move(values), std::move(names), value, path_column, message, self, failure});
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
  if (in_.literal(node) || !in_.described(node)) return in_.error(where, "sh:sparql names " + in_.shown(node) + ", about which the shapes say nothing");
  const auto selects = in_.objects(node, "select");
  if (selects.size() != 1 || !in_.string(selects[0])) return in_.error(in_.statement(node), "a SPARQL-based constraint has one sh:select, which is a string");
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
  if (offs.size() > 1) return in_.error(in_.statement(node, in_.sh("deactivated"), offs[1]), "two values for sh:deactivated, which takes one");
  for (const auto off : offs) {
    if (in_.boolean(off) == true) return;
    if (!in_.boolean(off)) in_.error(in_.statement(node, in_.sh("deactivated"), off), "sh:deactivated is true or false, not " + in_.shown(off));
  }
  std::string prologue;
  if (!prefixes(node, prologue)) return;
  const auto& shape = model_.shapes[id];
  auto made = prepare(prologue, view_literal(in_.text(selects[0])).value(), false, shape.is_property(), shape.is_property() ? model_.paths.sparql(shape.path, in_.data_terms()) : "", nullptr, in_, 0);
  if (made.error) {
    if (made.error->code == Code::world) return in_.error(in_.statement(node, in_.sh("select"), 0), made.error->why);
    return in_.error(in_.statement(node, in_.sh("select"), 0), said(*made.error), helped(*made.error, view_literal(in_.text(selects[0])).value()));
  }
  auto& c = add(id, Component::sparql, predicate, node);
  c.query = std::move(made.query);
  c.source = in_.data(node);
  for (const auto message : in_.objects(node, "message")) c.messages.push_back(in_.data(message));
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
        in_.error(in_.statement(node, parameter.predicate, values[1]), "two values for " + in_.shown(parameter.predicate) + ", a parameter of a component that has several");
        many = true;
      }
    }
    if (given == 0 || many) continue;
    const auto where = in_.statement(node, predicate, 0);
    if (missing) {
      in_.warn(where, in_.shown(predicate) + " has no effect: " + in_.shown(component.node) + " has mandatory parameters that " + in_.shown(node) + " does not give");
      continue;
    }
    const bool property = model_.shapes[id].is_property();
    const TermId special = property ? component.property_validator : component.node_validator;
    const TermId validator = special ? special : component.validator;
    if (!validator) {
      in_.error(where, in_.shown(component.node) + " has no validator for " + (property ? "property" : "node") + " shapes");
      continue;
    }
    const auto asks = in_.objects(validator, "ask"), selects = in_.objects(validator, "select");
    const bool ask = !asks.empty();
    if (asks.size() + selects.size() != 1 || !in_.string(ask ? asks[0] : selects[0])) {
      in_.error(in_.statement(validator), "a validator has one sh:ask or one sh:select, which is a string");
      continue;
    }
    if (!ask && !special) {
      in_.error(in_.statement(validator), "sh:validator is an ASK query; SELECT belongs to sh:nodeValidator and sh:propertyValidator");
      continue;
    }
    std::string prologue;
    if (!prefixes(validator, prologue)) continue;
    const auto text = view_literal(in_.text(ask ? asks[0] : selects[0])).value();
    // A component of one parameter makes one constraint for each value.
    const auto values = component.parameters.size() == 1 ? in_.objects(node, predicate) : std::vector<TermId>{0};
    for (const auto value : values) {
      auto made = prepare(prologue, text, ask, property, property ? model_.paths.sparql(model_.shapes[id].path, in_.data_terms()) : "", &component, in_, node);
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
