// SPDX-License-Identifier: Apache-2.0
// store_bench [ENTRIES]: records without files go into a store in batches of 1,000, beside raw LMDB puts of the very
// rows that it wrote, in as many transactions; then fsck of the whole store and of a ledger without statements, and
// how long a proof of inclusion takes. Figures are ratios and rates. Never part of a timed test.
#include <lmdb.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "bench/bench.hpp"
#include "provgate/store/store.hpp"

namespace fs = std::filesystem;
using namespace provgate;

namespace {

constexpr std::uint64_t k_batch = 1000;
constexpr const char* k_tables[] = {"spog",     "posg",      "ospg",       "gspo",   "terms",
                                    "texts",    "meta",      "ledger",     "sealed", "outbox",
                                    "rejected", "published", "unfinished", "tree",   "roots"};

using bench::die, bench::must, bench::Watch;
void must(int status) {
  if (status) die(mdb_strerror(status));
}

// A reading of a gauge: what a stream of records says.
Draft reading(std::uint64_t n) {
  Draft draft;
  const auto name = "urn:gauge:north:" + std::to_string(n);
  draft.id = {RecordId::System("gauge"), RecordId::Scope("plant/north"), RecordId::Iri(name)};
  draft.kind = "reading", draft.owner = name, draft.root = "-";
  draft.record_digest = Digest(std::string(64, "0123456789abcdef"[n & 15]));
  auto& terms = draft.graph.terms();
  const auto iri = [&](const std::string& text) { return terms.intern("<" + text + ">"); };
  const auto prov = std::string("http://www.w3.org/ns/prov#");
  const auto s = iri(name), g = iri("urn:graph:plant");
  draft.graph.add({s, iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), iri(prov + "Entity"), g});
  draft.graph.add({s, iri(prov + "wasGeneratedBy"), iri("urn:gauge:run:" + std::to_string(n / 10)), g});
  draft.graph.add({s, iri(prov + "wasAttributedTo"), iri("urn:gauge:north"), g});
  draft.graph.add({s, iri(prov + "value"), terms.intern("\"" + std::to_string(n * 7 % 1000) + "\""), g});
  return draft;
}

double fill(const std::string& path, std::uint64_t entries, bool statements) {
  auto store = must(Store::open(path, true));
  Finding broken;
  broken.rule = "GAUGE-001", broken.message = "the value is not a number";
  const Watch watch;
  for (std::uint64_t begin = 0; begin < entries; begin += k_batch) {
    auto head = must(store.head());
    std::vector<Sealed> batch;
    for (auto n = begin; n < std::min(begin + k_batch, entries); ++n) {
      auto verdict = statements ? admit(reading(n), {}) : admit(reading(n), {&broken});
      batch.push_back(statements ? seal(std::move(std::get<Checked>(verdict)), head, {1'795'000'000'000'000, "clock"})
                                 : reject(std::get<Rejected>(verdict), head, {1'795'000'000'000'000, "clock"}));
      head = {batch.back().entry().seq, batch.back().digest()};
    }
    must(store.append(batch, {}, {}));
  }
  return watch.seconds();
}

struct Rows {
  const char* table;
  std::vector<std::pair<std::string, std::string>> rows;
};

// The rows of a table in the order in which they came, by the part of key or value that counts up: a quad's subject, a
// term's number, an entry's.
void order_as_they_came(Rows& table) {
  const std::string_view name = table.table;
  const auto came = [&](const auto& row) {
    const std::string_view key = row.first, value = row.second;
    if (name == "posg") return key.substr(8, 4);
    if (name == "ospg" || name == "gspo") return key.substr(4, 4);
    return name == "terms" || name == "sealed" ? value : key;
  };
  std::ranges::stable_sort(table.rows, {}, came);
}

std::vector<Rows> rows_of(const std::string& path) {
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  must(mdb_env_create(&env)), must(mdb_env_set_maxdbs(env, 32));
  must(mdb_env_open(env, path.c_str(), MDB_RDONLY | MDB_NOLOCK, 0644));
  must(mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn));
  std::vector<Rows> out;
  for (const auto* table : k_tables) {
    MDB_dbi dbi = 0;
    if (mdb_dbi_open(txn, table, 0, &dbi)) continue;
    auto& rows = out.emplace_back(Rows{table, {}}).rows;
    MDB_cursor* cursor = nullptr;
    must(mdb_cursor_open(txn, dbi, &cursor));
    MDB_val k, v;
    while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) {
      rows.emplace_back(std::string(static_cast<const char*>(k.mv_data), k.mv_size),
                        std::string(static_cast<const char*>(v.mv_data), v.mv_size));
    }
    mdb_cursor_close(cursor);
    order_as_they_came(out.back());
  }
  mdb_txn_abort(txn), mdb_env_close(env);
  return out;
}

// As many transactions as there were, each with its share of every table.
double put_rows(const std::string& path, const std::vector<Rows>& tables, std::uint64_t transactions) {
  fs::create_directories(path);
  MDB_env* env = nullptr;
  must(mdb_env_create(&env)), must(mdb_env_set_maxdbs(env, 32)), must(mdb_env_set_mapsize(env, 64ULL << 30));
  must(mdb_env_open(env, path.c_str(), 0, 0644));
  const Watch watch;
  for (std::uint64_t t = 0; t < transactions; ++t) {
    MDB_txn* txn = nullptr;
    must(mdb_txn_begin(env, nullptr, 0, &txn));
    for (const auto& [table, rows] : tables) {
      MDB_dbi dbi = 0;
      must(mdb_dbi_open(txn, table, MDB_CREATE, &dbi));
      for (auto n = rows.size() * t / transactions; n < rows.size() * (t + 1) / transactions; ++n) {
        MDB_val k{rows[n].first.size(), const_cast<char*>(rows[n].first.data())};
        MDB_val v{rows[n].second.size(), const_cast<char*>(rows[n].second.data())};
        must(mdb_put(txn, dbi, &k, &v, 0));
      }
    }
    must(mdb_txn_commit(txn));
  }
  const auto out = watch.seconds();
  mdb_env_close(env);
  return out;
}

double fsck(const std::string& path) {
  const auto store = must(Store::open(path, false));
  const Watch watch;
  const auto found = must(store.check_tables());
  if (!found.faults.empty()) die("fsck: " + found.faults[0].why);
  return watch.seconds();
}

void proofs(const std::string& path, std::uint64_t entries) {
  const auto store = must(Store::open(path, false));
  std::mt19937_64 random(5);
  std::vector<double> took;
  for (int i = 0; i < 1000; ++i) {
    const Seq of(1 + random() % entries);
    const Watch watch;
    const auto hashes = must(store.prove_entry(of, entries));
    took.push_back(watch.seconds() * 1e3);
    if (hashes.empty()) die("no proof");
  }
  std::sort(took.begin(), took.end());
  std::printf("proof of inclusion among %llu: median %.3f ms, 99 %% within %.3f ms (wanted: 1)\n",
              static_cast<unsigned long long>(entries), took[500], took[990]);
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t entries = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const auto& home = bench::home();
  const auto said = (home / "said").string(), bare = (home / "bare").string(), raw = (home / "raw").string();
  const auto with = std::min<std::uint64_t>(entries, 200'000);
  const auto sealed = fill(said, with, true);
  const auto puts = put_rows(raw, rows_of(said), (with + k_batch - 1) / k_batch);
  std::printf("records without files: %.0f/s, raw puts of their rows %.0f/s: %.2f (wanted: 0.40)\n",
              static_cast<double>(with) / sealed, static_cast<double>(with) / puts, puts / sealed);
  std::printf("fsck of them and what they say: %.0f entries/s\n", static_cast<double>(with) / fsck(said));
  fill(bare, entries, false);
  std::printf("fsck of a ledger alone: %.0f entries/s (wanted: 200000)\n", static_cast<double>(entries) / fsck(bare));
  proofs(bare, entries);
  return 0;
}
