// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "io/snapshot_disk.hpp"
#include "provgate/gate/gate.hpp"
#include "store/pages.hpp"

namespace provgate::cli {
namespace {

const char* word(SealResult result, bool dry_run) {
  switch (result) {
    case SealResult::sealed: return dry_run ? "would seal" : "sealed";
    case SealResult::already: return "already sealed";
    case SealResult::refused: return "refused";
    case SealResult::skipped: return "skipped";
    case SealResult::changed: return "CHANGED";
    case SealResult::failed: return "failed";
    case SealResult::undecided: return "not decided";
  }
  return "";
}

int exit_of(SealResult result) {
  switch (result) {
    case SealResult::refused: return k_findings;
    case SealResult::changed: return k_integrity;
    case SealResult::failed: return k_world;
    case SealResult::undecided: return k_nothing;
    default: return k_ok;
  }
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

}  // namespace

int run_seal(Context& context) {
  const auto& flags = context.flags;
  auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  options->read.digests = true;
  std::optional<Store> store;
  auto opened = Store::open(default_store_path(flags.store), !flags.dry_run);
  if (opened) {
    store.emplace(std::move(*opened));
  } else if (!(flags.dry_run && opened.error().code == Code::nothing)) {
    return report_error(context, opened.error());
  }
  static const std::string k_no_stream;
  // What was judged is what is sealed: no file is read twice.
  SnapshotDisk disk(context.world.disk);
  const World world{disk, context.world.clock, context.world.http, context.world.random};
  const auto report = check_paths(world, flags.paths, k_no_stream, *options);
  if (!report) return report_error(context, report.error());
  // What is read from here on may be written by another sealer meanwhile.
  disk.keep_only([](const auto&) { return false; });
  int code = k_ok;
  std::map<SealResult, std::uint64_t> counts;
  SealOptions seal_options{flags.dry_run, {}};
  seal_options.on_outcome = [&](const SealOutcome& outcome) {
    ++counts[outcome.result];
    code = worse(code, exit_of(outcome.result));
    const bool quiet = flags.quiet && exit_of(outcome.result) == k_ok;
    if (quiet) return;
    context.out << word(outcome.result, flags.dry_run) << "  "
                << printable(outcome.iri.empty() ? outcome.owner : outcome.iri);
    if (outcome.seq) context.out << "  #" << outcome.seq;
    if (!outcome.detail.empty()) context.out << "  (" << printable(outcome.detail) << ")";
    context.out << "\n";
  };
  const auto outcomes = seal_records(world, store ? &*store : nullptr, *report, seal_options);
  // What is wrong with a refused instance is said once, where it stands.
  for (const auto& f : report->findings) {
    if (f.severity != Severity::error) continue;
    say_finding(context, f);
  }
  if (report->unreadable()) code = worse(code, report->world_failed() ? k_world : k_unreadable);
  if (report->count(Severity::error)) code = worse(code, k_findings);
  if (outcomes.empty()) {
    context.err << "nothing to seal: no " << record_noun(*report).one << " was found here\n";
    return worse(code, k_nothing);
  }
  context.err << with_commas(counts[SealResult::sealed]) << (flags.dry_run ? " would be sealed, " : " sealed, ")
              << with_commas(counts[SealResult::already]) << " already sealed, "
              << with_commas(counts[SealResult::refused]) << " refused, " << with_commas(counts[SealResult::skipped])
              << " not finished";
  if (counts[SealResult::undecided])
    context.err << ", " << with_commas(counts[SealResult::undecided]) << " not decided" << how_to_decide(*report);
  if (counts[SealResult::changed])
    context.err << ", " << with_commas(counts[SealResult::changed]) << " changed since they were sealed";
  if (counts[SealResult::failed])
    context.err << ", " << with_commas(counts[SealResult::failed]) << " failed (run it again)";
  if (!counts[SealResult::sealed] && code == k_ok) context.err << "; nothing was left to do";
  context.err << "\n";
  return code;
}

int run_verify(Context& context) {
  const auto& flags = context.flags;
  const auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  const auto path = default_store_path(flags.store);
  if (const auto whole = check_store_pages(path); !whole) return report_error(context, whole.error());
  auto store = Store::open(path, false);
  if (!store) return report_error(context, store.error());
  const auto report = verify_records(context.world, *store, flags.paths, *options);
  if (!report) return report_error(context, report.error());
  for (const auto& fault : report->faults) {
    context.out << name_of(fault.kind) << "  " << printable(fault.file) << "\n  = of " << printable(fault.iri)
                << "\n  = expected " << printable(fault.expected) << ", found " << printable(fault.found) << "\n";
  }
  for (const auto& [file, why] : report->unread) {
    context.err << "error: " << printable(why) << "\n  --> " << printable(file) << "\n";
  }
  const auto sealed = "sealed " + std::string(report->noun.one);
  for (const auto& [scope, n] : report->moved) {
    context.err << "here, and sealed as of " << printable(scope) << ": " << plural(n, sealed) << "\n";
  }
  for (const auto& [scope, n] : report->elsewhere) {
    context.err << "not here: " << plural(n, sealed) << " of "
                << (scope.empty() ? "a scope without a name" : printable(scope)) << "\n";
  }
  if (report->records == 0) {
    context.err << "nothing was ever sealed from here into this store\n";
    return report->unread.empty() ? k_nothing : k_unreadable;
  }
  context.err << "verified " << plural(report->records, sealed) << ", " << plural(report->files, "file") << ": "
              << (report->faults.empty()
                      ? std::string(report->elsewhere.empty() && report->unread.empty() ? "all as sealed"
                                                                                        : "these are as sealed")
                      : plural(report->faults.size(), "fault"));
  if (!report->unread.empty()) context.err << "; " << plural(report->unread.size(), "thing") << " could not be read";
  if (report->unsealed)
    context.err << "; " << plural(report->unsealed, report->noun.one, report->noun.many) << " here not sealed";
  context.err << "\n";
  return !report->faults.empty() ? k_integrity : !report->unread.empty() ? k_unreadable : k_ok;
}

}  // namespace provgate::cli
