// SPDX-License-Identifier: Apache-2.0
// Rules that look across records: the chain instance -> action -> kernel -> task -> goal, duplicates, times, graph
// names.
#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {
namespace {

// One finding that stands for many: the first place, and how many there are.
class Tally {
 public:
  void hit(const std::string& file, Place at, const std::string& focus) {
    if (count_++ == 0) file_ = file, at_ = at, focus_ = focus;
  }
  void report(Sink& sink, std::string_view rule, const std::string& one, const std::string& many) const {
    if (!count_) return;
    auto& f = sink.add(rule, file_, at_, plural(count_, one, many));
    f.focus = focus_;
    f.found = std::to_string(count_);
    if (count_ > 1) f.message += " (the first is here)";
  }

 private:
  std::uint64_t count_ = 0;
  std::string file_, focus_;
  Place at_;
};

class KernelLinks {
 public:
  KernelLinks(CheckedKernel& kernel, const Join& join, const Options& options, Sink& sink)
      : kernel_(kernel), join_(join), options_(options), sink_(sink) {}

  void run() {
    duplicates();
    // Nobody asked about the others: they are context, and one finding that stands for many must not stand for them.
    for (auto& instance : kernel_.instances) {
      if (instance.judged) one_instance(instance);
    }
    report_tallies();
    for (const auto& action : kernel_.actions) {
      if (in_scope(kernel_.place, action.file)) dangling_of(action);
    }
    for (const auto& instance : kernel_.instances) {
      if (!instance.judged) continue;
      for (const auto* field : {&instance.generated_by, &instance.started_by}) {
        for (const auto& value : field->values) {
          const auto urn = parse_urn(value.text, options_.urns);
          if (urn && urn->kind == UrnKind::task) dangling(value, Named::task, instance.file);
          if (urn && names_decision(*urn)) dangling(value, Named::decision, instance.file);
        }
      }
    }
    for (const auto& task : kernel_.tasks) {
      if (in_scope(kernel_.place, task.file)) decision_of(task);
    }
    orphans();
    disagreements();
  }

 private:
  void duplicates() {
    if (kernel_.place.loose) return;
    std::unordered_map<std::string_view, std::pair<const InstanceRecord*, const InstanceRecord*>>
        seen;  // the first two
    seen.reserve(kernel_.instances.size());
    for (const auto& instance : kernel_.instances) {
      auto& [first, second] = seen[instance.id];
      (first ? second : first) = &instance;
    }
    for (auto& instance : kernel_.instances) {
      const auto& [first, second] = seen[instance.id];
      if (!second || !instance.judged) continue;
      // Each of them is named: none can be believed to be the one.
      not_alone(instance, (first == &instance ? second : first)->directory, sink_);
    }
  }

  void one_instance(InstanceRecord& instance) {
    const Place at = instance.generated_by.values.empty() ? Place{1, 1, 1, 2} : instance.generated_by.values.front().at;
    sink_.set_owner(instance.directory);
    if (instance.generated_by.values.empty()) return;  // condition 1 has said so
    const auto by_urn = join_.generators(instance);
    for (const auto* action : by_urn) {
      times(instance, *action);
      if (!action->failed || !instance.sealed) continue;
      auto& f = sink_.add("PROOF-011", action->file, action->urn.at,
                          "the action's proof failed, yet " + instance.id + " is sealed");
      f.focus = instance.urn, f.path = "outcome", f.found = "FAIL", f.expected = "PASS";
    }
    Actions all = by_urn;
    const auto& naming = join_.by_instance(kernel_, instance);
    all.insert(all.end(), naming.begin(), naming.end());
    const auto generator = parse_urn(instance.generated_by.first(), options_.urns);
    const bool by_task = generator && generator->kind == UrnKind::task;
    const auto any = [&](auto&& has) { return std::any_of(all.begin(), all.end(), has); };
    if (all.empty() && !by_task) {
      no_proof_.hit(instance.file, at, instance.urn);
    } else {
      if (!any([](const auto* a) { return !a->associated_with.values.empty() || a->kernel_urn; }) && !by_task)
        no_kernel_.hit(instance.file, at, instance.urn);
      if (!by_task && instance.started_by.values.empty() &&
          !any([](const auto* a) { return !a->started_by.values.empty(); }))
        no_task_.hit(instance.file, at, instance.urn);
      if (!instance.goal_id &&
          !any([&](const auto* a) { return !a->influenced_by.values.empty() || goal_by_task(*a); }) &&
          !(by_task && join_.leads_to_goal(generator->id))) {
        no_goal_.hit(instance.file, at, instance.urn);
      }
    }
    if (!instance.decidable && !instance.attributed_to.values.empty())
      undecidable_.hit(instance.file, instance.attributed_to.values.front().at, instance.urn);
    if (!instance.has_associated || !instance.has_used) no_used_.hit(instance.file, at, instance.urn);
    if (generator && generator->kind == UrnKind::action && !kernel_.info.names.empty() &&
        !kernel_.info.is(generator->kernel))
      other_kernel_.hit(instance.file, at, instance.urn);
    if (instance.id_seconds && instance.generated_micros) {
      const auto seconds = *instance.generated_micros / 1'000'000;
      if (instance.id_seconds > seconds + 1 || instance.id_seconds < seconds - 1)
        id_time_.hit(instance.file, at, instance.urn);
    }
    const bool task = instance.type.text == "task" || instance.id.starts_with("i-task-");
    if (task && instance.started_by.values.empty()) plain_task_.hit(instance.file, at, instance.urn);
  }

  bool goal_by_task(const ActionRecord& action) const {
    return std::any_of(action.started_by.values.begin(), action.started_by.values.end(),
                       [&](const auto& v) { return join_.leads_to_goal(local_id(v.text)); });
  }

  // Times bind only where the action is joined by its URN; one second of tolerance for clocks that truncate.
  void times(const InstanceRecord& instance, const ActionRecord& action) {
    if (!instance.generated_micros) return;
    const auto when = *instance.generated_micros;
    const bool early = action.started_micros && when < *action.started_micros - 1'000'000;
    const bool late = action.ended_micros && when > *action.ended_micros;
    if (!early && !late) return;
    const auto& value = instance.generated_at.values.front();
    auto& f = sink_.add("CHAIN-008", instance.file, value.at,
                        early ? "generated before its action started" : "generated after its action ended");
    f.focus = instance.urn, f.path = "prov:generatedAtTime", f.found = value.text;
    f.expected = (early ? "not before " + action.started.text : "not after " + action.ended.text) + " (" + action.file +
                 ":" + std::to_string((early ? action.started : action.ended).at.line) + ")";
  }

  enum class Named { task, goal, decision };

  // A link to something that has no record here: said once for each thing.
  void dangling(const Field& value, Named what, const std::string& file, std::string path = {}) {
    const auto id = local_id(value.text, options_.urns);
    const bool known = what == Named::task   ? join_.knows_task(id)
                       : what == Named::goal ? join_.knows_goal(id)
                                             : join_.knows_decision(id);
    if (known || !named_.insert(value.text).second) return;
    static constexpr const char* k_rules[] = {"CHAIN-005", "CHAIN-006", "CHAIN-013"};
    static constexpr const char* k_words[] = {"task", "goal", "decision"};
    const auto at = static_cast<std::size_t>(what);
    sink_.set_owner(file);
    auto& f = sink_.add(k_rules[at], file, value.at,
                        "the " + std::string(k_words[at]) + " " + value.text + " has no record here");
    f.focus = value.text, f.found = value.text;
    f.path = !path.empty() ? path : what == Named::goal ? "prov:wasInfluencedBy" : "prov:wasStartedBy";
  }
  void dangling_of(const ActionRecord& action) {
    for (const auto& value : action.started_by.values) {
      const auto urn = parse_urn(value.text, options_.urns);
      if (urn && (urn->kind == UrnKind::task || urn->id.starts_with("i-task-")))
        dangling(value, Named::task, action.file);
      if (urn && names_decision(*urn)) dangling(value, Named::decision, action.file);
    }
    for (const auto& value : action.influenced_by.values) {
      const auto urn = parse_urn(value.text, options_.urns);
      if (urn && urn->kind == UrnKind::goal) dangling(value, Named::goal, action.file);
      if (urn && names_decision(*urn)) dangling(value, Named::decision, action.file, "prov:wasInfluencedBy");
    }
  }

  static bool names_decision(const Urn& urn) {
    return urn.kind == UrnKind::instance &&
           (urn.id.starts_with("decision") || urn.id.starts_with("D-") || urn.id.starts_with("P-"));
  }

  // A decision's URN, the approve action, or (for splits) a parent task that has a record.
  bool leads_to_decision(std::string_view text) const {
    const auto urn = parse_urn(text, options_.urns);
    if (!urn) return false;
    if (urn->kind == UrnKind::action) return urn->action == "approve" || urn->action.ends_with(".approve");
    if (urn->kind == UrnKind::task) return join_.knows_task(urn->id);
    return names_decision(*urn) || (urn->kind == UrnKind::instance && join_.knows_decision(urn->id));
  }

  // A task-engine task leads to its decision by wasStartedBy, by wasGeneratedBy, or by a decision_id that resolves.
  void decision_of(const TaskRecord& task) {
    bool linked = task.decision_id && join_.knows_decision(local_id(task.decision_id.text, options_.urns));
    if (task.parent) linked = linked || join_.knows_task(local_id(task.parent.text, options_.urns));
    for (const auto* field : {&task.started_by, &task.generated_by}) {
      for (const auto& value : field->values) linked = linked || leads_to_decision(value.text);
    }
    for (const auto* field : {&task.started_by, &task.generated_by, &task.influenced_by}) {
      for (const auto& value : field->values) {
        if (const auto urn = parse_urn(value.text, options_.urns); urn && names_decision(*urn))
          dangling(value, Named::decision, task.file);
      }
    }
    if (linked && task.decision_id) dangling(task.decision_id, Named::decision, task.file, "decision_id");
    if (linked) return;
    sink_.set_owner(task.file);
    auto& f = sink_.add("TASK-001", task.file, task.decision_id ? task.decision_id.at : task.at,
                        task.decision_id ? "decision_id " + quote(task.decision_id.text) +
                                               " leads to no decision, and no PROV property does"
                                         : "the task leads to no decision");
    f.focus = task_urn(task.task_id.text), f.path = "prov:wasStartedBy",
    f.expected = "prov:wasStartedBy, prov:wasGeneratedBy or a decision_id that has a record";
  }

  void orphans() {
    std::unordered_set<std::string> used;
    for (const auto& instance : kernel_.instances) {
      for (const auto& value : instance.generated_by.values) used.insert(canonical_name(value.text));
    }
    Tally orphan;
    for (const auto& action : kernel_.actions) {
      if (!in_scope(kernel_.place, action.file)) continue;
      if (action.source != ActionSource::proof || action.instance_id || used.contains(canonical_name(action.urn.text)))
        continue;
      orphan.hit(action.file, action.urn.at, action.urn.text);
    }
    sink_.set_owner(kernel_.place.root);
    orphan.report(sink_, "CHAIN-010", "action proof that no instance names", "action proofs that no instance names");
  }

  // Two accounts of one action that give it different times.
  void disagreements() {
    std::unordered_map<std::string, const ActionRecord*> first;
    for (const auto& action : kernel_.actions) {
      if (!action.urn) continue;
      const auto [seen, fresh] = first.emplace(canonical_name(action.urn.text), &action);
      if (fresh) continue;
      const auto& other = *seen->second;
      const bool start =
          action.started_micros && other.started_micros && *action.started_micros != *other.started_micros;
      const bool end = action.ended_micros && other.ended_micros && *action.ended_micros != *other.ended_micros &&
                       action.source == other.source;
      if (!start && !end) continue;
      const auto& mine = start ? action.started : action.ended;
      const auto& theirs = start ? other.started : other.ended;
      sink_.set_owner(action.file);
      auto& f = sink_.add("CHAIN-009", action.file, mine.at,
                          "two records give this action different times; the other is " + other.file + ":" +
                              std::to_string(theirs.at.line));
      f.focus = action.urn.text, f.path = start ? "prov:startedAtTime" : "prov:endedAtTime", f.found = mine.text,
      f.expected = theirs.text;
    }
  }

  void report_tallies() {
    sink_.set_owner(kernel_.place.root);
    no_proof_.report(sink_, "CHAIN-001", "instance has no action record", "instances have no action record");
    no_kernel_.report(sink_, "CHAIN-002", "instance's action names no kernel", "instances' actions name no kernel");
    no_task_.report(sink_, "CHAIN-003", "instance's action names no task", "instances' actions name no task");
    no_goal_.report(sink_, "CHAIN-004", "instance leads to no goal", "instances lead to no goal");
    undecidable_.report(sink_, "PROV-009", "instance whose kernel cannot be told",
                        "instances whose kernel cannot be told");
    no_used_.report(sink_, "PROV-011", "instance names no prov:wasAssociatedWith or no prov:used",
                    "instances name no prov:wasAssociatedWith or no prov:used");
    id_time_.report(sink_, "PROV-012", "instance whose id carries another time than prov:generatedAtTime",
                    "instances whose ids carry another time than prov:generatedAtTime");
    other_kernel_.report(sink_, "PROV-013", "instance was generated by an action of another kernel",
                         "instances were generated by actions of another kernel");
    plain_task_.report(sink_, "TASK-005", "task instance names no decision", "task instances name no decision");
  }

  CheckedKernel& kernel_;
  const Join& join_;
  const Options& options_;
  Sink& sink_;
  Tally no_proof_, no_kernel_, no_task_, no_goal_, undecidable_, no_used_, id_time_, other_kernel_, plain_task_;
  std::unordered_set<std::string> named_;
};

}  // namespace

void check_chains(CheckedKernel& kernel, const Join& join, const Options& options, Sink& sink) {
  KernelLinks(kernel, join, options, sink).run();
}

}  // namespace provgate::ckp
