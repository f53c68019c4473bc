// SPDX-License-Identifier: Apache-2.0
// Holds the tables of a store against each other: everything that is told twice must be told alike (FORMAT.md,
// "Store").
#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>

#include "store/formats.hpp"
#include "store/fsck_kept.hpp"
#include "store/read_ahead.hpp"

namespace provgate {
namespace {

enum class Kind : std::uint8_t { none, sealed, rejected };

std::string id_key(const LedgerEntry& entry) {
  return entry.version == k_ledger_version ? sealed_key(entry.id) : sealed_key(FormerId{entry.id.scope, entry.id.iri});
}

class Tables {
 public:
  Tables(MDB_txn* txn, const Store::Impl& in, StoreCheck& out, const Pace& pace)
      : txn_(txn), in_(in), out_(out), pace_(pace) {}

  void run() {
    if (pace_.begin) {
      auto rows = rows_in(txn_, in_.ledger) + rows_in(txn_, in_.texts);
      for (const auto table : in_.quads) rows += rows_in(txn_, table);
      pace_.begin(rows);
    }
    ledger();
    if (const auto counted = in_.check_counts(txn_); !counted) fault("meta", "rows", counted.error().why);
    signed_checkpoint();
    sealed_and_rejected();
    terms();
    quads();
    sent();
    check_kept(txn_, in_, [this](const char* table, std::string row, std::string why) {
      fault(table, std::move(row), std::move(why));
    });
    notes();
  }

 private:
  void fault(const char* table, std::string row, std::string why) {
    if (out_.faults.size() < k_most_bad_rows) {
      out_.faults.push_back({table, std::move(row), std::move(why)});
    } else {
      ++out_.more;
    }
  }
  std::optional<std::string_view> get(MDB_dbi table, std::string_view key) const {
    return Store::Impl::look_up(txn_, table, key);
  }
  void row() {
    constexpr std::uint64_t k_seldom = 4096;
    if (++rows_ % k_seldom == 0 && pace_.step) pace_.step(rows_);
  }
  Kind kind_of(std::uint64_t seq) const { return seq < kinds_.size() ? kinds_[seq] : Kind::none; }
  static std::string number(std::string_view key) {
    return key.size() == 8 ? std::to_string(read_u64(key)) : "of " + std::to_string(key.size()) + " bytes";
  }

  // Entries in canonical form, under their numbers, each with the digest of the one before it; and their rows.
  void ledger() {
    Head head;
    bool must_be_noted = false;
    MDB_stat stat{};
    if (in_.tree && mdb_stat(txn_, in_.tree, &stat) == 0) tree_rows_ = stat.ms_entries;
    Cursor cursor(txn_, in_.ledger);
    LedgerAhead rows(cursor, true);
    while (const auto* one = rows.next()) {
      const auto named = number(one->key);
      const auto& entry = one->entry;
      ++out_.entries, row();
      const auto seq = Seq(read_u64(one->key));
      if (!entry) {
        fault("ledger", named, entry.error().why);
      } else if (entry->seq != seq || one->key.size() != 8) {
        fault("ledger", named, "entry " + std::to_string(entry->seq.number) + " stands there");
      } else if (seq != head.seq.next()) {
        fault("ledger", named, "entry " + std::to_string(head.seq.next().number) + " is gone");
      } else if (entry->prev != head.digest) {
        fault("ledger", named, "it does not follow the entry before it");
      }
      if (entry) rows_of(*entry, u64(seq.number));
      leaf(out_.entries - 1, one->leaf);
      if (kinds_.size() <= seq.number && seq.number < out_.entries + k_gap) kinds_.resize(seq.number + 1);
      if (entry && seq.number < kinds_.size())
        kinds_[seq.number] = entry->kind == "sealed" ? Kind::sealed : Kind::rejected;
      head = {seq, Digest(to_hex(one->sha256))};
      must_be_noted = is_noted_with_its_entry(one->text);
    }
    whole_tree(must_be_noted);
    const auto noted = Store::Impl::noted_head(txn_, in_.meta);
    if (!noted && must_be_noted) fault("meta", "head", "the ledger's end is not noted");
    if (must_be_noted && !get(in_.meta, "rows")) fault("meta", "rows", "how many rows there are is not noted");
    if (noted && (noted->seq != head.seq || noted->digest != head.digest)) {
      fault("ledger", std::to_string(head.seq.number),
            "the last entry is not the one that was noted, entry " + std::to_string(noted->seq.number));
    }
  }

  // The tree that follows from the entries, node by node.
  void leaf(std::uint64_t index, std::string hash) {
    if (tree_rows_ == 0) return;
    for (unsigned level = 0;; ++level, index /= 2) {
      ++nodes_;
      const auto kept = node(level, index);
      if (kept != hash)
        fault("tree", std::to_string(level) + "/" + std::to_string(index),
              kept ? "it is not the hash of what is below it" : "the node is gone");
      if (open_.size() <= level) open_.emplace_back();
      if (index % 2 == 0) {
        open_[level] = std::move(hash);
        return;
      }
      hash = merkle::node_hash(open_[level], hash);
    }
  }

  // Nodes of a level are asked for in order, which is that of their rows.
  std::optional<std::string_view> node(unsigned level, std::uint64_t index) {
    const auto key = tree_key(level, index);
    if (levels_.size() <= level) {
      auto& begun = levels_.emplace_back(std::make_unique<Cursor>(txn_, in_.tree), false);
      begun.second = begun.first->seek(key);
    }
    auto& [cursor, there] = levels_[level];
    while (there && cursor->key() < key) there = cursor->next();
    return there && cursor->key() == key ? std::optional(cursor->value()) : std::nullopt;
  }

  // `must`: the last entry was written with the tree. A store of an earlier version gets its tree with the next entry.
  void whole_tree(bool must) {
    if (tree_rows_ != nodes_ || (must && tree_rows_ == 0))
      fault("tree", "all",
            std::to_string(tree_rows_) + " nodes, and " + std::to_string(nodes_) + " follow from the entries");
  }

  // The checkpoint that was signed is one of this ledger.
  void signed_checkpoint() {
    const auto text = get(in_.meta, "checkpoint");
    if (!text && has_key_)
      fault("meta", "checkpoint", "the ledger names who signs it, and no signed checkpoint is kept");
    if (newest_version_ == k_ledger_version && get(in_.meta, "format") != k_format)
      fault("meta", "format", "it is not that of the newest entry");
    if (!text) return;
    const auto parsed = parse_checkpoint(*text);
    if (!parsed) return fault("meta", "checkpoint", parsed.error().why);
    const auto then = in_.checkpoint(txn_, parsed->size);
    if (!then || *then != *parsed) fault("meta", "checkpoint", "the ledger was never as it says");
  }

  // A new version of a record has the same covered files as the one before; only who signs is another key. `last`: no
  // later one is known.
  void same_as_before(const LedgerEntry& entry, const std::string& key, bool last) {
    if (entry.version != k_ledger_version || (last && own_files_.empty())) return;
    const auto [before, first] = own_files_.try_emplace(key, entry.record_digest.text);
    if (first || before->second == entry.record_digest.text || entry.id == signing_key_record()) return;
    fault("ledger", std::to_string(entry.seq.number), "it seals a record anew that was sealed with other files");
  }

  void rows_of(const LedgerEntry& entry, const std::string& key) {
    has_key_ = has_key_ || entry.id == signing_key_record();
    newest_version_ = entry.version, former_ = former_ || entry.version != k_ledger_version;
    const bool sealed = entry.kind == "sealed";
    if (!sealed && entry.version != k_ledger_version) return;
    const auto name = sealed ? id_key(entry) : rejection_key(entry);
    const auto row = get(sealed ? in_.sealed : in_.rejected, name);
    if (row == key) ++(sealed ? led_to_.sealed : led_to_.rejected);
    if (sealed) same_as_before(entry, name, row == key);
    // A record that was sealed anew has its row lead to the newest entry.
    if (!row || row->size() != 8 || *row < key)
      fault(sealed ? "sealed" : "rejected", std::to_string(entry.seq.number), "no row leads to the entry");
  }

  void sealed_and_rejected() {
    for (const bool sealed : {true, false}) {
      // As many rows as entries that are led to: there is none that leads elsewhere.
      if (rows_in(txn_, sealed ? in_.sealed : in_.rejected) == (sealed ? led_to_.sealed : led_to_.rejected)) continue;
      const char* const table = sealed ? "sealed" : "rejected";
      Cursor cursor(txn_, sealed ? in_.sealed : in_.rejected);
      for (bool more = cursor.first(); more; more = cursor.next()) {
        const auto text = get(in_.ledger, cursor.value());
        const auto entry = text ? parse_ledger_entry(*text) : fail(Code::integrity, "none");
        const bool fits = entry && entry->kind == table && (!sealed || id_key(*entry) == cursor.key());
        if (!fits) fault(table, number(cursor.value()), "it leads to no such entry");
      }
    }
  }

  // Each text has a number and each number a text.
  void terms() {
    Cursor cursor(txn_, in_.texts);
    TermId next = 1;
    for (bool more = cursor.first(); more; more = cursor.next(), ++next) {
      const auto text = cursor.value();
      const auto number_of = std::to_string(read_u32(cursor.key()));
      row();
      if (cursor.key() != term_key(next)) fault("texts", number_of, "term " + std::to_string(next) + " is gone");
      next = read_u32(cursor.key());
      if (text.empty() || (text.front() != '<' && text.front() != '"' && !text.starts_with("_:"))) {
        fault("texts", number_of, "it is not a term");
      } else if (Store::Impl::find_term(txn_, in_.terms, text) != next) {
        fault("texts", number_of, "the table terms does not know the term by this text");
      }
    }
    out_.terms = next - 1;
    Cursor numbers(txn_, in_.terms);
    std::uint64_t count = 0;
    for (bool more = numbers.first(); more; more = numbers.next(), ++count) {
      if (!get(in_.texts, numbers.value())) fault("terms", std::to_string(read_u32(numbers.value())), "it has no text");
    }
    if (count != out_.terms)
      fault("terms", "all", std::to_string(count) + " terms for " + std::to_string(out_.terms) + " texts");
  }

  // The four indexes hold the same quads, of terms that there are.
  void quads() {
    std::array<std::uint64_t, 4> count{};
    for (std::size_t i = 0; i < 4; ++i) {
      Cursor cursor(txn_, in_.quads[i]);
      for (bool more = cursor.first(); more; more = cursor.next(), ++count[i]) {
        row();
        const auto quad = cursor.key().size() == 16 ? read_quad(cursor.key(), k_orders[i]) : Quad{};
        const bool known = quad.s && quad.p && quad.o && std::max({quad.s, quad.p, quad.o, quad.g}) <= out_.terms;
        if (!known) fault(k_table_names[i], shown(quad), "a quad of terms that there are not");
        // What is in the first must be in all; that the others have no more their numbers tell.
        for (std::size_t other = 1; i == 0 && other < 4; ++other) {
          if (!get(in_.quads[other], quad_key(quad, k_orders[other])))
            fault(k_table_names[other], shown(quad), "a quad is gone");
        }
        if (i > 0 && count[i] > count[0] && !get(in_.quads[0], quad_key(quad, k_orders[0])))
          fault(k_table_names[0], shown(quad), "a quad is gone");
      }
      if (count[i] != count[0]) {
        fault(k_table_names[i], "all",
              std::to_string(count[i]) + " quads, and " + std::to_string(count[0]) + " in " + k_table_names[0]);
      }
    }
    out_.quads = count[0];
  }

  static bool is_batch(std::string_view name) {
    constexpr std::string_view k_batch = "urn:provgate:batch:";
    return name.starts_with(k_batch) && name.size() == k_batch.size() + 64 &&
           name.find_first_not_of("0123456789abcdef", k_batch.size()) == std::string_view::npos;
  }

  // Every sealed entry is still to be published, or was; what is to be published is in the graph.
  void sent() {
    for (std::uint64_t seq = 1; seq < kinds_.size(); ++seq) {
      if (kinds_[seq] != Kind::sealed) continue;
      const bool pending = get(in_.outbox, u64(seq)).has_value(), published = get(in_.published, u64(seq)).has_value();
      if (pending == published) {
        fault(pending ? "published" : "outbox", std::to_string(seq),
              pending ? "the entry is published and still pending" : "the entry is neither published nor pending");
      }
    }
    // As long as nothing was ever sent, all of the graph waits.
    const bool nothing_sent = rows_in(txn_, in_.published) == 0 && !former_;
    Cursor cursor(txn_, in_.outbox);
    std::vector<Key> waiting;
    for (bool more = cursor.first(); more; more = cursor.next()) {
      const auto row = number(cursor.key());
      const auto bytes = cursor.value();
      if (kind_of(read_u64(cursor.key())) != Kind::sealed) fault("outbox", row, "there is no such sealed entry");
      if (bytes == k_not_said) continue;  // check_kept looks at those
      if (bytes.size() % 16 != 0) fault("outbox", row, "it is cut short");
      for (std::size_t at = 0; at + 16 <= bytes.size(); at += 16) {
        if (!get(in_.quads[0], bytes.substr(at, 16)))
          fault("spog", shown(read_quad(bytes.substr(at, 16), k_orders[0])), "a quad of entry " + row + " is gone");
        if (nothing_sent)
          std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), 16, waiting.emplace_back().begin());
      }
    }
    if (nothing_sent) all_wait(std::move(waiting));
    Cursor published(txn_, in_.published);
    for (bool more = published.first(); more; more = published.next()) {
      if (kind_of(read_u64(published.key())) != Kind::sealed)
        fault("published", number(published.key()), "there is no such sealed entry");
      if (!is_batch(published.value())) fault("published", number(published.key()), "it is not the name of a batch");
    }
    const auto flight = get(in_.meta, "in_flight").value_or("");
    for (std::size_t at = 0; at + 8 <= flight.size(); at += 8) {
      const auto seq = read_u64(flight.substr(at, 8));
      if (kind_of(seq) != Kind::sealed) fault("meta", "in_flight", "there is no sealed entry " + std::to_string(seq));
    }
    if (flight.size() % 8 != 0) fault("meta", "in_flight", "it is cut short");
  }

  using Key = std::array<char, 16>;
  static std::string_view text_of(const Key& key) { return {key.data(), key.size()}; }
  void all_wait(std::vector<Key> waiting) {
    std::sort(waiting.begin(), waiting.end(), [](const Key& a, const Key& b) { return text_of(a) < text_of(b); });
    Cursor cursor(txn_, in_.quads[0]);
    auto at = waiting.begin();
    for (bool more = cursor.first(); more; more = cursor.next()) {
      while (at != waiting.end() && text_of(*at) < cursor.key()) ++at;
      if (at == waiting.end() || text_of(*at) != cursor.key()) {
        fault("outbox", cursor.key().size() == 16 ? shown(read_quad(cursor.key(), k_orders[0])) : "of a cut key",
              "nothing was published yet, and no entry has the quad to publish");
      }
    }
  }

  void notes() {
    if (!in_.unfinished) return;
    Cursor cursor(txn_, in_.unfinished);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      ++out_.unfinished;
      if (kind_of(read_u64(cursor.key())) != Kind::sealed)
        fault("unfinished", number(cursor.key()), "there is no such sealed entry");
    }
  }

  std::string shown(const Quad& quad) const {
    std::string out;
    for (const auto id : {quad.s, quad.p, quad.o, quad.g}) {
      if (id) out.append(out.empty() ? "" : " ").append(get(in_.texts, term_key(id)).value_or("?"));
    }
    return out;
  }

  static constexpr std::uint64_t k_gap = 1'000'000;  // numbers beyond are not believed
  MDB_txn* txn_;
  const Store::Impl& in_;
  StoreCheck& out_;
  const Pace& pace_;
  bool has_key_ = false, former_ = false;  // who signs is named; an entry of an earlier version
  int newest_version_ = k_ledger_version;
  std::uint64_t rows_ = 0;
  std::vector<Kind> kinds_;                                       // by seq
  std::vector<std::string> open_;                                 // by level, the left one of two nodes
  std::vector<std::pair<std::unique_ptr<Cursor>, bool>> levels_;  // of the tree, and whether there is a row
  std::uint64_t tree_rows_ = 0, nodes_ = 0;
  std::unordered_map<std::string, std::string> own_files_;  // of records that were sealed anew, by their row's key
  struct {
    std::uint64_t sealed = 0, rejected = 0;
  } led_to_;  // entries whose row leads to them
};

}  // namespace

Result<StoreCheck> Store::check_tables(const Pace& pace) const {
  return impl_->read([&](MDB_txn* txn) -> Result<StoreCheck> {
    StoreCheck out;
    Tables(txn, *impl_, out, pace).run();
    return out;
  });
}

}  // namespace provgate
