// SPDX-License-Identifier: Apache-2.0
// Everything at some paths as RDF, without judging it.
#include "base/parallel.hpp"
#include "io/watched_disk.hpp"
#include "provgate/check/check.hpp"

namespace provgate {
Result<Converted> convert_paths(const World& given, const std::vector<std::string>& paths,
                                const std::string& standard_input, CheckOptions options) {
  WatchedDisk disk(given.disk);
  const World world{disk, given.clock, given.http, given.random};
  options.judge = options.shapes.records = false;
  options.shapes.rdf = options.statements = true;
  TRY(auto read, read_paths(world, paths, standard_input, options));
  Converted out;
  LoadOptions load;
  load.threads = thread_count(options.threads);
  load.texts = options.shapes.data, load.contexts = options.shapes.contexts;
  TRY(out.rdf, load_rdf(disk, read.rdf, load));
  if (!out.rdf.files.empty() && (read.report.record_count || !standard_input.empty())) {
    return fail(Code::usage, "RDF and records cannot be converted in one go", "convert them one after the other");
  }
  TRY(out.graph, convert_report(disk, read.report));
  if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
  out.report = std::move(read.report);
  return out;
}

}  // namespace provgate
