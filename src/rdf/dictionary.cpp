// SPDX-License-Identifier: Apache-2.0
// Terms by number: open addressing over 32-bit hashes, texts side by side in blocks that never move.
#include <cstring>
#include <stdexcept>

#include "base/pages.hpp"
#include "provgate/rdf/rdf.hpp"

namespace provgate {
namespace {

constexpr std::size_t k_block = 1 << 16, k_largest_block = 32U << 20;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load(const char* at, std::size_t n) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, n);
  return word;
}

// The text that was looked for, or the same but for the case of its language tag.
bool same_term(std::string_view held, std::string_view wanted) {
  if (held == wanted) return true;
  return held.size() == wanted.size() && (has_capital_tag(held) || has_capital_tag(wanted)) &&
         lower_tag(held) == lower_tag(wanted);
}

}  // namespace

struct Dictionary::Arena {
  // Small blocks come from the heap as they are, large ones on boundaries of large pages.
  struct FreeLarge {
    void operator()(char* block) const { ::operator delete[](block, k_large); }
  };
  std::vector<std::unique_ptr<char[]>> small;
  std::vector<std::unique_ptr<char[], FreeLarge>> large;
  std::size_t left = 0, next = k_block;
  char* at = nullptr;

  const char* copy(std::string_view text) {
    if (text.size() > left) grow(text.size());
    char* const here = at;
    if (!text.empty()) std::memcpy(here, text.data(), text.size());
    at += text.size();
    left -= text.size();
    return here;
  }

 private:
  static constexpr std::align_val_t k_large{2U << 20};
  void grow(std::size_t least) {
    left = std::max(next, least);
    next = std::min(next * 2, k_largest_block);
    // Not written here: what no term fills costs no memory.
    if (left < static_cast<std::size_t>(k_large)) {
      at = small.emplace_back(new char[left]).get();
    } else {
      at = large.emplace_back(static_cast<char*>(::operator new[](left, k_large))).get();
      prefer_large_pages(at, left);
    }
  }
};

Dictionary::Dictionary() : arena_(std::make_shared<Arena>()) { entries_.push_back({"", 0, 0}); }

Dictionary::Dictionary(const Dictionary& other)
    : entries_(other.entries_), slots_(other.slots_), arena_(std::make_shared<Arena>()), others_(other.others_) {
  others_.push_back(other.arena_);
}

Dictionary& Dictionary::operator=(const Dictionary& other) {
  if (this != &other) *this = Dictionary(other);
  return *this;
}

// Multiply and fold, eight bytes at a time (after wyhash).
std::uint64_t Dictionary::hash_of(std::string_view text) {
  if (has_capital_tag(text)) return hash_of(lower_tag(text));
  constexpr std::uint64_t k0 = 0xA0761D6478BD642FULL, k1 = 0xE7037ED1A0B428DBULL, k2 = 0x8EBC6AF09C88C6E3ULL;
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t hash = k0 ^ left;
  for (; left > 16; left -= 16, at += 16) hash = mix(load(at, 8) ^ k1 ^ hash, load(at + 8, 8) ^ k2);
  const std::uint64_t a = left >= 8 ? load(at, 8) : load(at, left);
  const std::uint64_t b = left >= 8 ? load(at + left - 8, 8) : 0;
  return mix(a ^ k1 ^ hash, b ^ k2 ^ left);
}

TermId Dictionary::find(std::string_view text) const {
  if (slots_.empty()) return 0;
  const auto hash = static_cast<std::uint32_t>(hash_of(text) >> 32);
  const auto mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const auto& slot = slots_[at];
    if (!slot.id) return 0;
    if (slot.hash == hash && same_term(this->text(slot.id), text)) return slot.id;
  }
}

TermId Dictionary::intern(std::string_view text, std::uint64_t wide, bool copy) {
  if (entries_.size() * 4 > slots_.size() * 3) grow(std::max<std::size_t>(64, slots_.size() * 2));
  const auto hash = static_cast<std::uint32_t>(wide >> 32);
  const auto mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].id; at = (at + 1) & mask) {
    if (slots_[at].hash == hash && same_term(this->text(slots_[at].id), text)) return slots_[at].id;
  }
  if (entries_.size() > static_cast<TermId>(-1) || text.size() > UINT32_MAX)
    throw std::length_error("more terms, or a longer one, than this build can number");
  const auto id = static_cast<TermId>(entries_.size());
  entries_.push_back({copy ? arena_->copy(text) : text.data(), static_cast<std::uint32_t>(text.size()), hash});
  slots_[at] = {hash, id};
  return id;
}

void Dictionary::grow(std::size_t slots) {
  slots_ = {};
  slots_.reserve(slots);
  prefer_large_pages(slots_.data(), slots * sizeof(Slot));
  slots_.resize(slots);
  const auto mask = slots - 1;
  for (std::size_t id = 1; id < entries_.size(); ++id) {
    std::size_t at = entries_[id].hash & mask;
    while (slots_[at].id) at = (at + 1) & mask;
    slots_[at] = {entries_[id].hash, static_cast<TermId>(id)};
  }
}

void Dictionary::reserve(std::size_t terms) {
  entries_.reserve(terms + 1);
  prefer_large_pages(entries_.data(), (terms + 1) * sizeof(Entry));
  std::size_t slots = 64;
  while (slots * 3 < terms * 4) slots *= 2;
  if (slots > slots_.size()) grow(slots);
}

std::vector<TermId> Dictionary::merge(Dictionary&& other) {
  std::vector<TermId> map(other.entries_.size());
  constexpr std::size_t k_ahead = 12;
  for (std::size_t id = 1; id < map.size(); ++id) {
    if (id + k_ahead < map.size() && !slots_.empty())
      __builtin_prefetch(&slots_[other.entries_[id + k_ahead].hash & (slots_.size() - 1)]);
    const auto& entry = other.entries_[id];
    map[id] = intern({entry.data, entry.size}, std::uint64_t{entry.hash} << 32, false);
  }
  others_.push_back(other.arena_);
  others_.insert(others_.end(), other.others_.begin(), other.others_.end());
  other.slots_ = {};
  return map;
}

}  // namespace provgate
