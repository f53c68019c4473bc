// SPDX-License-Identifier: Apache-2.0
// The stages that every record of every system passes: Draft -> Checked | Rejected, and in seal/ledger.hpp -> Sealed.
// No stage has another way in: what was not checked cannot be sealed, because it does not compile.
// Source: ARCHITECTURE.md; FORMAT.md, "Ledger". Threads: any.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "provgate/rdf/rdf.hpp"
#include "provgate/record/finding.hpp"

namespace provgate {

/// Which record, whatever its system: the ledger, the outbox, the reports and trace know a record by this and by
/// nothing else. Each part has its own type, so that no two can be swapped.
struct RecordId {
  struct System : NamedText<System> {
    using NamedText::NamedText;
  } system;
  struct Scope : NamedText<Scope> {
    using NamedText::NamedText;
  } scope;  ///< within which ids are unique: a repository, a tenant; may be empty
  struct Iri : NamedText<Iri> {
    using NamedText::NamedText;
  } iri;  ///< what its statements are about
  friend auto operator<=>(const RecordId&, const RecordId&) = default;
};

/// The number of a ledger entry, from 1; 0: before the first.
struct Seq {
  std::uint64_t number = 0;
  Seq() = default;
  explicit Seq(std::uint64_t of) : number(of) {}
  Seq next() const { return Seq(number + 1); }
  explicit operator bool() const { return number != 0; }
  friend auto operator<=>(const Seq&, const Seq&) = default;
};

/// A file that a record's entry speaks of.
struct CoveredFile {
  enum class Role {
    covered,   ///< the record's own: it must not change any more
    witnessed  ///< it may change: as it was when the record was sealed
  };
  Digest digest;  ///< SHA-256 of its bytes
  Role role = Role::covered;
  friend auto operator<=>(const CoveredFile&, const CoveredFile&) = default;
};
std::string_view name_of(CoveredFile::Role role);  ///< "covered"
/// By path below the root of the record's collection.
using CoveredFiles = std::map<std::string, CoveredFile>;

/// Rows of an index over records that a store keeps whole: what one of them is found by.
class IndexRows {
 public:
  struct Row {
    std::string_view key;   ///< index_name() of what is looked for, and its order among others: bytes that compare as
                            ///< they are to stand, of one length for one name
    std::string_view says;  ///< what is told without reading the record
  };
  void add(std::string_view key, std::string_view says = {});
  std::size_t size() const { return size_; }
  /// Requires one. As long as this lives and nothing is added.
  std::string_view first_key() const;
  bool has(std::string_view key) const;
  /// Calls `visit(Row)` for each.
  template <class F>
  void each(F&& visit) const {
    std::size_t at = 0;
    for (std::size_t i = 0; i < size_; ++i) visit(next(at));
  }

 private:
  Row next(std::size_t& at) const;

  std::string text_;  // of each row two lengths, the key, and what it says: a record has many, and all go the same way
  std::size_t size_ = 0;
};
/// A record that a store keeps whole.
class KeptRecord {
 public:
  KeptRecord() = default;
  KeptRecord(std::string bytes, IndexRows rows);
  const std::string& bytes() const { return bytes_; }
  const IndexRows& rows() const { return rows_; }
  std::string_view leaf() const {
    return {leaf_.data(), leaf_.size()};
  }  ///< of the bytes, in the Merkle tree of its batch

 private:
  std::string bytes_;
  IndexRows rows_;
  std::array<char, 32> leaf_{};
};

/// PROV-O statements of one record with what it leads to, and not yet judged.
struct Draft {
  RecordId id;
  std::string kind;   ///< of its system: "instance"
  std::string owner;  ///< what its findings are attributed to: a directory, a file, a row
  std::string root;   ///< what the paths of `files` lie below
  Graph graph;
  CoveredFiles files;
  Digest record_digest;          ///< SHA-256 of the record's own bytes; empty: that of the list of covered files
  std::vector<Finding> against;  ///< what speaks against sealing it and is seen only now
  std::vector<std::size_t> conditional;  ///< statements of `graph` that it says because of what is not sealed with it
  Graph otherwise;                       ///< what it says where that is not there
  Seq replaces;  ///< the entry that sealed the record before, of which this is a new version; 0: none
  /// A batch of records that are kept whole: its graph is made from them later, its name and digest are told from them.
  std::vector<KeptRecord> records;
};

/// A draft that no error speaks against. Only admit() makes one.
class Checked {
 public:
  const Draft& draft() const { return draft_; }
  const Digest& report_digest() const { return report_digest_; }  ///< SHA-256 over the findings that concern it
  Draft take() && { return std::move(draft_); }

 private:
  friend std::variant<Checked, class Rejected> admit(Draft, const std::vector<const Finding*>&);
  Checked(Draft draft, Digest digest) : draft_(std::move(draft)), report_digest_(std::move(digest)) {}
  Draft draft_;
  Digest report_digest_;
};

/// A draft that was refused, with the rules it breaks. It has no graph to publish.
class Rejected {
 public:
  const Draft& draft() const { return draft_; }
  const std::vector<std::string>& rules() const { return rules_; }
  const Digest& report_digest() const { return report_digest_; }

 private:
  friend std::variant<Checked, Rejected> admit(Draft, const std::vector<const Finding*>&);
  Rejected(Draft draft, std::vector<std::string> rules, Digest digest)
      : draft_(std::move(draft)), rules_(std::move(rules)), report_digest_(std::move(digest)) {}
  Draft draft_;
  std::vector<std::string> rules_;
  Digest report_digest_;
};

/// Decides on one draft from the findings that concern it: any error refuses it. Pure.
std::variant<Checked, Rejected> admit(Draft draft, const std::vector<const Finding*>& findings);

}  // namespace provgate
