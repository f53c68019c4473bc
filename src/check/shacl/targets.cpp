#include "check/shacl/targets.hpp"

#include <algorithm>

#include "check/shacl/messages.hpp"

namespace provgate::shacl {

bool selects_nothing(const Target& target, const Ground& on) {
  switch (target.kind) {
    case Target::Kind::class_: {
      const auto& bits = on.classes.members(target.term);
      return std::all_of(bits.begin(), bits.end(), [](std::uint64_t word) { return word == 0; });
    }
    case Target::Kind::subjects_of:
    case Target::Kind::objects_of: return on.columns.forward(target.term).empty();
    case Target::Kind::query: return on.selected.at(target.query.get()).empty();
    case Target::Kind::node: break;
  }
  return false;
}

KnownClasses::KnownClasses(const Ground& on) {
  if (on.classes.type()) {
    TermId last = 0;
    for (const auto pair : on.columns.reverse(on.classes.type())) {
      if (first_of(pair) != last && on.terms.kind(first_of(pair)) == TermKind::iri) names_.emplace_back(on.terms.text(first_of(pair)));
      last = first_of(pair);
    }
  }
  for (const auto name : prov_classes()) names_.push_back(iri_text(std::string(vocab::prov).append(name)));
}

std::optional<std::string> KnownClasses::near(std::string_view text) const {
  // The part after the last separator counts: long namespaces would make everything near.
  const auto cut = text.find_last_of("#/:") + 1;
  std::vector<std::string_view> local, all;
  for (const std::string_view name : names_) {
    if (name == text) continue;
    all.push_back(name);
    if (name.substr(0, cut) == text.substr(0, cut)) local.push_back(name.substr(cut));
  }
  if (const auto near = closest(text.substr(cut), local)) return readable(std::string(text.substr(0, cut)) + *near);
  if (const auto near = closest(text, all, 3)) return readable(*near);
  return {};
}

}  // namespace provgate::shacl
