// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "cli/progress.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {
int run_publish(Context& context) {
  const auto& flags = context.flags;
  auto reading = check_options(flags);
  if (!reading) return report_error(context, reading.error());
  PublishRequest request;
  request.input = {flags.paths, {}, std::move(*reading)};
  request.store = default_store_path(flags.store);
  if (!flags.dry_run) {
    auto found = endpoint_from(context.world.disk, flags.to, true);
    if (!found) return report_error(context, found.error());
    request.endpoint = std::move(*found);
  }
  Progress progress(context.err, "published", !flags.quiet && !flags.dry_run);
  Progress catching_up(context.err, k_catching_up, !flags.quiet, "records", k_soon_ms);
  request.catching_up = catching_up.pace();
  request.on_begin = [&](std::uint64_t pending) { catching_up.end(), progress.begin(pending); };
  request.options.dry_run = flags.dry_run;
  request.options.on_batch = [&](std::uint64_t records, std::uint64_t) { progress.show(records); };
  request.options.on_dry_run = [&](std::string_view text) { emit(context, text); };
  const auto answered = answer(context.world, request);
  catching_up.end(), progress.end();
  if (!answered) return report_error(context, answered.error());
  for (const auto& f : answered->unread) say_finding(context, f);
  for (const auto& place : answered->unsealed) context.err << "not sealed: " << printable(place) << "\n";
  const auto& report = answered->report;
  if (report.stopped) {
    const bool forgiven = may_pass(*report.stopped) && !flags.require;
    context.err << (forgiven ? "warning: " : "error: ") << printable(report.stopped->why) << "\n";
    if (!report.stopped->help.empty()) context.err << "help: " << printable(report.stopped->help) << "\n";
  }
  if (report.records == 0 && !report.stopped) {
    context.err << "nothing to publish: " << plural(report.pending, "record") << " pending\n";
  } else {
    context.err << (flags.dry_run ? "would publish " : "published ") << plural(report.records, "record") << ", "
                << plural(report.triples, "triple") << " in " << plural(report.batches, "batch", "batches") << "; "
                << with_commas(report.pending) << " pending\n";
  }
  return exit_of(*answered, flags.require);
}

int run_status(Context& context) {
  const auto path = default_store_path(context.flags.store);
  const auto answered = answer(context.world, StatusRequest{path});
  if (!answered) return report_error(context, answered.error());
  const auto& [status, head] = *answered;
  context.out << "store      " << printable(path) << "\n";
  context.out << "ledger     " << plural(status.ledger_entries, "entry", "entries") << ": "
              << with_commas(status.sealed) << " sealed, " << with_commas(status.rejected) << " rejected\n";
  context.out << "head       #" << head.seq.number << " " << head.digest.text << "\n";
  context.out << "graph      " << plural(status.quads, "quad") << ", " << plural(status.terms, "term") << "\n";
  if (status.kept) {
    context.out << "kept       " << plural(status.kept, "record");
    if (status.unsaid) context.out << ", " << plural(status.unsaid, "batch", "batches") << " not in the graph yet";
    context.out << "\n";
  }
  context.out << "outbox     " << plural(status.pending, "record") << " pending, "
              << plural(status.pending_quads, "triple") << "\n";
  return k_ok;
}

}  // namespace provgate::cli
