// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/sources/sources.hpp"

namespace provgate::ckp {

std::string_view name_of(CkpVersion version) {
  return version == CkpVersion::v35 ? "ckp-v3.5" : version == CkpVersion::v36 ? "ckp-v3.6" : "ckp-v3.7";
}

std::optional<CkpVersion> parse_profile(std::string_view name) {
  for (const auto v : {CkpVersion::v35, CkpVersion::v36, CkpVersion::v37}) {
    if (name_of(v) == name) return v;
  }
  return {};
}

std::string ckp_namespace(CkpVersion version) {
  return "https://conceptkernel.org/ontology/" + std::string(name_of(version).substr(4)) + "/";
}

}  // namespace provgate::ckp
