// SPDX-License-Identifier: Apache-2.0
#include "provgate/seal/merkle.hpp"

#include <bit>
#include <cassert>

#include "base/digest.hpp"

namespace provgate::merkle {
namespace {

// The largest power of two below n. Requires n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

// The root over the leaves from begin up to end.
Result<std::string> range(const Nodes& nodes, std::uint64_t begin, std::uint64_t end) {
  assert(begin < end);
  const auto size = end - begin;
  if (std::has_single_bit(size) && begin % size == 0) {
    const auto level = static_cast<unsigned>(std::countr_zero(size));
    return nodes(level, begin >> level);
  }
  const auto middle = begin + split(size);
  TRY(const auto left, range(nodes, begin, middle));
  TRY(const auto right, range(nodes, middle, end));
  return node_hash(left, right);
}

}  // namespace

std::string leaf_hash(std::string_view entry) { return merkle_leaf(entry); }
std::string node_hash(std::string_view left, std::string_view right) {
  return sha256(std::string(1, '\1').append(left).append(right));
}
std::string empty_root() { return sha256({}); }

Result<std::vector<Node>> added(const Nodes& nodes, std::uint64_t size, std::string leaf) {
  std::vector<Node> out;
  out.push_back({0, size, std::move(leaf)});
  for (auto index = size; index % 2 == 1; index /= 2) {
    const auto level = out.back().level;
    TRY(const auto left, nodes(level, index - 1));
    out.push_back({level + 1, index / 2, node_hash(left, out.back().hash)});
  }
  return out;
}

namespace {
constexpr std::size_t k_hash_bytes = 32;
}  // namespace

void Leaves::add(std::string_view leaf) {
  std::string hash(leaf);
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) levels_.emplace_back();
    auto& all = levels_[level];
    const bool whole = all.size() / k_hash_bytes % 2 == 1;
    std::string above;
    if (whole) above = node_hash(std::string_view(all).substr(all.size() - k_hash_bytes), hash);
    all += hash;
    if (!whole) return;
    hash = std::move(above);
  }
}

std::uint64_t Leaves::size() const { return levels_.empty() ? 0 : levels_.front().size() / k_hash_bytes; }

Nodes Leaves::nodes() const {
  return [this](unsigned level, std::uint64_t index) -> Result<std::string> {
    if (level >= levels_.size() || (index + 1) * k_hash_bytes > levels_[level].size())
      return fail(Code::bug, "the tree has no such node");
    return levels_[level].substr(index * k_hash_bytes, k_hash_bytes);
  };
}

Result<std::string> root(const Nodes& nodes, std::uint64_t size) {
  return size ? range(nodes, 0, size) : Result<std::string>(empty_root());
}

Result<std::vector<std::string>> inclusion(const Nodes& nodes, std::uint64_t index, std::uint64_t size) {
  assert(index < size);
  std::vector<std::string> out;
  std::uint64_t begin = 0, end = size;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> beside;  // from the root down
  while (end - begin > 1) {
    const auto middle = begin + split(end - begin);
    if (index < middle) {
      beside.emplace_back(middle, end), end = middle;
    } else {
      beside.emplace_back(begin, middle), begin = middle;
    }
  }
  for (auto one = beside.rbegin(); one != beside.rend(); ++one) {
    TRY(auto hash, range(nodes, one->first, one->second));
    out.push_back(std::move(hash));
  }
  return out;
}

// RFC 6962, 2.1.2: SUBPROOF, from the root down.
Result<std::vector<std::string>> consistency(const Nodes& nodes, std::uint64_t first, std::uint64_t second) {
  assert(first <= second);
  std::vector<std::string> out;
  if (first == 0 || first == second) return out;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> wanted;
  std::uint64_t begin = 0, end = second, m = first;
  bool whole = true;  // the first tree is a subtree that begins where the second does
  while (m != end - begin) {
    const auto k = split(end - begin);
    if (m <= k) {
      wanted.emplace_back(begin + k, end), end = begin + k;
    } else {
      wanted.emplace_back(begin, begin + k), begin += k, m -= k, whole = false;
    }
  }
  if (!whole) wanted.emplace_back(begin, end);
  for (auto one = wanted.rbegin(); one != wanted.rend(); ++one) {
    TRY(auto hash, range(nodes, one->first, one->second));
    out.push_back(std::move(hash));
  }
  return out;
}

// RFC 9162, 2.1.3.2.
bool includes(std::string_view leaf, std::uint64_t index, std::uint64_t size, const std::vector<std::string>& proof,
              std::string_view root) {
  if (index >= size) return false;
  auto at = index, last = size - 1;
  std::string hash(leaf);
  for (const auto& beside : proof) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      hash = node_hash(beside, hash);
      while (at % 2 == 0 && at != 0) at /= 2, last /= 2;
    } else {
      hash = node_hash(hash, beside);
    }
    at /= 2, last /= 2;
  }
  return last == 0 && hash == root;
}

// RFC 9162, 2.1.4.2.
bool extends(std::uint64_t first, std::string_view first_root, std::uint64_t second, std::string_view second_root,
             const std::vector<std::string>& proof) {
  if (first > second) return false;
  if (first == 0) return proof.empty() && first_root == empty_root();
  if (first == second) return proof.empty() && first_root == second_root;
  auto path = proof;
  if (std::has_single_bit(first)) path.insert(path.begin(), std::string(first_root));
  if (path.empty()) return false;
  auto at = first - 1, last = second - 1;
  while (at % 2 == 1) at /= 2, last /= 2;
  std::string old_hash = path.front(), new_hash = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      old_hash = node_hash(path[i], old_hash), new_hash = node_hash(path[i], new_hash);
      while (at % 2 == 0 && at != 0) at /= 2, last /= 2;
    } else {
      new_hash = node_hash(new_hash, path[i]);
    }
    at /= 2, last /= 2;
  }
  return last == 0 && old_hash == first_root && new_hash == second_root;
}

}  // namespace provgate::merkle
