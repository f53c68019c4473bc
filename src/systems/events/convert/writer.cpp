// SPDX-License-Identifier: Apache-2.0
#include "systems/events/convert/writer.hpp"

#include "systems/events/event.hpp"
#include "systems/events/wire/number.hpp"

namespace provgate::events {

void Writer::said(const std::string& subject, std::string_view name, Value value) {
  if (!value || value.is(Kind::null)) return;
  at(value);
  if (value.is(Kind::string)) return text(subject, name, value.text());
  if (value.is(Kind::boolean)) return typed(subject, name, value.text(), "boolean");
  if (!value.is(Kind::number)) return typed(subject, name, value.raw(), "string");
  const auto number = parse_number(value.text());
  if (!number) return;
  if (std::holds_alternative<double>(*number)) {
    std::string lexical;
    append_number(lexical, std::get<double>(*number));
    return typed(subject, name, lexical, "double");
  }
  typed(subject, name, value.text(), "integer");
}

void Writer::time(const std::string& subject, std::string_view name, Value value) {
  if (!value.is(Kind::string)) return;
  at(value);
  time(subject, name, value.text());
}

void Writer::time(const std::string& subject, std::string_view name, std::string_view value) {
  if (instant_of(value)) return typed(subject, name, value, "dateTime");
  if (is_logical_time(value)) text(subject, "conv:logicalTime", value);
}

}  // namespace provgate::events
