// SPDX-License-Identifier: Apache-2.0
// Event logs at some paths: found, read piece by piece on several threads, held against each other.
#pragma once

#include "provgate/systems/system.hpp"
#include "record/chunks.hpp"
#include "record/file_search.hpp"
#include "systems/events/convert/convert.hpp"
#include "systems/events/event.hpp"

namespace provgate::events {

inline constexpr std::string_view k_newest = "converge-3.9";

/// A log: a file, or standard input.
struct Log {
  Collection about;
  std::string path, name;  ///< as messages call it, and below the root
  FileBytes bytes;
  mutable Digest digest;  ///< of the bytes; empty: nobody asked yet
  bool laid_out = false;  ///< JSON documents over several lines
  std::vector<Chunk> chunks;
  std::vector<Event> events;
  std::vector<std::string> owners;  ///< of the events
  std::vector<Mention> mentions;    ///< in order of their events
};

/// Statements of a log's events of one tenant.
struct TenantStatements {
  std::optional<std::string> tenant;
  Statements statements;
};

/// Adds statements to a graph, those of each tenant in its named graph, and takes them out of `all`.
void add_in_graphs(Graph& out, std::vector<TenantStatements>& all);

struct EventPart final : Part {
  std::vector<Event> events;
  std::vector<Mention> mentions;
  std::vector<TenantStatements> statements;
};

class EventReading final : public Reading {
 public:
  static Result<std::unique_ptr<EventReading>> open(const World& world, const Asking& asking);

  std::size_t size() const override { return logs_.size(); }
  const Collection& collection(std::size_t c) const override { return logs_[c].about; }
  std::size_t units(std::size_t c) override { return logs_[c].chunks.size(); }
  std::vector<std::string> places(std::size_t c, std::vector<Finding>& unread) override;
  std::unique_ptr<Part> read(std::size_t c, std::size_t first, std::size_t last) override;
  void take(std::size_t c, std::unique_ptr<Part> part) override;
  std::vector<Finding> link() override;
  bool claims(const std::string& path) const override;

  std::size_t records(std::size_t c) const override { return logs_[c].events.size(); }
  Record record(std::size_t c, std::size_t i) const override;
  RecordId id(std::size_t c, std::size_t i) const override;
  std::vector<std::string> judged_paths(std::size_t c) const override;
  Result<std::vector<Statements>> statements(Disk& disk) override;
  Result<Graph> convert(Disk& disk) override;

  Readiness readiness(std::size_t c, std::size_t i) const override;
  Result<Draft> draft(Disk& disk, std::size_t c, std::size_t i, const std::string& iri) const override;
  bool knows_scope(std::size_t c, const RecordId& id) const override;

 private:
  EventReading(Disk& disk, const Asking& asking, Rulebook rules, std::string profile);
  void search(const std::string& path);
  void add_file(const std::string& path);
  void add_stream(const std::string& text);
  void add(Log log);
  void one(const Log& log, const SourceFile& file, EventPart& part) const;
  Graph& graph_of(std::vector<TenantStatements>& all, const Log& log, const Event& event) const;
  Log& log_of(const Event& event);

  Disk& disk_;
  ReadOptions read_;
  Rulebook rules_;
  std::string profile_;
  bool keep_statements_;
  FileSearch search_;
  std::vector<Log> logs_;
  std::vector<std::vector<TenantStatements>> statements_;  ///< by log
};

}  // namespace provgate::events
