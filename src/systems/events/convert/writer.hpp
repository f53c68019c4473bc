// SPDX-License-Identifier: Apache-2.0
// Statements about the things an event speaks of, each with the place it comes from.
#pragma once

#include "provgate/rdf/rdf.hpp"
#include "provgate/text/text.hpp"
#include "systems/events/names.hpp"

namespace provgate::events {

/// Adds statements about one event to a graph. Subjects and objects are IRIs; texts are literals. Threads: one.
class Writer {
 public:
  /// `file`: the number that spans have for it. `all_at`: the place of everything, where the text is not the one read.
  Writer(Graph& graph, std::uint32_t file, std::optional<Place> all_at, std::optional<std::string> tenant)
      : graph_(graph), file_(file), all_at_(all_at), tenant_(std::move(tenant)) {}

  std::string named(std::string_view kind, std::string_view id) const { return name_of(kind, tenant_, id); }
  /// Where the statements that follow are read.
  void at(Value value) { place_ = all_at_ ? *all_at_ : value.place(); }
  void at(Place place) { place_ = place; }

  /// `name`: prov:NAME or conv:NAME with its prefix.
  void type(const std::string& subject, std::string_view name) { add(subject, "rdf:type", iri_text(term(name))); }
  void link(const std::string& subject, std::string_view name, const std::string& object) {
    add(subject, name, iri_text(object));
  }
  void text(const std::string& subject, std::string_view name, std::string_view value) {
    add(subject, name, literal_text(value));
  }
  void typed(const std::string& subject, std::string_view name, std::string_view value, std::string_view datatype) {
    add(subject, name, literal_text(value, std::string(vocab::xsd).append(datatype)));
  }
  /// A text, a number or a truth value as the record has it; nothing where there is none.
  void said(const std::string& subject, std::string_view name, Value value);
  /// A time, where it is an instant.
  void time(const std::string& subject, std::string_view name, Value value);
  void time(const std::string& subject, std::string_view name, std::string_view value);
  /// Who had which part in an activity, and after which plan; empty: none.
  void association(const std::string& activity, std::string_view role, const std::string& agent,
                   const std::string& plan = {});

  static std::string term(std::string_view name);

 private:
  void add(const std::string& subject, std::string_view predicate, const std::string& object);

  Graph& graph_;
  std::uint32_t file_;
  std::optional<Place> all_at_;
  std::optional<std::string> tenant_;
  Place place_;
};

}  // namespace provgate::events
