// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "provgate/report/report.hpp"

namespace provgate {
namespace {

class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}
  std::string severity(Severity s, const std::string& text) const {
    return code(s == Severity::error ? "1;31" : s == Severity::warning ? "1;33" : "1;36", text);
  }
  std::string bold(const std::string& text) const { return code("1", text); }
  std::string dim(const std::string& text) const { return code("2", text); }

 private:
  std::string code(const char* number, const std::string& text) const {
    return on_ ? "\x1b[" + std::string(number) + "m" + text + "\x1b[0m" : text;
  }
  bool on_;
};

constexpr std::size_t k_widest = 160;

// A long source line is cut to a window round the caret; control characters never reach the terminal.
struct Window {
  std::string text;
  std::size_t caret = 0, width = 1;
};
Window window_of(const std::string& line, const Place& at) {
  std::vector<std::string> cells;
  std::string safe = line;
  if (first_bad_utf8(safe) != std::string::npos) safe = quote(safe);
  for (std::size_t pos = 0; pos < safe.size();) {
    const std::size_t from = pos;
    const char32_t c = next_code_point(safe, pos);
    cells.push_back(c == '\t' ? " " : is_hidden(c) ? "·" : safe.substr(from, pos - from));
  }
  Window out;
  const std::size_t column = at.column ? at.column - 1 : 0;
  const std::size_t end = at.end_line == at.line && at.end_column > at.column ? at.end_column - 1 : column + 1;
  std::size_t begin = column > k_widest / 2 && cells.size() > k_widest ? column - k_widest / 4 : 0;
  const std::size_t stop = std::min(cells.size(), begin + k_widest);
  if (begin) out.text = "…";
  out.caret = column - begin + (begin ? 1 : 0);
  for (std::size_t i = begin; i < stop; ++i) out.text += cells[i];
  if (stop < cells.size()) out.text += "…";
  out.width = std::max<std::size_t>(1, std::min(end, stop) > column ? std::min(end, stop) - column : 1);
  return out;
}

std::string one(const Finding& f, const Paint& paint) {
  std::string out = paint.severity(f.severity, std::string(name_of(f.severity)) + "[" + f.rule + "]") +
                    paint.bold(": " + printable(f.message)) + "\n";
  // A node that the data do not mention stands nowhere but in its shape.
  std::string where = !f.file.empty() ? printable(f.file) : f.source.shape.empty() ? "(no file)" : "(not in the data)";
  if (f.at.line) where += ":" + std::to_string(f.at.line) + ":" + std::to_string(f.at.column);
  out += "  " + paint.dim("-->") + " " + where + "\n";
  if (f.at.line && !f.snippet.empty()) {
    const auto number = std::to_string(f.at.line);
    auto at = f.at;
    at.column -= std::min(at.column - 1, f.snippet_column - 1);
    if (at.end_line == at.line && at.end_column) at.end_column -= std::min(at.end_column - 1, f.snippet_column - 1);
    const auto shown = window_of(f.snippet, at);
    out += paint.dim(number + " |") + " " + shown.text + "\n";
    out += paint.dim(std::string(number.size(), ' ') + " |") + " " + std::string(shown.caret, ' ') +
           paint.severity(f.severity, std::string(shown.width, '^')) + "\n";
  }
  if (!f.focus.empty()) out += "  = about " + printable(f.focus) + "\n";
  if (!f.expected.empty())
    out += "  = expected " + printable(f.expected) + (f.found.empty() ? "" : ", found " + quote(f.found, 80)) + "\n";
  for (const auto& why : f.source.because) out += "  = because " + printable(why) + "\n";
  if (!f.source.shape.empty()) {
    out += "  = shape " + printable(f.source.shape);
    if (f.source.at.line)
      out += " at " + printable(f.source.file) + ":" + std::to_string(f.source.at.line) + ":" +
             std::to_string(f.source.at.column);
    out += f.source.component.empty() ? "\n" : ", " + printable(f.source.component) + "\n";
  }
  if (!f.fix.empty()) out += "help: " + printable(f.fix) + "\n";
  return out + paint.dim("more: provgate explain " + f.rule) + "\n\n";
}

std::string score_line(const std::string& name, const Score& score, const Words& words) {
  std::string out = "  " + name + "  ";
  if (score.of == 0) {
    out += "no decidable " + std::string(words.record.one);
  } else {
    char percent[16];
    std::snprintf(percent, sizeof percent, "%.1f",
                  100.0 * static_cast<double>(score.conforming) / static_cast<double>(score.of));
    out += std::to_string(score.conforming) + "/" + std::to_string(score.of) + "  " + percent + " %";
  }
  if (score.undecidable) out += "  (" + std::to_string(score.undecidable) + " not decidable)";
  return out + "\n";
}

std::string score_lines(const SystemReport& one) {
  const auto& words = one.system->words();
  const auto& reading = *one.reading;
  std::string out = std::string(words.score) + "\n";
  constexpr std::size_t k_most = 20;
  std::size_t shown = 0;
  Score all;
  for (std::size_t c = 0; c < reading.size(); ++c) {
    all.conforming += one.scores[c].conforming, all.of += one.scores[c].of;
    all.undecidable += one.scores[c].undecidable;
    if (reading.records(c) == 0 || ++shown > k_most) continue;
    const auto& at = reading.collection(c);
    out += score_line(!at.name.empty()  ? printable(at.name)
                      : at.root.empty() ? "-"
                                        : printable(at.root),
                      one.scores[c], words);
  }
  if (shown > k_most) {
    out += "  … and " + plural(shown - k_most, "more " + std::string(words.collection.one)) + "\n";
  }
  if (shown != 1) out += score_line(std::string(words.whole), all, words);
  return out;
}

// How many of a kind, by the words of the system that has it.
std::string counted_kind(const std::string& kind, std::uint64_t n) {
  for (const auto* system : systems()) {
    for (const auto& noun : system->kinds()) {
      if (noun.one == kind) return plural(n, noun.one, noun.many);
    }
  }
  return plural(n, kind);
}

// The systems of which something was found; without any, all of them.
std::vector<const SystemReport*> found_systems(const CheckReport& report) {
  std::vector<const SystemReport*> out, all;
  for (const auto& one : report.systems) {
    all.push_back(&one);
    if (one.reading->size() > 0) out.push_back(&one);
  }
  return out.empty() ? all : out;
}

std::string records_summary(const CheckReport& report) {
  std::string out, kinds, collections;
  for (const auto* one : found_systems(report)) {
    out += score_lines(*one);
    const auto& words = one->system->words().collection;
    collections += (collections.empty() ? "" : " and ") + plural(one->reading->size(), words.one, words.many);
  }
  for (const auto& [kind, n] : report.records) kinds += (kinds.empty() ? "" : ", ") + counted_kind(kind, n);
  return out + "checked " + plural(report.record_count, "record") + (kinds.empty() ? "" : " (" + kinds + ")") + " in " +
         collections + "\n";
}

// Why nothing could be decided, by the words of the systems whose records those are.
std::string undecided_summary(const CheckReport& report) {
  std::string out;
  for (const auto& one : report.systems) {
    const bool any = std::any_of(one.scores.begin(), one.scores.end(), [](const auto& s) { return s.undecidable; });
    const auto& words = one.system->words();
    if (any) {
      out +=
          "nothing could be decided: " + std::string(words.undecided) + "\nhelp: " + std::string(words.decide) + "\n";
    }
  }
  return out;
}

std::string skipped_summary(const CheckReport& report) {
  std::string out, skipped;
  for (std::size_t i = 0; i < k_skip_reasons; ++i) {
    if (report.skipped.counts[i])
      skipped += (skipped.empty() ? "" : ", ") + describe(static_cast<SkipReason>(i), report.skipped.counts[i]);
  }
  if (!skipped.empty())
    out += "skipped " + skipped + (report.skipped.paths.empty() ? " (--list-skipped names them)" : "") + "\n";
  for (const auto& [path, reason] : report.skipped.paths)
    out += "  " + printable(path) + "  (" + describe(reason, 1).substr(2) + ")\n";
  return out;
}

// What the shapes looked at: evidence that something was checked.
std::string shapes_summary(const ShaclRun& run, bool coverage, bool all_read) {
  const auto& report = run.report;
  std::string out = "shapes: " + plural(report.coverage.shapes, "shape with a target", "shapes with a target") + " (" +
                    plural(report.coverage.targets, "target") + "), " +
                    plural(report.coverage.focus_nodes, "focus node") + ", " + plural(report.coverage.checks, "check") +
                    ", " + plural(report.results.size(), "result") + (report.cut ? " shown, more were left out" : "") +
                    "\n";
  if (report.partial) out += "only what was asked for was looked at\n";
  for (const auto& shape : report.skipped) out += "skipped: the shape " + printable(shape) + "\n";
  if (report.untouched) out += "the change affects no focus node\n";
  if (coverage) {
    out += "classes of the data that no shape looks at: " +
           std::string(report.coverage.classes_unseen.empty() ? "none" : "") + "\n";
    for (const auto& cls : report.coverage.classes_unseen) out += "  " + printable(cls) + "\n";
  }
  if (report.vacuous) {
    out += std::string(run.allow_vacuous ? "vacuous" : "nothing was checked") + ": " + printable(report.nothing) + "\n";
    if (run.allow_vacuous) return out;
  }
  if (!all_read)
    return out + (report.conforms ? "not everything could be read: there is no verdict on the rest\n"
                                  : "the data do not conform to the shapes\n");
  return out + (report.conforms ? (report.vacuous ? "" : "the data conform to the shapes\n")
                                : "the data do not conform to the shapes\n");
}

std::string kind_of(const Finding& f) {
  return f.rule != "SHACL-002" ? f.rule : f.rule + std::string(name_of(f.severity)) + message_kind(f.message);
}

// One message for many alike, with three places.
std::string counted(const std::vector<const Finding*>& alike, const Paint& paint) {
  constexpr std::size_t k_examples = 3;
  const auto& f = *alike.front();
  std::string out = paint.severity(f.severity, std::string(name_of(f.severity)) + "[" + f.rule + "]") +
                    paint.bold(": " + printable(f.message)) + "\n  " + paint.dim("-->") + " ";
  for (std::size_t i = 0; i < k_examples && i < alike.size(); ++i) {
    out +=
        (i ? ", " : "") + printable(alike[i]->file) +
        (alike[i]->at.line ? ":" + std::to_string(alike[i]->at.line) + ":" + std::to_string(alike[i]->at.column) : "");
  }
  return out +
         (alike.size() > k_examples
              ? " and " + with_commas(alike.size() - k_examples) + " more like this (--all-warnings shows them)\n"
              : "\n") +
         (f.fix.empty() ? "" : "help: " + printable(f.fix) + "\n") + "\n";
}

// Errors one by one. Of warnings and infos that are alike, some are shown and the others are counted: a tree of ten
// thousand collections fits on a screen, and so do three hundred shapes without a target. What may be a slip of the pen
// is always shown.
std::string listed(const std::vector<Finding>& findings, const HumanOptions& options, const Paint& paint) {
  constexpr std::uint64_t k_most_alike = 3;
  struct Alike {
    std::uint64_t count = 0;
    std::set<std::string_view> files;
  };
  std::map<std::string, Alike> alike;
  std::map<std::string, std::vector<const Finding*>> kinds;  // of shapes
  constexpr std::size_t k_most_slips = 10;
  std::map<std::string, std::size_t> slips;
  for (const auto& f : findings) {
    if (f.severity != Severity::error && f.fix.starts_with("did you mean")) ++slips[kind_of(f)];
  }
  const auto single = [&](const Finding& f) {
    return f.severity == Severity::error || options.all ||
           (f.fix.starts_with("did you mean") && slips[kind_of(f)] <= k_most_slips);
  };
  for (const auto& f : findings) {
    if (single(f) || f.severity < options.least) continue;
    auto& a = alike[kind_of(f)];
    ++a.count, a.files.insert(f.file);
    if (f.rule == "SHACL-002") kinds[kind_of(f)].push_back(&f);
  }
  std::string out;
  std::set<std::string> told;
  for (const auto& f : findings) {
    if (f.severity < options.least) continue;
    const auto kind = single(f) ? std::string{} : kind_of(f);
    const auto hit = kind.empty() ? alike.end() : alike.find(kind);
    if (hit == alike.end() || hit->second.count <= (f.rule == "SHACL-002" ? 1 : k_most_alike)) {
      out += one(f, paint);
      continue;
    }
    if (!told.insert(kind).second) continue;
    if (f.rule == "SHACL-002") {
      out += counted(kinds[kind], paint);
      continue;
    }
    auto first = one(f, paint);
    first.pop_back();
    out += first + "and " + plural(hit->second.count - 1, "more " + std::string(name_of(f.severity))) + " of " +
           f.rule + " in " + plural(hit->second.files.size(), "file") + " (--all shows them)\n\n";
  }
  return out;
}

}  // namespace

std::string report_human(const CheckReport& report, const HumanOptions& options) {
  const Paint paint(options.colour);
  std::string out;
  if (!options.quiet) out += listed(report.findings, options, paint);
  if (report.record_count || (!report.rdf_files && (report.collections() || !report.shacl)))
    out += records_summary(report);
  out += skipped_summary(report);
  if (report.shacl && (!report.shacl->shipped || options.coverage))
    out += shapes_summary(*report.shacl, options.coverage, !report.unreadable());
  out += plural(report.count(Severity::error), "error") + ", " + plural(report.count(Severity::warning), "warning") +
         ", " + plural(report.count(Severity::info), "info", "infos") + "\n";
  if (report.left_out) out += "shapes were skipped: there is no verdict on the whole (--allow-partial accepts that)\n";
  if (report.undecided()) out += undecided_summary(report);
  const bool unshaped = report.rdf_files && (!report.shacl || report.shacl->shipped);
  if (unshaped)
    out += plural(report.rdf_statements, "statement") + " in " + plural(report.rdf_files, "RDF file") + " read\n";
  if (unshaped && !report.syntax_only)
    out += "no RDF data was checked: no shapes were given (--shapes FILE; --syntax-only when reading is enough)\n";
  if (!report.shacl && report.record_count == 0 && !report.rdf_files)
    out += "nothing was checked: no record was found here\n";
  return out;
}

void fill_snippets(Disk& disk, std::vector<Finding>& findings) {
  std::string path;
  std::optional<SourceText> text;
  for (auto& f : findings) {
    if (!f.snippet.empty() || !f.at.line || f.file.empty() || f.file == "-") continue;
    if (f.file != path || !text) {
      path = f.file;
      auto bytes = disk.read(f.file, 64ULL << 20);
      text = bytes ? std::optional<SourceText>(SourceText(f.file, std::move(*bytes))) : std::nullopt;
    }
    if (!text) continue;
    auto shown = text->window(f.at.line, f.at.column);
    f.snippet = std::move(shown.text), f.snippet_column = shown.column;
  }
}

std::string explain_rule(const Rule& rule) {
  std::string out = rule.id + "  " + std::string(name_of(rule.severity)) + "\n" + rule.title + "\n\n" + rule.why +
                    "\n\nsource: " + rule.source + "\nfix: " + rule.fix + "\n";
  const auto example = [&](const char* label, const ExampleTree& tree, const std::vector<std::string>& shown) {
    out += std::string("\n") + label + "\n";
    for (const auto& path : shown) {
      const auto text = tree.find(path);
      if (text == tree.end()) continue;
      out += "  " + printable(path) + "\n";
      for (const auto line : split(text->second, '\n'))
        out += "    " + std::string(line.substr(0, 400)) + (line.size() > 400 ? "…" : "") + "\n";
    }
  };
  example("breaks it:", rule.bad, rule.shown_bad);
  example("keeps it:", rule.good, rule.shown_good);
  return out;
}

std::string message_kind(std::string_view message) {
  std::string out;
  const auto size = std::min(message.find("; no shape "), message.size());
  for (std::size_t at = 0; at < size;) {
    const char c = message[at];
    if (c == '<' || c == '"') {
      const auto end = message.find(c == '<' ? '>' : '"', at + 1);
      at = end == std::string_view::npos ? message.size() : end + 1;
      out += "*";
      continue;
    }
    const auto end = std::min(message.find(' ', at), message.size());
    const auto word = message.substr(at, end - at);
    const auto colon = word.find(':');
    const bool name = (colon != std::string_view::npos && colon + 1 < word.size()) ||
                      word.find_first_of("0123456789") != std::string_view::npos;
    out += name ? "*" : std::string(word);
    out += " ";
    at = end + 1;
  }
  return out;
}

}  // namespace provgate
