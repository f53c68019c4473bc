// SPDX-License-Identifier: Apache-2.0
// The text that the original writes for what it read.
#include <algorithm>
#include <array>

#include "systems/events/wire/hold.hpp"
#include "systems/events/wire/number.hpp"

namespace provgate::events {
namespace {

void append_text(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

class CanonicalWriter {
 public:
  CanonicalWriter(std::string& out, const Wire& wire) : out_(out), wire_(wire) {}

  void value(Value v, const Form& form) {
    using enum Form::Type;
    switch (form.type) {
      case text: return append_text(out_, v.text());
      case boolean:
      case u32:
      case u64: out_ += v.text(); return;
      case f32: return append_number(out_, static_cast<float>(as_double(*parse_number(v.text()))));
      case unit: return append_number(out_, as_double(*parse_number(v.text())));
      case hash: return append_text(out_, lower_ascii(v.text()));
      case any: return anything(v);
      case list: return items(v, form);
      case map: return members(v, form);
      case record:
        out_ += '{';
        fields(v, form, 0, true);
        out_ += '}';
        return;
      case choice: return choice_of(v, form);
      case inside: return inside_of(v, form);
      case beside: return beside_of(v, form);
    }
  }

 private:
  void key(std::string_view name, bool& first) {
    if (!first) out_ += ',';
    first = false;
    append_text(out_, name);
    out_ += ':';
  }

  void number(Value v) {
    const auto parsed = *parse_number(v.text());
    if (const auto* fraction = std::get_if<double>(&parsed)) return append_number(out_, *fraction);
    out_ += v.text();
  }
  void anything(Value v) {
    if (v.is(Kind::number)) return number(v);
    if (v.is(Kind::string)) return append_text(out_, v.text());
    bool first = true;
    if (v.is(Kind::array)) {
      out_ += '[';
      v.each([&](Value inner) {
        if (!first) out_ += ',';
        first = false;
        anything(inner);
      });
      out_ += ']';
    } else if (v.is(Kind::object)) {
      out_ += '{';
      each_last(v, [&](Value inner) {
        key(inner.key(), first);
        anything(inner);
      });
      out_ += '}';
    } else {
      out_ += v.raw();
    }
  }

  // Of members of one name the last counts, in the place of the first.
  template <class F>
  void each_last(Value v, F&& visit) {
    std::vector<Value> seen;
    v.each([&](Value one) {
      const auto before = std::ranges::find(seen, one.key(), &Value::key);
      if (before == seen.end()) {
        seen.push_back(one);
      } else {
        *before = one;
      }
    });
    for (const auto one : seen) visit(one);
  }

  void items(Value v, const Form& form) {
    out_ += '[';
    bool first = true;
    v.each([&](Value item) {
      if (!first) out_ += ',';
      first = false;
      value(item, *form.inner);
    });
    out_ += ']';
  }
  void members(Value v, const Form& form) {
    out_ += '{';
    bool first = true;
    each_last(v, [&](Value one) {
      key(one.key(), first);
      value(one, *form.inner);
    });
    out_ += '}';
  }

  // The members of a record, from an object or from the items of a list from `skip` on.
  void fields(Value v, const Form& form, std::size_t skip, bool first) {
    std::array<Value, k_most_members> found{};
    std::size_t item = 0;
    v.each([&](Value one) {
      if (v.is(Kind::array)) {
        if (item >= skip && item - skip < form.members.size()) found[item - skip] = one;
        ++item;
        return;
      }
      const auto at = std::ranges::find(form.members, one.key(), &Member::name);
      if (at != form.members.end()) found[static_cast<std::size_t>(at - form.members.begin())] = one;
    });
    for (std::size_t i = 0; i < form.members.size(); ++i) {
      const auto& of = form.members[i];
      if (of.since_39 && !wire_.prior_weight) continue;
      const auto one = found[i];
      const bool none = !one || (of.when == Member::When::optional && one.is(Kind::null));
      if (of.left_out && (none || (one.is(Kind::object) && one.size() == 0))) continue;
      key(of.name, first);
      if (!none && wire_.former_names && one.is(Kind::string) && was_free_text(of.name)) {
        append_text(out_, one.text());
      } else if (!none) {
        value(one, *of.form);
      } else {
        out_ += of.when == Member::When::fallback ? of.absent : "null";
      }
    }
  }

  void choice_of(Value v, const Form& form) {
    if (v.is(Kind::string)) return append_text(out_, v.text());
    v.each([&](Value inner) {
      const auto* one = find_variant(form.variants, inner.key());
      if (!one->form) return append_text(out_, one->name);
      bool first = true;
      out_ += '{';
      key(one->name, first);
      value(inner, *one->form);
      out_ += '}';
    });
  }

  static const Variant& tagged(Value tag, const Form& form) {
    if (tag.is(Kind::string)) {
      const auto* one = find_variant(form.variants, tag.text());
      return one ? *one : *find_variant(form.variants, k_trace_recorded_name);
    }
    return form.variants[std::get<std::uint64_t>(*parse_number(tag.text()))];
  }

  void inside_of(Value v, const Form& form) {
    Value tag;
    v.each([&](Value one) {
      if (!tag && (v.is(Kind::array) || one.key() == form.tag)) tag = one;
    });
    const auto& one = tagged(tag, form);
    bool first = true;
    out_ += '{';
    key(form.tag, first);
    append_text(out_, one.name);
    if (one.form) fields(v, *one.form, 1, false);
    out_ += '}';
  }

  void beside_of(Value v, const Form& form) {
    Value tag, content;
    std::size_t i = 0;
    v.each([&](Value one) {
      const bool list = v.is(Kind::array);
      if (list ? i == 0 : one.key() == form.tag) tag = one;
      if (list ? i == 1 : one.key() == form.content) content = one;
      ++i;
    });
    const auto& one = tagged(tag, form);
    bool first = true;
    out_ += '{';
    key(form.tag, first);
    append_text(out_, one.name);
    key(form.content, first);
    value(content, *one.form);
    out_ += '}';
  }

  std::string& out_;
  const Wire& wire_;
};

}  // namespace

void append_canonical(std::string& out, Value value, const Form& form, const Wire& wire) {
  CanonicalWriter(out, wire).value(value, form);
}

}  // namespace provgate::events
