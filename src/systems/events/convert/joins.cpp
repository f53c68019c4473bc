// SPDX-License-Identifier: Apache-2.0
#include "systems/events/convert/convert.hpp"

namespace provgate::events {
namespace {

std::string within(const Event& event, std::string_view id) { return name_of("", event.tenant, id); }

}  // namespace

void Joins::add(const Event& event, std::span<const Mention> mentions) {
  using What = Mention::What;
  for (const auto& one : mentions) {
    if (one.what == What::passes || one.what == What::fails) {
      reports_[within(event, one.id)] = iri_of(event) + "#report";
    } else if (one.what == What::promotes) {
      const auto report = reports_.find(within(event, one.id));
      if (report == reports_.end()) continue;
      auto out = out_(event);
      out.at(one.at);
      out.link(iri_of(event), "prov:used", report->second);
      out.link(name_of("fact", event.tenant, one.detail), "prov:wasDerivedFrom", report->second);
    } else if (one.what == What::transition) {
      auto& state = states_[within(event, one.id)];
      if (!state.empty()) {
        auto out = out_(event);
        out.at(one.at);
        out.link(state, "prov:wasInvalidatedBy", iri_of(event));
      }
      state = iri_of(event) + "#state";
    }
  }
}

}  // namespace provgate::events
