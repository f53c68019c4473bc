#include <set>

#include "base/digest.hpp"
#include "provgate/sealer.hpp"

namespace provgate {
namespace {

class Verifier {
 public:
  Verifier(const World& world, const ReadOptions& read, VerifyReport& out) : disk_(world.disk), read_(read), out_(out) {}

  void entry(const KernelPlace& kernel, const LedgerEntry& entry) {
    ++out_.instances;
    std::set<std::string> directories;
    for (const auto& [path, digest] : entry.files) {
      file(kernel, entry, path, digest);
      const auto name = base_name(path);
      if (name == "manifest.json" || name == "data.json" || name == "message.json" || name == "instance.json") directories.insert(parent_path(path));
    }
    for (const auto& directory : directories) extra_proofs(kernel, entry, directory);
  }

 private:
  void fault(Tampering kind, const LedgerEntry& entry, const std::string& file, std::string found, std::string expected) {
    out_.faults.push_back({kind, entry.urn, file, std::move(found), std::move(expected)});
  }

  void file(const KernelPlace& kernel, const LedgerEntry& entry, const std::string& path, const std::string& digest) {
    ++out_.files;
    const auto full = join_path(kernel.root, path);
    const auto info = disk_.info(full);
    if (info.type == FileType::missing) return fault(Tampering::missing, entry, full, "no file", digest);
    const auto bytes = disk_.read(full, 1ULL << 40);
    if (!bytes) return fault(Tampering::changed, entry, full, bytes.error().why, digest);
    if (const auto now = sha256_hex(*bytes); now != digest) return fault(Tampering::changed, entry, full, now, digest);
    if (info.mode & 0222) fault(Tampering::writable, entry, full, "writable", "read-only");
  }

  void extra_proofs(const KernelPlace& kernel, const LedgerEntry& entry, const std::string& directory) {
    const auto full = join_path(kernel.root, directory);
    const auto check = [&](const std::string& name) {
      const auto path = join_path(directory, name);
      if (!entry.files.contains(path)) fault(Tampering::extra_proof, entry, join_path(kernel.root, path), "a proof that was not sealed", "none");
    };
    if (disk_.info(join_path(full, "proof.json")).type != FileType::missing) check("proof.json");
    if (const auto proofs = disk_.list(join_path(full, "proof"))) {
      for (const auto& e : *proofs) {
        if (e.name.ends_with(".json") || e.name.ends_with(".yaml")) check("proof/" + e.name);
      }
    }
    const auto entries = disk_.list(full);
    if (!entries) return;
    for (const auto& e : *entries) {
      if (e.name.starts_with("data_amendment_") || e.name == "data.json" || e.name == "manifest.json") {
        const auto path = join_path(directory, e.name);
        if (!entry.files.contains(path)) fault(Tampering::extra_proof, entry, join_path(kernel.root, path), "a file that was not sealed", "none");
      }
    }
  }

  Disk& disk_;
  const ReadOptions& read_;
  VerifyReport& out_;
};

bool in_scope(const KernelPlace& kernel, const LedgerEntry& entry) {
  if (kernel.scope.empty()) return true;
  for (const auto& [path, digest] : entry.files) {
    const auto full = join_path(kernel.root, path);
    if (full == kernel.scope || full.starts_with(kernel.scope + "/")) return true;
  }
  return false;
}

}  // namespace

std::string_view name_of(Tampering kind) {
  switch (kind) {
    case Tampering::changed: return "changed";
    case Tampering::missing: return "missing";
    case Tampering::extra_proof: return "not sealed";
    case Tampering::writable: return "writable";
  }
  return "";
}

Result<VerifyReport> verify_kernels(const World& world, const Store& store, const std::vector<KernelPlace>& places, const ReadOptions& read) {
  VerifyReport out;
  Verifier verifier(world, read, out);
  std::map<std::string, const KernelPlace*> by_name;
  std::uint64_t on_disk = 0;
  for (const auto& place : places) {
    const auto info = read_kernel(world.disk, place, read);
    by_name.emplace(info.names.empty() ? std::string{} : info.names.front(), &place);
    for (const auto& top : list_kernel(world.disk, place).instance_tops) {
      for (const auto& files : read_instances(world.disk, place, top, read)) on_disk += files.record() != nullptr;
    }
  }
  Head head;
  std::optional<Error> broken;
  CHECKED(store.each_entry([&](const LedgerEntry& entry) {
    if (entry.prev != head.digest || entry.seq != head.seq + 1) {
      broken = Error{Code::integrity, "the ledger's chain is broken at entry " + std::to_string(entry.seq), {}, {}, {}};
      return false;
    }
    head = {entry.seq, entry.digest()};
    const auto place = by_name.find(entry.kernel);
    if (entry.kind == "sealed" && place != by_name.end() && in_scope(*place->second, entry)) verifier.entry(*place->second, entry);
    return true;
  }));
  if (broken) return tl::unexpected<Error>(*broken);
  out.unsealed = on_disk > out.instances ? on_disk - out.instances : 0;
  return out;
}

}  // namespace provgate
