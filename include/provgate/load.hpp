// RDF files read into one graph, with the way from each statement back to file, line and column.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "provgate/io.hpp"
#include "provgate/rdf.hpp"

namespace provgate {

enum class RdfSyntax { ntriples, nquads, turtle, trig, rdfxml };

/// By the name's ending: .nt .nq .ttl .trig .rdf .owl (and their long forms); nothing for any other.
std::optional<RdfSyntax> rdf_syntax_of(const std::string& path);
/// Names that are RDF though provgate does not read them (.jsonld, .n3): the reason, else empty.
std::string unread_rdf(const std::string& path);

/// One file as it was read; `text` stays mapped as long as this lives.
struct RdfFile {
  std::string path, base, sha256;
  RdfSyntax syntax = RdfSyntax::turtle;
  FileBytes bytes;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> lines;  ///< some line numbers with the offsets where they begin
};

/// A graph of several files, or made of records (then its statements have spans, whose files are `files`). Blank nodes of different files are different.
struct RdfData {
  Graph graph;
  std::vector<RdfFile> files;
  /// Index into `files` and place of a statement: of its subject, or (in Turtle) where that stands further up of its
  /// predicate or object, to the end of its object. RDF/XML gives the line only.
  Span span(std::size_t statement) const;
  std::string_view line(const Span& span) const;  ///< the source line, without its end
};

struct LoadOptions {
  unsigned threads = 1;
  std::string base;                      ///< for relative IRIs; empty: the file's own file: IRI
  std::optional<RdfSyntax> otherwise;    ///< for names that tell no syntax
  std::vector<std::pair<std::string, std::string_view>> texts;  ///< Turtle that stands in no file, by name; read first, must live on
};

/// Reads every file whole or fails: Code::input with file, line and column of the first fault. The result does not depend on
/// the number of threads. Links are followed. No network. N-Triples and N-Quads are read by several threads at once.
Result<RdfData> load_rdf(Disk& disk, const std::vector<std::string>& paths, const LoadOptions& options = {});

}  // namespace provgate
