// SPDX-License-Identifier: Apache-2.0
// Reads the tree: the order of modules, that no system of records is named outside its folder, sizes, columns, doors to
// foreign libraries and to the world.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "provgate/base/base.hpp"
#include "support/golden.hpp"

namespace provgate {
namespace {

namespace fs = std::filesystem;
const fs::path k_root = PROVGATE_SOURCE_DIR;

using test::slurp;

std::string named(const fs::path& path) { return fs::relative(path, k_root).string(); }

// Files of those endings in and below a folder; what is built is left out.
std::vector<fs::path> files_below(const fs::path& below, const std::set<std::string>& endings) {
  std::vector<fs::path> out;
  for (auto it = fs::recursive_directory_iterator(k_root / below); it != fs::recursive_directory_iterator(); ++it) {
    const auto name = it->path().filename().string();
    if (it->is_directory() && (name == "target" || name == "node_modules")) it.disable_recursion_pending();
    if (it->is_regular_file() && endings.contains(it->path().extension().string())) out.push_back(it->path());
  }
  return out;
}

std::vector<fs::path> cpp_files(std::initializer_list<const char*> tops) {
  std::vector<fs::path> out;
  for (const char* top : tops) {
    for (auto& path : files_below(top, {".cpp", ".hpp", ".h"})) out.push_back(std::move(path));
  }
  return out;
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) out.push_back(std::move(line));
  return out;
}

// ---- modules ------------------------------------------------------------------------------------

// base < io text < rdf < sparql < record < shacl < systems < check seal < store < gate < publish audit report <
// requests < cli. Modules of one row do not include each other, but for those that stand below each other here.
const std::map<std::string, double>& rows() {
  static const std::map<std::string, double> k_rows = {
      {"base", 0},     {"io", 1},       {"text", 1},    {"rdf", 2},         {"sparql", 3}, {"record", 4},
      {"shacl", 5},    {"systems", 6},  {"check", 7},   {"seal", 7},        {"store", 8},  {"gate", 9},
      {"publish", 10}, {"audit", 10.5}, {"report", 10}, {"requests", 10.7}, {"cli", 11}};
  return k_rows;
}

double row_of(const std::string& module) {
  const auto found = rows().find(module);
  return found == rows().end() ? -1 : found->second;
}

// "src/store/x.cpp" and "include/provgate/store/x.hpp" are of the module store.
std::string module_of(const std::string& path) {
  const auto parts = split(path, '/');
  return std::string(parts.at(0) == "src" ? parts.at(1) : parts.at(2));
}

TEST(Tidy, NoModuleIncludesALaterRowOrABesideOne) {
  const std::regex include("#include \"(?:provgate/)?([a-z]+)/[^\"]*\"");
  std::size_t seen = 0;
  for (const auto& path : cpp_files({"src", "include"})) {
    const auto mine = module_of(named(path));
    ASSERT_GE(row_of(mine), 0) << path << ": no row for " << mine;
    const auto text = slurp(path);
    for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it) {
      const std::string other = (*it)[1];
      EXPECT_GE(row_of(other), 0) << path << " includes unknown " << other;
      EXPECT_TRUE(other == mine || row_of(other) < row_of(mine)) << path << " includes " << other;
      ++seen;
    }
  }
  EXPECT_GT(seen, 300U);
}

TEST(Tidy, AFileIncludesFromItsModuleOrByItsPublicName) {
  for (const auto& path : cpp_files({"include"})) {
    const auto text = slurp(path);
    EXPECT_EQ(std::regex_search(text, std::regex("#include \"(?!provgate/)")), false) << path << " is public";
  }
}

// The words of each system: its name, its types, its things, its files. A folder of src/systems without words fails.
const std::map<std::string, std::regex>& words_of_systems() {
  static const std::map<std::string, std::regex> k_words = {
      {"ckp",
       std::regex("(^|[^e])ckp|conceptkernel|concept kernel|\\bkernels?\\b|Kernel[A-Z]|InstanceRecord|ActionRecord|"
                  "TaskRecord|UrnKind|rules\\.shacl|instance_id",
                  std::regex::icase)},
      {"events", std::regex("converge-|urn:converge|EVT-[0-9]|event logs?\\b|lamport|EventReading|FactPromoted",
                            std::regex::icase)},
      {"experience", std::regex("chitty|expertise_attestation|accountability_record|experience_provenance|XPR-[0-9]",
                                std::regex::icase)}};
  return k_words;
}

TEST(Tidy, EverySystemHasWords) {
  for (const auto& entry : fs::directory_iterator(k_root / "src/systems")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(words_of_systems().contains(entry.path().filename().string())) << entry.path();
  }
}

// They are said in the system's own folder, in the registry and in tests.
TEST(Tidy, NoSystemIsNamedOutsideItsFolder) {
  std::vector<fs::path> files = files_below("src", {".cpp", ".hpp", ".rs", ".h", ".def", ".txt", ".toml"});
  for (auto& path : files_below("include", {".hpp"})) files.push_back(path);
  for (auto& path : files_below("cmake", {".cmake"})) files.push_back(path);
  for (const auto& entry : fs::directory_iterator(k_root / "fuseki/queries")) {
    if (entry.path().extension() == ".rq") files.push_back(entry.path());
  }
  files.push_back(k_root / "CMakeLists.txt");
  std::size_t looked = 0;
  for (const auto& path : files) {
    const auto name = named(path);
    if (name == "src/systems/all.cpp") continue;
    ++looked;
    for (const auto& [system, words] : words_of_systems()) {
      if (name.starts_with("src/systems/" + system + "/") ||
          name.starts_with("include/provgate/systems/" + system + "/"))
        continue;
      std::size_t number = 0;
      for (auto line : lines_of(path)) {
        ++number;
        // A value that stands in records of one system may be a word of another.
        if (name.starts_with("src/systems/") && std::regex_search(line, words))
          line = std::regex_replace(line, std::regex("\"[A-Z][a-z]+\""), "");
        EXPECT_FALSE(std::regex_search(line, words)) << name << ":" << number << ": " << line;
      }
    }
  }
  EXPECT_GT(looked, 200U);
}

TEST(Tidy, NoSystemIncludesAnother) {
  const std::regex include("#include \"systems/([a-z]+)/");
  for (const auto& path : cpp_files({"src/systems"})) {
    const auto name = named(path);
    const auto parts = split(name, '/');
    const auto text = slurp(path);
    for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it) {
      if (named(path) == "src/systems/all.cpp") continue;
      EXPECT_EQ((*it)[1], std::string(parts.at(2))) << path;
    }
  }
}

// ---- sizes --------------------------------------------------------------------------------------

TEST(Tidy, FilesAreSmall) {
  std::vector<std::size_t> sizes;
  std::vector<fs::path> files = cpp_files({"src", "include"});
  for (auto& path : files_below("src", {".rs"})) files.push_back(path);
  for (const auto& path : files) {
    sizes.push_back(lines_of(path).size());
    EXPECT_LE(sizes.back(), 400U) << path;
  }
  std::sort(sizes.begin(), sizes.end());
  EXPECT_LE(sizes[sizes.size() / 2], 120U) << "the median file";
}

// What a program left where it ran is no source.
TEST(Tidy, NothingIsLarge) {
  constexpr std::uintmax_t k_most_bytes = 512 << 10;
  std::size_t looked = 0;
  for (const auto& top : fs::directory_iterator(k_root)) {
    const auto name = top.path().filename();
    if (name == "build" || name == ".git" || name.string().starts_with("provgate_bench.")) continue;
    if (!top.is_directory()) continue;
    for (auto at = fs::recursive_directory_iterator(top); at != fs::recursive_directory_iterator(); ++at) {
      const auto part = at->path().filename();
      if (part == "node_modules" || part == "target" || part == "__pycache__") at.disable_recursion_pending();
      if (!at->is_regular_file()) continue;
      EXPECT_LE(at->file_size(), k_most_bytes) << at->path();
      ++looked;
    }
  }
  EXPECT_GT(looked, 400U);
}

TEST(Tidy, EachFileNamesItsLicence) {
  std::vector<fs::path> files = cpp_files({"src", "include", "tests"});
  for (const char* top : {"src", "tests", "scripts", "cmake"}) {
    for (auto& path : files_below(top, {".rs", ".py", ".sh", ".cmake", ".def", ".mjs"}))
      files.push_back(std::move(path));
  }
  for (const char* name : {"demo.sh", "test.sh", "CMakeLists.txt", "tests/CMakeLists.txt", ".ci/run"}) {
    files.push_back(k_root / name);
  }
  for (const auto& path : files) {
    const auto lines = lines_of(path);
    const auto is_it = [](const auto& line) { return line.ends_with(" SPDX-License-Identifier: Apache-2.0"); };
    EXPECT_TRUE(std::any_of(lines.begin(), lines.begin() + std::min<std::ptrdiff_t>(2, std::ssize(lines)), is_it))
        << path;
  }
}

TEST(Tidy, LinesHave120Columns) {
  std::vector<fs::path> files = cpp_files({"src", "include", "tests"});
  for (const char* top : {"src", "tests", "scripts"}) {
    for (auto& path : files_below(top, {".rs", ".py"})) files.push_back(std::move(path));
  }
  for (const auto& path : files) {
    std::size_t number = 0;
    for (const auto& line : lines_of(path)) {
      ++number;
      EXPECT_LE(count_code_points(line), 120U) << named(path) << ":" << number;
    }
  }
}

constexpr std::size_t k_most_lines = 70;  // of a function

// The formatter puts a function's braces where its first word stands: at the margin, or within a class one step in.
TEST(Tidy, FunctionsFitAScreen) {
  const std::regex no_function("^ *(namespace|class|struct|enum|union|extern|static const|constexpr|const) ");
  const auto check = [&](const fs::path& path, const std::regex& begins) {
    const auto lines = lines_of(path);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto indent = lines[i].find_first_not_of(' ');
      if (indent == std::string::npos || !lines[i].ends_with('{') || !std::regex_search(lines[i], begins)) continue;
      // The parameters may have lines of their own.
      auto head = i;
      while (head > 0 && i - head < 10 && lines[head].find_first_not_of(' ') > 4) --head;
      const auto margin = lines[head].find_first_not_of(' ');
      if (margin > 4 || !std::isalpha(static_cast<unsigned char>(lines[head][margin])) ||
          lines[head].find('(') == std::string::npos || std::regex_search(lines[head], no_function))
        continue;
      const auto closing = std::string(margin, ' ') + "}";
      auto end = i + 1;
      while (end < lines.size() && lines[end].substr(0, closing.size()) != closing) ++end;
      EXPECT_LE(end - head + 1, k_most_lines) << named(path) << ":" << head + 1;
    }
  };
  for (const auto& path : cpp_files({"src", "include", "tests"}))
    check(path, std::regex("^ *[^ :].*\\)[a-z& ]*(->[^{]*)? ?\\{$"));
  for (const auto& path : files_below("src", {".rs"}))
    check(path, std::regex("^ *(pub |unsafe |extern \"C\" |const )*fn |^ *\\).*\\{$"));
}

TEST(Tidy, FunctionsOfPythonFitAScreen) {
  std::vector<fs::path> files = files_below("tests", {".py"});
  for (auto& path : files_below("scripts", {".py"})) files.push_back(std::move(path));
  for (const auto& path : files) {
    const auto lines = lines_of(path);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto indent = lines[i].find_first_not_of(' ');
      if (indent == std::string::npos || !std::string_view(lines[i]).substr(indent).starts_with("def ")) continue;
      auto last = i;
      for (auto at = i + 1; at < lines.size(); ++at) {
        const auto inner = lines[at].find_first_not_of(' ');
        if (inner == std::string::npos) continue;
        if (inner <= indent && lines[at][inner] != ')') break;
        last = at;
      }
      EXPECT_LE(last - i + 1, k_most_lines) << named(path) << ":" << i + 1;
    }
  }
}

// ---- tests --------------------------------------------------------------------------------------

TEST(Tidy, EveryTestFileIsInTheBuildAndInAFolderAsOfTheSource) {
  // By itself, or in a file that includes several.
  const auto directory = fs::path(PROVGATE_BINARY_DIR);
  auto built = slurp(directory / "build.ninja");
  if (const auto unity = directory / "tests/CMakeFiles/provgate_unit.dir/Unity"; fs::is_directory(unity)) {
    for (const auto& entry : fs::directory_iterator(unity)) {
      if (built.find(entry.path().filename().string()) != std::string::npos) built += slurp(entry.path());
    }
  }
  std::size_t files = 0;
  for (const auto& path : files_below("tests", {".cpp"})) {
    const auto name = path.filename().string();
    if (!name.ends_with("_test.cpp")) continue;
    EXPECT_NE(built.find("/" + name), std::string::npos) << name;
    const auto folder = fs::relative(path.parent_path(), k_root / "tests").string();
    if (folder != ".") EXPECT_TRUE(fs::is_directory(k_root / "src" / folder)) << path << ": no src/" << folder;
    ++files;
  }
  for (const auto& entry : fs::directory_iterator(k_root / "tests" / "e2e")) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".py")) EXPECT_TRUE(name.starts_with("test_") || name.starts_with("support")) << name;
  }
  EXPECT_GT(files, 15U);
}

// ---- doors --------------------------------------------------------------------------------------

TEST(Tidy, ForeignHeadersStayBehindTheirDoors) {
  const std::map<std::string, std::string> doors = {{"<lmdb.h>", "src/store/"},
                                                    {"<raptor2.h>", "src/rdf/"},
                                                    {"<librdf.h>", "src/store/redland_module.cpp"},
                                                    {"<curl/curl.h>", "src/io/"},
                                                    {"<openssl/", "src/base/"},
                                                    {"<yaml-cpp/", "src/text/yaml.cpp"},
                                                    {"<simdjson.h>", "src/text/json.cpp"},
                                                    {"<CLI/", "src/cli/"},
                                                    {"<zlib.h>", "src/io/"},
                                                    {"<pcre2.h>", "src/shacl/regex.cpp"}};
  for (const auto& path : cpp_files({"src", "include"})) {
    const auto text = slurp(path);
    for (const auto& [header, door] : doors) {
      if (text.find("#include " + header) != std::string::npos) {
        EXPECT_TRUE(named(path).starts_with(door)) << path << " includes " << header;
      }
    }
  }
}

// What the world says comes in by World; environment variables are read where flags are.
TEST(Tidy, TheWorldIsReachedByTheCommandLineAlone) {
  const std::regex reached("\\bgetenv\\(|\\breal_disk\\(|\\breal_world\\(|system_clock|steady_clock|\\benvironment\\(");
  for (const auto& path : cpp_files({"src", "include"})) {
    const auto module = module_of(named(path));
    if (module == "io" || module == "cli" || named(path) == "src/store/redland_module.cpp") continue;
    std::size_t number = 0;
    for (const auto& line : lines_of(path)) {
      ++number;
      EXPECT_FALSE(std::regex_search(line, reached)) << named(path) << ":" << number << ": " << line;
    }
  }
}

TEST(Tidy, RuleIdsInTheCodeAreInTheCatalogue) {
  std::string catalogue;
  std::set<std::string> families;
  for (const auto& path : files_below("src", {".txt"})) {
    if (path.parent_path().filename() != "catalogue") continue;
    catalogue += slurp(path);
  }
  const std::regex rule("(?:^|\n)rule ([A-Z]+)-[0-9]{3} ");
  for (std::sregex_iterator it(catalogue.begin(), catalogue.end(), rule), end; it != end; ++it)
    families.insert((*it)[1]);
  EXPECT_GE(families.size(), 10U);
  const std::regex id("\"([A-Z]+)-[0-9]{3}\"");
  for (const auto& path : cpp_files({"src"})) {
    const auto text = slurp(path);
    for (std::sregex_iterator it(text.begin(), text.end(), id), end; it != end; ++it) {
      if (!families.contains((*it)[1])) continue;
      const auto quoted = it->str();
      EXPECT_NE(catalogue.find("rule " + quoted.substr(1, quoted.size() - 2) + " "), std::string::npos)
          << path << " " << quoted;
    }
  }
}

}  // namespace
}  // namespace provgate
