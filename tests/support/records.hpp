// SPDX-License-Identifier: Apache-2.0
// Checking example trees in a fake world.
#pragma once

#include "provgate/check/check.hpp"
#include "support/memory_disk.hpp"
#include "systems/ckp/fleet.hpp"

namespace provgate::test {

/// The example tree of that name, by way of a rule that starts from it.
const ExampleTree& good_tree(std::string_view rule);
CheckReport check(FakeWorld& world, const std::string& path, CheckOptions options = {});
CheckReport check(FakeWorld& world, const std::vector<std::string>& paths, CheckOptions options = {});
std::vector<std::string> rules_of(const CheckReport& report, Severity least = Severity::info);
/// What the records at the paths say, as one graph. Throws where they cannot be read.
Graph converted(FakeWorld& world, const std::vector<std::string>& paths, CheckOptions options = {},
                const std::string& standard_input = {});
/// The exit code that the command line gives the report.
int exit_code_of(const CheckReport& report, Severity fail_on);
/// What was read of Concept Kernel Protocol trees.
const ckp::Fleet& fleet_of(const CheckReport& report);

}  // namespace provgate::test
