// SPDX-License-Identifier: Apache-2.0
#include "shacl/targets.hpp"

#include <algorithm>
#include <set>

#include "shacl/messages.hpp"

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

std::vector<ShapesAxiom> axioms_only_in_shapes(const Ground& on, const Graph& shapes, const Shapes::Model& model) {
  std::vector<ShapesAxiom> out;
  const auto axiom = shapes.terms().find("<" + std::string(vocab::rdfs) + "subClassOf>");
  if (!axiom) return out;
  std::set<TermId> used;
  for (const auto& shape : model.shapes) {
    if (shape.deactivated) continue;
    for (const auto& target : shape.targets) {
      if (target.kind == Target::Kind::class_) used.insert(target.term);
    }
    for (const auto& c : shape.constraints) {
      if (c.component == Component::class_) used.insert(c.terms.begin(), c.terms.end());
    }
  }
  const auto any = [](const std::vector<std::uint64_t>& bits) {
    return std::any_of(bits.begin(), bits.end(), [](std::uint64_t word) { return word != 0; });
  };
  for (std::size_t i = 0; i < shapes.quads().size(); ++i) {
    const auto& q = shapes.quads()[i];
    if (q.p != axiom) continue;
    const auto sub = on.terms.find(shapes.terms().text(q.s)), super = on.terms.find(shapes.terms().text(q.o));
    if (!sub || !super || sub == super || !used.contains(super)) continue;
    const auto& of_sub = on.classes.members(sub);
    const auto& of_super = on.classes.members(super);
    bool missing = any(of_sub);
    // Where the data say it, too, all instances of the one are among those of the other.
    for (std::size_t word = 0; missing && word < of_sub.size(); ++word) {
      if (of_sub[word] & ~(word < of_super.size() ? of_super[word] : 0)) break;
      if (word + 1 == of_sub.size()) missing = false;
    }
    if (missing)
      out.push_back(
          {i, readable(std::string(shapes.terms().text(q.s))), readable(std::string(shapes.terms().text(q.o)))});
  }
  return out;
}

KnownClasses::KnownClasses(const Ground& on) {
  if (on.classes.type()) {
    TermId last = 0;
    for (const auto pair : on.columns.reverse(on.classes.type())) {
      if (first_of(pair) != last && on.terms.kind(first_of(pair)) == TermKind::iri)
        names_.emplace_back(on.terms.text(first_of(pair)));
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
