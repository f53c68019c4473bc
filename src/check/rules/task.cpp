// TASK and DECISION: records of the task engine and of consensus (CKP task-engine and consensus pages).
#include <algorithm>

#include "check/sink.hpp"

namespace provgate {
namespace {

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The union of both documented machines; in_progress and executing are one state.
bool known_status(std::string_view s) { return one_of(s, {"pending", "in_progress", "executing", "active", "completed", "failed", "archived"}); }

bool legal(std::string_view from, std::string_view to) {
  const auto same = [](std::string_view s) { return s == "executing" || s == "active" ? std::string_view("in_progress") : s; };
  from = same(from), to = same(to);
  if (from == to) return from != "completed" && from != "failed";
  if (to == "archived") return from == "completed" || from == "failed";
  return (from == "pending" && to == "in_progress") || (from == "in_progress" && (to == "completed" || to == "failed")) ||
         (from == "failed" && to == "pending");
}

Finding& note(Sink& sink, std::string_view rule, const SourceFile& file, Value at, std::string message) {
  auto& f = sink.add(rule, file, at.place(), std::move(message));
  f.path = std::string(at.key()), f.found = std::string(at.text());
  return f;
}

}  // namespace

void check_task_record(const SourceFile& file, const TaskRecord& record, const KernelContext& context, Sink& sink) {
  const auto root = file.doc->root();
  const std::string urn = task_urn(record.task_id.text);
  if (urn.empty()) {
    auto& f = sink.add("URN-001", file, record.task_id.at, "the task id " + quote(record.task_id.text) + " makes no CKP URN");
    f.path = "task_id", f.found = record.task_id.text, f.expected = "T… or i-…";
  }
  for (const std::string_view name : {"target_file", "instruction", "constraints", "executor", "status", "version_pin"}) {
    const auto value = root.find(name);
    if (value && (!value.text().empty() || value.size() > 0)) continue;
    auto& f = sink.add("TASK-002", file, value ? value.key_place() : root.place(), "the task has no " + std::string(name));
    f.focus = urn, f.path = std::string(name);
  }
  if (record.status && !known_status(record.status.text)) {
    note(sink, "TASK-003", file, root.find("status"), "no status of a task: " + quote(record.status.text)).focus = urn;
  }
  check_prov_fields(file, root, urn, context, sink);
  for (const auto& value : record.generated_by.values) {
    const auto parsed = parse_urn(value.text, context.options.urns);
    if (parsed && !one_of(name_of(parsed->kind), {"Action", "Task", "Instance"})) {
      auto& f = sink.add("PROV-004", file, value.at, "prov:wasGeneratedBy names a " + std::string(name_of(parsed->kind)) + ", not an Action, Task or decision");
      f.focus = urn, f.path = "prov:wasGeneratedBy", f.found = value.text;
    }
  }
}

void check_task_ledger(const InstanceFiles& files, const InstanceRecord& record, Sink& sink) {
  const bool task = record.type.text == "task" || record.id.starts_with("i-task-");
  if (!task) return;
  if (record.status && !known_status(record.status.text) && files.manifest.doc) {
    note(sink, "TASK-003", files.manifest, files.manifest.doc->root().find("status"), "no status of a task: " + quote(record.status.text)).focus = record.urn;
  }
  if (!files.ledger.doc) return;
  const auto root = files.ledger.doc->root();
  for (const auto step : (root.is(Kind::array) ? root : root.find("transitions")).children()) {
    const auto from = step.find("from") ? step.find("from") : step.find("before");
    const auto to = step.find("to") ? step.find("to") : step.find("after");
    if (from.text().empty() || to.text().empty()) continue;
    if (known_status(from.text()) && known_status(to.text()) && legal(from.text(), to.text())) continue;
    note(sink, "TASK-004", files.ledger, to, "no transition of a task: " + quote(from.text()) + " to " + quote(to.text())).focus = record.urn;
  }
}

void check_decision(const SourceFile& file, const DecisionRecord& record, const KernelContext& context, Sink& sink) {
  const auto outer = file.doc->root();
  const auto activity = outer.find("prov:Activity");
  const auto root = activity ? activity : outer;
  const std::string focus = record.id.text.starts_with("ckp://") ? record.id.text : instance_urn(record.id.text);
  if (record.activity && record.id) check_urn(record.id, "id", file, context, sink, focus, true);
  check_prov_fields(file, root, focus, context, sink, true);
  const auto inner = activity ? activity.find("decision") : outer;
  if (const auto verdict = inner.find("verdict"); verdict && !one_of(verdict.text(), {"pass", "fail", "needs_revision"})) {
    note(sink, "DECISION-002", file, verdict, "no verdict: " + quote(verdict.text())).focus = focus;
  }
  static constexpr std::string_view k_hex = "0123456789abcdef";
  if (const auto hash = inner.find("proposal_hash")) {
    auto text = hash.text();
    const bool prefixed = text.starts_with("sha256:");
    if (prefixed) text.remove_prefix(7);
    if (text.size() != 64 || text.find_first_not_of(k_hex) != std::string_view::npos) {
      note(sink, "DECISION-004", file, hash, "proposal_hash is no SHA-256 hash").focus = focus;
    }
  }
  if (const auto type = inner.find("change_type")) {
    if (!one_of(type.text(), {"action_add", "action_modify", "action_remove", "edge_add", "ontology_update", "skill_update", "claude_md_update", "shacl_update"})) {
      note(sink, "DECISION-003", file, type, "no change_type: " + quote(type.text())).focus = focus;
    }
  }
}

void check_proposal(const SourceFile& file, const KernelContext& context, Sink& sink) {
  const auto root = file.doc->root();
  const auto type = root.find("change_type");
  if (!one_of(type.text(), {"action_add", "action_modify", "action_remove", "edge_add", "ontology_update", "skill_update", "claude_md_update", "shacl_update"})) {
    note(sink, "DECISION-003", file, type, "no change_type: " + quote(type.text()));
  }
  if (const auto proposer = field_of(root.find("proposer"))) check_urn(proposer, "proposer", file, context, sink, {}, true);
  check_prov_fields(file, root, instance_urn(root.find("proposal_id").text()), context, sink, true);
}

void check_goal(const SourceFile& file, const GoalRecord& record, const KernelContext& context, Sink& sink) {
  const auto urn = goal_urn(record.goal_id.text);
  if (urn.empty()) {
    auto& f = sink.add("URN-001", file, record.goal_id.at, "the goal id " + quote(record.goal_id.text) + " makes no CKP URN");
    f.path = "goal_id", f.found = record.goal_id.text, f.expected = "G…";
  }
  check_prov_fields(file, file.doc->root(), urn, context, sink);
}

}  // namespace provgate
