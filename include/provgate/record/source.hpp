// SPDX-License-Identifier: Apache-2.0
// Files of records, read into documents that know their positions. Source: RFC 8259 (JSON), YAML 1.2. Threads: any.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "provgate/io/io.hpp"
#include "provgate/text/text.hpp"

namespace provgate {

struct ReadOptions {
  std::uint64_t max_file_size = 64ULL << 20;
  bool digests = false;       ///< keep the SHA-256 of every covered file
  bool list_skipped = false;  ///< keep the paths of what was skipped
  /// Read a link whose target is a file below the link's own directory (ConfigMap mounts).
  bool follow_links_inside = false;
};

/// One file that was read, or could not be.
struct SourceFile {
  std::string path, relative;  ///< relative: to the root of its collection
  Digest sha256;               ///< when asked for or needed
  std::unique_ptr<Document> doc;
  std::optional<Error> error;
  std::string unread;  ///< the text, where it could not be parsed
};

/// Reads one JSON (.json) or YAML (any other name) file. Never fails: what speaks against reading it is in `error`.
/// Threads: any.
SourceFile read_source(Disk& disk, const std::string& path, const std::string& root, const ReadOptions& options);
/// The file that a link inside one directory leads to, as ConfigMap mounts have them (manifest.json ->
/// ..data/manifest.json); empty for every other link, and unless ReadOptions::follow_links_inside asks for it.
std::string inside_target(Disk& disk, const std::string& path, const ReadOptions& options);
/// `path` without `root` before it; its last part where it does not lie there.
std::string path_below(const std::string& path, const std::string& root);

/// Hands out JSON records that are laid out over several lines, one after the other; false, and none, when the text has
/// a record a line.
bool each_laid_out(const std::string& path, std::string_view text, const std::function<void(SourceFile)>& visit);
/// One record a line, handed out one by one with true for the last line where it has no line end. Blank lines are
/// skipped.
void each_line(const std::string& path, std::string_view text, const std::function<void(SourceFile, bool torn)>& visit,
               std::uint32_t first_line = 1);

/// PROV-JSON (W3C submission): its keys look like those of records and mean something else.
bool is_prov_json(Value root);
/// The name of the format that a text seems to be in, where it is one that records are not written in; else empty.
std::string foreign_format(std::string_view text);

}  // namespace provgate
