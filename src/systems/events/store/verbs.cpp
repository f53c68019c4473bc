// SPDX-License-Identifier: Apache-2.0
#include "systems/events/store/verbs.hpp"

#include <charconv>

#include "base/json_write.hpp"
#include "systems/events/store/kept_event.hpp"
#include "systems/events/store/stream.hpp"

namespace provgate::events {
namespace {

using enum SystemFlag::Takes;
constexpr auto k_use = SystemFlag::Use::reading;
constexpr std::size_t k_batch_events = 10'000;

const std::string& setting(const VerbRequest& request, std::string_view name) {
  static const std::string k_none;
  const auto found = request.settings.find(name);
  return found == request.settings.end() ? k_none : found->second;
}
std::optional<std::string> given(const VerbRequest& request, std::string_view name) {
  const auto& text = setting(request, name);
  return text.empty() ? std::nullopt : std::optional(text);
}

Result<std::optional<std::uint64_t>> number(const VerbRequest& request, std::string_view name) {
  const auto& text = setting(request, name);
  if (text.empty()) return std::optional<std::uint64_t>{};
  std::uint64_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size())
    return fail(Code::usage, "--" + std::string(name) + " " + quote(text) + " is not a number");
  return std::optional(out);
}

Result<EventStore> open(const VerbRequest& request, bool create) {
  TRY(auto* keeper, request.keeper(create));
  EventRules rules;
  rules.profile = setting(request, "profile");
  const auto& ids = setting(request, "ids");
  if (!ids.empty() && ids != "store" && ids != "any")
    return fail(Code::usage, "--ids " + quote(ids) + " is neither store nor any");
  rules.any_ids = ids == "any";
  TRY(const auto threads, number(request, "threads"));
  rules.threads = static_cast<unsigned>(threads.value_or(0));
  return EventStore::on(*keeper, std::move(rules));
}

// What --query holds; nothing where it was not given.
Result<std::optional<std::string>> query_text(const World& world, const VerbRequest& request) {
  const auto& path = setting(request, "query");
  constexpr std::size_t k_most_bytes = 1 << 20;
  if (path.empty()) return std::optional<std::string>{};
  if (path == "-") return std::optional(request.standard_input());
  TRY(auto text, world.disk.read(path, k_most_bytes, true));
  return std::optional(std::move(text));
}

Result<EventQuery> event_query(const World& world, const VerbRequest& request) {
  EventQuery out;
  TRY(const auto text, query_text(world, request));
  if (text) {
    TRY(out, EventQuery::parse(*text));
  }
  const auto take = [&](std::optional<std::string>& to, std::string_view name) {
    if (auto value = given(request, name)) to = std::move(value);
  };
  take(out.tenant_id, "tenant"), take(out.correlation_id, "correlation"), take(out.chain_id, "chain");
  take(out.from, "from"), take(out.to, "to");
  for (const auto kind : split(setting(request, "kind"), '\n')) {
    if (!kind.empty()) out.kinds.emplace_back(kind);
  }
  TRY(const auto limit, number(request, "limit"));
  if (limit) out.limit = limit;
  return out;
}

// ---- the verbs ----
Result<VerbAnswer> append(const World& world, const VerbRequest& request) {
  TRY(const auto batch, number(request, "batch"));
  if (batch == 0U || batch.value_or(1) > k_most_kept_at_once)
    return fail(Code::usage, "--batch is a number from 1 to " + std::to_string(k_most_kept_at_once));
  TRY(auto store, open(request, true));
  AppendRun run(world, request, store, setting(request, "each") == SystemFlag::k_given, batch.value_or(k_batch_events));
  for (const auto& path : request.arguments) {
    auto done = path == "-" ? run.stream() : run.file(path);
    if (!done) {
      (void)run.answer();
      return tl::unexpected<Error>(done.error());
    }
    if (!*done) break;
  }
  return run.answer();
}

Result<VerbAnswer> query(const World& world, const VerbRequest& request) {
  TRY(const auto wanted, event_query(world, request));
  TRY(auto store, open(request, false));
  constexpr std::size_t k_at_once_bytes = 64 << 10;
  std::string text;
  TRY(const auto count, store.query(wanted, [&](std::string_view event) {
    // An event that stands on one line, as nearly all do, is not copied twice.
    if (event.find_first_of("\r\n") == std::string_view::npos) {
      text += event;
    } else {
      text += on_one_line(event);
    }
    text += '\n';
    if (text.size() < k_at_once_bytes) return true;
    const bool more = request.write(text);
    text.clear();
    return more;
  }));
  request.write(text);
  VerbAnswer out;
  if (count == 0 && wanted.limit != 0U) {
    request.note("no event is so");
    out.code = Code::nothing;
  }
  return out;
}

Result<VerbAnswer> artifact(const World& world, const VerbRequest& request) {
  ArtifactQuery wanted;
  TRY(const auto text, query_text(world, request));
  if (text) {
    TRY(wanted, ArtifactQuery::parse(*text));
  }
  if (request.arguments.size() > 1) return fail(Code::usage, "more than one artifact", "name one, or none for all");
  if (!request.arguments.empty()) wanted.artifact_id = request.arguments.front();
  if (auto tenant = given(request, "tenant")) wanted.tenant_id = std::move(tenant);
  // In the words of the original, which says what is none.
  auto said = Json::object();
  if (const auto state = given(request, "state")) said.set("state", *state);
  if (const auto kind = given(request, "kind"))
    said.set("kind", kind->starts_with('{') ? Json::raw(*kind) : Json(*kind));
  TRY(auto also, ArtifactQuery::parse(said.compact()));
  if (also.state) wanted.state = std::move(also.state);
  if (also.kind) wanted.kind = std::move(also.kind);
  TRY(const auto limit, number(request, "limit"));
  if (limit) wanted.limit = limit;
  TRY(auto store, open(request, false));
  TRY(const auto found, store.artifacts(wanted));
  VerbAnswer out;
  for (const auto& one : found) {
    auto line = Json::object();
    line.set("artifact_id", one.id).set("artifact_kind", one.kind.empty() ? Json() : Json::raw(one.kind));
    line.set("state", one.state).set("tenant_id", one.tenant ? Json(*one.tenant) : Json());
    line.set("event_id", one.event).set("since", one.since);
    out.text += line.compact() + "\n";
  }
  if (!found.empty()) return out;
  request.note("no artifact is so");
  out.code = Code::nothing;
  return out;
}

Result<VerbAnswer> transition(const World& world, const VerbRequest& request) {
  if (request.arguments.size() != 1) return fail(Code::usage, "one artifact changes its state at a time");
  ArtifactTransition wanted;
  wanted.artifact_id = request.arguments.front();
  for (const auto& [name, to] :
       {std::pair("kind", &wanted.kind), {"to", &wanted.to}, {"actor", &wanted.actor}, {"reason", &wanted.reason}}) {
    *to = setting(request, name);
    if (to->empty()) return fail(Code::usage, "--" + std::string(name) + " is missing");
  }
  wanted.from = given(request, "from"), wanted.tenant = given(request, "tenant"),
  wanted.ticket = given(request, "ticket");
  wanted.at = given(request, "at").value_or(format_utc(world.clock.now_micros()));
  TRY(auto store, open(request, true));
  TRY(const auto done, store.transition(wanted));
  VerbAnswer out;
  for (const auto& f : done.findings) request.finding(f);
  out.findings = done.refused > 0;
  if (done.unreadable) out.code = Code::input;
  if (done.entry) out.text = "appended  #" + std::to_string(done.entry.number) + "  1 event\n";
  if (done.known) request.note("it stands there already");
  return out;
}

Result<VerbAnswer> trace_link(const World&, const VerbRequest& request) {
  if (request.arguments.size() != 1) return fail(Code::usage, "name one replay trace");
  TRY(auto store, open(request, false));
  TRY(auto text, store.trace_link(given(request, "tenant"), request.arguments.front()));
  VerbAnswer out;
  out.text = std::move(text) + "\n";
  return out;
}

Result<VerbAnswer> summary(const World& world, const VerbRequest& request) {
  TRY(const auto wanted, event_query(world, request));
  TRY(auto store, open(request, false));
  TRY(const auto counts, store.summary(wanted));
  auto kinds = Json::object();
  std::uint64_t all = 0;
  for (const auto& [label, count] : counts) kinds.set(label, count), all += count;
  VerbAnswer out;
  out.text = Json::object().set("events", all).set("kinds", std::move(kinds)).pretty();
  if (all == 0) out.code = Code::nothing;
  return out;
}

constexpr SystemFlag k_profile = {"profile", "Release of the original that wrote them: converge-3.9, -3.7 or -3.5",
                                  "converge-3.9", k_use};
constexpr SystemFlag k_tenant = {"tenant", "Only of this tenant", "", k_use};
constexpr SystemFlag k_limit = {"limit", "At most so many", "", k_use};
constexpr SystemFlag k_query_flag = {"query", "The query as JSON of the original, in this file (- for standard input)",
                                     "", k_use};
constexpr SystemFlag k_append_flags[] = {
    k_profile,
    {"ids", "Ids of events: store (as the original store takes them) or any", "store", k_use},
    {"each", "Append those without errors, and leave out the others", "", k_use, nothing},
    {"batch", "Most events in one batch", "10000", k_use},
    {"threads", "Threads (default: all)", "", k_use}};
constexpr SystemFlag k_query_flags[] = {k_tenant,
                                        {"from", "Not before this time", "", k_use},
                                        {"to", "Not after this time", "", k_use},
                                        {"kind", "Only of this kind; may be given several times", "", k_use, values},
                                        {"correlation", "Only of this correlation", "", k_use},
                                        {"chain", "Only of this chain", "", k_use},
                                        k_limit,
                                        k_query_flag};
constexpr std::span<const SystemFlag> k_summary_flags(k_query_flags,
                                                      6);  // but for a limit, and a query that may have one
constexpr SystemFlag k_artifact_flags[] = {k_tenant,
                                           {"kind", "Only of this kind", "", k_use},
                                           {"state", "Only in this state", "", k_use},
                                           k_limit,
                                           k_query_flag};
constexpr SystemFlag k_transition_flags[] = {
    {"tenant", "Whose artifact it is", "", k_use},
    {"kind", "What it is: Adapter, Pack, Policy, TruthFile, EvalSuite", "", k_use},
    {"from", "The state it leaves (default: the one it is in)", "", k_use},
    {"to", "The state it gets", "", k_use},
    {"actor", "Who brings it there", "", k_use},
    {"reason", "Why", "", k_use},
    {"ticket", "A ticket it rests on", "", k_use},
    {"at", "When (default: now)", "", k_use},
    k_profile};
constexpr SystemFlag k_trace_flags[] = {k_tenant};

constexpr std::string_view k_group = "events";
constexpr SystemVerb k_verbs[] = {
    {"append", "Append events to the store, in batches that are there whole or not at all", "FILE",
     "Events, one a line; - reads standard input as they come", k_append_flags, &append, k_group, true, true, true},
    {"query", "Events in order of time", "", "", k_query_flags, &query, k_group, false, true},
    {"artifact", "Where artifacts stand now", "ARTIFACT", "Its id; without one all are listed", k_artifact_flags,
     &artifact, k_group, false, true},
    {"transition", "Bring an artifact from one state to another: appends an event", "ARTIFACT", "Its id",
     k_transition_flags, &transition, k_group, true, true, true},
    {"trace-link", "The replay trace that was recorded first under an id", "TRACE", "Its id", k_trace_flags,
     &trace_link, k_group, true, true},
    {"summary", "How many events there are of each kind", "", "", k_summary_flags, &summary, k_group, false, true}};

}  // namespace

std::span<const SystemVerb> verbs() { return k_verbs; }

}  // namespace provgate::events
