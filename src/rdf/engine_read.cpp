// SPDX-License-Identifier: Apache-2.0
// RDF/XML and JSON-LD by the readers of the engine: what they are given, and what becomes of their statements.
#include <algorithm>
#include <cstring>
#include <iterator>
#include <set>
#include <unordered_map>

#include "base/parallel.hpp"
#include "rdf/engine.h"
#include "rdf/read.hpp"

namespace provgate {
namespace {

// The readers resolve every reference, and that takes the dot segments out of absolute IRIs, too, which no other syntax
// does. So these stand for dots while they read: two bytes each, as long as what they replace, and no assigned
// characters.
constexpr std::string_view k_dots = "\xDF\xBB", k_slash_dot = "\xDF\xBC", k_slash_and_dot = "/\xDF\xBD";

// In JSON a solidus may be written with a backslash before it.
bool ends_segment(std::string_view text, std::size_t at) {
  return at >= text.size() || std::string_view("/?#\"'<> \t\r\n\\").find(text[at]) != std::string_view::npos;
}

// Whether the reference around `at` is an absolute IRI, and no base: from the quote before it, a scheme and a colon.
bool in_absolute(std::string_view text, std::size_t at) {
  constexpr std::size_t k_far = 4096;
  const auto from = at > k_far ? at - k_far : 0;
  const auto open = text.substr(from, at - from).find_last_of("\"'<> \t\r\n");
  if (open == std::string_view::npos) return false;
  const auto reference = text.substr(from + open + 1, at - from - open - 1);
  const auto colon = reference.find(':');
  if (colon == std::string_view::npos || colon == 0 ||
      reference.substr(0, colon).find_first_of("/?#&") != std::string_view::npos)
    return false;
  const auto before = trim(text.substr(from, open));
  return !before.ends_with("base=") && !before.ends_with("base =") && !before.ends_with("\"@base\":") &&
         !before.ends_with("\"@base\" :");
}

bool protect_dots(std::string& text) {
  const auto holds = [&](std::string_view what) { return text.find(what) != std::string::npos; };
  if (!holds("/.") || holds(k_dots) || holds(k_slash_dot) || holds(k_slash_and_dot.substr(1))) return false;
  bool changed = false;
  for (auto at = text.find("/."); at != std::string::npos; at = text.find("/.", at + 1)) {
    const bool two = text.compare(at, 3, "/..") == 0;
    if (!ends_segment(text, at + (two ? 3 : 2)) || !in_absolute(text, at)) continue;
    if (two) {
      text.replace(at + 1, 2, k_dots);
    } else if (text[at - 1] == '\\') {  // within an absolute IRI something stands before it
      text.replace(at - 1, 3, k_slash_and_dot);
    } else {
      text.replace(at, 2, k_slash_dot);
    }
    changed = true;
  }
  return changed;
}

std::string with_dots(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto two = text.substr(at, 2);
    const bool dots = two == k_dots, slash_dot = two == k_slash_dot, dot = two == k_slash_and_dot.substr(1);
    out += dots ? ".." : slash_dot ? "/." : dot ? "." : std::string(1, text[at]);
    at += dots || slash_dot || dot ? 2 : 1;
  }
  return out;
}

// Begin and end of the document type declaration, which stands before the first element; the same twice where there is
// none.
std::pair<std::size_t, std::size_t> doctype_of(std::string_view text) {
  constexpr std::string_view k_doctype = "<!DOCTYPE";
  std::size_t at = 0;
  const auto skip = [&](std::string_view from, std::string_view to) {
    if (text.substr(at, from.size()) != from) return false;
    const auto end = text.find(to, at + from.size());
    at = end == std::string_view::npos ? text.size() : end + to.size();
    return true;
  };
  do {
    at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
  } while (skip("<!--", "-->") || skip("<?", "?>"));
  if (text.substr(at, k_doctype.size()) != k_doctype) return {at, at};
  const auto begin = at;
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (skip("<!--", "-->") || skip("<?", "?>")) {
      --at;
    } else if (const char c = text[at]; c == '"' || c == '\'') {
      at = std::min(text.find(c, at + 1), text.size());
    } else if (c == '[' || c == ']') {
      depth += c == '[' ? 1 : -1;
    } else if (c == '>' && depth == 0) {
      return {begin, at + 1};
    }
  }
  return {begin, text.size()};
}

// The reader takes entities in double quotes only, and wants a value for each: others are put so, and those that point
// outside the document become spaces (a reference to one is a fault then). Nothing after the declaration is touched.
void plain_entities(std::string& text) {
  const auto [doctype, end_of_doctype] = doctype_of(text);
  for (auto at = text.find("<!ENTITY", doctype); at < end_of_doctype; at = text.find("<!ENTITY", at + 1)) {
    const auto end = text.find('>', at), open = text.find_first_of("\"'", at);
    if (end == std::string::npos || open == std::string::npos) return;
    const auto words = trim(std::string_view(text).substr(at + 8, std::min(open, end) - at - 8));
    const bool outside = words.find_first_of(" \t\r\n") != std::string_view::npos || open > end;
    const auto close = text.find(text[open], open + 1);
    if (close == std::string::npos) return;
    if (outside) {
      std::fill(text.begin() + static_cast<std::ptrdiff_t>(at),
                text.begin() + static_cast<std::ptrdiff_t>(std::min(end + 1, end_of_doctype)), ' ');
    } else if (text[open] == '\'' &&
               std::string_view(text).substr(open, close - open).find('"') == std::string_view::npos) {
      text[open] = text[close] = '"';
    }
  }
}

// What the readers say about IRIs and tags, as every other reader says it.
std::string plainly(std::string why) {
  for (const auto& [theirs, ours] :
       {std::pair<std::string_view, std::string_view>{"error while parsing IRI '", "not an absolute IRI: "},
        {"error while parsing language tag '", "not a language tag: "}}) {
    if (!why.starts_with(theirs)) continue;
    const auto end = why.rfind("': ");
    if (end != std::string::npos && end > theirs.size())
      return std::string(ours) + quote(why.substr(theirs.size(), end - theirs.size()));
  }
  return why;
}

struct Target {
  std::string_view text;
  BlankNames names;
  bool dots = false;
  LineMarks marks;
  std::unordered_map<std::string, std::string> anonymous;  ///< by the reader's number
  std::unordered_map<std::string, unsigned> places;        ///< names that were given, and how often
  ReadResult out;
  std::string trouble, bad;
  bool json = false;
  const std::vector<std::uint64_t>* removed = nullptr;  ///< where bytes were taken out of what the reader sees
  const XmlText* plain = nullptr;                       ///< what was then done to its text

  std::uint64_t original(std::uint64_t offset) const {
    if (plain) offset = plain->original(offset);
    return offset +
           static_cast<std::uint64_t>(std::upper_bound(removed->begin(), removed->end(), offset) - removed->begin());
  }
  std::set<std::string, std::less<>> dropped;  ///< predicates that are not IRIs: keys that no context defines
  bool leaks = false;                          ///< something of what stands at such a key may have been read

  std::string blank(std::string_view label, std::uint64_t begin) {
    if (!label.starts_with('?')) return names.named(label);
    auto& name = anonymous[std::string(label)];
    if (name.empty()) {
      const auto at = place_in(text, marks, begin, begin);
      name = names.anonymous(at.line, at.column);
      if (const auto n = places[name]++) name += "-" + std::to_string(n);
    }
    return name;
  }

  TermId term(const provgate_rdf_text& given, std::uint64_t begin) {
    if (!given.data) return 0;
    const std::string_view form{reinterpret_cast<const char*>(given.data), given.size};
    auto& terms = out.graph.terms();
    if (form.starts_with("_:")) return terms.intern(blank(form.substr(2), begin));
    const auto known = terms.size();
    const auto id = dots ? terms.intern(with_dots(form)) : terms.intern(form);
    if (terms.size() != known) look_at(terms.text(id));
    return id;
  }

  // What is read leniently need not be an IRI.
  void look_at(std::string_view form) {
    if (form.starts_with('"')) {
      const auto datatype = form.rfind("\"^^<");
      if (datatype == std::string_view::npos || !form.ends_with('>')) return;
      form.remove_prefix(datatype + 3);
    }
    const auto iri = form.substr(1, form.size() - 2);
    if (!is_iri(iri))
      bad = iri.starts_with("_:") ? "a blank node where an IRI is wanted: " + quote(iri)
                                  : "not an absolute IRI: " + quote(iri);
  }

  // Whether JSON-LD drops the statement.
  bool drops(const provgate_rdf_text* terms) {
    const auto& predicate = terms[1];
    const std::string_view form{reinterpret_cast<const char*>(predicate.data), predicate.size};
    if (!json || form.find(':') != std::string_view::npos) return false;
    if (const auto key = form.substr(1, form.size() - 2); !dropped.contains(key)) dropped.emplace(key);
    leaks = leaks || terms[0].data;
    return true;
  }
};

std::int32_t add(void* self, const provgate_rdf_text* terms, std::uint64_t begin, std::uint64_t end) noexcept {
  auto& target = *static_cast<Target*>(self);
  try {
    if (target.drops(terms)) return 0;
    begin = target.original(begin), end = target.original(end);
    const Quad quad{target.term(terms[0], begin), target.term(terms[1], begin), target.term(terms[2], begin),
                    target.term(terms[3], begin)};
    if (!target.bad.empty()) {
      target.out.fault = Fault{begin, std::move(target.bad), {}};
      return 1;
    }
    target.out.graph.append(
        quad, {begin & Origin::k_max_offset, std::min<std::uint64_t>(end - begin, Origin::k_max_length) & 0xFFF,
               target.names.file & 0xFFF});
    return 0;
  } catch (const std::exception& e) {
    try {
      target.trouble = e.what();
    } catch (...) {
    }
  } catch (...) {
  }
  return 1;
}

void fault(void* self, std::uint64_t offset, const std::uint8_t* why, std::size_t size) noexcept {
  try {
    auto& target = *static_cast<Target*>(self);
    target.out.fault = Fault{std::min<std::uint64_t>(target.original(offset), target.text.size()),
                             std::string(reinterpret_cast<const char*>(why), size),
                             {}};
  } catch (...) {
  }
}

provgate_rdf_text lend(std::string_view text) {
  static constexpr std::uint8_t k_empty = 0;
  return {text.empty() ? &k_empty : reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

ReadResult stopped(Fault fault) {
  ReadResult out;
  out.fault = std::move(fault);
  return out;
}

// Whether the reader would take something in it for what it is not. What it refuses is tried again.
bool misread(std::string_view text) {
  for (const std::string_view what : {"bagID", "Literal\"", "Literal'"}) {
    if (::memmem(text.data(), text.size(), what.data(), what.size())) return true;
  }
  return false;
}

ReadResult read(bool json, std::string_view text, std::string_view base, std::uint32_t file,
                const JsonLdContexts& contexts) {
  std::string prepared(text);
  std::vector<std::uint64_t> removed;
  std::optional<XmlText> plain;
  if (!json) {
    removed = normal_line_ends(prepared);
    plain_entities(prepared);
    normal_attributes(prepared);
  }
  const bool dots = protect_dots(prepared);
  std::vector<provgate_rdf_context> given;
  for (const auto& [url, document] : contexts) given.push_back({lend(url), lend(document)});
  Target target;
  const auto run = [&](std::uint32_t syntax) {
    target = Target();
    target.names.file = file, target.text = text, target.marks = mark_lines(text), target.dots = dots,
    target.json = json, target.removed = &removed, target.plain = plain ? &*plain : nullptr;
    const provgate_rdf_reader reader{&target, add, fault};
    return provgate_rdf_read(syntax, lend(prepared), lend(base), given.data(), given.size(), &reader);
  };
  std::uint32_t status = 1, how = 1;
  const bool wrong = !json && misread(prepared);
  if (!wrong) status = run(json ? 1 : 0);
  if (!json && status == 1) {
    plain.emplace(plain_xml_text(prepared));
    if (plain->fault) {
      target.removed = &removed;
      plain->fault->offset = target.original(plain->fault->offset);
      return stopped(std::move(*plain->fault));
    }
    if (wrong || !plain->steps.empty()) {
      prepared = std::move(plain->text);
      status = run(8);
    } else {
      plain.reset();
      target.plain = nullptr;
    }
  }
  if (json && status == 1) status = run(how = 1 | 2);  // for what cannot be put in order, and for the place of a fault
  auto dropped = std::move(target.dropped);
  if (json && status == 0 && target.leaks) {
    // What stands in what is dropped is dropped with it.
    status = run(how | 4);
    if (status == 1) status = run(1 | 2 | 4);
    dropped.merge(target.dropped);
  }
  target.out.dropped.assign(dropped.begin(), dropped.end());
  if (status == 70) throw std::logic_error(json ? "the reader of JSON-LD failed" : "the reader of RDF/XML failed");
  if (status == 7)
    target.out.fault = Fault{0, "a thread for the reader cannot be made",
                             "the system has no room for another thread of 256 MiB stack"};
  if (status != 0 && !target.out.fault)
    target.out.fault = Fault{0, target.trouble.empty() ? "the reader failed" : target.trouble, {}};
  if (target.out.fault) target.out.fault->why = plainly(std::move(target.out.fault->why));
  if (target.dots && target.out.fault) target.out.fault->why = with_dots(target.out.fault->why);
  if (target.out.fault) target.out.graph = Graph();
  return std::move(target.out);
}

// Where the string ends that begins at `at`: its quote, or the end of all.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; (at = json.find('"', at)) != std::string_view::npos; ++at) {
    auto before = at;
    while (json[before - 1] == '\\') --before;  // ends at the opening quote at the latest
    if ((at - before) % 2 == 0) return at;
  }
  return json.size();
}

// Brackets outside strings.
std::optional<Fault> too_deep(std::string_view json) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') {
      at = end_of_string(json, at);
    } else if (c == '{' || c == '[') {
      if (++depth > k_deepest_document)
        return Fault{at, "nested deeper than " + with_commas(k_deepest_document) + " objects and arrays", {}};
    } else if ((c == '}' || c == ']') && depth) {
      --depth;
    }
  }
  return {};
}

}  // namespace

ReadResult read_rdfxml(std::string_view text, std::string_view base, std::uint32_t file) {
  if (const auto bad = first_bad_utf8(text); bad != std::string_view::npos) return stopped({bad, "not UTF-8", {}});
  if (auto danger = rdfxml_danger(text)) return stopped(std::move(*danger));
  // The scan knows the place and the kind of some faults better, and finds what the reader lets pass; the reader is the
  // slower of the two.
  constexpr std::size_t k_worth_a_thread = 1 << 20, k_around = 1024;
  ReadResult out;
  std::optional<Fault> fault;
  parallel_for(2, text.size() < k_worth_a_thread ? 1 : 2, [&](std::size_t i) {
    if (i == 0) out = read(false, text, base, file, {});
    if (i == 1) fault = rdfxml_fault(text);
  });
  // Of what comes after the place where the reader stopped, nothing is known to be well-formed.
  if (fault && (!out.fault || fault->offset < std::min<std::uint64_t>(text.size(), out.fault->offset + k_around)))
    return stopped(std::move(*fault));
  return out;
}

ReadResult read_jsonld(std::string_view text, std::string_view base, std::uint32_t file,
                       const JsonLdContexts& contexts) {
  if (const auto bad = first_bad_utf8(text); bad != std::string_view::npos) return stopped({bad, "not UTF-8", {}});
  if (auto deep = too_deep(text)) return stopped(std::move(*deep));
  auto out = read(true, text, base, file, contexts);
  if (out.fault && out.fault->why.find("is not given, and nothing is fetched") != std::string::npos)
    out.fault->help = "give it with --context URL=FILE";
  return out;
}

}  // namespace provgate
