// SPDX-License-Identifier: Apache-2.0
// The store as a Redland storage named "provgate": librdf models, parsers and serialisers work on it.
// Storage name = the store's directory; options: contexts='yes' is accepted, write='yes' lets a missing store be made.
// Source: Redland's rdf_storage_module.h. One storage is used by one thread at a time, as librdf demands.
#include <librdf.h>
#include <rdf_storage_module.h>

#include <set>
#include <vector>

#include "provgate/store/store.hpp"

namespace {

using provgate::BlankNode;
using provgate::Iri;
using provgate::Literal;
using provgate::Quad;
using provgate::Store;
using provgate::Subject;
using provgate::Term;

struct Instance {
  std::string path;
  bool create = false;
  std::optional<Store> store;
};

Instance& self(librdf_storage* storage) { return *static_cast<Instance*>(librdf_storage_get_instance(storage)); }
const unsigned char* bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.c_str()); }
std::string text_of(const unsigned char* text) { return text ? reinterpret_cast<const char*>(text) : ""; }

// Nothing for a node that is not a term of RDF: librdf has nodes without a kind.
std::optional<Term> term_of(librdf_node* node) {
  if (!node) return {};
  if (librdf_node_is_resource(node)) return Iri::trusted(text_of(librdf_uri_as_string(librdf_node_get_uri(node))));
  if (librdf_node_is_blank(node)) return BlankNode(text_of(librdf_node_get_blank_identifier(node)));
  if (!librdf_node_is_literal(node)) return {};
  auto text = text_of(librdf_node_get_literal_value(node));
  if (const char* language = librdf_node_get_literal_value_language(node)) {
    return Literal(std::move(text), provgate::LanguageTag(language));
  }
  if (auto* type = librdf_node_get_literal_value_datatype_uri(node)) {
    return Literal(std::move(text), Iri::trusted(text_of(librdf_uri_as_string(type))));
  }
  return Literal(std::move(text));
}

// Nothing for a literal.
std::optional<Subject> subject_of(librdf_node* node) {
  const auto term = term_of(node);
  if (!term || std::holds_alternative<Literal>(*term)) return {};
  if (const auto* iri = std::get_if<Iri>(&*term)) return Subject(*iri);
  return Subject(std::get<BlankNode>(*term));
}

librdf_node* node_of(librdf_world* world, const std::string& text) {
  const Term term = provgate::from_ntriples(text);
  if (const auto* iri = std::get_if<Iri>(&term)) return librdf_new_node_from_uri_string(world, bytes(iri->text()));
  if (const auto* blank = std::get_if<BlankNode>(&term)) {
    return librdf_new_node_from_blank_identifier(world, bytes(blank->label()));
  }
  const auto& literal = std::get<Literal>(term);
  librdf_uri* type = literal.datatype() ? librdf_new_uri(world, bytes(literal.datatype()->text())) : nullptr;
  auto* node = librdf_new_node_from_typed_literal(
      world, bytes(literal.lexical()), literal.language() ? literal.language()->text.c_str() : nullptr, type);
  if (type) librdf_free_uri(type);
  return node;
}

// Logs an error with librdf, which is all that its interface lets a storage say.
void complain(librdf_storage* storage, const provgate::Error& error) {
  librdf_log(librdf_storage_get_world(storage), 0, LIBRDF_LOG_ERROR, LIBRDF_FROM_STORAGE, nullptr, "%s",
             error.why.c_str());
}

enum class Bound { known, unknown, failed };

// The pattern in ids; unknown when a bound term is, so that nothing can match.
Bound pattern_of(librdf_storage* storage, librdf_statement* statement, librdf_node* context, Quad& pattern) {
  const std::pair<librdf_node*, provgate::TermId*> parts[] = {{librdf_statement_get_subject(statement), &pattern.s},
                                                              {librdf_statement_get_predicate(statement), &pattern.p},
                                                              {librdf_statement_get_object(statement), &pattern.o},
                                                              {context, &pattern.g}};
  for (const auto& [node, id] : parts) {
    if (!node) continue;
    const auto term = term_of(node);
    if (!term) return Bound::unknown;
    const auto found = self(storage).store->find_term(provgate::to_ntriples(*term));
    if (!found) return complain(storage, found.error()), Bound::failed;
    if (!*found) return Bound::unknown;
    *id = *found;
  }
  return Bound::known;
}

// Nothing when the text cannot be read.
librdf_node* node_of(librdf_storage* storage, provgate::TermId id) {
  const auto text = self(storage).store->term(id);
  if (text) return node_of(librdf_storage_get_world(storage), *text);
  complain(storage, text.error());
  return nullptr;
}

// The answer to one find, taken at once: a snapshot that later writes do not disturb.
struct Stream {
  librdf_storage* storage;
  std::vector<Quad> quads;
  std::size_t at = 0;
  librdf_statement* statement = nullptr;
  librdf_node* context = nullptr;

  void forget() {
    if (statement) librdf_free_statement(statement);
    if (context) librdf_free_node(context);
    statement = nullptr, context = nullptr;
  }
};

int stream_end(void* p) {
  const auto& s = *static_cast<Stream*>(p);
  return s.at >= s.quads.size();
}
int stream_next(void* p) {
  auto& s = *static_cast<Stream*>(p);
  s.forget();
  ++s.at;
  return s.at >= s.quads.size();
}
void* stream_get(void* p, int flags) {
  auto& s = *static_cast<Stream*>(p);
  if (s.at >= s.quads.size()) return nullptr;
  const auto& quad = s.quads[s.at];
  if (flags == LIBRDF_STREAM_GET_METHOD_GET_CONTEXT) {
    if (!s.context && quad.g) s.context = node_of(s.storage, quad.g);
    return s.context;
  }
  if (!s.statement) {
    s.statement = librdf_new_statement_from_nodes(librdf_storage_get_world(s.storage), node_of(s.storage, quad.s),
                                                  node_of(s.storage, quad.p), node_of(s.storage, quad.o));
  }
  return s.statement;
}
void stream_finished(void* p) {
  auto* s = static_cast<Stream*>(p);
  s->forget();
  librdf_storage_remove_reference(s->storage);
  delete s;
}

// No stream, which librdf takes as a failure, where the store could not be read: a shorter one would look like an
// answer.
librdf_stream* stream_of(librdf_storage* storage, std::optional<std::vector<Quad>> quads) {
  if (!quads) return nullptr;
  auto* s = new Stream{storage, std::move(*quads)};
  librdf_storage_add_reference(storage);
  auto* stream =
      librdf_new_stream(librdf_storage_get_world(storage), s, stream_end, stream_next, stream_get, stream_finished);
  if (!stream) stream_finished(s);
  return stream;
}

std::optional<std::vector<Quad>> matching(librdf_storage* storage, const Quad& pattern) {
  std::vector<Quad> out;
  const auto done = self(storage).store->scan(pattern, [&](const Quad& q) {
    out.push_back(q);
    return true;
  });
  if (done) return out;
  complain(storage, done.error());
  return {};
}

std::optional<std::vector<Quad>> matching(librdf_storage* storage, librdf_statement* statement, librdf_node* context) {
  Quad pattern;
  const auto bound = pattern_of(storage, statement, context, pattern);
  if (bound == Bound::failed) return {};
  return bound == Bound::known ? matching(storage, pattern) : std::vector<Quad>{};
}

// ---- the factory's functions --------------------------------------------------------------------

int storage_init(librdf_storage* storage, const char* name, librdf_hash* options) {
  auto* instance = new Instance;
  instance->path = name ? name : "";
  instance->create = options && librdf_hash_get_as_boolean(options, "write") > 0;
  librdf_storage_set_instance(storage, instance);
  if (options) librdf_free_hash(options);
  return instance->path.empty();
}
void storage_terminate(librdf_storage* storage) {
  delete static_cast<Instance*>(librdf_storage_get_instance(storage));
  librdf_storage_set_instance(storage, nullptr);
}
int storage_open(librdf_storage* storage, librdf_model*) {
  auto& instance = self(storage);
  auto opened = Store::open(instance.path, instance.create);
  if (!opened) return 1;
  instance.store.emplace(std::move(*opened));
  return 0;
}
int storage_close(librdf_storage* storage) {
  self(storage).store.reset();
  return 0;
}
int storage_size(librdf_storage* storage) {
  const auto status = self(storage).store->status();
  return status ? static_cast<int>(std::min<std::uint64_t>(status->quads, 0x7FFFFFFF)) : -1;
}
int context_add(librdf_storage* storage, librdf_node* context, librdf_statement* statement) {
  const auto s = subject_of(librdf_statement_get_subject(statement));
  const auto p = term_of(librdf_statement_get_predicate(statement)),
             o = term_of(librdf_statement_get_object(statement));
  const auto graph = subject_of(context);
  // librdf has statements with a part missing, and lets any node be any part.
  if (!s || !p || !std::holds_alternative<Iri>(*p) || !o || (context && !graph)) return 1;
  return self(storage).store->add_quad(*s, std::get<Iri>(*p), *o, graph) ? 0 : 1;
}
int add_statement(librdf_storage* storage, librdf_statement* statement) {
  return context_add(storage, nullptr, statement);
}
int context_remove(librdf_storage* storage, librdf_node* context, librdf_statement* statement) {
  const auto found = matching(storage, statement, context);
  if (!found || found->empty()) return 1;
  for (const auto& quad : *found) {
    if (!context && quad.g) continue;  // without a context only the default graph is meant
    const auto removed = self(storage).store->remove_quad(quad);
    if (!removed || !*removed) return 1;
  }
  return 0;
}
int remove_statement(librdf_storage* storage, librdf_statement* statement) {
  return context_remove(storage, nullptr, statement);
}
int contains(librdf_storage* storage, librdf_statement* statement) {
  const auto found = matching(storage, statement, nullptr);
  return found && !found->empty();
}
librdf_stream* serialise(librdf_storage* storage) { return stream_of(storage, matching(storage, Quad{})); }
librdf_stream* find_in_context(librdf_storage* storage, librdf_statement* statement, librdf_node* context) {
  return stream_of(storage, matching(storage, statement, context));
}
// Without a context the graphs count as one: each triple once.
librdf_stream* find(librdf_storage* storage, librdf_statement* statement) {
  auto found = matching(storage, statement, nullptr);
  std::set<Quad> seen;
  if (found) std::erase_if(*found, [&](const Quad& quad) { return !seen.insert({quad.s, quad.p, quad.o, 0}).second; });
  return stream_of(storage, std::move(found));
}
librdf_stream* context_serialise(librdf_storage* storage, librdf_node* context) {
  const auto name = subject_of(context);
  if (!name) return stream_of(storage, std::vector<Quad>{});
  const auto g = self(storage).store->find_term(provgate::to_ntriples(*name));
  if (!g) return complain(storage, g.error()), nullptr;
  return stream_of(storage, *g ? matching(storage, {0, 0, 0, *g}) : std::vector<Quad>{});
}

struct Contexts {
  librdf_storage* storage;
  std::vector<librdf_node*> nodes;
  std::size_t at = 0;
};
librdf_iterator* get_contexts(librdf_storage* storage) {
  const auto all = matching(storage, Quad{});
  if (!all) return nullptr;
  auto* contexts = new Contexts{storage, {}};
  std::set<provgate::TermId> graphs;
  for (const auto& quad : *all) {
    if (quad.g) graphs.insert(quad.g);
  }
  for (const auto g : graphs) contexts->nodes.push_back(node_of(storage, g));
  librdf_storage_add_reference(storage);
  return librdf_new_iterator(
      librdf_storage_get_world(storage), contexts,
      [](void* p) -> int { return static_cast<Contexts*>(p)->at >= static_cast<Contexts*>(p)->nodes.size(); },
      [](void* p) -> int { return ++static_cast<Contexts*>(p)->at >= static_cast<Contexts*>(p)->nodes.size(); },
      [](void* p, int) -> void* {
        auto& c = *static_cast<Contexts*>(p);
        return c.at < c.nodes.size() ? c.nodes[c.at] : nullptr;
      },
      [](void* p) {
        auto* c = static_cast<Contexts*>(p);
        for (auto* node : c->nodes) librdf_free_node(node);
        librdf_storage_remove_reference(c->storage);
        delete c;
      });
}
librdf_node* get_feature(librdf_storage* storage, librdf_uri* feature) {
  if (!feature || text_of(librdf_uri_as_string(feature)) != LIBRDF_MODEL_FEATURE_CONTEXTS) return nullptr;
  return librdf_new_node_from_typed_literal(librdf_storage_get_world(storage), bytes("1"), nullptr, nullptr);
}
int sync(librdf_storage*) { return 0; }  // every write is durable when it returns

void fill(librdf_storage_factory* factory) {
  factory->version = LIBRDF_STORAGE_INTERFACE_VERSION;
  factory->init = storage_init;
  factory->terminate = storage_terminate;
  factory->open = storage_open;
  factory->close = storage_close;
  factory->size = storage_size;
  factory->add_statement = add_statement;
  factory->remove_statement = remove_statement;
  factory->contains_statement = contains;
  factory->serialise = serialise;
  factory->find_statements = find;
  factory->context_add_statement = context_add;
  factory->context_remove_statement = context_remove;
  factory->context_serialise = context_serialise;
  factory->find_statements_in_context = find_in_context;
  factory->get_contexts = get_contexts;
  factory->get_feature = get_feature;
  factory->sync = sync;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) void librdf_storage_module_register_factory(librdf_world* world);
extern "C" void librdf_storage_module_register_factory(librdf_world* world) {
  librdf_storage_register_factory(world, "provgate", "provgate ledger store (LMDB)", &fill);
}
