// SPDX-License-Identifier: Apache-2.0
#include "record/statement_writer.hpp"

namespace provgate {

std::string StatementWriter::term(std::string_view name) const {
  const Own spaces[] = {{"prov", vocab::prov}, own_, {"rdf", vocab::rdf}, {"dcterms", vocab::dcterms}};
  const auto colon = name.find(':');
  for (const auto& [prefix, space] : spaces) {
    if (prefix == name.substr(0, colon)) return std::string(space).append(name.substr(colon + 1));
  }
  return std::string(name);
}

TermId StatementWriter::id_of(std::string_view name) {
  if (const auto* known = names_->find(name)) return *known;
  return names_->add(name, graph_.terms().intern(iri_text(term(name))));
}

void StatementWriter::add(const std::string& subject, std::string_view predicate, TermId object) {
  if (subject != subject_) subject_ = subject, subject_id_ = graph_.terms().intern(iri_text(subject));
  graph_.add({subject_id_, id_of(predicate), object, 0}, {file_, place_});
}

void StatementWriter::association(const std::string& activity, std::string_view role, const std::string& agent,
                                  const std::string& plan) {
  const auto node = activity + "#" + std::string(role);
  link(activity, "prov:wasAssociatedWith", agent);
  link(activity, "prov:qualifiedAssociation", node);
  type(node, "prov:Association");
  link(node, "prov:agent", agent);
  link(node, "prov:hadRole", std::string(own_.space).append(role));
  if (!plan.empty()) link(node, "prov:hadPlan", plan);
}

}  // namespace provgate
