// SPDX-License-Identifier: Apache-2.0
// provgate_bench [INSTANCES]: makes a kernel with that many instance directories, runs `provgate check` on it with one
// and two threads, best of three each, and prints wall time, peak memory and the ratio. Never part of a timed test.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fs = std::filesystem;

namespace {

struct Run {
  double seconds = 1e9;
  long peak_kb = 0;
  int code = 0;
};

Run run(const std::string& program, const std::string& tree, const std::string& threads, const std::string& out) {
  const auto start = std::chrono::steady_clock::now();
  std::fflush(nullptr);  // else the child prints what the parent has buffered
  const pid_t child = fork();
  if (child == 0) {
    if (!std::freopen(out.c_str(), "w", stdout)) _exit(127);
    execl(program.c_str(), program.c_str(), "check", tree.c_str(), "--threads", threads.c_str(),
          static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  struct rusage usage{};
  wait4(child, &status, 0, &usage);
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), usage.ru_maxrss,
          WEXITSTATUS(status)};
}

std::string slurp(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void make_tree(const fs::path& root, int instances) {
  for (int i = 0; i < instances; ++i) {
    char id[64];
    std::snprintf(id, sizeof id, "i-note-%07d-1760000000", i);
    const auto directory = root / "Acme.Notes/storage/instances" / id;
    fs::create_directories(directory);
    std::ofstream(directory / "manifest.json")
        << "{\n  \"instance_id\": \"" << id
        << "\",\n  \"instance_type\": \"note\",\n  \"created_at\": \"2025-10-09T08:53:20Z\",\n"
        << "  \"status\": \"completed\",\n  \"prov:wasGeneratedBy\": \"ckp://Action#Acme.Notes/note.write-"
        << 1760000000000 + i
        << "\",\n  \"prov:wasAttributedTo\": \"ckp://Kernel#Acme.Notes:v1.0\",\n  \"prov:generatedAtTime\": "
           "\"2025-10-09T08:53:20Z\"\n}";
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int instances = argc > 1 ? std::atoi(argv[1]) : 100'000;
  const auto program = (fs::canonical("/proc/self/exe").parent_path() / "provgate").string();
  const auto home = fs::temp_directory_path() / ("provgate-bench-" + std::to_string(instances));
  if (!fs::exists(home / "done")) {
    make_tree(home, instances);
    std::ofstream(home / "done") << "\n";
  }
  Run best[2];
  std::string outputs[2];
  for (int t = 0; t < 2; ++t) {
    for (int i = 0; i < 3; ++i) {
      const auto out = (home / "out").string();
      const auto one = run(program, (home / "Acme.Notes").string(), std::to_string(t + 1), out);
      best[t].seconds = std::min(best[t].seconds, one.seconds);
      best[t].peak_kb = std::max(best[t].peak_kb, one.peak_kb);
      best[t].code = one.code;
      outputs[t] = slurp(out);
    }
    std::printf("check, %d instances, %d thread%s: %.2f s, %ld MB, exit %d\n", instances, t + 1, t ? "s" : "",
                best[t].seconds, best[t].peak_kb / 1024, best[t].code);
  }
  std::printf("ratio 1:2 threads %.2f; output %s\n", best[0].seconds / best[1].seconds,
              outputs[0] == outputs[1] ? "identical" : "DIFFERENT");
  return outputs[0] == outputs[1] && best[0].code == 0 ? 0 : 1;
}
