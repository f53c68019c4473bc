// SPDX-License-Identifier: Apache-2.0
// Makes anew what follows from other tables (FORMAT.md, "Store").
#include <bit>
#include <map>
#include <set>

#include "store/impl.hpp"

namespace provgate {
namespace {

class Repair {
 public:
  Repair(MDB_txn* txn, Store::Impl& in, StoreRepair& out) : txn_(txn), in_(in), out_(out) {}

  // Returns an LMDB status.
  int run() {
    if (const int status = quads()) return status;
    if (const int status = terms()) return status;
    if (const int status = sealed()) return status;
    if (const int status = mdb_drop(txn_, in_.tree, 0)) return status;
    if (const int status = in_.grow_tree(txn_)) return status;
    return Store::Impl::put(txn_, in_.meta, "rows", in_.row_counts(txn_));
  }

 private:
  // What three of the four have, all four get; what one alone has goes. Of what two have nobody can tell: it stays as
  // it is, and a fault.
  int quads() {
    std::map<std::string, unsigned> seen;  // by the key of the first order
    for (std::size_t i = 0; i < 4; ++i) {
      Cursor cursor(txn_, in_.quads[i]);
      for (bool more = cursor.first(); more; more = cursor.next()) {
        if (cursor.key().size() == 16) seen[quad_key(read_quad(cursor.key(), k_orders[i]), k_orders[0])] |= 1U << i;
      }
    }
    for (const auto& [key, where] : seen) {
      const auto quad = read_quad(key, k_orders[0]);
      const auto indexes = std::popcount(where);
      if (indexes == 2) continue;
      const bool keep = indexes > 2;
      for (std::size_t i = 0; i < 4; ++i) {
        const bool there = (where >> i & 1U) != 0;
        if (there == keep) continue;
        const auto row = quad_key(quad, k_orders[i]);
        MDB_val k = val(row);
        const int status =
            keep ? Store::Impl::put(txn_, in_.quads[i], row, {}) : mdb_del(txn_, in_.quads[i], &k, nullptr);
        if (status) return status;
        ++(keep ? out_.quads : out_.dropped);
      }
    }
    return 0;
  }

  // A text and its number; of a long text the key is a digest, and the text cannot be made from it.
  int terms() {
    std::map<std::string, std::string> lost;
    std::set<std::string>
        led_to;  // numbers that a text has already: another text of such a one is a fault, which stays
    Cursor numbers(txn_, in_.terms);
    for (bool more = numbers.first(); more; more = numbers.next()) {
      led_to.emplace(numbers.value());
      if (!numbers.key().starts_with('\xFF') && !Store::Impl::get(txn_, in_.texts, numbers.value()))
        lost.emplace(numbers.value(), numbers.key());
    }
    for (const auto& [id, text] : lost) {
      if (const int status = Store::Impl::put(txn_, in_.texts, id, text)) return status;
      ++out_.terms;
    }
    lost.clear();
    Cursor texts(txn_, in_.texts);
    for (bool more = texts.first(); more; more = texts.next()) {
      if (!led_to.contains(std::string(texts.key())) &&
          Store::Impl::find_term(txn_, in_.terms, texts.value()) != read_u32(texts.key()))
        lost.emplace(texts.key(), texts.value());
    }
    for (const auto& [id, text] : lost) {
      if (const int status = Store::Impl::put(txn_, in_.terms, term_key(lower_tag(text)), id)) return status;
      ++out_.terms;
    }
    return 0;
  }

  // The newest entry of each record.
  int sealed() {
    std::map<std::string, std::string> rows;
    Cursor cursor(txn_, in_.ledger);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      const auto entry = parse_ledger_entry(cursor.value());
      if (!entry) return MDB_CORRUPTED;
      if (entry->kind != "sealed") continue;
      const auto key = entry->version == k_ledger_version ? sealed_key(entry->id)
                                                          : sealed_key(FormerId{entry->id.scope, entry->id.iri});
      rows.insert_or_assign(key, std::string(cursor.key()));
    }
    std::map<std::string, std::string> there;
    Cursor known(txn_, in_.sealed);
    for (bool more = known.first(); more; more = known.next()) there.emplace(known.key(), known.value());
    for (const auto& [key, seq] : there) {
      const auto right = rows.find(key);
      if (right != rows.end() && right->second == seq) {
        rows.erase(right);
        continue;
      }
      MDB_val k = val(key);
      if (const int status = mdb_del(txn_, in_.sealed, &k, nullptr)) return status;
      ++out_.sealed;
    }
    for (const auto& [key, seq] : rows) {
      if (const int status = Store::Impl::put(txn_, in_.sealed, key, seq)) return status;
      ++out_.sealed;
    }
    return 0;
  }

  MDB_txn* txn_;
  Store::Impl& in_;
  StoreRepair& out_;
};

}  // namespace

Result<StoreRepair> Store::repair() {
  if (!impl_->tree) return fail(Code::world, "the store of an earlier version was opened for reading only");
  StoreRepair out;
  TRY(const auto alone, lock_sealing());
  CHECKED(impl_->write([&](MDB_txn* txn) {
    out = {};
    MDB_stat before{}, after{};
    if (const int status = mdb_stat(txn, impl_->tree, &before)) return status;
    if (const int status = Repair(txn, *impl_, out).run()) return status;
    if (const int status = mdb_stat(txn, impl_->tree, &after)) return status;
    out.tree = after.ms_entries > before.ms_entries ? after.ms_entries - before.ms_entries : 0;
    return 0;
  }));
  return out;
}

}  // namespace provgate
