// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <iostream>

#include "cli/cli.hpp"
#include "cli/output.hpp"

int main(int argc, char** argv) {
  provgate::cli::hold_standard_descriptors();
  provgate::cli::Output buffer(STDOUT_FILENO);
  std::ostream out(&buffer);
  std::cerr.tie(&out);
  const int code = provgate::cli::run(argc, argv, std::cin, out, std::cerr);
  std::cerr.tie(nullptr);
  return code;
}
