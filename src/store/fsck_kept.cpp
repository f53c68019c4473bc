// SPDX-License-Identifier: Apache-2.0
#include "store/fsck_kept.hpp"

#include "provgate/record/kept.hpp"
#include "provgate/seal/checkpoint.hpp"

namespace provgate {
namespace {

class KeptCheck {
 public:
  KeptCheck(MDB_txn* txn, const Store::Impl& in, const SayBadRow& say) : txn_(txn), in_(in), say_(say) {}

  void run() {
    const auto unsaid = in_.unsaid(txn_);
    Cursor cursor(txn_, in_.records);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      if (cursor.key().size() != sizeof(std::uint64_t)) {
        say_("records", "of " + std::to_string(cursor.key().size()) + " bytes", "its place is cut short");
        continue;
      }
      const auto place = read_place(cursor.key());
      if (place.entry != at_) end(), begin(place.entry, unsaid);
      if (place.number != tree_.size()) gap_ = true;
      tree_.add(cursor.value());
    }
    end();
    if (batches() != seen_) say_("records", "all", "a batch of the ledger has no records");
  }

 private:
  void begin(Seq entry, std::optional<Seq> unsaid) {
    at_ = entry, tree_ = RootOfEntries(), gap_ = false, ++seen_;
    const auto waiting = Store::Impl::look_up(txn_, in_.outbox, u64(entry.number));
    const bool later = waiting == k_not_said, said = !unsaid || entry < *unsaid;
    if (later == said)
      say_("outbox", std::to_string(entry.number),
           said ? "its statements are noted as made, and wait to be" : "its statements are not made, and do not wait");
  }

  void end() {
    if (!at_) return;
    const auto name = std::to_string(at_.number);
    const auto text = Store::Impl::look_up(txn_, in_.ledger, u64(at_.number));
    const auto entry = text ? parse_ledger_entry(*text) : fail(Code::integrity, "none");
    if (!entry || records_in_batch(entry->id.iri.text) != tree_.size()) {
      say_("records", name, "the ledger has no batch of so many records there");
    } else if (gap_ || to_hex(tree_.root()) != entry->record_digest.text) {
      say_("records", name, "the records are not those of the entry");
    }
  }

  std::uint64_t batches() const {
    std::uint64_t out = 0;
    Cursor cursor(txn_, in_.ledger);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      // What is no batch by its words is not parsed.
      if (cursor.value().find(k_batch_prefix) == std::string_view::npos) continue;
      const auto entry = parse_ledger_entry(cursor.value());
      out += entry && entry->kind == "sealed" && records_in_batch(entry->id.iri.text);
    }
    return out;
  }

  MDB_txn* txn_;
  const Store::Impl& in_;
  const SayBadRow& say_;
  Seq at_;
  RootOfEntries tree_;
  bool gap_ = false;
  std::uint64_t seen_ = 0;
};

}  // namespace

void check_kept(MDB_txn* txn, const Store::Impl& in, const SayBadRow& say) {
  if (in.records) KeptCheck(txn, in, say).run();
}

}  // namespace provgate
