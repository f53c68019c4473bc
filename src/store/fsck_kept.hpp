// SPDX-License-Identifier: Apache-2.0
// Kept records against the entries of their batches.
#pragma once

#include "store/impl.hpp"

namespace provgate {

using SayBadRow = std::function<void(const char* table, std::string row, std::string why)>;
/// Each batch has its records, whose root its entry tells; no record belongs to none; what is not said yet is the rest
/// behind what is. Throws LmdbFailure.
void check_kept(MDB_txn* txn, const Store::Impl& in, const SayBadRow& say);

}  // namespace provgate
