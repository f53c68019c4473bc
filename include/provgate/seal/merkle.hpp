// SPDX-License-Identifier: Apache-2.0
// The Merkle tree over a ledger's entries: what shows that an entry is in a log, and that a log only grew.
// Hashes are 32 raw bytes of SHA-256. Source: RFC 6962, 2.1; RFC 9162, 2.1. Pure. Threads: any.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/base/base.hpp"

namespace provgate::merkle {

/// SHA-256 of a byte 0 and the entry's canonical text.
std::string leaf_hash(std::string_view entry);
/// SHA-256 of a byte 1 and both hashes.
std::string node_hash(std::string_view left, std::string_view right);
/// The root of a tree without leaves: SHA-256 of nothing.
std::string empty_root();

/// The root of a whole subtree of 2^level leaves, the index-th of its level. Only such nodes are kept.
struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;
  std::string hash;
};
/// Gives the hash of a whole subtree. Errors: its own.
using Nodes = std::function<Result<std::string>(unsigned level, std::uint64_t index)>;

/// What is kept anew when a leaf is added to a tree of `size` leaves: the leaf, and each subtree that is whole with it.
/// Errors: those of `nodes`.
Result<std::vector<Node>> added(const Nodes& nodes, std::uint64_t size, std::string leaf);
/// The root of the tree of the first `size` leaves. Errors: those of `nodes`.
Result<std::string> root(const Nodes& nodes, std::uint64_t size);
/// The hashes beside the way from a leaf, counted from 0, up to that root. Requires index < size.
/// Errors: those of `nodes`.
Result<std::vector<std::string>> inclusion(const Nodes& nodes, std::uint64_t index, std::uint64_t size);
/// What shows that a tree of `second` leaves begins with one of `first`. Requires first <= second; empty for 0 and for
/// equal sizes. Errors: those of `nodes`.
Result<std::vector<std::string>> consistency(const Nodes& nodes, std::uint64_t first, std::uint64_t second);

/// The nodes of a tree that is made at once, leaf by leaf; 64 bytes a leaf. Threads: one.
class Leaves {
 public:
  void add(std::string_view leaf);
  std::uint64_t size() const;
  /// Borrows this. Code::bug for a node that there is not.
  Nodes nodes() const;

 private:
  std::vector<std::string> levels_;  // the hashes of each, one behind the other
};

/// Whether the proof shows that the leaf is the index-th of the tree with that root.
bool includes(std::string_view leaf, std::uint64_t index, std::uint64_t size, const std::vector<std::string>& proof,
              std::string_view root);
/// Whether the proof shows that the second tree begins with the first.
bool extends(std::uint64_t first, std::string_view first_root, std::uint64_t second, std::string_view second_root,
             const std::vector<std::string>& proof);

}  // namespace provgate::merkle
