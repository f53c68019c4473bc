// SPDX-License-Identifier: Apache-2.0
// Ways in which a gate could quietly let something through, each closed.
#include <gtest/gtest.h>

#include "provgate/gate/gate.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

const std::string k_kernel = "Acme.Notes/";
const std::string k_instance = k_kernel + "storage/instances/i-note-7f3a-1760000000";

struct Tree {
  explicit Tree(std::string_view rule = "PROV-001") { world.disk.put_tree("Acme.Notes", good_tree(rule)); }
  void edit(const std::string& path, const std::string& from, const std::string& to) {
    auto text = world.disk.text(path);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    world.disk.put(path, text.replace(at, from.size(), to));
  }
  std::set<std::string> errors(const std::string& path = "Acme.Notes") {
    const auto rules = rules_of(check(world, path), Severity::error);
    return {rules.begin(), rules.end()};
  }
  FakeWorld world;
};

TEST(FailClosed, AReachedProofCountsWhenOneInstanceIsChecked) {
  Tree tree;
  tree.edit(k_kernel + "storage/proof/proof-note.write-1760000000.json", "ckp://Task#T-1a2b", "garbage");
  EXPECT_TRUE(tree.errors(k_instance).contains("URN-001"));
}

TEST(FailClosed, AStepWithoutHashBreaksTheChain) {
  Tree tree("PROOF-007");
  const auto path = k_kernel + "storage/proof/proof-note.index-1760000100.json";
  const auto text = tree.world.disk.text(path);
  const auto at = text.rfind("\"hash\": \"");
  tree.world.disk.put(path, text.substr(0, at) + "\"hush\": \"" + text.substr(at + 9));
  const auto errors = tree.errors();
  EXPECT_TRUE(errors.contains("PROOF-007"));
  EXPECT_TRUE(errors.contains("PROOF-009"));
}

TEST(FailClosed, AnExecutionChainWithoutItsAnchorIsBroken) {
  Tree tree("PROOF-015");
  tree.world.disk.put(
      k_instance + "/data.json",
      "{\"output\": {\"steps\": [{\"input_hash\": \"a\"}, {\"chain_hash\": \"bad\"}], \"execution_hash\": \"zzz\"}}");
  EXPECT_TRUE(tree.errors().contains("PROOF-014"));
}

TEST(FailClosed, TheProofRecordOfASealIsReadAgain) {
  Tree tree("PROOF-001");
  tree.world.disk.put(
      k_kernel + "storage/proof/i-note-7f3a-1760000000/proof.json",
      "{\"proof_id\": \"p\", \"instance_id\": \"other\", \"data_hash\": \"00\", \"outcome\": \"FAIL\"}");
  const auto errors = tree.errors();
  for (const char* rule : {"PROOF-002", "PROOF-003", "PROOF-011"}) EXPECT_TRUE(errors.contains(rule)) << rule;
}

TEST(FailClosed, AnEmptyProofProvesNothing) {
  for (const char* proof : {"{}", "{\"proof_id\": \"x\"}"}) {
    Tree tree("PROOF-001");
    tree.world.disk.erase(k_instance + "/proof/proof-2025-10-09.json");
    tree.world.disk.put(k_instance + "/proof.json", proof);
    EXPECT_TRUE(tree.errors().contains("PROOF-001")) << proof;
  }
  Tree odd("PROOF-001");
  odd.edit(k_instance + "/proof/proof-2025-10-09.json", "sha256", "md5");
  EXPECT_TRUE(odd.errors().contains("PROOF-005"));
}

TEST(FailClosed, AStatusEditDoesNotHideAChange) {
  Tree tree("PROOF-001");
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  CheckOptions options;
  options.read.digests = true;
  ASSERT_EQ(seal_records(tree.world.world, &*store, check(tree.world, "Acme.Notes", options), {}).back().result,
            SealResult::sealed);
  tree.edit(k_instance + "/manifest.json", "\"completed\"", "\"pending\"");
  EXPECT_EQ(seal_records(tree.world.world, &*store, check(tree.world, "Acme.Notes", options), {}).back().result,
            SealResult::changed);
}

TEST(FailClosed, VerifyComparesEveryCopyAndEveryScope) {
  FakeWorld world;
  for (const char* root : {"a/Acme.Notes", "b/Acme.Notes"}) world.disk.put_tree(root, good_tree("PROOF-001"));
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  CheckOptions options;
  options.read.digests = true;
  seal_records(world.world, &*store, check(world, "a", options), {});
  for (const auto& [path, node] : std::map<std::string, Node>(world.disk.nodes())) {
    if (path.starts_with("a/")) world.disk.nodes()["b/" + path.substr(2)] = node;
  }
  // A copy beside the one that was sealed is one too many, and is compared all the same.
  const auto both = verify_records(world.world, *store, {"a", "b"}, {});
  EXPECT_TRUE(both->faults.empty());
  ASSERT_EQ(both->unread.size(), 1U);
  EXPECT_EQ(both->unread[0].first, "b/Acme.Notes");
  EXPECT_TRUE(verify_records(world.world, *store, {"b"}, {})->faults.empty());
  world.disk.nodes()["b/Acme.Notes/storage/instances/i-note-7f3a-1760000000/data.json"].text += " ";
  EXPECT_EQ(verify_records(world.world, *store, {"a", "b"}, {})->faults.size(), 1U);
  world.disk.put_tree("c/Other.Kernel", good_tree("PROV-001"));
  EXPECT_EQ(verify_records(world.world, *store, {"c"}, {})->elsewhere.begin()->first.second.text, "local/Acme.Notes");
}

TEST(FailClosed, VerifyFindsEveryAddedFile) {
  for (const auto& added :
       {k_kernel + "storage/proof/p.json", k_kernel + "storage/proof/i-note-7f3a-1760000000/extra.json",
        k_instance + "/message.json", k_instance + "/proof/x.yml"}) {
    Tree tree("PROOF-001");
    TemporaryDirectory home;
    auto store = Store::open(home.path, true);
    CheckOptions options;
    options.read.digests = true;
    seal_records(tree.world.world, &*store, check(tree.world, "Acme.Notes", options), {});
    tree.world.disk.put(added, "{\"action_urn\": \"ckp://Action#Acme.Notes/note.write-1760000000\"}");
    const auto report = verify_records(tree.world.world, *store, {"Acme.Notes"}, {});
    ASSERT_EQ(report->faults.size(), 1U) << added;
    EXPECT_EQ(report->faults[0].kind, Tampering::not_sealed);
  }
}

TEST(FailClosed, OfTwoInstancesWithOneIdNeitherIsSealed) {
  Tree tree;
  tree.world.disk.put(k_kernel + "storage/instances/copy/manifest.json",
                      tree.world.disk.text(k_instance + "/manifest.json"));
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  CheckOptions options;
  options.read.digests = true;
  for (const auto& outcome : seal_records(tree.world.world, &*store, check(tree.world, "Acme.Notes", options), {})) {
    const bool action = outcome.id.iri.text.starts_with("ckp://Action#");
    EXPECT_EQ(outcome.result, action ? SealResult::sealed : SealResult::refused) << outcome.detail;
  }
  EXPECT_EQ(check(tree.world, "Acme.Notes").score.conforming, 0U);
}

TEST(FailClosed, PlacesThatCannotBeReadAreNamed) {
  Tree tree;
  tree.world.disk.put("fleet/Good.One/storage/instances/i/manifest.json", "{}");
  tree.world.disk.put("fleet/Shut.One/storage/instances/i/manifest.json", "{}");
  tree.world.disk.unreadable = {"fleet/Shut.One"};
  tree.world.disk.link("fleet/Gone.One", "nowhere");
  tree.world.disk.put("fleet/Linked.One/conceptkernel.yaml", "apiVersion: conceptkernel/v3\n");
  tree.world.disk.link("fleet/Linked.One/storage", "Acme.Notes/storage");
  tree.world.disk.put("fleet/Odd.One/conceptkernel.yaml/x", "");
  std::set<std::string> named;
  for (const auto& f : check(tree.world, "fleet").findings) {
    if (f.unreadable) named.insert(f.file);
  }
  EXPECT_EQ(named, (std::set<std::string>{"fleet/Gone.One", "fleet/Linked.One/storage",
                                          "fleet/Odd.One/conceptkernel.yaml", "fleet/Shut.One"}));
}

TEST(FailClosed, AFleetBelowADirectoryCalledDataIsAFleet) {
  FakeWorld world;
  world.disk.put_tree("srv/data/fleet/Acme.Notes", good_tree("PROV-001"));
  for (const char* path : {"srv/data/fleet", "srv/data/fleet/Acme.Notes", "srv/data/fleet/Acme.Notes/storage",
                           "srv/data/fleet/Acme.Notes/storage/instances/i-note-7f3a-1760000000"}) {
    const auto report = check(world, path);
    EXPECT_EQ(report.score.conforming, 1U) << path;
    EXPECT_EQ(fleet_of(report).kernels.back().info.names, (std::vector<std::string>{"Acme.Notes"})) << path;
  }
}

TEST(FailClosed, TheKernelsNameHasOneSource) {
  Tree tree;
  tree.world.disk.put(k_kernel + "conceptkernel.yaml",
                      "metadata:\n  urn: ckp://Kernel#Acme.Notes:v1.0\n  name: Other.One\nkernel_class: Third.Two\n");
  tree.edit(k_instance + "/manifest.json", "ckp://Kernel#Acme.Notes:v1.0", "ckp://Kernel#Third.Two:v1.0");
  EXPECT_TRUE(tree.errors().contains("PROV-005"));
}

TEST(FailClosed, RecordsAreToldByWhatTheySay) {
  FakeWorld world;
  const auto stream =
      check_paths(world.world, {"-"}, "{\"prov:wasGeneratedBy\": \"\", \"prov:wasAttributedTo\": null}\n", {});
  EXPECT_EQ(exit_code_of(*stream, Severity::error), 1);
  Tree tree("PROOF-001");
  tree.world.disk.put(k_kernel + "storage/proof/flat.json",
                      "{\"proof_id\": \"p\", \"instance_id\": \"i-note-7f3a-1760000000\", \"data_hash\": \"00\", "
                      "\"outcome\": \"PASS\"}");
  EXPECT_TRUE(tree.errors().contains("PROOF-003"));
}

TEST(FailClosed, EveryKindOfRecordHasItsProvFieldsChecked) {
  for (const char* record :
       {R"({"goal_id": "G-1", "prov:wasGeneratedBy": "garbage"})", R"({"goal_id": "nonsense id> ."})",
        R"({"proposal_id": "P-1", "change_type": "edge_add", "prov:wasGeneratedBy": "garbage"})",
        R"({"action_urn": "", "prov:wasAssociatedWith": "ckp://Kernel#Acme.Notes:v1.0"})"}) {
    Tree tree;
    tree.world.disk.put(k_kernel + "storage/records/r.json", record);
    EXPECT_EQ(tree.errors(), (std::set<std::string>{"URN-001"})) << record;
  }
  for (const char* record :
       {R"({"goal_id": "G-1", "prov:generatedAtTime": "nope"})",
        R"({"action_urn": "ckp://Action#Acme.Notes/x-1760000000", "prov:generatedAtTime": "yesterday"})"}) {
    Tree tree;
    tree.world.disk.put(k_kernel + "storage/records/r.json", record);
    EXPECT_EQ(tree.errors(), (std::set<std::string>{"PROV-006"})) << record;
  }
  Tree tree("CHAIN-005");
  tree.edit(k_kernel + "storage/tasks/T-1a2b.json", "ckp://Kernel#CK.Consensus:v1.0", "ckp://Actor#somebody");
  EXPECT_EQ(tree.errors(), (std::set<std::string>{"PROV-005"}));
}

TEST(FailClosed, DecisionsStoredAsInstancesMayNameAnActor) {
  FakeWorld world;
  world.disk.put("CK.Consensus/storage/instances/decision-1/manifest.json",
                 R"({"instance_id": "decision-1", "decision_id": "D-1", "verdict": "pass", "prov:wasGeneratedBy": )"
                 R"("ckp://Action#CK.Consensus/evaluate-1760000000",
                     "prov:wasAttributedTo": "ckp://Actor#operator", "prov:generatedAtTime": "2025-10-09T08:53:20Z"})");
  world.disk.put("CK.Consensus/storage/instances/decision-2/manifest.json",
                 R"({"prov:Activity": {"id": "ckp://Instance#CK.Consensus/decision-2", "prov:wasGeneratedBy": )"
                 R"("ckp://Action#CK.Consensus/evaluate",
                     "prov:wasAttributedTo": "ckp://Actor#operator", "prov:generatedAtTime":
"2025-10-09T08:53:20Z"}})");
  const auto report = check(world, "CK.Consensus");
  EXPECT_EQ(report.count(Severity::error), 0U) << rules_of(report, Severity::error).front();
  EXPECT_EQ(report.score.conforming, 2U);
}

TEST(FailClosed, EvidenceAddsUpInEveryColumn) {
  Tree tree;
  tree.world.disk.put(k_kernel + "storage/proof/r.json",
                      R"({"proof_id": "p", "action_urn": "ckp://Action#Acme.Notes/x-1760000000", "outcome": "PASS", )"
                      R"("total_checks": 3, "total_passed": 3, "total_failed": 0,
                          "evidence": [{"step": "a", "checks": 3, "passed": 1, "failed": 2}]})");
  EXPECT_TRUE(tree.errors().contains("PROOF-010"));
}

TEST(FailClosed, TimesBindForLedgerLinesJoinedByUrn) {
  Tree tree;
  tree.world.disk.put(k_kernel + "storage/ledger/actions-2025-10-09.jsonl",
                      "{\"action_urn\": \"ckp://Action#Acme.Notes/note.write-1760000000\", \"status\": \"started\", "
                      "\"timestamp\": \"2025-10-09T10:00:00Z\"}\n");
  EXPECT_TRUE(tree.errors().contains("CHAIN-008"));
}

TEST(FailClosed, NoValueOfAListAndNoSecondSpellingIsPassedOver) {
  const std::string urn = "\"ckp://Action#Acme.Notes/note.write-1760000000\"";
  for (const char* extra : {", 5]", ", null]", ", \"\"]"}) {
    Tree tree;
    tree.edit(k_instance + "/manifest.json", urn, "[" + urn + extra);
    EXPECT_TRUE(tree.errors().contains("PROV-001")) << extra;
  }
  Tree tree;
  tree.edit(k_instance + "/manifest.json", "\"status\"",
            "\"wasAttributedTo\": \"ckp://Kernel#Evil.One:v1.0\", \"status\"");
  EXPECT_TRUE(tree.errors().contains("PROV-005"));
}

TEST(FailClosed, AnErrorInAnyProvFieldLowersTheScore) {
  Tree tree;
  tree.edit(k_instance + "/manifest.json", "ckp://Kernel#Acme.Notes:v1.0/ontology.yaml", "garbage");
  EXPECT_EQ(check(tree.world, "Acme.Notes").score.conforming, 0U);
}

}  // namespace
}  // namespace provgate::test

namespace provgate::test {
namespace {

TEST(FailClosed, WhatAFailedActionMadeIsNotSealed) {
  for (const char* claim :
       {R"("outcome": "FAIL", "total_checks": 1, "total_passed": 0, "total_failed": 1)", R"("chain_valid": false)"}) {
    Tree tree;
    tree.edit(k_kernel + "storage/proof/proof-note.write-1760000000.json", "{", std::string("{") + claim + ",");
    TemporaryDirectory home;
    auto store = Store::open(home.path, true);
    CheckOptions options;
    options.read.digests = true;
    EXPECT_EQ(seal_records(tree.world.world, &*store, check(tree.world, "Acme.Notes", options), {}).back().result,
              SealResult::refused);
    tree.edit(k_instance + "/manifest.json", "\"status\"", "\"sealed_at\": \"2025-10-09T08:53:20Z\", \"status\"");
    EXPECT_TRUE(tree.errors().contains("PROOF-011"));
  }
}

TEST(FailClosed, AFileOfJsonLinesHoldsRecordsOfAnyKind) {
  FakeWorld world;
  world.disk.put("stream.ndjson", "{\"instance_id\": \"i-1\", \"prov:wasGeneratedBy\": \"bogus\"}\n");
  const auto report = check(world, "stream.ndjson");
  EXPECT_EQ(report.record_count, 1U);
  EXPECT_EQ(exit_code_of(report, Severity::error), 1);
}

TEST(FailClosed, LedgerLinesAndMemberFilesAreCheckedToo) {
  for (const char* line :
       {"{\"action_urn\": \"ckp://Action#Acme.Notes/x-1760000000\", \"prov:wasGeneratedBy\": \"bogus\"}\n",
        "{\"prov:wasAssociatedWith\": \"ckp://Kernel#Acme.Notes:v1.0\"}\n"}) {
    Tree tree;
    tree.world.disk.put(k_kernel + "storage/ledger/actions-2025-10-09.jsonl", line);
    EXPECT_EQ(tree.errors(), (std::set<std::string>{"URN-001"})) << line;
  }
  Tree tree("PROOF-001");
  tree.edit(k_instance + "/ledger.json", "{", "{\"prov:wasAttributedTo\": \"bogus\",");
  EXPECT_EQ(tree.errors(), (std::set<std::string>{"URN-001"}));
}

TEST(FailClosed, OnlyADecisionIsADecision) {
  for (const char* link : {"ckp://Task#T-unknown", "ckp://Kernel#Acme.Notes:v1.0", "ckp://Instance#whatever"}) {
    Tree tree("CHAIN-005");
    const auto task = k_kernel + "storage/tasks/T-1a2b.json";
    tree.edit(task, "D-77", "D-00");
    tree.edit(task, "ckp://Action#CK.Consensus/approve-1759996800\"",
              std::string("ckp://Action#CK.Consensus/create-1\", \"prov:wasStartedBy\": \"") + link + "\"");
    EXPECT_TRUE(tree.errors().contains("TASK-001")) << link;
  }
}

TEST(FailClosed, AnInstanceLedgerMayBeLines) {
  Tree tree("PROOF-001");
  tree.world.disk.put(
      k_instance + "/ledger.json",
      "{\"from\": \"pending\", \"to\": \"in_progress\"}\n{\"from\": \"in_progress\", \"to\": \"completed\"}\n");
  EXPECT_TRUE(tree.errors().empty());
}

TEST(FailClosed, SessionsAreCheckedEntryByEntry) {
  for (const char* session :
       {R"({"session_id": "s", "urn": "ckp://Action#Acme.Notes/session-1760000000", "actions": ["x"]})",
        R"({"session_id": "s", "urn": "ckp://Action#Acme.Notes/session-1760000000", "actions": [{"urn": "bogus"}]})",
        R"({"session_id": "s", "urn": "ckp://Action#Acme.Notes/session-1760000000", "actions": [], )"
        R"("kernels_involved": ["bogus 4"]})"}) {
    Tree tree;
    tree.world.disk.put(k_kernel + "storage/sessions/s.json", session);
    EXPECT_EQ(tree.errors(), (std::set<std::string>{"URN-001"})) << session;
  }
}

TEST(FailClosed, RdfDataIsNotPassedOver) {
  // Without shapes there is nothing to check it against; what cannot be read is unreadable with shapes, too.
  for (const char* name : {"d.ttl", "d.nt", "d.trig"}) {
    FakeWorld world;
    world.disk.put(name, "<urn:a> <urn:b> <urn:c> .\n");
    CheckOptions options;
    for (const bool enough : {false, true}) {
      options.shapes.syntax_only = enough;
      const auto report = check_paths(world.world, {name}, {}, options);
      ASSERT_TRUE(report) << name;
      EXPECT_EQ(report->rdf_statements, 1U) << name;
      EXPECT_EQ(exit_code_of(*report, Severity::error), enough ? 0 : 4) << name;
    }
  }
  for (const char* name : {"d.trix", "d.n3", "d.provn"}) {
    FakeWorld world;
    world.disk.put(name, "{}");
    world.disk.put("s.ttl", "<urn:s> a <http://www.w3.org/ns/shacl#NodeShape> .");
    CheckOptions options;
    options.shapes.files = {"s.ttl"};
    const auto report = check_paths(world.world, {name}, {}, options);
    ASSERT_FALSE(report) << name;
    EXPECT_EQ(report.error().code, Code::input) << name;
  }
}

TEST(FailClosed, OneProofSaysOneTime) {
  Tree tree;
  tree.edit(k_kernel + "storage/proof/proof-note.write-1760000000.json", "{",
            "{\"started_at\": \"2025-10-09T09:00:00Z\",");
  EXPECT_TRUE(tree.errors().contains("CHAIN-009"));
}

TEST(FailClosed, APartOfAKernelIsNotTheKernel) {
  for (const char* part : {"/actions", "@ab12cd"}) {
    Tree tree;
    tree.edit(k_instance + "/manifest.json", "ckp://Kernel#Acme.Notes:v1.0\",",
              std::string("ckp://Kernel#Acme.Notes:v1.0") + part + "\",");
    EXPECT_TRUE(tree.errors().contains("PROV-005")) << part;
  }
}

}  // namespace
}  // namespace provgate::test
