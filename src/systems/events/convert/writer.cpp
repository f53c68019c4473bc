// SPDX-License-Identifier: Apache-2.0
#include "systems/events/convert/writer.hpp"

#include "systems/events/event.hpp"
#include "systems/events/wire/number.hpp"

namespace provgate::events {

std::string Writer::term(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> k_spaces[] = {
      {"prov", vocab::prov}, {"conv", k_namespace}, {"rdf", vocab::rdf}, {"dcterms", vocab::dcterms}};
  const auto colon = name.find(':');
  for (const auto& [prefix, space] : k_spaces) {
    if (prefix == name.substr(0, colon)) return std::string(space).append(name.substr(colon + 1));
  }
  return std::string(name);
}

void Writer::add(const std::string& subject, std::string_view predicate, const std::string& object) {
  auto& terms = graph_.terms();
  graph_.add({terms.intern(iri_text(subject)), terms.intern(iri_text(term(predicate))), terms.intern(object), 0},
             {file_, place_});
}

void Writer::said(const std::string& subject, std::string_view name, Value value) {
  if (!value || value.is(Kind::null)) return;
  at(value);
  if (value.is(Kind::string)) return text(subject, name, value.text());
  if (value.is(Kind::boolean)) return typed(subject, name, value.text(), "boolean");
  if (!value.is(Kind::number)) return typed(subject, name, value.raw(), "string");
  const auto number = parse_number(value.text());
  if (!number) return;
  if (std::holds_alternative<double>(*number)) {
    std::string lexical;
    append_number(lexical, std::get<double>(*number));
    return typed(subject, name, lexical, "double");
  }
  typed(subject, name, value.text(), "integer");
}

void Writer::time(const std::string& subject, std::string_view name, Value value) {
  if (!value.is(Kind::string)) return;
  at(value);
  time(subject, name, value.text());
}

void Writer::time(const std::string& subject, std::string_view name, std::string_view value) {
  if (instant_of(value)) return typed(subject, name, value, "dateTime");
  if (is_logical_time(value)) text(subject, "conv:logicalTime", value);
}

void Writer::association(const std::string& activity, std::string_view role, const std::string& agent,
                         const std::string& plan) {
  const auto node = activity + "#" + std::string(role);
  link(activity, "prov:wasAssociatedWith", agent);
  link(activity, "prov:qualifiedAssociation", node);
  type(node, "prov:Association");
  link(node, "prov:agent", agent);
  link(node, "prov:hadRole", term("conv:" + std::string(role)));
  if (!plan.empty()) link(node, "prov:hadPlan", plan);
}

}  // namespace provgate::events
