// SPDX-License-Identifier: Apache-2.0
// One thread writes until the map has grown several times, others read: right answers, and no data race under
// ThreadSanitizer.
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>

#include "provgate/store/store.hpp"
#include "provgate/systems/system.hpp"
#include "support/quads.hpp"

// The store alone: no system of records is linked.
std::span<const provgate::System* const> provgate::systems() { return {}; }

namespace {

std::atomic<int> g_wrong{0};
void expect(bool holds, const char* what) {
  if (holds) return;
  ++g_wrong;
  std::fprintf(stderr, "wrong: %s\n", what);
}

constexpr int k_quads = 400;
constexpr std::size_t k_literal_bytes = 200'000;  // so that a few quads fill the first map of 64 MiB

void write(provgate::Store& store, std::atomic<int>& written) {
  for (int i = 0; i < k_quads; ++i) {
    const auto n = std::to_string(i);
    const auto added = provgate::test::add_quad(store, "<urn:s>", "<urn:p" + n + ">",
                                                "\"" + n + std::string(k_literal_bytes, 'x') + "\"", "");
    expect(added && *added, "a quad was not added");
    written = i + 1;
  }
}

void read(const provgate::Store& store, const std::atomic<int>& written) {
  std::size_t last = 0;
  while (written < k_quads) {
    const auto least = static_cast<std::size_t>(written.load());
    std::size_t n = 0;
    expect(store.scan({}, [&](const provgate::Quad&) { return ++n != 0; }).has_value(), "a scan failed");
    expect(n >= least && n >= last, "a scan saw fewer quads than were there");
    last = n;
    const auto snapshot = store.snapshot();
    expect(snapshot.has_value(), "no snapshot");
    if (!snapshot) continue;
    const auto subject = (*snapshot)->find("<urn:s>");
    if (subject) expect((*snapshot)->text(subject) == "<urn:s>", "another text");
    const auto id = store.find_term("<urn:s>");
    expect(id.has_value() && (!*id || store.term(*id) == std::string("<urn:s>")), "another term");
  }
}

}  // namespace

int main() {
  const auto home = std::filesystem::temp_directory_path() /
                    ("provgate-threads-" + std::to_string(std::hash<std::thread::id>{}(std::this_thread::get_id())));
  std::filesystem::remove_all(home);
  {
    auto store = provgate::Store::open(home.string(), true);
    if (!store) return std::fprintf(stderr, "no store: %s\n", store.error().why.c_str()), 1;
    std::atomic<int> written{0};
    std::thread writer([&] { write(*store, written); });
    std::thread one([&] { read(*store, written); });
    std::thread two([&] { read(*store, written); });
    writer.join(), one.join(), two.join();
    const auto status = store->status();
    expect(status && status->quads == k_quads, "quads are missing at the end");
    // A thread that reads may write, but not past the map's end: it is told so, and does not wait for itself.
    provgate::Graph big;
    for (int i = 0; i < 800; ++i)
      big.add({big.terms().intern("<urn:t>"), big.terms().intern("<urn:q>"),
               big.terms().intern("\"" + std::to_string(i) + std::string(k_literal_bytes, 'y') + "\""), 0});
    {
      const auto held = store->snapshot();
      expect(provgate::test::add_quad(*store, "<urn:t>", "<urn:q>", "<urn:u>", "").has_value(),
             "a thread could not write while it read");
      expect(!store->add_graph(big), "the map grew under a reader");
    }
    expect(store->add_graph(big).has_value(), "a thread could not write after it had read");
  }
  std::filesystem::remove_all(home);
  return g_wrong ? 1 : 0;
}
