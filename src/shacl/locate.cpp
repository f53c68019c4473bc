// SPDX-License-Identifier: Apache-2.0
#include "shacl/locate.hpp"

#include <algorithm>
#include <unordered_map>

namespace provgate::shacl {
namespace {

// A triple wanted; 0 is any term.
struct Wanted {
  TermId s, p, o;
  friend bool operator==(const Wanted&, const Wanted&) = default;
};
struct WantedHash {
  std::size_t operator()(const Wanted& w) const {
    std::uint64_t h = std::uint64_t{w.s} * 0x9E3779B97F4A7C15ULL ^ std::uint64_t{w.p} * 0xC2B2AE3D27D4EB4FULL ^
                      std::uint64_t{w.o} * 0x165667B19E3779F9ULL;
    return static_cast<std::size_t>(h ^ (h >> 31));
  }
};

class Locator {
 public:
  Locator(const RdfData& data, const Ground& ground)
      : data_(data), on_(ground), walk_(ground), interesting_(ground.terms.size() / 64 + 1) {}

  std::vector<std::size_t> run(std::vector<ValidationResult>& results) {
    // Candidates in order of preference: the first kind that is found decides.
    std::vector<std::vector<std::vector<Wanted>>> candidates(results.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
      candidates[i] = wanted_of(results[i]);
      for (const auto& kind : candidates[i]) {
        for (const auto& w : kind) want(w);
      }
    }
    scan();
    std::vector<std::size_t> out(results.size(), SIZE_MAX);
    for (std::size_t i = 0; i < results.size(); ++i) {
      for (const auto& kind : candidates[i]) {
        for (const auto& w : kind) out[i] = std::min(out[i], found_[w]);
        if (out[i] != SIZE_MAX) break;
      }
      if (out[i] == SIZE_MAX) continue;
      results[i].span = data_.span(out[i]);
      results[i].located = results[i].span.at.line != 0;
    }
    return out;
  }

 private:
  std::vector<std::vector<Wanted>> wanted_of(const ValidationResult& result) {
    std::vector<std::vector<Wanted>> out;
    const Shape& shape = on_.model.shapes[result.shape];
    const Constraint& c = shape.constraints[result.constraint];
    if (result.value) {
      std::vector<Wanted> triples;
      if (c.component == Component::closed && result.path) {
        // The property may be that of a value node of the shape's path.
        if (!shape.is_property()) triples.push_back({result.focus, result.path, result.value});
        if (shape.is_property()) {
          for (const auto node : walk_.follow(shape.path, Nodes(&result.focus, 1)).items)
            triples.push_back({node, result.path, result.value});
        }
      } else if (result.path) {
        triples.push_back({result.focus, result.path, result.value});
      } else if (shape.is_property()) {
        last_steps(shape.path, result.focus, result.value, triples);
        if (c.component == Component::equals) triples.push_back({result.focus, c.terms[0], result.value});
      }
      if (!triples.empty()) out.push_back(std::move(triples));
    }
    for (auto& kind : focus_of(shape, result)) out.push_back(std::move(kind));
    return out;
  }

  // The triples whose object (or subject, for inverses) is `value`, at the end of a path from `focus`.
  void last_steps(PathId id, TermId focus, TermId value, std::vector<Wanted>& out) {
    constexpr std::size_t k_most = 10'000;
    if (out.size() > k_most) return;
    const Path& path = on_.model.paths[id];
    switch (path.kind) {
      case Path::Kind::predicate: out.push_back({focus, path.predicate, value}); return;
      case Path::Kind::inverse: out.push_back({value, path.predicate, focus}); return;
      case Path::Kind::alternative:
      case Path::Kind::zero_or_one:
        for (const auto part : path.parts) last_steps(part, focus, value, out);
        return;
      case Path::Kind::zero_or_more:
      case Path::Kind::one_or_more: {
        last_steps(path.parts[0], focus, value, out);
        for (const auto node : walk_.follow(id, Nodes(&focus, 1)).items) last_steps(path.parts[0], node, value, out);
        return;
      }
      case Path::Kind::sequence: {
        std::vector<TermId> nodes{focus};
        for (std::size_t i = 0; i + 1 < path.parts.size(); ++i) {
          nodes = walk_.follow(path.parts[i], nodes).items;
          std::sort(nodes.begin(), nodes.end());
          nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
        }
        for (const auto node : nodes) last_steps(path.parts.back(), node, value, out);
        // Where the last part may be empty, the value was reached by the one before.
        for (auto i = path.parts.size() - 1; i > 0 && on_.model.paths.maybe_empty(path.parts[i]); --i) {
          if (i == 1) last_steps(path.parts[0], focus, value, out);
        }
        return;
      }
    }
  }

  std::vector<std::vector<Wanted>> focus_of(const Shape& shape, const ValidationResult& result) {
    std::vector<std::vector<Wanted>> out;
    std::vector<Wanted> targets;
    const auto focus = result.focus;
    for (const auto& target : shape.targets) add_target(target, focus, targets);
    for (const auto& parent : on_.model.shapes) {
      const auto self = std::find(parent.properties.begin(), parent.properties.end(), result.shape);
      if (self == parent.properties.end()) continue;
      if (!parent.is_property()) {
        for (const auto& target : parent.targets) add_target(target, focus, targets);
      } else {
        on_.model.paths.each_predicate(parent.path, [&](TermId p, bool inverse) {
          targets.push_back(inverse ? Wanted{focus, p, 0} : Wanted{0, p, focus});
        });
      }
    }
    if (!targets.empty()) out.push_back(std::move(targets));
    out.push_back({{focus, 0, 0}});
    out.push_back({{0, 0, focus}});
    return out;
  }

  void add_target(const Target& target, TermId focus, std::vector<Wanted>& out) {
    switch (target.kind) {
      case Target::Kind::node:
      case Target::Kind::query: break;
      case Target::Kind::class_: {
        if (!on_.classes.type()) break;
        auto& classes = classes_[target.term];
        if (classes.empty()) classes = on_.classes.subclasses(target.term);
        for (const auto cls : classes) {
          if (on_.columns.has(focus, on_.classes.type(), cls)) out.push_back({focus, on_.classes.type(), cls});
        }
        break;
      }
      case Target::Kind::subjects_of: out.push_back({focus, target.term, 0}); break;
      case Target::Kind::objects_of: out.push_back({0, target.term, focus}); break;
    }
  }

  void want(const Wanted& w) {
    found_.try_emplace(w, SIZE_MAX);
    const auto mark = [&](TermId id) {
      if (id) interesting_[id / 64] |= std::uint64_t{1} << (id % 64);
    };
    mark(w.s ? w.s : w.o);
    half_ = half_ || !w.s || !w.p || !w.o;
  }

  void scan() {
    if (found_.empty()) return;
    const auto& quads = data_.graph.quads();
    for (std::size_t i = 0; i < quads.size(); ++i) {
      const auto& q = quads[i];
      if (!ClassIndex::test(interesting_, q.s) && !ClassIndex::test(interesting_, q.o)) continue;
      for (const auto& w :
           {Wanted{q.s, q.p, q.o}, Wanted{q.s, q.p, 0}, Wanted{0, q.p, q.o}, Wanted{q.s, 0, 0}, Wanted{0, 0, q.o}}) {
        if (const auto hit = found_.find(w); hit != found_.end()) hit->second = std::min(hit->second, i);
        if (!half_) break;
      }
    }
  }

  const RdfData& data_;
  const Ground& on_;
  Evaluator walk_;
  Bitmap interesting_;
  bool half_ = false;
  std::unordered_map<Wanted, std::size_t, WantedHash> found_;
  std::map<TermId, std::vector<TermId>> classes_;
};

}  // namespace

std::vector<std::size_t> locate(std::vector<ValidationResult>& results, const RdfData& data, const Ground& ground) {
  if (!data.graph.has_origins() && !data.graph.has_spans()) return std::vector<std::size_t>(results.size(), SIZE_MAX);
  return Locator(data, ground).run(results);
}

void locate_details(std::vector<ValidationResult>& results, const RdfData& data, const Ground& ground) {
  // One look at the data for all of them, at every depth. A vector that is moved keeps its elements where they are.
  std::vector<ValidationResult*> all;
  for (auto& result : results) {
    for (auto& detail : result.details) all.push_back(&detail);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (auto& detail : all[i]->details) all.push_back(&detail);
  }
  std::vector<ValidationResult> flat;
  flat.reserve(all.size());
  for (auto* one : all) flat.push_back(std::move(*one));
  locate(flat, data, ground);
  for (std::size_t i = 0; i < all.size(); ++i) *all[i] = std::move(flat[i]);
}

}  // namespace provgate::shacl
