// SPDX-License-Identifier: Apache-2.0
// IRIs of what events speak of. Ids are any text: what is no unreserved character is percent-encoded, and a tenant is
// part of every name, because ids are unique within one only. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace provgate::events {

inline constexpr std::string_view k_namespace = "https://w3id.org/provgate/converge#";

/// Percent-encodes all but the unreserved characters of RFC 3986; a "-" alone, too, because it stands for no tenant.
std::string encoded(std::string_view text);
/// urn:converge:KIND:TENANT:ID, with "-" where there is no tenant.
std::string name_of(std::string_view kind, const std::optional<std::string>& tenant, std::string_view id);
/// The tenant and the id of a name of that kind; nothing where it is none.
struct Named {
  std::optional<std::string> tenant;
  std::string id;
};
std::optional<Named> named(std::string_view kind, std::string_view iri);
/// The named graph of a tenant's statements.
std::string graph_of_tenant(const std::optional<std::string>& tenant);

/// The kind in urn:converge:KIND:…; empty for any other IRI.
std::string_view kind_in(std::string_view iri);

}  // namespace provgate::events
