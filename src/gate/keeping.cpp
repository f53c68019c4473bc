// SPDX-License-Identifier: Apache-2.0
// Records that are kept whole: batches on their way into the ledger, and their statements on the way into the graph.
#include "gate/keeping.hpp"

#include <charconv>

#include "base/parallel.hpp"
#include "provgate/gate/gate.hpp"
#include "provgate/seal/merkle.hpp"
#include "provgate/systems/system.hpp"

namespace provgate {
namespace {

class StoreKeeper final : public Keeper {
 public:
  StoreKeeper(Clock& clock, Store& store, KeepOptions options)
      : clock_(clock), store_(store), options_(std::move(options)) {}

  Result<std::unique_ptr<KeptRecords>> look() override { return store_.kept(); }

  Result<Seq> keep(const Make& make) override {
    TRY(const auto alone, store_.lock_sealing(options_.wait));
    Batch batch;
    {
      TRY(const auto kept, store_.kept());
      TRY(batch, make(*kept));
    }
    if (batch.records.empty()) return Seq();
    if (batch.records.size() > k_most_kept_at_once)
      return fail(Code::usage, "more than " + std::to_string(k_most_kept_at_once) + " records at once");
    TRY(const auto head, store_.head());
    Draft draft;
    draft.id.system = std::move(batch.system), draft.id.scope = std::move(batch.scope);
    draft.kind = std::move(batch.kind), draft.files = std::move(batch.files);
    draft.records = std::move(batch.records);
    auto verdict = admit(std::move(draft), batch.about);
    auto* checked = std::get_if<Checked>(&verdict);
    if (!checked) return fail(Code::bug, "a batch with errors was to be kept");
    const auto sealed = seal(std::move(*checked), head, {clock_.now_micros(), clock_.source()});
    CHECKED(store_.append(std::span(&sealed, 1), {}, {}, options_.key));
    return sealed.entry().seq;
  }

 private:
  Clock& clock_;
  Store& store_;
  KeepOptions options_;
};

tl::unexpected<Error> not_as_sealed(const LedgerEntry& batch) {
  return fail(Code::integrity,
              "the records of entry " + std::to_string(batch.seq.number) + " are not those that were sealed",
              "restore the store from a copy");
}

}  // namespace

Result<const Keeping*> keeping_of(const LedgerEntry& batch) {
  for (const auto* system : systems()) {
    if (system->name() == batch.id.system.text && system->keeping()) return system->keeping();
  }
  return fail(Code::integrity,
              "entry " + std::to_string(batch.seq.number) + " keeps records of " + quote(batch.id.system.text) +
                  ", which this version does not know",
              "use the version of provgate that wrote it");
}

std::unique_ptr<Keeper> make_keeper(Clock& clock, Store& store, KeepOptions options) {
  return std::make_unique<StoreKeeper>(clock, store, std::move(options));
}

Result<std::optional<KeptPlace>> record_named(const KeptRecords& kept, const std::string& name) {
  const auto slash = name.find('/');
  const auto entry = slash == std::string::npos ? std::nullopt : parse_seq(name.substr(0, slash));
  std::uint32_t number = 0;
  if (entry) {
    const auto* const end = name.data() + name.size();
    const auto [at, failed] = std::from_chars(name.data() + slash + 1, end, number);
    if (failed == std::errc() && at == end) return std::optional(KeptPlace{*entry, number});
  }
  std::vector<KeptPlace> all;
  for (const auto* system : systems()) {
    if (!system->keeping()) continue;
    TRY(const auto found, system->keeping()->named(kept, name));
    all.insert(all.end(), found.begin(), found.end());
  }
  if (all.empty()) return std::optional<KeptPlace>{};
  if (all.size() == 1) return std::optional(all.front());
  constexpr std::size_t k_shown = 5;
  std::string names;
  for (std::size_t i = 0; i < all.size() && i < k_shown; ++i)
    names += (i ? ", " : "") + std::to_string(all[i].entry.number) + "/" + std::to_string(all[i].number);
  if (all.size() > k_shown) names += " and " + std::to_string(all.size() - k_shown) + " more";
  return fail(Code::usage, quote(name) + " may mean several records: " + names,
              "name it by its IRI, or as ENTRY/NUMBER");
}

Result<RecordProof> prove_record(const KeptRecords& kept, const LedgerEntry& batch, KeptPlace place) {
  merkle::Leaves leaves;
  RecordProof out;
  bool there = false;
  CHECKED(kept.each({batch.seq, 0}, [&](KeptPlace at, std::string_view bytes) {
    if (at.entry != batch.seq) return false;
    if (at == place) out.record = bytes, out.number = at.number, there = true;
    leaves.add(merkle::leaf_hash(bytes));
    return true;
  }));
  const auto size = records_in_batch(batch.id.iri.text);
  if (!size || place.number >= *size)
    return fail(Code::nothing,
                "entry " + std::to_string(batch.seq.number) + " keeps no record " + std::to_string(place.number));
  if (!there || leaves.size() != *size) return not_as_sealed(batch);
  TRY(out.hashes, merkle::inclusion(leaves.nodes(), place.number, *size));
  const auto root = from_hex(batch.record_digest.text);
  if (!merkle::includes(merkle::leaf_hash(out.record), place.number, *size, out.hashes, root))
    return not_as_sealed(batch);
  return out;
}

Result<void> check_batch(const KeptRecords& kept, const LedgerEntry& batch) {
  RootOfEntries tree;
  bool gap = false;
  CHECKED(kept.each({batch.seq, 0}, [&](KeptPlace place, std::string_view bytes) {
    if (place.entry != batch.seq) return false;
    gap = gap || place.number != tree.size();
    tree.add(bytes);
    return true;
  }));
  if (!gap && records_in_batch(batch.id.iri.text) == tree.size() && to_hex(tree.root()) == batch.record_digest.text)
    return {};
  return not_as_sealed(batch);
}

Result<std::uint64_t> catch_up(Store& store, unsigned threads, const Pace& pace) {
  std::uint64_t done = 0;
  while (true) {
    TRY(const auto batch, store.next_unsaid());
    if (!batch) return done;
    TRY(const auto* keeping, keeping_of(*batch));
    Graph graph;
    {
      TRY(const auto kept, store.kept());
      if (done == 0 && pace.begin) pace.begin(kept->size());
      CHECKED(check_batch(*kept, *batch));
      TRY(graph, keeping->say(*kept, *batch, thread_count(threads)));
    }
    if (auto said = store.say(batch->seq, graph); !said) {
      auto error = said.error();
      if (error.code == Code::world)
        error.help = "the graph lacks what the records of entry " + std::to_string(batch->seq.number) +
                     " and later ones say: ask once as a user who may write to the store";
      return tl::unexpected<Error>(std::move(error));
    }
    done += records_in_batch(batch->id.iri.text).value_or(0);
    if (pace.step) pace.step(done);
  }
}

Result<std::vector<BadRow>> check_index(const Store& store) {
  std::vector<BadRow> out;
  TRY(const auto kept, store.kept());
  std::optional<Error> failed;
  std::uint64_t rows = 0;
  LedgerEntry entry;
  const Keeping* keeping = nullptr;
  const auto look = [&](KeptPlace place, std::string_view bytes) -> Result<void> {
    if (entry.seq != place.entry) {
      TRY(entry, store.entry(place.entry));
      TRY(keeping, keeping_of(entry));
    }
    const auto name = std::to_string(place.entry.number) + "/" + std::to_string(place.number);
    const auto wanted = keeping->found_by(bytes, entry.record_kind);
    if (!wanted) return out.push_back({"records", name, wanted.error().why}), Result<void>{};
    Result<void> done;
    wanted->each([&](const IndexRows::Row& row) {
      const auto says = kept->says(row.key, place);
      ++rows;
      if (!says) {
        done = tl::unexpected<Error>(says.error());
      } else if (!*says || **says != row.says) {
        out.push_back({"index", name, *says ? "a row says something else than the record" : "a row is gone"});
      }
    });
    return done;
  };
  CHECKED(kept->each({}, [&](KeptPlace place, std::string_view bytes) {
    if (auto looked = look(place, bytes); !looked) failed = looked.error();
    return !failed && out.size() < k_most_bad_rows;
  }));
  if (failed) return tl::unexpected<Error>(*failed);
  if (out.empty() && rows != kept->rows())
    out.push_back({"index", "all",
                   std::to_string(kept->rows()) + " rows, and " + std::to_string(rows) + " follow from the records"});
  return out;
}

}  // namespace provgate
