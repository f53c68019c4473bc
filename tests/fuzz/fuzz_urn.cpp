// SPDX-License-Identifier: Apache-2.0
// Whatever parses prints itself, and its canonical form parses to itself.
#include <cstdlib>

#include "systems/ckp/urn/urn.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace provgate;
  using namespace provgate::ckp;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto profile : {UrnProfile::strict, UrnProfile::lenient, UrnProfile::legacy}) {
    const auto urn = parse_urn(text, profile);
    if (!urn) {
      const auto& fault = urn.error();
      if (fault.offset > text.size() || fault.why.empty() || fault.expected.empty()) std::abort();
      if (!fault.nearest.empty() && !parse_urn(fault.nearest)) std::abort();
      continue;
    }
    if (urn->text != text) std::abort();
    const auto again = parse_urn(urn->canonical(), profile);
    if (!again || again->canonical() != urn->canonical()) std::abort();
  }
  return 0;
}
