#include "check/worker.hpp"

namespace provgate {

void Worker::instance(InstanceFiles files) {
  slot_.skipped.add(std::move(files.skipped));
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
    if (context_.options.read.digests) extracted.digest = digest_of(files);
    check_instance_provenance(files, extracted, context_, sink);
    check_instance_proofs(files, extracted, context_, sink);
    check_status(files, extracted, sink);
    if (extracted.decision) {
      slot_.decisions.push_back(extract_decision(*record));
      check_decision(*record, slot_.decisions.back(), context_, sink, true);
      if (converter_) converter_->decision(*record, slot_.decisions.back());
      ++slot_.kinds[RecordKind::decision];
    }
    if (converter_) converter_->instance(files, extracted, context_.info, extracted.urn);
    slot_.instances.push_back(std::move(extracted));
    ++slot_.kinds[RecordKind::instance];
  }
  keep(sink);
  for (const auto& other : files.others) this->record(other, Standing::part);
}

void Worker::record(const SourceFile& file, Standing standing) {
  const bool listed = standing != Standing::part;
  if (const bool unparsed = file.error && file.error->at.line;
      standing == Standing::named || (standing == Standing::found && unparsed)) {
    const auto text = context_.disk.read(file.path, context_.options.read.max_file_size);
    if (unparsed && standing == Standing::found && text && !speaks_of_records(*text))
      return slot_.skipped.add(SkipReason::not_parseable, file.path, context_.options.read.list_skipped);
    const bool none = file.doc && classify(file.doc->root(), file.path) == RecordKind::none;
    if (standing == Standing::named && text && (none || unparsed)) {
      const auto format = foreign_format(*text);
      if (none || !format.empty()) return unknown(file.path, format);
    }
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
    check_action_fields(file, action, context_, sink);
    check_prov_fields(file, file.doc->root(), action.urn.text, context_, sink);
    if (converter_) converter_->action({}, action);
    slot_.actions.push_back(std::move(action));
    slot_.kinds[RecordKind::action_proof] += in_scope(context_.place, file.path);
  }
  keep(sink);
}

void Worker::keep(Sink& sink) { slot_.limit.move(sink.findings(), slot_.findings); }

void Worker::context(InstanceFiles& files) {
  if (files.record()) slot_.instances.push_back(extract_instance(files));
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
    return slot_.skipped.add(SkipReason::no_record_keys, file.path, context_.options.read.list_skipped);
  slot_.kinds[kind] += in_scope(context_.place, file.path);
  if (kind == RecordKind::session || kind == RecordKind::instance_proof) slot_.others.push_back(file.path);
  switch (kind) {
    case RecordKind::action_proof: {
      auto action = extract_action(file, ActionSource::proof);
      check_action_proof(file, action, context_, sink);
      if (converter_) converter_->action(file, action);
      slot_.actions.push_back(std::move(action));
      break;
    }
    case RecordKind::action_record: {
      auto action = extract_activity(file);
      check_activity(file, action, context_, sink);
      if (converter_) converter_->action(file, action);
      slot_.actions.push_back(std::move(action));
      break;
    }
    case RecordKind::session:
      check_session(file, context_, sink);
      for (auto& action : extract_session(file)) {
        check_action_fields(file, action, context_, sink);
        if (converter_) converter_->action({}, action);
        slot_.actions.push_back(std::move(action));
      }
      if (converter_ && listed) converter_->session(file);
      break;
    case RecordKind::task:
      slot_.tasks.push_back(extract_task(file));
      check_task_record(file, slot_.tasks.back(), context_, sink);
      if (converter_) converter_->task(file, slot_.tasks.back());
      break;
    case RecordKind::goal:
      slot_.goals.push_back(extract_goal(file));
      check_goal(file, slot_.goals.back(), context_, sink);
      if (converter_) converter_->goal(file, slot_.goals.back());
      break;
    case RecordKind::instance_proof: check_stray_proof(file, context_, sink); break;
    case RecordKind::decision:
      slot_.decisions.push_back(extract_decision(file));
      check_decision(file, slot_.decisions.back(), context_, sink);
      if (converter_) converter_->decision(file, slot_.decisions.back());
      break;
    case RecordKind::proposal:
      slot_.proposals.push_back({file.path, field_of(file.doc->root().find("proposal_id"))});
      check_proposal(file, context_, sink);
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
  check_instance_provenance(files, record, context_, sink);
  check_status(files, record, sink);
  if (converter_) converter_->instance(files, record, context_.info, record.urn);
  slot_.instances.push_back(std::move(record));
}

}  // namespace provgate
