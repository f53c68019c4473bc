// SPDX-License-Identifier: Apache-2.0
// A store of experience, attestations and accountability records: added in chains, verified, sealed, counted. Nothing
// updates or deletes: a later state of a record is a record of its own, in the ledger like the first.
// Source: the ChittyOS experience provenance schema 1.0.0; FORMAT.md, "Experience". Threads: one a store; stores and
// processes meet at the ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/record/beacon.hpp"
#include "provgate/record/finding.hpp"
#include "provgate/systems/keeping.hpp"

namespace provgate::experience {

/// When something is written, and what it may lean on.
struct Occasion {
  std::int64_t now_micros = 0;
  std::optional<Beacon> beacon;         ///< a round that came before; nothing: the record says that it has none
  std::function<std::string()> new_id;  ///< a UUID of version 4 that nobody had before
};

/// Rows as JSON, one a line, and what findings call their place.
struct RowLines {
  std::string_view text;
  std::string name;
  std::uint32_t first_line = 1;
};

struct Added {
  std::uint64_t read = 0, added = 0;
  std::uint64_t known = 0;    ///< that are kept already, with the same bytes: nothing was to do
  std::uint64_t refused = 0;  ///< with errors
  std::uint64_t unreadable = 0;
  Seq entry;                      ///< of the batch; 0: nothing was added
  std::vector<std::string> iris;  ///< of what was added
  std::vector<Finding> findings;
};

struct Attesting {
  std::string chitty_id, domain, type, attester, level;  ///< level: empty where the score tells it
  std::string subdomain, expires_at, evidence;           ///< evidence: a JSON object; each empty where there is none
  std::optional<std::string> score;                      ///< 0 to 100
};

struct Remediating {
  std::string record, by, action, details;  ///< details: JSON or empty
  std::string status = "completed";
};

/// What speaks against links of chains.
struct ChainReport {
  struct Failure {
    std::string id, error;  ///< "chain_link_broken"
  };
  std::uint64_t links = 0, roots = 0, branches = 0;
  std::vector<std::string> chain;  ///< ids from the root to the one that was asked for; empty where none was
  std::vector<Failure> failures;
};

struct Assessing {
  std::string chitty_id, domain, subdomain, attester;
};

/// Borrows the keeper.
class ExperienceStore {
 public:
  explicit ExperienceStore(Keeper& keeper) : keeper_(&keeper) {}

  /// Adds rows: what they leave out of ids, depths, roots, numbers, links and hashes is filled in; a row that brings
  /// its content hash is taken as it is. All of them, durable when this returns, or none where one has an error.
  /// Errors of all: those of the keeper; a fault of a row is a finding.
  Result<Added> add(const RowLines& given, const Occasion& on);
  /// Attests something. Errors besides: Code::usage for evidence that is not JSON.
  Result<Added> attest(const Attesting& wanted, const Occasion& on);
  /// Counts what somebody experienced in a domain, and attests what follows: `sound-v1`, with `seed-v1` beside it.
  /// Errors besides: Code::nothing where there is no such experience.
  Result<Added> assess(const Assessing& wanted, const Occasion& on);
  /// Takes an attestation back, for good. Errors of these: Code::nothing where there is no such record.
  Result<Added> revoke(const std::string& id, const std::string& reason, const Occasion& on);
  /// `status`: verified, disputed or invalidated. `details`: JSON or words; empty: none. Errors: as revoke().
  Result<Added> verify_record(const std::string& id, const std::string& by, const std::string& status,
                              const std::string& details, const Occasion& on);
  /// Seals an accountability record. A finding (XPR-019) where it is sealed. Errors: as revoke().
  Result<Added> seal(const std::string& id, const Occasion& on);
  /// Keeps a record of what undid the harm of another one, and the other one's later state. Errors: as revoke().
  Result<Added> remediate(const Remediating& wanted, const Occasion& on);

  /// Holds every link of every chain against its own bytes and the one before it; all faults are told. `id`: of whose
  /// chain alone, from the root to it; empty: of all. `threads`: 0 for as many as the machine has.
  /// Errors besides: Code::nothing where there is no such record.
  Result<ChainReport> verify(const std::string& id, unsigned threads = 0);

  /// What somebody experienced, counted: a JSON object. Rates are null where nothing is there to be counted.
  /// Errors of these: those of the keeper; Code::nothing where no record is about them.
  Result<std::string> summary(const std::string& chitty_id);
  /// What somebody answers for, counted in the same way. Errors: as summary().
  Result<std::string> metrics(const std::string& chitty_id);
  /// The profile document: its hash covers all but the time it was made. Errors: as summary().
  Result<std::string> profile(const std::string& chitty_id, std::int64_t now_micros);
  /// Levels, domains and success by month, drawn: text for a terminal, or SVG. Errors: as summary().
  Result<std::string> drawing(const std::string& chitty_id, std::int64_t now_micros, bool svg);

  struct Synced {
    bool already = false;  ///< the same profile is there: nothing was sent
    Added kept;
  };
  /// Hands the profile on: PUT, with its hash as the key of the request; what was answered is kept.
  /// `send` gives the status and the answer; its errors, and any status but a good one, are Code::world: it stays due.
  struct Reply {
    long status = 0;
    std::string body;
  };
  using Send = std::function<Result<Reply>(const std::string& document, const std::string& hash)>;
  Result<Synced> sync(const std::string& chitty_id, const std::string& url, const Send& send, const Occasion& on);

 private:
  using Fill = std::function<Result<void>(class Filling&)>;
  Result<Added> keep(const Fill& fill);
  Keeper* keeper_;
};

}  // namespace provgate::experience
