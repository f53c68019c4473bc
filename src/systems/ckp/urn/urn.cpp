// SPDX-License-Identifier: Apache-2.0
#include "systems/ckp/urn/urn.hpp"

#include "systems/ckp/urn/scan.hpp"

namespace provgate::ckp {
using namespace urn_detail;
namespace {

constexpr std::string_view k_scheme = "ckp://", k_fleet = "urn:ckp:fleet:";

// What stands after "ckp://Type#", one function per kind. `lenient_` is set when a lenient-only form was taken.
class Parser {
 public:
  Parser(std::string_view text, UrnProfile profile) : in_(text), profile_(profile) { out_.text = std::string(text); }

  tl::expected<Urn, Fault> run() {
    if (in_.rest().starts_with(k_fleet)) {
      in_.jump(k_fleet.size());
      out_.kind = UrnKind::fleet;
      if (!lower(in_.peek()) && !digit(in_.peek())) in_.stop("a lower-case letter or a digit (the slug of a hostname)");
      out_.id = in_.run([](char c) { return lower(c) || digit(c) || c == '-'; }, "a hostname slug");
      return finish();
    }
    if (loose() && in_.rest().starts_with("user:")) {
      in_.jump(5);
      out_.kind = UrnKind::actor, lenient_ = true;
      out_.id = in_.run([](char c) { return id_char(c) || c == '@'; }, "a user name");
      return finish();
    }
    scheme();
    const std::size_t type_at = in_.at();
    const auto type = in_.run(alnum, "a type name such as Kernel, Action or Instance");
    if (in_.failed()) return finish();
    out_.kind = kind_named(type);
    if (out_.kind == UrnKind::opaque && !(loose() && upper(type.front()))) {
      in_.jump(type_at);
      in_.stop("one of the types Kernel, Action, Instance, Task, Goal, Actor, … (case matters)");
      return finish();
    }
    in_.need('#', "'#' after the type");
    if (in_.done()) in_.stop("a name after '#'");
    if (!in_.failed()) body();
    return finish();
  }

 private:
  bool loose() const { return profile_ != UrnProfile::strict; }

  void scheme() {
    for (const char c : k_scheme) {
      if (!in_.take(c)) return in_.stop("the scheme \"ckp://\" (lower case)");
    }
  }

  tl::expected<Urn, Fault> finish() {
    if (!in_.failed() && !in_.done()) in_.stop("nothing more");
    if (in_.failed()) return tl::unexpected<Fault>(in_.fault());
    if (lenient_) out_.profile = UrnProfile::lenient;
    return std::move(out_);
  }

  void body() {
    switch (out_.kind) {
      case UrnKind::kernel: return kernel();
      case UrnKind::action: return action();
      case UrnKind::occurrent: return occurrent();
      case UrnKind::instance: return instance();
      case UrnKind::task: return task();
      case UrnKind::goal: return goal();
      case UrnKind::edge: return edge();
      case UrnKind::role: out_.id = slug("a role name"); return;
      case UrnKind::actor:
        out_.id = in_.run([](char c) { return alnum(c) || c == '.' || c == '_' || c == '-'; }, "an actor's name");
        return;
      case UrnKind::domain: out_.id = host("a host name"); return;
      case UrnKind::project: out_.id = host("a project name or host name"); return;
      case UrnKind::grant: return grant();
      case UrnKind::process: return process();
      case UrnKind::event: return event();
      case UrnKind::transaction: timestamp(), in_.need('-', "'-' and a hash"), hash(); return;
      case UrnKind::message: return message();
      case UrnKind::check: return check();
      case UrnKind::deployment:
      case UrnKind::transfer: return deployment();
      case UrnKind::mutation: return mutation();
      case UrnKind::phase: out_.id = word("a phase name"); return;
      case UrnKind::capability:
        out_.id = word("a capability's name");
        if (in_.take(':')) version();
        return;
      case UrnKind::opaque:
        lenient_ = true;
        out_.id = in_.run([](char c) { return id_char(c) || c == '/' || c == '@'; }, "an id");
        return;
      case UrnKind::fleet:
      case UrnKind::legacy: return in_.stop("a CKP type");
    }
  }

  // kname = pseg { "." pseg } ; pseg = upper { alnum | "_" }. Stops before a segment that begins lower-case.
  std::string kernel_name(bool stop_at_lower = false) {
    const std::size_t from = in_.at();
    if (loose() && out_.kind == UrnKind::kernel && letter(in_.peek())) {
      const auto name = in_.run([](char c) { return word_char(c) || c == '-' || c == '.'; }, "a kernel name");
      if (!is_kernel_name(name)) lenient_ = true;
      return std::string(name);
    }
    while (true) {
      if (!upper(in_.peek())) {
        in_.stop("a kernel name, whose segments begin upper-case (Delvinator.Core)");
        return {};
      }
      in_.run(word_char, "a kernel name");
      const std::size_t end = in_.at();
      if (!in_.take('.')) return std::string(in_.since(from));
      if (stop_at_lower && lower(in_.peek())) {
        in_.jump(end);
        return std::string(in_.since(from));
      }
    }
  }

  // aname = lower { alnum | "_" } { "." letter { alnum | "_" } }
  std::string action_name() {
    const std::size_t from = in_.at();
    if (!lower(in_.peek())) {
      in_.stop("an action name, which begins lower-case (exchange.parse)");
      return {};
    }
    in_.run(word_char, "an action name");
    while (in_.take('.')) {
      if (!letter(in_.peek())) in_.stop("a letter after '.'");
      in_.run(word_char, "an action name");
    }
    return std::string(in_.since(from));
  }

  std::string word(std::string_view what) {
    if (!letter(in_.peek())) in_.stop(what);
    return std::string(in_.run(word_char, what));
  }
  std::string slug(std::string_view what) {
    if (!alnum(in_.peek())) in_.stop(what);
    return std::string(in_.run([](char c) { return alnum(c) || c == '-' || c == '_'; }, what));
  }
  std::string host(std::string_view what) {
    const std::size_t from = in_.at();
    do {
      if (!alnum(in_.peek())) in_.stop(what);
      in_.run([](char c) { return word_char(c) || c == '-'; }, what);
    } while (in_.take('.'));
    return std::string(in_.since(from));
  }
  void version() {
    const std::size_t from = in_.at();
    in_.need('v', "a version such as v1.0");
    in_.run(digit, "digits of the version");
    in_.need('.', "'.' and a minor version (v1.0)");
    in_.run(digit, "digits of the minor version");
    if (in_.take('.')) in_.run(digit, "digits of the patch version");
    out_.version = std::string(in_.since(from));
  }
  void timestamp() { out_.timestamp = in_.run(digit, "a time stamp of 10 to 16 digits", 10, 16); }
  void hash() { out_.hash = in_.run(alnum, "a hash of 4 to 64 letters and digits", 4, 64); }
  void pin() {
    if (in_.take('@')) out_.pin = in_.run(hex, "a commit pin of 4 to 40 hexadecimal digits", 4, 40);
  }

  // id = alnum { alnum . _ ~ - : + %hh }
  std::string id(std::string_view what) {
    const std::size_t from = in_.at();
    if (!alnum(in_.peek())) {
      in_.stop(what);
      return {};
    }
    while (!in_.failed() && !in_.done()) {
      if (in_.take('%')) {
        in_.run(hex, "two hexadecimal digits after '%'", 2, 2);
      } else if (id_char(in_.peek())) {
        in_.take(in_.peek());
      } else {
        break;
      }
    }
    return std::string(in_.since(from));
  }

  void navigation() {
    const std::size_t from = in_.at();
    while (in_.take('/')) {
      const std::size_t segment = in_.at();
      in_.run([](char c) { return id_char(c) || c == '@'; }, "a path segment");
      if (in_.failed()) return;
      if (const auto s = in_.since(segment); s == "." || s == "..") {
        in_.jump(segment);
        return in_.stop("a path segment other than \".\" and \"..\"");
      }
    }
    if (in_.at() > from && in_.take('?')) {
      in_.run([](char c) { return id_char(c) || c == '=' || c == '&' || c == '/'; }, "a query");
    }
    out_.navigation = std::string(in_.since(from));
  }

  void kernel() {
    out_.kernel = kernel_name();
    if (in_.failed()) return;
    if (loose() && in_.peek() != ':') {
      lenient_ = true;
    } else {
      in_.need(':', "':' and a version such as v1.0");
      if (!in_.failed()) version();
    }
    pin();
    navigation();
  }

  // What follows the action: when the tail is "-" and 10 to 16 digits, that is it and the name may hold hyphens; else
  // the first "-" parts them.
  void action() {
    out_.kernel = kernel_name(true);
    if (in_.failed()) return;
    out_.separator = in_.peek();
    if (!in_.take('/') && !in_.take('.')) return in_.stop("'/' and an action name");
    const std::size_t from = in_.at();
    out_.action = action_name();
    if (in_.failed() || in_.done()) return;
    if (in_.peek() != '-') return in_.stop("'-' and an id, or the end");
    const auto tail = in_.rest();
    const auto last = tail.rfind('-');
    if (const auto digits = tail.substr(last + 1);
        last > 0 && is_digits(digits) && digits.size() >= 10 && digits.size() <= 16) {
      const auto middle = tail.substr(0, last);
      bool name_like = true;
      for (std::size_t i = 0; i < middle.size(); ++i) {
        const bool fine = word_char(middle[i]) ||
                          ((middle[i] == '-' || middle[i] == '.') && i + 1 < middle.size() && lower(middle[i + 1]));
        name_like = name_like && fine;
      }
      if (name_like) {
        in_.jump(in_.at() + last);
        out_.action = std::string(in_.since(from));
      }
    }
    in_.take('-');
    out_.id = id("an id after '-'");
    if (is_digits(out_.id) && out_.id.size() >= 10 && out_.id.size() <= 16) out_.timestamp = out_.id;
  }

  void occurrent() {
    out_.kernel = kernel_name();
    in_.need('/', "'/' and an action name");
    if (!in_.failed()) out_.action = action_name();
    in_.need('/', "'/' and a step type (Occurrent#Kernel/action/step-time)");
    if (!in_.failed()) out_.step = action_name();
    in_.need('-', "'-' and a time stamp");
    timestamp();
  }

  void instance() {
    const auto rest = in_.rest();
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
      out_.kernel = kernel_name();
      in_.need('/', "'/' and an instance id");
    }
    if (!in_.failed()) out_.id = id("an instance id, which begins with a letter or a digit");
    pin();
  }

  void task() {
    const std::size_t from = in_.at();
    if (in_.take('T')) {
      in_.take('-');
      id("an id after T");
    } else if (in_.rest().starts_with("i-")) {
      in_.jump(in_.at() + 2);
      id("an id after i-");
    } else {
      return in_.stop("a task id, T… or i-…");
    }
    out_.id = std::string(in_.since(from));
    pin();
  }

  void goal() {
    const std::size_t from = in_.at();
    if (!in_.take('G')) return in_.stop("a goal id, which begins with G");
    in_.run([](char c) { return alnum(c) || c == '-'; }, "a goal id", 0);
    out_.id = std::string(in_.since(from));
    if (in_.take(':')) version();
  }

  void edge() {
    if (const auto rest = in_.rest(); rest.starts_with("Connection-")) {
      in_.jump(in_.at() + 11);
      out_.kernel = kernel_name();
      for (const char c : std::string_view("-to-")) in_.need(c, "\"-to-\" and the target kernel");
      if (!in_.failed()) out_.id = kernel_name();
      in_.need('-', "'-' and a predicate");
    }
    if (!upper(in_.peek())) in_.stop("a predicate in upper case (COMPOSES)");
    out_.action =
        in_.run([](char c) { return upper(c) || digit(c) || c == '_'; }, "a predicate in upper case (COMPOSES)");
  }

  void grant() {
    out_.kernel = kernel_name();
    in_.need('-', "'-' and an identity");
    out_.id = in_.run([](char c) { return word_char(c) || c == '-' || c == '.'; }, "an identity");
  }

  void process() {
    out_.action = word("a process type");
    if (in_.take(':')) return version();
    in_.need('-', "'-' and a time stamp or an id, or ':' and a version");
    if (in_.failed()) return;
    out_.id = id("an id");
    const auto dash = out_.id.find('-');
    if (const auto ts = std::string_view(out_.id).substr(0, dash);
        dash != std::string::npos && is_digits(ts) && ts.size() >= 10) {
      out_.timestamp = std::string(ts);
      out_.hash = out_.id.substr(dash + 1);
    }
  }

  void event() {
    out_.kernel = kernel_name();
    in_.need('-', "'-' and an event type");
    if (!in_.failed()) out_.action = word("an event type");
    in_.need('-', "'-' and a time stamp");
    timestamp();
  }

  void message() {
    out_.action = word("a message type");
    in_.need('-', "'-' and a time stamp");
    timestamp();
    in_.need('-', "'-' and a kernel name");
    if (!in_.failed()) out_.kernel = kernel_name();
  }

  void check() {
    out_.action = action_name();
    in_.need('-', "'-' and a kernel name");
    if (!in_.failed()) out_.kernel = kernel_name();
    in_.need('-', "'-' and a time stamp");
    timestamp();
  }

  void deployment() {
    out_.action = word("a type");
    in_.need('-', "'-' and a time stamp");
    if (upper(in_.peek())) {
      out_.kernel = kernel_name();
      in_.need('-', "'-' and a time stamp");
    }
    timestamp();
    if (in_.take('-')) hash();
  }

  void mutation() {
    out_.action = action_name();
    in_.need('-', "'-' and the target's id");
    out_.id = in_.run(alnum, "the target's id");
    in_.need('-', "'-' and a time stamp");
    timestamp();
  }

  Cursor in_;
  UrnProfile profile_;
  Urn out_;
  bool lenient_ = false;
};

}  // namespace

tl::expected<Urn, Fault> urn_detail::parse_strict(std::string_view text) {
  return Parser(text, UrnProfile::strict).run();
}

tl::expected<Urn, Fault> parse_urn(std::string_view text, UrnProfile profile) {
  if (auto strict = parse_strict(text); strict || profile == UrnProfile::strict) {
    if (!strict) {
      auto fault = strict.error();
      fault.nearest = nearest_valid(text);
      return tl::unexpected<Fault>(std::move(fault));
    }
    return strict;
  }
  auto lenient = Parser(text, UrnProfile::lenient).run();
  if (lenient) return lenient;
  Urn legacy;
  if (profile == UrnProfile::legacy && parse_legacy(text, legacy)) return legacy;
  auto fault = lenient.error();
  fault.nearest = nearest_valid(text);
  return tl::unexpected<Fault>(std::move(fault));
}

}  // namespace provgate::ckp
