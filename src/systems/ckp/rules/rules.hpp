// SPDX-License-Identifier: Apache-2.0
// The rules of Concept Kernel Protocol records, a function for each family.
#pragma once

#include "systems/ckp/join.hpp"

namespace provgate::ckp {

/// What the record rules need to know about the kernel a record lies in.
struct KernelContext {
  const KernelPlace& place;
  const KernelInfo& info;
  const Options& options;
  CkpVersion version;
  std::int64_t now_micros;
  Disk& disk;
  bool judge = true;  ///< false: of the rules only those about names are asked
};

// ---- one function per family; each judges one record --------------------------------------------

/// One URN of a PROV field against the grammar; the parsed URN when it is one.
std::optional<Urn> check_urn(const Field& field, std::string_view path, const SourceFile& file,
                             const KernelContext& context, Sink& sink, std::string_view focus, bool decision = false);
void check_urns(const ProvField& field, std::string_view path, const SourceFile& file, const KernelContext& context,
                Sink& sink, std::string_view focus, bool decision = false);
/// The PROV fields that name other things.
inline constexpr std::string_view k_prov_links[] = {"wasGeneratedBy", "wasAttributedTo", "wasAssociatedWith",
                                                    "used",           "wasStartedBy",    "wasInfluencedBy",
                                                    "wasDerivedFrom", "wasInformedBy"};
/// What a record names by them, without the other rules.
void check_named_things(const SourceFile& file, const KernelContext& context, Sink& sink, bool decision = false);
/// An id that makes no URN.
void check_instance_name(const SourceFile& file, const InstanceRecord& record, Sink& sink);
void check_task_name(const SourceFile& file, const TaskRecord& record, Sink& sink);
void check_goal_name(const SourceFile& file, const GoalRecord& record, Sink& sink);
/// The links whose object must be of certain kinds, and the check of one of them.
inline constexpr std::string_view k_kind_links[] = {"wasAssociatedWith", "wasStartedBy", "wasInfluencedBy"};
void check_link_kinds(const ProvField& field, std::string_view link, const SourceFile& file,
                      const KernelContext& context, Sink& sink, std::string_view focus);
/// Every PROV field of a record that is not an instance: URNs, the time, and who may be named.
void check_prov_fields(const SourceFile& file, Value root, std::string_view focus, const KernelContext& context,
                       Sink& sink, bool decision = false);
/// A goal's id and PROV fields.
void check_goal(const SourceFile& file, const GoalRecord& record, const KernelContext& context, Sink& sink);
/// An instance proof that lies flat in proof/, against the instance it names.
void check_stray_proof(const SourceFile& file, const KernelContext& context, Sink& sink);
/// The five conditions of check.provenance, and what belongs to them. Sets conforming and decidable.
void check_instance_provenance(const InstanceFiles& files, InstanceRecord& record, const KernelContext& context,
                               Sink& sink);
void check_instance_proofs(const InstanceFiles& files, const InstanceRecord& record, const KernelContext& context,
                           Sink& sink);
void check_action_proof(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink);
void check_action_fields(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink);
/// A prov:Activity record of an action.
void check_activity(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink);
void check_session(const SourceFile& file, const KernelContext& context, Sink& sink);
void check_task_record(const SourceFile& file, const TaskRecord& record, const KernelContext& context, Sink& sink);
void check_status(const InstanceFiles& files, const InstanceRecord& record, Sink& sink);
/// `instance`: the record is an instance's own, whose conditions say what is missing.
void check_decision(const SourceFile& file, const DecisionRecord& record, const KernelContext& context, Sink& sink,
                    bool instance = false);
void check_proposal(const SourceFile& file, const KernelContext& context, Sink& sink);
void check_kernel(const KernelContext& context, Sink& sink);

// ---- rules that look across records -------------------------------------------------------------

/// Two instances of one id: neither can be believed to be the one.
void not_alone(InstanceRecord& instance, const std::string& other, Sink& sink);
/// The chain instance -> action -> kernel -> task -> goal, duplicates, times, decisions.
void check_chains(CheckedKernel& kernel, const Join& join, const Options& options, Sink& sink);
/// Names the graph that the kernel's records are published to.
void name_graph(CheckedKernel& kernel, const Options& options);
/// Two projects must not share one graph.
void check_graphs(const Fleet& fleet, Sink& sink);
/// One kernel of one project stands in one place.
void one_place(Disk& disk, Fleet& fleet, Sink& sink);

}  // namespace provgate::ckp
