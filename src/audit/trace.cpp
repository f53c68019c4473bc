// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "audit/origins.hpp"
#include "provgate/audit/audit.hpp"
#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

std::string plain_iri(std::string_view term) { return std::string(bare_iri(term)); }
std::string shown_term(std::string_view term) {
  return term.starts_with('"') ? value_of(from_ntriples(term)) : plain_iri(term);
}

std::string prov(std::string_view name) { return std::string(vocab::prov).append(name); }
const std::string k_type = std::string(vocab::rdf) + "type", k_label = std::string(vocab::rdfs) + "label";

bool among(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// What systems call a predicate or a class, of all systems together.
std::vector<std::string> terms_of(std::vector<std::string> TraceTerms::* list) {
  std::vector<std::string> out;
  for (const auto* system : systems()) {
    const auto& more = system->trace_terms().*list;
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

class Tracer {
 public:
  Tracer(TripleSource& source, std::optional<GraphName> graph)
      : source_(source), graph_(std::move(graph)), strict_(graph_.has_value()) {}

  Result<Trace> run(const std::string& iri) {
    Trace out;
    out.urn = iri;
    CHECKED(choose_graph(iri));
    CHECKED(fetch({iri}));
    const auto label = label_of(iri);
    out.kind = label.kind, out.role = label.record ? TraceRole::other : label.role;
    if (out.role == TraceRole::action) {
      CHECKED(actions(out, {iri}));
    } else if (out.role == TraceRole::task) {
      TRY(out.tasks, tasks({iri}));
    } else {
      CHECKED(entity(out));
    }
    const auto& predicates = origins_told_by(iri);
    if (!predicates.empty()) CHECKED(origins(out, predicates));
    gaps(out, predicates.empty());
    out.elsewhere.assign(elsewhere_.begin(), elsewhere_.end());
    for (const auto& triple : seen_) out.triples.push_back(triple);
    return out;
  }

 private:
  // Which graph is meant; none where it is not the word of one graph against another's.
  Result<void> choose_graph(const std::string& iri) {
    TRY(const auto all, source_.about({iri}));
    if (all.empty()) {
      return fail(Code::nothing, "nothing is known of " + iri, "was it sealed into this store, or published there?");
    }
    std::map<GraphName, std::set<std::pair<std::string, std::string>>> told;
    std::set<GraphName> generating;
    for (const auto& [triple, graph] : all) {
      auto& says = told[graph];
      if (plain_iri(triple.p) != k_type) says.emplace(triple.p, triple.o);
      if (plain_iri(triple.p) == prov("wasGeneratedBy")) generating.insert(graph);
    }
    if (graph_) {
      if (told.contains(*graph_)) return {};
      return fail(Code::nothing, "nothing is known of " + iri + " in " + called(*graph_), "known in " + listed(told));
    }
    if (generating.size() == 1) graph_ = *generating.begin();
    if (generating.size() > 1) {
      return fail(Code::usage, "several graphs say what generated " + iri + ": " + listed(generating), k_name_one);
    }
    if (graph_) return {};
    std::erase_if(told, [](const auto& one) { return one.second.empty(); });
    const bool alike = std::ranges::all_of(told, [&](const auto& one) { return one.second == told.begin()->second; });
    if (!alike) {
      return fail(Code::usage, "several graphs say unlike things of " + iri + ": " + listed(told), k_name_one);
    }
    if (told.size() == 1) graph_ = told.begin()->first;
    return {};
  }

  static std::string called(const GraphName& graph) {
    return graph.empty() ? std::string("the default graph") : graph.text;
  }
  static std::string listed(const auto& graphs) {
    std::string out;
    for (const auto& one : graphs) {
      if constexpr (requires { one.first; }) {
        out += (out.empty() ? "" : ", ") + called(one.first);
      } else {
        out += (out.empty() ? "" : ", ") + called(one);
      }
    }
    return out;
  }
  static constexpr const char* k_name_one = "name the one that is meant with --graph IRI (or --graph default)";

  Result<void> fetch(const std::vector<std::string>& iris) {
    std::vector<std::string> wanted;
    for (const auto& iri : iris) {
      if (known_.try_emplace(iri).second) wanted.push_back(iri);
    }
    if (wanted.empty()) return {};
    TRY(const auto all, source_.about(wanted));
    std::set<std::string> told;  // of which the graph says more than what they are
    for (const auto& [triple, graph] : all) {
      if (graph_ && graph == *graph_ && plain_iri(triple.p) != k_type) told.insert(plain_iri(triple.s));
    }
    for (const auto& [triple, graph] : all) {
      const auto s = plain_iri(triple.s);
      const bool other = graph_ && graph != *graph_;
      if (other && (strict_ || told.contains(s))) continue;
      if (other && plain_iri(triple.p) != k_type) elsewhere_.emplace(s, graph);
      if (seen_.insert(triple).second) known_[s].push_back(triple);
    }
    return {};
  }

  // By which predicates the system of a thing tells what it comes from.
  static const std::vector<std::string>& origins_told_by(const std::string& iri) {
    static const std::vector<std::string> k_none;
    for (const auto* system : systems()) {
      if (!system->label(iri, {}).kind.empty()) return system->trace_terms().origins;
    }
    return k_none;
  }
  Result<void> origins(Trace& out, const std::vector<std::string>& predicates) {
    const OriginSource source{[this](const auto& iris) { return fetch(iris); },
                              [this](const auto& of, std::string_view predicate) { return linked(of, predicate); },
                              [this](const auto& of) { return label_of(of).kind; }};
    bool more = false;
    TRY(out.origins, origins_of(out.urn, predicates, source, more));
    if (more) out.gaps.emplace_back("from: it comes from more than is shown");
    return {};
  }

  // What a system calls it; else what PROV-O does.
  TraceLabel label_of(const std::string& iri) {
    const auto classes = objects(iri, k_type);
    TraceLabel known;
    for (const auto* system : systems()) {
      known = system->label(iri, classes);
      if (!known.kind.empty()) break;
    }
    if (!known.kind.empty()) return known;
    if (among(classes, prov("Activity"))) return {TraceRole::action, "Activity"};
    return {TraceRole::other, among(classes, prov("Agent")) ? "Agent" : "Entity"};
  }

  std::vector<std::string> objects(const std::string& s, std::string_view predicate) {
    std::vector<std::string> out;
    for (const auto& t : known_[s]) {
      if (plain_iri(t.p) == predicate) out.push_back(shown_term(t.o));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  // The things, and not texts, that it leads to.
  std::vector<std::string> linked(const std::string& s, std::string_view predicate) {
    std::vector<std::string> out;
    for (const auto& t : known_[s]) {
      if (plain_iri(t.p) == predicate && !t.o.starts_with('"')) out.push_back(plain_iri(t.o));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::string object(const std::string& s, std::string_view predicate) {
    const auto all = objects(s, predicate);
    return all.empty() ? std::string{} : all.front();
  }
  std::string object(const std::string& s, const std::vector<std::string>& predicates) {
    for (const auto& predicate : predicates) {
      if (auto found = object(s, predicate); !found.empty()) return found;
    }
    return {};
  }
  // Those of a list that have the role; what is known of them is read first.
  Result<std::vector<std::string>> of_role(std::vector<std::string> iris, TraceRole role) {
    CHECKED(fetch(iris));
    std::erase_if(iris, [&](const auto& iri) { return label_of(iri).role != role; });
    return iris;
  }

  Result<void> entity(Trace& out) {
    const auto& iri = out.urn;
    out.type = object(iri, terms_of(&TraceTerms::type));
    out.generated_at = object(iri, prov("generatedAtTime"));
    const auto sealed = terms_of(&TraceTerms::sealed), general = terms_of(&TraceTerms::general);
    for (const auto& cls : objects(iri, k_type)) {
      out.sealed = out.sealed || among(sealed, cls);
      if (!out.type.empty() || among(sealed, cls) || among(general, cls) || cls == prov("Entity")) continue;
      out.type = cls.substr(cls.find_last_of("#/") + 1);
    }
    const auto owners = linked(iri, prov("wasAttributedTo"));
    CHECKED(fetch(owners));
    for (const auto& owner : owners) out.attributed_to.push_back({owner, object(owner, k_label)});
    return actions(out, linked(iri, prov("wasGeneratedBy")));
  }

  Result<void> actions(Trace& out, const std::vector<std::string>& urns) {
    CHECKED(fetch(urns));
    std::vector<std::pair<std::string, bool>> all;
    for (const auto& urn : urns) {
      all.emplace_back(urn, false);
      for (const auto& other : linked(urn, prov("wasInformedBy"))) all.emplace_back(other, true);
    }
    std::vector<std::string> others;
    for (const auto& [urn, joined] : all) others.push_back(urn);
    CHECKED(fetch(others));
    for (const auto& [urn, joined] : all) {
      TraceAction action;
      action.urn = urn, action.informed = joined;
      action.started = object(urn, prov("startedAtTime")), action.ended = object(urn, prov("endedAtTime"));
      const auto agents = linked(urn, prov("wasAssociatedWith"));
      CHECKED(fetch(agents));
      for (const auto& agent : agents) action.who.push_back({agent, object(agent, k_label)});
      TRY(const auto why, of_role(linked(urn, prov("wasStartedBy")), TraceRole::task));
      TRY(action.why, tasks(why));
      TRY(const auto led_to, of_role(linked(urn, prov("wasInfluencedBy")), TraceRole::goal));
      TRY(action.goals, goals(led_to));
      out.how.push_back(std::move(action));
    }
    return {};
  }

  bool has_record(const std::string& iri) {
    return std::any_of(known_[iri].begin(), known_[iri].end(), [](const auto& t) { return plain_iri(t.p) != k_type; });
  }

  Result<std::vector<TraceTask>> tasks(const std::vector<std::string>& urns, int depth = 0) {
    constexpr int k_deepest = 16;  // tasks that were split from each other in a circle end here
    std::vector<TraceTask> out;
    if (depth > k_deepest) return out;
    CHECKED(fetch(urns));
    for (const auto& urn : urns) {
      TraceTask task;
      task.urn = urn;
      task.status = object(urn, terms_of(&TraceTerms::status));
      task.instruction = object(urn, terms_of(&TraceTerms::text));
      task.has_record = has_record(urn);
      const auto origins = linked(urn, prov("wasDerivedFrom"));
      TRY(task.decisions, of_role(origins, TraceRole::decision));
      TRY(const auto led_to, of_role(linked(urn, prov("wasInfluencedBy")), TraceRole::goal));
      TRY(task.goals, goals(led_to));
      TRY(auto parents, of_role(origins, TraceRole::task));
      std::erase(parents, urn);
      TRY(task.parents, tasks(parents, depth + 1));
      out.push_back(std::move(task));
    }
    return out;
  }

  Result<std::vector<TraceGoal>> goals(const std::vector<std::string>& urns) {
    std::vector<TraceGoal> out;
    CHECKED(fetch(urns));
    for (const auto& urn : urns) out.push_back({urn, object(urn, k_label), has_record(urn)});
    return out;
  }

  // `tasks`: what is done is done for a task.
  static void gaps(Trace& out, bool tasks) {
    const bool record = out.role == TraceRole::other && out.kind != "Agent";
    const auto any = [&](auto&& has) { return std::any_of(out.how.begin(), out.how.end(), has); };
    if (record && out.generated_at.empty()) out.gaps.emplace_back("what: no prov:generatedAtTime");
    if (record && out.how.empty()) out.gaps.emplace_back("how: no prov:wasGeneratedBy");
    if (!out.how.empty() && !any([](const auto& a) { return !a.started.empty() || !a.ended.empty(); }))
      out.gaps.emplace_back("how: the action has no record of its times");
    if (!out.how.empty() && !any([](const auto& a) { return !a.who.empty(); }))
      out.gaps.emplace_back("who: no prov:wasAssociatedWith on the action");
    if (!tasks) return;
    if (!out.how.empty() && !any([](const auto& a) { return !a.why.empty(); }))
      out.gaps.emplace_back("why: the action names no task");
    const bool goal = any([](const auto& a) {
      return !a.goals.empty() ||
             std::any_of(a.why.begin(), a.why.end(), [](const auto& t) { return t.leads_to_goal(); });
    });
    if (!out.how.empty() && !goal) out.gaps.emplace_back("why: no goal");
  }

  TripleSource& source_;
  std::optional<GraphName> graph_;
  bool strict_;  // nothing but that graph counts
  std::set<std::pair<std::string, GraphName>> elsewhere_;
  std::map<std::string, std::vector<Triple>> known_;
  std::set<Triple> seen_;
};

}  // namespace

bool TraceTask::leads_to_goal() const {
  return !goals.empty() ||
         std::any_of(parents.begin(), parents.end(), [](const auto& parent) { return parent.leads_to_goal(); });
}

Result<Trace> trace(TripleSource& source, const std::string& iri, const std::optional<GraphName>& graph) {
  return Tracer(source, graph).run(iri);
}

}  // namespace provgate
