// SPDX-License-Identifier: Apache-2.0
// A tree with one instance in a fake world, a store on disk, and what is done with both.
#pragma once

#include <gtest/gtest.h>

#include "provgate/gate/gate.hpp"
#include "support/records.hpp"

namespace provgate::test {

inline const std::string k_sealed_instance = "Acme.Notes/storage/instances/i-note-7f3a-1760000000";

inline const std::string k_proof = "Acme.Notes/storage/proof/i-note-7f3a-1760000000/proof.json";

inline const std::string k_log = "Acme.Notes/storage/ledger/audit.jsonl";

struct SealBench {
  explicit SealBench(const ExampleTree& tree = good_tree("PROOF-001")) {
    fake.disk.put_tree("Acme.Notes", tree);
    auto opened = Store::open(join_path(home.path, "store"), true);
    store.emplace(std::move(*opened));
  }
  /// What came of the instance; seal_all: of what it leads to, too.
  std::vector<SealOutcome> seal(bool dry_run = false) {
    auto out = seal_all(dry_run);
    std::erase_if(out, [](const auto& one) { return one.id.iri.text.starts_with("ckp://Action#"); });
    return out;
  }
  std::vector<SealOutcome> seal_all(bool dry_run = false) {
    CheckOptions options;
    options.read.digests = true;
    const auto report = check(fake, "Acme.Notes", options);
    SealOptions seal_options;
    seal_options.dry_run = dry_run, seal_options.batch_records = batch;
    return seal_records(fake.world, &*store, report, seal_options);
  }
  VerifyReport verify() {
    auto report = verify_records(fake.world, *store, {"Acme.Notes"}, {});
    EXPECT_TRUE(report);
    return *report;
  }
  /// The entries of the instance; entries: all.
  std::vector<LedgerEntry> ledger() {
    auto out = entries();
    std::erase_if(out, [](const auto& one) { return one.record_kind != "instance"; });
    return out;
  }
  std::vector<LedgerEntry> entries() {
    std::vector<LedgerEntry> out;
    (void)store->each_entry([&](const LedgerEntry& e) {
      out.push_back(e);
      return true;
    });
    return out;
  }
  TemporaryDirectory home;
  FakeWorld fake;
  std::optional<Store> store;
  std::size_t batch = 1000;
};

}  // namespace provgate::test
