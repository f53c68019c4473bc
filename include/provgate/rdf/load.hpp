// SPDX-License-Identifier: Apache-2.0
// RDF files read into one graph, with the way from each statement back to file, line and column.
// Source: RDF 1.1 (W3C, 2014): N-Triples, N-Quads, Turtle, TriG, RDF/XML; JSON-LD 1.1. Threads: one call at a time on
// one Disk; it starts threads of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "provgate/io/io.hpp"
#include "provgate/rdf/rdf.hpp"

namespace provgate {

enum class RdfSyntax { ntriples, nquads, turtle, trig, rdfxml, jsonld };

/// By the name's ending, in any case and perhaps before .gz: .nt .nq .ttl .trig .rdf .owl .jsonld (and their long
/// forms); nothing for any other.
std::optional<RdfSyntax> rdf_syntax_of(const std::string& path);
/// By what --format calls it; nothing for any other name.
std::optional<RdfSyntax> parse_rdf_syntax(std::string_view name);
/// The syntax a text is probably written in, told by how it begins; nothing for what is not RDF.
std::optional<RdfSyntax> guessed_syntax(std::string_view text);
/// The same of the beginning of a file as it is: XML may be UTF-16.
std::optional<RdfSyntax> content_syntax(std::string_view bytes);
/// Names of formats that provgate does not read (.n3, .trix, .hdt, .provn, .csv …): which one, else empty.
std::string unread_rdf(const std::string& path);

/// A place in a text: the number of a line, an offset in it (0 to its end), and how many characters of the line are
/// before that.
struct LineMark {
  std::uint64_t line, offset, column = 0;
};
using LineMarks = std::vector<LineMark>;  ///< in order; the first is line 1, offset 0

/// One file as it was read: without a byte order mark, unpacked where it was compressed, in UTF-8. `sha256` is of the
/// file as it is.
struct RdfFile {
  std::string path, base;
  Digest sha256;
  RdfSyntax syntax = RdfSyntax::turtle;
  FileBytes bytes;
  LineMarks lines;      ///< the way from an offset to its place: where some lines begin, and places in long ones
  bool marked = false;  ///< it began with a byte order mark
  std::vector<std::string> dropped;  ///< JSON-LD: keys that no context defines; what stands at them is not a statement
};

/// A graph of several files, or made of records (then its statements have spans, whose files are `files`). Blank nodes
/// of different files are different.
struct RdfData {
  Graph graph;
  std::vector<RdfFile> files;
  /// Index into `files` and place of a statement: of its subject, or (in Turtle) where that stands further up of its
  /// predicate or object, to the end of its object. In RDF/XML of the element that
  /// makes it, in JSON-LD of the object that names its subject.
  Span span(std::size_t statement) const;
  LineWindow window(const Span& span) const;  ///< what is shown of its source line
};

/// RDF that stands in no file, or was read from a pipe. The text must live on.
struct RdfText {
  std::string name;
  std::string_view text;
  RdfSyntax syntax = RdfSyntax::turtle;
};

struct LoadOptions {
  unsigned threads = 1;
  std::string base;                    ///< for relative IRIs; empty: the file's own file: IRI
  std::optional<RdfSyntax> otherwise;  ///< for names that tell no syntax, where the content tells none either
  std::vector<RdfText> texts;          ///< read first
  std::vector<std::pair<std::string, std::string>> contexts;  ///< of JSON-LD, URL and document: nothing is fetched
};

/// Reads every file whole or fails: Code::input with file, line and column of the first fault. The result does not
/// depend on the number of threads. Links are followed. No network. N-Triples and N-Quads are read by several threads
/// at once.
Result<RdfData> load_rdf(Disk& disk, const std::vector<std::string>& paths, const LoadOptions& options = {});

}  // namespace provgate
