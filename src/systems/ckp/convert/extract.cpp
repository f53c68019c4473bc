// SPDX-License-Identifier: Apache-2.0
// Documents -> the fields that link records to each other.
#include <charconv>

#include "base/digest.hpp"
#include "systems/ckp/convert/convert.hpp"

namespace provgate::ckp {
namespace {

Field first_field(std::initializer_list<Value> values) {
  for (const auto v : values) {
    if (v && !v.text().empty()) return field_of(v);
  }
  return {};
}

std::optional<std::int64_t> micros_of(std::string_view text) {
  const auto time = parse_datetime(text);
  return time ? std::optional(time->micros) : std::nullopt;
}

Field first_of(const ProvField& prov, const Field& other) { return prov.values.empty() ? other : prov.values.front(); }

// The trailing 10 to 16 digits of an id as seconds since the epoch, or 0.
std::int64_t seconds_in(std::string_view text) {
  std::size_t from = text.size();
  while (from > 0 && text[from - 1] >= '0' && text[from - 1] <= '9') --from;
  const auto digits = text.substr(from);
  if (digits.size() != 10 && digits.size() != 13 && digits.size() != 16) return 0;
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  for (std::size_t n = digits.size(); n > 10; --n) value /= 10;
  return value;
}

}  // namespace

bool is_open_status(std::string_view s) {
  return s == "pending" || s == "in_progress" || s == "executing" || s == "active";
}
bool is_known_status(std::string_view s) {
  return is_open_status(s) || s == "completed" || s == "failed" || s == "archived" || s == "sealed" || s == "ok";
}

std::string local_id(std::string_view text, UrnProfile urns) {
  const auto urn = parse_urn(text, urns);
  return urn && !urn->id.empty() ? urn->id : std::string(text);
}

std::vector<OwnFile> own_files(const InstanceFiles& files) {
  std::vector<OwnFile> out;
  const auto take = [&](const SourceFile& file, bool witnessed) {
    if (file.sha256.empty()) return;
    const auto& in = files.directory;
    auto& one = out.emplace_back();
    if (file.path != in) one.name = file.path.substr(in.size() + 1);
    std::ranges::copy(from_hex(file.sha256.text), one.sha256.begin());
    one.witnessed = witnessed;
  };
  for (const auto* file : {&files.manifest, &files.data, &files.message, &files.instance, &files.proof})
    take(*file, false);
  for (const auto& file : files.amendments) take(file, false);
  for (const auto& file : files.client_proofs) take(file, false);
  take(files.ledger, true);
  for (const auto& file : files.others) take(file, true);
  return out;
}

InstanceRecord extract_instance(const InstanceFiles& files) {
  InstanceRecord out;
  out.directory = files.directory;
  out.name = files.name;
  const auto* file = files.record();
  const Value outer = file && file->doc ? file->doc->root() : Value{};
  const Value root = activity_or(outer);
  out.judged = !files.context;
  out.decision = classify(outer) == RecordKind::decision;
  out.file = file ? file->path : files.directory;
  const auto id = outer.find("instance_id");
  out.id = id.text().empty() ? files.name : std::string(id.text());
  out.urn = instance_urn(out.id);
  out.type = field_of(root.find("instance_type"));
  // Beside a prov:Activity block the record's own status counts, too: the one that is still open.
  auto status = root.find("status") ? root.find("status") : outer.find("status");
  if (outer.find("status") && !is_known_status(lower_ascii(trim(outer.find("status").text()))))
    status = outer.find("status");
  if (is_open_status(lower_ascii(trim(outer.find("status").text())))) status = outer.find("status");
  out.status = field_of(status);
  out.status.text = lower_ascii(trim(out.status.text));
  out.odd_status = status && (!status.is(Kind::string) || out.status.text.empty());
  out.task_id = field_of(root.find("task_id"));
  out.goal_id = field_of(root.find("goal_id"));
  out.generated_by = prov_field(root, "wasGeneratedBy");
  out.attributed_to = prov_field(root, "wasAttributedTo");
  out.generated_at = prov_field(root, "generatedAtTime");
  out.started_by = prov_field(root, "wasStartedBy");
  out.has_associated = !prov_field(root, "wasAssociatedWith").values.empty();
  out.has_used = !prov_field(root, "used").values.empty();
  const auto claims = [](const SourceFile& f) {
    const auto when = f.doc ? f.doc->root().find("sealed_at") : Value{};
    return when && !when.is(Kind::null) && (!when.is(Kind::string) || !trim(when.text()).empty());
  };
  out.sealed = claims(files.manifest) || claims(files.data) || claims(files.message) || claims(files.instance) ||
               out.status.text == "sealed";
  out.generated_micros = micros_of(out.generated_at.first());
  out.id_seconds = seconds_in(out.generated_by.first());
  if (!out.id_seconds) out.id_seconds = seconds_in(out.id);
  return out;
}

ActionRecord extract_action(const SourceFile& file, ActionSource source) {
  ActionRecord out;
  out.source = source;
  out.file = file.path, out.sha256 = file.sha256;
  const Value outer = file.doc->root();
  const Value root = outer.find("proof").find("action_urn") ? outer.find("proof") : outer;
  out.urn = field_of(root.find("action_urn"));
  out.kernel_urn = field_of(root.find("kernel_urn"));
  out.instance_id = first_field({root.find("instance_id"), outer.find("instance_id")});
  out.associated_with = prov_field(root, "wasAssociatedWith");
  out.started_by = prov_field(root, "wasStartedBy");
  out.influenced_by = prov_field(root, "wasInfluencedBy");
  out.used = prov_field(root, "used");
  out.started = first_of(prov_field(root, "startedAtTime"), field_of(root.find("started_at")));
  out.ended = first_of(prov_field(root, "endedAtTime"), field_of(root.find("ended_at")));
  const auto outcome = root.find("outcome");
  out.failed = (outcome && outcome.text() != "PASS" && outcome.text() != "PARTIAL") ||
               root.find("chain_valid").as_bool() == false;
  if (source == ActionSource::ledger && !out.started) {
    // One line is one moment of an action: "started" opens it, any other status closes it.
    const auto when = field_of(root.find("timestamp"));
    (root.find("status").text() == "started" ? out.started : out.ended) = when;
  }
  out.started_micros = micros_of(out.started.text);
  out.ended_micros = micros_of(out.ended.text);
  return out;
}

std::vector<ActionRecord> extract_session(const SourceFile& file) {
  std::vector<ActionRecord> out;
  const Value root = file.doc->root();
  ActionRecord session;
  session.source = ActionSource::session;
  session.file = file.path, session.sha256 = file.sha256;
  session.urn = field_of(root.find("urn"));
  session.started = field_of(root.find("started_at"));
  session.ended = field_of(root.find("ended_at"));
  if (const auto who = field_of(root.find("was_associated_with"))) session.associated_with.values.push_back(who);
  session.started_micros = micros_of(session.started.text);
  session.ended_micros = micros_of(session.ended.text);
  if (session.urn) out.push_back(session);
  for (const auto entry : root.find("actions").children()) {
    ActionRecord action;
    action.source = ActionSource::session;
    action.file = file.path, action.sha256 = file.sha256;
    action.urn = field_of(entry.find("urn"));
    if (const auto who = field_of(entry.find("kernel"))) action.associated_with.values.push_back(who);
    action.ended = field_of(entry.find("generated_at"));
    action.ended_micros = micros_of(action.ended.text);
    if (action.urn) out.push_back(std::move(action));
  }
  return out;
}

TaskRecord extract_task(const SourceFile& file) {
  TaskRecord out;
  const Value root = file.doc->root();
  out.file = file.path, out.sha256 = file.sha256;
  out.task_id =
      first_field({root.find("task_id"), root.find("task_urn"), root.find("urn"), root.find("@id"), root.find("id")});
  if (const auto urn = parse_urn(out.task_id.text, UrnProfile::legacy)) out.task_id.text = urn->id;
  if (!out.task_id) {
    // In tasks/ the file's name is the task's, as the task engine writes it.
    const auto name = base_name(file.path);
    out.task_id = {name.substr(0, name.rfind('.')), root.place()};
  }
  out.parent = first_field({root.find("parent_task"), root.find("parent_task_id")});
  out.decision_id = field_of(root.find("decision_id"));
  out.status = field_of(root.find("status"));
  out.goal_id = field_of(root.find("goal_id"));
  out.goal = field_of(root.find("goal"));
  out.generated_by = prov_field(root, "wasGeneratedBy");
  out.attributed_to = prov_field(root, "wasAttributedTo");
  out.started_by = prov_field(root, "wasStartedBy");
  out.influenced_by = prov_field(root, "wasInfluencedBy");
  out.generated_at = prov_field(root, "generatedAtTime");
  out.formal = true;
  out.at = root.place();
  return out;
}

GoalRecord extract_goal(const SourceFile& file) {
  const Value root = file.doc->root();
  return {file.path, file.sha256, field_of(root.find("goal_id")),
          first_field({root.find("title"), root.find("description")})};
}

ActionRecord extract_activity(const SourceFile& file) {
  ActionRecord out;
  const Value root = file.doc->root().find("prov:Activity");
  out.source = ActionSource::activity;
  out.file = file.path, out.sha256 = file.sha256;
  out.urn = field_of(root.find("id"));
  out.associated_with = prov_field(root, "wasAssociatedWith");
  out.started_by = prov_field(root, "wasStartedBy");
  out.influenced_by = prov_field(root, "wasInfluencedBy");
  out.used = prov_field(root, "used");
  out.generated_by = prov_field(root, "wasGeneratedBy");
  out.started = first_of(prov_field(root, "startedAtTime"), field_of(root.find("started_at")));
  out.ended = first_of(prov_field(root, "endedAtTime"), field_of(root.find("ended_at")));
  out.started_micros = micros_of(out.started.text);
  out.ended_micros = micros_of(out.ended.text);
  return out;
}

DecisionRecord extract_decision(const SourceFile& file) {
  DecisionRecord out;
  out.file = file.path, out.sha256 = file.sha256;
  const Value outer = file.doc->root();
  const Value block = outer.find("prov:Activity"), root = activity_or(outer);
  out.activity = static_cast<bool>(block);
  out.mapping = block.is(Kind::object) && block.size() > 0;
  out.at = out.activity ? block.key_place() : outer.place();
  out.decision_id = field_of(outer.find("decision_id"));
  out.proposal_id = first_field({outer.find("proposal_id"), root.find("decision").find("proposal_id")});
  out.verdict = first_field({root.find("decision").find("verdict"), outer.find("verdict")});
  out.id = out.mapping ? first_field({block.find("id"), block.find("@id")}) : Field{};
  if (!out.activity) out.id = out.decision_id;
  out.generated_by = prov_field(root, "wasGeneratedBy");
  out.attributed_to = prov_field(root, "wasAttributedTo");
  out.generated_at = prov_field(root, "generatedAtTime");
  for (const auto holder : {outer, root.find("decision")}) {
    holder.find("tasks_generated").each([&](Value task) { out.tasks.push_back(field_of(task.find("task_id"))); });
  }
  return out;
}

}  // namespace provgate::ckp
