// SPDX-License-Identifier: Apache-2.0
// Constraints over whole sets of focus nodes. A set is a sorted list of terms; what a path leads to is one sorted run
// of value nodes for each of them. One evaluator works on one range of focus nodes, on one thread.
#pragma once

#include <atomic>
#include <map>
#include <new>
#include <span>
#include <unordered_map>

#include "io/stopwatch.hpp"
#include "rdf/columns.hpp"
#include "rdf/literal_table.hpp"
#include "shacl/compile.hpp"
#include "sparql/columns_source.hpp"

namespace provgate::shacl {

using Nodes = std::span<const TermId>;
using Bitmap = std::vector<std::uint64_t>;

/// Value nodes of each focus node: items[offsets[i], offsets[i + 1]), sorted, each once.
struct Values {
  std::vector<std::uint32_t> offsets{0};
  std::vector<TermId> items;
  Nodes of(std::size_t i) const { return Nodes(items).subspan(offsets[i], offsets[i + 1] - offsets[i]); }
  std::size_t size() const { return offsets.size() - 1; }
  /// Throws std::bad_alloc beyond 2^32 value nodes in one set.
  void end_run() {
    if (items.size() > UINT32_MAX) throw std::bad_alloc();
    offsets.push_back(static_cast<std::uint32_t>(items.size()));
  }
};

/// Instances of classes by rdf:type/rdfs:subClassOf* of the data, one bitmap a class. Thread-safe.
class ClassIndex {
 public:
  ClassIndex(const Columns& columns, const Dictionary& terms);
  const Bitmap& members(TermId cls);
  static bool test(const Bitmap& bits, TermId id) { return id / 64 < bits.size() && (bits[id / 64] >> (id % 64)) & 1; }
  std::vector<TermId> subclasses(TermId cls) const;  ///< with itself
  TermId type() const { return type_; }

 private:
  const Columns& columns_;
  std::size_t words_;
  TermId type_, sub_class_of_;
  std::mutex mutex_;
  std::map<TermId, std::unique_ptr<Bitmap>> known_;
};

/// The time that one run has.
struct Clock {
  std::uint64_t run_ms = 0;  ///< 0: no limit
  std::string help;
  Stopwatch watch = {};
  /// Limits of a query that begins now: what is left of the run bounds it. Errors: Code::world when nothing is left.
  Result<sparql::Limits> limits(sparql::Limits of) const {
    if (!run_ms) return of;
    const auto used = static_cast<std::uint64_t>(watch.milliseconds());
    if (used >= run_ms)
      return provgate::fail(Code::world, "the shapes did not end within " + std::to_string(run_ms) + " ms", help);
    of.deadline_ms = std::min(of.deadline_ms, run_ms - used);
    return of;
  }
};

/// What the queries of targets select, by query: sorted, each node once.
using TargetNodes = std::map<const SparqlQuery*, std::vector<TermId>>;

/// What all evaluators of one run share.
struct Ground {
  const Dictionary& terms;
  const Columns& columns;
  const Shapes::Model& model;
  const LiteralTable& literals;
  ClassIndex& classes;
  NamedColumns shapes_graph;
  const TargetNodes& selected;
  sparql::Limits limits;
  Clock clock;
  std::shared_ptr<std::atomic<std::uint64_t>> results =
      std::make_shared<std::atomic<std::uint64_t>>(0);  ///< made so far, by all threads, roughly
};

class Evaluator {
 public:
  explicit Evaluator(const Ground& ground) : on_(ground) {}

  /// Results of one shape for these focus nodes, in their order. Requires a sorted list.
  void report(ShapeId id, Nodes focus, std::vector<ValidationResult>& out);
  /// 1 for each node that does not conform. Requires a sorted list without repetitions.
  std::vector<std::uint8_t> failures(ShapeId id, Nodes nodes);
  Values follow(PathId path, Nodes nodes);
  const std::optional<Error>& error() const { return error_; }

 private:
  struct Sink {
    const Shape* shape;
    std::vector<ValidationResult>* results = nullptr;
    std::vector<std::uint8_t>* failed = nullptr;
    ShapeId id = 0;
    std::uint32_t constraint = 0;
  };
  // evaluate.cpp
  std::vector<std::uint8_t> body(ShapeId id, Nodes nodes);
  std::vector<std::uint8_t> remembered(ShapeId id, Nodes nodes);
  std::vector<std::uint8_t> recursive(ShapeId id, Nodes nodes);
  std::vector<std::uint8_t> failures_of(ShapeId id, Nodes unsorted);
  Values values_of(const Shape& shape, Nodes focus);
  // follow.cpp
  Values step(Column column, Nodes nodes) const;
  Values sequence(const Path& path, Nodes nodes);
  Values alternative(const Path& path, Nodes nodes);
  Values closure(const Path& path, Nodes nodes);
  // sets.cpp
  void check(const Constraint& c, Nodes focus, const Values& values, Sink& sink);
  void fail(Sink& sink, std::size_t i, TermId focus, TermId value, TermId path = 0);
  template <class Bad>
  void each(Nodes focus, const Values& values, Sink& sink, Bad&& bad);
  template <class Bad>
  void each_focus(Nodes focus, Sink& sink, Bad&& bad);
  void compare(const Constraint& c, Nodes focus, const Values& values, Sink& sink);
  void text(const Constraint& c, Nodes focus, const Values& values, Sink& sink);
  void languages(const Constraint& c, Nodes focus, const Values& values, Sink& sink);
  void pair(const Constraint& c, Nodes focus, const Values& values, Sink& sink);
  void logical(const Constraint& c, Nodes focus, const Values& values, Sink& sink);
  void qualified(const Constraint& c, Nodes focus, const Values& values, Sink& sink);
  void closed(const Constraint& c, Nodes focus, const Values& values, Sink& sink);
  // ask.cpp
  void query(const Constraint& c, Nodes focus, const Values& values, Sink& sink);

  using Pair = std::pair<ShapeId, TermId>;
  /// One fixpoint over the shapes of one group: pairs are taken to conform until one is found not to.
  struct Frame {
    std::size_t group;
    Pair current;
    std::map<Pair, std::vector<Pair>> users;
    std::map<Pair, bool> failed;
    std::vector<Pair> todo;
  };
  const Ground& on_;
  Frame* frame_ = nullptr;
  std::map<Pair, bool> settled_;
  std::map<ShapeId, std::unordered_map<TermId, bool>> known_;  ///< of shapes that several constraints refer to
  std::unique_ptr<QuadSource> source_;
  std::uint64_t made_ = 0;
  std::optional<Error> error_;
};

}  // namespace provgate::shacl
