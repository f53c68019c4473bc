// SPDX-License-Identifier: Apache-2.0
// What the environment says where no flag does.
#pragma once

#include <optional>
#include <string>

#include "provgate/io/io.hpp"
#include "provgate/publish/publish.hpp"

namespace provgate::cli {

/// --store, else PROVGATE_STORE, else $XDG_DATA_HOME/provgate, else ~/.local/share/provgate.
std::string default_store_path(const std::string& flag);
/// SOURCE_DATE_EPOCH, which dates reports and never a seal: microseconds; nothing where it is not set.
/// Errors: Code::usage where it is not a number of seconds.
Result<std::optional<std::int64_t>> source_date();
/// From --to/--on, else PROVGATE_ENDPOINT; PROVGATE_USER and the file PROVGATE_PASSWORD_FILE names (mode 0600).
/// Errors: Code::usage when there is none, or the password file is open to others.
Result<Endpoint> endpoint_from(Disk& disk, const std::string& flag, bool needs_password);

}  // namespace provgate::cli
