// SPDX-License-Identifier: Apache-2.0
#include "support/records.hpp"

#include <stdexcept>

#include "cli/cli.hpp"
#include "systems/ckp/reading.hpp"

namespace provgate::test {

const ExampleTree& good_tree(std::string_view rule) { return find_rule(rule)->good; }

CheckReport check(FakeWorld& world, const std::string& path, CheckOptions options) {
  return check(world, std::vector<std::string>{path}, options);
}

CheckReport check(FakeWorld& world, const std::vector<std::string>& paths, CheckOptions options) {
  options.threads = 1;
  auto report = check_paths(world.world, paths, {}, options);
  if (!report) throw std::runtime_error(report.error().why);
  return std::move(*report);
}

std::vector<std::string> rules_of(const CheckReport& report, Severity least) {
  std::vector<std::string> out;
  for (const auto& f : report.findings) {
    if (f.severity >= least) out.push_back(f.rule);
  }
  return out;
}

Graph converted(FakeWorld& world, const std::vector<std::string>& paths, CheckOptions options,
                const std::string& standard_input) {
  options.statements = true, options.shapes.rdf = options.shapes.records = false;
  const auto read = read_paths(world.world, paths, standard_input, options);
  if (!read) throw std::runtime_error(read.error().why);
  return convert_report(world.disk, read->report).value();
}

int exit_code_of(const CheckReport& report, Severity fail_on) {
  const auto verdict = report.verdict(fail_on);
  return verdict ? cli::exit_of(*verdict) : cli::exit_of(verdict.error());
}

const ckp::Fleet& fleet_of(const CheckReport& report) {
  for (const auto& one : report.systems) {
    if (const auto* reading = dynamic_cast<const ckp::CkpReading*>(one.reading.get())) return reading->fleet();
  }
  throw std::logic_error("no Concept Kernel Protocol in this build");
}

}  // namespace provgate::test
