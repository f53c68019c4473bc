// SPDX-License-Identifier: Apache-2.0
// {storage|data}/ledger/audit.jsonl: a line for each instance that was sealed (CKP data-loop page).
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/json_write.hpp"
#include "provgate/io/io.hpp"

namespace provgate::ckp {

/// proof_ids that stand in an audit.jsonl already, read once for each area. One thread at a time.
class AuditLog {
 public:
  /// Adds the line, unless one with its proof_id stands there. The caller keeps other sealers out.
  /// Errors: those of the disk; then the line may be there in part.
  Result<void> note(Disk& disk, const std::string& area, const Json& line, const std::string& proof_id);

 private:
  struct Log {
    std::set<std::string> ids;
    bool torn = false;
    std::uint64_t size = 0;
  };
  static Result<void> load(Disk& disk, const std::string& path, Log& log);
  std::map<std::string, Log> known_;
};

}  // namespace provgate::ckp
