// SPDX-License-Identifier: Apache-2.0
// The rules about one row, by what they ask. XPR-001 to XPR-063, DRD-001 to DRD-011.
#pragma once

#include "systems/experience/record.hpp"
#include "systems/experience/rules/says.hpp"

namespace provgate::experience {

/// What each column may hold. Whether the row can be read as one of its table: what is required is there, in its form.
bool judge_columns(const Says& says, const Table& table, Value row);
/// Identities, platforms, domains, values in the form of a database.
void judge_words(const Says& says, const Table& table, const Row& row);
/// What columns say about each other, by table.
void judge_experience(const Says& says, Value row);
void judge_attestation(const Says& says, Value row);
void judge_accountability(const Says& says, const Table& table, Value row, BeaconChecks* beacons);
/// Hashes that can be recomputed. `record`: by our recipe.
void judge_hashes(const Says& says, const Table& table, Value row, const std::string& record);
/// The round of a beacon that a row names, in the columns that begin so.
void judge_beacon(const Says& says, Value row, std::string_view prefix, std::optional<std::int64_t> micros,
                  BeaconChecks* beacons);

}  // namespace provgate::experience
