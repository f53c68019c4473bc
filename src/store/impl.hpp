// What the files of the store share: the environment, its tables, and how transactions are run.
#pragma once

#include <lmdb.h>

#include <cerrno>
#include <mutex>
#include <optional>

#include "provgate/store.hpp"
#include "store/keys.hpp"

namespace provgate {

/// LMDB reports a short write as EIO, whatever stopped it; this tells a full disk.
bool disk_is_full(const std::string& directory);
/// The error for an LMDB status.
tl::unexpected<Error> lmdb_error(int status, std::string what);

struct Store::Impl {
  MDB_env* env = nullptr;
  std::string directory;
  // Quad indexes first, in the order of k_orders.
  MDB_dbi quads[4] = {}, terms = 0, texts = 0, meta = 0, ledger = 0, sealed = 0, rejected = 0, outbox = 0, published = 0;
  std::mutex write_mutex;

  ~Impl() {
    if (env) mdb_env_close(env);
  }

  Result<void> open(const std::string& path, bool create);
  Result<void> open_tables(bool create);

  int begin_reading(MDB_txn*& txn) const {
    const int status = mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn);
    if (status != MDB_MAP_RESIZED) return status;
    mdb_env_set_mapsize(env, 0);
    return mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn);
  }

  /// Runs `body` in a read transaction.
  template <class F>
  auto read(F&& body) const -> decltype(body(std::declval<MDB_txn*>())) {
    MDB_txn* txn = nullptr;
    if (const int status = begin_reading(txn)) return lmdb_error(status, "cannot begin to read");
    try {
      auto result = body(txn);
      mdb_txn_abort(txn);
      return result;
    } catch (const LmdbFailure& failure) {
      mdb_txn_abort(txn);
      return lmdb_error(failure.status, "cannot be read");
    }
  }

  /// Runs `body` in a write transaction; grows the map and starts over when it is full. `body` returns an LMDB status.
  template <class F>
  Result<void> write(F&& body) {
    const std::lock_guard lock(write_mutex);
    while (true) {
      MDB_txn* txn = nullptr;
      int status = mdb_txn_begin(env, nullptr, 0, &txn);
      if (status == MDB_MAP_RESIZED) {
        mdb_env_set_mapsize(env, 0);
        continue;
      }
      if (status) return lmdb_error(status, "cannot begin to write");
      try {
        status = body(txn);
      } catch (const LmdbFailure& failure) {
        status = failure.status;
      }
      if (status == 0) {
        status = mdb_txn_commit(txn);
      } else {
        mdb_txn_abort(txn);
      }
      if (status == 0) return {};
      if (status == EIO && disk_is_full(directory)) status = ENOSPC;
      if (status != MDB_MAP_FULL) return lmdb_error(status, "cannot write");
      MDB_envinfo info;
      mdb_env_info(env, &info);
      if (const int grown = mdb_env_set_mapsize(env, info.me_mapsize * 2)) return lmdb_error(grown, "cannot grow");
    }
  }

  static std::optional<std::string> get(MDB_txn* txn, MDB_dbi table, std::string_view key) {
    MDB_val k = val(key), v;
    const int status = mdb_get(txn, table, &k, &v);
    if (status && status != MDB_NOTFOUND) throw LmdbFailure{status};
    if (status) return {};
    return std::string(view(v));
  }
  static int put(MDB_txn* txn, MDB_dbi table, std::string_view key, std::string_view value, unsigned flags = 0) {
    MDB_val k = val(key), v = val(value);
    return mdb_put(txn, table, &k, &v, flags);
  }

  int intern(MDB_txn* txn, std::string_view text, TermId& id) {
    const auto key = term_key(text);
    if (const auto known = get(txn, terms, key)) {
      id = read_u32(*known);
      return 0;
    }
    MDB_stat stat;
    if (const int status = mdb_stat(txn, texts, &stat)) return status;
    id = static_cast<TermId>(stat.ms_entries + 1);
    if (const int status = put(txn, terms, key, term_key(id))) return status;
    return put(txn, texts, term_key(id), text, MDB_APPEND);
  }

  int add(MDB_txn* txn, const Quad& quad, bool& fresh) {
    for (std::size_t i = 0; i < 4; ++i) {
      const int status = put(txn, quads[i], quad_key(quad, k_orders[i]), {}, MDB_NOOVERWRITE);
      if (status == MDB_KEYEXIST) return 0;
      if (status) return status;
    }
    fresh = true;
    return 0;
  }

  Head head(MDB_txn* txn) const {
    Head out;
    MDB_cursor* cursor = nullptr;
    if (mdb_cursor_open(txn, ledger, &cursor)) return out;
    MDB_val k, v;
    if (mdb_cursor_get(cursor, &k, &v, MDB_LAST) == 0) out = {read_u64(view(k)), sha256_hex(view(v))};
    mdb_cursor_close(cursor);
    return out;
  }
};

}  // namespace provgate
