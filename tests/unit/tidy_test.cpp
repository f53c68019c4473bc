// Reads the tree: the dependency table, file sizes, that every test file is in the build, that headers stand alone.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "provgate/base.hpp"

namespace provgate {
namespace {

namespace fs = std::filesystem;
const fs::path k_root = PROVGATE_SOURCE_DIR;

std::string slurp(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// base < io text urn < rdf < sparql < sources convert < check seal < store < publish audit report < cli server
int row_of(const std::string& module) {
  static const std::map<std::string, int> k_rows = {
      {"base", 0},   {"finding", 0}, {"io", 1},      {"text", 1},   {"urn", 1},   {"rdf", 2},   {"load", 2},
      {"sparql", 3}, {"sources", 4}, {"convert", 4}, {"check", 5},  {"shacl", 5}, {"seal", 5},  {"store", 6},
      {"sealer", 6}, {"publish", 7}, {"audit", 7},   {"report", 7}, {"cli", 8},   {"server", 8}};
  const auto found = k_rows.find(module);
  return found == k_rows.end() ? -1 : found->second;
}

std::vector<fs::path> sources(const fs::path& below) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(k_root / below)) {
    if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") out.push_back(entry.path());
  }
  return out;
}

TEST(Tidy, NoFileIncludesALaterRow) {
  const std::regex include("#include \"([a-z]+)/([a-z_]+)[./]");
  std::size_t seen = 0;
  for (const char* top : {"src", "include"}) {
    for (const auto& path : sources(top)) {
      const auto relative = fs::relative(path, k_root / top);
      std::string module = top == std::string("src") ? relative.begin()->string() : relative.stem().string();
      const int row = row_of(module);
      ASSERT_GE(row, 0) << path << ": no row for " << module;
      const auto text = slurp(path);
      for (std::sregex_iterator it(text.begin(), text.end(), include), end; it != end; ++it) {
        const std::string other = (*it)[1] == "provgate" ? std::string((*it)[2]) : std::string((*it)[1]);
        EXPECT_GE(row, row_of(other)) << path << " includes " << other;
        EXPECT_GE(row_of(other), 0) << path << " includes unknown " << other;
        ++seen;
      }
    }
  }
  EXPECT_GT(seen, 100U);
}

TEST(Tidy, FilesAreSmall) {
  for (const char* top : {"src", "include"}) {
    for (const auto& path : sources(top)) {
      const auto text = slurp(path);
      EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 420) << path;
    }
  }
}

TEST(Tidy, EveryTestFileIsInTheBuild) {
  const auto ninja = slurp(fs::path(PROVGATE_BINARY_DIR) / "build.ninja");
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(k_root / "tests" / "unit")) {
    const auto name = entry.path().filename().string();
    EXPECT_TRUE(name.ends_with("_test.cpp")) << name;
    EXPECT_NE(ninja.find(name), std::string::npos) << name;
    ++files;
  }
  for (const auto& entry : fs::directory_iterator(k_root / "tests" / "e2e")) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".py")) EXPECT_TRUE(name.starts_with("test_") || name.starts_with("support")) << name;
  }
  EXPECT_GT(files, 7U);
}

TEST(Tidy, ForeignHeadersStayBehindTheirDoors) {
  const std::map<std::string, std::string> doors = {{"<lmdb.h>", "src/store/"},
                                                    {"<raptor2.h>", "src/rdf/"},
                                                    {"<librdf.h>", "src/store/redland_module.cpp"},
                                                    {"<curl/curl.h>", "src/io/"},
                                                    {"<openssl/", "src/base/digest"},
                                                    {"<yaml-cpp/", "src/text/yaml.cpp"},
                                                    {"<simdjson.h>", "src/text/json.cpp"},
                                                    {"<CLI/", "src/cli/"},
                                                    {"<zlib.h>", "src/io/"},
                                                    {"<pcre2.h>", "src/check/shacl/regex.cpp"}};
  for (const char* top : {"src", "include"}) {
    for (const auto& path : sources(top)) {
      const auto text = slurp(path);
      const auto relative = fs::relative(path, k_root).string();
      for (const auto& [header, door] : doors) {
        if (text.find("#include " + header) != std::string::npos)
          EXPECT_TRUE(relative.starts_with(door)) << relative << " includes " << header;
      }
    }
  }
}

TEST(Tidy, RuleIdsInTheCodeAreInTheCatalogue) {
  std::string catalogue;
  for (const auto& entry : fs::directory_iterator(k_root / "src/check/catalogue")) catalogue += slurp(entry.path());
  const std::regex id("\"((INPUT|URN|PROV|CHAIN|PROOF|SEAL|TASK|DECISION|KERNEL|GRAPH)-[0-9]{3})\"");
  for (const auto& path : sources("src")) {
    const auto text = slurp(path);
    for (std::sregex_iterator it(text.begin(), text.end(), id), end; it != end; ++it) {
      EXPECT_NE(catalogue.find("rule " + (*it)[1].str() + " "), std::string::npos) << path << " " << (*it)[1];
    }
  }
}

}  // namespace
}  // namespace provgate
