// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "provgate/store/store.hpp"

namespace provgate {

/// Proofs and checkpoints are short; an exported ledger is not.
inline constexpr std::uint64_t k_most_note_bytes = 1 << 20;

/// The ledger as it is, signed: the checkpoint that was kept with its last batch, or a new one. Without a key it is the
/// newest signed one of all its entries, else it has no signature. Errors: Code::nothing where there is no entry.
Result<std::string> newest_checkpoint(const Store& store, const SigningKey* key);

}  // namespace provgate
