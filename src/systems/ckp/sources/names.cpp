// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/sources/names.hpp"

#include <algorithm>

namespace provgate::ckp {
bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_instance_member(std::string_view name) {
  return one_of(name, {"manifest.json", "data.json", "message.json", "instance.json"});
}

bool holds_no_records(std::string_view name) {
  return one_of(name, {"queue", "conversation", "web", "llm", "index", "logs", "checks", "manifests"});
}

Finding inner_kernel(const std::string& path) {
  auto f = problem("KERNEL-014", Severity::error, path, "a kernel of its own inside another kernel's area",
                   "put it beside the kernel, not into its records");
  f.passed_over = true;
  return f;
}

}  // namespace provgate::ckp
