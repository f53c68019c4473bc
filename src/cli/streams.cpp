// SPDX-License-Identifier: Apache-2.0
#include "cli/streams.hpp"

#include <algorithm>

#include "check/rdf_data.hpp"
#include "cli/output.hpp"

namespace provgate::cli {
namespace {

constexpr std::uint64_t k_most_bytes = 16ULL << 30;

bool records_format(const std::string& name) { return name == "json" || name == "ndjson"; }

class Reader {
 public:
  Reader(Context& context, const std::string& format, Streams& out) : context_(context), format_(format), out_(out) {}

  Result<void> shapes(const std::string& given) {
    const auto path = named(given);
    if (!stream(path)) {
      out_.shape_files.push_back(path);
      return {};
    }
    TRY(auto text, whole(path));
    const auto& kept = keep(std::move(text));
    out_.shapes.push_back({path, kept, guessed_syntax(kept).value_or(RdfSyntax::turtle)});
    return {};
  }

  Result<void> data(const std::string& given) {
    const auto path = named(given);
    if (!stream(path)) {
      out_.paths.push_back(path);
      return {};
    }
    const auto wanted = parse_rdf_syntax(format_);
    if (wanted) {
      TRY(auto text, whole(path));
      out_.data.push_back({path, keep(std::move(text)), *wanted});
      return {};
    }
    if (path != "-") return told(path, whole(path));
    if (records_format(format_)) {
      CHECKED(once(path));
      return records(read_records(context_.in, context_.flags.max_file_size));
    }
    // What begins as RDF is; records are read as they always were.
    CHECKED(once(path));
    constexpr std::size_t k_head = 1 << 16;
    auto head = read_some(context_.in, k_head);
    if (packed(head)) return told(path, unpacked(head + read_all(context_.in)));
    if (const auto syntax = unpacked_syntax(head)) {
      head += read_all(context_.in);
      out_.data.push_back({path, keep(std::move(head)), *syntax});
      return {};
    }
    return records(read_records(context_.in, context_.flags.max_file_size, std::move(head)));
  }

 private:
  // JSON is a record unless --format says otherwise.
  static std::optional<RdfSyntax> unpacked_syntax(std::string_view text) {
    const auto syntax = guessed_syntax(text);
    return syntax == RdfSyntax::jsonld ? std::nullopt : syntax;
  }

  // Standard input may be a file: its name would be a link to it.
  static std::string named(const std::string& path) {
    return path == "/dev/stdin" || path == "/dev/fd/0" || path == "/proc/self/fd/0" ? "-" : path;
  }
  bool stream(const std::string& path) const {
    return path == "-" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/") ||
           context_.world.disk.is_stream(path);
  }

  Result<void> once(const std::string& path) {
    if (path != "-") return {};
    if (standard_input_closed()) return fail(Code::world, "standard input is closed");
    if (stdin_read_) return fail(Code::usage, "standard input is named twice");
    stdin_read_ = true;
    return {};
  }

  const std::string& keep(std::string text) { return out_.texts.emplace_back(std::move(text)); }

  Result<std::string> whole(const std::string& path) {
    CHECKED(once(path));
    if (path == "-") return unpacked(read_all(context_.in));
    TRY(auto bytes, context_.world.disk.read_stream(path, k_most_bytes));
    return unpacked(std::move(bytes));
  }

  static bool packed(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }
  static Result<std::string> unpacked(std::string bytes) {
    return packed(bytes) ? gunzip(bytes, k_most_bytes) : Result<std::string>(std::move(bytes));
  }

  Result<void> told(const std::string& path, Result<std::string> text) {
    if (!text) return tl::unexpected<Error>(text.error());
    const auto syntax = records_format(format_) ? std::nullopt : unpacked_syntax(*text);
    if (!syntax) return records(std::move(text));
    out_.data.push_back({path, keep(std::move(*text)), *syntax});
    return {};
  }

  Result<void> records(Result<std::string> text) {
    if (!text) return tl::unexpected<Error>(text.error());
    if (text->starts_with(k_byte_order_mark)) text->erase(0, k_byte_order_mark.size());
    const auto start = trim(std::string_view(*text).substr(0, 1 << 12));
    if (format_.empty() && !start.empty() && !start.starts_with('{') && !start.starts_with('[')) {
      return tl::unexpected<Error>(Error{Code::input,
                                         "the format of this cannot be told: JSON records or RDF were expected",
                                         "say it with --format " + std::string(k_stream_formats),
                                         "-",
                                         {}});
    }
    if (has_records_) return fail(Code::usage, "two streams of records", "give one of them as a file");
    has_records_ = true;
    out_.records = std::move(*text);
    out_.paths.emplace_back("-");
    return {};
  }

  Context& context_;
  const std::string& format_;
  Streams& out_;
  bool stdin_read_ = false, has_records_ = false;
};

}  // namespace

Result<Streams> read_streams(Context& context, const std::vector<std::string>& paths, const std::string& format) {
  if (!format.empty() && !parse_rdf_syntax(format) && !records_format(format)) {
    const auto near = closest(format, {"turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld", "json", "ndjson"});
    return fail(Code::usage, "unknown format " + quote(format),
                near ? "did you mean " + *near + "?" : std::string(k_stream_formats));
  }
  Streams out;
  Reader reader(context, format, out);
  for (const auto& path : context.flags.shapes) CHECKED(reader.shapes(path));
  for (const auto& path : paths) CHECKED(reader.data(path));
  return out;
}

Result<std::vector<std::pair<std::string, std::string>>> read_contexts(Context& context) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& given : context.flags.contexts) {
    const auto equals = given.rfind('=');
    if (equals == std::string::npos || equals == 0)
      return fail(Code::usage, "no file after " + quote(given), "--context URL=FILE");
    TRY(auto text, context.world.disk.read(given.substr(equals + 1), 64ULL << 20, true));
    out.emplace_back(given.substr(0, equals), std::move(text));
  }
  return out;
}

void say_dropped(Context& context, const RdfData& data) {
  for (const auto& file : data.files) {
    if (!file.dropped.empty())
      context.err << "warning: " << printable(dropped_keys(file)) << "\n  --> " << printable(file.path) << "\n";
  }
}

}  // namespace provgate::cli
