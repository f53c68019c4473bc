#include "gate/known.hpp"

#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

// The entry that sealed the record under that IRI: of this version, or of an earlier one, which did not say of which
// project a record was; that its statements are in this collection's graph tells it.
Result<std::optional<LedgerEntry>> entry_of(const Store& store, const Reading& reading, std::size_t c,
                                            const RecordId& id) {
  TRY(auto entry, store.find_sealed(id));
  if (entry) return entry;
  for (const auto& former : reading.former_ids(c, id.iri.text)) {
    TRY(auto earlier, store.find_sealed(former));
    if (!earlier) continue;
    TRY(const auto ours, store.has_generation(id.iri, reading.collection(c).graph));
    if (ours) return earlier;
  }
  return std::optional<LedgerEntry>{};
}

}  // namespace

Result<KnownRecord> known_record(const Store* store, const Reading& reading, std::size_t c, std::size_t i) {
  KnownRecord out;
  out.id = reading.id(c, i);
  const auto names = reading.names(c, i);
  if (!store || names.empty()) return out;
  // A name that it has only because another record had its own stays its name.
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    out.id.iri = RecordId::Iri(*name);
    TRY(out.entry, entry_of(*store, reading, c, out.id));
    if (out.entry) return out;
  }
  TRY(const auto taken, store->has_generation(out.id.iri));
  if (taken && names.size() > 1) out.id.iri = RecordId::Iri(names.back());
  return out;
}

Result<SealedHere> sealed_here(const Store& store, const CheckReport& report) {
  SealedHere out;
  for (const auto& one : report.systems) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) {
      for (std::size_t i = 0; i < one.reading->records(c); ++i) {
        const auto record = one.reading->record(c, i);
        if (!record.judged) continue;
        TRY(const auto known, known_record(&store, *one.reading, c, i));
        if (known.entry) {
          out.seqs.push_back(known.entry->seq);
        } else {
          out.unsealed.emplace_back(record.owner);
        }
      }
    }
  }
  return out;
}

}  // namespace provgate
