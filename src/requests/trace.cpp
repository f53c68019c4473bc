// SPDX-License-Identifier: Apache-2.0
#include "provgate/requests/requests.hpp"

namespace provgate {

Result<Trace> answer(const World& world, const TraceRequest& request) {
  if (request.endpoint) {
    TRY(const auto iri, traced_iri(nullptr, request.thing));
    return trace(*endpoint_source(world.http, *request.endpoint), iri, request.graph);
  }
  // What is neither an IRI nor an id is said before the store is asked for.
  if (const auto plain = traced_iri(nullptr, request.thing);
      !plain && request.thing.find_first_of(": ") != std::string::npos) {
    return tl::unexpected<Error>(plain.error());
  }
  TRY(const auto store, open_said(request.store, request.catching_up));
  TRY(const auto iri, traced_iri(&store, request.thing, request.graph));
  auto found = trace(*store_source(store), iri, request.graph);
  if (found || found.error().code != Code::nothing || request.graph) return found;
  TRY(const auto rejection, rejection_of(store, RecordId::Iri(iri)));
  if (rejection.empty()) {
    TRY(const auto near, near_iri(store, iri));
    if (near.empty()) return found;
    return fail(Code::nothing, found.error().why, "did you mean " + near + "?");
  }
  return fail(Code::nothing, "nothing is known of " + iri + ": " + rejection,
              "provgate explain RULE says what a rule asks for");
}

}  // namespace provgate
