#include <algorithm>

#include "base/digest.hpp"
#include "check/assemble.hpp"
#include "io/watched_disk.hpp"
#include "provgate/sealer.hpp"

namespace provgate {
namespace {

class Verifier {
 public:
  Verifier(const World& world, VerifyReport& out) : disk_(world.disk), out_(out) {}

  void entry(const KernelPlace& kernel, const LedgerEntry& entry) {
    ++out_.instances;
    for (const auto& [path, digest] : entry.files) {
      file(kernel, entry, path, digest);
      beside_proof(kernel, entry, path);
    }
  }

  // What would be covered if it were sealed now, and was not then.
  void extras(const CheckedKernel& kernel, const LedgerEntry& entry, const Draft& now) {
    for (const auto& [path, digest] : now.files) {
      if (!entry.files.contains(path))
        fault(Tampering::extra_proof, entry, join_path(kernel.place.root, path), "a file that was not sealed", "none");
    }
  }

 private:
  void fault(Tampering kind, const LedgerEntry& entry, const std::string& file, std::string found,
             std::string expected) {
    for (const auto& known : out_.faults) {
      if (known.kind == kind && known.file == file) return;
    }
    out_.faults.push_back({kind, entry.urn, file, std::move(found), std::move(expected)});
  }

  void file(const KernelPlace& kernel, const LedgerEntry& entry, const std::string& path, const std::string& digest) {
    ++out_.files;
    const auto full = join_path(kernel.root, path);
    const auto info = disk_.info(full);
    if (info.type == FileType::missing) return fault(Tampering::missing, entry, full, "no file", digest);
    const auto bytes = disk_.read(full, 1ULL << 40);
    if (!bytes && bytes.error().code == Code::world) return;  // verify_kernels says it
    if (!bytes) return fault(Tampering::changed, entry, full, bytes.error().why, digest);
    if (const auto now = sha256_hex(*bytes); now != digest) return fault(Tampering::changed, entry, full, now, digest);
    if (info.mode & 0222) fault(Tampering::writable, entry, full, "writable", "read-only");
  }

  // Anything beside the proof record in its own directory.
  void beside_proof(const KernelPlace& kernel, const LedgerEntry& entry, const std::string& path) {
    if (base_name(path) != "proof.json" || base_name(parent_path(parent_path(path))) != "proof") return;
    const auto entries = disk_.list(join_path(kernel.root, parent_path(path)));
    if (!entries) return;
    for (const auto& e : *entries) {
      const auto full = join_path(parent_path(path), e.name);
      if (!entry.files.contains(full) && !e.name.ends_with(".tmp"))
        fault(Tampering::extra_proof, entry, join_path(kernel.root, full), "a file that was not sealed", "none");
    }
  }

  Disk& disk_;
  VerifyReport& out_;
};

bool holds(const KernelPlace& kernel, const LedgerEntry& entry) {
  return std::any_of(entry.files.begin(), entry.files.end(),
                     [&](const auto& file) { return kernel.scope.hold(join_path(kernel.root, file.first)); });
}

// In the volume layout the states of a kernel lie side by side, and the ledger does not say of which an entry is: the
// one whose files are there. What is nowhere is missing everywhere.
bool lies_in_another_state(Disk& disk, const KernelPlace& kernel, const LedgerEntry& entry) {
  const auto any_in = [&](const std::string& root) {
    return std::any_of(entry.files.begin(), entry.files.end(), [&](const auto& file) {
      return disk.info(join_path(root, file.first)).type != FileType::missing;
    });
  };
  if (any_in(kernel.root)) return false;
  const auto real = disk.real_path(kernel.root);
  const auto above = real ? parent_path(*real) : parent_path(kernel.root);
  const auto beside = disk.list(above);
  return beside && std::any_of(beside->begin(), beside->end(), [&](const auto& e) {
           return e.type == FileType::directory && any_in(join_path(above, e.name));
         });
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

Result<VerifyReport> verify_kernels(const World& given_world, const Store& store, const std::vector<std::string>& paths,
                                    const CheckOptions& given) {
  WatchedDisk disk(given_world.disk);
  const World world{disk, given_world.clock, given_world.http, given_world.random};
  CheckOptions options = given;
  options.read.digests = true;
  options.shapes.records = options.shapes.rdf = false;
  TRY(const auto report, check_paths(world, paths, {}, options));
  for (const auto& f : report.findings) {
    if (f.world) return tl::unexpected<Error>(Error{Code::world, f.message, f.fix, f.file, {}});
  }
  const Reach reach(report, options.urns);
  VerifyReport out;
  Verifier verifier(world, out);
  // Two trees may hold the same kernel; each is compared.
  std::multimap<std::string, const CheckedKernel*> by_name;
  std::map<std::pair<const CheckedKernel*, std::string>, const InstanceRecord*> instances;
  std::uint64_t on_disk = 0;
  for (const auto& kernel : report.kernels) {
    const auto name = kernel.info.names.empty() ? std::string{} : kernel.info.names.front();
    by_name.emplace(name, &kernel);
    for (const auto& instance : kernel.instances) {
      on_disk += instance.judged;
      instances.try_emplace({&kernel, instance.urn}, &instance);
      instances.try_emplace({&kernel, instance_urn(instance.id, name)}, &instance);
    }
  }
  Head head;
  std::optional<Error> broken;
  TRY(const auto noted, store.each_entry([&](const LedgerEntry& entry) {
    if (entry.prev != head.digest || entry.seq != head.seq + 1) {
      broken = Error{Code::integrity, "the ledger's chain is broken at entry " + std::to_string(entry.seq), {}, {}, {}};
      return false;
    }
    head = {entry.seq, entry.digest()};
    if (entry.kind != "sealed") return true;
    const auto [first, last] = by_name.equal_range(entry.kernel);
    if (first == last) out.elsewhere[entry.kernel] += 1;
    for (auto it = first; it != last; ++it) {
      const auto& kernel = *it->second;
      if (!holds(kernel.place, entry) ||
          (!kernel.info.state.empty() && lies_in_another_state(world.disk, kernel.place, entry)))
        continue;
      verifier.entry(kernel.place, entry);
      const auto instance = instances.find({&kernel, entry.urn});
      if (instance == instances.end()) continue;
      const auto now = assemble(world.disk, kernel, *instance->second, reach, entry.urn,
                                {options.read, options.urns, Modelling::clean});
      if (now) verifier.extras(kernel, entry, *now);
      if (!now && !broken) broken = now.error();
    }
    return true;
  }));
  if (broken) return tl::unexpected<Error>(*broken);
  // What the system failed to read says nothing about the files.
  if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
  if (noted && (noted->seq != head.seq || noted->digest != head.digest)) {
    return fail(Code::integrity,
                "the ledger does not end where it was noted to end, with entry " + std::to_string(noted->seq));
  }
  out.unsealed = on_disk > out.instances ? on_disk - out.instances : 0;
  return out;
}

}  // namespace provgate
