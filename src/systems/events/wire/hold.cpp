// SPDX-License-Identifier: Apache-2.0
#include "systems/events/wire/hold.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include "systems/events/wire/number.hpp"

namespace provgate::events {
namespace {

constexpr std::size_t k_most_depth = 127;

std::string_view kind_called(Value value) {
  switch (value.kind()) {
    case Kind::null: return "null";
    case Kind::boolean: return "a boolean";
    case Kind::number: return "a number";
    case Kind::string: return "a string";
    case Kind::array: return "a list";
    case Kind::object: return "an object";
  }
  return "";
}

std::string names_of(std::span<const Variant> variants) {
  std::string out;
  for (const auto& one : variants) out.append(out.empty() ? "" : ", ").append(one.name);
  return out;
}

class Holder {
 public:
  Holder(const Wire& wire, Held& out) : wire_(wire), out_(out) {}

  // `kept`: the original reads the value into a store of its own first, because what says how to read it comes later.
  void value(Value v, const Form& form, bool kept) {
    using enum Form::Type;
    switch (form.type) {
      case text: return typed(v, Kind::string, form);
      case boolean: return typed(v, Kind::boolean, form);
      case u32:
      case u64: return whole(v, form);
      case f32:
      case unit: return number(v, form);
      case hash: return digits(v, form);
      case any: return anything(v);
      case list: return items(v, form, kept);
      case map: return members(v, form, kept);
      case record: return record_of(v, form, kept);
      case choice: return choice_of(v, form, kept);
      case inside: return inside_of(v, form, kept);
      case beside: return beside_of(v, form, kept);
    }
  }

 private:
  Problem& problem(Problem::Kind kind, Value at, std::string message) {
    auto& one = out_.problems.emplace_back();
    one.kind = kind, one.at = at, one.message = std::move(message);
    for (const auto part : path_) one.path.append(one.path.empty() ? "" : ".").append(part);
    return one;
  }
  void not_a(Value v, std::string_view called) {
    auto& one = problem(Problem::Kind::type, v, "is not " + std::string(called));
    one.found = v.is(Kind::object) || v.is(Kind::array) ? std::string(kind_called(v)) : std::string(v.raw());
    one.expected = called;
  }
  void typed(Value v, Kind kind, const Form& form) {
    if (!v.is(kind)) not_a(v, form.called);
  }

  void whole(Value v, const Form& form) {
    if (!v.is(Kind::number)) return not_a(v, form.called);
    const auto parsed = parse_number(v.text());
    const auto* number = parsed ? std::get_if<std::uint64_t>(&*parsed) : nullptr;
    if (!number || (form.type == Form::Type::u32 && *number > UINT32_MAX)) not_a(v, form.called);
  }

  void number(Value v, const Form& form) {
    if (!v.is(Kind::number)) return not_a(v, form.called);
    const auto parsed = parse_number(v.text());
    if (!parsed) return no_double(v);
    const auto as = as_double(*parsed);
    if (form.type == Form::Type::f32) {
      if (std::isinf(static_cast<float>(as)))
        problem(Problem::Kind::not_finite, v, "no single-precision number holds it").found = std::string(v.text());
    } else if (!(as >= 0 && as <= 1)) {
      auto& one = problem(Problem::Kind::range, v, "is not a number from 0 to 1");
      one.found = std::string(v.text()), one.expected = "0 to 1";
    }
  }
  void no_double(Value v) {
    problem(Problem::Kind::out_of_range, v, "no number holds it").found = std::string(v.text());
  }

  void digits(Value v, const Form& form) {
    if (!v.is(Kind::string)) return not_a(v, form.called);
    const auto text = v.text();
    const bool ok = text.size() == 64 && std::ranges::all_of(text, [](char c) {
                      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
                    });
    if (ok) return;
    auto& one = problem(Problem::Kind::hash, v, "is not 64 hexadecimal digits");
    one.found = std::string(text), one.expected = form.called;
  }

  // Values that nobody reads but as JSON.
  void anything(Value v) {
    if (v.is(Kind::number) && !parse_number(v.text())) return no_double(v);
    if (v.is(Kind::object)) no_name_twice(v);
    v.each([&](Value inner) { anything(inner); });
  }
  void no_name_twice(Value v) {
    std::unordered_set<std::string_view> seen;
    v.each([&](Value inner) {
      if (seen.insert(inner.key()).second) return;
      problem(Problem::Kind::repeated, inner, "duplicate key " + quote(inner.key()) + ": the last one counts").at_key =
          true;
    });
  }
  // What no form knows. `kept`: it is read all the same.
  void stranger(Value v, bool kept) {
    problem(Problem::Kind::stranger, v, "unknown field " + quote(v.key()) + ", kept as it is").at_key = true;
    if (kept) finite(v);
  }
  void finite(Value v) {
    if (v.is(Kind::number) && !parse_number(v.text())) return no_double(v);
    v.each([&](Value inner) { finite(inner); });
  }

  void items(Value v, const Form& form, bool kept) {
    if (!v.is(Kind::array)) return not_a(v, form.called);
    std::size_t i = 0;
    v.each([&](Value item) {
      const auto number = std::to_string(i++);
      path_.push_back(number);
      value(item, *form.inner, kept);
      path_.pop_back();
    });
  }

  void members(Value v, const Form& form, bool kept) {
    if (!v.is(Kind::object)) return not_a(v, form.called);
    no_name_twice(v);
    v.each([&](Value one) {
      path_.push_back(one.key());
      if (!form.variants.empty() && !find_variant(form.variants, one.key())) not_one_of(one, form, one.key(), true);
      value(one, *form.inner, kept);
      path_.pop_back();
    });
  }

  void not_one_of(Value at, const Form& form, std::string_view found, bool key = false) {
    const bool event = form.tag == "type" && form.content == "data";
    auto& one = problem(event ? Problem::Kind::unknown : Problem::Kind::variant, at,
                        quote(found) + " is not " + std::string(event ? "a kind of event" : form.called));
    one.found = std::string(found), one.expected = names_of(form.variants), one.at_key = key;
  }

  // ---- records ----
  void record_of(Value v, const Form& form, bool kept) {
    if (v.is(Kind::array) && form.as_list) return listed(v, v.children(), 0, form, kept);
    if (!v.is(Kind::object)) return not_a(v, form.called);
    named(v, form, kept, {});
  }

  // As an object; `tag` is a member that was read already.
  void named(Value v, const Form& form, bool kept, std::string_view tag) {
    std::array<bool, k_most_members> seen{};
    std::size_t next = 0;
    v.each([&](Value one) {
      const auto key = one.key();
      if (!tag.empty() && key == tag) return;
      const auto at = member_at(form, key, next);
      if (at == form.members.size()) return stranger(one, kept);
      next = at + 1;
      if (seen[at]) {
        problem(Problem::Kind::twice, one, "duplicate key " + quote(key)).at_key = true;
        return;
      }
      seen[at] = true;
      member(one, form.members[at], kept);
    });
    for (std::size_t i = 0; i < form.members.size(); ++i) {
      if (!seen[i] && form.members[i].when == Member::When::always) missing(v, form.members[i].name);
    }
  }
  std::size_t member_at(const Form& form, std::string_view key, std::size_t hint) const {
    const auto known = [&](std::size_t i) {
      return form.members[i].name == key && (!form.members[i].since_39 || wire_.prior_weight);
    };
    if (hint < form.members.size() && known(hint)) return hint;
    for (std::size_t i = 0; i < form.members.size(); ++i) {
      if (known(i)) return i;
    }
    return form.members.size();
  }
  void member(Value v, const Member& of, bool kept) {
    if (of.when == Member::When::optional && v.is(Kind::null)) return;
    if (wire_.former_names && v.is(Kind::string) && was_free_text(of.name)) return;
    path_.push_back(of.name);
    value(v, *of.form, kept);
    path_.pop_back();
  }
  void missing(Value where, std::string_view name) {
    path_.push_back(name);
    auto& one = problem(Problem::Kind::missing, where, "the field " + quote(name) + " is missing");
    one.expected = name;
    path_.pop_back();
  }

  // As the list of its members, from the item `first` on.
  void listed(Value v, const std::vector<Value>& list, std::size_t first, const Form& form, bool kept) {
    out_.plain = false;
    const auto known = static_cast<std::size_t>(
        std::ranges::count_if(form.members, [&](const Member& of) { return !of.since_39 || wire_.prior_weight; }));
    for (std::size_t i = 0; i < known; ++i) {
      const auto& of = form.members[i];
      if (first + i < list.size()) {
        member(list[first + i], of, kept);
      } else if (of.when != Member::When::fallback) {
        missing(v, of.name);
      }
    }
    if (list.size() > first + known) not_a(v, "a list of " + std::to_string(known));
  }

  // ---- one of several ----
  void choice_of(Value v, const Form& form, bool kept) {
    if (v.is(Kind::string)) {
      const auto* one = find_variant(form.variants, v.text());
      if (!one) return not_one_of(v, form, v.text());
      if (one->form) not_a(v, std::string(one->name) + " with " + std::string(one->form->called));
      return;
    }
    if (!v.is(Kind::object) || v.size() != 1) return not_a(v, form.called);
    v.each([&](Value inner) {
      if (inner.is(Kind::null)) out_.plain = false;
      const auto* one = find_variant(form.variants, inner.key());
      if (!one) return not_one_of(inner, form, inner.key(), true);
      path_.push_back(one->name);
      if (one->form) {
        value(inner, *one->form, kept);
      } else if (!inner.is(Kind::null)) {
        not_a(inner, "null");
      }
      path_.pop_back();
    });
  }

  // The variant that a tag names. What was kept is found by its number, too.
  const Variant* tagged(Value tag, const Form& form, bool kept) {
    if (tag.is(Kind::string)) {
      const auto* one = find_variant(form.variants, tag.text());
      if (!one && wire_.former_names && tag.text() == k_former_trace) {
        out_.plain = false;
        one = find_variant(form.variants, k_trace_recorded_name);
      }
      if (!one) not_one_of(tag, form, tag.text());
      return one;
    }
    out_.plain = false;
    const auto number = kept && tag.is(Kind::number) ? parse_number(tag.text()) : std::nullopt;
    const auto* index = number ? std::get_if<std::uint64_t>(&*number) : nullptr;
    if (index && *index < form.variants.size()) return &form.variants[*index];
    not_a(tag, form.called);
    return nullptr;
  }

  void inside_of(Value v, const Form& form, bool kept) {
    if (v.is(Kind::array)) {
      out_.plain = false;
      const auto list = v.children();
      if (list.empty()) return missing(v, form.tag);
      const auto* one = tagged(list.front(), form, kept);
      if (!one) return;
      if (one->form) return listed(v, list, 1, *one->form, true);
      if (list.size() > 1) not_a(v, "a list of 1");
      return;
    }
    if (!v.is(Kind::object)) return not_a(v, form.called);
    const auto tag = only(v, form.tag);
    if (!tag) return missing(v, form.tag);
    path_.push_back(form.tag);
    const auto* one = tagged(tag, form, kept);
    path_.pop_back();
    if (one && one->form) return named(v, *one->form, true, form.tag);
    v.each([&](Value other) {
      if (other.key() != form.tag) stranger(other, true);
    });
  }
  // The member of that name; a second one is a problem.
  Value only(Value v, std::string_view name) {
    Value out;
    v.each([&](Value one) {
      if (one.key() != name) return;
      if (out) problem(Problem::Kind::twice, one, "duplicate key " + quote(name)).at_key = true;
      if (!out) out = one;
    });
    return out;
  }

  void beside_of(Value v, const Form& form, bool kept) {
    Value tag, content;
    if (v.is(Kind::array)) {
      out_.plain = false;
      const auto list = v.children();
      if (list.size() != 2) return not_a(v, "a list of 2");
      tag = list[0], content = list[1];
    } else if (v.is(Kind::object)) {
      tag = only(v, form.tag), content = only(v, form.content);
      v.each([&](Value one) {
        if (one.key() != form.tag && one.key() != form.content) stranger(one, kept);
      });
      if (!tag) missing(v, form.tag);
      if (!content) missing(v, form.content);
    } else {
      return not_a(v, form.called);
    }
    if (!tag) return;
    path_.push_back(form.tag);
    const auto* one = tagged(tag, form, kept);
    path_.pop_back();
    if (!one || !content) return;
    path_.push_back(form.content);
    value(content, *one->form, kept || content.offset() < tag.offset());
    path_.pop_back();
  }

  const Wire& wire_;
  Held& out_;
  std::vector<std::string_view> path_;
};

// How deep brackets go; strings apart. Cheap where there are few of them.
std::size_t depth_of(std::string_view text) {
  if (static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c == '[' || c == '{'; })) <=
      k_most_depth)
    return 0;
  std::size_t depth = 0, most = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\';
    } else if (text[i] == '[' || text[i] == '{') {
      most = std::max(most, ++depth);
    } else if (text[i] == ']' || text[i] == '}') {
      --depth;
    }
  }
  return most;
}

}  // namespace

bool refuses(Problem::Kind kind, const Wire& wire) {
  using enum Problem::Kind;
  return kind != not_finite && kind != stranger && kind != repeated && (kind != range || wire.unit_range);
}

bool was_free_text(std::string_view member) {
  return member == "stop_reason" || member == "resource" || member == "outcome" || member == "snapshot_hash" ||
         member == "policy_snapshot_hash";
}

const Variant* find_variant(std::span<const Variant> variants, std::string_view name) {
  const auto found = std::ranges::find(variants, name, &Variant::name);
  return found == variants.end() ? nullptr : &*found;
}

Held hold(Value value, const Form& form, const Wire& wire) {
  Held out;
  Holder(wire, out).value(value, form, false);
  if (const auto depth = depth_of(value.raw()); depth > k_most_depth) {
    auto& one = out.problems.emplace_back();
    one.kind = Problem::Kind::deep, one.at = value;
    one.message = "nested " + std::to_string(depth) + " deep: the original reader refuses this";
    one.expected = "at most " + std::to_string(k_most_depth);
  }
  return out;
}

}  // namespace provgate::events
