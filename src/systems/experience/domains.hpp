// SPDX-License-Identifier: Apache-2.0
// The domains of expertise and their subdomains. Source: X25, ontology/chitty-domains.txt. Threads: any.
#pragma once

#include <map>
#include <string_view>
#include <vector>

namespace provgate::experience {

struct Domain {
  std::vector<std::string_view> subdomains, criteria;
};
/// By name.
const std::map<std::string_view, Domain>& domains();

}  // namespace provgate::experience
