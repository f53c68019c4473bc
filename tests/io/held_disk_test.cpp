// SPDX-License-Identifier: Apache-2.0
// What a record is sealed from is read once, from its root's handle.
#include "io/held_disk.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/digest.hpp"
#include "io/real.hpp"
#include "support/golden.hpp"
#include "support/memory_disk.hpp"

namespace provgate::test {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t k_most_bytes = 1 << 20;

struct HeldFiles : ::testing::Test {
  void SetUp() override {
    fs::create_directories(root() + "/in");
    put("in/a.txt", "a\n"), put("in/b.txt", "b\n");
    fs::create_symlink("a.txt", root() + "/in/link");
    fs::create_hard_link(root() + "/in/b.txt", root() + "/in/twin");
    ASSERT_TRUE(disk.begin(root()));
  }
  std::string root() const { return home.path + "/root"; }
  void put(const std::string& path, const std::string& text) const {
    std::ofstream(root() + "/" + path, std::ios::binary) << text;
  }
  TemporaryDirectory home;
  HeldDisk disk{real_disk()};
};

TEST_F(HeldFiles, AFileThatWasReadIsHeldUntilTheNextRecord) {
  EXPECT_EQ(disk.held("in/a.txt"), nullptr);
  EXPECT_EQ(*disk.read(root() + "/in/a.txt", k_most_bytes, false), "a\n");
  const auto* held = disk.held("in/a.txt");
  ASSERT_NE(held, nullptr);
  EXPECT_EQ(held->digest, sha256_hex("a\n"));
  EXPECT_EQ(held->identity, real_disk().read_below(root(), "in/a.txt", k_most_bytes)->identity);
  EXPECT_TRUE(held->may_protect);
  EXPECT_EQ(*disk.digest_below(root(), "in/b.txt"), sha256_hex("b\n"));
  ASSERT_NE(disk.digested("in/b.txt"), nullptr);
  ASSERT_TRUE(disk.begin(root()));
  EXPECT_EQ(disk.held("in/a.txt"), nullptr);
  EXPECT_EQ(disk.digested("in/b.txt"), nullptr);
}

// Where the handle does not lead to it, it is read as any other disk reads it, and not held: sealing refuses it.
TEST_F(HeldFiles, WhatCouldLieOutsideIsNotHeld) {
  EXPECT_FALSE(disk.read(root() + "/in/link", k_most_bytes, false));
  EXPECT_EQ(*disk.read(root() + "/in/twin", k_most_bytes, false), "b\n");
  EXPECT_EQ(disk.held("in/twin"), nullptr);
  EXPECT_EQ(*disk.read(root() + "/in/link", k_most_bytes, true), "a\n");
  EXPECT_EQ(disk.held("in/link"), nullptr);
  EXPECT_FALSE(disk.read(root() + "/in/none", k_most_bytes, false));
}

// A file that was held and is replaced by a link is held no longer.
TEST_F(HeldFiles, TheLastReadingCounts) {
  ASSERT_TRUE(disk.read(root() + "/in/a.txt", k_most_bytes, false));
  fs::remove(root() + "/in/a.txt");
  fs::create_symlink("b.txt", root() + "/in/a.txt");
  EXPECT_FALSE(disk.read(root() + "/in/a.txt", k_most_bytes, false));
  EXPECT_EQ(disk.held("in/a.txt"), nullptr);
}

TEST_F(HeldFiles, AHeldRootIsTheDirectoryItWas) {
  const auto was = real_disk().identity(root());
  auto held = real_disk().hold_root(root(), was);
  ASSERT_TRUE(held && *held);
  fs::rename(root(), home.path + "/aside");
  fs::create_directories(root() + "/in");
  put("in/a.txt", "another\n");
  EXPECT_EQ(real_disk().read_below(root(), "in/a.txt", k_most_bytes)->bytes, "a\n");
  ASSERT_TRUE(real_disk().create_below(root(), "in/new", "x"));
  EXPECT_TRUE(fs::exists(home.path + "/aside/in/new"));
  EXPECT_FALSE(fs::exists(root() + "/in/new"));
  // `disk` holds it as well.
  held = std::shared_ptr<const void>();
  ASSERT_TRUE(disk.begin(home.path));
  EXPECT_EQ(real_disk().read_below(root(), "in/a.txt", k_most_bytes)->bytes, "another\n");
  // What was judged is not what lies there now.
  EXPECT_FALSE(real_disk().hold_root(root(), was));
  EXPECT_FALSE(disk.begin(root(), was));
  EXPECT_TRUE(disk.begin(root(), real_disk().identity(root())));
}

TEST_F(HeldFiles, ADirectoryIsListedOnceForARecord) {
  const auto before = disk.list(root() + "/in")->size();
  put("in/new", "x");
  EXPECT_EQ(disk.list(root() + "/in")->size(), before);
  ASSERT_TRUE(disk.begin(root()));
  EXPECT_EQ(disk.list(root() + "/in")->size(), before + 1);
}

}  // namespace
}  // namespace provgate::test
