// SPDX-License-Identifier: Apache-2.0
// Statements about the things an event speaks of, each with the place it comes from.
#pragma once

#include "record/statement_writer.hpp"
#include "systems/events/names.hpp"

namespace provgate::events {

/// Adds statements about one event to a graph; its own prefix is conv:. Threads: one.
class Writer : public StatementWriter {
 public:
  /// `file`, `all_at`: as StatementWriter has them.
  Writer(Graph& graph, std::uint32_t file, std::optional<Place> all_at, std::optional<std::string> tenant)
      : StatementWriter(graph, {"conv", k_namespace}, file, all_at), tenant_(std::move(tenant)) {}

  std::string named(std::string_view kind, std::string_view id) const { return name_of(kind, tenant_, id); }
  /// A text, a number or a truth value as the record has it; nothing where there is none.
  void said(const std::string& subject, std::string_view name, Value value);
  /// A time, where it is an instant.
  void time(const std::string& subject, std::string_view name, Value value);
  void time(const std::string& subject, std::string_view name, std::string_view value);

 private:
  std::optional<std::string> tenant_;
};

}  // namespace provgate::events
