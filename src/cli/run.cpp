// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include "cli/cli.hpp"
#include "cli/output.hpp"
#include "store/guard.hpp"

namespace provgate::cli {
namespace {

std::string exit_codes_text() {
  std::string out = "Exit codes:\n";
  const auto line = [&](int number, const char* meaning) {
    const auto text = std::to_string(number);
    out += "  " + std::string(4 - text.size(), ' ') + text + "  " + meaning + "\n";
  };
#define EXIT_CODE(number, name, meaning) line(number, meaning);
#include "cli/exit_codes.def"
#undef EXIT_CODE
  return out;
}

extern "C" void on_interrupt(int) { ::_exit(k_interrupted); }

// A mapped page is not there, or an address is none. While the store is read that is the store's fault, not the
// program's.
extern "C" void on_lost_page(int signal, siginfo_t* info, void*) {
  const auto say = [](std::string_view text, int code) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(code);
  };
  switch (store_fault_at(info->si_addr)) {
    case StoreFault::damaged:
      say("error: the store is damaged: it cannot be read where it should be\nhelp: restore it from a copy\n",
          k_integrity);
      break;
    case StoreFault::busy:
      say("error: the store is busy: it is being written, and this user may not lock it\nhelp: try again later\n",
          k_world);
      break;
    case StoreFault::none: break;
  }
  if (signal == SIGBUS)
    say("error: a file changed while it was read\nhelp: run it again when nobody writes to the data\n", k_world);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void catch_faults() {
  ::signal(SIGINT, on_interrupt);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error to report, not a reason to die
  // Sanitizers report bad addresses themselves.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  constexpr bool k_segv = true;
#else
  constexpr bool k_segv = false;
#endif
  struct sigaction action{};
  action.sa_sigaction = on_lost_page;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigaction(SIGBUS, &action, nullptr);
  if (k_segv) ::sigaction(SIGSEGV, &action, nullptr);
}

// "help" is "--help", "help VERB" is "VERB --help", "version" is "--version".
std::vector<std::string> spelled_out(int argc, char** argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (words.empty()) return words;
  if (words[0] == "version") words[0] = "--version";
  if (words[0] != "help") return words;
  words.erase(words.begin());
  std::erase_if(words, [](const auto& word) { return word.starts_with('-'); });
  words.resize(std::min<std::size_t>(words.size(), 2));
  words.emplace_back("--help");
  return words;
}

// The verb or option that was probably meant.
std::optional<std::string> meant(const CLI::App& app, const std::vector<std::string>& words) {
  if (words.empty()) return {};
  std::vector<std::string> names;
  const CLI::App* verb = nullptr;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
    if (names.back() == words[0]) verb = sub;
  }
  // Within a group the next word is the verb.
  if (verb && !verb->get_subcommands([](const CLI::App*) { return true; }).empty())
    return meant(*verb, {words.begin() + 1, words.end()});
  const auto nearest = [](const std::string& word, const std::vector<std::string>& all) {
    return closest(word, {all.begin(), all.end()});
  };
  if (!verb)
    return nearest(words[0], words[0].starts_with('-') ? std::vector<std::string>{"--help", "--version"} : names);
  std::vector<std::string> options = {"--help"};
  for (const auto* option : verb->get_options()) {
    for (const auto& name : option->get_lnames()) options.push_back("--" + name);
  }
  for (const auto& word : words) {
    const auto name = word.substr(0, word.find('='));
    if (name.size() < 3 || !name.starts_with("--") || std::find(options.begin(), options.end(), name) != options.end())
      continue;
    return nearest(name, options);
  }
  return {};
}

/// How the verb takes it that its output cannot be written.
struct Ending {
  bool finishes = false;     ///< see Verb::writes
  bool needs_output = true;  ///< without it the verb has failed
};

bool needs_output(const Verb& verb, const Flags& flags) {
  const auto to_program = [](const std::string& output) {
    return output.find('=') == std::string::npos && output != "human" && output != "text";
  };
  // A dry run does nothing: what it prints is what it is for.
  return !verb.judges || flags.dry_run || std::any_of(flags.outputs.begin(), flags.outputs.end(), to_program);
}

// The verbs that a system brings, those of a group below its word.
void add_verbs_of(CLI::App& app, Context& context, const System& system, int& code, Ending& ending) {
  std::map<std::string_view, CLI::App*> groups;
  for (const auto& verb : system.verbs()) {
    auto*& below = groups.try_emplace(verb.group, verb.group.empty() ? &app : nullptr).first->second;
    if (!below) {
      below = app.add_subcommand(std::string(verb.group), std::string(system.about_verbs()));
      below->require_subcommand(1);
    }
    auto* sub = below->add_subcommand(std::string(verb.name), std::string(verb.about));
    flags_of_system(*sub, context.flags, verb);
    sub->callback([&context, &verb, &code, &ending] {
      ending = {verb.writes, !verb.writes};
      const auto run = [&verb](Context& at) { return run_of_system(at, verb); };
      code = verb.keeps && !verb.writes ? steady(context, run) : run(context);
    });
  }
}

// A value that is empty, as a variable of a script is that was never set, means nothing, and would be taken for none.
void refuse_empty_values(CLI::App& app) {
  for (auto* option : app.get_options([](const CLI::Option*) { return true; })) {
    if (option->get_items_expected_max() > 0)
      option->check([](const std::string& text) { return text.empty() ? "is empty" : std::string{}; });
  }
  for (auto* below : app.get_subcommands([](CLI::App*) { return true; })) refuse_empty_values(*below);
}

bool has_verb(const CLI::App& app, const std::string& name) {
  const auto all = app.get_subcommands([](const CLI::App*) { return true; });
  return std::any_of(all.begin(), all.end(), [&](const auto* verb) { return verb->get_name() == name; });
}

int dispatch(int argc, char** argv, Context& context, Ending& ending) {
  CLI::App app{
      "provgate: the gate between work and trust. Checks provenance records, seals them, publishes them, and says "
      "where a thing comes from."};
  app.name("provgate");
  app.set_version_flag("--version", "provgate " PROVGATE_VERSION);
  app.require_subcommand(1);
  app.footer(exit_codes_text());
  int code = k_ok;
  for (const auto& verb : verbs()) {
    auto* sub = app.add_subcommand(verb.name, verb.about);
    verb.flags(*sub, context.flags);
    sub->callback([&, &verb = verb] {
      ending = {verb.writes, needs_output(verb, context.flags)};
      code = verb.reads_store ? steady(context, verb.run) : verb.run(context);
    });
  }
  for (const auto* system : systems()) add_verbs_of(app, context, *system, code, ending);
  refuse_empty_values(app);
  const auto words = spelled_out(argc, argv);
  const bool help = argc > 2 && std::string_view(argv[1]) == "help";
  if (help && !has_verb(app, words[0])) {
    const auto near = meant(app, words);
    return report_error(context, {Code::usage,
                                  "no verb " + quote(words[0]),
                                  near ? "did you mean " + *near + "?" : "see provgate --help",
                                  {},
                                  {}});
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp& e) {
    return app.exit(e, context.out, context.err), k_ok;
  } catch (const CLI::CallForVersion& e) {
    return app.exit(e, context.out, context.err), k_ok;
  } catch (const CLI::ParseError& e) {
    context.err << "error: " << printable(e.what()) << "\n";
    if (const auto near = meant(app, words)) context.err << "help: did you mean " << *near << "?\n";
    context.err << "more: provgate --help\n";
    return k_usage;
  }
  return code;
}

}  // namespace

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> table = {
      {"check", "Judge records, and RDF data with SHACL shapes", flags_check, run_check, false, false, true},
      {"convert", "Write records as PROV-O", flags_convert, run_convert, false, false, false},
      {"seal", "Seal what conforms into the ledger", flags_seal, run_seal, false, true, true},
      {"verify", "Compare sealed records with what lies there now", flags_verify, run_verify, true, false, true},
      {"log", "The entries of the ledger", flags_log, run_log, true, false, false},
      {"keygen", "Make a key that signs checkpoints of the ledger", flags_keygen, run_keygen, false, true, false},
      {"prove", "Write a proof that a record stands in the ledger, or that it has only grown", flags_prove, run_prove,
       true, false, false},
      {"fsck", "Hold the tables of the store against its ledger", flags_fsck, run_fsck, true, false, true},
      {"publish", "Send sealed records to a SPARQL endpoint", flags_publish, run_publish, false, true, true},
      {"status", "What the store holds, and what is not yet published", flags_status, run_status, true, false, false},
      {"trace", "Where does this come from: what, how, who, why", flags_trace, run_trace, true, false, false},
      {"query", "Run a SPARQL query on the store, or on an endpoint", flags_query, run_query, true, false, false},
      {"audit", "Run a query of the library: audit list, audit NAME", flags_audit, run_audit, true, false, false},
      {"rules", "List the rules", flags_rules, run_rules, false, false, false},
      {"explain", "A rule with its reason and examples", flags_explain, run_explain, false, false, false},
  };
  return table;
}

int report_error(Context& context, const Error& error) {
  context.err << "error: " << printable(error.why) << "\n";
  if (!error.file.empty()) {
    context.err << "  --> " << printable(error.file);
    if (error.at.line) context.err << ":" << error.at.line << ":" << error.at.column;
    context.err << "\n";
  }
  if (!error.help.empty()) context.err << "help: " << printable(error.help) << "\n";
  return exit_of(error);
}

Result<Severity> severity_of(const std::string& name) {
  for (const auto s : {Severity::info, Severity::warning, Severity::error}) {
    if (name_of(s) == name) return s;
  }
  return fail(Code::usage, "unknown severity " + quote(name), "error, warning or info");
}

Result<CheckOptions> check_options(const Flags& flags) {
  CheckOptions options;
  options.shapes.rdf = false;  // where a verb reads it, it says so
  options.read.max_file_size = flags.max_file_size;
  options.read.list_skipped = flags.list_skipped;
  options.read.follow_links_inside = flags.follow_links_inside;
  options.threads = flags.threads;
  options.profile = flags.profile, options.settings = flags.settings;
  return options;
}

bool colour_wanted() {
  if (!environment("NO_COLOR").empty()) return false;
  if (const auto on = environment("CLICOLOR_FORCE"); !on.empty() && on != "0") return true;
  return ::isatty(STDOUT_FILENO) == 1;
}

std::size_t terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string read_some(std::istream& in, std::size_t most) {
  std::string out(most, '\0');
  in.read(out.data(), static_cast<std::streamsize>(most));
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

Result<std::string> read_records(std::istream& in, std::uint64_t max_line, std::string head) {
  constexpr std::uint64_t k_most_bytes = 2ULL << 30, k_most_lines = 20'000'000;
  std::string out, piece(1 << 20, '\0');
  std::uint64_t lines = 0, since_line_end = 0;
  const auto next = [&]() -> std::string_view {
    if (!head.empty()) {
      piece = std::exchange(head, {});
      return piece;
    }
    piece.resize(1 << 20);
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    return std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount()));
  };
  for (auto got = next(); !got.empty(); got = next()) {
    out += got;
    lines += static_cast<std::uint64_t>(std::count(got.begin(), got.end(), '\n'));
    const auto last = got.rfind('\n');
    since_line_end = last == std::string_view::npos ? since_line_end + got.size() : got.size() - last - 1;
    if (since_line_end > max_line)
      return fail(Code::input, "a line of standard input has more than " + with_commas(max_line) + " bytes",
                  "raise the limit with --max-file-size BYTES");
    if (lines > k_most_lines || out.size() > k_most_bytes) {
      return fail(Code::input,
                  "standard input has more than " + with_commas(lines > k_most_lines ? k_most_lines : k_most_bytes) +
                      (lines > k_most_lines ? " lines" : " bytes"),
                  "split it");
    }
  }
  return out;
}

void emit(Context& context, std::string_view text) {
  if (::isatty(STDOUT_FILENO) != 1) {
    context.out << text;
    return;
  }
  constexpr std::size_t k_longest_line = 1 << 20;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto left_out = line.size() > k_longest_line ? line.size() - k_longest_line : 0;
    line = line.substr(0, k_longest_line);
    for (std::size_t at = 0; at <= line.size();) {
      const auto tab = std::min(line.find('\t', at), line.size());
      context.out << printable(line.substr(at, tab - at));
      if (tab < line.size()) context.out << '\t';
      at = tab + 1;
    }
    if (left_out) context.out << "… (" << with_commas(left_out) << " more bytes)";
    if (end != std::string_view::npos) context.out << '\n';
  }
}

void say_finding(Context& context, const Finding& f) {
  context.err << name_of(f.severity) << "[" << f.rule << "]: " << printable(f.message) << "\n  --> "
              << printable(f.file);
  if (f.at.line) context.err << ":" << f.at.line << ":" << f.at.column;
  context.err << "\n";
}

std::string read_all(std::istream& in) {
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

int run(int argc, char** argv, std::istream& in, std::ostream& out, std::ostream& err) {
  catch_faults();
  try {
    Context context{real_world(), {}, out, err, in};
    Ending ending;
    const int code = dispatch(argc, argv, context, ending);
    out.flush();
    if (out) return code;
    // Whoever reads may have seen enough; what was written elsewhere is written all the same.
    const auto* output = dynamic_cast<const Output*>(out.rdbuf());
    if (output && output->reader_gone()) return ending.finishes ? code : k_reader_gone;
    if (output && output->closed() && !ending.needs_output) return code;
    err << "error: the output could not be written" << (output && output->closed() ? ": standard output is closed" : "")
        << "\n";
    return worse(code, k_world);
  } catch (const std::bad_alloc&) {
    err << "error: out of memory\n";
    return k_world;
  } catch (const std::system_error& e) {
    err << "error: the system refused: " << e.what()
        << "\nhelp: too many threads, files or too little memory are the usual causes\n";
    return k_world;
  } catch (const std::exception& e) {
    err << "error: a fault of provgate itself: " << printable(e.what())
        << "\nhelp: please report it with the command that led here\n";
    return k_bug;
  }
}

}  // namespace provgate::cli
