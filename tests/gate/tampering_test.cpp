// SPDX-License-Identifier: Apache-2.0
// Every way to tamper that was ever tried: who sees it, with which flag. What only a witness can see is seen with one.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/digest.hpp"
#include "provgate/requests/requests.hpp"
#include "support/seal_bench.hpp"
#include "support/store_rows.hpp"

namespace provgate::test {
namespace {

const std::string k_one = "fleet/Acme.Notes/storage/instances/i-1", k_two = "fleet/Acme.Other/storage/instances/i-1";
const std::string k_task_file = "fleet/Acme.Notes/storage/tasks/T-1.json",
                  k_goal_file = "fleet/Acme.Notes/storage/goals/G-1.json",
                  k_decision_file = "fleet/Acme.Notes/consensus/decisions/d.json",
                  k_yaml_file = "fleet/Acme.Notes/conceptkernel.yaml", k_rules_file = "fleet/Acme.Notes/rules.shacl",
                  k_audit = "fleet/Acme.Notes/storage/ledger/audit.jsonl",
                  k_gate_proof = "fleet/Acme.Notes/storage/proof/i-1/proof.json";

std::string manifest_of(const std::string& kernel, const std::string& id) {
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

  // Who sees it: v(erify), s(trict), w(itness), f(sck), g: fsck with the files, S(eal refuses or says so).
  std::string seen() {
    std::string out;
    Input input;
    input.paths = {"fleet"};
    const auto report = answer(fake.world, VerifyRequest{input, store(), {}});
    if (!report ? report.error().code == Code::integrity || report.error().code == Code::nothing
                : !report->faults.empty() || !report->unread.empty())
      out += "v";
    if (report && !report->went_on.empty()) out += "s";
    Witness kept;
    kept.checkpoint = witness;
    const auto witnessed = answer(fake.world, VerifyRequest{input, store(), kept});
    if (!witnessed && out.find('v') == std::string::npos) out += "w";
    const auto checked = answer(fake.world, FsckRequest{store(), {}, input});
    if (!checked || !checked->tables.faults.empty()) out += "f";
    if (checked && checked->graph && !checked->graph->faults.empty()) out += "g";
    SealRequest request;
    request.input = input, request.store = store();
    const auto sealed = answer(fake.world, request);
    const bool refuses = !sealed || std::ranges::any_of(sealed->outcomes, [](const auto& one) {
      return one.result == SealResult::changed || one.result == SealResult::refused || one.result == SealResult::unread;
    });
    if (refuses) out += "S";
    return out;
  }

  TemporaryDirectory home;
  FakeWorld fake;
  SigningKey key;
  SignedCheckpoint middle, witness;
};

std::string number(std::uint64_t seq) {
  std::string out(8, '\0');
  for (int i = 7; i >= 0; --i, seq >>= 8) out[static_cast<std::size_t>(i)] = static_cast<char>(seq & 255);
  return out;
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The chain behind an entry, and what is noted of its end, made to fit again.
void mend_chain(const std::string& store) {
  std::string head;
  edit_table(store, "ledger", [&](TableRows& rows) {
    std::string before(64, '0');
    for (auto& [seq, text] : rows) {
      text.replace(text.rfind("\"prev\":\"") + 8, 64, before);
      before = sha256_hex(text).text;
    }
    head = "1 " + std::to_string(rows.size()) + " " + before;
  });
  edit_table(store, "meta", [&](TableRows& rows) { rows["head"] = head; });
}

struct Attack {
  const char* what;
  const char* seen;
  std::function<void(Fleet&)> edit;
};

void holds(const std::vector<Attack>& attacks) {
  for (const auto& [what, seen, edit] : attacks) {
    Fleet fleet;
    edit(fleet);
    EXPECT_EQ(fleet.seen(), seen) << what;
  }
}

auto edit_entry(std::uint64_t seq, const char* from, const char* to, bool mended = false) {
  return [=](Fleet& fleet) {
    edit_table(fleet.store(), "ledger", [&](TableRows& rows) {
      auto& text = rows[number(seq)];
      text = with(text, from, to);
    });
    if (mended) mend_chain(fleet.store());
  };
}

auto edit_file(const std::string& path, const char* from, const char* to) {
  return [=](Fleet& fleet) {
    auto& node = fleet.fake.disk.nodes()[path];
    node.text = with(node.text, from, to);
  };
}

auto empty(const char* table) {
  return [=](Fleet& fleet) { edit_table(fleet.store(), table, [](TableRows& rows) { rows.clear(); }); };
}

TEST(Tampering, AnUntouchedFleetIsWhole) {
  Fleet fleet;
  EXPECT_EQ(fleet.seen(), "");
  EXPECT_NE(fleet.middle.size, fleet.witness.size);
}

TEST(Tampering, WithTheLedger) {
  holds({
      {"the last entry's time", "vfS",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "ledger", [](TableRows& rows) {
           auto& text = rows.rbegin()->second;
           text = with(text, "\"time\":\"2", "\"time\":\"1");
         });
       }},
      {"an entry in the middle", "vfS", edit_entry(3, "\"time\":\"2", "\"time\":\"1")},
      {"an entry with one field more", "vfS", edit_entry(3, "\"kind\":", "\"k\":1,\"kind\":")},
      {"the whole chain, made to fit", "wfS", edit_entry(3, "\"time\":\"2", "\"time\":\"1", true)},
      {"the tail cut off", "vfS",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "ledger", [](TableRows& rows) { rows.erase(std::prev(rows.end())); });
         mend_chain(fleet.store());
       }},
      {"an entry under another number", "vfS",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "ledger", [](TableRows& rows) {
           rows[number(900)] = rows[number(4)];
           rows.erase(number(4));
         });
       }},
      {"two entries swapped", "vfS",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "ledger", [](TableRows& rows) { std::swap(rows[number(3)], rows[number(4)]); });
       }},
      {"an older copy of the store", "v",
       [](Fleet& fleet) {
         std::filesystem::remove_all(fleet.store());
         std::filesystem::copy(fleet.home.path + "/early", fleet.store(), std::filesystem::copy_options::recursive);
       }},
      {"an older copy, and what was sealed later looks as if it never was", "w",
       [](Fleet& fleet) {
         std::filesystem::remove_all(fleet.store());
         std::filesystem::copy(fleet.home.path + "/early", fleet.store(), std::filesystem::copy_options::recursive);
         for (const char* kernel : {"Acme.Notes", "Acme.Other"}) {
           const std::string area = "fleet/" + std::string(kernel) + "/storage/";
           fleet.fake.disk.erase(area + "proof/i-2/proof.json");
           auto& log = fleet.fake.disk.nodes()[area + "ledger/audit.jsonl"].text;
           log.erase(log.find('\n') + 1);
         }
       }},
      {"begun anew over a forged file", "w",
       [](Fleet& fleet) {
         std::filesystem::remove_all(fleet.store());
         for (const char* kernel : {"Acme.Notes", "Acme.Other"}) {
           const std::string area = "fleet/" + std::string(kernel) + "/storage/";
           for (const char* id : {"i-1", "i-2"}) fleet.fake.disk.erase(area + "proof/" + id + "/proof.json");
           fleet.fake.disk.erase(area + "ledger/audit.jsonl");
         }
         fleet.fake.disk.nodes()[k_one + "/data.json"].text = R"({"n": 2})";
         fleet.seal();
       }},
  });
}

TEST(Tampering, WithTheStore) {
  holds({
      {"a row of sealed is gone", "vfS",
       [](Fleet& fleet) { edit_table(fleet.store(), "sealed", [](TableRows& rows) { rows.erase(rows.begin()); }); }},
      {"a row of sealed leads to another entry", "fS",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "sealed", [](TableRows& rows) { rows.begin()->second = rows.rbegin()->second; });
       }},
      {"no quad is indexed by subject", "f", empty("spog")},
      {"no quad is indexed by predicate", "f", empty("posg")},
      {"no quad is indexed by object", "f", empty("ospg")},
      {"no quad is indexed by graph", "f", empty("gspo")},
      {"no term has a number", "f", empty("terms")},
      {"no term has a text", "f", empty("texts")},
      {"nothing is to be published", "vfS", empty("outbox")},
      {"a part of a record is to be published", "f",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "outbox", [](TableRows& rows) { rows.begin()->second.resize(20); });
       }},
      {"a note of what is still to do, which is not of its entry", "S",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "unfinished", [](TableRows& rows) {
           for (std::uint64_t seq = 1; seq < 9; ++seq)
             rows[number(seq)] = R"({"files":[{"path":"storage/tasks/evil.json","text":"{}"}],"lines":[]})";
         });
       }},
      {"a quad that nobody says, in all four indexes", "g",
       [](Fleet& fleet) {
         auto store = Store::open(fleet.store(), true);
         ASSERT_TRUE(store->add_quad(Iri::trusted("ckp://Instance#i-1"),
                                     Iri::trusted(std::string(vocab::prov) + "wasAssociatedWith"),
                                     Iri::trusted("ckp://Actor#evil"), Subject(Iri::trusted("urn:ckp:fleet:local"))));
       }},
      {"a quad is gone from all four indexes", "g",
       [](Fleet& fleet) {
         auto store = Store::open(fleet.store(), true);
         // What was published is told nowhere else in the store.
         std::vector<Seq> all;
         (void)store->each_pending([&](const OutboxRow& row) { return all.push_back(row.seq), true; });
         ASSERT_TRUE(store->begin_batch(all));
         ASSERT_TRUE(store->finish_batch(all, BatchId("urn:provgate:batch:x")));
         Quad first;
         const auto predicate = store->find_term(iri_text(std::string(vocab::prov) + "wasGeneratedBy"));
         (void)store->scan({0, *predicate, 0, 0}, [&](const Quad& quad) { return first = quad, false; });
         ASSERT_TRUE(*store->remove_quad(first));
       }},
      {"no node of the tree", "fS", empty("tree")},
      {"another checkpoint", "f",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "meta",
                    [](TableRows& rows) { rows["checkpoint"] = with(rows["checkpoint"], "/ledger/", "/ledgar/"); });
       }},
  });
}

TEST(Tampering, WithFiles) {
  using enum FileType;
  holds({
      {"data.json", "vS", edit_file(k_one + "/data.json", "1", "2")},
      {"manifest.json", "vS", edit_file(k_one + "/manifest.json", "note", "mote")},
      {"the action's proof", "vS", edit_file("fleet/Acme.Notes/storage/proof/p.json", "G-1", "G-2")},
      {"the decision", "vsS", edit_file(k_decision_file, "pass", "fail")},
      {"the gate's proof", "vS", edit_file(k_gate_proof, "PASS", "FAIL")},
      {"a file beside the gate's proof", "v", [](Fleet& fleet) { fleet.fake.disk.put(k_gate_proof + ".tmp2", "x"); }},
      {"the instance is gone", "vs",
       [](Fleet& fleet) {
         for (const char* name : {"/manifest.json", "/data.json", "/ledger.json", "/picture.bin"})
           fleet.fake.disk.erase(k_one + name);
         fleet.fake.disk.erase(k_one);
       }},
      {"message.json is added", "vS", [](Fleet& fleet) { fleet.fake.disk.put(k_one + "/message.json", "{}"); }},
      {"the right to write", "v", [](Fleet& fleet) { fleet.fake.disk.nodes()[k_one + "/data.json"].mode = 0644; }},
      {"a line of audit.jsonl is gone", "v",
       [](Fleet& fleet) {
         auto& log = fleet.fake.disk.nodes()[k_audit].text;
         log.erase(0, log.find('\n') + 1);
       }},
      {"an actor in audit.jsonl", "v", edit_file(k_audit, "\"actor\":\"ckp", "\"actor\":\"ckq")},
      {"audit.jsonl is gone", "v", [](Fleet& fleet) { fleet.fake.disk.erase(k_audit); }},
      {"a line of a seal that never was", "v",
       [](Fleet& fleet) {
         auto& log = fleet.fake.disk.nodes()[k_audit].text;
         log += with(log.substr(0, log.find('\n') + 1), "/i-1", "/i-9");
       }},
      {"a client's proof is added", "vS",
       [](Fleet& fleet) {
         fleet.fake.disk.put("fleet/Acme.Notes/storage/proof/late.json",
                             R"({"proof_id": "p", "instance_id": "i-1", "outcome": "FAIL"})");
       }},
      {"a proof of a seal that never was", "vS",
       [](Fleet& fleet) {
         fleet.fake.disk.put("fleet/Acme.Notes/storage/instances/i-9/manifest.json", manifest_of("Acme.Notes", "i-9"));
         fleet.fake.disk.put("fleet/Acme.Notes/storage/proof/i-9/proof.json",
                             with(fleet.fake.disk.text(k_gate_proof), "\"i-1\"", "\"i-9\""));
       }},
      {"ledger.json", "s", edit_file(k_one + "/ledger.json", "x", "y")},
      {"an attachment", "s", edit_file(k_one + "/picture.bin", "p", "q")},
      {"a new attachment", "s", [](Fleet& fleet) { fleet.fake.disk.put(k_one + "/new.bin", "new"); }},
      {"an attachment is gone", "s", [](Fleet& fleet) { fleet.fake.disk.erase(k_one + "/picture.bin"); }},
      {"the task", "s", edit_file(k_task_file, "write", "wrote")},
      {"the goal", "s", edit_file(k_goal_file, "No note", "Every note")},
      {"the goal is gone", "s", [](Fleet& fleet) { fleet.fake.disk.erase(k_goal_file); }},
      {"conceptkernel.yaml", "s", edit_file(k_yaml_file, "\nmeta", "\nowner: somebody\nmeta")},
      {"rules.shacl", "s", edit_file(k_rules_file, " .\n", " .\n# less\n")},
      {"a kernel is gone", "v",
       [](Fleet& fleet) {
         auto& nodes = fleet.fake.disk.nodes();
         std::erase_if(nodes, [](const auto& node) { return node.first.starts_with("fleet/Acme.Other"); });
       }},
  });
}

}  // namespace
}  // namespace provgate::test
