// Finds the records of Concept Kernel Protocol trees and reads them into documents that know their positions.
// Sources: the CKP data-loop, provenance, proof, consensus and task-engine pages (v3.6, v3.7) and what the published
// client library writes. Nothing here judges a record; see check.hpp.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "provgate/finding.hpp"
#include "provgate/io.hpp"
#include "provgate/text.hpp"
#include "provgate/urn.hpp"

namespace provgate {

enum class CkpVersion { v35, v36, v37 };
std::string_view name_of(CkpVersion version);              ///< "ckp-v3.6"
std::optional<CkpVersion> parse_profile(std::string_view);  ///< of name_of
std::string ckp_namespace(CkpVersion version);             ///< https://conceptkernel.org/ontology/v3.6/

// ---- where the records are --------------------------------------------------------------------

/// One kernel directory. Paths begin with what the user gave, so messages can be followed.
struct KernelPlace {
  std::string root;                  ///< holds storage/ or data/, or conceptkernel.yaml
  std::string home;                  ///< holds conceptkernel.yaml: root or root/ck
  std::vector<std::string> areas;    ///< storage/, data/, consensus/ that exist
  std::string yaml, project_file;    ///< conceptkernel.yaml and the nearest .ckproject, or empty
  std::string scope;                 ///< when not empty only records at or below this path are judged
  CkpVersion version = CkpVersion::v36;
  bool both_areas = false;           ///< storage/ and data/ side by side
  bool loose = false;                ///< no kernel directory: a loose file or a stream
  std::vector<std::string> proof_areas;  ///< areas that have a proof/ directory
  std::vector<std::string> links;    ///< links where a kernel or an area could stand; never followed
};

/// Finds the kernels at, below or above `path`; a path outside every kernel is one loose place.
/// Errors: Code::input when the path does not exist or cannot be read. Links are not followed below `path`.
Result<std::vector<KernelPlace>> find_kernels(Disk& disk, const std::string& path);

/// Whether what lies at `path` is judged: it is the place's scope, lies below it, or holds it. Without a scope all is.
bool in_scope(const KernelPlace& kernel, const std::string& path);

// ---- documents ----------------------------------------------------------------------------------

struct ReadOptions {
  std::uint64_t max_file_size = 64ULL << 20;
  bool digests = false;  ///< keep the SHA-256 of every covered file
};

/// One file that was read, or could not be.
struct SourceFile {
  std::string path, relative;  ///< relative: to the kernel root
  std::string sha256;          ///< when asked for or needed
  std::unique_ptr<Document> doc;
  std::optional<Error> error;
};

/// An instance directory (or a flat instance file) with the documents that make it up.
struct InstanceFiles {
  std::string directory;  ///< or the flat file's path
  std::string name;       ///< path below instances/ (or storage/), which should equal the instance_id
  SourceFile manifest, data, message, instance, proof, ledger;  ///< doc and error both empty: no such file
  std::vector<SourceFile> amendments, client_proofs;
  std::vector<SourceFile> others;   ///< records of other kinds that lie in the directory
  std::vector<Finding> problems;    ///< links, unreadable entries
  std::size_t skipped = 0;
  /// The record that holds the PROV fields: manifest, else data, else message, else instance.
  const SourceFile* record() const;
};

enum class RecordKind { none, instance, action_proof, task, goal, proposal, decision, session, instance_proof };
std::string_view name_of(RecordKind kind);

/// Told by keys (never by file name).
RecordKind classify(Value root);

/// What a walk over one kernel hands out. Calls come from several threads, each for one record; `slot` numbers the
/// record in the tree's sorted order, so that results can be put in order afterwards.
struct KernelWalk {
  std::vector<std::string> instance_tops;  ///< entries of instances/ (and of storage/), sorted
  std::vector<std::string> record_files;   ///< .json, .yaml, .yml elsewhere in the areas, sorted
  std::vector<std::string> action_ledgers;  ///< ledger/actions-*.jsonl
  std::vector<Finding> problems;
  std::size_t skipped = 0;
};

/// Lists what the kernel's areas hold, without reading records. Unreadable places become findings, not errors.
KernelWalk list_kernel(Disk& disk, const KernelPlace& kernel);

/// The instances at or below one entry of instance_tops, read.
std::vector<InstanceFiles> read_instances(Disk& disk, const KernelPlace& kernel, const std::string& top, const ReadOptions& options);
InstanceFiles read_instance(Disk& disk, const KernelPlace& kernel, const std::string& directory, const ReadOptions& options);
SourceFile read_source(Disk& disk, const std::string& path, const KernelPlace& kernel, const ReadOptions& options);
/// One record a line. Blank lines are passed over.
std::vector<SourceFile> split_lines(const std::string& path, const std::string& text);

// ---- fields -----------------------------------------------------------------------------------

struct Field {
  std::string text;
  Place at;
  explicit operator bool() const { return !text.empty(); }
};

/// A PROV property in any of its spellings (prov:x, x, a prov block, full IRI; string, {"@id"}, {"@value"}, array).
struct ProvField {
  std::vector<Field> values;  ///< the non-blank strings
  bool present = false;       ///< the key stands there, whatever its value
  bool broken = false;        ///< some value is no string (number, true, nested object without @id)
  bool blank_item = false;    ///< a list holds null or blank text
  Place at;                   ///< of the key
  std::string_view first() const { return values.empty() ? std::string_view{} : std::string_view(values[0].text); }
};

Field field_of(Value value);
ProvField prov_field(Value root, std::string_view name);

struct KernelEdge {
  Field target, predicate;
};

/// conceptkernel.yaml and .ckproject, flat, nested and spawned forms alike.
struct KernelInfo {
  std::vector<std::string> names;  ///< accepted names, the first is the one we write; empty: no name
  std::string version;             ///< "v1.0", or empty: any
  std::string urn;                 ///< from name and version; empty while the version is unknown
  std::string type, governance, project, hostname;
  std::string mutability;          ///< instance_mutability of ontology.yaml; empty: none said, which means sealed
  std::vector<KernelEdge> edges;
  std::vector<std::string> actions;
  SourceFile yaml, project_file, ontology;
  bool is(std::string_view name) const;
};
KernelInfo read_kernel(Disk& disk, const KernelPlace& kernel, const ReadOptions& options);

}  // namespace provgate
