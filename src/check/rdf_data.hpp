// SPDX-License-Identifier: Apache-2.0
// RDF data among what is named: which files it is, and what can be said of it without shapes.
#pragma once

#include "provgate/check/check.hpp"

namespace provgate {

/// A file whose name says that it is RDF.
bool is_rdf_file(Disk& disk, const std::string& path);
/// A file whose name does not say what it is, or only that it is JSON, and whose content is RDF: JSON-LD that is no
/// record, Turtle without an ending. Its first 64 KiB tell.
bool is_rdf_content(Disk& disk, const std::string& path);
/// The RDF files below a directory, sorted; those that are shapes left out, and with them what systems reserve. Links
/// are not followed, and names that begin with a dot are skipped; so is what is not RDF, and both are counted in
/// `skipped`. Formats that are not read are warnings.
std::vector<std::string> rdf_below(Disk& disk, const std::string& directory, const std::vector<std::string>& shapes,
                                   bool list_skipped, Skipped& skipped, CheckReport& report);

/// What is said of a file with keys that no context defines.
std::string dropped_keys(const RdfFile& file);
/// Byte order marks (info) and shapes that are named as data: a warning, or Code::usage where a file holds nothing
/// else. `shapes`: the files that are named as shapes.
Result<void> judge_data(Disk& disk, const RdfData& data, const std::vector<std::string>& shapes, CheckReport& report);
/// Terms of the namespaces of PROV-O, RDF and SHACL that these do not have: warnings.
void judge_vocabulary(const RdfData& data, CheckReport& report);

/// owl:imports and sh:shapesGraph are never followed: what they name and is not among the files, by its IRI or that of
/// its version, is a warning.
void judge_imports(const RdfData& shapes, std::vector<Finding>& notes);

}  // namespace provgate
