// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) through OpenSSL's EVP interface; one fetched digest and one context per thread.
#pragma once

#include <string>
#include <string_view>

#include "provgate/base/base.hpp"

struct evp_md_ctx_st;

namespace provgate {
std::string sha256(std::string_view bytes);  ///< 32 raw bytes
/// SHA-256 of a byte 0 and the bytes: a leaf of a Merkle tree (RFC 6962, 2.1).
std::string merkle_leaf(std::string_view bytes);
Digest sha256_hex(std::string_view bytes);

/// The same of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  Digest finish();  ///< once

 private:
  evp_md_ctx_st* context_;
};
}  // namespace provgate
