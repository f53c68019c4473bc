// Sealing and verifying trees: the effects around seal() and the store (FORMAT.md, "Sealing").
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "provgate/store.hpp"

namespace provgate {

enum class SealResult {
  sealed,     ///< now
  already,    ///< before, with the same bytes; what a crash left undone is completed
  refused,    ///< it has errors; a rejection stands in the ledger
  skipped,    ///< not finished: pending, in_progress, executing, active
  changed,    ///< it was sealed with other bytes
  undecided,  ///< whether it conforms could not be decided
  failed      ///< the world failed half-way; the next run completes it. A full disk ends the run
};

struct SealOutcome {
  SealResult result = SealResult::sealed;
  std::string urn, directory, detail;
  std::uint64_t seq = 0;
  bool disk_full = false;
};

struct SealOptions {
  ReadOptions read;
  UrnProfile urns = UrnProfile::strict;
  bool dry_run = false;
  std::function<void(const SealOutcome&)> on_outcome;
};

/// Seals every instance of the report, each on its own: proof record, store transaction, audit line, read-only files.
/// A crash between any two is completed by the next call. manifest.json and data.json are never written.
/// Requires a report made with ReadOptions::digests. `store` may be null in a dry run.
std::vector<SealOutcome> seal_instances(const World& world, Store* store, const CheckReport& report,
                                        const SealOptions& options);

enum class Tampering { changed, missing, extra_proof, writable };
std::string_view name_of(Tampering kind);

struct VerifyFault {
  Tampering kind;
  std::string urn, file, found, expected;
};
struct VerifyReport {
  std::uint64_t instances = 0, files = 0, unsealed = 0;
  std::map<std::string, std::uint64_t> elsewhere;  ///< sealed instances of kernels that are not at the paths
  std::vector<VerifyFault> faults;
};
/// Compares what the ledger says was sealed from the kernels at `paths` with what lies there now.
/// Errors: Code::integrity when the ledger itself is damaged (chain, form); Code::world where the system failed while a
/// file was read, or a record changed meanwhile.
Result<VerifyReport> verify_kernels(const World& world, const Store& store, const std::vector<std::string>& paths,
                                    const CheckOptions& options);

}  // namespace provgate
