// SPDX-License-Identifier: Apache-2.0
#include "systems/events/convert/convert.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "systems/events/wire/forms.hpp"

namespace provgate::events {
namespace {

// The name of one of several, or of its only member.
std::string_view chosen(Value value) {
  if (value.is(Kind::string)) return value.text();
  std::string_view out;
  value.each([&](Value one) { out = one.key(); });
  return out;
}

class Converter {
 public:
  Converter(Value envelope, const Event& event, Writer& out)
      : envelope_(envelope), data_(data_of(envelope)), event_(iri_of(event)), out_(out) {}

  void run() {
    using Convert = void (Converter::*)();
    static constexpr std::pair<std::string_view, Convert> k_converts[] = {
        {"ProposalCreated", &Converter::created},
        {"ProposalValidated", &Converter::validated},
        {"FactPromoted", &Converter::promoted},
        {"RecallExecuted", &Converter::recalled},
        {"ReplayTraceRecorded", &Converter::traced},
        {"ReplayabilityDowngraded", &Converter::downgraded},
        {"ArtifactStateTransitioned", &Converter::transitioned},
        {"ArtifactRollbackRecorded", &Converter::rolled_back},
        {"BackendInvoked", &Converter::invoked},
        {"OutcomeRecorded", &Converter::came_out},
        {"BudgetExceeded", &Converter::exceeded},
        {"PolicySnapshotCaptured", &Converter::captured},
        {"HypothesisResolved", &Converter::resolved},
        {"GateDecisionRecorded", &Converter::decided},
        {"UserApprovalGranted", &Converter::approval},
        {"UserApprovalRejected", &Converter::approval},
        {"UserOverrideIssued", &Converter::overridden},
        {"UserCorrection", &Converter::corrected},
        {"UserBoundaryAdjusted", &Converter::adjusted}};
    const auto kind = kind_of(envelope_);
    out_.at(envelope_.find("event").find("type"));
    out_.type(event_, "prov:Activity");
    out_.type(event_, "conv:" + std::string(kind));
    out_.said(event_, "conv:eventId", envelope_.find("event_id"));
    out_.time(event_, "prov:endedAtTime", envelope_.find("occurred_at"));
    part_of("chain", data_.find("chain_id"));
    part_of("run", envelope_.find("correlation_id"));
    const auto found = std::ranges::find(k_converts, kind, &std::pair<std::string_view, Convert>::first);
    if (found != std::end(k_converts)) (this->*found->second)();
  }

 private:
  void part_of(std::string_view kind, Value id) {
    if (!id.is(Kind::string)) return;
    out_.at(id);
    const auto whole = out_.named(kind, id.text());
    out_.type(whole, "prov:Activity");
    out_.link(event_, "dcterms:isPartOf", whole);
  }

  std::string thing(std::string_view kind, Value id) {
    out_.at(id);
    return out_.named(kind, id.text());
  }
  std::string made(std::string iri, std::string_view type) {
    out_.type(iri, "prov:Entity");
    out_.type(iri, type);
    out_.link(iri, "prov:wasGeneratedBy", event_);
    return iri;
  }
  void used(const std::string& iri) { out_.link(event_, "prov:used", iri); }
  std::string agent(std::string_view kind, Value id, std::string_view type) {
    const auto iri = thing(kind, id);
    out_.type(iri, type);
    out_.said(iri, "conv:name", id);
    return iri;
  }
  void person(std::string_view role, Value actor) {
    out_.association(event_, role, agent("actor", actor, "prov:Person"));
  }
  std::string policy(Value hash) {
    if (!hash.is(Kind::string) || hash.text().empty()) return {};
    out_.at(hash);
    const auto iri = out_.named("policy-snapshot", lower_ascii(hash.text()));
    out_.type(iri, "prov:Plan");
    return iri;
  }
  void used_policy() {
    if (const auto iri = policy(data_.find("policy_snapshot_hash")); !iri.empty()) used(iri);
  }

  // The model of a trace: what answered far away, or what ran here with its adapter.
  std::string model(Value trace) {
    const bool remote = trace.find("type").text() == "Remote";
    const auto id = trace.find(remote ? "provider_model_id" : "base_model_hash");
    auto name = std::string(remote ? trace.find("provider_name").text() : "local") + "/" + std::string(id.text());
    if (const auto adapter = trace.find("adapter"); !remote && adapter.is(Kind::object))
      name.append("+").append(adapter.find("adapter_id").text());
    out_.at(id);
    auto iri = out_.named("model", name);
    out_.type(iri, "prov:SoftwareAgent");
    out_.text(iri, "conv:name", name);
    return iri;
  }
  void say_trace(const std::string& iri, Value trace) {
    out_.at(trace);
    out_.type(iri, "prov:Entity");
    out_.type(iri, "prov:Plan");
    out_.type(iri, "conv:ReplayTrace");
    out_.said(iri, "conv:seed", trace.find("seed"));
    out_.said(iri, "conv:promptVersion", trace.find("prompt_version"));
    out_.said(iri, "conv:replayability", trace.find("replayability"));
    out_.said(iri, "conv:requestFingerprint", trace.find("request_fingerprint"));
    out_.said(iri, "conv:responseFingerprint", trace.find("response_fingerprint"));
    out_.link(iri, "conv:model", model(trace));
  }

  void created() {
    const auto proposal = data_.find("proposal"), trace = proposal.find("trace_link");
    const auto iri = made(thing("proposal", proposal.find("id")), "conv:Proposal");
    out_.said(iri, "conv:kind", proposal.find("kind"));
    out_.said(iri, "prov:value", proposal.find("payload"));
    out_.said(iri, "conv:confidence", proposal.find("confidence"));
    out_.said(iri, "conv:requiresHuman", proposal.find("requires_human"));
    const auto plan = event_ + "#trace";
    say_trace(plan, trace);
    out_.at(trace);
    used(plan);
    out_.association(event_, "generator", model(trace), plan);
    if (const auto recall = trace.find("recall"); recall.is(Kind::object)) {
      recall.find("candidate_ids").each([&](Value id) { used(thing("candidate", id)); });
    }
    used_policy();
  }

  void validated() {
    const auto proposal = thing("proposal", data_.find("proposal_id"));
    used(proposal);
    out_.at(data_.find("all_passed"));
    const auto report = made(event_ + "#report", "conv:ValidationReport");
    out_.link(report, "prov:wasDerivedFrom", proposal);
    out_.said(report, "conv:allPassed", data_.find("all_passed"));
    data_.find("contract_results").each([&](Value one) {
      if (one.find("passed").text() == "false") out_.said(report, "conv:failedContract", one.find("name"));
    });
    out_.association(event_, "validator", agent("actor", data_.find("validator"), "prov:Agent"));
  }

  void promoted() {
    const auto proposal = thing("proposal", data_.find("proposal_id"));
    used(proposal);
    const auto fact = made(thing("fact", data_.find("fact_id")), "conv:Fact");
    out_.link(fact, "prov:wasDerivedFrom", proposal);
    const auto derivation = event_ + "#derivation";
    out_.link(fact, "prov:qualifiedDerivation", derivation);
    out_.type(derivation, "prov:Derivation");
    out_.link(derivation, "prov:entity", proposal);
    out_.link(derivation, "prov:hadActivity", event_);
    out_.said(event_, "conv:reason", data_.find("reason"));
    out_.said(event_, "conv:requiresHuman", data_.find("requires_human"));
    out_.association(event_, "promoter", agent("actor", data_.find("promoted_by"), "prov:Agent"));
  }

  void recalled() {
    const auto query = data_.find("query"), provenance = data_.find("provenance");
    out_.at(query);
    const auto question = event_ + "#query";
    out_.type(question, "prov:Entity");
    out_.type(question, "conv:RecallQuery");
    out_.said(question, "prov:value", query.find("query_text"));
    used(question);
    const auto corpus = thing("corpus", provenance.find("corpus_fingerprint"));
    out_.type(corpus, "prov:Entity");
    used(corpus);
    std::size_t i = 0;
    provenance.find("candidate_scores").each([&](Value one) {
      const auto candidate = thing("candidate", one.find("id"));
      const auto usage = event_ + "#usage-" + std::to_string(++i);
      out_.type(candidate, "prov:Entity");
      used(candidate);
      out_.link(event_, "prov:qualifiedUsage", usage);
      out_.type(usage, "prov:Usage");
      out_.link(usage, "prov:entity", candidate);
      out_.said(usage, "conv:score", one.find("score"));
    });
    out_.at(provenance);
    const auto recall = made(event_ + "#recall", "conv:Recall");
    out_.said(recall, "conv:queryHash", provenance.find("query_hash"));
    out_.said(recall, "conv:returned", provenance.find("candidates_returned"));
    out_.said(recall, "conv:searched", provenance.find("candidates_searched"));
    out_.said(recall, "conv:stopReason", provenance.find("stop_reason"));
    out_.said(recall, "conv:latencyMs", provenance.find("latency_ms"));
    out_.association(event_, "embedder", agent("embedder", provenance.find("embedder_id"), "prov:SoftwareAgent"),
                     policy(provenance.find("policy_snapshot_hash")));
    if (const auto trace = data_.find("trace_link_id"); trace.is(Kind::string)) used(thing("trace", trace));
  }

  // ---- traces and backends ----
  void traced() {
    const auto trace = made(thing("trace", data_.find("trace_link_id")), "conv:ReplayTrace");
    say_trace(trace, data_.find("trace_link"));
  }
  void downgraded() {
    const auto trace = thing("trace", data_.find("trace_link_id"));
    used(trace);
    const auto revision = made(event_ + "#trace", "conv:ReplayTrace");
    out_.type(revision, "prov:Plan");
    out_.link(revision, "prov:wasRevisionOf", trace);
    out_.said(revision, "conv:replayability", data_.find("to"));
    out_.said(event_, "conv:reason", data_.find("reason"));
  }
  void invoked() {
    const auto trace = thing("trace", data_.find("trace_link_id"));
    used(trace);
    out_.association(event_, "backend", agent("backend", data_.find("backend_name"), "prov:SoftwareAgent"), trace);
    out_.said(event_, "conv:adapterId", data_.find("adapter_id"));
    used_policy();
  }

  // ---- artifacts ----
  void state(Value artifact, std::string_view called, Value at, Value when) {
    const auto whole = thing("artifact", artifact);
    out_.type(whole, "prov:Entity");
    out_.type(whole, "conv:Artifact");
    out_.at(at);
    const auto iri = made(event_ + "#state", "conv:ArtifactState");
    out_.link(iri, "prov:specializationOf", whole);
    out_.text(iri, "conv:state", called);
    out_.time(iri, "prov:generatedAtTime", when);
    // States that nothing follows are the artifact's end.
    if (called != "Deprecated" && called != "RolledBack") return;
    out_.link(whole, "prov:wasInvalidatedBy", event_);
    out_.time(whole, "prov:invalidatedAtTime", when);
  }
  void transitioned() {
    const auto event = data_.find("event"), to = event.find("to_state");
    state(data_.find("artifact_id"), to.text(), to, event.find("timestamp"));
    out_.text(thing("artifact", data_.find("artifact_id")), "conv:kind", chosen(data_.find("artifact_kind")));
    out_.said(event_, "conv:reason", event.find("reason"));
    out_.said(event_, "conv:ticket", event.find("ticket_ref"));
    out_.association(event_, "operator", agent("actor", event.find("actor"), "prov:Agent"));
  }
  void rolled_back() {
    const auto rollback = data_.find("rollback"), impact = rollback.find("impact");
    state(rollback.find("artifact_id"), "RolledBack", rollback.find("previous_state"), rollback.find("rolled_back_at"));
    out_.said(event_, "conv:reason", rollback.find("reason"));
    out_.said(event_, "conv:incident", rollback.find("incident_ref"));
    out_.said(event_, "conv:severity", impact.find("severity"));
    out_.said(event_, "conv:invalidatesOutputs", impact.find("invalidates_outputs"));
    out_.association(event_, "operator", agent("actor", rollback.find("actor"), "prov:Agent"));
  }

  // ---- outcomes, budgets, policies ----
  void came_out() {
    out_.at(data_.find("passed"));
    const auto outcome = made(event_ + "#outcome", "conv:Outcome");
    out_.said(outcome, "conv:passed", data_.find("passed"));
    if (const auto stop = data_.find("stop_reason"); stop && !stop.is(Kind::null))
      out_.text(outcome, "conv:stopReason", chosen(stop));
    out_.said(outcome, "conv:latencyMs", data_.find("latency_ms"));
    out_.said(outcome, "conv:tokens", data_.find("tokens"));
    out_.said(outcome, "conv:costMicrodollars", data_.find("cost_microdollars"));
    if (const auto backend = data_.find("backend"); backend.is(Kind::string))
      out_.association(event_, "backend", agent("backend", backend, "prov:SoftwareAgent"));
  }
  void exceeded() {
    out_.at(data_.find("resource"));
    const auto budget = made(event_ + "#budget", "conv:ExceededBudget");
    const auto resource = data_.find("resource");
    out_.text(budget, "conv:resource", resource.is(Kind::string) ? resource.text() : resource.find("Other").text());
    out_.said(budget, "conv:limit", data_.find("limit"));
    out_.said(budget, "conv:observed", data_.find("observed"));
  }
  void captured() {
    const auto iri = made(policy(data_.find("snapshot_hash")), "conv:PolicySnapshot");
    const auto whole = thing("policy", data_.find("policy_id"));
    out_.type(whole, "prov:Entity");
    out_.link(iri, "prov:specializationOf", whole);
    out_.said(iri, "conv:kind", data_.find("policy").find("type"));
    out_.text(iri, "conv:sha256", lower_ascii(data_.find("snapshot_hash").text()));
    out_.association(event_, "capturer", agent("actor", data_.find("captured_by"), "prov:Agent"));
  }
  void resolved() {
    const auto fact = thing("fact", data_.find("fact_id"));
    out_.type(fact, "prov:Entity");
    used(fact);
    out_.at(data_.find("outcome"));
    const auto resolution = made(event_ + "#resolution", "conv:Resolution");
    out_.link(resolution, "prov:wasDerivedFrom", fact);
    out_.said(resolution, "conv:outcome", data_.find("outcome"));
    out_.said(resolution, "conv:domain", data_.find("domain"));
    out_.said(resolution, "prov:value", data_.find("claim"));
    out_.said(resolution, "conv:confidence", data_.find("confidence"));
    out_.said(resolution, "conv:formedCycle", data_.find("formed_cycle"));
    out_.said(resolution, "conv:resolvedCycle", data_.find("resolved_cycle"));
    // Releases before 3.6 had any text there.
    const auto outcome = lower_ascii(data_.find("outcome").text());
    if (outcome == "falsified" || outcome == "superseded") {
      out_.link(fact, "prov:wasInvalidatedBy", event_);
      out_.time(fact, "prov:invalidatedAtTime", envelope_.find("occurred_at"));
    }
    if (const auto tension = data_.find("contradiction_id"); tension.is(Kind::string)) {
      const auto iri = thing("tension", tension);
      out_.type(iri, "prov:Entity");
      out_.link(resolution, "prov:wasInfluencedBy", iri);
    }
  }

  // ---- gates and people ----
  void decided() {
    const auto request = data_.find("request"), decision = data_.find("decision");
    const auto gate = thing("gate", request.find("gate_id")), proposal = thing("proposal", request.find("proposal_id"));
    out_.type(gate, "prov:Entity");
    out_.type(gate, "conv:GateRequest");
    out_.link(gate, "prov:wasDerivedFrom", proposal);
    out_.said(gate, "prov:value", request.find("summary"));
    out_.link(gate, "prov:wasAttributedTo", agent("actor", request.find("agent_id"), "prov:Agent"));
    used(gate);
    out_.at(decision.find("verdict"));
    const auto verdict = made(event_ + "#decision", "conv:GateDecision");
    out_.link(verdict, "prov:wasDerivedFrom", gate);
    out_.text(verdict, "conv:verdict", chosen(decision.find("verdict")));
    out_.said(verdict, "conv:reason", decision.find("verdict").find("Reject").find("reason"));
    out_.time(verdict, "prov:generatedAtTime", decision.find("decided_at"));
    // What was decided about a proposal is a part of where its fact comes from, also when it was decided later.
    out_.link(proposal, "conv:decision", verdict);
    person("approver", decision.find("decided_by"));
  }
  void approval() {
    const auto gate = thing("gate", data_.find("gate_request_id"));
    used(gate);
    const auto approval = made(event_ + "#approval", "conv:Approval");
    out_.link(approval, "prov:wasDerivedFrom", gate);
    out_.text(approval, "conv:verdict", kind_of(envelope_) == "UserApprovalGranted" ? "Approve" : "Reject");
    out_.said(approval, "conv:reason", data_.find("reason"));
    person("approver", data_.find("actor"));
    used_policy();
  }
  void overridden() {
    const auto target = data_.find("target");
    const auto kind = target.find("kind").text();
    const auto iri = thing(kind == "Fact" ? "fact" : kind == "Proposal" ? "proposal" : "constraint", target.find("id"));
    used(iri);
    const auto made_here = made(event_ + "#override", "conv:Override");
    out_.link(made_here, "prov:wasDerivedFrom", iri);
    out_.said(made_here, "conv:reason", data_.find("reason"));
    person("overrider", data_.find("actor"));
    used_policy();
  }
  void corrected() {
    const auto target = data_.find("target"), content = data_.find("corrected_content");
    const bool fact = target.find("kind").text() == "fact";
    const auto iri = thing(fact ? "fact" : "proposal", target.find(fact ? "fact_id" : "proposal_id"));
    used(iri);
    out_.at(content);
    const auto correction = made(event_ + "#content", "conv:Correction");
    out_.link(correction, "prov:wasRevisionOf", iri);
    out_.said(correction, "conv:kind", content.find("kind"));
    out_.said(correction, "prov:value", content.find("content"));
    out_.text(correction, "conv:originalSha256", lower_ascii(data_.find("original_content").text()));
    out_.said(correction, "conv:reason", data_.find("reason"));
    person("corrector", data_.find("actor"));
    used_policy();
  }
  void adjusted() {
    out_.at(data_.find("boundary"));
    const auto boundary = made(event_ + "#boundary", "conv:Boundary");
    const auto target = data_.find("target");
    out_.said(boundary, "conv:kind", data_.find("boundary"));
    out_.said(boundary, "conv:scope", target.find("scope"));
    for (const auto& [kind, id] : {std::pair("pack", "pack_id"), std::pair("intent", "intent_id")}) {
      if (const auto of = target.find(id); of && target.find("scope").text() == kind)
        out_.link(boundary, "conv:about", thing(kind, of));
    }
    out_.said(boundary, "conv:previousValue", data_.find("previous_value"));
    out_.said(boundary, "prov:value", data_.find("new_value"));
    out_.said(boundary, "conv:reason", data_.find("reason"));
    person("adjuster", data_.find("actor"));
    used_policy();
  }

  Value envelope_, data_;
  std::string event_;
  Writer& out_;
};

}  // namespace

std::string iri_of(const Event& event) { return name_of("event", event.tenant, event.id); }

void convert_event(Value envelope, const Event& event, Writer& out) { Converter(envelope, event, out).run(); }

}  // namespace provgate::events
