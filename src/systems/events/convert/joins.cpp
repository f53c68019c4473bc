// SPDX-License-Identifier: Apache-2.0
#include "systems/events/convert/convert.hpp"

namespace provgate::events {
namespace {

std::string within(const Event& event, std::string_view id) { return name_of("", event.tenant, id); }

}  // namespace

std::string& Joins::newest(std::map<std::string, std::string>& all, std::string_view thing, const Event& event,
                           std::string_view id, std::string_view part) {
  const auto [at, fresh] = all.try_emplace(within(event, id));
  if (fresh && before_) {
    at->second = before_(thing, event, id);
    if (!at->second.empty()) at->second += part;
  }
  return at->second;
}

void Joins::add(const Event& event, std::span<const Mention> mentions) {
  using What = Mention::What;
  for (const auto& one : mentions) {
    if (one.what == What::passes || one.what == What::fails) {
      reports_[within(event, one.id)] = iri_of(event) + "#report";
    } else if (one.what == What::promotes) {
      const auto& report = newest(reports_, "proposal", event, one.id, "#report");
      if (report.empty()) continue;
      auto out = out_(event);
      out.at(one.at);
      out.link(iri_of(event), "prov:used", report);
      out.link(name_of("fact", event.tenant, one.detail), "prov:wasDerivedFrom", report);
    } else if (one.what == What::transition) {
      auto& state = newest(states_, "artifact", event, one.id, "#state");
      if (!state.empty()) {
        auto out = out_(event);
        out.at(one.at);
        out.link(state, "prov:wasInvalidatedBy", iri_of(event));
        out.time(state, "prov:invalidatedAtTime", one.time);
      }
      state = iri_of(event) + "#state";
    } else if (one.what == What::downgrade) {
      auto& revision = newest(revisions_, "trace", event, one.id, "#trace");
      if (!revision.empty()) {
        auto out = out_(event);
        out.at(one.at);
        out.link(iri_of(event) + "#trace", "prov:wasRevisionOf", revision);
      }
      revision = iri_of(event) + "#trace";
    }
  }
}

}  // namespace provgate::events
