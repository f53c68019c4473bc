// SPDX-License-Identifier: Apache-2.0
// IRIs of the terms the converter writes.
#pragma once

#include <string>

#include "systems/ckp/convert/convert.hpp"

namespace provgate::ckp {

inline std::string prov(std::string_view name) { return std::string(vocab::prov) + std::string(name); }
inline std::string own(std::string_view name) { return std::string(vocab::provgate) + std::string(name); }
inline std::string date_time() { return std::string(vocab::xsd) + "dateTime"; }
inline constexpr std::string_view k_string = "";

/// Milliseconds since the epoch as digits, as CKP ids carry them; empty when `time` is not a dateTime.
inline std::string epoch_ms(std::string_view time) {
  const auto parsed = parse_datetime(time);
  return parsed && parsed->micros > 0 ? std::to_string(parsed->micros / 1000) : std::string{};
}

}  // namespace provgate::ckp
