// check.provenance and the record rules: reads kernels, judges every record, follows the chain instance -> action ->
// kernel -> task -> goal, and says where each fault is. Levels: see `provgate rules`; sources: each rule names its own.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "provgate/convert.hpp"
#include "provgate/finding.hpp"
#include "provgate/shacl.hpp"
#include "provgate/sources.hpp"

namespace provgate {

// ---- the rule table ---------------------------------------------------------------------------

/// Files of an example, by path below the kernel's directory. A text that begins with k_link_mark is a symbolic link to
/// the path after it.
inline constexpr std::string_view k_link_mark = "link -> ";
using ExampleTree = std::map<std::string, std::string>;

struct Rule {
  std::string id;  ///< FAMILY-nnn
  Severity severity = Severity::error;
  std::string title, why, source, fix;
  ExampleTree bad, good;                           ///< whole trees a test runs: `bad` breaks the rule, `good` does not
  std::vector<std::string> shown_bad, shown_good;  ///< the files of those trees that `explain` prints
  std::vector<std::string> arguments;              ///< extra command line arguments the examples need
  bool nameless_bad = false;                       ///< the bad tree lies in a directory that is no kernel name
};
/// In order of id. Built once from the catalogue files in src/check/catalogue.
const std::vector<Rule>& rules();
const Rule* find_rule(std::string_view id);

// ---- checking ---------------------------------------------------------------------------------

/// SHACL: the user's shapes, and how to run them.
struct ShapeOptions {
  bool records = true;  ///< false: records are held against rules only
  bool rdf =
      true;  ///< false: only records are read; RDF data that is named is an error, and not looked for in directories
  std::vector<std::string> files;
  std::vector<RdfText> texts, data;                           ///< shapes and data that stand in no file
  std::vector<std::pair<std::string, std::string>> contexts;  ///< of JSON-LD: URL and document
  std::vector<std::string> skip;                              ///< IRIs of the user's shapes that are left out
  bool allow_partial = false;                                 ///< that some are left out may still be a pass
  bool syntax_only = false;  ///< RDF data without shapes: that it can be read is enough
  shacl::Options run;
  std::uint64_t kernel_ms = 10'000,
                kernel_memory_bytes = 512ULL << 20;  ///< what a kernel's own rules.shacl may cost, a run
};

struct CheckOptions {
  ReadOptions read;
  UrnProfile urns = UrnProfile::strict;
  std::optional<CkpVersion> profile;  ///< else what the directory says
  std::string kernel_name;            ///< --kernel, for records whose kernel cannot be told
  std::string fleet_host;             ///< --fleet
  unsigned threads = 0;               ///< 0: as many as the machine has
  ShapeOptions shapes;
};

struct Score {
  std::uint64_t conforming = 0, of = 0, undecidable = 0;
};

struct CheckedKernel {
  KernelPlace place;
  KernelInfo info;
  CkpVersion version = CkpVersion::v36;
  std::string graph;  ///< named graph its records are published to
  std::vector<InstanceRecord> instances;
  std::vector<ActionRecord> actions;
  std::vector<TaskRecord> tasks;
  std::vector<GoalRecord> goals;
  std::vector<DecisionRecord> decisions;
  std::vector<ProposalRecord> proposals;
  std::vector<std::string> others;     ///< files of sessions and stray proofs
  std::vector<RecordPart> statements;  ///< between reading and shapes only: the records' graph, part by part
  Score score;
};

/// What was validated with shapes: data, shapes and the report, or why the shapes are refused.
struct ShaclRun {
  std::shared_ptr<RdfData> data;  ///< shared by all runs of one report
  RdfData shapes;
  std::vector<shacl::Note> notes;  ///< an error among them: the shapes are refused, and there is no report
  std::optional<shacl::Shapes> compiled;
  shacl::Report report;
  bool allow_vacuous = false;
  bool shipped = false;               ///< provgate's own shapes only: what they say is among the rules' findings
  double load_ms = 0, report_ms = 0;  ///< reading data and shapes; compiling, places and messages
  bool refused() const;
};

struct CheckReport {
  std::vector<CheckedKernel> kernels;
  std::vector<Finding> findings;                 ///< by file, line, column, rule
  std::map<std::string, std::uint64_t> records;  ///< how many of each kind were read and judged
  std::uint64_t record_count = 0;
  bool left_out = false;  ///< shapes were, and that may not be a pass
  std::uint64_t rdf_files = 0, rdf_statements = 0;
  bool syntax_only = false;  ///< as was asked for
  Skipped skipped;
  Score score;
  std::shared_ptr<ShaclRun> shacl;  ///< of the user's shapes, else of provgate's own; null when no shape was asked for
  std::vector<std::shared_ptr<ShaclRun>>
      shape_runs;                                ///< all that were validated: provgate's own, the kernels', the user's
  std::uint64_t count(Severity severity) const;  ///< with those that were counted only
  bool unreadable() const;
  bool world_failed() const;  ///< the system failed while something was read
  bool undecided() const;     ///< there are instances, and of none could be decided whether it conforms
};

/// Reads and judges everything at `paths` ("-": one JSON record a line, or one record laid out over lines, from
/// `standard_input`). Several paths are a union: what is found is what each path alone would find, and each record
/// counts once. Output does not depend on the number of threads. Nothing is written. RDF files among the paths, and
/// below directories without kernels, are one data graph, validated with the shapes. Errors: Code::input for a path
/// that is not there, for RDF data and shapes that cannot be read; Code::usage for a file of shapes that is named as
/// data; else those of shacl::validate. Unreadable records are findings, not errors.
Result<CheckReport> check_paths(const World& world, const std::vector<std::string>& paths,
                                const std::string& standard_input, const CheckOptions& options);

/// Exit code of a report: 6 the system failed, 3 unreadable, 1 findings at or above `fail_on`, 4 nothing was checked or
/// nothing could be decided, 0; 70 where a report would pass although not all conforms that was decided.
int exit_code_of(const CheckReport& report, Severity fail_on);

// ---- the gate -----------------------------------------------------------------------------------

class Sealed;

/// A draft that no error speaks against. Only admit() makes one.
class Checked {
 public:
  const Draft& draft() const { return draft_; }
  const std::string& report_digest() const { return report_digest_; }

 private:
  friend std::variant<Checked, class Rejected> admit(Draft, const std::vector<const Finding*>&);
  Checked(Draft draft, std::string digest) : draft_(std::move(draft)), report_digest_(std::move(digest)) {}
  Draft draft_;
  std::string report_digest_;
};

/// A draft that was refused, with the rules it breaks. It has no graph to publish.
class Rejected {
 public:
  const Draft& draft() const { return draft_; }
  const std::vector<std::string>& rules() const { return rules_; }
  const std::string& report_digest() const { return report_digest_; }

 private:
  friend std::variant<Checked, Rejected> admit(Draft, const std::vector<const Finding*>&);
  Rejected(Draft draft, std::vector<std::string> rules, std::string digest)
      : draft_(std::move(draft)), rules_(std::move(rules)), report_digest_(std::move(digest)) {}
  Draft draft_;
  std::vector<std::string> rules_;
  std::string report_digest_;
};

/// Decides on one draft from the findings that concern it: any error refuses it.
std::variant<Checked, Rejected> admit(Draft draft, const std::vector<const Finding*>& findings);

}  // namespace provgate
