// SPDX-License-Identifier: Apache-2.0
#include "provgate/seal/checkpoint.hpp"

#include <algorithm>
#include <charconv>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/ed25519.hpp"
#include "seal/note_lines.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_dash = "\xE2\x80\x94 ";  // before a signature (signed-note)
constexpr char k_ed25519 = 1;
constexpr std::size_t k_id_bytes = 4, k_hash_bytes = 32, k_name_digits = 16;

std::string id_of(std::string_view name, std::string_view key) {
  return sha256(std::string(name) + "\n" + k_ed25519 + std::string(key)).substr(0, k_id_bytes);
}

std::string name_of_key(std::string_view key) { return "provgate-" + sha256_hex(key).text.substr(0, k_name_digits); }

std::string public_line_of(const std::string& name, const std::string& key) {
  return name + "+" + to_hex(id_of(name, key)) + "+" + to_base64(k_ed25519 + key);
}

}  // namespace

struct SigningKey::Secret {
  ed25519::PrivateKey key;
  std::string public_key = key.public_key(), name = name_of_key(public_key);
};

SigningKey::SigningKey(std::unique_ptr<Secret> secret) : secret_(std::move(secret)) {}
SigningKey::~SigningKey() = default;
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;

SigningKey SigningKey::generate() {
  return SigningKey(std::make_unique<Secret>(Secret{ed25519::PrivateKey::generate()}));
}

Result<SigningKey> SigningKey::parse(std::string_view pem, const std::string& passphrase) {
  TRY(auto key, ed25519::PrivateKey::from_pem(pem, passphrase));
  return SigningKey(std::make_unique<Secret>(Secret{std::move(key)}));
}

std::string SigningKey::pem(const std::string& passphrase) const { return secret_->key.pem(passphrase); }
std::string SigningKey::public_line() const { return public_line_of(secret_->name, secret_->public_key); }
std::string SigningKey::signature_line(std::string_view text) const {
  const auto signature = id_of(secret_->name, secret_->public_key) + secret_->key.sign(text);
  return std::string(k_dash) + secret_->name + " " + to_base64(signature) + "\n";
}

std::string VerifyingKey::line() const { return public_line_of(name, bytes); }

Result<VerifyingKey> parse_public_key(std::string_view text) {
  text = trim(text);
  if (text.starts_with("-----BEGIN")) {
    TRY(auto bytes, ed25519::public_key_from_pem(text));
    auto name = name_of_key(bytes);
    return VerifyingKey{std::move(name), std::move(bytes)};
  }
  const auto parts = split(text, '+');
  if (parts.size() < 3) return fail(Code::input, "not a public key: neither NAME+ID+KEY nor PEM");
  // The key may have a "+" of its own.
  const auto key = from_base64(text.substr(parts[0].size() + parts[1].size() + 2));
  if (!key || key->size() != k_hash_bytes + 1 || key->front() != k_ed25519)
    return fail(Code::input, "not a public key of Ed25519");
  VerifyingKey out{std::string(parts[0]), key->substr(1)};
  if (out.name.empty() || out.line() != text)
    return fail(Code::input, "the public key's id is not that of its name and key");
  return out;
}

std::string write_checkpoint(const Checkpoint& checkpoint, const SigningKey* key) {
  const auto body =
      checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) + "\n";
  return body + "\n" + (key ? key->signature_line(body) : std::string{});
}

namespace {

Result<SignedCheckpoint::Signature> parse_signature(NoteLines& lines) {
  TRY(const auto line, lines.next("a signature"));
  if (!line.starts_with(k_dash)) return lines.wrong("not a signature, which begins with a dash");
  const auto rest = line.substr(k_dash.size());
  const auto space = rest.find(' ');
  const auto bytes = space == std::string_view::npos ? std::nullopt : from_base64(rest.substr(space + 1));
  if (!bytes || space == 0 || bytes->size() <= k_id_bytes) return lines.wrong("not a signature: NAME and base64");
  return SignedCheckpoint::Signature{std::string(rest.substr(0, space)), bytes->substr(0, k_id_bytes),
                                     bytes->substr(k_id_bytes)};
}

}  // namespace

Result<SignedCheckpoint> parse_checkpoint(std::string_view text) {
  NoteLines lines(text);
  SignedCheckpoint out;
  out.text = text;
  TRY(const auto origin, lines.next("the ledger's origin"));
  if (origin.empty()) return lines.wrong("no origin");
  out.origin = origin;
  TRY(const auto size, lines.next("a number of entries"));
  TRY(out.size, lines.number(size));
  TRY(const auto root, lines.next("a root"));
  TRY(out.root, lines.hash(root));
  // Lines that later versions may add are signed, too.
  for (;;) {
    TRY(const auto line, lines.next("an empty line"));
    if (line.empty()) break;
  }
  out.body = text.substr(0, lines.offset() - 1);
  while (!lines.done()) {
    TRY(auto signature, parse_signature(lines));
    out.signatures.push_back(std::move(signature));
  }
  return out;
}

Result<void> check_signature(const SignedCheckpoint& checkpoint, const VerifyingKey& key) {
  if (checkpoint.signatures.empty()) return fail(Code::integrity, "the checkpoint is not signed");
  const auto id = id_of(key.name, key.bytes);
  std::string others;
  for (const auto& one : checkpoint.signatures) {
    if (one.name != key.name || one.id != id) {
      others += (others.empty() ? "" : ", ") + one.name;
    } else if (ed25519::verifies(key.bytes, checkpoint.body, one.bytes)) {
      return {};
    } else {
      return fail(Code::integrity, "the checkpoint's signature is not of this text: it was altered, or is another's");
    }
  }
  return fail(Code::integrity, "the checkpoint is signed by " + others + ", not by " + key.name);
}

}  // namespace provgate
