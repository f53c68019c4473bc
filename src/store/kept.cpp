// SPDX-License-Identifier: Apache-2.0
// Records that are kept whole, what they are found by, and how far their statements are made.
#include "provgate/record/kept.hpp"

#include <algorithm>
#include <charconv>

#include "base/parallel.hpp"
#include "store/impl.hpp"
#include "store/sort_rows.hpp"

namespace provgate {
namespace {

constexpr std::size_t k_place_bytes = 8;
constexpr std::string_view k_said = "said";

// The row of a key that begins with a name.
Result<KeptRecords::Found> found_in(std::string_view key, std::string_view name, std::string_view value) {
  if (key.size() < name.size() + k_place_bytes) return lmdb_error(MDB_CORRUPTED, "a row of an index is cut short");
  return KeptRecords::Found{key.substr(name.size(), key.size() - name.size() - k_place_bytes), value,
                            read_place(key.substr(key.size() - k_place_bytes))};
}

tl::unexpected<Error> gone(KeptPlace place) {
  return fail(Code::integrity,
              "record " + std::to_string(place.number) + " of entry " + std::to_string(place.entry.number) + " is gone",
              "restore the store from a copy");
}

// What goes wrong while LMDB is asked is thrown there.
template <class F>
auto guarded(F&& body) -> decltype(body()) {
  const StoreAtWork at_work;
  try {
    return body();
  } catch (const LmdbFailure& failure) {
    return lmdb_error(failure.status, "cannot be read");
  }
}

class StoredRows final : public KeptRecords::Rows {
 public:
  StoredRows(MDB_txn* txn, MDB_dbi index, std::string_view name, std::string_view from)
      : cursor_(txn, index), name_(name.size()), begin_(std::string(name).append(from)) {}

  Result<const KeptRecords::Found*> next() override {
    return guarded([&]() -> Result<const KeptRecords::Found*> {
      const bool there = std::exchange(begun_, true) ? cursor_.next() : cursor_.seek(begin_);
      const auto key = there ? cursor_.key() : std::string_view{};
      const auto name = std::string_view(begin_).substr(0, name_);
      if (!key.starts_with(name)) return nullptr;
      TRY(found_, found_in(key, name, cursor_.value()));
      return &found_;
    });
  }

 private:
  Cursor cursor_;
  std::size_t name_;
  std::string begin_;
  bool begun_ = false;
  KeptRecords::Found found_;
};

class Kept final : public KeptRecords {
 public:
  Kept(ReadTransaction begun, MDB_dbi records, MDB_dbi index, MDB_dbi ledger)
      : begun_(std::move(begun)), records_(records), index_(index), ledger_(ledger) {}

  Result<std::unique_ptr<Rows>> rows(std::string_view name, std::string_view from) const override {
    return guarded([&]() -> Result<std::unique_ptr<Rows>> {
      return std::make_unique<StoredRows>(begun_.get(), index_, name, from);
    });
  }

  Result<std::optional<Found>> last(std::string_view name) const override {
    return guarded([&]() -> Result<std::optional<Found>> {
      if (!lasts_) lasts_.emplace(begun_.get(), index_);
      auto& cursor = *lasts_;
      // Behind the longest key of that name.
      std::string end(name);
      end.append(k_most_index_key + k_place_bytes - end.size(), '\xFF');
      const bool there = cursor.seek(end) ? cursor.before() : cursor.last();
      if (!there || !cursor.key().starts_with(name)) return std::optional<Found>{};
      TRY(const auto found, found_in(cursor.key(), name, cursor.value()));
      return std::optional(found);
    });
  }

  Result<std::string_view> bytes(KeptPlace place) const override {
    return guarded([&]() -> Result<std::string_view> {
      const auto found = Store::Impl::look_up(begun_.get(), records_, place_key(place));
      if (!found) return gone(place);
      return *found;
    });
  }

  Result<void> each(KeptPlace from, const Visit& visit) const override {
    return guarded([&]() -> Result<void> {
      Cursor cursor(begun_.get(), records_);
      for (bool more = cursor.seek(place_key(from)); more; more = cursor.next()) {
        if (cursor.key().size() != k_place_bytes) return lmdb_error(MDB_CORRUPTED, "a place is cut short");
        if (!visit(read_place(cursor.key()), cursor.value())) break;
      }
      return {};
    });
  }

  Result<std::string> kind(Seq batch) const override {
    return guarded([&]() -> Result<std::string> {
      const auto text = Store::Impl::look_up(begun_.get(), ledger_, u64(batch.number));
      if (!text) return fail(Code::integrity, "ledger entry " + std::to_string(batch.number) + " is gone");
      TRY(auto entry, parse_ledger_entry(*text));
      return std::move(entry.record_kind);
    });
  }

  Result<std::optional<std::string_view>> says(std::string_view key, KeptPlace place) const override {
    return guarded([&]() -> Result<std::optional<std::string_view>> {
      return Store::Impl::look_up(begun_.get(), index_, std::string(key) + place_key(place));
    });
  }

  std::uint64_t size() const override { return rows_in(begun_.get(), records_); }
  std::uint64_t rows() const override { return rows_in(begun_.get(), index_); }

 private:
  ReadTransaction begun_;
  MDB_dbi records_, index_, ledger_;
  mutable std::optional<Cursor> lasts_;  // asked again and again; ends before its transaction
};

// What a store of an earlier version keeps.
class None final : public KeptRecords {
 public:
  struct NoRows final : Rows {
    Result<const Found*> next() override { return nullptr; }
  };
  Result<std::unique_ptr<Rows>> rows(std::string_view, std::string_view) const override {
    return std::make_unique<NoRows>();
  }
  Result<std::optional<Found>> last(std::string_view) const override { return std::optional<Found>{}; }
  Result<std::string_view> bytes(KeptPlace place) const override { return gone(place); }
  Result<void> each(KeptPlace, const Visit&) const override { return {}; }
  Result<std::string> kind(Seq batch) const override { return gone({batch, 0}); }
  Result<std::optional<std::string_view>> says(std::string_view, KeptPlace) const override {
    return std::optional<std::string_view>{};
  }
  std::uint64_t size() const override { return 0; }
  std::uint64_t rows() const override { return 0; }
};

}  // namespace

Result<std::unique_ptr<KeptRecords>> Store::kept() const {
  if (!impl_->records || !impl_->kept_rows) return std::make_unique<None>();
  TRY(auto begun, impl_->begin_reading());
  return std::make_unique<Kept>(std::move(begun), impl_->records, impl_->kept_rows, impl_->ledger);
}

int Store::Impl::keep(MDB_txn* txn, const Sealed& of) {
  if (!records || !kept_rows || of.records().size() > k_most_kept_at_once) return MDB_BAD_VALSIZE;
  // Their keys stand one behind the other, as they came: it is read once in that order.
  std::size_t count = 0, length = 0, longest = 0;
  for (const auto& record : of.records()) {
    count += record.rows().size();
    record.rows().each([&](const IndexRows::Row& row) {
      length += row.key.size() + k_place_bytes, longest = std::max(longest, row.key.size());
    });
  }
  if (longest > k_most_index_key) return MDB_BAD_VALSIZE;
  std::string keys;
  std::vector<RowToPut> all;
  keys.reserve(length), all.reserve(count);
  std::uint32_t number = 0;
  for (const auto& record : of.records()) {
    const auto at = place_key({of.entry().seq, number++});
    record.rows().each([&](const IndexRows::Row& row) {
      const auto begin = keys.size();
      keys.append(row.key).append(at);
      all.push_back({std::string_view(keys).substr(begin), row.says});
    });
  }
  Beside sorting(1, 2, [&](std::size_t) { sort_rows(all); });
  KeptPlace place{of.entry().seq, 0};
  for (const auto& record : of.records()) {
    if (const int status = put(txn, records, place_key(place), record.bytes(), MDB_APPEND)) return status;
    ++place.number;
  }
  sorting.finish();
  // A cursor that stands on the page already does not walk down the tree for each row.
  Cursor cursor(txn, kept_rows);
  for (const auto& row : all) {
    if (const int status = cursor.add(row.key, row.value)) return status;
  }
  return 0;
}

std::optional<Seq> Store::Impl::unsaid(MDB_txn* txn) const {
  if (!records) return {};
  Seq said;
  if (const auto text = get(txn, meta, k_said)) std::from_chars(text->data(), text->data() + text->size(), said.number);
  Cursor cursor(txn, records);
  if (!cursor.seek(place_key({said.next(), 0}))) return {};
  return read_place(cursor.key()).entry;
}

Result<LedgerEntry> Store::entry(Seq seq) const {
  return impl_->read([&](MDB_txn* txn) -> Result<LedgerEntry> {
    const auto text = Impl::get(txn, impl_->ledger, u64(seq.number));
    if (!text) return fail(Code::integrity, "ledger entry " + std::to_string(seq.number) + " is gone");
    return parse_ledger_entry(*text);
  });
}

Result<std::optional<LedgerEntry>> Store::next_unsaid() const {
  return impl_->read([&](MDB_txn* txn) -> Result<std::optional<LedgerEntry>> {
    const auto seq = impl_->unsaid(txn);
    if (!seq) return std::optional<LedgerEntry>{};
    const auto text = Impl::get(txn, impl_->ledger, u64(seq->number));
    if (!text) return fail(Code::integrity, "ledger entry " + std::to_string(seq->number) + " is gone");
    TRY(auto entry, parse_ledger_entry(*text));
    return std::optional(std::move(entry));
  });
}

Result<void> Store::say(Seq entry, const Graph& graph) {
  auto done = impl_->write([&](MDB_txn* txn) {
    // Another process may have been faster.
    if (impl_->unsaid(txn) != entry) return 0;
    Met met;
    std::string row;
    if (const int status = impl_->intern_all(txn, graph, met, row)) return status;
    if (const int status = impl_->add_all(txn, std::move(met.quads))) return status;
    const auto key = u64(entry.number);
    if (Impl::look_up(txn, impl_->outbox, key) != k_not_said) return MDB_CORRUPTED;
    if (const int status = Impl::put(txn, impl_->outbox, key, row)) return status;
    return Impl::put(txn, impl_->meta, k_said, std::to_string(entry.number));
  });
  constexpr std::size_t k_statements_count_more = 4;
  rest_store_map(k_statements_count_more * 10'000);
  return done;
}

}  // namespace provgate
