// SPDX-License-Identifier: Apache-2.0
// What an event says about itself, and what it mentions that others have to agree with.
#pragma once

#include "systems/events/event.hpp"

namespace provgate::events {

/// Says what is wrong with an event, with its place.
class Says {
 public:
  /// `all_at`: the place of everything, where the text is not the one that was read. `quiet`: nothing is judged.
  Says(const SourceFile& file, Sink& sink, std::optional<Place> all_at, bool quiet)
      : file_(file), sink_(sink), all_at_(all_at), quiet_(quiet) {}
  struct More {
    std::string path, found, expected;
  };
  void operator()(std::string_view rule, Value at, std::string message, More more = {}) const {
    if (quiet_) return;
    auto& f = sink_.add(rule, file_, place(at), std::move(message));
    f.path = std::move(more.path), f.found = std::move(more.found), f.expected = std::move(more.expected);
  }
  Place place(Value at) const { return all_at_ ? *all_at_ : at.place(); }

 private:
  const SourceFile& file_;
  Sink& sink_;
  std::optional<Place> all_at_;
  bool quiet_;
};

/// What the original store demands of an envelope, and its time.
void judge_envelope(const Says& says, Value envelope, bool any_ids);
/// What the data of its kind says. Adds mentions.
void judge_content(const Says& says, Value envelope, std::vector<Mention>& mentions);

}  // namespace provgate::events
