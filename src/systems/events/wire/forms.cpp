// SPDX-License-Identifier: Apache-2.0
// What both sides write: envelopes, proposals, traces, recall, decisions. Source: converge-core 3.9.3, module
// experience_store and the types it names.
#include "systems/events/wire/forms.hpp"

namespace provgate::events {
namespace {

using enum Form::Type;
using enum Member::When;

// ---- proposals and traces ----
constexpr Variant k_steps[] = {{"Reasoning"}, {"Evaluation"}, {"Planning"}};
constexpr Member k_result_members[] = {{"name", &k_text}, {"passed", &k_bool}, {"failure_reason", &k_text, optional}};
constexpr Form k_result = record_of("a contract result", k_result_members);
constexpr Form k_results = list_of("a list of contract results", &k_result);

constexpr Member k_adapter_members[] = {{"adapter_id", &k_text}, {"adapter_hash", &k_text}, {"merged", &k_bool}};
constexpr Form k_adapter = record_of("an adapter", k_adapter_members);
constexpr Member k_sampler_members[] = {{"temperature", &k_f32}, {"top_p", &k_f32}, {"top_k", &k_u64, optional}};
constexpr Form k_sampler = record_of("a sampler", k_sampler_members);
constexpr Form k_scores = list_of("a list of numbers", &k_f32);
constexpr Member k_local_recall_members[] = {{"corpus_fingerprint", &k_text},
                                             {"candidate_ids", &k_texts},
                                             {"candidate_scores", &k_scores},
                                             {"injected_count", &k_u64}};
constexpr Form k_local_recall = record_of("a recall trace", k_local_recall_members);
constexpr Member k_environment_members[] = {{"device", &k_text}, {"backend", &k_text}, {"precision", &k_text}};
constexpr Form k_environment = record_of("an execution environment", k_environment_members);
constexpr Member k_local_members[] = {{"base_model_hash", &k_text},
                                      {"adapter", &k_adapter, optional},
                                      {"tokenizer_hash", &k_text},
                                      {"seed", &k_u64},
                                      {"sampler", &k_sampler},
                                      {"prompt_version", &k_text},
                                      {"recall", &k_local_recall, optional},
                                      {"weights_mutated", &k_bool},
                                      {"execution_env", &k_environment}};
constexpr Form k_local = record_of("a local trace", k_local_members);

constexpr Variant k_replayabilities[] = {{"Deterministic"}, {"BestEffort"}, {"None"}};
constexpr Form k_replayability = choice_of("a replayability", k_replayabilities);
constexpr Member k_remote_members[] = {{"provider_name", &k_text},
                                       {"provider_model_id", &k_text},
                                       {"request_fingerprint", &k_text},
                                       {"response_fingerprint", &k_text},
                                       {"temperature", &k_f32},
                                       {"top_p", &k_f32},
                                       {"max_tokens", &k_u64},
                                       {"provider_metadata", &k_text_map},
                                       {"retried", &k_bool},
                                       {"retry_reasons", &k_texts},
                                       {"replayability", &k_replayability}};
constexpr Form k_remote = record_of("a remote trace", k_remote_members);
constexpr Variant k_trace_types[] = {{"Local", &k_local}, {"Remote", &k_remote}};
constexpr Form k_trace = inside_of("a replay trace", "type", k_trace_types);

constexpr Variant k_proposal_kinds[] = {{"Claims"},     {"Plan"},          {"Classification"},
                                        {"Evaluation"}, {"DraftDocument"}, {"Reasoning"}};
constexpr Form k_proposal_kind = choice_of("a kind of proposal", k_proposal_kinds);
constexpr Member k_proposal_members[] = {{"id", &k_text},
                                         {"kind", &k_proposal_kind},
                                         {"payload", &k_text},
                                         {"structured_payload", &k_any, optional},
                                         {"trace_link", &k_trace},
                                         {"contract_results", &k_results},
                                         {"requires_human", &k_bool},
                                         {"confidence", &k_f32, optional}};
constexpr Form k_proposal = record_of("a proposal", k_proposal_members);

constexpr Member k_proposal_created_members[] = {
    {"proposal", &k_proposal}, {"chain_id", &k_text}, {"step", &k_step}, {"policy_snapshot_hash", &k_hash, optional}};
constexpr Form k_proposal_created = data_of(k_proposal_created_members);
constexpr Member k_proposal_validated_members[] = {{"proposal_id", &k_text}, {"chain_id", &k_text},
                                                   {"step", &k_step},        {"contract_results", &k_results},
                                                   {"all_passed", &k_bool},  {"validator", &k_text}};
constexpr Form k_proposal_validated = data_of(k_proposal_validated_members);
constexpr Member k_fact_promoted_members[] = {{"proposal_id", &k_text},
                                              {"fact_id", &k_text},
                                              {"promoted_by", &k_text},
                                              {"reason", &k_text},
                                              {"requires_human", &k_bool}};
constexpr Form k_fact_promoted = data_of(k_fact_promoted_members);

// ---- recall ----
constexpr Member k_query_members[] = {{"query_text", &k_text},
                                      {"top_k", &k_u64},
                                      {"step_context", &k_step, optional},
                                      {"tenant_scope", &k_text, optional}};
constexpr Form k_query = record_of("a recall query", k_query_members);
constexpr Variant k_purposes[] = {{"RuntimeAugmentation"}, {"TrainingCandidateSelection"}};
constexpr Variant k_consumers[] = {{"Kernel"}, {"Analytics"}, {"Trainer"}};
constexpr Form k_consumer = choice_of("a consumer", k_consumers);
constexpr Form k_consumer_list = list_of("a list of consumers", &k_consumer);
constexpr Member k_candidate_members[] = {{"id", &k_text}, {"score", &k_unit}};
constexpr Form k_candidate = record_of("a candidate", k_candidate_members);
constexpr Form k_candidates = list_of("a list of candidates", &k_candidate);
constexpr Variant k_recall_stops[] = {{"ReachedTopK"},       {"BudgetExhausted"}, {"BelowThreshold"},
                                      {"TokenLimitReached"}, {"LatencyExceeded"}, {"EmbedderNotDeterministic"},
                                      {"TenantScopeMissing"}};
constexpr Form k_recall_stop = choice_of("a reason to stop recalling", k_recall_stops);
constexpr Member k_envelope_members[] = {{"query_hash", &k_text},
                                         {"embedding_input_hash", &k_text},
                                         {"embedding_hash", &k_text},
                                         {"embedder_id", &k_text},
                                         {"embedder_settings_hash", &k_text},
                                         {"corpus_fingerprint", &k_text},
                                         {"policy_snapshot_hash", &k_text},
                                         {"purpose", &k_purpose, fallback, "\"RuntimeAugmentation\""},
                                         {"consumers", &k_consumer_list, fallback, "[]"},
                                         {"candidate_scores", &k_candidates},
                                         {"candidates_searched", &k_u64},
                                         {"candidates_returned", &k_u64},
                                         {"stop_reason", &k_recall_stop, optional},
                                         {"latency_ms", &k_u64},
                                         {"timestamp", &k_text},
                                         {"signature", &k_text, fallback, "\"unsigned\""}};
constexpr Form k_envelope = record_of("a recall's provenance", k_envelope_members);
static_assert(std::size(k_envelope_members) <= k_most_members);
constexpr Member k_recall_members[] = {
    {"query", &k_query}, {"provenance", &k_envelope}, {"trace_link_id", &k_text, optional}};
constexpr Form k_recall_executed = data_of(k_recall_members);

// ---- traces and backends ----
constexpr Member k_trace_recorded_members[] = {{"trace_link_id", &k_text}, {"trace_link", &k_trace}};
constexpr Form k_trace_recorded = data_of(k_trace_recorded_members);
constexpr Variant k_downgrade_reasons[] = {{"RecallEmbedderNotDeterministic"},
                                           {"RecallCorpusNotContentAddressed"},
                                           {"RemoteBackendUsed"},
                                           {"NoSeedProvided"},
                                           {"MultipleReasons"}};
constexpr Form k_downgrade_reason = choice_of("a reason for a downgrade", k_downgrade_reasons);
constexpr Member k_downgraded_members[] = {
    {"trace_link_id", &k_text}, {"from", &k_replayability}, {"to", &k_replayability}, {"reason", &k_downgrade_reason}};
constexpr Form k_downgraded = data_of(k_downgraded_members);
constexpr Member k_backend_members[] = {{"backend_name", &k_text},
                                        {"adapter_id", &k_text, optional},
                                        {"trace_link_id", &k_text},
                                        {"step", &k_step},
                                        {"policy_snapshot_hash", &k_hash, optional}};
constexpr Form k_backend_invoked = data_of(k_backend_members);

// ---- hypotheses and gates ----
constexpr Variant k_outcomes[] = {{"Confirmed"}, {"Falsified"}, {"Superseded"}, {"Unresolved"}};
constexpr Form k_outcome = choice_of("an outcome", k_outcomes);
constexpr Member k_hypothesis_members[] = {{"chain_id", &k_text},
                                           {"fact_id", &k_text},
                                           {"domain", &k_text},
                                           {"claim", &k_text},
                                           {"confidence", &k_unit},
                                           {"outcome", &k_outcome},
                                           {"contradiction_id", &k_text, optional, {}, true},
                                           {"formed_cycle", &k_u32},
                                           {"resolved_cycle", &k_u32}};
constexpr Form k_hypothesis_resolved = data_of(k_hypothesis_members);
constexpr Member k_context_members[] = {{"label", &k_text}, {"value", &k_text}};
constexpr Form k_context_item = record_of("a label with its value", k_context_members);
constexpr Form k_context = list_of("a list of labels with values", &k_context_item);
constexpr Variant k_timeout_actions[] = {{"Reject"}, {"Approve"}, {"Escalate"}};
constexpr Form k_timeout_action = choice_of("what happens at the timeout", k_timeout_actions);
constexpr Member k_timeout_members[] = {{"timeout_secs", &k_u64}, {"action", &k_timeout_action}};
constexpr Form k_timeout = record_of("a timeout", k_timeout_members);
constexpr Member k_request_members[] = {
    {"gate_id", &k_text},  {"proposal_id", &k_text},         {"summary", &k_text},
    {"agent_id", &k_text}, {"rationale", &k_text, optional}, {"context_data", &k_context},
    {"cycle", &k_u32},     {"requested_at", &k_text},        {"timeout", &k_timeout}};
constexpr Form k_request = record_of("a gate request", k_request_members);
constexpr Member k_reject_members[] = {{"reason", &k_text, optional}};
constexpr Form k_reject = record_of("a rejection", k_reject_members);
constexpr Variant k_verdicts[] = {{"Approve"}, {"Reject", &k_reject}};
constexpr Form k_verdict = choice_of("a verdict", k_verdicts);
constexpr Member k_decision_members[] = {
    {"gate_id", &k_text}, {"verdict", &k_verdict}, {"decided_by", &k_text}, {"decided_at", &k_text}};
constexpr Form k_decision = record_of("a gate decision", k_decision_members);
constexpr Member k_gate_members[] = {{"request", &k_request}, {"decision", &k_decision}};
constexpr Form k_gate_decided = data_of(k_gate_members);

// ---- envelopes ----
constexpr Variant k_engine[] = {{"ProposalCreated", &k_proposal_created},
                                {"ProposalValidated", &k_proposal_validated},
                                {"FactPromoted", &k_fact_promoted},
                                {"RecallExecuted", &k_recall_executed},
                                {"ReplayTraceRecorded", &k_trace_recorded},
                                {"ReplayabilityDowngraded", &k_downgraded},
                                {"ArtifactStateTransitioned", &k_artifact_transitioned},
                                {"ArtifactRollbackRecorded", &k_artifact_rolled_back},
                                {"BackendInvoked", &k_backend_invoked},
                                {"OutcomeRecorded", &k_outcome_recorded},
                                {"BudgetExceeded", &k_budget_exceeded},
                                {"PolicySnapshotCaptured", &k_policy_captured},
                                {"HypothesisResolved", &k_hypothesis_resolved},
                                {"GateDecisionRecorded", &k_gate_decided}};
constexpr Form k_engine_event = beside_of("an event of an engine", "type", "data", k_engine);
constexpr Form k_user_event = beside_of("an event of a user", "type", "data", k_user_variants);

constexpr Member k_engine_members[] = {{"event_id", &k_text},
                                       {"occurred_at", &k_text},
                                       {"tenant_id", &k_text, optional},
                                       {"correlation_id", &k_text, optional},
                                       {"event", &k_engine_event}};
constexpr Member k_user_members[] = {{"event_id", &k_text},
                                     {"occurred_at", &k_text},
                                     {"tenant_id", &k_text, optional},
                                     {"correlation_id", &k_text, optional},
                                     {"event", &k_user_event}};
constexpr Variant k_record_kinds[] = {{"Engine", &k_engine_envelope}, {"User", &k_user_envelope}};

// ---- queries ----
constexpr Member k_range_members[] = {{"start", &k_text, optional}, {"end", &k_text, optional}};
constexpr Form k_range = record_of("a range of times", k_range_members);
constexpr Form k_kind = choice_of("a kind of event", k_kind_names);
constexpr Form k_kinds = list_of("a list of kinds", &k_kind);
constexpr Member k_event_query_members[] = {
    {"tenant_id", &k_text, optional},      {"time_range", &k_range, optional}, {"kinds", &k_kinds},
    {"correlation_id", &k_text, optional}, {"chain_id", &k_text, optional},    {"limit", &k_u64, optional}};
constexpr Member k_artifact_query_members[] = {{"tenant_id", &k_text, optional},
                                               {"artifact_id", &k_text, optional},
                                               {"kind", &k_artifact_kind, optional},
                                               {"state", &k_artifact_state, optional},
                                               {"limit", &k_u64, optional}};

}  // namespace

constexpr Form k_step = choice_of("a step", k_steps);
constexpr Form k_purpose = choice_of("a purpose", k_purposes);

constexpr Form k_engine_envelope = record_of("an envelope", k_engine_members);
constexpr Form k_user_envelope = record_of("an envelope", k_user_members);
constexpr Form k_record = beside_of("a record", "kind", "value", k_record_kinds);
constexpr Form k_event_query = record_of("a query", k_event_query_members);
constexpr Form k_artifact_query = record_of("a query", k_artifact_query_members);
const std::span<const Variant> k_engine_kinds = k_engine, k_user_kinds = k_user_variants;

}  // namespace provgate::events
