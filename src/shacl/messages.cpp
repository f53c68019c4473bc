// SPDX-License-Identifier: Apache-2.0
#include "shacl/messages.hpp"

#include <algorithm>

#include "shacl/queries.hpp"

namespace provgate::shacl {
namespace {

std::string lexical(std::string_view text) {
  return text.starts_with('"') ? view_literal(text).value() : readable(text);
}

std::string list(const std::vector<TermId>& ids, const Dictionary& terms) {
  constexpr std::size_t k_most = 6;
  std::string out;
  for (std::size_t i = 0; i < ids.size() && i < k_most; ++i) out += (i ? ", " : "") + readable(terms.text(ids[i]));
  return ids.size() > k_most ? out + ", …" : out;
}

std::string path_text(const Shape& shape, const Shapes::Model& model, const Dictionary& terms) {
  if (!shape.is_property()) return "the node";
  const auto& path = model.paths[shape.path];
  if (path.kind == Path::Kind::predicate) return readable(terms.text(path.predicate));
  if (path.kind == Path::Kind::inverse) return "^" + readable(terms.text(path.predicate));
  std::string out, text = model.paths.sparql(shape.path, terms);
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '<') {
      out += text[at++];
      continue;
    }
    const auto end = text.find('>', at);
    out += readable(std::string_view(text).substr(at, end + 1 - at));
    at = end + 1;
  }
  return out;
}

std::string of_datatype(std::string_view value, const std::string& wanted) {
  if (!value.starts_with('"')) return "the value is not a literal of " + wanted;
  const auto literal = view_literal(value);
  const auto type = !literal.language.empty()  ? "rdf:langString"
                    : literal.datatype.empty() ? "xsd:string"
                                               : readable(iri_text(literal.datatype));
  return type == wanted ? "the value is not a well-formed " + wanted
                        : "the value is of the datatype " + type + ", not " + wanted;
}

std::string plain(const ValidationResult& result, const Constraint& c, const Shape& shape, const Shapes::Model& model,
                  const Dictionary& terms) {
  const auto first = c.terms.empty() ? std::string{} : readable(terms.text(c.terms[0]));
  const auto about = path_text(shape, model, terms);
  const auto shapes = [&] {
    std::string out;
    for (const auto id : c.shapes) {
      const auto& other = model.shapes[id];
      out += (out.empty() ? "" : ", ") + readable(terms.text(other.node)) +
             (other.file.empty() ? "" : " of " + other.file);
    }
    return out;
  };
  const auto n = static_cast<std::uint64_t>(std::max<std::int64_t>(0, c.count));
  switch (c.component) {
    case Component::class_: return "the value is not an instance of " + first;
    case Component::datatype: return of_datatype(result.value ? terms.text(result.value) : "", first);
    case Component::node_kind: {
      static constexpr const char* k_kinds[] = {"",
                                                "an IRI",
                                                "a blank node",
                                                "an IRI or a blank node",
                                                "a literal",
                                                "an IRI or a literal",
                                                "a blank node or a literal"};
      return std::string("the value is not ") + k_kinds[c.kinds];
    }
    case Component::min_count: return about + " has fewer than " + plural(n, "value");
    case Component::max_count: return about + " has more than " + plural(n, "value");
    case Component::min_exclusive: return "the value is not greater than " + first;
    case Component::min_inclusive: return "the value is not at least " + first;
    case Component::max_exclusive: return "the value is not less than " + first;
    case Component::max_inclusive: return "the value is not at most " + first;
    case Component::min_length: return "the value has fewer than " + plural(n, "character");
    case Component::max_length: return "the value has more than " + plural(n, "character");
    case Component::pattern: return "the value does not match the pattern";
    case Component::language_in: return "the value's language is none of " + list(c.terms, terms);
    case Component::unique_lang: return about + " has several values in one language";
    case Component::equals: return about + " and " + first + " do not have the same values";
    case Component::disjoint: return about + " and " + first + " share the value";
    case Component::less_than: return "the value is not less than that of " + first;
    case Component::less_than_or_equals: return "the value is not at most that of " + first;
    case Component::not_: return "the value conforms to " + shapes() + ", which it must not";
    case Component::and_: return "the value does not conform to all of " + shapes();
    case Component::or_: return "the value conforms to none of " + shapes();
    case Component::xone: return "the value does not conform to exactly one of " + shapes();
    case Component::node: return "the value does not conform to " + shapes();
    case Component::qualified_min_count:
      return about + " has fewer than " + plural(n, "value") + " that conform to " +
             readable(terms.text(model.shapes[c.shapes[0]].node));
    case Component::qualified_max_count:
      return about + " has more than " + plural(n, "value") + " that conform to " +
             readable(terms.text(model.shapes[c.shapes[0]].node));
    case Component::closed:
      return "the property " + (result.path ? readable(terms.text(result.path)) : "") + " is not allowed here";
    case Component::has_value: return about + " lacks the value " + first;
    case Component::in: return "the value is none of " + list(c.terms, terms);
    case Component::sparql: return "the query of " + readable(terms.text(c.source)) + " gives a result";
    case Component::custom: return "the value breaks " + readable(terms.text(c.iri));
  }
  return {};
}

// {?name} and {$name}; a name that has no value stays as it is.
std::string filled(const std::string& text, const std::vector<std::pair<std::string, std::string>>& variables) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text[at] == '{' ? text.find('}', at) : std::string::npos;
    if (end != std::string::npos && end > at + 2 && (text[at + 1] == '?' || text[at + 1] == '$')) {
      const auto name = text.substr(at + 2, end - at - 2);
      const auto known =
          std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.first == name; });
      if (known != variables.end()) {
        out += lexical(known->second);
        at = end + 1;
        continue;
      }
    }
    out += text[at++];
  }
  return out;
}

}  // namespace

std::string_view without_file(std::string_view label) {
  const auto digits = [&](std::size_t at) { return std::min(label.find_first_not_of("0123456789", at), label.size()); };
  const auto l = label.find('l');
  if (l == std::string_view::npos) return label;
  const auto c = digits(l + 1);
  if (c == l + 1 || c >= label.size() || label[c] != 'c') return label;
  const auto f = digits(c + 1);
  return f < label.size() && label[f] == 'f' && digits(f + 1) == label.size() ? label.substr(0, f) : label;
}

std::string readable(std::string_view text) {
  static const std::pair<std::string_view, std::string_view> k_prefixes[] = {{"prov:", vocab::prov},
                                                                             {"xsd:", vocab::xsd},
                                                                             {"rdf:", vocab::rdf},
                                                                             {"rdfs:", vocab::rdfs},
                                                                             {"sh:", k_sh},
                                                                             {"owl:", "http://www.w3.org/2002/07/owl#"},
                                                                             {"dcterms:", vocab::dcterms},
                                                                             {"foaf:", "http://xmlns.com/foaf/0.1/"},
                                                                             {"provgate:", vocab::provgate},
                                                                             {"bfo:", vocab::bfo}};
  if (text.starts_with('<')) {
    const auto iri = text.substr(1, text.size() - 2);
    for (const auto& [prefix, space] : k_prefixes) {
      if (iri.starts_with(space) && iri.size() > space.size() &&
          iri.find_first_of("/#", space.size()) == std::string_view::npos)
        return std::string(prefix).append(iri.substr(space.size()));
    }
    return std::string(text);
  }
  // An anonymous shape is named by its place: l12c3 is line 12, column 3.
  if (text.starts_with("_:shapes.l")) {
    text = without_file(text);
    const auto column = text.find('c', 10);
    if (column != std::string_view::npos)
      return "the shape in line " + std::string(text.substr(10, column - 10)) + ", column " +
             std::string(text.substr(column + 1));
  }
  if (text.starts_with("_:shapes.")) return "_:" + std::string(text.substr(9));
  return std::string(text);
}

void add_messages(ValidationResult& result, const Shapes::Model& model, Dictionary& terms) {
  const Shape& shape = model.shapes[result.shape];
  const Constraint& c = shape.constraints[result.constraint];
  if (result.made && !result.made->message.empty()) {
    result.messages.push_back(terms.intern(result.made->message));
    return;
  }
  const auto& templates = !c.messages.empty() ? c.messages : shape.messages;
  if (templates.empty()) {
    result.messages.push_back(terms.intern(literal_text(plain(result, c, shape, model, terms))));
    return;
  }
  std::vector<std::pair<std::string, std::string>> variables;
  if (result.made) variables = result.made->variables;
  const auto set = [&](const std::string& name, TermId id) {
    if (id) variables.emplace_back(name, std::string(terms.text(id)));
  };
  if (c.query) {
    for (std::size_t i = 0; i < c.query->names.size(); ++i) set(c.query->names[i], c.query->parameters[i]);
  }
  set("this", result.focus);
  set("value", result.value);
  set("currentShape", shape.node);
  if (shape.is_property()) variables.emplace_back("PATH", literal_text(path_text(shape, model, terms)));
  for (const auto& one : shape.constraints) {
    // Parameters by their local names: {$minCount}.
    const auto number = [&](const char* name) {
      variables.emplace_back(name, literal_text(std::to_string(one.count)));
    };
    switch (one.component) {
      case Component::min_count: number("minCount"); break;
      case Component::max_count: number("maxCount"); break;
      case Component::min_length: number("minLength"); break;
      case Component::max_length: number("maxLength"); break;
      case Component::qualified_min_count: number("qualifiedMinCount"); break;
      case Component::qualified_max_count: number("qualifiedMaxCount"); break;
      case Component::class_: set("class", one.terms[0]); break;
      case Component::datatype: set("datatype", one.terms[0]); break;
      case Component::has_value: set("hasValue", one.terms[0]); break;
      case Component::min_exclusive: set("minExclusive", one.terms[0]); break;
      case Component::min_inclusive: set("minInclusive", one.terms[0]); break;
      case Component::max_exclusive: set("maxExclusive", one.terms[0]); break;
      case Component::max_inclusive: set("maxInclusive", one.terms[0]); break;
      case Component::equals: set("equals", one.terms[0]); break;
      case Component::disjoint: set("disjoint", one.terms[0]); break;
      case Component::less_than: set("lessThan", one.terms[0]); break;
      case Component::less_than_or_equals: set("lessThanOrEquals", one.terms[0]); break;
      default: break;
    }
  }
  for (const auto message : templates) {
    const auto old = std::get<Literal>(from_ntriples(terms.text(message)));
    result.messages.push_back(terms.intern(to_ntriples(old.with(filled(old.lexical(), variables)))));
  }
}

}  // namespace provgate::shacl
