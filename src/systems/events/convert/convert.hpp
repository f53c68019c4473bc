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
/// decision before it, and a state of an artifact ends where the next begins.
class Joins {
 public:
  /// Says it about the event whose turn it is, of that tenant.
  using Out = std::function<Writer(const Event& event)>;
  explicit Joins(Out out) : out_(std::move(out)) {}
  void add(const Event& event, std::span<const Mention> mentions);

 private:
  Out out_;
  std::map<std::string, std::string> reports_, states_;  ///< newest, by proposal, by artifact
};

}  // namespace provgate::events
