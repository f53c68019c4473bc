// SPDX-License-Identifier: Apache-2.0
#include "cli/cli.hpp"
#include "cli/keys.hpp"

namespace provgate::cli {

int run_keygen(Context& context) {
  const auto& flags = context.flags;
  const auto word = passphrase(context);
  if (!word) return report_error(context, word.error());
  std::optional<SigningKey> old;
  if (!flags.replaces.empty()) {
    auto key = key_in(context, flags.replaces);
    if (!key) return report_error(context, key.error());
    old.emplace(std::move(*key));
  }
  const auto line =
      answer(context.world, KeygenRequest{flags.name, *word, old ? &*old : nullptr, default_store_path(flags.store)});
  if (!line) return report_error(context, line.error());
  context.out << *line << "\n";
  if (old) context.err << "it signs this ledger from now on; ";
  context.err << "the private key lies in " << printable(flags.name) << ", the public one in " << printable(flags.name)
              << ".pub\n";
  return k_ok;
}

int run_prove(Context& context) {
  const auto& flags = context.flags;
  auto key = signing_key(context);
  if (!key) return report_error(context, key.error());
  ProveRequest request;
  request.store = default_store_path(flags.store), request.what = flags.name, request.key = *key ? &**key : nullptr;
  request.head = flags.name.empty();
  if (!flags.since.empty()) {
    if (!flags.name.empty())
      return report_error(context, {Code::usage, "--since is about the ledger, not about one record", {}, {}, {}});
    const auto text = context.world.disk.read(flags.since, 1 << 16, true);
    if (!text) return report_error(context, text.error());
    auto parsed = parse_checkpoint(*text);
    if (!parsed)
      return report_error(context, {Code::input, "not a checkpoint: " + parsed.error().why, {}, flags.since, {}});
    request.since = std::move(*parsed);
  }
  const auto made = answer(context.world, request);
  if (!made) return report_error(context, made.error());
  context.out << made->text;
  if (!made->is_signed)
    context.err << "not signed, so that it proves nothing to others: give a key (--key, provgate keygen)\n";
  if (made->behind) {
    context.err << "the checkpoint has " << plural(made->size, "entry", "entries") << ", and the ledger "
                << with_commas(made->behind) << " more: --key signs a new one\n";
  }
  return k_ok;
}

}  // namespace provgate::cli
