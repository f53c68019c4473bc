// SPDX-License-Identifier: Apache-2.0
// Holds a JSON value against a form: whether the original reader takes it, everything that speaks against it, and the
// text that it would write. Threads: any.
#pragma once

#include <string>
#include <vector>

#include "provgate/text/text.hpp"
#include "systems/events/wire/form.hpp"

namespace provgate::events {

/// How strict a profile reads.
struct Wire {
  bool unit_range = true;     ///< 0..1 is demanded (from 3.9 on)
  bool prior_weight = true;   ///< what is new in 3.9 is known
  bool former_names = false;  ///< names and free texts of 3.5
};

struct Problem {
  enum class Kind {
    missing,       ///< a member that must stand is not there
    type,          ///< a value of another type
    unknown,       ///< no kind of event of that name
    variant,       ///< not one of those that may stand there
    twice,         ///< a known member twice
    hash,          ///< no 64 hexadecimal digits
    range,         ///< outside 0..1
    out_of_range,  ///< no double holds it
    not_finite,    ///< no single-precision number holds it: the original writes null for it
    stranger,      ///< an unknown member, which is kept
    repeated,      ///< a member of a map or of an unread value twice
    deep           ///< nested deeper than the original reads
  };
  Kind kind;
  Value at;
  bool at_key = false;
  std::string path, message, found, expected;
};
/// Whether the original reader refuses an event for it.
bool refuses(Problem::Kind kind, const Wire& wire);

struct Held {
  std::vector<Problem> problems;
  /// Every record is an object and every name a text, as the original writes them; it reads lists and numbers, too.
  bool plain = true;
};
/// What speaks against the value.
Held hold(Value value, const Form& form, const Wire& wire);

/// The text that the original writes for what it read. Maps keep their order, which it does not. Requires a value that
/// nothing refuses.
void append_canonical(std::string& out, Value value, const Form& form, const Wire& wire);

/// What 3.5 called a kind of event that has another name since.
inline constexpr std::string_view k_former_trace = "TraceLinkRecorded", k_trace_recorded_name = "ReplayTraceRecorded";
/// Whether 3.5 had any text there that has a form since.
bool was_free_text(std::string_view member);
/// The variant of that name; null where there is none.
const Variant* find_variant(std::span<const Variant> variants, std::string_view name);

}  // namespace provgate::events
