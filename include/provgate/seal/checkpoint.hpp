// SPDX-License-Identifier: Apache-2.0
// What a ledger was at some moment, signed, and the keys that sign it (FORMAT.md, "Checkpoints and proofs").
// Source: C2SP tlog-checkpoint and signed-note; RFC 8032 (Ed25519). Pure. Threads: any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/base/base.hpp"

namespace provgate {

/// Signs checkpoints. Its name is told from the key itself: "provgate-" and 16 hexadecimal digits.
class SigningKey {
 public:
  static SigningKey generate();
  /// PEM, as keygen writes it or `openssl genpkey -algorithm ed25519`. Errors: Code::input where it is none, or is
  /// locked with another passphrase.
  static Result<SigningKey> parse(std::string_view pem, const std::string& passphrase);
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  std::string pem(const std::string& passphrase) const;
  /// The line that others know it by: NAME+ID+KEY.
  std::string public_line() const;
  /// The signature line of a note with this text.
  std::string signature_line(std::string_view text) const;

 private:
  struct Secret;
  explicit SigningKey(std::unique_ptr<Secret> secret);
  std::unique_ptr<Secret> secret_;
};

struct VerifyingKey {
  std::string name, bytes;  ///< bytes: 32 raw ones
  std::string line() const;
};
/// A line as SigningKey::public_line gives it, or a public key in PEM. Errors: Code::input where it is neither, or its
/// id is not the one of its name and key.
Result<VerifyingKey> parse_public_key(std::string_view text);

/// The first `size` entries of the ledger of that origin.
struct Checkpoint {
  std::string origin;  ///< k_origin and the digest of the ledger's first entry
  std::uint64_t size = 0;
  std::string root;  ///< 32 raw bytes
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};
inline constexpr std::string_view k_origin = "provgate/ledger/";

/// A checkpoint as it is written, with its signatures.
struct SignedCheckpoint : Checkpoint {
  std::string text;  ///< whole: what was parsed
  std::string body;  ///< what is signed
  struct Signature {
    std::string name, id, bytes;
  };
  std::vector<Signature> signatures;  ///< of Ed25519 and of others, which nobody here can verify
};

/// Without a key it has no signature, and proves nothing to who does not trust where it comes from.
std::string write_checkpoint(const Checkpoint& checkpoint, const SigningKey* key);
/// Errors: Code::input with the line where it is not one.
Result<SignedCheckpoint> parse_checkpoint(std::string_view text);
/// Whether that key signed it. Errors: Code::integrity with why not.
Result<void> check_signature(const SignedCheckpoint& checkpoint, const VerifyingKey& key);

/// That an entry stands in a ledger. Source: C2SP tlog-proof; RFC 6962, 2.1.1.
struct InclusionProof {
  std::string entry;  ///< its canonical text
  std::uint64_t index = 0;
  std::vector<std::string> hashes;  ///< 32 raw bytes each
  SignedCheckpoint checkpoint;
};
/// That a record stands in a batch of records that are kept whole, and the batch in a ledger (FORMAT.md, "Kept
/// records").
struct RecordProof {
  std::string record;               ///< its bytes
  std::uint64_t number = 0;         ///< in its batch, from 0
  std::vector<std::string> hashes;  ///< from the record to the root of its batch
  InclusionProof batch;             ///< of the batch's entry
};
/// That a ledger has only grown since another checkpoint of it. Source: RFC 6962, 2.1.2.
struct GrowthProof {
  std::uint64_t size = 0;  ///< of the older one
  std::vector<std::string> hashes;
  SignedCheckpoint checkpoint;
};

inline constexpr std::string_view k_inclusion_head = "c2sp.org/tlog-proof@v1",
                                  k_growth_head = "provgate/growth-proof@v1",
                                  k_record_head = "provgate/record-proof@v1";

std::string write_proof(const InclusionProof& proof);
std::string write_proof(const GrowthProof& proof);
std::string write_proof(const RecordProof& proof);
/// Errors: Code::input with the line where it is not one.
Result<InclusionProof> parse_inclusion(std::string_view text);
Result<GrowthProof> parse_growth(std::string_view text);
Result<RecordProof> parse_record_proof(std::string_view text);

/// Whether the entry stands in the ledger that the key signed. Errors: Code::integrity with why not.
Result<void> check_proof(const InclusionProof& proof, const VerifyingKey& key);
/// Whether the record is one of a batch that stands in the ledger that the key signed. Errors: as before.
Result<void> check_proof(const RecordProof& proof, const VerifyingKey& key);
/// Whether the ledger that the key signed begins with that one. Errors: as before.
Result<void> check_proof(const GrowthProof& proof, const Checkpoint& older, const VerifyingKey& key);

/// The root over entries that come one by one.
class RootOfEntries {
 public:
  void add(std::string_view canonical_entry);
  void add_leaf(std::string hash);  ///< merkle::leaf_hash of the next one
  std::uint64_t size() const { return size_; }
  std::string root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<std::string> whole_;  // roots of whole subtrees, the largest first
};

}  // namespace provgate
