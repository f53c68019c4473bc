// SPDX-License-Identifier: Apache-2.0
// Reference resolution, RFC 3986 section 5.2 (for IRIs: RFC 3987, 6.5).
#include "rdf/read.hpp"

#include <cassert>

namespace provgate {
namespace {

struct IriParts {
  std::string_view scheme, authority, path, query, fragment;
  bool has_authority = false, has_query = false, has_fragment = false;
};

IriParts parts_of(std::string_view text) {
  IriParts out;
  if (const auto hash = text.find('#'); hash != std::string_view::npos) {
    out.fragment = text.substr(hash + 1), out.has_fragment = true;
    text = text.substr(0, hash);
  }
  if (const auto mark = text.find('?'); mark != std::string_view::npos) {
    out.query = text.substr(mark + 1), out.has_query = true;
    text = text.substr(0, mark);
  }
  const auto colon = text.find_first_of(":/");
  if (colon != std::string_view::npos && colon != 0 && text[colon] == ':') {
    out.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    out.has_authority = true;
    const auto slash = text.find('/', 2);
    out.authority = text.substr(2, slash == std::string_view::npos ? slash : slash - 2);
    text = slash == std::string_view::npos ? std::string_view{} : text.substr(slash);
  }
  out.path = text;
  return out;
}

// 5.2.4
std::string without_dots(std::string_view in) {
  std::string out;
  while (!in.empty()) {
    if (in.starts_with("../")) {
      in.remove_prefix(3);
    } else if (in.starts_with("./")) {
      in.remove_prefix(2);
    } else if (in.starts_with("/./")) {
      in.remove_prefix(2);
    } else if (in == "/.") {
      in = "/";
    } else if (in.starts_with("/../") || in == "/..") {
      in = in == "/.." ? std::string_view("/") : in.substr(3);
      const auto slash = out.rfind('/');
      out.resize(slash == std::string::npos ? 0 : slash);
    } else if (in == "." || in == "..") {
      in = {};
    } else {
      const auto next = in.find('/', 1);
      out += in.substr(0, next);
      in = next == std::string_view::npos ? std::string_view{} : in.substr(next);
    }
  }
  return out;
}

}  // namespace

std::string resolve_iri(std::string_view base, std::string_view reference) {
  assert(is_iri(base));
  const auto r = parts_of(reference);
  if (!r.scheme.empty()) return std::string(reference);
  const auto b = parts_of(base);
  std::string path, query(r.query);
  std::string_view authority = b.authority;
  bool has_authority = b.has_authority, has_query = r.has_query;
  if (r.has_authority) {
    authority = r.authority, has_authority = true;
    path = without_dots(r.path);
  } else if (r.path.empty()) {
    path = std::string(b.path);
    if (!r.has_query) query = std::string(b.query), has_query = b.has_query;
  } else if (r.path.front() == '/') {
    path = without_dots(r.path);
  } else {
    const auto slash = b.path.rfind('/');
    std::string merged = b.has_authority && b.path.empty()
                             ? "/"
                             : std::string(b.path.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
    path = without_dots(merged.append(r.path));
  }
  std::string out = std::string(b.scheme) + ":";
  if (has_authority) out.append("//").append(authority);
  out += path;
  if (has_query) out += "?" + query;
  if (r.has_fragment) out.append("#").append(r.fragment);
  return out;
}

}  // namespace provgate
