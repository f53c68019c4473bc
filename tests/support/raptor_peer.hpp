// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "provgate/rdf/rdf.hpp"

namespace provgate::test {

/// One text by Raptor's parser of that name: no network, no files. Any error or warning of grammar is an error.
Result<Graph> raptor_read(const std::string& path, std::string_view text, std::string_view syntax,
                          std::string_view base, std::uint32_t file);

}  // namespace provgate::test
