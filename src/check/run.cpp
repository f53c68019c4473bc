// SPDX-License-Identifier: Apache-2.0
// Has every system's records read in parallel, then lets each system look across what was read on one thread.
#include <algorithm>
#include <tuple>

#include "base/pages.hpp"
#include "base/parallel.hpp"
#include "check/rdf_data.hpp"
#include "check/shapes_run.hpp"
#include "check/steps.hpp"
#include "io/snapshot_disk.hpp"
#include "io/watched_disk.hpp"

namespace provgate {
namespace {

// Units that one task reads.
constexpr std::size_t k_most_units = 512;

class Run {
 public:
  Run(const CheckOptions& options, SnapshotDisk& disk) : threads_(thread_count(options.threads)), disk_(disk) {}

  void read(std::vector<SystemReport> systems) {
    keep_what_is_loose(systems);
    for (auto& one : systems) {
      for (std::size_t c = 0; c < one.reading->size(); ++c) collection(*one.reading, c);
    }
    report_.systems = std::move(systems);
  }

  CheckReport finish() {
    for (auto& one : report_.systems) {
      auto links = one.reading->link();
      limit_.move(links, report_.findings);
      for (const auto& f : report_.findings) {
        const bool not_looked_at = f.unreadable || f.passed_over || f.world;
        if (not_looked_at && f.severity == Severity::error) report_.not_looked_at.push_back(f);
      }
      one.reading->narrow(report_.findings);
      score(one);
    }
    // Beside records that were decided, one that was not is a hole in the verdict.
    for (auto& f : report_.findings) {
      if (f.undecided && report_.score.of > 0) f.severity = Severity::error;
    }
    limit_.report(report_.findings);
    std::stable_sort(report_.findings.begin(), report_.findings.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.file, a.at.line, a.at.column, a.rule, a.message) <
             std::tie(b.file, b.at.line, b.at.column, b.rule, b.message);
    });
    return std::move(report_);
  }

 private:
  // What lies in no collection may be looked at again: whether it is RDF, and when it is converted.
  void keep_what_is_loose(const std::vector<SystemReport>& systems) {
    std::vector<std::string> roots;
    for (const auto& one : systems) {
      for (std::size_t c = 0; c < one.reading->size(); ++c) {
        const auto& at = one.reading->collection(c);
        if (!at.loose) roots.push_back(at.root + "/");
      }
    }
    disk_.keep_only([roots = std::move(roots)](const std::string& path) {
      return std::none_of(roots.begin(), roots.end(), [&](const auto& root) { return path.starts_with(root); });
    });
  }

  void collection(Reading& reading, std::size_t c) {
    const auto units = reading.units(c);
    const bool stream = reading.collection(c).stream;
    // A stream is read in rounds: what is kept grows with what was found, not with what was read.
    const auto each = stream ? 1 : std::clamp<std::size_t>(units / (std::size_t{threads_} * 16), 1, k_most_units);
    const auto round = stream ? std::size_t{threads_} * 4 : std::max<std::size_t>(units, 1);
    for (std::size_t begin = 0; begin < units; begin += round) {
      const auto end = std::min(units, begin + round);
      std::vector<std::unique_ptr<Part>> parts((end - begin + each - 1) / each);
      parallel_for(parts.size(), threads_, [&](std::size_t p) {
        parts[p] = reading.read(c, begin + p * each, std::min(end, begin + (p + 1) * each));
      });
      std::size_t let_go = 0;
      for (auto& part : parts) {
        take(reading, c, std::move(part));
        if (++let_go % k_let_go == 0) give_back_memory();
      }
    }
    take(reading, c, reading.whole(c));
  }

  void take(Reading& reading, std::size_t c, std::unique_ptr<Part> part) {
    part->limit.report(part->findings);
    limit_.move(part->findings, report_.findings);
    for (const auto& [kind, n] : part->kinds) {
      if (!n) continue;
      const auto known = report_.records.find(kind);
      (known == report_.records.end() ? report_.records[std::string(kind)] : known->second) += n;
      report_.record_count += n;
    }
    report_.skipped.add(std::move(part->skipped));
    reading.take(c, std::move(part));
  }

  void score(SystemReport& one) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) {
      auto& score = one.scores.emplace_back();
      for (std::size_t i = 0; i < one.reading->records(c); ++i) {
        const auto record = one.reading->record(c, i);
        if (!record.judged) continue;
        if (!record.decidable && record.conforming) {
          ++score.undecidable;
          continue;
        }
        ++score.of;
        score.conforming += record.conforming;
      }
      report_.score.of += score.of;
      report_.score.conforming += score.conforming;
      report_.score.undecidable += score.undecidable;
    }
  }

  unsigned threads_;
  SnapshotDisk& disk_;
  FindingLimit limit_;
  CheckReport report_;
};

// Directories that hold no collection may hold RDF data.
std::vector<std::string> data_below(Disk& disk, const std::vector<std::string>& paths, const CheckOptions& options,
                                    std::vector<std::string>& rdf, CheckReport& report) {
  std::vector<std::string> rest;
  Skipped skipped;
  const auto below = [](const std::string& path, const std::string& top) {
    return path == top || path.starts_with(top + "/");
  };
  for (const auto& path : paths) {
    const auto real = disk.real_path(path);
    bool of_records = false;
    each_collection(report, [&](const SystemReport& one, std::size_t c) {
      const auto& collection = one.reading->collection(c);
      if (of_records || collection.loose) return;
      // What lies in the root of a collection beside it may be data.
      for (const auto& own : collection.beside ? one.reading->judged_paths(c) : std::vector{collection.root}) {
        const auto root = disk.real_path(own);
        of_records = of_records || !real || !root || below(*root, *real) || below(*real, *root);
      }
    });
    std::vector<std::string> found;
    if (!of_records && real && disk.info(*real).type == FileType::directory) {
      found = rdf_below(disk, path, options.shapes.files, options.read.list_skipped, skipped, report);
    }
    if (found.empty()) rest.push_back(path);
    rdf.insert(rdf.end(), found.begin(), found.end());
  }
  // Where there are no records, what the search for them skipped was looked at again as RDF.
  if (report.record_count == 0 && rest.size() < paths.size()) report.skipped = std::move(skipped);
  return rest;
}

tl::unexpected<Error> fail_at(const std::string& path, const std::string& what) {
  return tl::unexpected<Error>(Error{Code::input,
                                     what + ", which provgate does not read",
                                     "turn it into Turtle, N-Triples or JSON records",
                                     path,
                                     {}});
}

Result<void> known_profile(const std::string& name) {
  if (name.empty() || find_profile(name)) return {};
  std::string all;
  for (const auto* system : systems()) {
    for (const auto& profile : system->profiles()) all += (all.empty() ? "" : ", ") + profile.name;
  }
  return fail(Code::usage, "unknown profile " + quote(name), all);
}

}  // namespace

Result<std::vector<SystemReport>> open_systems(const World& world, Asking asking) {
  std::vector<SystemReport> out;
  for (const auto* system : systems()) {
    // What an earlier system has found is left alone.
    const bool any = std::any_of(out.begin(), out.end(), [](const auto& one) { return one.reading->size() > 0; });
    if (any) {
      asking.taken = [&out](const std::string& path) {
        return std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.reading->claims(path); });
      };
    }
    asking.foreign = [&world, system](const std::string& directory) {
      return std::ranges::any_of(
          systems(), [&](const auto* other) { return other != system && other->is_root(world.disk, directory); });
    };
    TRY(auto reading, system->open(world, asking));
    // A stream is one system's.
    for (std::size_t c = 0; c < reading->size(); ++c) {
      if (reading->collection(c).stream) asking.stream = nullptr;
    }
    out.push_back({system, std::move(reading), {}, {}});
  }
  return out;
}

Result<NamedPaths> named_paths(Disk& disk, const std::vector<std::string>& paths, const CheckOptions& options) {
  NamedPaths out;
  for (const auto& path : paths) {
    if (path == "-") {
      out.stream = true;
    } else {
      const bool is_rdf = is_rdf_file(disk, path) || (options.shapes.rdf && is_rdf_content(disk, path));
      (is_rdf ? out.rdf : out.records).push_back(path);
    }
  }
  for (const auto& path : out.rdf) {
    if (const auto what = unread_rdf(path); !what.empty()) return fail_at(path, what);
  }
  if (!options.shapes.rdf && !out.rdf.empty()) {
    return tl::unexpected<Error>(Error{Code::usage,
                                       "RDF data is named, and only check, convert and query read it",
                                       "provgate check " + out.rdf.front() + " --shapes FILE",
                                       out.rdf.front(),
                                       {}});
  }
  return out;
}

Result<ReadPaths> read_paths(const World& given, const std::vector<std::string>& paths,
                             const std::string& standard_input, const CheckOptions& options) {
  CHECKED(known_profile(options.profile));
  SnapshotDisk disk(given.disk);
  const World world{disk, given.clock, given.http, given.random};
  TRY(auto given_paths, named_paths(disk, paths, options));
  auto& [records, rdf, stream] = given_paths;
  Run run(options, disk);
  Asking asking{records,
                stream ? &standard_input : nullptr,
                options.read,
                options.profile,
                options.settings,
                options.judge,
                options.statements || options.shapes.records,
                {},
                {}};
  TRY(auto opened, open_systems(world, std::move(asking)));
  for (auto& one : opened) {
    for (std::size_t c = 0; c < one.reading->size(); ++c) {
      const auto& at = one.reading->collection(c);
      one.roots.push_back(at.loose || at.stream ? FileIdentity{} : given.disk.identity(at.root));
    }
  }
  run.read(std::move(opened));
  ReadPaths out{run.finish(), std::move(rdf)};
  auto& report = out.report;
  report.syntax_only = options.shapes.syntax_only;
  auto named = records;
  if (options.shapes.rdf) named = data_below(world.disk, records, options, out.rdf, report);
  const bool data = !out.rdf.empty() || !options.shapes.data.empty();
  check_named(world.disk, named, data, report);
  if (stream && (data || paths.size() > 1)) check_stream(standard_input, report);
  return out;
}

static Result<CheckReport> check_watched(const World& world, const std::vector<std::string>& paths,
                                         const std::string& standard_input, const CheckOptions& options) {
  TRY(auto read, read_paths(world, paths, standard_input, options));
  CHECKED(check_shapes(world, read.rdf, options, read.report));
  return std::move(read.report);
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

Result<Graph> convert_report(Disk& disk, const CheckReport& report) {
  Graph out;
  for (const auto& one : report.systems) {
    TRY(auto graph, one.reading->convert(disk));
    if (out.empty()) {
      out = std::move(graph);
    } else {
      out.append(graph, out.terms().merge(std::move(graph.terms())), 0);
    }
  }
  return out;
}

}  // namespace provgate
