// SPDX-License-Identifier: Apache-2.0
// Texts of rows on their way into a store, batch by batch.
#pragma once

#include "provgate/systems/experience/experience_store.hpp"
#include "provgate/systems/system.hpp"

namespace provgate::experience {

/// Adds what is in files and on standard input, and says what came of it.
class AddRun {
 public:
  AddRun(const World& world, const VerbRequest& request, ExperienceStore store, Occasion on)
      : world_(world), request_(request), store_(store), on_(std::move(on)) {}
  /// Whether the run goes on. Errors: Code::input for files that cannot be read, Code::world; those of the store. What
  /// was added before is.
  Result<bool> file(const std::string& path);
  Result<bool> stream();
  VerbAnswer answer() const;

 private:
  Result<bool> text(std::string_view text, const std::string& name);

  const World& world_;
  const VerbRequest& request_;
  ExperienceStore store_;
  Occasion on_;
  Added all_;
  std::uint64_t batches_ = 0;
  bool stopped_ = false;
};

}  // namespace provgate::experience
