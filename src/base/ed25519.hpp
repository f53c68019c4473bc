// SPDX-License-Identifier: Apache-2.0
// Ed25519 (RFC 8032) through OpenSSL's EVP interface, keys as PEM (RFC 7468, 8410). Threads: any.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "provgate/base/base.hpp"

struct evp_pkey_st;

namespace provgate::ed25519 {

/// A private key. Its memory is OpenSSL's, which clears it.
class PrivateKey {
 public:
  static PrivateKey generate();
  /// PKCS#8. Errors: Code::input where it is not an Ed25519 key, or the passphrase is not its own.
  static Result<PrivateKey> from_pem(std::string_view pem, const std::string& passphrase);
  /// Encrypted with AES-256-CBC where there is a passphrase.
  std::string pem(const std::string& passphrase) const;
  std::string public_key() const;                  ///< 32 raw bytes
  std::string sign(std::string_view bytes) const;  ///< 64 raw bytes

 private:
  explicit PrivateKey(evp_pkey_st* key);
  std::shared_ptr<evp_pkey_st> key_;
};

/// `public_key`: 32 raw bytes. What is no key verifies nothing.
bool verifies(std::string_view public_key, std::string_view bytes, std::string_view signature);
/// The raw bytes of a public key in PEM. Errors: Code::input where it is none of Ed25519.
Result<std::string> public_key_from_pem(std::string_view pem);

}  // namespace provgate::ed25519
