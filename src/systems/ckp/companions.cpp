// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/companions.hpp"

#include <algorithm>

#include "systems/ckp/assemble.hpp"
#include "systems/ckp/file_cache.hpp"

namespace provgate::ckp {
namespace {

std::string iri_of(const ActionRecord& one, const Options& options) {
  const auto urn = parse_urn(one.urn.text, options.urns);
  return urn && urn->kind == UrnKind::action ? urn->canonical() : std::string{};
}
std::string iri_of(const TaskRecord& one, const Options&) { return task_urn(one.task_id.text); }
std::string iri_of(const GoalRecord& one, const Options&) { return goal_urn(one.goal_id.text); }
std::string iri_of(const DecisionRecord& one, const Options& options) {
  if (!one.activity) return instance_urn(one.id.text);
  const auto urn = parse_urn(one.id.text, options.urns);
  return urn && urn->kind == UrnKind::instance ? urn->canonical() : std::string{};
}

// Instances that are decisions are sealed as instances; lines of logs are not sealed, since logs grow.
class OwnFiles {
 public:
  explicit OwnFiles(const CheckedKernel& kernel) : root_(kernel.place.root + "/") {
    if (kernel.decisions.empty()) return;
    for (const auto& one : kernel.instances) {
      if (one.decision) instances_.insert(one.file);
    }
  }
  bool has(const ActionRecord& one) const {
    return (one.source == ActionSource::proof || one.source == ActionSource::activity) && below(one.file);
  }
  bool has(const DecisionRecord& one) const { return below(one.file) && !instances_.contains(one.file); }
  template <class Record>
  bool has(const Record& one) const {
    return below(one.file);
  }

 private:
  bool below(const std::string& file) const { return file.starts_with(root_); }
  std::string root_;
  std::unordered_set<std::string_view> instances_;
};

template <class Record>
void gather(const CheckedKernel& kernel, const std::vector<Record>& list, RecordKind kind, const OwnFiles& own,
            const Options& options, std::vector<Companion>& out) {
  std::map<std::string, Companion> by_name;
  for (std::size_t row = 0; row < list.size(); ++row) {
    const auto& record = list[row];
    if (!own.has(record)) continue;
    const auto iri = iri_of(record, options);
    // What has no name is nothing with others.
    auto& one = by_name[iri.empty() ? "\n" + record.file : iri];
    one.kind = kind, one.iri = iri;
    one.files.push_back(record.file), one.rows.push_back(row);
    one.judged = one.judged && in_scope(kernel.place, record.file);
  }
  for (auto& [name, one] : by_name) out.push_back(std::move(one));
}

struct JudgedFile {
  const std::string& file;
  const Digest& sha256;
};
JudgedFile judged_file(const CheckedKernel& kernel, RecordKind kind, std::size_t row) {
  const auto of = [](const auto& record) { return JudgedFile{record.file, record.sha256}; };
  if (kind == RecordKind::action_proof) return of(kernel.actions[row]);
  if (kind == RecordKind::decision) return of(kernel.decisions[row]);
  return kind == RecordKind::goal ? of(kernel.goals[row]) : of(kernel.tasks[row]);
}

}  // namespace

std::vector<Companion> companions(const CheckedKernel& kernel, const Options& options) {
  std::vector<Companion> out;
  if (kernel.place.loose) return out;
  const OwnFiles own(kernel);
  gather(kernel, kernel.decisions, RecordKind::decision, own, options, out);
  gather(kernel, kernel.goals, RecordKind::goal, own, options, out);
  gather(kernel, kernel.tasks, RecordKind::task, own, options, out);
  gather(kernel, kernel.actions, RecordKind::action_proof, own, options, out);
  for (auto& one : out) std::ranges::sort(one.files);
  return out;
}

namespace {

CoveredFile::Role role_of(const Companion& one) {
  return one.final() ? CoveredFile::Role::covered : CoveredFile::Role::witnessed;
}

// What a decision is about, in its own kernel.
template <class F>
void each_proposal(const CheckedKernel& kernel, const Companion& one, const Join& join, F&& visit) {
  if (one.kind != RecordKind::decision) return;
  for (const auto row : one.rows) {
    for (const auto* proposal : join.proposals_of(kernel.decisions[row])) {
      if (proposal->file.starts_with(kernel.place.root + "/") && !proposal->sha256.empty()) visit(*proposal);
    }
  }
}

}  // namespace

CoveredFiles covered_files(const CheckedKernel& kernel, const Companion& one, const Join& join) {
  CoveredFiles out;
  for (const auto row : one.rows) {
    const auto [path, sha256] = judged_file(kernel, one.kind, row);
    out[path_below(path, kernel.place.root)] = {sha256, role_of(one)};
  }
  each_proposal(kernel, one, join, [&](const ProposalRecord& proposal) {
    out.try_emplace(path_below(proposal.file, kernel.place.root),
                    CoveredFile{proposal.sha256, CoveredFile::Role::witnessed});
  });
  for (const auto& [path, digest] : kernel.own_files)
    out.try_emplace(path, CoveredFile{digest, CoveredFile::Role::witnessed});
  return out;
}

Result<Draft> assemble(Disk& disk, const CheckedKernel& kernel, const Companion& one, const Join& join,
                       const std::vector<const InstanceRecord*>& instances, const Options& options) {
  Draft draft;
  draft.id = record_id(kernel, one.iri);
  draft.kind = name_of(one.kind);
  draft.owner = one.files.front(), draft.root = kernel.place.root;
  FileCache cache(disk, kernel.place, options.read);
  draft.files = covered_files(kernel, one, join);
  for (const auto row : one.rows) {
    const auto [path, sha256] = judged_file(kernel, one.kind, row);
    CHECKED(cache.as_judged(path, sha256));
  }
  Converter converter(draft.graph, with_kernels(kernel, join, options));
  for (const auto row : one.rows) {
    const auto& file = cache.get(judged_file(kernel, one.kind, row).file);
    if (!file.doc) continue;
    switch (one.kind) {
      case RecordKind::decision: converter.decision(file, kernel.decisions[row]); break;
      case RecordKind::goal: converter.goal(file, kernel.goals[row]); break;
      case RecordKind::task: converter.task(file, kernel.tasks[row]); break;
      default:
        converter.action(file, kernel.actions[row]);
        for (const auto* instance : instances) converter.joined(*instance, kernel.actions[row]);
    }
  }
  std::optional<Error> changed;
  each_proposal(kernel, one, join, [&](const ProposalRecord& proposal) {
    if (const auto same = cache.as_judged(proposal.file, proposal.sha256); !same) changed = same.error();
    if (const auto& file = cache.get(proposal.file); file.doc) converter.proposal(file);
  });
  if (changed) return tl::unexpected<Error>(*changed);
  describe_kernel(converter, kernel, options, draft);
  return draft;
}

}  // namespace provgate::ckp
