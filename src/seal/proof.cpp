// SPDX-License-Identifier: Apache-2.0
// Proofs that a stranger can verify: an entry stands in a ledger, a ledger has only grown.
#include "provgate/record/kept.hpp"
#include "provgate/seal/checkpoint.hpp"
#include "provgate/seal/ledger.hpp"
#include "provgate/seal/merkle.hpp"
#include "seal/note_lines.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_extra = "extra ", k_index = "index ", k_old = "old ", k_record = "record ",
                           k_number = "number ";

std::string hash_lines(const std::vector<std::string>& hashes) {
  std::string out;
  for (const auto& hash : hashes) out += to_base64(hash) + "\n";
  return out;
}

// Hashes up to an empty line.
Result<void> parse_hashes(NoteLines& lines, std::vector<std::string>& hashes) {
  for (;;) {
    TRY(const auto line, lines.next("an empty line"));
    if (line.empty()) return {};
    TRY(auto hash, lines.hash(line));
    hashes.push_back(std::move(hash));
  }
}

// Hashes, and the checkpoint behind them.
Result<void> parse_rest(NoteLines& lines, std::string_view text, std::vector<std::string>& hashes,
                        SignedCheckpoint& checkpoint) {
  CHECKED(parse_hashes(lines, hashes));
  auto parsed = parse_checkpoint(text.substr(lines.offset()));
  if (!parsed) return fail(Code::input, "in its checkpoint, " + parsed.error().why);
  checkpoint = std::move(*parsed);
  return {};
}

// The text behind the words that a line begins with.
Result<std::string_view> behind(NoteLines& lines, std::string_view words) {
  TRY(const auto line, lines.next("a line"));
  if (!line.starts_with(words)) return lines.wrong("it does not begin with " + quote(words));
  return line.substr(words.size());
}

// What stands there in base64.
Result<std::string> bytes_behind(NoteLines& lines, std::string_view words, const char* what) {
  TRY(const auto text, behind(lines, words));
  auto out = from_base64(text);
  if (!out) return lines.wrong(std::string("the ") + what + " is not base64");
  return std::move(*out);
}

Result<void> parse_head(NoteLines& lines, std::string_view head) {
  TRY(const auto line, lines.next("a proof"));
  return line == head ? Result<void>() : lines.wrong("not a proof: " + quote(head) + " is expected");
}

}  // namespace

std::string write_proof(const InclusionProof& proof) {
  return std::string(k_inclusion_head) + "\n" + std::string(k_extra) + to_base64(proof.entry) + "\n" +
         std::string(k_index) + std::to_string(proof.index) + "\n" + hash_lines(proof.hashes) + "\n" +
         proof.checkpoint.text;
}

std::string write_proof(const GrowthProof& proof) {
  return std::string(k_growth_head) + "\n" + std::string(k_old) + std::to_string(proof.size) + "\n" +
         hash_lines(proof.hashes) + "\n" + proof.checkpoint.text;
}

std::string write_proof(const RecordProof& proof) {
  return std::string(k_record_head) + "\n" + std::string(k_record) + to_base64(proof.record) + "\n" +
         std::string(k_number) + std::to_string(proof.number) + "\n" + hash_lines(proof.hashes) + "\n" +
         write_proof(proof.batch);
}

Result<InclusionProof> parse_inclusion(std::string_view text) {
  NoteLines lines(text);
  InclusionProof out;
  CHECKED(parse_head(lines, k_inclusion_head));
  TRY(out.entry, bytes_behind(lines, k_extra, "entry"));
  TRY(const auto index, behind(lines, k_index));
  TRY(out.index, lines.number(index));
  CHECKED(parse_rest(lines, text, out.hashes, out.checkpoint));
  return out;
}

Result<GrowthProof> parse_growth(std::string_view text) {
  NoteLines lines(text);
  GrowthProof out;
  CHECKED(parse_head(lines, k_growth_head));
  TRY(const auto old, behind(lines, k_old));
  TRY(out.size, lines.number(old));
  CHECKED(parse_rest(lines, text, out.hashes, out.checkpoint));
  return out;
}

Result<RecordProof> parse_record_proof(std::string_view text) {
  NoteLines lines(text);
  RecordProof out;
  CHECKED(parse_head(lines, k_record_head));
  TRY(out.record, bytes_behind(lines, k_record, "record"));
  TRY(const auto number, behind(lines, k_number));
  TRY(out.number, lines.number(number));
  CHECKED(parse_hashes(lines, out.hashes));
  auto batch = parse_inclusion(text.substr(lines.offset()));
  if (!batch) return fail(Code::input, "in the proof of its batch, " + batch.error().why);
  out.batch = std::move(*batch);
  return out;
}

Result<void> check_proof(const InclusionProof& proof, const VerifyingKey& key) {
  CHECKED(check_signature(proof.checkpoint, key));
  const auto& checkpoint = proof.checkpoint;
  TRY(const auto entry, parse_ledger_entry(proof.entry));
  if (entry.seq.number != proof.index + 1) {
    return fail(Code::integrity, "its entry has the number " + std::to_string(entry.seq.number) +
                                     " and is said to be the " + std::to_string(proof.index + 1) + ".");
  }
  if (proof.index < checkpoint.size &&
      merkle::includes(merkle::leaf_hash(proof.entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root))
    return {};
  return fail(Code::integrity,
              "its hashes do not lead from the entry to the root that was signed: the entry is not the " +
                  std::to_string(proof.index + 1) + ". of the first " + std::to_string(checkpoint.size) +
                  " of that ledger");
}

Result<void> check_proof(const RecordProof& proof, const VerifyingKey& key) {
  CHECKED(check_proof(proof.batch, key));
  TRY(const auto entry, parse_ledger_entry(proof.batch.entry));
  const auto size = records_in_batch(entry.id.iri.text);
  const auto root = from_hex(entry.record_digest.text);
  if (entry.kind != "sealed" || !size || entry.id.iri.text != batch_iri(*size, root))
    return fail(Code::integrity, "entry " + std::to_string(entry.seq.number) + " is of no batch of records");
  if (proof.number < *size &&
      merkle::includes(merkle::leaf_hash(proof.record), proof.number, *size, proof.hashes, root))
    return {};
  return fail(Code::integrity, "its hashes do not lead from the record to the root of its batch: it is not record " +
                                   std::to_string(proof.number) + " of entry " + std::to_string(entry.seq.number));
}

Result<void> check_proof(const GrowthProof& proof, const Checkpoint& older, const VerifyingKey& key) {
  CHECKED(check_signature(proof.checkpoint, key));
  const auto& newer = proof.checkpoint;
  if (older.origin != newer.origin) {
    return fail(Code::integrity, "they are of two ledgers, " + quote(older.origin) + " and " + quote(newer.origin));
  }
  if (older.size != proof.size)
    return fail(Code::integrity, "the proof is about the first " + std::to_string(proof.size) +
                                     " entries, and the checkpoint about " + std::to_string(older.size));
  if (older.size <= newer.size && merkle::extends(older.size, older.root, newer.size, newer.root, proof.hashes))
    return {};
  return fail(Code::integrity, "the ledger that was signed does not begin with the " + std::to_string(older.size) +
                                   " entries of the older checkpoint: it was rolled back, cut off or rewritten");
}

void RootOfEntries::add(std::string_view canonical_entry) { add_leaf(merkle::leaf_hash(canonical_entry)); }

void RootOfEntries::add_leaf(std::string hash) {
  for (auto at = size_; at % 2 == 1; at /= 2) {
    hash = merkle::node_hash(whole_.back(), hash);
    whole_.pop_back();
  }
  whole_.push_back(std::move(hash));
  ++size_;
}

std::string RootOfEntries::root() const {
  if (whole_.empty()) return merkle::empty_root();
  auto out = whole_.back();
  for (auto at = whole_.size() - 1; at-- > 0;) out = merkle::node_hash(whole_[at], out);
  return out;
}

}  // namespace provgate
