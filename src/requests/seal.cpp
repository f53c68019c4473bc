// SPDX-License-Identifier: Apache-2.0
#include "io/snapshot_disk.hpp"
#include "provgate/requests/requests.hpp"
#include "store/pages.hpp"

namespace provgate {

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
  SnapshotDisk disk(world.disk);
  const World once{disk, world.clock, world.http, world.random};
  TRY(out.report, check_paths(once, request.input.paths, request.input.records, check));
  // What is read from here on may be written by another sealer meanwhile.
  disk.keep_only([](const auto&) { return false; });
  auto options = request.options;
  options.on_outcome = [&](const SealOutcome& outcome) {
    ++out.counts[outcome.result];
    if (request.options.on_outcome) request.options.on_outcome(outcome);
  };
  if (request.on_begin) {
    std::uint64_t records = 0;
    each_collection(out.report, [&](const SystemReport& one, std::size_t c) {
      for (std::size_t i = 0; i < one.reading->sealable(c); ++i) records += one.reading->record(c, i).judged;
    });
    request.on_begin(records);
  }
  out.outcomes = seal_records(once, store ? &*store : nullptr, out.report, options);
  return out;
}

Result<StoreCheck> answer(const World&, const FsckRequest& request) {
  CHECKED(check_store_pages(request.store));
  TRY(const auto store, Store::open(request.store, false));
  if (request.expected) CHECKED(store.check_grown_from(*request.expected));
  return store.check_tables();
}

Result<VerifyReport> answer(const World& world, const VerifyRequest& request) {
  CHECKED(check_store_pages(request.store));
  TRY(const auto store, Store::open(request.store, false));
  if (request.expected) CHECKED(store.check_grown_from(*request.expected));
  return verify_records(world, store, request.input.paths, request.input.options);
}

}  // namespace provgate
