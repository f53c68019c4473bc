// SPDX-License-Identifier: Apache-2.0
#include "sparql/columns_source.hpp"

#include <algorithm>

namespace provgate {
namespace {

// One part of one column: the pairs that match, and what they are pairs of.
struct Part {
  Column pairs;
  TermId predicate = 0;
  bool reversed = false;
};

class PartsScan : public QuadSource::Scan {
 public:
  PartsScan(std::vector<Part> parts, TermId graph) : parts_(std::move(parts)), graph_(graph) {}

  std::size_t next(std::span<Quad> out) override {
    std::size_t n = 0;
    for (; part_ < parts_.size(); ++part_, at_ = 0) {
      const auto& [pairs, predicate, reversed] = parts_[part_];
      for (; at_ < pairs.size(); ++at_) {
        if (n == out.size()) return n;
        const TermId a = first_of(pairs[at_]), b = second_of(pairs[at_]);
        out[n++] = {reversed ? b : a, predicate, reversed ? a : b, graph_};
      }
    }
    return n;
  }

 private:
  std::vector<Part> parts_;
  TermId graph_;
  std::size_t part_ = 0, at_ = 0;
};

class ColumnsSource : public QuadSource {
 public:
  ColumnsSource(const Columns& columns, const Dictionary& terms, NamedColumns named)
      : columns_(columns), terms_(terms), named_(named) {}

  std::unique_ptr<Scan> open(const Quad& pattern) override {
    if (pattern.g && pattern.g != named_.name) return std::make_unique<PartsScan>(std::vector<Part>{}, 0);
    const auto& columns = pattern.g ? *named_.columns : columns_;
    std::vector<Part> parts;
    const auto add = [&](TermId p) {
      Part part;
      part.predicate = p;
      part.reversed = !pattern.s && pattern.o;
      part.pairs = part.reversed ? columns.reverse(p) : columns.forward(p);
      if (pattern.s) part.pairs = Columns::run(part.pairs, pattern.s);
      if (part.reversed) part.pairs = Columns::run(part.pairs, pattern.o);
      if (pattern.s && pattern.o) {
        const auto found = std::lower_bound(part.pairs.begin(), part.pairs.end(), pair_of(pattern.s, pattern.o));
        const bool here = found != part.pairs.end() && *found == pair_of(pattern.s, pattern.o);
        part.pairs = {found, here ? std::size_t{1} : 0};
      }
      if (!part.pairs.empty()) parts.push_back(part);
    };
    if (pattern.p) {
      add(pattern.p);
    } else {
      for (const auto p : columns.predicates()) add(p);
    }
    return std::make_unique<PartsScan>(std::move(parts), pattern.g);
  }

  TermId find(std::string_view text) override { return terms_.find(text); }
  std::string_view text(TermId id) override { return terms_.text(id); }
  TermId next_graph(TermId after) override { return named_.name > after ? named_.name : 0; }

 private:
  const Columns& columns_;
  const Dictionary& terms_;
  NamedColumns named_;
};

}  // namespace

std::unique_ptr<QuadSource> columns_source(const Columns& columns, const Dictionary& terms, NamedColumns named) {
  return std::make_unique<ColumnsSource>(columns, terms, named);
}

}  // namespace provgate
