// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/hash.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <unordered_map>
#include <vector>

#include "base/digest.hpp"
#include "text/canonical.hpp"

namespace provgate::experience {
namespace {

// A name that is an index of an array stands before those that are none.
std::optional<std::uint32_t> index_of(std::string_view name) {
  std::uint32_t out = 0;
  const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), out);
  constexpr std::uint32_t k_no_index = 0xFFFFFFFF;
  const bool plain = name == "0" || !name.starts_with('0');
  return failed == std::errc() && end == name.data() + name.size() && plain && out != k_no_index ? std::optional(out)
                                                                                                 : std::nullopt;
}

// As an object of ECMAScript has them: the last of a name, at the place of the first.
std::vector<Value> members_of(Value object) {
  std::vector<Value> out;
  std::unordered_map<std::string_view, std::size_t> places;
  object.each([&](Value one) {
    const auto [at, fresh] = places.try_emplace(one.key(), out.size());
    if (fresh) {
      out.push_back(one);
    } else {
      out[at->second] = one;
    }
  });
  std::ranges::stable_sort(out, [](Value a, Value b) {
    const auto x = index_of(a.key()), y = index_of(b.key());
    return x && y ? *x < *y : x.has_value() && !y;
  });
  return out;
}

void append(std::string& out, Value value);

void append_object(std::string& out, const std::vector<Value>& members) {
  char before = '{';
  if (members.empty()) out += before;
  for (const auto one : members) {
    out.append(1, before).append(1, '"').append(json_escaped(one.key())).append("\":");
    append(out, one);
    before = ',';
  }
  out += '}';
}

void append(std::string& out, Value value) {
  switch (value.kind()) {
    case Kind::null: out += "null"; return;
    case Kind::boolean: out += value.text(); return;
    case Kind::string: out.append(1, '"').append(json_escaped(value.text())).append(1, '"'); return;
    case Kind::object: return append_object(out, members_of(value));
    case Kind::number: {
      const auto number = nearest_double(value.text());
      out += std::isfinite(number) ? ecmascript_number(number) : "null";
      return;
    }
    case Kind::array: break;
  }
  char before = '[';
  if (value.size() == 0) out += before;
  for (const auto one : value.children()) {
    out += before, before = ',';
    append(out, one);
  }
  out += ']';
}

// Whether the hash of a record covers a member of it.
bool is_hashed(const Table& table, std::string_view name) {
  if (name == "record_hash" || name == "table") return false;
  return std::ranges::find(table.changing, name) == table.changing.end();
}

std::string hashed_head(const Table& table) {
  std::string out = "provgate-record-1:";
  return out.append(table.name).append(1, '\n');
}

}  // namespace

std::string stringified(Value value) {
  std::string out;
  append(out, value);
  return out;
}

Result<std::string> record_hash(const Table& table, Value record) {
  TRY(const auto text,
      canonical(record, [&](Value member) { return !member.is(Kind::null) && is_hashed(table, member.key()); }));
  return sha256_hex(hashed_head(table).append(text)).text;
}

std::string record_digest(const Table& table, std::span<const ScannedMember> members) {
  auto text = hashed_head(table);
  text += '{';
  char before = 0;
  for (const auto& member : members) {
    if (member.is_null() || !is_hashed(table, member.name)) continue;
    if (before) text += before;
    text.append(1, '"').append(member.name).append("\":").append(member.value);
    before = ',';
  }
  text += '}';
  return sha256(text);
}

std::optional<std::string> seed_hash(std::string_view words, Value metadata) {
  if (!metadata) return {};
  return sha256_hex(std::string(words) + stringified(metadata)).text;
}

std::optional<SeedHash> compare_seed_hash(std::string_view words, Value metadata, std::string_view hash) {
  const auto wanted = lower_ascii(hash);
  const auto own = seed_hash(words, metadata);
  if (!own) return {};
  if (*own == wanted) return SeedHash::holds;
  constexpr std::size_t k_most_tried = 6;
  if (!metadata.is(Kind::object) || metadata.size() < 2) return SeedHash::differs;
  const auto members = members_of(metadata);
  if (members.size() > k_most_tried) return {};
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  while (std::next_permutation(order.begin(), order.end())) {
    std::vector<Value> now;
    for (const auto i : order) now.push_back(members[i]);
    std::string text(words);
    append_object(text, now);
    if (sha256_hex(text).text == wanted) return SeedHash::in_another_order;
  }
  return SeedHash::differs;
}

}  // namespace provgate::experience
