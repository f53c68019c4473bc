// SPDX-License-Identifier: Apache-2.0
// What engines write about work and what it runs under: artifacts, outcomes, budgets, policies.
// Source: converge-core 3.9.3, modules governed_artifact, gates::stop, recall.
#include "systems/events/wire/forms.hpp"

namespace provgate::events {
namespace {

using enum Form::Type;
using enum Member::When;

// ---- artifacts ----
constexpr Variant k_artifact_kinds[] = {{"Adapter"},   {"Pack"},      {"Policy"},
                                        {"TruthFile"}, {"EvalSuite"}, {"Other", &k_text}};
constexpr Variant k_states[] = {{"Draft"}, {"Approved"}, {"Active"}, {"Quarantined"}, {"Deprecated"}, {"RolledBack"}};
constexpr Member k_lifecycle_members[] = {{"from_state", &k_artifact_state},
                                          {"to_state", &k_artifact_state},
                                          {"timestamp", &k_text},
                                          {"actor", &k_text},
                                          {"reason", &k_text},
                                          {"ticket_ref", &k_text, optional},
                                          {"tenant_id", &k_text, optional}};
constexpr Form k_lifecycle = record_of("a change of state", k_lifecycle_members);
constexpr Member k_transition_members[] = {
    {"artifact_id", &k_text}, {"artifact_kind", &k_artifact_kind}, {"event", &k_lifecycle}};
constexpr Variant k_severities[] = {{"Low"}, {"Medium"}, {"High"}, {"Critical"}};
constexpr Form k_severity = choice_of("a severity", k_severities);
constexpr Member k_impact_members[] = {{"affected_count", &k_u64, optional},
                                       {"quality_issues", &k_texts},
                                       {"invalidates_outputs", &k_bool},
                                       {"severity", &k_severity},
                                       {"affected_tenants", &k_texts}};
constexpr Form k_impact = record_of("an impact", k_impact_members);
constexpr Member k_rollback_members[] = {{"artifact_id", &k_text},
                                         {"previous_state", &k_artifact_state},
                                         {"rolled_back_at", &k_text},
                                         {"actor", &k_text},
                                         {"reason", &k_text},
                                         {"impact", &k_impact},
                                         {"incident_ref", &k_text, optional},
                                         {"tenant_id", &k_text, optional}};
constexpr Form k_rollback = record_of("a rollback", k_rollback_members);
constexpr Member k_rolled_back_members[] = {{"rollback", &k_rollback}};

// ---- why a run stopped ----
constexpr Member k_criteria_members[] = {{"criteria", &k_texts}};
constexpr Form k_criteria = record_of("criteria", k_criteria_members);
constexpr Member k_human_members[] = {{"criteria", &k_texts}, {"approval_refs", &k_texts}};
constexpr Form k_human = record_of("criteria with approvals", k_human_members);
constexpr Member k_cycles_members[] = {{"cycles_executed", &k_u32}, {"limit", &k_u32}};
constexpr Form k_cycles = record_of("a budget of cycles", k_cycles_members);
constexpr Member k_facts_members[] = {{"facts_count", &k_u32}, {"limit", &k_u32}};
constexpr Form k_facts = record_of("a budget of facts", k_facts_members);
constexpr Member k_tokens_members[] = {{"tokens_consumed", &k_u64}, {"limit", &k_u64}};
constexpr Form k_tokens = record_of("a budget of tokens", k_tokens_members);
constexpr Member k_time_members[] = {{"duration_ms", &k_u64}, {"limit_ms", &k_u64}};
constexpr Form k_time = record_of("a budget of time", k_time_members);
constexpr Variant k_classes[] = {{"Structural"}, {"Semantic"}, {"Acceptance"}};
constexpr Form k_class = choice_of("a class of invariants", k_classes);
constexpr Member k_invariant_members[] = {{"class", &k_class}, {"name", &k_text}, {"reason", &k_text}};
constexpr Form k_invariant = record_of("an invariant", k_invariant_members);
constexpr Member k_promotion_members[] = {{"proposal_id", &k_text}, {"reason", &k_text}};
constexpr Form k_promotion = record_of("a rejected promotion", k_promotion_members);
constexpr Variant k_categories[] = {{"Internal"}, {"Configuration"}, {"External"}, {"Resource"}, {"Unknown"}};
constexpr Form k_category = choice_of("a category of errors", k_categories);
constexpr Member k_error_members[] = {{"message", &k_text}, {"category", &k_category}};
constexpr Form k_error = record_of("an error", k_error_members);
constexpr Member k_refused_members[] = {{"agent_id", &k_text}, {"reason", &k_text}};
constexpr Form k_refused = record_of("a refusal", k_refused_members);
constexpr Member k_pending_members[] = {
    {"gate_id", &k_text}, {"proposal_id", &k_text}, {"summary", &k_text}, {"agent_id", &k_text}, {"cycle", &k_u32}};
constexpr Form k_pending = record_of("a gate that waits", k_pending_members);
constexpr Variant k_stops[] = {{"Converged"},
                               {"CriteriaMet", &k_criteria},
                               {"UserCancelled"},
                               {"HumanInterventionRequired", &k_human},
                               {"CycleBudgetExhausted", &k_cycles},
                               {"FactBudgetExhausted", &k_facts},
                               {"TokenBudgetExhausted", &k_tokens},
                               {"TimeBudgetExhausted", &k_time},
                               {"InvariantViolated", &k_invariant},
                               {"PromotionRejected", &k_promotion},
                               {"Error", &k_error},
                               {"AgentRefused", &k_refused},
                               {"HitlGatePending", &k_pending}};
constexpr Form k_stop = choice_of("a reason to stop", k_stops);
constexpr Member k_outcome_members[] = {{"chain_id", &k_text},
                                        {"step", &k_step},
                                        {"passed", &k_bool},
                                        {"stop_reason", &k_stop, optional},
                                        {"latency_ms", &k_u64, optional},
                                        {"tokens", &k_u64, optional},
                                        {"cost_microdollars", &k_u64, optional},
                                        {"backend", &k_text, optional},
                                        {"metadata", &k_text_map, fallback, {}, true}};

constexpr Variant k_resources[] = {{"EngineBudget"}, {"Tokens"}, {"Facts"},         {"Cycles"},
                                   {"Time"},         {"Cost"},   {"Other", &k_text}};
constexpr Form k_resource = choice_of("a resource", k_resources);
constexpr Member k_budget_members[] = {
    {"chain_id", &k_text}, {"resource", &k_resource}, {"limit", &k_text}, {"observed", &k_text, optional}};

// ---- policies ----
constexpr Member k_engine_policy_members[] = {{"adapter_id", &k_text, optional}, {"recall_enabled", &k_bool},
                                              {"recall_max_candidates", &k_u64}, {"recall_min_score", &k_f32},
                                              {"seed", &k_u64, optional},        {"requires_human", &k_bool},
                                              {"required_truths", &k_texts}};
constexpr Form k_engine_policy = record_of("a policy of an engine", k_engine_policy_members);
constexpr Form k_tiers{map, "backends by risk tier", &k_texts, {}, k_severities};
constexpr Variant k_classifications[] = {{"Public"}, {"Internal"}, {"Confidential"}, {"Restricted"}};
constexpr Form k_classified{map, "backends by classification of data", &k_texts, {}, k_classifications};
constexpr Member k_routing_members[] = {{"truth_preferences", &k_text_map},
                                        {"risk_tier_backends", &k_tiers},
                                        {"data_classification_backends", &k_classified},
                                        {"default_backend", &k_text}};
constexpr Form k_routing = record_of("a routing policy", k_routing_members);
constexpr Member k_budgets_members[] = {
    {"max_latency_ms", &k_u64}, {"max_embedding_calls", &k_u64}, {"max_tokens_per_candidate", &k_u64}};
constexpr Form k_budgets = record_of("budgets", k_budgets_members);
constexpr Form k_uses = list_of("a list of purposes", &k_purpose);
constexpr Member k_recall_policy_members[] = {{"enabled", &k_bool},
                                              {"max_k_total", &k_u64},
                                              {"max_tokens_injection", &k_u64},
                                              {"min_score_threshold", &k_unit},
                                              {"budgets", &k_budgets},
                                              {"allowed_uses", &k_uses, fallback, "[\"RuntimeAugmentation\"]"},
                                              {"prior_weight", &k_unit, fallback, "1.0", false, true}};
constexpr Form k_recall_policy = record_of("a recall policy", k_recall_policy_members);
constexpr Variant k_policies[] = {{"Kernel", &k_engine_policy}, {"Routing", &k_routing}, {"Recall", &k_recall_policy}};
constexpr Form k_policy = beside_of("a policy", "type", "policy", k_policies);
constexpr Member k_captured_members[] = {
    {"policy_id", &k_text}, {"policy", &k_policy}, {"snapshot_hash", &k_hash}, {"captured_by", &k_text}};

}  // namespace

constexpr Form k_artifact_kind = choice_of("a kind of artifact", k_artifact_kinds);
constexpr Form k_artifact_state = choice_of("a state of an artifact", k_states);
constexpr Form k_artifact_transitioned = data_of(k_transition_members);
constexpr Form k_artifact_rolled_back = data_of(k_rolled_back_members);
constexpr Form k_outcome_recorded = data_of(k_outcome_members);
constexpr Form k_budget_exceeded = data_of(k_budget_members);
constexpr Form k_policy_captured = data_of(k_captured_members);

}  // namespace provgate::events
