// SPDX-License-Identifier: Apache-2.0
#include "shacl/evaluate.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

namespace provgate::shacl {

ClassIndex::ClassIndex(const Columns& columns, const Dictionary& terms)
    : columns_(columns),
      words_(terms.size() / 64 + 1),
      type_(terms.find("<" + std::string(vocab::rdf) + "type>")),
      sub_class_of_(terms.find("<" + std::string(vocab::rdfs) + "subClassOf>")) {}

std::vector<TermId> ClassIndex::subclasses(TermId cls) const {
  std::vector<TermId> out{cls};
  std::set<TermId> seen{cls};
  if (!sub_class_of_) return out;
  const auto column = columns_.reverse(sub_class_of_);
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const auto pair : Columns::run(column, out[i])) {
      if (seen.insert(second_of(pair)).second) out.push_back(second_of(pair));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

const Bitmap& ClassIndex::members(TermId cls) {
  const std::lock_guard lock(mutex_);
  auto& slot = known_[cls];
  if (!slot) {
    slot = std::make_unique<Bitmap>(words_);
    const auto classes = subclasses(cls);
    if (type_) {
      const auto set = [&](TermId id) { (*slot)[id / 64] |= std::uint64_t{1} << (id % 64); };
      for (const auto pair : columns_.forward(type_)) {
        const auto of = second_of(pair);
        if (classes.size() == 1 ? of == cls : std::binary_search(classes.begin(), classes.end(), of))
          set(first_of(pair));
      }
    }
  }
  return *slot;
}

Values Evaluator::values_of(const Shape& shape, Nodes focus) {
  if (shape.is_property()) return follow(shape.path, focus);
  Values out;
  out.items.assign(focus.begin(), focus.end());
  for (std::size_t i = 0; i < focus.size(); ++i) out.offsets.push_back(static_cast<std::uint32_t>(i + 1));
  return out;
}

void Evaluator::report(ShapeId id, Nodes focus, std::vector<ValidationResult>& out) {
  assert(std::is_sorted(focus.begin(), focus.end()));
  const Shape& shape = on_.model.shapes[id];
  if (shape.deactivated || shape.constraints.empty() || error_) return;
  const auto values = values_of(shape, focus);
  for (std::uint32_t i = 0; i < shape.constraints.size() && !error_; ++i) {
    Sink sink{&shape, &out, nullptr, id, i};
    check(shape.constraints[i], focus, values, sink);
  }
}

std::vector<std::uint8_t> Evaluator::failures(ShapeId id, Nodes nodes) {
  assert(std::adjacent_find(nodes.begin(), nodes.end(), std::greater_equal<>()) == nodes.end());
  const Shape& shape = on_.model.shapes[id];
  if (shape.deactivated || error_ || nodes.empty()) return std::vector<std::uint8_t>(nodes.size());
  if (shape.recursive) return recursive(id, nodes);
  return shape.shared ? remembered(id, nodes) : body(id, nodes);
}

// Each node once, by however many ways the shape is reached. Final inside a fixpoint, too: what leads back to it is
// recursive itself.
std::vector<std::uint8_t> Evaluator::remembered(ShapeId id, Nodes nodes) {
  std::vector<TermId> fresh;
  {
    const auto& known = known_[id];
    for (const auto node : nodes) {
      if (!known.contains(node)) fresh.push_back(node);
    }
  }
  if (!fresh.empty()) {
    const auto bad = body(id, fresh);
    auto& known = known_[id];
    for (std::size_t i = 0; i < fresh.size(); ++i) known[fresh[i]] = bad[i];
  }
  const auto& known = known_[id];
  std::vector<std::uint8_t> out(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) out[i] = known.at(nodes[i]);
  return out;
}

std::vector<std::uint8_t> Evaluator::body(ShapeId id, Nodes nodes) {
  const Shape& shape = on_.model.shapes[id];
  std::vector<std::uint8_t> failed(nodes.size());
  const auto values = values_of(shape, nodes);
  for (const auto& c : shape.constraints) {
    Sink sink{&shape, nullptr, &failed, id, 0};
    check(c, nodes, values, sink);
    if (error_) return failed;
  }
  for (const auto property : shape.properties) {
    const auto bad = failures_of(property, values.items);
    for (std::size_t i = 0, at = 0; i < values.size(); ++i) {
      for (; at < values.offsets[i + 1]; ++at) failed[i] |= bad[at];
    }
  }
  return failed;
}

std::vector<std::uint8_t> Evaluator::failures_of(ShapeId id, Nodes nodes) {
  if (std::adjacent_find(nodes.begin(), nodes.end(), std::greater_equal<>()) == nodes.end()) return failures(id, nodes);
  std::vector<TermId> sorted(nodes.begin(), nodes.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  const auto bad = failures(id, sorted);
  std::vector<std::uint8_t> out(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i)
    out[i] = bad[static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), nodes[i]) - sorted.begin())];
  return out;
}

// The greatest fixpoint: a node conforms to a recursive shape unless something speaks against it. Groups below this one
// are settled first, so negation between groups is harmless (stratified).
std::vector<std::uint8_t> Evaluator::recursive(ShapeId id, Nodes nodes) {
  std::vector<std::uint8_t> out(nodes.size());
  const auto group = on_.model.shapes[id].group;
  if (frame_ && frame_->group == group) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Pair pair{id, nodes[i]};
      if (const auto known = settled_.find(pair); known != settled_.end()) {
        out[i] = known->second;
        continue;
      }
      const auto [slot, fresh] = frame_->failed.try_emplace(pair, false);
      if (fresh) frame_->todo.push_back(pair);
      frame_->users[pair].push_back(frame_->current);
      out[i] = slot->second;
    }
    return out;
  }
  Frame frame{group, {}, {}, {}, {}};
  Frame* const outer = std::exchange(frame_, &frame);
  for (const auto node : nodes) {
    if (!settled_.contains({id, node}) && frame.failed.try_emplace({id, node}, false).second)
      frame.todo.push_back({id, node});
  }
  while (!frame.todo.empty() && !error_) {
    const auto pair = frame.todo.back();
    frame.todo.pop_back();
    if (frame.failed[pair]) continue;
    frame.current = pair;
    if (!body(pair.first, Nodes(&pair.second, 1))[0]) continue;
    frame.failed[pair] = true;
    for (const auto& user : frame.users[pair]) frame.todo.push_back(user);
  }
  frame_ = outer;
  settled_.insert(frame.failed.begin(), frame.failed.end());
  for (std::size_t i = 0; i < nodes.size(); ++i) out[i] = settled_[{id, nodes[i]}];
  return out;
}

}  // namespace provgate::shacl
