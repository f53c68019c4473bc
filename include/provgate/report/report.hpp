// SPDX-License-Identifier: Apache-2.0
// What a check found, as text for people and as JSON (schema provgate-report/1; tests/schema/report-1.json).
// Source: SHACL 3 (validation report). Threads: any.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "provgate/check/check.hpp"

namespace provgate {

struct HumanOptions {
  bool colour = false;
  bool quiet = false;  ///< the summary only
  Severity least = Severity::info;
  bool coverage = false;  ///< what no shape looked at
  bool all = false;       ///< every warning and info, however many are alike
};
/// Findings with source line and caret, then the compliance score and a summary.
std::string report_human(const CheckReport& report, const HumanOptions& options);
/// What a message about shapes has in common with others of its kind: the text without names, strings and numbers.
std::string message_kind(std::string_view message);
/// The document of DESIGN's report schema; pretty-printed, fields that a finding lacks are null.
std::string report_json(const CheckReport& report, const std::string& profile, Severity fail_on = Severity::error);
/// How a validation was run, for the report's prov:Activity.
struct RunInfo {
  std::optional<std::int64_t> started_micros, ended_micros;  ///< nothing: no times
  std::vector<std::pair<std::string, Digest>> inputs;        ///< what else was read, with its SHA-256: the change
};
/// Digests the files of records that the report's graph comes from (RDF files have theirs). Errors: those of
/// Disk::read. On error some have theirs already.
Result<void> digest_records(Disk& disk, CheckReport& report, std::string_view standard_input);
/// The sh:ValidationReport with a prov:Activity that describes the run, in that syntax: results of shapes, and findings
/// of rules as results with provgate:RuleConstraintComponent. Requires shapes that were not refused, and digest_records
/// before it.
std::string report_rdf(const CheckReport& report, Syntax syntax, const RunInfo& info);
/// What a writer of reports is told beside the report.
struct ReportContext {
  std::string profile;  ///< as was asked for
  Severity fail_on = Severity::error;
  HumanOptions human;
  RunInfo run;
};
/// One format of reports.
struct ReportFormat {
  std::string_view name, other_name;  ///< other_name: what it may be called, too; empty: nothing
  bool rdf;                           ///< a graph: only of a run with shapes of which everything could be read
  std::string (*write)(const CheckReport& report, const ReportContext& context);
};
/// All of them; the first is meant where nobody says.
std::span<const ReportFormat> report_formats();
/// By either name; null where there is none.
const ReportFormat* find_report_format(std::string_view name);

/// "pass", "fail", "nothing" or "unreadable" (also where the system failed while something was read).
std::string verdict_of(const CheckReport& report, Severity fail_on = Severity::error);
/// Reads the source lines of findings that were made after their text was let go.
void fill_snippets(Disk& disk, std::vector<Finding>& findings);
/// A rule with its examples, as `provgate explain` prints it.
std::string explain_rule(const Rule& rule);

}  // namespace provgate
