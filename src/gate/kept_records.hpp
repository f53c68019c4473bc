// SPDX-License-Identifier: Apache-2.0
// Sealing and verifying collections whose records are kept whole.
#pragma once

#include "gate/owners.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {

/// Keeps the conforming records of a collection, in batches of one entry each, and rejects the others. False where the
/// run is to end. `store` may be null in a dry run.
bool seal_kept(const World& world, Store* store, const SystemReport& of, std::size_t c, const Owners& owners,
               const SealOptions& options, std::vector<SealOutcome>& outcomes);

/// Compares the records of such collections with what is kept: each that is kept under its name has the same bytes, and
/// each that was sealed from a collection at the paths is still there. Errors: those of the store.
Result<void> verify_kept(const World& world, const Store& store, const CheckReport& report,
                         const std::vector<std::string>& paths, VerifyReport& out);

}  // namespace provgate
