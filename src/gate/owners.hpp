// SPDX-License-Identifier: Apache-2.0
// Which findings speak against which record.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "provgate/check/check.hpp"

namespace provgate {

using Findings = std::vector<const Finding*>;

/// Findings by what they belong to. Borrows the report.
class Owners {
 public:
  explicit Owners(const CheckReport& report);
  /// What was not looked at and may be what speaks against any record; null: there is none.
  const Finding* unsure() const { return unsure_; }
  /// Those of the record itself, of the files it covers, and errors of its whole collection.
  Findings concerning(const Collection& collection, std::string_view owner, const CoveredFiles& files) const;

 private:
  std::unordered_map<std::string, Findings> by_owner_;
  const Finding* unsure_ = nullptr;
};

/// It was not looked at, which is not to say that its form is wrong.
bool could_not_be_read(const Finding& f);

}  // namespace provgate
