#include "check/assemble.hpp"

#include <algorithm>
#include <set>

#include "io/watched_disk.hpp"

namespace provgate {
namespace {

std::string canonical(std::string_view text, UrnProfile urns) {
  const auto urn = parse_urn(text, urns);
  return urn ? urn->canonical() : std::string(text);
}

ConvertOptions convert_options(const CheckedKernel& kernel, const Reach& reach, const AssembleOptions& options) {
  return {kernel.version, options.modelling, options.urns, kernel.graph, &reach.known_kernels(), options.files};
}

void cover(Draft& draft, const SourceFile& file) {
  if (!file.sha256.empty()) draft.files[file.relative] = file.sha256;
}

// Reads the file a record came from, once; ledger lines and sessions are converted from the record alone.
class FileCache {
 public:
  FileCache(Disk& disk, const KernelPlace& place, const ReadOptions& read) : disk_(disk), place_(place), read_(read) {
    read_.digests = true;
  }
  const SourceFile& get(const std::string& path) {
    auto [slot, fresh] = files_.try_emplace(path);
    if (fresh) slot->second = read_source(disk_, path, place_, read_);
    return slot->second;
  }

 private:
  Disk& disk_;
  const KernelPlace& place_;
  ReadOptions read_;
  std::map<std::string, SourceFile> files_;
};

void convert_reached(Converter& converter, FileCache& cache, const InstanceRecord& instance,
                     const Reach::Found& found) {
  const SourceFile none;
  for (const auto* list : {&found.by_urn, &found.by_instance}) {
    for (const auto* action : *list)
      converter.action(action->source == ActionSource::proof ? cache.get(action->file) : none, *action);
  }
  for (const auto* action : found.by_instance) converter.joined(instance, *action);
  for (const auto* task : found.tasks) converter.task(cache.get(task->file), *task);
  for (const auto* decision : found.decisions) {
    if (const auto& file = cache.get(decision->file); file.doc) converter.decision(file, *decision);
  }
  for (const auto* proposal : found.proposals) {
    if (const auto& file = cache.get(proposal->file); file.doc) converter.proposal(file);
  }
  for (const auto* goal : found.goals) converter.goal(cache.get(goal->file), *goal);
}

}  // namespace

Reach::Reach(const CheckReport& report, UrnProfile urns) : urns_(urns) {
  for (const auto& kernel : report.kernels) {
    if (!kernel.info.urn.empty()) {
      for (const auto& name : kernel.info.names) known_kernels_.emplace(name, kernel.info.urn);
    }
    for (const auto& action : kernel.actions) {
      by_urn_[canonical(action.urn.text, urns)].push_back(&action);
      if (action.instance_id) by_instance_[kernel.place.root + "\n" + action.instance_id.text].push_back(&action);
    }
    for (const auto& proposal : kernel.proposals) proposals_[proposal.id.text].push_back(&proposal);
    for (const auto& task : kernel.tasks) tasks_[task.task_id.text].push_back(&task);
    for (const auto& goal : kernel.goals) goals_[local_id(goal.goal_id.text, urns)].push_back(&goal);
    for (const auto& decision : kernel.decisions) {
      for (const auto* id : {&decision.id, &decision.decision_id, &decision.proposal_id}) {
        if (*id) decisions_[local_id(id->text, urns)].push_back(&decision);
      }
      for (const auto& task : decision.tasks) decisions_["task " + local_id(task.text, urns)].push_back(&decision);
    }
    auto& ids = ids_[kernel.graph];
    ids.reserve(ids.size() + kernel.instances.size());
    for (const auto& instance : kernel.instances) {
      if (instance.type.text == "task" || instance.id.starts_with("i-task-"))
        task_instances_.emplace(instance.id, &instance);
      if (!ids.emplace(instance.id).second) twice_[kernel.graph].emplace(instance.id);
    }
  }
}

bool Reach::ambiguous(const CheckedKernel& kernel, const InstanceRecord& instance) const {
  if (twice_.empty() || kernel.info.names.empty()) return false;
  const auto ids = twice_.find(kernel.graph);
  return ids != twice_.end() && ids->second.contains(instance.id);
}

std::string Reach::urn_of(const CheckedKernel& kernel, const InstanceRecord& instance) const {
  return ambiguous(kernel, instance) ? instance_urn(instance.id, kernel.info.names.front()) : instance.urn;
}

const std::vector<const ActionRecord*>& Reach::by_instance(const CheckedKernel& kernel,
                                                           const InstanceRecord& instance) const {
  static const std::vector<const ActionRecord*> none;
  if (by_instance_.empty()) return none;
  const auto hit = by_instance_.find(kernel.place.root + "\n" + instance.id);
  return hit == by_instance_.end() ? none : hit->second;
}

Reach::Found Reach::of(const CheckedKernel& kernel, const InstanceRecord& instance) const {
  Found found;
  std::vector<std::string> open;  // tasks to look at
  std::set<std::string> task_ids, goal_ids, decision_ids;
  // What a link names: a task (or the instance it is kept as), a goal, or a decision.
  const auto note = [&](const ProvField& field) {
    for (const auto& value : field.values) {
      const auto urn = parse_urn(value.text, urns_);
      if (!urn) continue;
      if (urn->kind == UrnKind::goal) goal_ids.insert(urn->id);
      if (urn->kind == UrnKind::instance) decision_ids.insert(urn->id);
      if ((urn->kind == UrnKind::task || urn->kind == UrnKind::instance) && task_ids.insert(urn->id).second)
        open.push_back(urn->id);
    }
  };
  note(instance.generated_by);
  note(instance.started_by);
  if (instance.goal_id) goal_ids.insert(local_id(instance.goal_id.text, urns_));
  for (const auto& value : instance.generated_by.values) {
    if (const auto hit = by_urn_.find(canonical(value.text, urns_)); hit != by_urn_.end()) found.by_urn = hit->second;
  }
  found.by_instance = by_instance(kernel, instance);
  for (const auto* list : {&found.by_urn, &found.by_instance}) {
    for (const auto* action : *list) note(action->started_by), note(action->influenced_by);
  }
  // A task that was split off leads on to its parent, and so to the decision and the goal.
  while (!open.empty()) {
    const auto id = std::move(open.back());
    open.pop_back();
    decision_ids.insert("task " + id);
    // A task that is kept as an instance: its own record is sealed with it, its goal and decision are reached from
    // here, too.
    if (const auto kept = task_instances_.find(id); kept != task_instances_.end()) {
      if (kept->second->goal_id) goal_ids.insert(local_id(kept->second->goal_id.text, urns_));
      note(kept->second->started_by), note(kept->second->generated_by);
    }
    const auto hit = tasks_.find(id);
    if (hit == tasks_.end()) continue;
    for (const auto* task : hit->second) {
      found.tasks.push_back(task);
      for (const auto* field : {&task->influenced_by, &task->started_by, &task->generated_by}) note(*field);
      for (const auto* goal : {&task->goal_id, &task->goal}) {
        if (*goal) goal_ids.insert(local_id(goal->text, urns_));
      }
      if (task->decision_id) decision_ids.insert(local_id(task->decision_id.text, urns_));
      if (!task->parent) continue;
      if (const auto parent = local_id(task->parent.text, urns_); task_ids.insert(parent).second)
        open.push_back(parent);
    }
  }
  for (const auto& id : decision_ids) {
    if (const auto hit = decisions_.find(id); hit != decisions_.end()) {
      for (const auto* decision : hit->second) {
        if (std::find(found.decisions.begin(), found.decisions.end(), decision) == found.decisions.end())
          found.decisions.push_back(decision);
      }
    }
  }
  for (const auto* decision : found.decisions) {
    if (const auto hit = proposals_.find(decision->proposal_id.text); hit != proposals_.end())
      found.proposals.insert(found.proposals.end(), hit->second.begin(), hit->second.end());
  }
  for (const auto& id : goal_ids) {
    if (const auto hit = goals_.find(id); hit != goals_.end())
      found.goals.insert(found.goals.end(), hit->second.begin(), hit->second.end());
  }
  return found;
}

std::string area_of(const KernelPlace& kernel, const std::string& directory) {
  for (const auto& area : kernel.areas) {
    if (directory.starts_with(area + "/")) return area;
  }
  return {};
}

std::string own_proof_path(const KernelPlace& kernel, const InstanceRecord& instance) {
  const auto area = kernel.loose ? std::string{} : area_of(kernel, instance.directory);
  if (area.empty() || !is_instance_id(instance.id)) return {};
  return join_path(area, "proof/" + instance.id + "/proof.json");
}

Result<Draft> assemble(Disk& disk, const CheckedKernel& kernel, const InstanceRecord& instance, const Reach& reach,
                       const std::string& urn, const AssembleOptions& options) {
  ReadOptions read = options.read;
  read.digests = true;
  auto files = read_instance(disk, kernel.place, instance.directory, read);
  if (digest_of(files) != instance.digest) {
    return fail(Code::world, instance.directory + " changed while it was being judged",
                "run it again when nothing writes to it");
  }
  Draft draft;
  draft.urn = urn;
  draft.kernel = kernel.info.names.empty() ? std::string{} : kernel.info.names.front();
  draft.kernel_urn = kernel.info.urn;
  draft.directory = instance.directory;
  for (const auto* file : {&files.manifest, &files.data, &files.message, &files.instance, &files.proof})
    cover(draft, *file);
  for (const auto& file : files.amendments) cover(draft, file);
  for (const auto& file : files.client_proofs) cover(draft, file);
  const auto found = reach.of(kernel, instance);
  FileCache cache(disk, kernel.place, options.read);
  for (const auto* list : {&found.by_urn, &found.by_instance}) {
    for (const auto* action : *list) {
      const bool ours = action->file.starts_with(kernel.place.root + "/") || kernel.place.loose;
      if (action->source != ActionSource::proof || !ours) continue;
      const auto& now = cache.get(action->file);
      if (!action->sha256.empty() && now.sha256 != action->sha256) {
        return fail(Code::world, action->file + " changed while it was being judged",
                    "run it again when nothing writes to it");
      }
      cover(draft, now);
    }
  }
  Converter converter(draft.graph, convert_options(kernel, reach, options));
  converter.instance(files, instance, kernel.info, draft.urn);
  convert_reached(converter, cache, instance, found);
  converter.kernel(kernel.info);
  return draft;
}

void convert_kernel(Disk& disk, const CheckedKernel& kernel, const Reach& reach, const std::string& standard_input,
                    const AssembleOptions& options, Graph& graph) {
  Converter converter(graph, convert_options(kernel, reach, options));
  const bool stream = kernel.place.loose && kernel.place.root.empty();
  FileCache cache(disk, kernel.place, options.read);
  const SourceFile none;
  const bool scoped = !kernel.place.scope.empty() && !kernel.place.loose;
  for (const auto& instance : kernel.instances) {
    if (stream || !instance.judged) continue;
    auto files = read_instance(disk, kernel.place, instance.directory, options.read);
    converter.instance(files, instance, kernel.info, reach.urn_of(kernel, instance));
    const auto found = reach.of(kernel, instance);
    // One instance is converted with what it reaches; a whole kernel's records come below.
    if (scoped) convert_reached(converter, cache, instance, found);
    for (const auto* action : found.by_instance) converter.joined(instance, *action);
  }
  if (stream) {
    const auto convert = [&](SourceFile line, bool) {
      if (!line.doc || classify(line.doc->root()) != RecordKind::instance) return;
      InstanceFiles files;
      files.directory = files.name = files.manifest.path = "-";
      files.manifest.doc = std::move(line.doc);
      const auto record = extract_instance(files);
      converter.instance(files, record, kernel.info, record.urn);
    };
    if (!each_laid_out("-", standard_input, [&](SourceFile file) { convert(std::move(file), false); }))
      each_line("-", standard_input, convert);
  }
  for (const auto& action : kernel.actions) {
    if (!in_scope(kernel.place, action.file)) continue;
    const bool file = action.source == ActionSource::proof && !stream;
    converter.action(file ? cache.get(action.file) : none, action);
  }
  for (const auto& task : kernel.tasks) {
    if (in_scope(kernel.place, task.file)) converter.task(stream ? none : cache.get(task.file), task);
  }
  for (const auto& goal : kernel.goals) {
    if (in_scope(kernel.place, goal.file)) converter.goal(stream ? none : cache.get(goal.file), goal);
  }
  for (const auto& decision : kernel.decisions) {
    if (!stream && in_scope(kernel.place, decision.file) && cache.get(decision.file).doc)
      converter.decision(cache.get(decision.file), decision);
  }
  if (!kernel.place.loose) {
    for (const auto& path : list_kernel(disk, kernel.place, options.read).record_files) {
      if (!in_scope(kernel.place, path)) continue;
      const auto file = read_source(disk, path, kernel.place, options.read);
      if (!file.doc) continue;
      const auto kind = classify(file.doc->root(), path);
      if (kind == RecordKind::proposal) converter.proposal(file);
      if (kind == RecordKind::session) converter.session(file);
    }
  }
  converter.kernel(kernel.info);
  if (!scoped) converter.proof_totals(kernel.info);
}

bool statements_hold(const CheckedKernel& kernel, const Reach& reach) {
  return !kernel.statements.empty() &&
         std::all_of(kernel.instances.begin(), kernel.instances.end(),
                     [&](const auto& instance) { return !reach.ambiguous(kernel, instance); });
}

void convert_links(const CheckedKernel& kernel, const Reach& reach, const AssembleOptions& options, Graph& graph) {
  Converter converter(graph, convert_options(kernel, reach, options));
  for (const auto& part : kernel.statements) converter.count(part.totals);
  for (const auto& instance : kernel.instances) {
    for (const auto* action : reach.by_instance(kernel, instance)) converter.joined(instance, *action);
  }
  converter.kernel(kernel.info);
  converter.proof_totals(kernel.info);
}

Result<Graph> convert_report(Disk& disk, const CheckReport& report, const std::string& standard_input,
                             const AssembleOptions& options) {
  WatchedDisk watched(disk);
  Graph graph;
  const Reach reach(report, options.urns);
  for (const auto& kernel : report.kernels) convert_kernel(watched, kernel, reach, standard_input, options, graph);
  if (const auto failed = watched.failure()) return tl::unexpected<Error>(*failed);
  return graph;
}

}  // namespace provgate
