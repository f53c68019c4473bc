// SPDX-License-Identifier: Apache-2.0
#include "check/rdf_data.hpp"

#include <algorithm>
#include <set>

#include "provgate/systems/system.hpp"
#include "rdf/literal.hpp"
#include "record/names.hpp"
#include "shacl/vocabulary.hpp"

namespace provgate {
namespace {

constexpr int k_deepest_directory = 64;

Finding note(Severity severity, const std::string& file, std::string message, std::string fix) {
  Finding out;
  out.rule = "SHACL-002", out.severity = severity, out.file = file;
  out.message = std::move(message), out.fix = std::move(fix);
  return out;
}

// Whether files of that name are read with a collection of some system.
bool reserved(std::string_view name) {
  const auto all = systems();
  return std::any_of(all.begin(), all.end(), [&](const auto* one) { return one->reserves(name); });
}

// By real paths: what is named may be written in many ways.
std::set<std::string> real_paths(Disk& disk, const std::vector<std::string>& paths) {
  std::set<std::string> out;
  for (const auto& path : paths) out.insert(disk.real_path(path).value_or(path));
  return out;
}

// In a directory only names of XML and JSON are looked into.
bool by_content(Disk& disk, const std::string& path) {
  auto name = lower_ascii(base_name(path));
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  if (!name.ends_with(".xml") && !name.ends_with(".json")) return false;
  return !disk.map(path) || is_rdf_content(disk, path);  // what cannot be read is named by its reader
}

struct Walk {
  Disk& disk;
  std::set<std::string> shapes;
  bool list_skipped;
  std::vector<std::string>& out;
  Skipped& skipped;
  CheckReport& report;
};

// What the walk for records looks at is counted there.
bool of_records(const std::string& name) {
  return is_record_name(name) || is_lines_name(name) || looks_like_record(name);
}

void walk(const Walk& to, const std::string& directory, int depth) {
  auto& [disk, shapes, list_skipped, out, skipped, report] = to;
  const auto entries = disk.list(directory);
  if (!entries || depth > k_deepest_directory) {
    auto finding = note(Severity::error, directory, entries ? "directories nest too deep" : entries.error().why, "");
    finding.rule = "INPUT-001", finding.unreadable = true;
    report.findings.push_back(std::move(finding));
    return;
  }
  for (const auto& entry : *entries) {
    const auto path = join_path(directory, entry.name);
    if (entry.name.starts_with('.')) {
      skipped.add(SkipReason::dot_entry, path, list_skipped);
      continue;
    }
    if (entry.type == FileType::directory) walk(to, path, depth + 1);
    if (entry.type != FileType::file && entry.type != FileType::link) continue;
    if (const auto what = unread_rdf(path); !what.empty() && what != "CSV") {
      report.findings.push_back(note(Severity::warning, path, "skipped: " + what + ", which provgate does not read",
                                     "turn it into Turtle or N-Triples"));
    } else if ((rdf_syntax_of(path) || by_content(disk, path)) && !reserved(entry.name)) {
      if (entry.type == FileType::link) {
        report.findings.push_back(note(Severity::warning, path, "skipped: a link in a directory is not followed",
                                       "name it: provgate check " + path));
      } else if (!shapes.contains(disk.real_path(path).value_or(path))) {
        out.push_back(path);
      }
    } else if (!of_records(lower_ascii(entry.name)) && !reserved(entry.name)) {
      skipped.add(SkipReason::not_rdf, path, list_skipped);
    }
  }
}

// Terms of the SHACL namespace that make shapes.
struct ShapeTerms {
  TermId type = 0;
  std::set<TermId> predicates, classes;
  explicit ShapeTerms(const Dictionary& terms) {
    const auto add = [&](std::set<TermId>& to, const char* name) {
      if (const auto id = terms.find(iri_text(std::string(shacl::k_sh) + name))) to.insert(id);
    };
    for (const char* name :
         {"property", "path", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "select", "ask"})
      add(predicates, name);
    for (const char* name : {"NodeShape", "PropertyShape", "ConstraintComponent"}) add(classes, name);
    type = terms.find(iri_text(std::string(vocab::rdf) + "type"));
  }
  bool shape(const Quad& q) const { return predicates.contains(q.p) || (q.p == type && classes.contains(q.o)); }
};

// What a shapes file is made of: nodes with terms of SHACL, lists, the ontology's own header.
std::set<TermId> shape_nodes(const RdfData& data) {
  const auto& terms = data.graph.terms();
  const auto sh = "<" + std::string(shacl::k_sh), list = "<" + std::string(vocab::rdf);
  const auto type = terms.find(list + "type>"), ontology = terms.find("<http://www.w3.org/2002/07/owl#Ontology>");
  std::set<TermId> out;
  for (const auto& q : data.graph.quads()) {
    const bool typed = q.p == type && (q.o == ontology || terms.text(q.o).starts_with(sh));
    const auto predicate = terms.text(q.p);
    if (typed || predicate.starts_with(sh) || predicate == list + "first>" || predicate == list + "rest>")
      out.insert(q.s);
  }
  return out;
}

const std::vector<std::string_view>& rdf_terms() {
  static const std::vector<std::string_view> k_terms = {"type",     "subject",      "predicate",  "object",
                                                        "value",    "first",        "rest",       "nil",
                                                        "Property", "Statement",    "Bag",        "Seq",
                                                        "Alt",      "List",         "XMLLiteral", "langString",
                                                        "HTML",     "PlainLiteral", "JSON",       "CompoundLiteral",
                                                        "language", "direction"};
  return k_terms;
}

bool membership(std::string_view name) {
  return name.starts_with('_') && name.size() > 1 && name.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace

bool is_rdf_file(Disk& disk, const std::string& path) {
  // A table of comma-separated values is no RDF, and may be one of records.
  const auto unread = unread_rdf(path);
  if (reserved(base_name(path)) || (!rdf_syntax_of(path) && (unread.empty() || unread == "CSV")))
    return false;  // read with its collection
  return disk.info(path).type != FileType::directory;
}

bool is_rdf_content(Disk& disk, const std::string& path) {
  constexpr std::size_t k_head = 1 << 16;
  constexpr std::uint64_t k_most_unpacked = 256ULL << 20;
  auto name = lower_ascii(base_name(path));
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const bool json = name.ends_with(".json");
  if (!json && (of_records(name) || name.ends_with(".md"))) return false;
  if (rdf_syntax_of(path) || !unread_rdf(path).empty() || disk.is_stream(path) ||
      disk.info(path).type == FileType::directory)
    return false;
  const auto bytes = disk.map(path);
  if (!bytes) return bytes.error().code == Code::world;
  auto text = bytes->text;
  std::string unpacked;
  if (text.starts_with("\x1F\x8B")) {
    auto whole = gunzip(text, k_most_unpacked);
    if (!whole) return false;
    unpacked = std::move(*whole), text = unpacked;
  }
  const auto syntax = content_syntax(text.substr(0, k_head));
  if (!syntax || (*syntax == RdfSyntax::jsonld) != json) return false;
  if (!json) return true;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto doc = read_json(path, std::string(text));
  if (!doc) return false;
  const auto all = systems();
  if (std::any_of(all.begin(), all.end(), [&](const auto* one) { return one->is_record(doc->root(), path); })) {
    return false;
  }
  const auto keyed = [](Value object) {
    bool found = false;
    if (object.is(Kind::object)) object.each([&](Value one) { found = found || one.key().starts_with('@'); });
    return found;
  };
  bool any = keyed(doc->root());
  if (doc->root().is(Kind::array)) doc->root().each([&](Value one) { any = any || keyed(one); });
  return any;
}

std::vector<std::string> rdf_below(Disk& disk, const std::string& directory, const std::vector<std::string>& shapes,
                                   bool list_skipped, Skipped& skipped, CheckReport& report) {
  std::vector<std::string> out;
  walk({disk, real_paths(disk, shapes), list_skipped, out, skipped, report}, directory, 0);
  return out;
}

std::string dropped_keys(const RdfFile& file) {
  return plural(file.dropped.size(), "key") + " of this JSON-LD, such as " + quote(file.dropped.front()) +
         ", no context defines: nothing there becomes a statement";
}

Result<void> judge_data(Disk& disk, const RdfData& data, const std::vector<std::string>& shapes, CheckReport& report) {
  for (const auto& file : data.files) {
    if (file.marked)
      report.findings.push_back(
          note(Severity::info, file.path, "a byte order mark, which was skipped", "write the file without it"));
  }
  for (const auto& file : data.files) {
    if (file.dropped.empty()) continue;
    report.findings.push_back(note(Severity::warning, file.path, dropped_keys(file),
                                   "write \"@context\", or give it with --context URL=FILE"));
  }
  const ShapeTerms wanted(data.graph.terms());
  if ((wanted.predicates.empty() && wanted.classes.empty()) || !data.graph.has_origins()) return {};
  std::vector<bool> holds(data.files.size()), holds_data(data.files.size());
  const auto nodes = shape_nodes(data);
  for (std::size_t i = 0; i < data.graph.size(); ++i) {
    const auto& q = data.graph.quads()[i];
    const auto file = data.graph.origin(i).file;
    if (wanted.shape(q)) holds[file] = true;
    if (!nodes.contains(q.s)) holds_data[file] = true;
  }
  const auto given = real_paths(disk, shapes);
  for (std::size_t i = 0; i < data.files.size(); ++i) {
    const auto& path = data.files[i].path;
    if (!holds[i] || given.contains(disk.real_path(path).value_or(path))) continue;
    if (!holds_data[i]) {
      return tl::unexpected<Error>(Error{Code::usage,
                                         "the file holds shapes and nothing else, and is named as data",
                                         "name it with --shapes, which takes one file each time: --shapes " + path,
                                         path,
                                         {}});
    }
    report.findings.push_back(note(Severity::warning, path,
                                   "the file holds shapes, but is named as data only: they check nothing",
                                   "name it with --shapes, too: --shapes " + path));
  }
  return {};
}

// What is wrong with a literal; nothing where nothing is, or nothing is known of its datatype.
static std::string fault_of(const LiteralView& literal) {
  if (!literal.datatype.starts_with(vocab::xsd)) return {};
  const auto test = lexical_test(literal.datatype);
  if (test) return test(literal.lexical) ? "" : "is not in the lexical space of its datatype";
  // Datatypes of XML Schema without rules here.
  static const std::set<std::string_view> k_others = {"QName",   "NOTATION",      "ENTITY",       "ENTITIES",
                                                      "ID",      "IDREF",         "IDREFS",       "NMTOKENS",
                                                      "anyType", "anySimpleType", "anyAtomicType"};
  return k_others.contains(literal.datatype.substr(vocab::xsd.size())) ? ""
                                                                       : "has a datatype that XML Schema does not have";
}

void judge_vocabulary(const RdfData& data, CheckReport& report) {
  const auto& quads = data.graph.quads();
  const auto& terms = data.graph.terms();
  const auto type = terms.find(iri_text(std::string(vocab::rdf) + "type"));
  std::vector<bool> seen(terms.size() + 1);
  const auto judge = [&](std::size_t i, TermId term, bool cls) {
    const auto text = terms.text(term);
    if (seen[term] || text.size() < 2 || !text.starts_with('<')) return;
    seen[term] = true;
    const auto iri = text.substr(1, text.size() - 2);
    std::string help, prefix;
    const auto look = [&](std::string_view space, const char* name, const std::vector<std::string_view>& known) {
      if (!iri.starts_with(space)) return false;
      const auto local = iri.substr(space.size());
      if (std::find(known.begin(), known.end(), local) != known.end() || (space == vocab::rdf && membership(local)))
        return false;
      prefix = std::string(name) + ":" + std::string(local);
      if (const auto near = closest(local, known)) help = "did you mean " + std::string(name) + ":" + *near + "?";
      return true;
    };
    const auto& prov = cls ? shacl::prov_classes() : shacl::prov_properties();
    bool unknown = look(vocab::prov, "prov", prov) || look(vocab::rdf, "rdf", rdf_terms());
    if (!unknown && iri.starts_with(shacl::k_sh) && !shacl::find_term(iri.substr(shacl::k_sh.size()))) {
      unknown = true;
      prefix = "sh:" + std::string(iri.substr(shacl::k_sh.size()));
      help = shacl::suggestion(iri.substr(shacl::k_sh.size()),
                               {shacl::Role::parameter, shacl::Role::property, shacl::Role::class_});
    }
    if (!unknown) return;
    const auto span = data.span(i);
    auto finding = note(Severity::warning, data.files[span.file].path,
                        "there is no " + std::string(cls ? "class " : "property ") + prefix, help);
    finding.at = span.at;
    report.findings.push_back(std::move(finding));
  };
  constexpr std::size_t k_most = 1'000;
  std::size_t said = 0, more = 0;
  const auto judge_literal = [&](std::size_t i, TermId term) {
    const auto text = terms.text(term);
    if (seen[term] || !text.starts_with('"') || !text.ends_with('>')) return;
    seen[term] = true;
    const auto why = fault_of(view_literal(text));
    if (why.empty()) return;
    if (++said > k_most) return void(++more);
    const auto span = data.span(i);
    auto finding = note(Severity::warning, data.files[span.file].path, printable(text) + " " + why, "");
    finding.at = span.at;
    report.findings.push_back(std::move(finding));
  };
  for (std::size_t i = 0; i < quads.size(); ++i) {
    judge_literal(i, quads[i].o);
    judge(i, quads[i].p, false);
    if (quads[i].p == type) judge(i, quads[i].o, true);
  }
  if (more)
    report.findings.push_back(note(Severity::warning, data.files.front().path,
                                   plural(more, "more literal is", "more literals are") + " ill-typed", ""));
}

void judge_imports(const RdfData& shapes, std::vector<Finding>& notes) {
  const auto& terms = shapes.graph.terms();
  const auto& quads = shapes.graph.quads();
  const auto version = terms.find("<http://www.w3.org/2002/07/owl#versionIRI>");
  for (const auto& [name, what] : {std::pair{"<http://www.w3.org/2002/07/owl#imports>", "owl:imports"},
                                   {"<http://www.w3.org/ns/shacl#shapesGraph>", "sh:shapesGraph"}}) {
    const auto predicate = terms.find(name);
    for (std::size_t i = 0; predicate && i < quads.size(); ++i) {
      if (quads[i].p != predicate) continue;
      const auto wanted = quads[i].o;
      const auto iri = std::string(bare_iri(terms.text(wanted)));
      const bool here =
          std::any_of(shapes.files.begin(), shapes.files.end(), [&](const auto& f) { return f.base == iri; }) ||
          std::any_of(quads.begin(), quads.end(),
                      [&](const auto& q) { return q.s == wanted || (version && q.p == version && q.o == wanted); });
      // What SHACL, RDF and OWL say of their own terms is known.
      constexpr std::string_view k_known[] = {"http://www.w3.org/ns/shacl", "http://www.w3.org/2000/01/rdf-schema",
                                              "http://www.w3.org/1999/02/22-rdf-syntax-ns",
                                              "http://www.w3.org/2002/07/owl"};
      const auto plain = std::string_view(iri).substr(0, iri.ends_with('#') ? iri.size() - 1 : iri.size());
      if (here || std::find(std::begin(k_known), std::end(k_known), plain) != std::end(k_known)) continue;
      const auto span = shapes.span(i);
      auto& note = notes.emplace_back(
          shacl::note(Severity::warning, std::string(what) + " is not followed: " + iri + " is not among the files",
                      "give the file with --shapes"));
      note.file = shapes.files[span.file].path, note.at = span.at;
      std::tie(note.snippet, note.snippet_column) = shapes.window(span).parts();
    }
  }
}

}  // namespace provgate
