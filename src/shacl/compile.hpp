// SPDX-License-Identifier: Apache-2.0
// From the shapes graph to checked shapes. Faults become notes with their place; a shape with a fault is never
// evaluated.
#pragma once

#include <deque>

#include "shacl/shape.hpp"
#include "shacl/source.hpp"

namespace provgate::shacl {

/// A custom constraint component (SHACL-SPARQL, 6): its parameters and validators.
struct CustomComponent {
  struct Parameter {
    TermId predicate = 0;
    std::string name;
    bool optional = false;
  };
  TermId node = 0;
  bool faulty = false;  ///< and refused, unless nothing that selects a node depends on it
  std::vector<Parameter> parameters;
  TermId validator = 0, node_validator = 0, property_validator = 0;
};

}  // namespace provgate::shacl

namespace provgate::shacl {

struct Shapes::Model {
  std::vector<Shape> shapes;
  Paths paths;
  std::vector<PathId> inverse_of;     ///< by path
  std::map<TermId, ShapeId> by_node;  ///< by the node's number in the data's dictionary
  std::vector<std::pair<TermId, PathId>> path_nodes;
  std::string shapes_graph;  ///< IRI of the shapes graph, for $shapesGraph
  bool same_files = false;
  std::vector<std::string> skipped;  ///< IRIs of shapes that were left out because the user says so
};

/// Properties of SHACL whose values are read as part of a shape; the others lead to data.
bool leads_on(std::string_view name);

struct Parameter;  // parameters.cpp

class Compiler {
 public:
  Compiler(Source& source, Shapes::Model& model) : in_(source), model_(model) {}
  /// `data`: which shapes select nodes is told by it. `skipped`: IRIs of shapes that are left out.
  void run(const Graph& data, const std::vector<std::string>& skipped);

 private:
  // compile.cpp
  void find_shapes();
  void find_components();
  ShapeId shape_of(TermId node);
  void one(ShapeId id);
  void targets(Shape& shape);
  void header(Shape& shape);
  std::vector<TermId> messages(TermId node);
  void order_references();
  void siblings();
  void find_inert();
  // parameters.cpp
  void parameters(ShapeId id);
  void value(ShapeId id, TermId predicate, TermId value, const std::string& name, const Parameter& parameter);
  void iri_value(ShapeId id, TermId predicate, TermId value, const std::string& name, Component component);
  void kind_value(ShapeId id, TermId predicate, TermId value, Component component);
  void count_value(ShapeId id, TermId predicate, TermId value, const std::string& name, Component component);
  void bound_value(ShapeId id, TermId predicate, TermId value, Component component);
  void list_value(ShapeId id, TermId predicate, TermId value, const Parameter& parameter);
  void shape_value(ShapeId id, TermId predicate, TermId value, const Parameter& parameter);
  void wrong_value(ShapeId id, TermId predicate, TermId value, const std::string& wanted);
  void values(ShapeId id, TermId predicate, const std::vector<TermId>& values);
  void closed(ShapeId id);
  void qualified(ShapeId id);
  void pattern(ShapeId id);
  void members(ShapeId id, Component component, TermId predicate, TermId head);
  std::optional<ShapeId> reference(ShapeId id, TermId predicate, TermId value, TermId target);
  Constraint& add(ShapeId id, Component component, TermId predicate, TermId value);
  bool single(ShapeId id, TermId predicate, const std::vector<TermId>& values);
  bool flag(ShapeId id, TermId predicate, TermId value);
  std::size_t at(ShapeId id, TermId predicate, TermId value = 0) const {
    return in_.statement(model_.shapes[id].name, predicate, value);
  }
  // paths.cpp
  std::optional<PathId> path(TermId node, int depth);
  // queries.cpp
  void sparql(ShapeId id, TermId predicate, TermId node);
  void custom(ShapeId id);
  bool prefixes(TermId node, std::string& out);
  void target_query(Shape& shape, TermId value);
  std::vector<TermId> target_types(TermId value) const;  ///< declared ones, with what they are subclasses of
  // lint.cpp
  struct Lint;
  void lint();
  bool refuse_namespace(std::size_t i, TermId term);
  void lint_foreign(std::size_t i, const Quad& q);
  void lint_property(std::size_t i, const Quad& q, const std::string& name, const Lint& known);
  void lint_class(std::size_t i, const Quad& q, const Lint& known);
  void lint_place(std::size_t i, const Quad& q, const std::string& name, const Lint& known);
  // library.cpp
  /// `wide`: also by properties of SHACL that are not read. `without`: nodes that lead nowhere.
  std::set<TermId> reachable(const std::vector<TermId>& from, bool wide = false, const std::set<TermId>& without = {})
      const;  ///< what those nodes are made of, with the components they use
  std::vector<TermId> selecting(const Graph& data) const;  ///< shapes with a target that may select something
  void settle(const Graph& data);
  void skip(const std::vector<std::string>& names);
  void skip_what_needs();

  Source& in_;
  Shapes::Model& model_;
  std::map<TermId, ShapeId> ids_;  // by the node's number in the shapes' dictionary
  std::deque<ShapeId> todo_;
  std::vector<CustomComponent> components_;
  std::vector<TermId> skipped_;
  std::set<std::size_t>
      firm_;  // statements that may have been meant as a target: their file is not a library for want of one
  std::map<TermId, std::optional<PathId>> known_paths_;
};

}  // namespace provgate::shacl
