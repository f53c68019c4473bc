// SPDX-License-Identifier: Apache-2.0
#include "rdf/literal_table.hpp"

#include <algorithm>

namespace provgate {

LiteralTable::LiteralTable(const Dictionary& terms) : terms_(terms), packed_(terms.size() + 1) {
  static std::atomic<std::uint64_t> next{1};
  serial_ = next++;
}

std::uint32_t LiteralTable::number(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto [slot, fresh] = names_.try_emplace(std::string(name), static_cast<std::uint32_t>(names_.size() + 1));
  return slot->second;
}

std::uint64_t LiteralTable::slow(TermId id) const {
  const auto text = terms_.text(id);
  const auto kind = terms_.kind(id);
  std::uint64_t packed = 1 | (static_cast<std::uint64_t>(kind) << 1);
  // Literals of one datatype stand together: the last one is remembered for each thread.
  struct Last {
    std::uint64_t table = 0;
    std::string name, ending;  // the datatype, and how its literals end
    std::uint64_t number = 0;
    LexicalTest test = nullptr;
  };
  thread_local Last type, language;
  if (kind == TermKind::literal && type.table == serial_ && type.ending.size() > 1 && text.ends_with(type.ending)) {
    const auto lexical = text.substr(1, text.size() - 1 - type.ending.size());
    packed |= (type.number << 4) | (!type.test || type.test(lexical) ? 8U : 0U);
  } else if (kind == TermKind::literal) {
    const auto view = view_literal(text);
    const auto look_up = [&](Last& last, std::string_view name, bool test) {
      if (last.table != serial_ || last.name != name)
        last = {serial_, std::string(name), "\"^^<" + std::string(name) + ">", number(name),
                test ? lexical_test(name) : nullptr};
      return last.number;
    };
    bool good = true;
    if (!view.language.empty()) {
      std::string lower(view.language);
      std::transform(lower.begin(), lower.end(), lower.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
      packed |= look_up(language, lower, false) << 32;
      packed |= look_up(type, std::string(vocab::rdf) + "langString", true) << 4;
    } else {
      static const std::string k_string = std::string(vocab::xsd) + "string";
      packed |= look_up(type, view.datatype.empty() ? std::string_view(k_string) : view.datatype, true) << 4;
      good = !type.test || type.test(view.lexical);
    }
    packed |= good ? 8U : 0U;
  }
  packed_[id].store(packed, std::memory_order_relaxed);
  return packed;
}

LiteralTable::Facts LiteralTable::of(TermId id) const {
  auto packed = packed_[id].load(std::memory_order_relaxed);
  if (!packed) packed = slow(id);
  return {static_cast<TermKind>((packed >> 1) & 3), (packed & 8) != 0,
          static_cast<std::uint32_t>(packed >> 4) & 0xFFFFFFF, static_cast<std::uint32_t>(packed >> 32)};
}

LiteralValue LiteralTable::value(TermId id) const {
  if (terms_.kind(id) != TermKind::literal) return {};
  if (!values_) return value_of(view_literal(terms_.text(id)));
  auto& kept = values_[id];
  if (kept.state.load(std::memory_order_acquire) == 2) return kept.value;
  const auto value = value_of(view_literal(terms_.text(id)));
  std::uint8_t empty = 0;
  if (kept.state.compare_exchange_strong(empty, 1)) {
    kept.value = value;
    kept.state.store(2, std::memory_order_release);
  }
  return value;
}

}  // namespace provgate
