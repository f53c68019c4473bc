// SPDX-License-Identifier: Apache-2.0
// JSON in the one form that is hashed, of what was read. Source: RFC 8785; ECMA-262, Number::toString. Threads: any.
#pragma once

#include <functional>
#include <string>

#include "provgate/text/text.hpp"

namespace provgate {

/// The double that is nearest to a number of JSON, as every reader rounds; infinite where it is past all of them.
double nearest_double(std::string_view number);
/// As ECMAScript writes a number: the fewest digits that read back as the same. Requires a finite one.
std::string ecmascript_number(double value);

/// Which members of an object are written.
using KeepMember = std::function<bool(Value member)>;

/// Members sorted by UTF-16 code units, no white space, numbers as ECMAScript writes them.
/// Errors: Code::input with the place for what has no such form: a name that stands twice, a number that is no finite
/// double, an integer that no double holds. On error the text is cut to what it was.
Result<void> append_canonical(std::string& out, Value value);
Result<std::string> canonical(Value value);
/// The same of an object without what `keep` says no to; what is nested is written whole. Errors: as before.
Result<std::string> canonical(Value object, const KeepMember& keep);

}  // namespace provgate
