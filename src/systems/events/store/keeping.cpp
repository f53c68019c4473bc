// SPDX-License-Identifier: Apache-2.0
#include "systems/events/store/keeping.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "systems/events/convert/convert.hpp"
#include "systems/events/reading.hpp"
#include "systems/events/store/append.hpp"
#include "systems/events/store/index.hpp"
#include "systems/events/store/kept_event.hpp"

namespace provgate::events {
namespace {

// Events of a batch, on one thread.
struct Said {
  std::vector<TenantStatements> statements;
  std::vector<Event> events;
  std::vector<std::vector<Mention>> mentions;
  std::optional<Error> failed;
};

Graph& graph_in(std::vector<TenantStatements>& all, const Tenant& tenant) {
  auto found = std::ranges::find(all, tenant, &TenantStatements::tenant);
  if (found == all.end()) found = all.insert(all.end(), {tenant, {}});
  return found->statements.graph;
}

void say_one(std::string_view bytes, const std::string& profile, Said& out) {
  if (out.failed) return;
  auto kept = read_kept(bytes, profile);
  if (!kept) {
    out.failed = kept.error();
    return;
  }
  auto& judged = kept->judged;
  Writer writer(graph_in(out.statements, judged.event.tenant), 0, {}, judged.event.tenant);
  convert_event(judged.envelope, judged.event, writer);
  out.events.push_back(std::move(judged.event));
  out.mentions.push_back(std::move(judged.mentions));
}

// The newest event before the batch that defines a thing.
Result<std::string> newest_before(const KeptRecords& kept, Seq batch, std::string_view thing, const Event& event,
                                  std::string_view id) {
  TRY(auto rows, kept.rows(by_thing(thing, event.tenant, id), {}));
  std::optional<KeptPlace> newest;
  while (true) {
    TRY(const auto* row, rows->next());
    if (!row || row->place.entry >= batch) break;
    // What only proposes is no validation, and what records a trace revises none.
    const auto what = mention_said(row->says, id).what;
    if (what != Mention::What::proposes && what != Mention::What::trace) newest = row->place;
  }
  if (!newest) return std::string{};
  TRY(const auto bytes, kept.bytes(*newest));
  TRY(const auto profile, kept.kind(newest->entry));
  TRY(const auto found, read_kept(bytes, profile));
  return iri_of(found.judged.event);
}

class EventKeeping final : public Keeping {
 public:
  Result<IndexRows> found_by(std::string_view bytes, std::string_view kind) const override {
    TRY(const auto event, read_kept(bytes, kind));
    return rows_of(event.judged);
  }

  Result<std::string> iri(std::string_view bytes, std::string_view kind) const override {
    TRY(const auto event, read_kept(bytes, kind));
    return iri_of(event.judged.event);
  }

  Result<std::vector<KeptPlace>> named(const KeptRecords& kept, std::string_view name) const override {
    std::vector<KeptPlace> out;
    if (const auto event = events::named("event", name)) {
      TRY(const auto found, kept.last(by_id(event->tenant, event->id)));
      if (found) out.push_back(found->place);
      return out;
    }
    // A local id, of whichever tenant.
    const auto end = ends_by_id(name);
    TRY(auto rows, kept.rows(any_id(), {}));
    while (true) {
      TRY(const auto* row, rows->next());
      if (!row) return out;
      if (row->order.ends_with(end)) out.push_back(row->place);
    }
  }

  Result<std::vector<Held>> hold(const KeptRecords& kept, const std::vector<Offered>& offered,
                                 const std::string& kind) const override {
    TRY(auto book, rulebook_of(kind));
    // Ids that were taken when the log was judged are taken here.
    book.any_ids = true, book.digest = false;
    Appending appending({kind, true, 1}, book, true);
    for (const auto& one : offered) appending.offer(one);
    TRY(auto out, appending.hold(kept));
    if (out.size() != offered.size()) return fail(Code::bug, "a record is not one line");
    return out;
  }

  Result<Graph> say(const KeptRecords& kept, const LedgerEntry& batch, unsigned threads) const override {
    std::vector<std::string_view> records;
    CHECKED(kept.each({batch.seq, 0}, [&](KeptPlace place, std::string_view bytes) {
      if (place.entry == batch.seq) records.push_back(bytes);
      return place.entry == batch.seq;
    }));
    constexpr std::size_t k_at_once = 512;
    std::vector<Said> said((records.size() + k_at_once - 1) / k_at_once);
    parallel_for(said.size(), threads, [&](std::size_t i) {
      const auto end = std::min(records.size(), (i + 1) * k_at_once);
      for (auto at = i * k_at_once; at < end; ++at) say_one(records[at], batch.record_kind, said[i]);
    });
    Graph out;
    std::vector<TenantStatements> joined;
    std::optional<Error> failed;
    Joins joins([&](const Event& event) { return Writer(graph_in(joined, event.tenant), 0, {}, event.tenant); },
                [&](std::string_view thing, const Event& event, std::string_view id) {
                  auto found = newest_before(kept, batch.seq, thing, event, id);
                  if (!found && !failed) failed = found.error();
                  return found.value_or("");
                });
    for (auto& part : said) {
      if (part.failed) return tl::unexpected<Error>(*part.failed);
      for (std::size_t i = 0; i < part.events.size(); ++i) joins.add(part.events[i], part.mentions[i]);
      add_in_graphs(out, part.statements);
    }
    if (failed) return tl::unexpected<Error>(*failed);
    add_in_graphs(out, joined);
    return out;
  }
};

}  // namespace

const Keeping& keeping() {
  static const EventKeeping k_keeping;
  return k_keeping;
}

}  // namespace provgate::events
