// SPDX-License-Identifier: Apache-2.0
// Forms that several files of the description share.
#pragma once

#include "systems/events/wire/form.hpp"

namespace provgate::events {

constexpr Form list_of(std::string_view called, const Form* inner) { return {Form::Type::list, called, inner}; }
constexpr Form record_of(std::string_view called, std::span<const Member> members) {
  return {Form::Type::record, called, nullptr, members};
}
/// The data of an event: never written as a list.
constexpr Form data_of(std::span<const Member> members) {
  Form out = record_of("the data of its kind", members);
  out.as_list = false;
  return out;
}
constexpr Form choice_of(std::string_view called, std::span<const Variant> variants) {
  return {Form::Type::choice, called, nullptr, {}, variants};
}
constexpr Form inside_of(std::string_view called, std::string_view tag, std::span<const Variant> variants) {
  return {Form::Type::inside, called, nullptr, {}, variants, tag};
}
constexpr Form beside_of(std::string_view called, std::string_view tag, std::string_view content,
                         std::span<const Variant> variants) {
  return {Form::Type::beside, called, nullptr, {}, variants, tag, content};
}

inline constexpr Form k_text{Form::Type::text, "a string"};
inline constexpr Form k_bool{Form::Type::boolean, "true or false"};
inline constexpr Form k_u32{Form::Type::u32, "a whole number from 0 to 4294967295"};
inline constexpr Form k_u64{Form::Type::u64, "a whole number from 0 to 18446744073709551615"};
inline constexpr Form k_f32{Form::Type::f32, "a number"};
inline constexpr Form k_unit{Form::Type::unit, "a number from 0 to 1"};
inline constexpr Form k_hash{Form::Type::hash, "64 hexadecimal digits"};
inline constexpr Form k_any{Form::Type::any, "a value"};
inline constexpr Form k_texts = list_of("a list of strings", &k_text);
inline constexpr Form k_text_map{Form::Type::map, "an object of strings", &k_text};

extern const Form k_step, k_purpose;
extern const Form k_artifact_kind, k_artifact_state;
extern const Form k_artifact_transitioned, k_artifact_rolled_back, k_outcome_recorded, k_budget_exceeded,
    k_policy_captured;
extern const Variant k_user_variants[5];
/// Of all events, in the order of the originals.
extern const Variant k_kind_names[19];

}  // namespace provgate::events
