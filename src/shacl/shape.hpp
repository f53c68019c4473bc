// SPDX-License-Identifier: Apache-2.0
// Shapes as they were read and checked (SHACL, W3C Recommendation 2017): the input of the evaluator.
// Every term is a number of the data graph's dictionary.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "provgate/rdf/rdf.hpp"

namespace provgate::shacl {

using ShapeId = std::uint32_t;
using PathId = std::uint32_t;
inline constexpr std::uint32_t k_none = 0xFFFFFFFF;

/// SHACL property paths (2.3.1), inverses pushed down to predicates. Equal paths have one number.
struct Path {
  enum class Kind : std::uint8_t { predicate, inverse, sequence, alternative, zero_or_more, one_or_more, zero_or_one };
  Kind kind = Kind::predicate;
  TermId predicate = 0;
  std::vector<PathId> parts;
  friend auto operator<=>(const Path&, const Path&) = default;
};

class Paths {
 public:
  PathId intern(Path path);
  PathId inverted(PathId path);
  const Path& operator[](PathId id) const { return list_[id]; }
  std::size_t size() const { return list_.size(); }
  bool closure(PathId id) const;                                 ///< holds * or +
  bool maybe_empty(PathId id) const;                             ///< leads from a node to itself
  std::string sparql(PathId id, const Dictionary& terms) const;  ///< as a SPARQL 1.1 property path
  template <class F>
  void each_predicate(PathId id, F&& visit) const {
    const Path& path = list_[id];
    if (path.parts.empty()) visit(path.predicate, path.kind == Path::Kind::inverse);
    for (const auto part : path.parts) each_predicate(part, visit);
  }

 private:
  std::vector<Path> list_;
  std::map<Path, PathId> known_;
};

enum class Component : std::uint8_t {
  class_,
  datatype,
  node_kind,
  min_count,
  max_count,
  min_exclusive,
  min_inclusive,
  max_exclusive,
  max_inclusive,
  min_length,
  max_length,
  pattern,
  language_in,
  unique_lang,
  equals,
  disjoint,
  less_than,
  less_than_or_equals,
  not_,
  and_,
  or_,
  xone,
  node,
  qualified_min_count,
  qualified_max_count,
  closed,
  has_value,
  in,
  sparql,
  custom
};
/// "MinCountConstraintComponent" and so on; empty for custom.
std::string_view name_of(Component component);

class Regex;         // sh:pattern, compiled
struct SparqlQuery;  // sh:sparql or a validator, prepared

struct Constraint {
  Component component = Component::class_;
  std::vector<TermId> terms;  ///< classes, datatypes, values, properties, language ranges; sorted for `in` and `closed`
  std::vector<ShapeId>
      shapes;  ///< node, and, or, xone, not; the qualified shape first, then its siblings to be disjoint from
  std::int64_t count = 0;  ///< counts, lengths
  std::uint8_t kinds = 0;  ///< node_kind: 1 IRI, 2 blank node, 4 literal
  std::shared_ptr<const Regex> regex;
  std::shared_ptr<const SparqlQuery> query;
  TermId iri = 0;                    ///< of the constraint component
  TermId source = 0;                 ///< sh:sourceConstraint
  std::vector<TermId> messages;      ///< of the constraint itself; else the shape's hold
  std::size_t statement = SIZE_MAX;  ///< in the shapes graph: where its parameter stands
  TermId parameter = 0;              ///< its predicate and value there
  bool inert = false;                ///< nothing can break it
  TermId value = 0;
};

struct Target {
  enum class Kind : std::uint8_t { node, class_, subjects_of, objects_of, query };
  Kind kind = Kind::node;
  TermId term = 0;  ///< of a query: the value of sh:target
  bool implicit = false;
  std::size_t statement = SIZE_MAX;
  std::shared_ptr<const SparqlQuery> query = {};
};

struct Shape {
  TermId node = 0;       ///< in the dictionary of the data
  TermId name = 0;       ///< the same node in the dictionary of the shapes
  PathId path = k_none;  ///< none: a node shape
  TermId path_node = 0;  ///< in the dictionary of the shapes: what sh:path says
  TermId severity = 0;
  bool deactivated = false;
  bool recursive = false;  ///< refers to itself, directly or not; those that refer to each other share a group
  std::size_t group = 0;
  bool inert = false;   ///< nothing can break it, nor what it refers to
  bool shared = false;  ///< several constraints refer to it
  std::vector<TermId> messages;
  std::vector<Target> targets;
  std::vector<Constraint> constraints;
  std::vector<ShapeId> properties;
  std::size_t statement = SIZE_MAX;  ///< in the shapes graph: where the shape begins
  std::string file;                  ///< of a nameless shape, where there are several files
  bool is_property() const { return path != k_none; }
};

}  // namespace provgate::shacl
