// Reads the rule catalogue (src/check/catalogue/*.txt). Its form, line by line:
//   rule ID SEVERITY, then `title`, `why`, `source`, `fix` with their text, then `bad` and `good` blocks of
//   base NAME | args ARGUMENTS | file PATH followed by lines after "| " | edit PATH :: OLD => NEW | remove PATH |
//   link PATH -> TARGET | nameless (the tree's directory has no kernel name) |
//   deep N PATH (the file goes N directories deeper) | many N PATH :: OLD => NEW (NEW's last item N times)
// A path may hold bytes as \xHH.
// `base` blocks at the top of a file name trees that examples start from. $I is the seed instance's directory.
#include <algorithm>
#include <stdexcept>

#include "base/embedded.hpp"
#include "provgate/check.hpp"
#include "provgate/io.hpp"

namespace provgate {
namespace {

constexpr std::string_view k_instance = "storage/instances/i-note-7f3a-1760000000";

[[noreturn]] void broken(const std::string& what) { throw std::logic_error("rule catalogue: " + what); }

std::string expand(std::string_view path) {
  std::string out = path.starts_with("$I") ? std::string(k_instance) + std::string(path.substr(2)) : std::string(path);
  for (auto at = out.find("\\x"); at != std::string::npos; at = out.find("\\x", at + 1)) {
    out.replace(at, 4, 1, static_cast<char>(std::stoi(out.substr(at + 2, 2), nullptr, 16)));
  }
  return out;
}

std::uint64_t number(std::string_view text) { return std::stoull(std::string(text)); }

class Reader {
 public:
  std::vector<Rule> run() {
    for (const auto& file : embedded_files()) {
      if (file.path.starts_with("src/check/catalogue/")) {
        for (const auto line : split(file.text, '\n')) read(line);
        end_block();
      }
    }
    std::sort(rules_.begin(), rules_.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return std::move(rules_);
  }

 private:
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
      rules_.emplace_back();
      rules_.back().id = std::string(id);
      rules_.back().severity = severity == "error"     ? Severity::error
                               : severity == "warning" ? Severity::warning
                                                       : Severity::info;
    } else if (word == "title" || word == "why" || word == "source" || word == "fix") {
      auto& rule = rules_.back();
      (word == "title"    ? rule.title
       : word == "why"    ? rule.why
       : word == "source" ? rule.source
                          : rule.fix) = std::string(rest);
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
      for (const auto part : split(rest, ' ')) rules_.back().arguments.emplace_back(part);
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
    } else if (word == "nameless") {
      rules_.back().nameless_bad = true;
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
    if (block_ == 1) rules_.back().bad = tree_, rules_.back().shown_bad = shown_;
    if (block_ == 2) rules_.back().good = tree_, rules_.back().shown_good = shown_;
    if (block_ != 0) shown(rules_.back());
    tree_.clear(), shown_.clear();
    in_tree_ = false;
    block_ = 0;
  }

  std::vector<Rule> rules_;
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
