#include <algorithm>

#include "base/digest.hpp"
#include "io/snapshot_disk.hpp"
#include "io/watched_disk.hpp"
#include "provgate/gate/gate.hpp"

namespace provgate {
namespace {

class Verifier {
 public:
  Verifier(Disk& disk, const CheckReport& report, VerifyReport& out) : disk_(disk), report_(report), out_(out) {}

  // Errors: Code::world where a record is not what was judged a moment ago.
  Result<void> entry(const LedgerEntry& entry) {
    bool here = false;
    for (const auto& one : report_.systems) {
      for (std::size_t c = 0; c < one.reading->size(); ++c) {
        here = here || one.reading->knows_scope(c, entry.id);
        if (!one.reading->owns(disk_, c, entry.id, entry.files)) continue;
        CHECKED(compare(*one.reading, c, entry));
      }
    }
    if (!here) out_.elsewhere[entry.id.scope.text] += 1;
    return {};
  }

 private:
  Result<void> compare(Reading& reading, std::size_t c, const LedgerEntry& entry) {
    const auto& root = reading.collection(c).root;
    ++out_.records;
    for (const auto& [path, sealed] : entry.files) {
      if (sealed.role == CoveredFile::Role::covered) file(join_path(root, path), entry, sealed.digest);
    }
    for (const auto& path : reading.strangers(disk_, c, entry.files)) stranger(join_path(root, path), entry);
    const auto record = reading.find(c, entry.id.iri.text);
    if (!record) return {};
    // What would be covered if it were sealed now, and was not then.
    TRY(const auto now, reading.draft(disk_, c, *record, entry.id.iri.text));
    for (const auto& [path, covered] : now.files) {
      if (!entry.files.contains(path)) stranger(join_path(root, path), entry);
    }
    return {};
  }

  void stranger(const std::string& file, const LedgerEntry& entry) {
    fault(Tampering::not_sealed, entry, file, "a file that was not sealed", "none");
  }

  void fault(Tampering kind, const LedgerEntry& entry, const std::string& file, std::string found,
             std::string expected) {
    for (const auto& known : out_.faults) {
      if (known.kind == kind && known.file == file) return;
    }
    out_.faults.push_back({kind, entry.id.iri.text, file, std::move(found), std::move(expected)});
  }

  void file(const std::string& full, const LedgerEntry& entry, const std::string& digest) {
    ++out_.files;
    const auto info = disk_.info(full);
    if (info.type == FileType::missing) return fault(Tampering::missing, entry, full, "no file", digest);
    const auto bytes = disk_.read(full, 1ULL << 40);
    if (!bytes && bytes.error().code == Code::world) return;  // verify_records says it
    if (!bytes) return fault(Tampering::changed, entry, full, bytes.error().why, digest);
    if (const auto now = sha256_hex(*bytes); now != digest) {
      return fault(Tampering::changed, entry, full, now, digest);
    }
    if (info.mode & 0222) fault(Tampering::writable, entry, full, "writable", "read-only");
  }

  Disk& disk_;
  const CheckReport& report_;
  VerifyReport& out_;
};

}  // namespace

std::string_view name_of(Tampering kind) {
  switch (kind) {
    case Tampering::changed: return "changed";
    case Tampering::missing: return "missing";
    case Tampering::not_sealed: return "not sealed";
    case Tampering::writable: return "writable";
  }
  return "";
}

Result<VerifyReport> verify_records(const World& given_world, const Store& store, const std::vector<std::string>& paths,
                                    const CheckOptions& given) {
  SnapshotDisk once(given_world.disk);
  WatchedDisk disk(once);
  const World world{disk, given_world.clock, given_world.http, given_world.random};
  CheckOptions options = given;
  options.read.digests = true;
  options.shapes.records = options.shapes.rdf = false;
  static const std::string k_no_stream;
  TRY(const auto report, check_paths(world, paths, k_no_stream, options));
  for (const auto& f : report.findings) {
    if (f.world) return tl::unexpected<Error>(Error{Code::world, f.message, f.fix, f.file, {}});
  }
  VerifyReport out;
  out.noun = record_noun(report);
  Verifier verifier(disk, report, out);
  std::uint64_t on_disk = 0;
  each_collection(report, [&](const SystemReport& one, std::size_t c) {
    for (std::size_t i = 0; i < one.reading->records(c); ++i) on_disk += one.reading->record(c, i).judged;
  });
  Head head;
  std::optional<Error> broken;
  TRY(const auto noted, store.each_entry([&](const LedgerEntry& entry) {
    if (entry.prev != head.digest || entry.seq != head.seq + 1) {
      broken = Error{Code::integrity, "the ledger's chain is broken at entry " + std::to_string(entry.seq), {}, {}, {}};
      return false;
    }
    head = {entry.seq, entry.digest()};
    if (entry.kind != "sealed") return true;
    if (const auto compared = verifier.entry(entry); !compared && !broken) broken = compared.error();
    return true;
  }));
  if (broken) return tl::unexpected<Error>(*broken);
  // What the system failed to read says nothing about the files.
  if (const auto failed = disk.failure()) return tl::unexpected<Error>(*failed);
  if (noted && (noted->seq != head.seq || noted->digest != head.digest)) {
    return fail(Code::integrity,
                "the ledger does not end where it was noted to end, with entry " + std::to_string(noted->seq));
  }
  out.unsealed = on_disk > out.records ? on_disk - out.records : 0;
  return out;
}

}  // namespace provgate
