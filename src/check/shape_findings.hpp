// SPDX-License-Identifier: Apache-2.0
// What shapes found, as findings.
#pragma once

#include <map>

#include "provgate/check/check.hpp"
#include "shacl/compile.hpp"

namespace provgate {

/// Findings of one run. Requires a run that was validated, and that it lives on.
class ShapeFindings {
 public:
  explicit ShapeFindings(const ShaclRun& run);
  /// The rule that a shape of ours repeats; empty for others.
  std::string rule_of(const shacl::ValidationResult& result) const;
  Finding one(const shacl::ValidationResult& result) const;

 private:
  std::string message(const shacl::ValidationResult& result) const;
  std::string path_of(const shacl::Shape& shape) const;
  void because(const shacl::ValidationResult& result, std::vector<std::string>& out, int depth) const;

  std::map<TermId, std::string> rules_;
  const ShaclRun& run_;
  const shacl::Shapes::Model& model_;
};

}  // namespace provgate
