// SPDX-License-Identifier: Apache-2.0
// Finds the records of Concept Kernel Protocol trees and reads them into documents that know their positions.
// Sources: the CKP data-loop, provenance, proof, consensus and task-engine pages (v3.6, v3.7) and what the published
// client library writes. Nothing here judges a record; see rules/rules.hpp.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "provgate/record/sink.hpp"
#include "provgate/record/skipped.hpp"
#include "systems/ckp/urn/urn.hpp"

namespace provgate::ckp {

enum class CkpVersion { v35, v36, v37 };
std::string_view name_of(CkpVersion version);               ///< "ckp-v3.6"
std::optional<CkpVersion> parse_profile(std::string_view);  ///< of name_of
std::string ckp_namespace(CkpVersion version);              ///< https://conceptkernel.org/ontology/v3.6/

// ---- where the records are --------------------------------------------------------------------

/// One kernel directory. Paths begin with what the user gave, so messages can be followed.
struct KernelPlace {
  std::string root;                ///< holds storage/, data/ or consensus/, or conceptkernel.yaml
  std::string home;                ///< holds conceptkernel.yaml: root or root/ck
  std::vector<std::string> areas;  ///< storage/, data/, consensus/ that exist
  std::string yaml, project_file;  ///< conceptkernel.yaml and the nearest .ckproject, or empty
  Scopes scope;                    ///< what is judged; the rest of the kernel is read as context
  CkpVersion version = CkpVersion::v36;
  bool both_areas = false;               ///< storage/ and data/ side by side
  bool loose = false;                    ///< no kernel directory: a loose file or a stream
  std::vector<std::string> proof_areas;  ///< areas that have a proof/ directory
  std::vector<std::string> links;        ///< links where a kernel or an area could stand; never followed
  std::vector<std::string> files;        ///< files with names of records outside every area, found on the way
  std::vector<std::string> tops;         ///< instance directories outside every area
  std::vector<Finding> problems;         ///< what could not be looked into
  Skipped skipped;                       ///< found on the way to kernels
};

/// Whether a path belongs to another system of records, so that it is left alone; empty: none does.
using Taken = std::function<bool(const std::string& path)>;

/// The kernels at, below or above `paths`, each once however many paths lead to it, with what of it is judged; what
/// lies outside every kernel is in loose places. Links are not followed below a path. Errors: Code::input when a path
/// does not exist or cannot be read.
Result<std::vector<KernelPlace>> find_kernels(Disk& disk, const std::vector<std::string>& paths,
                                              const ReadOptions& options = {}, const Taken& taken = {});

/// Whether a kernel's files begin at that directory.
bool is_kernel_root(Disk& disk, const std::string& directory);

/// Whether what lies at `path` is judged (see Scopes::hold). A loose place is judged whole.
bool in_scope(const KernelPlace& kernel, const std::string& path);

// ---- documents ----------------------------------------------------------------------------------

/// An instance directory (or a flat instance file) with the documents that make it up.
struct InstanceFiles {
  std::string directory;  ///< or the flat file's path
  std::string name;       ///< path below instances/ (or storage/), which should equal the instance_id
  SourceFile manifest, data, message, instance, proof, ledger;  ///< doc and error both empty: no such file
  std::vector<SourceFile> amendments, client_proofs;
  std::vector<SourceFile> others;  ///< records of other kinds that lie in the directory
  std::vector<Finding> problems;   ///< links, unreadable entries
  Skipped skipped;
  bool context = false;  ///< outside the kernel's scopes: only the record itself was read
  bool whole = false;    ///< every entry of the directory was read as a file of the instance
  /// The record that holds the PROV fields: manifest, else data, else message, else instance.
  const SourceFile* record() const;
};

enum class RecordKind {
  none,
  instance,
  action_proof,
  action_record,
  task,
  goal,
  proposal,
  decision,
  session,
  instance_proof
};
std::string_view name_of(RecordKind kind);

/// Told by keys, and for tasks by where they lie: what lies in tasks/ is a task unless it says that it is something
/// else.
RecordKind classify(Value root, const std::string& path = {});
/// The block of a record that is written as prov:Activity, else the record itself.
Value activity_or(Value root);
/// Whether a text that could not be parsed names a key that only records have.
bool speaks_of_records(std::string_view text);

/// What a kernel's areas hold, in sorted order.
struct KernelWalk {
  std::vector<std::string> instance_tops;   ///< entries of instances/ (and of storage/), sorted
  std::vector<std::string> record_files;    ///< .json, .yaml, .yml elsewhere in the areas, sorted
  std::vector<std::string> action_ledgers;  ///< ledger/actions-*.jsonl
  std::vector<std::string>
      own_proofs;  ///< proof/{instance_id}/proof.json: read with their instances, where there are such
  std::vector<std::string> lone_proofs;  ///< directories that hold a proof.json and nothing else
  std::vector<Finding> problems;
  Skipped skipped;
};

/// Lists what the kernel's areas hold, without reading records. Unreadable places become findings, not errors.
KernelWalk list_kernel(Disk& disk, const KernelPlace& kernel, const ReadOptions& options = {});

/// The instances at or below one entry of instance_tops, read. Of those outside the kernel's scopes only the record
/// itself is read: enough to know its id and what it names.
std::vector<InstanceFiles> read_instances(Disk& disk, const KernelPlace& kernel, const std::string& top,
                                          const ReadOptions& options);
InstanceFiles read_instance(Disk& disk, const KernelPlace& kernel, const std::string& directory,
                            const ReadOptions& options);

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
  bool broken = false;        ///< some value is not a string (number, true, nested object without @id)
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
  std::string
      state;  ///< the directory below the kernel's name that tells its states apart: a version, a commit, master
  std::string type, governance, project, hostname;
  std::string mutability;  ///< instance_mutability of ontology.yaml; empty: none said, which means sealed
  std::vector<KernelEdge> edges;
  std::vector<std::string> actions;
  SourceFile yaml, project_file, ontology;
  bool is(std::string_view name) const;
};
KernelInfo read_kernel(Disk& disk, const KernelPlace& kernel, const ReadOptions& options);

}  // namespace provgate::ckp
