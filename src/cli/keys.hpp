// SPDX-License-Identifier: Apache-2.0
// Keys and witnesses as flags and the environment name them.
#pragma once

#include "cli/cli.hpp"

namespace provgate::cli {

/// What stands in a file that nobody else may read, without blanks around it. `what`: "the password file".
/// Errors: Code::usage where others may read it, or it cannot be read.
Result<std::string> secret_in(Disk& disk, const std::string& file, const std::string& what);
/// From --passphrase-file or PROVGATE_KEY_PASSPHRASE_FILE; empty: none. Errors: as secret_in.
Result<std::string> passphrase(Context& context);
/// The private key in the file. Errors: as secret_in, Code::input where it is none.
Result<SigningKey> key_in(Context& context, const std::string& file);
/// From --key or PROVGATE_KEY_FILE; nothing where there is neither, or it is not wanted. Errors: as key_in.
Result<std::optional<SigningKey>> signing_key(Context& context, bool wanted = true);

}  // namespace provgate::cli
