// SPDX-License-Identifier: Apache-2.0
#include "rdf/raptor.hpp"

#include <raptor2.h>

#include <memory>
#include <mutex>
#include <set>
#include <tuple>

namespace provgate {
namespace {

std::mutex& world_mutex() {
  static std::mutex mutex;
  return mutex;
}

const unsigned char* bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.c_str()); }
void swallow(void*, raptor_log_message*) {}

// One world for one task: a world shared between threads crashes, and freeing one during another's parse does too, so
// worlds are made and freed under one lock and Raptor is kept away from curl's global state.
class RaptorWorld {
 public:
  RaptorWorld() {
    world_ = raptor_new_world();
    raptor_world_set_flag(world_, RAPTOR_WORLD_FLAG_WWW_SKIP_INIT_FINISH, 1);
    raptor_world_open(world_);
    raptor_world_set_log_handler(world_, nullptr, &swallow);
  }
  ~RaptorWorld() { raptor_free_world(world_); }
  RaptorWorld(const RaptorWorld&) = delete;
  RaptorWorld& operator=(const RaptorWorld&) = delete;
  raptor_world* get() const { return world_; }

 private:
  raptor_world* world_;
};

raptor_term* make_term(raptor_world* world, std::string_view text) {
  const Term term = from_ntriples(text);
  if (const auto* iri = std::get_if<Iri>(&term)) return raptor_new_term_from_uri_string(world, bytes(iri->text()));
  if (const auto* blank = std::get_if<BlankNode>(&term))
    return raptor_new_term_from_blank(world, bytes(blank->label()));
  const auto& literal = std::get<Literal>(term);
  raptor_uri* type = literal.datatype() ? raptor_new_uri(world, bytes(literal.datatype()->text())) : nullptr;
  auto* made = raptor_new_term_from_literal(world, bytes(literal.lexical()), type,
                                            literal.language() ? bytes(literal.language()->text) : nullptr);
  if (type) raptor_free_uri(type);
  return made;
}

}  // namespace

std::string raptor_write_rdfxml(const Graph& graph, const WriteOptions& options) {
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> triples;
  for (const auto& q : graph.quads()) {
    triples.emplace(graph.terms().text(q.s), graph.terms().text(q.p), graph.terms().text(q.o));
  }
  const std::lock_guard lock(world_mutex());
  RaptorWorld world;
  raptor_serializer* serializer = raptor_new_serializer(world.get(), "rdfxml");
  for (const auto& prefix : options.prefixes) {
    raptor_uri* uri = raptor_new_uri(world.get(), bytes(prefix.iri));
    raptor_serializer_set_namespace(serializer, uri, bytes(prefix.name));
    raptor_free_uri(uri);
  }
  void* text = nullptr;
  std::size_t length = 0;
  raptor_serializer_start_to_string(serializer, nullptr, &text, &length);
  for (const auto& [s, p, o] : triples) {
    raptor_statement statement;
    raptor_statement_init(&statement, world.get());
    statement.subject = make_term(world.get(), s);
    statement.predicate = make_term(world.get(), p);
    statement.object = make_term(world.get(), o);
    raptor_serializer_serialize_statement(serializer, &statement);
    raptor_statement_clear(&statement);
  }
  raptor_serializer_serialize_end(serializer);
  raptor_free_serializer(serializer);
  std::string out = text ? std::string(static_cast<const char*>(text), length) : std::string{};
  raptor_free_memory(text);
  return out;
}

}  // namespace provgate
