// SPDX-License-Identifier: Apache-2.0
// IRIs of what experience records speak of. Ids that no grammar holds are percent-encoded. Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "systems/experience/table.hpp"

namespace provgate::experience {

inline constexpr std::string_view k_namespace = "https://w3id.org/provgate/chitty#";
/// The named graph of all statements about experience.
inline constexpr std::string_view k_graph = "urn:chitty:experience";

std::string identity_iri(std::string_view chitty_id);                    ///< urn:chitty:ID
std::string name_of(std::string_view kind, std::string_view id);         ///< urn:chitty:KIND:ID
std::string record_iri(const Table& table, std::string_view id);         ///< the id in small letters
std::string beacon_iri(std::string_view chain, std::string_view round);  ///< urn:drand:CHAIN:ROUND
/// The kind in urn:chitty:KIND:…; empty for any other IRI, that of an identity too.
std::string_view kind_in(std::string_view iri);

/// Whether a text has the form of a ChittyID: eight parts of capital letters and digits.
bool is_chitty_id(std::string_view text);
/// The letter that says what an identity is: P, L, T, E or A; 0 where the text says none.
char type_of(std::string_view chitty_id);

}  // namespace provgate::experience
