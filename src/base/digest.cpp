// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "provgate/base/base.hpp"

namespace provgate {

namespace {
void require(bool done) {
  if (!done) throw std::runtime_error("SHA-256 is not available from this OpenSSL");
}
}  // namespace

namespace {
// Of both, one behind the other.
std::string sha256_of(std::string_view first, std::string_view bytes) {
  struct Engine {
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> md{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  };
  thread_local const Engine engine;
  unsigned char out[32];
  unsigned length = 0;
  require(EVP_DigestInit_ex2(engine.context.get(), engine.md.get(), nullptr) &&
          EVP_DigestUpdate(engine.context.get(), first.data(), first.size()) &&
          EVP_DigestUpdate(engine.context.get(), bytes.data(), bytes.size()) &&
          EVP_DigestFinal_ex(engine.context.get(), out, &length) && length == sizeof out);
  return {reinterpret_cast<const char*>(out), sizeof out};
}
}  // namespace

std::string sha256(std::string_view bytes) { return sha256_of({}, bytes); }
std::string merkle_leaf(std::string_view bytes) { return sha256_of(std::string_view("", 1), bytes); }

Digest sha256_hex(std::string_view bytes) { return Digest(to_hex(sha256(bytes))); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require(context_ && EVP_DigestInit_ex2(context_, EVP_sha256(), nullptr));
}
Sha256::~Sha256() { EVP_MD_CTX_free(context_); }
void Sha256::add(std::string_view bytes) { require(EVP_DigestUpdate(context_, bytes.data(), bytes.size())); }
Digest Sha256::finish() {
  unsigned char out[32];
  unsigned length = 0;
  require(EVP_DigestFinal_ex(context_, out, &length) && length == sizeof out);
  return Digest(to_hex({reinterpret_cast<const char*>(out), sizeof out}));
}

}  // namespace provgate
