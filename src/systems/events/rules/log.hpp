// SPDX-License-Identifier: Apache-2.0
// EVT-027 to EVT-033: what events of one tenant say about each other, in the order in which they were written.
#pragma once

#include <functional>
#include <unordered_map>

#include "systems/events/event.hpp"

namespace provgate::events {

/// Follows events in order. Events and mentions that were given must live as long. Threads: one.
class LogRules {
 public:
  /// Says a finding about an event.
  using Say = std::function<Finding&(std::string_view rule, const Event& event, Place at, std::string message)>;
  /// What was said before of a thing that an event of its tenant speaks of: of an artifact the last of it, of others
  /// all. Ids of events are not asked for.
  using Before = std::function<std::vector<Mention>(std::string_view thing, const Event& event, std::string_view id)>;
  /// With `before` the events go on in a store: what contradicts is not taken over, and what a later event may mend is
  /// a warning; ids are held against each other elsewhere.
  explicit LogRules(Say say, Before before = {}) : say_(std::move(say)), before_(std::move(before)) {}

  /// The next event, with what it mentions, and the file it stands in.
  void add(const Event& event, std::span<const Mention> mentions, const std::string& file);
  /// What can only be told at the end.
  void finish();

 private:
  struct Ref {
    const Event* event = nullptr;
    const Mention* mention = nullptr;
  };
  struct Proposal {
    bool created = false, passed = false, validated = false;
    std::vector<Ref> early;  // promotions before any validation
  };
  struct Trace {
    std::string replayability, digest;
    bool recorded = false;
    std::string last;  // that it was downgraded to
    Ref last_ref;      // the newest event that says either; none: it was said before
  };
  struct First {
    const Event* event;
    const std::string* file;
  };

  // Whether it contradicts nothing.
  bool mention(const Event& event, const Mention& one);
  bool promotes(Proposal& proposal, Ref ref);
  bool trace(Trace& trace, Ref ref);
  bool downgrade(Trace& trace, Ref ref);
  bool transition(std::string& state, Ref ref);
  void dangling(std::string_view what, Ref ref);
  // Each with what was said of it before.
  Proposal& proposal_of(const Event& event, std::string_view id);
  Trace& trace_of(const Event& event, std::string_view id);
  std::string& artifact_of(const Event& event, std::string_view id);
  bool& known(std::unordered_map<std::string, bool>& things, std::string_view thing, const Event& event,
              std::string_view id);
  std::vector<Mention> before(std::string_view thing, const Event& event, std::string_view id) const {
    return before_ ? before_(thing, event, id) : std::vector<Mention>{};
  }
  static std::string key(const Event& event, std::string_view id);

  Say say_;
  Before before_;
  std::unordered_map<std::string, First> ids_;
  std::unordered_map<std::string, Proposal> proposals_;
  std::unordered_map<std::string, Trace> traces_;
  std::unordered_map<std::string, std::string> artifacts_;
  std::unordered_map<std::string, bool> policies_, gates_, facts_;
  std::vector<Ref> references_;
};

}  // namespace provgate::events
