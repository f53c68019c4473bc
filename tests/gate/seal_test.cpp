// SPDX-License-Identifier: Apache-2.0
// Sealing and verifying trees.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/digest.hpp"
#include "support/seal_bench.hpp"

namespace provgate::test {
namespace {

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
  EXPECT_EQ(entries[0].prev, bench.entries()[0].digest());
  EXPECT_EQ(entries[0].kind, "sealed");
  EXPECT_EQ(entries[0].id.iri.text, "ckp://Instance#i-note-7f3a-1760000000");
  for (const char* path :
       {"storage/instances/i-note-7f3a-1760000000/manifest.json", "storage/instances/i-note-7f3a-1760000000/data.json",
        "storage/instances/i-note-7f3a-1760000000/proof.json", "storage/proof/proof-note.write-1760000000.json",
        "storage/proof/i-note-7f3a-1760000000/proof.json"}) {
    EXPECT_TRUE(entries[0].files.contains(path)) << path;
    EXPECT_EQ(bench.fake.disk.info(join_path("Acme.Notes", path)).mode & 0222, 0U) << path;
  }
  EXPECT_EQ(entries[0].files.at("storage/instances/i-note-7f3a-1760000000/ledger.json").role,
            CoveredFile::Role::witnessed);
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
  EXPECT_EQ(status->pending, 1U) << "its action's proof is sound";
  EXPECT_EQ(bench.store->find_term("<ckp://Instance#i-note-7f3a-1760000000>"), 0U);
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
  EXPECT_EQ(report->records, 2U);
  EXPECT_TRUE(report->faults.empty());
}

// The same with several records in batches of any size, and with a power cut, which takes all that was not flushed.
// What is still to do is no excuse for what was there before.
// A new file whose bytes were not flushed, and the one it was written under.
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
  ASSERT_EQ(seal_records(bench.fake.world, &*other, check(bench.fake, "a/Acme.Notes", options), {}).back().result,
            SealResult::sealed);
  // Its plain name is another project's there, so it gets its long one.
  options.settings.clear();
  const auto outcome = seal_records(bench.fake.world, &*other, check(bench.fake, "Acme.Notes", options), {}).back();
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
  EXPECT_EQ(counts[SealResult::sealed], 2) << "the instance and its action";
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
  ASSERT_EQ(outcomes.size(), 4U) << "two instances and two actions";
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
