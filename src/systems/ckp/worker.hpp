// SPDX-License-Identifier: Apache-2.0
// Judges records one by one, on the thread that read them, and reduces them to the fields that link them.
#pragma once

#include "systems/ckp/rules/rules.hpp"

namespace provgate::ckp {

/// What reading some units of a kernel leaves behind.
struct KernelPart : Part {
  RecordLists records;
  std::optional<RecordPart> statements;
};

/// Everything it is given must outlive it. `converter`: takes the records' statements where they are wanted, else null.
class Worker {
 public:
  Worker(const KernelContext& context, KernelPart& part, Converter* converter)
      : context_(context), part_(part), converter_(converter) {}
  void instance(InstanceFiles files);
  /// How a file came to be read: listed among a kernel's record files; part of an instance; found beside kernels, where
  /// nothing but its name says that it is a record; named by the user, so that it must be one.
  enum class Standing { listed, part, found, named };
  void record(const SourceFile& file, Standing standing = Standing::listed);
  void ledger_line(const SourceFile& file, bool torn);

 private:
  void keep(Sink& sink);
  void count(RecordKind kind, std::uint64_t n = 1) { part_.kinds[name_of(kind)] += n; }
  // An instance that nobody asked about: what it is and what it names, for the rules that look across records.
  void context(InstanceFiles& files);
  void unknown(const std::string& path, const std::string& format);
  void judge(const SourceFile& file, RecordKind kind, Sink& sink, bool listed);
  // An instance record that lies outside instances/: a loose file, or one line of a stream.
  void loose_instance(const SourceFile& file, Sink& sink);

  const KernelContext& context_;
  KernelPart& part_;
  Converter* converter_;
};

}  // namespace provgate::ckp
