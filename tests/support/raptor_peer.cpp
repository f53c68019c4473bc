// SPDX-License-Identifier: Apache-2.0
// Raptor as a peer: what it reads is compared with what provgate reads.
#include "support/raptor_peer.hpp"

#include "rdf/read.hpp"

#include <raptor2.h>

#include <memory>
#include <mutex>

namespace provgate::test {
namespace {

std::mutex& world_mutex() {
  static std::mutex mutex;
  return mutex;
}

const unsigned char* bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.c_str()); }
std::string text_of(const unsigned char* text, std::size_t length) {
  return {reinterpret_cast<const char*>(text), length};
}

struct Log {
  int errors = 0;
  std::string message;
  int line = 0;
};

void on_log(void* user, raptor_log_message* message) {
  auto& log = *static_cast<Log*>(user);
  if (message->level < RAPTOR_LOG_LEVEL_WARN || log.errors++) return;
  log.message = message->text ? message->text : "syntax error";
  log.line = message->locator ? raptor_locator_line(message->locator) : 0;
}

// One world for one task: a world shared between threads crashes, and freeing one during another's parse does too, so
// worlds are made and freed under one lock and Raptor is kept away from curl's global state.
class PeerWorld {
 public:
  PeerWorld() {
    world_ = raptor_new_world();
    raptor_world_set_flag(world_, RAPTOR_WORLD_FLAG_WWW_SKIP_INIT_FINISH, 1);
    raptor_world_open(world_);
    raptor_world_set_log_handler(world_, &log, &on_log);
  }
  ~PeerWorld() { raptor_free_world(world_); }
  PeerWorld(const PeerWorld&) = delete;
  PeerWorld& operator=(const PeerWorld&) = delete;
  raptor_world* get() const { return world_; }
  Log log;

 private:
  raptor_world* world_;
};

std::string term_text(const raptor_term* term, const BlankNames& names) {
  if (!term) return {};
  if (term->type == RAPTOR_TERM_TYPE_URI) {
    std::size_t length = 0;
    const auto* text = raptor_uri_as_counted_string(term->value.uri, &length);
    return iri_text(text_of(text, length));
  }
  if (term->type == RAPTOR_TERM_TYPE_BLANK)
    return names.named(text_of(term->value.blank.string, term->value.blank.string_len));
  const auto& literal = term->value.literal;
  const auto language = literal.language ? text_of(literal.language, literal.language_len) : std::string{};
  const auto* type = literal.datatype ? reinterpret_cast<const char*>(raptor_uri_as_string(literal.datatype)) : "";
  return to_ntriples(Literal::of(text_of(literal.string, literal.string_len), type, language));
}

struct Target {
  Graph graph;
  raptor_parser* parser;
  BlankNames names;
  std::string wrong;  // the first term that is none
  std::uint64_t wrong_line = 0;
};

// Raptor takes IRIs as they come.
std::string wrong_term(const raptor_term* term) {
  if (!term) return {};
  const auto iri = [](raptor_uri* uri) {
    std::size_t length = 0;
    const auto* text = raptor_uri_as_counted_string(uri, &length);
    const auto whole = text_of(text, length);
    return is_iri(whole) ? std::string{} : "not an absolute IRI: " + quote(whole);
  };
  if (term->type == RAPTOR_TERM_TYPE_URI) return iri(term->value.uri);
  if (term->type != RAPTOR_TERM_TYPE_LITERAL) return {};
  const auto& literal = term->value.literal;
  return literal.datatype ? iri(literal.datatype) : std::string{};
}

void on_statement(void* user, raptor_statement* s) {
  auto& target = *static_cast<Target*>(user);
  auto& terms = target.graph.terms();
  Quad quad{terms.intern(term_text(s->subject, target.names)), terms.intern(term_text(s->predicate, target.names)),
            terms.intern(term_text(s->object, target.names)), 0};
  if (s->graph) quad.g = terms.intern(term_text(s->graph, target.names));
  // Raptor tells the line only: its number goes where the others have an offset.
  std::uint64_t line = 0;
  if (auto* locator = raptor_parser_get_locator(target.parser))
    line = static_cast<std::uint64_t>(std::max(0, raptor_locator_line(locator)));
  for (const auto* term : {s->subject, s->predicate, s->object}) {
    if (!target.wrong.empty()) break;
    target.wrong = wrong_term(term);
    target.wrong_line = line;
  }
  target.graph.append(quad, {line & Origin::k_max_offset, 0, target.names.file & 0xFFF});
}

}  // namespace

Result<Graph> raptor_read(const std::string& path, std::string_view text, std::string_view syntax,
                          std::string_view base, std::uint32_t file) {
  if (const auto bad = first_bad_utf8(text); bad != std::string_view::npos) {
    const SourceText source(path, std::string(text));
    return tl::unexpected<Error>(Error{Code::input, "not UTF-8", {}, path, source.place(bad, bad)});
  }
  const std::lock_guard lock(world_mutex());
  PeerWorld world;
  const std::string name(syntax), base_iri(base);
  raptor_parser* parser = raptor_new_parser(world.get(), name.c_str());
  if (!parser) return fail(Code::usage, "Raptor has no parser named " + quote(syntax));
  raptor_parser_set_option(parser, RAPTOR_OPTION_NO_NET, nullptr, 1);
  raptor_parser_set_option(parser, RAPTOR_OPTION_NO_FILE, nullptr, 1);
  raptor_parser_set_option(parser, RAPTOR_OPTION_LOAD_EXTERNAL_ENTITIES, nullptr, 0);
  Target target{{}, parser, {file}, {}, 0};
  raptor_parser_set_statement_handler(parser, &target, &on_statement);
  raptor_uri* base_uri = raptor_new_uri(world.get(), bytes(base_iri));
  int status = raptor_parser_parse_start(parser, base_uri);
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  if (status == 0) status = raptor_parser_parse_chunk(parser, data, text.size(), 1);
  raptor_free_uri(base_uri);
  if (!world.log.line && raptor_parser_get_locator(parser))
    world.log.line = raptor_locator_line(raptor_parser_get_locator(parser));
  raptor_free_parser(parser);
  if (status != 0 || world.log.errors) {
    Error error{Code::input, world.log.message.empty() ? "not " + name : world.log.message, {}, path, {}};
    error.at.line = static_cast<std::uint32_t>(std::max(0, world.log.line));
    error.at.column = error.at.line ? 1 : 0;  // Raptor tells the line only
    return tl::unexpected<Error>(std::move(error));
  }
  if (!target.wrong.empty()) {
    Error error{Code::input, target.wrong, {}, path, {}};
    error.at.line = static_cast<std::uint32_t>(target.wrong_line);
    error.at.column = 1;
    return tl::unexpected<Error>(std::move(error));
  }
  return std::move(target.graph);
}

}  // namespace provgate::test
