// SPDX-License-Identifier: Apache-2.0
// Directories that are sealed in just now. Sealers of one store wait for its lock; those of two stores meet here, so
// that none leaves a proof where another is about to.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "provgate/io/io.hpp"

namespace provgate {

/// Borrows the disk. Threads: one.
class Claims {
 public:
  explicit Claims(Disk& disk) : disk_(disk) {}
  /// Keeps others out of that directory as long as what it gives lives. Where another process is there it calls
  /// `let_go`, after which nothing of ours may be claimed, and waits; for ten seconds at most, and then goes on all the
  /// same, since anybody who may read a directory can hold it. Errors: those of let_go.
  Result<std::shared_ptr<const void>> of(const std::string& root, const std::function<Result<void>()>& let_go,
                                         const std::function<bool()>& stop);

 private:
  Disk& disk_;
  std::map<std::string, std::weak_ptr<const void>> ours_;
};

}  // namespace provgate
