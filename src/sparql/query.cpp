// SPDX-License-Identifier: Apache-2.0
// The C++ face of the engine: every callback catches everything and answers with a code; what was thrown is kept and
// said.
#include "provgate/sparql/sparql.hpp"
#include "sparql/engine.h"

namespace provgate::sparql {
namespace {

static_assert(sizeof(Cancel) == sizeof(std::uint32_t) && Cancel::is_always_lock_free);

provgate_text lend(std::string_view text) {
  static constexpr std::uint8_t k_empty = 0;
  return {text.empty() ? &k_empty : reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::string_view borrow(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// What the callbacks of one run share.
struct Run {
  QuadSource& source;
  const Sink& sink;
  std::string trouble;
  bool damaged = false;  ///< the source is, so trying again does not help
};

template <class F>
std::int32_t guarded(Run& run, F&& body) noexcept {
  try {
    return body() ? 0 : 1;
  } catch (const std::exception& e) {
    run.damaged = run.damaged || dynamic_cast<const SourceDamaged*>(&e);
    try {
      run.trouble = e.what();
    } catch (...) {
    }
  } catch (...) {
  }
  return 1;
}

Run& run_of(void* self) { return *static_cast<Run*>(self); }
TermId narrow(std::uint64_t id) { return static_cast<TermId>(id); }

std::int32_t source_open(void* self, const provgate_quad* q, void** scan) noexcept {
  return guarded(run_of(self), [&] {
    *scan = run_of(self).source.open({narrow(q->s), narrow(q->p), narrow(q->o), narrow(q->g)}).release();
    return *scan != nullptr;
  });
}

std::int32_t source_next(void* self, void* scan, provgate_quad* out, std::uint32_t capacity,
                         std::uint32_t* count) noexcept {
  return guarded(run_of(self), [&] {
    std::array<Quad, 128> room;
    const auto wanted = std::min<std::size_t>(capacity, room.size());
    const auto n = static_cast<QuadSource::Scan*>(scan)->next(std::span(room).first(wanted));
    for (std::size_t i = 0; i < n; ++i) out[i] = {room[i].s, room[i].p, room[i].o, room[i].g};
    *count = static_cast<std::uint32_t>(n);
    return true;
  });
}

void source_close(void* self, void* scan) noexcept {
  guarded(run_of(self), [&] {
    run_of(self).source.close(std::unique_ptr<QuadSource::Scan>(static_cast<QuadSource::Scan*>(scan)));
    return true;
  });
}

std::int32_t source_find(void* self, const std::uint8_t* text, std::size_t size, std::uint64_t* id) noexcept {
  return guarded(run_of(self), [&] {
    *id = run_of(self).source.find(borrow(text, size));
    return true;
  });
}

std::int32_t source_text(void* self, std::uint64_t id, const std::uint8_t** text, std::size_t* size) noexcept {
  return guarded(run_of(self), [&] {
    const auto found = run_of(self).source.text(narrow(id));
    *text = reinterpret_cast<const std::uint8_t*>(found.data());
    *size = found.size();
    if (found.empty()) throw SourceDamaged("a term has no text");
    return true;
  });
}

std::int32_t source_next_graph(void* self, std::uint64_t after, std::uint64_t* graph) noexcept {
  return guarded(run_of(self), [&] {
    *graph = run_of(self).source.next_graph(narrow(after));
    return true;
  });
}

std::int32_t sink_write(void* self, const std::uint8_t* bytes, std::size_t size) noexcept {
  return guarded(run_of(self), [&] { return run_of(self).sink.write && run_of(self).sink.write(borrow(bytes, size)); });
}

std::int32_t sink_row(void* self, std::uint32_t set, const provgate_text* cells, std::size_t count) noexcept {
  return guarded(run_of(self), [&] {
    std::vector<Cell> row(count);
    for (std::size_t i = 0; i < count; ++i) {
      if (cells[i].data) row[i] = borrow(cells[i].data, cells[i].size);
    }
    return run_of(self).sink.row && run_of(self).sink.row(set, row);
  });
}

/// Message and variables, as the engine says them.
struct Heard {
  std::string message;
  std::vector<std::string> names;
  provgate_info info{};
  Heard() {
    info.self = this;
    info.say = [](void* self, const std::uint8_t* text, std::size_t size) {
      try {
        static_cast<Heard*>(self)->message = std::string(borrow(text, size));
      } catch (...) {
      }
    };
    info.name = [](void* self, const std::uint8_t* text, std::size_t size) {
      try {
        static_cast<Heard*>(self)->names.emplace_back(borrow(text, size));
      } catch (...) {
      }
    };
  }
  Heard(const Heard&) = delete;
  Heard& operator=(const Heard&) = delete;

  std::optional<Error> error() const {
    switch (info.status) {
      case 0: return {};
      case 1: return Error{Code::input, message, {}, {}, {}};
      case 2: return Error{Code::input, message, {}, {}, {info.line, info.column, info.line, info.column + 1}};
      case 3:
        return Error{Code::world, message, "narrow the query, or raise --timeout, --max-rows or --max-memory", {}, {}};
      case 4: return Error{Code::world, message, {}, {}, {}};
      case 5: return Error{Code::world, message, {}, {}, {}};
      case 6: return Error{Code::world, message, {}, {}, {}};
      case 7: return Error{Code::world, message, "the system has no room for another thread of 256 MiB stack", {}, {}};
      default: return Error{Code::bug, message.empty() ? "the query engine failed" : message, {}, {}, {}};
    }
  }
};

}  // namespace

struct Query::Impl {
  provgate_query* query = nullptr;
  Kind kind = Kind::select;
  std::vector<std::string> variables;
  std::size_t slots = 0;
  ~Impl() { provgate_sparql_free(query); }
};

Query::Query(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Query::~Query() = default;
Query::Query(Query&&) noexcept = default;
Query& Query::operator=(Query&&) noexcept = default;
Kind Query::kind() const { return impl_->kind; }
const std::vector<std::string>& Query::variables() const { return impl_->variables; }

Result<Query> Query::prepare(std::string_view text, const PreBinding& binding) {
  std::string slots;
  for (const auto& name : binding.variables) slots += name + "\n";
  auto impl = std::make_unique<Impl>();
  Heard heard;
  impl->query = provgate_sparql_prepare(lend(text), lend(slots),
                                        binding.path ? lend(*binding.path) : provgate_text{nullptr, 0}, &heard.info);
  if (auto error = heard.error()) return tl::unexpected<Error>(std::move(*error));
  impl->kind = static_cast<Kind>(heard.info.kind);
  impl->variables = std::move(heard.names);
  impl->slots = binding.variables.size();
  return Query(std::move(impl));
}

Outcome Query::run(QuadSource& source, Format format, const Sink& sink, const Limits& limits, const Cancel* cancel,
                   const std::vector<std::vector<Cell>>& sets) const {
  const bool graph = impl_->kind == Kind::construct || impl_->kind == Kind::describe;
  if (graph && format != Format::ntriples) {
    return {
        0,
        Error{Code::usage, "a CONSTRUCT or DESCRIBE query makes a graph", "use --format turtle or ntriples", {}, {}}};
  }
  if (!graph && format == Format::ntriples) {
    return {
        0,
        Error{
            Code::usage, "a SELECT or ASK query makes no graph", "use --format table, json, csv, tsv or xml", {}, {}}};
  }
  std::vector<provgate_text> bindings;
  for (const auto& set : sets) {
    for (std::size_t i = 0; i < impl_->slots; ++i) {
      bindings.push_back(i < set.size() && set[i] ? lend(*set[i]) : provgate_text{nullptr, 0});
    }
  }
  Run run{source, sink, {}};
  const provgate_source from{&run, source_open, source_next, source_close, source_find, source_text, source_next_graph};
  const provgate_sink to{&run, sink_write, sink_row};
  const provgate_run_options options{static_cast<std::uint32_t>(format),
                                     limits.deadline_ms,
                                     limits.rows,
                                     limits.memory_bytes,
                                     reinterpret_cast<const std::uint32_t*>(cancel),
                                     bindings.data(),
                                     sets.size()};
  Heard heard;
  provgate_sparql_run(impl_->query, &from, &options, &to, &heard.info);
  Outcome out{heard.info.rows, heard.error()};
  if (out.error && !run.trouble.empty()) out.error->why += ": " + run.trouble;
  constexpr std::uint32_t k_source = 4;  // what the source said is not a term, or not a quad
  if (out.error && (run.damaged || (heard.info.status == k_source && source.stored())))
    out.error->code = Code::integrity, out.error->help = "restore it from a copy";
  return out;
}

}  // namespace provgate::sparql
