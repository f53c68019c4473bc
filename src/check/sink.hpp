// Where rules put what they find.
#pragma once

#include "provgate/check.hpp"

namespace provgate {

/// Past so many findings of one file and severity the rest are counted: a file of nothing but faults costs no more.
class FindingLimit {
 public:
  static constexpr std::uint64_t k_most = 1000;
  /// Whether there is room for one more; else it is counted.
  bool admit(const std::string& file, Severity severity);
  /// Takes findings over, those that stand for others by their count.
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

/// Collects the findings of one record. Severity and fix come from the rule table.
class Sink {
 public:
  explicit Sink(std::string owner) : owner_(std::move(owner)) {}
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

/// What the record rules need to know about the kernel a record lies in.
struct KernelContext {
  const KernelPlace& place;
  const KernelInfo& info;
  const CheckOptions& options;
  CkpVersion version;
  std::int64_t now_micros;
  Disk& disk;
};

// ---- one function per family; each judges one record --------------------------------------------

/// Unreadable text, duplicate keys, NaN. True when there is a document to judge.
bool check_readable(const SourceFile& file, Sink& sink);
/// One URN of a PROV field against the grammar; the parsed URN when it is one.
std::optional<Urn> check_urn(const Field& field, std::string_view path, const SourceFile& file,
                             const KernelContext& context, Sink& sink, std::string_view focus, bool decision = false);
void check_urns(const ProvField& field, std::string_view path, const SourceFile& file, const KernelContext& context,
                Sink& sink, std::string_view focus, bool decision = false);
/// The links whose object must be of certain kinds, and the check of one of them.
inline constexpr std::string_view k_kind_links[] = {"wasAssociatedWith", "wasStartedBy", "wasInfluencedBy"};
void check_link_kinds(const ProvField& field, std::string_view link, const SourceFile& file,
                      const KernelContext& context, Sink& sink, std::string_view focus);
/// Every PROV field of a record that is no instance: URNs, the time, and who may be named.
void check_prov_fields(const SourceFile& file, Value root, std::string_view focus, const KernelContext& context,
                       Sink& sink, bool decision = false);
/// A goal's id and PROV fields.
void check_goal(const SourceFile& file, const GoalRecord& record, const KernelContext& context, Sink& sink);
/// An instance proof that lies flat in proof/, against the instance it names.
void check_stray_proof(const SourceFile& file, const KernelContext& context, Sink& sink);
/// The five conditions of check.provenance, and what belongs to them. Sets conforming and decidable.
void check_instance_provenance(const InstanceFiles& files, InstanceRecord& record, const KernelContext& context,
                               Sink& sink);
void check_instance_proofs(const InstanceFiles& files, const InstanceRecord& record, const KernelContext& context,
                           Sink& sink);
void check_action_proof(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink);
void check_action_fields(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink);
/// A prov:Activity record of an action.
void check_activity(const SourceFile& file, const ActionRecord& record, const KernelContext& context, Sink& sink);
void check_session(const SourceFile& file, const KernelContext& context, Sink& sink);
void check_task_record(const SourceFile& file, const TaskRecord& record, const KernelContext& context, Sink& sink);
void check_status(const InstanceFiles& files, const InstanceRecord& record, Sink& sink);
/// `instance`: the record is an instance's own, whose conditions say what is missing.
void check_decision(const SourceFile& file, const DecisionRecord& record, const KernelContext& context, Sink& sink,
                    bool instance = false);
void check_proposal(const SourceFile& file, const KernelContext& context, Sink& sink);
void check_kernel(const KernelContext& context, Sink& sink);

/// A finding for each path of which nothing was read. `data`: RDF data was named, too.
void check_named(Disk& disk, const std::vector<std::string>& paths, bool data, CheckReport& report);
/// The same of a stream of records beside other things.
void check_stream(const std::string& standard_input, CheckReport& report);

/// Rules that look across records: duplicates, joins, times, decisions, graph names.
void check_links(CheckReport& report, const CheckOptions& options, std::vector<Finding>& out);

}  // namespace provgate
