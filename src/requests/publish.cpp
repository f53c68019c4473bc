// SPDX-License-Identifier: Apache-2.0
#include "provgate/requests/requests.hpp"

namespace provgate {

Result<PublishAnswer> answer(const World& world, const PublishRequest& request) {
  PublishAnswer out;
  TRY(auto store, open_said(request.store, request.catching_up));
  auto options = request.options;
  if (!request.input.paths.empty()) {
    TRY(auto here, sealed_here(world, store, request.input.paths, request.input.options));
    options.only = std::set<Seq>(here.seqs.begin(), here.seqs.end());
    out.unsealed = std::move(here.unsealed), out.unread = std::move(here.unread);
  }
  TRY(const auto before, store.status());
  if (request.on_begin) request.on_begin(before.pending);
  TRY(out.report, publish_pending(world.http, store, request.endpoint, options));
  return out;
}

Result<StatusAnswer> answer(const World&, const StatusRequest& request) {
  StatusAnswer out;
  TRY(const auto store, Store::open(request.store, false));
  TRY(out.status, store.status());
  TRY(out.head, store.head());
  return out;
}

}  // namespace provgate
