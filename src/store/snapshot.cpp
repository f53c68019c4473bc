// SPDX-License-Identifier: Apache-2.0
#include "store/snapshot.hpp"

#include <cstring>

namespace provgate {
namespace {

TermId load(const unsigned char* bytes) {
  return (TermId{bytes[0]} << 24) | (TermId{bytes[1]} << 16) | (TermId{bytes[2]} << 8) | TermId{bytes[3]};
}
void save(unsigned char* bytes, TermId id) {
  bytes[0] = static_cast<unsigned char>(id >> 24), bytes[1] = static_cast<unsigned char>(id >> 16);
  bytes[2] = static_cast<unsigned char>(id >> 8), bytes[3] = static_cast<unsigned char>(id);
}

[[noreturn]] void unreadable(int status) {
  throw SourceDamaged(std::string("the store cannot be read: ") + mdb_strerror(status));
}

/// A cursor over one index, from the first key with the prefix to the last.
class IndexScan final : public QuadSource::Scan {
 public:
  IndexScan(MDB_txn* txn, MDB_dbi table, std::size_t index) : order(index) {
    if (const int status = mdb_cursor_open(txn, table, &cursor_)) unreadable(status);
  }
  ~IndexScan() override { mdb_cursor_close(cursor_); }
  IndexScan(const IndexScan&) = delete;
  IndexScan& operator=(const IndexScan&) = delete;

  void start(const Quad& pattern, std::size_t fixed) {
    pattern_ = pattern;
    length_ = fixed * 4;
    for (std::size_t i = 0; i < fixed; ++i) save(prefix_.data() + i * 4, part(pattern, k_orders[order][i]));
    // What the prefix does not say is compared quad by quad.
    filtered_ = false;
    for (std::size_t i = fixed; i < 4; ++i) filtered_ |= part(pattern, k_orders[order][i]) != 0;
    begun_ = ended_ = false;
  }

  std::size_t next(std::span<Quad> out) override {
    const StoreAtWork at_work;
    std::size_t n = 0;
    MDB_val key{}, value{};
    while (n < out.size() && !ended_) {
      if (begun_) {
        ended_ = !move(key, value, MDB_NEXT);
      } else {
        begun_ = true;
        key = {length_, prefix_.data()};
        ended_ = !move(key, value, length_ ? MDB_SET_RANGE : MDB_FIRST);
      }
      if (ended_) break;
      if (key.mv_size != 16)
        throw SourceDamaged("the store is damaged: an index key has " + std::to_string(key.mv_size) + " bytes");
      if (std::memcmp(key.mv_data, prefix_.data(), length_) != 0) {
        ended_ = true;
        break;
      }
      const auto* bytes = static_cast<const unsigned char*>(key.mv_data);
      std::array<TermId, 4> parts{};
      for (std::size_t i = 0; i < 4; ++i) parts[static_cast<std::size_t>(k_orders[order][i])] = load(bytes + i * 4);
      const Quad quad{parts[0], parts[1], parts[2], parts[3]};
      if (!filtered_ || matches(quad, pattern_)) out[n++] = quad;
    }
    return n;
  }

  const std::size_t order;

 private:
  bool move(MDB_val& key, MDB_val& value, MDB_cursor_op op) {
    const int status = mdb_cursor_get(cursor_, &key, &value, op);
    if (status && status != MDB_NOTFOUND) unreadable(status);
    return status == 0;
  }

  MDB_cursor* cursor_ = nullptr;
  Quad pattern_;
  std::array<unsigned char, 16> prefix_{};
  std::size_t length_ = 0;
  bool filtered_ = false, begun_ = false, ended_ = false;
};

class Snapshot final : public QuadSource {
 public:
  Snapshot(ReadTransaction begun, const MDB_dbi (&quads)[4], MDB_dbi terms, MDB_dbi texts)
      : begun_(std::move(begun)), txn_(begun_.get()), quads_(std::to_array(quads)), terms_(terms), texts_(texts) {}
  ~Snapshot() override {
    for (auto& free : free_) free.clear();  // cursors before their transaction
    graphs_.reset();
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  std::unique_ptr<Scan> open(const Quad& pattern) override {
    std::size_t order = 0, fixed = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      std::size_t n = 0;
      while (n < 4 && part(pattern, k_orders[i][n])) ++n;
      if (n > fixed) order = i, fixed = n;
    }
    // A graph holds the few quads of one record; a predicate or an object alone may match everything.
    if (pattern.g && fixed < 2 && !pattern.s) {
      order = 3, fixed = 1;
    }
    auto& free = free_[order];
    std::unique_ptr<IndexScan> scan;
    if (free.empty()) {
      scan = std::make_unique<IndexScan>(txn_, quads_[order], order);
    } else {
      scan = std::move(free.back());
      free.pop_back();
    }
    scan->start(pattern, fixed);
    return scan;
  }

  void close(std::unique_ptr<Scan> scan) override {
    std::unique_ptr<IndexScan> mine(static_cast<IndexScan*>(scan.release()));
    if (auto& free = free_[mine->order]; free.size() < 64) free.push_back(std::move(mine));
  }

  TermId find(std::string_view text) override {
    const StoreAtWork at_work;
    const auto id = find_key(term_key(text));
    return id || !has_capital_tag(text) ? id : find_key(term_key(lower_tag(text)));
  }

  std::string_view text(TermId id) override {
    const StoreAtWork at_work;
    std::array<unsigned char, 4> key{};
    save(key.data(), id);
    MDB_val k{key.size(), key.data()}, v;
    if (const int status = mdb_get(txn_, texts_, &k, &v)) unreadable(status);
    return view(v);
  }

  bool stored() const override { return true; }
  TermId next_graph(TermId after) override {
    if (after == ~TermId{0}) return 0;
    const StoreAtWork at_work;
    try {
      if (!graphs_) graphs_ = std::make_unique<Cursor>(txn_, quads_[3]);
      return graphs_->seek(term_key(after + 1)) ? read_u32(graphs_->key().substr(0, 4)) : 0;
    } catch (const LmdbFailure& failure) {
      unreadable(failure.status);
    }
  }

 private:
  TermId find_key(std::string_view key) {
    MDB_val k = val(key), v;
    const int status = mdb_get(txn_, terms_, &k, &v);
    if (status == MDB_NOTFOUND) return 0;
    if (status) unreadable(status);
    return read_u32(view(v));
  }

  ReadTransaction begun_;
  MDB_txn* txn_;
  std::array<MDB_dbi, 4> quads_;
  MDB_dbi terms_, texts_;
  std::array<std::vector<std::unique_ptr<IndexScan>>, 4> free_;
  std::unique_ptr<Cursor> graphs_;
};

}  // namespace

std::unique_ptr<QuadSource> make_snapshot(ReadTransaction begun, const MDB_dbi (&quads)[4], MDB_dbi terms,
                                          MDB_dbi texts) {
  return std::make_unique<Snapshot>(std::move(begun), quads, terms, texts);
}

}  // namespace provgate
