// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/trace.hpp"

#include "systems/ckp/sources/sources.hpp"

namespace provgate::ckp {

TraceLabel trace_label(std::string_view iri, const std::vector<std::string>&) {
  const auto urn = parse_urn(iri, UrnProfile::legacy);
  if (!urn) return {};
  TraceLabel out{TraceRole::other, std::string(name_of(urn->kind))};
  // A task may be kept as an instance; its id says so.
  const bool task_instance = urn->kind == UrnKind::instance && urn->id.starts_with("i-task-");
  if (urn->kind == UrnKind::action) out.role = TraceRole::action;
  if (urn->kind == UrnKind::task || task_instance) out.role = TraceRole::task;
  out.record = task_instance;
  if (urn->kind == UrnKind::goal) out.role = TraceRole::goal;
  if (urn->kind == UrnKind::instance && !task_instance) out.role = TraceRole::decision;
  return out;
}

const TraceTerms& trace_terms() {
  static const TraceTerms k_terms = [] {
    TraceTerms out;
    out.informed = "joined by instance_id", out.informed_field = "joined_by_instance_id";
    for (const auto version : {CkpVersion::v36, CkpVersion::v37, CkpVersion::v35}) {
      const auto ckp = ckp_namespace(version);
      out.type.push_back(ckp + "instance_type");
      out.status.push_back(ckp + "taskStatus");
      out.text.push_back(ckp + "taskInstruction");
      out.sealed.push_back(ckp + "SealedInstance");
      out.general.push_back(ckp + "Instance");
      out.general.push_back(ckp + "InstanceManifest");
    }
    return out;
  }();
  return k_terms;
}

}  // namespace provgate::ckp
