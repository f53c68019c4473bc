// SPDX-License-Identifier: Apache-2.0
// Tables of experience at some paths: found, read piece by piece on several threads, held against each other.
#pragma once

#include "provgate/systems/system.hpp"
#include "record/file_search.hpp"
#include "record/rows.hpp"
#include "record/statement_writer.hpp"
#include "systems/experience/record.hpp"

namespace provgate::experience {

inline constexpr std::string_view k_profile = "chitty-1.0";

/// A file of rows, or standard input.
struct RowFile {
  Collection about;
  std::string path, name;  ///< as messages call it, and below the root
  FileBytes bytes;
  std::string fault;  ///< why nothing of it can be read; empty: it can
  RowText rows;
  mutable Digest digest;  ///< of the bytes; empty: nobody asked yet
  std::vector<Chunk> chunks;
  std::vector<Told> records;
  std::vector<std::string> owners;  ///< of the records
};

struct RowPart final : Part {
  std::vector<Told> records;
  std::vector<std::string> owners;
  Graph graph;
  NameIds names;
};

class ExperienceReading final : public Reading {
 public:
  static Result<std::unique_ptr<ExperienceReading>> open(const World& world, const Asking& asking);

  std::size_t size() const override { return files_.size(); }
  const Collection& collection(std::size_t c) const override { return files_[c].about; }
  std::size_t units(std::size_t c) override { return files_[c].fault.empty() ? files_[c].chunks.size() : 1; }
  std::vector<std::string> places(std::size_t c, std::vector<Finding>& unread) override;
  std::unique_ptr<Part> read(std::size_t c, std::size_t first, std::size_t last) override;
  void take(std::size_t c, std::unique_ptr<Part> part) override;
  std::vector<Finding> link() override;
  bool claims(const std::string& path) const override;

  std::size_t records(std::size_t c) const override { return files_[c].records.size(); }
  Record record(std::size_t c, std::size_t i) const override;
  RecordId id(std::size_t c, std::size_t i) const override;
  std::vector<std::string> judged_paths(std::size_t c) const override;
  Result<std::vector<Statements>> statements(Disk& disk) override;

  Readiness readiness(std::size_t c, std::size_t i) const override;
  Result<Draft> draft(Disk& disk, std::size_t c, std::size_t i, const std::string& iri) const override;
  bool knows_scope(std::size_t c, const RecordId& id) const override;

 private:
  ExperienceReading(const World& world, const Asking& asking);
  static Finding fault_of(const RowFile& file);
  void add_stream(const std::string& text);
  void add_file(const std::string& path);
  void add(RowFile file);
  void one(const RowFile& file, const Row& row, RowPart& part) const;

  Disk& disk_;
  ReadOptions read_;
  bool judge_, keep_statements_;
  std::function<bool(const std::string& path)> taken_;
  FileSearch search_;
  std::uint64_t seed_;
  mutable BeaconChecks beacons_;
  std::vector<RowFile> files_;
  std::vector<std::vector<Graph>> graphs_;  ///< by file
};

}  // namespace provgate::experience
