// SPDX-License-Identifier: Apache-2.0
// The check: records of every system and RDF data, read and judged, with the place of each fault.
// Source: ARCHITECTURE.md, "A run". Threads: one call at a time on one World; it starts threads of its own.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "provgate/record/finding.hpp"
#include "provgate/shacl/shacl.hpp"
#include "provgate/systems/system.hpp"

namespace provgate {

/// SHACL: the user's shapes, and how to run them.
struct ShapeOptions {
  bool records = true;  ///< false: records are held against rules only
  bool rdf = true;      ///< false: only records are read; RDF data that is named is an error, and not looked for in
                        ///< directories
  std::vector<std::string> files;
  std::vector<RdfText> texts, data;                           ///< shapes and data that stand in no file
  std::vector<std::pair<std::string, std::string>> contexts;  ///< of JSON-LD: URL and document
  std::vector<std::string> skip;                              ///< IRIs of the user's shapes that are left out
  bool allow_partial = false;                                 ///< that some are left out may still be a pass
  bool syntax_only = false;  ///< RDF data without shapes: that it can be read is enough
  shacl::Options run;
};

struct CheckOptions {
  ReadOptions read;
  std::string profile;      ///< of a system; empty: what the records say
  Settings settings;        ///< of the systems' own flags
  unsigned threads = 0;     ///< 0: as many as the machine has
  bool judge = true;        ///< false: only what cannot be read or named is a finding
  bool statements = false;  ///< keep what the records say, for convert_report
  ShapeOptions shapes;
};

struct Score {
  std::uint64_t conforming = 0, of = 0, undecidable = 0;
};

/// What was validated with shapes: data, shapes and the report, or why the shapes are refused.
struct ShaclRun {
  std::shared_ptr<RdfData> data;  ///< shared by all runs of one report
  RdfData shapes;
  std::vector<Finding> notes;  ///< an error among them: the shapes are refused, and there is no report
  std::optional<shacl::Shapes> compiled;
  shacl::Report report;
  bool allow_vacuous = false;
  bool shipped = false;               ///< provgate's own shapes only: what they say is among the rules' findings
  double load_ms = 0, report_ms = 0;  ///< reading data and shapes; compiling, places and messages
  bool refused() const;
};

/// One system's records, as they were read.
struct SystemReport {
  const System* system = nullptr;
  std::unique_ptr<Reading> reading;
  std::vector<Score> scores;        ///< by collection
  std::vector<FileIdentity> roots;  ///< which directories the collections were read from; zeros: not told
};

/// What is said of a report as a whole.
enum class Verdict {
  pass,
  fail,         ///< findings at or above the severity that fails
  nothing,      ///< nothing was checked
  undecided,    ///< whether the records conform could not be decided, of none of them
  unreadable,   ///< something could not be read or parsed
  world_failed  ///< the system failed while something was read
};

struct CheckReport {
  std::vector<SystemReport> systems;
  std::vector<Finding> findings;       ///< by file, line, column, rule
  std::vector<Finding> not_looked_at;  ///< errors of what could not be, also beyond what was asked for: it may be what
                                       ///< speaks against a record
  std::map<std::string, std::uint64_t, std::less<>> records;  ///< how many of each kind were read and judged
  std::uint64_t record_count = 0;
  bool left_out = false;  ///< shapes were, and that may not be a pass
  std::uint64_t rdf_files = 0, rdf_statements = 0;
  bool syntax_only = false;  ///< as was asked for
  Skipped skipped;
  Score score;
  std::shared_ptr<ShaclRun> shacl;  ///< of the user's shapes, else of provgate's own; null when no shape was asked for
  std::vector<std::shared_ptr<ShaclRun>>
      shape_runs;  ///< all that were validated: provgate's own, the collections', the user's

  std::uint64_t count(Severity severity) const;  ///< with those that were counted only
  bool unreadable() const;
  bool world_failed() const;        ///< the system failed while something was read
  bool undecided() const;           ///< there are records, and of none could be decided whether it conforms
  std::size_t collections() const;  ///< those that hold nothing included
  /// Errors: Code::bug where it would pass although not all conforms that was decided.
  Result<Verdict> verdict(Severity fail_on) const;
};

/// What the records of the report are called: by the one system they are of, else "record".
Noun record_noun(const CheckReport& report);

/// Calls visit(const SystemReport&, std::size_t collection) for every collection of every system.
template <class F>
void each_collection(const CheckReport& report, F&& visit) {
  for (const auto& one : report.systems) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) visit(one, c);
  }
}

/// What every system finds at some paths, not yet read. Errors: those of System::open.
Result<std::vector<SystemReport>> open_systems(const World& world, Asking asking);

/// What was read at some paths, before shapes look at it.
struct ReadPaths {
  CheckReport report;
  std::vector<std::string> rdf;  ///< files of RDF data
};
/// Paths as they were named, parted by what each is said to be: records, or RDF data; "-" is standard input.
struct NamedPaths {
  std::vector<std::string> records, rdf;
  bool stream = false;
};
/// Parts them. Errors: Code::usage for RDF data where CheckOptions::shapes.rdf does not hold; Code::input for a syntax
/// of RDF that is not read.
Result<NamedPaths> named_paths(Disk& disk, const std::vector<std::string>& paths, const CheckOptions& options);
/// The first half of check_paths: everything but shapes. Errors: as check_paths.
Result<ReadPaths> read_paths(const World& world, const std::vector<std::string>& paths,
                             const std::string& standard_input, const CheckOptions& options);

/// Reads and judges everything at `paths` ("-": one JSON record a line, or records laid out over lines, from
/// `standard_input`). Several paths are a union: what is found is what each path alone would find, and each record
/// counts once. Output does not depend on the number of threads. Nothing is written. RDF files among the paths, and
/// below directories without collections, are one data graph, validated with the shapes together with what the records
/// say.
/// Requires that `standard_input` lives on as long as the report.
/// Errors: Code::input for a path that is not there, for RDF data and shapes that cannot be read; Code::usage for a
/// file of shapes that is named as data, a profile or setting that no system has; else those of shacl::validate.
/// Unreadable records are findings, not errors.
Result<CheckReport> check_paths(const World& world, const std::vector<std::string>& paths,
                                const std::string& standard_input, const CheckOptions& options);

/// What the records of the report say, as one graph. Requires a report of read_paths with CheckOptions::statements that
/// was not converted yet. Errors: Code::world where the system failed while a record was
/// read again.
Result<Graph> convert_report(Disk& disk, const CheckReport& report);

/// What lies at some paths, as RDF.
struct Converted {
  CheckReport report;  ///< what cannot be read or named, and what was skipped
  RdfData rdf;         ///< RDF files; then there are no records
  Graph graph;         ///< of the records
};
/// Each file is read once, and no rule is asked.
/// Errors: Code::world where the system failed while something was read; Code::usage for records beside RDF files;
/// Code::input for RDF that cannot be read; else as check_paths. Records that cannot be read, and names that make no
/// IRI, are findings of the report.
Result<Converted> convert_paths(const World& world, const std::vector<std::string>& paths,
                                const std::string& standard_input, CheckOptions options);

}  // namespace provgate
