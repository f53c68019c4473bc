// SPDX-License-Identifier: Apache-2.0
// An append-only store of experience events, with the interface of the original one: append, query, states of
// artifacts, replay traces. Nothing updates or deletes: a correction is an event.
// Source: converge-core 3.9.3 (experience store), ARCHITECTURE.md. Threads: one a store; stores and processes meet at
// the ledger.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/record/finding.hpp"
#include "provgate/systems/keeping.hpp"

namespace provgate::events {

/// How events are read.
struct EventRules {
  std::string profile;   ///< empty: the newest
  bool any_ids = false;  ///< ids of stores that take any text
  unsigned threads = 0;  ///< 0: as many as the machine has
};

/// What is asked for: all of what is said must hold. Ends of the range count, and are xsd:dateTime with a zone; what
/// has no instant is in no range.
struct EventQuery {
  std::optional<std::string> tenant_id, correlation_id, chain_id, from, to;
  std::vector<std::string> kinds;  ///< none: all
  std::optional<std::uint64_t> limit;
  /// From the original's JSON. Errors: Code::usage where it is none.
  static Result<EventQuery> parse(const std::string& json);
};
struct ArtifactQuery {
  std::optional<std::string> tenant_id, artifact_id, kind, state;
  std::optional<std::uint64_t> limit;
  /// Errors: as EventQuery::parse.
  static Result<ArtifactQuery> parse(const std::string& json);
};

/// Where an artifact stands now.
struct ArtifactState {
  std::optional<std::string> tenant;
  std::string id, kind, state;  ///< kind: as the event has it, in JSON
  std::string event, since;     ///< the event that brought it there
};

/// A change of an artifact's state, to be written.
struct ArtifactTransition {
  std::optional<std::string> tenant, ticket;
  std::string artifact_id, kind, to, actor, reason;
  std::optional<std::string> from;  ///< nothing: its state now
  std::string at;                   ///< xsd:dateTime with a zone
};

struct Appended {
  std::uint64_t read = 0, appended = 0;
  std::uint64_t known = 0;    ///< that stand there already, with the same bytes: nothing was to do
  std::uint64_t refused = 0;  ///< with errors
  std::uint64_t unreadable = 0;
  Seq entry;  ///< of the batch; 0: nothing was appended
  std::vector<Finding> findings;
};

/// A text of events, and what findings call its place.
struct EventText {
  std::string_view text;
  std::string name;
  std::uint32_t first_line = 1;
};

/// Borrows the keeper.
class EventStore {
 public:
  /// Errors: Code::usage for a profile that there is not.
  static Result<EventStore> on(Keeper& keeper, EventRules rules);

  /// Appends the events of a text, one a line, or one in all: all of them, durable when this returns, or none where one
  /// has an error. `each`: those without errors. Errors: those of the keeper; a fault of an event is a finding.
  Result<Appended> append(const EventText& given, bool each = false);
  /// The same of one text after the other, each a batch of its own: while one goes into the store, the next is read.
  /// `next` gives the next one, and nothing at the end; `done` is told of each, and ends it with false. Errors: as
  /// append(); on error the batches before are there, and nothing of that one.
  using NextText = std::function<std::optional<EventText>()>;
  using Done = std::function<bool(const Appended&)>;
  Result<void> append_each(const NextText& next, bool each, const Done& done);
  /// Appends the event that brings an artifact from one state to another; its id is made from what it says.
  /// Errors besides: Code::nothing where the artifact is not known and no state is said, Code::usage where it is of
  /// another kind, or the time is no instant.
  Result<Appended> transition(const ArtifactTransition& wanted);

  using Visit = std::function<bool(std::string_view event)>;
  /// In order of time, then as they were appended; then those without an instant. Until `visit` says no. Gives how many
  /// there were. Errors: Code::usage for kinds and times that are none; those of the store.
  Result<std::uint64_t> query(const EventQuery& query, const Visit& visit);
  /// In the order in which they were first seen. Errors: those of the store.
  Result<std::vector<ArtifactState>> artifacts(const ArtifactQuery& query);
  /// The trace that was recorded first under that id, as JSON; without a tenant of whichever has one. Errors:
  /// Code::nothing where there is none, Code::usage where several tenants have one.
  Result<std::string> trace_link(const std::optional<std::string>& tenant, const std::string& id);
  /// How many events of each kind the query finds, by the original's labels. Its limit is not looked at. Errors: as
  /// query().
  Result<std::map<std::string, std::uint64_t>> summary(const EventQuery& query);

 private:
  Result<std::unique_ptr<class Appending>> read(const EventText& given, bool each) const;
  Result<Appended> keep(class Appending& read);
  EventStore(Keeper& keeper, EventRules rules) : keeper_(&keeper), rules_(std::move(rules)) {}
  Keeper* keeper_;
  EventRules rules_;
};

}  // namespace provgate::events
