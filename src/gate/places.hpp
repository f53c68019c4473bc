// SPDX-License-Identifier: Apache-2.0
// Whether what was sealed still lies where it lay: by the roots of each scope that the store knows.
#pragma once

#include "gate/faults.hpp"

namespace provgate {

/// A fault for every scope that lay at or below one of the paths when it was sealed and is not there now: gone, hidden,
/// moved or under another name. Takes those of which nothing is here out of `out.elsewhere`.
/// Errors: those of the store.
Result<void> check_places(Disk& disk, const Store& store, const CheckReport& report,
                          const std::vector<std::string>& paths, Faults& faults, VerifyReport& out);

/// How many sealed records lay at or below each of the paths, or have a file there, where it is more than none. The
/// paths need not be there. Errors: those of the store.
Result<std::map<std::string, std::uint64_t>> sealed_there(Disk& disk, const Store& store,
                                                          const std::vector<std::string>& paths);

/// Notes where each scope lies, for who looks for it later. Errors: those of the store.
Result<void> note_places(Disk& disk, Store& store, const CheckReport& report);

}  // namespace provgate
