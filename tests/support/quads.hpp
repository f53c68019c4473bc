// SPDX-License-Identifier: Apache-2.0
// Plain quads for a store, written as N-Triples terms; an empty graph is the default graph.
#pragma once

#include "provgate/store/store.hpp"

namespace provgate::test {

inline Result<bool> add_quad(Store& store, std::string_view s, std::string_view p, std::string_view o,
                             std::string_view graph = {}) {
  const auto subject = [](std::string_view text) -> Subject {
    const auto term = from_ntriples(text);
    if (const auto* blank = std::get_if<BlankNode>(&term)) return *blank;
    return std::get<Iri>(term);
  };
  return store.add_quad(subject(s), std::get<Iri>(from_ntriples(p)), from_ntriples(o),
                        graph.empty() ? std::optional<Subject>{} : subject(graph));
}

}  // namespace provgate::test
