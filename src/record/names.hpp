// SPDX-License-Identifier: Apache-2.0
// What the names of files say, whatever the system: which are those of records; and findings about places.
#pragma once

#include <string>
#include <string_view>

#include "provgate/record/finding.hpp"
#include "provgate/record/skipped.hpp"

namespace provgate {

inline constexpr int k_deepest = 256;  ///< directories below a named path; reaching it is a finding

bool is_record_name(std::string_view name);        ///< .json, .yaml, .yml
bool is_lines_name(std::string_view name);         ///< .jsonl, .ndjson
bool looks_like_record(std::string_view name);     ///< manifest.JSON, data.jsonc, manifest.json.bak: read by nobody
SkipReason reason_of(std::string_view file_name);  ///< why a file that is not a record is skipped

/// A finding about a place, not about what a record says.
Finding problem(std::string_view rule, Severity severity, const std::string& path, std::string message,
                std::string fix = {});
Finding unreadable(const Error& error, const std::string& path);
/// For a file whose name looks like a record's, for a name that is not UTF-8, for directories nested too deeply.
Finding odd_name(const std::string& path);
Finding bad_name(const std::string& directory, const std::string& name);
Finding too_deep(const std::string& path);

}  // namespace provgate
