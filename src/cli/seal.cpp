// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/cli.hpp"
#include "cli/keys.hpp"
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

void say_counts(Context& context, SealAnswer& answered, bool well) {
  const auto& report = answered.report;
  auto& counts = answered.counts;
  context.err << with_commas(counts[SealResult::sealed]) << (context.flags.dry_run ? " would be sealed, " : " sealed, ")
              << with_commas(counts[SealResult::already]) << " already sealed"
              << (answered.completed ? " (" + with_commas(answered.completed) + " completed), " : ", ")
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
  if (!counts[SealResult::sealed] && !answered.completed && well) context.err << "; nothing was left to do";
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
  auto key = signing_key(context, !flags.dry_run);
  if (!key) return report_error(context, key.error());
  request.options.key = *key ? &**key : nullptr, request.checkpoint_file = flags.checkpoint;
  int code = k_ok;
  // Where the records' own lines are seen, they are what shows how it goes.
  Progress progress(context.err, "sealed", ::isatty(STDOUT_FILENO) != 1 || flags.quiet);
  std::optional<Interrupt> interrupt;  // before anything is written an interrupt is an end
  constexpr std::uint64_t k_seldom = 100;
  std::uint64_t records = 0, done = 0;
  request.on_begin = [&](std::uint64_t all) { interrupt.emplace(), progress.begin(records = all); };
  request.options.stop = &Interrupt::asked, request.options.overlap = true;
  request.options.dry_run = flags.dry_run;
  request.options.batch_records = flags.sealed_at_once.value_or(request.options.batch_records);
  if (flags.wait_seconds) request.options.wait.limit_ms = *flags.wait_seconds * 1000;
  request.options.wait.on_wait = [&] {
    if (!flags.quiet) context.err << "waiting: another process seals into this store\n";
  };
  request.options.on_outcome = [&](const SealOutcome& outcome) {
    code = worse(code, exit_of(outcome.result));
    // They come a batch at a time.
    if (++done % k_seldom == 0 || done == records) progress.show(done);
    if (!flags.quiet || exit_of(outcome.result) != k_ok) say_outcome(context, outcome);
  };
  auto answered = answer(context.world, request);
  progress.end();
  if (!answered) return report_error(context, answered.error());
  auto& report = answered->report;
  // What is wrong with a refused record is said once, where it stands.
  for (const auto& f : report.findings) {
    if (f.severity == Severity::error) say_finding(context, f);
  }
  if (report.unreadable()) {
    code = worse(code, exit_of(report.world_failed() ? Verdict::world_failed : Verdict::unreadable));
  }
  if (report.count(Severity::error)) code = worse(code, exit_of(Verdict::fail));
  if (answered->outcomes.empty()) {
    context.err << "nothing to seal: no " << record_noun(report).one << " was found here\n";
    return worse(code, exit_of(Verdict::nothing));
  }
  say_counts(context, *answered, code == k_ok);
  if (answered->checkpoint_failed) code = worse(code, report_error(context, *answered->checkpoint_failed));
  if (!flags.quiet && !flags.dry_run && answered->unsigned_entries)
    context.err << "not signed: no signed checkpoint has the newest entries (--key, provgate keygen)\n";
  if (!Interrupt::asked() || done == records) return code;
  const auto sealed = answered->counts[SealResult::sealed] + answered->counts[SealResult::already];
  context.err << "interrupted: " << with_commas(sealed) << " of " << with_commas(records) << " sealed; run it again\n";
  return k_interrupted;
}

}  // namespace provgate::cli
