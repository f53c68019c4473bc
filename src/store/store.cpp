// SPDX-License-Identifier: Apache-2.0
#include "provgate/store/store.hpp"

#include "store/impl.hpp"
#include "store/snapshot.hpp"

namespace provgate {

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

Result<Store> Store::open(const std::string& path, bool create) {
  auto impl = std::make_unique<Impl>();
  CHECKED(impl->open(path, create));
  return Store(std::move(impl));
}

Result<void> Store::scan(const Quad& pattern, const std::function<bool(const Quad&)>& visit) const {
  const std::size_t index = best_order(pattern);
  const auto prefix = pattern_prefix(pattern, k_orders[index]);
  return impl_->read([&](MDB_txn* txn) -> Result<void> {
    Cursor cursor(txn, impl_->quads[index]);
    for (bool more = cursor.seek(prefix); more && cursor.key().starts_with(prefix); more = cursor.next()) {
      const auto quad = read_quad(cursor.key(), k_orders[index]);
      if (matches(quad, pattern) && !visit(quad)) break;
    }
    return {};
  });
}

Result<std::unique_ptr<QuadSource>> Store::snapshot() const {
  const StoreAtWork at_work;
  TRY(auto begun, impl_->begin_reading());
  return make_snapshot(std::move(begun), impl_->quads, impl_->terms, impl_->texts);
}

Result<TermId> Store::find_term(std::string_view text) const {
  return impl_->read([&](MDB_txn* txn) -> Result<TermId> { return Impl::find_term(txn, impl_->terms, text); });
}

Result<std::string> Store::term(TermId id) const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::string> {
    auto text = Impl::get(txn, impl_->texts, term_key(id));
    if (!text)
      return fail(Code::integrity, "the store is damaged: a quad names a term that it lacks", "restore it from a copy");
    return std::move(*text);
  });
}

Result<bool> Store::add_quad(const Subject& s, const Iri& p, const Term& o, const std::optional<Subject>& graph) {
  bool fresh = false;
  auto done = impl_->write([&](MDB_txn* txn) {
    fresh = false;
    Quad quad;
    const auto g = graph ? to_ntriples(*graph) : std::string{};
    for (const auto& [text, slot] :
         {std::pair{to_ntriples(s), &quad.s}, {iri_text(p.text()), &quad.p}, {to_ntriples(o), &quad.o}, {g, &quad.g}}) {
      if (text.empty()) continue;
      if (const int status = impl_->intern(txn, text, *slot)) return status;
    }
    return impl_->add(txn, quad, fresh);
  });
  if (!done) return tl::unexpected<Error>(done.error());
  return fresh;
}

Result<std::uint64_t> Store::add_graph(const Graph& graph) {
  std::uint64_t added = 0;
  auto done = impl_->write([&](MDB_txn* txn) {
    added = 0;
    std::vector<TermId> mine(graph.terms().size() + 1);
    const auto number = [&](TermId theirs, TermId& slot) {
      if (!theirs) return 0;
      if (!mine[theirs]) {
        if (const int status = impl_->intern(txn, graph.terms().text(theirs), mine[theirs])) return status;
      }
      slot = mine[theirs];
      return 0;
    };
    for (const auto& quad : graph.quads()) {
      Quad here;
      for (const auto& [theirs, slot] :
           {std::pair{quad.s, &here.s}, {quad.p, &here.p}, {quad.o, &here.o}, {quad.g, &here.g}}) {
        if (const int status = number(theirs, *slot)) return status;
      }
      bool fresh = false;
      if (const int status = impl_->add(txn, here, fresh)) return status;
      added += fresh;
    }
    return 0;
  });
  if (!done) return tl::unexpected<Error>(done.error());
  return added;
}

Result<bool> Store::remove_quad(const Quad& quad) {
  bool found = false;
  auto done = impl_->write([&](MDB_txn* txn) {
    for (std::size_t i = 0; i < 4; ++i) {
      const auto key = quad_key(quad, k_orders[i]);
      MDB_val k = val(key);
      const int status = mdb_del(txn, impl_->quads[i], &k, nullptr);
      if (status == MDB_NOTFOUND) return 0;
      if (status) return status;
    }
    found = true;
    return 0;
  });
  if (!done) return tl::unexpected<Error>(done.error());
  return found;
}

}  // namespace provgate
