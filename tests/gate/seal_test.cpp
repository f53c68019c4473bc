// SPDX-License-Identifier: Apache-2.0
// Sealing, the store, verifying; crashes between any two steps; faults of the disk.
#include <gtest/gtest.h>
#include <lmdb.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/digest.hpp"
#include "provgate/gate/gate.hpp"
#include "support/quads.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

const std::string k_sealed_instance = "Acme.Notes/storage/instances/i-note-7f3a-1760000000";

struct SealBench {
  explicit SealBench(const ExampleTree& tree = good_tree("PROOF-001")) {
    fake.disk.put_tree("Acme.Notes", tree);
    auto opened = Store::open(join_path(home.path, "store"), true);
    store.emplace(std::move(*opened));
  }
  std::vector<SealOutcome> seal(bool dry_run = false) {
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
  std::vector<LedgerEntry> ledger() {
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

TEST(Seal, WritesProofEntryAuditLineAndModes) {
  SealBench bench;
  const auto before = bench.fake.disk.text(k_sealed_instance + "/manifest.json");
  const auto outcomes = bench.seal();
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].result, SealResult::sealed) << outcomes[0].detail;
  const auto proof = read_json("p", bench.fake.disk.text("Acme.Notes/storage/proof/i-note-7f3a-1760000000/proof.json"));
  ASSERT_TRUE(proof);
  EXPECT_EQ(proof->root().find("proof_id").text(), "proof-i-note-7f3a-1760000000-1795000000");
  for (const char* field : {"data_hash", "manifest_hash", "outcome", "checks", "prov:wasGeneratedBy",
                            "prov:wasAttributedTo", "prov:generatedAtTime"}) {
    EXPECT_TRUE(proof->root().find(field)) << field;
  }
  const auto entries = bench.ledger();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].prev, k_no_digest);
  EXPECT_EQ(entries[0].kind, "sealed");
  EXPECT_EQ(entries[0].id.iri.text, "ckp://Instance#i-note-7f3a-1760000000");
  for (const char* path :
       {"storage/instances/i-note-7f3a-1760000000/manifest.json", "storage/instances/i-note-7f3a-1760000000/data.json",
        "storage/instances/i-note-7f3a-1760000000/proof.json", "storage/proof/proof-note.write-1760000000.json",
        "storage/proof/i-note-7f3a-1760000000/proof.json"}) {
    EXPECT_TRUE(entries[0].files.contains(path)) << path;
    EXPECT_EQ(bench.fake.disk.info(join_path("Acme.Notes", path)).mode & 0222, 0U) << path;
  }
  EXPECT_FALSE(entries[0].files.contains("storage/instances/i-note-7f3a-1760000000/ledger.json"));
  EXPECT_EQ(bench.fake.disk.text(k_sealed_instance + "/manifest.json"), before);
  const auto audit = bench.fake.disk.text("Acme.Notes/storage/ledger/audit.jsonl");
  for (const char* key :
       {"\"timestamp\"", "\"event\"", "\"before\"", "\"after\"", "\"actor\"", "\"instance\"", "\"proof_id\""})
    EXPECT_NE(audit.find(key), std::string::npos) << key;
  EXPECT_TRUE(bench.verify().faults.empty());
}

TEST(Seal, AgainChangesNothing) {
  SealBench bench;
  bench.seal();
  const auto before = bench.fake.disk.nodes();
  const auto outcomes = bench.seal();
  EXPECT_EQ(outcomes[0].result, SealResult::already);
  EXPECT_EQ(bench.ledger().size(), 1U);
  for (const auto& [path, node] : before) EXPECT_EQ(bench.fake.disk.text(path), node.text) << path;
  EXPECT_EQ(bench.fake.disk.nodes().size(), before.size());
}

// A proof that sealing into another store left is taken as it is, with its line.
TEST(Seal, IntoAnotherStoreWritesNothingBeside) {
  SealBench bench;
  bench.seal();
  const auto before = bench.fake.disk.nodes();
  const auto files = bench.ledger()[0].files;
  bench.fake.clock.now += 90'000'000;
  bench.store.emplace(std::move(*Store::open(join_path(bench.home.path, "other"), true)));
  EXPECT_EQ(bench.seal()[0].result, SealResult::sealed);
  EXPECT_EQ(bench.ledger()[0].files, files);
  EXPECT_EQ(bench.fake.disk.nodes().size(), before.size());
  for (const auto& [path, node] : before) EXPECT_EQ(bench.fake.disk.text(path), node.text) << path;
  EXPECT_TRUE(bench.verify().faults.empty());
}

TEST(Seal, DryRunWritesNothing) {
  SealBench bench;
  const auto before = bench.fake.disk.nodes().size();
  EXPECT_EQ(bench.seal(true)[0].result, SealResult::sealed);
  EXPECT_EQ(bench.fake.disk.nodes().size(), before);
  EXPECT_TRUE(bench.ledger().empty());
}

TEST(Seal, ChangedBytesAreRefused) {
  for (const char* name : {"/manifest.json", "/data.json", "/proof.json", "/proof/proof-2025-10-09.json"}) {
    SealBench bench;
    bench.seal();
    bench.fake.disk.nodes()[k_sealed_instance + name].text += " ";
    const auto outcomes = bench.seal();
    EXPECT_EQ(outcomes[0].result, SealResult::changed) << name;
    EXPECT_NE(outcomes[0].detail.find(name), std::string::npos) << outcomes[0].detail;
    const auto report = bench.verify();
    ASSERT_EQ(report.faults.size(), 1U) << name;
    EXPECT_EQ(report.faults[0].kind, Tampering::changed);
  }
}

TEST(Seal, ErrorsAreRefusedAndRecordedOnce) {
  SealBench bench(find_rule("PROOF-003")->bad);
  EXPECT_EQ(bench.seal()[0].result, SealResult::refused);
  EXPECT_EQ(bench.seal()[0].result, SealResult::refused);
  const auto entries = bench.ledger();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].kind, "rejected");
  EXPECT_EQ(entries[0].rules, (std::vector<std::string>{"PROOF-003", "PROOF-005"}));
  const auto status = bench.store->status();
  EXPECT_EQ(status->pending, 0U);
  EXPECT_EQ(status->quads, 0U);
}

TEST(Seal, OneBadInstanceDoesNotHoldUpTheOthers) {
  SealBench bench;
  auto text = bench.fake.disk.text(k_sealed_instance + "/manifest.json");
  bench.fake.disk.put("Acme.Notes/storage/instances/i-bad-1/manifest.json", "{\"instance_id\": \"i-bad-1\"}");
  const auto outcomes = bench.seal();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].result, SealResult::refused);
  EXPECT_EQ(outcomes[1].result, SealResult::sealed);
  const auto entries = bench.ledger();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[1].prev, entries[0].digest());
}

TEST(Seal, UnfinishedInstancesAreSkipped) {
  for (const char* status : {"pending", "in_progress", "executing", "active"}) {
    auto tree = good_tree("PROV-001");
    auto& manifest = tree["storage/instances/i-note-7f3a-1760000000/manifest.json"];
    manifest.replace(manifest.find("completed"), 9, status);
    SealBench bench(tree);
    EXPECT_EQ(bench.seal()[0].result, SealResult::skipped) << status;
    EXPECT_TRUE(bench.ledger().empty());
  }
}

TEST(Seal, WithoutDataThereIsNoDataHash) {
  SealBench bench(good_tree("PROV-001"));
  EXPECT_EQ(bench.seal()[0].result, SealResult::sealed);
  const auto proof = read_json("p", bench.fake.disk.text("Acme.Notes/storage/proof/i-note-7f3a-1760000000/proof.json"));
  EXPECT_FALSE(proof->root().find("data_hash"));
  EXPECT_TRUE(proof->root().find("manifest_hash"));
}

TEST(Verify, NamesEveryKindOfTampering) {
  SealBench bench;
  bench.seal();
  auto& disk = bench.fake.disk;
  disk.nodes()[k_sealed_instance + "/data.json"].text += "\n";
  disk.erase(k_sealed_instance + "/proof/proof-2025-10-09.json");
  disk.put(k_sealed_instance + "/proof/proof-2099-01-01.json", "{}");
  disk.nodes()[k_sealed_instance + "/manifest.json"].mode = 0644;
  std::set<std::string> seen;
  for (const auto& fault : bench.verify().faults)
    seen.insert(std::string(name_of(fault.kind)) + " " + base_name(fault.file));
  EXPECT_EQ(seen, (std::set<std::string>{"changed data.json", "missing proof-2025-10-09.json",
                                         "not sealed proof-2099-01-01.json", "writable manifest.json"}));
}

TEST(Verify, AMovedTreeStillVerifies) {
  SealBench bench;
  bench.seal();
  FakeWorld other;
  for (const auto& [path, node] : bench.fake.disk.nodes()) other.disk.nodes()["moved/" + path] = node;
  other.disk.nodes()["moved"].type = FileType::directory;
  const auto report = verify_records(other.world, *bench.store, {"moved"}, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->records, 1U);
  EXPECT_TRUE(report->faults.empty());
}

// ---- crashes: the machine stops before the nth change; half of a write may have reached the disk --

TEST(Crash, BetweenAnyTwoStepsOfSealing) {
  SealBench whole;
  whole.seal();
  int steps = 0;
  for (bool crashed = true; crashed; ++steps) {
    ASSERT_LT(steps, 100);
    SealBench bench;
    auto& disk = bench.fake.disk;
    int left = steps;
    crashed = false;
    disk.before_change = [&](const std::string& op, const std::string& path) -> std::optional<Error> {
      if (left-- > 0) return {};
      if (!crashed && op == "append") disk.put(path, disk.text(path) + "{\"half\":");
      crashed = true;
      return Error{Code::world, "the machine stopped", {}, path, {}};
    };
    const auto first = bench.seal();
    if (crashed) {
      EXPECT_EQ(first[0].result, SealResult::failed);
    }
    disk.before_change = nullptr;
    const auto second = bench.seal();
    EXPECT_TRUE(second[0].result == SealResult::sealed || second[0].result == SealResult::already)
        << steps << ": " << second[0].detail;
    EXPECT_EQ(bench.ledger().size(), 1U) << steps;
    EXPECT_EQ(bench.store->status()->pending, 1U) << steps;
    EXPECT_TRUE(bench.verify().faults.empty()) << steps;
    const auto audit = disk.text("Acme.Notes/storage/ledger/audit.jsonl");
    std::size_t lines = 0;
    each_line("a", audit,
              [&](const SourceFile& line, bool) { lines += line.doc && line.doc->root().find("proof_id"); });
    EXPECT_EQ(lines, 1U) << steps << "\n" << audit;
    EXPECT_EQ(bench.ledger()[0].files, whole.ledger()[0].files) << steps;
  }
  EXPECT_GT(steps, 8);
}

// The same with several records in batches of any size, and with a power cut, which takes all that was not flushed.
TEST(Crash, BatchesAreCompletedByTheNextRun) {
  struct Row {
    std::size_t batch;
    bool power;
  };
  const auto put_notes = [](SealBench& bench) {
    auto& disk = bench.fake.disk;
    for (const char* id : {"i-b-1", "i-b-2", "i-b-3"}) {
      disk.put(
          "Acme.Notes/storage/instances/" + std::string(id) + "/manifest.json",
          R"({"instance_id": ")" + std::string(id) +
              R"(", "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/note.write-1760000001", "prov:wasAttributedTo": )"
              R"("ckp://Kernel#Acme.Notes:v1.0", "prov:generatedAtTime": "2025-10-09T08:53:20.000Z"})");
    }
    disk.flush_all();
  };
  for (const auto& [batch, power] : {Row{1, false}, Row{1, true}, Row{2, true}, Row{1000, false}, Row{1000, true}}) {
    SealBench whole;
    put_notes(whole);
    whole.seal();
    int steps = 0;
    for (bool crashed = true; crashed; ++steps) {
      ASSERT_LT(steps, 200);
      SealBench bench;
      put_notes(bench);
      auto& disk = bench.fake.disk;
      int left = steps;
      crashed = false;
      disk.before_change = [&](const std::string& op, const std::string& path) -> std::optional<Error> {
        if (left-- > 0) return {};
        if (!crashed && op == "append") disk.put(path, disk.text(path) + "{\"half\":");
        crashed = true;
        return Error{Code::world, "the machine stopped", {}, path, {}};
      };
      bench.batch = batch;
      const auto first = bench.seal();
      EXPECT_EQ(std::ranges::any_of(first, [](const auto& o) { return o.result == SealResult::failed; }), crashed);
      disk.before_change = nullptr;
      if (power) {
        disk.power_cut();
        // What was acknowledged is there.
        const auto report = bench.verify();
        const auto well = std::ranges::count_if(first, [](const auto& o) { return o.result == SealResult::sealed; });
        EXPECT_TRUE(report.faults.empty()) << batch << " " << steps << " " << report.faults.front().file;
        EXPECT_LE(report.unfinished.size() + static_cast<std::size_t>(well), 4U) << batch << " " << steps;
      }
      for (const auto& outcome : bench.seal())
        EXPECT_TRUE(outcome.result == SealResult::sealed || outcome.result == SealResult::already)
            << batch << " " << steps << ": " << outcome.detail;
      const auto report = bench.verify();
      EXPECT_TRUE(report.faults.empty()) << batch << " " << steps << " " << report.faults.front().file;
      EXPECT_TRUE(report.unfinished.empty()) << batch << " " << steps;
      EXPECT_EQ(bench.ledger().size(), 4U);
      EXPECT_TRUE(bench.store->unfinished()->empty());
      EXPECT_TRUE(bench.store->check_tables()->faults.empty());
      std::map<std::string, std::string> now, expected;
      for (const auto& [path, node] : disk.nodes()) now[path] = std::to_string(node.mode & 0222U);
      for (const auto& [path, node] : whole.fake.disk.nodes()) expected[path] = std::to_string(node.mode & 0222U);
      EXPECT_EQ(now, expected) << batch << " " << steps;
    }
    EXPECT_GT(steps, 8);
  }
}

const std::string k_proof = "Acme.Notes/storage/proof/i-note-7f3a-1760000000/proof.json";
const std::string k_log = "Acme.Notes/storage/ledger/audit.jsonl";

// A run that ends before the operation.
void cut_short_before(SealBench& bench, const std::string& op) {
  bool over = false;
  bench.fake.disk.before_change = [&](const std::string& what, const std::string& path) -> std::optional<Error> {
    over = over || what == op;
    return over ? std::optional(Error{Code::world, "the machine stopped", {}, path, {}}) : std::nullopt;
  };
  EXPECT_EQ(bench.seal()[0].result, SealResult::failed) << op;
  bench.fake.disk.before_change = nullptr;
}

// What is still to do is no excuse for what was there before.
TEST(Crash, AnUnfinishedRecordMayNotBeChanged) {
  for (const char* op : {"create", "append", "protect", "flush"}) {
    for (const char* file : {"/manifest.json", "/data.json"}) {
      SealBench bench;
      cut_short_before(bench, op);
      EXPECT_TRUE(bench.verify().faults.empty()) << op;
      // Before the flush all is there, and the machine did not go down.
      EXPECT_EQ(bench.verify().unfinished.size(), std::string_view(op) == "flush" ? 0U : 1U) << op;
      EXPECT_EQ(bench.seal(true)[0].result, SealResult::already) << "a dry run knows of it, too";
      const auto before = bench.fake.disk.nodes();
      bench.fake.disk.erase(k_sealed_instance + file);
      EXPECT_FALSE(bench.verify().faults.empty()) << op << " " << file << " gone";
      bench.fake.disk.nodes() = before;
      bench.fake.disk.nodes()[k_sealed_instance + file].text += " ";
      EXPECT_FALSE(bench.verify().faults.empty()) << op << " " << file << " changed";
      EXPECT_EQ(bench.seal()[0].result, SealResult::changed) << op << " " << file;
    }
  }
}

// A new file whose bytes were not flushed, and the one it was written under.
TEST(Crash, AProofThatWasCutShortIsWrittenAgain) {
  for (const std::size_t left : {0, 1, 100}) {
    SealBench bench;
    cut_short_before(bench, "append");
    auto& proof = bench.fake.disk.nodes()[k_proof].text;
    const auto whole = proof;
    proof.resize(left);
    bench.fake.disk.put(parent_path(k_proof) + "/.provgate-0123456789abcdef", "half");
    EXPECT_TRUE(bench.verify().faults.empty()) << left;
    EXPECT_EQ(bench.verify().unfinished.size(), 1U) << left;
    bench.fake.disk.erase(parent_path(k_proof) + "/.provgate-0123456789abcdef");
    EXPECT_EQ(bench.seal()[0].result, SealResult::already) << left;
    EXPECT_EQ(bench.fake.disk.text(k_proof), whole) << left;
    EXPECT_TRUE(bench.verify().faults.empty()) << left;
  }
  SealBench bench;
  cut_short_before(bench, "append");
  bench.fake.disk.nodes()[k_proof].text = "{}";
  EXPECT_FALSE(bench.verify().faults.empty()) << "other bytes are other bytes";
  EXPECT_EQ(bench.seal()[0].result, SealResult::changed);
}

TEST(Seal, WhatSaysItWasSealedIsHeldAgainstTheLedger) {
  const auto edited = [](const std::function<void(MemoryDisk&)>& edit) {
    SealBench bench;
    bench.seal();
    EXPECT_TRUE(bench.verify().faults.empty());
    edit(bench.fake.disk);
    std::vector<Tampering> out;
    for (const auto& fault : bench.verify().faults) out.push_back(fault.kind);
    return out;
  };
  const auto replaced = [](std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos);
    return text.replace(at, from.size(), to);
  };
  using enum Tampering;
  using Kinds = std::vector<Tampering>;
  EXPECT_EQ(edited([](MemoryDisk& disk) { disk.nodes()[k_log].text.clear(); }), Kinds{missing});
  EXPECT_EQ(edited([](MemoryDisk& disk) { disk.erase(k_log); }), Kinds{missing});
  for (const auto& [from, to] :
       {std::pair{"\"timestamp\":\"2", "\"timestamp\":\"1"}, {"\"after\":\"sealed\"", "\"after\":\"Sealed\""}})
    EXPECT_EQ(edited([&](MemoryDisk& disk) { disk.nodes()[k_log].text = replaced(disk.text(k_log), from, to); }),
              (Kinds{missing, forged}))
        << from;
  EXPECT_EQ(edited([&](MemoryDisk& disk) {
              disk.nodes()[k_log].text += replaced(disk.text(k_log), "timestamp\":\"2", "timestamp\":\"1");
            }),
            Kinds{forged})
      << "one line more about the same record";
  EXPECT_EQ(edited([&](MemoryDisk& disk) {
              disk.nodes()[k_log].text += replaced(disk.text(k_log), "#i-note-7f3a", "#i-note-none");
            }),
            Kinds{forged});
  EXPECT_EQ(edited([&](MemoryDisk& disk) { disk.nodes()[k_log].text += "\n{\"event\": \"note\"}\nnot JSON\n"; }),
            Kinds{})
      << "lines of others";
  EXPECT_EQ(edited([&](MemoryDisk& disk) {
              disk.put("Acme.Notes/storage/proof/i-none/proof.json",
                       replaced(disk.text(k_proof), "\"i-note-7f3a", "\"i-none"));
            }),
            Kinds{forged});
  EXPECT_EQ(edited([&](MemoryDisk& disk) {
              disk.put("Acme.Notes/storage/proof/i-other/proof.json", "{\"instance_id\": \"i-other\"}");
            }),
            Kinds{})
      << "a proof of somebody else";
  for (const char* name : {"/x.json", "/p.tmp", "/.provgate-0123456789abcdef"})
    EXPECT_EQ(edited([&](MemoryDisk& disk) { disk.put(parent_path(k_proof) + name, "{}"); }), Kinds{not_sealed})
        << name;
}

// The same tree under another name of its records, in another store: nothing of the one is strange to the other.
TEST(Seal, UnderAnotherNameIntoAnotherStore) {
  SealBench bench;
  bench.seal();
  bench.fake.disk.put_tree("a/Acme.Notes", good_tree("PROOF-001"));
  auto other = Store::open(join_path(bench.home.path, "other"), true);
  CheckOptions options;
  options.read.digests = true;
  options.settings["fleet"] = "other.example.org";
  ASSERT_EQ(seal_records(bench.fake.world, &*other, check(bench.fake, "a/Acme.Notes", options), {})[0].result,
            SealResult::sealed);
  // Its plain name is another project's there, so it gets its long one.
  options.settings.clear();
  const auto outcome = seal_records(bench.fake.world, &*other, check(bench.fake, "Acme.Notes", options), {})[0];
  EXPECT_EQ(outcome.result, SealResult::sealed) << outcome.detail;
  EXPECT_EQ(outcome.id.iri.text, "ckp://Instance#Acme.Notes/i-note-7f3a-1760000000");
  for (auto* store : {&*bench.store, &*other}) {
    const auto report = verify_records(bench.fake.world, *store, {"Acme.Notes"}, {});
    EXPECT_TRUE(report->faults.empty()) << (store == &*other) << " " << report->faults.front().found;
  }
}

// Two records without a name that break the same rules with the same bytes are one rejection, and hold up nobody.
TEST(Seal, TheSameRejectionTwiceInOneBatch) {
  SealBench bench;
  for (const char* where : {"a/", "b/"}) {
    bench.fake.disk.put(std::string(where) + "Zeta.Notes/storage/instances/i-bad/manifest.json",
                        R"({"instance_id": "i bad"})");
  }
  CheckOptions options;
  options.read.digests = true;
  const auto report = check(bench.fake, std::vector<std::string>{"a", "b", "Acme.Notes"}, options);
  std::map<SealResult, int> counts;
  for (const auto& outcome : seal_records(bench.fake.world, &*bench.store, report, {})) ++counts[outcome.result];
  EXPECT_EQ(counts[SealResult::failed], 0);
  EXPECT_EQ(counts[SealResult::sealed], 1);
  EXPECT_EQ(counts[SealResult::refused], 2);
}

// Nothing that changes between judging and sealing goes into the ledger, and what changes meanwhile is said.
TEST(Seal, WhatChangesMeanwhileIsNoticed) {
  for (const std::string file : {"/manifest.json", "/data.json", "/proof.json", "/proof/proof-2025-10-09.json"}) {
    for (const std::string op : {"may_write", "create", "append", "protect"}) {
      SealBench bench;
      auto& disk = bench.fake.disk;
      bool changed = false;
      disk.before_change = [&](const std::string& what, const std::string&) -> std::optional<Error> {
        if (what == op && !changed) changed = true, disk.nodes()[k_sealed_instance + file].text += " ";
        return {};
      };
      const auto outcome = bench.seal()[0];
      EXPECT_EQ(outcome.result, SealResult::changed) << file << " " << op;
      EXPECT_FALSE(bench.verify().faults.empty()) << file << " " << op;
    }
    SealBench bench;
    bool changed = false;
    bench.fake.disk.before_read = [&](const std::string& op, const std::string&) -> std::optional<Error> {
      if (op == "compare" && !changed) changed = true, bench.fake.disk.nodes()[k_sealed_instance + file].text += " ";
      return {};
    };
    EXPECT_EQ(bench.seal()[0].result, SealResult::failed) << file;
    EXPECT_TRUE(bench.ledger().empty()) << file;
  }
}

TEST(Crash, DiskFullIsSaidAndNothingIsLost) {
  for (const char* op : {"create", "append"}) {
    SealBench bench;
    bench.fake.disk.before_change = [&](const std::string& what, const std::string& path) -> std::optional<Error> {
      if (what == op) return Error{Code::disk_full, "No space left on device", {}, path, {}};
      return {};
    };
    const auto outcome = bench.seal()[0];
    EXPECT_EQ(outcome.result, SealResult::failed);
    EXPECT_NE(outcome.detail.find("No space"), std::string::npos);
    bench.fake.disk.before_change = nullptr;
    bench.seal();
    EXPECT_TRUE(bench.verify().faults.empty());
    EXPECT_EQ(bench.ledger().size(), 1U);
  }
}

TEST(Crash, ReadOnlyTree) {
  SealBench bench;
  bench.fake.disk.before_change = [](const std::string&, const std::string& path) -> std::optional<Error> {
    return Error{Code::world, "Read-only file system", {}, path, {}};
  };
  EXPECT_EQ(bench.seal()[0].result, SealResult::failed);
  EXPECT_TRUE(bench.ledger().empty());
}

// ---- the store ------------------------------------------------------------------------------------

TEST(Store, RefusesAnUnknownFormat) {
  TemporaryDirectory home;
  {
    ASSERT_TRUE(Store::open(home.path, true));
  }
  MDB_env* env = nullptr;
  mdb_env_create(&env);
  mdb_env_set_maxdbs(env, 16);
  ASSERT_EQ(mdb_env_open(env, home.path.c_str(), 0, 0644), 0);
  MDB_txn* txn = nullptr;
  mdb_txn_begin(env, nullptr, 0, &txn);
  MDB_dbi meta;
  mdb_dbi_open(txn, "meta", 0, &meta);
  MDB_val key{6, const_cast<char*>("format")}, value{2, const_cast<char*>("99")};
  mdb_put(txn, meta, &key, &value, 0);
  mdb_txn_commit(txn);
  mdb_env_close(env);
  const auto store = Store::open(home.path, true);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::input);
  EXPECT_NE(store.error().why.find("99"), std::string::npos);
}

TEST(Store, MissingStoreIsNothing) {
  TemporaryDirectory home;
  const auto store = Store::open(join_path(home.path, "none"), false);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::nothing);
}

TEST(Store, ScansByEveryPattern) {
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  ASSERT_TRUE(store);
  std::vector<std::array<std::string, 4>> quads;
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 3; ++k)
      quads.push_back({"<urn:s" + std::to_string(i) + ">", "<urn:p" + std::to_string(k) + ">",
                       "\"o" + std::to_string(i * k) + "\"", k % 2 ? "<urn:g>" : ""});
  }
  for (const auto& q : quads) ASSERT_TRUE(*test::add_quad(*store, q[0], q[1], q[2], q[3]));
  EXPECT_FALSE(*test::add_quad(*store, quads[0][0], quads[0][1], quads[0][2], quads[0][3]));
  for (int mask = 0; mask < 16; ++mask) {
    for (const auto& wanted : quads) {
      const auto id = [&](int bit, std::size_t part) {
        return mask & bit ? *store->find_term(wanted[part]) : TermId{0};
      };
      Quad pattern{id(1, 0), id(2, 1), id(4, 2), 0};
      if (!wanted[3].empty()) pattern.g = id(8, 3);
      std::set<std::string> found, expected;
      ASSERT_TRUE(store->scan(pattern, [&](const Quad& q) {
        found.insert(*store->term(q.s) + *store->term(q.p) + *store->term(q.o) +
                     (q.g ? *store->term(q.g) : std::string{}));
        return true;
      }));
      for (const auto& q : quads) {
        const bool fits = (!(mask & 1) || q[0] == wanted[0]) && (!(mask & 2) || q[1] == wanted[1]) &&
                          (!(mask & 4) || q[2] == wanted[2]) && (!pattern.g || q[3] == wanted[3]);
        if (fits) expected.insert(q[0] + q[1] + q[2] + q[3]);
      }
      EXPECT_EQ(found, expected);
    }
  }
}

TEST(Store, GrowsAndKeepsLongTerms) {
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  ASSERT_TRUE(store);
  const std::string big(1 << 20, 'x');
  for (int i = 0; i < 90; ++i)
    ASSERT_TRUE(test::add_quad(*store, "<urn:s>", "<urn:p>", literal_text(big + std::to_string(i)), ""));
  EXPECT_EQ(store->status()->quads, 90U);
  EXPECT_NE(store->find_term(literal_text(big + "89")), 0U);
}

TEST(Ledger, DetectsDamage) {
  SealBench bench;
  bench.seal();
  const auto entry = bench.ledger()[0];
  EXPECT_TRUE(parse_ledger_entry(entry.canonical()));
  auto text = entry.canonical();
  EXPECT_FALSE(parse_ledger_entry(" " + text));
  EXPECT_FALSE(parse_ledger_entry(text.replace(text.find("\"version\":2"), 11, "\"version\":7")));
}

// Two kernels of one project may number their instances and proofs alike.
TEST(Seal, KernelsWithTheSameInstanceAndProofIdsKeepApart) {
  SealBench bench;
  const auto swapped = [](std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
    return text;
  };
  const auto name = [&](std::string text) { return swapped(std::move(text), "Acme.Notes", "Acme.Other"); };
  const auto manifest = bench.fake.disk.text(k_sealed_instance + "/manifest.json");
  for (const auto& [path, text] : good_tree("PROOF-001"))
    bench.fake.disk.put("Acme.Other/" + path,
                        name(swapped(text, sha256_hex(manifest).text, sha256_hex(name(manifest)).text)));
  CheckOptions options;
  options.read.digests = true;
  const auto report = check(bench.fake, std::vector<std::string>{"Acme.Notes", "Acme.Other"}, options);
  EXPECT_EQ(rules_of(report, Severity::error), std::vector<std::string>{});
  const auto outcomes = seal_records(bench.fake.world, &*bench.store, report, {});
  ASSERT_EQ(outcomes.size(), 2U);
  for (const auto& outcome : outcomes) EXPECT_EQ(outcome.result, SealResult::sealed);
  // What is converted and what is sealed name the proofs and their checks alike, and each its own.
  const auto graph = converted(bench.fake, {"Acme.Notes", "Acme.Other"});
  std::map<std::string, std::set<std::string>> proofs, checks;
  for (const auto& q : graph.quads()) {
    const auto p = bare_iri(graph.terms().text(q.p));
    const std::string s(graph.terms().text(q.s)), o(graph.terms().text(q.o));
    if (p.ends_with("proofInstanceId")) proofs[s].insert(o);
    if (p.ends_with("#checks")) checks[o].insert(s);
  }
  EXPECT_TRUE(proofs.contains("<ckp://Instance#Acme.Notes/proof-i-note-7f3a-1760000000-1760000000>"))
      << proofs.begin()->first;
  EXPECT_TRUE(proofs.contains("<ckp://Instance#Acme.Other/proof-i-note-7f3a-1760000000-1760000000>"));
  EXPECT_GE(proofs.size(), 2U);
  for (const auto& [check, of] : checks) EXPECT_EQ(of.size(), 1U) << check;
}

}  // namespace
}  // namespace provgate::test
