// SPDX-License-Identifier: Apache-2.0
// One validation: from shapes and data to results.
#pragma once

#include <memory>
#include <set>

#include "shacl/plan.hpp"
#include "shacl/targets.hpp"

namespace provgate::shacl {

struct Task {
  ShapeId shape;
  std::size_t begin, end;
};

class Run {
 public:
  Run(RdfData& data, const RdfData& shapes, const Shapes::Model& model, const Options& options)
      : data_(data), shapes_(shapes), model_(model), options_(options) {}

  Result<Report> go();

 private:
  // --focus and --shape name terms.
  Result<void> choose();

  Result<void> prepare();

  // --changed: what no changed triple can affect is left out.
  Result<void> change();

  // Whether some shape with a focus node demands something.
  bool looks_at_something() const;

  // Class bitmaps that many threads would wait for.
  void warm();
  void note(Severity severity, std::size_t statement, std::string why, std::string help);
  void targets_that_select_nothing();

  // SHACL 2.1.3.2 looks classes up in the data graph.
  void axioms_only_in_shapes();
  void narrow();

  Result<void> evaluate();
  bool failing(const ValidationResult& result) const;

  // Each result as often as its focus node is reached.
  void collect(const Task& task, std::vector<ValidationResult>& found);
  void unseen(const Bitmap& focus);

  Result<void> finish();
  void speak(ValidationResult& result);

  // sh:detail: why a value does not conform to the shapes that a constraint refers to.
  void details(std::vector<ValidationResult>& results, int depth);
  void nested(Evaluator& evaluator, ShapeId shape, TermId node, std::vector<ValidationResult>& out, int depth);
  void vacuity();

  RdfData& data_;
  const RdfData& shapes_;
  const Shapes::Model& model_;
  const Options& options_;
  std::set<ShapeId> chosen_;
  std::vector<TermId> focus_;
  std::vector<Quad> changed_;
  std::unique_ptr<Columns> columns_, shapes_columns_;
  NamedColumns named_;
  TargetNodes selected_;
  std::unique_ptr<LiteralTable> literals_;
  std::unique_ptr<ClassIndex> classes_;
  std::unique_ptr<Ground> ground_;
  Plan plan_;
  bool active_ = false;  ///< some shape with a focus node demands something
  Bitmap seen_;          ///< the focus nodes of all shapes
  std::unique_ptr<Evaluator> explainer_;
  Report report_;
};

}  // namespace provgate::shacl
