// SPDX-License-Identifier: Apache-2.0
// events_bench [EVENTS [append]]: a stream of events is appended in batches of 10,000, durable and checked; beside it
// SQLite (WAL, synchronous=FULL, the same six indexes, batches of 10,000, fields given and nothing checked) and, where
// PROVGATE_PG names a server, PostgreSQL COPY into a table with the same indexes. Then queries, beside the original
// store in memory where PROVGATE_MEMORY_STORE names a program that asks it (scripts/converge_oracle.sh builds it), the
// catching up of the graph, and sizes. Figures are ratios and rates of one run. Never part of a timed test.
#include <sqlite3.h>
#include <sys/resource.h>

#ifdef PROVGATE_HAS_LIBPQ
#include <libpq-fe.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "bench/bench.hpp"
#include "bench/event_stream.hpp"
#include "provgate/gate/gate.hpp"
#include "provgate/systems/events/event_store.hpp"

namespace fs = std::filesystem;
using namespace provgate;

namespace {

constexpr std::uint64_t k_batch = 10'000, k_rest_bytes = 16 << 20;

using namespace bench;

double per_second(std::uint64_t events, double seconds) { return static_cast<double>(events) / seconds; }

std::uintmax_t bytes_below(const fs::path& directory) {
  std::uintmax_t out = 0;
  for (const auto& one : fs::recursive_directory_iterator(directory)) {
    if (one.is_regular_file()) out += one.file_size();
  }
  return out;
}

struct Took {
  double seconds = 0;
  std::uintmax_t bytes = 0;
};

// The stream as a file, which is read in batches.
Took append(Disk& disk, events::EventStore& store, std::uint64_t count, const fs::path& home) {
  const auto file = home / "stream.ndjson";
  {
    std::ofstream out(file);
    for (std::uint64_t n = 0; n < count; ++n) out << bench::stream_event(n).text << "\n";
  }
  Took out;
  const Watch watch;
  const auto bytes = must(disk.map(file.string()));
  const std::string_view text = bytes.text;
  std::size_t at = 0;
  const auto next = [&]() -> std::optional<events::EventText> {
    const auto begin = at;
    for (std::uint64_t i = 0; i < k_batch && at < text.size(); ++i) at = text.find('\n', at) + 1;
    if (at == begin) return {};
    return events::EventText{text.substr(begin, at - begin), "stream", 1};
  };
  must(store.append_each(next, false, [&](const events::Appended& done) {
    if (at > k_rest_bytes) bytes.rest(0, at - k_rest_bytes);
    if (done.refused + done.unreadable) die("refused: " + done.findings.front().message);
    return true;
  }));
  out.seconds = watch.seconds();
  fs::remove(file);
  out.bytes = bytes_below(home / "store");
  return out;
}

void must_sqlite(sqlite3* db, int status) {
  if (status != SQLITE_OK && status != SQLITE_DONE) die(sqlite3_errmsg(db));
}

Took sqlite(std::uint64_t count, const fs::path& directory) {
  fs::create_directories(directory);
  sqlite3* db = nullptr;
  must_sqlite(db, sqlite3_open((directory / "events.db").c_str(), &db));
  const auto run = [&](const char* sql) { must_sqlite(db, sqlite3_exec(db, sql, nullptr, nullptr, nullptr)); };
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  run("CREATE TABLE e(seq INTEGER PRIMARY KEY, tenant TEXT, id TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,"
      " correlation TEXT, chain TEXT, trace TEXT, artifact TEXT, record TEXT NOT NULL)");
  run("CREATE UNIQUE INDEX by_id ON e(tenant, id); CREATE INDEX by_tenant ON e(tenant, at);"
      "CREATE INDEX by_kind ON e(kind, at); CREATE INDEX by_correlation ON e(correlation);"
      "CREATE INDEX by_chain ON e(chain); CREATE INDEX by_trace ON e(trace) WHERE trace IS NOT NULL;"
      "CREATE INDEX by_artifact ON e(artifact) WHERE artifact IS NOT NULL");
  sqlite3_stmt* insert = nullptr;
  must_sqlite(db, sqlite3_prepare_v2(db, "INSERT INTO e VALUES(?,?,?,?,?,?,?,?,?,?)", -1, &insert, nullptr));
  Took out;
  for (std::uint64_t n = 0; n < count;) {
    std::vector<bench::StreamEvent> batch;
    const auto end = std::min(count, n + k_batch), first = n;
    for (; n < end; ++n) batch.push_back(bench::stream_event(n));
    const Watch watch;
    run("BEGIN IMMEDIATE");
    for (std::uint64_t i = 0; i < batch.size(); ++i) {
      const auto& one = batch[i];
      sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(first + i + 1));
      int at = 2;
      for (const auto* text : {&one.tenant, &one.id, &one.at, &one.kind, &one.correlation, &one.chain, &one.trace,
                               &one.artifact, &one.text}) {
        if (text->empty()) {
          sqlite3_bind_null(insert, at++);
        } else {
          sqlite3_bind_text(insert, at++, text->data(), static_cast<int>(text->size()), SQLITE_STATIC);
        }
      }
      must_sqlite(db, sqlite3_step(insert));
      sqlite3_reset(insert);
    }
    run("COMMIT");
    out.seconds += watch.seconds();
  }
  sqlite3_finalize(insert);
  run("PRAGMA wal_checkpoint(TRUNCATE)");
  sqlite3_close(db);
  out.bytes = bytes_below(directory);
  return out;
}

#ifdef PROVGATE_HAS_LIBPQ
// Seconds; nothing where no server is named.
double postgresql(std::uint64_t count) {
  const char* where = std::getenv("PROVGATE_PG");
  if (!where) return 0;
  auto* db = PQconnectdb(where);
  const auto run = [&](const char* sql) {
    auto* done = PQexec(db, sql);
    const auto status = PQresultStatus(done);
    if (status != PGRES_COMMAND_OK && status != PGRES_COPY_IN) die(PQerrorMessage(db));
    PQclear(done);
  };
  run("SET client_min_messages = warning");
  run("DROP TABLE IF EXISTS provgate_bench");
  run("CREATE TABLE provgate_bench(seq bigint PRIMARY KEY, tenant text, id text NOT NULL, at timestamptz NOT NULL, "
      "kind text NOT NULL, correlation text, chain text, trace text, artifact text, record text NOT NULL, "
      "UNIQUE(tenant, id))");
  run("CREATE INDEX ON provgate_bench(tenant, at)"), run("CREATE INDEX ON provgate_bench(kind, at)");
  run("CREATE INDEX ON provgate_bench(correlation)"), run("CREATE INDEX ON provgate_bench(chain)");
  run("CREATE INDEX ON provgate_bench(trace) WHERE trace IS NOT NULL");
  run("CREATE INDEX ON provgate_bench(artifact) WHERE artifact IS NOT NULL");
  double seconds = 0;
  for (std::uint64_t n = 0; n < count;) {
    std::string rows;
    const auto end = std::min(count, n + k_batch);
    for (; n < end; ++n) {
      const auto one = bench::stream_event(n);
      rows += std::to_string(n + 1);
      // JSON of this stream has neither backslashes nor tabs.
      for (const auto* text : {&one.tenant, &one.id, &one.at, &one.kind, &one.correlation, &one.chain, &one.trace,
                               &one.artifact, &one.text})
        rows += "\t" + (text->empty() ? "\\N" : *text);
      rows += "\n";
    }
    const Watch watch;
    run("COPY provgate_bench FROM STDIN");
    if (PQputCopyData(db, rows.data(), static_cast<int>(rows.size())) != 1 || PQputCopyEnd(db, nullptr) != 1)
      die(PQerrorMessage(db));
    while (auto* done = PQgetResult(db)) {
      if (PQresultStatus(done) != PGRES_COMMAND_OK) die(PQerrorMessage(db));
      PQclear(done);
    }
    seconds += watch.seconds();
  }
  PQfinish(db);
  return seconds;
}
#endif

struct Asked {
  const char* name;
  const char* query;  // in the original's JSON
};
constexpr Asked k_asked[] = {
    {"tenant", R"({"tenant_id":"tenant-3"})"},
    {"tenant, limit 100", R"({"tenant_id":"tenant-3","limit":100})"},
    {"kind", R"({"kinds":["OutcomeRecorded"]})"},
    {"kind, limit 1000", R"({"kinds":["OutcomeRecorded"],"limit":1000})"},
    {"correlation", R"({"correlation_id":"run-100"})"},
    {"chain", R"({"chain_id":"chain-500"})"},
    {"an hour", R"({"time_range":{"start":"2026-01-01T01:00:00Z","end":"2026-01-01T02:00:00Z"}})"},
    {"hour, tenant, kind", R"({"time_range":{"start":"2026-01-01T01:00:00Z","end":"2026-01-01T02:00:00Z"},)"
                           R"("tenant_id":"tenant-3","kinds":["FactPromoted"],"limit":1000})"}};

struct Found {
  std::uint64_t events = 0;
  double milliseconds = 1e9;  // the best of five
};

Found ask(events::EventStore& store, const char* json) {
  auto asked = std::string(json);
  if (asked.find("\"kinds\"") == std::string::npos) asked.insert(1, "\"kinds\":[],");
  const auto query = must(events::EventQuery::parse(asked));
  Found out;
  for (int i = 0; i < 5; ++i) {
    const Watch watch;
    std::uint64_t bytes = 0;
    out.events = must(store.query(query, [&](std::string_view event) {
      bytes += event.size();
      return true;
    }));
    out.milliseconds = std::min(out.milliseconds, watch.seconds() * 1e3);
  }
  return out;
}

// What the original store in memory says, where PROVGATE_MEMORY_STORE names the program that asks it.
std::vector<Found> ask_original(std::uint64_t count, const fs::path& home) {
  std::vector<Found> out;
  const char* program = std::getenv("PROVGATE_MEMORY_STORE");
  if (!program) return out;
  const auto stream = home / "stream.ndjson", queries = home / "queries";
  {
    std::ofstream events(stream), asked(queries);
    for (std::uint64_t n = 0; n < count; ++n) events << bench::stream_event(n).text << "\n";
    for (const auto& one : k_asked) {
      std::string query = one.query;
      if (query.find("\"kinds\"") == std::string::npos) query.insert(1, "\"kinds\":[],");
      asked << query << "\n";
    }
  }
  const auto command = std::string(program) + " " + stream.string() + " < " + queries.string();
  auto* answers = ::popen(command.c_str(), "r");
  if (!answers) die("the original store cannot be asked");
  Found one;
  unsigned long long events = 0;
  while (std::fscanf(answers, "%llu %lf", &events, &one.milliseconds) == 2) one.events = events, out.push_back(one);
  if (::pclose(answers) != 0 || out.size() != std::size(k_asked)) die("the original store did not answer");
  return out;
}

void ask_all(events::EventStore& store, std::uint64_t count, const fs::path& home) {
  const auto theirs = ask_original(count, home);
  std::printf("queries%s\n", theirs.empty() ? " (PROVGATE_MEMORY_STORE names the program that asks the original)" : "");
  for (std::size_t i = 0; i < std::size(k_asked); ++i) {
    const auto ours = ask(store, k_asked[i].query);
    std::printf("  %-20s %9llu events %10.3f ms", k_asked[i].name, static_cast<unsigned long long>(ours.events),
                ours.milliseconds);
    if (!theirs.empty()) {
      std::printf("   the original, in memory %10.3f ms, times ours %.1f", theirs[i].milliseconds,
                  theirs[i].milliseconds / ours.milliseconds);
      // It leaves resolved hypotheses out of their chain, and compares times as texts.
      if (theirs[i].events != ours.events) std::printf(" (%llu)", static_cast<unsigned long long>(theirs[i].events));
      if (theirs[i].events > ours.events) die(" are more");
    }
    std::printf("\n");
  }
}

std::uint64_t memory_mib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) >> 10;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const auto& here = bench::home();
  {
    auto world = real_world();
    auto store = must(Store::open((here / "store").string(), true));
    const auto keeper = make_keeper(world.clock, store, {});
    auto kept = must(events::EventStore::on(*keeper, {}));
    const auto ours = append(world.disk, kept, count, here);
    std::printf(
        "append, durable and checked: %.0f events/s, %.0f bytes an event, %llu MiB of memory (mapped file in it)\n",
        per_second(count, ours.seconds), static_cast<double>(ours.bytes) / static_cast<double>(count),
        static_cast<unsigned long long>(memory_mib()));
    if (argc > 2) return 0;
    const auto theirs = sqlite(count, here / "sqlite");
    std::printf("SQLite, durable, nothing checked: %.0f events/s, %.0f bytes an event\n",
                per_second(count, theirs.seconds), static_cast<double>(theirs.bytes) / static_cast<double>(count));
    std::printf("  ours to SQLite: rate %.2f, size %.2f\n", theirs.seconds / ours.seconds,
                static_cast<double>(ours.bytes) / static_cast<double>(theirs.bytes));
#ifdef PROVGATE_HAS_LIBPQ
    if (const auto copied = postgresql(count); copied > 0) {
      std::printf("PostgreSQL COPY: %.0f events/s\n  ours to COPY: rate %.2f\n", per_second(count, copied),
                  copied / ours.seconds);
    } else {
      std::printf("PostgreSQL: not asked (PROVGATE_PG names a server)\n");
    }
#endif
    ask_all(kept, count, here);
    const Watch watch;
    const auto said = must(catch_up(store, 0));
    std::printf("catching up the graph: %.0f events/s; %.0f bytes an event with it\n",
                per_second(said, watch.seconds()),
                static_cast<double>(bytes_below(here / "store")) / static_cast<double>(count));
  }
  return 0;
}
