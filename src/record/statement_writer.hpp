// SPDX-License-Identifier: Apache-2.0
// Statements about what a record speaks of, each with the place it comes from. A system adds its own words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "provgate/rdf/rdf.hpp"
#include "provgate/text/text.hpp"

namespace provgate {

/// The ids that names of properties and classes have in a graph, for all writers of it.
class NameIds {
 public:
  /// Nothing where it was not asked for yet.
  const TermId* find(std::string_view name) const {
    const auto found = ids_.find(name);
    return found == ids_.end() ? nullptr : &found->second;
  }
  TermId add(std::string_view name, TermId id) { return ids_.try_emplace(std::string(name), id).first->second; }

 private:
  struct HashText : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, TermId, HashText, std::equal_to<>> ids_;
};

/// Adds statements of one record to a graph. Subjects and objects are IRIs; texts are literals. Names of properties and
/// classes have a prefix: prov:, rdf:, dcterms:, or the system's own. Threads: one.
class StatementWriter {
 public:
  struct Own {
    std::string_view prefix, space;
  };
  /// `file`: the number that spans have for it. `all_at`: the place of everything, where the text is not the one read.
  /// `names`: of the graph, where it has more than one writer; null: they are its own.
  StatementWriter(Graph& graph, Own own, std::uint32_t file, std::optional<Place> all_at, NameIds* names = nullptr)
      : graph_(graph), own_(own), file_(file), all_at_(all_at), names_(names ? names : &own_names_) {}
  StatementWriter(const StatementWriter&) = delete;
  StatementWriter& operator=(const StatementWriter&) = delete;

  /// Where the statements that follow are read.
  void at(Value value) { place_ = all_at_ ? *all_at_ : value.place(); }
  void at(Place place) { place_ = place; }

  void type(const std::string& subject, std::string_view name) { add(subject, "rdf:type", id_of(name)); }
  void link(const std::string& subject, std::string_view name, const std::string& object) {
    add(subject, name, iri_text(object));
  }
  void text(const std::string& subject, std::string_view name, std::string_view value) {
    add(subject, name, literal_text(value));
  }
  void typed(const std::string& subject, std::string_view name, std::string_view value, std::string_view datatype) {
    add(subject, name, literal_text(value, std::string(vocab::xsd).append(datatype)));
  }
  /// Who had which part in an activity, and after which plan; empty: none.
  void association(const std::string& activity, std::string_view role, const std::string& agent,
                   const std::string& plan = {});

  /// The IRI of a name with a prefix.
  std::string term(std::string_view name) const;

 private:
  void add(const std::string& subject, std::string_view predicate, const std::string& object) {
    add(subject, predicate, graph_.terms().intern(object));
  }
  void add(const std::string& subject, std::string_view predicate, TermId object);
  TermId id_of(std::string_view name);

  Graph& graph_;
  Own own_;
  std::uint32_t file_;
  std::optional<Place> all_at_;
  Place place_;
  NameIds own_names_;
  NameIds* names_;
  // Statements about one thing mostly follow each other.
  std::string subject_;
  TermId subject_id_ = 0;
};

}  // namespace provgate
