// SPDX-License-Identifier: Apache-2.0
// TASK and DECISION: records of the task engine and of consensus (CKP task-engine and consensus pages).
#include <algorithm>

#include "systems/ckp/rules/rules.hpp"
#include "systems/ckp/sources/names.hpp"

namespace provgate::ckp {
namespace {

std::string plain(std::string_view text) { return lower_ascii(trim(text)); }

bool legal(std::string_view from, std::string_view to) {
  const auto same = [](std::string_view s) {
    return s == "executing" || s == "active" ? std::string_view("in_progress") : s;
  };
  from = same(from), to = same(to);
  if (from == to) return from != "completed" && from != "failed";
  if (to == "archived") return from == "completed" || from == "failed";
  return (from == "pending" && to == "in_progress") ||
         (from == "in_progress" && (to == "completed" || to == "failed")) || (from == "failed" && to == "pending");
}

bool is_change_type(std::string_view text) {
  return one_of(text, {"action_add", "action_modify", "action_remove", "edge_add", "ontology_update", "skill_update",
                       "claude_md_update", "shacl_update"});
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
  check_task_name(file, record, sink);
  for (const std::string_view name :
       {"target_file", "instruction", "constraints", "executor", "status", "version_pin"}) {
    const auto value = root.find(name);
    if (value && (!value.text().empty() || value.size() > 0)) continue;
    auto& f =
        sink.add("TASK-002", file, value ? value.key_place() : root.place(), "the task has no " + std::string(name));
    f.focus = urn, f.path = std::string(name);
  }
  if (const auto status = root.find("status");
      status && (!status.is(Kind::string) || !is_known_status(plain(status.text())))) {
    note(sink, "TASK-003", file, status,
         "not a status of a task: " + (status.is(Kind::string) ? quote(status.text()) : std::string("not text")))
        .focus = urn;
  }
  check_prov_fields(file, root, urn, context, sink);
  for (const auto& value : record.generated_by.values) {
    const auto parsed = parse_urn(value.text, context.options.urns);
    if (parsed && !one_of(name_of(parsed->kind), {"Action", "Task", "Instance"})) {
      auto& f = sink.add(
          "PROV-004", file, value.at,
          "prov:wasGeneratedBy names a " + std::string(name_of(parsed->kind)) + ", not an Action, Task or decision");
      f.focus = urn, f.path = "prov:wasGeneratedBy", f.found = value.text;
    }
  }
}

void check_status(const InstanceFiles& files, const InstanceRecord& record, Sink& sink) {
  const bool task = record.type.text == "task" || record.id.starts_with("i-task-");
  const auto* file = files.record();
  const Value outer = file && file->doc ? file->doc->root() : Value{}, inner = activity_or(outer);
  if (const auto status = inner.find("status") ? inner.find("status") : outer.find("status"); file && status) {
    if (record.odd_status || !is_known_status(record.status.text)) {
      const auto what = status.is(Kind::string) ? quote(status.text()) : std::string("not text");
      note(sink, task ? "TASK-003" : "SEAL-003", *file, status,
           (task ? "not a status of a task: " : "not a known status: ") + what)
          .focus = record.urn;
    }
  }
  if (!task) return;
  if (!files.ledger.doc) return;
  const auto root = files.ledger.doc->root();
  for (const auto step : (root.is(Kind::array) ? root : root.find("transitions")).children()) {
    const auto from = step.find("from") ? step.find("from") : step.find("before");
    const auto to = step.find("to") ? step.find("to") : step.find("after");
    if (from.text().empty() || to.text().empty()) continue;
    if (is_known_status(plain(from.text())) && is_known_status(plain(to.text())) &&
        legal(plain(from.text()), plain(to.text())))
      continue;
    note(sink, "TASK-004", files.ledger, to,
         "no transition of a task: " + quote(from.text()) + " to " + quote(to.text()))
        .focus = record.urn;
  }
}

namespace {

/// The REQUIRED lines of the provenance page about one decision; each stands for itself.
class Decision {
 public:
  Decision(const SourceFile& file, const DecisionRecord& record, const KernelContext& context, Sink& sink)
      : file_(file), record_(record), context_(context), sink_(sink), root_(activity_or(file.doc->root())) {
    focus_ = record.id.text.starts_with("ckp://") ? record.id.text : instance_urn(record.id.text);
  }

  void run(bool instance) {
    check_prov_fields(file_, root_, focus_, context_, sink_, true);
    if (record_.activity) activity();
    if (!record_.activity || record_.mapping) {
      if (!instance) fields();
      generator();
    }
    words();
  }

 private:
  Finding& add(std::string_view rule, Place at, std::string path, std::string message) {
    auto& f = sink_.add(rule, file_, at, std::move(message));
    f.focus = focus_, f.path = std::move(path);
    return f;
  }

  void activity() {
    if (!record_.mapping) {
      add("DECISION-005", record_.at, "prov:Activity",
          "prov:Activity says nothing: it is not a mapping with the decision's fields")
          .expected = "id, prov:wasAttributedTo, prov:generatedAtTime, prov:wasGeneratedBy";
      return;
    }
    if (!record_.id) {
      add("DECISION-005", record_.at, "id", "the decision's prov:Activity has no id").expected =
          "ckp://Instance#{Kernel}/decision-{time}";
      return;
    }
    const auto urn = check_urn(record_.id, "id", file_, context_, sink_, focus_, true);
    if (!urn || urn->kind == UrnKind::instance) return;
    auto& f = add("DECISION-005", record_.id.at, "id",
                  "the decision's id names a " + std::string(name_of(urn->kind)) + ", not an Instance");
    f.found = record_.id.text, f.expected = "ckp://Instance#{Kernel}/decision-{time}";
  }

  void fields() {
    const std::tuple<const ProvField*, const char*, const char*> all[] = {
        {&record_.generated_by, "PROV-001", "prov:wasGeneratedBy"},
        {&record_.attributed_to, "PROV-002", "prov:wasAttributedTo"},
        {&record_.generated_at, "PROV-003", "prov:generatedAtTime"}};
    for (const auto& [field, rule, path] : all) {
      if (!field->values.empty() && !field->blank_item && !field->broken) continue;
      if (field->broken && rule == std::string_view("PROV-003")) continue;  // PROV-006 has said so
      add(rule, field->present ? field->at : record_.at, path,
          "the decision's " + std::string(path) + (field->present ? " says nothing" : " is missing"));
    }
  }

  // An action of consensus made it. Without a block of its own the record must name the evaluate action.
  void generator() {
    bool evaluated = false;
    for (const auto& value : record_.generated_by.values) {
      const auto urn = parse_urn(value.text, context_.options.urns);
      if (!urn) continue;  // URN-001 has said so
      evaluated = evaluated ||
                  (urn->kind == UrnKind::action && (urn->action == "evaluate" || urn->action.ends_with(".evaluate")));
      if (urn->kind == UrnKind::action) continue;
      auto& f = add("PROV-004", value.at, "prov:wasGeneratedBy",
                    "prov:wasGeneratedBy names a " + std::string(name_of(urn->kind)) + ", not an Action");
      f.found = value.text, f.expected = "ckp://Action#CK.Consensus/evaluate-{time}";
    }
    if (record_.activity || evaluated) return;
    add("DECISION-001", record_.id ? record_.id.at : record_.at, "prov:wasGeneratedBy",
        "the decision is backed by no prov:Activity of its own and no evaluate action")
        .expected = "ckp://Action#CK.Consensus/evaluate-{time}";
  }

  void words() {
    const auto inner = record_.activity ? root_.find("decision") : root_;
    const auto verdict = inner.find("verdict") ? inner.find("verdict") : file_.doc->root().find("verdict");
    if (verdict && !one_of(verdict.text(), {"pass", "fail", "needs_revision"})) {
      note(sink_, "DECISION-002", file_, verdict, "not a verdict: " + quote(verdict.text())).focus = focus_;
    }
    static constexpr std::string_view k_hex = "0123456789abcdef";
    if (const auto hash = inner.find("proposal_hash")) {
      auto text = hash.text();
      if (text.starts_with("sha256:")) text.remove_prefix(7);
      if (text.size() != 64 || text.find_first_not_of(k_hex) != std::string_view::npos) {
        note(sink_, "DECISION-004", file_, hash, "proposal_hash is not a SHA-256 hash").focus = focus_;
      }
    }
    if (const auto type = inner.find("change_type"); type && !is_change_type(type.text())) {
      note(sink_, "DECISION-003", file_, type, "not a change_type: " + quote(type.text())).focus = focus_;
    }
  }

  const SourceFile& file_;
  const DecisionRecord& record_;
  const KernelContext& context_;
  Sink& sink_;
  Value root_;
  std::string focus_;
};

}  // namespace

void check_decision(const SourceFile& file, const DecisionRecord& record, const KernelContext& context, Sink& sink,
                    bool instance) {
  Decision(file, record, context, sink).run(instance);
}

void check_activity(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink) {
  check_action_fields(file, record, context, sink);
  check_prov_fields(file, activity_or(file.doc->root()), record.urn.text, context, sink, true);
}

void check_proposal(const SourceFile& file, const KernelContext& context, Sink& sink) {
  const auto root = file.doc->root();
  const auto type = root.find("change_type");
  if (!is_change_type(type.text())) {
    note(sink, "DECISION-003", file, type, "not a change_type: " + quote(type.text()));
  }
  if (const auto proposer = field_of(root.find("proposer")))
    check_urn(proposer, "proposer", file, context, sink, {}, true);
  check_prov_fields(file, root, instance_urn(root.find("proposal_id").text()), context, sink, true);
}

void check_goal(const SourceFile& file, const GoalRecord& record, const KernelContext& context, Sink& sink) {
  const auto urn = goal_urn(record.goal_id.text);
  check_goal_name(file, record, sink);
  check_prov_fields(file, file.doc->root(), urn, context, sink);
}

}  // namespace provgate::ckp
