// SPDX-License-Identifier: Apache-2.0
// Keys, checkpoints and proofs as texts.
#include "provgate/seal/checkpoint.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "base/ed25519.hpp"
#include "provgate/seal/merkle.hpp"

namespace provgate::test {
namespace {

std::string unhexed(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

TEST(Base64, OneFormAlone) {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : rows) {
    EXPECT_EQ(to_base64(plain), text);
    EXPECT_EQ(from_base64(text), plain);
  }
  for (const char* wrong :
       {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zm9-", "=Zg="})
    EXPECT_FALSE(from_base64(wrong)) << wrong;
}

// RFC 8032, 7.1: tests 1 to 3. PKCS#8 of a seed is that prefix and the seed (RFC 8410).
TEST(Ed25519, TheReferenceVectors) {
  struct Row {
    const char *seed, *key, *message, *signature;
  };
  for (const auto& row : {Row{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                              "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
                              "1cf9b46bd25bf5f0595bbe2"
                              "4655141438e7a100b"},
                          Row{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
                              "d0f11d8c387b2eaeb4302ae"
                              "eb00d291612bb0c00"},
                          Row{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                              "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                              "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
                              "984dc6594a7c15e9716ed28"
                              "dc027beceea1ec40a"}}) {
    const auto pem = "-----BEGIN PRIVATE KEY-----\n" +
                     to_base64(unhexed("302e020100300506032b657004220420" + std::string(row.seed))) +
                     "\n-----END PRIVATE KEY-----\n";
    const auto key = ed25519::PrivateKey::from_pem(pem, {});
    ASSERT_TRUE(key) << key.error().why;
    EXPECT_EQ(key->public_key(), unhexed(row.key));
    const auto signature = key->sign(unhexed(row.message));
    EXPECT_EQ(signature, unhexed(row.signature));
    EXPECT_TRUE(ed25519::verifies(unhexed(row.key), unhexed(row.message), signature));
    EXPECT_FALSE(ed25519::verifies(unhexed(row.key), unhexed(row.message) + "x", signature));
    for (std::size_t i = 0; i < signature.size(); ++i) {
      auto other = signature;
      other[i] = static_cast<char>(other[i] ^ 1);
      EXPECT_FALSE(ed25519::verifies(unhexed(row.key), unhexed(row.message), other)) << i;
    }
  }
}

TEST(SigningKey, IsKeptLockedAndKnownByItsLine) {
  const auto key = SigningKey::generate();
  const auto again = SigningKey::parse(key.pem({}), {});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_line(), key.public_line());
  const auto locked = key.pem("open sesame");
  EXPECT_EQ(locked.find(key.pem({}).substr(30, 40)), std::string::npos);
  EXPECT_EQ(SigningKey::parse(locked, "open sesame")->public_line(), key.public_line());
  for (const char* wrong : {"", "open", "open sesame "}) {
    const auto read = SigningKey::parse(locked, wrong);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Code::input);
  }
  EXPECT_FALSE(SigningKey::parse("no key", {}));
  const auto line = parse_public_key(key.public_line() + "\n");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->line(), key.public_line());
  auto text = key.public_line();
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto other = text;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(parse_public_key(other)) << i << " " << other;
  }
}

TEST(Checkpoint, IsReadAsItIsWritten) {
  const auto key = SigningKey::generate(), other = SigningKey::generate();
  const Checkpoint checkpoint{"provgate/ledger/x", 7, std::string(32, 'r')};
  const auto text = write_checkpoint(checkpoint, &key);
  const auto read = parse_checkpoint(text);
  ASSERT_TRUE(read) << read.error().why;
  EXPECT_EQ(static_cast<const Checkpoint&>(*read), checkpoint);
  EXPECT_TRUE(check_signature(*read, *parse_public_key(key.public_line())));
  EXPECT_FALSE(check_signature(*read, *parse_public_key(other.public_line())));
  // Others may sign it, too, and later versions may say more.
  const auto both = parse_checkpoint(text + other.signature_line(read->body));
  ASSERT_TRUE(both);
  for (const auto* one : {&key, &other}) EXPECT_TRUE(check_signature(*both, *parse_public_key(one->public_line())));
  const auto body = read->body + "something more\n";
  const auto more = parse_checkpoint(body + "\n" + key.signature_line(body));
  ASSERT_TRUE(more);
  EXPECT_TRUE(check_signature(*more, *parse_public_key(key.public_line())));
  const auto bare = parse_checkpoint(write_checkpoint(checkpoint, nullptr));
  ASSERT_TRUE(bare);
  EXPECT_EQ(check_signature(*bare, *parse_public_key(key.public_line())).error().why, "the checkpoint is not signed");
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto cut = parse_checkpoint(text.substr(0, size));
    EXPECT_FALSE(cut && check_signature(*cut, *parse_public_key(key.public_line()))) << size;
  }
  for (const char* wrong :
       {"", "\n", "a\n", "a\n1\n", "a\n01\nx\n\n", "a\n1\nAAAA\n\n", "\n1\nAAAA\n\n", "a\n-1\nAAAA\n\n"})
    EXPECT_FALSE(parse_checkpoint(wrong)) << wrong;
}

TEST(RootOfEntries, IsThatOfTheTree) {
  RootOfEntries so_far;
  EXPECT_EQ(so_far.root(), merkle::empty_root());
  std::map<std::pair<unsigned, std::uint64_t>, std::string> kept;
  const merkle::Nodes nodes = [&](unsigned level, std::uint64_t index) -> Result<std::string> {
    return kept.at({level, index});
  };
  for (std::uint64_t size = 0; size < 70; ++size) {
    const auto entry = "entry " + std::to_string(size);
    const auto grown = merkle::added(nodes, size, merkle::leaf_hash(entry));
    ASSERT_TRUE(grown);
    for (const auto& node : *grown) kept[{node.level, node.index}] = node.hash;
    so_far.add(entry);
    EXPECT_EQ(so_far.root(), *merkle::root(nodes, size + 1)) << size;
  }
}

}  // namespace
}  // namespace provgate::test
