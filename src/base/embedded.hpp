// SPDX-License-Identifier: Apache-2.0
// The text files built into the program (queries, ontology, rule catalogue), by path from the source root.
#pragma once

#include <string_view>
#include <vector>

namespace provgate {
struct EmbeddedFile {
  std::string_view path, text;
};
const std::vector<EmbeddedFile>& embedded_files();
}  // namespace provgate
