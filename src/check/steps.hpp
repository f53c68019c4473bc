// SPDX-License-Identifier: Apache-2.0
// Steps of a check beside reading.
#pragma once

#include "provgate/check/check.hpp"

namespace provgate {

/// A finding for each path of which nothing was read. `data`: RDF data was named, too.
void check_named(Disk& disk, const std::vector<std::string>& paths, bool data, CheckReport& report);
/// The same of a stream of records beside other things.
void check_stream(const std::string& standard_input, CheckReport& report);

}  // namespace provgate
