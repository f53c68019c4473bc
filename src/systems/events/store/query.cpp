// SPDX-License-Identifier: Apache-2.0
#include "systems/events/store/query.hpp"

#include <algorithm>
#include <queue>

#include "systems/events/wire/forms.hpp"

namespace provgate::events {
namespace {

// The rows of several names as one, in order.
class Merged {
 public:
  static Result<Merged> of(const KeptRecords& kept, const std::vector<std::string>& names, std::string_view from) {
    Merged out;
    for (const auto& name : names) {
      TRY(auto rows, kept.rows(name, from));
      out.all_.push_back({std::move(rows), nullptr});
      CHECKED(out.advance(out.all_.size() - 1));
    }
    return out;
  }
  // The next of all; null at the end.
  Result<const KeptRecords::Found*> next() {
    if (last_) CHECKED(advance(*std::exchange(last_, std::nullopt)));
    if (waiting_.empty()) return nullptr;
    const auto first = waiting_.top().of;
    waiting_.pop();
    last_ = first;
    return all_[first].at;
  }

 private:
  struct Source {
    std::unique_ptr<KeptRecords::Rows> rows;
    const KeptRecords::Found* at;
  };
  // What is compared stays where it is in the store as long as the snapshot lives.
  struct Waiting {
    std::string_view order;
    KeptPlace place;
    std::size_t of;
    bool operator<(const Waiting& other) const {
      return order != other.order ? order > other.order : place > other.place;
    }
  };
  Result<void> advance(std::size_t i) {
    TRY(all_[i].at, all_[i].rows->next());
    if (all_[i].at) waiting_.push({all_[i].at->order, all_[i].at->place, i});
    return {};
  }

  std::vector<Source> all_;
  std::priority_queue<Waiting> waiting_;
  std::optional<std::size_t> last_;
};

// The names that begin so, of each tenant one.
Result<std::vector<std::string>> of_all_tenants(const KeptRecords& kept, const std::string& begin) {
  std::vector<std::string> out;
  std::string from;
  while (true) {
    TRY(auto rows, kept.rows(begin, from));
    TRY(const auto* row, rows->next());
    if (!row) return out;
    const auto tenant = row->order.substr(0, row->order.find('\0'));
    out.push_back(std::string(begin).append(tenant).append(1, '\0'));
    from = std::string(tenant) + '\1';
  }
}

// The index that leads to the fewest.
Result<std::vector<std::string>> names_for(const KeptRecords& kept, const Wanted& wanted) {
  const auto& query = wanted.query;
  if (query.chain_id && query.tenant_id) return std::vector{by_chain(*query.chain_id, query.tenant_id)};
  if (query.chain_id) return of_all_tenants(kept, by_chain(*query.chain_id));
  if (query.correlation_id && query.tenant_id)
    return std::vector{by_correlation(*query.correlation_id, query.tenant_id)};
  if (query.correlation_id) return of_all_tenants(kept, by_correlation(*query.correlation_id));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::size(k_kind_names); ++i) {
    const auto kind = static_cast<std::uint8_t>(i);
    if (!wanted.kinds.empty() && std::ranges::find(wanted.kinds, kind) == wanted.kinds.end()) continue;
    out.push_back(query.tenant_id ? by_kind(kind, query.tenant_id) : by_kind(kind));
  }
  return out;
}

Result<std::string> end_of_range(const std::optional<std::string>& time, std::string_view which) {
  if (!time) return std::string{};
  if (!instant_of(*time))
    return fail(Code::usage, "the " + std::string(which) + " of the range is no instant: " + quote(*time),
                "an xsd:dateTime with a zone, such as 2026-05-06T09:00:00Z");
  return order_of(*time);
}

// Whether an event has what the index in use does not tell.
class Rest {
 public:
  Rest(const KeptRecords& kept, const Wanted& wanted) : kept_(kept), query_(wanted.query) {
    correlation_ = query_.chain_id && query_.correlation_id;
  }
  Result<bool> holds(KeptPlace place) const {
    if (!correlation_) return true;
    TRY(const auto bytes, kept_.bytes(place));
    TRY(const auto profile, kept_.kind(place.entry));
    TRY(const auto event, read_kept(bytes, profile));
    return event.judged.envelope.find("correlation_id").text() == *query_.correlation_id;
  }

 private:
  const KeptRecords& kept_;
  const EventQuery& query_;
  bool correlation_ = false;
};

}  // namespace

std::optional<std::uint8_t> kind_named(std::string_view name) {
  const auto found = std::ranges::find(k_kind_names, name, &Variant::name);
  if (found == std::end(k_kind_names)) return {};
  return static_cast<std::uint8_t>(found - std::begin(k_kind_names));
}

Result<Wanted> understood(const EventQuery& query) {
  Wanted out{query, {}, {}, {}};
  for (const auto& name : query.kinds) {
    const auto kind = kind_named(name);
    if (!kind) {
      std::vector<std::string_view> names;
      for (const auto& one : k_kind_names) names.push_back(one.name);
      const auto near = closest(name, names);
      return fail(Code::usage, "there is no kind of event " + quote(name), near ? "did you mean " + *near + "?" : "");
    }
    out.kinds.push_back(*kind);
  }
  TRY(out.from, end_of_range(query.from, "begin"));
  TRY(out.to, end_of_range(query.to, "end"));
  if (!out.from.empty() && !out.to.empty() && out.to < out.from)
    return fail(Code::usage, "the range ends before it begins", "swap its ends");
  return out;
}

Result<void> find(const KeptRecords& kept, const Wanted& wanted, const VisitPlace& visit) {
  const bool range = !wanted.from.empty() || !wanted.to.empty();
  const auto behind = order_behind_instants();
  const Rest rest(kept, wanted);
  TRY(const auto names, names_for(kept, wanted));
  TRY(auto rows, Merged::of(kept, names, wanted.from));
  while (true) {
    TRY(const auto* row, rows.next());
    if (!row || (range && row->order >= behind) || (!wanted.to.empty() && row->order > wanted.to)) return {};
    const auto kind = kind_said(row->says);
    if (!wanted.kinds.empty() && std::ranges::find(wanted.kinds, kind) == wanted.kinds.end()) continue;
    const auto place = row->place;
    TRY(const bool holds, rest.holds(place));
    if (!holds) continue;
    TRY(const bool more, visit(place, kind));
    if (!more) return {};
  }
}

}  // namespace provgate::events
