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

std::optional<std::string> near_class(TermId wanted, const Ground& on) {
  const auto& terms = on.terms;
  std::vector<std::string> names;
  if (on.classes.type()) {
    TermId last = 0;
    for (const auto pair : on.columns.reverse(on.classes.type())) {
      if (first_of(pair) != last && terms.kind(first_of(pair)) == TermKind::iri) names.emplace_back(terms.text(first_of(pair)));
      last = first_of(pair);
    }
  }
  for (const auto name : prov_classes()) names.push_back(iri_text(std::string(vocab::prov).append(name)));
  const auto text = terms.text(wanted);
  std::erase(names, std::string(text));
  // The part after the last separator counts: long namespaces would make everything near.
  const auto cut = text.find_last_of("#/:") + 1;
  std::vector<std::string_view> views;
  for (const auto& name : names) {
    if (std::string_view(name).substr(0, cut) == text.substr(0, cut)) views.push_back(std::string_view(name).substr(cut));
  }
  if (const auto near = closest(text.substr(cut), views)) return readable(std::string(text.substr(0, cut)) + *near);
  const std::vector<std::string_view> all(names.begin(), names.end());
  if (const auto near = closest(text, all); near && edit_distance(*near, text) <= 3) return readable(*near);
  return {};
}

}  // namespace provgate::shacl
