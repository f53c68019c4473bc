// SPDX-License-Identifier: Apache-2.0
// What an endpoint answers, held against what it was asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "provgate/sparql/sparql.hpp"

namespace provgate {

/// Why a body cannot be the result of a query in a format ("table", "json", "csv", "tsv", "xml", "turtle" or
/// "ntriples"); nothing where it can. `query`: the query as far as it can be read here (an endpoint may know more
/// functions); its variables are the columns.
std::optional<std::string> no_answer(const std::string& body, const std::string& format,
                                     const std::optional<sparql::Query>& query);

}  // namespace provgate
