// SPDX-License-Identifier: Apache-2.0
// The proof record provgate writes beside a kernel's instances (fields of the CKP proof ontology, with their own
// PROV-O).
#pragma once

#include "systems/ckp/fleet.hpp"

namespace provgate::ckp {

inline const std::string k_gate_kernel = "Provgate.Gate";
std::string gate_urn();  ///< ckp://Kernel#Provgate.Gate:vX.Y.Z

/// The record's text. `proof_id` is proof-{instance_id}-{epoch seconds}.
std::string make_proof(const CheckedKernel& kernel, const InstanceRecord& instance, const Draft& draft,
                       std::int64_t now_micros);

/// Whether a proof record found on disk speaks of these bytes.
bool proof_matches(Value proof, const InstanceRecord& instance, const CheckedKernel& kernel, const Draft& draft);

}  // namespace provgate::ckp
