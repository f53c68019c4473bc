// SPDX-License-Identifier: Apache-2.0
// Which flags each verb takes. The command line library is known here and in run.cpp only.
#include <CLI/CLI.hpp>

#include "cli/streams.hpp"
#include "provgate/report/report.hpp"

namespace provgate::cli {

std::string report_format_names() {
  std::string out;
  for (const auto& format : report_formats()) {
    out += (out.empty() ? "" : ", ") + std::string(format.name);
    if (!format.other_name.empty()) out += " (or " + std::string(format.other_name) + ")";
  }
  return out;
}

void flags_check(CLI::App& app, Flags& flags) {
  add_paths(app, flags, true, true);
  add_reading(app, flags, {SystemFlag::Use::judging});
  add_data(app, flags);
  add_links(app, flags);
  add_quiet(app, flags);
  app.add_option("--fail-on", flags.fail_on, "Least severity that fails: error, warning or info")
      ->capture_default_str();
  app.add_option("-o,--output", flags.outputs, "FORMAT[=FILE], may be given several times: " + report_format_names())
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_option("--shapes", flags.shapes,
                 "SHACL shapes to check against: one file each time; may be given several times")
      ->option_text("FILE")
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_option("--skip-shapes", flags.skip_shapes,
                 "Leave this shape out: for what provgate refuses; may be given several times. Never exit 0 without "
                 "--allow-partial")
      ->option_text("IRI")
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_flag("--allow-partial", flags.allow_partial, "Exit 0 although shapes were skipped; the report says so");
  app.add_option("--focus", flags.focus, "Only results about these focus nodes")->type_size(1)->allow_extra_args(false);
  app.add_option("--shape", flags.shape, "Only results of these shapes and of the property shapes below them")
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_option(
      "--changed", flags.changed,
      "Only what a change can affect: a file (- for standard input) of the triples added (+) and taken away (-)");
  app.add_option("--max-results", flags.max_results, "Most results of shapes to report (default: all)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--fail-fast", flags.fail_fast, "Stop at the first result that fails");
  app.add_flag("--stats", flags.stats, "Say what no shape looks at");
  app.add_flag("--require-targets", flags.require_targets, "A target that selects nothing is an error");
  app.add_flag("--allow-vacuous", flags.allow_vacuous, "Exit 0 although no shape checked anything; the report says so");
  app.add_flag("--syntax-only", flags.syntax_only, "RDF data without shapes: exit 0 when it can be read");
  app.add_flag("--timestamps", flags.timestamps, "Times in RDF reports (also with SOURCE_DATE_EPOCH)");
  app.add_flag("--all,--all-warnings", flags.all, "Show every warning and info, however many are alike");
  app.add_flag("--list-skipped", flags.list_skipped, "Name what was skipped, and why");
  app.add_option("--timeout", flags.shape_timeout_ms,
                 "Most milliseconds for a constraint query over one range of focus nodes (default: 600000)");
}

void flags_convert(CLI::App& app, Flags& flags) {
  add_paths(app, flags, true, true);
  add_reading(app, flags, {SystemFlag::Use::converting});
  add_data(app, flags);
  add_links(app, flags);
  app.add_option("--to", flags.to, "turtle, trig, nquads, ntriples, jsonld or rdfxml")->required();
}

void flags_publish(CLI::App& app, Flags& flags) {
  add_paths(app, flags, false);
  add_reading(app, flags);
  add_store(app, flags);
  add_quiet(app, flags);
  app.add_option("--to", flags.to, "Dataset URL, such as http://HOST:3030/DATASET (default: PROVGATE_ENDPOINT)");
  app.add_flag("--dry-run", flags.dry_run, "Print what would be sent; send nothing");
  app.add_flag("--require", flags.require, "Fail (6) when the endpoint cannot be reached");
}

void flags_status(CLI::App& app, Flags& flags) { add_store(app, flags); }

void flags_query(CLI::App& app, Flags& flags) {
  app.add_option("FILE", flags.query, "SPARQL file; - reads standard input");
  app.add_option("-e", flags.query_text, "The query itself, instead of FILE");
  app.add_option("--data", flags.data,
                 "Ask this RDF file (- for standard input) instead of the store; may be given several times")
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_option("--data-format", flags.data_format,
                 "What standard input or a pipe holds (default: told from the content)");
  add_contexts(app, flags);
  add_place(app, flags);
}

void flags_audit(CLI::App& app, Flags& flags) {
  app.add_option("NAME", flags.name, "A query of the library; without it they are listed");
  app.add_option("--set", flags.set, "A value for a parameter of the query, name=value; may be given several times")
      ->type_size(1)
      ->allow_extra_args(false);
  app.add_option("--graph", flags.graph, "Only what this named graph says")->option_text("IRI");
  add_place(app, flags);
}

void add_place(CLI::App& app, Flags& flags) {
  add_store(app, flags);
  app.add_option("--on", flags.on, "Ask this dataset URL instead of the store, such as http://HOST:3030/DATASET");
  app.add_option("--format", flags.format,
                 "table, json, csv, tsv, xml, turtle or ntriples (default: table; turtle for graphs)");
  app.add_option("--timeout", flags.timeout_ms, "Milliseconds a query on the store may take (default: 10000)")
      ->check(CLI::Range(1ULL, 86'400'000ULL));
  app.add_option("--max-rows", flags.max_rows, "Rows a query on the store may give (default: 1000000)")
      ->check(CLI::Range(1ULL, 1'000'000'000ULL));
  app.add_option("--max-memory", flags.max_memory_mib, "MiB a query on the store may use (default: 256)")
      ->check(CLI::Range(1ULL, 1'000'000ULL));
}

void flags_rules(CLI::App&, Flags&) {}

void flags_explain(CLI::App& app, Flags& flags) {
  app.add_option("RULE", flags.name, "Rule id, such as PROV-001")->required();
}

void add_paths(CLI::App& app, Flags& flags, bool required, bool stream) {
  std::string about;
  for (const auto* system : systems()) about += (about.empty() ? "" : "; ") + std::string(system->words().paths);
  if (stream) about += ", or a file; - reads standard input (records in JSON, or RDF)";
  auto* option = app.add_option("PATH", flags.paths, about);
  if (required) option->required();
  // What is sealed, or was, lies somewhere.
  if (!stream) {
    option->check([](const std::string& path) {
      return path == "-" ? std::string("standard input has no place where records lie: name files or directories")
                         : std::string{};
    });
  }
}

void add_flag_of(CLI::App& app, Flags& flags, const SystemFlag& flag) {
  auto& value = flags.settings[std::string(flag.name)];
  value = flag.otherwise;
  const auto name = "--" + std::string(flag.name), about = std::string(flag.about);
  switch (flag.takes) {
    case SystemFlag::Takes::value: {
      auto* option = app.add_option(name, value, about);
      if (!flag.otherwise.empty()) option->capture_default_str();
      break;
    }
    case SystemFlag::Takes::nothing:
      app.add_flag_callback(name, [&value] { value = SystemFlag::k_given; }, about);
      break;
    case SystemFlag::Takes::values:
      app.add_option_function<std::vector<std::string>>(
             name,
             [&value](const std::vector<std::string>& all) {
               for (const auto& one : all) value += one + "\n";
             },
             about)
          ->type_size(1)
          ->allow_extra_args(false);
      break;
  }
}

void flags_of_system(CLI::App& app, Flags& flags, const SystemVerb& verb) {
  if (!verb.argument.empty()) {
    auto* option = app.add_option(std::string(verb.argument), flags.paths, std::string(verb.argument_about));
    if (verb.needs_argument) option->required();
  }
  for (const auto& flag : verb.flags) add_flag_of(app, flags, flag);
  if (!verb.keeps) return;
  add_store(app, flags);
  add_quiet(app, flags);
  if (!verb.writes) return;
  add_key(app, flags);
  add_wait(app, flags);
}

void add_reading(CLI::App& app, Flags& flags, std::initializer_list<SystemFlag::Use> uses) {
  std::string profiles;
  for (const auto* system : systems()) {
    for (const auto& profile : system->profiles()) profiles += (profiles.empty() ? "" : ", ") + profile.name;
  }
  app.add_option("--profile", flags.profile, profiles + " (default: what the records say)");
  for (const auto* system : systems()) {
    for (const auto& flag : system->flags()) {
      const bool wanted =
          flag.use == SystemFlag::Use::reading || std::find(uses.begin(), uses.end(), flag.use) != uses.end();
      if (wanted) add_flag_of(app, flags, flag);
    }
  }
  app.add_option("--threads", flags.threads, "Threads (default: all)");
  app.add_option("--max-file-size", flags.max_file_size, "Largest record file in bytes")->capture_default_str();
}

void add_links(CLI::App& app, Flags& flags) {
  app.add_flag("--follow-links-inside", flags.follow_links_inside,
               "Read links that lead to a file below their own directory (ConfigMap mounts)");
}

// A variable that is not set must not turn a flag off.
void add_store(CLI::App& app, Flags& flags) {
  app.add_option("--store", flags.store, "Store directory (default: PROVGATE_STORE, then $XDG_DATA_HOME/provgate)");
}

void add_quiet(CLI::App& app, Flags& flags) { app.add_flag("--quiet,-q", flags.quiet, "Say less"); }

void flags_seal(CLI::App& app, Flags& flags) {
  add_paths(app, flags);
  add_reading(app, flags, {SystemFlag::Use::judging});
  add_store(app, flags);
  add_quiet(app, flags);
  app.add_flag("--dry-run", flags.dry_run, "Say what would be sealed; write nothing");
  add_key(app, flags);
  app.add_option("--checkpoint", flags.checkpoint, "Write the newest checkpoint to this file after each batch")
      ->option_text("FILE");
  app.add_option("--batch", flags.sealed_at_once, "Most records in one transaction (default: 1000)")
      ->check(CLI::Range(1ULL, 1'000'000ULL));
  add_wait(app, flags);
}

void add_wait(CLI::App& app, Flags& flags) {
  app.add_option("--wait", flags.wait_seconds,
                 "Most seconds to wait for another one that seals into the same store (default: as long as it takes)")
      ->check(CLI::Range(0ULL, 86'400'000ULL));
}

void flags_log(CLI::App& app, Flags& flags) {
  app.add_option("WHAT", flags.paths, "The IRI or local id of a record; show N: one entry, whole; export: as -o json");
  app.add_option("--kind", flags.name, "Only these: sealed or rejected");
  app.add_option("-o", flags.format, "json: each entry in its canonical form, one a line");
  add_store(app, flags);
}

void add_public_key(CLI::App& app, Flags& flags) {
  app.add_option("--public-key", flags.public_key,
                 "Who must have signed it: a line NAME+ID+KEY, or a file with it or a PEM key")
      ->option_text("KEY");
}

void add_witness(CLI::App& app, Flags& flags) {
  app.add_option("--expect-head", flags.expect_head,
                 "The ledger must hold this entry, which was its last one once: a rollback or a rewrite is 5")
      ->option_text("SEQ:DIGEST");
  app.add_option("--checkpoint", flags.checkpoint, "The ledger must extend the checkpoint in this file, else 5")
      ->option_text("FILE");
  add_public_key(app, flags);
}

void add_repair(CLI::App& app, Flags& flags) {
  app.add_flag("--repair", flags.repair,
               "Make anew what follows from other tables (indexes, terms, the tree), never entries");
}

void add_key(CLI::App& app, Flags& flags) {
  app.add_option("--key", flags.key, "Signs checkpoints (default: PROVGATE_KEY_FILE; see keygen)")->option_text("FILE");
}

void flags_keygen(CLI::App& app, Flags& flags) {
  app.add_option("FILE", flags.name, "The private key; FILE.pub is the public one")->required();
  app.add_option("--passphrase-file", flags.passphrase_file,
                 "Lock the key with the passphrase in this file (default: PROVGATE_KEY_PASSPHRASE_FILE)")
      ->option_text("FILE");
  app.add_option("--replaces", flags.replaces, "The key that signs the ledger until now: it signs the new one")
      ->option_text("OLD");
  add_store(app, flags);
}

void flags_prove(CLI::App& app, Flags& flags) {
  app.add_option("WHAT", flags.name,
                 "IRI or local id of a record, the number of an entry, or ENTRY/NUMBER of a record that is kept whole; "
                 "nothing: the checkpoint alone");
  app.add_option("--since", flags.since, "Prove that the ledger has only grown since the checkpoint in this file")
      ->option_text("CHECKPOINT");
  add_key(app, flags);
  add_store(app, flags);
}

void flags_verify(CLI::App& app, Flags& flags) {
  add_paths(app, flags);
  add_witness(app, flags);
  app.add_flag("--entry-only", flags.entry_only, "Of a proof: the record's files are not here, and not compared");
  app.add_flag("--complete", flags.complete, "What the ledger knows and is not at the paths is a fault (5)");
  app.add_flag("--strict", flags.strict,
               "What went on since it was sealed, or is past what the key signed, is a fault (5)");
  add_reading(app, flags);
  add_store(app, flags);
  add_quiet(app, flags);
}

void add_data(CLI::App& app, Flags& flags) {
  app.add_option(
      "--format", flags.format,
      "What standard input or a pipe holds: " + std::string(k_stream_formats) + " (default: told from the content)");
  add_contexts(app, flags);
}

void add_contexts(CLI::App& app, Flags& flags) {
  app.add_option("--context", flags.contexts,
                 "URL=FILE: a JSON-LD context; nothing is fetched; may be given several times")
      ->option_text("URL=FILE")
      ->type_size(1)
      ->allow_extra_args(false);
}

std::optional<GraphName> named_graph(const Flags& flags) {
  if (flags.graph.empty()) return {};
  return GraphName(flags.graph == "default" ? std::string{} : flags.graph);
}

void flags_trace(CLI::App& app, Flags& flags) {
  app.add_option("IRI", flags.urn, "What to trace: an IRI, or the local id of a record in the ledger")->required();
  app.add_option("--on", flags.on, "Ask the dataset at this URL instead of the store");
  app.add_option("--graph", flags.graph,
                 "Only what this named graph says (or default): where several speak of the thing")
      ->option_text("IRI");
  app.add_option("--format", flags.format, "text, json or turtle");
  add_store(app, flags);
}

}  // namespace provgate::cli
