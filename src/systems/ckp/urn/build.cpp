// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/urn/scan.hpp"
#include "systems/ckp/urn/urn.hpp"

namespace provgate::ckp {

using namespace urn_detail;

namespace {
std::string if_valid(std::string text) { return parse_urn(text) ? text : std::string{}; }
}  // namespace

bool is_kernel_name(std::string_view name) {
  if (name.empty()) return false;
  for (const auto part : split(name, '.')) {
    if (part.empty() || !upper(part.front())) return false;
    for (const char c : part) {
      if (!alnum(c) && c != '_') return false;
    }
  }
  return true;
}

bool is_instance_id(std::string_view id) { return !instance_urn(id).empty() && id.find('@') == std::string_view::npos; }

std::string kernel_urn(std::string_view name, std::string_view version) {
  return if_valid("ckp://Kernel#" + std::string(name) + ":" + std::string(version));
}
std::string instance_urn(std::string_view id, std::string_view kernel) {
  if (id.find('/') != std::string_view::npos) return {};
  return if_valid("ckp://Instance#" + (kernel.empty() ? std::string{} : std::string(kernel) + "/") + std::string(id));
}
std::string task_urn(std::string_view id) { return if_valid("ckp://Task#" + std::string(id)); }
std::string goal_urn(std::string_view id) { return if_valid("ckp://Goal#" + std::string(id)); }

std::string fleet_urn(std::string_view hostname) {
  std::string slug;
  for (const char c : hostname) {
    const char small = upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    slug += alnum(small) ? small : '-';
  }
  return if_valid("urn:ckp:fleet:" + slug);
}

}  // namespace provgate::ckp
