#include <algorithm>
#include <map>
#include <set>

#include "provgate/audit.hpp"

namespace provgate {
namespace {

std::string bare(std::string_view iri) {
  return iri.starts_with('<') ? std::string(iri.substr(1, iri.size() - 2)) : std::string(iri);
}
std::string value_of(std::string_view term) { return term.starts_with('"') ? from_ntriples(term).value : bare(term); }

// The end of a predicate or class IRI: "wasGeneratedBy", "instance_id".
std::string_view local(std::string_view iri) {
  if (iri.ends_with('>')) iri.remove_suffix(1);
  return iri.substr(iri.find_last_of("#/") + 1);
}

UrnKind kind_of(const std::string& urn) {
  const auto parsed = parse_urn(urn, UrnProfile::legacy);
  return parsed ? parsed->kind : UrnKind::opaque;
}

class Tracer {
 public:
  explicit Tracer(TripleSource& source) : source_(source) {}

  Result<Trace> run(const std::string& urn) {
    Trace out;
    out.urn = urn;
    const auto kind = kind_of(urn);
    out.kind = std::string(name_of(kind));
    CHECKED(fetch({urn}));
    if (known_[urn].empty())
      return fail(Code::nothing, "nothing is known of " + urn, "was it sealed into this store, or published there?");
    if (kind == UrnKind::action) {
      CHECKED(actions(out, {urn}));
    } else if (kind == UrnKind::task) {
      TRY(out.tasks, tasks({urn}));
    } else {
      CHECKED(entity(out));
    }
    gaps(out);
    for (const auto& triple : seen_) out.triples.push_back(triple);
    return out;
  }

 private:
  Result<void> fetch(const std::vector<std::string>& iris) {
    std::vector<std::string> wanted;
    for (const auto& iri : iris) {
      if (known_.try_emplace(iri).second) wanted.push_back(iri);
    }
    if (wanted.empty()) return {};
    TRY(const auto triples, source_.about(wanted));
    for (const auto& t : triples) {
      known_[bare(t.s)].push_back(t);
      seen_.insert(t);
    }
    return {};
  }

  std::vector<std::string> objects(const std::string& s, std::string_view predicate) {
    std::vector<std::string> out;
    for (const auto& t : known_[s]) {
      if (local(t.p) == predicate) out.push_back(value_of(t.o));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::string object(const std::string& s, std::string_view predicate) {
    const auto all = objects(s, predicate);
    return all.empty() ? std::string{} : all.front();
  }
  std::vector<std::string> of_kind(const std::vector<std::string>& urns, UrnKind kind) {
    std::vector<std::string> out;
    std::copy_if(urns.begin(), urns.end(), std::back_inserter(out), [&](const auto& u) { return kind_of(u) == kind; });
    return out;
  }

  Result<void> entity(Trace& out) {
    const auto& urn = out.urn;
    out.type = object(urn, "instance_type");
    out.generated_at = object(urn, "generatedAtTime");
    for (const auto& t : objects(urn, "type")) {
      out.sealed = out.sealed || local(t) == "SealedInstance";
      const auto name = local(t);
      const bool general =
          name == "Instance" || name == "InstanceManifest" || name == "Entity" || name == "SealedInstance";
      if (out.type.empty() && !general) out.type = std::string(name);
    }
    const auto owners = objects(urn, "wasAttributedTo");
    const auto generators = objects(urn, "wasGeneratedBy");
    CHECKED(fetch(owners));
    for (const auto& owner : owners) out.attributed_to.push_back({owner, object(owner, "label")});
    return actions(out, generators);
  }

  Result<void> actions(Trace& out, const std::vector<std::string>& urns) {
    CHECKED(fetch(urns));
    std::vector<std::pair<std::string, bool>> all;
    for (const auto& urn : urns) {
      all.emplace_back(urn, false);
      for (const auto& other : objects(urn, "wasInformedBy")) all.emplace_back(other, true);
    }
    std::vector<std::string> others;
    for (const auto& [urn, joined] : all) others.push_back(urn);
    CHECKED(fetch(others));
    for (const auto& [urn, joined] : all) {
      TraceAction action;
      action.urn = urn, action.joined_by_instance_id = joined;
      action.started = object(urn, "startedAtTime"), action.ended = object(urn, "endedAtTime");
      const auto agents = objects(urn, "wasAssociatedWith");
      CHECKED(fetch(agents));
      for (const auto& agent : agents) action.who.push_back({agent, object(agent, "label")});
      TRY(action.why, tasks(tasks_among(objects(urn, "wasStartedBy"))));
      TRY(action.goals, goals(of_kind(objects(urn, "wasInfluencedBy"), UrnKind::goal)));
      out.how.push_back(std::move(action));
    }
    return {};
  }

  bool has_record(const std::string& urn) {
    return std::any_of(known_[urn].begin(), known_[urn].end(), [](const auto& t) { return local(t.p) != "type"; });
  }

  // Tasks, and the instances that tasks are kept as.
  static std::vector<std::string> tasks_among(const std::vector<std::string>& urns) {
    std::vector<std::string> out;
    std::copy_if(urns.begin(), urns.end(), std::back_inserter(out), [](const auto& u) {
      const auto parsed = parse_urn(u, UrnProfile::legacy);
      return parsed && (parsed->kind == UrnKind::task ||
                        (parsed->kind == UrnKind::instance && parsed->id.starts_with("i-task-")));
    });
    return out;
  }

  Result<std::vector<TraceTask>> tasks(const std::vector<std::string>& urns, int depth = 0) {
    constexpr int k_deepest = 16;  // tasks that were split from each other in a circle end here
    std::vector<TraceTask> out;
    if (depth > k_deepest) return out;
    CHECKED(fetch(urns));
    for (const auto& urn : urns) {
      TraceTask task;
      task.urn = urn, task.status = object(urn, "taskStatus"), task.instruction = object(urn, "taskInstruction");
      task.has_record = has_record(urn);
      task.decisions = of_kind(objects(urn, "wasDerivedFrom"), UrnKind::instance);
      std::erase_if(task.decisions, [](const auto& one) { return !tasks_among({one}).empty(); });
      TRY(task.goals, goals(of_kind(objects(urn, "wasInfluencedBy"), UrnKind::goal)));
      auto parents = tasks_among(objects(urn, "wasDerivedFrom"));
      std::erase(parents, urn);
      TRY(task.parents, tasks(parents, depth + 1));
      out.push_back(std::move(task));
    }
    return out;
  }

  Result<std::vector<TraceGoal>> goals(const std::vector<std::string>& urns) {
    std::vector<TraceGoal> out;
    CHECKED(fetch(urns));
    for (const auto& urn : urns) out.push_back({urn, object(urn, "label"), has_record(urn)});
    return out;
  }

  static void gaps(Trace& out) {
    const bool instance = out.kind == "Instance";
    const auto any = [&](auto&& has) { return std::any_of(out.how.begin(), out.how.end(), has); };
    if (instance && out.generated_at.empty()) out.gaps.emplace_back("what: no prov:generatedAtTime");
    if (instance && out.how.empty()) out.gaps.emplace_back("how: no prov:wasGeneratedBy");
    if (!out.how.empty() && !any([](const auto& a) { return !a.started.empty() || !a.ended.empty(); }))
      out.gaps.emplace_back("how: the action has no record of its times");
    if (!out.how.empty() && !any([](const auto& a) { return !a.who.empty(); }))
      out.gaps.emplace_back("who: no prov:wasAssociatedWith on the action");
    if (!out.how.empty() && !any([](const auto& a) { return !a.why.empty(); }))
      out.gaps.emplace_back("why: the action names no task");
    const bool goal = any([](const auto& a) {
      return !a.goals.empty() ||
             std::any_of(a.why.begin(), a.why.end(), [](const auto& t) { return t.leads_to_goal(); });
    });
    if (!out.how.empty() && !goal) out.gaps.emplace_back("why: no goal");
  }

  TripleSource& source_;
  std::map<std::string, std::vector<Triple>> known_;
  std::set<Triple> seen_;
};

}  // namespace

bool TraceTask::leads_to_goal() const {
  return !goals.empty() ||
         std::any_of(parents.begin(), parents.end(), [](const auto& parent) { return parent.leads_to_goal(); });
}

Result<Trace> trace(TripleSource& source, const std::string& urn) { return Tracer(source).run(urn); }

}  // namespace provgate
