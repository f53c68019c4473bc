// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/proof_record.hpp"

#include <algorithm>

#include "base/json_write.hpp"

namespace provgate::ckp {
namespace {

// The digest of the instance's own file of that name, or empty.
std::string digest_of_file(const CheckedKernel& kernel, const InstanceRecord& instance, const Draft& draft,
                           std::string_view name) {
  const auto path = join_path(instance.directory, name);
  const auto& root = kernel.place.root;
  const auto found = draft.files.find(path.starts_with(root + "/") ? path.substr(root.size() + 1) : path);
  return found == draft.files.end() ? std::string{} : found->second.digest.text;
}

Json check_entry(const char* name, const char* type, std::string expected, std::string actual) {
  return Json::object()
      .set("check_name", name)
      .set("check_type", type)
      .set("expected", std::move(expected))
      .set("actual", std::move(actual))
      .set("passed", true);
}

}  // namespace

std::string gate_urn() { return kernel_urn(k_gate_kernel, "v" PROVGATE_VERSION); }

std::string make_proof(const CheckedKernel& kernel, const InstanceRecord& instance, const Draft& draft,
                       std::int64_t now_micros) {
  const auto now = format_utc(now_micros - now_micros % 1'000'000);
  const auto data = digest_of_file(kernel, instance, draft, "data.json");
  const auto manifest = digest_of_file(kernel, instance, draft, "manifest.json");
  Json proof = Json::object();
  proof.set("proof_id", "proof-" + instance.id + "-" + std::to_string(now_micros / 1'000'000))
      .set("instance_id", instance.id);
  if (!data.empty()) proof.set("data_hash", data);
  if (!manifest.empty()) proof.set("manifest_hash", manifest);
  Json files = Json::object();
  for (const auto& [path, file] : draft.files) {
    if (file.role == CoveredFile::Role::covered) files.set(path, file.digest.text);
  }
  proof.set("files", std::move(files));
  proof.set("checked_at", now)
      .set("checked_by_kernel", k_gate_kernel)
      .set("checked_by_identity", gate_urn())
      .set("svid", "unavailable");
  Json checks = Json::array();
  checks.push(
      check_entry("wasGeneratedBy", "PROVENANCE", "the URN of an action", std::string(instance.generated_by.first())));
  checks.push(check_entry("wasAttributedTo", "PROVENANCE", kernel.name().empty() ? "a kernel" : kernel.name(),
                          std::string(instance.attributed_to.first())));
  checks.push(
      check_entry("generatedAtTime", "PROVENANCE", "an xsd:dateTime", std::string(instance.generated_at.first())));
  if (!data.empty()) checks.push(check_entry("data_hash", "INTEGRITY", data, data));
  proof.set("checks", std::move(checks)).set("outcome", "PASS");
  proof.set("prov:wasGeneratedBy", "ckp://Action#" + k_gate_kernel + "/seal-" + std::to_string(now_micros / 1000));
  proof.set("prov:wasAttributedTo", gate_urn()).set("prov:generatedAtTime", now);
  return proof.pretty();
}

bool proof_matches(Value proof, const InstanceRecord& instance, const CheckedKernel& kernel, const Draft& draft) {
  if (proof.find("instance_id").text() != instance.id || proof.find("outcome").text() != "PASS") return false;
  if (proof.find("data_hash").text() != digest_of_file(kernel, instance, draft, "data.json")) return false;
  if (proof.find("manifest_hash").text() != digest_of_file(kernel, instance, draft, "manifest.json")) return false;
  const auto files = proof.find("files").children();
  const auto covered = std::ranges::count_if(
      draft.files, [](const auto& file) { return file.second.role == CoveredFile::Role::covered; });
  if (files.size() != static_cast<std::size_t>(covered)) return false;
  return std::ranges::all_of(files, [&](const auto& file) {
    const auto known = draft.files.find(std::string(file.key()));
    return known != draft.files.end() && known->second.role == CoveredFile::Role::covered &&
           known->second.digest.text == file.text();
  });
}

}  // namespace provgate::ckp
