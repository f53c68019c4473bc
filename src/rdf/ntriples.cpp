// SPDX-License-Identifier: Apache-2.0
// N-Triples and N-Quads by their grammars, one line at a time; a term that stands in canonical form is looked up where
// it stands.
#include <array>
#include <cstring>
#include <deque>

#include "rdf/read.hpp"
#include "rdf/scan.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_string_type = "^^<http://www.w3.org/2001/XMLSchema#string>";

class LineReader {
 public:
  LineReader(std::string_view text, std::uint64_t begin, std::uint64_t end, bool quads, std::uint32_t file,
             const Passed& passed)
      : text_(text.data()),
        at_(text.data() + begin),
        end_(text.data() + end),
        whole_(text.data() + text.size()),
        rested_(at_),
        passed_(passed),
        quads_(quads),
        names_{file} {}

  ReadResult run() {
    // What a line and a new term take, roughly: room too much costs nothing, too little a copy.
    constexpr std::size_t k_line = 100, k_term = 350;
    // The first part of a file takes the others in.
    const auto bytes = static_cast<std::size_t>(at_ == text_ ? whole_ - text_ : end_ - at_);
    out_.graph.reserve(bytes / k_line);
    out_.graph.terms().reserve(bytes / k_term);
    while (at_ < end_ && !out_.fault) {
      line();
      if (passed_ && at_ - rested_ >= k_step_bytes) {
        passed_(offset(rested_), offset(at_));
        rested_ = at_;
      }
    }
    settle();
    return std::move(out_);
  }

 private:
  void line() {
    if (out_.lines % k_lines_per_mark == 0) out_.marks.push_back({out_.lines, offset(at_)});
    line_ = at_;
    blanks();
    if (at_ < end_ && *at_ != '\n' && *at_ != '\r' && *at_ != '#') statement();
    if (out_.fault) return;
    if (at_ < end_ && *at_ == '#') comment();
    if (out_.fault) return;
    if (at_ < end_ && *at_ != '\n' && *at_ != '\r')
      return stop(at_, "expected the end of the line", "one statement a line");
    if (static_cast<std::size_t>(at_ - line_) > k_max_line_bytes)
      return stop(line_, "the line is longer than " + with_commas(k_max_line_bytes) + " bytes", "");
    if (at_ < end_ && *at_ == '\r') ++at_;
    if (at_ < end_ && *at_ == '\n') ++at_, ++out_.lines;
  }

  // Terms are looked up some statements after they were read: by then the dictionary's slots are in the cache.
  struct Token {
    std::string_view text;
    std::uint64_t hash = 0;
    bool made = false;  // the text stands in made_, not in the file
  };
  struct Pending {
    Token s, p, o, g;
    Origin from;
  };

  // An IRI that was read before, and is now expected again: equal bytes from '<' to '>' are the same IRI.
  struct Known {
    Token token;
    TermId id = 0;
    std::size_t next = 0;  // where the predicate is that followed it
  };

  bool again(const Known& known, Token& out) {
    const auto& text = known.token.text;
    if (text.empty() || static_cast<std::size_t>(end_ - at_) < text.size() ||
        std::memcmp(at_, text.data(), text.size()) != 0)
      return false;
    at_ += text.size();
    out = known.token;
    return true;
  }

  // Lines of one subject stand together, and predicates follow each other in a few orders.
  void subject(Token& out) {
    if (again(subject_, out)) return;
    iri(out);
    subject_ = {};
    if (!out_.fault && !out.made) subject_.token = out;
  }
  void predicate(Token& out) {
    auto& before = predicates_[predicate_];
    if (again(predicates_[before.next], out)) {
      predicate_ = before.next;
      return;
    }
    iri(out);
    if (out_.fault || out.made) return;
    predicate_ = before.next = out.hash % predicates_.size();
    auto& here = predicates_[predicate_];
    if (here.token.text != out.text) here = {out, 0, predicate_};
    out = here.token;
  }

  void statement() {
    const char* const begin = at_;
    Pending next;
    *at_ == '<'   ? subject(next.s)
    : *at_ == '_' ? blank(next.s)
                  : wrong("expected a subject: an IRI in <> or a blank node");
    if (out_.fault) return;
    blanks();
    at_ < end_ && *at_ == '<' ? predicate(next.p) : wrong("expected a predicate: an IRI in <>");
    if (out_.fault) return;
    blanks();
    if (at_ == end_) {
      wrong("expected an object");
    } else if (*at_ == '<') {
      iri(next.o);
    } else if (*at_ == '"') {
      literal(next.o);
    } else if (*at_ == '_') {
      blank(next.o);
    } else {
      wrong("expected an object: an IRI in <>, a blank node or a literal in double quotes");
    }
    if (out_.fault) return;
    blanks();
    if (quads_ && at_ < end_ && (*at_ == '<' || *at_ == '_')) {
      *at_ == '<' ? iri(next.g) : blank(next.g);
      if (out_.fault) return;
      blanks();
    }
    if (at_ == end_ || *at_ != '.')
      return stop(at_, "expected '.' after the statement",
                  quads_ ? "" : "N-Triples has three terms a line; four are N-Quads (.nq)");
    ++at_;
    const auto length = static_cast<std::uint64_t>(at_ - begin);
    next.from = {offset(begin) & Origin::k_max_offset,
                 length > Origin::k_max_length ? 0 : length & Origin::k_max_length, names_.file & 0xFFF};
    pending_[waiting_++] = next;
    if (waiting_ == pending_.size()) settle();
    blanks();
  }

  void settle() {
    auto& terms = out_.graph.terms();
    const auto id = [&](const Token& token) -> TermId {
      return token.text.empty() ? 0 : terms.intern_announced(token.text, token.hash);
    };
    // Each step asks the memory for what the next one reads, for all statements that wait.
    for (std::size_t i = 0; i < waiting_; ++i)
      terms.approach_entry(pending_[i].s.hash), terms.approach_entry(pending_[i].o.hash);
    for (std::size_t i = 0; i < waiting_; ++i)
      terms.approach_text(pending_[i].s.hash), terms.approach_text(pending_[i].o.hash);
    for (std::size_t i = 0; i < waiting_; ++i) {
      const auto& [s, p, o, g, from] = pending_[i];
      // The same place of the text is the same term.
      if (s.made || s.text.data() != settled_.token.text.data()) settled_ = {s.made ? Token() : s, id(s), 0};
      auto& known = predicates_[p.hash % predicates_.size()];
      const bool here = known.token.text.data() == p.text.data();
      const TermId predicate = here && known.id ? known.id : id(p);
      if (here) known.id = predicate;
      const TermId object = id(o);
      out_.graph.append({settled_.id, predicate, object, id(g)}, from);
    }
    waiting_ = 0;
    made_.clear();
  }

  void wrong(const char* why) { stop(at_, why, ""); }

  void iri(Token& out) {
    const char* const begin = at_++;
    bool escaped = false;
    for (;;) {
      at_ = scan::iri(at_, end_);
      if (at_ == end_) return wrong("the IRI has no end");
      if (*at_ == '>') break;
      if (*at_ == '\\') {
        const auto [c, n] = scan::numeric_escape(at_, end_);
        if (n == 0) return wrong("an escape in an IRI is \\uXXXX or \\UXXXXXXXX");
        if (c < 0x80 && !scan::iri_byte(static_cast<char>(c)))
          return wrong("this escape stands for a character that no IRI may have");
        at_ += n;
        escaped = true;
      } else if (static_cast<unsigned char>(*at_) >= 0x80) {
        const auto n = scan::utf8_length(at_, end_);
        if (n == 0) return wrong("not UTF-8");
        at_ += n;
      } else {
        return wrong("a character that no IRI may have");
      }
    }
    ++at_;
    const std::string_view whole(begin, static_cast<std::size_t>(at_ - begin));
    if (!scheme(whole)) return stop(begin, "not an absolute IRI", "");
    escaped ? keep(out, iri_text(unescaped(whole.substr(1, whole.size() - 2)))) : keep_slice(out, whole);
  }

  // ALPHA (ALPHA | DIGIT | '+' | '-' | '.')* ':' after the '<'.
  static bool scheme(std::string_view whole) {
    if (whole.size() < 3 || !scan::alpha(whole[1])) return false;
    for (std::size_t i = 2; i < whole.size(); ++i) {
      const char c = whole[i];
      if (c == ':') return true;
      if (!scan::alpha(c) && !scan::digit(c) && c != '+' && c != '-' && c != '.') return false;
    }
    return false;
  }

  void blank(Token& out) {
    const char* const begin = at_;
    if (end_ - at_ < 3 || at_[1] != ':') return wrong("a blank node begins with _:");
    const auto [c, n] = scan::code_point(at_ + 2, end_);
    if (n == 0 || !(scan::name_start(c) || c == ':' || (c < 0x80 && scan::digit(static_cast<char>(c))))) {
      at_ += 2;
      return wrong("a blank node's label begins with a letter, a digit or _");
    }
    at_ = scan::name(at_ + 2 + n, end_, ':');
    const std::string_view whole(begin, static_cast<std::size_t>(at_ - begin)), label = whole.substr(2);
    names_.renames(label) ? keep(out, names_.named(label)) : keep_slice(out, whole);
  }

  void literal(Token& out) {
    const char* const begin = at_++;
    bool plain = true;  // the text is its own canonical form
    for (;;) {
      at_ = scan::string(at_, end_);
      if (at_ == end_) return wrong("the string has no end");
      const auto c = static_cast<unsigned char>(*at_);
      if (c == '"') break;
      if (c == '\\') {
        if (end_ - at_ < 2) return wrong("the string has no end");
        const char next = at_[1];
        if (scan::echar(next)) {
          plain = plain && next != '\'';
          at_ += 2;
        } else {
          const auto [code, n] = scan::numeric_escape(at_, end_);
          if (n == 0) return wrong("not an escape that N-Triples knows");
          plain = false;
          at_ += n;
        }
      } else if (c >= 0x80) {
        const auto n = scan::utf8_length(at_, end_);
        if (n == 0) return wrong("not UTF-8");
        at_ += n;
      } else if (c == '\n' || c == '\r') {
        return wrong("the string does not end on its line");
      } else {
        plain = false;
        ++at_;
      }
    }
    const char* const close = at_++;
    if (at_ < end_ && (*at_ == ' ' || *at_ == '\t')) {
      // White space may stand between the parts of a literal.
      const char* const after = at_;
      blanks();
      const bool parts = at_ < end_ && (*at_ == '@' || *at_ == '^');
      if (!parts) at_ = after;
      plain = plain && !parts;
    }
    std::string_view language, type;
    if (at_ < end_ && *at_ == '@') {
      const char* const from = at_ + 1;
      at_ = scan::language(from, end_);
      language = {from, static_cast<std::size_t>(at_ - from)};
      if (language.empty()) return wrong("not a language tag");
    } else if (end_ - at_ > 2 && at_[0] == '^' && at_[1] == '^') {
      at_ += 2;
      if (*at_ == ' ' || *at_ == '\t') blanks(), plain = false;
      if (at_ == end_ || *at_ != '<') return wrong("a datatype is an IRI in <>");
      const char* const from = at_;
      Token datatype;
      if (again(datatype_, datatype)) {
        type = {from, datatype.text.size()};
      } else {
        iri(datatype);
        if (out_.fault) return;
        type = datatype.text;
        plain = plain && type.data() == from;
        if (type.data() == from) datatype_.token = datatype;
      }
      plain = plain && type != k_string_type.substr(2);
    }
    const std::string_view whole(begin, static_cast<std::size_t>(at_ - begin));
    if (plain) return keep_slice(out, whole);
    if (!type.empty()) type = type.substr(1, type.size() - 2);
    const std::string_view lexical(begin + 1, static_cast<std::size_t>(close - begin - 1));
    keep(out, to_ntriples(Literal::of(unescaped(lexical), type, language)));
  }

  static std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
      if (text[i] != '\\') {
        out += text[i++];
      } else if (const char c = scan::echar(text[i + 1])) {
        out += c;
        i += 2;
      } else {
        const auto [code, n] = scan::numeric_escape(text.data() + i, text.data() + text.size());
        append_utf8(out, code);
        i += n;
      }
    }
    return out;
  }

  void keep_slice(Token& out, std::string_view text) {
    if (text.size() > k_max_term_bytes) return too_long(text);
    out = {text, out_.graph.terms().announce(text), false};
  }
  void keep(Token& out, std::string text) {
    if (text.size() > k_max_term_bytes) return too_long(text);
    made_.push_back(std::move(text));
    out = {made_.back(), out_.graph.terms().announce(made_.back()), true};
  }
  void too_long(std::string_view text) {
    stop(at_ - std::min<std::ptrdiff_t>(at_ - line_, static_cast<std::ptrdiff_t>(text.size())),
         "a term of more than " + with_commas(k_max_term_bytes) + " bytes", "");
  }

  void blanks() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\t')) ++at_;
  }
  void comment() {
    while (at_ < end_ && *at_ != '\n' && *at_ != '\r') {
      const auto n = scan::utf8_length(at_, end_);
      if (n == 0) return stop(at_, "not UTF-8", "");
      at_ += n;
    }
  }
  std::uint64_t offset(const char* at) const { return static_cast<std::uint64_t>(at - text_); }
  void stop(const char* at, std::string why, std::string help) {
    if (!out_.fault) out_.fault = Fault{offset(at), std::move(why), std::move(help)};
  }

  const char* text_;
  const char* at_;
  const char* end_;
  const char* whole_;
  const char* line_ = nullptr;
  const char* rested_;
  const Passed& passed_;
  bool quads_;
  BlankNames names_;
  std::array<Pending, 64> pending_;
  std::size_t waiting_ = 0;
  Known subject_, datatype_, settled_;
  std::array<Known, 64> predicates_;
  std::size_t predicate_ = 0;
  std::deque<std::string> made_;  // texts that stand nowhere, until they are settled
  ReadResult out_;
};

}  // namespace

ReadResult read_ntriples(std::string_view text, std::uint64_t begin, std::uint64_t end, bool quads, std::uint32_t file,
                         const Passed& passed) {
  return LineReader(text, begin, end, quads, file, passed).run();
}

}  // namespace provgate
