// SPDX-License-Identifier: Apache-2.0
// The Merkle tree over the ledger, kept in the transaction that appends (FORMAT.md, "Store").
#include "store/impl.hpp"

namespace provgate {

merkle::Nodes Store::Impl::tree_nodes(MDB_txn* txn) const {
  return [this, txn](unsigned level, std::uint64_t index) -> Result<std::string> {
    const auto hash = get(txn, tree, tree_key(level, index));
    if (!hash) return fail(Code::integrity, "a node of the ledger's tree is gone", "restore the store from a copy");
    return *hash;
  };
}

std::uint64_t Store::Impl::tree_size(MDB_txn* txn) const {
  MDB_cursor* cursor = nullptr;
  if (const int status = mdb_cursor_open(txn, tree, &cursor)) throw LmdbFailure{status};
  // The last leaf is before the first node of level 1.
  const auto above = tree_key(1, 0);
  MDB_val k = val(above), v;
  int status = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
  status = mdb_cursor_get(cursor, &k, &v, status == 0 ? MDB_PREV : MDB_LAST);
  const auto size = status == 0 ? read_u64(view(k).substr(1)) + 1 : 0;
  mdb_cursor_close(cursor);
  if (status && status != MDB_NOTFOUND) throw LmdbFailure{status};
  return size;
}

int Store::Impl::grow_tree(MDB_txn* txn) {
  auto size = tree_size(txn);
  const auto nodes = tree_nodes(txn);
  Cursor cursor(txn, ledger);
  for (bool more = cursor.seek(u64(size + 1)); more; more = cursor.next(), ++size) {
    const auto grown = merkle::added(nodes, size, merkle::leaf_hash(cursor.value()));
    if (!grown) return MDB_CORRUPTED;
    for (const auto& node : *grown) {
      if (const int status = put(txn, tree, tree_key(node.level, node.index), node.hash)) return status;
    }
  }
  return 0;
}

Result<TreeHead> Store::tree_head() const {
  return impl_->read([&](MDB_txn* txn) -> Result<TreeHead> {
    if (!impl_->tree) return fail(Code::nothing, "the ledger has no tree yet", "seal something with this version");
    TreeHead out{impl_->tree_size(txn), {}};
    TRY(out.root, merkle::root(impl_->tree_nodes(txn), out.size));
    return out;
  });
}

Result<std::vector<std::string>> Store::prove_entry(Seq of, std::uint64_t size) const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::vector<std::string>> {
    if (!impl_->tree || !of || of.number > size || size > impl_->tree_size(txn))
      return fail(Code::nothing,
                  "the ledger has no entry " + std::to_string(of.number) + " among its first " + std::to_string(size));
    return merkle::inclusion(impl_->tree_nodes(txn), of.number - 1, size);
  });
}

Result<std::vector<std::string>> Store::prove_growth(std::uint64_t first, std::uint64_t second) const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::vector<std::string>> {
    if (!impl_->tree || first > second || second > impl_->tree_size(txn))
      return fail(Code::nothing, "the ledger did not grow from " + std::to_string(first) + " to " +
                                     std::to_string(second) + " entries");
    return merkle::consistency(impl_->tree_nodes(txn), first, second);
  });
}

}  // namespace provgate
