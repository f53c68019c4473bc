// SPDX-License-Identifier: Apache-2.0
// What a result says: sh:message with its placeholders filled, or a sentence of our own.
#pragma once

#include "shacl/compile.hpp"

namespace provgate::shacl {

/// Adds the messages of a result to it, as terms of `terms`.
void add_messages(ValidationResult& result, const Shapes::Model& model, Dictionary& terms);
/// A term as people read it: prefixes of `known` applied, long texts cut.
std::string readable(std::string_view ntriples_text);
/// The label of an anonymous node without the number of its file: l12c3f1 is l12c3.
std::string_view without_file(std::string_view label);

}  // namespace provgate::shacl
