// SPDX-License-Identifier: Apache-2.0
// URN-001: what cannot be named cannot be said in PROV-O, so it is asked of converted records, too.
#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {

void check_instance_name(const SourceFile& file, const InstanceRecord& record, Sink& sink) {
  if (!record.urn.empty()) return;
  const auto root = file.doc ? file.doc->root() : Value{};
  const auto id = root.find("instance_id");
  auto& f = sink.add("URN-001", file, id ? id.place() : root.place(),
                     "the instance id " + quote(record.id) + " makes no CKP URN");
  f.path = "instance_id", f.found = record.id;
  f.expected = "letters, digits, '.', '_', '~', '-', ':' and '+', beginning with a letter or digit";
}

void check_task_name(const SourceFile& file, const TaskRecord& record, Sink& sink) {
  if (!task_urn(record.task_id.text).empty()) return;
  auto& f =
      sink.add("URN-001", file, record.task_id.at, "the task id " + quote(record.task_id.text) + " makes no CKP URN");
  f.path = "task_id", f.found = record.task_id.text, f.expected = "T… or i-…";
}

void check_goal_name(const SourceFile& file, const GoalRecord& record, Sink& sink) {
  if (!goal_urn(record.goal_id.text).empty()) return;
  auto& f =
      sink.add("URN-001", file, record.goal_id.at, "the goal id " + quote(record.goal_id.text) + " makes no CKP URN");
  f.path = "goal_id", f.found = record.goal_id.text, f.expected = "G…";
}

void check_named_things(const SourceFile& file, const KernelContext& context, Sink& sink, bool decision) {
  const auto root = file.doc->root();
  for (const auto holder : {root, root.find("prov:Activity")}) {
    if (!holder.is(Kind::object)) continue;
    for (const std::string_view name : k_prov_links) {
      check_urns(prov_field(holder, name), "prov:" + std::string(name), file, context, sink, {}, decision);
    }
  }
}

}  // namespace provgate::ckp
