// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/audit_log.hpp"

#include "provgate/record/source.hpp"

namespace provgate::ckp {

Result<void> AuditLog::note(Disk& disk, const std::string& area, const Json& line, const std::string& proof_id) {
  const auto path = join_path(area, "ledger/audit.jsonl");
  const auto [slot, fresh] = known_.try_emplace(path);
  auto& log = slot->second;
  // Another process may have written to it since; the caller holds the sealing lock, so it stays as it is now.
  if (fresh || disk.info(path).size != log.size) CHECKED(load(disk, path, log));
  if (log.ids.contains(proof_id)) return {};
  CHECKED(disk.make_directories(parent_path(path)));
  // A crash may have cut the last line short; the next one starts on a line of its own.
  CHECKED(disk.append(path, (log.torn ? "\n" : "") + line.compact() + "\n"));
  log.torn = false;
  log.size = disk.info(path).size;
  log.ids.insert(proof_id);
  return {};
}

Result<void> AuditLog::load(Disk& disk, const std::string& path, Log& log) {
  if (disk.info(path).type == FileType::missing) return {};
  TRY(const auto text, disk.read(path, 1ULL << 40));
  log.torn = !text.empty() && text.back() != '\n';
  log.size = text.size();
  each_line(path, text, [&](const SourceFile& line, bool) {
    if (line.doc) log.ids.emplace(line.doc->root().find("proof_id").text());
  });
  return {};
}

}  // namespace provgate::ckp
