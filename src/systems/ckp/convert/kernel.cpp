// SPDX-License-Identifier: Apache-2.0
// Kernels -> PROV-O: their type, project, edges and proof totals.
#include "systems/ckp/convert/convert.hpp"
#include "systems/ckp/convert/names.hpp"

namespace provgate::ckp {

void Converter::kernel(const KernelInfo& info) {
  if (info.urn.empty()) return;
  const auto ckp = ckp_namespace(options_.version);
  from(info.yaml.path);
  const auto k = subject(info.urn);
  if (!info.type.empty()) add(k, ckp + "hasType", literal_text(info.type));
  if (!info.governance.empty()) add(k, ckp + "hasGovernance", literal_text(info.governance));
  const auto host = !info.hostname.empty() ? info.hostname : info.project;
  if (const auto project = "ckp://Project#" + host; !host.empty() && parse_urn(project)) {
    const auto node = iri_text(project);
    type(node, ckp + "Project");
    add(node, std::string(vocab::rdfs) + "label", literal_text(host));
    add(k, ckp + "belongsToProject", node);
  }
  static const std::map<std::string, std::string> k_predicates = {{"COMPOSES", "composes"},
                                                                  {"TRIGGERS", "triggers"},
                                                                  {"PRODUCES", "produces"},
                                                                  {"EXTENDS", "extends"},
                                                                  {"LOOPS_WITH", "loopsWith"}};
  for (const auto& edge : info.edges) {
    const auto predicate = k_predicates.find(edge.predicate.text);
    if (predicate == k_predicates.end()) continue;
    static const std::map<std::string, std::string> k_none;
    const auto& known = options_.known_kernels ? *options_.known_kernels : k_none;
    const auto target = known.find(edge.target.text);
    // A kernel that nobody declares a version for has no URN; the edge is kept by name.
    const auto before = graph_.size();
    if (target == known.end()) {
      add(k, own("edgeTo"), literal_text(predicate->second + " " + edge.target.text), edge.target.at);
    } else {
      add(k, ckp + predicate->second, mention(target->second), edge.target.at);
    }
    // Whether the other one is there may change.
    for (auto i = before; i < graph_.size(); ++i) edges_.push_back(i);
  }
}

void Converter::proof_totals(const KernelInfo& info) {
  if (info.urn.empty() || !totals_.checks) return;
  const auto ckp = ckp_namespace(options_.version), integer = std::string(vocab::xsd) + "integer";
  const auto k = mention(info.urn);
  add(k, ckp + "proofTotalChecks", literal_text(std::to_string(totals_.checks), integer));
  add(k, ckp + "proofTotalPassed", literal_text(std::to_string(totals_.passed), integer));
}

}  // namespace provgate::ckp
