// SPDX-License-Identifier: Apache-2.0
#include "systems/experience/store/occasion.hpp"

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "systems/experience/record.hpp"

namespace provgate::experience {
namespace {

bool is_url(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

// The hash of a chain that a URL names: PREFIX/HASH/public/latest.
std::string chain_in(std::string_view url) {
  for (const auto part : split(url, '/')) {
    if (hash_in(part)) return lower_ascii(part);
  }
  return {};
}

// What beacons answer with.
Result<Beacon> read_round(const std::string& text, std::string chain, std::int64_t now_micros, Code whose,
                          const std::string& from) {
  const auto document = read_json(from, text);
  const auto root = document ? document->root() : Value{};
  const auto round = root.find("round").as_int();
  const auto wrong = [&](const std::string& why) { return fail(whose, from + " gives no round of a beacon: " + why); };
  if (!root.is(Kind::object) || !round || *round < 1) return wrong("there is no number");
  Beacon out;
  out.round = static_cast<std::uint64_t>(*round);
  out.randomness = text_of(root, "randomness"), out.signature = text_of(root, "signature");
  for (const auto* name : {"chain", "chain_hash"}) {
    if (chain.empty()) chain = text_of(root, name);
  }
  // Which chain signs so; the curve tells whether it did.
  for (const auto& one : beacon_chains()) {
    if (chain.empty() && out.signature.size() == 2 * one.signature_bytes) chain = one.hash;
  }
  out.chain = chain;
  const auto* known = find_beacon_chain(out.chain);
  if (!known) return wrong("its chain is not known: name it by its hash, in the URL or as \"chain_hash\"");
  constexpr std::pair<BeaconFault, const char*> k_faults[] = {
      {BeaconFault::randomness_form, "the randomness is not 64 hexadecimal digits"},
      {BeaconFault::signature_form, "the signature has another length"},
      {BeaconFault::not_its_hash, "the randomness is not the hash of the signature"},
      {BeaconFault::invented, "it was invented"},
      {BeaconFault::after_record, "it is of a time that is still to come"},
      {BeaconFault::unknown_chain, "its chain is not known"},
      {BeaconFault::no_signature, "the signature is missing"}};
  out.previous = text_of(root, "previous_signature");
  for (const auto fault : faults_of(out, now_micros))
    return wrong(std::ranges::find(k_faults, fault, &std::pair<BeaconFault, const char*>::first)->second);
  if (curve_verdict(out) != CurveVerdict::holds) return wrong("the chain never signed it, as far as it can be told");
  return out;
}

Result<Beacon> fetch_round(const World& world, std::string url, std::int64_t now_micros) {
  const auto chain = chain_in(url);
  if (url.find("/public/") == std::string::npos) url += (url.ends_with('/') ? "" : "/") + std::string("public/latest");
  HttpRequest request;
  request.url = url;
  constexpr long k_timeout_ms = 15'000, k_good = 200;
  request.timeout_ms = k_timeout_ms;
  TRY(const auto answer, world.http.send(request));
  if (answer.status != k_good)
    return fail(Code::world, url + " answered with " + std::to_string(answer.status), "--beacon none, or a file");
  return read_round(answer.body, chain, now_micros, Code::world, url);
}

std::string uuid_of_version_4(Random& random) {
  std::array<std::uint64_t, 2> numbers = {random.next(), random.next()};
  Uuid id{};
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(numbers[i / 8] >> 8 * (i % 8));
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0F) | 0x40), id[8] = static_cast<std::uint8_t>((id[8] & 0x3F) | 0x80);
  return uuid_text(id);
}

}  // namespace

const std::string& setting(const VerbRequest& request, std::string_view name) {
  static const std::string k_none;
  const auto found = request.settings.find(name);
  return found == request.settings.end() ? k_none : found->second;
}

Result<Occasion> occasion(const World& world, const VerbRequest& request) {
  Occasion out;
  out.now_micros = world.clock.now_micros();
  if (const auto& now = setting(request, "now"); !now.empty()) {
    const auto at = parse_datetime(now);
    if (!at || !at->has_zone) return fail(Code::usage, "--now " + quote(now) + " is not an xsd:dateTime with a zone");
    out.now_micros = at->micros;
  }
  out.new_id = [&world] { return uuid_of_version_4(world.random); };
  const auto& beacon = setting(request, "beacon");
  if (beacon.empty() || beacon == "none") return out;
  if (is_url(beacon)) {
    TRY(out.beacon, fetch_round(world, beacon, out.now_micros));
    return out;
  }
  constexpr std::size_t k_most_bytes = 64 << 10;
  TRY(const auto text, world.disk.read(beacon, k_most_bytes, true));
  TRY(out.beacon, read_round(text, {}, out.now_micros, Code::input, beacon));
  return out;
}

}  // namespace provgate::experience
