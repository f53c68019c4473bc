// SPDX-License-Identifier: Apache-2.0
#include "systems/events/reading.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "systems/events/rules/log.hpp"
#include "systems/events/store/index.hpp"
#include "systems/events/store/kept_event.hpp"
#include "systems/events/wire/forms.hpp"

namespace provgate::events {
namespace {

// The names of kinds, as people count them.
constexpr std::string_view k_event = "event";

std::string owner_of(const Log& log, const Event& event) { return log.path + ":" + std::to_string(event.at.line); }

}  // namespace

EventReading::EventReading(Disk& disk, const Asking& asking, Rulebook rules, std::string profile)
    : disk_(disk),
      read_(asking.read),
      rules_(rules),
      profile_(std::move(profile)),
      keep_statements_(asking.statements),
      search_(disk, asking.foreign) {}

Result<std::unique_ptr<EventReading>> EventReading::open(const World& world, const Asking& asking) {
  const auto profile = asking.profile.starts_with("converge-") ? asking.profile : std::string(k_newest);
  TRY(auto rules, rulebook_of(profile));
  rules.judge = asking.judge;
  if (const auto ids = asking.settings.find("ids"); ids != asking.settings.end()) {
    if (ids->second != "store" && ids->second != "any")
      return fail(Code::usage, "--ids " + quote(ids->second) + " is neither store nor any");
    rules.any_ids = ids->second == "any";
  }
  std::unique_ptr<EventReading> out(new EventReading(world.disk, asking, rules, profile));
  if (asking.stream) out->add_stream(*asking.stream);
  for (const auto& path : asking.paths) out->search(path);
  out->statements_.resize(out->logs_.size());
  return out;
}

std::vector<std::string> EventReading::places(std::size_t c, std::vector<Finding>&) { return {logs_[c].path}; }

bool EventReading::claims(const std::string& path) const {
  return std::ranges::any_of(logs_, [&](const auto& log) { return log.path == path; });
}

std::vector<std::string> EventReading::judged_paths(std::size_t c) const { return {logs_[c].path}; }

// ---- reading ----
std::unique_ptr<Part> EventReading::read(std::size_t c, std::size_t first, std::size_t last) {
  auto part = std::make_unique<EventPart>();
  const auto& log = logs_[c];
  if (log.laid_out) {
    if (first > 0) return part;
    each_laid_out(log.path, log.bytes.text, [&](SourceFile file) { one(log, file, *part); });
    return part;
  }
  for (auto i = first; i < last; ++i) {
    auto chunk = log.chunks[i];
    if (i == 0 && chunk.text.starts_with(k_byte_order_mark)) chunk.text.remove_prefix(k_byte_order_mark.size());
    const auto begin = static_cast<std::uint64_t>(chunk.text.data() - log.bytes.text.data());
    const auto before = part->events.size();
    each_line(log.path, chunk.text, [&](SourceFile file, bool) { one(log, file, *part); }, chunk.first_line);
    // From the beginning of the log, not of the line.
    std::uint64_t at = begin;
    auto line = chunk.first_line;
    for (auto e = before; e < part->events.size(); ++e) {
      for (; line < part->events[e].at.line; ++line) at = log.bytes.text.find('\n', at) + 1;
      part->events[e].offset += at;
    }
    log.bytes.rest(begin, begin + chunk.text.size());
  }
  return part;
}

void EventReading::one(const Log& log, const SourceFile& file, EventPart& part) const {
  if (!file.doc) {
    Sink sink(log.path);
    check_readable(file, sink);
    part.limit.move(sink.findings(), part.findings);
    return;
  }
  const auto line = file.doc->root().place().line;
  Sink sink(log.path + ":" + std::to_string(line));
  auto judged = judge(file, rules_, sink);
  const auto number = static_cast<std::uint32_t>(part.events.size());
  for (auto& mention : judged.mentions) {
    mention.event = number;
    part.mentions.push_back(std::move(mention));
  }
  if (keep_statements_ && judged.envelope && !judged.event.id.empty()) {
    auto& to = graph_of(part.statements, log, judged.event);
    Writer writer(to, 1, judged.normal ? std::optional(judged.event.at) : std::nullopt, judged.event.tenant);
    convert_event(judged.envelope, judged.event, writer);
  }
  for (auto& f : sink.findings()) f.focus = judged.event.id.empty() ? std::string{} : iri_of(judged.event);
  ++part.kinds[k_event];
  part.events.push_back(std::move(judged.event));
  part.limit.move(sink.findings(), part.findings);
}

Graph& EventReading::graph_of(std::vector<TenantStatements>& all, const Log& log, const Event& event) const {
  auto found = std::ranges::find(all, event.tenant, &TenantStatements::tenant);
  if (found == all.end()) {
    found = all.insert(all.end(), {event.tenant, {}});
    found->statements.files = {log.path};
  }
  return found->statements.graph;
}

void EventReading::take(std::size_t c, std::unique_ptr<Part> part) {
  auto* made = dynamic_cast<EventPart*>(part.get());
  if (!made) return;
  auto& log = logs_[c];
  const auto before = static_cast<std::uint32_t>(log.events.size());
  for (auto& mention : made->mentions) {
    mention.event += before;
    log.mentions.push_back(std::move(mention));
  }
  for (auto& event : made->events) {
    log.owners.push_back(owner_of(log, event));
    log.events.push_back(std::move(event));
  }
  for (auto& one : made->statements) {
    one.statements.collection = c;
    statements_[c].push_back(std::move(one));
  }
}

// ---- across what was read ----
namespace {

// Each event of a log with what it mentions.
template <class F>
void each_event(const Log& log, F&& visit) {
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < log.events.size(); ++i) {
    const auto begin = at;
    while (at < log.mentions.size() && log.mentions[at].event == i) ++at;
    visit(i, std::span(log.mentions).subspan(begin, at - begin));
  }
}

}  // namespace

// The log that has the event, which is one of its own.
Log& EventReading::log_of(const Event& event) {
  return *std::ranges::find_if(logs_, [&](const auto& log) {
    return !log.events.empty() && &event >= log.events.data() && &event < log.events.data() + log.events.size();
  });
}

std::vector<Finding> EventReading::link() {
  Sink sink("");
  LogRules rules([&](std::string_view rule, const Event& event, Place at, std::string message) -> Finding& {
    auto& log = log_of(event);
    const auto i = static_cast<std::size_t>(&event - log.events.data());
    // Past so many a finding is only counted, and says nothing of its severity.
    const auto* known = find_rule(rule);
    if (!known || known->severity == Severity::error) log.events[i].conforming = false;
    sink.set_owner(log.owners[i]);
    auto& f = sink.add(rule, log.path, at, std::move(message));
    f.focus = event.id.empty() ? std::string{} : iri_of(event);
    return f;
  });
  std::vector<std::vector<TenantStatements>> made(logs_.size());
  Joins joins([&](const Event& event) {
    const auto& log = log_of(event);
    return Writer(graph_of(made[static_cast<std::size_t>(&log - logs_.data())], log, event), 1, {}, event.tenant);
  });
  for (const auto& log : logs_) {
    each_event(log, [&](auto i, auto mentions) {
      const auto& event = log.events[i];
      // What is refused is no event that others could be held against.
      if (event.refused) return;
      if (rules_.judge) rules.add(event, mentions, log.path);
      if (keep_statements_ && !event.id.empty()) joins.add(event, mentions);
    });
  }
  if (rules_.judge) rules.finish();
  for (std::size_t c = 0; c < made.size(); ++c) {
    for (auto& one : made[c]) {
      one.statements.collection = c;
      statements_[c].push_back(std::move(one));
    }
  }
  return std::move(sink.findings());
}

// ---- what was read ----
Record EventReading::record(std::size_t c, std::size_t i) const {
  const auto& log = logs_[c];
  Record out;
  out.owner = log.owners[i], out.conforming = log.events[i].conforming;
  return out;
}

RecordId EventReading::id(std::size_t c, std::size_t i) const {
  const auto& event = logs_[c].events[i];
  return {RecordId::System("events"), RecordId::Scope(logs_[c].name),
          RecordId::Iri(event.id.empty() ? std::string{} : iri_of(event))};
}

Result<std::vector<Statements>> EventReading::statements(Disk&) {
  std::vector<Statements> out;
  for (auto& of_log : statements_) {
    for (auto& one : of_log) out.push_back(std::move(one.statements));
    of_log.clear();
  }
  return out;
}

void add_in_graphs(Graph& out, std::vector<TenantStatements>& all) {
  for (auto& one : all) {
    auto& from = one.statements.graph;
    const auto name = out.terms().intern(iri_text(graph_of_tenant(one.tenant)));
    const auto map = out.terms().merge(std::move(from.terms()));
    for (const auto& quad : from.quads()) out.add({map[quad.s], map[quad.p], map[quad.o], name});
  }
  all.clear();
}

Result<Graph> EventReading::convert(Disk&) {
  Graph out;
  for (auto& of_log : statements_) add_in_graphs(out, of_log);
  return out;
}

// ---- sealing ----
Readiness EventReading::readiness(std::size_t c, std::size_t i) const {
  const auto& log = logs_[c];
  if (log.about.stream)
    return {Readiness::State::unplaced, "events of a stream are appended: provgate events append -"};
  if (log.laid_out)
    return {Readiness::State::unplaced, "events that stand on several lines are appended: provgate events append FILE"};
  if (log.events[i].id.empty()) return {Readiness::State::never, "it has no id"};
  return {};
}

Result<Draft> EventReading::draft(Disk&, std::size_t c, std::size_t i, const std::string&) const {
  const auto& log = logs_[c];
  const auto& event = log.events[i];
  const auto bytes = std::string_view(log.bytes.text).substr(event.offset, event.length);
  const auto digest = sha256(bytes);
  if (!std::ranges::equal(digest, event.digest))
    return fail(Code::world, log.path + " changed while it was read", "run it again");
  Draft out;
  out.id = id(c, i), out.kind = profile_, out.owner = log.owners[i], out.root = log.about.root;
  out.record_digest = Digest(to_hex(digest));
  // Once for all events of the log.
  if (log.digest.empty()) log.digest = sha256_hex(log.bytes.text);
  out.files.emplace(log.name, CoveredFile{log.digest, CoveredFile::Role::witnessed});
  // What the original does not take is never kept: nothing finds it.
  if (event.refused) return out.records.emplace_back(std::string(bytes), IndexRows()), out;
  TRY(const auto kept, read_kept(bytes, profile_));
  out.records.emplace_back(std::string(bytes), rows_of(kept.judged));
  return out;
}

bool EventReading::knows_scope(std::size_t c, const RecordId& id) const {
  return id.system.text == "events" && id.scope.text == logs_[c].name;
}

}  // namespace provgate::events
