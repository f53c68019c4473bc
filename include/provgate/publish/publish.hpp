// SPDX-License-Identifier: Apache-2.0
// Outbox -> SPARQL 1.1 Graph Store Protocol: at least once, visible exactly once (FORMAT.md, "Publishing").
// Source: SPARQL 1.1 Graph Store HTTP Protocol, SPARQL 1.1 Protocol. Threads: one at a time for one Http.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "provgate/io/io.hpp"
#include "provgate/store/store.hpp"

namespace provgate {

/// A SPARQL dataset: URL/query, URL/update, URL/data below it.
struct Endpoint {
  std::string url, user, password;
};
struct PublishOptions {
  std::size_t batch_triples = 50'000;
  bool dry_run = false;
  std::optional<std::set<Seq>> only;  ///< ledger numbers to send; all pending ones when empty
  std::function<void(std::uint64_t records, std::uint64_t triples)> on_batch;
  std::function<void(std::string_view text)> on_dry_run;
  std::function<void(std::string_view step)> on_step;  ///< after each durable step; for tests that stop there
};

struct PublishReport {
  std::uint64_t records = 0, triples = 0, batches = 0, pending = 0;
  std::optional<Error> stopped;  ///< why it ended early; what was not sent is still in the outbox
};

/// Sends what is pending, oldest first, and notes each batch that arrived.
/// Each request is one closed TriG GRAPH block with its batch record inside; the count in the answer is compared.
/// A batch that was begun is sent again with the same content, so that a retry adds nothing.
/// Error codes in `stopped`: usage for 401, 403, 404; world for everything else (unreachable, 5xx, 400, a wrong count).
/// Errors: those of the store.
Result<PublishReport> publish_pending(Http& http, Store& store, const Endpoint& endpoint,
                                      const PublishOptions& options);

/// True when the failure may pass by itself (unreachable, timeout, 5xx): best-effort publishing goes on with exit 0.
bool may_pass(const Error& error);

/// One SPARQL query over HTTP. `accept` is the media type wanted. Errors: Code::input for a query the server refuses
/// as malformed, Code::usage for 401, 403, 404, Code::world else.
Result<std::string> sparql_query(Http& http, const Endpoint& endpoint, const std::string& query,
                                 const std::string& accept);

}  // namespace provgate
