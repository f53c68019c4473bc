// SPDX-License-Identifier: Apache-2.0
// The shapes graph as the compiler reads it: values, lists, classes, and the place of everything.
#pragma once

#include <set>
#include <unordered_map>

#include "provgate/shacl/shacl.hpp"
#include "rdf/columns.hpp"
#include "rdf/literal.hpp"
#include "shacl/vocabulary.hpp"

namespace provgate::shacl {

class Source {
 public:
  Source(const RdfData& shapes, Dictionary& data, bool same_files, std::vector<Finding>& notes);

  const Dictionary& terms() const { return shapes_.graph.terms(); }
  const Graph& graph() const { return shapes_.graph; }
  std::string_view text(TermId id) const { return terms().text(id); }
  TermId sh(std::string_view name) const { return terms().find(sh_term(name)); }
  TermId rdf(std::string_view name) const { return terms().find("<" + std::string(vocab::rdf).append(name) + ">"); }
  TermId rdfs(std::string_view name) const { return terms().find("<" + std::string(vocab::rdfs).append(name) + ">"); }
  bool iri(TermId id) const { return terms().kind(id) == TermKind::iri; }
  bool literal(TermId id) const { return terms().kind(id) == TermKind::literal; }
  bool blank(TermId id) const { return terms().kind(id) == TermKind::blank; }
  std::string local(TermId id) const;  ///< the name after sh:, empty for other terms
  std::string shown(TermId id) const;  ///< for messages

  /// The term's number in the data's dictionary.
  TermId data(TermId id);
  Dictionary& data_terms() { return data_; }

  std::vector<TermId> objects(TermId s, TermId p) const;
  std::vector<TermId> objects(TermId s, std::string_view sh_name) const { return objects(s, sh(sh_name)); }
  std::vector<TermId> subjects(TermId p) const;
  std::vector<TermId> instances(TermId cls) const;  ///< with rdfs:subClassOf of the shapes graph
  bool instance_of(TermId node, TermId cls) const;
  bool has_type(TermId node) const { return !objects(node, rdf("type")).empty(); }
  /// Indices of the statements with that subject, in order of the text.
  const std::vector<std::size_t>& about(TermId s) const;
  bool described(TermId s) const { return !about(s).empty(); }
  std::size_t statement(TermId s, TermId p, TermId o) const;  ///< the first such, or SIZE_MAX
  std::size_t statement(TermId s) const { return described(s) ? about(s).front() : SIZE_MAX; }
  /// Members of a well-formed list; nothing when it is none.
  std::optional<std::vector<TermId>> list(TermId head) const;
  std::optional<bool> boolean(TermId id) const;  ///< the literals true and false only
  std::optional<std::int64_t> integer(TermId id) const;
  bool string(TermId id) const { return literal(id) && view_literal(text(id)).plain_string(); }

  /// The file of a statement, where the shapes come from several; else "".
  std::string file_among_several(std::size_t statement) const;
  void error(std::size_t statement, std::string why, std::string help = {}) {
    note(Severity::error, statement, std::move(why), std::move(help));
  }
  void warn(std::size_t statement, std::string why, std::string help = {}) {
    note(Severity::warning, statement, std::move(why), std::move(help));
  }
  bool failed() const { return failed_; }
  std::size_t files() const { return shapes_.files.size(); }
  /// The number of a statement's file.
  std::size_t file_of(std::size_t statement) const;
  /// Errors that `forgiven` says so of, by their statement (SIZE_MAX: none), become warnings.
  template <class F>
  void forgive(F&& forgiven) {
    failed_ = false;
    for (std::size_t i = first_note_; i < notes_.size(); ++i) {
      if (notes_[i].severity != Severity::error) continue;
      if (forgiven(statements_[i - first_note_])) {
        notes_[i].severity = Severity::warning;
        notes_[i].message += "; no shape that selects a node depends on it";
      } else {
        failed_ = true;
      }
    }
  }

 private:
  void note(Severity severity, std::size_t statement, std::string why, std::string help);
  const RdfData& shapes_;
  Dictionary& data_;
  bool same_files_, failed_ = false;
  std::vector<Finding>& notes_;
  std::size_t first_note_;               ///< of ours
  std::vector<std::size_t> statements_;  ///< of our notes
  Columns columns_;
  std::unordered_map<TermId, std::vector<std::size_t>> about_;
  std::vector<TermId> map_;
};

}  // namespace provgate::shacl
