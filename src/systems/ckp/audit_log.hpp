// SPDX-License-Identifier: Apache-2.0
// Which lines the audit logs of a kernel's areas hold. Source: CKP, data loop, ledger/audit.jsonl.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

#include "provgate/io/io.hpp"

namespace provgate::ckp {

/// The lines of each area's ledger/audit.jsonl, read once as long as the file does not grow. One thread
/// at a time.
class AuditLog {
 public:
  /// Whether the line, with its line feed, stands there. Errors: those of reading the file.
  Result<bool> holds(Disk& disk, const std::string& area, const std::string& line);

 private:
  struct Log {
    std::unordered_set<std::string> lines;
    std::uint64_t size = 0;
  };
  std::map<std::string, Log> known_;
};

}  // namespace provgate::ckp
