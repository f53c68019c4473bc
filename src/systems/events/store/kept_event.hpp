// SPDX-License-Identifier: Apache-2.0
// Events as they are read from a text or from a store, whole with what follows from them.
#pragma once

#include <memory>
#include <string>

#include "provgate/systems/events/event_store.hpp"
#include "systems/events/event.hpp"

namespace provgate::events {

/// How a profile reads. Errors: Code::usage for one that there is not.
Result<Rulebook> rulebook_of(std::string_view profile);

/// An event that stands in a store.
struct KeptEvent {
  std::unique_ptr<SourceFile> file;
  Judged judged;  ///< points into the file
};
/// Errors: Code::integrity where it is none that a store may have.
Result<KeptEvent> read_kept(std::string_view bytes, std::string_view profile);

/// An event on one line, whatever stands between its members.
std::string on_one_line(std::string_view event);

}  // namespace provgate::events
