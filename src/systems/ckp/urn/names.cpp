// SPDX-License-Identifier: Apache-2.0
// Names of kinds and profiles; printing.
#include <array>
#include <utility>

#include "systems/ckp/urn/scan.hpp"

namespace provgate::ckp {
namespace {
constexpr std::pair<UrnKind, std::string_view> k_kind_names[] = {
    {UrnKind::kernel, "Kernel"},         {UrnKind::action, "Action"},     {UrnKind::occurrent, "Occurrent"},
    {UrnKind::instance, "Instance"},     {UrnKind::task, "Task"},         {UrnKind::goal, "Goal"},
    {UrnKind::actor, "Actor"},           {UrnKind::role, "Role"},         {UrnKind::edge, "Edge"},
    {UrnKind::domain, "Domain"},         {UrnKind::project, "Project"},   {UrnKind::grant, "Grant"},
    {UrnKind::process, "Process"},       {UrnKind::event, "Event"},       {UrnKind::transaction, "Transaction"},
    {UrnKind::message, "Message"},       {UrnKind::check, "Check"},       {UrnKind::deployment, "Deployment"},
    {UrnKind::transfer, "Transfer"},     {UrnKind::mutation, "Mutation"}, {UrnKind::phase, "Phase"},
    {UrnKind::capability, "Capability"}, {UrnKind::fleet, "Fleet"},       {UrnKind::opaque, "Opaque"},
    {UrnKind::legacy, "Legacy"}};
}  // namespace

// Fleet, Opaque and Legacy name no type of the scheme.
UrnKind urn_detail::kind_named(std::string_view type) {
  for (const auto& [kind, name] : k_kind_names) {
    if (name == type && kind < UrnKind::fleet) return kind;
  }
  return UrnKind::opaque;
}

std::optional<UrnProfile> parse_urn_profile(std::string_view name) {
  for (const auto p : {UrnProfile::strict, UrnProfile::lenient, UrnProfile::legacy}) {
    if (name_of(p) == name) return p;
  }
  return {};
}

std::string_view name_of(UrnProfile profile) {
  constexpr std::array<std::string_view, 3> k_names = {"strict", "lenient", "legacy"};
  return k_names[static_cast<std::size_t>(profile)];
}

std::string_view name_of(UrnKind kind) {
  for (const auto& [k, name] : k_kind_names) {
    if (k == kind) return name;
  }
  return "Opaque";
}

std::string Urn::canonical() const {
  if (kind != UrnKind::action || separator != '.') return text;
  std::string out = text;
  out[std::string_view("ckp://Action#").size() + kernel.size()] = '/';
  return out;
}

std::string Urn::base() const {
  if (kind != UrnKind::kernel) return text;
  std::string out = text;
  out.resize(out.size() - navigation.size() - (pin.empty() ? 0 : pin.size() + 1));
  return out;
}

}  // namespace provgate::ckp
