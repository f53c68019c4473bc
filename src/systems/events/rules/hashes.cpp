// SPDX-License-Identifier: Apache-2.0
#include "systems/events/rules/hashes.hpp"

#include <cmath>

#include "base/digest.hpp"
#include "systems/events/wire/number.hpp"

namespace provgate::events {
namespace {

// Unsigned numbers of so many bytes, big endian.
std::string big_endian(std::uint64_t number, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(number >> (8 * i));
  return out;
}

class StableHash {
 public:
  explicit StableHash(std::string_view recipe) { add(recipe); }
  void add(std::string_view bytes) { fields_.append(big_endian(bytes.size(), 8)).append(bytes); }
  void add_number(Value value) { add(big_endian(std::get<std::uint64_t>(*parse_number(value.text())), 8)); }
  // A share of one, in hundredths of a per cent.
  void add_share(double share) { add(big_endian(static_cast<std::uint64_t>(std::round(share * 10000)), 2)); }
  void add_share(Value value) { add_share(as_double(*parse_number(value.text()))); }
  std::string hex() const { return sha256_hex(fields_).text; }

 private:
  std::string fields_;
};

}  // namespace

std::string recall_query_hash(Value query) {
  StableHash out("recall-query-v1");
  out.add(query.find("query_text").text());
  out.add_number(query.find("top_k"));
  out.add(lower_ascii(query.find("step_context").text()));
  out.add(query.find("tenant_scope").text());
  return out.hex();
}

std::string recall_policy_hash(Value policy) {
  StableHash out("recall-policy-v1");
  out.add(policy.find("enabled").text() == "true" ? std::string_view("\1", 1) : std::string_view("\0", 1));
  out.add_number(policy.find("max_k_total"));
  out.add_number(policy.find("max_tokens_injection"));
  out.add_share(policy.find("min_score_threshold"));
  const auto budgets = policy.find("budgets");
  for (const auto* name : {"max_latency_ms", "max_embedding_calls", "max_tokens_per_candidate"})
    out.add_number(budgets.find(name));
  constexpr std::string_view k_runtime("\0", 1), k_training("\1", 1);
  const auto uses = policy.find("allowed_uses");
  if (!uses) out.add(k_runtime);
  uses.each([&](Value use) { out.add(use.text() == "TrainingCandidateSelection" ? k_training : k_runtime); });
  const auto weight = policy.find("prior_weight");
  if (weight) {
    out.add_share(weight);
  } else {
    out.add_share(1.0);
  }
  return out.hex();
}

}  // namespace provgate::events
