// SPDX-License-Identifier: Apache-2.0
// What is named on the command line and can be read once: standard input, pipes.
#pragma once

#include <deque>

#include "cli/cli.hpp"
#include "provgate/rdf/load.hpp"

namespace provgate::cli {

inline constexpr std::string_view k_stream_formats = "turtle, trig, ntriples, nquads, rdfxml, jsonld, json or ndjson";

/// The texts live here; what points into them must not live longer.
struct Streams {
  std::string records;             ///< of standard input, or of a pipe: the records of "-"
  std::vector<std::string> paths;  ///< what was named, without RDF streams; "-" for a stream of records
  std::vector<RdfText> data, shapes;
  std::vector<std::string> shape_files;
  std::deque<std::string> texts;
};

/// Reads the streams among --shapes and the paths. `format` says what data in a stream is; where it is empty the
/// content does. What is gzip is unpacked. Errors: Code::usage for an unknown format, two streams of records and one
/// stream named twice; Code::input where one cannot be read.
Result<Streams> read_streams(Context& context, const std::vector<std::string>& paths, const std::string& format);
/// --context URL=FILE. Errors: Code::usage without "=", Code::input for a file that cannot be read.
Result<std::vector<std::pair<std::string, std::string>>> read_contexts(Context& context);
/// Warns about what is in the data and no statement.
void say_dropped(Context& context, const RdfData& data);

}  // namespace provgate::cli
