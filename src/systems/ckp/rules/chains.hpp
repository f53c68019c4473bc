// SPDX-License-Identifier: Apache-2.0
// Hash chains, recomputed: what a proof says of its own chain is never believed.
#pragma once

#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {
/// The step chain of an action proof (`occurrents`, or `steps` when it is a list): every parent_hash, every hash,
/// final_hash; chain_valid: true over a broken chain. Linkage always; recomputation in the client library's form, then
/// in the readings the proof page leaves open.
void check_step_chain(const SourceFile& file, Value proof, Value outer, std::string_view focus, Sink& sink);
/// The execution chain in a data.json: chain_hash = SHA-256(previous + input_hash + output_hash), as hexadecimal text.
void check_execution_chain(const SourceFile& data, std::string_view focus, Sink& sink);
/// The first hash of a chain: SHA-256 of the action's URN.
std::string chain_seed(std::string_view action_urn);
/// Hash of one step as the client library takes it.
std::string step_hash(std::string_view step_type, Value detail, std::string_view previous, bool numeric_keys = false);
}  // namespace provgate::ckp
