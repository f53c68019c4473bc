// SPDX-License-Identifier: Apache-2.0
// The terms of the SHACL namespace: what provgate understands of them, and what it refuses by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provgate::shacl {

inline constexpr std::string_view k_sh = "http://www.w3.org/ns/shacl#";
inline std::string sh_iri(std::string_view name) { return std::string(k_sh).append(name); }
/// In N-Triples text.
inline std::string sh_term(std::string_view name) { return "<" + sh_iri(name) + ">"; }

enum class Role {
  parameter,  ///< of a Core constraint component
  property,   ///< any other property of Core and SPARQL
  class_,
  component,
  node_kind,
  severity,
  extension  ///< Advanced Features, JavaScript Extensions, SHACL 1.2: refused
};

struct VocabularyTerm {
  std::string_view name;
  Role role;
  std::string_view from;  ///< extension: where it is defined
};
const VocabularyTerm* find_term(std::string_view name);
/// "did you mean sh:Warning?": the name of those roles that is closest, also when only its case or its beginning
/// agrees; else empty.
std::string suggestion(std::string_view name, std::initializer_list<Role> roles);
/// Names of those roles.
std::vector<std::string_view> terms_of(std::initializer_list<Role> roles);
/// Classes, properties and so on of PROV-O, without the namespace.
const std::vector<std::string_view>& prov_classes();
/// The local names of the properties of PROV-O and of the notes beside it.
const std::vector<std::string_view>& prov_properties();

}  // namespace provgate::shacl
