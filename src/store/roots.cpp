// SPDX-License-Identifier: Apache-2.0
// Where the records of each scope lay when they were sealed.
#include "store/impl.hpp"

namespace provgate {

static std::string root_key(const RecordId::System& system, const RecordId::Scope& scope) {
  return sealed_key(RecordId{system, scope, {}});
}

Result<void> Store::note_roots(const std::map<std::pair<RecordId::System, RecordId::Scope>, std::string>& roots) {
  auto fresh = roots;
  for (const auto& [scope, root] : roots) {
    TRY(auto known, roots_of(scope.first, scope.second));
    if (!known.insert(root).second) {
      fresh.erase(scope);
      continue;
    }
    std::string row;
    for (const auto& one : known) row += one + '\0';
    fresh[scope] = row;
  }
  if (fresh.empty() || !impl_->roots) return {};
  return impl_->write([&](MDB_txn* txn) {
    for (const auto& [scope, root] : fresh) {
      if (const int status = Impl::put(txn, impl_->roots, root_key(scope.first, scope.second), root)) return status;
    }
    return 0;
  });
}

Result<std::set<std::string>> Store::roots_of(const RecordId::System& system, const RecordId::Scope& scope) const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::set<std::string>> {
    std::set<std::string> out;
    const auto row = impl_->roots ? Impl::get(txn, impl_->roots, root_key(system, scope)).value_or("") : std::string{};
    for (const auto one : split(row, '\0')) {
      if (!one.empty()) out.emplace(one);
    }
    return out;
  });
}

}  // namespace provgate
