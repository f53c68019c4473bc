// SPDX-License-Identifier: Apache-2.0
// The straight-line writers: N-Triples, N-Quads, Turtle, TriG, JSON-LD. Raptor writes RDF/XML (rdfxml.cpp).
#include <algorithm>
#include <map>
#include <set>

#include "rdf/raptor.hpp"
#include "rdf/scan.hpp"
#include "rdf/xml_literal.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

using Objects = std::set<std::string_view>;
using Predicates = std::map<std::string_view, Objects>;
using Subjects = std::map<std::string_view, Predicates>;

std::map<std::string_view, Subjects> by_graph(const Graph& graph, bool keep_names) {
  std::map<std::string_view, Subjects> out;
  const auto& terms = graph.terms();
  for (const auto& q : graph.quads()) {
    out[keep_names && q.g ? std::string_view(terms.text(q.g)) : ""][terms.text(q.s)][terms.text(q.p)].insert(
        terms.text(q.o));
  }
  return out;
}

class Compactor {
 public:
  explicit Compactor(std::vector<Prefix> prefixes) : prefixes_(std::move(prefixes)) {
    std::sort(prefixes_.begin(), prefixes_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  }
  const std::vector<Prefix>& prefixes() const { return prefixes_; }

  /// prefix:local, or empty when no prefix fits. The longest namespace wins.
  std::string compact(std::string_view iri) const {
    const Prefix* best = nullptr;
    for (const auto& p : prefixes_) {
      if (iri.starts_with(p.iri) && safe(iri.substr(p.iri.size())) && (!best || p.iri.size() > best->iri.size()))
        best = &p;
    }
    return best ? best->name + ":" + std::string(iri.substr(best->iri.size())) : std::string{};
  }

  // A prefix whose name begins an IRI of the graph would change that: JSON-LD has no way to protect it.
  void leave_out(const Graph& graph) {
    std::erase_if(prefixes_, [&](const Prefix& prefix) {
      const auto begin = "<" + prefix.name + ":";
      for (std::size_t id = 1; id <= graph.terms().size(); ++id) {
        const auto text = graph.terms().text(static_cast<TermId>(id));
        if (text.starts_with(begin) || text.find("^^" + begin) != std::string_view::npos) return true;
      }
      return false;
    });
  }

 private:
  // A PN_LOCAL that needs no escape (Turtle 1.1 production 168): a word, with '-' inside.
  static bool safe(std::string_view local) {
    if (local.empty() || local.front() == '-') return false;
    return std::all_of(local.begin(), local.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
  }
  std::vector<Prefix> prefixes_;
};

class TurtleWriter {
 public:
  explicit TurtleWriter(const WriteOptions& options) : names_(options.prefixes), keyword_(options.graph_keyword) {}

  std::string run(const Graph& graph, bool trig) {
    for (const auto& p : names_.prefixes()) out_ += "@prefix " + p.name + ": <" + p.iri + "> .\n";
    for (const auto& [name, subjects] : by_graph(graph, trig)) {
      out_ += "\n";
      if (name.empty()) {
        for (const auto& [s, predicates] : subjects) subject(s, predicates, "");
        continue;
      }
      out_ += (keyword_ ? "GRAPH " : "") + term(name) + " {\n";
      for (const auto& [s, predicates] : subjects) subject(s, predicates, "  ");
      out_ += "}\n";
    }
    return std::move(out_);
  }

 private:
  std::string term(std::string_view text) const {
    if (text.starts_with('<')) {
      const auto short_form = names_.compact(text.substr(1, text.size() - 2));
      return short_form.empty() ? std::string(text) : short_form;
    }
    // A datatype is shortened; the lexical form stays as it is written.
    if (const auto at = text.rfind("\"^^<"); at != std::string_view::npos) {
      const auto type = names_.compact(text.substr(at + 4, text.size() - at - 5));
      if (!type.empty()) return std::string(text.substr(0, at + 3)) + type;
    }
    return std::string(text);
  }

  void subject(std::string_view s, const Predicates& predicates, const std::string& indent) {
    out_ += indent + term(s);
    bool first = true;
    if (const auto types = predicates.find(k_type); types != predicates.end()) {
      objects("a", types->second, first, indent);
    }
    for (const auto& [p, list] : predicates) {
      if (p != k_type) objects(term(p), list, first, indent);
    }
    out_ += " .\n";
  }

  void objects(const std::string& predicate, const Objects& list, bool& first, const std::string& indent) {
    out_ += first ? " " : " ;\n" + indent + "  ";
    first = false;
    out_ += predicate;
    bool first_object = true;
    for (const auto o : list) {
      out_ += (first_object ? " " : ", ") + term(o);
      first_object = false;
    }
  }

  Compactor names_;
  bool keyword_;
  std::string out_;
};

// JSON-LD 1.1, one object per subject; prefixes in @context, names compacted with them.
class JsonLdWriter {
 public:
  explicit JsonLdWriter(const WriteOptions& options) : names_(options.prefixes) {}

  std::string run(const Graph& graph) {
    names_.leave_out(graph);
    out_ = "{\n  \"@context\": {";
    bool first = true;
    for (const auto& p : names_.prefixes()) {
      out_ += first ? "\n" : ",\n";
      // JSON-LD 1.1, 4.1.5: a namespace that ends in a letter is a prefix only when it is said to be one.
      const bool plain = std::string_view(":/?#[]@").find(p.iri.back()) != std::string_view::npos;
      const auto iri = "\"" + json_escaped(p.iri) + "\"";
      out_ += "    \"" + p.name + "\": " + (plain ? iri : "{\"@id\": " + iri + ", \"@prefix\": true}");
      first = false;
    }
    out_ += first ? "},\n  \"@graph\": [" : "\n  },\n  \"@graph\": [";
    first = true;
    for (const auto& [name, subjects] : by_graph(graph, true)) {
      if (name.empty()) {
        for (const auto& [s, predicates] : subjects) node(s, predicates, "    ", first);
        continue;
      }
      out_ += std::string(first ? "\n" : ",\n") + "    {\n      \"@id\": " + id(name) + ",\n      \"@graph\": [";
      first = false;
      bool inner = true;
      for (const auto& [s, predicates] : subjects) node(s, predicates, "        ", inner);
      out_ += "\n      ]\n    }";
    }
    return std::move(out_) + "\n  ]\n}\n";
  }

 private:
  static std::string string(std::string_view text) { return "\"" + json_escaped(text) + "\""; }
  std::string name(std::string_view iri_in_brackets) const {
    const auto iri = iri_in_brackets.substr(1, iri_in_brackets.size() - 2);
    const auto short_form = names_.compact(iri);
    return string(short_form.empty() ? iri : short_form);
  }
  static std::string id(std::string_view text) { return string(bare_iri(text)); }
  std::string value(std::string_view text) const {
    if (!text.starts_with('"')) return "{\"@id\": " + id(text) + "}";
    const auto literal = std::get<Literal>(from_ntriples(text));
    std::string out = "{\"@value\": " + string(literal.lexical());
    if (const auto* tag = literal.language()) out += ", \"@language\": " + string(tag->text);
    if (const auto* type = literal.datatype()) out += ", \"@type\": " + name(iri_text(type->text()));
    return out + "}";
  }
  template <class F>
  void list(const Objects& objects, F&& one) {
    out_ += "[";
    bool first = true;
    for (const auto o : objects) {
      out_ += (first ? "" : ", ") + one(o);
      first = false;
    }
    out_ += "]";
  }
  void node(std::string_view s, const Predicates& predicates, const std::string& indent, bool& first) {
    out_ += (first ? "\n" : ",\n") + indent + "{\n" + indent + "  \"@id\": " + id(s);
    first = false;
    const auto types = predicates.find(k_type);
    const bool all_iris =
        types != predicates.end() &&
        std::all_of(types->second.begin(), types->second.end(), [](std::string_view o) { return o.starts_with('<'); });
    if (all_iris) {
      out_ += ",\n" + indent + "  \"@type\": ";
      list(types->second, [&](std::string_view o) { return name(o); });
    }
    for (const auto& [p, objects] : predicates) {
      if (p == k_type && all_iris) continue;
      out_ += ",\n" + indent + "  " + (p == k_type ? id(p) : name(p)) + ": ";
      list(objects, [&](std::string_view o) { return value(o); });
    }
    out_ += "\n" + indent + "}";
  }

  Compactor names_;
  std::string out_;
};

std::string lines_of(const Graph& graph, bool with_graph) {
  std::set<std::string> lines;
  const auto& terms = graph.terms();
  for (const auto& q : graph.quads()) {
    std::string line;
    for (const auto id : {q.s, q.p, q.o, with_graph ? q.g : 0}) {
      if (id) line.append(terms.text(id)) += ' ';
    }
    lines.insert(line + ".\n");
  }
  std::string out;
  for (const auto& line : lines) out += line;
  return out;
}

}  // namespace

Result<void> can_write(const Graph& graph, Syntax syntax) {
  if (syntax != Syntax::rdfxml) return {};
  const std::string xml_literal = std::string(vocab::rdf) + "XMLLiteral";
  const auto& terms = graph.terms();
  std::set<TermId> seen;
  for (const auto& q : graph.quads()) {
    if (seen.insert(q.p).second) {
      // The longest end that is a name of XML without a colon.
      const auto text = terms.text(q.p);
      const char *begin = text.data() + 1, *at = text.data() + text.size() - 1, *start = nullptr;
      while (at > begin) {
        const char* before = at - 1;
        while (before > begin && (*before & 0xC0) == 0x80) --before;
        const auto c = scan::code_point(before, text.data() + text.size()).first;
        if (!scan::name_part(c)) break;
        at = before;
        if (scan::name_start(c)) start = at;
      }
      if (!start)
        return tl::unexpected<Error>(
            Error{Code::input,
                  "RDF/XML cannot say the predicate " + std::string(text) + ": it does not end in a name",
                  "choose another syntax: --to turtle",
                  {},
                  {}});
    }
    for (const auto id : {q.s, q.o}) {
      if (!seen.insert(id).second) continue;
      const auto parsed = from_ntriples(terms.text(id));
      const auto& value = value_of(parsed);
      const auto* literal = std::get_if<Literal>(&parsed);
      // Raptor writes it as markup; what is not in its canonical form would come back as another literal, or not at
      // all.
      if (literal && literal->datatype() && literal->datatype()->text() == xml_literal &&
          canonical_xml(value, {}).value_or(value + "?") != value) {
        return tl::unexpected<Error>(
            Error{Code::input,
                  "RDF/XML cannot say " + printable(terms.text(id)) + ": it is not canonical XML",
                  "choose another syntax: --to turtle",
                  {},
                  {}});
      }
      for (std::size_t i = 0; i < value.size(); ++i) {
        const auto c = static_cast<unsigned char>(value[i]);
        const bool none = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F ||
                          value.compare(i, 3, "\xEF\xBF\xBE") == 0 || value.compare(i, 3, "\xEF\xBF\xBF") == 0;
        if (none)
          return tl::unexpected<Error>(Error{Code::input,
                                             "RDF/XML cannot say a character of " + printable(terms.text(id)),
                                             "choose another syntax: --to turtle",
                                             {},
                                             {}});
      }
    }
  }
  return {};
}

std::string write_graph(const Graph& graph, Syntax syntax, const WriteOptions& options) {
  switch (syntax) {
    case Syntax::ntriples: return lines_of(graph, false);
    case Syntax::nquads: return lines_of(graph, true);
    case Syntax::turtle: return TurtleWriter(options).run(graph, false);
    case Syntax::trig: return TurtleWriter(options).run(graph, true);
    case Syntax::jsonld: return JsonLdWriter(options).run(graph);
    case Syntax::rdfxml: return raptor_write_rdfxml(graph, options);
  }
  return {};
}

}  // namespace provgate
