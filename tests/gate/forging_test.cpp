// SPDX-License-Identifier: Apache-2.0
// Forgeries by somebody who knows how the seal works: notes, lines that others read differently, statements beside the
// records', what is still to be sent, and signatures.
#include <gtest/gtest.h>

#include "base/json_write.hpp"
#include "support/attacks.hpp"

namespace provgate::test {
namespace {

std::string note_of_line(const std::string& path, const std::string& text) {
  auto lines = Json::array();
  lines.push(Json::object().set("path", path).set("text", text));
  return Json::object().set("files", Json::array()).set("lines", lines).canonical();
}

std::string first_line(Fleet& fleet) {
  const auto& log = fleet.fake.disk.nodes()[k_audit].text;
  return log.substr(0, log.find('\n') + 1);
}

// The line of a seal that never was, in a form of its own.
auto forged_line(std::function<std::string(std::string)> written) {
  return [written = std::move(written)](Fleet& fleet) {
    const auto forged = with(first_line(fleet), "/i-1", "/i-9");
    fleet.fake.disk.nodes()[k_audit].text += written(forged.substr(0, forged.size() - 1)) + "\n";
  };
}

TEST(Forging, Notes) {
  holds({
      {"a note of a line that goes into a client's file", "vgS",
       [](Fleet& fleet) { put_notes(fleet, note_of_line("README.md", "more\n")); }},
      {"a note of a line that goes into a sealed file", "vgS",
       [](Fleet& fleet) { put_notes(fleet, note_of_line("storage/instances/i-1/manifest.json", "more\n")); }},
      {"a note of a forged line that stands in the log", "vgS",
       [](Fleet& fleet) {
         const auto forged = with(first_line(fleet), "\"sealed\",\"actor", "\"Sealed\",\"actor");
         fleet.fake.disk.nodes()[k_audit].text += forged;
         put_notes(fleet, note_of_line("storage/ledger/audit.jsonl", forged));
       }},
  });
}

TEST(Forging, Lines) {
  holds({
      {"behind another value", "v", forged_line([](auto line) { return "{\"x\":1} " + line; })},
      {"behind a carriage return", "v", forged_line([](auto line) { return "{\"x\":1}\r" + line; })},
      {"with a byte that is not UTF-8", "v",
       forged_line([](auto line) { return line.substr(0, line.size() - 1) + ",\"n\":\"\xff\"}"; })},
      {"behind a byte order mark", "v", forged_line([](auto line) { return "\xEF\xBB\xBF" + line; })},
      {"with a key twice", "v", forged_line([](auto line) { return "{\"event\":\"x\"," + line.substr(1); })},
      {"by the gate without a version", "v", forged_line([](auto line) {
         const auto at = line.find("Provgate.Gate:");
         return line.substr(0, at + 13) + line.substr(line.find('"', at));
       })},
  });
}

TEST(Forging, DirectoriesOfProofs) {
  const auto put = [](const char* name) {
    return [=](Fleet& fleet) {
      const auto proof = fleet.fake.disk.text(k_gate_proof);
      fleet.fake.disk.put("fleet/Acme.Notes/storage/proof/" + std::string(name), proof);
    };
  };
  holds({
      {"beside the gate's proof, as if half written", "v", put("i-1/proof.json.tmp")},
      {"of an unknown id, as if half written", "v3", put("i-9/proof.json.tmp")},
      {"of an unknown id, something else", "v3", put("i-9/note")},
      {"of an unknown id, empty", "v3",
       [](Fleet& fleet) {
         fleet.fake.disk.put("fleet/Acme.Notes/storage/proof/i-9/x", "");
         fleet.fake.disk.erase("fleet/Acme.Notes/storage/proof/i-9/x");
       }},
  });
}

auto quad_in(const char* graph) {
  return [=](Fleet& fleet) {
    publish_all(fleet);
    auto store = Store::open(fleet.store(), true);
    const auto s = Iri::trusted("ckp://Instance#i-1"), o = Iri::trusted("ckp://Actor#evil");
    const auto p = Iri::trusted(std::string(vocab::prov) + "wasAssociatedWith");
    ASSERT_TRUE(*graph ? store->add_quad(s, p, o, Subject(Iri::trusted(graph))) : store->add_quad(s, p, o, {}));
  };
}

TEST(Forging, StatementsBesideTheRecords) {
  holds({
      {"in another graph", "g", quad_in("urn:ckp:fleet:other")},
      {"in the graph of keys", "g", quad_in("urn:provgate:keys")},
      {"in no graph", "g", quad_in("")},
  });
}

auto edit_outbox(std::function<void(TableRows&)> edit) {
  return [edit = std::move(edit)](Fleet& fleet) { edit_table(fleet.store(), "outbox", edit); };
}

TEST(Forging, WhatIsStillToBeSent) {
  holds({
      {"one quad of a record", "f", edit_outbox([](TableRows& rows) { rows.rbegin()->second.resize(16); })},
      {"nothing of a record", "f", edit_outbox([](TableRows& rows) { rows.rbegin()->second.clear(); })},
      {"another record's", "f", edit_outbox([](TableRows& rows) { rows.rbegin()->second = rows[number(2)]; })},
  });
}

TEST(Forging, Signatures) {
  const auto meta = [](std::function<void(TableRows&)> edit) {
    return [edit = std::move(edit)](Fleet& fleet) { edit_table(fleet.store(), "meta", edit); };
  };
  holds({
      {"a rewritten ledger with a tree that fits", "wfS",
       [](Fleet& fleet) {
         edit_entry(3, "\"time\":\"2", "\"time\":\"1", true)(fleet);
         ASSERT_TRUE(Store::open(fleet.store(), true)->repair());
       }},
      {"no checkpoint, though the ledger names who signs it", "f",
       meta([](TableRows& rows) { rows.erase("checkpoint"); })},
      {"the format of another version", "f", meta([](TableRows& rows) { rows["format"] = "1"; })},
  });
}

// A text that was altered is named before and after a repair, which does not make it the term's.
TEST(Forging, RepairBelievesNoAlteredText) {
  Fleet fleet;
  edit_table(fleet.store(), "texts", [](TableRows& rows) {
    for (auto& [id, text] : rows) {
      if (text == "<ckp://Actor#keeper.nora>") text = "<ckp://Actor#keeper.vera>";
    }
  });
  for (const bool repair : {false, true, false}) {
    FsckRequest request{fleet.store(), {}, {}};
    request.repair = repair;
    const auto checked = answer(fleet.fake.world, request);
    ASSERT_TRUE(checked);
    ASSERT_FALSE(checked->tables.faults.empty());
    EXPECT_EQ(checked->tables.faults[0].table, "texts");
  }
}

// What was sealed without the key is signed by the next run that has it, and until then whoever names the key is told.
TEST(Forging, EntriesPastWhatWasSigned) {
  Fleet fleet;
  fleet.fake.disk.put(k_two + "/more.bin", "more");
  SealRequest request;
  request.input.paths = {"fleet"}, request.store = fleet.store();
  const auto without = answer(fleet.fake.world, request);
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->unsigned_entries);
  Witness witness;
  const auto key = parse_public_key(fleet.key.public_line());
  ASSERT_TRUE(key);
  witness.key = *key;
  auto verified = answer(fleet.fake.world, VerifyRequest{request.input, fleet.store(), witness});
  ASSERT_TRUE(verified) << verified.error().why;
  EXPECT_EQ(verified->not_signed, 1U);
  EXPECT_EQ(cli::exit_of(*verified, false, false), 0);
  EXPECT_EQ(cli::exit_of(*verified, true, false), cli::exit_of(Code::integrity));
  EXPECT_EQ(answer(fleet.fake.world, FsckRequest{fleet.store(), witness, {}})->not_signed, 1U);
  request.options.key = &fleet.key;
  const auto with_key = answer(fleet.fake.world, request);
  ASSERT_TRUE(with_key);
  EXPECT_FALSE(with_key->unsigned_entries);
  verified = answer(fleet.fake.world, VerifyRequest{request.input, fleet.store(), witness});
  EXPECT_EQ(verified->not_signed, 0U);
}

// A copy of a kernel with all its rights, beside the one that was sealed.
TEST(Forging, ASecondCopyIsNamed) {
  holds({{"with its rights", "v3", [](Fleet& fleet) {
            const auto all = fleet.fake.disk.nodes();
            fleet.fake.disk.nodes()["fleet/copy"] = all.at("fleet");
            for (const auto& [path, node] : all) {
              if (path.starts_with("fleet/Acme.Other")) fleet.fake.disk.nodes()["fleet/copy" + path.substr(5)] = node;
            }
          }}});
}

// Whichever part of a fleet is named, and in whatever steps it was sealed, what nobody touched is whole.
TEST(Forging, NothingIsSeenWhereNothingIsForged) {
  Fleet fleet;
  for (const auto& path : {"fleet", "fleet/Acme.Notes", "fleet/Acme.Other", k_one.c_str()}) {
    Input input;
    input.paths = {path};
    const auto checked = answer(fleet.fake.world, FsckRequest{fleet.store(), {}, input});
    ASSERT_TRUE(checked);
    EXPECT_EQ(cli::exit_of(*checked), 0) << path;
    const auto verified = answer(fleet.fake.world, VerifyRequest{input, fleet.store(), {}});
    ASSERT_TRUE(verified);
    EXPECT_EQ(cli::exit_of(*verified, true, false), 0) << path;
  }
}

}  // namespace
}  // namespace provgate::test
