// SPDX-License-Identifier: Apache-2.0
// The tree beside a naive one; the test vectors of RFC 6962's reference log; and proofs that must fail.
#include "provgate/seal/merkle.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/digest.hpp"

namespace provgate::test {
namespace {

using namespace merkle;

std::string bytes_of(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

// MTH of RFC 6962, 2.1, word for word.
std::string naive(const std::vector<std::string>& leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(k);
  return node_hash(naive({leaves.begin(), middle}), naive({middle, leaves.end()}));
}

struct Tree {
  void add(std::string_view entry) {
    leaves.push_back(leaf_hash(entry));
    const auto grown = added(nodes(), leaves.size() - 1, leaves.back());
    for (const auto& node : *grown) kept[{node.level, node.index}] = node.hash;
  }
  Nodes nodes() const {
    return [this](unsigned level, std::uint64_t index) -> Result<std::string> {
      const auto found = kept.find({level, index});
      if (found == kept.end()) return fail(Code::bug, "no such subtree");
      return found->second;
    };
  }
  std::vector<std::string> leaves;
  std::map<std::pair<unsigned, std::uint64_t>, std::string> kept;
};

Tree tree_of(std::size_t size) {
  Tree tree;
  for (std::size_t i = 0; i < size; ++i) tree.add("entry " + std::to_string(i));
  return tree;
}

TEST(Merkle, TheReferenceVectors) {
  Tree tree;
  const std::pair<const char*, const char*> rows[] = {
      {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
      {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
      {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
      {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
      {"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
  EXPECT_EQ(*root(tree.nodes(), 0), bytes_of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  for (const auto& [leaf, expected] : rows) {
    tree.add(bytes_of(leaf));
    EXPECT_EQ(*root(tree.nodes(), tree.leaves.size()), bytes_of(expected)) << leaf;
  }
}

TEST(Merkle, LeavesHaveTheNodesOfATreeThatGrows) {
  for (std::size_t size = 0; size <= 70; ++size) {
    const auto tree = tree_of(size);
    Leaves leaves;
    for (const auto& leaf : tree.leaves) leaves.add(leaf);
    EXPECT_EQ(leaves.size(), size);
    for (const auto& [place, hash] : tree.kept) EXPECT_EQ(*leaves.nodes()(place.first, place.second), hash);
    EXPECT_EQ(*root(leaves.nodes(), size), naive(tree.leaves));
    EXPECT_FALSE(leaves.nodes()(0, size));
    EXPECT_FALSE(leaves.nodes()(9, 0));
  }
}

TEST(Merkle, EveryProofOfEverySizeHoldsAndNoOther) {
  const auto tree = tree_of(40);
  std::size_t must_fail = 0, must_pass = 0;
  for (std::uint64_t size = 1; size <= 40; ++size) {
    const auto top = *root(tree.nodes(), size);
    EXPECT_EQ(top, naive({tree.leaves.begin(), tree.leaves.begin() + static_cast<std::ptrdiff_t>(size)}));
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = *inclusion(tree.nodes(), index, size);
      const auto& leaf = tree.leaves[index];
      ++must_pass;
      ASSERT_TRUE(includes(leaf, index, size, proof, top)) << index << " of " << size;
      const auto fails = [&](bool held, const char* what) {
        ++must_fail;
        EXPECT_FALSE(held) << what << " " << index << " of " << size;
      };
      fails(includes(leaf, index + 1, size, proof, top), "the next index");
      if (index) fails(includes(leaf, index - 1, size, proof, top), "the index before");
      fails(includes(leaf, index, 0, proof, top), "no leaves");
      fails(includes(leaf, size, size, proof, top), "an index behind the end");
      fails(includes(leaf_hash("x"), index, size, proof, top), "another leaf");
      fails(includes(leaf, index, size, proof, empty_root()), "another root");
      auto longer = proof, shorter = proof, bent = proof, turned = proof;
      longer.push_back(top);
      fails(includes(leaf, index, size, longer, top), "a hash too many");
      if (proof.empty()) continue;
      shorter.pop_back();
      fails(includes(leaf, index, size, shorter, top), "a hash too few");
      bent[index % bent.size()][7] = static_cast<char>(bent[index % bent.size()][7] ^ 16);
      fails(includes(leaf, index, size, bent, top), "a bit");
      std::swap(turned.front(), turned.back());
      if (turned != proof) fails(includes(leaf, index, size, turned, top), "another order");
    }
  }
  EXPECT_GT(must_fail, 9 * must_pass / 2);
}

TEST(Merkle, EveryPairOfSizesIsConsistentAndNoOther) {
  const auto tree = tree_of(40);
  std::size_t must_fail = 0;
  for (std::uint64_t second = 1; second <= 40; ++second) {
    const auto new_root = *root(tree.nodes(), second);
    for (std::uint64_t first = 0; first <= second; ++first) {
      const auto old_root = *root(tree.nodes(), first);
      const auto proof = *consistency(tree.nodes(), first, second);
      ASSERT_TRUE(extends(first, old_root, second, new_root, proof)) << first << " " << second;
      const auto fails = [&](bool held, const char* what) {
        ++must_fail;
        EXPECT_FALSE(held) << what << " " << first << " " << second;
      };
      fails(extends(first, leaf_hash("x"), second, new_root, proof), "another old root");
      if (first) fails(extends(first, old_root, second, leaf_hash("x"), proof), "another new root");
      auto longer = proof;
      longer.push_back(new_root);
      fails(extends(first, old_root, second, new_root, longer), "a hash too many");
      if (first && first < second) {
        fails(extends(second, new_root, first, old_root, proof), "the other way round");
        fails(extends(first + 1, old_root, second, new_root, proof), "another old size");
        auto bent = proof;
        bent[first % bent.size()][3] = static_cast<char>(bent[first % bent.size()][3] ^ 1);
        fails(extends(first, old_root, second, new_root, bent), "a bit");
        bent = proof;
        bent.pop_back();
        fails(extends(first, old_root, second, new_root, bent), "a hash too few");
      }
    }
  }
  EXPECT_GT(must_fail, 4'000U);
}

}  // namespace
}  // namespace provgate::test
