// SPDX-License-Identifier: Apache-2.0
// A trace as a text tree, as JSON and as Turtle.
#include "base/json_write.hpp"
#include "provgate/audit/audit.hpp"
#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

// What systems call it that one action informed another.
std::string informed() {
  for (const auto* system : systems()) {
    if (const auto& word = system->trace_terms().informed; !word.empty()) return word;
  }
  return "prov:wasInformedBy";
}

struct Line {
  int depth;
  std::string question, text;
};

void goal_lines(std::vector<Line>& out, const std::vector<TraceGoal>& goals, int depth) {
  for (const auto& goal : goals) {
    out.push_back({depth, "why",
                   "prov:wasInfluencedBy " + goal.urn + (goal.label.empty() ? "" : "  \"" + goal.label + "\"") +
                       (goal.has_record ? "" : "  (named only, no record)")});
  }
}

void task_lines(std::vector<Line>& out, const std::vector<TraceTask>& tasks, int depth, const std::string& by) {
  for (const auto& task : tasks) {
    std::string text = by + task.urn;
    if (!task.status.empty()) text += "  " + task.status;
    if (!task.has_record) text += "  (named only, no record)";
    out.push_back({depth, "why", text});
    for (const auto& decision : task.decisions) out.push_back({depth + 1, "why", "prov:wasDerivedFrom " + decision});
    task_lines(out, task.parents, depth + 1, "prov:wasDerivedFrom ");
    goal_lines(out, task.goals, depth + 1);
  }
}

std::vector<Line> lines_of(const Trace& trace) {
  std::vector<Line> out;
  std::string what = trace.urn;
  if (!trace.type.empty()) what += "  " + trace.type;
  if (!trace.generated_at.empty()) what += "  " + trace.generated_at;
  if (trace.sealed) what += "  sealed";
  out.push_back({0, "what", what});
  const int base = trace.role == TraceRole::action ? 0 : 1;
  if (base == 0) out.clear();
  for (const auto& owner : trace.attributed_to) out.push_back({1, "who", "prov:wasAttributedTo " + owner.urn});
  for (const auto& action : trace.how) {
    std::string text = (base ? (action.informed ? informed() + ": " : "prov:wasGeneratedBy ") : "") + action.urn;
    if (!action.started.empty() || !action.ended.empty())
      text +=
          "  " + (action.started.empty() ? "…" : action.started) + " to " + (action.ended.empty() ? "…" : action.ended);
    out.push_back({base, "how", text});
    for (const auto& agent : action.who) out.push_back({base + 1, "who", "prov:wasAssociatedWith " + agent.urn});
    task_lines(out, action.why, base + 1, "prov:wasStartedBy ");
    goal_lines(out, action.goals, base + 1);
  }
  for (const auto& origin : trace.origins)
    out.push_back({origin.depth, "from", compact_iri(origin.by) + " " + origin.urn + "  " + origin.kind});
  task_lines(out, trace.tasks, trace.role == TraceRole::task ? 0 : 1, "");
  if (trace.role == TraceRole::task && !out.empty()) out.erase(out.begin());
  return out;
}

Json goals_json(const std::vector<TraceGoal>& goals) {
  Json list = Json::array();
  for (const auto& goal : goals)
    list.push(
        Json::object().set("urn", goal.urn).set("label", Json::or_null(goal.label)).set("record", goal.has_record));
  return list;
}

Json tasks_json(const std::vector<TraceTask>& tasks) {
  Json list = Json::array();
  for (const auto& task : tasks) {
    Json decisions = Json::array();
    for (const auto& decision : task.decisions) decisions.push(decision);
    list.push(Json::object()
                  .set("urn", task.urn)
                  .set("status", Json::or_null(task.status))
                  .set("instruction", Json::or_null(task.instruction))
                  .set("record", task.has_record)
                  .set("decisions", std::move(decisions))
                  .set("parents", tasks_json(task.parents))
                  .set("goals", goals_json(task.goals)));
  }
  return list;
}

Json agents_json(const std::vector<TraceAgent>& agents) {
  Json list = Json::array();
  for (const auto& agent : agents)
    list.push(Json::object().set("urn", agent.urn).set("label", Json::or_null(agent.label)));
  return list;
}

}  // namespace

std::string trace_text(const Trace& trace) {
  const auto lines = lines_of(trace);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    std::string tree;
    for (int depth = 1; depth <= line.depth; ++depth) {
      // A branch goes on when a later line stands at this depth before one stands above it.
      bool more = false;
      for (std::size_t k = i + 1; k < lines.size() && lines[k].depth >= depth; ++k) {
        if (lines[k].depth == depth) {
          more = true;
          break;
        }
      }
      tree += depth < line.depth ? (more ? "│  " : "   ") : (more ? "├─ " : "└─ ");
    }
    out += line.question + std::string(6 - line.question.size(), ' ') + tree + printable(line.text) + "\n";
  }
  for (const auto& gap : trace.gaps) out += "gap   " + printable(gap) + "\n";
  for (const auto& [iri, graph] : trace.elsewhere) {
    out += "graph " + printable(iri) + " is told in " +
           (graph.empty() ? std::string("the default graph") : printable(graph.text)) + " only\n";
  }
  return out;
}

std::string trace_json(const Trace& trace) {
  Json how = Json::array(), gaps = Json::array();
  for (const auto& action : trace.how) {
    auto one = Json::object();
    for (const auto* system : systems()) {
      if (const auto& field = system->trace_terms().informed_field; !field.empty()) one.set(field, action.informed);
    }
    how.push(one.set("urn", action.urn)
                 .set("started", Json::or_null(action.started))
                 .set("ended", Json::or_null(action.ended))
                 .set("informed", action.informed)
                 .set("who", agents_json(action.who))
                 .set("why", tasks_json(action.why))
                 .set("goals", goals_json(action.goals)));
  }
  for (const auto& gap : trace.gaps) gaps.push(gap);
  Json elsewhere = Json::array();
  for (const auto& [iri, graph] : trace.elsewhere) {
    elsewhere.push(Json::object().set("urn", iri).set("graph", Json::or_null(graph.text)));
  }
  Json what = Json::object();
  what.set("kind", trace.kind)
      .set("type", Json::or_null(trace.type))
      .set("generated_at", Json::or_null(trace.generated_at))
      .set("sealed", trace.sealed);
  what.set("attributed_to", agents_json(trace.attributed_to));
  Json origins = Json::array();
  for (const auto& one : trace.origins)
    origins.push(Json::object().set("urn", one.urn).set("kind", one.kind).set("by", one.by).set("depth", one.depth));
  Json out = Json::object();
  out.set("schema", "provgate-trace/1").set("urn", trace.urn).set("what", std::move(what)).set("how", std::move(how));
  out.set("tasks", tasks_json(trace.tasks))
      .set("origins", std::move(origins))
      .set("gaps", std::move(gaps))
      .set("elsewhere", std::move(elsewhere));
  return out.pretty();
}

std::string trace_turtle(const Trace& trace) {
  Graph graph;
  auto& terms = graph.terms();
  for (const auto& t : trace.triples) graph.add({terms.intern(t.s), terms.intern(t.p), terms.intern(t.o), 0});
  return write_graph(graph, Syntax::turtle, {fitting_prefixes(graph), false});
}

}  // namespace provgate
