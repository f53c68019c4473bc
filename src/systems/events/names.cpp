// SPDX-License-Identifier: Apache-2.0
#include "systems/events/names.hpp"

namespace provgate::events {
namespace {

constexpr std::string_view k_urn = "urn:converge:";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string encoded(std::string_view text) {
  if (text == "-") return "%2D";
  constexpr std::string_view k_digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append(1, '%').append(1, k_digits[byte >> 4]).append(1, k_digits[byte & 15]);
    }
  }
  return out;
}

std::string name_of(std::string_view kind, const std::optional<std::string>& tenant, std::string_view id) {
  std::string out(k_urn);
  out.append(kind).append(1, ':').append(tenant ? encoded(*tenant) : "-").append(1, ':').append(encoded(id));
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
