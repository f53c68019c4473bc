// SPDX-License-Identifier: Apache-2.0
// The rows of a store's tables, behind the store's back.
#pragma once

#include <gtest/gtest.h>
#include <lmdb.h>

#include <functional>
#include <map>
#include <string>

namespace provgate::test {

using TableRows = std::map<std::string, std::string>;

// Gives the rows of one table to `edit`, and writes what it makes of them.
inline void edit_table(const std::string& directory, const char* table, const std::function<void(TableRows&)>& edit) {
  MDB_env* env = nullptr;
  mdb_env_create(&env);
  mdb_env_set_maxdbs(env, 32);
  mdb_env_set_mapsize(env, 64 << 20);
  ASSERT_EQ(mdb_env_open(env, directory.c_str(), 0, 0644), 0);
  MDB_txn* txn = nullptr;
  ASSERT_EQ(mdb_txn_begin(env, nullptr, 0, &txn), 0);
  MDB_dbi dbi = 0;
  ASSERT_EQ(mdb_dbi_open(txn, table, 0, &dbi), 0) << table;
  MDB_cursor* cursor = nullptr;
  mdb_cursor_open(txn, dbi, &cursor);
  TableRows rows;
  const auto text = [](const MDB_val& v) { return std::string(static_cast<const char*>(v.mv_data), v.mv_size); };
  MDB_val key, value;
  while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) rows[text(key)] = text(value);
  mdb_cursor_close(cursor);
  edit(rows);
  mdb_drop(txn, dbi, 0);
  for (auto& [k, v] : rows) {
    MDB_val mk{k.size(), const_cast<char*>(k.data())}, mv{v.size(), v.data()};
    ASSERT_EQ(mdb_put(txn, dbi, &mk, &mv, 0), 0);
  }
  ASSERT_EQ(mdb_txn_commit(txn), 0);
  mdb_env_close(env);
}

}  // namespace provgate::test
