#include "provgate/sealer.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/digest.hpp"
#include "base/json_write.hpp"
#include "check/assemble.hpp"
#include "io/watched_disk.hpp"
#include "store/proof_record.hpp"

namespace provgate {
namespace {

std::string below(const std::string& path, const std::string& root) {
  return path.starts_with(root + "/") ? path.substr(root.size() + 1) : path;
}

// proof_ids that stand in an audit.jsonl already, read once for each area.
class AuditLog {
 public:
  explicit AuditLog(Disk& disk) : disk_(disk) {}

  Result<void> note(const std::string& area, const Json& line, const std::string& proof_id) {
    const auto path = join_path(area, "ledger/audit.jsonl");
    const auto [slot, fresh] = known_.try_emplace(path);
    if (fresh) CHECKED(load(path, slot->second));
    // Another process may have written to it since; the caller holds the sealing lock, so it stays as it is now.
    if (!fresh && disk_.info(path).size != slot->second.size) CHECKED(load(path, slot->second));
    if (slot->second.ids.contains(proof_id)) return {};
    CHECKED(disk_.make_directories(parent_path(path)));
    // A crash may have cut the last line short; the next one starts on a line of its own.
    CHECKED(disk_.append(path, (slot->second.torn ? "\n" : "") + line.compact() + "\n"));
    slot->second.torn = false;
    slot->second.size = disk_.info(path).size;
    slot->second.ids.insert(proof_id);
    return {};
  }

 private:
  struct Log {
    std::set<std::string> ids;
    bool torn = false;
    std::uint64_t size = 0;
  };
  Result<void> load(const std::string& path, Log& log) {
    if (disk_.info(path).type == FileType::missing) return {};
    TRY(const auto text, disk_.read(path, 1ULL << 40));
    log.torn = !text.empty() && text.back() != '\n';
    log.size = text.size();
    each_line(path, text, [&](const SourceFile& line, bool) {
      if (line.doc) log.ids.emplace(line.doc->root().find("proof_id").text());
    });
    return {};
  }
  Disk& disk_;
  std::map<std::string, Log> known_;
};

class Sealer {
 public:
  Sealer(const World& world, Store* store, const CheckReport& report, const SealOptions& options)
      : disk_(world.disk),
        world_{disk_, world.clock, world.http, world.random},
        store_(store),
        options_(options),
        reach_(report, options.urns),
        audit_(disk_) {
    for (const auto& f : report.findings) by_owner_[f.owner].push_back(&f);
    // A read that failed in an instance's directory is of that instance; any other may have been of all.
    std::set<std::string> directories;
    for (const auto& kernel : report.kernels) {
      for (const auto& instance : kernel.instances) directories.insert(instance.directory);
    }
    for (const auto& f : report.findings) {
      if (f.world && !directories.contains(f.owner)) unsure_ = &f;
    }
  }

  SealOutcome one(const CheckedKernel& kernel, const InstanceRecord& instance) {
    SealOutcome out;
    out.urn = instance.urn, out.directory = instance.directory;
    disk_.reset();
    if (auto done = run(kernel, instance, out); !done) {
      out.result = done.error().code == Code::integrity ? SealResult::changed : SealResult::failed;
      out.detail = done.error().why;
      out.disk_full = done.error().code == Code::disk_full;
    }
    return out;
  }

 private:
  Result<void> run(const CheckedKernel& kernel, const InstanceRecord& instance, SealOutcome& out) {
    const std::string name = kernel.info.names.empty() ? std::string{} : kernel.info.names.front();
    if (kernel.place.loose || instance.alone) {
      out.result = SealResult::refused;
      out.detail =
          kernel.place.loose
              ? "an instance outside a kernel's storage/ or data/ cannot be sealed"
              : "only a directory of instances/ with manifest.json, data.json, message.json or instance.json is sealed";
      return {};
    }
    // From here on nobody else seals into this store: what is looked up stays true until it is written.
    std::optional<SealingLock> alone;
    if (store_ && !options_.dry_run) {
      TRY(auto lock, store_->lock_sealing());
      alone.emplace(std::move(lock));
    }
    if (unsure_) return fail(Code::world, unsure_->file + " could not be read: " + unsure_->message);
    TRY(const auto urn, name_in_graph(kernel, instance, name));
    out.urn = urn;
    auto assembled =
        assemble(world_.disk, kernel, instance, reach_, urn, {options_.read, options_.urns, Modelling::clean});
    if (!assembled) return tl::unexpected<Error>(assembled.error());
    if (const auto failed = disk_.failure()) return tl::unexpected<Error>(*failed);
    Draft draft = std::move(*assembled);
    const auto proof_file = own_proof_path(kernel.place, instance);
    const auto findings = concerning(kernel, instance, draft);
    const bool ambiguous =
        std::any_of(findings.begin(), findings.end(), [](const auto* f) { return f->rule == "PROV-016"; });
    std::optional<LedgerEntry> before;
    if (store_ && !urn.empty()) {
      TRY(before, store_->find_sealed(name, urn));
    }
    if (before && !ambiguous) {
      CHECKED(compare(*before, draft, proof_file, kernel));
      out.result = SealResult::already, out.seq = before->seq;
      if (options_.dry_run) return {};
      TRY(const auto proof, world_.disk.read(proof_file, options_.read.max_file_size));
      return finish(kernel, instance, draft, proof_file, proof);
    }
    // What could not be read was not judged: that is nobody's fault who can be named in a ledger.
    for (const auto* f : findings) {
      if (f->unreadable && (f->world || f->rule == "INPUT-003"))
        return fail(Code::world, f->file + " could not be read: " + f->message);
    }
    if (instance.odd_status || (!instance.status.text.empty() &&
                                (is_open_status(instance.status.text) || !is_known_status(instance.status.text)))) {
      out.result = SealResult::skipped;
      out.detail = instance.odd_status ? "its status says nothing" : "its status is " + instance.status.text;
      return {};
    }
    if (!instance.decidable) {
      out.result = SealResult::undecided;
      out.detail = "the kernel that stores it cannot be told";
      const bool otherwise = std::any_of(findings.begin(), findings.end(), [](const auto* f) {
        return f->severity == Severity::error && f->rule != "PROV-009";
      });
      if (!otherwise) return {};
    }
    // What was made by an action whose own proof failed is not sealed, even where nothing says yet that it is.
    auto all = findings;
    Finding failed;
    for (const auto* action : reach_.of(kernel, instance).by_urn) {
      if (!action->failed) continue;
      failed.rule = "PROOF-011", failed.severity = Severity::error, failed.file = action->file,
      failed.at = action->urn.at;
      failed.message = "the action's proof failed";
      all.push_back(&failed);
      break;
    }
    auto verdict = admit(std::move(draft), all);
    if (auto* rejected = std::get_if<Rejected>(&verdict)) return refuse(*rejected, out);
    if (proof_file.empty()) {
      out.result = SealResult::refused;
      out.detail = "an instance outside a kernel's storage/ or data/ cannot be sealed";
      return {};
    }
    if (options_.dry_run) {
      out.detail = "would be sealed";
      return {};
    }
    return seal_checked(kernel, instance, std::get<Checked>(verdict), proof_file, out);
  }

  // The plain URN, unless an instance of another kernel has it already.
  Result<std::string> name_in_graph(const CheckedKernel& kernel, const InstanceRecord& instance,
                                    const std::string& name) {
    const auto urn = reach_.urn_of(kernel, instance);
    if (!store_ || urn.empty() || name.empty()) return urn;
    const auto qualified = instance_urn(instance.id, name);
    TRY(const auto earlier, store_->find_sealed(name, qualified));
    if (earlier) return qualified;
    TRY(const auto taken, store_->urn_taken(name, urn));
    return taken ? qualified : urn;
  }

  std::vector<const Finding*> concerning(const CheckedKernel& kernel, const InstanceRecord& instance,
                                         const Draft& draft) const {
    std::vector<const Finding*> out;
    std::set<std::string> owners = {instance.directory, kernel.place.root};
    for (const auto& [path, digest] : draft.files) owners.insert(join_path(kernel.place.root, path));
    for (const auto& owner : owners) {
      const auto found = by_owner_.find(owner);
      if (found == by_owner_.end()) continue;
      // Warnings and infos that are counted once for the whole kernel say nothing about this instance.
      for (const auto* f : found->second) {
        if (owner != kernel.place.root || f->severity == Severity::error) out.push_back(f);
      }
    }
    return out;
  }

  // What is on disk against what the ledger says; the proof record counts as one of the files.
  Result<void> compare(const LedgerEntry& entry, const Draft& draft, const std::string& proof_file,
                       const CheckedKernel& kernel) {
    auto now = draft.files;
    if (const auto bytes = world_.disk.read(proof_file, options_.read.max_file_size)) {
      now[below(proof_file, kernel.place.root)] = sha256_hex(*bytes);
    } else if (bytes.error().code == Code::world) {
      return tl::unexpected<Error>(bytes.error());  // not gone: it could not be read just now
    }
    std::string what;
    for (const auto& [path, digest] : entry.files) {
      const auto found = now.find(path);
      if (found == now.end()) what = path + " is missing";
      if (found != now.end() && found->second != digest) what = path + " has changed";
      if (!what.empty()) break;
    }
    for (const auto& [path, digest] : now) {
      if (what.empty() && !entry.files.contains(path)) what = path + " is new";
    }
    if (what.empty()) return {};
    return fail(Code::integrity, "it was sealed as entry " + std::to_string(entry.seq) + ", and since then " + what);
  }

  Result<void> refuse(const Rejected& rejected, SealOutcome& out) {
    out.result = SealResult::refused;
    for (const auto& rule : rejected.rules()) out.detail += (out.detail.empty() ? "breaks " : ", ") + rule;
    if (options_.dry_run || !store_) return {};
    TRY(const auto head, store_->head());
    return store_->append(reject(rejected, head, world_.clock.now_micros()));
  }

  Result<void> seal_checked(const CheckedKernel& kernel, const InstanceRecord& instance, const Checked& checked,
                            const std::string& proof_file, SealOutcome& out) {
    const auto now = world_.clock.now_micros();
    std::string proof;
    if (world_.disk.info(proof_file).type == FileType::missing) {
      proof = make_proof(kernel, instance, checked.draft(), now);
      CHECKED(write_proof(proof_file, proof));
    } else {
      // Left by a run that was cut short, or by sealing into another store.
      TRY(proof, world_.disk.read(proof_file, options_.read.max_file_size));
      const auto doc = read_json(proof_file, proof);
      if (!doc || !proof_matches(doc->root(), instance, kernel, checked.draft())) {
        return fail(Code::integrity,
                    proof_file + " speaks of other bytes: the instance was changed after it was sealed");
      }
    }
    Draft draft = checked.draft();
    add_proof(kernel, draft, proof_file, proof);
    // The findings are the same; the draft has grown by its own proof.
    auto verdict = admit(std::move(draft), concerning(kernel, instance, checked.draft()));
    auto* complete = std::get_if<Checked>(&verdict);
    if (!complete) return fail(Code::bug, "a checked draft was refused");
    TRY(const auto head, store_->head());
    const auto sealed = provgate::seal(*complete, head, now);
    CHECKED(store_->append(sealed));
    out.result = SealResult::sealed, out.seq = sealed.entry().seq;
    return finish(kernel, instance, complete->draft(), proof_file, proof);
  }

  void add_proof(const CheckedKernel& kernel, Draft& draft, const std::string& proof_file, const std::string& text) {
    draft.files[below(proof_file, kernel.place.root)] = sha256_hex(text);
    SourceFile file;
    file.path = proof_file;
    auto doc = read_json(proof_file, text);
    if (!doc) return;
    file.doc = std::make_unique<Document>(std::move(*doc));
    Converter(draft.graph, {kernel.version, Modelling::clean, options_.urns, kernel.graph}).own_proof(file, draft.urn);
  }

  Result<void> write_proof(const std::string& path, const std::string& text) {
    auto& disk = world_.disk;
    const auto directory = parent_path(path), temporary = path + ".tmp";
    CHECKED(disk.make_directories(directory));
    CHECKED(disk.write(temporary, text));
    CHECKED(disk.rename(temporary, path));
    CHECKED(disk.sync_directory(directory));
    return disk.sync_directory(parent_path(directory));
  }

  // The steps after the store transaction; each is harmless when it was done before.
  Result<void> finish(const CheckedKernel& kernel, const InstanceRecord& instance, const Draft& draft,
                      const std::string& proof_file, const std::string& proof) {
    const auto doc = read_json(proof_file, proof);
    if (!doc) return fail(Code::integrity, proof_file + " is no proof record");
    const std::string proof_id(doc->root().find("proof_id").text());
    Json line = Json::object();
    line.set("timestamp", doc->root().find("checked_at").text()).set("event", "sealed");
    line.set("before", instance.status ? Json(instance.status.text) : Json()).set("after", "sealed");
    line.set("actor", gate_urn()).set("instance", draft.urn).set("proof_id", proof_id);
    CHECKED(audit_.note(area_of(kernel.place, instance.directory), line, proof_id));
    for (const auto& [path, digest] : draft.files) CHECKED(protect(join_path(kernel.place.root, path)));
    return protect(proof_file);
  }

  Result<void> protect(const std::string& path) {
    const auto mode = world_.disk.info(path).mode;
    if ((mode & 0222) == 0) return {};
    return world_.disk.set_mode(path, mode & ~0222U);
  }

  WatchedDisk disk_;
  const World world_;
  Store* store_;
  const SealOptions& options_;
  Reach reach_;
  AuditLog audit_;
  std::unordered_map<std::string, std::vector<const Finding*>> by_owner_;
  const Finding* unsure_ =
      nullptr;  ///< a read that failed while the report was made, and nobody knows of which instances
};

}  // namespace

std::vector<SealOutcome> seal_instances(const World& world, Store* store, const CheckReport& report,
                                        const SealOptions& options) {
  Sealer sealer(world, store, report, options);
  std::vector<SealOutcome> out;
  for (const auto& kernel : report.kernels) {
    for (const auto& instance : kernel.instances) {
      if (!instance.judged) continue;
      out.push_back(sealer.one(kernel, instance));
      if (options.on_outcome) options.on_outcome(out.back());
      if (out.back().disk_full) return out;  // the next ones would fail the same way
    }
  }
  return out;
}

}  // namespace provgate
