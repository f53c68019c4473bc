// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <chrono>

#include "cli/cli.hpp"
#include "provgate/gate/gate.hpp"
#include "provgate/publish/publish.hpp"

namespace provgate::cli {
namespace {

// The ledger numbers of what lies at the paths; records there that were never sealed are named.
Result<std::set<std::uint64_t>> sealed_at(Context& context, const Store& store, bool& unsealed) {
  const auto& flags = context.flags;
  TRY(const auto options, check_options(flags));
  TRY(const auto here, sealed_here(context.world, store, flags.paths, options));
  for (const auto& place : here.unsealed) context.err << "not sealed: " << printable(place) << "\n";
  unsealed = !here.unsealed.empty();
  return std::set<std::uint64_t>(here.seqs.begin(), here.seqs.end());
}

class Progress {
 public:
  Progress(std::ostream& err, std::uint64_t total, bool quiet)
      : err_(err), total_(total), live_(!quiet && ::isatty(STDERR_FILENO) == 1) {}
  void show(std::uint64_t records) {
    if (!live_) return;
    err_ << "\rpublished " << with_commas(records) << " of " << with_commas(total_) << " records, "
         << with_commas(static_cast<std::uint64_t>(static_cast<double>(records) / seconds())) << "/s, "
         << with_commas(total_ > records ? total_ - records : 0) << " pending   " << std::flush;
    shown_ = true;
  }
  void end() {
    if (shown_) err_ << "\n";
  }
  double seconds() const {
    return std::max(1e-3, std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count());
  }

 private:
  std::ostream& err_;
  std::uint64_t total_;
  bool live_, shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

int run_publish(Context& context) {
  const auto& flags = context.flags;
  Endpoint endpoint;
  if (!flags.dry_run) {
    auto found = endpoint_from(context.world.disk, flags.to, true);
    if (!found) return report_error(context, found.error());
    endpoint = std::move(*found);
  }
  auto store = Store::open(default_store_path(flags.store), false);
  if (!store) return report_error(context, store.error());
  PublishOptions options;
  options.dry_run = flags.dry_run;
  bool unsealed = false;
  if (!flags.paths.empty()) {
    auto rows = sealed_at(context, *store, unsealed);
    if (!rows) return report_error(context, rows.error());
    options.only = std::move(*rows);
  }
  const auto before = store->status();
  if (!before) return report_error(context, before.error());
  Progress progress(context.err, before->pending, flags.quiet || flags.dry_run);
  options.on_batch = [&](std::uint64_t records, std::uint64_t) { progress.show(records); };
  options.on_dry_run = [&](std::string_view text) { emit(context, text); };
  const auto report = publish_pending(context.world.http, *store, endpoint, options);
  progress.end();
  if (!report) return report_error(context, report.error());
  int code = unsealed ? k_findings : k_ok;
  if (report->stopped) {
    const bool forgiven = may_pass(*report->stopped) && !flags.require;
    context.err << (forgiven ? "warning: " : "error: ") << printable(report->stopped->why) << "\n";
    if (!report->stopped->help.empty()) context.err << "help: " << printable(report->stopped->help) << "\n";
    if (!forgiven) code = exit_of(*report->stopped) == k_usage ? k_usage : worse(code, exit_of(*report->stopped));
  }
  if (report->records == 0 && !report->stopped) {
    context.err << "nothing to publish: " << plural(report->pending, "record") << " pending\n";
  } else {
    context.err << (flags.dry_run ? "would publish " : "published ") << plural(report->records, "record") << ", "
                << plural(report->triples, "triple") << " in " << plural(report->batches, "batch", "batches") << "; "
                << with_commas(report->pending) << " pending\n";
  }
  return code;
}

int run_status(Context& context) {
  const auto path = default_store_path(context.flags.store);
  auto store = Store::open(path, false);
  if (!store) return report_error(context, store.error());
  const auto status = store->status();
  if (!status) return report_error(context, status.error());
  const auto head = store->head();
  context.out << "store      " << printable(path) << "\n";
  context.out << "ledger     " << plural(status->ledger_entries, "entry", "entries") << ": "
              << with_commas(status->sealed) << " sealed, " << with_commas(status->rejected) << " rejected\n";
  if (head) context.out << "head       #" << head->seq << " " << head->digest << "\n";
  context.out << "graph      " << plural(status->quads, "quad") << ", " << plural(status->terms, "term") << "\n";
  context.out << "outbox     " << plural(status->pending, "record") << " pending, "
              << plural(status->pending_quads, "triple") << "\n";
  return k_ok;
}

}  // namespace provgate::cli
