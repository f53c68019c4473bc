// SPDX-License-Identifier: Apache-2.0
// Checks a tree and says how many records conform.
#include <cstdio>
#include <provgate/check/check.hpp>
#include <provgate/io/io.hpp>

int main(int argc, char** argv) {
  using namespace provgate;
  const std::string no_stream;
  CheckOptions options;
  options.shapes.rdf = false;
  const auto report = check_paths(real_world(), {argc > 1 ? argv[1] : "."}, no_stream, options);
  if (!report) {
    std::fprintf(stderr, "%s\n", report.error().why.c_str());
    return 2;
  }
  std::printf("%llu of %llu conform\n", static_cast<unsigned long long>(report->score.conforming),
              static_cast<unsigned long long>(report->score.of));
  return report->count(Severity::error) ? 1 : 0;
}
