// SPDX-License-Identifier: Apache-2.0
#include "audit/origins.hpp"

#include <set>

namespace provgate {
namespace {

struct Found {
  std::string iri, by;
  int depth = 0;
  std::vector<std::size_t> below;
};

void list(const std::vector<Found>& all, std::size_t at, const OriginSource& source, std::vector<TraceOrigin>& out) {
  for (const auto i : all[at].below) {
    out.push_back({all[i].iri, source.kind(all[i].iri), all[i].by, all[i].depth});
    list(all, i, source, out);
  }
}

}  // namespace

Result<std::vector<TraceOrigin>> origins_of(const std::string& iri, const std::vector<std::string>& predicates,
                                            const OriginSource& source, bool& more) {
  more = false;
  std::vector<Found> all{{iri, {}, 0, {}}};
  std::set<std::string> known{iri};
  // A step at a time: what is asked of an endpoint is asked of all things of a step at once.
  for (std::size_t begin = 0; begin < all.size() && !more;) {
    const auto end = all.size();
    std::vector<std::string> step;
    for (auto i = begin; i < end; ++i) step.push_back(all[i].iri);
    CHECKED(source.fetch(step));
    for (auto i = begin; i < end; ++i) {
      for (const auto& predicate : predicates) {
        for (const auto& next : source.linked(all[i].iri, predicate)) {
          if (!known.insert(next).second) continue;
          more = more || all.size() > k_most_origins || all[i].depth >= k_most_origin_steps;
          if (more) continue;
          all[i].below.push_back(all.size());
          all.push_back({next, predicate, all[i].depth + 1, {}});
        }
      }
    }
    begin = end;
  }
  std::vector<TraceOrigin> out;
  list(all, 0, source, out);
  return out;
}

}  // namespace provgate
