// SPDX-License-Identifier: Apache-2.0
// Entries of the ledger's first version, which knew instances by kernel name and URN (FORMAT.md, "Version 1").
#pragma once

#include "provgate/record/entry.hpp"

namespace provgate::ckp {
/// The record's scope is the kernel's name alone; no scope of later versions is one.
const FormerLedger& former_ledger();
}  // namespace provgate::ckp
