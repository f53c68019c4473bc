// SPDX-License-Identifier: Apache-2.0
// What kept events are found by: ids, times by kind, correlations, chains, and the things that they speak of.
// Source: converge-core 3.9.3 (EventQuery, ArtifactQuery). Pure. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/record/kept.hpp"
#include "systems/events/event.hpp"

namespace provgate::events {

using Tenant = std::optional<std::string>;

/// Names of indexes.
std::string by_id(const Tenant& tenant, std::string_view id);
/// Of any tenant: what by_id() ends with, and what all of them begin with.
std::string ends_by_id(std::string_view id);
std::string any_id();
/// Of one kind, of all tenants or (`tenant`) of one; in order of time.
std::string by_kind(std::uint8_t kind);
std::string by_kind(std::uint8_t kind, const Tenant& tenant);
/// Of one tenant, in order of time.
std::string by_correlation(std::string_view id, const Tenant& tenant);
std::string by_chain(std::string_view id, const Tenant& tenant);
/// What those of all tenants begin with.
std::string by_correlation(std::string_view id);
std::string by_chain(std::string_view id);
/// What defines a thing, in the order in which it was kept. `thing`: thing_of().
std::string by_thing(std::string_view thing, const Tenant& tenant, std::string_view id);
/// What those of all tenants begin with, and what those of one id end with.
std::string by_any_of(std::string_view thing);
/// Every change of state of any artifact, in the order in which it was kept.
std::string by_any_artifact();

/// Where a time stands among others: instants, then logical clocks by their number, then what is neither.
std::string order_of(std::string_view time);
/// The first order that no instant has.
std::string_view order_behind_instants();

/// All rows of an event. Requires one that was taken.
IndexRows rows_of(const Judged& judged);
/// The kind in a row of by_kind, by_correlation, by_chain.
std::uint8_t kind_said(std::string_view says);
/// The mention in a row of by_thing, without its place.
Mention mention_said(std::string_view says, std::string_view id);

}  // namespace provgate::events
