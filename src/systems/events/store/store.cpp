// SPDX-License-Identifier: Apache-2.0
// The interface of the original store.
#include <algorithm>
#include <future>
#include <map>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "systems/events/store/append.hpp"
#include "systems/events/store/query.hpp"
#include "systems/events/wire/forms.hpp"

namespace provgate::events {

Result<EventStore> EventStore::on(Keeper& keeper, EventRules rules) {
  CHECKED(rulebook_of(rules.profile));
  return EventStore(keeper, std::move(rules));
}

Result<std::unique_ptr<Appending>> EventStore::read(const EventText& given, bool each) const {
  TRY(auto book, rulebook_of(rules_.profile));
  book.any_ids = rules_.any_ids, book.digest = false;
  auto out = std::make_unique<Appending>(rules_, book, each);
  out->read(given.text, given.name, given.first_line);
  return out;
}

Result<Appended> EventStore::keep(Appending& read) {
  TRY(const auto entry, keeper_->keep([&](const KeptRecords& kept) { return read.batch(kept); }));
  return std::move(read).outcome(entry);
}

Result<Appended> EventStore::append(const EventText& given, bool each) {
  TRY(const auto was_read, read(given, each));
  return keep(*was_read);
}

Result<void> EventStore::append_each(const NextText& next, bool each, const Done& done) {
  std::unique_ptr<Appending> was_read;
  for (bool more = true; more || was_read;) {
    const auto given = more ? next() : std::nullopt;
    more = given.has_value();
    std::future<Result<std::unique_ptr<Appending>>> reading;
    if (given) reading = std::async(std::launch::async | std::launch::deferred, [&] { return read(*given, each); });
    auto kept = was_read ? keep(*was_read).map([&](const Appended& of) { return done(of); }) : Result<bool>(true);
    was_read.reset();
    // What was begun is waited for, whatever came of the one before it.
    if (given) {
      auto got = reading.get();
      if (!got && kept) kept = tl::unexpected<Error>(got.error());
      if (got) was_read = std::move(*got);
    }
    if (!kept) return tl::unexpected<Error>(kept.error());
    if (!*kept) return {};
  }
  return {};
}

Result<std::uint64_t> EventStore::query(const EventQuery& query, const Visit& visit) {
  TRY(const auto wanted, understood(query));
  TRY(const auto kept, keeper_->look());
  std::uint64_t count = 0;
  if (query.limit == 0U) return count;
  CHECKED(find(*kept, wanted, [&](KeptPlace place, std::uint8_t) -> Result<bool> {
    TRY(const auto bytes, kept->bytes(place));
    ++count;
    return visit(bytes) && (!query.limit || count < *query.limit);
  }));
  return count;
}

// ---- artifacts ----
namespace {

// What a kept change of state says.
Result<ArtifactState> state_in(const KeptRecords& kept, KeptPlace place) {
  TRY(const auto bytes, kept.bytes(place));
  TRY(const auto profile, kept.kind(place.entry));
  TRY(const auto event, read_kept(bytes, profile));
  const auto envelope = event.judged.envelope;
  const auto data = data_of(envelope);
  ArtifactState out;
  out.tenant = event.judged.event.tenant, out.event = event.judged.event.id;
  out.since = envelope.find("occurred_at").text();
  for (const auto& one : event.judged.mentions) {
    if (one.what != Mention::What::transition) continue;
    out.id = one.id, out.state = one.detail.substr(one.detail.find(' ') + 1);
  }
  if (const auto kind = data.find("artifact_kind")) append_canonical(out.kind, kind, k_artifact_kind, {});
  return out;
}

}  // namespace

Result<std::vector<ArtifactState>> EventStore::artifacts(const ArtifactQuery& query) {
  TRY(const auto kept, keeper_->look());
  // In the order in which they were first seen; a rollback does not say the kind again.
  std::vector<ArtifactState> all;
  std::map<std::string, std::size_t> known;
  const auto add = [&](KeptPlace place) -> Result<void> {
    TRY(auto now, state_in(*kept, place));
    const auto [at, fresh] = known.try_emplace(by_thing("artifact", now.tenant, now.id), all.size());
    if (fresh) return all.push_back(std::move(now)), Result<void>{};
    auto& then = all[at->second];
    if (now.kind.empty()) now.kind = std::move(then.kind);
    then = std::move(now);
    return {};
  };
  const bool one = query.artifact_id && query.tenant_id;
  TRY(auto rows, kept->rows(one ? by_thing("artifact", query.tenant_id, *query.artifact_id) : by_any_artifact(), {}));
  while (true) {
    TRY(const auto* row, rows->next());
    if (!row) break;
    CHECKED(add(row->place));
  }
  std::vector<ArtifactState> out;
  for (auto& state : all) {
    const bool wanted = (!query.tenant_id || state.tenant == query.tenant_id) &&
                        (!query.artifact_id || state.id == *query.artifact_id) &&
                        (!query.kind || state.kind == *query.kind) && (!query.state || state.state == *query.state);
    if (wanted && (!query.limit || out.size() < *query.limit)) out.push_back(std::move(state));
  }
  return out;
}

namespace {

// Where an artifact stands, with the kind that was said of it last; nothing where it is not known.
Result<std::optional<ArtifactState>> last_state(Keeper& keeper, const ArtifactTransition& wanted) {
  TRY(const auto kept, keeper.look());
  TRY(auto rows, kept->rows(by_thing("artifact", wanted.tenant, wanted.artifact_id), {}));
  std::optional<ArtifactState> out;
  while (true) {
    TRY(const auto* row, rows->next());
    if (!row) return out;
    TRY(auto now, state_in(*kept, row->place));
    if (now.kind.empty() && out) now.kind = std::move(out->kind);
    out = std::move(now);
  }
}

// Of a text that is no kind, what no kind is.
std::string canonical_kind(const std::string& json) {
  auto query = ArtifactQuery::parse("{\"kind\":" + json + "}");
  return query && query->kind ? *query->kind : std::string{};
}

}  // namespace

Result<Appended> EventStore::transition(const ArtifactTransition& wanted) {
  if (wanted.artifact_id.empty()) return fail(Code::usage, "an artifact without an id");
  if (!instant_of(wanted.at))
    return fail(Code::usage, quote(wanted.at) + " is not an xsd:dateTime with a zone", "2026-05-06T09:00:00Z");
  TRY(const auto known, last_state(*keeper_, wanted));
  auto from = wanted.from;
  if (!from) {
    if (!known)
      return fail(Code::nothing, "no artifact " + quote(wanted.artifact_id) + " is known here", "say its state now");
    from = known->state;
  }
  // A kind is a name, or JSON that says more.
  auto kind = wanted.kind.starts_with('{') ? Json::raw(wanted.kind) : Json(wanted.kind);
  if (known && !known->kind.empty() && known->kind != canonical_kind(kind.compact()))
    return fail(Code::usage, "the artifact " + quote(wanted.artifact_id) + " is of the kind " + known->kind);
  auto change = Json::object();
  change.set("from_state", *from).set("to_state", wanted.to).set("timestamp", wanted.at).set("actor", wanted.actor);
  change.set("reason", wanted.reason);
  if (wanted.ticket) change.set("ticket_ref", *wanted.ticket);
  if (wanted.tenant) change.set("tenant_id", *wanted.tenant);
  auto event = Json::object().set("type", "ArtifactStateTransitioned");
  event.set("data", Json::object()
                        .set("artifact_id", wanted.artifact_id)
                        .set("artifact_kind", std::move(kind))
                        .set("event", std::move(change)));
  const auto id = "transition-" + sha256_hex(event.canonical()).text.substr(0, 32);
  auto envelope = Json::object();
  envelope.set("event_id", id).set("occurred_at", wanted.at);
  if (wanted.tenant) envelope.set("tenant_id", *wanted.tenant);
  envelope.set("event", std::move(event));
  const auto text = envelope.compact();
  return append({text, "transition", 1});
}

// ---- traces, counts ----
namespace {

// The first trace of each tenant that has one under that id.
Result<std::vector<KeptPlace>> traces_of(const KeptRecords& kept, const Tenant& tenant, const std::string& id) {
  std::vector<KeptPlace> out;
  std::string last;
  const auto end = ends_by_id(id);
  TRY(auto rows, kept.rows(tenant ? by_thing("trace", tenant, id) : by_any_of("trace"), {}));
  while (true) {
    TRY(const auto* row, rows->next());
    if (!row) return out;
    if (!tenant && !row->order.ends_with(end)) continue;
    if (mention_said(row->says, id).what != Mention::What::trace || (!out.empty() && row->order == last)) continue;
    out.push_back(row->place), last = row->order;
  }
}

}  // namespace

Result<std::string> EventStore::trace_link(const std::optional<std::string>& tenant, const std::string& id) {
  TRY(const auto kept, keeper_->look());
  TRY(const auto places, traces_of(*kept, tenant, id));
  if (places.empty()) return fail(Code::nothing, "no replay trace " + quote(id) + " was recorded here");
  if (places.size() > 1)
    return fail(Code::usage, with_commas(places.size()) + " tenants have a replay trace " + quote(id),
                "name one of them");
  TRY(const auto bytes, kept->bytes(places.front()));
  TRY(const auto profile, kept->kind(places.front().entry));
  TRY(const auto event, read_kept(bytes, profile));
  const auto data = data_of(event.judged.envelope);
  return on_one_line(data.find("trace_link").raw());
}

Result<std::map<std::string, std::uint64_t>> EventStore::summary(const EventQuery& query) {
  TRY(const auto wanted, understood(query));
  TRY(const auto kept, keeper_->look());
  std::array<std::uint64_t, std::size(k_kind_names)> counts{};
  CHECKED(find(*kept, wanted, [&](KeptPlace, std::uint8_t kind) -> Result<bool> {
    if (kind < counts.size()) ++counts[kind];
    return true;
  }));
  std::map<std::string, std::uint64_t> out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i]) out.emplace(label_of(static_cast<std::uint8_t>(i)), counts[i]);
  }
  return out;
}

}  // namespace provgate::events
