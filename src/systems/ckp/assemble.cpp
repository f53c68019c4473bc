// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/assemble.hpp"

#include <algorithm>
#include <set>

#include "systems/ckp/file_cache.hpp"
#include "systems/ckp/reached.hpp"
#include "systems/ckp/sources/names.hpp"

namespace provgate::ckp {
namespace {

ConvertOptions without_graph(const CheckedKernel& kernel, const Join& join, const Options& options,
                             std::vector<std::string>* files) {
  auto out = convert_options(kernel, options);
  out.known_kernels = &join.known_kernels(), out.files = files, out.graph.clear();
  return out;
}

}  // namespace

ConvertOptions with_kernels(const CheckedKernel& kernel, const Join& join, const Options& options) {
  auto out = convert_options(kernel, options);
  out.known_kernels = &join.known_kernels();
  return out;
}

namespace {

// As the graph's name takes it, without regard to case and without a final dot; what could end the host is escaped.
std::string host_of(const CheckedKernel& kernel) {
  std::string_view host = kernel.host;
  while (host.ends_with('.')) host.remove_suffix(1);
  std::string out;
  for (const char c : host) {
    if (c == '/' || c == '@' || c == '%') {
      out += c == '/' ? "%2F" : c == '@' ? "%40" : "%25";
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out.empty() ? "local" : out;
}

}  // namespace

RecordId record_id(const CheckedKernel& kernel, const std::string& urn) {
  auto scope = host_of(kernel) + "/" + kernel.name();
  if (!kernel.info.state.empty()) scope += "@" + kernel.info.state;
  return {RecordId::System("ckp"), RecordId::Scope(std::move(scope)), RecordId::Iri(urn)};
}

ConvertOptions convert_options(const CheckedKernel& kernel, const Options& options) {
  return {kernel.version, options.modelling, options.urns, kernel.graph};
}

std::string area_of(const KernelPlace& kernel, const std::string& directory) {
  for (const auto& area : kernel.areas) {
    if (directory.starts_with(area + "/")) return area;
  }
  return {};
}

std::string own_proof_path(const KernelPlace& kernel, const InstanceRecord& instance) {
  const auto area = kernel.loose ? std::string{} : area_of(kernel, instance.directory);
  if (area.empty() || !is_instance_id(instance.id)) return {};
  return join_path(area, "proof/" + instance.id + "/proof.json");
}

namespace {

// What else lies in an instance's directory, whatever it is: seen as it is, not read for what it says.
class Attachments {
 public:
  Attachments(Disk& disk, const std::string& root, CoveredFiles& out) : disk_(disk), root_(root), out_(out) {}
  Result<void> add(const std::string& directory, int depth = 0) {
    if (depth > k_deepest) return refused("directories are nested too deeply", directory);
    TRY(const auto entries, disk_.list(directory));
    const auto member = [](const DirEntry& e) { return is_instance_member(e.name); };
    // An instance of its own; but proof/ is this one's.
    const bool inner = depth > 1 || (depth == 1 && base_name(directory) != "proof");
    if (inner && std::ranges::any_of(entries, member)) return {};
    for (const auto& e : entries) {
      const auto path = join_path(directory, e.name);
      if (e.type == FileType::directory) CHECKED(add(path, depth + 1));
      const auto name = path_below(path, root_);
      if (out_.contains(name) || e.type == FileType::directory) continue;
      if (first_bad_utf8(name) != std::string::npos) {
        // Of the instance's own directory that is a finding.
        if (depth == 0) continue;
        return refused("a name that is not UTF-8", path);
      }
      if (e.type == FileType::link) return refused("a link, which is not followed", path);
      if (e.type != FileType::file) return refused("not a regular file", path);
      TRY(auto digest, disk_.digest_below(root_, name));
      out_.emplace(name, CoveredFile{std::move(digest), CoveredFile::Role::witnessed});
    }
    return {};
  }

 private:
  static tl::unexpected<Error> refused(const char* why, const std::string& path) {
    return tl::unexpected<Error>(Error{Code::input, why, {}, path, {}});
  }

  Disk& disk_;
  const std::string& root_;
  CoveredFiles& out_;
};

// What an instance leads to in its own kernel, as it was when it was judged. The proofs of its actions are covered with
// it; the rest is sealed on its own, or goes on.
template <class Records>
void reached(const std::string& root, const Records& records, CoveredFile::Role role, CoveredFiles& out) {
  for (const auto* record : records) {
    if (record->file.starts_with(root + "/") && !record->sha256.empty())
      out.try_emplace(path_below(record->file, root), CoveredFile{record->sha256, role});
  }
}

// `whole`: there is nothing in its directory but its own files.
Result<CoveredFiles> covered(Disk& disk, const CheckedKernel& kernel, const InstanceRecord& instance,
                             const Join::Found& found, const Join& join, bool whole) {
  using enum CoveredFile::Role;
  CoveredFiles out;
  const auto& root = kernel.place.root;
  const auto own = [&](bool of_witnessed) {
    for (const auto& file : instance.files) {
      if (file.witnessed != of_witnessed) continue;
      const auto path = file.name.empty() ? instance.directory : join_path(instance.directory, file.name);
      out.try_emplace(path_below(path, root), CoveredFile{Digest(to_hex({file.sha256.data(), file.sha256.size()})),
                                                          file.witnessed ? witnessed : covered});
    }
  };
  Actions proofs, sessions;
  for (const auto* list : {&found.by_urn, &found.by_instance}) {
    for (const auto* action : *list) {
      if (action->source == ActionSource::proof) proofs.push_back(action);
      if (action->source == ActionSource::session) sessions.push_back(action);
    }
  }
  own(false);
  reached(root, proofs, covered, out);
  reached(root, join.proofs_of(kernel, instance), covered, out);
  own(true);
  reached(root, sessions, witnessed, out);
  // Sealed on its own, where it was asked for, too; else with what it led to.
  std::vector<const DecisionRecord*> beside, with;
  for (const auto* one : found.decisions) (in_scope(kernel.place, one->file) ? beside : with).push_back(one);
  reached(root, with, covered, out);
  reached(root, beside, witnessed, out);
  reached(root, found.tasks, witnessed, out);
  reached(root, found.goals, witnessed, out);
  reached(root, found.proposals, witnessed, out);
  for (const auto& [path, digest] : kernel.own_files) out.try_emplace(path, CoveredFile{digest, witnessed});
  if (!whole && disk.info(instance.directory).type == FileType::directory)
    CHECKED(Attachments(disk, root, out).add(instance.directory));
  return out;
}

// What is told of the instance comes from the bytes that were judged, or not at all.
Result<void> check_reached(FileCache& cache, const Join::Found& found) {
  const auto all = [&](const auto& records) -> Result<void> {
    for (const auto* record : records) {
      if (!record->sha256.empty()) CHECKED(cache.as_judged(record->file, record->sha256));
    }
    return {};
  };
  CHECKED(all(found.by_urn));
  CHECKED(all(found.by_instance));
  CHECKED(all(found.tasks));
  CHECKED(all(found.decisions));
  CHECKED(all(found.proposals));
  return all(found.goals);
}

}  // namespace

Result<CoveredFiles> covered_files(Disk& disk, const CheckedKernel& kernel, const InstanceRecord& instance,
                                   const Join& join) {
  return covered(disk, kernel, instance, join.of(kernel, instance), join, instance.whole);
}

void describe_kernel(Converter& converter, const CheckedKernel& kernel, const Options& options, Draft& draft) {
  converter.kernel(kernel.info);
  if (converter.edges().empty()) return;
  draft.conditional.insert(draft.conditional.end(), converter.edges().begin(), converter.edges().end());
  Converter(draft.otherwise, convert_options(kernel, options)).kernel(kernel.info);
}

Result<Draft> assemble(Disk& disk, const CheckedKernel& kernel, const InstanceRecord& instance, const Join& join,
                       const std::string& urn, const Options& options) {
  ReadOptions read = options.read;
  read.digests = true;
  const auto files = read_instance(disk, kernel.place, instance.directory, read);
  if (own_files(files) != instance.files) {
    return fail(Code::world, instance.directory + " changed while it was being judged",
                "run it again when nothing writes to it");
  }
  const auto found = join.of(kernel, instance);
  FileCache cache(disk, kernel.place, options.read);
  CHECKED(check_reached(cache, found));
  Draft draft;
  draft.id = record_id(kernel, urn);
  draft.kind = name_of(RecordKind::instance);
  draft.owner = instance.directory, draft.root = kernel.place.root;
  TRY(draft.files, covered(disk, kernel, instance, found, join, files.whole));
  Converter converter(draft.graph, with_kernels(kernel, join, options));
  converter.instance(files, instance, kernel.info, urn);
  convert_reached(converter, cache, instance, found, Conditional(draft.graph, kernel.place.root, draft.conditional));
  describe_kernel(converter, kernel, options, draft);
  // What was made by an action whose own proof failed is not sealed, even where nothing says yet that it is.
  const auto failed = std::find_if(found.by_urn.begin(), found.by_urn.end(), [](const auto* a) { return a->failed; });
  if (failed != found.by_urn.end()) {
    Finding f;
    f.rule = "PROOF-011", f.file = (*failed)->file, f.at = (*failed)->urn.at, f.message = "the action's proof failed";
    draft.against.push_back(std::move(f));
  }
  return draft;
}

void convert_kernel(Disk& disk, const CheckedKernel& kernel, const Join& join, const std::string& standard_input,
                    const Options& options, Statements& out) {
  Converter converter(out.graph, without_graph(kernel, join, options, &out.files));
  const bool stream = kernel.place.loose && kernel.place.root.empty();
  FileCache cache(disk, kernel.place, options.read);
  const SourceFile none;
  const bool scoped = !kernel.place.scope.empty() && !kernel.place.loose;
  for (const auto& instance : kernel.instances) {
    if (stream || !instance.judged) continue;
    auto files = read_instance(disk, kernel.place, instance.directory, options.read);
    converter.instance(files, instance, kernel.info, join.urn_of(kernel, instance));
    const auto found = join.of(kernel, instance);
    // One instance is converted with what it reaches; a whole kernel's records come below.
    if (scoped) convert_reached(converter, cache, instance, found);
    for (const auto* action : found.by_instance) converter.joined(instance, *action);
  }
  if (stream) {
    const auto convert = [&](SourceFile line, bool) {
      if (!line.doc || classify(line.doc->root()) != RecordKind::instance) return;
      InstanceFiles files;
      files.directory = files.name = files.manifest.path = "-";
      files.manifest.doc = std::move(line.doc);
      const auto record = extract_instance(files);
      converter.instance(files, record, kernel.info, record.urn);
    };
    if (!each_laid_out("-", standard_input, [&](SourceFile file) { convert(std::move(file), false); }))
      each_line("-", standard_input, convert);
  }
  for (const auto& action : kernel.actions) {
    if (!in_scope(kernel.place, action.file)) continue;
    const bool file = action.source == ActionSource::proof && !stream;
    converter.action(file ? cache.get(action.file) : none, action);
  }
  for (const auto& task : kernel.tasks) {
    if (in_scope(kernel.place, task.file)) converter.task(stream ? none : cache.get(task.file), task);
  }
  for (const auto& goal : kernel.goals) {
    if (in_scope(kernel.place, goal.file)) converter.goal(stream ? none : cache.get(goal.file), goal);
  }
  for (const auto& decision : kernel.decisions) {
    if (!stream && in_scope(kernel.place, decision.file) && cache.get(decision.file).doc)
      converter.decision(cache.get(decision.file), decision);
  }
  if (!kernel.place.loose) {
    for (const auto& path : list_kernel(disk, kernel.place, options.read).record_files) {
      if (!in_scope(kernel.place, path)) continue;
      const auto file = read_source(disk, path, kernel.place.root, options.read);
      if (!file.doc) continue;
      const auto kind = classify(file.doc->root(), path);
      if (kind == RecordKind::proposal) converter.proposal(file);
      if (kind == RecordKind::session) converter.session(file);
    }
  }
  converter.kernel(kernel.info);
  if (!scoped) converter.proof_totals(kernel.info);
}

namespace {

// Old term -> new text, for instances of a kernel that are known by another name, their proofs and the proofs' checks.
class NewNames {
 public:
  NewNames(const CheckedKernel& kernel, const Join& join, const Graph& statements) : statements_(statements) {
    for (const auto& instance : kernel.instances) {
      if (!join.ambiguous(kernel, instance)) continue;
      if (const auto old = named(instance.urn)) names_.emplace(old, iri_text(join.urn_of(kernel, instance)));
    }
    if (!names_.empty()) proofs(kernel.info.names.front());
  }
  bool empty() const { return names_.empty(); }
  const std::string* of(TermId old) const {
    const auto found = names_.find(old);
    return found == names_.end() ? nullptr : &found->second;
  }
  // What records say of an instance by its plain name stays as they wrote it; that a proof is about it says the
  // converter, in the instance's own name.
  bool of_object(const Quad& q) const { return (q.p == derived_ && proofs_.contains(q.s)) || checks_.contains(q.o); }

 private:
  TermId named(const std::string& iri) const { return statements_.terms().find(iri_text(iri)); }

  void proofs(std::string_view kernel) {
    const auto type = named(std::string(vocab::rdf) + "type");
    derived_ = named(std::string(vocab::prov) + "wasDerivedFrom");
    std::set<TermId> records, about;
    for (const auto& q : statements_.quads()) {
      if (q.p == type && statements_.terms().text(q.o).ends_with("ProofRecord>")) records.insert(q.s);
      if (q.p == derived_ && names_.contains(q.o)) about.insert(q.s);
    }
    for (const auto proof : about) {
      if (records.contains(proof)) rename(proof, kernel);
    }
  }
  void rename(TermId proof, std::string_view kernel) {
    const auto before = std::string(bare_iri(statements_.terms().text(proof)));
    const auto after = instance_urn(before.substr(before.find('#') + 1), kernel);
    if (after.empty()) return;
    names_.emplace(proof, iri_text(after));
    proofs_.insert(proof);
    for (std::size_t i = 0;; ++i) {
      const auto check = named(check_urn(before, i));
      if (!check) return;
      names_.emplace(check, iri_text(check_urn(after, i)));
      checks_.insert(check);
    }
  }

  const Graph& statements_;
  TermId derived_ = 0;
  std::map<TermId, std::string> names_;
  std::set<TermId> proofs_, checks_;
};

}  // namespace

void qualify(const CheckedKernel& kernel, const Join& join, Graph& statements) {
  const NewNames names(kernel, join, statements);
  if (names.empty()) return;
  Graph out;
  auto& terms = out.terms();
  const auto same = [&](TermId id) { return terms.intern(statements.terms().text(id)); };
  const auto renamed = [&](TermId id) {
    const auto* name = names.of(id);
    return name ? terms.intern(*name) : same(id);
  };
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto& q = statements.quads()[i];
    const auto s = renamed(q.s);
    out.add({s, same(q.p), names.of_object(q) ? renamed(q.o) : same(q.o), q.g ? same(q.g) : 0}, statements.span(i));
  }
  statements = std::move(out);
}

void convert_links(const CheckedKernel& kernel, const Join& join, const Options& options, Statements& out) {
  Converter converter(out.graph, without_graph(kernel, join, options, &out.files));
  for (const auto& part : kernel.statements) converter.count(part.totals);
  for (const auto& instance : kernel.instances) {
    for (const auto* action : join.by_instance(kernel, instance)) converter.joined(instance, *action);
  }
  converter.kernel(kernel.info);
  converter.proof_totals(kernel.info);
}

}  // namespace provgate::ckp
