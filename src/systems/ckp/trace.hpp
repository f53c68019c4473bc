// SPDX-License-Identifier: Apache-2.0
// How Concept Kernel Protocol's things are called where provenance is read back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provgate/systems/trace_terms.hpp"

namespace provgate::ckp {
/// A URN's kind is its own; the classes of the thing say nothing more.
TraceLabel trace_label(std::string_view iri, const std::vector<std::string>& classes);
const TraceTerms& trace_terms();
}  // namespace provgate::ckp
