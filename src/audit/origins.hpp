// SPDX-License-Identifier: Apache-2.0
// What a thing comes from, step by step.
#pragma once

#include <functional>

#include "provgate/audit/audit.hpp"

namespace provgate {

/// A graph as the walk asks it.
struct OriginSource {
  std::function<Result<void>(const std::vector<std::string>& iris)> fetch;  ///< makes known what is said of them
  /// What a thing that was fetched leads to.
  std::function<std::vector<std::string>(const std::string& iri, std::string_view predicate)> linked;
  std::function<std::string(const std::string& iri)> kind;
};
inline constexpr int k_most_origin_steps = 12;
inline constexpr std::size_t k_most_origins = 500;

/// The things that `iri` comes from by these predicates, each once, below the first that leads to it; the nearest
/// k_most_origins, `more` where there are others. Errors: those of fetch.
Result<std::vector<TraceOrigin>> origins_of(const std::string& iri, const std::vector<std::string>& predicates,
                                            const OriginSource& source, bool& more);

}  // namespace provgate
