// SPDX-License-Identifier: Apache-2.0
// How a system's things are told apart and called where provenance is read back.
// Source: PROV-O (W3C, 2013). Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace provgate {

/// What a thing is to the question where another comes from.
enum class TraceRole { other, action, task, goal, decision };

struct TraceLabel {
  TraceRole role = TraceRole::other;
  std::string kind;     ///< what it is called: "Instance"; empty: nobody knows
  bool record = false;  ///< it is a record of its own, beside its role for others
};

/// Predicates and classes that a system's conversion writes; IRIs.
struct TraceTerms {
  std::vector<std::string> type;          ///< a record's own type
  std::vector<std::string> status, text;  ///< of a task: its state, and what is to be done
  std::string informed;                   ///< what prov:wasInformedBy says between its actions; empty: nothing more
  std::string informed_field;             ///< and what JSON calls it; empty: nothing of its own
  /// Predicates that lead back to what a thing comes from, step by step, the most telling first; none: where it comes
  /// from is told by actions, tasks and goals alone.
  std::vector<std::string> origins;
  std::vector<std::string> sealed, general;  ///< classes: of what is sealed; such as say nothing of a record's own type
};

}  // namespace provgate
