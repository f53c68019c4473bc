// Validates RDF data with shapes, and turns results into findings.
#pragma once

#include "provgate/check.hpp"

namespace provgate {

/// A file whose name says that it is RDF.
bool is_rdf_file(Disk& disk, const std::string& path);
/// Does nothing when there is neither RDF data nor a shapes file. Errors: see check_paths.
Result<void> check_shapes(const World& world, const std::vector<std::string>& rdf, const CheckOptions& options, CheckReport& report);

}  // namespace provgate
