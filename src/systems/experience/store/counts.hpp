// SPDX-License-Identifier: Apache-2.0
// What is on record about somebody, counted from the newest states of their records. Pure. Threads: any.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "systems/experience/store/index.hpp"

namespace provgate::experience {

/// So many, and of how many it is known whether they succeeded.
struct Success {
  std::uint64_t total = 0, known = 0, successes = 0;
};

struct Experienced : Success {
  std::uint64_t verified = 0, disputed = 0, invalidated = 0;
  std::map<std::string, Success> domains, months;  ///< months: "2026-03"
  std::set<std::string> sessions;
  std::optional<std::int64_t> first, last;

  explicit Experienced(const std::vector<KeptRow>& rows);
};

struct Answered : Success {
  std::uint64_t harm = 0, required = 0, completed = 0, sealed = 0;

  explicit Answered(const std::vector<KeptRow>& rows);
};

/// Attestations that hold at that time, by domain, subdomain and id.
std::vector<const KeptRow*> active_attestations(const std::vector<KeptRow>& rows, std::int64_t now_micros);

}  // namespace provgate::experience
