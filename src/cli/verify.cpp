// SPDX-License-Identifier: Apache-2.0
// verify: trees against the ledger, and proofs by themselves.
#include "cli/cli.hpp"
#include "cli/keys.hpp"
#include "cli/progress.hpp"

namespace provgate::cli {
namespace {

void say_faults(Context& context, const std::vector<Tampered>& faults, const std::vector<WentOn>& went_on) {
  for (const auto& fault : faults) {
    context.out << name_of(fault.kind) << "  " << printable(fault.file) << "\n";
    // A path that is gone is of many, or of none.
    if (const auto& of = fault.focus.empty() ? fault.id.scope.text : fault.focus; !of.empty())
      context.out << "  = of " << printable(of) << "\n";
    context.out << "  = expected " << printable(fault.expected) << ", found " << printable(fault.found) << "\n";
  }
  for (const auto& one : went_on) {
    const char* const what = one.kind == Tampering::missing      ? "gone"
                             : one.kind == Tampering::not_sealed ? "new"
                                                                 : "changed";
    context.out << what << " since entry " << one.entry.number << "  " << printable(one.file) << "\n  = of "
                << printable(one.focus) << "\n";
    if (context.flags.strict)
      context.out << "  = expected " << printable(one.expected) << ", found " << printable(one.found) << "\n";
  }
}

// The first path's text where that is a proof, or a ledger that was exported: such a file is no record.
std::optional<std::string> proof_named(Context& context) {
  const auto& paths = context.flags.paths;
  auto& disk = context.world.disk;
  if (paths.empty() || disk.info(paths[0]).type == FileType::directory) return {};
  constexpr std::uint64_t k_most = 8ULL << 30;
  auto text = disk.read(paths[0], k_most, true);
  // Without a key an exported ledger is no more than lines of JSON.
  const bool ours = text && is_proof(*text) && (!context.flags.public_key.empty() || !text->starts_with('{'));
  return ours ? std::optional(std::move(*text)) : std::nullopt;
}

int verify_proof(Context& context, const std::string& text) {
  const auto& flags = context.flags;
  const auto witness = witness_of(context);
  if (!witness) return report_error(context, witness.error());
  const auto refuse = [&](std::string why, std::string help) {
    return report_error(context, {Code::usage, std::move(why), std::move(help), {}, {}});
  };
  if (!witness->key) return refuse("a proof says nothing without the key that signed it", "--public-key KEY");
  if (witness->head) return refuse("--expect-head is about a ledger, not about a proof", "");
  const bool directory = flags.paths.size() == 2 && context.world.disk.info(flags.paths[1]).type == FileType::directory;
  if (flags.paths.size() > 2 || (flags.paths.size() == 2 && !directory))
    return refuse("a proof is held against one directory, in which the record's files lie", "verify PROOF DIRECTORY");
  ProofRequest request{text, *witness->key, witness->checkpoint,
                       flags.paths.size() > 1 ? flags.paths[1] : std::string{}};
  const auto answered = answer(context.world, request);
  if (!answered) return report_error(context, answered.error());
  const auto& [entry, record, number, checkpoint, files, faults, went_on] = *answered;
  if (directory && (!entry || entry->files.empty()))
    return refuse("what is proven has no files that could be compared", "leave the directory out");
  say_faults(context, faults, went_on);
  const auto signed_by = ", signed by " + printable(witness->key->name);
  if (!entry) {
    context.err << "the ledger has " << plural(checkpoint.size, "entry", "entries") << signed_by
                << ", and is what the checkpoint says\n";
    return k_ok;
  }
  context.out << entry->kind << "  " << printable(entry->id.iri.text) << "  #" << entry->seq.number << "  "
              << printable(entry->time) << "\n";
  for (const auto& rule : entry->rules) context.out << "  = breaks " << printable(rule) << "\n";
  // It is in the proof, whole: there is no file that it would have to be compared with.
  if (record) context.out << "  = record " << number << ": " << printable(*record) << "\n";
  context.err << "entry " << entry->seq.number << " of " << with_commas(checkpoint.size) << signed_by << "; ";
  if (request.root.empty() && !entry->files.empty() && !flags.entry_only && !record) {
    context.err << "its " << plural(entry->files.size(), "file") << " not compared: name the directory they lie in\n";
    return k_nothing;
  }
  const bool rejected = entry->kind != "sealed";
  const int held = rejected ? static_cast<int>(exit_of(Verdict::fail)) : static_cast<int>(k_ok);
  if (rejected) context.err << "it was refused; ";
  if (request.root.empty()) {
    context.err << (record ? "the record is the one that was kept\n" : "no file was compared\n");
    return held;
  }
  context.err << plural(files, "file") << " compared: "
              << (faults.empty() ? std::string(rejected ? "as they were then" : "as sealed")
                                 : plural(faults.size(), "fault"));
  if (!went_on.empty())
    context.err << "; " << plural(went_on.size(), "file") << " changed since (--strict makes it a fault)";
  context.err << "\n";
  return faults.empty() && (went_on.empty() || !flags.strict) ? held : static_cast<int>(k_integrity);
}

}  // namespace

int run_verify(Context& context) {
  const auto& flags = context.flags;
  const auto options = check_options(flags);
  if (!options) return report_error(context, options.error());
  if (const auto proof = proof_named(context)) return verify_proof(context, *proof);
  const auto expected = witness_of(context);
  if (!expected) return report_error(context, expected.error());
  Progress progress(context.err, "verified", !flags.quiet, "entries", k_soon_ms);
  const auto report =
      answer(context.world,
             VerifyRequest{{flags.paths, {}, *options}, default_store_path(flags.store), *expected, progress.pace()});
  progress.end();
  if (!report) return report_error(context, report.error());
  say_faults(context, report->faults, report->went_on);
  for (const auto& id : report->unfinished)
    context.out << "unfinished  " << printable(id.iri.text) << "\n  = sealing was not finished: run seal\n";
  for (const auto& [file, why] : report->unread) {
    context.err << "error: " << printable(why) << "\n  --> " << printable(file) << "\n";
  }
  for (const auto& [file, why] : report->passed_over)
    context.err << "warning: " << printable(why) << "\n  --> " << printable(file) << "\n";
  const auto sealed = "sealed " + std::string(report->noun.one);
  for (const auto& [scope, n] : report->moved) {
    context.err << "here, and sealed as of " << printable(scope.second.text) << ": " << plural(n, sealed) << "\n";
  }
  for (const auto& [scope, n] : report->elsewhere) {
    context.err << "not here: " << plural(n, sealed) << " of "
                << (scope.second.empty() ? "a scope without a name" : printable(scope.second.text)) << "\n";
  }
  const auto code = exit_of(*report, flags.strict, flags.complete);
  if (report->records == 0 && report->faults.empty()) {
    context.err << "nothing was ever sealed from here into this store\n";
    return code;
  }
  context.err << "verified " << plural(report->records, sealed) << ", " << plural(report->files, "file") << ": "
              << (report->faults.empty() ? std::string(report->elsewhere.empty() && report->unread.empty() &&
                                                               report->unfinished.empty() && report->going_on.empty()
                                                           ? "all as sealed"
                                                           : "these are as sealed")
                                         : plural(report->faults.size(), "fault"));
  if (!report->went_on.empty())
    context.err << "; " << plural(report->went_on.size(), "file")
                << " changed since (run seal; --strict makes it a fault)";
  if (!report->unfinished.empty()) context.err << "; " << plural(report->unfinished.size(), "seal") << " not finished";
  if (!report->going_on.empty())
    context.err << "; " << plural(report->going_on.size(), "record") << " on the way, since another process is sealing";
  if (!report->unread.empty()) context.err << "; " << plural(report->unread.size(), "thing") << " could not be read";
  if (report->unsealed)
    context.err << "; " << plural(report->unsealed, report->noun.one, report->noun.many) << " here not sealed";
  context.err << "\n";
  say_not_signed(context, report->not_signed);
  return code;
}

}  // namespace provgate::cli
