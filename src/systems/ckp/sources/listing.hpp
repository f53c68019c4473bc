// SPDX-License-Identifier: Apache-2.0
// Listing a directory of a kernel: what every listing does before it asks what an entry is.
#pragma once

#include "systems/ckp/sources/names.hpp"

namespace provgate::ckp {

/// The finding for a link that is not followed.
Finding link_problem(Disk& disk, const KernelPlace& kernel, const std::string& path);

/// Takes names that are not UTF-8, links and look-alikes out of listings, each with its finding. Borrows everything it
/// is given.
class Listing {
 public:
  Listing(Disk& disk, const KernelPlace& kernel, const ReadOptions& options, std::vector<Finding>& problems,
          Skipped& skipped)
      : disk_(disk), kernel_(kernel), options_(options), problems_(problems), skipped_(skipped) {}
  /// The entries that are left, sorted; empty, with a finding, when the directory cannot be read.
  std::vector<DirEntry> entries(const std::string& directory);
  /// Whether the last call took nothing out.
  bool whole() const { return whole_; }
  void skip(SkipReason reason, const std::string& path) { skipped_.add(reason, path, options_.list_skipped); }

 private:
  bool taken_out(const std::string& directory, DirEntry& entry);

  Disk& disk_;
  const KernelPlace& kernel_;
  const ReadOptions& options_;
  std::vector<Finding>& problems_;
  Skipped& skipped_;
  bool whole_ = true;
};

}  // namespace provgate::ckp
