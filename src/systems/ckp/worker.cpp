// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/worker.hpp"

namespace provgate::ckp {

void Worker::instance(InstanceFiles files) {
  part_.skipped.add(std::move(files.skipped));
  if (files.context) return context(files);
  Sink sink(files.directory);
  for (auto& problem : files.problems) sink.take(std::move(problem));
  for (const auto* file : {&files.manifest, &files.data, &files.message, &files.instance, &files.proof, &files.ledger})
    check_readable(*file, sink);
  for (const auto& file : files.amendments) check_readable(file, sink);
  for (const auto& file : files.client_proofs) check_readable(file, sink);
  const auto* record = files.record();
  const bool has_record = record != nullptr;
  if (has_record) {
    auto extracted = extract_instance(files);
    if (context_.options.read.digests) extracted.files = own_files(files), extracted.whole = files.whole;
    if (context_.judge) {
      check_instance_provenance(files, extracted, context_, sink);
      check_instance_proofs(files, extracted, context_, sink);
      check_status(files, extracted, sink);
    } else if (record->doc) {
      check_instance_name(*record, extracted, sink);
      check_named_things(*record, context_, sink, extracted.decision);
    }
    if (extracted.decision) {
      part_.records.decisions.push_back(extract_decision(*record));
      if (context_.judge) check_decision(*record, part_.records.decisions.back(), context_, sink, true);
      if (converter_) converter_->decision(*record, part_.records.decisions.back());
      count(RecordKind::decision);
    }
    if (converter_) converter_->instance(files, extracted, context_.info, extracted.urn);
    part_.records.instances.push_back(std::move(extracted));
    count(RecordKind::instance);
  }
  keep(sink);
  for (const auto& other : files.others) this->record(other, Standing::part);
}

void Worker::record(const SourceFile& file, Standing standing) {
  const bool listed = standing != Standing::part;
  const bool unparsed = file.error && file.error->at.line;
  if (unparsed && standing == Standing::found && !speaks_of_records(file.unread)) {
    return part_.skipped.add(SkipReason::not_parseable, file.path, context_.options.read.list_skipped);
  }
  const bool none = file.doc && classify(file.doc->root(), file.path) == RecordKind::none;
  if (standing == Standing::named && (none || unparsed)) {
    const auto format = foreign_format(file.doc ? file.doc->source().text() : file.unread);
    if (none || !format.empty()) return unknown(file.path, format);
  }
  Sink sink(file.path);
  if (check_readable(file, sink)) judge(file, classify(file.doc->root(), file.path), sink, listed);
  keep(sink);
}

void Worker::ledger_line(const SourceFile& file, bool torn) {
  Sink sink(file.path);
  if (torn && file.error) {
    auto& f = sink.add("INPUT-009", file.path, file.error->at, "the last line is cut short: " + file.error->why);
    f.found = "a line without a line end";
    return keep(sink);
  }
  if (check_readable(file, sink)) {
    auto action = extract_action(file, ActionSource::ledger);
    if (context_.judge) check_action_fields(file, action, context_, sink);
    if (context_.judge) check_prov_fields(file, file.doc->root(), action.urn.text, context_, sink);
    if (converter_) converter_->action({}, action);
    part_.records.actions.push_back(std::move(action));
    count(RecordKind::action_proof, in_scope(context_.place, file.path));
  }
  keep(sink);
}

void Worker::keep(Sink& sink) { part_.limit.move(sink.findings(), part_.findings); }

void Worker::context(InstanceFiles& files) {
  if (files.record()) part_.records.instances.push_back(extract_instance(files));
  for (const auto& other : files.others) this->record(other, Standing::part);
}

void Worker::unknown(const std::string& path, const std::string& format) {
  Sink sink(path);
  auto& f = sink.add("INPUT-012", path, {},
                     format.empty() ? "nothing here is known as a record" : "this is " + format + ", not a record");
  f.unreadable = true, f.expected = "a record in JSON or YAML, or RDF in a file named so, with --shapes";
  keep(sink);
}

void Worker::judge(const SourceFile& file, RecordKind kind, Sink& sink, bool listed) {
  if (kind == RecordKind::none)
    return part_.skipped.add(SkipReason::no_record_keys, file.path, context_.options.read.list_skipped);
  count(kind, in_scope(context_.place, file.path));
  if (!context_.judge && kind != RecordKind::instance && kind != RecordKind::instance_proof) {
    check_named_things(file, context_, sink, kind == RecordKind::decision || kind == RecordKind::proposal);
  }
  if (kind == RecordKind::session || kind == RecordKind::instance_proof) part_.records.others.push_back(file.path);
  if (kind == RecordKind::instance_proof)
    part_.records.proofs.push_back({file.path, file.sha256, std::string(file.doc->root().find("instance_id").text())});
  switch (kind) {
    case RecordKind::action_proof: {
      auto action = extract_action(file, ActionSource::proof);
      if (context_.judge) check_action_proof(file, action, context_, sink);
      if (converter_) converter_->action(file, action);
      part_.records.actions.push_back(std::move(action));
      break;
    }
    case RecordKind::action_record: {
      auto action = extract_activity(file);
      if (context_.judge) check_activity(file, action, context_, sink);
      if (converter_) converter_->action(file, action);
      part_.records.actions.push_back(std::move(action));
      break;
    }
    case RecordKind::session:
      if (context_.judge) check_session(file, context_, sink);
      for (auto& action : extract_session(file)) {
        if (context_.judge) check_action_fields(file, action, context_, sink);
        if (converter_) converter_->action({}, action);
        part_.records.actions.push_back(std::move(action));
      }
      if (converter_ && listed) converter_->session(file);
      break;
    case RecordKind::task:
      part_.records.tasks.push_back(extract_task(file));
      context_.judge ? check_task_record(file, part_.records.tasks.back(), context_, sink)
                     : check_task_name(file, part_.records.tasks.back(), sink);
      if (converter_) converter_->task(file, part_.records.tasks.back());
      break;
    case RecordKind::goal:
      part_.records.goals.push_back(extract_goal(file));
      context_.judge ? check_goal(file, part_.records.goals.back(), context_, sink)
                     : check_goal_name(file, part_.records.goals.back(), sink);
      if (converter_) converter_->goal(file, part_.records.goals.back());
      break;
    case RecordKind::instance_proof:
      if (context_.judge) check_stray_proof(file, context_, sink);
      break;
    case RecordKind::decision:
      part_.records.decisions.push_back(extract_decision(file));
      if (context_.judge) check_decision(file, part_.records.decisions.back(), context_, sink);
      if (converter_) converter_->decision(file, part_.records.decisions.back());
      break;
    case RecordKind::proposal:
      part_.records.proposals.push_back({file.path, file.sha256, field_of(file.doc->root().find("proposal_id"))});
      if (context_.judge) check_proposal(file, context_, sink);
      if (converter_ && listed) converter_->proposal(file);
      break;
    case RecordKind::instance: loose_instance(file, sink); break;
    case RecordKind::none: break;
  }
}

void Worker::loose_instance(const SourceFile& file, Sink& sink) {
  InstanceFiles files;
  files.directory = file.path;
  files.manifest.path = file.path;
  files.manifest.relative = file.relative;
  files.manifest.doc = std::make_unique<Document>(*file.doc);
  auto record = extract_instance(files);
  record.judged = in_scope(context_.place, file.path);
  record.alone = true;
  if (context_.judge) {
    check_instance_provenance(files, record, context_, sink);
    check_status(files, record, sink);
  } else {
    check_instance_name(file, record, sink);
    check_named_things(file, context_, sink);
  }
  if (converter_) converter_->instance(files, record, context_.info, record.urn);
  part_.records.instances.push_back(std::move(record));
}

}  // namespace provgate::ckp
