// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/rules/chains.hpp"

#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "systems/ckp/rules/python_json.hpp"

namespace provgate::ckp {
namespace {

std::string_view bare(std::string_view hash) { return hash.starts_with("sha256:") ? hash.substr(7) : hash; }

// SHA-256(step_type + JSON(detail) + previous) under every reading of "JSON" the proof page allows, and under both of
// what comes before the first step. The name of the one that fits, or nothing.
std::string documented_form(std::string_view hash, std::string_view type, Value detail, std::string_view previous,
                            std::string_view urn, bool first) {
  const std::pair<const char*, DumpStyle> styles[] = {
      {"keys as written", {.sort = false}},
      {"keys sorted", {.sort = true}},
      {"keys as written, compact", {.sort = false, .compact = true}},
      {"keys sorted, compact", {.sort = true, .compact = true}},
      {"keys sorted, UTF-8", {.sort = true, .ascii = false}},
      {"keys sorted, compact, UTF-8", {.sort = true, .compact = true, .ascii = false}}};
  for (const auto& [name, style] : styles) {
    const std::string head = std::string(type) + (detail ? python_dumps(detail, style) : std::string("{}"));
    if (sha256_hex(head + std::string(previous)).text == hash)
      return std::string("type, JSON (") + name + "), previous";
    if (first && sha256_hex(head + std::string(urn)).text == hash)
      return std::string("type, JSON (") + name + "), the URN itself";
  }
  return {};
}

class StepChain {
 public:
  StepChain(const SourceFile& file, Value proof, std::string_view focus, Sink& sink)
      : file_(file), proof_(proof), focus_(focus), sink_(sink) {}

  void run(const std::vector<Value>& steps) {
    std::string previous = chain_seed(focus_);
    bool first = true;
    const bool claims =
        proof_.find("final_hash") || proof_.find("chain_valid") ||
        std::any_of(steps.begin(), steps.end(), [](Value s) { return s.find("hash") || s.find("parent_hash"); });
    if (!claims) return;  // said by check_step_chain
    for (const auto step : steps) {
      if (step.find("hash").text().empty()) {
        broke(step);
        add("PROOF-007", step, "step " + quote(step.find("step_type").text()) + " has no hash");
        previous.clear();
        first = false;
        continue;
      }
      link(step, previous, first);
      recompute(step, previous, first);
      previous = std::string(bare(step.find("hash").text()));
      first = false;
    }
    if (const auto last = proof_.find("final_hash"); !last.text().empty() && bare(last.text()) != previous) {
      auto& f = add("PROOF-008", last, "final_hash is not the hash of the last step");
      f.expected = previous;
      broken_ = true;
    }
    if (const auto claim = proof_.find("chain_valid"); broken_ && claim.as_bool() == true) {
      add("PROOF-009", claim,
          "chain_valid is true over a chain that is broken at step " + quote(where_.empty() ? "final_hash" : where_));
    }
    if (broken_ || forms_.empty()) return;
    std::string all;
    for (const auto& form : forms_) all += (all.empty() ? "" : "; ") + form;
    add("PROOF-018", steps.front(), "every step's hash follows from its content, in this form: " + all);
  }

 private:
  Finding& add(std::string_view rule, Value at, std::string message) {
    auto& f = sink_.add(rule, file_, at.place(), std::move(message));
    f.focus = std::string(focus_), f.path = std::string(at.key()), f.found = std::string(at.text());
    return f;
  }

  void link(Value step, const std::string& previous, bool first) {
    const auto parent = step.find("parent_hash");
    if (parent.text().empty() || bare(parent.text()) == previous) return;
    broke(step);
    add("PROOF-007", parent,
        "step " + quote(step.find("step_type").text()) + ": parent_hash is not " +
            (first ? "the hash of the action's URN" : "the hash of the step before"))
        .expected = previous;
  }

  void recompute(Value step, const std::string& previous, bool first) {
    const auto type = step.find("step_type").text();
    const auto hash = bare(step.find("hash").text());
    const auto detail = step.find("detail");
    if (step_hash(type, detail, previous) == hash) return fits("the client library's");
    if (detail && has_integer_keys(detail) && step_hash(type, detail, previous, true) == hash)
      return fits("the client library's, keys by their number");
    if (const auto form = documented_form(hash, type, detail, previous, focus_, first); !form.empty())
      return fits(form);
    // A wrong link makes the recomputation over the step before fail too; then this step may be whole in itself.
    const auto parent = std::string(bare(step.find("parent_hash").text()));
    if (!parent.empty() && parent != previous && step_hash(type, detail, parent) == hash) return;
    broke(step);
    add("PROOF-007", step.find("hash"),
        "step " + quote(type) + ": its hash does not follow from its type, detail and parent: overwritten or tampered")
        .expected = step_hash(type, detail, previous);
  }

  void fits(std::string form) { forms_.insert(std::move(form)); }

  void broke(Value step) {
    if (!broken_) where_ = std::string(step.find("step_type").text());
    broken_ = true;
  }

  const SourceFile& file_;
  Value proof_;
  std::string_view focus_;
  Sink& sink_;
  bool broken_ = false;
  std::string where_;
  std::set<std::string> forms_;  // under which the steps were recomputed
};

void check_verifications(const SourceFile& file, Value step, std::string_view focus, Sink& sink) {
  const auto note = [&](Value at, std::string message) {
    auto& f = sink.add("PROOF-012", file, at.place(), std::move(message));
    f.focus = std::string(focus), f.path = std::string(at.key()), f.found = std::string(at.text());
  };
  const auto type = step.find("step_type");
  for (const auto check : step.find("verifications").children()) {
    if (check.find("passed").as_bool() == false)
      note(check.find("passed"),
           "verification " + quote(check.find("check").text()) + " of step " + quote(type.text()) + " failed");
  }
  for (const auto check : step.find("proof").find("checks").children()) {
    if (check.find("passed").as_bool() == false)
      note(check.find("passed"),
           "check " + quote(check.find("name").text()) + " of step " + quote(type.text()) + " failed");
  }
  if (type.text() == "action.failed") note(type, "the action failed");
}

}  // namespace

std::string chain_seed(std::string_view action_urn) { return sha256_hex(action_urn).text; }

std::string step_hash(std::string_view step_type, Value detail, std::string_view previous, bool numeric_keys) {
  const std::string inner = detail ? python_dumps(detail, {.numeric_keys = numeric_keys}) : std::string("{}");
  return sha256_hex("{\"detail\": " + inner + ", \"prev\": " + python_string(previous) +
                    ", \"step\": " + python_string(step_type) + "}")
      .text;
}

void check_step_chain(const SourceFile& file, Value proof, Value outer, std::string_view focus, Sink& sink) {
  auto list = outer.find("occurrents");
  if (!list.is(Kind::array)) list = proof.find("steps");
  const auto ended = proof.find("ended_at");
  if (ended && ended.is(Kind::null)) {
    auto& f = sink.add("PROOF-012", file, ended.place(), "the action never ended: ended_at is null");
    f.focus = std::string(focus), f.path = "ended_at";
  }
  if (!list.is(Kind::array)) return;
  const auto steps = list.children();
  if (steps.empty()) {
    auto& f = sink.add("PROOF-012", file, list.place(), "the proof has no steps");
    f.focus = std::string(focus), f.path = std::string(list.key());
    return;
  }
  for (const auto step : steps) check_verifications(file, step, focus, sink);
  if (list.key() == "occurrents" &&
      std::none_of(steps.begin(), steps.end(), [](Value s) { return s.find("hash") || s.find("parent_hash"); })) {
    auto& f = sink.add("PROOF-012", file, list.place(), "the steps carry no hashes: nothing can be verified");
    f.focus = std::string(focus), f.path = "occurrents";
  }
  if (const auto count = proof.find("steps").as_int(); count && static_cast<std::size_t>(*count) != steps.size()) {
    auto& f = sink.add("PROOF-010", file, proof.find("steps").place(),
                       "steps says " + std::to_string(*count) + ", the list has " + std::to_string(steps.size()));
    f.focus = std::string(focus), f.path = "steps";
  }
  StepChain(file, proof, focus, sink).run(steps);
}

void check_execution_chain(const SourceFile& data, std::string_view focus, Sink& sink) {
  const auto output = data.doc->root().find("output");
  const auto holder = output.find("steps").is(Kind::array) ? output : data.doc->root();
  const auto steps = holder.find("steps").children();
  const bool claims = holder.find("execution_hash") || std::any_of(steps.begin(), steps.end(), [](Value s) {
                        return static_cast<bool>(s.find("chain_hash"));
                      });
  if (steps.empty() || !claims) return;
  const auto add = [&](std::string_view rule, Value at, std::string message) -> Finding& {
    auto& f = sink.add(rule, data, at.place(), std::move(message));
    f.focus = std::string(focus), f.path = std::string(at.key()), f.found = std::string(at.text());
    return f;
  };
  if (const auto anchor = steps.front().find("chain_hash"); anchor.text().empty()) {
    add("PROOF-014", steps.front(), "execution step 0 has no chain_hash");
  } else {
    add("PROOF-015", anchor, "step 0 anchors the execution chain; nothing here can verify it");
  }
  for (std::size_t i = 1; i < steps.size(); ++i) {
    const auto text = [&](std::string_view key) { return std::string(steps[i].find(key).text()); };
    const auto expected =
        sha256_hex(std::string(steps[i - 1].find("chain_hash").text()) + text("input_hash") + text("output_hash")).text;
    if (const auto hash = steps[i].find("chain_hash"); hash.text() != expected) {
      add("PROOF-014", hash ? hash : steps[i],
          "execution step " + std::to_string(i) + " does not follow from the step before")
          .expected = expected;
    }
  }
  if (const auto last = holder.find("execution_hash"); last && last.text() != steps.back().find("chain_hash").text()) {
    add("PROOF-014", last, "execution_hash is not the chain_hash of the last step").expected =
        std::string(steps.back().find("chain_hash").text());
  }
}

}  // namespace provgate::ckp
