// SPDX-License-Identifier: Apache-2.0
#include "systems/events/names.hpp"

#include "record/percent.hpp"

namespace provgate::events {
namespace {

constexpr std::string_view k_urn = "urn:converge:";

}  // namespace

std::string encoded(std::string_view text) { return text == "-" ? "%2D" : percent_encoded(text); }

std::string name_of(std::string_view kind, const std::optional<std::string>& tenant, std::string_view id) {
  std::string out(k_urn);
  out.append(kind).append(1, ':').append(tenant ? encoded(*tenant) : "-").append(1, ':').append(encoded(id));
  return out;
}

std::optional<Named> named(std::string_view kind, std::string_view iri) {
  if (kind_in(iri) != kind) return {};
  auto rest = iri.substr(k_urn.size() + kind.size() + 1);
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return {};
  Named out;
  if (rest.substr(0, colon) != "-") out.tenant = percent_decoded(rest.substr(0, colon));
  out.id = percent_decoded(rest.substr(colon + 1));
  if (name_of(kind, out.tenant, out.id) != iri) return {};
  return out;
}

std::string graph_of_tenant(const std::optional<std::string>& tenant) {
  return std::string(k_urn) + "tenant:" + (tenant ? encoded(*tenant) : "-");
}

std::string_view kind_in(std::string_view iri) {
  if (!iri.starts_with(k_urn)) return {};
  iri.remove_prefix(k_urn.size());
  const auto colon = iri.find(':');
  return colon == std::string_view::npos ? std::string_view{} : iri.substr(0, colon);
}

}  // namespace provgate::events
