// SPDX-License-Identifier: Apache-2.0
// From a fleet that was read to statements and drafts: gathers what an instance reaches (action proofs, tasks,
// decisions, goals) and converts it.
#pragma once

#include "systems/ckp/join.hpp"

namespace provgate::ckp {

/// {storage|data}/proof/{instance_id}/proof.json of the area the instance lies in; empty for a loose instance.
std::string own_proof_path(const KernelPlace& kernel, const InstanceRecord& instance);
std::string area_of(const KernelPlace& kernel, const std::string& directory);
/// The instance of that URN as everybody else knows it: in the scope HOST/KERNEL, with @STATE where the states of a
/// kernel lie in directories of their own.
RecordId record_id(const CheckedKernel& kernel, const std::string& urn);
/// The kernel's namespace, grammar and graph, as the converter wants them.
ConvertOptions convert_options(const CheckedKernel& kernel, const Options& options);

/// The same, with the kernels that are known.
ConvertOptions with_kernels(const CheckedKernel& kernel, const Join& join, const Options& options);

/// What the instance's entry speaks of: its own files and the proofs of its actions (covered), and the state of what
/// is sealed on its own or goes on: decisions, tasks, goals, sessions and proposals it leads to, its ledger, the
/// kernel's own files, and whatever else lies in its directory. Nothing that
/// was read with the fleet is read again. Requires: as assemble(). Errors: where its directory cannot be looked into.
Result<CoveredFiles> covered_files(Disk& disk, const CheckedKernel& kernel, const InstanceRecord& instance,
                                   const Join& join);
/// One instance with all it reaches, read again from disk, with the digests of the covered files. `urn` is its name in
/// the graph. Requires a fleet that was read with ReadOptions::digests.
/// Errors: Code::world when the instance is not what it was when it was judged.
Result<Draft> assemble(Disk& disk, const CheckedKernel& kernel, const InstanceRecord& instance, const Join& join,
                       const std::string& urn, const Options& options);

/// What is said of the kernel itself, with what of it hangs on which other kernels are known.
void describe_kernel(Converter& converter, const CheckedKernel& kernel, const Options& options, Draft& draft);

/// Every judged record of one kernel, read again; without the name of a graph. `files` takes the paths that spans
/// count.
void convert_kernel(Disk& disk, const CheckedKernel& kernel, const Join& join, const std::string& standard_input,
                    const Options& options, Statements& out);
/// What follows only from all of a kernel's records together; without the name of a graph.
void convert_links(const CheckedKernel& kernel, const Join& join, const Options& options, Statements& out);
/// Gives instances that share their URN with another's the names that Join::urn_of has for them, and names of
/// their own to their proofs and to the checks of those. The statements are of this kernel's records.
void qualify(const CheckedKernel& kernel, const Join& join, Graph& statements);

}  // namespace provgate::ckp
