// SPDX-License-Identifier: Apache-2.0
// Concept Kernel Protocol's part of a run: kernels in parallel, record by record, then across records on one thread.
#pragma once

#include "io/snapshot_disk.hpp"
#include "record/chunks.hpp"
#include "systems/ckp/audit_log.hpp"
#include "systems/ckp/companions.hpp"
#include "systems/ckp/worker.hpp"

namespace provgate::ckp {

class CkpReading final : public Reading {
 public:
  /// Finds the kernels. Errors: see System::open.
  static Result<std::unique_ptr<CkpReading>> open(const World& world, const Asking& asking);

  std::size_t size() const override { return fleet_.kernels.size(); }
  const Collection& collection(std::size_t c) const override { return places_[c].about; }
  std::size_t units(std::size_t c) override;
  std::unique_ptr<Part> read(std::size_t c, std::size_t first, std::size_t last) override;
  void take(std::size_t c, std::unique_ptr<Part> part) override;
  std::unique_ptr<Part> whole(std::size_t c) override;
  std::vector<Finding> link() override;
  void narrow(std::vector<Finding>& findings) const override;
  bool own_place(std::size_t c, const std::string& path) const override;
  std::vector<std::string> places(std::size_t c, std::vector<Finding>& unread) override;
  bool claims(const std::string& path) const override;

  std::size_t records(std::size_t c) const override { return fleet_.kernels[c].instances.size(); }
  std::size_t sealable(std::size_t c) const override { return records(c) + companions_[c].size(); }
  Record record(std::size_t c, std::size_t i) const override;
  RecordId id(std::size_t c, std::size_t i) const override;
  std::vector<std::string> judged_paths(std::size_t c) const override;
  bool holds_anything(std::size_t c) const override;
  Result<std::vector<Statements>> statements(Disk& disk) override;

  Readiness readiness(std::size_t c, std::size_t i) const override;
  std::vector<std::string> names(std::size_t c, std::size_t i) const override;
  Result<CoveredFiles> files(Disk& disk, std::size_t c, std::size_t i) const override;
  bool comes_later(std::size_t c, const std::string& path, const CoveredFiles& sealed) const override;
  Result<Draft> draft(Disk& disk, std::size_t c, std::size_t i, const std::string& iri) const override;
  std::vector<FormerId> former_ids(std::size_t c, std::size_t i, const std::string& iri) const override;
  Result<CoveredFiles> marks(Disk& disk, std::size_t c, std::size_t i) override;
  Result<Trail> mark(Disk& disk, std::size_t c, std::size_t i, Draft& draft, std::int64_t now_micros) override;

  bool knows_scope(std::size_t c, const RecordId& id) const override;
  bool owns(Disk& disk, std::size_t c, const RecordId& id, const CoveredFiles& files) const override;
  std::optional<std::size_t> find(std::size_t c, const std::string& iri, std::string_view kind) const override;
  Result<std::vector<LeftBehind>> left_behind(Disk& disk, std::size_t c, const KnownFile& known) const override;
  Result<LinesByIri> lines(Disk& disk, std::size_t c, std::size_t i, const std::set<std::string>& iris) const override;
  std::vector<std::string> strangers(Disk& disk, std::size_t c, const LedgerEntry& entry) const override;

  const Fleet& fleet() const { return fleet_; }
  const Options& options() const { return options_; }

 private:
  // What there is to read of one kernel.
  struct Place {
    Collection about;
    KernelWalk walk;
    std::set<std::string> outside;                ///< record files that lie beside the areas
    std::unordered_set<std::string> lone_proofs;  ///< see KernelWalk, when digests were asked for
    std::vector<Chunk> chunks;                    ///< of a stream with a record a line
    std::vector<SourceFile> laid_out;             ///< records of a stream that takes several lines for each
    std::size_t taken = 0;                        ///< chunks that were taken over
    std::uint32_t unread_line = 0;  ///< where a stream has more records than are kept: the first line not read
  };

  CkpReading(const World& world, const Asking& asking, Options options);
  void add(KernelPlace place);
  void add_stream();
  void note_own_files(CheckedKernel& kernel) const;
  KernelContext context(std::size_t c) const;
  /// Whether what the records of the kernel say is kept while they are read.
  bool kept_at_once(std::size_t c) const;
  Disk& disk_of(std::size_t c) const;
  void unit(Worker& worker, std::size_t c, std::size_t at) const;
  void file(Worker& worker, std::size_t c, const std::string& path, bool outside) const;
  void lines(Worker& worker, std::size_t c, const std::string& path, bool ledger) const;
  const InstanceRecord& instance(std::size_t c, std::size_t i) const { return fleet_.kernels[c].instances[i]; }
  /// Null: record i is an instance.
  const Companion* companion(std::size_t c, std::size_t i) const {
    return i < records(c) ? nullptr : &companions_[c][i - records(c)];
  }

  Disk& disk_;
  const Options options_;
  const std::int64_t now_;
  const std::set<std::string> named_;  ///< paths as the user gave them
  const std::string* stream_;
  const bool judge_, keep_statements_;
  mutable SnapshotDisk kept_;  ///< for records that are converted after they were read
  Fleet fleet_;
  std::vector<Place> places_;  ///< by kernel
  std::unique_ptr<Join> join_;
  std::vector<std::vector<Companion>> companions_;  ///< by kernel
  AuditLog audit_;
  mutable std::vector<std::unordered_map<std::string, std::size_t>> by_name_;  ///< by kernel; made by find()
};

}  // namespace provgate::ckp
