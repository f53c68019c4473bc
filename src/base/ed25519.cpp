// SPDX-License-Identifier: Apache-2.0
#include "base/ed25519.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <stdexcept>

namespace provgate::ed25519 {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr std::size_t k_key_bytes = 32, k_signature_bytes = 64;

void must(bool done) {
  if (!done) throw std::runtime_error("Ed25519 is not available from this OpenSSL");
}

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

Bio reading(std::string_view text) {
  Bio out(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
  must(out != nullptr);
  return out;
}

// OpenSSL asks for the passphrase; it is never asked of a terminal.
int give_passphrase(char* buffer, int size, int, void* passphrase) {
  const auto& text = *static_cast<const std::string*>(passphrase);
  if (text.empty() || text.size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(text, buffer);
  return static_cast<int>(text.size());
}

std::string raw_public(const EVP_PKEY* key) {
  std::string out(k_key_bytes, '\0');
  auto size = out.size();
  must(EVP_PKEY_get_raw_public_key(key, raw(out), &size) == 1 && size == k_key_bytes);
  return out;
}

}  // namespace

PrivateKey::PrivateKey(evp_pkey_st* key) : key_(key, &EVP_PKEY_free) { must(key != nullptr); }

PrivateKey PrivateKey::generate() { return PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem, const std::string& passphrase) {
  const auto in = reading(pem);
  auto given = passphrase;
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(in.get(), nullptr, &give_passphrase, &given);
  if (!key) {
    const bool locked = pem.find("ENCRYPTED") != std::string_view::npos;
    return fail(
        Code::input, locked ? "the key is locked, and this is not its passphrase" : "not a private key in PEM",
        locked ? "name the file that holds it in PROVGATE_KEY_PASSPHRASE_FILE" : "make one: provgate keygen FILE");
  }
  PrivateKey out(key);
  if (EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) return fail(Code::input, "not an Ed25519 key");
  return out;
}

std::string PrivateKey::pem(const std::string& passphrase) const {
  const Bio out(BIO_new(BIO_s_mem()), &BIO_free);
  must(out && PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), passphrase.empty() ? nullptr : EVP_aes_256_cbc(),
                                            passphrase.empty() ? nullptr : passphrase.data(),
                                            static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string PrivateKey::public_key() const { return raw_public(key_.get()); }

std::string PrivateKey::sign(std::string_view bytes) const {
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string out(k_signature_bytes, '\0');
  auto size = out.size();
  must(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
       EVP_DigestSign(context.get(), raw(out), &size, raw(bytes), bytes.size()) == 1 && size == k_signature_bytes);
  return out;
}

bool verifies(std::string_view public_key, std::string_view bytes, std::string_view signature) {
  if (public_key.size() != k_key_bytes || signature.size() != k_signature_bytes) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(public_key), public_key.size()),
                &EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(bytes), bytes.size()) == 1;
}

Result<std::string> public_key_from_pem(std::string_view pem) {
  const auto in = reading(pem);
  const Key key(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    return fail(Code::input, "not a public key of Ed25519 in PEM");
  return raw_public(key.get());
}

}  // namespace provgate::ed25519
