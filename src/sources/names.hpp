// What names say: which are those of records, which directories hold none. Shared by finding and walking.
#pragma once

#include <string>
#include <string_view>

#include "provgate/sources.hpp"

namespace provgate {

inline constexpr int k_deepest = 256;  ///< directories below a named path; reaching it is a finding

bool is_record_name(std::string_view name);        ///< .json, .yaml, .yml
bool is_lines_name(std::string_view name);         ///< .jsonl, .ndjson
bool is_instance_member(std::string_view name);    ///< manifest.json, data.json, message.json, instance.json
bool looks_like_record(std::string_view name);     ///< manifest.JSON, data.jsonc, manifest.json.bak: read by nobody
bool holds_no_records(std::string_view name);      ///< directories of an area whose content is no record: web, logs, …
SkipReason reason_of(std::string_view file_name);  ///< why a file that is no record is passed over

/// A finding about a place, not about what a record says.
Finding problem(std::string_view rule, Severity severity, const std::string& path, std::string message,
                std::string fix = {});
Finding unreadable(const Error& error, const std::string& path);
/// For a file whose name looks like a record's, for a name that is not UTF-8, for directories nested too deeply.
Finding odd_name(const std::string& path);
Finding bad_name(const std::string& directory, const std::string& name);
Finding too_deep(const std::string& path);
Finding inner_kernel(const std::string& path);  ///< a kernel of its own inside another kernel's area

}  // namespace provgate
