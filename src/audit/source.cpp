// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "provgate/audit/audit.hpp"

namespace provgate {
namespace {

// A graph may have a blank node for a name.
GraphName graph_of(const std::string& term) {
  return GraphName(term.empty() ? std::string{} : value_of(from_ntriples(term)));
}

constexpr const char* k_label_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:";

class StoreSource final : public TripleSource {
 public:
  explicit StoreSource(const Store& store) : store_(store) {}
  Result<std::vector<Said>> about(const std::vector<std::string>& iris) override {
    std::set<Said> out;
    for (const auto& iri : iris) {
      TRY(const auto subject, store_.find_term(iri_text(iri)));
      if (!subject) continue;
      std::vector<Quad> quads;
      CHECKED(store_.scan({subject, 0, 0, 0}, [&](const Quad& q) {
        quads.push_back(q);
        return true;
      }));
      for (const auto& q : quads) {
        TRY(auto s, store_.term(q.s));
        TRY(auto p, store_.term(q.p));
        TRY(auto o, store_.term(q.o));
        std::string g;
        if (q.g) {
          TRY(g, store_.term(q.g));
        }
        out.insert({{std::move(s), std::move(p), canonical_literal(o)}, graph_of(g)});
      }
    }
    return std::vector<Said>(out.begin(), out.end());
  }

 private:
  const Store& store_;
};

// Nothing where a binding is not a term of RDF: what a server says is written on, and must not become something else.
std::optional<std::string> term_of(Value binding) {
  if (!binding.find("value").is(Kind::string)) return {};
  const auto type = binding.find("type").text();
  const std::string value(binding.find("value").text());
  if (type == "uri") return is_iri(value) ? std::optional(iri_text(value)) : std::nullopt;
  if (type == "bnode") {
    const bool label = !value.empty() && value.find_first_not_of(k_label_characters) == std::string::npos;
    return label ? std::optional("_:" + value) : std::nullopt;
  }
  const auto datatype = binding.find("datatype"), language = binding.find("xml:lang");
  if (type != "literal" && type != "typed-literal") return {};
  if ((datatype && !is_iri(datatype.text())) || (language && !is_language_tag(language.text()))) return {};
  return canonical_literal(to_ntriples(Literal::of(value, datatype.text(), language.text())));
}

class EndpointSource final : public TripleSource {
 public:
  EndpointSource(Http& http, Endpoint endpoint) : http_(http), endpoint_(std::move(endpoint)) {}
  Result<std::vector<Said>> about(const std::vector<std::string>& iris) override {
    std::string values;
    for (const auto& iri : iris) {
      if (is_iri(iri)) values += " " + iri_text(iri);
    }
    if (values.empty()) return std::vector<Said>{};
    TRY(const auto body, sparql_query(http_, endpoint_,
                                      "SELECT DISTINCT ?s ?p ?o ?g WHERE { VALUES ?s {" + values +
                                          " } { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
                                      "application/sparql-results+json"));
    const auto doc = read_json(endpoint_.url, body);
    if (!doc || !doc->root().find("results").find("bindings").is(Kind::array))
      return fail(Code::world, endpoint_.url + " answered with something that is not a SPARQL result");
    std::set<Said> out;
    std::set<Triple> named;
    const std::set<std::string> asked(iris.begin(), iris.end());
    for (const auto row : doc->root().find("results").find("bindings").children()) {
      const auto s = term_of(row.find("s")), p = term_of(row.find("p")), o = term_of(row.find("o"));
      const auto g = row.find("g");
      const auto graph = g ? term_of(g) : std::string{};
      const bool statement = s && p && o && graph && p->starts_with('<') && !graph->starts_with('"');
      if (!statement || !asked.contains(value_of(from_ntriples(*s)))) {
        return fail(Code::world,
                    endpoint_.url + " answered with something that is not a statement about what was asked");
      }
      Triple triple{*s, *p, *o};
      if (g) named.insert(triple);
      out.insert({std::move(triple), graph_of(*graph)});
    }
    // The default graph may be all named graphs together.
    std::erase_if(out, [&](const Said& said) { return said.graph.empty() && named.contains(said.triple); });
    return std::vector<Said>(out.begin(), out.end());
  }

 private:
  Http& http_;
  Endpoint endpoint_;
};

}  // namespace

std::unique_ptr<TripleSource> store_source(const Store& store) { return std::make_unique<StoreSource>(store); }
std::unique_ptr<TripleSource> endpoint_source(Http& http, const Endpoint& endpoint) {
  return std::make_unique<EndpointSource>(http, endpoint);
}

}  // namespace provgate
