// SPDX-License-Identifier: Apache-2.0
// Files -> one graph. Large N-Triples and N-Quads files are cut at line ends; each thread reads its part into a
// dictionary of its own, and the parts are merged in the order of the file, so that numbers do not depend on the cuts.
#include "provgate/rdf/load.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/parallel.hpp"
#include "rdf/read.hpp"

namespace provgate {
namespace {

constexpr std::size_t k_worth_cutting = 1 << 20;
constexpr std::uint32_t k_most_files = 4000;
// What digesting a byte costs, as a share of what reading it costs (measured: 0.6 to 0.7, both with the processor's SHA
// instructions).
constexpr double k_digest_share = 0.65;

constexpr std::uint64_t k_most_unpacked = 16ULL << 30;
// Text packs ten to a hundred times; what packs better and is large is made to fill memory.
constexpr std::uint64_t k_any_growth = 256ULL << 20, k_most_growth = 200;

std::string plain_name(const std::string& path) {
  auto name = lower_ascii(path);
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  return name;
}

std::string_view word_of(RdfSyntax syntax) {
  static constexpr std::string_view k_words[] = {"ntriples", "nquads", "turtle", "trig", "rdfxml", "jsonld"};
  return k_words[static_cast<std::size_t>(syntax)];
}
std::string_view name_of(RdfSyntax syntax) {
  static constexpr std::string_view k_names[] = {"N-Triples", "N-Quads", "Turtle", "TriG", "RDF/XML", "JSON-LD"};
  return k_names[static_cast<std::size_t>(syntax)];
}

bool line_based(RdfSyntax syntax) { return syntax == RdfSyntax::ntriples || syntax == RdfSyntax::nquads; }

// Ends of the parts. The first thread digests the file before it reads, so its part is smaller.
std::vector<std::uint64_t> cuts(std::string_view text, unsigned threads) {
  const double each = (1 + k_digest_share) / threads, first = std::max(0.0, each - k_digest_share);
  std::vector<std::uint64_t> ends;
  // The parts stand in the order of the threads, the small one last.
  for (unsigned i = 1; i < threads; ++i) {
    const double share = (1 - first) * i / (threads - 1);
    const auto near = static_cast<std::size_t>(share * static_cast<double>(text.size()));
    const auto line = text.find('\n', std::min(near, text.size()));
    const auto end = line == std::string_view::npos ? text.size() : line + 1;
    if (ends.empty() || end > ends.back()) ends.push_back(end);
  }
  if (ends.empty() || ends.back() < text.size()) ends.push_back(text.size());
  return ends;
}

std::string file_iri(Disk& disk, const std::string& path) {
  const auto real = disk.real_path(path);
  std::string out = "file://";
  for (const char c : real ? *real : "/" + path) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) || std::string_view("/-._~!$&'()*+,;=:@").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += "%" + to_hex({&c, 1});
    }
  }
  return out;
}

class Loader {
 public:
  Loader(Disk& disk, const LoadOptions& options) : disk_(disk), options_(options) {}

  Result<void> add(const std::string& path) {
    RdfFile file;
    file.path = path;
    if (auto why = unread_rdf(path); !why.empty())
      return stop(path, why + ", which provgate does not read", "turn it into Turtle or N-Triples first");
    if (out_.files.size() >= k_most_files)
      return stop(path, "more than " + with_commas(k_most_files) + " RDF files at once", "");
    file.base = options_.base.empty() ? file_iri(disk_, path) : options_.base;
    if (disk_.is_stream(path)) {
      TRY(auto text, disk_.read_stream(path, k_most_unpacked));
      own(file, std::move(text));
    } else {
      TRY(file.bytes, disk_.map(path));
    }
    CHECKED(unpack(file));
    auto syntax = rdf_syntax_of(path);
    if (!syntax) syntax = content_syntax(file.bytes.text);
    if (!syntax) syntax = options_.otherwise;
    if (!syntax)
      return stop(path, "neither the name nor the content tells an RDF syntax",
                  "name it .ttl, .nt, .nq, .trig, .rdf, .owl or .jsonld");
    file.syntax = *syntax;
    return read(std::move(file));
  }

  Result<void> add_text(const RdfText& given) {
    RdfFile file;
    file.path = given.name;
    file.base = options_.base;
    file.syntax = given.syntax;
    file.bytes = {given.text, nullptr, false};
    CHECKED(unpack(file));
    return read(std::move(file));
  }

  RdfData take() { return std::move(out_); }

 private:
  Result<void> read(RdfFile file) {
    const auto path = file.path;
    const auto text = file.bytes.text;
    if (text.size() > Origin::k_max_offset) return stop(path, "the file is larger than 1 TiB", "");
    CHECKED(decode(file));
    const auto number = static_cast<std::uint32_t>(out_.files.size());
    out_.files.push_back(std::move(file));
    return line_based(out_.files.back().syntax) ? lines(number) : whole(number);
  }

  static void own(RdfFile& file, std::string text) {
    auto owner = std::make_shared<const std::string>(std::move(text));
    file.bytes = FileBytes{*owner, owner, false};
  }

  Result<void> unpack(RdfFile& file) const {
    if (!file.bytes.text.starts_with("\x1F\x8B")) return {};
    file.sha256 = sha256_hex(file.bytes.text);
    auto text =
        gunzip(file.bytes.text,
               std::min<std::uint64_t>(k_most_unpacked,
                                       std::max<std::uint64_t>(k_any_growth, k_most_growth * file.bytes.text.size())));
    if (!text) return stop(file.path, text.error().why, text.error().help);
    own(file, std::move(*text));
    return {};
  }

  // To UTF-8 without a byte order mark.
  Result<void> decode(RdfFile& file) const {
    auto& text = file.bytes.text;
    if (text.starts_with("\xEF\xBB\xBF")) {
      if (file.sha256.empty()) file.sha256 = sha256_hex(text);
      text.remove_prefix(3);
      file.bytes.mapped = false;  // its pages no longer begin where the text does
      file.marked = true;
    }
    auto recoded = to_utf8(text, file.syntax == RdfSyntax::rdfxml);
    if (file.marked && recoded && *recoded)
      return stop(file.path, "it begins as UTF-8 and declares another encoding", "write one or the other");
    if (!recoded) return stop(file.path, recoded.error().why, recoded.error().help);
    if (!*recoded) return {};
    if (file.sha256.empty()) file.sha256 = sha256_hex(text);
    own(file, std::move(**recoded));
    return {};
  }

  static tl::unexpected<Error> stop(const std::string& path, std::string why, std::string help) {
    return tl::unexpected<Error>(Error{Code::input, std::move(why), std::move(help), path, {}});
  }

  tl::unexpected<Error> at_fault(const RdfFile& file, const Fault& fault) const {
    Error error{Code::input, fault.why, fault.help, file.path, {}};
    const bool written = file.syntax == RdfSyntax::rdfxml || file.syntax == RdfSyntax::jsonld;  // in XML or JSON
    if (const auto what = named_content(file.bytes.text, fault.offset); !what.empty() && what != name_of(file.syntax) &&
                                                                        !(what == "Notation3" && written) &&
                                                                        !(what == "Turtle" && !written)) {
      error.why = "this is " + what + ", not " + std::string(name_of(file.syntax)) + ": " + error.why;
      if (what.starts_with("RDF 1.2"))
        error.why = what + " is not read: " + fault.why, error.help = "let the writer write RDF 1.1";
    }
    const auto offset = static_cast<std::size_t>(fault.offset);
    error.at = place_in(file.bytes.text, {{1, 0}}, offset, std::min(offset + 1, file.bytes.text.size()));
    return tl::unexpected<Error>(std::move(error));
  }

  Result<void> lines(std::uint32_t number) {
    auto& file = out_.files[number];
    const auto text = file.bytes.text;
    const unsigned threads = text.size() < k_worth_cutting ? 1 : std::max(1U, options_.threads);
    const auto ends = cuts(text, threads);
    std::vector<ReadResult> parts(ends.size());
    const Passed rest = [&](std::uint64_t begin, std::uint64_t end) { file.bytes.rest(begin, end); };
    parallel_for(ends.size(), threads, [&](std::size_t task) {
      const std::size_t i = ends.size() - 1 - task;
      if (task == 0 && file.sha256.empty()) file.sha256 = sha256_hex(text);
      parts[i] = read_ntriples(text, i ? ends[i - 1] : 0, ends[i], file.syntax == RdfSyntax::nquads, number, rest);
    });
    std::uint64_t line = 1;
    for (auto& part : parts) {
      if (part.fault) return at_fault(file, *part.fault);
      for (const auto& mark : part.marks) file.lines.push_back({line + mark.line, mark.offset});
      line += part.lines;
      take(std::move(part.graph));
    }
    if (file.lines.empty()) file.lines.push_back({1, 0});
    file.bytes.rest(0, text.size());
    return {};
  }

  Result<void> whole(std::uint32_t number) {
    auto& file = out_.files[number];
    const auto text = file.bytes.text;
    if (file.sha256.empty()) file.sha256 = sha256_hex(text);
    if (const auto what = named_content(text, 0);
        file.syntax == RdfSyntax::rdfxml && (what == "PROV-XML" || what == "TriX")) {
      return stop(file.path, "this is " + what + ", not RDF/XML", "turn it into Turtle, N-Triples or RDF/XML");
    }
    auto read = file.syntax == RdfSyntax::rdfxml ? read_rdfxml(text, file.base, number)
                : file.syntax == RdfSyntax::jsonld
                    ? read_jsonld(text, file.base, number, options_.contexts)
                    : read_turtle(text, file.syntax == RdfSyntax::trig, file.base, number);
    if (read.fault) return at_fault(file, *read.fault);
    if (read.graph.empty() && !read.dropped.empty()) {
      if (named_content(text, 0) == "PROV-JSON")
        return stop(file.path, "this is PROV-JSON, not JSON-LD", "turn it into Turtle, N-Triples or JSON-LD");
      return stop(file.path,
                  "nothing in it is a statement: no context says what " + quote(read.dropped.front()) + " is",
                  "write \"@context\", or give it with --context URL=FILE");
    }
    file.dropped = std::move(read.dropped);
    file.lines = mark_lines(text);
    take(std::move(read.graph));
    return {};
  }

  void take(Graph graph) {
    if (out_.graph.empty() && out_.graph.terms().size() == 0) {
      out_.graph = std::move(graph);
      return;
    }
    out_.graph.append(graph, out_.graph.terms().merge(std::move(graph.terms())));
  }

  Disk& disk_;
  const LoadOptions& options_;
  RdfData out_;
};

}  // namespace

std::optional<RdfSyntax> rdf_syntax_of(const std::string& path) {
  static constexpr std::pair<std::string_view, RdfSyntax> k_endings[] = {
      {".nt", RdfSyntax::ntriples},   {".ntriples", RdfSyntax::ntriples}, {".nq", RdfSyntax::nquads},
      {".nquads", RdfSyntax::nquads}, {".ttl", RdfSyntax::turtle},        {".turtle", RdfSyntax::turtle},
      {".shacl", RdfSyntax::turtle},  {".trig", RdfSyntax::trig},         {".rdf", RdfSyntax::rdfxml},
      {".owl", RdfSyntax::rdfxml},    {".rdfxml", RdfSyntax::rdfxml},     {".jsonld", RdfSyntax::jsonld}};
  const auto name = plain_name(path);
  for (const auto& [ending, syntax] : k_endings) {
    if (name.ends_with(ending)) return syntax;
  }
  return {};
}

std::optional<RdfSyntax> parse_rdf_syntax(std::string_view name) {
  for (const auto syntax : {RdfSyntax::ntriples, RdfSyntax::nquads, RdfSyntax::turtle, RdfSyntax::trig,
                            RdfSyntax::rdfxml, RdfSyntax::jsonld}) {
    if (name == word_of(syntax)) return syntax;
  }
  return {};
}

std::string unread_rdf(const std::string& path) {
  static constexpr std::pair<std::string_view, std::string_view> k_endings[] = {
      {".n3", "Notation3"},   {".trix", "TriX"},        {".hdt", "HDT"},         {".provn", "PROV-N"},
      {".provx", "PROV-XML"}, {".ttls", "Turtle-star"}, {".trigs", "TriG-star"}, {".csv", "CSV"}};
  const auto name = plain_name(path);
  for (const auto& [ending, what] : k_endings) {
    if (name.ends_with(ending)) return std::string(what);
  }
  return {};
}

LineMarks mark_lines(std::string_view text) {
  LineMarks marks{{1, 0}};
  std::uint64_t line = 1, start = 0;
  while (true) {
    const auto end = std::min(text.find('\n', start), text.size());
    // Within a long line, too: a document may be one.
    for (auto at = std::max(start, marks.back().offset); end - at > k_bytes_per_mark;) {
      const auto& last = marks.back();
      const auto before = last.line == line ? last.column : 0;
      marks.push_back({line, at + k_bytes_per_mark, before + count_code_points(text.substr(at, k_bytes_per_mark))});
      at += k_bytes_per_mark;
    }
    if (end == text.size()) return marks;
    start = end + 1;
    if (++line % k_lines_per_mark == 0 || start - marks.back().offset > k_bytes_per_mark)
      marks.push_back({line, start});
  }
}

Place place_in(std::string_view text, const LineMarks& marks, std::uint64_t begin, std::uint64_t end) {
  const auto mark = std::prev(std::upper_bound(
      marks.begin(), marks.end(), begin, [](std::uint64_t offset, const LineMark& m) { return offset < m.offset; }));
  Place out;
  std::uint64_t line = mark->line, from = mark->offset, column = mark->column;
  const auto advance = [&](std::uint64_t target) {
    const auto before = text.substr(0, target);
    for (auto at = before.find('\n', from); at != std::string_view::npos; at = before.find('\n', from))
      ++line, column = 0, from = at + 1;
    column += count_code_points(before.substr(from));
    from = target;
    return static_cast<std::uint32_t>(column + 1);
  };
  out.column = advance(begin);
  out.line = static_cast<std::uint32_t>(line);
  out.end_column = advance(std::max(begin, end));
  out.end_line = static_cast<std::uint32_t>(line);
  return out;
}

Span RdfData::span(std::size_t statement) const {
  if (!graph.has_origins()) {
    auto out = graph.span(statement);
    // A statement that follows from a record as a whole stands where the record begins.
    if (out.file && !out.at.line) out.at = {1, 1, 1, 2};
    return out;
  }
  const auto origin = graph.origin(statement);
  const auto& file = files[origin.file];
  Span out{static_cast<std::uint32_t>(origin.file), {}};
  const auto after = std::upper_bound(file.lines.begin(), file.lines.end(), std::uint64_t{origin.offset},
                                      [](std::uint64_t offset, const auto& m) { return offset < m.offset; });
  const auto mark = std::prev(after);
  out.at = place_in(file.bytes.text, {*mark}, origin.offset, origin.offset + std::max<std::uint64_t>(1, origin.length));
  return out;
}

LineWindow RdfData::window(const Span& span) const {
  const auto& file = files[span.file];
  if (span.at.line == 0 || file.lines.empty()) return {};
  const std::pair<std::uint64_t, std::uint64_t> wanted{span.at.line, span.at.column - 1};
  const auto after =
      std::upper_bound(file.lines.begin(), file.lines.end(), wanted,
                       [](const auto& place, const auto& m) { return place < std::pair(m.line, m.column); });
  auto [line, at, column] = *std::prev(after);
  const auto text = file.bytes.text;
  for (; line < span.at.line; ++line, column = 0) {
    const auto next = text.find('\n', at);
    if (next == std::string_view::npos) return {};
    at = next + 1;
  }
  return window_at(text, skip_code_points(text, at, wanted.second - column), span.at.column);
}

namespace {
Result<RdfData> load_all(Loader& loader, const std::vector<std::string>& paths, const LoadOptions& options) {
  for (const auto& text : options.texts) CHECKED(loader.add_text(text));
  for (const auto& path : paths) CHECKED(loader.add(path));
  return loader.take();
}
}  // namespace

Result<RdfData> load_rdf(Disk& disk, const std::vector<std::string>& paths, const LoadOptions& options) {
  Loader loader(disk, options);
  try {
    return load_all(loader, paths, options);
  } catch (const std::length_error& e) {
    return fail(Code::world, e.what(), "a build with PROVGATE_WIDE_IDS numbers terms with 64 bits");
  }
}
Result<Graph> parse_rdf(const std::string& path, std::string_view text, std::string_view syntax,
                        std::string_view base) {
  const auto known = parse_rdf_syntax(syntax);
  if (!known) return fail(Code::usage, "no reader for " + quote(syntax));
  auto read = line_based(*known)           ? read_ntriples(text, 0, text.size(), known == RdfSyntax::nquads, 0)
              : known == RdfSyntax::rdfxml ? read_rdfxml(text, base, 0)
              : known == RdfSyntax::jsonld ? read_jsonld(text, base, 0, {})
                                           : read_turtle(text, known == RdfSyntax::trig, base, 0);
  if (!read.fault) return std::move(read.graph);
  Error error{Code::input, read.fault->why, read.fault->help, path, {}};
  error.at = place_in(text, {{1, 0}}, read.fault->offset, std::min<std::uint64_t>(read.fault->offset + 1, text.size()));
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace provgate
