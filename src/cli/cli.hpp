// SPDX-License-Identifier: Apache-2.0
// The command line: one file a verb, one table of flags.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/environment.hpp"
#include "provgate/check/check.hpp"
#include "provgate/io/io.hpp"
#include "provgate/requests/requests.hpp"

namespace CLI {
class App;
}

namespace provgate {
enum class SealResult;
struct VerifyReport;
struct StoreCheck;
struct Head;
struct PublishAnswer;
}  // namespace provgate

namespace provgate::cli {

enum Exit : int {
#define EXIT_CODE(number, name, meaning) k_##name = number,
#include "cli/exit_codes.def"
#undef EXIT_CODE
};

/// Every flag any verb takes, with its default. Each verb registers those it understands.
struct Flags {
  std::vector<std::string> paths, outputs, shapes, focus, shape, data, set, contexts, skip_shapes;
  std::string changed;
  std::size_t max_results = 0;
  std::uint64_t shape_timeout_ms = 0;
  bool fail_fast = false, stats = false, require_targets = false, allow_vacuous = false, timestamps = false,
       syntax_only = false, allow_partial = false, strict = false, entry_only = false, complete = false, repair = false;
  std::string profile, fail_on = "error", store, to, on, graph, format, data_format, query, query_text, urn, name,
                       expect_head, key, public_key, checkpoint, since, replaces, passphrase_file;
  unsigned threads = 0;
  std::uint64_t max_file_size = 64ULL << 20;
  std::optional<std::uint64_t> wait_seconds;
  std::optional<std::size_t> sealed_at_once;
  std::size_t batch = 50'000;
  std::uint64_t timeout_ms = 10'000, max_rows = 1'000'000, max_memory_mib = 256;
  bool quiet = false, dry_run = false, require = false, all = false, list_skipped = false, follow_links_inside = false;
  Settings settings;  ///< of the systems' own flags
};

struct Context {
  World world;
  Flags flags;
  std::ostream& out;
  std::ostream& err;
  std::istream& in;
};

/// A verb: what it is called, one sentence, which flags, what it does. Returns an exit code.
struct Verb {
  const char* name;
  const char* about;
  void (*flags)(CLI::App&, Flags&);
  int (*run)(Context&);
  bool reads_store;  ///< it only reads the store
  bool writes;       ///< it finishes what it began, also when nobody reads its output any more
  bool judges;       ///< its exit code is its answer; what it prints explains it
};
const std::vector<Verb>& verbs();

/// What --graph names: "default" is the default graph; nothing where it was not given.
std::optional<GraphName> named_graph(const Flags& flags);

// Groups of flags that several verbs share.
void add_paths(CLI::App& app, Flags& flags, bool required = true, bool stream = false);
/// `uses`: which flags of the systems the verb takes beside those for reading.
void add_reading(CLI::App& app, Flags& flags, std::initializer_list<SystemFlag::Use> uses = {});
void add_links(CLI::App& app, Flags& flags);  ///< for verbs that only read
void add_store(CLI::App& app, Flags& flags);
void add_flag_of(CLI::App& app, Flags& flags, const SystemFlag& flag);  ///< a flag that a system brings
void add_quiet(CLI::App& app, Flags& flags);
void add_witness(CLI::App& app, Flags& flags);  ///< for verbs that compare with the ledger
void add_repair(CLI::App& app, Flags& flags);
void add_key(CLI::App& app, Flags& flags);   ///< for verbs that sign checkpoints
void add_wait(CLI::App& app, Flags& flags);  ///< for others that seal
void add_data(CLI::App& app, Flags& flags);  ///< for verbs that read streams
void add_contexts(CLI::App& app, Flags& flags);
void add_place(CLI::App& app, Flags& flags);  ///< what a query is asked of

/// Runs a verb that reads the store. Where this user may not lock the store, the verb's answer counts only if no other
/// process wrote meanwhile; else it is asked again, and ends with 6 (busy) when that does not help.
int steady(Context& context, const std::function<int(Context&)>& verb);
/// A verb that a system brings: its flags, and what it does.
void flags_of_system(CLI::App& app, Flags& flags, const SystemVerb& verb);
int run_of_system(Context& context, const SystemVerb& verb);
/// Prints an error the way findings are printed and returns its exit code.
int report_error(Context& context, const Error& error);
int exit_of(const Error& error);
int exit_of(Code code);
int exit_of(Verdict verdict);
int exit_of(SealResult result);
/// `strict`: what went on is a fault, `complete`: what is not here is one.
int exit_of(const VerifyReport& report, bool strict, bool complete);
int exit_of(const FsckAnswer& answered);
/// `require`: what may pass by itself is a failure, too.
int exit_of(const PublishAnswer& answered, bool require);
int exit_of(const VerbAnswer& answered);
/// The stronger of two exit codes, by the order 70, 6, 5, 3, 1, 4.
int worse(int a, int b);
Result<CheckOptions> check_options(const Flags& flags);
Result<Severity> severity_of(const std::string& name);
/// "human (or text), json, …".
std::string report_format_names();
bool colour_wanted();
/// Columns of the terminal on standard output; 0 when it is none.
std::size_t terminal_width();
std::string read_all(std::istream& in);
/// Records from a stream. Errors: Code::input for a line of more than `max_line` bytes that is not one record laid out
/// over lines, and for more than 20 million lines or 2 GiB: a stream without end must not take all memory. `head`: what
/// was read of it before.
Result<std::string> read_records(std::istream& in, std::uint64_t max_line, std::string head = {});
/// At most `most` bytes: what is over is not waited for.
std::string read_some(std::istream& in, std::size_t most);
/// Writes what records or servers said. A terminal gets no control characters but line ends and tabs, and long lines
/// are shortened.
void emit(Context& context, std::string_view text);
/// Says that so many of the last entries are past what the key signed; nothing of none.
void say_not_signed(Context& context, std::uint64_t entries);
/// Prints a finding the short way, on standard error.
void say_finding(Context& context, const Finding& finding);

// The verbs.
void flags_check(CLI::App&, Flags&);
int run_check(Context&);
void flags_convert(CLI::App&, Flags&);
int run_convert(Context&);
void flags_seal(CLI::App&, Flags&);
int run_seal(Context&);
void flags_verify(CLI::App&, Flags&);
int run_verify(Context&);
void flags_publish(CLI::App&, Flags&);
int run_publish(Context&);
/// What --expect-head, --checkpoint and --public-key say. Errors: Code::usage for what is none of them, Code::input for
/// files that cannot be read.
Result<Witness> witness_of(Context& context);
void flags_log(CLI::App&, Flags&);
int run_log(Context&);
void flags_keygen(CLI::App&, Flags&);
int run_keygen(Context&);
void flags_prove(CLI::App&, Flags&);
int run_prove(Context&);
void flags_fsck(CLI::App&, Flags&);
int run_fsck(Context&);
void flags_status(CLI::App&, Flags&);
int run_status(Context&);
void flags_trace(CLI::App&, Flags&);
int run_trace(Context&);
void flags_query(CLI::App&, Flags&);
int run_query(Context&);
void flags_audit(CLI::App&, Flags&);
int run_audit(Context&);
void flags_rules(CLI::App&, Flags&);
int run_rules(Context&);
void flags_explain(CLI::App&, Flags&);
int run_explain(Context&);

/// The whole program. Never throws.
int run(int argc, char** argv, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace provgate::cli
