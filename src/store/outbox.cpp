// SPDX-License-Identifier: Apache-2.0
// The outbox and the counts: what is sealed and not yet published.
#include <algorithm>

#include "store/impl.hpp"

namespace provgate {

Result<void> Store::each_pending(const std::function<bool(const OutboxRow&)>& visit) const {
  return impl_->read([&](MDB_txn* txn) -> Result<void> {
    CHECKED(impl_->check_counts(txn));
    Cursor cursor(txn, impl_->outbox);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      OutboxRow row;
      row.seq = Seq(read_u64(cursor.key()));
      row.said = cursor.value() != k_not_said;
      const auto bytes = row.said ? cursor.value() : std::string_view{};
      bool whole = cursor.key().size() == 8 && bytes.size() % 16 == 0;
      for (std::size_t at = 0; whole && at < bytes.size(); at += 16) {
        row.quads.push_back(read_quad(bytes.substr(at, 16), k_orders[0]));
        const auto& quad = row.quads.back();
        whole = quad.s && quad.p && quad.o;
      }
      // What is sent is all of it, or nothing: it is known nowhere afterwards.
      if (!whole)
        return fail(Code::integrity,
                    "what is to be published of entry " + std::to_string(row.seq.number) + " is damaged",
                    "restore the store from a copy");
      if (!visit(row)) break;
    }
    return {};
  });
}

Result<std::vector<Seq>> Store::in_flight() const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::vector<Seq>> {
    std::vector<Seq> rows;
    const auto bytes = Impl::get(txn, impl_->meta, "in_flight").value_or("");
    // A row may have gone since, in a batch that was asked for by name.
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      const auto key = std::string_view(bytes).substr(at, 8);
      if (Impl::get(txn, impl_->outbox, key)) rows.push_back(Seq(read_u64(key)));
    }
    return rows;
  });
}

Result<void> Store::begin_batch(const std::vector<Seq>& rows) {
  std::string bytes;
  for (const auto seq : rows) bytes += u64(seq.number);
  return impl_->write([&](MDB_txn* txn) { return Impl::put(txn, impl_->meta, "in_flight", bytes); });
}

Result<void> Store::finish_batch(const std::vector<Seq>& rows, const BatchId& id, bool ends_flight) {
  return impl_->write([&](MDB_txn* txn) {
    for (const auto seq : rows) {
      const auto key = u64(seq.number);
      MDB_val k = val(key);
      if (const int status = mdb_del(txn, impl_->outbox, &k, nullptr); status && status != MDB_NOTFOUND) return status;
      if (const int status = Impl::put(txn, impl_->published, key, id.text)) return status;
    }
    return ends_flight ? Impl::put(txn, impl_->meta, "in_flight", {}) : 0;
  });
}

Result<StoreStatus> Store::status() const {
  StoreStatus out;
  CHECKED(each_pending([&](const OutboxRow& row) {
    ++out.pending;
    out.pending_quads += row.quads.size(), out.unsaid += !row.said;
    return true;
  }));
  return impl_->read([&](MDB_txn* txn) -> Result<StoreStatus> {
    const auto entries = [&](MDB_dbi table) {
      MDB_stat stat;
      return mdb_stat(txn, table, &stat) ? std::uint64_t{0} : std::uint64_t{stat.ms_entries};
    };
    out.ledger_entries = entries(impl_->ledger);
    out.rejected = entries(impl_->rejected);
    out.sealed = out.ledger_entries - std::min(out.ledger_entries, out.rejected);
    out.kept = impl_->records ? entries(impl_->records) : 0;
    out.quads = entries(impl_->quads[0]), out.terms = entries(impl_->texts);
    return out;
  });
}

}  // namespace provgate
