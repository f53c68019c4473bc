// SPDX-License-Identifier: Apache-2.0
#include "systems/events/names.hpp"

#include <charconv>

namespace provgate::events {
namespace {

constexpr std::string_view k_urn = "urn:converge:";

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// Of a text that is not encoded, something else than what was encoded.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const auto* const digits = text.data() + i + 1;
    const bool escape =
        text[i] == '%' && text.size() - i > 2 && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    out += escape ? static_cast<char>(byte) : text[i];
    i += escape ? 2 : 0;
  }
  return out;
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

std::optional<Named> named(std::string_view kind, std::string_view iri) {
  if (kind_in(iri) != kind) return {};
  auto rest = iri.substr(k_urn.size() + kind.size() + 1);
  const auto colon = rest.find(':');
  if (colon == std::string_view::npos) return {};
  Named out;
  if (rest.substr(0, colon) != "-") out.tenant = decoded(rest.substr(0, colon));
  out.id = decoded(rest.substr(colon + 1));
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
