// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/table.hpp"

#include <algorithm>

namespace provgate::experience {
namespace {

using enum Holds;
using enum Column::When;
using Values = std::string_view;

constexpr std::int64_t k_most_whole = (1LL << 53) - 1, k_most_sequence = k_most_whole;

constexpr Values k_levels[] = {"novice", "beginner", "intermediate", "advanced", "expert"};
constexpr Values k_attestations[] = {"self_declared", "system_observed", "peer_reviewed", "admin_granted"};
constexpr Values k_types[] = {"interaction",       "decision",       "entity_discovery", "pattern_learned",
                              "skill_application", "error_recovery", "collaboration"};
constexpr Values k_verifications[] = {"pending", "verified", "disputed", "invalidated"};
constexpr Values k_categories[] = {"read",   "write",    "delete",   "execute",  "approve",
                                   "reject", "delegate", "escalate", "remediate"};
constexpr Values k_consequences[] = {"success", "partial", "failure", "harm", "pending"};
constexpr Values k_remediations[] = {"not_required", "pending", "in_progress", "completed", "failed"};
constexpr Values k_beacons[] = {"none"};
constexpr Values k_seals[] = {"seed", "provgate-seal-1"};
constexpr Values k_recipes[] = {"seed", "provgate-record-1"};

// Of a round of a beacon: all of them or none.
#define PROVGATE_BEACON_COLUMNS                                                                              \
  {"drand_chain", digest}, {"drand_round", whole, optional, false, 1, k_most_whole},                         \
      {"drand_randomness", hex, optional, false, 0, 128}, {"drand_signature", hex, optional, false, 0, 256}, \
      {"drand_previous_signature", hex, optional, false, 0, 256}, {                                          \
    "beacon", choice, optional, false, 0, 0, k_beacons                                                       \
  }

constexpr Column k_provenance[] = {{"id", uuid, required},
                                   {"chitty_id", entity, required},
                                   {"parent_provenance_id", uuid},
                                   {"chain_depth", whole, defaulted, false, 0, k_most_sequence},
                                   {"chain_root_id", uuid},
                                   {"experience_type", choice, required, false, 0, 0, k_types},
                                   {"domain", text, optional, false, 0, 64},
                                   {"subdomain", text, optional, false, 0, 64},
                                   {"source_platform", text, required, false, 0, 64},
                                   {"source_session_id", text, optional, false, 0, 128},
                                   {"source_action_id", text, optional, false, 0, 128},
                                   {"experience_summary", text, required},
                                   {"experience_metadata", object, defaulted},
                                   {"complexity_score", whole, optional, false, 1, 10},
                                   {"success_indicator", truth},
                                   {"confidence_level", decimal, optional, false, 0, 100},
                                   {"verification_status", choice, defaulted, true, 0, 0, k_verifications},
                                   {"verified_by", entity, optional, true},
                                   {"verified_at", time, optional, true},
                                   {"dispute_details", any, optional, true},
                                   {"content_hash", digest, required},
                                   {"previous_hash", digest},
                                   PROVGATE_BEACON_COLUMNS,
                                   {"hash_alg", choice, defaulted, false, 0, 0, k_recipes},
                                   {"experienced_at", time, required},
                                   {"created_at", time, optional, true}};

constexpr Column k_attestation[] = {{"id", uuid, required},
                                    {"chitty_id", entity, required},
                                    {"domain", text, required, false, 0, 64},
                                    {"subdomain", text, optional, false, 0, 64},
                                    {"skill_level", choice, required, false, 0, 0, k_levels},
                                    {"proficiency_score", decimal, optional, false, 0, 100},
                                    {"evidence_count", whole, defaulted, false, 0, k_most_whole},
                                    {"evidence_summary", object, defaulted},
                                    {"attestation_type", choice, required, false, 0, 0, k_attestations},
                                    {"attester_id", entity},
                                    {"content_hash", digest, required},
                                    PROVGATE_BEACON_COLUMNS,
                                    {"hash_alg", choice, defaulted, false, 0, 0, k_recipes},
                                    {"granted_at", time, required},
                                    {"expires_at", time},
                                    {"revoked_at", time, optional, true},
                                    {"revocation_reason", text, optional, true, 0, 256},
                                    {"created_at", time, optional, true},
                                    {"updated_at", time, optional, true}};

constexpr Column k_accountability[] = {{"id", uuid, required},
                                       {"chitty_id", entity, required},
                                       {"subject_seq", whole, optional, false, 1, k_most_sequence},
                                       {"provenance_id", uuid},
                                       {"action_category", choice, required, false, 0, 0, k_categories},
                                       {"action_type", text, required, false, 0, 64},
                                       {"action_target", text, optional, false, 0, 256},
                                       {"action_parameters", any},
                                       {"action_result", any},
                                       {"consequence_status", choice, required, false, 0, 0, k_consequences},
                                       {"consequence_details", any},
                                       {"harm_severity", whole, optional, false, 0, 10},
                                       {"initiated_by", entity, required},
                                       {"on_behalf_of", entity},
                                       {"authorized_by", entity},
                                       {"remediates", uuid},
                                       {"remediation_required", truth, defaulted, true},
                                       {"remediation_status", choice, optional, true, 0, 0, k_remediations},
                                       {"remediation_details", any, optional, true},
                                       {"remediated_at", time, optional, true},
                                       {"content_hash", digest, required},
                                       {"chain_previous_hash", digest},
                                       PROVGATE_BEACON_COLUMNS,
                                       {"hash_alg", choice, defaulted, false, 0, 0, k_recipes},
                                       {"action_at", time, required},
                                       {"created_at", time, optional, true},
                                       {"is_sealed", truth, defaulted, true},
                                       {"sealed_at", time, optional, true},
                                       {"seal_hash", digest, optional, true},
                                       {"seal_alg", choice, optional, true, 0, 0, k_seals},
                                       {"seal_drand_chain", digest, optional, true},
                                       {"seal_drand_round", whole, optional, true, 1, k_most_whole},
                                       {"seal_drand_randomness", digest, optional, true},
                                       {"seal_drand_signature", hex, optional, true, 0, 256},
                                       {"seal_drand_previous_signature", hex, optional, true, 0, 256}};

// Of our own: which profile was handed on, to whom, and what they answered.
constexpr Column k_sync[] = {{"id", uuid, required},
                             {"chitty_id", entity, required},
                             {"profile_hash", digest, required},
                             {"url", text, required, false, 0, 2048},
                             {"status", whole, required, false, 100, 599},
                             {"answer_hash", digest, required},
                             {"content_hash", digest, required},
                             {"hash_alg", choice, defaulted, false, 0, 0, k_recipes},
                             {"beacon", choice, optional, false, 0, 0, k_beacons},
                             {"synced_at", time, required},
                             {"created_at", time, optional, true}};

#undef PROVGATE_BEACON_COLUMNS

const std::vector<Table>& all_tables() {
  static const std::vector<Table> k_tables = [] {
    std::vector<Table> out = {
        {"experience_provenance",
         "experience",
         "provenance",
         k_provenance,
         "previous_hash",
         "experience_type",
         "experienced_at",
         {}},
        {"expertise_attestations", "attestation", "attestation", k_attestation, "", "skill_level", "granted_at", {}},
        {"accountability_records",
         "accountability record",
         "accountability",
         k_accountability,
         "chain_previous_hash",
         "action_category",
         "action_at",
         {}},
        {"profile_syncs", "synchronisation", "sync", k_sync, "", "profile_hash", "synced_at", {}}};
    for (auto& table : out) {
      for (const auto& column : table.columns) {
        if (column.changes) table.changing.push_back(column.name);
      }
    }
    return out;
  }();
  return k_tables;
}

}  // namespace

const Column* Table::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

std::span<const Table> tables() { return all_tables(); }

const Table* find_table(std::string_view name) {
  const auto& all = all_tables();
  const auto found = std::ranges::find(all, name, &Table::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace provgate::experience
