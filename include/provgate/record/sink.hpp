// SPDX-License-Identifier: Apache-2.0
// Where rules put what they find. Source: ARCHITECTURE.md, "A run". Threads: one at a time for one object.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "provgate/record/finding.hpp"
#include "provgate/record/rules.hpp"
#include "provgate/record/source.hpp"

namespace provgate {

/// Past so many findings of one file and severity the rest are counted: a file of nothing but faults costs no more.
class FindingLimit {
 public:
  static constexpr std::uint64_t k_most = 1000;
  /// Whether there is room for one more; else it is counted.
  bool admit(const std::string& file, Severity severity);
  /// Takes findings over, those that stand for others by their count. `from` is empty afterwards.
  void move(std::vector<Finding>& from, std::vector<Finding>& to);
  /// Adds a finding for each file and severity of which some were left out.
  void report(std::vector<Finding>& out) const;

 private:
  struct Count {
    std::array<std::uint64_t, 3> kept{}, left_out{};
  };
  Count& of(const std::string& file);
  std::map<std::string, Count> files_;
  std::string last_file_;
  Count* last_ = nullptr;
};

/// Collects the findings of one record. Severity and fix come from the rule table. One thread at a time.
class Sink {
 public:
  explicit Sink(std::string owner) : owner_(std::move(owner)) {}
  /// The finding holds until the next call of add() or take().
  Finding& add(std::string_view rule, const SourceFile& file, Place at, std::string message);
  /// Where the source text is no longer at hand; the snippet is filled in later.
  Finding& add(std::string_view rule, std::string file, Place at, std::string message);
  void take(Finding finding);
  /// All of them, with what was left out counted. Nothing may be added afterwards.
  std::vector<Finding>& findings();
  const std::vector<Finding>& so_far() const { return findings_; }
  const std::string& owner() const { return owner_; }
  void set_owner(std::string owner) { owner_ = std::move(owner); }

 private:
  std::string owner_;
  std::vector<Finding> findings_;
  FindingLimit limit_;
  Finding left_out_;
  bool reported_ = false;
};

/// Unreadable text, duplicate keys, NaN. True when there is a document to judge.
bool check_readable(const SourceFile& file, Sink& sink);

}  // namespace provgate
