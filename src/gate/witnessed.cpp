// SPDX-License-Identifier: Apache-2.0
#include "gate/witnessed.hpp"

namespace provgate {
namespace {

std::string place_of(const RecordId& id, const std::string& path) {
  return id.system.text + '\0' + id.scope.text + '\0' + path;
}

}  // namespace

void NewestStates::put(ByPlace& into, const RecordId& id, const CoveredFiles& files) {
  for (const auto& [path, file] : files) into.insert_or_assign(place_of(id, path), file.digest);
}

void NewestStates::add(const RecordId& id, const CoveredFiles& files) { put(added_, id, files); }

Result<std::optional<std::string>> NewestStates::changed(const LedgerEntry& sealed, const CoveredFiles& now) {
  for (const auto& [path, file] : now) {
    if (file.role != CoveredFile::Role::witnessed) continue;
    const auto then = sealed.files.find(path);
    if (then != sealed.files.end() && then->second.digest == file.digest) continue;
    if (!read_ && store_) {
      read_ = true;
      TRY(const auto noted, store_->each_entry([&](const LedgerEntry& entry) {
        if (entry.kind == "sealed") put(read_states_, entry.id, entry.files);
        return true;
      }));
      (void)noted;
    }
    const auto place = place_of(sealed.id, path);
    const auto& states = added_.contains(place) ? added_ : read_states_;
    const auto newest = states.find(place);
    if (newest == states.end() || newest->second != file.digest) return std::optional(path);
  }
  return std::optional<std::string>{};
}

void States::entry(const std::string& root, const LedgerEntry& entry) {
  for (const auto& [path, file] : entry.files) {
    if (file.role == CoveredFile::Role::witnessed) {
      sealed_.insert_or_assign({root, path}, State{file.digest, entry.seq, entry.id});
    } else {
      sealed_.erase({root, path});
    }
  }
}

void States::wanted(const std::string& root, const LedgerEntry& entry) {
  for (const auto& [path, file] : entry.files) {
    if (file.role == CoveredFile::Role::witnessed) wanted_.emplace(root, path);
  }
}

void States::seen(const std::string& root, const LedgerEntry& entry, const CoveredFiles& now) {
  // Ledgers of the first version say nothing of such files.
  if (entry.version != k_ledger_version) return;
  for (const auto& [path, file] : now) {
    if (file.role != CoveredFile::Role::witnessed) continue;
    found_.try_emplace({root, path}, State{file.digest, entry.seq, entry.id});
    if (!entry.files.contains(path)) wanted_.emplace(root, path);
  }
}

Result<void> States::compare(Disk& disk,
                             const std::function<bool(const std::string& root, const std::string& path)>& known,
                             VerifyReport& out) const {
  for (const auto& where : wanted_) {
    const auto& [root, path] = where;
    const auto full = join_path(root, path);
    const auto then = sealed_.find(where), now = found_.find(where);
    // Another entry covers it.
    if (then == sealed_.end() && (now == found_.end() || known(root, path))) continue;
    WentOn one;
    const auto& of = then != sealed_.end() ? then->second : now->second;
    one.entry = of.entry, one.id = of.id, one.focus = of.id.iri.text, one.file = full;
    one.expected = then == sealed_.end() ? "none" : of.digest.text;
    if (now != found_.end()) {
      one.found = now->second.digest.text;
    } else if (disk.info(full).type == FileType::missing) {
      one.found = "no file", one.kind = Tampering::missing;
    } else if (auto digest = disk.digest_below(root, path)) {
      one.found = digest->text;
    } else if (digest.error().code == Code::world) {
      return tl::unexpected<Error>(digest.error());
    } else {
      one.found = digest.error().why;
    }
    if (one.found == one.expected) continue;
    if (then == sealed_.end()) one.kind = Tampering::not_sealed;
    one.message = name_of(one.kind);
    out.went_on.push_back(std::move(one));
  }
  return {};
}

}  // namespace provgate
