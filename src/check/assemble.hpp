// From a checked tree to drafts: gathers what an instance reaches (action proofs, tasks, decisions, goals) and converts
// it.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "provgate/check.hpp"

namespace provgate {

/// The fleet's records by what links them. Holds pointers into the report, which must outlive it unchanged.
class Reach {
 public:
  Reach(const CheckReport& report, UrnProfile urns);

  struct Found {
    std::vector<const ActionRecord*> by_urn, by_instance;
    std::vector<const TaskRecord*> tasks;
    std::vector<const DecisionRecord*> decisions;
    std::vector<const GoalRecord*> goals;
    std::vector<const ProposalRecord*> proposals;
  };
  Found of(const CheckedKernel& kernel, const InstanceRecord& instance) const;
  /// The instance's URN in its graph: kernel-qualified where two instances of the report share the plain one.
  std::string urn_of(const CheckedKernel& kernel, const InstanceRecord& instance) const;
  bool ambiguous(const CheckedKernel& kernel, const InstanceRecord& instance) const;
  /// The actions of the kernel that name the instance.
  const std::vector<const ActionRecord*>& by_instance(const CheckedKernel& kernel,
                                                      const InstanceRecord& instance) const;
  const std::map<std::string, std::string>& known_kernels() const { return known_kernels_; }

 private:
  UrnProfile urns_;
  std::unordered_map<std::string, std::vector<const ActionRecord*>> by_urn_, by_instance_;
  std::unordered_map<std::string, std::vector<const TaskRecord*>> tasks_;
  std::unordered_map<std::string, const InstanceRecord*> task_instances_;
  std::unordered_map<std::string, std::vector<const DecisionRecord*>> decisions_;
  std::unordered_map<std::string, std::vector<const GoalRecord*>> goals_;
  std::unordered_map<std::string, std::vector<const ProposalRecord*>> proposals_;
  std::map<std::string, std::unordered_set<std::string_view>> ids_,
      twice_;  ///< of each graph: instance ids; those of several instances
  std::map<std::string, std::string> known_kernels_;
};

/// {storage|data}/proof/{instance_id}/proof.json of the area the instance lies in; empty for a loose instance.
std::string own_proof_path(const KernelPlace& kernel, const InstanceRecord& instance);
std::string area_of(const KernelPlace& kernel, const std::string& directory);

struct AssembleOptions {
  ReadOptions read;
  UrnProfile urns = UrnProfile::strict;
  Modelling modelling = Modelling::clean;
  std::vector<std::string>* files = nullptr;  ///< see ConvertOptions::files
};

/// One instance with all it reaches, read again from disk, with the digests of the covered files. `urn` is its name in
/// the graph. Requires a report made with ReadOptions::digests.
/// Errors: Code::world when the instance is not what it was when it was judged.
Result<Draft> assemble(Disk& disk, const CheckedKernel& kernel, const InstanceRecord& instance, const Reach& reach,
                       const std::string& urn, const AssembleOptions& options);

/// Every record of one kernel, read again.
void convert_kernel(Disk& disk, const CheckedKernel& kernel, const Reach& reach, const std::string& standard_input,
                    const AssembleOptions& options, Graph& graph);
/// Whether kernel.statements, made when its records were read one by one, say of them what convert_kernel would but for
/// convert_links.
bool statements_hold(const CheckedKernel& kernel, const Reach& reach);
/// What follows only from all of a kernel's records together.
void convert_links(const CheckedKernel& kernel, const Reach& reach, const AssembleOptions& options, Graph& graph);
/// Every record of the report as one graph. Errors: Code::world where the system failed while a record was read again.
Result<Graph> convert_report(Disk& disk, const CheckReport& report, const std::string& standard_input,
                             const AssembleOptions& options);

}  // namespace provgate
