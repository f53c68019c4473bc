// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/cli.hpp"
#include "cli/progress.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {
namespace {

const char* word(SealResult result, bool dry_run) {
  switch (result) {
    case SealResult::sealed: return dry_run ? "would seal" : "sealed";
    case SealResult::already: return "already sealed";
    case SealResult::refused: return "refused";
    case SealResult::skipped: return "skipped";
    case SealResult::changed: return "CHANGED";
    case SealResult::unread: return "not read";
    case SealResult::failed: return "failed";
    case SealResult::undecided: return "not decided";
  }
  return "";
}

// What to do about records of which it cannot be decided whether they conform.
std::string how_to_decide(const CheckReport& report) {
  std::string out;
  for (const auto& one : report.systems) {
    const bool any = std::any_of(one.scores.begin(), one.scores.end(), [](const auto& s) { return s.undecidable; });
    if (any) out += (out.empty() ? " (" : "; ") + std::string(one.system->words().decide);
  }
  return out.empty() ? out : out + ")";
}

void say_outcome(Context& context, const SealOutcome& outcome) {
  context.out << word(outcome.result, context.flags.dry_run) << "  "
              << printable(outcome.id.iri.empty() ? outcome.owner : outcome.id.iri.text);
  if (outcome.seq) context.out << "  #" << outcome.seq.number;
  if (!outcome.detail.empty()) context.out << "  (" << printable(outcome.detail) << ")";
  context.out << "\n";
}

void say_counts(Context& context, const CheckReport& report, std::map<SealResult, std::uint64_t>& counts, bool well) {
  context.err << with_commas(counts[SealResult::sealed]) << (context.flags.dry_run ? " would be sealed, " : " sealed, ")
              << with_commas(counts[SealResult::already]) << " already sealed, "
              << with_commas(counts[SealResult::refused]) << " refused, " << with_commas(counts[SealResult::skipped])
              << " not finished";
  if (counts[SealResult::undecided])
    context.err << ", " << with_commas(counts[SealResult::undecided]) << " not decided" << how_to_decide(report);
  if (counts[SealResult::changed])
    context.err << ", " << with_commas(counts[SealResult::changed]) << " changed since they were sealed";
  if (counts[SealResult::unread])
    context.err << ", " << with_commas(counts[SealResult::unread]) << " not read (something that they may lead to)";
  if (counts[SealResult::failed])
    context.err << ", " << with_commas(counts[SealResult::failed]) << " failed (run it again)";
  if (!counts[SealResult::sealed] && well) context.err << "; nothing was left to do";
  context.err << "\n";
}

}  // namespace

int run_seal(Context& context) {
  const auto& flags = context.flags;
  SealRequest request;
  auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  request.input = {flags.paths, {}, std::move(*options)};
  request.store = default_store_path(flags.store);
  int code = k_ok;
  // Where the records' own lines are seen, they are what shows how it goes.
  Progress progress(context.err, "sealed", ::isatty(STDOUT_FILENO) != 1 || flags.quiet);
  std::optional<Interrupt> interrupt;  // before anything is written an interrupt is an end
  std::uint64_t records = 0, done = 0;
  request.on_begin = [&](std::uint64_t all) { interrupt.emplace(), progress.begin(records = all); };
  request.options.stop = &Interrupt::asked;
  request.options.dry_run = flags.dry_run;
  if (flags.wait_seconds) request.options.wait.limit_ms = *flags.wait_seconds * 1000;
  request.options.wait.on_wait = [&] {
    if (!flags.quiet) context.err << "waiting: another process seals into this store\n";
  };
  request.options.on_outcome = [&](const SealOutcome& outcome) {
    code = worse(code, exit_of(outcome.result));
    progress.show(++done);
    if (!flags.quiet || exit_of(outcome.result) != k_ok) say_outcome(context, outcome);
  };
  auto answered = answer(context.world, request);
  progress.end();
  if (!answered) return report_error(context, answered.error());
  auto& [report, outcomes, counts] = *answered;
  // What is wrong with a refused record is said once, where it stands.
  for (const auto& f : report.findings) {
    if (f.severity == Severity::error) say_finding(context, f);
  }
  if (report.unreadable()) {
    code = worse(code, exit_of(report.world_failed() ? Verdict::world_failed : Verdict::unreadable));
  }
  if (report.count(Severity::error)) code = worse(code, exit_of(Verdict::fail));
  if (outcomes.empty()) {
    context.err << "nothing to seal: no " << record_noun(report).one << " was found here\n";
    return worse(code, exit_of(Verdict::nothing));
  }
  say_counts(context, report, counts, code == k_ok);
  if (!Interrupt::asked() || done == records) return code;
  context.err << "interrupted: " << with_commas(done) << " of " << plural(records, "record") << " done; run it again\n";
  return k_interrupted;
}

int run_verify(Context& context) {
  const auto& flags = context.flags;
  const auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  const auto expected = expected_head(flags.expect_head);
  if (!expected) return report_error(context, expected.error());
  const auto report =
      answer(context.world, VerifyRequest{{flags.paths, {}, *options}, default_store_path(flags.store), *expected});
  if (!report) return report_error(context, report.error());
  for (const auto& fault : report->faults) {
    context.out << name_of(fault.kind) << "  " << printable(fault.file) << "\n  = of " << printable(fault.focus)
                << "\n  = expected " << printable(fault.expected) << ", found " << printable(fault.found) << "\n";
  }
  for (const auto& one : report->went_on) {
    const char* const what = one.kind == Tampering::missing      ? "gone"
                             : one.kind == Tampering::not_sealed ? "new"
                                                                 : "changed";
    context.out << what << " since entry " << one.entry.number << "  " << printable(one.file) << "\n  = of "
                << printable(one.focus) << "\n";
    if (flags.strict)
      context.out << "  = expected " << printable(one.expected) << ", found " << printable(one.found) << "\n";
  }
  for (const auto& id : report->unfinished)
    context.out << "unfinished  " << printable(id.iri.text) << "\n  = sealing was not finished: run seal\n";
  for (const auto& [file, why] : report->unread) {
    context.err << "error: " << printable(why) << "\n  --> " << printable(file) << "\n";
  }
  const auto sealed = "sealed " + std::string(report->noun.one);
  for (const auto& [scope, n] : report->moved) {
    context.err << "here, and sealed as of " << printable(scope.second.text) << ": " << plural(n, sealed) << "\n";
  }
  for (const auto& [scope, n] : report->elsewhere) {
    context.err << "not here: " << plural(n, sealed) << " of "
                << (scope.second.empty() ? "a scope without a name" : printable(scope.second.text)) << "\n";
  }
  if (report->records == 0 && report->faults.empty()) {
    context.err << "nothing was ever sealed from here into this store\n";
    return exit_of(*report, flags.strict);
  }
  context.err << "verified " << plural(report->records, sealed) << ", " << plural(report->files, "file") << ": "
              << (report->faults.empty()
                      ? std::string(report->elsewhere.empty() && report->unread.empty() && report->unfinished.empty()
                                        ? "all as sealed"
                                        : "these are as sealed")
                      : plural(report->faults.size(), "fault"));
  if (!report->went_on.empty())
    context.err << "; " << plural(report->went_on.size(), "file")
                << " changed since (run seal; --strict makes it a fault)";
  if (!report->unfinished.empty()) context.err << "; " << plural(report->unfinished.size(), "seal") << " not finished";
  if (!report->unread.empty()) context.err << "; " << plural(report->unread.size(), "thing") << " could not be read";
  if (report->unsealed)
    context.err << "; " << plural(report->unsealed, report->noun.one, report->noun.many) << " here not sealed";
  context.err << "\n";
  return exit_of(*report, flags.strict);
}

}  // namespace provgate::cli
