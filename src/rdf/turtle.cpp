// SPDX-License-Identifier: Apache-2.0
// Turtle 1.1 and TriG 1.1 by recursive descent. Each statement remembers its own text: from its subject, or where that
// stands further up from its predicate or its object, to the end of its object (to the bracket where that opens one).
#include "rdf/scan.hpp"
#include "rdf/turtle_terms.hpp"

namespace provgate {
namespace {

class TurtleReader : TurtleTerms {
 public:
  TurtleReader(std::string_view text, bool trig, std::string_view base, std::uint32_t file)
      : TurtleTerms(text, base, file), trig_(trig) {
    const auto rdf = std::string(vocab::rdf);
    type_ = known(rdf + "type"), first_ = known(rdf + "first"), rest_ = known(rdf + "rest"), nil_ = known(rdf + "nil");
  }

  Graph run() {
    for (space(); !done(); space()) statement();
    return std::move(graph_);
  }

 private:
  void statement() {
    const char* const begin = at_;
    if (peek() == '@' || scan::alpha(peek())) {
      const bool at_sign = peek() == '@';
      if (directive("prefix")) return prefix(at_sign);
      if (directive("base")) return base(at_sign);
      if (at_sign) wrong(begin, "expected @prefix or @base");
      if (trig_ && word("graph", true)) {
        space();
        return block(graph_label());
      }
    }
    if (trig_ && peek() == '{') return block(0);
    own_ = at_;
    bool alone = false;
    const TermId subject = this->subject(alone);
    space();
    if (trig_ && peek() == '{' && may_name_graph_) return block(subject);
    triples(subject, alone);
    space();
    expect('.', "at the end of the statement");
  }

  void prefix(bool at_sign) {
    space();
    auto name = prefix_name();
    if (!take(':')) wrong(at_, "expected ':' after the prefix");
    space();
    if (peek() != '<') wrong(at_, "expected an IRI in <>");
    prefixes_[std::move(name)] = iri_reference();
    end_of_directive(at_sign);
  }
  void base(bool at_sign) {
    space();
    if (peek() != '<') wrong(at_, "expected an IRI in <>");
    base_ = iri_reference();
    end_of_directive(at_sign);
  }
  void end_of_directive(bool at_sign) {
    if (!at_sign) return;
    space();
    expect('.', "after the directive");
  }

  TermId graph_label() {
    const char* const begin = at_;
    if (peek() == '[') {
      ++at_;
      space();
      expect(']', "after '[' in the name of a graph");
      return anonymous(begin);
    }
    return peek() == '_' && peek(1) == ':' ? blank_label() : iri();
  }

  void block(TermId name) {
    space();
    expect('{', "at the beginning of the graph");
    in_ = name;
    for (space(); !take('}'); space()) {
      if (done()) wrong(at_, "the graph has no '}'");
      own_ = at_;
      bool alone = false;
      const TermId subject = this->subject(alone);
      space();
      triples(subject, alone);
      space();
      if (!take('.') && peek() != '}') wrong(at_, "expected '.' or '}'");
    }
    in_ = 0;
  }

  // `alone`: the subject may be a whole statement.
  TermId subject(bool& alone) {
    may_name_graph_ = true;
    if (peek() == '[') {
      const char* const begin = at_;
      const auto before = graph_.size();
      const TermId node = property_list(begin, 0, 0);
      alone = graph_.size() != before;
      may_name_graph_ = !alone;
      return node;
    }
    if (peek() == '(') {
      may_name_graph_ = false;
      return collection(0, 0);
    }
    if (peek() == '_' && peek(1) == ':') return blank_label();
    if (literal_begins()) wrong(at_, "a literal cannot be a subject");
    return iri();
  }

  void triples(TermId subject, bool alone) {
    if (alone && (peek() == '.' || peek() == '}')) return;
    predicates(subject);
  }

  void predicates(TermId subject) {
    for (;;) {
      if (!own_) own_ = at_;
      const TermId predicate = this->predicate();
      for (;;) {
        space();
        if (!own_) own_ = at_;
        object(subject, predicate);
        space();
        if (!take(',')) break;
      }
      if (!take(';')) return;
      space();
      while (take(';')) space();
      if (done() || peek() == '.' || peek() == ']' || peek() == '}') return;
    }
  }

  TermId predicate() {
    if (peek() == 'a' && word("a", false)) return type_;
    if (peek() == '_' && peek(1) == ':') wrong(at_, "a blank node cannot be a predicate");
    if (literal_begins()) wrong(at_, "a literal cannot be a predicate");
    return iri();
  }

  void object(TermId s, TermId p) {
    const char c = peek();
    if (c == '[') {
      property_list(at_, s, p);
      return;
    }
    if (c == '(') {
      collection(s, p);
      return;
    }
    emit(s, p, plain_object());
  }

  TermId plain_object() {
    if (peek() == '_' && peek(1) == ':') return blank_label();
    if (literal_begins()) return literal();
    for (const char* boolean : {"true", "false"}) {
      if (word(boolean, false))
        return graph_.terms().intern(literal_text(boolean, std::string(vocab::xsd) + "boolean"));
    }
    return iri();
  }

  // [ … ]; states (s, p, node) first when there is a predicate.
  TermId property_list(const char* begin, TermId s, TermId p) {
    const Nest nest(*this);
    const TermId node = anonymous(begin);
    ++at_;
    if (p) emit(s, p, node);
    const char* const outer = std::exchange(own_, nullptr);
    space();
    if (!take(']')) {
      predicates(node);
      space();
      expect(']', "at the end of the blank node");
    }
    own_ = p ? nullptr : outer;
    return node;
  }

  // ( … ); the first cell, or rdf:nil.
  TermId collection(TermId s, TermId p) {
    const Nest nest(*this);
    const char* const outer = own_;
    TermId cell = 0, head = 0;
    const char* const open = at_++;
    for (;;) {
      space();
      if (done()) wrong(open, "the list has no ')'");
      const bool end = peek() == ')';
      // A later cell stands where its item does, which may be a blank node itself.
      const TermId next = end ? nil_ : anonymous(cell ? at_ : open, cell != 0);
      if (!head) head = next;
      // The link stands where the item (or the end) stands, the first one where the list opens.
      if (cell) {
        own_ = at_;
        emit(cell, rest_, next, at_ + 1);
      } else if (p) {
        emit(s, p, next, open + 1);
      }
      if (end) ++at_;
      if (end) break;
      cell = next;
      own_ = at_;
      object(cell, first_);
    }
    own_ = p ? nullptr : outer;
    return head;
  }

  void emit(TermId s, TermId p, TermId o) { emit(s, p, o, at_); }
  void emit(TermId s, TermId p, TermId o, const char* end) {
    const auto length = static_cast<std::uint64_t>(end - own_);
    graph_.append({s, p, o, in_},
                  {offset(own_) & Origin::k_max_offset,
                   length > Origin::k_max_length ? 0 : length & Origin::k_max_length, names_.file & 0xFFF});
    own_ = nullptr;
  }

  struct Nest {
    explicit Nest(TurtleReader& reader) : depth(reader.depth_) {
      if (++depth > k_max_nesting)
        reader.wrong(reader.at_, "nested deeper than " + std::to_string(k_max_nesting) + " levels");
    }
    ~Nest() { --depth; }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;
    int& depth;
  };

  bool trig_, may_name_graph_ = true;
  TermId in_ = 0, type_ = 0, first_ = 0, rest_ = 0, nil_ = 0;
  const char* own_ = nullptr;  // where the next statement's own text begins; null: at its next token
  int depth_ = 0;
};

}  // namespace

ReadResult read_turtle(std::string_view text, bool trig, std::string_view base, std::uint32_t file) {
  ReadResult out;
  try {
    out.graph = TurtleReader(text, trig, base, file).run();
  } catch (Fault& fault) {
    out.fault = std::move(fault);
  }
  return out;
}

}  // namespace provgate
