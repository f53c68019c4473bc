// SPDX-License-Identifier: Apache-2.0
// What is written about people: approvals, overrides, corrections, boundaries. Three spellings of kinds, as they are.
// Source: converge-core 3.9.3, user experience events (from 3.7.6 on).
#include "systems/events/wire/forms.hpp"

namespace provgate::events {
namespace {

using enum Form::Type;
using enum Member::When;

constexpr Member k_approval_members[] = {{"gate_request_id", &k_text},
                                         {"actor", &k_text},
                                         {"policy_snapshot_hash", &k_hash, optional},
                                         {"reason", &k_text, optional}};
constexpr Form k_approval = data_of(k_approval_members);

constexpr Variant k_target_kinds[] = {{"Fact"}, {"Proposal"}, {"Constraint"}};
constexpr Form k_target_kind = choice_of("a kind of target", k_target_kinds);
constexpr Member k_target_members[] = {{"kind", &k_target_kind}, {"id", &k_text}};
constexpr Form k_target = record_of("a target", k_target_members);
constexpr Member k_override_members[] = {
    {"target", &k_target}, {"actor", &k_text}, {"policy_snapshot_hash", &k_hash, optional}, {"reason", &k_text}};
constexpr Form k_override = data_of(k_override_members);

constexpr Member k_target_fact_members[] = {{"fact_id", &k_text}};
constexpr Form k_target_fact = record_of("a fact", k_target_fact_members);
constexpr Member k_target_proposal_members[] = {{"proposal_id", &k_text}};
constexpr Form k_target_proposal = record_of("a proposal", k_target_proposal_members);
constexpr Variant k_corrected[] = {{"fact", &k_target_fact}, {"proposal", &k_target_proposal}};
constexpr Form k_corrected_target = inside_of("what is corrected", "kind", k_corrected);
constexpr Variant k_content_kinds[] = {{"Claim"},      {"Plan"},      {"Classification"},
                                       {"Evaluation"}, {"Reasoning"}, {"Document"}};
constexpr Form k_content_kind = choice_of("a kind of content", k_content_kinds);
constexpr Member k_content_members[] = {
    {"kind", &k_content_kind}, {"content", &k_text}, {"structured", &k_any, optional}};
constexpr Form k_content = record_of("corrected content", k_content_members);
constexpr Member k_correction_members[] = {{"target", &k_corrected_target},
                                           {"actor", &k_text},
                                           {"policy_snapshot_hash", &k_hash, optional},
                                           {"original_content", &k_hash},
                                           {"corrected_content", &k_content},
                                           {"reason", &k_text}};
constexpr Form k_correction = data_of(k_correction_members);

constexpr Variant k_boundaries[] = {{"authority"}, {"forbidden"}, {"expiry"}, {"reversibility"}};
constexpr Form k_boundary = choice_of("a boundary", k_boundaries);
constexpr Member k_pack_members[] = {{"pack_id", &k_text}};
constexpr Form k_pack = record_of("a pack", k_pack_members);
constexpr Member k_intent_members[] = {{"intent_id", &k_text}};
constexpr Form k_intent = record_of("an intent", k_intent_members);
constexpr Variant k_scopes[] = {{"pack", &k_pack}, {"intent", &k_intent}, {"global"}};
constexpr Form k_scope = inside_of("where a boundary holds", "scope", k_scopes);
constexpr Member k_adjusted_members[] = {
    {"boundary", &k_boundary},  {"target", &k_scope},  {"actor", &k_text}, {"policy_snapshot_hash", &k_hash, optional},
    {"previous_value", &k_any}, {"new_value", &k_any}, {"reason", &k_text}};
constexpr Form k_adjusted = data_of(k_adjusted_members);

}  // namespace

constexpr Variant k_user_variants[5] = {{"UserApprovalGranted", &k_approval},
                                        {"UserApprovalRejected", &k_approval},
                                        {"UserOverrideIssued", &k_override},
                                        {"UserCorrection", &k_correction},
                                        {"UserBoundaryAdjusted", &k_adjusted}};
constexpr Variant k_kind_names[19] = {{"ProposalCreated"},
                                      {"ProposalValidated"},
                                      {"FactPromoted"},
                                      {"RecallExecuted"},
                                      {"ReplayTraceRecorded"},
                                      {"ReplayabilityDowngraded"},
                                      {"ArtifactStateTransitioned"},
                                      {"ArtifactRollbackRecorded"},
                                      {"BackendInvoked"},
                                      {"OutcomeRecorded"},
                                      {"BudgetExceeded"},
                                      {"PolicySnapshotCaptured"},
                                      {"HypothesisResolved"},
                                      {"GateDecisionRecorded"},
                                      {"UserApprovalGranted"},
                                      {"UserApprovalRejected"},
                                      {"UserOverrideIssued"},
                                      {"UserCorrection"},
                                      {"UserBoundaryAdjusted"}};

}  // namespace provgate::events
