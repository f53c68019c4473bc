// SPDX-License-Identifier: Apache-2.0
// Keys of the LMDB tables (FORMAT.md, "Store") and a cursor that cleans up after itself. Stage of the store only.
#pragma once

#include <lmdb.h>

#include <array>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "provgate/rdf/rdf.hpp"
#include "provgate/record/kept.hpp"
#include "provgate/seal/ledger.hpp"

namespace provgate {

inline MDB_val val(std::string_view bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }
inline std::string_view view(const MDB_val& v) { return {static_cast<const char*>(v.mv_data), v.mv_size}; }

// Big-endian, so that byte order is number order.
template <class T>
std::string big_endian(T value) {
  std::string out(sizeof(T), '\0');
  for (std::size_t i = sizeof(T); i-- > 0; value = static_cast<T>(value >> 8)) out[i] = static_cast<char>(value & 0xFF);
  return out;
}
inline std::string u32(std::uint32_t v) { return big_endian(v); }
inline std::string u64(std::uint64_t v) { return big_endian(v); }
inline std::uint64_t read_number(std::string_view bytes, std::size_t width) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < width && i < bytes.size(); ++i) out = (out << 8) | static_cast<unsigned char>(bytes[i]);
  return out;
}
inline std::uint32_t read_u32(std::string_view bytes) { return static_cast<std::uint32_t>(read_number(bytes, 4)); }
inline std::uint64_t read_u64(std::string_view bytes) { return read_number(bytes, 8); }

/// Any LMDB status but "not found" while reading: a damaged store must not look like an empty one.
struct LmdbFailure {
  int status;
};

/// The tables of a store; quad indexes first, in the order of k_orders.
inline constexpr const char* k_table_names[] = {"spog", "posg",   "ospg",   "gspo",     "terms",  "texts",
                                                "meta", "ledger", "sealed", "rejected", "outbox", "published"};

/// Tables that stores of earlier versions lack.
inline constexpr const char* k_later_table_names[] = {"unfinished", "tree", "roots", "records", "index"};

/// Where a kept record stands: five bytes of its entry's number, three of its own there.
inline std::string place_key(const KeptPlace& place) { return u64((place.entry.number << 24) | place.number); }
/// Requires eight bytes.
inline KeptPlace read_place(std::string_view key) {
  constexpr std::uint64_t k_number = (1 << 24) - 1;
  const auto both = read_u64(key);
  return {Seq(both >> 24), static_cast<std::uint32_t>(both & k_number)};
}

/// Of a subtree of the Merkle tree: its level in one byte, and its number within the level.
inline std::string tree_key(unsigned level, std::uint64_t index) {
  return std::string(1, static_cast<char>(level)) + u64(index);
}

/// An index order: which part of the quad (0 s, 1 p, 2 o, 3 g) comes first, second, …
using Order = std::array<int, 4>;
inline constexpr Order k_orders[4] = {{0, 1, 2, 3}, {1, 2, 0, 3}, {2, 0, 1, 3}, {3, 0, 1, 2}};

inline TermId part(const Quad& q, int i) { return i == 0 ? q.s : i == 1 ? q.p : i == 2 ? q.o : q.g; }
/// The store numbers its own terms, in 32 bits in every build (FORMAT.md).
inline std::string term_key(TermId id) { return u32(static_cast<std::uint32_t>(id)); }
inline std::string quad_key(const Quad& q, const Order& order) {
  return term_key(part(q, order[0])) + term_key(part(q, order[1])) + term_key(part(q, order[2])) +
         term_key(part(q, order[3]));
}
/// Throws LmdbFailure where it is no key of a quad.
inline Quad read_quad(std::string_view key, const Order& order) {
  if (key.size() != 16) throw LmdbFailure{MDB_CORRUPTED};
  std::array<TermId, 4> parts{};
  for (std::size_t i = 0; i < 4; ++i) parts[static_cast<std::size_t>(order[i])] = read_u32(key.substr(i * 4, 4));
  return {parts[0], parts[1], parts[2], parts[3]};
}
inline std::string pattern_prefix(const Quad& pattern, const Order& order) {
  std::string out;
  for (const int i : order) {
    if (!part(pattern, i)) break;
    out += term_key(part(pattern, i));
  }
  return out;
}
inline std::size_t best_order(const Quad& pattern) {
  std::size_t best = 0, length = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    if (const auto n = pattern_prefix(pattern, k_orders[i]).size(); n > length) best = i, length = n;
  }
  return best;
}
inline bool matches(const Quad& q, const Quad& pattern) {
  return (!pattern.s || q.s == pattern.s) && (!pattern.p || q.p == pattern.p) && (!pattern.o || q.o == pattern.o) &&
         (!pattern.g || q.g == pattern.g);
}

/// LMDB keys hold 511 bytes; a longer text goes under a marker and its SHA-256.
inline std::string bounded_key(std::string_view text) {
  constexpr std::size_t k_longest = 480;
  return text.size() <= k_longest ? std::string(text) : "\xFF" + sha256(text);
}
inline std::string term_key(std::string_view ntriples_text) { return bounded_key(ntriples_text); }
inline std::string sealed_key(const FormerId& id) { return bounded_key(id.scope.text + '\0' + id.iri.text); }
inline std::string sealed_key(const RecordId& id) {
  return bounded_key(id.system.text + '\0' + id.scope.text + '\0' + id.iri.text);
}

inline std::uint64_t rows_in(MDB_txn* txn, MDB_dbi table) {
  MDB_stat stat{};
  if (const int status = mdb_stat(txn, table, &stat)) throw LmdbFailure{status};
  return stat.ms_entries;
}

class Cursor {
 public:
  Cursor(MDB_txn* txn, MDB_dbi table) {
    if (const int status = mdb_cursor_open(txn, table, &cursor_)) throw LmdbFailure{status};
  }
  ~Cursor() {
    if (cursor_) mdb_cursor_close(cursor_);
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  bool first() { return move(MDB_FIRST); }
  bool next() { return move(MDB_NEXT); }
  bool seek(std::string_view prefix) {
    if (prefix.empty()) return first();
    key_ = val(prefix);
    return move(MDB_SET_RANGE);
  }
  bool last() { return move(MDB_LAST); }
  bool before() { return move(MDB_PREV); }
  /// A row, where there is none with that key (MDB_KEYEXIST). Returns an LMDB status.
  int add(std::string_view key, std::string_view value) {
    MDB_val k = val(key), v = val(value);
    return mdb_cursor_put(cursor_, &k, &v, MDB_NOOVERWRITE);
  }
  /// A row without a value, where there is none with that key (MDB_KEYEXIST). Returns an LMDB status.
  int add(std::string_view key) {
    MDB_val k = val(key), none{};
    return mdb_cursor_put(cursor_, &k, &none, MDB_NOOVERWRITE);
  }
  std::string_view key() const { return view(key_); }
  std::string_view value() const { return view(value_); }

 private:
  bool move(MDB_cursor_op op) {
    const int status = mdb_cursor_get(cursor_, &key_, &value_, op);
    if (status && status != MDB_NOTFOUND) throw LmdbFailure{status};
    return status == 0;
  }
  MDB_cursor* cursor_ = nullptr;
  MDB_val key_{}, value_{};
};

}  // namespace provgate
