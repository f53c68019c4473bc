// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/audit_log.hpp"

#include "provgate/record/source.hpp"

namespace provgate::ckp {

Result<bool> AuditLog::holds(Disk& disk, const std::string& area, std::string_view proof_id) {
  const auto path = join_path(area, "ledger/audit.jsonl");
  auto& log = known_[path];
  const auto now = disk.info(path);
  if (now.type == FileType::missing) return false;
  if (now.size != log.size) {
    TRY(const auto text, disk.read(path, 1ULL << 40));
    log.size = text.size();
    log.ids.clear();
    each_line(path, text, [&](const SourceFile& line, bool) {
      if (line.doc) log.ids.emplace(line.doc->root().find("proof_id").text());
    });
  }
  return log.ids.contains(std::string(proof_id));
}

}  // namespace provgate::ckp
