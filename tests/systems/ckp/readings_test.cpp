// SPDX-License-Identifier: Apache-2.0
// The readings of the CKP pages as tables: what is a task, a decision, a link of the right kind, a status that lets
// seal go on, a place that somebody reads.
#include <gtest/gtest.h>

#include "provgate/gate/gate.hpp"
#include "support/records.hpp"

namespace provgate::test {
namespace {

using namespace ckp;

const std::string k_three =
    R"("prov:wasAttributedTo": "ckp://Actor#nora", "prov:generatedAtTime": "2025-10-09T08:00:00Z", )"
    R"("prov:wasGeneratedBy": "ckp://Action#CK.Consensus/evaluate-1759996800")";

std::string manifest(const std::string& id, const std::string& more = {}) {
  return "{\"instance_id\": \"" + id + "\", " + more +
         "\"prov:wasGeneratedBy\": \"ckp://Action#Acme.Notes/note.write-1760000000\", \"prov:wasAttributedTo\": "
         "\"ckp://Kernel#Acme.Notes:v1.0\", \"prov:generatedAtTime\": \"2025-10-09T08:53:20Z\"}";
}

std::set<std::string> found(const CheckReport& report, Severity least) {
  const auto rules = rules_of(report, least);
  return {rules.begin(), rules.end()};
}

CheckReport one_file(const std::string& path, const std::string& text) {
  FakeWorld world;
  world.disk.put("Acme.Notes/storage/instances/i-1/manifest.json", manifest("i-1"));
  world.disk.put("Acme.Notes/" + path, text);
  return check(world, "Acme.Notes");
}

// ---- tasks ------------------------------------------------------------------------------------------

TEST(Tasks, AreKnownByPlaceUrnAndKeys) {
  struct Row {
    const char* path;
    const char* text;
    const char* kind;
  };
  for (const auto& [path, text, kind] : std::initializer_list<Row>{
           {"storage/tasks/T-1.json", R"({"task_id": "T-1"})", "task"},
           {"storage/tasks/T-1.json", R"({"status": "pending"})", "task"},
           {"storage/tasks/T-1.yaml", "status: pending\n", "task"},
           {"data/tasks/T-1.json", R"({"title": "x"})", "task"},
           {"storage/x/T-1.json", R"({"urn": "ckp://Task#T-1"})", "task"},
           {"storage/x/T-1.json", R"({"@id": "ckp://Task#T-1"})", "task"},
           {"storage/x/T-1.json", R"({"id": "ckp://Task#T-1", "status": "pending"})", "task"},
           {"storage/x/T-1.json", R"({"task_id": "ckp://Task#T-1"})", "task"},
           {"storage/x/T-1.json", R"({"task_id": "T-1", "executor": "x"})", "task"},
           {"storage/x/T-1.json", R"({"task_id": "T-1", "version_pin": "x"})", "task"},
           {"storage/x/T-1.json", R"({"task_id": "T-1", "target_file": "x"})", "task"},
           {"storage/x/T-1.json", R"({"task_id": "T-1", "decision_id": "x"})", "task"},
           {"storage/x/m.json", R"({"task_id": "T-1", "executor": "x", "instance_id": "i-1"})", "instance"},
           {"storage/x/m.json",
            R"({"task_id": "T-1", "executor": "x", "action_urn": "ckp://Action#Acme.Notes/x-1760000000"})",
            "action proof"},
           {"storage/x/m.json", R"({"task_id": "T-1", "executor": "x", "trace_id": "t", "subject": "input.Acme"})",
            "none"},
           {"storage/x/m.json", R"({"task_id": "T-1"})", "none"},
           {"storage/tasks/d.json", R"({"decision_id": "D-1", "verdict": "pass"})", "decision"},
           {"storage/tasks/sub/T-1.json", R"({"task_id": "T-1"})", "task"},
           {"storage/tasks/T-1/task.yaml", "task_id: T-1\n", "task"},
           {"storage/tasks/T-1.json", R"({"task_id": "T-1", "subject": "Wash the lamp"})", "task"},
           {"storage/tasks/T-1.json", R"([{"task_id": "T-1"}])", "task"},
           {"storage/queue/m.json", R"({"task_id": "T-1", "executor": "x"})", "none"},
           {"storage/x/m.json", R"({"task_id": "T-1", "executor": "x", "payload": {}})", "none"},
           {"consensus/decisions/d.json", R"([{"prov:Activity": {}}])", "decision"},
           {"consensus/decisions/d.json", R"({"decision_id": "D-1"})", "decision"},
           {"consensus/x.json", R"({"decision_id": "D-1"})", "decision"},
           {"storage/proof/p.json", R"([{"action_urn": "x"}])", "action proof"},
       }) {
    const auto doc = std::string_view(path).ends_with(".json") ? read_json(path, text) : read_yaml(path, text);
    ASSERT_TRUE(doc) << text;
    EXPECT_EQ(name_of(classify(doc->root(), path)), kind) << path << " " << text;
  }
}

TEST(Tasks, LeadToTheirDecision) {
  for (const auto& [text, error] : std::initializer_list<std::pair<const char*, bool>>{
           {R"({"task_id": "T-1"})", true},
           {R"({"task_id": "T-1", "decision_id": "D-gone"})", true},
           {R"({"task_id": "T-1", "prov:wasStartedBy": "ckp://Instance#CK.Consensus/decision-2001-01-01T00:00:00Z"})",
            false},
           {R"({"task_id": "T-1", "prov:wasGeneratedBy": "ckp://Action#CK.Consensus/approve-1759996800"})", false},
           {R"({"task_id": "T-1", "prov:wasStartedBy": "ckp://Task#T-gone"})", true},
           {R"({"task_id": "T-1", "prov:wasStartedBy": "ckp://Kernel#Acme.Notes:v1.0"})", true},
       }) {
    const auto report = one_file("storage/tasks/T-1.json", text);
    EXPECT_EQ(found(report, Severity::error).contains("TASK-001"), error) << text;
    EXPECT_EQ(report.records.at("task"), 1U) << text;
  }
}

// ---- decisions --------------------------------------------------------------------------------------

TEST(Decisions, EachStandsForItself) {
  const std::string id = R"("id": "ckp://Instance#CK.Consensus/decision-2025-10-09T08:00:00Z")";
  struct Row {
    std::string text;
    std::set<std::string> errors;
  };
  const std::initializer_list<Row> rows = {
      {R"({"prov:Activity": {)" + id + ", " + k_three + "}}", {}},
      {R"({"decision_id": "D-1", "verdict": "pass", "prov:Activity": {)" + id + ", " + k_three + "}}", {}},
      {R"({"decision_id": "D-1", "verdict": "pass", )" + k_three + "}", {}},
      {R"({"prov:Activity": {}})", {"DECISION-005"}},
      {R"({"prov:Activity": null})", {"DECISION-005"}},
      {R"({"prov:Activity": []})", {"DECISION-005"}},
      {R"({"prov:Activity": "yes"})", {"DECISION-005"}},
      {R"({"prov:Activity": [{)" + id + ", " + k_three + "}]}", {"DECISION-005"}},
      {R"({"prov:Activity": {)" + k_three + "}}", {"DECISION-005"}},
      {R"({"prov:Activity": {"id": "ckp://Kernel#CK.Consensus:v1.0", )" + k_three + "}}", {"DECISION-005"}},
      {R"({"prov:Activity": {"id": "no urn", )" + k_three + "}}", {"URN-001"}},
      {R"({"prov:Activity": {)" + id + "}}", {"PROV-001", "PROV-002", "PROV-003"}},
      {R"({"prov:Activity": {)" + id +
           R"(, "prov:wasAttributedTo": "ckp://Actor#nora", "prov:generatedAtTime": "2025-10-09T08:00:00Z"}})",
       {"PROV-001"}},
      {R"({"prov:Activity": {)" + id +
           R"(, "prov:wasGeneratedBy": "ckp://Goal#G-1", "prov:wasAttributedTo": "ckp://Actor#nora", )"
           R"("prov:generatedAtTime": "2025-10-09T08:00:00Z"}})",
       {"PROV-004"}},
      {R"({"prov:Activity": {)" + id +
           R"(, "prov:wasGeneratedBy": "ckp://Action#CK.Consensus/evaluate", "prov:wasAttributedTo": "", )"
           R"("prov:generatedAtTime": "soon"}})",
       {"PROV-002", "PROV-006"}},
      {R"({"decision_id": "D-1", "verdict": "pass"})", {"DECISION-001", "PROV-001", "PROV-002", "PROV-003"}},
      {R"({"decision_id": "D-1", "verdict": "pass", "prov:wasAttributedTo": "ckp://Actor#nora", )"
       R"("prov:generatedAtTime": "2025-10-09T08:00:00Z", "prov:wasGeneratedBy": )"
       R"("ckp://Action#CK.Consensus/approve-1"})",
       {"DECISION-001"}},
      // The execution of a task is an action record.
      {R"({"prov:Activity": {"id": "ckp://Action#CK.Task/execute-T-1", "prov:startedAtTime": "2025-10-09T08:00:00Z"}})",
       {}},
      {R"({"prov:Activity": {"id": "ckp://Action#CK.Task/execute-T-1", "prov:startedAtTime": )"
       R"("2025-10-09T08:00:00Z", "prov:endedAtTime": "2025-10-09T07:00:00Z"}})",
       {"CHAIN-007"}},
  };
  for (const auto& row : rows) {
    FakeWorld world;
    world.disk.put("CK.Consensus/consensus/d.json", row.text);
    world.disk.put("CK.Consensus/consensus/good.json",
                   R"({"prov:Activity": {"id": "ckp://Instance#CK.Consensus/decision-good", )" + k_three + "}}");
    EXPECT_EQ(found(check(world, "CK.Consensus"), Severity::error), row.errors) << row.text;
  }
}

TEST(Decisions, AreReachedAndCarriedAlong) {
  FakeWorld world;
  world.disk.put("Acme.Notes/storage/instances/i-1/manifest.json", manifest("i-1"));
  world.disk.put(
      "Acme.Notes/storage/proof/p.json",
      R"({"action_urn": "ckp://Action#Acme.Notes/note.write-1760000000", "prov:wasStartedBy": "ckp://Task#T-child"})");
  world.disk.put("Acme.Notes/storage/tasks/T-child.json", R"({"task_id": "T-child", "parent_task": "T-parent"})");
  world.disk.put(
      "Acme.Notes/storage/tasks/T-parent.json",
      R"({"task_id": "T-parent", "goal_id": "G-1", "prov:wasStartedBy": "ckp://Instance#CK.Consensus/decision-x"})");
  world.disk.put("Acme.Notes/storage/goals/G-1.json", R"({"goal_id": "G-1", "title": "All is well"})");
  world.disk.put("CK.Consensus/consensus/d.json",
                 R"({"prov:Activity": {"id": "ckp://Instance#CK.Consensus/decision-x", )" + k_three + "}}");
  CheckOptions options;
  options.read.digests = true;
  const auto report = check(world, std::vector<std::string>{"Acme.Notes", "CK.Consensus"}, options);
  EXPECT_FALSE(found(report, Severity::info).contains("CHAIN-004"));
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  ASSERT_EQ(seal_records(world.world, &*store, report, {})[0].result, SealResult::sealed);
  for (const char* term :
       {"<ckp://Actor#nora>", "<ckp://Task#T-parent>", "\"All is well\"", "<ckp://Instance#CK.Consensus/decision-x>"})
    EXPECT_NE(*store->find_term(term), 0U) << term;
}

// ---- links ------------------------------------------------------------------------------------------

TEST(Links, NameTheRightKindOfThing) {
  struct Row {
    const char* link;
    const char* urn;
    const char* rule;
  };
  for (const auto& [link, urn, rule] : std::initializer_list<Row>{
           {"wasAssociatedWith", "ckp://Kernel#Acme.Notes:v1.0", ""},
           {"wasAssociatedWith", "ckp://Actor#nora", ""},
           {"wasAssociatedWith", "ckp://Role#writer", ""},
           {"wasAssociatedWith", "ckp://Goal#G-1", "PROV-018"},
           {"wasAssociatedWith", "ckp://Task#T-1", "PROV-018"},
           {"wasAssociatedWith", "ckp://Action#Acme.Notes/x-1760000000", "PROV-018"},
           {"wasAssociatedWith", "ckp://Instance#i-9", "PROV-018"},
           {"wasAssociatedWith", "ckp://Project#acme.example", "PROV-019"},
           {"wasStartedBy", "ckp://Task#T-1", ""},
           {"wasStartedBy", "ckp://Instance#i-task-1760000000", ""},
           {"wasStartedBy", "ckp://Instance#CK.Consensus/decision-x", ""},
           {"wasStartedBy", "ckp://Action#Acme.Notes/x-1760000000", ""},
           {"wasStartedBy", "ckp://Kernel#Acme.Notes:v1.0", "PROV-018"},
           {"wasStartedBy", "ckp://Goal#G-1", "PROV-019"},
           {"wasStartedBy", "ckp://Instance#i-note-9", "PROV-019"},
           {"wasInfluencedBy", "ckp://Goal#G-1", ""},
           {"wasInfluencedBy", "ckp://Instance#CK.Consensus/decision-x", ""},
           {"wasInfluencedBy", "ckp://Role#writer", "PROV-019"},
           {"wasInfluencedBy", "ckp://Task#T-1", "PROV-019"},
           {"wasInfluencedBy", "ckp://Edge#COMPOSES", "PROV-018"},
       }) {
    const std::string field = "\"prov:" + std::string(link) + "\": \"" + urn + "\"";
    // The same link in every kind of record that may carry it.
    const std::vector<std::pair<std::string, std::string>> records = {
        {"storage/instances/i-2/manifest.json", manifest("i-2", field + ", ")},
        {"storage/proof/p.json", R"({"action_urn": "ckp://Action#Acme.Notes/y-1760000000", )" + field + "}"},
        {"storage/ledger/actions-2025.jsonl",
         R"({"action_urn": "ckp://Action#Acme.Notes/y-1760000000", )" + field + "}\n"},
        {"storage/x/e.json", R"({"prov:Activity": {"id": "ckp://Action#Acme.Notes/y-1760000000", )" + field + "}}"},
        {"storage/tasks/T-9.json",
         R"({"task_id": "T-9", "prov:wasGeneratedBy": "ckp://Action#CK.Consensus/approve-1759996800", )" + field + "}"},
        {"storage/goals/G-9.json", R"({"goal_id": "G-9", )" + field + "}"},
    };
    for (const auto& [path, text] : records) {
      std::string said;
      for (const auto& f : one_file(path, text).findings) {
        if (f.rule == "PROV-018" || f.rule == "PROV-019") said = f.rule;
      }
      EXPECT_EQ(said, rule) << path << " " << field;
    }
  }
}

// ---- status -----------------------------------------------------------------------------------------

TEST(Status, DecidesWhatIsSealed) {
  for (const auto& [status, sealed, warned] :
       std::initializer_list<std::tuple<const char*, bool, bool>>{{R"("completed")", true, false},
                                                                  {R"(" Completed ")", true, false},
                                                                  {R"("FAILED")", true, false},
                                                                  {R"("archived")", true, false},
                                                                  {R"("pending")", false, false},
                                                                  {R"("Pending")", false, false},
                                                                  {R"(" pending ")", false, false},
                                                                  {R"("In_Progress")", false, false},
                                                                  {R"("EXECUTING")", false, false},
                                                                  {R"("active\n")", false, false},
                                                                  {R"("draft")", false, true},
                                                                  {R"(["pending"])", false, true},
                                                                  {R"({"@value": "pending"})", false, true},
                                                                  {R"(7)", false, true},
                                                                  {R"(true)", false, true},
                                                                  {R"(null)", false, true},
                                                                  {R"("complete")", false, true},
                                                                  {R"("")", false, true},
                                                                  {R"("  ")", false, true}}) {
    FakeWorld world;
    world.disk.put("Acme.Notes/storage/instances/i-1/manifest.json",
                   manifest("i-1", "\"status\": " + std::string(status) + ", "));
    CheckOptions options;
    options.read.digests = true;
    const auto report = check(world, "Acme.Notes", options);
    EXPECT_EQ(found(report, Severity::warning).contains("SEAL-003"), warned) << status;
    EXPECT_EQ(report.count(Severity::error), 0U) << status;
    TemporaryDirectory home;
    auto store = Store::open(home.path, true);
    EXPECT_EQ(seal_records(world.world, &*store, report, {})[0].result == SealResult::sealed, sealed) << status;
    EXPECT_EQ(store->status()->ledger_entries, sealed ? 1U : 0U) << status;
  }
}

// ---- places -----------------------------------------------------------------------------------------

// Wherever a faulty record lies below a named path, the run is not green, or says what it passed over.
TEST(Places, NoRecordIsPassedOverInSilence) {
  const std::string faulty = R"({"instance_id": "i-bad", "prov:wasGeneratedBy": ""})";
  for (const char* path :
       {"a/b/c/d/e/f/g/h/i/j/k/l/m/n/Acme.Deep/storage/instances/i-bad/manifest.json",
        "Acme.Notes/storage/instances/.later/manifest.json", "Acme.Notes/storage/instances/exec/logs/manifest.json",
        "Acme.Notes/storage/instances/web/manifest.json", "Acme.Notes/storage/instances/index/x/manifest.json",
        "Acme.Notes/storage/instances/a/b/c/manifest.json", "Acme.Notes/data/instances/i-bad/manifest.json",
        ".hidden/Acme.Other/storage/instances/i-bad/manifest.json", ".Acme.Other/storage/instances/i-bad/manifest.json",
        "loose/manifest.json", "loose/deep/r.yaml", "Acme.Notes/docs/r.json",
        "Acme.Notes/nested/Acme.Inner/storage/instances/i-bad/manifest.json", "Acme.Yml/conceptkernel.yml/../r.json",
        "Acme.Notes/storage/notes/x/y/r.json"}) {
    FakeWorld world;
    world.disk.put("fleet/Acme.Notes/storage/instances/i-1/manifest.json", manifest("i-1"));
    world.disk.put("fleet/" + std::string(path), faulty);
    EXPECT_NE(exit_code_of(check(world, "fleet"), Severity::error), 0) << path;
  }
  for (const char* path :
       {"Acme.Notes/storage/instances/i-bad/manifest.JSON", "Acme.Notes/storage/instances/i-bad/manifest.jsonc",
        "Acme.Notes/storage/instances/i-bad/manifest.json.bak", "Acme.Notes/storage/x/r.json~",
        "Acme.Notes/docs/r.JSON"}) {
    FakeWorld world;
    world.disk.put("fleet/Acme.Notes/storage/instances/i-1/manifest.json", manifest("i-1"));
    world.disk.put("fleet/" + std::string(path), faulty);
    EXPECT_TRUE(found(check(world, "fleet"), Severity::warning).contains("INPUT-007")) << path;
  }
  for (const auto& [path, reason] : std::initializer_list<std::pair<const char*, SkipReason>>{
           {"Acme.Notes/storage/logs/x/manifest.json", SkipReason::directory_of_no_records},
           {"Acme.Notes/storage/.cache/manifest.json", SkipReason::dot_entry},
           {".git/manifest.json", SkipReason::dot_entry},
           {"Acme.Notes/tool/manifest.json", SkipReason::code_directory},
           {"package.json", SkipReason::no_record_keys},
           {"Acme.Notes/storage/ledger/kernel.jsonl", SkipReason::log},
           {"Acme.Notes/storage/instances/i-1/photo.png", SkipReason::not_a_record_name}}) {
    FakeWorld world;
    world.disk.put("fleet/Acme.Notes/storage/instances/i-1/manifest.json", manifest("i-1"));
    world.disk.put("fleet/" + std::string(path), "{}");
    CheckOptions options;
    options.read.list_skipped = true;
    const auto report = check(world, "fleet", options);
    EXPECT_EQ(exit_code_of(report, Severity::error), 0) << path;
    EXPECT_EQ(report.skipped.counts[static_cast<std::size_t>(reason)], 1U) << path;
    EXPECT_EQ(report.skipped.paths.size(), report.skipped.total()) << path;
  }
}

TEST(Places, TheVolumeLayoutSaysNameVersionAndProject) {
  for (const auto& [below, version] : std::initializer_list<std::pair<const char*, const char*>>{
           {"v1.0", "v1.0"}, {"v2.10.3", "v2.10.3"}, {"4f2a9c1", ""}, {"master", ""}}) {
    FakeWorld world;
    world.disk.put("vol/acme.example/Acme.Notes/" + std::string(below) + "/data/instances/i-1/manifest.json",
                   manifest("i-1"));
    const auto report = check(world, "vol");
    ASSERT_EQ(fleet_of(report).kernels.size(), 1U) << below;
    const auto& kernel = fleet_of(report).kernels[0];
    EXPECT_EQ(kernel.info.names, (std::vector<std::string>{"Acme.Notes"})) << below;
    EXPECT_EQ(kernel.info.version, version) << below;
    EXPECT_EQ(kernel.graph, "urn:ckp:fleet:acme-example") << below;
    EXPECT_EQ(report.score.conforming, 1U) << below;
  }
}

TEST(Places, TwoStatesOfOneKernelAreNotTwoKernels) {
  for (const auto& [one, two, twice] : std::initializer_list<std::tuple<const char*, const char*, bool>>{
           {"vol/acme.example/Acme.Notes/v1.0/data", "vol/acme.example/Acme.Notes/v1.1/data", false},
           {"ck/Acme.Notes/master/data", "ck/Acme.Notes/4f2a9c1/data", false},
           {"a/Acme.Notes/storage", "b/Acme.Notes/storage", true}}) {
    FakeWorld world;
    world.disk.put("top/" + std::string(one) + "/instances/i-1/manifest.json", manifest("i-1"));
    world.disk.put("top/" + std::string(two) + "/instances/i-2/manifest.json", manifest("i-2"));
    EXPECT_EQ(found(check(world, "top"), Severity::error).contains("KERNEL-013"), twice) << one;
    if (!twice) continue;
    CheckOptions options;
    options.read.digests = true;
    TemporaryDirectory home;
    auto store = Store::open(home.path, true);
    for (const auto& outcome : seal_records(world.world, &*store, check(world, "top", options), {}))
      EXPECT_EQ(outcome.result, SealResult::refused);
  }
}

// ConfigMap mounts: manifest.json -> ..data/manifest.json -> a directory beside it.
TEST(Places, LinksInsideOneDirectoryAreReadWhenAskedFor) {
  FakeWorld world;
  const std::string instance = "Acme.Notes/data/instances/i-1";
  world.disk.put(instance + "/..2025/manifest.json", manifest("i-1"));
  world.disk.link(instance + "/..data", instance + "/..2025");
  world.disk.link(instance + "/manifest.json", instance + "/..2025/manifest.json");
  EXPECT_EQ(exit_code_of(check(world, "Acme.Notes"), Severity::error), 3);
  CheckOptions options;
  options.read.follow_links_inside = true;
  const auto read = check(world, "Acme.Notes", options);
  EXPECT_EQ(exit_code_of(read, Severity::error), 0);
  EXPECT_EQ(read.score.conforming, 1U);
  EXPECT_EQ(read.record_count, 1U);
  // A link that leaves its directory is never read.
  world.disk.put("elsewhere/manifest.json", manifest("i-1"));
  world.disk.link(instance + "/manifest.json", "elsewhere/manifest.json");
  EXPECT_EQ(exit_code_of(check(world, "Acme.Notes", options), Severity::error), 3);
}

TEST(Proofs, AClientProofAloneDoesNotReplaceProofJson) {
  FakeWorld world;
  world.disk.put_tree("Acme.Notes", good_tree("PROOF-001"));
  world.disk.erase("Acme.Notes/storage/instances/i-note-7f3a-1760000000/proof.json");
  EXPECT_TRUE(found(check(world, "Acme.Notes"), Severity::error).contains("PROOF-001"));
}

// A value of the wrong kind must not pass for one that says nothing.
TEST(Proofs, ValuesOfTheWrongKindAreFaults) {
  const std::string instance = "Acme.Notes/storage/instances/i-note-7f3a-1760000000";
  for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{
           {"\"PASS\"", "\"fail\""},
           {"\"PASS\"", "\" FAIL\""},
           {"\"PASS\"", "[\"FAIL\"]"},
           {"\"PASS\"", "false"},
           {"\"PASS\"", "null"},
           {"\"PASS\"", "{\"@value\": \"FAIL\"}"},
           {"\"passed\": true", "\"passed\": \"false\""},
           {"\"passed\": true", "\"passed\": 0"},
           {"\"a03eab5c759a247d8d9d0b38b06eddc6fb37e839016171104271a65af562606d\"", "[\"0000\"]"},
           {"\"i-note-7f3a-1760000000\"", "[\"zzz\"]"}}) {
    FakeWorld world;
    world.disk.put_tree("Acme.Notes", good_tree("PROOF-001"));
    auto text = world.disk.text(instance + "/proof.json");
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    world.disk.put(instance + "/proof.json", text.replace(at, from.size(), to));
    EXPECT_TRUE(found(check(world, "Acme.Notes"), Severity::error).contains("PROOF-017")) << to;
  }
  for (const char* proof :
       {R"([{"action_urn": "ckp://Action#Acme.Notes/note.write-1760000000", "outcome": "FAIL"}])",
        R"({"action_urn": "ckp://Action#Acme.Notes/note.write-1760000000", "outcome": "fail", "total_failed": 3})"}) {
    EXPECT_NE(exit_code_of(one_file("storage/proof/p.json", proof), Severity::error), 0) << proof;
    EXPECT_NE(exit_code_of(one_file("storage/proof/ghost/proof.json", proof), Severity::error), 0) << proof;
  }
}

TEST(Instances, WhatStandsBesideARecordIsJudged) {
  for (const auto& [file, text] : std::initializer_list<std::pair<const char*, std::string>>{
           {"message.json", R"({"instance_id": "other"})"},
           {"instance.json", R"({"instance_id": "i-1", "prov:wasAttributedTo": "ckp://Kernel#Evil:v1.0"})"},
           {"data.json", R"({"instance_id": "i-1", "prov:wasGeneratedBy": "junk"})"},
           {"manifest.json", manifest("i-1", "\"sealed_at\": {\"@value\": \"2025-10-09T08:53:20Z\"}, ")},
           {"manifest.json", manifest("i-1", "\"sealed_at\": [\"2025-10-09T08:53:20Z\"], ")},
           {"manifest.json", manifest("i-1", "\"status\": \"sealed\", ")},
           {"manifest.json",
            R"({"instance_id": ["i-1"], "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/x-1760000000", )"
            R"("prov:wasAttributedTo": "ckp://Kernel#Acme.Notes:v1.0", "prov:generatedAtTime": )"
            R"("2025-10-09T08:53:20Z"})"},
           {"manifest.json",
            R"({"instance_id": "i-1", "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/x-1760000000", )"
            R"("prov:wasAttributedTo": {"@id": "ckp://Kernel#Acme.Notes:v1.0", "@value": "ckp://Kernel#Evil:v1.0"}, )"
            R"("prov:generatedAtTime": "2025-10-09T08:53:20Z"})"},
           {"manifest.json",
            R"({"instance_id": "i-1", "prov:wasGeneratedBy": "junk", "prov:Activity": {"id": "ckp://Instance#i-1", )" +
                k_three + "}}"},
           {"manifest.json",
            R"({"instance_id": "i-1", "prov:wasAttributedTo": "ckp://Kernel#Evil:v1.0", "prov:Activity": {"id": )"
            R"("ckp://Instance#i-1", )" +
                k_three + "}}"},
       }) {
    FakeWorld world;
    world.disk.put("Acme.Notes/storage/instances/i-1/manifest.json", manifest("i-1"));
    world.disk.put("Acme.Notes/storage/instances/i-1/" + std::string(file), text);
    EXPECT_EQ(exit_code_of(check(world, "Acme.Notes"), Severity::error), 1) << file << " " << text;
  }
  // An open status on either level is not sealed.
  FakeWorld world;
  world.disk.put(
      "Acme.Notes/storage/instances/i-1/manifest.json",
      R"({"instance_id": "i-1", "status": "pending", "prov:Activity": {"id": "ckp://Instance#i-1", "status": )"
      R"("completed", )" +
          k_three + "}}");
  CheckOptions options;
  options.read.digests = true;
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  EXPECT_EQ(seal_records(world.world, &*store, check(world, "Acme.Notes", options), {})[0].result, SealResult::skipped);
}

// Instances nested below instances/ are sealed and stay what they are: their proofs are read with them.
TEST(Seal, ANestedInstanceIsSealedOnceAndStillConforms) {
  CheckOptions options;
  options.read.digests = true;
  for (const char* where : {"storage/instances/i-1", "storage/instances/2025/10/i-1", "storage/instances/queue/i-1",
                            "data/instances/sub/i-1"}) {
    FakeWorld world;
    world.disk.put("Acme.Notes/" + std::string(where) + "/manifest.json", manifest("i-1"));
    world.disk.put("Acme.Notes/" + std::string(where) + "/data.json", "{\"text\": \"one\"}");
    TemporaryDirectory home;
    auto store = Store::open(home.path, true);
    EXPECT_EQ(seal_records(world.world, &*store, check(world, "Acme.Notes", options), {})[0].result, SealResult::sealed)
        << where;
    const auto again = check(world, "Acme.Notes", options);
    EXPECT_EQ(again.count(Severity::error), 0U)
        << where << " " << (again.count(Severity::error) ? rules_of(again, Severity::error)[0] : "");
    EXPECT_EQ(seal_records(world.world, &*store, again, {})[0].result, SealResult::already) << where;
    EXPECT_TRUE(verify_records(world.world, *store, {"Acme.Notes"}, {})->faults.empty()) << where;
  }
}

// From wherever it is looked at, a kernel inside another's records is refused.
TEST(Places, AKernelInsideAnotherKernelsAreaIsRefused) {
  for (const char* inner : {"storage/Acme.Inner", "storage/instances/Acme.Inner", "storage/x/y/Acme.Inner",
                            "data/Acme.Inner", "consensus/Acme.Inner"}) {
    FakeWorld world;
    const std::string top = "fleet/Acme.Notes/" + std::string(inner);
    world.disk.put("fleet/Acme.Notes/conceptkernel.yaml", "metadata:\n  name: Acme.Notes\n  version: v1.0\n");
    world.disk.put("fleet/Acme.Notes/storage/instances/i-1/manifest.json", manifest("i-1"));
    world.disk.put(top + "/conceptkernel.yaml", "metadata:\n  name: Acme.Inner\n  version: v1.0\n");
    world.disk.put(top + "/storage/instances/i-9/manifest.json", manifest("i-9"));
    for (const auto& path : {std::string("fleet"), std::string("fleet/Acme.Notes"), top, top + "/storage",
                             top + "/storage/instances/i-9"}) {
      EXPECT_TRUE(found(check(world, path), Severity::error).contains("KERNEL-014")) << inner << " by " << path;
    }
  }
}

TEST(Seal, OnlyWhatWasJudgedAndOnlyInstanceDirectories) {
  CheckOptions options;
  options.read.digests = true;
  FakeWorld world;
  world.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
  const auto report = check(world, "Acme.Notes", options);
  const std::string proof = "Acme.Notes/storage/proof/proof-note.write-1760000000.json";
  world.disk.put(proof, R"({"action_urn": "ckp://Action#Acme.Notes/note.write-1760000000", "outcome": "FAIL"})");
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  EXPECT_EQ(seal_records(world.world, &*store, report, {})[0].result, SealResult::failed);
  EXPECT_EQ(store->status()->ledger_entries, 0U);
  for (const char* path : {"Acme.Notes/storage/records/x.json", "Acme.Notes/notes/x.json",
                           "Acme.Notes/storage/instances/i-y/manifest.yaml",
                           "Acme.Notes/storage/instances/i-note-7f3a-1760000000/extra.json"}) {
    FakeWorld other;
    other.disk.put_tree("Acme.Notes", good_tree("PROV-001"));
    other.disk.put(path, manifest("i-alone"));
    TemporaryDirectory place;
    auto ledger = Store::open(place.path, true);
    std::map<std::string, SealResult> results;
    for (const auto& outcome : seal_records(other.world, &*ledger, check(other, "Acme.Notes", options), {}))
      results[outcome.id.iri.text] = outcome.result;
    EXPECT_EQ(results.at("ckp://Instance#i-alone"), SealResult::refused) << path;
    EXPECT_EQ(results.at("ckp://Instance#i-note-7f3a-1760000000"), SealResult::sealed) << path;
    EXPECT_EQ(ledger->status()->ledger_entries, 2U) << path << ": what cannot be sealed is not rejected in the ledger";
  }
}

// A file of nothing but faults: they are counted past a thousand, and the verdict is the same.
TEST(ManyFindings, AreCountedPastAThousand) {
  FakeWorld world;
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += "\"a\": 1, ";
  world.disk.put("Acme.Notes/storage/instances/i-1/manifest.json", text + "\"b\": 2}");
  const auto report = check(world, "Acme.Notes");
  EXPECT_EQ(exit_code_of(report, Severity::error), 1);
  EXPECT_LT(report.findings.size(), 1100U);
  EXPECT_GE(report.count(Severity::error), 4999U);
  std::size_t snippets = 0;
  for (const auto& f : report.findings) snippets += f.snippet.size();
  EXPECT_LT(snippets, 1100U * 512);
  std::string lines;
  for (int i = 0; i < 5000; ++i)
    lines += "{\"instance_id\": \"i-" + std::to_string(i) + "\", \"prov:wasGeneratedBy\": \"\"}\n";
  const auto stream = check_paths(world.world, {"-"}, lines, {});
  EXPECT_EQ(exit_code_of(*stream, Severity::error), 1);
  EXPECT_EQ(stream->score.of, 5000U);
  EXPECT_LT(stream->findings.size(), 2100U);
  EXPECT_GE(stream->count(Severity::error), 15'000U);
}

}  // namespace
}  // namespace provgate::test
