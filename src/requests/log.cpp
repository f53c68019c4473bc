// SPDX-License-Identifier: Apache-2.0
#include "provgate/requests/requests.hpp"
#include "requests/record_names.hpp"

namespace provgate {

Result<std::uint64_t> answer(const World&, const LogRequest& request) {
  if (!request.kind.empty() && request.kind != "sealed" && request.kind != "rejected")
    return fail(Code::usage, "unknown kind " + quote(request.kind), "sealed or rejected");
  TRY(const auto store, Store::open(request.store, false));
  CHECKED(store.check_chain());
  std::uint64_t shown = 0;
  TRY(const auto noted, store.each_entry([&](const LedgerEntry& entry) {
    if (request.entry && entry.seq != *request.entry) return true;
    if (!request.kind.empty() && entry.kind != request.kind) return true;
    if (!is_of(entry, request.iri)) return true;
    ++shown;
    return request.on_entry(entry);
  }));
  (void)noted;
  if (shown == 0) {
    return fail(Code::nothing, request.entry ? "the ledger has no entry " + std::to_string(request.entry->number)
                               : request.iri.empty() ? std::string("no such entry stands in the ledger")
                                                     : "no entry of " + quote(request.iri) + " stands in the ledger");
  }
  return shown;
}

}  // namespace provgate
