// SPDX-License-Identifier: Apache-2.0
// EVT-017 to EVT-026: what the data of an event says about itself; and what it mentions.
#include "systems/events/rules/content.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "systems/events/rules/hashes.hpp"
#include "systems/events/wire/number.hpp"

namespace provgate::events {
namespace {

using What = Mention::What;

constexpr std::size_t k_hash_digits = 64, k_former_digits = 16;

std::uint64_t number_of(Value value) { return std::get<std::uint64_t>(*parse_number(value.text())); }

class Content {
 public:
  Content(const Says& says, Value envelope, std::vector<Mention>& mentions)
      : says_(says), envelope_(envelope), data_(data_of(envelope)), mentions_(mentions) {}

  void run() {
    using Judge = void (Content::*)();
    static constexpr std::pair<std::string_view, Judge> k_judges[] = {
        {"ProposalCreated", &Content::created},
        {"ProposalValidated", &Content::validated},
        {"FactPromoted", &Content::promoted},
        {"RecallExecuted", &Content::recalled},
        {"ReplayTraceRecorded", &Content::traced},
        {"ReplayabilityDowngraded", &Content::downgraded},
        {"ArtifactStateTransitioned", &Content::transitioned},
        {"ArtifactRollbackRecorded", &Content::rolled_back},
        {"BackendInvoked", &Content::invoked},
        {"PolicySnapshotCaptured", &Content::captured},
        {"HypothesisResolved", &Content::resolved},
        {"GateDecisionRecorded", &Content::decided},
        {"UserCorrection", &Content::corrected},
        {"UserOverrideIssued", &Content::overridden}};
    const auto kind = kind_of(envelope_);
    const auto found = std::ranges::find(k_judges, kind, &std::pair<std::string_view, Judge>::first);
    if (found != std::end(k_judges)) (this->*found->second)();
    mention(What::of_gate, data_.find("gate_request_id"));
    mention(What::of_policy, data_.find("policy_snapshot_hash"));
  }

 private:
  void mention(What what, Value id, std::string detail = {}) {
    if (id.is(Kind::string)) mentions_.push_back({what, 0, says_.place(id), std::string(id.text()), std::move(detail)});
  }

  bool all_passed(Value results) const {
    bool all = true;
    results.each([&](Value one) { all = all && one.find("passed").text() == "true"; });
    return all;
  }

  void created() { mention(What::proposes, data_.find("proposal").find("id")); }

  void validated() {
    const bool all = all_passed(data_.find("contract_results")), said = data_.find("all_passed").text() == "true";
    if (all != said) {
      says_("EVT-017", data_.find("all_passed"),
            said ? "all_passed is true, and a contract failed" : "all_passed is false, and every contract passed",
            {"event.data.all_passed", said ? "true" : "false", all ? "true" : "false"});
    }
    mention(said ? What::passes : What::fails, data_.find("proposal_id"));
  }

  void promoted() {
    mention(What::promotes, data_.find("proposal_id"), std::string(data_.find("fact_id").text()));
    mention(What::fact, data_.find("fact_id"));
  }

  void recalled() {
    const auto query = data_.find("query"), provenance = data_.find("provenance");
    const auto returned = provenance.find("candidates_returned"), searched = provenance.find("candidates_searched");
    const auto listed = provenance.find("candidate_scores").size();
    const auto count = [&](bool wrong, std::string message, std::string expected) {
      if (!wrong) return;
      says_("EVT-018", returned, std::move(message),
            {"event.data.provenance.candidates_returned", std::string(returned.text()), std::move(expected)});
    };
    count(number_of(returned) != listed, "candidates_returned is not the number of candidate_scores",
          std::to_string(listed));
    count(number_of(returned) > number_of(searched), "more candidates returned than searched",
          "at most " + std::string(searched.text()));
    count(number_of(returned) > number_of(query.find("top_k")), "more candidates returned than top_k asks for",
          "at most " + std::string(query.find("top_k").text()));
    made_again(provenance.find("query_hash"), "event.data.provenance.query_hash", "the recall query",
               recall_query_hash(query));
    mention(What::of_policy, provenance.find("policy_snapshot_hash"));
    mention(What::of_trace, data_.find("trace_link_id"));
  }

  // A hash that was made of what stands beside it.
  void made_again(Value hash, std::string path, std::string_view of, const std::string& right) {
    const auto text = lower_ascii(hash.text());
    if (text == right) return;
    const bool hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (hex && text.size() == k_former_digits) {
      return says_("EVT-024", hash, "releases up to 3.7 made this hash in a way that nobody can repeat",
                   {std::move(path), {}, {}});
    }
    if (hex && text.size() == k_hash_digits) {
      says_("EVT-023", hash, "is not the hash of " + std::string(of) + " beside it",
            {std::move(path), std::string(hash.text()), right});
    }
  }

  void traced() {
    const auto trace = data_.find("trace_link");
    const auto replayability = trace.find("type").text() == "Remote" ? trace.find("replayability").text() : "";
    mention(What::trace, data_.find("trace_link_id"), std::string(replayability) + " " + sha256_hex(trace.raw()).text);
  }

  void downgraded() {
    static constexpr std::array<std::string_view, 3> k_falling = {"Deterministic", "BestEffort", "None"};
    const auto from = data_.find("from"), to = data_.find("to");
    if (std::ranges::find(k_falling, from.text()) >= std::ranges::find(k_falling, to.text())) {
      says_("EVT-022", to, "from " + std::string(from.text()) + " to " + std::string(to.text()) + " is no downgrade",
            {"event.data.to", std::string(to.text()), "a lower one than " + std::string(from.text())});
    }
    mention(What::downgrade, data_.find("trace_link_id"), std::string(from.text()) + " " + std::string(to.text()));
  }

  void transitioned() {
    // From, and the states that may follow.
    static constexpr std::pair<std::string_view, std::string_view> k_next[] = {
        {"Draft", "Approved Deprecated"},
        {"Approved", "Active Quarantined RolledBack"},
        {"Active", "Quarantined Deprecated RolledBack"},
        {"Quarantined", "Active RolledBack Deprecated"},
        {"Deprecated", ""},
        {"RolledBack", ""}};
    const auto event = data_.find("event");
    const auto from = event.find("from_state").text(), to = event.find("to_state").text();
    const auto& allowed =
        std::ranges::find(k_next, from, &std::pair<std::string_view, std::string_view>::first)->second;
    const auto states = split(allowed, ' ');
    if (std::ranges::find(states, to) == states.end()) {
      says_("EVT-025", event.find("to_state"), "no artifact goes from " + std::string(from) + " to " + std::string(to),
            {"event.data.event.to_state", std::string(to),
             allowed.empty() ? "nothing: " + std::string(from) + " is final" : std::string(allowed)});
    }
    transition(data_.find("artifact_id"), from, to, event, event.find("timestamp"));
  }
  void rolled_back() {
    const auto rollback = data_.find("rollback");
    transition(rollback.find("artifact_id"), rollback.find("previous_state").text(), "RolledBack", rollback,
               rollback.find("rolled_back_at"));
  }
  void transition(Value artifact, std::string_view from, std::string_view to, Value event, Value when) {
    mention(What::transition, artifact, std::string(from) + " " + std::string(to));
    if (artifact.is(Kind::string)) mentions_.back().time = when.text();
    const auto own = event.find("tenant_id"), tenant = envelope_.find("tenant_id");
    if (!own.is(Kind::string) || !tenant.is(Kind::string) || own.text() == tenant.text()) return;
    says_("EVT-026", own, "the artifact's tenant is not the event's",
          {"event.data.tenant_id", std::string(own.text()), std::string(tenant.text())});
  }

  void invoked() { mention(What::of_trace, data_.find("trace_link_id")); }

  void captured() {
    const auto hash = data_.find("snapshot_hash"), policy = data_.find("policy");
    if (policy.find("type").text() == "Recall")
      made_again(hash, "event.data.snapshot_hash", "the recall policy", recall_policy_hash(policy.find("policy")));
    mention(What::policy, hash);
  }

  void resolved() {
    const auto formed = data_.find("formed_cycle"), resolved = data_.find("resolved_cycle");
    if (number_of(formed) > number_of(resolved)) {
      says_("EVT-019", resolved, "resolved in a cycle before the one it was formed in",
            {"event.data.resolved_cycle", std::string(resolved.text()), "at least " + std::string(formed.text())});
    }
    // Releases before 3.6 had any text there.
    if (lower_ascii(data_.find("outcome").text()) == "falsified" && !data_.find("contradiction_id").is(Kind::string))
      says_("EVT-020", data_.find("outcome"), "falsified, and by what is not said",
            {"event.data.contradiction_id", {}, {}});
    mention(What::of_fact, data_.find("fact_id"));
  }

  void decided() {
    const auto request = data_.find("request"), decision = data_.find("decision");
    const auto asked = request.find("gate_id"), answered = decision.find("gate_id");
    if (asked.text() != answered.text()) {
      says_("EVT-021", answered, "the decision is about another gate than the request",
            {"event.data.decision.gate_id", std::string(answered.text()), std::string(asked.text())});
    }
    mention(What::gate, asked);
    mention(What::of_proposal, request.find("proposal_id"));
  }

  void corrected() {
    const auto target = data_.find("target");
    mention(What::of_fact, target.find("fact_id"));
    mention(What::of_proposal, target.find("proposal_id"));
  }
  void overridden() {
    const auto target = data_.find("target");
    const auto kind = target.find("kind").text();
    if (kind == "Fact") mention(What::of_fact, target.find("id"));
    if (kind == "Proposal") mention(What::of_proposal, target.find("id"));
  }

  const Says& says_;
  Value envelope_, data_;
  std::vector<Mention>& mentions_;
};

}  // namespace

void judge_content(const Says& says, Value envelope, std::vector<Mention>& mentions) {
  Content(says, envelope, mentions).run();
}

}  // namespace provgate::events
