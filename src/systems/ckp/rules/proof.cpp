// SPDX-License-Identifier: Apache-2.0
// PROOF: instance proofs against the bytes they speak of, and the counts and outcomes inside every proof.
#include "base/digest.hpp"
#include "systems/ckp/rules/chains.hpp"
#include "systems/ckp/rules/python_json.hpp"
#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {
namespace {

std::string_view bare_hash(std::string_view text) { return text.starts_with("sha256:") ? text.substr(7) : text; }

struct Counts {
  std::int64_t total = 0, passed = 0, failed = 0;
};

// total = passed + failed, evidence adds up, PASS means that nothing failed.
void check_counts(const SourceFile& file, Value root, std::string_view focus, Sink& sink) {
  const auto report = [&](Value at, std::string message) {
    auto& f = sink.add("PROOF-010", file, at.place(), std::move(message));
    f.focus = std::string(focus), f.path = std::string(at.key()), f.found = std::string(at.text());
  };
  const auto total = root.find("total_checks").as_int(), passed = root.find("total_passed").as_int(),
             failed = root.find("total_failed").as_int();
  if (total && passed && failed && *total != *passed + *failed) {
    report(root.find("total_checks"), "total_checks is not total_passed plus total_failed");
  }
  Counts sum;
  bool counted = false;
  for (const auto step : root.find("evidence").children()) {
    const auto checks = step.find("checks").as_int(), ok = step.find("passed").as_int(),
               bad = step.find("failed").as_int();
    if (!checks || !ok || !bad) continue;
    counted = true;
    if (*checks != *ok + *bad)
      report(step.find("checks"), "checks is not passed plus failed in " + quote(step.find("step").text()));
    sum.total += *checks, sum.passed += *ok, sum.failed += *bad;
  }
  if (counted && total && sum.total != *total)
    report(root.find("total_checks"), "the evidence adds up to " + std::to_string(sum.total) + " checks");
  if (counted && passed && sum.passed != *passed)
    report(root.find("total_passed"), "the evidence adds up to " + std::to_string(sum.passed) + " passed checks");
  if (counted && failed && sum.failed != *failed)
    report(root.find("total_failed"), "the evidence adds up to " + std::to_string(sum.failed) + " failed checks");
  std::int64_t refused = 0;
  for (const auto check : root.find("checks").children()) refused += check.find("passed").as_bool() == false;
  const auto outcome = root.find("outcome");
  const std::int64_t all_failed = failed.value_or(0) + refused;
  if (outcome.text() == "PASS" && all_failed > 0)
    report(outcome,
           "the outcome is PASS although " + plural(static_cast<std::uint64_t>(all_failed), "check") + " failed");
  if (outcome.text() == "PASS" && root.find("chain_valid").as_bool() == false)
    report(outcome, "the outcome is PASS although chain_valid is false");
  if (outcome.text() == "FAIL" && all_failed == 0 && (failed || root.find("checks").size() > 0))
    report(outcome, "the outcome is FAIL although no check failed");
}

// Values of the wrong kind would prove nothing and break no rule.
void check_form(const SourceFile& file, Value root, std::string_view focus, Sink& sink) {
  const auto odd = [&](Value at, std::string_view key, std::string what) {
    auto& f = sink.add("PROOF-017", file, at.place(), std::string(key) + " is " + std::move(what));
    f.focus = std::string(focus), f.path = std::string(key), f.found = std::string(at.text());
  };
  if (!root.is(Kind::object)) return odd(root, "the proof", "not a mapping");
  for (const std::string_view key :
       {"data_hash", "manifest_hash", "hash", "final_hash", "instance_id", "action_urn", "proof_id"}) {
    if (const auto value = root.find(key); value && !value.is(Kind::string) && !value.is(Kind::null))
      odd(value, key, "not text");
  }
  for (const std::string_view key : {"total_checks", "total_passed", "total_failed"}) {
    if (const auto value = root.find(key); value && !value.as_int()) odd(value, key, "not a whole number");
  }
  root.find("checks").each([&](Value check) {
    if (const auto passed = check.find("passed"); passed && !passed.as_bool())
      odd(passed, "passed", "neither true nor false");
  });
  if (const auto outcome = root.find("outcome");
      outcome && outcome.text() != "PASS" && outcome.text() != "FAIL" && outcome.text() != "PARTIAL") {
    odd(outcome, "outcome", "not one of PASS, FAIL and PARTIAL");
  }
}

void check_outcome(const SourceFile& file, Value root, std::string_view focus, bool sealed, Sink& sink) {
  const auto outcome = root.find("outcome");
  const auto add = [&](std::string_view rule, std::string message) {
    auto& f = sink.add(rule, file, outcome.place(), std::move(message));
    f.focus = std::string(focus), f.path = "outcome", f.found = std::string(outcome.text()), f.expected = "PASS";
  };
  if (outcome.text() == "FAIL" && sealed) add("PROOF-011", "the proof says FAIL, yet the instance is sealed");
  if (outcome.text() == "PARTIAL") add("PROOF-016", "the proof says PARTIAL: operational checks failed");
}

class InstanceProofs {
 public:
  InstanceProofs(const InstanceFiles& files, const InstanceRecord& record, const KernelContext& context, Sink& sink)
      : files_(files), record_(record), context_(context), sink_(sink) {}

  void run() {
    const auto own = own_proof();
    if (record_.sealed) claims_need_proof(own);
    if (files_.proof.doc) instance_proof(files_.proof);
    if (own.doc) instance_proof(own);
    if (own.error) check_readable(own, sink_);
    for (const auto& proof : files_.client_proofs) {
      if (!proof.doc) continue;
      check_prov_fields(proof, proof.doc->root(), record_.urn, context_, sink_);
      client_proof(proof);
    }
    // What the record itself does not speak for is checked, too.
    for (const auto* file : {&files_.ledger}) {
      if (file->doc && file != files_.record())
        check_prov_fields(*file, file->doc->root(), record_.urn, context_, sink_);
    }
    if (files_.data.doc) check_execution_chain(files_.data, record_.urn, sink_);
    for (const auto& amendment : files_.amendments) amended(amendment);
    ledger();
  }

 private:
  Finding& add(std::string_view rule, const SourceFile& file, Value at, std::string message) {
    auto& f = sink_.add(rule, file, at.place(), std::move(message));
    f.focus = record_.urn, f.path = std::string(at.key()), f.found = std::string(at.text());
    return f;
  }

  // The record that sealing left in proof/{instance_id}/.
  SourceFile own_proof() const {
    for (const auto& area : context_.place.proof_areas) {
      if (context_.place.loose || record_.urn.empty() || !record_.directory.starts_with(area + "/")) continue;
      const auto path = join_path(area, "proof/" + record_.id + "/proof.json");
      if (context_.disk.info(path).type != FileType::missing)
        return read_source(context_.disk, path, context_.place.root, context_.options.read);
    }
    return {};
  }

  // A proof must name a hash; an empty file proves nothing.
  static bool proves(const SourceFile& file) {
    if (file.error) return true;  // said elsewhere
    if (!file.doc) return false;
    const auto root = file.doc->root();
    return !root.find("data_hash").text().empty() || !root.find("manifest_hash").text().empty() ||
           !root.find("hash").text().empty();
  }

  void claims_need_proof(const SourceFile& own) {
    if (proves(files_.proof) || proves(own)) return;
    // The client writes proof.json with every data.json it seals; its second proof does not replace that.
    for (const auto& file : files_.client_proofs) {
      if (proves(file) && !files_.data.doc) return;
    }
    for (const auto* file : {&files_.manifest, &files_.data, &files_.message, &files_.instance}) {
      if (!file->doc) continue;
      const auto root = file->doc->root();
      const auto claim = root.find("sealed_at") ? root.find("sealed_at") : root.find("status");
      if (!claim || (!root.find("sealed_at") && lower_ascii(trim(claim.text())) != "sealed")) continue;
      add("PROOF-001", *file, claim, "says it is sealed, but there is no proof").expected = "proof.json beside it";
      return;
    }
  }

  // Digests are known only where a proof lies beside the files; a proof elsewhere takes them itself. Nothing, and a
  // finding, where the file can no longer be read: that is not a sign of tampering.
  Digest digest_of_file(const SourceFile& file) {
    if (!file.sha256.empty()) return file.sha256;
    const auto bytes = context_.disk.read(file.path, context_.options.read.max_file_size);
    if (bytes) return sha256_hex(*bytes);
    SourceFile broken;
    broken.path = file.path, broken.error = bytes.error();
    check_readable(broken, sink_);
    return {};
  }

 public:
  void instance_proof(const SourceFile& file) {
    const auto root = file.doc->root();
    check_form(file, root, record_.urn, sink_);
    check_prov_fields(file, root, record_.urn, context_, sink_);
    const auto data = files_.data.doc ? digest_of_file(files_.data).text : std::string{};
    const auto manifest = files_.manifest.doc ? digest_of_file(files_.manifest).text : std::string{};
    const auto named = root.find("instance_id");
    if (!named.text().empty() && named.text() != record_.id && named.text() != files_.name) {
      add("PROOF-002", file, named, "the proof is of another instance, " + quote(named.text())).expected = record_.id;
    }
    if (const auto hash = root.find("data_hash"); !hash.text().empty()) {
      if (!files_.data.doc && !files_.data.error) {
        add("PROOF-006", file, hash, "the proof covers a data.json that is missing");
      } else if (files_.data.doc && !data.empty() && bare_hash(hash.text()) != data) {
        add("PROOF-003", file, hash, "data_hash does not match data.json: " + data_reason()).expected = data;
      }
    }
    if (const auto hash = root.find("manifest_hash");
        !hash.text().empty() && files_.manifest.doc && !manifest.empty() && bare_hash(hash.text()) != manifest) {
      add("PROOF-004", file, hash, "manifest_hash does not match manifest.json: overwritten or tampered").expected =
          manifest;
    }
    check_counts(file, root, record_.urn, sink_);
    check_outcome(file, root, record_.urn, record_.sealed || files_.data.doc, sink_);
  }

 private:
  // The client's second hash, over the content, tells a reformatted file from a changed one.
  std::string data_reason() const {
    for (const auto& proof : files_.client_proofs) {
      if (!proof.doc) continue;
      const auto hash = bare_hash(proof.doc->root().find("hash").text());
      if (!hash.empty() && content_matches(hash)) return "only reformatted (the content hash still holds)";
    }
    return "overwritten or tampered";
  }

  bool content_matches(std::string_view hash) const {
    const auto root = files_.data.doc->root();
    if (sha256_hex(python_dumps(root)).text == hash) return true;
    return has_integer_keys(root) && sha256_hex(python_dumps(root, {.numeric_keys = true})).text == hash;
  }

  void client_proof(const SourceFile& file) {
    const auto root = file.doc->root();
    const auto hash = root.find("hash");
    if (hash.text().empty()) return;
    if (const auto algorithm = root.find("algorithm");
        algorithm && algorithm.text() != "sha256" && algorithm.text() != "SHA-256" && algorithm.text() != "sha-256") {
      add("PROOF-005", file, algorithm,
          "the content hash is by " + quote(algorithm.text()) + ", which cannot be verified")
          .expected = "sha256";
      return;
    }
    if (!files_.data.doc && !files_.data.error) {
      add("PROOF-006", file, hash, "the proof covers a data.json that is missing");
    } else if (files_.data.doc && !content_matches(bare_hash(hash.text()))) {
      const auto proof =
          files_.proof.doc ? bare_hash(files_.proof.doc->root().find("data_hash").text()) : std::string_view{};
      add("PROOF-005", file, hash,
          proof == files_.data.sha256.text
              ? "the content hash does not match data.json, though proof.json does: proof.json was edited with the data"
              : "the content hash does not match data.json: overwritten or tampered")
          .expected = sha256_hex(python_dumps(files_.data.doc->root())).text;
    }
  }

  void amended(const SourceFile& amendment) {
    if (context_.info.mutability == "amendments_allowed" || context_.info.mutability == "full_versioning") return;
    if (!amendment.doc || !files_.data.doc) return;
    auto& f = sink_.add("SEAL-002", amendment, amendment.doc->root().place(),
                        "an amendment to data that is sealed once and for all");
    f.focus = record_.urn;
  }

  void ledger() {
    if (!files_.ledger.doc || record_.status.text != "completed") return;
    const auto current = files_.ledger.doc->root().find("current_status");
    if (current.text() == "pending")
      add("SEAL-001", files_.ledger, current, "the manifest says completed while the ledger still says pending");
  }

  const InstanceFiles& files_;
  const InstanceRecord& record_;
  const KernelContext& context_;
  Sink& sink_;
};

}  // namespace

void check_stray_proof(const SourceFile& file, const KernelContext& context, Sink& sink) {
  const std::string id(file.doc->root().find("instance_id").text());
  InstanceFiles files;
  ReadOptions read = context.options.read;
  read.digests = true;
  for (const auto& area : context.place.areas) {
    for (const auto& directory : {join_path(area, "instances/" + id), join_path(area, id)}) {
      if (is_instance_id(id) && !context.place.loose && context.disk.info(directory).type == FileType::directory) {
        files = read_instance(context.disk, context.place, directory, read);
      }
    }
  }
  auto record = extract_instance(files);
  record.id = files.name.empty() ? id : record.id;
  InstanceProofs(files, record, context, sink).instance_proof(file);
}

void check_instance_proofs(const InstanceFiles& files, const InstanceRecord& record, const KernelContext& context,
                           Sink& sink) {
  InstanceProofs(files, record, context, sink).run();
}

void check_action_proof(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink) {
  check_action_fields(file, record, context, sink);
  const auto outer = file.doc->root();
  const auto root = outer.find("proof").find("action_urn") ? outer.find("proof") : outer;
  check_form(file, root, record.urn.text, sink);
  check_counts(file, root, record.urn.text, sink);
  check_outcome(file, root, record.urn.text, false, sink);
  check_step_chain(file, root, outer, record.urn.text, sink);
  if (const auto claim = root.find("chain_valid"); claim.as_bool() == false) {
    auto& f = sink.add("PROOF-012", file, claim.place(), "the proof says its chain is not valid");
    f.focus = record.urn.text, f.path = "chain_valid", f.found = "false";
  }
  // The same moment under two names must be the same moment.
  for (const auto& [prov_name, plain] : {std::pair{"startedAtTime", "started_at"}, {"endedAtTime", "ended_at"}}) {
    const auto one = prov_field(root, prov_name);
    const auto two = field_of(root.find(plain));
    const auto a = parse_datetime(one.first()), b = parse_datetime(two.text);
    if (!a || !b || a->micros == b->micros) continue;
    auto& f =
        sink.add("CHAIN-009", file, two.at, std::string(plain) + " and prov:" + prov_name + " name different moments");
    f.focus = record.urn.text, f.path = plain, f.found = two.text, f.expected = std::string(one.first());
  }
  for (const auto step : outer.find("occurrents").children()) {
    const auto urn = field_of(step.find("step_urn"));
    if (!urn) continue;
    const auto parsed = check_urn(urn, "step_urn", file, context, sink, record.urn.text);
    if (parsed && parsed->kind != UrnKind::occurrent) {
      auto& f = sink.add("URN-001", file, urn.at,
                         "step_urn names a " + std::string(name_of(parsed->kind)) + ", not an Occurrent");
      f.focus = record.urn.text, f.path = "step_urn", f.found = urn.text,
      f.expected = "ckp://Occurrent#{Kernel}/{action}/{step}-{time}";
    }
    if (const auto time = field_of(step.find("timestamp")); time && !parse_datetime(time.text)) {
      auto& f = sink.add("CHAIN-012", file, time.at, quote(time.text) + " is not an xsd:dateTime");
      f.focus = record.urn.text, f.path = "timestamp", f.found = time.text;
    }
  }
  const bool shape_a = !root.find("proof_id") && !root.find("steps") && !root.find("final_hash");
  if (!shape_a && !prov_field(root, "wasGeneratedBy").present && !prov_field(root, "wasAttributedTo").present) {
    auto& f = sink.add("PROOF-013", file, root.place(), "the proof has no provenance of its own");
    f.focus = record.urn.text, f.expected = "prov:wasGeneratedBy, prov:wasAttributedTo, prov:generatedAtTime";
  }
  check_prov_fields(file, root, record.urn.text, context, sink);
}

void check_session(const SourceFile& file, const KernelContext& context, Sink& sink) {
  const auto root = file.doc->root();
  const std::string focus(root.find("urn").text());
  for (const auto entry : root.find("actions").children()) {
    if (entry.find("urn")) continue;  // judged as an action
    auto& f = sink.add("URN-001", file, entry.place(), "an action of the session has no urn");
    f.focus = focus, f.path = "actions", f.expected = "ckp://Action#{Kernel}/{action}-{time}";
  }
  for (const auto kernel : root.find("kernels_involved").children()) {
    if (is_kernel_name(kernel.text())) continue;
    auto& f = sink.add("URN-001", file, kernel.place(), quote(kernel.text()) + " is not a kernel name");
    f.focus = focus, f.path = "kernels_involved", f.found = std::string(kernel.text()), f.expected = "a kernel name";
  }
  check_prov_fields(file, root, focus, context, sink);
}

void check_action_fields(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink) {
  const std::string focus = record.urn.text;
  if (!record.urn) {
    auto& f = sink.add("URN-001", file, file.doc ? file.doc->root().place() : Place{}, "action_urn is empty");
    f.path = "action_urn", f.expected = "ckp://Action#{Kernel}/{action}-{time}";
  } else {
    if (const auto urn = check_urn(record.urn, "action_urn", file, context, sink, focus);
        urn && urn->kind != UrnKind::action) {
      auto& f = sink.add("CHAIN-011", file, record.urn.at,
                         "action_urn names a " + std::string(name_of(urn->kind)) + ", not an Action");
      f.focus = focus, f.path = "action_urn", f.found = record.urn.text;
    }
  }
  if (record.kernel_urn) check_urn(record.kernel_urn, "kernel_urn", file, context, sink, focus);
  if (record.source == ActionSource::session) {
    check_urns(record.associated_with, "prov:wasAssociatedWith", file, context, sink, focus);
    check_urns(record.started_by, "prov:wasStartedBy", file, context, sink, focus);
    check_urns(record.influenced_by, "prov:wasInfluencedBy", file, context, sink, focus);
    check_urns(record.used, "prov:used", file, context, sink, focus);
  }
  if (record.started_micros && record.ended_micros && *record.ended_micros < *record.started_micros) {
    auto& f = sink.add("CHAIN-007", file, record.ended.at, "the action ended before it started");
    f.focus = focus, f.path = "prov:endedAtTime", f.found = record.ended.text,
    f.expected = "not before " + record.started.text;
  }
  for (const auto* time : {&record.started, &record.ended}) {
    if (!*time || parse_datetime(time->text)) continue;
    auto& f = sink.add("CHAIN-012", file, time->at, quote(time->text) + " is not an xsd:dateTime");
    f.focus = focus, f.found = time->text;
  }
}

}  // namespace provgate::ckp
