// SPDX-License-Identifier: Apache-2.0
// Records that a store keeps whole, as they are found again (FORMAT.md, "Kept records"). A system says what its records
// are found by; who keeps them sees bytes.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "provgate/record/stages.hpp"

namespace provgate {

/// Where a kept record stands: the entry of its batch, and its number there, from 0. They compare as they were kept.
struct KeptPlace {
  Seq entry;
  std::uint32_t number = 0;
  friend auto operator<=>(const KeptPlace&, const KeptPlace&) = default;
};
/// Most records of one batch.
inline constexpr std::size_t k_most_kept_at_once = 1 << 24;
/// Longest key of an index row.
inline constexpr std::size_t k_most_index_key = 480;

/// The name of an index and of what is looked for there: of a tag that no other index of any system has, and texts.
/// Near texts have near names; no name is the beginning of another; a long text is cut, and has its SHA-256 behind it.
/// At most four texts. Threads: any.
std::string index_name(std::string_view tag, std::initializer_list<std::string_view> texts);

inline constexpr std::string_view k_batch_prefix = "urn:provgate:records:";
/// The name of a batch of records, which tells how many there are and their Merkle root (RFC 6962, each record a leaf).
std::string batch_iri(std::size_t records, std::string_view root);
/// The number of records that such a name tells; nothing where it is none.
std::optional<std::size_t> records_in_batch(std::string_view iri);

/// What a store keeps, as of one moment. Must not outlive the store. Threads: one.
/// Errors of all: Code::integrity where it is damaged, Code::world from the system.
class KeptRecords {
 public:
  virtual ~KeptRecords() = default;

  struct Found {
    std::string_view order, says;
    KeptPlace place;
  };
  /// Rows of one name.
  class Rows {
   public:
    virtual ~Rows() = default;
    /// The next one, as long as nothing else is asked of these rows; null behind the last. Errors: as said above.
    virtual Result<const Found*> next() = 0;
  };
  /// Those whose order is at least `from`, in order, then as they were kept.
  virtual Result<std::unique_ptr<Rows>> rows(std::string_view name, std::string_view from) const = 0;
  /// The last of a name; nothing where there is none.
  virtual Result<std::optional<Found>> last(std::string_view name) const = 0;
  /// A record, as long as this lives.
  virtual Result<std::string_view> bytes(KeptPlace place) const = 0;
  /// Records from a place on, until `visit` says no.
  using Visit = std::function<bool(KeptPlace place, std::string_view bytes)>;
  virtual Result<void> each(KeptPlace from, const Visit& visit) const = 0;
  /// The kind of the records of a batch. Errors besides: Code::integrity where there is no such batch.
  virtual Result<std::string> kind(Seq batch) const = 0;
  /// What a row says; nothing where there is none.
  virtual Result<std::optional<std::string_view>> says(std::string_view key, KeptPlace place) const = 0;
  /// How many records there are, and rows of indexes.
  virtual std::uint64_t size() const = 0;
  virtual std::uint64_t rows() const = 0;
};

}  // namespace provgate
