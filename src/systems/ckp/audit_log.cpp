// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/audit_log.hpp"

#include "provgate/base/base.hpp"

namespace provgate::ckp {

Result<bool> AuditLog::holds(Disk& disk, const std::string& area, const std::string& line) {
  const auto path = join_path(area, "ledger/audit.jsonl");
  auto& log = known_[path];
  const auto now = disk.info(path);
  if (now.type == FileType::missing) return false;
  if (now.size != log.size) {
    TRY(const auto text, disk.read(path, 1ULL << 40));
    log.size = text.size();
    log.lines.clear();
    for (const auto one : split(text, '\n')) log.lines.emplace(std::string(one) + "\n");
  }
  return log.lines.contains(line);
}

}  // namespace provgate::ckp
