#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iterator>

#include "cli/cli.hpp"

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
// A mapped file was cut short by somebody else.
extern "C" void on_lost_page(int) {
  static constexpr char k_text[] = "error: a file changed while it was read\nhelp: run it again when nobody writes to the data\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, k_text, sizeof k_text - 1);
  ::_exit(k_world);
}

int dispatch(int argc, char** argv, Context& context) {
  CLI::App app{"provgate: the gate between work and trust. Checks provenance records, seals them, publishes them, and says where a thing comes from."};
  app.name("provgate");
  app.set_version_flag("--version", "provgate " PROVGATE_VERSION);
  app.require_subcommand(1);
  app.footer(exit_codes_text());
  int code = k_ok;
  for (const auto& verb : verbs()) {
    auto* sub = app.add_subcommand(verb.name, verb.about);
    verb.flags(*sub, context.flags);
    sub->callback([&, run = verb.run] { code = run(context); });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& e) {
    return app.exit(e, context.out, context.err), k_ok;
  } catch (const CLI::CallForVersion& e) {
    return app.exit(e, context.out, context.err), k_ok;
  } catch (const CLI::ParseError& e) {
    context.err << "error: " << e.what() << "\n";
    if (argc > 1 && argv[1][0] != '-') {
      std::vector<std::string_view> names;
      bool known = false;
      for (const auto& verb : verbs()) {
        names.emplace_back(verb.name);
        known = known || names.back() == argv[1];
      }
      if (const auto near = closest(argv[1], names); near && !known) context.err << "help: did you mean " << *near << "?\n";
    }
    context.err << "more: provgate --help\n";
    return k_usage;
  }
  return code;
}

}  // namespace

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> table = {
      {"check", "Judge records: kernels, instances, proofs, tasks, decisions; and RDF data with SHACL shapes", flags_check, run_check},
      {"convert", "Write records as PROV-O", flags_convert, run_convert},
      {"urn", "Explain CKP URNs", flags_urn, run_urn},
      {"seal", "Seal what conforms into the ledger", flags_seal, run_seal},
      {"verify", "Compare sealed records with what lies there now", flags_verify, run_verify},
      {"publish", "Send sealed records to a SPARQL endpoint", flags_publish, run_publish},
      {"status", "What the store holds, and what is not yet published", flags_status, run_status},
      {"trace", "Where does this come from: what, how, who, why", flags_trace, run_trace},
      {"query", "Run a SPARQL query on the store, or on an endpoint", flags_query, run_query},
      {"audit", "Run a query of the library: audit list, audit NAME", flags_audit, run_audit},
      {"rules", "List the rules", flags_rules, run_rules},
      {"explain", "A rule with its reason and examples", flags_explain, run_explain},
  };
  return table;
}

void add_paths(CLI::App& app, Flags& flags, bool required, bool stream) {
  auto* option = app.add_option("PATH", flags.paths, stream ? "Fleet, kernel, instance or file; - reads one JSON record a line" : "Fleet, kernel or instance");
  if (required) option->required();
}

void add_reading(CLI::App& app, Flags& flags) {
  app.add_option("--profile", flags.profile, "ckp-v3.5, ckp-v3.6 or ckp-v3.7 (default: what the directory says)");
  app.add_option("--urns", flags.urns, "URN grammar: strict, lenient or legacy")->capture_default_str();
  app.add_option("--kernel", flags.kernel, "Kernel name for records that do not lie in a kernel directory");
  app.add_option("--fleet", flags.fleet, "Project hostname; names the graph");
  app.add_option("--threads", flags.threads, "Threads (default: all)");
  app.add_option("--max-file-size", flags.max_file_size, "Largest record file in bytes")->capture_default_str();
}

void add_store(CLI::App& app, Flags& flags) { app.add_option("--store", flags.store, "Store directory (default: PROVGATE_STORE, then $XDG_DATA_HOME/provgate)"); }
void add_quiet(CLI::App& app, Flags& flags) { app.add_flag("--quiet,-q", flags.quiet, "Say less"); }

int exit_of(const Error& error) {
  switch (error.code) {
    case Code::usage: return k_usage;
    case Code::input: return k_unreadable;
    case Code::nothing: return k_nothing;
    case Code::integrity: return k_integrity;
    case Code::world:
    case Code::disk_full: return k_world;
    case Code::bug: break;
  }
  return k_bug;
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

int worse(int a, int b) {
  for (const int code : {static_cast<int>(k_bug), static_cast<int>(k_world), static_cast<int>(k_integrity), static_cast<int>(k_unreadable),
                         static_cast<int>(k_findings), static_cast<int>(k_nothing)}) {
    if (a == code || b == code) return code;
  }
  return a ? a : b;
}

Result<Severity> severity_of(const std::string& name) {
  for (const auto s : {Severity::info, Severity::warning, Severity::error}) {
    if (name_of(s) == name) return s;
  }
  return fail(Code::usage, "unknown severity " + quote(name), "error, warning or info");
}

Result<CheckOptions> check_options(const Flags& flags) {
  CheckOptions options;
  options.read.max_file_size = flags.max_file_size;
  options.threads = flags.threads;
  options.fleet_host = flags.fleet;
  options.kernel_name = flags.kernel;
  if (!flags.profile.empty()) {
    options.profile = parse_profile(flags.profile);
    if (!options.profile) return fail(Code::usage, "unknown profile " + quote(flags.profile), "ckp-v3.5, ckp-v3.6 or ckp-v3.7");
  }
  const auto urns = parse_urn_profile(flags.urns);
  if (!urns) return fail(Code::usage, "unknown URN grammar " + quote(flags.urns), "strict, lenient or legacy");
  options.urns = *urns;
  if (!flags.kernel.empty() && !is_kernel_name(flags.kernel)) return fail(Code::usage, "not a kernel name: " + quote(flags.kernel), "segments that begin upper-case, such as Delvinator.Core");
  if (!flags.fleet.empty() && fleet_urn(flags.fleet).empty()) return fail(Code::usage, "not a hostname: " + quote(flags.fleet));
  return options;
}

bool colour_wanted() {
  if (const char* off = std::getenv("NO_COLOR"); off && *off) return false;
  if (const char* on = std::getenv("CLICOLOR_FORCE"); on && *on && std::string_view(on) != "0") return true;
  return ::isatty(STDOUT_FILENO) == 1;
}

std::size_t terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) != 1 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

std::string read_all(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

int run(int argc, char** argv, std::istream& in, std::ostream& out, std::ostream& err) {
  ::signal(SIGINT, on_interrupt);
  ::signal(SIGBUS, on_lost_page);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error to report, not a reason to die
  try {
    Context context{real_world(), {}, out, err, in};
    const int code = dispatch(argc, argv, context);
    out.flush();
    if (!out) {
      err << "error: the output could not be written\n";
      return k_world;
    }
    return code;
  } catch (const std::bad_alloc&) {
    err << "error: out of memory\n";
    return k_world;
  } catch (const std::exception& e) {
    err << "error: a fault of provgate itself: " << e.what() << "\nhelp: please report it with the command that led here\n";
    return k_bug;
  }
}

}  // namespace provgate::cli
