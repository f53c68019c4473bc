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
  explicit LogRules(Say say) : say_(std::move(say)) {}

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
    Ref last_ref;
  };
  struct First {
    const Event* event;
    const std::string* file;
  };

  void mention(const Event& event, const Mention& one);
  void promotes(Proposal& proposal, Ref ref);
  void trace(Trace& trace, Ref ref);
  void downgrade(Trace& trace, Ref ref);
  void transition(std::string& state, Ref ref);
  void dangling(std::string_view what, Ref ref);
  static std::string key(const Event& event, std::string_view id);

  Say say_;
  std::unordered_map<std::string, First> ids_;
  std::unordered_map<std::string, Proposal> proposals_;
  std::unordered_map<std::string, Trace> traces_;
  std::unordered_map<std::string, std::string> artifacts_;
  std::unordered_map<std::string, bool> policies_, gates_, facts_;
  std::vector<Ref> references_;
};

}  // namespace provgate::events
