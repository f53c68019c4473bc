// SPDX-License-Identifier: Apache-2.0
// Statements about the things a record of experience speaks of.
#pragma once

#include "record/statement_writer.hpp"
#include "systems/experience/names.hpp"

namespace provgate::experience {

/// Its own prefix is chitty:. Threads: one.
class Writer : public StatementWriter {
 public:
  /// `file`, `all_at`, `names`: as StatementWriter has them.
  Writer(Graph& graph, std::uint32_t file, std::optional<Place> all_at, NameIds* names)
      : StatementWriter(graph, {"chitty", k_namespace}, file, all_at, names) {}
  /// What a column holds, as text, number or truth value; nothing where it is not there.
  void said(const std::string& subject, std::string_view name, Value value);
  /// A time with a zone; nothing where it is not there.
  void time(const std::string& subject, std::string_view name, Value value);
};

}  // namespace provgate::experience
