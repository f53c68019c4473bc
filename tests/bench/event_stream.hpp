// SPDX-License-Identifier: Apache-2.0
// A stream of coherent events for benchmarks: runs of ten tenants, each a chain of proposals that are validated,
// promoted and resolved.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace provgate::bench {

/// One event with the fields that a relational peer keeps in columns; empty: it has none.
struct StreamEvent {
  std::string tenant, id, at, kind, correlation, chain, trace, artifact, text;
};

/// The n-th event, the same at every call. Five events a second of the year's first months.
inline StreamEvent stream_event(std::uint64_t n) {
  constexpr std::uint64_t k_kinds = 7, k_steps_a_chain = 6, k_chains_a_run = 5, k_tenants = 10;
  const auto step = n / k_kinds, chain = step / k_steps_a_chain, run = chain / k_chains_a_run;
  const auto number = [](const char* before, std::uint64_t of) { return before + std::to_string(of); };
  StreamEvent out;
  out.tenant = number("tenant-", run % k_tenants), out.correlation = number("run-", run);
  out.chain = number("chain-", chain), out.id = number("evt-", n);
  const auto seconds = n / 5;
  char at[40];
  std::snprintf(at, sizeof at, "2026-%02u-%02uT%02u:%02u:%02u.%uZ", static_cast<unsigned>(1 + seconds / 2'419'200),
                static_cast<unsigned>(1 + seconds / 86'400 % 28), static_cast<unsigned>(seconds / 3600 % 24),
                static_cast<unsigned>(seconds / 60 % 60), static_cast<unsigned>(seconds % 60),
                static_cast<unsigned>(n % 5 * 2));
  out.at = at;
  const auto id = std::to_string(step);
  const auto proposal = "prop-" + id, fact = "fact-" + id, trace = "trace-" + id;
  const auto local = std::string(
      R"({"type":"Local","base_model_hash":"9372c470","adapter":null,"tokenizer_hash":"51ab","seed":42,"sampler":)"
      R"({"temperature":0.2,"top_p":0.9,"top_k":40},"prompt_version":"v3","recall":null,"weights_mutated":false,)"
      R"("execution_env":{"device":"cpu","backend":"llama","precision":"f16"}})");
  std::string data;
  switch (n % k_kinds) {
    case 0:
      out.kind = "ProposalCreated";
      data = R"({"proposal":{"id":")" + proposal + R"(","kind":"Claims","payload":"The tide table holds for run )" +
             id + R"(","structured_payload":null,"trace_link":)" + local +
             R"(,"contract_results":[],"requires_human":false,"confidence":0.75},"chain_id":")" + out.chain +
             R"(","step":"Reasoning","policy_snapshot_hash":null})";
      break;
    case 1:
      out.kind = "ProposalValidated";
      data = R"({"proposal_id":")" + proposal + R"(","chain_id":")" + out.chain +
             R"(","step":"Evaluation","contract_results":[{"name":"cites","passed":true,"failure_reason":null}],)"
             R"("all_passed":true,"validator":"checker-2"})";
      break;
    case 2:
      out.kind = "FactPromoted";
      data = R"({"proposal_id":")" + proposal + R"(","fact_id":")" + fact +
             R"(","promoted_by":"planner-1","reason":"all contracts passed","requires_human":false})";
      break;
    case 3:
      out.kind = "ReplayTraceRecorded", out.trace = trace;
      data = R"({"trace_link_id":")" + trace + R"(","trace_link":)" + local + "}";
      break;
    case 4:
      out.kind = "BackendInvoked", out.trace = trace;
      data = R"({"backend_name":"llama-local","adapter_id":null,"trace_link_id":")" + trace +
             R"(","step":"Reasoning","policy_snapshot_hash":null})";
      break;
    case 5:
      out.kind = "OutcomeRecorded";
      data = R"({"chain_id":")" + out.chain +
             R"(","step":"Planning","passed":true,"stop_reason":null,"latency_ms":120,"tokens":900,)"
             R"("cost_microdollars":35,"backend":"llama-local"})";
      break;
    default:
      out.kind = "HypothesisResolved";
      data = R"({"chain_id":")" + out.chain + R"(","fact_id":")" + fact +
             R"(","domain":"harbour","claim":"The berth is free","confidence":0.8,"outcome":"Confirmed",)"
             R"("formed_cycle":1,"resolved_cycle":2})";
  }
  out.text = R"({"event_id":")" + out.id + R"(","occurred_at":")" + out.at + R"(","tenant_id":")" + out.tenant +
             R"(","correlation_id":")" + out.correlation + R"(","event":{"type":")" + out.kind + R"(","data":)" + data +
             "}}";
  return out;
}

}  // namespace provgate::bench
