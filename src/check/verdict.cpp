// From a report to its exit code.
#include <algorithm>

#include "provgate/check.hpp"

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

namespace {

int verdict_code(const CheckReport& report, Severity fail_on) {
  if (report.world_failed()) return 6;
  if (report.unreadable()) return 3;
  for (const auto& f : report.findings) {
    if (f.severity >= fail_on && !(f.rule == "PROV-009" && report.undecided())) return 1;
  }
  const auto* shacl = report.shacl && !report.shacl->shipped ? report.shacl.get() : nullptr;
  // Results that were left out of the report count all the same.
  for (const auto severity : {Severity::info, Severity::warning, Severity::error}) {
    if (shacl && severity >= fail_on && shacl->report.by_severity[static_cast<std::size_t>(severity)]) return 1;
  }
  if (report.undecided()) return 4;
  if (report.left_out || (report.rdf_files && !shacl && !report.syntax_only)) return 4;
  if (!shacl) return report.record_count == 0 && !(report.syntax_only && report.rdf_files) ? 4 : 0;
  return shacl->report.vacuous && !shacl->allow_vacuous ? 4 : 0;
}

}  // namespace

int exit_code_of(const CheckReport& report, Severity fail_on) {
  const int code = verdict_code(report, fail_on);
  // The last net: no flag lets an instance pass that does not conform.
  return code == 0 && report.score.conforming < report.score.of ? 70 : code;
}

}  // namespace provgate
