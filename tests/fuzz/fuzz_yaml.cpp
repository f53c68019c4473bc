// SPDX-License-Identifier: Apache-2.0
// No input crashes the YAML reader; faults have a place, spans stay inside the text.
#include <cstdlib>

#include "provgate/text/text.hpp"

namespace {
void walk(provgate::Value value, std::string_view text) {
  const auto raw = value.raw();
  if (!raw.empty() && (raw.data() < text.data() || raw.data() + raw.size() > text.data() + text.size())) std::abort();
  (void)value.place();
  for (const auto child : value.children()) walk(child, text);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace provgate;
  const auto doc = read_yaml("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  if (!doc) {
    if (doc.error().why.empty()) std::abort();
    return 0;
  }
  walk(doc->root(), doc->source().text());
  return 0;
}
