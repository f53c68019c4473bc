// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/names.hpp"

#include <algorithm>

#include "provgate/base/base.hpp"
#include "record/percent.hpp"

namespace provgate::experience {
namespace {

constexpr std::string_view k_urn = "urn:chitty:";
constexpr std::size_t k_parts = 8, k_type_part = 4;

}  // namespace

std::string identity_iri(std::string_view chitty_id) { return std::string(k_urn) + percent_encoded(chitty_id); }

std::string name_of(std::string_view kind, std::string_view id) {
  return std::string(k_urn).append(kind).append(1, ':').append(percent_encoded(id));
}

std::string record_iri(const Table& table, std::string_view id) { return name_of(table.kind, lower_ascii(id)); }

std::string beacon_iri(std::string_view chain, std::string_view round) {
  return "urn:drand:" + percent_encoded(lower_ascii(chain)) + ":" + percent_encoded(round);
}

std::string_view kind_in(std::string_view iri) {
  if (!iri.starts_with(k_urn)) return {};
  iri.remove_prefix(k_urn.size());
  const auto colon = iri.find(':');
  return colon == std::string_view::npos ? std::string_view{} : iri.substr(0, colon);
}

bool is_chitty_id(std::string_view text) {
  const auto parts = split(text, '-');
  return parts.size() == k_parts && std::ranges::all_of(parts, [](std::string_view part) {
           return !part.empty() &&
                  std::ranges::all_of(part, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
         });
}

char type_of(std::string_view chitty_id) {
  const auto parts = split(chitty_id, '-');
  if (parts.size() != k_parts || parts[k_type_part].size() != 1) return 0;
  const char type = parts[k_type_part].front();
  return std::string_view("PLTEA").find(type) == std::string_view::npos ? '\0' : type;
}

}  // namespace provgate::experience
