// SPDX-License-Identifier: Apache-2.0
// Reading provenance back: trace (what, how, who, why), the query library, query results as tables.
// Source: PROV-O (W3C, 2013); SPARQL 1.1 Query Results JSON Format. Threads: any; a TripleSource and a ResultTable one
// at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "provgate/publish/publish.hpp"
#include "provgate/store/store.hpp"
#include "provgate/systems/trace_terms.hpp"

namespace provgate {

/// A triple as N-Triples terms; literals in canonical form, so that every source says the same.
struct Triple {
  std::string s, p, o;
  friend auto operator<=>(const Triple&, const Triple&) = default;
};

/// A triple, and the graph that says it.
struct Said {
  Triple triple;
  GraphName graph;
  friend auto operator<=>(const Said&, const Said&) = default;
};

/// Where a trace reads from. Answers are sorted and free of duplicates.
class TripleSource {
 public:
  virtual ~TripleSource() = default;
  /// Every triple whose subject is one of these IRIs. Errors: those of the store, or of sparql_query.
  virtual Result<std::vector<Said>> about(const std::vector<std::string>& iris) = 0;
};
/// The store's own graph, or what an endpoint has. Neither may outlive what it was made of.
std::unique_ptr<TripleSource> store_source(const Store& store);
std::unique_ptr<TripleSource> endpoint_source(Http& http, const Endpoint& endpoint);

struct TraceAgent {
  std::string urn, label;
};
struct TraceGoal {
  std::string urn, label;
  bool has_record = false;
};
struct TraceTask {
  std::string urn, status, instruction;
  bool has_record = false;  ///< more is known than its type
  std::vector<std::string> decisions;
  std::vector<TraceGoal> goals;
  std::vector<TraceTask> parents;  ///< the tasks it was split from, and so on
  bool leads_to_goal() const;
};
struct TraceAction {
  std::string urn, started, ended;
  bool informed = false;  ///< not the one that generated it, but one that informed that (prov:wasInformedBy)
  std::vector<TraceAgent> who;
  std::vector<TraceTask> why;
  std::vector<TraceGoal> goals;  ///< named by the action itself
};
/// A thing that another comes from.
struct TraceOrigin {
  std::string urn, kind, by;  ///< by: the predicate that leads there
  int depth = 1;              ///< steps from the thing that was asked for, or from the one above it in the list
};
/// The four questions about one thing. Empty lists are gaps, and each gap has a sentence.
struct Trace {
  std::string urn, kind, type, generated_at;
  TraceRole role = TraceRole::other;
  std::vector<TraceAgent> attributed_to;
  bool sealed = false;
  std::vector<TraceAction> how;
  std::vector<TraceTask> tasks;      ///< when the thing itself is a task
  std::vector<TraceOrigin> origins;  ///< each once, below the first that leads to it
  std::vector<std::string> gaps;
  std::vector<std::pair<std::string, GraphName>> elsewhere;  ///< things of which only other graphs speak, and which
  std::vector<Triple> triples;                               ///< everything that was read
};

/// Follows record -> action -> agent -> task -> goal, by rdf:type and the predicates of PROV-O. Records of two projects
/// may have one IRI, each in its graph: what is read is what `graph` says, and nothing else. Where none is named it is
/// the one graph that says what generated the thing; of things of which that one says no more than what they are, other
/// graphs are asked, and `elsewhere` says so.
/// Errors: Code::nothing when nothing is known of the IRI; Code::usage where several graphs say what generated it, or
/// say unlike things of it, and none is named; those of the source.
Result<Trace> trace(TripleSource& source, const std::string& iri, const std::optional<GraphName>& graph = {});
/// The IRI that a text names: an IRI as it is or in its system's usual form, or the local id of a record in the ledger.
/// `store` may be null. `graph`: of an id that several records have, the one that this graph has.
/// Errors: Code::usage for a text that is neither, or an id that several records have;
/// Code::nothing for an id that no record has, with the nearest ones.
Result<std::string> traced_iri(const Store* store, const std::string& text, const std::optional<GraphName>& graph = {});
/// What the ledger says against records of that IRI that were rejected and not sealed since, of each scope; empty where
/// there is none. Errors: those of the store.
Result<std::string> rejection_of(const Store& store, const RecordId::Iri& iri);
/// The IRI of the store's graph that is nearest to one of which nothing is known, at most three letters away; empty
/// where there is none. Errors: those of the store.
Result<std::string> near_iri(const Store& store, const std::string& iri);
/// The trace for people, as JSON, and what was read as Turtle.
std::string trace_text(const Trace& trace);
std::string trace_json(const Trace& trace);
std::string trace_turtle(const Trace& trace);

/// What a query of the library can be told: a name, a datatype ("IRI" or such as "xsd:dateTime"), and what it does.
struct QueryParameter {
  std::string name, type, about;
};
/// A query file of the library: SPARQL with a header of `# title:`, `# question:`, `# needs:` and `# parameter:` lines.
struct NamedQuery {
  std::string name, title, question, needs, text;
  std::vector<QueryParameter> parameters;
};
/// The queries built into the program, by name.
const std::vector<NamedQuery>& query_library();
/// The text of a query with values for parameters, each "name=value", bound where the query says `# bound:`. Lines stay
/// where they are. Errors: Code::usage for an unknown parameter, one given twice, and a value that is not of its type.
Result<std::string> with_parameters(const NamedQuery& query, const std::vector<std::string>& values);

/// The query asked of one named graph alone, of nothing that another graph says of the same things. Lines stay where
/// they are. Errors: Code::usage for a graph without a name and a name that is not an IRI. Requires a query of the
/// library, or one with its WHERE in the line of its SELECT.
Result<std::string> of_graph(std::string_view query, const GraphName& graph);

/// A line that declares the prefixes provgate writes and the query uses without declaring them; "" when there is none.
std::string missing_prefixes(std::string_view query);

/// Query results as an aligned table, with prefixes applied and nothing in it that a terminal would obey.
class ResultTable {
 public:
  explicit ResultTable(std::vector<std::string> variables);
  void add(std::span<const sparql::Cell> cells);
  /// Cells are cut with "…" until the lines fit into `width` columns; 0: nothing is cut. Ends with the number of rows.
  std::string text(std::size_t width) const;
  std::string answer() const;  ///< of ASK: true or false

 private:
  std::vector<std::vector<std::string>> rows_;  ///< the first holds the variables
};

/// SPARQL 1.1 JSON results as such a table. Errors: Code::input when it is no such document.
Result<std::string> results_table(const std::string& sparql_json, std::size_t width);

}  // namespace provgate
