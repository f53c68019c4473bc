// SPDX-License-Identifier: Apache-2.0
// Reads the rule catalogue: the files *.txt of the folders called catalogue. Their form, line by line:
//   rule ID SEVERITY, then `title`, `why`, `source`, `fix` with their text, `implies` with ids, then `bad` and `good`
//   blocks of
//   base NAME | args ARGUMENTS | file PATH followed by lines after "| " | edit PATH :: OLD => NEW | remove PATH |
//   link PATH -> TARGET | at PATH (where the block's tree lies, if not at the root) |
//   deep N PATH (the file goes N directories deeper) | many N PATH :: OLD => NEW (NEW's last item N times)
// A path may hold bytes as \xHH, and names that begin with $ (`let $NAME PATH` at the top of a folder's first file).
// `tree NAME` blocks name trees that examples start from, `root PATH` says where trees of the folder lie, and
// `examples ID` gives examples to a rule of another folder.
#include <algorithm>
#include <stdexcept>

#include "base/embedded.hpp"
#include "provgate/io/io.hpp"
#include "provgate/record/rules.hpp"

namespace provgate {
namespace {

[[noreturn]] void broken(const std::string& what) { throw std::logic_error("rule catalogue: " + what); }

std::uint64_t number(std::string_view text) { return std::stoull(std::string(text)); }

class Reader {
 public:
  std::vector<Rule> run() {
    // Rules that every system may break come before the systems that have examples of them.
    for (const bool of_systems : {false, true}) {
      for (const auto& file : embedded_files()) {
        if (file.path.find("/catalogue/") == std::string_view::npos) continue;
        const auto system = system_of(file.path);
        if (of_systems == system.empty()) continue;
        if (system != system_) names_.clear(), root_.clear();
        system_ = system;
        for (const auto line : split(file.text, '\n')) read(line);
        end_block();
      }
    }
    std::sort(rules_.begin(), rules_.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return std::move(rules_);
  }

 private:
  // src/systems/NAME/catalogue/x.txt
  static std::string system_of(std::string_view path) {
    constexpr std::string_view k_systems = "src/systems/";
    if (!path.starts_with(k_systems)) return {};
    path.remove_prefix(k_systems.size());
    return std::string(path.substr(0, path.find('/')));
  }

  std::string expand(std::string_view path) const {
    std::string out(path);
    if (path.starts_with('$')) {
      const auto end = std::min(path.find('/'), path.size());
      const auto known = names_.find(path.substr(0, end));
      if (known == names_.end()) broken("nothing is called " + std::string(path));
      out = known->second + std::string(path.substr(end));
    }
    for (auto at = out.find("\\x"); at != std::string::npos; at = out.find("\\x", at + 1)) {
      out.replace(at, 4, 1, static_cast<char>(std::stoi(out.substr(at + 2, 2), nullptr, 16)));
    }
    return out;
  }

  Rule& rule() { return rules_[rule_]; }

  // A rule of another folder, which has its text and not yet examples.
  void examples_of(std::string_view id) {
    end_block();
    const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const auto& r) { return r.id == id; });
    if (found == rules_.end()) broken("examples of no rule: " + std::string(id));
    rule_ = static_cast<std::size_t>(found - rules_.begin());
    found->root = root_;
  }

  static std::pair<std::string_view, std::string_view> head(std::string_view line) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return {line, {}};
    return {line.substr(0, space), line.substr(space + 1)};
  }

  void read(std::string_view line) {
    if (line.starts_with("| ") || line == "|") return content(line.size() > 2 ? line.substr(2) : std::string_view{});
    line = trim(line);
    if (line.empty() || line.starts_with('#')) return;
    const auto [word, rest] = head(line);
    if (word == "tree") {
      end_block();
      tree_name_ = std::string(rest);
      in_tree_ = true;
    } else if (word == "rule") {
      end_block();
      const auto [id, severity] = head(rest);
      rule_ = rules_.size();
      rules_.emplace_back();
      rule().id = std::string(id);
      rule().system = system_, rule().root = root_;
      rule().severity = severity == "error"     ? Severity::error
                        : severity == "warning" ? Severity::warning
                                                : Severity::info;
    } else if (word == "title" || word == "why" || word == "source" || word == "fix") {
      auto& rule = this->rule();
      (word == "title"    ? rule.title
       : word == "why"    ? rule.why
       : word == "source" ? rule.source
                          : rule.fix) = std::string(rest);
    } else if (word == "implies") {
      for (const auto id : split(rest, ' ')) rule().implies.emplace_back(id);
    } else if (word == "let") {
      const auto [name, path] = head(rest);
      names_.emplace(name, path);
    } else if (word == "root") {
      root_ = rest;
    } else if (word == "examples") {
      examples_of(rest);
    } else if (word == "bad" || word == "good") {
      end_block();
      block_ = word == "bad" ? 1 : 2;
    } else {
      directive(word, rest);
    }
  }

  void directive(std::string_view word, std::string_view rest) {
    if (word == "base") {
      const auto base = trees_.find(std::string(rest));
      if (base == trees_.end()) broken("no tree " + std::string(rest));
      for (const auto& [path, text] : base->second) tree_[path] = text;
    } else if (word == "args") {
      for (const auto part : split(rest, ' ')) rule().arguments.emplace_back(part);
    } else if (word == "file") {
      path_ = expand(rest);
      tree_[path_].clear();
      shown_.push_back(path_);
    } else if (word == "link") {
      const auto arrow = rest.find(" -> ");
      tree_[expand(rest.substr(0, arrow))] = std::string(k_link_mark) + expand(rest.substr(arrow + 4));
    } else if (word == "deep") {
      const auto [count, path] = head(rest);
      const auto from = expand(path), name = base_name(from);
      std::string to = parent_path(from);
      for (std::uint64_t i = 0; i < number(count); ++i) to += "/d";
      tree_[to + "/" + name] = tree_.at(from);
    } else if (word == "many") {
      const auto [count, change] = head(rest);
      const auto [path, edit] = head(change);
      directive("edit", change);
      auto& text = tree_[expand(path)];
      const auto arrow = edit.find(" => ");
      const auto added = std::string(edit.substr(arrow + 4));
      const auto last = added.substr(added.rfind(", "));
      std::string more;
      for (std::uint64_t i = 1; i < number(count); ++i) more += last;
      text.insert(text.find(added) + added.size(), more);
    } else if (word == "at") {
      if (block_ != 1) broken("only a bad tree lies elsewhere");
      rule().bad_root = rest;
    } else if (word == "remove") {
      if (!tree_.erase(expand(rest))) broken("nothing to remove: " + std::string(rest));
    } else if (word == "edit") {
      const auto [path, change] = head(rest);
      const auto arrow = change.find(" => ");
      if (!change.starts_with(":: ") || arrow == std::string_view::npos) broken("edit: " + std::string(rest));
      const auto from = change.substr(3, arrow - 3), to = change.substr(arrow + 4);
      auto& text = tree_[expand(path)];
      const auto at = text.find(from);
      if (at == std::string::npos) broken("edit finds no " + std::string(from) + " in " + expand(path));
      text.replace(at, from.size(), to == "(nothing)" ? std::string_view{} : to);
      shown_.push_back(expand(path));
    } else {
      broken("unknown word " + std::string(word));
    }
  }

  // What neither block edits or adds is shown all the same: the good example beside the bad one.
  static void shown(Rule& rule) {
    const auto fill = [](std::vector<std::string>& list, const std::vector<std::string>& other,
                         const ExampleTree& tree) {
      for (const auto& path : other) {
        if (list.size() < other.size() && tree.contains(path) &&
            std::find(list.begin(), list.end(), path) == list.end())
          list.push_back(path);
      }
      for (auto it = tree.begin(); list.empty() && it != tree.end(); ++it) list.push_back(it->first);
    };
    if (!rule.good.empty()) fill(rule.shown_good, rule.shown_bad, rule.good);
    if (!rule.bad.empty() && !rule.good.empty()) fill(rule.shown_bad, rule.shown_good, rule.bad);
  }

  void content(std::string_view line) {
    auto& text = tree_[path_];
    if (!text.empty()) text += "\n";
    text += line;
  }

  void end_block() {
    if (in_tree_) trees_[tree_name_] = tree_;
    if (block_ == 1) rule().bad = tree_, rule().shown_bad = shown_;
    if (block_ == 2) rule().good = tree_, rule().shown_good = shown_;
    if (block_ != 0) shown(rule());
    tree_.clear(), shown_.clear();
    in_tree_ = false;
    block_ = 0;
  }

  std::vector<Rule> rules_;
  std::size_t rule_ = 0;  ///< the one that is being read
  std::string system_, root_;
  std::map<std::string, std::string, std::less<>> names_;
  std::map<std::string, ExampleTree> trees_;
  ExampleTree tree_;
  std::vector<std::string> shown_;
  std::string tree_name_, path_;
  bool in_tree_ = false;
  int block_ = 0;
};

}  // namespace

const std::vector<Rule>& rules() {
  static const std::vector<Rule> table = Reader().run();
  return table;
}

const Rule* find_rule(std::string_view id) {
  const auto& table = rules();
  const auto found = std::lower_bound(table.begin(), table.end(), id,
                                      [](const Rule& r, std::string_view wanted) { return r.id < wanted; });
  return found != table.end() && found->id == id ? &*found : nullptr;
}

}  // namespace provgate
