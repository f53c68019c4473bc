// SPDX-License-Identifier: Apache-2.0
// The fast reader accepts exactly what the recogniser accepts; spans stay inside the text.
#include <cstdlib>

#include "systems/ckp/rules/python_json.hpp"
#include "text/json_fault.hpp"

namespace {
void walk(provgate::Value value, std::string_view text) {
  const auto raw = value.raw();
  if (raw.data() < text.data() || raw.data() + raw.size() > text.data() + text.size()) std::abort();
  (void)value.place();
  for (const auto child : value.children()) walk(child, text);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace provgate;
  using namespace provgate::ckp;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto doc = read_json("fuzz", text);
  if (!doc) {
    if (doc.error().at.line == 0) std::abort();
    return 0;
  }
  if (find_json_fault(text, k_max_depth)) std::abort();
  walk(doc->root(), doc->source().text());
  (void)python_dumps(doc->root());
  return 0;
}
