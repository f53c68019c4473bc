// SPDX-License-Identifier: Apache-2.0
// The store by itself: its format, scans by every pattern, growth.
#include "provgate/store/store.hpp"

#include <gtest/gtest.h>
#include <lmdb.h>

#include <array>
#include <set>

#include "support/memory_disk.hpp"
#include "support/quads.hpp"

namespace provgate::test {
namespace {

TEST(Store, RefusesAnUnknownFormat) {
  TemporaryDirectory home;
  {
    ASSERT_TRUE(Store::open(home.path, true));
  }
  MDB_env* env = nullptr;
  mdb_env_create(&env);
  mdb_env_set_maxdbs(env, 16);
  ASSERT_EQ(mdb_env_open(env, home.path.c_str(), 0, 0644), 0);
  MDB_txn* txn = nullptr;
  mdb_txn_begin(env, nullptr, 0, &txn);
  MDB_dbi meta;
  mdb_dbi_open(txn, "meta", 0, &meta);
  MDB_val key{6, const_cast<char*>("format")}, value{2, const_cast<char*>("99")};
  mdb_put(txn, meta, &key, &value, 0);
  mdb_txn_commit(txn);
  mdb_env_close(env);
  const auto store = Store::open(home.path, true);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::input);
  EXPECT_NE(store.error().why.find("99"), std::string::npos);
}

TEST(Store, MissingStoreIsNothing) {
  TemporaryDirectory home;
  const auto store = Store::open(join_path(home.path, "none"), false);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::nothing);
}

TEST(Store, ScansByEveryPattern) {
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  ASSERT_TRUE(store);
  std::vector<std::array<std::string, 4>> quads;
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 3; ++k)
      quads.push_back({"<urn:s" + std::to_string(i) + ">", "<urn:p" + std::to_string(k) + ">",
                       "\"o" + std::to_string(i * k) + "\"", k % 2 ? "<urn:g>" : ""});
  }
  for (const auto& q : quads) ASSERT_TRUE(*test::add_quad(*store, q[0], q[1], q[2], q[3]));
  EXPECT_FALSE(*test::add_quad(*store, quads[0][0], quads[0][1], quads[0][2], quads[0][3]));
  for (int mask = 0; mask < 16; ++mask) {
    for (const auto& wanted : quads) {
      const auto id = [&](int bit, std::size_t part) {
        return mask & bit ? *store->find_term(wanted[part]) : TermId{0};
      };
      Quad pattern{id(1, 0), id(2, 1), id(4, 2), 0};
      if (!wanted[3].empty()) pattern.g = id(8, 3);
      std::set<std::string> found, expected;
      ASSERT_TRUE(store->scan(pattern, [&](const Quad& q) {
        found.insert(*store->term(q.s) + *store->term(q.p) + *store->term(q.o) +
                     (q.g ? *store->term(q.g) : std::string{}));
        return true;
      }));
      for (const auto& q : quads) {
        const bool fits = (!(mask & 1) || q[0] == wanted[0]) && (!(mask & 2) || q[1] == wanted[1]) &&
                          (!(mask & 4) || q[2] == wanted[2]) && (!pattern.g || q[3] == wanted[3]);
        if (fits) expected.insert(q[0] + q[1] + q[2] + q[3]);
      }
      EXPECT_EQ(found, expected);
    }
  }
}

TEST(Store, GrowsAndKeepsLongTerms) {
  TemporaryDirectory home;
  auto store = Store::open(home.path, true);
  ASSERT_TRUE(store);
  const std::string big(1 << 20, 'x');
  for (int i = 0; i < 90; ++i)
    ASSERT_TRUE(test::add_quad(*store, "<urn:s>", "<urn:p>", literal_text(big + std::to_string(i)), ""));
  EXPECT_EQ(store->status()->quads, 90U);
  EXPECT_NE(store->find_term(literal_text(big + "89")), 0U);
}

}  // namespace
}  // namespace provgate::test
