// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/verbs.hpp"

#include <charconv>

#include "base/json_write.hpp"
#include "systems/experience/store/adding.hpp"
#include "systems/experience/store/occasion.hpp"

namespace provgate::experience {
namespace {

constexpr auto k_use = SystemFlag::Use::reading;

Result<std::string> only_argument(const VerbRequest& request, std::string_view what) {
  if (request.arguments.size() != 1) return fail(Code::usage, "name one " + std::string(what));
  return request.arguments.front();
}

Result<std::string> demanded(const VerbRequest& request, std::string_view name) {
  const auto& out = setting(request, name);
  if (out.empty()) return fail(Code::usage, "--" + std::string(name) + " is missing");
  return out;
}

// One record was to be kept.
VerbAnswer kept_one(const VerbRequest& request, const Added& done) {
  VerbAnswer out;
  for (const auto& f : done.findings) request.finding(f);
  out.findings = done.refused > 0;
  for (const auto& iri : done.iris) out.text += "added  #" + std::to_string(done.entry.number) + "  " + iri + "\n";
  if (done.known && done.iris.empty()) request.note("it is so already");
  return out;
}

template <class Do>
Result<VerbAnswer> write(const World& world, const VerbRequest& request, bool create, Do&& act) {
  TRY(const auto on, occasion(world, request));
  TRY(auto* keeper, request.keeper(create));
  TRY(const auto done, act(ExperienceStore(*keeper), on));
  return kept_one(request, done);
}

Result<VerbAnswer> add(const World& world, const VerbRequest& request) {
  TRY(const auto on, occasion(world, request));
  TRY(auto* keeper, request.keeper(true));
  AddRun run(world, request, ExperienceStore(*keeper), on);
  for (const auto& path : request.arguments) {
    auto done = path == "-" ? run.stream() : run.file(path);
    if (!done) {
      (void)run.answer();
      return tl::unexpected<Error>(done.error());
    }
    if (!*done) break;
  }
  return run.answer();
}

Result<VerbAnswer> verify(const World& world, const VerbRequest& request) {
  CHECKED(occasion(world, request));
  if (request.arguments.size() > 1) return fail(Code::usage, "name one experience, or none for all");
  TRY(auto* keeper, request.keeper(false));
  const auto id = request.arguments.empty() ? std::string{} : request.arguments.front();
  TRY(const auto report, ExperienceStore(*keeper).verify(id));
  auto failures = Json::array();
  for (const auto& one : report.failures) failures.push(Json::object().set("failedAt", one.id).set("error", one.error));
  auto out = Json::object();
  out.set("valid", report.failures.empty());
  if (!report.failures.empty())
    out.set("error", report.failures.front().error).set("failedAt", report.failures.front().id);
  if (!id.empty()) {
    auto chain = Json::array();
    for (const auto& one : report.chain) chain.push(one);
    out.set("chain", std::move(chain)).set("depth", static_cast<std::uint64_t>(report.chain.size()));
  }
  out.set("links", report.links).set("roots", report.roots).set("branches", report.branches);
  out.set("failures", std::move(failures));
  VerbAnswer answer;
  answer.text = out.pretty();
  if (!report.failures.empty()) answer.code = Code::integrity;
  if (report.links == 0 && report.failures.empty()) {
    request.note("no experience is kept");
    answer.code = Code::nothing;
  }
  return answer;
}

Result<VerbAnswer> attest(const World& world, const VerbRequest& request) {
  Attesting wanted;
  TRY(wanted.chitty_id, only_argument(request, "identity"));
  TRY(wanted.domain, demanded(request, "domain"));
  TRY(wanted.type, demanded(request, "type"));
  wanted.level = setting(request, "level"), wanted.subdomain = setting(request, "subdomain");
  wanted.attester = setting(request, "by"), wanted.expires_at = setting(request, "expires");
  wanted.evidence = setting(request, "evidence");
  if (const auto& score = setting(request, "score"); !score.empty()) {
    double number = 0;
    const auto [end, failed] = std::from_chars(score.data(), score.data() + score.size(), number);
    if (failed != std::errc() || end != score.data() + score.size() || !(number >= 0 && number <= 100))
      return fail(Code::usage, "--score " + quote(score) + " is not a number from 0 to 100");
    wanted.score = score;
  }
  return write(world, request, true,
               [&](ExperienceStore store, const Occasion& on) { return store.attest(wanted, on); });
}

Result<VerbAnswer> assess(const World& world, const VerbRequest& request) {
  Assessing wanted;
  TRY(wanted.chitty_id, only_argument(request, "identity"));
  TRY(wanted.domain, demanded(request, "domain"));
  wanted.subdomain = setting(request, "subdomain"), wanted.attester = setting(request, "by");
  return write(world, request, false,
               [&](ExperienceStore store, const Occasion& on) { return store.assess(wanted, on); });
}

Result<VerbAnswer> revoke(const World& world, const VerbRequest& request) {
  TRY(const auto id, only_argument(request, "attestation"));
  TRY(const auto reason, demanded(request, "reason"));
  return write(world, request, false,
               [&](ExperienceStore store, const Occasion& on) { return store.revoke(id, reason, on); });
}

Result<VerbAnswer> verify_record(const World& world, const VerbRequest& request) {
  TRY(const auto id, only_argument(request, "experience"));
  TRY(const auto by, demanded(request, "by"));
  return write(world, request, false, [&](ExperienceStore store, const Occasion& on) {
    return store.verify_record(id, by, "verified", {}, on);
  });
}

Result<VerbAnswer> dispute(const World& world, const VerbRequest& request) {
  TRY(const auto id, only_argument(request, "experience"));
  TRY(const auto by, demanded(request, "by"));
  TRY(const auto details, demanded(request, "details"));
  const bool invalid = setting(request, "invalidate") == SystemFlag::k_given;
  return write(world, request, false, [&](ExperienceStore store, const Occasion& on) {
    return store.verify_record(id, by, invalid ? "invalidated" : "disputed", details, on);
  });
}

Result<VerbAnswer> seal(const World& world, const VerbRequest& request) {
  TRY(const auto id, only_argument(request, "accountability record"));
  return write(world, request, false, [&](ExperienceStore store, const Occasion& on) { return store.seal(id, on); });
}

Result<VerbAnswer> remediate(const World& world, const VerbRequest& request) {
  Remediating wanted;
  TRY(wanted.record, only_argument(request, "accountability record"));
  TRY(wanted.by, demanded(request, "by"));
  TRY(wanted.action, demanded(request, "action"));
  wanted.details = setting(request, "details");
  if (const auto& status = setting(request, "status"); !status.empty()) wanted.status = status;
  if (wanted.status != "completed" && wanted.status != "in_progress" && wanted.status != "failed")
    return fail(Code::usage, "--status " + quote(wanted.status) + " is none of completed, in_progress, failed");
  return write(world, request, false,
               [&](ExperienceStore store, const Occasion& on) { return store.remediate(wanted, on); });
}

template <class Ask>
Result<VerbAnswer> tell(const VerbRequest& request, Ask&& ask) {
  TRY(const auto id, only_argument(request, "identity"));
  TRY(auto* keeper, request.keeper(false));
  VerbAnswer out;
  TRY(out.text, ask(ExperienceStore(*keeper), id));
  return out;
}

Result<VerbAnswer> summary(const World& world, const VerbRequest& request) {
  CHECKED(occasion(world, request));
  return tell(request, [](ExperienceStore store, const std::string& id) { return store.summary(id); });
}
Result<VerbAnswer> metrics(const World& world, const VerbRequest& request) {
  CHECKED(occasion(world, request));
  return tell(request, [](ExperienceStore store, const std::string& id) { return store.metrics(id); });
}
// A token from a file that nobody else reads.
Result<std::vector<std::string>> headers_of(const World& world, const VerbRequest& request, const std::string& hash) {
  std::vector<std::string> out = {"Content-Type: application/json", "Idempotency-Key: " + hash};
  const auto& path = setting(request, "token-file");
  if (path.empty()) return out;
  constexpr std::size_t k_most_bytes = 64 << 10;
  TRY(const auto text, world.disk.read(path, k_most_bytes, true));
  const auto token = trim(text);
  if (token.empty() || token.find_first_of("\r\n") != std::string_view::npos)
    return fail(Code::usage, path + " does not hold one token");
  out.push_back("Authorization: Bearer " + std::string(token));
  return out;
}

Result<VerbAnswer> push(const World& world, const VerbRequest& request, const std::string& id, const Occasion& on) {
  const auto& url = setting(request, "push");
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return fail(Code::usage, "--push " + quote(url) + " is not an http URL");
  TRY(auto* keeper, request.keeper(false));
  const auto send = [&](const std::string& document, const std::string& hash) -> Result<ExperienceStore::Reply> {
    HttpRequest put;
    put.method = "PUT", put.url = url, put.body = document;
    TRY(put.headers, headers_of(world, request, hash));
    TRY(auto answer, world.http.send(put));
    return ExperienceStore::Reply{answer.status, std::move(answer.body)};
  };
  TRY(const auto done, ExperienceStore(*keeper).sync(id, url, send, on));
  if (!done.already) return kept_one(request, done.kept);
  request.note("the same profile is there already");
  return VerbAnswer{};
}

Result<VerbAnswer> profile(const World& world, const VerbRequest& request) {
  TRY(const auto on, occasion(world, request));
  if (!setting(request, "push").empty()) {
    TRY(const auto id, only_argument(request, "identity"));
    return push(world, request, id, on);
  }
  auto format = setting(request, "format");
  if (format.empty()) format = request.terminal ? "text" : "json";
  if (format != "text" && format != "json" && format != "svg")
    return fail(Code::usage, "--format " + quote(format) + " is none of json, text, svg");
  return tell(request, [&](ExperienceStore store, const std::string& id) {
    return format == "json" ? store.profile(id, on.now_micros) : store.drawing(id, on.now_micros, format == "svg");
  });
}

constexpr SystemFlag k_now = {"now", "The time it is, as xsd:dateTime with a zone (default: the clock's)", "", k_use};
constexpr SystemFlag k_beacon = {
    "beacon", "A round of drand that it was not written before: from this URL or file, or none", "none", k_use};
constexpr SystemFlag k_domain = {"domain", "The domain of expertise", "", k_use};
constexpr SystemFlag k_subdomain = {"subdomain", "The part of it", "", k_use};
constexpr SystemFlag k_by = {"by", "The ChittyID of whoever does it", "", k_use};
constexpr SystemFlag k_details = {"details", "What is said about it: a JSON object, or words", "", k_use};
constexpr SystemFlag k_on_flags[] = {k_now, k_beacon};
constexpr SystemFlag k_now_flags[] = {k_now};
constexpr SystemFlag k_profile_flags[] = {
    {"format", "json, text or svg (default: text on a terminal, else json)", "", k_use},
    {"push", "Hand the profile on: PUT it to this URL, and keep what is answered", "", k_use},
    {"token-file", "A file with the token that the URL wants", "", k_use},
    k_now};
constexpr SystemFlag k_assess_flags[] = {k_domain, k_subdomain, k_by, k_now, k_beacon};
constexpr SystemFlag k_attest_flags[] = {
    k_domain,
    k_subdomain,
    {"type", "self_declared, system_observed, peer_reviewed or admin_granted", "", k_use},
    {"level", "novice, beginner, intermediate, advanced or expert", "", k_use},
    {"score", "0 to 100", "", k_use},
    {"evidence", "A JSON object of what it rests on", "", k_use},
    {"expires", "When it ends", "", k_use},
    k_by,
    k_now,
    k_beacon};
constexpr SystemFlag k_revoke_flags[] = {{"reason", "Why", "", k_use}, k_now};
constexpr SystemFlag k_verify_flags[] = {k_by, k_now};
constexpr SystemFlag k_dispute_flags[] = {
    k_by, k_details, {"invalidate", "It is proven false", "", k_use, SystemFlag::Takes::nothing}, k_now};
constexpr SystemFlag k_remediate_flags[] = {
    k_by,      {"action", "What was done", "", k_use},
    k_details, {"status", "completed, in_progress or failed", "completed", k_use},
    k_now,     k_beacon};

constexpr std::string_view k_group = "experience";
constexpr std::string_view k_who = "A ChittyID";
constexpr SystemVerb k_verbs[] = {
    {"add", "Add experiences and accountability records: what links and hashes them is filled in", "FILE",
     "Records, a JSON object a line; - reads standard input", k_on_flags, &add, k_group, true, true, true},
    {"verify",
     "Hold every link of every chain against its bytes and the one before it",
     "EXPERIENCE",
     "An id, for the chain that leads to it; without one all chains",
     {},
     &verify,
     k_group,
     false,
     true},
    {"attest", "Attest what somebody is able to do", "IDENTITY", k_who, k_attest_flags, &attest, k_group, true, true,
     true},
    {"assess", "Tell from what is on record how well somebody does something, and attest it", "IDENTITY", k_who,
     k_assess_flags, &assess, k_group, true, true, true},
    {"revoke", "Take an attestation back, for good", "ATTESTATION", "Its id", k_revoke_flags, &revoke, k_group, true,
     true, true},
    {"verify-record", "Say that an experience is true", "EXPERIENCE", "Its id", k_verify_flags, &verify_record, k_group,
     true, true, true},
    {"dispute", "Say that an experience is doubted, or false", "EXPERIENCE", "Its id", k_dispute_flags, &dispute,
     k_group, true, true, true},
    {"seal", "Seal an accountability record", "RECORD", "Its id", k_on_flags, &seal, k_group, true, true, true},
    {"remediate", "Say what undid the harm of an action", "RECORD", "Its id", k_remediate_flags, &remediate, k_group,
     true, true, true},
    {"summary", "What somebody experienced, counted", "IDENTITY", k_who, k_now_flags, &summary, k_group, true, true},
    {"metrics", "What somebody answers for, counted", "IDENTITY", k_who, k_now_flags, &metrics, k_group, true, true},
    {"profile", "The profile document of somebody, with its hash", "IDENTITY", k_who, k_profile_flags, &profile,
     k_group, true, true, true}};

}  // namespace

std::span<const SystemVerb> verbs() { return k_verbs; }

}  // namespace provgate::experience
