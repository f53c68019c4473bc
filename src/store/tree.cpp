// SPDX-License-Identifier: Apache-2.0
// The Merkle tree over the ledger, kept in the transaction that appends (FORMAT.md, "Store").
#include <algorithm>

#include "base/digest.hpp"
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

Result<Checkpoint> Store::Impl::checkpoint(MDB_txn* txn, std::optional<std::uint64_t> size) const {
  if (!tree) return fail(Code::nothing, "the ledger has no tree yet", "seal something with this version");
  const auto all = tree_size(txn);
  Checkpoint out;
  out.size = size.value_or(all);
  const auto first = get(txn, ledger, u64(1));
  if (all == 0) return fail(Code::nothing, "the ledger has no entry yet", "seal something first");
  if (out.size == 0 || out.size > all || !first)
    return fail(Code::nothing, "the ledger does not have " + std::to_string(std::max<std::uint64_t>(out.size, 1)) +
                                   " entries, but " + std::to_string(all));
  out.origin = std::string(k_origin) + sha256_hex(*first).text;
  TRY(out.root, merkle::root(tree_nodes(txn), out.size));
  return out;
}

Result<Checkpoint> Store::checkpoint(std::optional<std::uint64_t> size) const {
  return impl_->read([&](MDB_txn* txn) { return impl_->checkpoint(txn, size); });
}

Result<std::string> Store::signed_checkpoint() const {
  return impl_->read(
      [&](MDB_txn* txn) -> Result<std::string> { return Impl::get(txn, impl_->meta, "checkpoint").value_or(""); });
}

namespace {

// What the text of an entry of any version names as the one before it. A name in quotes, a colon and a quote stand in
// no string of JSON, and behind this one stand no files, whose paths are names.
std::string_view prev_of(std::string_view text) {
  constexpr std::string_view k_name = "\"prev\":\"";
  const auto at = text.rfind(k_name);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + k_name.size(), k_no_digest.text.size());
}

}  // namespace

Result<void> Store::check_chain() const {
  return impl_->read([&](MDB_txn* txn) -> Result<void> {
    Head head;
    RootOfEntries root;
    bool must_have_tree = false;
    // What was signed last is not signed over: a ledger that is not as it says was rewritten.
    std::optional<Checkpoint> kept;
    if (const auto text = Impl::get(txn, impl_->meta, "checkpoint")) {
      auto parsed = parse_checkpoint(*text);
      if (!parsed)
        return fail(Code::integrity, "the ledger's own signed checkpoint is damaged: " + parsed.error().why,
                    "restore the store from a copy; nothing was written to it");
      kept = std::move(*parsed);
    }
    bool as_signed = !kept;
    std::string origin;
    Cursor cursor(txn, impl_->ledger);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      const auto text = cursor.value();
      root.add(text);
      if (root.size() == 1) origin = std::string(k_origin) + sha256_hex(text).text;
      if (kept && root.size() == kept->size) as_signed = origin == kept->origin && root.root() == kept->root;
      must_have_tree = is_noted_with_its_entry(text);
      if (Seq(read_u64(cursor.key())) != head.seq.next() || prev_of(text) != head.digest.text) {
        return fail(Code::integrity, "the ledger's chain is broken at entry " + std::to_string(head.seq.next().number),
                    "restore the store from a copy; nothing was written to it");
      }
      head = {head.seq.next(), sha256_hex(text)};
    }
    TRY(const auto noted, impl_->head(txn));
    (void)noted;
    if (!as_signed)
      return fail(Code::integrity, "the ledger is not what its own signed checkpoint says: it was rewritten since",
                  "restore the store from a copy; nothing was written to it");
    // Proofs and signatures rest on the tree: none is made over a false one.
    const auto size = impl_->tree ? impl_->tree_size(txn) : 0;
    if (size == 0 && !must_have_tree) return {};
    const auto tree = impl_->checkpoint(txn, {});
    if (tree && tree->size == root.size() && tree->root == root.root()) return {};
    return fail(Code::integrity, "the ledger's tree is not that of its entries",
                "provgate fsck --repair makes it anew");
  });
}

Result<void> Store::sign(const SigningKey& key) {
  std::optional<Error> broken;
  auto done = impl_->write([&](MDB_txn* txn) {
    const auto now = impl_->checkpoint(txn, {});
    if (!now) return broken = now.error(), MDB_BAD_TXN;
    return Impl::put(txn, impl_->meta, "checkpoint", write_checkpoint(*now, &key));
  });
  if (broken) return tl::unexpected<Error>(*broken);
  return done;
}

Result<void> Store::check_extends(const Checkpoint& checkpoint) const {
  return impl_->read([&](MDB_txn* txn) -> Result<void> {
    RootOfEntries so_far;
    std::string origin;
    Cursor cursor(txn, impl_->ledger);
    for (bool more = cursor.first(); more && so_far.size() < checkpoint.size; more = cursor.next()) {
      if (so_far.size() == 0) origin = std::string(k_origin) + sha256_hex(cursor.value()).text;
      so_far.add(cursor.value());
    }
    std::string why;
    if (origin != checkpoint.origin) {
      why = "it is another ledger than the checkpoint's";
    } else if (so_far.size() < checkpoint.size) {
      why = "the ledger has " + std::to_string(so_far.size()) + " entries, and the checkpoint " +
            std::to_string(checkpoint.size) + ": it was rolled back or cut off since";
    } else if (so_far.root() != checkpoint.root) {
      why = "the ledger's first " + std::to_string(checkpoint.size) +
            " entries are not those of the checkpoint: it was rewritten since";
    }
    if (why.empty()) return {};
    return fail(Code::integrity, why, "restore the store from a copy that holds what the checkpoint saw");
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
