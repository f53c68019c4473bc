// SPDX-License-Identifier: Apache-2.0
// The store of events: batches, what is found against a naive search, the graph against that of the log, damage.
#include "provgate/systems/events/event_store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/json_write.hpp"
#include "provgate/gate/gate.hpp"
#include "support/records.hpp"
#include "support/sample.hpp"
#include "support/store_rows.hpp"

namespace provgate::test {
namespace {

using events::EventQuery;

// A store of events in a directory of its own.
struct EventBench {
  EventBench() { reopen(); }
  void reopen() {
    events.reset(), keeper.reset(), store.reset();
    auto opened = Store::open(where(), true);
    store.emplace(std::move(*opened));
    keeper = make_keeper(fake.world.clock, *store, {});
    events.emplace(*events::EventStore::on(*keeper, rules));
  }
  std::string where() const { return join_path(home.path, "store"); }
  events::Appended append(const std::string& text, bool each = false) {
    auto done = events->append({text, "log", 1}, each);
    EXPECT_TRUE(done) << done.error().why;
    return done ? *done : events::Appended{};
  }
  std::vector<std::string> find(const EventQuery& query) {
    std::vector<std::string> out;
    const auto count = events->query(query, [&](std::string_view event) {
      out.emplace_back(event);
      return true;
    });
    EXPECT_TRUE(count) << count.error().why;
    EXPECT_EQ(count.value_or(0), out.size());
    return out;
  }
  std::vector<BadRow> faults() {
    auto tables = store->check_tables();
    EXPECT_TRUE(tables) << tables.error().why;
    auto out = tables->faults;
    if (!out.empty()) return out;
    const auto index = check_index(*store);
    EXPECT_TRUE(index) << index.error().why;
    if (index) out.insert(out.end(), index->begin(), index->end());
    return out;
  }

  TemporaryDirectory home;
  FakeWorld fake;
  events::EventRules rules;
  std::optional<Store> store;
  std::unique_ptr<Keeper> keeper;
  std::optional<events::EventStore> events;
};

const std::string& whole_run() { return find_rule("EVT-001")->good.at("run.ndjson"); }
std::vector<std::string> events_of(const std::string& text) {
  std::vector<std::string> out;
  for (const auto line : split(text, '\n')) {
    if (!line.empty()) out.emplace_back(line);
  }
  return out;
}
std::vector<std::string> rules_of(const events::Appended& done) {
  std::vector<std::string> out;
  for (const auto& f : done.findings) out.push_back(f.rule);
  return out;
}

// An event with what queries look at; the rest of it does not matter.
struct Simple {
  std::string id, at, tenant, correlation, chain;
  bool outcome = true;  // else a budget that was exceeded
  std::string text() const {
    auto data = Json::object().set("chain_id", chain);
    if (outcome) {
      data.set("step", "Planning").set("passed", true);
    } else {
      data.set("resource", "Tokens").set("limit", "10");
    }
    auto out = Json::object().set("event_id", id).set("occurred_at", at);
    if (!tenant.empty()) out.set("tenant_id", tenant);
    if (!correlation.empty()) out.set("correlation_id", correlation);
    out.set("event",
            Json::object().set("type", outcome ? "OutcomeRecorded" : "BudgetExceeded").set("data", std::move(data)));
    return out.compact();
  }
};

// ---- batches ------------------------------------------------------------------------------------
TEST(EventStore, ABatchIsThereWholeOrNotAtAll) {
  EventBench bench;
  const auto lines = events_of(whole_run());
  auto broken = lines[0] + "\n" + lines[1] + "\nnot JSON\n" + lines[2] + "\n";
  const auto none = bench.append(broken);
  EXPECT_EQ(none.appended, 0U);
  EXPECT_EQ(none.unreadable, 1U);
  EXPECT_FALSE(none.entry);
  ASSERT_FALSE(none.findings.empty());
  EXPECT_TRUE(std::ranges::any_of(none.findings, [](const auto& f) { return f.file == "log" && f.at.line == 3; }));
  EXPECT_TRUE(bench.find({}).empty());
  EXPECT_EQ(bench.store->head()->seq, Seq());

  const auto rest = bench.append(broken, true);
  EXPECT_EQ(rest.appended, 3U);
  EXPECT_EQ(rest.entry, Seq(1));
  EXPECT_EQ(bench.find({}).size(), 3U);
  EXPECT_TRUE(bench.faults().empty());
}

TEST(EventStore, TheSameEventAgainIsNothingNew) {
  EventBench bench;
  EXPECT_EQ(bench.append(whole_run()).appended, events_of(whole_run()).size());
  const auto again = bench.append(whole_run());
  EXPECT_EQ(again.appended, 0U);
  EXPECT_EQ(again.known, events_of(whole_run()).size());
  EXPECT_FALSE(again.entry);
  EXPECT_TRUE(again.findings.empty());
  // Within one batch, too.
  const Simple one{"n-1", "2026-01-01T00:00:00Z", "north", "", "c"};
  const auto twice = bench.append(one.text() + "\n" + one.text() + "\n");
  EXPECT_EQ(twice.appended, 1U);
  EXPECT_EQ(twice.known, 1U);
}

TEST(EventStore, AnIdIsOneEventOfItsTenant) {
  EventBench bench;
  Simple one{"n-1", "2026-01-01T00:00:00Z", "north", "", "c"};
  bench.append(one.text());
  auto other = one;
  other.chain = "d";
  const auto refused = bench.append(other.text());
  EXPECT_EQ(refused.refused, 1U);
  EXPECT_EQ(rules_of(refused), std::vector<std::string>{"EVT-027"});
  EXPECT_NE(refused.findings[0].message.find("record 0 of entry 1"), std::string::npos);
  other.tenant = "south";
  EXPECT_EQ(bench.append(other.text()).appended, 1U);
  other.tenant.clear();
  EXPECT_EQ(bench.append(other.text()).appended, 1U);
  // Two of one batch.
  Simple a{"n-2", "2026-01-01T00:00:00Z", "north", "", "c"}, b = a;
  b.chain = "d";
  const auto both = bench.append(a.text() + "\n" + b.text(), true);
  EXPECT_EQ(both.appended, 1U);
  EXPECT_EQ(rules_of(both), std::vector<std::string>{"EVT-027"});
}

TEST(EventStore, RulesGoOverAllThatIsKept) {
  const auto lines = events_of(whole_run());
  const auto line_with = [&](std::string_view text) {
    return *std::ranges::find_if(lines, [&](const auto& line) { return line.find(text) != std::string::npos; });
  };
  // Each event as a batch of its own: nothing dangles that came before.
  EventBench bench;
  for (const auto& line : lines) {
    const auto done = bench.append(line);
    EXPECT_EQ(done.appended, 1U) << line;
  }
  EXPECT_TRUE(bench.faults().empty());
  // A validation that failed lets nobody promote any more.
  auto validated = line_with("ProposalValidated");
  validated.replace(validated.find("e-05"), 4, "x-05");
  for (const std::string from : {"\"passed\":true", "\"all_passed\":true"}) {
    for (auto at = validated.find(from); at != std::string::npos; at = validated.find(from))
      validated.replace(at, from.size(), from.substr(0, from.size() - 4) + "false");
  }
  EXPECT_EQ(bench.append(validated).appended, 1U);
  auto promoted = line_with("FactPromoted");
  promoted.replace(promoted.find("e-07"), 4, "x-07");
  EXPECT_EQ(rules_of(bench.append(promoted)), std::vector<std::string>{"EVT-032"});
  // Another trace under an id that has one.
  auto trace = line_with("ReplayTraceRecorded");
  trace.replace(trace.find("e-02"), 4, "x-02");
  trace.replace(trace.find("model-large-2"), 13, "model-large-3");
  EXPECT_EQ(rules_of(bench.append(trace)), std::vector<std::string>{"EVT-030"});
  // What nobody spoke of is a warning, and is appended.
  auto dangling = line_with("BackendInvoked");
  dangling.replace(dangling.find("e-08"), 4, "x-08");
  dangling.replace(dangling.find("\"t-1\""), 5, "\"t-9\"");
  const auto warned = bench.append(dangling);
  EXPECT_EQ(warned.appended, 1U);
  EXPECT_EQ(rules_of(warned), std::vector<std::string>{"EVT-033"});
}

TEST(EventStore, ArtifactsGoFromStateToState) {
  EventBench bench;
  events::ArtifactTransition wanted;
  wanted.tenant = "north", wanted.artifact_id = "pack/one", wanted.kind = "Pack", wanted.actor = "release";
  wanted.reason = "reviewed", wanted.at = "2026-05-06T09:00:00Z", wanted.to = "Approved";
  const auto unknown = bench.events->transition(wanted);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::nothing);
  wanted.from = "Draft";
  auto wrong = wanted;
  wrong.at = "tomorrow";
  EXPECT_EQ(bench.events->transition(wrong).error().code, Code::usage) << "no instant";
  wrong = wanted, wrong.artifact_id.clear();
  EXPECT_EQ(bench.events->transition(wrong).error().code, Code::usage) << "no id";
  wrong = wanted, wrong.actor = "\xFF";
  EXPECT_EQ(bench.events->transition(wrong)->unreadable, 1U) << "not UTF-8";
  EXPECT_EQ(bench.events->transition(wanted)->appended, 1U);
  // Its id is made from what it says: the same again is nothing new.
  EXPECT_EQ(bench.events->transition(wanted)->known, 1U);
  wrong = wanted, wrong.kind = "Adapter", wrong.to = "Active", wrong.from = "Approved";
  EXPECT_EQ(bench.events->transition(wrong).error().code, Code::usage) << "another kind of artifact";
  wanted.from.reset(), wanted.to = "Active", wanted.at = "2026-05-06T10:00:00Z";
  EXPECT_EQ(bench.events->transition(wanted)->appended, 1U);
  // From a state that it is not in, and where none goes.
  wanted.from = "Draft", wanted.to = "Approved", wanted.at = "2026-05-06T11:00:00Z";
  EXPECT_EQ(rules_of(*bench.events->transition(wanted)), std::vector<std::string>{"EVT-029"});
  wanted.from.reset(), wanted.to = "Draft";
  EXPECT_EQ(rules_of(*bench.events->transition(wanted)), std::vector<std::string>{"EVT-025"});
  // Another tenant's artifact of that name is another one.
  wanted.tenant = "south", wanted.from = "Draft", wanted.to = "Approved";
  EXPECT_EQ(bench.events->transition(wanted)->appended, 1U);

  const auto all = *bench.events->artifacts({});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].state, "Active");
  EXPECT_EQ(all[0].since, "2026-05-06T10:00:00Z");
  EXPECT_EQ(all[1].tenant, "south");
  events::ArtifactQuery query;
  query.state = "Approved";
  ASSERT_EQ(bench.events->artifacts(query)->size(), 1U);
  query = {}, query.tenant_id = "north", query.artifact_id = "pack/one", query.kind = "\"Pack\"";
  ASSERT_EQ(bench.events->artifacts(query)->size(), 1U);
  query.kind = "\"Policy\"";
  EXPECT_TRUE(bench.events->artifacts(query)->empty());
}

TEST(EventStore, TheFirstTraceOfAnIdCounts) {
  EventBench bench;
  bench.append(whole_run());
  const auto trace = bench.events->trace_link("north", "t-1");
  ASSERT_TRUE(trace);
  EXPECT_NE(trace->find("model-large-2"), std::string::npos);
  EXPECT_EQ(bench.events->trace_link("north", "t-9").error().code, Code::nothing);
  EXPECT_EQ(*bench.events->trace_link({}, "t-1"), *trace) << "of whichever tenant";
  EXPECT_EQ(bench.events->trace_link({}, "t-9").error().code, Code::nothing);
  auto south = whole_run();
  for (std::size_t at = 0; (at = south.find("\"north\"", at)) != std::string::npos;) south.replace(at, 7, "\"south\"");
  bench.append(south, true);  // its hashes are of another tenant
  EXPECT_EQ(bench.events->trace_link({}, "t-1").error().code, Code::usage) << "of two";
  EXPECT_EQ(*bench.events->trace_link("north", "t-1"), *trace);
}

// Whatever white space the event has, and the one who asks.
TEST(EventStore, KindsOfArtifactsAreHeldAgainstEachOther) {
  EventBench bench;
  events::ArtifactTransition wanted;
  wanted.artifact_id = "card", wanted.kind = R"({ "Other" :  "model card" })", wanted.from = "Draft";
  wanted.to = "Approved", wanted.actor = "a", wanted.reason = "r", wanted.at = "2026-05-06T09:00:00Z";
  ASSERT_EQ(bench.events->transition(wanted)->appended, 1U);
  const auto query = events::ArtifactQuery::parse(R"({"kind":{"Other": "model card"}})");
  EXPECT_EQ(bench.events->artifacts(*query)->size(), 1U);
  wanted.from.reset(), wanted.kind = R"({"Other":"model card"})", wanted.to = "Active";
  EXPECT_EQ(bench.events->transition(wanted)->appended, 1U);
}

// Of all tenants, of one, and of clocks however far.
TEST(EventStore, CorrelationsAndChainsGoOverTenants) {
  EventBench bench;
  std::string all;
  for (int i = 0; i < 60; ++i) {
    const auto tenant = i % 20 == 0 ? "" : "t" + std::to_string(i % 7);
    all += Simple{"e-" + std::to_string(i), "lamport:" + std::to_string(18446744073709551615ULL - (59 - i) * 3ULL),
                  tenant, "nightly", "main"}
               .text() +
           "\n";
  }
  bench.append(all);
  EventQuery query;
  query.correlation_id = "nightly";
  const auto found = bench.find(query);
  EXPECT_EQ(found, events_of(all)) << "in order of their clocks";
  query.correlation_id.reset(), query.chain_id = "main";
  EXPECT_EQ(bench.find(query), found);
  query.tenant_id = "t3", query.correlation_id = "nightly";
  EXPECT_EQ(bench.find(query).size(), 9U);
  query.chain_id.reset();
  EXPECT_EQ(bench.find(query).size(), 9U);
}

// ---- queries ------------------------------------------------------------------------------------
// Times that fall together, with zones and fractions beyond microseconds, clocks and stand-ins; in order.
const std::vector<std::string>& times_in_order() {
  static const std::vector<std::string> k_times = {"1969-12-31T23:59:59Z",
                                                   "2026-01-01T00:00:00Z",
                                                   "2026-01-01T00:00:00.0000001Z",
                                                   "2026-01-01T00:00:00.0000002Z",
                                                   "2026-01-01T00:00:00.5Z",
                                                   "2026-01-01T02:00:01+02:00",
                                                   "2026-01-01T00:00:02Z",
                                                   "9999-12-31T23:59:59Z",
                                                   "lamport:2",
                                                   "lamport:10",
                                                   "1970-01-01T00:00:00Z"};
  return k_times;
}
constexpr std::size_t k_instants = 8;

TEST(EventStore, FindsWhatANaiveSearchFinds) {
  std::mt19937 random(11);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const std::vector<std::string> tenants = {"", "a", "b", "-"}, names = {"", "x", "xy", "x.y"};
  EventBench bench;
  std::vector<std::pair<Simple, std::size_t>> all;  // with the place of its time
  for (int n = 0; n < 400; ++n) {
    const auto time = below(times_in_order().size());
    all.push_back({Simple{"n-" + std::to_string(n), times_in_order()[time], tenants[below(4)], names[below(4)],
                          "chain" + names[below(4)], below(2) == 0},
                   time});
  }
  for (std::size_t at = 0; at < all.size();) {
    std::string text;
    for (auto left = 1 + below(40); left > 0 && at < all.size(); --left) text += all[at++].first.text() + "\n";
    bench.append(text);
  }
  EXPECT_TRUE(bench.faults().empty());
  std::size_t found = 0;
  const int rounds = 600 / one_of(4);
  for (int round = 0; round < rounds; ++round) {
    EventQuery query;
    if (below(2)) query.tenant_id = tenants[1 + below(3)];
    if (below(3) == 0) query.correlation_id = names[1 + below(3)];
    if (below(3) == 0) query.chain_id = "chain" + names[below(4)];
    if (below(3) == 0) query.kinds = {below(2) ? "OutcomeRecorded" : "BudgetExceeded"};
    std::size_t from = 0, to = times_in_order().size();
    if (below(3) == 0) query.from = times_in_order()[from = below(k_instants)], to = k_instants - 1;
    if (below(3) == 0) query.to = times_in_order()[to = from + below(k_instants - from)];
    if (below(4) == 0) query.limit = below(20);
    std::vector<std::pair<std::size_t, std::string>> expected;
    for (const auto& [event, time] : all) {
      const bool fits = (!query.tenant_id || event.tenant == *query.tenant_id) &&
                        (!query.correlation_id || event.correlation == *query.correlation_id) &&
                        (!query.chain_id || event.chain == *query.chain_id) &&
                        (query.kinds.empty() || (query.kinds[0] == "OutcomeRecorded") == event.outcome) &&
                        time >= from && time <= to;
      if (fits) expected.emplace_back(time, event.text());
    }
    std::ranges::stable_sort(expected, {}, &std::pair<std::size_t, std::string>::first);
    if (query.limit && expected.size() > *query.limit) expected.resize(*query.limit);
    std::vector<std::string> texts;
    for (const auto& one : expected) texts.push_back(one.second);
    ASSERT_EQ(bench.find(query), texts) << "round " << round;
    found += texts.size();
  }
  EXPECT_GT(found, 1000U / static_cast<unsigned>(one_of(4)));
}

TEST(EventStore, AQueryThatIsNoneIsRefused) {
  EventBench bench;
  const auto code = [&](const EventQuery& query) {
    const auto done = bench.events->query(query, [](auto) { return true; });
    return done ? std::optional<Code>() : done.error().code;
  };
  EventQuery query;
  query.kinds = {"FactPromotd"};
  EXPECT_EQ(code(query), Code::usage);
  for (const auto* time : {"yesterday", "2026-01-01", "2026-01-01T00:00:00", "lamport:3", ""}) {
    query = {}, query.from = time;
    EXPECT_EQ(code(query), Code::usage) << time;
    query = {}, query.to = time;
    EXPECT_EQ(code(query), Code::usage) << time;
  }
  query = {}, query.from = "2026-01-02T00:00:00Z", query.to = "2026-01-01T00:00:00Z";
  EXPECT_EQ(code(query), Code::usage);
  for (const auto* json : {"", "[]", "{}", R"({"kinds": ["Nothing"]})", R"({"kinds": [], "limt": 3})",
                           R"({"kinds": [], "limit": -1})", R"({"kinds": [], "limit": 1.5})"})
    EXPECT_EQ(EventQuery::parse(json).error().code, Code::usage) << json;
  const auto good = EventQuery::parse(R"({"kinds": ["FactPromoted"], "time_range": {"start": "2026-01-01T00:00:00Z"},)"
                                      R"( "tenant_id": "north", "chain_id": null, "limit": 7})");
  ASSERT_TRUE(good) << good.error().why;
  EXPECT_EQ(good->kinds, std::vector<std::string>{"FactPromoted"});
  EXPECT_EQ(good->from, "2026-01-01T00:00:00Z");
  EXPECT_EQ(good->tenant_id, "north");
  EXPECT_EQ(good->limit, 7U);
  EXPECT_FALSE(good->chain_id || good->to);
}

// Ids that are any text lead to no other's events.
TEST(EventStore, NamesOfAnyTextAreTold) {
  EventBench bench;
  bench.rules.any_ids = true;
  bench.reopen();
  std::vector<std::string> odd = {"a",
                                  std::string("a\0", 2),
                                  std::string("a\0\xFF", 3),
                                  "ab",
                                  std::string(300, 'a'),
                                  std::string(300, 'a') + "b",
                                  "\xC3\xBC",
                                  " "};
  odd.erase(odd.begin() + 2);  // not UTF-8
  for (std::size_t i = 0; i < odd.size(); ++i) {
    Simple one{"n-" + std::to_string(i), "2026-01-01T00:00:00Z", odd[i], odd[i], odd[i]};
    ASSERT_EQ(bench.append(one.text()).appended, 1U) << i;
  }
  for (const auto& name : odd) {
    EventQuery query;
    query.tenant_id = name;
    EXPECT_EQ(bench.find(query).size(), 1U);
    query = {}, query.correlation_id = name;
    EXPECT_EQ(bench.find(query).size(), 1U);
    query = {}, query.chain_id = name;
    EXPECT_EQ(bench.find(query).size(), 1U);
  }
  EXPECT_TRUE(bench.faults().empty());
}

// ---- the graph ----------------------------------------------------------------------------------
std::vector<std::string> lines_in(const Store& store) {
  std::vector<std::string> out;
  std::optional<Error> failed;
  (void)store.scan({}, [&](const Quad& quad) {
    std::string line;
    for (const auto id : {quad.s, quad.p, quad.o, quad.g}) {
      const auto text = store.term(id);
      line += (text ? *text : "?") + " ";
    }
    out.push_back(line + ".");
    return true;
  });
  std::ranges::sort(out);
  return out;
}

TEST(EventStore, TheGraphIsThatOfTheLogHoweverItIsAppended) {
  std::mt19937 random(5);
  FakeWorld fake;
  fake.disk.put("logs/run.ndjson", whole_run());
  CheckOptions options;
  const auto made = convert_paths(fake.world, {"logs"}, {}, options);
  ASSERT_TRUE(made);
  auto expected = made->graph.canonical_lines();
  std::ranges::sort(expected);
  ASSERT_GT(expected.size(), 100U);
  const auto lines = events_of(whole_run());
  for (int round = 0; round < 6; ++round) {
    EventBench bench;
    for (std::size_t at = 0; at < lines.size();) {
      std::string text;
      const auto size = round == 0 ? 1 : std::uniform_int_distribution<std::size_t>(1, 7)(random);
      for (std::size_t i = 0; i < size && at < lines.size(); ++i) text += lines[at++] + "\n";
      bench.append(text);
      // Caught up now and then, and at the end.
      if (round % 2 == 1) ASSERT_TRUE(catch_up(*bench.store, 1));
    }
    const auto before = bench.store->status();
    if (round % 2 == 0) EXPECT_GT(before->unsaid, 0U);
    ASSERT_TRUE(catch_up(*bench.store, 2));
    EXPECT_EQ(bench.store->status()->unsaid, 0U);
    EXPECT_EQ(lines_in(*bench.store), expected) << "round " << round;
    EXPECT_TRUE(bench.faults().empty());
    EXPECT_EQ(*catch_up(*bench.store, 1), 0U);
  }
}

// ---- damage -------------------------------------------------------------------------------------
TEST(EventStore, DamageIsNamed) {
  struct Row {
    const char* what;
    const char* table;
    std::function<void(TableRows&)> edit;
    const char* named;  // the table of the fault
  };
  const std::vector<Row> rows = {
      {"a byte of a record", "records",
       [](auto& all) {
         auto& text = all.begin()->second;
         text[text.find("e-01") + 3] = '9';
       },
       "records"},
      {"a record less", "records", [](auto& all) { all.erase(std::prev(all.end())); }, "records"},
      {"the first record less", "records", [](auto& all) { all.erase(all.begin()); }, "records"},
      {"all records", "records", [](auto& all) { all.clear(); }, "records"},
      {"a record of no batch", "records",
       [](auto& all) { all[std::string("\0\0\0\0\x09\0\0\0", 8)] = all.begin()->second; }, "records"},
      {"two records in each other's place", "records",
       [](auto& all) { std::swap(all.begin()->second, std::next(all.begin())->second); }, "records"},
      {"an index row less", "index", [](auto& all) { all.erase(std::next(all.begin(), 5)); }, "meta"},
      {"an index row too many", "index", [](auto& all) { all["ei\0x"] = ""; }, "meta"},
      {"an index row that says something else", "index",
       [](auto& all) {
         for (auto& [key, says] : all) {
           if (!says.empty()) {
             says[0] = static_cast<char>(says[0] ^ 1);
             return;
           }
         }
       },
       "index"},
      {"statements that wait although they are made", "outbox", [](auto& all) { all.begin()->second = "later"; },
       "outbox"},
      {"the mark of what is said is taken back", "meta", [](auto& all) { all.erase("said"); }, "outbox"},
      {"the mark is ahead", "meta", [](auto& all) { all["said"] = "2"; }, "outbox"}};
  for (const auto& row : rows) {
    EventBench bench;
    bench.append(whole_run());
    ASSERT_TRUE(catch_up(*bench.store, 1));
    bench.append(Simple{"n-1", "2026-01-01T00:00:00Z", "north", "", "c"}.text());
    ASSERT_TRUE(bench.faults().empty()) << row.what;
    bench.events.reset(), bench.keeper.reset(), bench.store.reset();
    edit_table(bench.where(), row.table, row.edit);
    bench.reopen();
    const auto faults = bench.faults();
    EXPECT_TRUE(std::ranges::any_of(faults, [&](const auto& fault) { return fault.table == row.named; })) << row.what;
    for (const auto& fault : faults) EXPECT_FALSE(fault.why.empty());
  }
}

// All tables say the same, and none of it follows from the records.
TEST(EventStore, StatementsThatNoRecordMakesAreNamed) {
  EventBench bench;
  bench.append(whole_run());
  ASSERT_TRUE(catch_up(*bench.store, 1));
  bench.append(Simple{"n-1", "2026-01-01T00:00:00Z", "north", "", "c"}.text());
  const auto check = [&] {
    const auto graph = check_graph(bench.fake.world, *bench.store, {}, {});
    EXPECT_TRUE(graph) << graph.error().why;
    return graph.value_or(GraphCheck{});
  };
  const auto whole = check();
  EXPECT_TRUE(whole.faults.empty() && whole.whole);
  EXPECT_EQ(whole.records, 19U);
  EXPECT_EQ(whole.waiting, 1U);
  bench.events.reset(), bench.keeper.reset(), bench.store.reset();
  const auto other = [](std::string text) {
    const auto at = text.find("planner-1");
    return at == std::string::npos ? text : text.replace(at, 9, "planner-9");
  };
  edit_table(bench.where(), "texts", [&](auto& all) {
    for (auto& [id, text] : all) text = other(text);
  });
  edit_table(bench.where(), "terms", [&](auto& all) {
    TableRows now;
    for (const auto& [text, id] : all) now[other(text)] = id;
    all = now;
  });
  bench.reopen();
  EXPECT_TRUE(bench.faults().empty());
  const auto altered = check();
  ASSERT_FALSE(altered.faults.empty());
  const auto says = [&](std::string_view what) {
    return std::ranges::any_of(altered.faults,
                               [&](const auto& one) { return one.row.find(what) != std::string::npos; });
  };
  EXPECT_TRUE(says("planner-1")) << "what is not there";
  EXPECT_TRUE(says("planner-9")) << "what nobody says";
}

// A log on disk that was sealed, whatever became of it.
TEST(EventStore, VerifyNamesWhatIsGone) {
  const auto lines = events_of(whole_run());
  const auto but = [&](std::size_t without) {
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) out += i == without ? "" : lines[i] + "\n";
    return out;
  };
  const auto twice = whole_run() + "\n" + lines[6].substr(0, lines[6].find("approved")) + "agreed" +
                     lines[6].substr(lines[6].find("approved") + 8) + "\n";
  struct Row {
    std::string what, sealed, now, named;  // named: what a fault is about; empty: there is none
  };
  const std::string batch = "urn:provgate:records:19:";
  const std::vector<Row> rows = {{"nothing", whole_run(), whole_run(), ""},
                                 {"emptied", whole_run(), "", batch},
                                 {"of other things", whole_run(), "{\"foo\":1}\n", batch},
                                 {"one line less", whole_run(), but(4), "urn:converge:event:north:e-05"},
                                 {"the first line less", whole_run(), but(0), "urn:converge:event:north:e-01"},
                                 {"another one of its name, sealed so", twice, twice, ""},
                                 {"another one of its name beside it", whole_run(), twice, ""},
                                 {"another one of its name alone", twice, but(6) + events_of(twice).back() + "\n",
                                  "urn:converge:event:north:e-07"}};
  for (const auto& row : rows) {
    for (const std::string path : {"logs", "logs/run.ndjson"}) {
      EventBench bench;
      CheckOptions options;
      options.read.digests = true;
      bench.fake.disk.put("logs/other.ndjson", Simple{"n-1", "2026-01-01T00:00:00Z", "south", "", "c"}.text() + "\n");
      bench.fake.disk.put("logs/run.ndjson", row.sealed);
      const auto report = check_paths(bench.fake.world, {"logs"}, {}, options);
      const auto sealed = seal_records(bench.fake.world, &*bench.store, *report, {});
      ASSERT_EQ(sealed.size(), row.sealed == twice ? 21U : 20U) << row.what;
      bench.fake.disk.nodes()["logs/run.ndjson"].text = row.now;
      const auto verified = verify_records(bench.fake.world, *bench.store, {path}, {});
      ASSERT_TRUE(verified) << row.what << ": " << verified.error().why;
      std::set<std::string> named;
      for (const auto& fault : verified->faults) named.insert(fault.focus);
      if (row.named.empty()) {
        EXPECT_TRUE(named.empty()) << row.what << " " << path << ": " << *named.begin();
      } else {
        ASSERT_EQ(named.size(), 1U) << row.what << " " << path;
        EXPECT_TRUE(named.begin()->starts_with(row.named)) << row.what << " " << path << ": " << *named.begin();
      }
    }
  }
}

// Whoever may not read a log is told that, and not that it was tampered with.
TEST(EventStore, WhatCannotBeReadIsNotMissing) {
  EventBench bench;
  CheckOptions options;
  options.read.digests = true;
  bench.fake.disk.put("logs/run.ndjson", whole_run());
  bench.fake.disk.put("logs/other.ndjson", Simple{"n-1", "2026-01-01T00:00:00Z", "south", "", "c"}.text() + "\n");
  const auto report = check_paths(bench.fake.world, {"logs"}, {}, options);
  ASSERT_EQ(seal_records(bench.fake.world, &*bench.store, *report, {}).size(), 20U);
  bench.fake.disk.unreadable.insert("logs/run.ndjson");
  const auto verified = verify_records(bench.fake.world, *bench.store, {"logs"}, {});
  ASSERT_TRUE(verified) << verified.error().why;
  EXPECT_TRUE(verified->faults.empty());
  EXPECT_FALSE(verified->unread.empty());
}

// What the original's reader refuses is rejected in the ledger, as what breaks a rule is.
TEST(EventStore, SealRejectsWhatTheReaderRefuses) {
  const std::pair<const char*, const char*> edits[] = {
      {"\"type\":\"FactPromoted\"", "\"type\":\"Nope\""},
      {"\"tenant_id\":\"north\"", "\"tenant_id\":5"},
      {"\"reason\":\"approved\"", "\"reason\":\"approved\",\"reason\":\"b\""}};
  for (const auto& [from, to] : edits) {
    EventBench bench;
    auto line = events_of(whole_run())[6];
    line.replace(line.find(from), std::string_view(from).size(), to);
    bench.fake.disk.put("logs/run.ndjson", line + "\n");
    CheckOptions options;
    options.read.digests = true;
    for (int again = 0; again < 2; ++again) {
      const auto report = check_paths(bench.fake.world, {"logs"}, {}, options);
      const auto sealed = seal_records(bench.fake.world, &*bench.store, *report, {});
      ASSERT_EQ(sealed.size(), 1U) << to;
      EXPECT_EQ(sealed[0].result, SealResult::refused) << to << ": " << sealed[0].detail;
    }
    std::size_t rejected = 0;
    ASSERT_TRUE(bench.store->each_entry([&](const LedgerEntry& entry) {
      rejected += entry.kind == "rejected";
      return true;
    }));
    EXPECT_EQ(rejected, 1U) << to;
  }
}

// Whoever changes a record in the store and in the log alike changes neither its batch's digest nor the ledger.
TEST(EventStore, WhatWasChangedInTheStoreIsNeverBelieved) {
  EventBench bench;
  bench.fake.disk.put("logs/run.ndjson", whole_run());
  CheckOptions options;
  options.read.digests = true;
  const auto seal = [&] {
    const auto report = check_paths(bench.fake.world, {"logs"}, {}, options);
    return seal_records(bench.fake.world, &*bench.store, *report, {});
  };
  const auto verify = [&] { return verify_records(bench.fake.world, *bench.store, {"logs"}, {}); };
  for (const auto& one : seal()) EXPECT_EQ(one.result, SealResult::sealed) << one.detail;
  EXPECT_TRUE(verify()->faults.empty());
  bench.events.reset(), bench.keeper.reset(), bench.store.reset();
  const auto altered = [](std::string text) {
    const auto at = text.find("planner-1");
    return at == std::string::npos ? text : text.replace(at, 9, "planner-9");
  };
  edit_table(bench.where(), "records", [&](auto& all) {
    for (auto& [place, text] : all) text = altered(text);
  });
  auto& log = bench.fake.disk.nodes()["logs/run.ndjson"].text;
  std::string changed;
  for (const auto& line : events_of(log)) changed += altered(line) + "\n";
  log = changed;
  bench.reopen();
  const auto verified = verify();
  ASSERT_FALSE(verified && verified->faults.empty());
  const auto said = catch_up(*bench.store, 1);
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code, Code::integrity);
}

}  // namespace
}  // namespace provgate::test
