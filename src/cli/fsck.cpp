// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "cli/keys.hpp"
#include "cli/progress.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {

void flags_fsck(CLI::App& app, Flags& flags) {
  add_paths(app, flags, false);
  add_reading(app, flags);
  add_repair(app, flags);
  add_store(app, flags);
  add_witness(app, flags);
  add_quiet(app, flags);
}

namespace {

void say_rows(Context& context, const std::vector<BadRow>& faults, std::uint64_t more) {
  for (const auto& fault : faults) {
    context.out << "damaged  " << fault.table << " " << printable(fault.row) << "\n  = " << printable(fault.why)
                << "\n";
  }
  if (more) context.out << "and " << with_commas(more) << " more\n";
}

void say_graph(Context& context, const GraphCheck& graph) {
  const auto faults = graph.faults.size() + graph.more;
  say_rows(context, graph.faults, graph.more);
  context.err << plural(graph.records, "record") << " made again, " << plural(graph.quads, "quad") << ": "
              << (faults ? plural(faults, "fault") : "the graph says the same");
  if (graph.not_as_sealed)
    context.err << "; " << plural(graph.not_as_sealed, "record")
                << " not compared: the files are not as they were sealed";
  if (graph.waiting) context.err << "; " << plural(graph.waiting, "record") << " whose statements are not made yet";
  if (graph.earlier)
    context.err << "; " << plural(graph.earlier, "record") << " not compared: sealed by an earlier version";
  if (!graph.whole) context.err << "; what nobody says was not looked for, since other records are sealed, too";
  if (graph.not_told)
    context.err << "; " << plural(graph.not_told, "statement") << " of what only an earlier version may have said";
  context.err << "\n";
}

}  // namespace

int run_fsck(Context& context) {
  const auto& flags = context.flags;
  const auto expected = witness_of(context);
  if (!expected) return report_error(context, expected.error());
  const auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  Progress rows(context.err, "looked at", !flags.quiet, "rows", k_soon_ms);
  Progress records(context.err, "made again", !flags.quiet, "records", k_soon_ms);
  const auto answered = answer(context.world, FsckRequest{default_store_path(flags.store),
                                                          *expected,
                                                          {flags.paths, {}, *options},
                                                          flags.repair,
                                                          rows.pace(),
                                                          records.pace()});
  rows.end(), records.end();
  if (!answered) return report_error(context, answered.error());
  const auto& [tables, graph, repaired, not_signed] = *answered;
  if (flags.repair) {
    context.err << "made anew: " << plural(repaired.quads, "quad row") << ", " << plural(repaired.terms, "term row")
                << ", " << plural(repaired.tree, "node") << " of the tree, " << plural(repaired.sealed, "row")
                << " of what was sealed; dropped: " << plural(repaired.dropped, "quad row") << "\n";
  }
  say_rows(context, tables.faults, tables.more);
  const auto faults = tables.faults.size() + tables.more;
  context.err << plural(tables.entries, "entry", "entries") << ", " << plural(tables.quads, "quad") << ", "
              << plural(tables.terms, "term") << ": "
              << (faults ? plural(faults, "fault") : "the tables agree with the ledger");
  if (tables.unfinished) context.err << "; " << plural(tables.unfinished, "seal") << " not finished: run seal";
  context.err << "\n";
  if (graph) say_graph(context, *graph);
  say_not_signed(context, not_signed);
  return exit_of(*answered);
}

}  // namespace provgate::cli
