// SPDX-License-Identifier: Apache-2.0
// SHACL Core and SHACL-SPARQL (W3C Recommendation, 20 July 2017), failing closed: what is not understood is refused,
// and a run that checked nothing says so. Shapes are compiled; constraints are evaluated over whole sets of focus
// nodes.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "provgate/rdf/load.hpp"
#include "provgate/record/finding.hpp"
#include "provgate/sparql/sparql.hpp"

namespace provgate::shacl {

/// Something about the shapes, not about the data: why they are refused (error), or what looks wrong (warning).
Finding note(Severity severity, std::string message, std::string fix);

/// What a row of a constraint query says, as N-Triples texts; they become terms when the run is over.
struct QueryTerms {
  std::string value, path, message;
  std::vector<std::pair<std::string, std::string>> variables;
};

/// One sh:ValidationResult.
struct ValidationResult {
  TermId focus = 0, value = 0;  ///< value 0: none
  TermId path = 0;              ///< sh:resultPath when it is not the shape's own: an IRI
  TermId severity = 0, component = 0, source_constraint = 0;
  std::uint32_t shape = 0, constraint = 0;
  std::vector<TermId> messages;           ///< sh:resultMessage, placeholders filled
  std::vector<ValidationResult> details;  ///< sh:detail
  std::shared_ptr<QueryTerms> made;       ///< of a constraint query only
  bool located = false;                   ///< `span` holds a place in the data
  Span span;
};

struct Coverage {
  std::uint64_t shapes = 0, targets = 0, focus_nodes = 0, checks = 0;
  std::vector<std::string> classes_unseen;  ///< classes of the data that no target selects an instance of
};

/// Nodes that the targets of one collection's shapes may select, by number in the data's dictionary: what its own
/// records
/// say something about (class, subjects-of) or point at (objects-of); by a query, also what they point at and nothing
/// in the data describes. Nodes named by sh:targetNode are always selected.
struct TargetScope {
  std::vector<bool> subjects, objects;
};

struct Options {
  unsigned threads = 1;
  std::shared_ptr<const TargetScope> scope;  ///< null: no limit
  std::vector<std::string> focus, shapes;    ///< IRIs (or N-Triples terms): only these focus nodes; only these shapes
  std::optional<Graph> changed;              ///< triples that were added or taken away: only what they can affect
  std::size_t max_results = 0;               ///< 0: all
  bool fail_fast = false;                    ///< stop at the first result that fails
  Severity fail_on = Severity::error;        ///< the least severity that fails, for fail_fast
  bool require_targets = false, allow_vacuous = false;
  bool coverage = false;
  bool details = true;
  sparql::Limits limits{600'000, UINT64_MAX, 1ULL << 30};  ///< of each constraint query over one range of focus nodes
  std::uint64_t run_ms = 0;                                ///< of the whole run; 0: none
  std::string limit_help =
      "give it more time with --timeout, or make the query narrower";  ///< said where a limit ended the run
};

struct Report {
  bool conforms = true;              ///< no result at all
  bool vacuous = false;              ///< nothing was checked
  bool untouched = false;            ///< Options::changed affects no focus node, of which there are some
  bool partial = false;              ///< only what was asked for was looked at: some focus nodes or shapes, or a change
  std::vector<std::string> skipped;  ///< IRIs of the shapes that were left out at the user's word
  bool cut = false;                  ///< results were left out (max_results, fail_fast)
  std::array<std::uint64_t, 3> by_severity{};  ///< how many of each Severity, those left out included
  std::string nothing;                         ///< why it is vacuous
  std::vector<ValidationResult> results;
  std::vector<Finding> notes;
  Coverage coverage;
  double index_ms = 0, validate_ms = 0;  ///< sorting the columns of the data; focus nodes and constraints
};

/// Shapes that were read and checked. Bound to one data graph, whose dictionary they share.
class Shapes {
 public:
  struct Model;
  /// Adds the terms of the shapes to the dictionary of `data`. Both must live on. All faults are notes with severity
  /// error; then nothing can be validated. `notes` gets the warnings, too. Of several files, faults in one none of
  /// whose shapes can select a node are warnings unless a shape that does depends on them. `skipped`: IRIs of shapes
  /// that check nothing, which is noted, as are the constraints of other shapes that need them.
  static std::optional<Shapes> compile(RdfData& data, const RdfData& shapes, std::vector<Finding>& notes,
                                       const std::vector<std::string>& skipped = {});
  ~Shapes();
  Shapes(Shapes&&) noexcept;
  Shapes& operator=(Shapes&&) noexcept;
  const Model& model() const { return *model_; }

 private:
  explicit Shapes(std::unique_ptr<Model> model);
  std::unique_ptr<Model> model_;
};

/// sh:Violation and any severity that is not SHACL's own: error. `ntriples_iri` with its <>.
Severity severity_of(std::string_view ntriples_iri);

/// Errors: Code::world when a constraint query reached a limit or failed, or there are more than ten million results;
/// Code::input when a query binds ?failure to true, or the change names blank nodes that the data do not name again;
/// Code::usage for a focus or shape that is not a term. Results are in the order of the data's statements; they do not
/// depend on the number of threads.
Result<Report> validate(RdfData& data, const RdfData& shapes, const Shapes& compiled, const Options& options);

/// What one run with one shapes graph found.
struct ReportPart {
  const Report& report;
  const RdfData& shapes;
  const Shapes& compiled;
};

struct ReportHead {
  bool conforms = true, vacuous = false, partial = false;
  std::vector<std::string> skipped;  ///< each becomes provgate:skippedShape
  bool places = false;               ///< each result that is located has its place as provgate:place "file:line:column"
};

/// The report as a graph (3.6): one sh:ValidationReport, _:sh-report, with the results of all parts; messages and
/// details included.
Graph report_graph(const RdfData& data, const std::vector<ReportPart>& parts, const ReportHead& head);

}  // namespace provgate::shacl
