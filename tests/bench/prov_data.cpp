// SPDX-License-Identifier: Apache-2.0
// Writes PROV data of any size with a known number of faults, and says where they are.
//   prov_data TRIPLES [nt|ttl] [SEED]     the data on standard output; the faults, one a line, on standard error
// One entity in a thousand is faulty, by turns: no prov:wasGeneratedBy, one that is not a prov:Activity, a
// prov:generatedAtTime that is not an xsd:dateTime. The shape that finds exactly these is tests/bench/prov_shape.ttl.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

const std::string k_prov = "http://www.w3.org/ns/prov#", k_rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
                  k_xsd = "http://www.w3.org/2001/XMLSchema#", k_data = "https://example.org/provenance/";

class Writer {
 public:
  explicit Writer(bool turtle) : turtle_(turtle) {
    if (turtle_)
      out_ = "@prefix prov: <" + k_prov + "> .\r\n@prefix xsd: <" + k_xsd + "> .\r\n@prefix d: <" + k_data +
             "> .\r\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\r\n",
      line_ = 5;
  }
  ~Writer() { std::fwrite(out_.data(), 1, out_.size(), stdout); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void subject(const std::string& name) { subject_ = name, first_ = true; }
  // The place of the statement: its subject, in Turtle after the first its predicate.
  std::string add(const std::string& predicate, const std::string& object) {
    if (!turtle_) {
      out_ += "<" + k_data + subject_ + "> " + predicate + " " + object + " .\n";
      flush();
      return std::to_string(line_++) + ":1";
    }
    // CRLF, tabs, and strings of several lines: what positions must survive.
    if (!first_) out_ += " ;\r\n\t", ++line_;
    const std::string at = std::to_string(line_) + (first_ ? ":1" : ":2");
    if (first_) out_ += "d:" + subject_ + "\t";
    first_ = false;
    out_ += shorter(predicate) + " " + shorter(object);
    return at;
  }
  void end() {
    if (!turtle_) return;
    out_ += " ;\r\n\trdfs:comment \"\"\"one\r\ntwo \xC3\xA9 \\\"\"\"\" .\r\n";
    line_ += 3;
    flush();
  }

 private:
  std::string shorter(const std::string& term) const {
    for (const auto& [space, prefix] : {std::pair{k_prov, "prov:"}, {k_data, "d:"}}) {
      if (term.starts_with("<" + space)) return prefix + term.substr(space.size() + 1, term.size() - space.size() - 2);
    }
    if (term == "<" + k_rdf + "type>") return "a";
    const auto type = term.find("^^<" + k_xsd);
    return type == std::string::npos
               ? term
               : term.substr(0, type) +
                     "^^xsd:" + term.substr(type + 3 + k_xsd.size(), term.size() - type - 4 - k_xsd.size());
  }
  void flush() {
    if (out_.size() < (1U << 16)) return;
    std::fwrite(out_.data(), 1, out_.size(), stdout);
    out_.clear();
  }
  bool turtle_, first_ = true;
  std::uint64_t line_ = 1;
  std::string out_, subject_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: prov_data TRIPLES [nt|ttl] [SEED]\n");
    return 2;
  }
  const auto wanted = std::strtoull(argv[1], nullptr, 10);
  const bool turtle = argc > 2 && std::string(argv[2]) == "ttl";
  std::uint64_t state = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 42;
  const auto random = [&](std::uint64_t below) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33) % below;
  };
  const auto iri = [](const std::string& space, const std::string& name) { return "<" + space + name + ">"; };
  const auto type = iri(k_rdf, "type"), generated = iri(k_prov, "wasGeneratedBy"),
             attributed = iri(k_prov, "wasAttributedTo"), at = iri(k_prov, "generatedAtTime"),
             derived = iri(k_prov, "wasDerivedFrom"), entity = iri(k_prov, "Entity"),
             activity = iri(k_prov, "Activity"), agent = iri(k_prov, "Agent");
  Writer out(turtle);
  constexpr std::uint64_t k_agents = 20;
  std::uint64_t triples = 0, entities = 0, faults = 0;
  const auto count = [&](std::string place) { return ++triples, place; };
  for (std::uint64_t i = 0; i < k_agents; ++i) {
    out.subject("agent-" + std::to_string(i));
    count(out.add(type, agent));
    out.end();
  }
  const auto fault_at = [&](const std::string& place, const char* component, std::uint64_t e) {
    ++faults;
    std::fprintf(stderr, "%s %s %sentity-%llu\n", place.c_str(), component, k_data.c_str(),
                 static_cast<unsigned long long>(e));
  };
  // Six triples an entity: five of its own, one of the activity that made it.
  while (triples + 6 <= wanted || entities == 0) {
    const auto e = entities++;
    const bool faulty = e % 1000 == 7;
    const auto kind = e / 1000 % 3;
    const auto run = "run-" + std::to_string(e);
    out.subject(run);
    count(out.add(type, activity));
    out.end();
    out.subject("entity-" + std::to_string(e));
    const auto first = count(out.add(type, entity));
    if (!faulty || kind != 0) {
      const bool wrong = faulty && kind == 1;
      const auto place = count(out.add(generated, iri(k_data, wrong ? "agent-0" : run)));
      if (wrong) fault_at(place, "class", e);
    } else {
      fault_at(first, "minCount", e);
    }
    count(out.add(attributed, iri(k_data, "agent-" + std::to_string(random(k_agents)))));
    char time[64];
    std::snprintf(time, sizeof time, "2026-%02d-%02dT%02d:%02d:%02d.%06dZ", static_cast<int>(random(12)) + 1,
                  static_cast<int>(random(28)) + 1, static_cast<int>(random(24)), static_cast<int>(random(60)),
                  static_cast<int>(random(60)), static_cast<int>(e % 1000000));
    const bool bad_time = faulty && kind == 2;
    const auto place =
        count(out.add(at, "\"" + std::string(bad_time ? "last week" : time) + "\"^^" + iri(k_xsd, "dateTime")));
    if (bad_time) fault_at(place, "datatype", e);
    count(out.add(derived, iri(k_data, "entity-" + std::to_string(e ? random(e) : 0))));
    out.end();
  }
  std::fprintf(stderr, "%llu triples, %llu entities, %llu faults\n", static_cast<unsigned long long>(triples),
               static_cast<unsigned long long>(entities), static_cast<unsigned long long>(faults));
}
