// Judges records one by one, on the thread that read them, and reduces them to the fields that link them.
#pragma once

#include "check/sink.hpp"

namespace provgate {

// What one slot of the parallel stage leaves behind; slots are put together in order afterwards.
struct Slot {
  std::vector<InstanceRecord> instances;
  std::vector<ActionRecord> actions;
  std::vector<TaskRecord> tasks;
  std::vector<GoalRecord> goals;
  std::vector<DecisionRecord> decisions;
  std::vector<ProposalRecord> proposals;
  std::vector<Finding> findings;
  FindingLimit limit;
  std::map<RecordKind, std::uint64_t> kinds;
  Skipped skipped;
  std::vector<std::string> others;  ///< files of sessions and stray proofs
  std::optional<RecordPart> part;
};

/// Everything it is given must outlive it. `converter`: takes the records' statements where they are wanted, else null.
class Worker {
 public:
  Worker(const KernelContext& context, Slot& slot, Converter* converter)
      : context_(context), slot_(slot), converter_(converter) {}
  void instance(InstanceFiles files);
  /// How a file came to be read: listed among a kernel's record files; part of an instance; found beside kernels, where
  /// nothing but its name says that it is a record; named by the user, so that it must be one.
  enum class Standing { listed, part, found, named };
  void record(const SourceFile& file, Standing standing = Standing::listed);
  void ledger_line(const SourceFile& file, bool torn);

 private:
  void keep(Sink& sink);
  // An instance that nobody asked about: what it is and what it names, for the rules that look across records.
  void context(InstanceFiles& files);
  void unknown(const std::string& path, const std::string& format);
  void judge(const SourceFile& file, RecordKind kind, Sink& sink, bool listed);
  // An instance record that lies outside instances/: a loose file, or one line of a stream.
  void loose_instance(const SourceFile& file, Sink& sink);

  const KernelContext& context_;
  Slot& slot_;
  Converter* converter_;
};

}  // namespace provgate
