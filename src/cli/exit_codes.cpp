// SPDX-License-Identifier: Apache-2.0
// The one place where answers and errors become exit codes.
#include <algorithm>

#include "cli/cli.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {

int exit_of(const Error& error) { return exit_of(error.code); }

int exit_of(Code code) {
  switch (code) {
    case Code::usage: return k_usage;
    case Code::input: return k_unreadable;
    case Code::nothing: return k_nothing;
    case Code::integrity: return k_integrity;
    case Code::world:
    case Code::disk_full: return k_world;
    case Code::bug: break;
  }
  return k_bug;
}

int exit_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return k_ok;
    case Verdict::fail: return k_findings;
    case Verdict::nothing:
    case Verdict::undecided: return k_nothing;
    case Verdict::unreadable: return k_unreadable;
    case Verdict::world_failed: return k_world;
  }
  return k_bug;
}

int exit_of(SealResult result) {
  switch (result) {
    case SealResult::sealed:
    case SealResult::already:
    case SealResult::skipped: return k_ok;
    case SealResult::refused: return k_findings;
    case SealResult::changed: return k_integrity;
    case SealResult::unread: return k_unreadable;
    case SealResult::failed: return k_world;
    case SealResult::undecided: return k_nothing;
  }
  return k_bug;
}

int exit_of(const VerifyReport& report, bool strict, bool complete) {
  const bool gone = std::ranges::any_of(report.went_on, [](const auto& one) { return one.kind == Tampering::missing; });
  if (!report.faults.empty() || (strict && (!report.went_on.empty() || report.not_signed)) ||
      (complete && (gone || !report.elsewhere.empty())))
    return k_integrity;
  if (!report.unfinished.empty()) return k_world;  // running seal again helps
  // Whoever wants to be sure asks again when nobody seals.
  if ((strict || complete) && !report.going_on.empty()) return k_world;
  if (!report.unread.empty()) return k_unreadable;
  return report.records == 0 ? k_nothing : k_ok;
}

int exit_of(const FsckAnswer& answered) {
  const bool faults = !answered.tables.faults.empty() || (answered.graph && !answered.graph->faults.empty());
  return faults ? k_integrity : k_ok;
}

int exit_of(const PublishAnswer& answered, bool require) {
  const int code = !answered.unread.empty() ? k_unreadable : answered.unsealed.empty() ? k_ok : k_findings;
  const auto& stopped = answered.report.stopped;
  if (!stopped || (may_pass(*stopped) && !require)) return code;
  return exit_of(*stopped) == k_usage ? static_cast<int>(k_usage) : worse(code, exit_of(*stopped));
}

int exit_of(const VerbAnswer& answered) {
  const int code = answered.code ? exit_of(*answered.code) : static_cast<int>(k_ok);
  return answered.findings ? worse(k_findings, code) : code;
}

int worse(int a, int b) {
  for (const int code : {static_cast<int>(k_bug), static_cast<int>(k_world), static_cast<int>(k_integrity),
                         static_cast<int>(k_unreadable), static_cast<int>(k_findings), static_cast<int>(k_nothing)}) {
    if (a == code || b == code) return code;
  }
  return a ? a : b;
}

}  // namespace provgate::cli
