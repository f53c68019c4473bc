// SPDX-License-Identifier: Apache-2.0
#include "systems/events/rules/log.hpp"

#include <tuple>

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

std::string_view thing_of(What what) {
  switch (what) {
    case What::proposes:
    case What::passes:
    case What::fails: return "proposal";
    case What::fact: return "fact";
    case What::trace:
    case What::downgrade: return "trace";
    case What::policy: return "policy";
    case What::gate: return "gate";
    case What::transition: return "artifact";
    case What::promotes:
    case What::of_fact:
    case What::of_trace:
    case What::of_policy:
    case What::of_gate:
    case What::of_proposal: break;
  }
  return {};
}

std::string LogRules::key(const Event& event, std::string_view id) {
  std::string out;
  out.reserve((event.tenant ? event.tenant->size() : 0) + id.size() + 2);
  out.append(event.tenant ? "+" : "-").append(event.tenant ? std::string_view(*event.tenant) : "");
  return out.append(1, '\0').append(id);
}

void LogRules::add(const Event& event, std::span<const Mention> mentions, const std::string& file) {
  if (!event.id.empty() && !before_) {
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
  for (const auto& one : mentions) {
    if (!mention(event, one) && before_) return;
  }
}

LogRules::Proposal& LogRules::proposal_of(const Event& event, std::string_view id) {
  const auto [at, fresh] = proposals_.try_emplace(key(event, id));
  auto& out = at->second;
  if (!fresh) return out;
  for (const auto& one : before("proposal", event, id)) {
    out.created = out.created || one.what == What::proposes;
    if (one.what == What::passes || one.what == What::fails)
      out.validated = true, out.passed = one.what == What::passes;
  }
  return out;
}

LogRules::Trace& LogRules::trace_of(const Event& event, std::string_view id) {
  const auto [at, fresh] = traces_.try_emplace(key(event, id));
  auto& out = at->second;
  if (!fresh) return out;
  for (const auto& one : before("trace", event, id)) {
    const auto [first, second] = words(one);
    if (one.what == What::downgrade) out.last = second;
    if (one.what == What::trace && !out.recorded) out.recorded = true, out.replayability = first, out.digest = second;
  }
  return out;
}

std::string& LogRules::artifact_of(const Event& event, std::string_view id) {
  const auto [at, fresh] = artifacts_.try_emplace(key(event, id));
  if (!fresh) return at->second;
  for (const auto& one : before("artifact", event, id)) at->second = words(one).second;
  return at->second;
}

bool& LogRules::known(std::unordered_map<std::string, bool>& things, std::string_view thing, const Event& event,
                      std::string_view id) {
  const auto [at, fresh] = things.try_emplace(key(event, id), false);
  if (fresh) at->second = !before(thing, event, id).empty();
  return at->second;
}

bool LogRules::mention(const Event& event, const Mention& one) {
  const Ref ref{&event, &one};
  switch (one.what) {
    case What::proposes: proposal_of(event, one.id).created = true; return true;
    case What::passes:
    case What::fails: {
      auto& proposal = proposal_of(event, one.id);
      proposal.validated = true, proposal.passed = one.what == What::passes;
      for (const auto& early : std::exchange(proposal.early, {}))
        say_("EVT-032", *early.event, early.mention->at, "the proposal is validated only after its promotion");
      return true;
    }
    case What::promotes: return promotes(proposal_of(event, one.id), ref);
    case What::fact: known(facts_, "fact", event, one.id) = true; return true;
    case What::trace: return trace(trace_of(event, one.id), ref);
    case What::policy: known(policies_, "policy", event, lower_ascii(one.id)) = true; return true;
    case What::gate: known(gates_, "gate", event, one.id) = true; return true;
    case What::transition: return transition(artifact_of(event, one.id), ref);
    case What::downgrade:
    case What::of_fact:
    case What::of_trace:
    case What::of_policy:
    case What::of_gate:
    case What::of_proposal: break;
  }
  const bool well = one.what != What::downgrade || downgrade(trace_of(event, one.id), ref);
  if (!one.id.empty()) references_.push_back(ref);
  return well;
}

bool LogRules::promotes(Proposal& proposal, Ref ref) {
  if (!proposal.validated) {
    proposal.early.push_back(ref);
  } else if (!proposal.passed) {
    say_("EVT-032", *ref.event, ref.mention->at, "the last validation of the proposal failed");
    return false;
  } else if (!proposal.created) {
    dangling("a proposal", ref);
  }
  return true;
}

bool LogRules::trace(Trace& trace, Ref ref) {
  const auto [replayability, digest] = words(*ref.mention);
  if (!trace.recorded) {
    trace.recorded = true, trace.replayability = replayability, trace.digest = digest;
    if (!trace.last_ref.event) trace.last_ref = ref;
  } else if (trace.digest != digest) {
    say_("EVT-030", *ref.event, ref.mention->at, "another trace was recorded under this id before; that one counts");
    return false;
  }
  return true;
}

bool LogRules::downgrade(Trace& trace, Ref ref) {
  const auto [from, to] = words(*ref.mention);
  bool well = true;
  if (!trace.last.empty() && trace.last != from) {
    auto& f = say_("EVT-031", *ref.event, ref.mention->at, "the trace was downgraded to " + trace.last + " before");
    f.path = "event.data.from", f.found = from, f.expected = trace.last;
    well = false;
  }
  if (well || !before_) trace.last = to, trace.last_ref = ref;
  return well;
}

bool LogRules::transition(std::string& state, Ref ref) {
  const auto [from, to] = words(*ref.mention);
  bool well = true;
  if (!state.empty() && state != from) {
    auto& f = say_("EVT-029", *ref.event, ref.mention->at, "the artifact is " + state + ", not " + std::string(from));
    f.found = from, f.expected = state;
    well = false;
  }
  if (well || !before_) state = to;
  return well;
}

void LogRules::dangling(std::string_view what, Ref ref) {
  auto& f = say_("EVT-033", *ref.event, ref.mention->at,
                 quote(ref.mention->id) + " is " + std::string(what) + " that no event here speaks of");
  f.found = ref.mention->id;
}

void LogRules::finish() {
  for (const auto& ref : references_) {
    const auto& [event, id] = std::tie(*ref.event, ref.mention->id);
    switch (ref.mention->what) {
      case What::of_trace:
      case What::downgrade:
        if (!trace_of(event, id).recorded) dangling("a trace", ref);
        break;
      case What::of_policy:
        if (!known(policies_, "policy", event, lower_ascii(id))) dangling("the hash of a policy", ref);
        break;
      case What::of_gate:
        if (!known(gates_, "gate", event, id)) dangling("a gate", ref);
        break;
      case What::of_fact:
        if (!known(facts_, "fact", event, id)) dangling("a fact", ref);
        break;
      case What::of_proposal:
        if (!proposal_of(event, id).created) dangling("a proposal", ref);
        break;
      default: break;
    }
  }
  for (const auto& [name, proposal] : proposals_) {
    for (const auto& early : proposal.early) dangling("a proposal with a validation", early);
  }
  for (const auto& [name, trace] : traces_) {
    const bool said_here = trace.last_ref.event != nullptr;
    if (!said_here || trace.last.empty() || trace.replayability.empty() || trace.replayability == trace.last) continue;
    auto& f = say_("EVT-031", *trace.last_ref.event, trace.last_ref.mention->at,
                   "the trace itself says it is " + trace.replayability);
    if (trace.last_ref.mention->what == What::downgrade) f.path = "event.data.to";
    f.found = trace.last, f.expected = trace.replayability;
    if (before_) f.severity = Severity::warning;
  }
}

}  // namespace provgate::events
