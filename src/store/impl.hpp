// SPDX-License-Identifier: Apache-2.0
// What the files of the store share: the environment, its tables, and how transactions are run.
#pragma once

#include <lmdb.h>

#include <cerrno>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_set>

#include "provgate/seal/merkle.hpp"
#include "provgate/store/store.hpp"
#include "store/guard.hpp"
#include "store/keys.hpp"

namespace provgate {

struct LedgerRow;  // store/read_ahead.hpp

/// LMDB reports a short write as EIO, whatever stopped it; this tells a full disk.
bool disk_is_full(const std::string& directory);
/// The error for an LMDB status.
tl::unexpected<Error> lmdb_error(int status, std::string what);

/// An open read transaction; while it lives the map keeps its place. Must end on the thread that began it.
class ReadTransaction {
 public:
  ReadTransaction(MDB_txn* txn, std::shared_lock<std::shared_mutex> inside);
  ~ReadTransaction();
  ReadTransaction(ReadTransaction&& other) noexcept
      : txn_(std::exchange(other.txn_, nullptr)), inside_(std::move(other.inside_)) {}
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  MDB_txn* get() const { return txn_; }
  /// Commits it, which keeps table handles that were opened in it.
  int commit() { return mdb_txn_commit(std::exchange(txn_, nullptr)); }
  /// Whether the calling thread has one open in the store with this lock.
  static bool any_here(const std::shared_mutex& store);

 private:
  MDB_txn* txn_;
  std::shared_lock<std::shared_mutex> inside_;
};

/// What stands in the outbox for an entry whose statements are not made yet.
inline constexpr std::string_view k_not_said = "later";

/// Whether the ledger's end is noted in `meta` with such an entry, in its canonical form: not by 0.1.0.
bool is_noted_with_its_entry(std::string_view entry);
/// Under which a rejection stands in the table `rejected`: what it says, not when it was written.
std::string rejection_key(const LedgerEntry& entry);

/// What a batch has met so far: each of its terms is looked up in the store once, and a statement goes to the outbox
/// once.
struct Met {
  Dictionary terms;
  std::vector<TermId> here = {0};  ///< the store's number of each of those terms; 0: not asked for yet
  std::vector<Quad> quads;
  std::unordered_set<std::string> keys;  ///< of the quads, in the order of k_orders[0]
};

struct Store::Impl {
  MDB_env* env = nullptr;
  std::string directory;
  // Quad indexes first, in the order of k_orders.
  MDB_dbi quads[4] = {}, terms = 0, texts = 0, meta = 0, ledger = 0, sealed = 0, rejected = 0, outbox = 0,
          published = 0;
  /// 0 in a store that was never written by a version that has them.
  MDB_dbi unfinished = 0, tree = 0, roots = 0, records = 0, kept_rows = 0;
  mutable std::mutex write_mutex;
  mutable std::shared_mutex map_mutex;  ///< held shared while a transaction is open, alone while the map is resized
  bool made_aside = false;              ///< it is one that make_whole makes
  bool unlocked = false;                ///< opened without its lock, for reading

  ~Impl() {
    if (env) mdb_env_close(env);
  }

  Result<void> open(const std::string& path, bool create);
  Result<void> make_whole(const std::string& path);
  Result<void> open_tables(bool create);
  /// One entry with its outbox row; its quads go to `met`. Returns an LMDB status.
  int append(MDB_txn* txn, const Sealed& of, Met& met);
  /// The quads of a graph in this store's numbers, as a row of the outbox; those that are new to `met` go there.
  /// Returns an LMDB status.
  int intern_all(MDB_txn* txn, const Graph& graph, Met& met, std::string& row);
  /// The records of a batch, and what they are found by. Returns an LMDB status.
  int keep(MDB_txn* txn, const Sealed& of);
  /// The first entry of kept records whose statements are not made; nothing where there is none.
  std::optional<Seq> unsaid(MDB_txn* txn) const;
  /// Adds the entries that the tree does not have yet. Returns an LMDB status.
  int grow_tree(MDB_txn* txn);
  /// The whole subtrees that are kept, and how many leaves there are.
  merkle::Nodes tree_nodes(MDB_txn* txn) const;
  std::uint64_t tree_size(MDB_txn* txn) const;
  /// See Store::checkpoint.
  Result<Checkpoint> checkpoint(MDB_txn* txn, std::optional<std::uint64_t> size) const;
  /// All quads into all indexes, each in its order. Returns an LMDB status.
  int add_all(MDB_txn* txn, std::vector<Quad> all);
  /// Until `visit` says no. See Store::each_entry.
  Result<std::optional<Head>> each_row(const std::function<bool(const LedgerRow&)>& visit) const;
  /// The entry that a key of `sealed` leads to.
  Result<std::optional<LedgerEntry>> entry_at(const std::string& key) const;

  /// Begins a read transaction. Requires nothing; on error there is none.
  Result<ReadTransaction> begin_reading() const;
  /// Runs `body` in a read transaction.
  template <class F>
  auto read(F&& body) const -> decltype(body(std::declval<MDB_txn*>())) {
    const StoreAtWork at_work;
    auto begun = begin_reading();
    if (!begun) return tl::unexpected<Error>(std::move(begun).error());
    try {
      return body(begun->get());
    } catch (const LmdbFailure& failure) {
      return lmdb_error(failure.status, "cannot be read");
    }
  }

  /// Runs `body` in a write transaction; grows the map and starts over when it is full. `body` returns an LMDB status.
  /// The map grows only when no transaction of this process is open. A thread that reads meanwhile never waits: it is
  /// told that the store is busy (Code::world), or that the map would have to grow (Code::bug).
  template <class F>
  Result<void> write(F&& body) {
    const StoreAtWork at_work;
    std::unique_lock lock(write_mutex, std::defer_lock);
    if (!ReadTransaction::any_here(map_mutex)) {
      lock.lock();
    } else if (!lock.try_lock()) {
      // Another writer may be waiting for this very reader, so that the map can grow.
      return fail(Code::world, "the store is busy: another thread writes to it");
    }
    while (true) {
      const int status = write_once(body);
      if (status == 0) return {};
      if (status != MDB_MAP_FULL && status != MDB_MAP_RESIZED)
        return lmdb_error(status == EIO && disk_is_full(directory) ? ENOSPC : status, "cannot write");
      CHECKED(resize(status == MDB_MAP_FULL));
    }
  }

  template <class F>
  int write_once(F&& body) {
    const std::shared_lock inside(map_mutex);
    MDB_txn* txn = nullptr;
    if (const int status = mdb_txn_begin(env, nullptr, 0, &txn)) return status;
    struct Abort {
      MDB_txn* txn;
      ~Abort() {
        if (txn) mdb_txn_abort(txn);
      }
    } open{txn};  // also when `body` throws something else
    try {
      if (const int status = body(txn)) return status;
    } catch (const LmdbFailure& failure) {
      return failure.status;
    }
    open.txn = nullptr;
    return mdb_txn_commit(txn);
  }

  /// Doubles the map, or takes over the size that another process gave it. Requires write_mutex.
  Result<void> resize(bool grow) const;

  /// Valid until something is written in the transaction, or it ends.
  static std::optional<std::string_view> look_up(MDB_txn* txn, MDB_dbi table, std::string_view key) {
    MDB_val k = val(key), v;
    const int status = mdb_get(txn, table, &k, &v);
    if (status && status != MDB_NOTFOUND) throw LmdbFailure{status};
    if (status) return {};
    return view(v);
  }
  static std::optional<std::string> get(MDB_txn* txn, MDB_dbi table, std::string_view key) {
    const auto found = look_up(txn, table, key);
    return found ? std::optional<std::string>(*found) : std::nullopt;
  }
  static int put(MDB_txn* txn, MDB_dbi table, std::string_view key, std::string_view value, unsigned flags = 0) {
    MDB_val k = val(key), v = val(value);
    return mdb_put(txn, table, &k, &v, flags);
  }

  /// The number of a term; 0: it has none. A tag with capitals may stand as it was written (by 0.1.0) or in lower case.
  static TermId find_term(MDB_txn* txn, MDB_dbi terms, std::string_view text) {
    auto known = get(txn, terms, term_key(text));
    if (!known && has_capital_tag(text)) known = get(txn, terms, term_key(lower_tag(text)));
    return known ? read_u32(*known) : TermId{0};
  }

  int intern(MDB_txn* txn, std::string_view text, TermId& id) {
    id = find_term(txn, terms, text);
    if (id) return 0;
    const auto key = term_key(lower_tag(text));
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

  /// How many rows `sealed`, and `outbox` and `published` together, have: publishing changes neither.
  std::string row_counts(MDB_txn* txn) const;
  /// Errors: Code::integrity where they are not as many as were noted with the last entry.
  Result<void> check_counts(MDB_txn* txn) const;
  /// The last entry. Errors: Code::integrity where rows are missing, and where it is not the one that was noted when it
  /// was written.
  Result<Head> head(MDB_txn* txn) const;
  /// What was noted in `meta` with the last entry; nothing in a store of 0.1.0 that was not written since.
  static std::optional<Head> noted_head(MDB_txn* txn, MDB_dbi meta);
};

}  // namespace provgate
