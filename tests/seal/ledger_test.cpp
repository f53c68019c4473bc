// SPDX-License-Identifier: Apache-2.0
// The bytes of ledger entries: golden files in hex for both versions, and every field counts.
#include "provgate/seal/ledger.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "provgate/store/store.hpp"
#include "support/golden.hpp"
#include "support/memory_disk.hpp"

namespace provgate::test {
namespace {

// 32 bytes a line, in hexadecimal.
std::string hex_dump(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 32) out += to_hex(bytes.substr(at, 32)) + "\n";
  return out;
}

Draft sample() {
  Draft draft;
  draft.id = {RecordId::System("gauge"), RecordId::Scope("plant/north"), RecordId::Iri("urn:gauge:north:a")};
  draft.kind = "reading", draft.owner = "plant/north/a.reading", draft.root = "plant/north";
  draft.files["a.reading"] = {Digest(std::string(64, 'a')), CoveredFile::Role::covered};
  draft.files["../log.jsonl"] = {Digest(std::string(64, 'b')), CoveredFile::Role::witnessed};
  return draft;
}

LedgerEntry sealed_sample() {
  const auto verdict = admit(sample(), {});
  return seal(std::get<Checked>(verdict), Head{Seq(6), Digest(std::string(64, 'c'))}, {1'795'000'000'000'000, "test"})
      .entry();
}

TEST(LedgerBytes, OfVersionTwo) {
  const auto entry = sealed_sample();
  compare_golden("ledger-2-sealed.hex", hex_dump(entry.canonical()));
  Finding broken;
  broken.rule = "GAUGE-001", broken.message = "the value is not a number";
  const auto verdict = admit(sample(), {&broken});
  const auto rejected = reject(std::get<Rejected>(verdict), Head{}, {1'795'000'000'000'000, "clock"}).entry();
  compare_golden("ledger-2-rejected.hex", hex_dump(rejected.canonical()));
  for (const auto* one : {&entry, &rejected}) {
    const auto again = parse_ledger_entry(one->canonical());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->digest(), one->digest());
    EXPECT_EQ(again->files, one->files);
    EXPECT_EQ(again->id, one->id);
    EXPECT_EQ(again->time_source, one->time_source);
  }
}

// A store of 0.1.0 is read as it is: its entry says what it said, byte by byte.
TEST(LedgerBytes, OfVersionOne) {
  TemporaryDirectory home;
  std::filesystem::copy(k_golden + "store-0.1.0/data.mdb", home.path + "/data.mdb");
  std::filesystem::permissions(home.path + "/data.mdb", std::filesystem::perms::owner_all);
  const auto store = Store::open(home.path, false);
  ASSERT_TRUE(store) << store.error().why;
  std::vector<LedgerEntry> entries;
  ASSERT_TRUE(store->each_entry([&](const LedgerEntry& entry) {
    entries.push_back(entry);
    return true;
  }));
  ASSERT_EQ(entries.size(), 1U);
  const auto& entry = entries[0];
  compare_golden("ledger-1-sealed.hex", hex_dump(entry.canonical()));
  EXPECT_EQ(entry.version, 1);
  EXPECT_EQ(entry.id.system.text, "ckp");
  EXPECT_EQ(entry.id.scope.text, "Delvinator.Core");
  EXPECT_EQ(entry.record_kind, "instance");
  EXPECT_EQ(*store->find_sealed(FormerId{entry.id.scope, entry.id.iri}), entry);
}

TEST(LedgerBytes, EveryFieldCounts) {
  const auto entry = sealed_sample();
  const auto digest = entry.digest();
  const std::vector<std::function<void(LedgerEntry&)>> changes = {
      [](LedgerEntry& e) { e.seq = e.seq.next(); },
      [](LedgerEntry& e) { e.prev = k_no_digest; },
      [](LedgerEntry& e) { e.kind = "rejected"; },
      [](LedgerEntry& e) { e.id.system.text += "x"; },
      [](LedgerEntry& e) { e.id.scope.text += "x"; },
      [](LedgerEntry& e) { e.id.iri.text += "x"; },
      [](LedgerEntry& e) { e.record_kind = "log"; },
      [](LedgerEntry& e) { e.files.begin()->second.digest.text[0] ^= 1; },
      [](LedgerEntry& e) { e.files.begin()->second.role = CoveredFile::Role::covered; },
      [](LedgerEntry& e) { e.files.erase(e.files.begin()); },
      [](LedgerEntry& e) { e.record_digest.text[0] ^= 1; },
      [](LedgerEntry& e) { e.report_digest.text[0] ^= 1; },
      [](LedgerEntry& e) { e.rules.emplace_back("GAUGE-002"); },
      [](LedgerEntry& e) { e.time = "2026-01-01T00:00:00Z"; },
      [](LedgerEntry& e) { e.time_source = "clock"; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto other = entry;
    changes[i](other);
    EXPECT_NE(other.digest(), digest) << i;
  }
}

// What is not the canonical form of an entry is damage: a field more, one less, another order, another type.
TEST(LedgerBytes, NothingElseIsAnEntry) {
  const auto text = sealed_sample().canonical();
  const auto with = [&](std::string_view from, std::string_view to) {
    auto out = text;
    const auto at = out.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return out.replace(at, from.size(), to);
  };
  for (const auto& damaged : {std::string{}, std::string("{}"), std::string("[]"), " " + text, text + "\n",
                              with("\"version\":2", "\"version\":3"), with("\"version\":2", "\"version\":1"),
                              with("\"version\":2", "\"version\":\"2\""), with("\"seq\":7", "\"seq\":\"7\""),
                              with("\"role\":\"witnessed\"", "\"role\":\"seen\""), with("\"scope\"", "\"Scope\""),
                              with("{\"files\"", "{\"a\":1,\"files\""), with(",\"time_source\":\"test\"", ""),
                              with("\"rules\":[]", "\"rules\":null")}) {
    const auto entry = parse_ledger_entry(damaged);
    ASSERT_FALSE(entry) << damaged;
    EXPECT_EQ(entry.error().code, Code::integrity);
  }
}

// Many entries go into the ledger in one transaction, or none.
TEST(LedgerBytes, ManyInOneTransaction) {
  TemporaryDirectory home;
  auto store = Store::open(home.path + "/store", true);
  ASSERT_TRUE(store);
  std::vector<Sealed> made;
  Head head;
  for (int i = 0; i < 3; ++i) {
    auto draft = sample();
    draft.id.iri = RecordId::Iri("urn:gauge:north:" + std::to_string(i));
    const auto verdict = admit(std::move(draft), {});
    made.push_back(seal(std::get<Checked>(verdict), head, {1'795'000'000'000'000, "test"}));
    head = {made.back().entry().seq, made.back().entry().digest()};
  }
  const std::vector<Sealed> gap = {made[0], made[2]};
  EXPECT_EQ(store->append(gap).error().code, Code::world);
  EXPECT_EQ(store->head()->seq, Seq(0)) << "nothing of a batch that does not fit";
  const Unfinished notes[] = {{Seq(1), "a"}, {Seq(3), "c"}};
  ASSERT_TRUE(store->append(made, notes));
  EXPECT_EQ(store->head()->seq, Seq(3));
  EXPECT_EQ(store->status()->pending, 3U);
  EXPECT_EQ((*store->find_sealed(made[1].entry().id))->seq, Seq(2));
  // What is to do is noted with them, and taken out when it is done.
  EXPECT_EQ(*store->unfinished(), (std::map<Seq, std::string>{{Seq(1), "a"}, {Seq(3), "c"}}));
  const Seq done[] = {Seq(1), Seq(2)};
  ASSERT_TRUE(store->append({}, {}, done));
  EXPECT_EQ(*store->unfinished(), (std::map<Seq, std::string>{{Seq(3), "c"}}));
}

}  // namespace
}  // namespace provgate::test
