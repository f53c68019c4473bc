// SPDX-License-Identifier: Apache-2.0
// Who signs a ledger's checkpoints stands in the ledger itself, as a record of its own.
#include "gate/signing.hpp"

#include "base/digest.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

std::string key_iri(const std::string& public_line) { return signing_key_iri(sha256_hex(public_line)); }

Draft draft_of(const SigningKey& key, const SigningKey* replaces) {
  Draft out;
  out.id = signing_key_record(), out.kind = "key";
  const auto line = key.public_line();
  out.record_digest = sha256_hex(line);
  auto& terms = out.graph.terms();
  const auto name = terms.intern(iri_text(std::string(k_key_graph)));
  const auto say = [&](const std::string& s, const std::string& p, const std::string& o) {
    out.graph.add({terms.intern(iri_text(s)), terms.intern(iri_text(p)), terms.intern(o), name});
  };
  const std::string type = std::string(vocab::rdf) + "type", own(vocab::provgate), prov(vocab::prov);
  const auto iri = key_iri(line);
  say(iri, type, iri_text(own + "SigningKey"));
  say(iri, type, iri_text(prov + "Entity"));
  say(iri, own + "publicKey", literal_text(line));
  if (!replaces) return out;
  say(iri, prov + "wasRevisionOf", iri_text(key_iri(replaces->public_line())));
  // A signature line, as a note has it, over the new key's line.
  say(iri, own + "endorsement", literal_text(std::string(trim(replaces->signature_line(line + "\n")))));
  return out;
}

}  // namespace

std::string signing_key_iri(const Digest& of_line) {
  constexpr std::size_t k_digits = 32;
  return "urn:provgate:key:" + of_line.text.substr(0, k_digits);
}

Result<void> note_key(Clock& clock, Store& store, const SigningKey& key, const SigningKey* replaces,
                      const LockWait& wait) {
  TRY(const auto alone, store.lock_sealing(wait));
  TRY(const auto known, store.find_sealed(signing_key_record()));
  if (known && known->record_digest == sha256_hex(key.public_line())) return {};
  if (known && (!replaces || known->record_digest != sha256_hex(replaces->public_line()))) {
    return fail(
        Code::usage,
        "this ledger's checkpoints are signed by another key, as entry " + std::to_string(known->seq.number) + " says",
        "sign with that one, or put a new one in its place: provgate keygen NEW --replaces OLD");
  }
  bool retired = false;
  TRY(const auto noted, store.each_entry([&](const LedgerEntry& entry) {
    retired = retired || (entry.id == signing_key_record() && entry.record_digest == sha256_hex(key.public_line()));
    return !retired;
  }));
  (void)noted;
  if (retired)
    return fail(Code::usage, "this key signed the ledger before, and was replaced", "make a new one: keygen");
  if (!known && replaces) return fail(Code::usage, "no key signs this ledger's checkpoints: there is none to replace");
  auto draft = draft_of(key, replaces);
  if (known) draft.replaces = known->seq;
  const auto verdict = admit(std::move(draft), {});
  const auto* checked = std::get_if<Checked>(&verdict);
  if (!checked) return fail(Code::bug, "a draft without findings was refused");
  TRY(const auto head, store.head());
  const auto entry = seal(*checked, head, {clock.now_micros(), clock.source()});
  return store.append(std::span(&entry, 1), {}, {}, &key);
}

}  // namespace provgate
