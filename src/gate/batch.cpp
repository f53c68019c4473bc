// SPDX-License-Identifier: Apache-2.0
#include "gate/batch.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "gate/unfinished.hpp"

namespace provgate {
namespace {

// What went wrong past the transaction is left to the next run, whatever it was; but bytes that changed are that.
void fail_step(Step& step, const Error& error) {
  step.out.result = error.code == Code::integrity ? SealResult::changed : SealResult::failed;
  step.out.disk_full = error.code == Code::disk_full;
  step.out.detail = error.file.empty() ? error.why : error.file + ": " + error.why;
  step.open = false;
}

}  // namespace

namespace {

// The file as it was read for this record, or as it is now.
Result<HeldDisk::Held> held_now(HeldDisk& disk, const std::string& root, const std::string& path) {
  if (const auto* held = disk.held(path)) return *held;
  TRY(const auto file, disk.read_below(root, path, k_any_size));
  return HeldDisk::Held{sha256_hex(file.bytes), file.identity, file.may_protect};
}

Result<Digest> digest_now(HeldDisk& disk, const std::string& root, const std::string& path) {
  if (const auto* held = disk.held(path)) return held->digest;
  if (const auto* digest = disk.digested(path)) return *digest;
  return disk.digest_below(root, path);
}

}  // namespace

Result<void> hold(HeldDisk& disk, const CoveredFiles& files, HeldStates& states, Step& step) {
  for (const auto& [path, file] : files) {
    const bool covered = file.role == CoveredFile::Role::covered;
    if (!covered && states.contains({step.root, path})) continue;
    HeldDisk::Held held;
    if (covered) {
      TRY(held, held_now(disk, step.root, path));
    } else {
      TRY(held.digest, digest_now(disk, step.root, path));
    }
    if (held.digest != file.digest) {
      return fail(Code::world, join_path(step.root, path) + " changed while it was being judged",
                  "run it again when nothing writes to it");
    }
    if (!covered) {
      states.emplace(step.root, path);
      continue;
    }
    if (!held.may_protect) {
      return fail(Code::world, join_path(step.root, path) + " is another user's: the right to write it cannot be taken",
                  "seal as its owner");
    }
    step.files[path] = {file.digest, held.identity};
  }
  return {};
}

void Batch::append(std::span<Step> steps) {
  grew_ = false;
  if (const auto done = into_ledger(steps); !done) {
    for (auto& step : steps) {
      if (!std::holds_alternative<std::monostate>(step.stage)) fail_step(step, done.error());
    }
  }
}

void Batch::finish(std::span<Step> steps) {
  for (auto& step : steps) {
    if (!step.open) continue;
    if (const auto done = leave(step); !done) fail_step(step, done.error());
  }
  write_lines(steps);
  for (auto& step : steps) {
    if (!step.open) continue;
    if (const auto done = protect(step); !done) fail_step(step, done.error());
  }
  flush(steps);
  for (auto& step : steps) {
    if (step.open && step.out.seq) done_.insert(step.out.seq);
    step.out.completed = step.open && step.out.result == SealResult::already;
  }
  logs_.clear();
}

Result<void> Batch::into_ledger(std::span<Step> steps) {
  TRY(auto head, store_.head());
  std::vector<Sealed> entries;
  std::vector<Unfinished> notes;
  std::vector<std::pair<Step*, Seq>> sealed;
  for (auto& step : steps) {
    if (auto* checked = std::get_if<Checked>(&step.stage)) {
      entries.push_back(seal(std::move(*checked), head, step.time));
      sealed.emplace_back(&step, entries.back().entry().seq);
      notes.push_back({sealed.back().second, unfinished_row(step.trail)});
    } else if (const auto* rejected = std::get_if<Rejected>(&step.stage)) {
      entries.push_back(reject(*rejected, head, step.time));
    } else {
      continue;
    }
    head = {entries.back().entry().seq, entries.back().digest()};
  }
  if (entries.empty()) return {};
  const std::vector<Seq> finished(done_.begin(), done_.end());
  CHECKED(store_.append(entries, notes, finished, key_));
  grew_ = true;
  for (const auto& [step, seq] : sealed) step->out.seq = seq, step->open = true;
  done_.clear();
  return {};
}

// The files of its own.
Result<void> Batch::leave(Step& step) {
  for (const auto& file : step.trail.files) {
    auto made = disk_.create_below(step.root, file.path, file.bytes);
    if (!made && made.error().code == Code::input && step.resumed) {
      // It was there before the machine went down, whole or in part.
      TRY(const auto there, disk_.read_below(step.root, file.path, k_any_size));
      if (cut_short(there.bytes, file.bytes)) {
        made = disk_.create_below(step.root, file.path, file.bytes, true);
      } else if (there.bytes != file.bytes) {
        return fail(Code::integrity, join_path(step.root, file.path) + " is not what sealing left there");
      } else {
        made = there.identity;
      }
    }
    if (!made) return tl::unexpected<Error>(made.error());
    step.files[file.path] = {sha256_hex(file.bytes), *made};
  }
  return {};
}

// The lines of all steps, each log in one piece.
void Batch::write_lines(std::span<Step> steps) {
  std::map<std::pair<std::string, std::string>, std::string> pieces;
  for (auto& step : steps) {
    if (!step.open) continue;
    for (const auto& line : step.trail.lines) {
      const std::pair key(step.root, line.path);
      if (step.resumed && !logs_.contains(key)) {
        auto there = disk_.read_below(step.root, line.path, k_any_size);
        logs_[key] = there ? "\n" + std::move(there->bytes) : std::string{};
        // All of a line may be there but its end.
        if (!logs_[key].ends_with('\n')) logs_[key] += '\n';
      }
      if (step.resumed && logs_[key].find("\n" + line.bytes) != std::string::npos) continue;
      pieces[key] += line.bytes;
    }
  }
  for (const auto& [key, text] : pieces) {
    const auto done = disk_.append_below(key.first, key.second, text);
    if (done) continue;
    for (auto& step : steps) {
      const bool waits = std::any_of(step.trail.lines.begin(), step.trail.lines.end(),
                                     [&](const auto& line) { return line.path == key.second; });
      if (step.open && step.root == key.first && waits) fail_step(step, done.error());
    }
  }
}

Result<void> Batch::protect(Step& step) {
  for (const auto& [path, file] : step.files) {
    if (!file.identity) continue;
    TRY(const auto after, disk_.protect_below(step.root, path, *file.identity, k_any_size));
    if (sha256_hex(after.bytes) != file.digest) {
      return fail(Code::integrity, join_path(step.root, path) + " changed while it was being sealed");
    }
  }
  return {};
}

void Batch::flush(std::span<Step> steps) {
  std::map<std::string, std::set<std::string>> paths;
  for (const auto& step : steps) {
    if (!step.open) continue;
    auto& of_root = paths[step.root];
    for (const auto& [path, file] : step.files) of_root.insert(path);
    for (const auto& line : step.trail.lines) of_root.insert(line.path);
  }
  for (const auto& [root, of_root] : paths) {
    const auto done = disk_.flush_below(root, {of_root.begin(), of_root.end()});
    if (done) continue;
    for (auto& step : steps) {
      if (step.open && step.root == root) fail_step(step, done.error());
    }
  }
}

Result<void> Batch::end() {
  if (done_.empty()) return {};
  const std::vector<Seq> finished(done_.begin(), done_.end());
  CHECKED(store_.append({}, {}, finished));
  done_.clear();
  return {};
}

}  // namespace provgate
