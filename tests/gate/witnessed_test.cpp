// SPDX-License-Identifier: Apache-2.0
// What is sealed beside instances, and what may change after it was sealed.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/seal_bench.hpp"

namespace provgate::test {
namespace {

const std::string k_root = "Acme.Notes/";
const std::string k_task = k_root + "storage/tasks/T-0a1b2c3d.json", k_goal = k_root + "storage/goals/G-77.json",
                  k_decision = k_root + "consensus/decisions/d.json",
                  k_action = k_root + "storage/proof/proof-note.write-1760000000.json",
                  k_session = k_root + "storage/sessions/s-1.json", k_attachment = k_sealed_instance + "/picture.bin",
                  k_own_ledger = k_sealed_instance + "/ledger.json", k_yaml = k_root + "conceptkernel.yaml",
                  k_shapes = k_root + "rules.shacl";

// A kernel with one of everything.
struct Whole : SealBench {
  Whole() {
    auto& disk = fake.disk;
    disk.put(k_task,
             R"({"task_id": "T-0a1b2c3d", "target_file": "a.txt", "instruction": "write", "executor": "headless",
      "status": "completed", "version_pin": "4be20c7", "created_at": "2025-10-09T08:00:00Z", "goal_id": "G-77",
      "decision_id": "D-41", "prov:wasStartedBy": "ckp://Instance#D-41"})");
    disk.put(k_goal, R"({"goal_id": "G-77", "title": "No note is lost"})");
    disk.put(k_decision, R"({"decision_id": "D-41", "verdict": "pass",
      "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/evaluate-1759000000000",
      "prov:wasAttributedTo": "ckp://Actor#keeper.nora", "prov:generatedAtTime": "2025-10-08T20:00:00Z"})");
    disk.put(k_action, R"({"action_urn": "ckp://Action#Acme.Notes/note.write-1760000000",
      "prov:wasAssociatedWith": "ckp://Kernel#Acme.Notes:v1.0", "prov:wasStartedBy": "ckp://Task#T-0a1b2c3d",
      "prov:wasInfluencedBy": "ckp://Goal#G-77", "prov:startedAtTime": "2025-10-09T08:53:19Z",
      "prov:endedAtTime": "2025-10-09T08:53:21Z"})");
    disk.put(k_attachment, std::string("\0\xff picture", 10));
    disk.put(k_yaml, "apiVersion: conceptkernel/v3\nmetadata: {name: Acme.Notes, version: v1.0}\n");
    disk.put(k_shapes, "@prefix sh: <http://www.w3.org/ns/shacl#> .\n");
    disk.flush_all();
  }
  std::vector<std::string> went_on() {
    std::vector<std::string> out;
    const auto report = verify();
    EXPECT_TRUE(report.faults.empty()) << report.faults.front().file << " " << report.faults.front().found;
    for (const auto& one : report.went_on) {
      out.push_back(std::string(name_of(one.kind)) + " " + one.file + " since " + std::to_string(one.entry.number));
    }
    return out;
  }
  std::map<std::string, SealResult> results() {
    std::map<std::string, SealResult> out;
    for (const auto& one : seal_all()) out[one.id.iri.text] = one.result;
    return out;
  }
  std::size_t count() { return entries().size(); }
};

const std::string k_task_iri = "ckp://Task#T-0a1b2c3d", k_goal_iri = "ckp://Goal#G-77",
                  k_decision_iri = "ckp://Instance#D-41",
                  k_action_iri = "ckp://Action#Acme.Notes/note.write-1760000000",
                  k_instance_iri = "ckp://Instance#i-note-7f3a-1760000000";

TEST(Witnessed, EveryRecordHasAnEntryOfItsOwn) {
  Whole whole;
  for (const auto& [iri, result] : whole.results()) EXPECT_EQ(result, SealResult::sealed) << iri;
  std::map<std::string, std::string> kinds;
  for (const auto& entry : whole.entries()) kinds[entry.id.iri.text] = entry.record_kind;
  EXPECT_EQ(kinds, (std::map<std::string, std::string>{{k_task_iri, "task"},
                                                       {k_goal_iri, "goal"},
                                                       {k_decision_iri, "decision"},
                                                       {k_action_iri, "action proof"},
                                                       {k_instance_iri, "instance"}}));
  EXPECT_EQ(whole.went_on(), std::vector<std::string>{});
  EXPECT_EQ(whole.verify().records, 5U);
  EXPECT_EQ(whole.verify().unsealed, 0U);
  for (const auto& [iri, result] : whole.results()) EXPECT_EQ(result, SealResult::already) << iri;
  EXPECT_EQ(whole.count(), 5U);
  for (const auto& file : {k_decision, k_action})
    EXPECT_EQ(whole.fake.disk.info(file).mode & 0222U, 0U) << file << " is final";
  for (const auto& file : {k_task, k_goal, k_attachment, k_own_ledger, k_yaml, k_shapes})
    EXPECT_NE(whole.fake.disk.info(file).mode & 0222U, 0U) << file << " goes on";
  EXPECT_TRUE(whole.store->check_tables()->faults.empty());
}

// What has happened may not be changed: of decisions and action proofs as of the instance's own files.
TEST(Witnessed, WhatIsFinalIsTamperedWith) {
  for (const auto& file : {k_decision, k_action}) {
    for (const bool gone : {false, true}) {
      Whole whole;
      whole.seal();
      if (gone) {
        whole.fake.disk.erase(file);
      } else {
        whole.fake.disk.nodes()[file].text += " ";
      }
      const auto report = whole.verify();
      ASSERT_EQ(report.faults.size(), 1U) << file;
      EXPECT_EQ(report.faults[0].kind, gone ? Tampering::missing : Tampering::changed) << file;
      if (gone) continue;
      const auto results = whole.results();
      EXPECT_TRUE(std::ranges::any_of(results, [](const auto& one) { return one.second == SealResult::changed; }));
    }
  }
}

// What goes on is named with the entry that saw it last, and sealed anew, once.
TEST(Witnessed, WhatGoesOnIsNamedAndSealedAnew) {
  for (const auto& file : {k_task, k_goal, k_attachment, k_own_ledger, k_yaml, k_shapes}) {
    Whole whole;
    whole.seal();
    auto& text = whole.fake.disk.nodes()[file].text;
    text += file == k_yaml ? "# once more\n" : " ";
    const auto said = whole.went_on();
    ASSERT_EQ(said.size(), 1U) << file;
    EXPECT_TRUE(said[0].starts_with("changed " + file + " since ")) << said[0];
    EXPECT_EQ(whole.seal_all(true).size(), 5U) << "a dry run writes nothing";
    EXPECT_EQ(whole.count(), 5U);
    std::size_t sealed = 0;
    for (const auto& [iri, result] : whole.results()) {
      EXPECT_TRUE(result == SealResult::sealed || result == SealResult::already) << file << " " << iri;
      sealed += result == SealResult::sealed;
    }
    EXPECT_EQ(sealed, 1U) << file << ": one new version";
    EXPECT_EQ(whole.went_on(), std::vector<std::string>{}) << file;
    EXPECT_EQ(whole.count(), 6U);
    whole.results();
    EXPECT_EQ(whole.count(), 6U) << file << ": and no other";
    EXPECT_TRUE(whole.store->check_tables()->faults.empty()) << file;
    text += " ";
    EXPECT_EQ(whole.went_on().size(), 1U) << file << ": the new version is what counts now";
  }
}

TEST(Witnessed, WhatIsGoneOrNewIsNamed) {
  Whole whole;
  whole.seal();
  whole.fake.disk.erase(k_goal);
  whole.fake.disk.put(k_sealed_instance + "/more.txt", "more");
  EXPECT_EQ(whole.went_on(), (std::vector<std::string>{"missing " + k_goal + " since 5",
                                                       "not sealed " + k_sealed_instance + "/more.txt since 5"}));
  EXPECT_EQ(whole.results()[k_instance_iri], SealResult::sealed);
  EXPECT_EQ(whole.went_on(), (std::vector<std::string>{"missing " + k_goal + " since 5"}))
      << "no seal makes a deletion undone";
}

// The order in which they come does not matter.
TEST(Witnessed, WhatComesLaterIsSealedAndInTheGraph) {
  for (const auto& late : {k_task, k_goal, k_decision, k_action}) {
    Whole whole;
    const auto text = whole.fake.disk.text(late);
    whole.fake.disk.erase(late);
    whole.seal();
    ASSERT_EQ(whole.count(), 4U) << late;
    whole.fake.disk.put(late, text);
    EXPECT_TRUE(whole.verify().faults.empty()) << late;
    EXPECT_EQ(whole.verify().unsealed, 1U) << late;
    for (const auto& [iri, result] : whole.results())
      EXPECT_TRUE(result == SealResult::sealed || result == SealResult::already) << late << " " << iri;
    EXPECT_EQ(whole.count(), 5U) << late;
    EXPECT_EQ(whole.went_on(), std::vector<std::string>{}) << late;
    EXPECT_EQ(whole.verify().unsealed, 0U) << late;
    Whole at_once;
    at_once.seal();
    EXPECT_EQ(whole.store->check_tables()->quads, at_once.store->check_tables()->quads) << late;
  }
}

// A second proof of a sealed action is not one that came later.
TEST(Witnessed, ASecondProofOfASealedActionIsAStranger) {
  Whole whole;
  whole.seal();
  whole.fake.disk.put(k_root + "storage/proof/another.json", whole.fake.disk.text(k_action));
  EXPECT_FALSE(whole.verify().faults.empty());
  EXPECT_EQ(whole.results()[k_action_iri], SealResult::changed);
}

// What breaks the rules is refused on its own, and holds up nothing that may be sealed without it.
TEST(Witnessed, WhatBreaksTheRulesIsRefusedAlone) {
  Whole whole;
  whole.fake.disk.put(k_decision, R"({"decision_id": "D-41", "verdict": "pass"})");
  const auto results = whole.results();
  EXPECT_EQ(results.at(k_decision_iri), SealResult::refused);
  EXPECT_EQ(results.at(k_instance_iri), SealResult::sealed);
  EXPECT_EQ(whole.store->status()->rejected, 1U);
}

}  // namespace
}  // namespace provgate::test
