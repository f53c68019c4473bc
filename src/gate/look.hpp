// SPDX-License-Identifier: Apache-2.0
// What lies there now of sealed records, looked at on all threads before it is compared on one.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "provgate/gate/gate.hpp"

namespace provgate {

/// Which directories below roots are links, or lie behind one. Borrows the disk. Threads: any.
class Links {
 public:
  explicit Links(Disk& disk) : disk_(disk) {}
  /// `directory` at or below `root`, both as they are written; the root itself is not asked about.
  bool lead_to(const std::string& directory, const std::string& root);

 private:
  Disk& disk_;
  std::mutex mutex_;
  std::unordered_map<std::string, bool> known_;
};

/// A sealed record and what was found of it.
struct Look {
  LedgerEntry entry;
  Reading* reading = nullptr;
  std::size_t c = 0;
  std::optional<std::size_t> record;  ///< where it was read and judged

  struct File {
    bool behind_link = false;
    FileInfo info;
    std::optional<Digest> digest;  ///< none: it could not be read
  };
  std::map<std::string, File> files;        ///< those that the entry covers, by path
  std::optional<Result<CoveredFiles>> now;  ///< what would be sealed; none without a record
  std::vector<std::string> strangers;       ///< see Reading::strangers
  /// The lines that sealing left of the record, under each of its names, where its files are as they were sealed.
  struct Line {
    Trail::Text text;
    std::string digest;
    bool under_its_name = false;  ///< that of the entry
  };
  std::set<std::string> names;
  std::optional<Result<std::vector<Line>>> lines;
};

/// A line of a log, as short as it can be kept.
std::string digest_of_line(const std::string& path, const std::string& line);

/// Fills in what follows from the first four members. Threads: any, each with looks of its own.
void look(Disk& disk, Links& links, Look& at);
/// The names and the lines alone. `note`: what sealing has still to write, which tells lines as well; may be null.
void look_for_lines(Disk& disk, Look& at, const Trail* note = nullptr);

}  // namespace provgate
