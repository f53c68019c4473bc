// Reads kernels in parallel, judges each record on the thread that read it, then looks across records on one thread.
#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/pages.hpp"
#include "base/parallel.hpp"
#include "check/assemble.hpp"
#include "check/rdf_data.hpp"
#include "check/shapes_run.hpp"
#include "check/sink.hpp"
#include "check/worker.hpp"
#include "io/watched_disk.hpp"

namespace provgate {
namespace {

// The records' statements, made while their documents are there; with shapes only.
ConvertOptions statement_options(const CheckedKernel& kernel, UrnProfile urns) {
  return {kernel.version, Modelling::clean, urns, {}};
}

// Files or instance directories that one task reads.
constexpr std::size_t k_most_units = 512;
constexpr std::size_t k_let_go = 48;  // slots that are put together before their memory is given back

template <class T>
void move_all(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

class Engine {
 public:
  Engine(const World& world, const CheckOptions& options, const std::vector<std::string>& paths)
      : world_(world),
        options_(options),
        threads_(thread_count(options.threads)),
        now_(world.clock.now_micros()),
        named_(paths.begin(), paths.end()) {}

  void kernel(const KernelPlace& place) {
    auto checked = open(place);
    const KernelContext context{checked.place, checked.info, options_, checked.version, now_, world_.disk};
    auto walk = list_kernel(world_.disk, place, options_.read);
    const std::set<std::string> outside(place.files.begin(), place.files.end());
    const auto tops = walk.instance_tops.size(), records = walk.record_files.size(),
               units = tops + records + walk.action_ledgers.size();
    const auto each = std::clamp<std::size_t>(units / (std::size_t{threads_} * 16), 1, k_most_units);
    const bool convert = options_.shapes.records && place.scope.empty() && !place.loose;
    std::vector<Slot> slots((units + each - 1) / each);
    parallel_for(slots.size(), threads_, [&](std::size_t s) {
      auto& slot = slots[s];
      std::optional<Converter> converter;
      if (convert) {
        auto& part = slot.part.emplace();
        auto wanted = statement_options(checked, options_.urns);
        wanted.files = &part.files;
        converter.emplace(part.graph, std::move(wanted));
      }
      Worker worker(context, slot, converter ? &*converter : nullptr);
      for (auto i = s * each; i < std::min(units, (s + 1) * each); ++i) {
        if (i < tops) {
          for (auto& files : read_instances(world_.disk, place, walk.instance_tops[i], options_.read))
            worker.instance(std::move(files));
        } else if (i < tops + records) {
          const auto& path = walk.record_files[i - tops];
          one_file(worker, place, path,
                   named_.contains(path)    ? Worker::Standing::named
                   : outside.contains(path) ? Worker::Standing::found
                                            : Worker::Standing::listed);
        } else {
          lines(worker, walk.action_ledgers[i - tops - records], true);
        }
      }
      if (converter) slot.part->totals = converter->totals();
    });
    Sink sink(place.root);
    check_kernel(context, sink);
    // A problem belongs to the entry it is about, not to the whole kernel.
    limit_.move(walk.problems, report_.findings);
    limit_.move(sink.findings(), report_.findings);
    if (checked.info.yaml.doc && (place.scope.empty() || place.scope.paths().contains(place.yaml))) {
      ++report_.records["kernel"];
      ++report_.record_count;
    }
    report_.skipped.add(std::move(walk.skipped));
    gather(checked, slots);
    proofs_of_nobody(context, checked, walk.own_proofs);
    report_.kernels.push_back(std::move(checked));
  }

  /// One JSON record a line; or one record laid out over lines, where the first line is no record of its own.
  void stream(const std::string& text) {
    KernelPlace place;
    place.loose = true;
    auto checked = open(place);
    const KernelContext context{checked.place, checked.info, options_, checked.version, now_, world_.disk};
    std::vector<Slot> slots(1);
    Worker worker(context, slots[0], nullptr);
    if (each_laid_out("-", text, [&](const SourceFile& file) { worker.record(file); })) {
      gather(checked, slots);
    } else {
      chunks(context, checked, text);
    }
    report_.kernels.push_back(std::move(checked));
  }

  CheckReport finish() {
    std::vector<Finding> links;
    check_links(report_, options_, links);
    limit_.move(links, report_.findings);
    apply_scopes();
    for (auto& kernel : report_.kernels) {
      for (const auto& instance : kernel.instances) {
        if (!instance.judged) continue;
        if (!instance.decidable && instance.conforming) {
          ++kernel.score.undecidable;
          continue;
        }
        ++kernel.score.of;
        kernel.score.conforming += instance.conforming;
      }
      report_.score.of += kernel.score.of;
      report_.score.conforming += kernel.score.conforming;
      report_.score.undecidable += kernel.score.undecidable;
    }
    // Beside instances that were decided, one that was not is a hole in the verdict.
    for (auto& f : report_.findings) {
      if (f.rule == "PROV-009" && report_.score.of > 0) f.severity = Severity::error;
    }
    limit_.report(report_.findings);
    std::stable_sort(report_.findings.begin(), report_.findings.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.file, a.at.line, a.at.column, a.rule, a.message) <
             std::tie(b.file, b.at.line, b.at.column, b.rule, b.message);
    });
    return std::move(report_);
  }

 private:
  CheckedKernel open(const KernelPlace& place) {
    CheckedKernel checked;
    checked.place = place;
    checked.version = options_.profile.value_or(place.version);
    checked.info = read_kernel(world_.disk, place, options_.read);
    if (!options_.kernel_name.empty() && checked.info.names.empty()) {
      checked.info.names.push_back(options_.kernel_name);
      if (!checked.info.version.empty()) checked.info.urn = kernel_urn(options_.kernel_name, checked.info.version);
    }
    return checked;
  }

  // A proof that lies where sealing writes them is read with its instance; without one it is a record like any other.
  void proofs_of_nobody(const KernelContext& context, CheckedKernel& checked, const std::vector<std::string>& proofs) {
    if (proofs.empty()) return;
    std::unordered_set<std::string_view> ids;
    for (const auto& instance : checked.instances) ids.insert(instance.id);
    std::vector<Slot> slot(1);
    for (const auto& path : proofs) {
      if (ids.contains(base_name(parent_path(path)))) continue;
      Worker(context, slot[0], nullptr).record(read_source(world_.disk, path, checked.place, options_.read));
    }
    gather(checked, slot);
  }

  void one_file(Worker& worker, const KernelPlace& place, const std::string& path, Worker::Standing standing) {
    if (place.loose && (path.ends_with(".jsonl") || path.ends_with(".ndjson"))) return lines(worker, path, false);
    worker.record(read_source(world_.disk, path, place, options_.read), standing);
  }

  // A stream is read chunk by chunk: what is kept grows with what was found, not with what was read.
  void chunks(const KernelContext& context, CheckedKernel& checked, std::string_view text) {
    constexpr std::size_t k_chunk_bytes = 1 << 20;
    struct Chunk {
      std::string_view text;
      std::uint32_t first_line;
    };
    // What is kept of a record is small, but not nothing: a stream without end must not take all memory.
    constexpr std::size_t k_most_records = 2'000'000;
    std::uint32_t line = 1;
    while (!text.empty()) {
      if (checked.instances.size() + checked.actions.size() + checked.tasks.size() + checked.decisions.size() >
          k_most_records) {
        Finding f;
        f.rule = "INPUT-003", f.severity = Severity::error, f.unreadable = true, f.file = "-",
        f.at = {line, 1, line, 2};
        f.message = "standard input holds more than " + with_commas(k_most_records) +
                    " records; what follows here was not read";
        f.fix = "split it";
        report_.findings.push_back(std::move(f));
        return;
      }
      std::vector<Chunk> batch;
      while (!text.empty() && batch.size() < std::size_t{threads_} * 4) {
        const auto end = text.size() <= k_chunk_bytes ? std::string_view::npos : text.find('\n', k_chunk_bytes);
        const auto piece = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
        batch.push_back({piece, line});
        line += static_cast<std::uint32_t>(std::count(piece.begin(), piece.end(), '\n'));
        text.remove_prefix(piece.size());
      }
      std::vector<Slot> slots(batch.size());
      parallel_for(slots.size(), threads_, [&](std::size_t i) {
        Worker worker(context, slots[i], nullptr);
        each_line("-", batch[i].text, [&](SourceFile file, bool) { worker.record(file); }, batch[i].first_line);
      });
      gather(checked, slots);
    }
  }

  // One record a line: of an action ledger, or of any kind.
  void lines(Worker& worker, const std::string& path, bool ledger) {
    const auto text = world_.disk.read(path, options_.read.max_file_size);
    if (!text) {
      SourceFile broken;
      broken.path = path;
      broken.error = text.error();
      worker.record(broken);
      return;
    }
    auto records = std::string_view(*text);
    if (records.starts_with(k_byte_order_mark)) records.remove_prefix(k_byte_order_mark.size());
    each_line(path, records, [&](const SourceFile& line, bool torn) {
      ledger ? worker.ledger_line(line, torn) : worker.record(line);
    });
  }

  void gather(CheckedKernel& checked, std::vector<Slot>& slots) {
    std::size_t instances = 0, let_go = 0;
    for (const auto& slot : slots) instances += slot.instances.size();
    if (checked.instances.empty()) checked.instances.reserve(instances);
    for (auto& slot : slots) {
      move_all(checked.instances, slot.instances);
      move_all(checked.actions, slot.actions);
      move_all(checked.tasks, slot.tasks);
      move_all(checked.goals, slot.goals);
      move_all(checked.decisions, slot.decisions);
      move_all(checked.proposals, slot.proposals);
      move_all(checked.others, slot.others);
      slot.limit.report(slot.findings);
      limit_.move(slot.findings, report_.findings);
      for (const auto& [kind, n] : slot.kinds) {
        if (n) report_.records[std::string(name_of(kind))] += n;
        report_.record_count += n;
      }
      report_.skipped.add(std::move(slot.skipped));
      if (slot.part) checked.statements.push_back(std::move(*slot.part));
      slot = {};
      if (++let_go % k_let_go == 0) give_back_memory();
    }
  }

  // With scopes, the rest of the kernel was read as context only.
  void apply_scopes() {
    std::unordered_map<std::string, const CheckedKernel*> roots, scoped;
    std::unordered_set<std::string> loose;  // named as what they are, wherever they lie
    for (const auto& kernel : report_.kernels) {
      if (kernel.place.loose) {
        loose.insert(kernel.place.files.begin(), kernel.place.files.end());
        loose.insert(kernel.place.tops.begin(), kernel.place.tops.end());
      } else {
        roots.emplace(kernel.place.root, &kernel);
        if (!kernel.place.scope.empty()) scoped.emplace(kernel.place.root, &kernel);
      }
    }
    if (scoped.empty()) return;
    // What an instance in scope reaches belongs to it: a broken proof is its fault, too.
    const Reach reach(report_, options_.urns);
    std::unordered_set<std::string> reached;
    for (const auto& [root, kernel] : scoped) {
      for (const auto& instance : kernel->instances) {
        if (!instance.judged) continue;
        const auto found = reach.of(*kernel, instance);
        for (const auto* action : found.by_urn) reached.insert(action->file);
        for (const auto* action : found.by_instance) reached.insert(action->file);
        reached.insert(own_proof_path(kernel->place, instance));
      }
    }
    // A finding is of the nearest kernel above it; one that lies in another kernel's directory keeps its own.
    const auto kernel_of = [&](const std::string& file) -> const CheckedKernel* {
      if (loose.contains(file)) return nullptr;
      for (auto at = file.rfind('/'); at != std::string::npos && at != 0; at = file.rfind('/', at - 1)) {
        if (loose.contains(file.substr(0, at))) return nullptr;
        if (const auto hit = roots.find(file.substr(0, at)); hit != roots.end()) return hit->second;
      }
      return nullptr;
    };
    std::erase_if(report_.findings, [&](const Finding& f) {
      const auto* kernel = roots.contains(f.file) ? nullptr : kernel_of(f.file);
      return kernel && !kernel->place.scope.empty() && !in_scope(kernel->place, f.file) &&
             !in_scope(kernel->place, f.owner) && !reached.contains(f.file);
    });
  }

  const World& world_;
  const CheckOptions& options_;
  unsigned threads_;
  std::int64_t now_;
  FindingLimit limit_;
  std::set<std::string> named_;  ///< paths as the user gave them
  CheckReport report_;
};

}  // namespace

// Directories that hold no kernel may hold RDF data.
static std::vector<std::string> data_below(Disk& disk, const std::vector<std::string>& paths,
                                           const std::vector<KernelPlace>& places, const CheckOptions& options,
                                           std::vector<std::string>& rdf, CheckReport& report) {
  std::vector<std::string> rest;
  Skipped skipped;
  const auto below = [](const std::string& path, const std::string& top) {
    return path == top || path.starts_with(top + "/");
  };
  for (const auto& path : paths) {
    const auto real = disk.real_path(path);
    const bool kernel = std::any_of(places.begin(), places.end(), [&](const KernelPlace& place) {
      if (place.loose) return false;
      const auto root = disk.real_path(place.root);
      return !real || !root || below(*root, *real) || below(*real, *root);
    });
    std::vector<std::string> found;
    if (!kernel && real && disk.info(*real).type == FileType::directory)
      found = rdf_below(disk, path, options.shapes.files, options.read.list_skipped, skipped, report);
    if (found.empty()) rest.push_back(path);
    rdf.insert(rdf.end(), found.begin(), found.end());
  }
  // Where there are no records, what the search for them skipped was looked at again as RDF.
  if (report.record_count == 0 && rest.size() < paths.size()) report.skipped = std::move(skipped);
  return rest;
}

static tl::unexpected<Error> fail_at(const std::string& path, const std::string& what) {
  return tl::unexpected<Error>(Error{Code::input,
                                     what + ", which provgate does not read",
                                     "turn it into Turtle, N-Triples or JSON records",
                                     path,
                                     {}});
}

static Result<CheckReport> check_watched(const World& world, const std::vector<std::string>& paths,
                                         const std::string& standard_input, const CheckOptions& options) {
  Engine engine(world, options, paths);
  std::vector<std::string> records, rdf;
  bool stream = false;
  for (const auto& path : paths) {
    if (path == "-") {
      stream = true;
    } else {
      const bool is_rdf = is_rdf_file(world.disk, path) || (options.shapes.rdf && is_rdf_content(world.disk, path));
      (is_rdf ? rdf : records).push_back(path);
    }
  }
  if (stream) engine.stream(standard_input);
  TRY(const auto places, find_kernels(world.disk, records, options.read));
  for (const auto& place : places) engine.kernel(place);
  auto report = engine.finish();
  report.syntax_only = options.shapes.syntax_only;
  for (const auto& path : rdf) {
    if (const auto what = unread_rdf(path); !what.empty()) return fail_at(path, what);
  }
  if (!options.shapes.rdf && !rdf.empty()) {
    return tl::unexpected<Error>(Error{Code::usage,
                                       "RDF data is named, and only check, convert and query read it",
                                       "provgate check " + rdf.front() + " --shapes FILE",
                                       rdf.front(),
                                       {}});
  }
  auto named = records;
  if (options.shapes.rdf) named = data_below(world.disk, records, places, options, rdf, report);
  const bool data = !rdf.empty() || !options.shapes.data.empty();
  check_named(world.disk, named, data, report);
  if (stream && (data || paths.size() > 1)) check_stream(standard_input, report);
  CHECKED(check_shapes(world, rdf, standard_input, options, report));
  return report;
}

Result<CheckReport> check_paths(const World& world, const std::vector<std::string>& paths,
                                const std::string& standard_input, const CheckOptions& options) {
  WatchedDisk disk(world.disk);
  auto report = check_watched({disk, world.clock, world.http, world.random}, paths, standard_input, options);
  const auto failed = disk.failure();
  if (!failed || !report) return report;
  const bool said = std::any_of(report->findings.begin(), report->findings.end(),
                                [&](const Finding& f) { return f.world && f.file == failed->file; });
  if (said) return report;
  // Whoever asked took the failure for an answer: nothing that was judged with it holds, so the finding belongs to no
  // record alone.
  Sink sink("");
  auto& f = sink.add("INPUT-003", failed->file, {}, failed->why);
  f.unreadable = f.world = true;
  std::move(sink.findings().begin(), sink.findings().end(), std::back_inserter(report->findings));
  return report;
}

}  // namespace provgate
