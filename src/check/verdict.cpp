// SPDX-License-Identifier: Apache-2.0
// From a report to what is said of it as a whole.
#include <algorithm>

#include "provgate/check/check.hpp"

namespace provgate {

std::uint64_t CheckReport::count(Severity severity) const {
  std::uint64_t n = 0;
  for (const auto& f : findings) {
    if (f.severity == severity) n += f.stands_for ? f.stands_for : 1;
  }
  return n;
}

bool CheckReport::unreadable() const {
  return (shacl && shacl->refused()) ||
         std::any_of(findings.begin(), findings.end(), [](const auto& f) { return f.unreadable; });
}

bool CheckReport::world_failed() const {
  return std::any_of(findings.begin(), findings.end(), [](const auto& f) { return f.world; });
}

bool CheckReport::undecided() const { return score.undecidable > 0 && score.of == 0; }

std::size_t CheckReport::collections() const {
  std::size_t n = 0;
  for (const auto& one : systems) n += one.reading->size();
  return n;
}

Noun record_noun(const CheckReport& report) {
  const System* only = nullptr;
  for (const auto& one : report.systems) {
    if (one.reading->size() == 0) continue;
    if (only) return {"record", "records"};
    only = one.system;
  }
  if (only) return only->words().record;
  return report.systems.size() == 1 ? report.systems.front().system->words().record : Noun{"record", "records"};
}

namespace {

Verdict plain_verdict(const CheckReport& report, Severity fail_on) {
  if (report.world_failed()) return Verdict::world_failed;
  if (report.unreadable()) return Verdict::unreadable;
  for (const auto& f : report.findings) {
    if (f.severity >= fail_on && !(f.undecided && report.undecided())) return Verdict::fail;
  }
  const auto* shacl = report.shacl && !report.shacl->shipped ? report.shacl.get() : nullptr;
  // Results that were left out of the report count all the same.
  for (const auto severity : {Severity::info, Severity::warning, Severity::error}) {
    if (shacl && severity >= fail_on && shacl->report.by_severity[static_cast<std::size_t>(severity)]) {
      return Verdict::fail;
    }
  }
  if (report.undecided()) return Verdict::undecided;
  if (report.left_out || (report.rdf_files && !shacl && !report.syntax_only)) return Verdict::nothing;
  if (!shacl) {
    const bool checked = report.record_count || (report.syntax_only && report.rdf_files);
    return checked ? Verdict::pass : Verdict::nothing;
  }
  return shacl->report.vacuous && !shacl->allow_vacuous ? Verdict::nothing : Verdict::pass;
}

}  // namespace

Result<Verdict> CheckReport::verdict(Severity fail_on) const {
  const auto said = plain_verdict(*this, fail_on);
  // The last net: no flag lets a record pass that does not conform.
  if (said == Verdict::pass && score.conforming < score.of) {
    return fail(Code::bug, "records that do not conform would pass", "please report it with the command that led here");
  }
  return said;
}

}  // namespace provgate
