// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/join.hpp"

#include <algorithm>
#include <set>

namespace provgate::ckp {
namespace {

const Actions k_no_actions;

std::string instance_key(const CheckedKernel& kernel, const std::string& id) { return kernel.place.root + "\n" + id; }

bool is_task_instance(const InstanceRecord& instance) {
  return instance.type.text == "task" || instance.id.starts_with("i-task-");
}

template <class Map>
const typename Map::mapped_type& found_in(const Map& map, const std::string& key) {
  static const typename Map::mapped_type k_none;
  const auto hit = map.find(key);
  return hit == map.end() ? k_none : hit->second;
}

}  // namespace

std::string canonical_name(std::string_view text) {
  const auto urn = parse_urn(text, UrnProfile::legacy);
  return urn ? urn->canonical() : std::string(text);
}

Join::Join(const Fleet& fleet) {
  for (const auto& kernel : fleet.kernels) add(kernel);
}

void Join::add(const CheckedKernel& kernel) {
  if (!kernel.info.urn.empty()) {
    for (const auto& name : kernel.info.names) known_kernels_.emplace(name, kernel.info.urn);
  }
  for (const auto& action : kernel.actions) {
    by_urn_[canonical_name(action.urn.text)].push_back(&action);
    if (action.instance_id) by_instance_[instance_key(kernel, action.instance_id.text)].push_back(&action);
  }
  for (const auto& proof : kernel.proofs) {
    if (!proof.instance_id.empty()) proofs_[instance_key(kernel, proof.instance_id)].push_back(&proof);
  }
  for (const auto& proposal : kernel.proposals) proposals_[proposal.id.text].push_back(&proposal);
  for (const auto& task : kernel.tasks) add(task);
  for (const auto& goal : kernel.goals) {
    goals_[local_id(goal.goal_id.text)].push_back(&goal);
    goals_named_.insert(local_id(goal.goal_id.text));
  }
  for (const auto& decision : kernel.decisions) add(decision);
  auto& ids = ids_[kernel.graph];
  ids.reserve(ids.size() + kernel.instances.size());
  for (const auto& instance : kernel.instances) {
    add(instance);
    if (!ids.emplace(instance.id).second) twice_[kernel.graph].emplace(instance.id);
  }
}

void Join::add(const TaskRecord& task) {
  const auto& id = task.task_id.text;
  tasks_[id].push_back(&task);
  tasks_named_.insert(id);
  if (task.goal_id || task.goal || !task.influenced_by.values.empty()) tasks_with_goal_.insert(id);
  auto& up = parents_[id];
  if (task.parent) up.push_back(local_id(task.parent.text));
  for (const auto* field : {&task.started_by, &task.generated_by}) {
    for (const auto& value : field->values) {
      const auto urn = parse_urn(value.text, UrnProfile::legacy);
      if (urn && urn->kind == UrnKind::task) up.push_back(urn->id);
    }
  }
}

void Join::add(const DecisionRecord& decision) {
  for (const auto* id : {&decision.id, &decision.decision_id, &decision.proposal_id}) {
    if (!*id) continue;
    decisions_[local_id(id->text)].push_back(&decision);
    decisions_named_.insert(local_id(id->text));
  }
  for (const auto& task : decision.tasks) {
    decisions_of_task_[local_id(task.text)].push_back(&decision);
    tasks_named_.insert(local_id(task.text));
  }
}

void Join::add(const InstanceRecord& instance) {
  if (instance.task_id) tasks_named_.insert(local_id(instance.task_id.text));
  if (instance.goal_id) tasks_with_goal_.insert({instance.id, local_id(instance.task_id.text)});
  if (is_task_instance(instance)) {
    tasks_named_.insert(instance.id);
    task_instances_.emplace(instance.id, &instance);
  }
  if (instance.type.text == "goal") {
    goals_named_.insert(instance.goal_id ? local_id(instance.goal_id.text) : instance.id);
  }
  if (instance.decision) decisions_named_.insert(instance.id);
}

bool Join::leads_to_goal(const std::string& task) const {
  std::vector<std::string> open = {task};
  std::unordered_set<std::string> seen;
  while (!open.empty()) {
    const auto at = std::move(open.back());
    open.pop_back();
    if (!seen.insert(at).second) continue;
    if (tasks_with_goal_.contains(at)) return true;
    const auto& up = found_in(parents_, at);
    open.insert(open.end(), up.begin(), up.end());
  }
  return false;
}

bool Join::ambiguous(const CheckedKernel& kernel, const InstanceRecord& instance) const {
  if (twice_.empty() || kernel.info.names.empty()) return false;
  const auto ids = twice_.find(kernel.graph);
  return ids != twice_.end() && ids->second.contains(instance.id);
}

std::string Join::urn_of(const CheckedKernel& kernel, const InstanceRecord& instance) const {
  return ambiguous(kernel, instance) ? instance_urn(instance.id, kernel.info.names.front()) : instance.urn;
}

const Actions& Join::by_urn(std::string_view urn) const { return found_in(by_urn_, canonical_name(urn)); }

const Actions& Join::by_instance(const CheckedKernel& kernel, const InstanceRecord& instance) const {
  return by_instance_.empty() ? k_no_actions : found_in(by_instance_, instance_key(kernel, instance.id));
}

const std::vector<const ProofFile*>& Join::proofs_of(const CheckedKernel& kernel,
                                                     const InstanceRecord& instance) const {
  static const std::vector<const ProofFile*> k_none;
  return proofs_.empty() ? k_none : found_in(proofs_, instance_key(kernel, instance.id));
}

Actions Join::generators(const InstanceRecord& instance) const {
  Actions out;
  for (const auto& value : instance.generated_by.values) {
    const auto& hits = by_urn(value.text);
    out.insert(out.end(), hits.begin(), hits.end());
  }
  return out;
}

namespace {

// What is to be looked up on the way from an instance to its goals.
struct StepTrail {
  std::vector<std::string> open;  ///< tasks to look at
  std::set<std::string> tasks, goals, decisions;

  // What a link names: a task (or the instance it is kept as), a goal, or a decision.
  void note(const ProvField& field) {
    for (const auto& value : field.values) {
      const auto urn = parse_urn(value.text, UrnProfile::legacy);
      if (!urn) continue;
      if (urn->kind == UrnKind::goal) goals.insert(urn->id);
      if (urn->kind == UrnKind::instance) decisions.insert(urn->id);
      if (urn->kind == UrnKind::task || urn->kind == UrnKind::instance) task(urn->id);
    }
  }
  void task(const std::string& id) {
    if (tasks.insert(id).second) open.push_back(id);
  }
  void goal(const Field& field) {
    if (field) goals.insert(local_id(field.text));
  }
  void follow(const TaskRecord& record) {
    for (const auto* field : {&record.influenced_by, &record.started_by, &record.generated_by}) note(*field);
    goal(record.goal_id), goal(record.goal);
    if (record.decision_id) decisions.insert(local_id(record.decision_id.text));
    if (record.parent) task(local_id(record.parent.text));
  }
};

template <class Record>
void add_once(std::vector<const Record*>& to, const std::vector<const Record*>& from) {
  for (const auto* one : from) {
    if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(one);
  }
}

}  // namespace

const std::vector<const ProposalRecord*>& Join::proposals_of(const DecisionRecord& decision) const {
  return found_in(proposals_, decision.proposal_id.text);
}

Join::Found Join::of(const CheckedKernel& kernel, const InstanceRecord& instance) const {
  Found found;
  StepTrail trail;
  trail.note(instance.generated_by);
  trail.note(instance.started_by);
  trail.goal(instance.goal_id);
  found.by_urn = generators(instance);
  found.by_instance = by_instance(kernel, instance);
  for (const auto* list : {&found.by_urn, &found.by_instance}) {
    for (const auto* action : *list) trail.note(action->started_by), trail.note(action->influenced_by);
  }
  // A task that was split off leads on to its parent, and so to the decision and the goal.
  while (!trail.open.empty()) {
    const auto id = std::move(trail.open.back());
    trail.open.pop_back();
    add_once(found.decisions, found_in(decisions_of_task_, id));
    // A task that is kept as an instance: its own record is sealed with it, its goal and decision are reached from
    // here, too.
    if (const auto kept = task_instances_.find(id); kept != task_instances_.end()) {
      trail.goal(kept->second->goal_id);
      trail.note(kept->second->started_by), trail.note(kept->second->generated_by);
    }
    for (const auto* task : found_in(tasks_, id)) {
      found.tasks.push_back(task);
      trail.follow(*task);
    }
  }
  for (const auto& id : trail.decisions) add_once(found.decisions, found_in(decisions_, id));
  for (const auto* decision : found.decisions) {
    const auto& hits = found_in(proposals_, decision->proposal_id.text);
    found.proposals.insert(found.proposals.end(), hits.begin(), hits.end());
  }
  for (const auto& id : trail.goals) {
    const auto& hits = found_in(goals_, id);
    found.goals.insert(found.goals.end(), hits.begin(), hits.end());
  }
  return found;
}

}  // namespace provgate::ckp
