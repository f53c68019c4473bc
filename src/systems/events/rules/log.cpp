// SPDX-License-Identifier: Apache-2.0
#include "systems/events/rules/log.hpp"

namespace provgate::events {
namespace {

using What = Mention::What;

// The two words of a detail.
std::pair<std::string_view, std::string_view> words(const Mention& one) {
  const std::string_view text = one.detail;
  const auto space = text.find(' ');
  return {text.substr(0, space), text.substr(space + 1)};
}

}  // namespace

std::string LogRules::key(const Event& event, std::string_view id) {
  std::string out = event.tenant ? "+" + *event.tenant : "-";
  return out.append(1, '\0').append(id);
}

void LogRules::add(const Event& event, std::span<const Mention> mentions, const std::string& file) {
  if (!event.id.empty()) {
    const auto [first, fresh] = ids_.try_emplace(key(event, event.id), First{&event, &file});
    if (!fresh) {
      const auto& other = *first->second.event;
      const auto where = *first->second.file + ":" + std::to_string(other.at.line);
      const bool same = other.digest == event.digest;
      auto& f = say_(same ? "EVT-028" : "EVT-027", event, event.at,
                     same ? "the same event stands at " + where : "another event has this id, at " + where);
      f.path = "event_id", f.found = event.id;
      // Said once, it says nothing new.
      if (same) return;
    }
  }
  for (const auto& one : mentions) mention(event, one);
}

void LogRules::mention(const Event& event, const Mention& one) {
  const auto name = key(event, one.id);
  const Ref ref{&event, &one};
  switch (one.what) {
    case What::proposes: proposals_[name].created = true; return;
    case What::passes:
    case What::fails: {
      auto& proposal = proposals_[name];
      proposal.validated = true, proposal.passed = one.what == What::passes;
      for (const auto& early : std::exchange(proposal.early, {}))
        say_("EVT-032", *early.event, early.mention->at, "the proposal is validated only after its promotion");
      return;
    }
    case What::promotes: return promotes(proposals_[name], ref);
    case What::fact: facts_[name] = true; return;
    case What::trace: return trace(traces_[name], ref);
    case What::downgrade: downgrade(traces_[name], ref); break;
    case What::policy: policies_[key(event, lower_ascii(one.id))] = true; return;
    case What::gate: gates_[name] = true; return;
    case What::transition: return transition(artifacts_[name], ref);
    case What::of_fact:
    case What::of_trace:
    case What::of_policy:
    case What::of_gate:
    case What::of_proposal: break;
  }
  if (!one.id.empty()) references_.push_back(ref);
}

void LogRules::promotes(Proposal& proposal, Ref ref) {
  if (!proposal.validated) {
    proposal.early.push_back(ref);
  } else if (!proposal.passed) {
    say_("EVT-032", *ref.event, ref.mention->at, "the last validation of the proposal failed");
  } else if (!proposal.created) {
    dangling("a proposal", ref);
  }
}

void LogRules::trace(Trace& trace, Ref ref) {
  const auto [replayability, digest] = words(*ref.mention);
  if (!trace.recorded) {
    trace.recorded = true, trace.replayability = replayability, trace.digest = digest;
  } else if (trace.digest != digest) {
    say_("EVT-030", *ref.event, ref.mention->at, "another trace was recorded under this id before; that one counts");
  }
}

void LogRules::downgrade(Trace& trace, Ref ref) {
  const auto [from, to] = words(*ref.mention);
  if (!trace.last.empty() && trace.last != from) {
    auto& f = say_("EVT-031", *ref.event, ref.mention->at, "the trace was downgraded to " + trace.last + " before");
    f.path = "event.data.from", f.found = from, f.expected = trace.last;
  }
  trace.last = to, trace.last_ref = ref;
}

void LogRules::transition(std::string& state, Ref ref) {
  const auto [from, to] = words(*ref.mention);
  if (!state.empty() && state != from) {
    auto& f = say_("EVT-029", *ref.event, ref.mention->at, "the artifact is " + state + ", not " + std::string(from));
    f.found = from, f.expected = state;
  }
  state = to;
}

void LogRules::dangling(std::string_view what, Ref ref) {
  auto& f = say_("EVT-033", *ref.event, ref.mention->at,
                 quote(ref.mention->id) + " is " + std::string(what) + " that no event here speaks of");
  f.found = ref.mention->id;
}

void LogRules::finish() {
  for (const auto& ref : references_) {
    const auto name = key(*ref.event, ref.mention->id);
    switch (ref.mention->what) {
      case What::of_trace:
      case What::downgrade:
        if (const auto found = traces_.find(name); found == traces_.end() || !found->second.recorded)
          dangling("a trace", ref);
        break;
      case What::of_policy:
        if (!policies_.contains(key(*ref.event, lower_ascii(ref.mention->id)))) dangling("the hash of a policy", ref);
        break;
      case What::of_gate:
        if (!gates_.contains(name)) dangling("a gate", ref);
        break;
      case What::of_fact:
        if (!facts_.contains(name)) dangling("a fact", ref);
        break;
      case What::of_proposal:
        if (const auto found = proposals_.find(name); found == proposals_.end() || !found->second.created)
          dangling("a proposal", ref);
        break;
      default: break;
    }
  }
  for (const auto& [name, proposal] : proposals_) {
    for (const auto& early : proposal.early) dangling("a proposal with a validation", early);
  }
  for (const auto& [name, trace] : traces_) {
    if (trace.last.empty() || trace.replayability.empty() || trace.replayability == trace.last) continue;
    auto& f = say_("EVT-031", *trace.last_ref.event, trace.last_ref.mention->at,
                   "the trace itself says it is " + trace.replayability);
    f.path = "event.data.to", f.found = trace.last, f.expected = trace.replayability;
  }
}

}  // namespace provgate::events
