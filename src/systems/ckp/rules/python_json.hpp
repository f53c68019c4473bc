// SPDX-License-Identifier: Apache-2.0
// JSON text as Python's json.dumps writes it, from a parsed document: the form over which the CKP client library takes
// its content hashes. Number lexemes stay raw; strings are escaped again; keys go in code point order.
#pragma once

#include <string>

#include "provgate/text/text.hpp"

namespace provgate::ckp {
struct DumpStyle {
  bool sort = true, compact = false, ascii = true;
  bool numeric_keys = false;  ///< order objects whose keys are all integers by their value
};
std::string python_dumps(Value value, DumpStyle style = {});
std::string python_string(std::string_view text, bool ascii = true);  ///< with its quotes
/// True when some object below `value` has only integer keys, so that DumpStyle::numeric_keys can differ.
bool has_integer_keys(Value value);
}  // namespace provgate::ckp
