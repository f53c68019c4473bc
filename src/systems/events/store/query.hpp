// SPDX-License-Identifier: Apache-2.0
// Finding kept events: one index leads, what it does not tell is looked up in the event.
#pragma once

#include <map>

#include "systems/events/store/index.hpp"
#include "systems/events/store/kept_event.hpp"

namespace provgate::events {

/// A query that was understood.
struct Wanted {
  EventQuery query;
  std::vector<std::uint8_t> kinds;  ///< in order; none: all
  std::string from, to;             ///< as order_of(); empty: no end
};
/// Errors: Code::usage for kinds and times that are none, for a range that ends before it begins.
Result<Wanted> understood(const EventQuery& query);

/// Places of what the index tells, in order, until `visit` says no; the limit is not looked at.
using VisitPlace = std::function<Result<bool>(KeptPlace place, std::uint8_t kind)>;
Result<void> find(const KeptRecords& kept, const Wanted& wanted, const VisitPlace& visit);

/// What the original calls the events of a kind where it counts them.
std::string label_of(std::uint8_t kind);
/// The kind of that name; nothing where there is none.
std::optional<std::uint8_t> kind_named(std::string_view name);

}  // namespace provgate::events
