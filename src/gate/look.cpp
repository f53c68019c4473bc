// SPDX-License-Identifier: Apache-2.0
#include "gate/look.hpp"

#include "base/digest.hpp"
#include "gate/batch.hpp"
#include "gate/noted_disk.hpp"

namespace provgate {

bool Links::lead_to(const std::string& directory, const std::string& root) {
  if (directory.size() <= root.size() || directory == ".") return false;
  {
    const std::scoped_lock alone(mutex_);
    if (const auto known = known_.find(directory); known != known_.end()) return known->second;
  }
  const bool link = disk_.info(directory).type == FileType::link || lead_to(parent_path(directory), root);
  const std::scoped_lock alone(mutex_);
  known_.emplace(directory, link);
  return link;
}

std::string digest_of_line(const std::string& path, const std::string& line) { return sha256(path + "\n" + line); }

void look_for_lines(Disk& given, Look& at, const Trail* note) {
  // What sealing has still to write tells its lines as well.
  std::optional<NotedDisk> noted;
  if (note) noted.emplace(given, at.reading->collection(at.c).root, *note);
  Disk& disk = noted ? static_cast<Disk&>(*noted) : given;
  const auto more = at.reading->names(at.c, *at.record);
  at.names = {more.begin(), more.end()};
  at.names.emplace(at.reading->record(at.c, *at.record).iri);
  at.names.insert(at.entry.id.iri.text);
  auto& out = at.lines.emplace();
  const auto lines = at.reading->lines(disk, at.c, *at.record, at.names);
  if (!lines) {
    out = tl::unexpected<Error>(lines.error());
    return;
  }
  for (const auto& [name, under] : *lines) {
    for (const auto& line : under)
      out->push_back({line, digest_of_line(line.path, line.bytes), name == at.entry.id.iri.text});
  }
}

namespace {

// From what was read for its record, or read now.
std::optional<Digest> digest_of(Disk& disk, const Look& at, const std::string& full, const std::string& path,
                                const FileInfo& info) {
  if (at.now && *at.now) {
    if (const auto found = (*at.now)->find(path); found != (*at.now)->end()) return found->second.digest;
  }
  if (info.type != FileType::file) return {};
  const auto bytes = disk.read(full, k_any_size);
  return bytes ? std::optional(sha256_hex(*bytes)) : std::nullopt;
}

}  // namespace

void look(Disk& disk, Links& links, Look& at) {
  const auto& root = at.reading->collection(at.c).root;
  if (at.record) at.now = at.reading->files(disk, at.c, *at.record);
  bool same = true;
  for (const auto& [path, sealed] : at.entry.files) {
    if (sealed.role != CoveredFile::Role::covered) continue;
    const auto full = join_path(root, path);
    auto& file = at.files[path];
    file.behind_link = links.lead_to(parent_path(full), root);
    if (file.behind_link) continue;
    file.info = disk.info(full);
    file.digest = digest_of(disk, at, full, path, file.info);
    same = same && file.digest == sealed.digest;
  }
  at.strangers = at.reading->strangers(disk, at.c, at.entry);
  if (same && at.now && *at.now) look_for_lines(disk, at);
}

}  // namespace provgate
