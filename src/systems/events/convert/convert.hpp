// SPDX-License-Identifier: Apache-2.0
// Events as PROV-O: an activity each, what it used and made, who had which part in it.
// Source: PROV-O (W3C, 2013). Roles stand on associations, never on attributions. Threads: any.
#pragma once

#include <functional>
#include <map>
#include <span>

#include "systems/events/convert/writer.hpp"
#include "systems/events/event.hpp"

namespace provgate::events {

/// IRI of an event.
std::string iri_of(const Event& event);
/// What one event says by itself.
void convert_event(Value envelope, const Event& event, Writer& out);

/// What events say together, in the order in which they were written: a promotion rests on the validation and the
/// decision before it, a state of an artifact ends where the next begins, and a downgraded trace revises the one
/// before.
class Joins {
 public:
  /// Says it about the event whose turn it is, of that tenant.
  using Out = std::function<Writer(const Event& event)>;
  /// The IRI of the event that was the newest before all that are given, of those that validated the proposal, or
  /// changed the state of the artifact, or downgraded the trace: of a thing_of() that an event of its tenant speaks of.
  /// Empty: there was none.
  using Before = std::function<std::string(std::string_view thing, const Event& event, std::string_view id)>;
  explicit Joins(Out out, Before before = {}) : out_(std::move(out)), before_(std::move(before)) {}
  void add(const Event& event, std::span<const Mention> mentions);

 private:
  // The newest so far.
  std::string& newest(std::map<std::string, std::string>& all, std::string_view thing, const Event& event,
                      std::string_view id, std::string_view part);

  Out out_;
  Before before_;
  std::map<std::string, std::string> reports_, states_, revisions_;  ///< newest, by proposal, artifact, trace
};

}  // namespace provgate::events
