// SPDX-License-Identifier: Apache-2.0
// What looks wrong about the shapes of a run, and whether anything was checked at all.
#include <algorithm>

#include "shacl/messages.hpp"
#include "shacl/run.hpp"

namespace provgate::shacl {

bool Run::looks_at_something() const {
  for (ShapeId id = 0; id < model_.shapes.size(); ++id) {
    if (!plan_.focus[id].nodes.empty() && !model_.shapes[id].deactivated && !model_.shapes[id].inert) return true;
  }
  return false;
}

void Run::note(Severity severity, std::size_t statement, std::string why, std::string help) {
  auto out = shacl::note(severity, std::move(why), std::move(help));
  if (statement != SIZE_MAX && shapes_.graph.has_origins()) {
    const auto span = shapes_.span(statement);
    out.file = shapes_.files[span.file].path, out.at = span.at;
    std::tie(out.snippet, out.snippet_column) = shapes_.window(span).parts();
  }
  report_.notes.push_back(std::move(out));
}

void Run::targets_that_select_nothing() {
  std::optional<KnownClasses> known;
  for (ShapeId id = 0; id < model_.shapes.size(); ++id) {
    const auto& shape = model_.shapes[id];
    if (shape.deactivated || shape.targets.empty()) continue;
    ++report_.coverage.shapes;
    report_.coverage.targets += shape.targets.size();
    for (const auto& target : shape.targets) {
      if (target.kind == Target::Kind::node || !selects_nothing(target, *ground_)) continue;
      const auto severity = options_.require_targets ? Severity::error : Severity::warning;
      if (target.kind == Target::Kind::query) {
        note(severity, target.statement,
             "the query of a target selects no node of the data: the shape " +
                 readable(data_.graph.terms().text(shape.node)) + " checks nothing by it",
             {});
        continue;
      }
      const auto shown = readable(data_.graph.terms().text(target.term));
      std::string help;
      if (target.kind == Target::Kind::class_) {
        if (!known) known.emplace(*ground_);
        const auto near = known->near(data_.graph.terms().text(target.term));
        if (near) help = "did you mean " + *near + "?";
      }
      const char* what = target.kind == Target::Kind::class_        ? "the class "
                         : target.kind == Target::Kind::subjects_of ? "subjects of "
                                                                    : "objects of ";
      note(severity, target.statement,
           "the target " + std::string(what) + shown + " selects no node of the data: the shape " +
               readable(data_.graph.terms().text(shape.node)) + " checks nothing by it",
           help);
    }
  }
}

void Run::axioms_only_in_shapes() {
  for (const auto& axiom :
       model_.same_files ? std::vector<ShapesAxiom>{} : shacl::axioms_only_in_shapes(*ground_, shapes_.graph, model_)) {
    note(Severity::warning, axiom.statement,
         "the shapes say that " + axiom.sub + " is a subclass of " + axiom.super +
             ", the data do not: instances of the first are none of the second here",
         "classes are looked up in the data graph: give that file as data, too");
  }
}

void Run::unseen(const Bitmap& focus) {
  if (!classes_->type()) return;
  const auto& terms = data_.graph.terms();
  const auto column = columns_->reverse(classes_->type());
  for (std::size_t i = 0; i < column.size();) {
    const auto cls = first_of(column[i]);
    bool looked_at = false;
    for (; i < column.size() && first_of(column[i]) == cls; ++i)
      looked_at = looked_at || ClassIndex::test(focus, second_of(column[i]));
    if (!looked_at) report_.coverage.classes_unseen.push_back(readable(terms.text(cls)));
  }
  std::sort(report_.coverage.classes_unseen.begin(), report_.coverage.classes_unseen.end());
}

void Run::vacuity() {
  if (active_ || report_.untouched) return;
  report_.vacuous = true;
  const bool any_target =
      std::any_of(model_.shapes.begin(), model_.shapes.end(), [](const Shape& s) { return !s.targets.empty(); });
  const bool all_off =
      !model_.shapes.empty() && std::all_of(model_.shapes.begin(), model_.shapes.end(),
                                            [](const Shape& s) { return s.deactivated || s.targets.empty(); });
  report_.nothing = options_.changed && options_.changed->empty() ? "the change is empty"
                    : model_.shapes.empty()                       ? "the shapes graph holds no shape"
                    : !any_target                                 ? "no shape has a target"
                    : all_off                                     ? "every shape with a target is deactivated"
                    : !options_.focus.empty() ? "none of the focus nodes that were asked for is checked by these shapes"
                    : report_.coverage.focus_nodes == 0
                        ? "the targets select no node of the data"
                        : "the shapes that select focus nodes have no active constraint";
}

}  // namespace provgate::shacl
