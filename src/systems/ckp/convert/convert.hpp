// SPDX-License-Identifier: Apache-2.0
// Records -> PROV-O statements (W3C PROV-O, with the terms CKP documents). Pure: reads documents, touches nothing.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "provgate/rdf/rdf.hpp"
#include "systems/ckp/sources/sources.hpp"

namespace provgate::ckp {

// ---- records reduced to the fields that link them -------------------------------------------------

/// A file of an instance, as it was read.
struct OwnFile {
  std::string name;  ///< below the instance's directory; empty: the instance is that file
  std::array<char, 32> sha256{};
  bool witnessed = false;
  friend bool operator==(const OwnFile&, const OwnFile&) = default;
};

struct InstanceRecord {
  std::string directory, file;           ///< file: where the PROV fields stand
  std::string name;                      ///< directory name below instances/
  std::string id, urn;                   ///< instance_id (else name) and its URN; urn empty when the id makes none
  Field type, status, task_id, goal_id;  ///< status: its text trimmed and in lower case
  ProvField generated_by, attributed_to, generated_at, started_by;
  bool odd_status = false;  ///< the status is not text
  bool judged = true;       ///< false: read as context only, because nobody asked about it
  bool alone = false;       ///< a record file, not an instance directory or a file of instances/; it cannot be sealed
  bool has_associated = false, has_used = false, sealed = false, decision = false;
  bool conforming = true, decidable = true;
  bool ambiguous = false;      ///< another instance has its id, too
  std::vector<OwnFile> files;  ///< when digests were asked for; see own_files
  bool whole = false;          ///< there is nothing else in its directory
  std::optional<std::int64_t> generated_micros;
  std::int64_t id_seconds = 0;  ///< time stamp inside the action's URN or the id, 0: none
};

enum class ActionSource { proof, ledger, session, activity };

/// One account of an action: an action proof, a ledger line, a session entry or a prov:Activity record.
struct ActionRecord {
  ActionSource source = ActionSource::proof;
  std::string file;
  Digest sha256;  ///< of the file, when digests were asked for
  Field urn, kernel_urn, instance_id, started, ended;
  ProvField associated_with, started_by, influenced_by, used;
  ProvField generated_by;  ///< of a prov:Activity record: the action that led to it
  std::optional<std::int64_t> started_micros, ended_micros;
  bool failed = false;  ///< its proof says FAIL, or that its chain is not valid
};

struct TaskRecord {
  std::string file;
  Digest sha256;  ///< of the file, when digests were asked for
  Field task_id, decision_id, status, goal_id, goal,
      parent;  ///< task_id: the local id, also where the record gives a Task URN
  ProvField generated_by, attributed_to, started_by, influenced_by, generated_at;
  bool formal = false;  ///< a task-engine task (MUST fields apply)
  Place at;
};

struct GoalRecord {
  std::string file;
  Digest sha256;  ///< of the file, when digests were asked for
  Field goal_id, title;
};

struct DecisionRecord {
  std::string file;
  Digest sha256;                                ///< of the file, when digests were asked for
  Field id, decision_id, proposal_id, verdict;  ///< id: the Activity's id, else decision_id
  bool activity = false;                        ///< it has the key prov:Activity
  bool mapping = false;                         ///< and its value is a mapping that says something
  ProvField generated_by, attributed_to, generated_at;
  std::vector<Field> tasks;
  Place at;
};

/// A proof of an instance that does not lie where sealing puts them.
struct ProofFile {
  std::string file;
  Digest sha256;  ///< of the file, when digests were asked for
  std::string instance_id;
};

struct ProposalRecord {
  std::string file;
  Digest sha256;  ///< of the file, when digests were asked for
  Field id;
};

InstanceRecord extract_instance(const InstanceFiles& files);
/// The states of the documented machines; `status` as InstanceRecord has it. Open ones are not sealed yet.
bool is_known_status(std::string_view status);
bool is_open_status(std::string_view status);
/// The id a task, decision or goal is found by: the local part of a CKP URN, else the text itself.
std::string local_id(std::string_view text, UrnProfile urns = UrnProfile::legacy);
/// The files that make up an instance and were read, in the order of what they are.
std::vector<OwnFile> own_files(const InstanceFiles& files);
/// An action proof in any of its four shapes, or one line of an action ledger.
ActionRecord extract_action(const SourceFile& file, ActionSource source);
/// A prov:Activity record whose id is an action: the execution of a task.
ActionRecord extract_activity(const SourceFile& file);
std::vector<ActionRecord> extract_session(const SourceFile& file);
TaskRecord extract_task(const SourceFile& file);
GoalRecord extract_goal(const SourceFile& file);
DecisionRecord extract_decision(const SourceFile& file);

// ---- statements ---------------------------------------------------------------------------------

enum class Modelling {
  clean,    ///< keeps Entity, Activity and Agent apart (PROV-CONSTRAINTS 50, 55)
  verbatim  ///< the documented triples as they stand
};

struct ConvertOptions {
  CkpVersion version = CkpVersion::v36;
  Modelling modelling = Modelling::clean;
  UrnProfile urns = UrnProfile::strict;
  std::string graph;                                                  ///< IRI of the named graph
  const std::map<std::string, std::string>* known_kernels = nullptr;  ///< name -> URN, for edge targets; optional
  std::vector<std::string>* files = nullptr;  ///< takes the paths that the statements' spans count, from 1; optional
};

struct ProofTotals {
  std::uint64_t checks = 0, passed = 0;
};

std::vector<Prefix> standard_prefixes(CkpVersion version);
/// The name of the check at that place, from 0, of the proof of that URN.
std::string check_urn(std::string_view proof, std::size_t index);

/// Adds statements about records to one graph. Adding the same record twice changes nothing; the outcome does not
/// depend on the order of calls. An invalid URN never becomes an IRI: it is kept as a literal under
/// provgate:invalidUrn.
class Converter {
 public:
  Converter(Graph& graph, ConvertOptions options);
  /// `urn`: the instance's URN, kernel-qualified where ids collide in one graph.
  void instance(const InstanceFiles& files, const InstanceRecord& record, const KernelInfo& kernel,
                std::string_view urn);
  /// The proof provgate itself writes about an instance.
  void own_proof(const SourceFile& file, std::string_view instance_urn);
  void action(const SourceFile& file,
              const ActionRecord& record);  ///< `file` may be empty: the record alone is converted
  /// Entries of a session are actions that belong to the session's own.
  void session(const SourceFile& file);
  /// `known` shares no URN with record.generated_by but names the instance: clean mode links the two and copies
  /// its kernel, task and goal, never its times.
  void joined(const InstanceRecord& record, const ActionRecord& known);
  void task(const SourceFile& file, const TaskRecord& record);
  void goal(const SourceFile& file, const GoalRecord& record);
  void decision(const SourceFile& file, const DecisionRecord& record);
  void proposal(const SourceFile& file);
  void kernel(const KernelInfo& info);
  /// Statements, by their places in the graph, that lead to kernels that are known.
  const std::vector<std::size_t>& edges() const { return edges_; }
  /// ckp:proofTotalChecks and ckp:proofTotalPassed of a kernel, over the checks converted so far.
  void proof_totals(const KernelInfo& info);
  const ProofTotals& totals() const { return totals_; }
  void count(const ProofTotals& more) {
    totals_.checks += more.checks, totals_.passed += more.passed;
  }  ///< converted elsewhere

 private:
  std::string proof_urn(Value root, const std::string& about) const;
  void from(const std::string& path);
  std::string mention(std::string_view urn);
  std::string subject(std::string_view urn);
  TermId name(std::string_view iri);
  TermId about(const std::string& s);
  void add(const std::string& s, std::string_view p, const std::string& o, Place at = {});
  void type(const std::string& s, std::string_view c);
  void literal(const std::string& s, std::string_view p, Value value, std::string_view datatype = {});
  void time(const std::string& s, std::string_view p, const Field& field);
  void links(const std::string& s, std::string_view p, const ProvField& field);
  void used(const std::string& activity, const ProvField& field);
  void derived(const std::string& entity, const ProvField& field);
  static ProvField one(const Field& value);
  std::string generator(const ProvField& field, const std::string& entity);
  void proof(const SourceFile& file, const std::string& about, const KernelInfo& kernel);
  void steps(Value list, const std::string& action);
  void decision_activity(const SourceFile& file, const DecisionRecord& record);
  void generated_tasks(const std::string& decision, Value list);
  bool clean() const { return options_.modelling == Modelling::clean; }

  Graph& graph_;
  ConvertOptions options_;
  TermId graph_name_ = 0;
  std::uint32_t file_ = 0;
  ProofTotals totals_;
  std::vector<std::size_t> edges_;
  std::map<std::string, TermId, std::less<>> names_;
  std::map<std::string, std::string, std::less<>> mentioned_;  ///< URN -> its node, where all is said of it
  std::string subject_text_;
  TermId subject_ = 0;
};

}  // namespace provgate::ckp
