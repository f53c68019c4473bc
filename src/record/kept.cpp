// SPDX-License-Identifier: Apache-2.0
#include "provgate/record/kept.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/digest.hpp"

namespace provgate {

namespace {

// Ends with a zero byte, and has none before: bytes 0 and 1 are written as two.
void append_part(std::string& out, std::string_view text) {
  if (std::ranges::none_of(text, [](char c) { return c == '\0' || c == '\1'; })) {
    out.append(text).append(1, '\0');
    return;
  }
  for (const char c : text) {
    if (c == '\0' || c == '\1') {
      out.append(1, '\1').append(1, c == '\0' ? '\1' : '\2');
    } else {
      out += c;
    }
  }
  out += '\0';
}

}  // namespace

std::string index_name(std::string_view tag, std::initializer_list<std::string_view> texts) {
  constexpr std::size_t k_longest = 100, k_kept = 20;
  constexpr std::size_t k_behind = 24;  // an order and a place fit there
  std::size_t length = tag.size() + 1;
  for (const auto text : texts) length += std::min(text.size(), k_longest) + 1;
  std::string out;
  out.reserve(length + k_behind);
  append_part(out, tag);
  for (const auto text : texts) {
    const auto at = out.size();
    append_part(out, text);
    if (out.size() - at <= k_longest) continue;
    // A text that is not cut has no such byte there: it is not UTF-8.
    out.resize(at);
    append_part(out, std::string(text.substr(0, k_kept)) + "\xFE" + to_hex(sha256(text)));
  }
  return out;
}

void IndexRows::add(std::string_view key, std::string_view says) {
  constexpr std::size_t k_usual_bytes = 448;
  if (text_.empty()) text_.reserve(k_usual_bytes);
  const std::array lengths{static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(says.size())};
  text_.append(reinterpret_cast<const char*>(lengths.data()), sizeof lengths).append(key).append(says);
  ++size_;
}

IndexRows::Row IndexRows::next(std::size_t& at) const {
  std::array<std::uint32_t, 2> lengths{};
  std::memcpy(lengths.data(), text_.data() + at, sizeof lengths);
  const auto key = std::string_view(text_).substr(at + sizeof lengths, lengths[0]);
  const auto says = std::string_view(text_).substr(at + sizeof lengths + lengths[0], lengths[1]);
  at += sizeof lengths + lengths[0] + lengths[1];
  return {key, says};
}

std::string_view IndexRows::first_key() const {
  std::size_t at = 0;
  return next(at).key;
}

bool IndexRows::has(std::string_view key) const {
  bool found = false;
  each([&](const Row& row) { found = found || row.key == key; });
  return found;
}

KeptRecord::KeptRecord(std::string bytes, IndexRows rows) : bytes_(std::move(bytes)), rows_(std::move(rows)) {
  std::ranges::copy(merkle_leaf(bytes_), leaf_.begin());
}

std::string batch_iri(std::size_t records, std::string_view root) {
  return std::string(k_batch_prefix) + std::to_string(records) + ":" + to_hex(root);
}

std::optional<std::size_t> records_in_batch(std::string_view iri) {
  if (!iri.starts_with(k_batch_prefix)) return {};
  const auto rest = iri.substr(k_batch_prefix.size());
  std::size_t out = 0;
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
  if (failed != std::errc() || end == rest.data() + rest.size() || *end != ':') return {};
  return out;
}

}  // namespace provgate
