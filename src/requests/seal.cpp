// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "provgate/requests/requests.hpp"
#include "requests/checkpoints.hpp"
#include "store/pages.hpp"

namespace provgate {
namespace {

// A checkpoint that lies there is what somebody may have kept: it is not overwritten by a ledger that does not extend
// it.
Result<void> check_kept(Disk& disk, const Store& store, const std::string& file) {
  if (disk.info(file).type == FileType::missing) return {};
  TRY(const auto text, disk.read(file, k_most_note_bytes, true));
  auto kept = parse_checkpoint(text);
  if (!kept) return fail(Code::input, file + " is not a checkpoint: " + kept.error().why, "name another file");
  return store.check_extends(*kept);
}

// In a collection it would be one of its files, which change with it.
Result<void> lies_outside(Disk& disk, const std::string& file, const CheckReport& report) {
  const auto place = disk.real_path(parent_path(file));
  bool inside = false;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    const auto& at = one.reading->collection(c);
    const auto root = at.loose ? fail(Code::nothing, "") : disk.real_path(at.root);
    inside = inside || (place && root && (*place + "/").starts_with(*root + "/"));
  });
  if (!inside) return {};
  return fail(Code::usage, "the checkpoint " + file + " would lie among the records that it is about",
              "name a place outside");
}

Result<void> keep_checkpoint(Disk& disk, const Store& store, const SigningKey* key, const std::string& file) {
  TRY(const auto text, newest_checkpoint(store, key));
  const auto directory = parent_path(file), name = base_name(file);
  CHECKED(disk.create_below(directory, name, text, true));
  return disk.flush_below(directory, {name});
}

}  // namespace

Result<SealAnswer> answer(const World& world, const SealRequest& request) {
  SealAnswer out;
  auto check = request.input.options;
  check.read.digests = true;
  std::optional<Store> store;
  if (auto opened = Store::open(request.store, !request.options.dry_run)) {
    store.emplace(std::move(*opened));
    CHECKED(store->check_chain());  // a ledger that was altered is not continued, and knows nothing
  } else if (!(request.options.dry_run && opened.error().code == Code::nothing)) {
    return tl::unexpected<Error>(opened.error());
  }
  const auto& file = request.checkpoint_file;
  if (store && !file.empty()) CHECKED(check_kept(world.disk, *store, file));
  if (store && request.options.key && !request.options.dry_run)
    CHECKED(note_key(world.clock, *store, *request.options.key, nullptr, request.options.wait));
  if (!file.empty()) {
    if (auto may = world.disk.may_write_below(parent_path(file), base_name(file)); !may)
      return fail(Code::world, "the checkpoint cannot be written: " + may.error().why, may.error().help);
  }
  TRY(out.report, check_paths(world, request.input.paths, request.input.records, check));
  if (!file.empty()) CHECKED(lies_outside(world.disk, file, out.report));
  auto options = request.options;
  options.on_outcome = [&](const SealOutcome& outcome) {
    ++out.counts[outcome.result], out.completed += outcome.completed;
    if (request.options.on_outcome) request.options.on_outcome(outcome);
  };
  options.on_batch = [&] {
    if (file.empty()) return true;
    if (auto kept = keep_checkpoint(world.disk, *store, request.options.key, file); !kept)
      out.checkpoint_failed = kept.error();
    return !out.checkpoint_failed;
  };
  if (request.on_begin) {
    std::uint64_t records = 0;
    each_collection(out.report, [&](const SystemReport& one, std::size_t c) {
      for (std::size_t i = 0; i < one.reading->sealable(c); ++i) records += one.reading->record(c, i).judged;
    });
    request.on_begin(records);
  }
  out.outcomes = seal_records(world, store ? &*store : nullptr, out.report, options);
  // Where nothing was sealed the newest checkpoint may still be missing there.
  if (store && !request.options.dry_run && !out.checkpoint_failed && store->checkpoint()) (void)options.on_batch();
  if (store) {
    const auto signed_size = [&] {
      const auto kept = parse_checkpoint(store->signed_checkpoint().value_or(""));
      return kept ? kept->size : 0;
    };
    TRY(const auto head, store->head());
    // What somebody sealed without the key.
    if (request.options.key && !request.options.dry_run && signed_size() < head.seq.number)
      CHECKED(store->sign(*request.options.key));
    out.unsigned_entries = signed_size() < head.seq.number;
  }
  return out;
}

namespace {

// Gives how many of the last entries no checkpoint has that the key signed; none without a key.
Result<std::uint64_t> check_witness(const Store& store, const Witness& witness) {
  if (witness.head) CHECKED(store.check_grown_from(*witness.head));
  std::uint64_t has = 0;
  if (witness.checkpoint) {
    if (witness.key) CHECKED(check_signature(*witness.checkpoint, *witness.key));
    CHECKED(store.check_extends(*witness.checkpoint));
    has = witness.checkpoint->size;
  }
  if (!witness.key) return std::uint64_t{0};
  // Who signed what the ledger itself keeps.
  TRY(const auto text, store.signed_checkpoint());
  if (text.empty() && !witness.checkpoint) return fail(Code::integrity, "no checkpoint of this ledger was ever signed");
  if (!text.empty()) {
    TRY(const auto kept, parse_checkpoint(text));
    const auto ours = check_signature(kept, *witness.key);
    if (!ours && !witness.checkpoint) return tl::unexpected<Error>(ours.error());
    CHECKED(store.check_extends(kept));
    if (ours) has = std::max(has, kept.size);
  }
  TRY(const auto head, store.head());
  return head.seq.number - std::min(has, head.seq.number);
}

}  // namespace

Result<FsckAnswer> answer(const World& world, const FsckRequest& request) {
  CHECKED(check_store_pages(request.store));
  TRY(auto store, Store::open(request.store, false));
  FsckAnswer out;
  TRY(out.not_signed, check_witness(store, request.expected));
  if (request.repair) {
    TRY(out.repaired, store.repair());
  }
  TRY(out.tables, store.check_tables(request.tables));
  if (out.tables.faults.empty()) {
    TRY(out.tables.faults, check_notes(store));
  }
  if (out.tables.faults.empty()) {
    TRY(out.tables.faults, check_index(store));
  }
  std::uint64_t kept = 0;
  if (out.tables.faults.empty()) {
    TRY(const auto records, store.kept());
    kept = records->size();
  }
  if (out.tables.faults.empty() && (kept || !request.input.paths.empty())) {
    TRY(out.graph, check_graph(world, store, request.input.paths, request.input.options, request.graph));
  }
  return out;
}

Result<VerifyReport> answer(const World& world, const VerifyRequest& request) {
  CHECKED(check_store_pages(request.store));
  TRY(const auto store, Store::open(request.store, false));
  TRY(const auto not_signed, check_witness(store, request.expected));
  TRY(auto out, verify_records(world, store, request.input.paths, request.input.options, request.pace));
  out.not_signed = not_signed;
  return out;
}

}  // namespace provgate
