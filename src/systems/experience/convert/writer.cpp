// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/convert/writer.hpp"

namespace provgate::experience {

void Writer::said(const std::string& subject, std::string_view name, Value value) {
  if (!value) return;
  at(value);
  switch (value.kind()) {
    case Kind::string: return text(subject, name, value.text());
    case Kind::boolean: return typed(subject, name, value.text(), "boolean");
    case Kind::number: {
      const bool whole = value.text().find_first_of(".eE") == std::string_view::npos;
      const bool decimal = value.text().find_first_of("eE") == std::string_view::npos;
      return typed(subject, name, value.text(), whole ? "integer" : decimal ? "decimal" : "double");
    }
    default: return text(subject, name, value.raw());
  }
}

void Writer::time(const std::string& subject, std::string_view name, Value value) {
  if (!value.is(Kind::string)) return;
  at(value);
  typed(subject, name, value.text(), "dateTime");
}

}  // namespace provgate::experience
