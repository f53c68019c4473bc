// SPDX-License-Identifier: Apache-2.0
// Proofs of a ledger's owner, and what a stranger makes of them.
#include <algorithm>

#include "base/digest.hpp"
#include "provgate/requests/requests.hpp"
#include "provgate/seal/merkle.hpp"
#include "requests/checkpoints.hpp"
#include "requests/record_names.hpp"

namespace provgate {

Result<std::string> newest_checkpoint(const Store& store, const SigningKey* key) {
  TRY(const auto now, store.checkpoint());
  TRY(auto kept, store.signed_checkpoint());
  const auto parsed = parse_checkpoint(kept);
  if (parsed && static_cast<const Checkpoint&>(*parsed) == now) {
    const auto ours = key ? parse_public_key(key->public_line()) : fail(Code::nothing, "");
    if (!key || (ours && check_signature(*parsed, *ours))) return kept;
  }
  return write_checkpoint(now, key);
}

namespace {

// The newest entry of the record that is meant, or the entry of that number.
Result<LedgerEntry> entry_meant(const Store& store, const std::string& what) {
  const auto number = parse_seq(what);
  std::optional<LedgerEntry> found;
  std::set<RecordId> ids;
  TRY(const auto noted, store.each_entry([&](const LedgerEntry& entry) {
    if (number ? entry.seq == *number : is_of(entry, what)) found = entry, ids.insert(entry.id);
    return !number || !found;
  }));
  (void)noted;
  if (!found)
    return fail(Code::nothing, number ? "the ledger has no entry " + std::to_string(number->number)
                                      : "no entry of " + quote(what) + " stands in the ledger");
  if (ids.size() == 1) return std::move(*found);
  std::string names;
  for (const auto& id : ids) names += (names.empty() ? "" : ", ") + id.iri.text + " of " + id.scope.text;
  return fail(Code::usage, quote(what) + " may mean several records: " + names,
              "name the number of the entry: log shows it");
}

// A checkpoint that has at least so many entries: a new one where it can be signed, else the newest that was.
Result<SignedCheckpoint> checkpoint_over(const Store& store, const SigningKey* key, std::uint64_t size) {
  TRY(const auto kept, store.signed_checkpoint());
  if (const auto parsed = parse_checkpoint(kept); !key && parsed && parsed->size >= size) return *parsed;
  TRY(const auto text, newest_checkpoint(store, key));
  return parse_checkpoint(text);
}

// A node of the tree is not what follows from the entries.
tl::unexpected<Error> broken_tree() {
  return fail(Code::integrity, "the ledger's tree is not that of its entries", "provgate fsck --repair makes it anew");
}

// That an entry stands in the ledger.
Result<InclusionProof> prove_inclusion(const Store& store, const LedgerEntry& entry, const SigningKey* key) {
  InclusionProof proof;
  proof.entry = entry.canonical(), proof.index = entry.seq.number - 1;
  TRY(proof.checkpoint, checkpoint_over(store, key, entry.seq.number));
  TRY(proof.hashes, store.prove_entry(entry.seq, proof.checkpoint.size));
  if (!merkle::includes(merkle::leaf_hash(proof.entry), proof.index, proof.checkpoint.size, proof.hashes,
                        proof.checkpoint.root))
    return broken_tree();
  return proof;
}

// That a kept record stands in the ledger, in its batch; nothing where none is meant.
Result<std::optional<RecordProof>> prove_kept(const Store& store, const ProveRequest& request) {
  TRY(const auto kept, store.kept());
  TRY(const auto place, record_named(*kept, request.what));
  if (!place) return std::optional<RecordProof>{};
  TRY(const auto head, store.head());
  if (!place->entry || place->entry > head.seq)
    return fail(Code::nothing, "the ledger has no entry " + std::to_string(place->entry.number));
  TRY(const auto entry, store.entry(place->entry));
  TRY(auto proof, prove_record(*kept, entry, *place));
  TRY(proof.batch, prove_inclusion(store, entry, request.key));
  return std::optional(std::move(proof));
}

void take(const SignedCheckpoint& checkpoint, ProveAnswer& out) {
  out.is_signed = !checkpoint.signatures.empty(), out.size = checkpoint.size;
}

}  // namespace

Result<ProveAnswer> answer(const World& world, const ProveRequest& request) {
  TRY(auto store, Store::open(request.store, false));
  CHECKED(store.check_chain());
  TRY(const auto now, store.checkpoint());
  if (request.key) CHECKED(note_key(world.clock, store, *request.key, nullptr, {}));
  ProveAnswer out;
  if (request.since) {
    GrowthProof proof;
    proof.size = request.since->size;
    CHECKED(store.check_extends(*request.since));
    TRY(proof.checkpoint, checkpoint_over(store, request.key, proof.size));
    TRY(proof.hashes, store.prove_growth(proof.size, proof.checkpoint.size));
    if (!merkle::extends(proof.size, request.since->root, proof.checkpoint.size, proof.checkpoint.root, proof.hashes))
      return broken_tree();
    out.text = write_proof(proof), take(proof.checkpoint, out);
  } else if (request.head) {
    TRY(const auto checkpoint, checkpoint_over(store, request.key, 1));
    out.text = checkpoint.text, take(checkpoint, out);
  } else {
    const auto entry = entry_meant(store, request.what);
    if (!entry && entry.error().code != Code::nothing) return tl::unexpected<Error>(entry.error());
    TRY(const auto record, entry ? std::optional<RecordProof>{} : prove_kept(store, request));
    if (!entry && !record) return tl::unexpected<Error>(entry.error());
    if (record) {
      out.text = write_proof(*record), take(record->batch.checkpoint, out);
    } else {
      TRY(const auto proof, prove_inclusion(store, *entry, request.key));
      out.text = write_proof(proof), take(proof.checkpoint, out);
    }
  }
  out.behind = std::max(now.size, out.size) - out.size;
  return out;
}

Result<std::string> answer(const World& world, const KeygenRequest& request) {
  const auto directory = parent_path(request.file), name = base_name(request.file);
  const bool there = world.disk.info(request.file).type != FileType::missing;
  if (there && !request.replaces)
    return fail(Code::usage, "something lies at " + request.file + " already",
                "a key is never overwritten: name another file");
  if (request.replaces) {
    TRY(const auto store, Store::open(request.store, false));
    TRY(const auto known, store.find_sealed(signing_key_record()));
    if (!known || known->record_digest != sha256_hex(request.replaces->public_line()))
      return fail(Code::usage, "the key that is to be replaced does not sign this ledger", "nothing was made");
  }
  std::optional<SigningKey> key;
  if (there) {
    TRY(const auto pem, world.disk.read(request.file, k_most_note_bytes));
    TRY(auto parsed, SigningKey::parse(pem, request.passphrase));
    key.emplace(std::move(parsed));
  } else {
    key.emplace(SigningKey::generate());
    CHECKED(world.disk.create_below(directory, name, key->pem(request.passphrase), false, true));
    CHECKED(world.disk.create_below(directory, name + ".pub", key->public_line() + "\n", false));
    CHECKED(world.disk.flush_below(directory, {name, name + ".pub"}));
  }
  if (request.replaces) {
    TRY(auto store, Store::open(request.store, false));
    CHECKED(store.check_chain());
    CHECKED(note_key(world.clock, store, *key, request.replaces, {}));
  }
  return key->public_line();
}

namespace {

bool is_export(std::string_view text) { return static_cast<bool>(parse_ledger_entry(text.substr(0, text.find('\n')))); }

// The record's files against what its entry says.
Result<void> compare_files(Disk& disk, const std::string& root, const LedgerEntry& entry, ProofAnswer& out) {
  const bool any = std::ranges::any_of(
      entry.files, [&](const auto& file) { return disk.info(join_path(root, file.first)).type != FileType::missing; });
  if (!any && !entry.files.empty()) {
    return fail(Code::nothing, "no file of the record lies below " + root,
                "name the directory its paths begin at: " + entry.files.begin()->first);
  }
  for (const auto& [path, file] : entry.files) {
    WentOn fault;
    fault.id = entry.id, fault.focus = entry.id.iri.text, fault.file = join_path(root, path), fault.entry = entry.seq;
    fault.expected = file.digest.text;
    const auto digest = disk.digest_below(root, path);
    ++out.files;
    if (digest && *digest == file.digest) continue;
    const auto type = disk.info(fault.file).type;
    if (!digest && (digest.error().code == Code::world || type == FileType::file))
      return tl::unexpected<Error>(digest.error());
    const bool gone = type == FileType::missing;
    fault.kind = gone ? Tampering::missing : Tampering::changed;
    fault.message = name_of(fault.kind), fault.found = gone ? "no file" : digest ? digest->text : digest.error().why;
    if (file.role == CoveredFile::Role::covered) {
      out.faults.push_back(std::move(fault));
    } else {
      out.went_on.push_back(std::move(fault));
    }
  }
  return {};
}

// Every link of the chain, and the root that was signed over all of it.
Result<void> check_export(std::string_view text, const Checkpoint& checkpoint) {
  RootOfEntries so_far;
  Head head;
  std::string origin;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return fail(Code::integrity, "its last line is cut short");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto place = "line " + std::to_string(so_far.size() + 1) + ": ";
    const auto entry = parse_ledger_entry(line);
    if (!entry) return fail(Code::integrity, place + entry.error().why);
    if (entry->seq != head.seq.next())
      return fail(Code::integrity, place + "entry " + std::to_string(entry->seq.number) + " stands there");
    if (entry->prev != head.digest) return fail(Code::integrity, place + "it does not follow the entry before it");
    head = {entry->seq, entry->digest()};
    if (origin.empty()) origin = std::string(k_origin) + head.digest.text;
    if (so_far.size() == checkpoint.size) return fail(Code::integrity, place + "it is past what was signed");
    so_far.add(line);
  }
  if (origin != checkpoint.origin) return fail(Code::integrity, "it is another ledger than the checkpoint's");
  if (so_far.size() != checkpoint.size)
    return fail(Code::integrity, "it has " + std::to_string(so_far.size()) + " entries, and the checkpoint " +
                                     std::to_string(checkpoint.size));
  if (so_far.root() != checkpoint.root) return fail(Code::integrity, "its entries are not those that were signed");
  return {};
}

}  // namespace

bool is_proof(std::string_view text) {
  return text.starts_with(k_inclusion_head) || text.starts_with(k_growth_head) || text.starts_with(k_record_head) ||
         is_export(text);
}

Result<ProofAnswer> answer(const World& world, const ProofRequest& request) {
  ProofAnswer out;
  const bool of_record = request.text.starts_with(k_record_head);
  if (of_record || request.text.starts_with(k_inclusion_head)) {
    if (request.older) {
      return fail(Code::usage, "a proof of inclusion has a checkpoint of its own, and is held against no other",
                  "hold that one against it: provgate prove --since CHECKPOINT, and verify the proof of growth");
    }
    InclusionProof proof;
    if (of_record) {
      TRY(auto record, parse_record_proof(request.text));
      CHECKED(check_proof(record, request.key));
      proof = std::move(record.batch), out.record = std::move(record.record), out.number = record.number;
    } else {
      TRY(proof, parse_inclusion(request.text));
      CHECKED(check_proof(proof, request.key));
    }
    TRY(out.entry, parse_ledger_entry(proof.entry));
    out.checkpoint = std::move(proof.checkpoint);
    if (!request.root.empty()) CHECKED(compare_files(world.disk, request.root, *out.entry, out));
    return out;
  }
  if (!request.older) return fail(Code::usage, "a checkpoint is needed to hold it against", "--checkpoint FILE");
  if (request.text.starts_with(k_growth_head)) {
    TRY(const auto proof, parse_growth(request.text));
    CHECKED(check_proof(proof, *request.older, request.key));
    out.checkpoint = proof.checkpoint;
    return out;
  }
  CHECKED(check_signature(*request.older, request.key));
  CHECKED(check_export(request.text, *request.older));
  out.checkpoint = *request.older;
  return out;
}

}  // namespace provgate
