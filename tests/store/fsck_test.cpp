// SPDX-License-Identifier: Apache-2.0
// Whatever row of whatever table is taken out, changed or added: the store is not what its ledger says.
#include <gtest/gtest.h>

#include <functional>

#include "provgate/gate/gate.hpp"
#include "provgate/seal/merkle.hpp"
#include "support/records.hpp"
#include "support/store_rows.hpp"

namespace provgate::test {
namespace {

struct Fsck : ::testing::Test {
  void SetUp() override {
    fake.disk.put_tree("Acme.Notes", good_tree("PROOF-001"));
    fake.disk.put_tree("Acme.Bad", find_rule("PROOF-003")->bad);
    for (const char* id : {"i-1", "i-2"}) {
      fake.disk.put("Acme.Notes/storage/instances/" + std::string(id) + "/manifest.json",
                    R"({"instance_id": ")" + std::string(id) +
                        R"(", "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/note.write-1760000001", )"
                        R"("prov:wasAttributedTo": "ckp://Kernel#Acme.Notes:v1.0", )"
                        R"("prov:generatedAtTime": "2025-10-09T08:53:20.000Z"})");
    }
    auto store = Store::open(directory(), true);
    ASSERT_TRUE(store);
    CheckOptions options;
    options.read.digests = true;
    for (const char* tree : {"Acme.Notes", "Acme.Bad"})
      seal_records(fake.world, &*store, check(fake, tree, options), {});
    ASSERT_TRUE(store->begin_batch({Seq(1)}));
    ASSERT_TRUE(store->finish_batch({Seq(1)}, BatchId("urn:provgate:batch:" + std::string(64, 'a'))));
    ASSERT_TRUE(store->begin_batch({Seq(2)}));
    const auto status = store->status();
    ASSERT_EQ(status->ledger_entries, 6U);
    ASSERT_EQ(status->rejected, 1U);
  }
  std::string directory() const { return home.path + "/store"; }
  // What is wrong, as tables; "error" where the store cannot even be opened.
  std::set<std::string> said() {
    const auto store = Store::open(directory(), false);
    if (!store) return {"error"};
    const auto checked = store->check_tables();
    if (!checked) return {"error"};
    std::set<std::string> out;
    for (const auto& row : checked->faults) {
      EXPECT_FALSE(row.row.empty());
      EXPECT_FALSE(row.why.empty());
      out.insert(row.table);
    }
    return out;
  }
  TemporaryDirectory home;
  FakeWorld fake;
};

constexpr const char* k_tables[] = {"spog",   "posg",     "ospg",   "gspo",      "terms", "texts", "ledger",
                                    "sealed", "rejected", "outbox", "published", "meta",  "tree"};

TEST_F(Fsck, AWholeStoreIsWhole) { EXPECT_EQ(said(), std::set<std::string>{}); }

TEST_F(Fsck, EveryRowThatIsTakenOut) {
  for (const auto* table : k_tables) {
    std::size_t rows = 0;
    edit_table(directory(), table, [&](TableRows& all) { rows = all.size(); });
    ASSERT_GT(rows, 0U) << table;
    for (std::size_t i = 0; i < std::min<std::size_t>(rows, 40); ++i) {
      TableRows before;
      std::string key;
      edit_table(directory(), table, [&](TableRows& all) {
        before = all;
        key = std::next(all.begin(), static_cast<std::ptrdiff_t>(i))->first;
        all.erase(key);
      });
      // What is under way may be over.
      if (!(std::string(table) == "meta" && key == "in_flight")) {
        EXPECT_FALSE(said().empty()) << table << " row " << i << " " << key;
      }
      edit_table(directory(), table, [&](TableRows& all) { all = before; });
    }
  }
  EXPECT_EQ(said(), std::set<std::string>{});
}

TEST_F(Fsck, EveryTableThatIsEmptied) {
  for (const auto* table : k_tables) {
    TableRows before;
    edit_table(directory(), table, [&](TableRows& all) { before.swap(all); });
    EXPECT_FALSE(said().empty()) << table;
    edit_table(directory(), table, [&](TableRows& all) { all = before; });
  }
  EXPECT_EQ(said(), std::set<std::string>{});
}

// A bit of a key or of a value; of the batch that a published record went with any name is one.
TEST_F(Fsck, EveryRowThatIsChanged) {
  for (const auto* table : k_tables) {
    for (const bool of_key : {true, false}) {
      std::size_t rows = 0;
      edit_table(directory(), table, [&](TableRows& all) { rows = all.size(); });
      for (std::size_t i = 0; i < std::min<std::size_t>(rows, 25); ++i) {
        TableRows before;
        bool changed = false;
        std::string key;
        edit_table(directory(), table, [&](TableRows& all) {
          before = all;
          const auto row = std::next(all.begin(), static_cast<std::ptrdiff_t>(i));
          key = row->first;
          auto value = row->second;
          auto& bytes = of_key ? key : value;
          if (bytes.empty()) return;
          changed = true;
          all.erase(row);
          bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
          all[key] = value;
        });
        const bool free = std::string(table) == "published" && !of_key;
        const bool gone = std::string(table) == "meta" && of_key;
        if (changed && !free && !gone)
          EXPECT_FALSE(said().empty()) << table << " row " << i << (of_key ? " key" : " value");
        edit_table(directory(), table, [&](TableRows& all) { all = before; });
      }
    }
  }
  EXPECT_EQ(said(), std::set<std::string>{});
}

// What follows from other tables is made anew, and nothing else.
TEST_F(Fsck, RepairMakesAnewWhatCanBeDerived) {
  std::map<std::string, TableRows> whole;
  for (const auto* table : k_tables) edit_table(directory(), table, [&](TableRows& all) { whole[table] = all; });
  for (const auto* table : {"spog", "posg", "ospg", "gspo", "terms", "texts", "sealed", "tree"}) {
    for (const bool one : {true, false}) {
      edit_table(directory(), table, [&](TableRows& all) { one ? (void)all.erase(all.begin()) : all.clear(); });
      EXPECT_FALSE(said().empty()) << table;
      auto store = Store::open(directory(), false);
      ASSERT_TRUE(store);
      const auto made = store->repair();
      ASSERT_TRUE(made) << table << ": " << made.error().why;
      EXPECT_GT(made->quads + made->terms + made->tree + made->sealed, 0U) << table;
      store = fail(Code::nothing, "closed");
      EXPECT_EQ(said(), std::set<std::string>{}) << table;
      edit_table(directory(), table, [&](TableRows& all) { EXPECT_EQ(all, whole[table]) << table; });
    }
  }
  // A quad that one index alone has is nobody's.
  edit_table(directory(), "posg", [&](TableRows& all) { all[std::string(16, '\1')] = {}; });
  {
    auto store = Store::open(directory(), false);
    EXPECT_EQ(store->repair()->dropped, 1U);
  }
  EXPECT_EQ(said(), std::set<std::string>{});
  edit_table(directory(), "ledger", [&](TableRows& all) { all.begin()->second += " "; });
  const auto damaged = Store::open(directory(), false)->repair();
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, Code::integrity) << "entries are never made anew";
}

// The tree is what follows from the entries, and shows each of them and each step to a stranger.
TEST_F(Fsck, TheTreeShowsEveryEntry) {
  const auto store = Store::open(directory(), false);
  const auto head = store->checkpoint();
  ASSERT_TRUE(head);
  EXPECT_EQ(head->size, 6U);
  std::vector<std::string> leaves;
  ASSERT_TRUE(store->each_entry([&](const LedgerEntry& entry) {
    leaves.push_back(merkle::leaf_hash(entry.canonical()));
    return true;
  }));
  for (std::uint64_t i = 0; i < 6; ++i)
    EXPECT_TRUE(merkle::includes(leaves[i], i, 6, *store->prove_entry(Seq(i + 1), 6), head->root));
  EXPECT_EQ(store->prove_entry(Seq(7), 6).error().code, Code::nothing);
  EXPECT_EQ(store->prove_entry(Seq(), 6).error().code, Code::nothing);
  EXPECT_EQ(store->prove_entry(Seq(1), 7).error().code, Code::nothing);
  const auto both = merkle::node_hash(leaves[0], leaves[1]);
  EXPECT_TRUE(merkle::extends(2, both, 6, head->root, *store->prove_growth(2, 6)));
  EXPECT_EQ(store->prove_growth(6, 2).error().code, Code::nothing);
}

TEST_F(Fsck, ABrokenChainIsNotContinued) {
  for (const int entry : {1, 2, 3, 4}) {
    TableRows before;
    edit_table(directory(), "ledger", [&](TableRows& all) {
      before = all;
      auto& text = std::next(all.begin(), entry - 1)->second;
      const auto at = text.find("\"time\":\"2");
      ASSERT_NE(at, std::string::npos);
      text[at + 8] = '3';
    });
    {
      const auto store = Store::open(directory(), false);
      EXPECT_EQ(store->check_chain().error().code, Code::integrity) << entry;
    }
    edit_table(directory(), "ledger", [&](TableRows& all) { all = before; });
  }
  const auto store = Store::open(directory(), false);
  EXPECT_TRUE(store->check_chain());
}

}  // namespace
}  // namespace provgate::test
