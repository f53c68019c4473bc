// SPDX-License-Identifier: Apache-2.0
#include "cli/keys.hpp"

#include "cli/environment.hpp"

namespace provgate::cli {
namespace {

constexpr std::uint64_t k_most_key_bytes = 1 << 16;

// "SEQ:DIGEST", as `status` shows the head.
Result<Head> head_in(const std::string& text) {
  const auto colon = text.find(':');
  const auto seq = parse_seq(text.substr(0, colon));
  const auto digest = colon == std::string::npos ? std::string{} : text.substr(colon + 1);
  const bool hex = digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!seq || !hex)
    return fail(Code::usage, quote(text) + " is not the head of a ledger", "SEQ:DIGEST, as status shows it");
  return Head{*seq, Digest(digest)};
}

}  // namespace

Result<std::string> secret_in(Disk& disk, const std::string& file, const std::string& what) {
  const auto real = disk.real_path(file);
  const auto info = disk.info(real ? *real : file);
  if (info.type == FileType::file && (info.mode & 077))
    return fail(Code::usage, what + " " + file + " is open to others", "chmod 600 " + file);
  const auto text = disk.read(file, k_most_key_bytes, true);
  if (!text) return fail(Code::usage, what + " cannot be read: " + text.error().why);
  return std::string(trim(*text));
}

Result<std::string> passphrase(Context& context) {
  const auto& flag = context.flags.passphrase_file;
  const auto file = flag.empty() ? environment("PROVGATE_KEY_PASSPHRASE_FILE") : flag;
  if (file.empty()) return std::string{};
  TRY(auto text, secret_in(context.world.disk, file, "the passphrase file"));
  if (text.empty()) return fail(Code::usage, "the passphrase file " + file + " is empty");
  return text;
}

Result<SigningKey> key_in(Context& context, const std::string& file) {
  TRY(const auto pem, secret_in(context.world.disk, file, "the key file"));
  TRY(const auto word, passphrase(context));
  auto key = SigningKey::parse(pem + "\n", word);
  if (!key) return tl::unexpected<Error>(Error{key.error().code, key.error().why, key.error().help, file, {}});
  return key;
}

Result<std::optional<SigningKey>> signing_key(Context& context, bool wanted) {
  const auto file = context.flags.key.empty() ? environment("PROVGATE_KEY_FILE") : context.flags.key;
  if (file.empty() || !wanted) return std::optional<SigningKey>{};
  TRY(auto key, key_in(context, file));
  return std::optional<SigningKey>(std::move(key));
}

void say_not_signed(Context& context, std::uint64_t entries) {
  if (entries)
    context.err << "warning: the last " << plural(entries, "entry", "entries") << (entries == 1 ? " is" : " are")
                << " past every checkpoint that this key signed\n";
}

Result<Witness> witness_of(Context& context) {
  const auto& flags = context.flags;
  auto& disk = context.world.disk;
  Witness out;
  if (!flags.expect_head.empty()) {
    TRY(out.head, head_in(flags.expect_head));
  }
  if (!flags.checkpoint.empty()) {
    TRY(const auto text, disk.read(flags.checkpoint, k_most_key_bytes, true));
    auto parsed = parse_checkpoint(text);
    if (!parsed)
      return tl::unexpected<Error>(
          Error{Code::input, "not a checkpoint: " + parsed.error().why, {}, flags.checkpoint, {}});
    out.checkpoint = std::move(*parsed);
    if (flags.public_key.empty() && !out.checkpoint->signatures.empty() && !flags.quiet)
      context.err << "note: whose signature the checkpoint has was not looked at (--public-key KEY)\n";
  }
  if (flags.public_key.empty()) return out;
  auto text = flags.public_key;
  if (disk.info(text).type != FileType::missing) {
    TRY(text, disk.read(flags.public_key, k_most_key_bytes, true));
  }
  TRY(out.key, parse_public_key(text));
  return out;
}

}  // namespace provgate::cli
