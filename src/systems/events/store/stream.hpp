// SPDX-License-Identifier: Apache-2.0
// Texts of events on their way into a store, batch by batch.
#pragma once

#include "provgate/systems/events/event_store.hpp"
#include "provgate/systems/system.hpp"

namespace provgate::events {

/// Appends what is in files and on standard input, and says what came of it.
class AppendRun {
 public:
  AppendRun(const World& world, const VerbRequest& request, EventStore& store, bool each, std::size_t batch_events)
      : world_(world), request_(request), store_(store), each_(each), batch_events_(batch_events) {}
  /// Whether the run goes on. Errors: Code::input for files that cannot be read, Code::world; those of the store. What
  /// was appended before is.
  Result<bool> file(const std::string& path);
  Result<bool> stream();
  VerbAnswer answer() const;

 private:
  Result<bool> whole(const FileBytes& given, const std::string& path);
  Result<void> batch(std::string_view text, std::uint32_t first_line);
  void note(const Appended& one);

  const World& world_;
  const VerbRequest& request_;
  EventStore& store_;
  bool each_;
  std::size_t batch_events_;
  Appended all_;
  std::uint64_t batches_ = 0;
  bool stopped_ = false;
};

}  // namespace provgate::events
