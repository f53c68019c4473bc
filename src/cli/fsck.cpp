// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "provgate/requests/requests.hpp"

namespace provgate::cli {

void flags_fsck(CLI::App& app, Flags& flags) {
  add_store(app, flags);
  add_witness(app, flags);
  add_quiet(app, flags);
}

int run_fsck(Context& context) {
  const auto expected = witness_of(context);
  if (!expected) return report_error(context, expected.error());
  const auto answered = answer(context.world, FsckRequest{default_store_path(context.flags.store), *expected});
  if (!answered) return report_error(context, answered.error());
  for (const auto& fault : answered->faults) {
    context.out << "damaged  " << fault.table << " " << printable(fault.row) << "\n  = " << printable(fault.why)
                << "\n";
  }
  if (answered->more) context.out << "and " << with_commas(answered->more) << " more\n";
  const auto faults = answered->faults.size() + answered->more;
  context.err << plural(answered->entries, "entry", "entries") << ", " << plural(answered->quads, "quad") << ", "
              << plural(answered->terms, "term") << ": "
              << (faults ? plural(faults, "fault") : "the tables agree with the ledger");
  if (answered->unfinished) context.err << "; " << plural(answered->unfinished, "seal") << " not finished: run seal";
  context.err << "\n";
  return exit_of(*answered);
}

}  // namespace provgate::cli
