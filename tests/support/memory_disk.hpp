// SPDX-License-Identifier: Apache-2.0
// A Disk in memory: deterministic, with faults on demand. And small fakes of Clock, Http and Random.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "provgate/io/io.hpp"
#include "provgate/record/rules.hpp"

namespace provgate::test {

struct Node {
  FileType type = FileType::file;
  std::string text;  ///< of a file, or a link's target
  unsigned mode = 0644;
  std::uint64_t number = 0;  ///< which file it is, whatever it is called
};

class MemoryDisk final : public Disk {
 public:
  void put(const std::string& path, std::string text);
  void link(const std::string& path, const std::string& target);
  void put_tree(const std::string& root, const ExampleTree& tree);
  std::string text(const std::string& path) const;
  bool has(const std::string& path) const { return nodes_.contains(path); }
  void erase(const std::string& path) { nodes_.erase(path); }
  std::map<std::string, Node>& nodes() { return nodes_; }

  /// Called before every changing operation with its name and path; returns an error to inject.
  std::function<std::optional<Error>(const std::string& op, const std::string& path)> before_change;
  /// Called before every list(), read() and map(), and as "compare" before read_below(); returns an error to inject.
  std::function<std::optional<Error>(const std::string& op, const std::string& path)> before_read;
  std::set<std::string> unreadable;
  std::map<std::string, FileBytes> mapped;  ///< what map() gives, whatever the tree holds

  Result<std::vector<DirEntry>> list(const std::string& path) override;
  Result<std::string> read(const std::string& path, std::uint64_t max_bytes, bool follow) override;
  Result<FileBytes> map(const std::string& path) override;
  FileInfo info(const std::string& path) override;
  Result<std::string> real_path(const std::string& path) override;
  Result<HeldFile> read_below(const std::string& root, const std::string& path, std::uint64_t max_bytes) override;
  Result<Digest> digest_below(const std::string& root, const std::string& path) override;
  Result<void> may_write_below(const std::string& root, const std::string& path) override;
  Result<FileIdentity> create_below(const std::string& root, const std::string& path, std::string_view bytes,
                                    bool replace, bool secret) override;
  Result<void> append_below(const std::string& root, const std::string& path, std::string_view lines) override;
  Result<HeldFile> protect_below(const std::string& root, const std::string& path, const FileIdentity& which,
                                 std::uint64_t max_bytes) override;
  Result<void> flush_below(const std::string& root, const std::vector<std::string>& paths) override;

  /// What is there now is on the device.
  void flush_all() { flushed_ = nodes_; }
  /// The machine goes down: what was not flushed is lost.
  void power_cut();

 private:
  Result<void> change(const std::string& op, const std::string& path);
  Result<void> look(const std::string& op, const std::string& path);
  Result<std::string> content(const std::string& path, std::uint64_t max_bytes);
  Result<void> reach(const std::string& root, const std::string& path);
  std::map<std::string, Node> nodes_, flushed_;
  std::uint64_t last_number_ = 0;
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(std::int64_t seconds = 1'795'000'000) : now(seconds * 1'000'000) {}
  std::int64_t now_micros() override { return now; }
  std::string_view source() const override { return "test"; }
  std::int64_t now;
};

class FakeHttp final : public Http {
 public:
  std::function<Result<HttpAnswer>(const HttpRequest&)> answer = [](const HttpRequest&) -> Result<HttpAnswer> {
    return fail(Code::world, "no server");
  };
  std::vector<HttpRequest> requests;
  Result<HttpAnswer> send(const HttpRequest& request) override {
    requests.push_back(request);
    return answer(request);
  }
};

class ZeroRandom final : public Random {
 public:
  std::uint64_t next() override { return 0; }
};

/// A whole fake outside world.
struct FakeWorld {
  MemoryDisk disk;
  FixedClock clock;
  FakeHttp http;
  ZeroRandom random;
  World world{disk, clock, http, random};
};

std::string gunzip(std::string_view bytes);
/// A directory that is removed, read-only files and all, when the object dies.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string path;
};

}  // namespace provgate::test
