// SPDX-License-Identifier: Apache-2.0
// Records -> PROV-O, field by field (FORMAT.md, "Mapping to PROV-O").
#include "systems/ckp/convert/convert.hpp"

#include "base/digest.hpp"
#include "systems/ckp/convert/names.hpp"

namespace provgate::ckp {
std::vector<Prefix> standard_prefixes(CkpVersion version) {
  const auto ckp = ckp_namespace(version);
  return {{"ckp", ckp},
          {"ckpp", ckp + "process#"},
          {"ckpc", ckp + "consensus#"},
          {"bfo", std::string(vocab::bfo)},
          {"dcterms", std::string(vocab::dcterms)},
          {"prov", std::string(vocab::prov)},
          {"provgate", std::string(vocab::provgate)},
          {"rdfs", std::string(vocab::rdfs)},
          {"xsd", std::string(vocab::xsd)}};
}

Converter::Converter(Graph& graph, ConvertOptions options) : graph_(graph), options_(std::move(options)) {
  if (!options_.graph.empty()) graph_name_ = graph_.terms().intern(iri_text(options_.graph));
}

// A predicate or a class: few, and asked for again and again.
TermId Converter::name(std::string_view iri) {
  if (const auto known = names_.find(iri); known != names_.end()) return known->second;
  return names_.emplace(iri, graph_.terms().intern(iri_text(iri))).first->second;
}

// Statements about one subject come together.
TermId Converter::about(const std::string& s) {
  if (s != subject_text_) subject_ = graph_.terms().intern(s), subject_text_ = s;
  return subject_;
}

void Converter::add(const std::string& s, std::string_view p, const std::string& o, Place at) {
  if (s.empty() || o.empty()) return;
  const auto subject = about(s), predicate = name(p);
  graph_.add({subject, predicate, graph_.terms().intern(o), graph_name_}, {file_, at});
}

// What follows is said by that file.
void Converter::from(const std::string& path) {
  if (!options_.files) return;
  auto& files = *options_.files;
  if (files.empty() || files.back() != path) files.push_back(path);
  file_ = static_cast<std::uint32_t>(files.size());
}

void Converter::type(const std::string& s, std::string_view c) {
  if (s.empty()) return;
  static const std::string k_type = std::string(vocab::rdf) + "type";
  const auto subject = about(s), predicate = name(k_type);
  graph_.add({subject, predicate, name(c), graph_name_}, {file_, {}});
}

void Converter::literal(const std::string& s, std::string_view p, Value value, std::string_view datatype) {
  if (value.text().empty()) return;
  const bool bad_time = datatype == date_time() && !parse_datetime(value.text());
  add(s, p, literal_text(value.text(), bad_time ? k_string : datatype), value.place());
}

void Converter::time(const std::string& s, std::string_view p, const Field& field) {
  if (field) add(s, p, literal_text(field.text, parse_datetime(field.text) ? date_time() : std::string{}), field.at);
}

// The URN as an IRI, with the type its kind implies; empty when it is not a URN of the profile.
std::string Converter::mention(std::string_view text) {
  if (const auto known = mentioned_.find(text); known != mentioned_.end()) return known->second;
  const auto urn = parse_urn(text, options_.urns);
  if (!urn || !is_iri(text) || urn->text.starts_with("user:")) return {};
  const auto node = iri_text(text);
  const auto ckp = ckp_namespace(options_.version);
  switch (urn->kind) {
    case UrnKind::kernel:
      if (!urn->navigation.empty()) {
        if (clean()) type(node, prov("Entity"));
        break;
      }
      type(node, ckp + "Kernel");
      type(node, std::string(vocab::bfo) + "0000040");
      if (clean()) {
        type(node, prov("Agent"));
        type(node, prov("SoftwareAgent"));
      }
      add(node, std::string(vocab::rdfs) + "label", literal_text(urn->kernel));
      add(node, ckp + "hasUrn", literal_text(urn->text));
      break;
    case UrnKind::action:
    case UrnKind::occurrent:
      if (clean()) type(node, prov("Activity"));
      type(node, ckp + "process#InvocationProcess");
      break;
    case UrnKind::task:
      type(node, ckp + "TaskInstance");
      if (clean()) type(node, prov("Entity"));
      break;
    case UrnKind::actor:
    case UrnKind::role:
      if (clean()) type(node, prov("Agent"));
      break;
    case UrnKind::goal:
    case UrnKind::instance:
      if (clean()) type(node, prov("Entity"));
      break;
    default: break;
  }
  // Kernels and who acts for them are named by many records; to say the same again would change nothing.
  if (urn->kind == UrnKind::kernel || urn->kind == UrnKind::actor || urn->kind == UrnKind::role)
    mentioned_.emplace(text, node);
  return node;
}

std::string Converter::subject(std::string_view text) { return mention(text); }

void Converter::links(const std::string& s, std::string_view p, const ProvField& field) {
  for (const auto& value : field.values) {
    const auto target = mention(value.text);
    if (target.empty()) {
      add(s, own("invalidUrn"), literal_text(value.text), value.at);
    } else {
      add(s, p, target, value.at);
    }
  }
}

// prov:wasGeneratedBy of an entity; returns the activity. A task is not an activity: clean mode names its execution.
std::string Converter::generator(const ProvField& field, const std::string& entity) {
  std::string activity;
  for (const auto& value : field.values) {
    const auto urn = parse_urn(value.text, options_.urns);
    if (!urn) {
      add(entity, own("invalidUrn"), literal_text(value.text), value.at);
      continue;
    }
    if (clean() && urn->kind == UrnKind::task) {
      const auto execution = mention("ckp://Action#CK.Task/execute-" + urn->id);
      add(entity, prov("wasGeneratedBy"), execution, value.at);
      add(execution, prov("wasStartedBy"), mention(value.text), value.at);
      activity = execution;
    } else if (clean() && urn->kind == UrnKind::instance) {
      add(entity, prov("wasDerivedFrom"), mention(value.text), value.at);
    } else {
      activity = mention(clean() ? urn->canonical() : urn->text);
      add(entity, prov("wasGeneratedBy"), activity, value.at);
    }
  }
  return activity;
}

// Activities do not stand where PROV-O wants entities: what an activity "used" of another is information.
void Converter::used(const std::string& activity, const ProvField& field) {
  for (const auto& value : field.values) {
    const auto urn = parse_urn(value.text, options_.urns);
    const bool other = clean() && urn && (urn->kind == UrnKind::action || urn->kind == UrnKind::occurrent);
    links(activity, prov(other ? "wasInformedBy" : "used"), one(value));
  }
}

void Converter::derived(const std::string& entity, const ProvField& field) {
  for (const auto& value : field.values) {
    const auto urn = parse_urn(value.text, options_.urns);
    const bool made = clean() && urn && (urn->kind == UrnKind::action || urn->kind == UrnKind::occurrent);
    links(entity, prov(made ? "wasGeneratedBy" : "wasDerivedFrom"), one(value));
  }
}

ProvField Converter::one(const Field& value) {
  ProvField field;
  field.values.push_back(value);
  return field;
}

void Converter::instance(const InstanceFiles& files, const InstanceRecord& record, const KernelInfo& kernel,
                         std::string_view urn) {
  const auto* file = files.record();
  if (urn.empty() || !file || !file->doc) return;
  const Value outer = file->doc->root();
  const Value root = activity_or(outer);
  const auto ckp = ckp_namespace(options_.version);
  from(record.file.empty() ? file->path : record.file);
  const auto i = iri_text(urn);
  type(i, ckp + "Instance");
  type(i, ckp + "InstanceManifest");
  if (clean()) type(i, prov("Entity"));
  add(i, ckp + "instance_id", literal_text(record.id), root.find("instance_id").place());
  for (const std::string_view name : {"kernel_class", "kernel_id", "tool_ref", "ck_ref"})
    literal(i, ckp + std::string(name), root.find(name));
  literal(i, ckp + "created_at", root.find("created_at"), date_time());
  literal(i, ckp + "status", root.find("status"));
  literal(i, std::string(vocab::rdfs) + "label", root.find("title"));
  if (record.type) {
    std::string wanted = record.type.text;
    if (wanted[0] >= 'a' && wanted[0] <= 'z') wanted[0] = static_cast<char>(wanted[0] - 'a' + 'A');
    const Value ontology = kernel.ontology.doc ? kernel.ontology.doc->root() : Value{};
    const std::string id(ontology.find("id").text()), c = id + "/" + wanted;
    if (ontology.find("classes").find(wanted) && is_iri(c)) {
      type(i, c);
    } else {
      add(i, ckp + "instance_type", literal_text(record.type.text), record.type.at);
    }
  }
  const auto activity = generator(record.generated_by, i);
  links(i, prov("wasAttributedTo"), record.attributed_to);
  for (const auto& value : record.generated_at.values) time(i, prov("generatedAtTime"), value);
  // What belongs to the activity is said of the activity.
  const auto& doer = clean() && !activity.empty() ? activity : i;
  links(doer, prov("wasAssociatedWith"), prov_field(root, "wasAssociatedWith"));
  used(doer, prov_field(root, "used"));
  links(doer, prov("wasStartedBy"), record.started_by);
  links(doer, prov("wasInformedBy"), prov_field(root, "wasInformedBy"));
  links(i, prov("wasInfluencedBy"), prov_field(root, "wasInfluencedBy"));
  derived(i, prov_field(root, "wasDerivedFrom"));
  // A task's instance says which goal the task serves.
  const auto t = record.task_id ? mention(task_urn(record.task_id.text)) : std::string{};
  if (!record.task_id && record.goal_id)
    add(i, prov("wasInfluencedBy"), mention(goal_urn(local_id(record.goal_id.text, options_.urns))), record.goal_id.at);
  if (!t.empty() && record.goal_id)
    add(t, prov("wasInfluencedBy"), mention(goal_urn(record.goal_id.text)), record.goal_id.at);
  const bool backed = files.proof.doc && files.data.doc && files.proof.doc->root().find("outcome").text() == "PASS";
  if (backed) type(i, ckp + "SealedInstance");
  if (files.proof.doc) proof(files.proof, i, kernel);
}

// Two instances checked in one second would share the documented Check URN, so it is not unique: mint by content.
std::string check_urn(std::string_view proof, std::size_t index) {
  const auto whole = std::string(proof) + "#" + std::to_string(index);
  return "urn:provgate:check:" + sha256_hex(whole).text.substr(0, 32);
}

// A proof is named as what it is about: kernel-qualified where the instance is.
std::string Converter::proof_urn(Value root, const std::string& about) const {
  const auto whose = parse_urn(bare_iri(about), options_.urns);
  return instance_urn(root.find("proof_id").text(),
                      whose && whose->kind == UrnKind::instance ? whose->kernel : std::string{});
}

void Converter::proof(const SourceFile& file, const std::string& about, const KernelInfo& kernel) {
  const Value root = file.doc->root();
  const auto urn = proof_urn(root, about);
  if (urn.empty()) return;
  const auto ckp = ckp_namespace(options_.version);
  from(file.path);
  const auto p = iri_text(urn);
  type(p, ckp + "ProofRecord");
  if (clean()) {
    type(p, prov("Entity"));
    add(p, prov("wasDerivedFrom"), about);
  }
  for (const auto& [key, name] : {std::pair{"proof_id", "proof_id"},
                                  {"instance_id", "proofInstanceId"},
                                  {"data_hash", "data_hash"},
                                  {"manifest_hash", "manifest_hash"},
                                  {"checked_by_kernel", "checked_by_kernel"},
                                  {"checked_by_identity", "checked_by_identity"},
                                  {"svid", "svid"},
                                  {"final_hash", "final_hash"}}) {
    literal(p, ckp + name, root.find(key));
  }
  literal(p, ckp + "checked_at", root.find("checked_at"), date_time());
  if (const auto outcome = root.find("outcome").text();
      outcome == "PASS" || outcome == "FAIL" || outcome == "PARTIAL") {
    add(p, ckp + "outcome", iri_text(ckp + "ProofOutcome-" + std::string(outcome)), root.find("outcome").place());
  }
  generator(prov_field(root, "wasGeneratedBy"), p);
  links(p, prov("wasAttributedTo"), prov_field(root, "wasAttributedTo"));
  for (const auto& value : prov_field(root, "generatedAtTime").values) time(p, prov("generatedAtTime"), value);
  std::size_t index = 0;
  for (const auto check : root.find("checks").children()) {
    const auto c = iri_text(check_urn(urn, index++));
    type(c, ckp + "ProofCheck");
    add(p, ckp + "checks", c);
    const auto either = [&](std::string_view a, std::string_view b) {
      return check.find(a) ? check.find(a) : check.find(b);
    };
    literal(c, ckp + "check_name", either("check_name", "name"));
    literal(c, ckp + "check_type", either("check_type", "type"));
    literal(c, ckp + "expected", check.find("expected"));
    literal(c, ckp + "actual", check.find("actual"));
    literal(c, ckp + "passed", check.find("passed"), std::string(vocab::xsd) + "boolean");
    ++totals_.checks;
    totals_.passed += check.find("passed").as_bool() == true;
  }
  if (!kernel.urn.empty()) mention(kernel.urn);
}

// What the record says of its checks is in the file, which is covered; the graph has what leads there.
void Converter::own_proof(const SourceFile& file, std::string_view urn) {
  const Value root = file.doc->root();
  const auto ckp = ckp_namespace(options_.version);
  const auto about = iri_text(urn);
  type(about, ckp + "SealedInstance");
  const auto named = proof_urn(root, about);
  if (named.empty()) return;
  from(file.path);
  const auto p = iri_text(named);
  type(p, ckp + "ProofRecord");
  if (clean()) {
    add(p, prov("wasDerivedFrom"), about);
  } else {
    literal(p, ckp + "proofInstanceId", root.find("instance_id"));
  }
  links(p, prov("wasAttributedTo"), prov_field(root, "wasAttributedTo"));
  for (const auto& value : prov_field(root, "generatedAtTime").values) time(p, prov("generatedAtTime"), value);
}

void Converter::action(const SourceFile& file, const ActionRecord& record) {
  const auto urn = parse_urn(record.urn.text, options_.urns);
  if (!urn || urn->kind != UrnKind::action) return;
  from(record.file);
  const auto a = subject(clean() ? urn->canonical() : urn->text);
  links(a, prov("wasAssociatedWith"), record.associated_with);
  if (clean() && record.associated_with.values.empty() && record.kernel_urn)
    add(a, prov("wasAssociatedWith"), mention(record.kernel_urn.text), record.kernel_urn.at);
  links(a, prov("wasStartedBy"), record.started_by);
  links(a, prov("wasInfluencedBy"), record.influenced_by);
  used(a, record.used);
  time(a, prov("startedAtTime"), record.started);
  time(a, prov("endedAtTime"), record.ended);
  // What led to an activity is an activity: clean mode does not call it generated.
  links(a, prov(clean() ? "wasInformedBy" : "wasGeneratedBy"), record.generated_by);
  if (!file.doc || record.source != ActionSource::proof) return;
  const Value outer = file.doc->root();
  const Value root = outer.find("proof").find("action_urn") ? outer.find("proof") : outer;
  if (root.find("proof_id")) proof(file, a, {});
  const auto list = outer.find("occurrents").is(Kind::array) ? outer.find("occurrents") : root.find("steps");
  if (list.is(Kind::array)) steps(list, a);
  if (const auto total = root.find("total_checks").as_int()) {
    totals_.checks += static_cast<std::uint64_t>(std::max<std::int64_t>(0, *total));
    totals_.passed +=
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, root.find("total_passed").as_int().value_or(0)));
  }
}

void Converter::steps(Value list, const std::string& action) {
  const auto ckp = ckp_namespace(options_.version);
  std::string previous;
  for (const auto step : list.children()) {
    const auto urn = parse_urn(step.find("step_urn").text(), options_.urns);
    if (!urn || urn->kind != UrnKind::occurrent) continue;
    const auto s = iri_text(urn->text);
    if (clean()) {
      type(s, prov("Activity"));
      add(s, std::string(vocab::dcterms) + "isPartOf", action);
      if (!previous.empty()) add(s, prov("wasInformedBy"), previous);
    } else {
      add(s, prov("wasStartedBy"), previous.empty() ? action : previous);
    }
    literal(s, ckp + "step_type", step.find("step_type"));
    literal(s, ckp + "step_hash", step.find("hash"));
    time(s, prov("startedAtTime"), field_of(step.find("timestamp")));
    for (const auto check : step.find("verifications").children()) {
      ++totals_.checks;
      totals_.passed += check.find("passed").as_bool() == true;
    }
    previous = s;
  }
}

void Converter::session(const SourceFile& file) {
  const auto actions = extract_session(file);
  std::string session;
  for (const auto& record : actions) {
    action(file, record);
    const auto urn = parse_urn(record.urn.text, options_.urns);
    if (!urn || urn->kind != UrnKind::action) continue;
    if (session.empty()) {
      session = iri_text(urn->canonical());
      literal(session, std::string(vocab::rdfs) + "label", file.doc->root().find("label"));
    } else {
      add(iri_text(urn->canonical()), std::string(vocab::dcterms) + "isPartOf", session);
    }
  }
}

void Converter::joined(const InstanceRecord& record, const ActionRecord& known) {
  const auto urn = parse_urn(record.generated_by.first(), options_.urns);
  const auto other = parse_urn(known.urn.text, options_.urns);
  if (!clean() || !urn || urn->kind != UrnKind::action || !other || other->kind != UrnKind::action ||
      urn->canonical() == other->canonical())
    return;
  from(known.file);
  const auto a = iri_text(urn->canonical());
  add(a, prov("wasInformedBy"), mention(other->canonical()), known.urn.at);
  links(a, prov("wasAssociatedWith"), known.associated_with);
  links(a, prov("wasStartedBy"), known.started_by);
  links(a, prov("wasInfluencedBy"), known.influenced_by);
}

}  // namespace provgate::ckp
