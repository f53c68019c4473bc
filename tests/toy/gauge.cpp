// SPDX-License-Identifier: Apache-2.0
// A system of records for tests: gauges (directories with gauge.ini) and their readings (*.reading, JSON).
#include "provgate/systems/system.hpp"

namespace provgate::toy {
namespace {

constexpr std::string_view k_space = "https://example.org/gauge#";
constexpr Words k_words = {{"gauge", "gauges"}, {"reading", "readings"}, "plant", "conforming", "Gauge", "", ""};

struct Measured {
  std::string file, id;
  Digest digest;
  bool conforming = true;
};

struct GaugePart : Part {
  std::vector<Measured> readings;
  Statements statements;
};

struct Gauge {
  Collection about;
  std::vector<std::string> files;
  std::vector<Measured> readings;
  std::vector<Statements> statements;
};

std::string iri_of(const Gauge& gauge, const std::string& id) { return "urn:gauge:" + gauge.about.name + ":" + id; }

// What a reading says.
void say(const SourceFile& file, const std::string& iri, TermId graph, std::uint32_t number, Graph& out) {
  auto& terms = out.terms();
  const auto root = file.doc->root();
  const auto s = terms.intern(iri_text(iri));
  const auto add = [&](std::string_view space, std::string_view name, const std::string& object) {
    const auto p = terms.intern(iri_text(std::string(space).append(name)));
    out.add({s, p, terms.intern(object), graph}, {number, root.place()});
  };
  add(vocab::rdf, "type", iri_text(std::string(k_space) + "Reading"));
  add(vocab::rdf, "type", iri_text(std::string(vocab::prov) + "Entity"));
  const auto number_type = std::string(vocab::xsd) + "integer";
  if (root.find("value").as_int())
    add(k_space, "value", literal_text(std::string(root.find("value").text()), number_type));
  if (root.find("by")) add(vocab::prov, "wasGeneratedBy", iri_text(root.find("by").text()));
  if (root.find("at")) {
    add(vocab::prov, "generatedAtTime",
        literal_text(std::string(root.find("at").text()), std::string(vocab::xsd) + "dateTime"));
  }
}

class GaugeReading final : public Reading {
 public:
  GaugeReading(Disk& disk, const Asking& asking) : disk_(disk), read_(asking.read), judge_(asking.judge) {
    read_.digests = true;
  }
  // Errors: those of Disk::list, but for a path that is not a directory: another system says what that is.
  Result<void> search(const std::string& path) {
    if (disk_.info(path).type != FileType::directory) return {};
    TRY(const auto entries, disk_.list(path));
    Gauge gauge;
    for (const auto& e : entries) {
      const auto inner = join_path(path, e.name);
      if (e.name == "gauge.ini") gauge.about.root = path;
      if (e.name.ends_with(".reading")) gauge.files.push_back(inner);
      if (e.type == FileType::directory) CHECKED(search(inner));
    }
    if (gauge.about.root.empty()) return {};
    gauge.about.name = base_name(path), gauge.about.graph = GraphName("urn:gauge:graph"),
    gauge.about.profile = "gauge-v1";
    gauges_.push_back(std::move(gauge));
    return {};
  }

  std::size_t size() const override { return gauges_.size(); }
  const Collection& collection(std::size_t c) const override { return gauges_[c].about; }
  std::size_t units(std::size_t c) override { return gauges_[c].files.size(); }
  std::vector<std::string> places(std::size_t c, std::vector<Finding>&) override { return gauges_[c].files; }

  std::unique_ptr<Part> read(std::size_t c, std::size_t first, std::size_t last) override {
    auto part = std::make_unique<GaugePart>();
    for (auto i = first; i < last; ++i) one(gauges_[c], gauges_[c].files[i], *part);
    return part;
  }

  void take(std::size_t c, std::unique_ptr<Part> part) override {
    auto* made = dynamic_cast<GaugePart*>(part.get());
    if (!made) return;
    auto& gauge = gauges_[c];
    gauge.readings.insert(gauge.readings.end(), made->readings.begin(), made->readings.end());
    made->statements.collection = c;
    gauge.statements.push_back(std::move(made->statements));
  }

  std::size_t records(std::size_t c) const override { return gauges_[c].readings.size(); }
  Record record(std::size_t c, std::size_t i) const override {
    const auto& reading = gauges_[c].readings[i];
    Record out;
    out.owner = reading.file, out.conforming = reading.conforming;
    return out;
  }
  RecordId id(std::size_t c, std::size_t i) const override {
    return {RecordId::System("gauge"), RecordId::Scope(gauges_[c].about.name),
            RecordId::Iri(iri_of(gauges_[c], gauges_[c].readings[i].id))};
  }

  Result<std::vector<Statements>> statements(Disk&) override {
    std::vector<Statements> out;
    for (auto& gauge : gauges_) std::move(gauge.statements.begin(), gauge.statements.end(), std::back_inserter(out));
    return out;
  }

  Result<Draft> draft(Disk& disk, std::size_t c, std::size_t i, const std::string& iri) const override {
    const auto& gauge = gauges_[c];
    const auto file = read_source(disk, gauge.readings[i].file, gauge.about.root, read_);
    if (!file.doc || file.sha256 != gauge.readings[i].digest) return fail(Code::world, file.path + " has changed");
    Draft out;
    out.id = id(c, i), out.kind = "reading", out.owner = file.path, out.root = gauge.about.root;
    out.files[file.relative] = {file.sha256, CoveredFile::Role::covered};
    say(file, iri, out.graph.terms().intern(iri_text(gauge.about.graph.text)), 0, out.graph);
    return out;
  }

  bool knows_scope(std::size_t c, const RecordId& id) const override {
    return id.system.text == "gauge" && id.scope.text == gauges_[c].about.name;
  }

 private:
  void one(const Gauge& gauge, const std::string& path, GaugePart& part) {
    auto file = read_source(disk_, path, gauge.about.root, read_);
    Sink sink(path);
    if (check_readable(file, sink)) {
      const auto root = file.doc->root();
      Measured reading{path, std::string(root.find("id").text()), file.sha256, true};
      if (judge_ && !root.find("value").as_int()) {
        sink.add("GAUGE-001", file, root.find("value").place(), "the value is not a number");
        reading.conforming = false;
      }
      if (judge_ && !root.find("at")) sink.add("GAUGE-002", file, root.place(), "the reading has no time");
      ++part.kinds["reading"];
      part.statements.files.push_back(path);
      say(file, iri_of(gauge, reading.id), 0, static_cast<std::uint32_t>(part.statements.files.size()),
          part.statements.graph);
      part.readings.push_back(std::move(reading));
    }
    part.limit.move(sink.findings(), part.findings);
  }

  Disk& disk_;
  ReadOptions read_;
  bool judge_;
  std::vector<Gauge> gauges_;
};

class GaugeSystem final : public System {
 public:
  std::string_view name() const override { return "gauge"; }
  const Words& words() const override { return k_words; }
  const std::vector<Profile>& profiles() const override {
    static const std::vector<Profile> k_profiles = {
        {"gauge-v1", "1", "", {{"g", std::string(k_space)}, {"prov", std::string(vocab::prov)}}}};
    return k_profiles;
  }
  Result<std::unique_ptr<Reading>> open(const World& world, const Asking& asking) const override {
    auto reading = std::make_unique<GaugeReading>(world.disk, asking);
    for (const auto& path : asking.paths) CHECKED(reading->search(path));
    return std::unique_ptr<Reading>(std::move(reading));
  }
};

}  // namespace

const System& gauge();
const System& gauge() {
  static const GaugeSystem k_system;
  return k_system;
}

}  // namespace provgate::toy
