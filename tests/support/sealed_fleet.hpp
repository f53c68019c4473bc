// SPDX-License-Identifier: Apache-2.0
// Two kernels that were sealed in two runs, in a fake world, and who sees what was done to them since.
#pragma once

#include <gtest/gtest.h>

#include "cli/cli.hpp"
#include "provgate/requests/requests.hpp"
#include "support/seal_bench.hpp"

namespace provgate::test {

inline const std::string k_one = "fleet/Acme.Notes/storage/instances/i-1",
                         k_two = "fleet/Acme.Other/storage/instances/i-1";
inline const std::string k_task_file = "fleet/Acme.Notes/storage/tasks/T-1.json",
                         k_goal_file = "fleet/Acme.Notes/storage/goals/G-1.json",
                         k_decision_file = "fleet/Acme.Notes/consensus/decisions/d.json",
                         k_yaml_file = "fleet/Acme.Notes/conceptkernel.yaml",
                         k_rules_file = "fleet/Acme.Notes/rules.shacl",
                         k_audit = "fleet/Acme.Notes/storage/ledger/audit.jsonl",
                         k_gate_proof = "fleet/Acme.Notes/storage/proof/i-1/proof.json";

inline std::string manifest_of(const std::string& kernel, const std::string& id) {
  return R"({"instance_id": ")" + id + R"(", "instance_type": "note", "prov:wasGeneratedBy": "ckp://Action#)" + kernel +
         R"(/note.write-1760000000", "prov:wasAttributedTo": "ckp://Kernel#)" + kernel +
         R"(:v1.0", "prov:generatedAtTime": "2025-10-09T08:53:20Z"})";
}

// Two kernels with two instances each, sealed and signed, and what a witness kept in the middle.
struct Fleet {
  Fleet() : key(SigningKey::generate()) {
    auto& disk = fake.disk;
    for (const char* kernel : {"Acme.Notes", "Acme.Other"}) {
      const std::string root = "fleet/" + std::string(kernel);
      disk.put(root + "/conceptkernel.yaml",
               "apiVersion: conceptkernel/v3\nmetadata: {name: " + std::string(kernel) + ", version: v1.0}\n");
      disk.put(root + "/storage/instances/i-1/manifest.json", manifest_of(kernel, "i-1"));
      disk.put(root + "/storage/instances/i-1/data.json", R"({"n": 1})");
      disk.put(root + "/storage/instances/i-1/ledger.json", R"([{"timestamp": "2025-10-09T08:53:20Z", "event": "x"}])");
      disk.put(root + "/storage/instances/i-1/picture.bin", "picture");
    }
    disk.put(k_task_file, R"({"task_id": "T-1", "target_file": "a", "instruction": "write", "executor": "headless",
      "status": "completed", "version_pin": "4be20c7", "created_at": "2025-10-09T08:00:00Z", "goal_id": "G-1",
      "decision_id": "D-1", "prov:wasStartedBy": "ckp://Instance#D-1"})");
    disk.put(k_goal_file, R"({"goal_id": "G-1", "title": "No note is lost"})");
    disk.put(k_decision_file, R"({"decision_id": "D-1", "verdict": "pass",
      "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/evaluate-1759000000000",
      "prov:wasAttributedTo": "ckp://Actor#keeper.nora", "prov:generatedAtTime": "2025-10-08T20:00:00Z"})");
    disk.put("fleet/Acme.Notes/storage/proof/p.json", R"({"action_urn": "ckp://Action#Acme.Notes/note.write-1760000000",
      "prov:wasAssociatedWith": "ckp://Kernel#Acme.Notes:v1.0", "prov:wasStartedBy": "ckp://Task#T-1",
      "prov:wasInfluencedBy": "ckp://Goal#G-1"})");
    disk.put(k_rules_file, "@prefix sh: <http://www.w3.org/ns/shacl#> .\n");
    seal();
    middle = parse_checkpoint(Store::open(store(), false)->signed_checkpoint().value()).value();
    std::filesystem::copy(store(), home.path + "/early", std::filesystem::copy_options::recursive);
    for (const char* kernel : {"Acme.Notes", "Acme.Other"})
      disk.put("fleet/" + std::string(kernel) + "/storage/instances/i-2/manifest.json", manifest_of(kernel, "i-2"));
    seal();
    witness = parse_checkpoint(Store::open(store(), false)->signed_checkpoint().value()).value();
  }

  void seal() {
    SealRequest request;
    request.input.paths = {"fleet"}, request.store = store(), request.options.key = &key;
    const auto sealed = answer(fake.world, request);
    ASSERT_TRUE(sealed) << sealed.error().why;
    for (const auto& one : sealed->outcomes)
      ASSERT_TRUE(one.result == SealResult::sealed || one.result == SealResult::already) << one.detail;
  }
  std::string store() const { return home.path + "/store"; }

  // Who sees it, by exit code: v(erify), s(trict verify), w(itness: verify with a checkpoint that was kept elsewhere),
  // f(sck), g: fsck with the files, S(eal). A letter alone stands for 5; 0 is not named. What a stronger flag sees
  // because the plain verb does is not named either.
  std::string seen() {
    std::string out;
    Input input;
    input.paths = {"fleet"};
    const auto note = [&](char verb, int code) {
      if (code == 0) return;
      out += verb;
      if (code != cli::exit_of(Code::integrity)) out += std::to_string(code);
    };
    const auto report = answer(fake.world, VerifyRequest{input, store(), {}});
    const auto verified = report ? cli::exit_of(*report, false, false) : cli::exit_of(report.error());
    note('v', verified);
    if (report && !report->went_on.empty()) note('s', cli::exit_of(*report, true, false));
    Witness kept;
    kept.checkpoint = witness;
    const auto witnessed = answer(fake.world, VerifyRequest{input, store(), kept});
    if (!witnessed && verified == 0) note('w', cli::exit_of(witnessed.error()));
    const auto tables = answer(fake.world, FsckRequest{store(), {}, {}});
    const auto f = tables ? cli::exit_of(*tables) : cli::exit_of(tables.error());
    note('f', f);
    const auto files = answer(fake.world, FsckRequest{store(), {}, input});
    if (f == 0) note('g', files ? cli::exit_of(*files) : cli::exit_of(files.error()));
    SealRequest request;
    request.input = input, request.store = store();
    const auto sealed = answer(fake.world, request);
    int code = sealed ? 0 : cli::exit_of(sealed.error());
    for (const auto& one : sealed ? sealed->outcomes : std::vector<SealOutcome>{})
      code = cli::worse(code, cli::exit_of(one.result));
    note('S', code);
    return out;
  }

  TemporaryDirectory home;
  FakeWorld fake;
  SigningKey key;
  SignedCheckpoint middle, witness;
};

}  // namespace provgate::test
