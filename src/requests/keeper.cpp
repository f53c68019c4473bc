// SPDX-License-Identifier: Apache-2.0
#include "provgate/requests/requests.hpp"

namespace provgate {

Result<std::unique_ptr<OpenKeeper>> open_keeper(const World& world, const std::string& path, bool create,
                                                const KeepOptions& options) {
  TRY(auto store, Store::open(path, create));
  auto out = std::make_unique<OpenKeeper>(OpenKeeper{std::move(store), nullptr});
  if (create) {
    CHECKED(out->store.check_chain());
    if (options.key) CHECKED(note_key(world.clock, out->store, *options.key, nullptr, options.wait));
  }
  out->keeper = make_keeper(world.clock, out->store, options);
  return out;
}

Result<Store> open_said(const std::string& path, const Pace& pace) {
  TRY(auto store, Store::open(path, false));
  CHECKED(catch_up(store, 0, pace));
  return store;
}

}  // namespace provgate
