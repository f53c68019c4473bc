// SPDX-License-Identifier: Apache-2.0
// Every way to tamper that was ever tried: who sees it, with which flag. What only a witness can see is seen with one.
#include <gtest/gtest.h>

#include "base/json_write.hpp"
#include "support/attacks.hpp"

namespace provgate::test {
namespace {

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
  });
}

TEST(Tampering, WithNotesAndTheGraph) {
  holds({
      {"a note of what is still to do, which is not of its entry", "vfS",
       [](Fleet& fleet) {
         put_notes(fleet, R"({"files":[{"path":"storage/tasks/evil.json","text":"{}"}],"lines":[]})");
       }},
      {"a note that excuses a forged file", "vfS",
       [](Fleet& fleet) {
         edit_file(k_one + "/data.json", "1", "2")(fleet);
         put_notes(fleet, R"({"files":[{"path":"storage/instances/i-1/data.json","text":"{\"n\": 2} "}],"lines":[]})");
       }},
      {"where the kernels lay", "f", empty("roots")},
      {"a quad that nobody says, where another record was sealed anew", "g",
       [](Fleet& fleet) {
         fleet.fake.disk.put(k_two + "/more.bin", "more");
         fleet.seal();
         publish_all(fleet);
         auto store = Store::open(fleet.store(), true);
         ASSERT_TRUE(store->add_quad(Iri::trusted("ckp://Instance#Acme.Notes/i-2"),
                                     Iri::trusted(std::string(vocab::prov) + "wasAssociatedWith"),
                                     Iri::trusted("ckp://Actor#evil"), Subject(Iri::trusted("urn:ckp:fleet:local"))));
       }},
      {"a quad that nobody says, in all four indexes", "g",
       [](Fleet& fleet) {
         publish_all(fleet);
         auto store = Store::open(fleet.store(), true);
         ASSERT_TRUE(store->add_quad(Iri::trusted("ckp://Instance#i-1"),
                                     Iri::trusted(std::string(vocab::prov) + "wasAssociatedWith"),
                                     Iri::trusted("ckp://Actor#evil"), Subject(Iri::trusted("urn:ckp:fleet:local"))));
       }},
      // What was published is told nowhere else in the store.
      {"a quad is gone from all four indexes", "g",
       [](Fleet& fleet) {
         publish_all(fleet);
         auto store = Store::open(fleet.store(), true);
         Quad first;
         const auto predicate = store->find_term(iri_text(std::string(vocab::prov) + "wasGeneratedBy"));
         (void)store->scan({0, *predicate, 0, 0}, [&](const Quad& quad) { return first = quad, false; });
         ASSERT_TRUE(*store->remove_quad(first));
       }},
      {"no node of the tree", "fS", empty("tree")},
      {"what was never sent is noted as published", "vfS",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "published",
                    [](TableRows& rows) { rows[number(900)] = "urn:provgate:batch:" + std::string(64, 'a'); });
       }},
      {"published in something that is no batch", "f",
       [](Fleet& fleet) {
         publish_all(fleet);
         edit_table(fleet.store(), "published", [](TableRows& rows) { rows.begin()->second = "x"; });
       }},
      {"a batch on its way of what was never sealed", "f",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "meta", [](TableRows& rows) { rows["in_flight"] = number(900); });
       }},
      {"a rejection that nobody wrote", "f",
       [](Fleet& fleet) {
         edit_table(fleet.store(), "rejected", [](TableRows& rows) { rows[std::string(32, 'x')] = number(1); });
       }},
      {"another checkpoint", "fS",
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
  });
}

TEST(Tampering, WithWhatSealingLeft) {
  holds({
      {"a line of audit.jsonl is gone", "v",
       [](Fleet& fleet) {
         auto& log = fleet.fake.disk.nodes()[k_audit].text;
         log.erase(0, log.find('\n') + 1);
       }},
      {"an actor in audit.jsonl", "v", edit_file(k_audit, "\"actor\":\"ckp", "\"actor\":\"ckq")},
      {"a proof of a seal that never was, by another name of the gate", "vS1",
       [](Fleet& fleet) {
         fleet.fake.disk.put("fleet/Acme.Notes/storage/instances/i-9/manifest.json", manifest_of("Acme.Notes", "i-9"));
         auto forged = with(fleet.fake.disk.text(k_gate_proof), "\"i-1\"", "\"i-9\"");
         const auto at = forged.find("Provgate.Gate:", forged.find("checked_by_identity"));
         fleet.fake.disk.put("fleet/Acme.Notes/storage/proof/i-9/proof.json", forged.replace(at, 13, "Acme.Gate"));
       }},
      {"a line of audit.jsonl twice", "v",
       [](Fleet& fleet) {
         auto& log = fleet.fake.disk.nodes()[k_audit].text;
         log += log.substr(0, log.find('\n') + 1);
       }},
      {"a line of the gate's about something else", "v",
       [](Fleet& fleet) {
         auto& log = fleet.fake.disk.nodes()[k_audit].text;
         log += with(log.substr(0, log.find('\n') + 1), "\"sealed\",\"before", "\"unsealed\",\"before");
       }},
      {"a line of a seal that never was, and a note of another record that has it", "vgS",
       [](Fleet& fleet) {
         auto& log = fleet.fake.disk.nodes()[k_audit].text;
         const auto forged = with(log.substr(0, log.find('\n') + 1), "/i-1", "/i-9");
         log += forged;
         const auto note = Json::object().set("path", "storage/ledger/audit.jsonl").set("text", forged);
         auto lines = Json::array();
         lines.push(note);
         put_notes(fleet, Json::object().set("files", Json::array()).set("lines", lines).canonical());
       }},
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
      {"a proof of a seal that never was", "vS1",
       [](Fleet& fleet) {
         fleet.fake.disk.put("fleet/Acme.Notes/storage/instances/i-9/manifest.json", manifest_of("Acme.Notes", "i-9"));
         fleet.fake.disk.put("fleet/Acme.Notes/storage/proof/i-9/proof.json",
                             with(fleet.fake.disk.text(k_gate_proof), "\"i-1\"", "\"i-9\""));
       }},
  });
}

TEST(Tampering, WithWhatMayGoOn) {
  holds({
      {"ledger.json", "s", edit_file(k_one + "/ledger.json", "x", "y")},
      {"an attachment", "s", edit_file(k_one + "/picture.bin", "p", "q")},
      {"a new attachment", "s", [](Fleet& fleet) { fleet.fake.disk.put(k_one + "/new.bin", "new"); }},
      {"an attachment is gone", "s", [](Fleet& fleet) { fleet.fake.disk.erase(k_one + "/picture.bin"); }},
      {"the task", "s", edit_file(k_task_file, "write", "wrote")},
      {"the goal", "s", edit_file(k_goal_file, "No note", "Every note")},
      {"the goal is gone", "s", [](Fleet& fleet) { fleet.fake.disk.erase(k_goal_file); }},
      {"conceptkernel.yaml", "s", edit_file(k_yaml_file, "\nmeta", "\nowner: somebody\nmeta")},
      {"rules.shacl", "s", edit_file(k_rules_file, " .\n", " .\n# less\n")},
  });
}

TEST(Tampering, WithPlaces) {
  holds({
      {"an instance directory is a link out of the tree", "vs",
       [](Fleet& fleet) {
         auto& nodes = fleet.fake.disk.nodes();
         for (const char* name : {"/manifest.json", "/data.json", "/ledger.json", "/picture.bin"}) {
           auto node = nodes.extract(k_one + name);
           node.key() = std::string("elsewhere") + name;
           nodes.insert(std::move(node));
         }
         nodes.erase(k_one);
         fleet.fake.disk.link(k_one, "elsewhere");
       }},
      {"a file is a link", "vg3S3",
       [](Fleet& fleet) {
         auto node = fleet.fake.disk.nodes().extract(k_one + "/data.json");
         node.key() = "elsewhere/data.json";
         fleet.fake.disk.nodes().insert(std::move(node));
         fleet.fake.disk.link(k_one + "/data.json", "elsewhere/data.json");
       }},
      {"the gate's proofs are behind a link", "vS3",
       [](Fleet& fleet) {
         auto node = fleet.fake.disk.nodes().extract(k_gate_proof);
         node.key() = "elsewhere/proof.json";
         fleet.fake.disk.nodes().insert(std::move(node));
         fleet.fake.disk.erase("fleet/Acme.Notes/storage/proof/i-1");
         fleet.fake.disk.link("fleet/Acme.Notes/storage/proof/i-1", "elsewhere");
       }},
      {"a kernel under another name, and a forged file", "vS1",
       [](Fleet& fleet) {
         edit_file(k_yaml_file, "name: Acme.Notes", "name: Acme.Votes")(fleet);
         edit_file(k_one + "/data.json", "1", "2")(fleet);
       }},
      {"a kernel in another directory, without a name of its own", "vS1",
       [](Fleet& fleet) {
         fleet.fake.disk.erase("fleet/Acme.Other/conceptkernel.yaml");
         move_tree(fleet, "fleet/Acme.Other", "fleet/Acme.Orphan");
       }},
      {"a kernel in another directory", "v",
       [](Fleet& fleet) { move_tree(fleet, "fleet/Acme.Other", "fleet/hidden/Acme.Other"); }},
      {"a second copy of a kernel", "v",
       [](Fleet& fleet) {
         auto& nodes = fleet.fake.disk.nodes();
         const auto all = nodes;
         for (const auto& [path, node] : all)
           if (path.starts_with("fleet/Acme.Other/")) fleet.fake.disk.put("fleet/copy" + path.substr(5), node.text);
       }},
      {"a kernel is gone", "v",
       [](Fleet& fleet) {
         auto& nodes = fleet.fake.disk.nodes();
         std::erase_if(nodes, [](const auto& node) { return node.first.starts_with("fleet/Acme.Other"); });
       }},
  });
}

}  // namespace
}  // namespace provgate::test
