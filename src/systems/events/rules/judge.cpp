// SPDX-License-Identifier: Apache-2.0
// One event: its form, its ids and times, and what it says about itself.
#include <algorithm>
#include <cstring>

#include "base/digest.hpp"
#include "systems/events/rules/content.hpp"
#include "systems/events/wire/forms.hpp"

namespace provgate::events {
namespace {

std::string_view rule_of(Problem::Kind kind) {
  using enum Problem::Kind;
  switch (kind) {
    case missing: return "EVT-001";
    case type: return "EVT-002";
    case unknown: return "EVT-003";
    case variant: return "EVT-004";
    case twice: return "EVT-005";
    case hash: return "EVT-006";
    case range: return "EVT-007";
    case out_of_range: return "EVT-008";
    case not_finite: return "EVT-009";
    case stranger: return "EVT-010";
    case repeated: return "EVT-011";
    case deep: return "EVT-012";
  }
  return "";
}

// The envelope within a document: a record has it inside, with the word in front whose it is.
Value envelope_in(Value root) {
  if (!root.is(Kind::object)) return root;
  const auto inner = root.find("value");
  return inner && root.find("kind") && !root.find("event") ? inner : root;
}

const Form& form_of(Value root, Value envelope) {
  if (envelope.offset() != root.offset()) return k_record;
  const auto type = envelope.is(Kind::array) && envelope.size() == 5 ? envelope.children()[4].find("type")
                                                                     : envelope.find("event").find("type");
  return find_variant(k_user_kinds, type.text()) ? k_user_envelope : k_engine_envelope;
}

// Whether anything of an envelope is there, so that it can be said what is not.
bool is_envelope(Value value) {
  if (value.is(Kind::array)) return value.size() > 0;
  return value.find("event") || value.find("event_id") || value.find("occurred_at");
}

Held no_envelope(Value root) {
  Held out;
  auto& one = out.problems.emplace_back();
  one.kind = Problem::Kind::missing, one.at = root;
  one.message = "this is no event: none of event_id, occurred_at and event is there";
  one.expected = "an envelope";
  return out;
}

class Judge {
 public:
  Judge(const SourceFile& file, const Rulebook& rules, Sink& sink) : file_(file), rules_(rules), sink_(sink) {}

  Judged run() {
    const auto root = file_.doc->root();
    const auto given = envelope_in(root);
    const auto& form = form_of(root, given);
    const auto held = !file_.doc->non_finite().empty() ? not_json()
                      : is_envelope(given)             ? hold(root, form, rules_.wire)
                                                       : no_envelope(root);
    for (const auto& problem : held.problems) {
      out_.event.refused = out_.event.refused || refuses(problem.kind, rules_.wire);
      if (rules_.judge) say(problem);
    }
    auto& event = out_.event;
    event.at = root.place(), event.offset = root.offset();
    event.length = static_cast<std::uint32_t>(root.raw().size());
    if (rules_.digest) {
      const auto digest = sha256(root.raw());
      std::memcpy(event.digest.data(), digest.data(), event.digest.size());
    }
    auto envelope = given;
    if (!out_.event.refused && !held.plain) {
      std::string text;
      append_canonical(text, root, form, rules_.wire);
      auto normal = read_json(file_.path, std::move(text));
      if (normal) {
        out_.normal = std::make_unique<Document>(std::move(*normal));
        envelope = envelope_in(out_.normal->root());
      }
    }
    name(envelope);
    if (!out_.event.refused) {
      out_.envelope = envelope;
      const Says says(file_, sink_, out_.normal ? std::optional(event.at) : std::nullopt, !rules_.judge);
      judge_envelope(says, envelope, rules_.any_ids);
      judge_content(says, envelope, out_.mentions);
    }
    event.conforming =
        std::ranges::none_of(sink_.so_far(), [](const auto& f) { return f.severity == Severity::error; });
    return std::move(out_);
  }

 private:
  // Nothing more is said of such a text.
  Held not_json() const {
    Held out;
    for (const auto value : file_.doc->non_finite()) {
      auto& one = out.problems.emplace_back();
      one.kind = Problem::Kind::type, one.at = value;
      one.message = std::string(value.text()) + " is not JSON", one.found = value.text();
    }
    return out;
  }

  void say(const Problem& problem) {
    auto& f = sink_.add(rule_of(problem.kind), file_, problem.at_key ? problem.at.key_place() : problem.at.place(),
                        (problem.path.empty() ? "" : problem.path + ": ") + problem.message);
    f.path = problem.path, f.found = problem.found, f.expected = problem.expected;
    if (problem.kind == Problem::Kind::range && !rules_.wire.unit_range) f.severity = Severity::warning;
  }

  // As far as an event that was refused says it.
  void name(Value envelope) {
    auto& event = out_.event;
    event.id = envelope.find("event_id").text();
    if (const auto tenant = envelope.find("tenant_id"); tenant.is(Kind::string)) event.tenant = tenant.text();
    const auto kind = std::ranges::find(k_kind_names, kind_of(envelope), &Variant::name);
    if (kind != std::end(k_kind_names)) event.kind = static_cast<std::uint8_t>(kind - std::begin(k_kind_names));
  }

  const SourceFile& file_;
  const Rulebook& rules_;
  Sink& sink_;
  Judged out_;
};

}  // namespace

bool is_event(Value root) {
  const auto envelope = envelope_in(root);
  if (envelope.is(Kind::object)) {
    const auto event = envelope.find("event");
    return event.is(Kind::object) && envelope.find("event_id") && (event.find("type") || event.find("data"));
  }
  return false;
}

Judged judge(const SourceFile& file, const Rulebook& rules, Sink& sink) { return Judge(file, rules, sink).run(); }

}  // namespace provgate::events
