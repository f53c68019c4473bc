// SPDX-License-Identifier: Apache-2.0
#include "store/pages.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>
#include <thread>

#include "provgate/io/io.hpp"
#include "store/keys.hpp"
#include "store/pages_format.hpp"

namespace provgate {
namespace {

using namespace lmdb_format;

/// The file, mapped for reading.
class File {
 public:
  explicit File(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0 && errno != ENOENT && errno != ENOTDIR) failed_ = errno;
    struct stat st{};
    if (fd >= 0 && ::fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
      there_ = true;
      size_ = static_cast<std::size_t>(st.st_size);
      void* at = size_ ? ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
      if (at != MAP_FAILED) bytes_ = static_cast<const unsigned char*>(at);
    }
    if (fd >= 0) ::close(fd);
  }
  ~File() {
    if (bytes_) ::munmap(const_cast<unsigned char*>(bytes_), size_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool there() const { return there_; }
  int failed() const { return failed_; }  ///< errno where it is there, but cannot be read
  std::size_t size() const { return bytes_ ? size_ : 0; }
  template <class T>
  T at(std::size_t offset) const {
    T value;
    std::memcpy(&value, bytes_ + offset, sizeof value);
    return value;
  }
  std::string_view view(std::size_t offset, std::size_t length) const {
    return {reinterpret_cast<const char*>(bytes_) + offset, length};
  }

 private:
  const unsigned char* bytes_ = nullptr;
  std::size_t size_ = 0;
  bool there_ = false;
  int failed_ = 0;
};

/// The two meta pages and which of them is in force.
class Metas {
 public:
  explicit Metas(const File& file) : file_(file) {
    // The page size stands in the first meta page, the second lies one page on; where the first is damaged sizes are
    // tried.
    if (file.size() < k_header + sizeof(Meta)) return;
    first_ = file.at<Meta>(k_header);
    known_[0] = first_.magic == k_magic;
    for (std::size_t size = 512; size <= 32768; size *= 2) {
      if (known_[0] && first_.free.pad != size && is_page_size(first_.free.pad)) continue;
      if (size + k_header + sizeof(Meta) > file.size()) break;
      const auto candidate = file.at<Meta>(size + k_header);
      if (candidate.magic != k_magic || candidate.free.pad != size) continue;
      second_ = candidate, known_[1] = true, page_size_ = size;
      break;
    }
  }

  bool none() const { return !known_[0] && !known_[1]; }
  std::size_t page_size() const { return page_size_; }
  const Meta& newest() const { return first_.transaction > second_.transaction ? first_ : second_; }
  const Meta& older() const { return first_.transaction > second_.transaction ? second_ : first_; }

  // LMDB writes the metas in turn: even transactions into the first, odd ones into the second.
  void check() const {
    if (!known_[0] || !known_[1]) throw Damage{"one of the two meta pages is not LMDB's"};
    for (const auto* meta : {&first_, &second_}) {
      const Page number = meta == &first_ ? 0 : 1;
      if (meta->version != k_version) damaged(number, "an unknown version of LMDB's format");
      if (meta->free.pad != page_size_) damaged(number, "another page size");
      if (file_.at<Page>(number * page_size_) != number || file_.at<std::uint16_t>(number * page_size_ + 10) != k_meta)
        damaged(number, "not marked as a meta page");
      if (meta->last_page < 1) damaged(number, "no pages");
      if (meta->free.flags != k_integer_key || meta->main.flags != 0) damaged(number, "tables of an unknown kind");
    }
    const bool fresh = first_.transaction == 0 && second_.transaction == 0;
    const auto apart = newest().transaction - older().transaction;
    if (!fresh && (first_.transaction % 2 != 0 || second_.transaction % 2 != 1 || apart != 1))
      throw Damage{"the two meta pages are not of transactions that follow each other"};
    if (older().last_page > newest().last_page)
      throw Damage{"the newest transaction has fewer pages than the one before"};
  }

 private:
  static bool is_page_size(std::uint32_t n) { return n >= 512 && n <= 32768 && (n & (n - 1)) == 0; }
  const File& file_;
  Meta first_, second_;
  bool known_[2] = {};
  std::size_t page_size_ = 0;
};

/// Walks the trees of one transaction.
class Walk {
 public:
  Walk(const File& file, const Meta& meta, std::size_t page_size) : file_(file), meta_(meta), size_(page_size) {
    if (meta.last_page > file.size() / size_ * 64 + (1U << 20)) throw Damage{"the number of pages is past all reason"};
    used_.assign(meta.last_page + 1, false);
  }

  /// The main table's entries; what they point at is not walked.
  std::map<std::string, Table> tables() {
    std::map<std::string, Table> out;
    tree(meta_.main, true, [&](std::string_view key, std::string_view value, bool is_table) {
      if (!is_table || value.size() != sizeof(Table)) return;
      Table table;
      std::memcpy(&table, value.data(), sizeof table);
      out.emplace(key, table);
    });
    return out;
  }

  /// The last transaction that gave pages back; 0: none did.
  std::uint64_t last_to_free() {
    std::uint64_t out = 0, one = 0;
    tree(meta_.free, false, [&](std::string_view key, std::string_view, bool) {
      if (key.size() != sizeof one) return;
      std::memcpy(&one, key.data(), sizeof one);
      out = std::max(out, one);
    });
    return out;
  }

  void everything() {
    for (const auto& [name, table] : tables()) {
      if (table.flags != 0) throw Damage{"the table " + quote(name) + " is of an unknown kind"};
      tree(table, false, [](std::string_view, std::string_view, bool) {});
    }
    std::vector<Page> free;
    tree(meta_.free, false, [&](std::string_view key, std::string_view value, bool) {
      if (key.size() != 8 || value.size() < 8 || value.size() % 8 != 0)
        throw Damage{"the list of free pages is malformed"};
      Page count = 0;
      std::memcpy(&count, value.data(), 8);
      if (count > value.size() / 8 - 1) throw Damage{"the list of free pages is cut short"};
      for (Page i = 0; i < count; ++i) {
        free.emplace_back();
        std::memcpy(&free.back(), value.data() + 8 * (i + 1), 8);
      }
    });
    for (const auto page : free) take(page);
  }

 private:
  void take(Page page) {
    if (page < 2 || page > meta_.last_page) damaged(page, "there is no such page");
    if (used_[page]) damaged(page, "used twice, or free and used");
    used_[page] = true;
  }

  std::size_t offset_of(Page page, std::uint64_t pages = 1) const {
    if (page > meta_.last_page || pages > meta_.last_page + 1 - page) damaged(page, "there is no such page");
    if ((page + pages) * size_ > file_.size()) damaged(page, "the file ends before it");
    return page * size_;
  }

  template <class F>
  void tree(const Table& table, bool tables_allowed, F&& visit) {
    if (table.root == k_no_page) {
      if (table.entries || table.depth) throw Damage{"a table without pages claims to have entries"};
      return;
    }
    if (table.depth == 0 || table.depth > k_deepest_tree) damaged(table.root, "a tree of impossible depth");
    Table seen;
    integer_keys_ = table.flags == k_integer_key;
    node_page(table.root, table.depth, tables_allowed, seen, std::nullopt, std::nullopt, visit);
    if (seen.entries != table.entries || seen.branches != table.branches || seen.leaves != table.leaves ||
        seen.overflows != table.overflows) {
      damaged(table.root, "the counts of this tree do not hold");
    }
  }

  bool before(std::string_view a, std::string_view b) const {
    if (!integer_keys_ || a.size() != 8 || b.size() != 8) return a < b;
    std::uint64_t x = 0, y = 0;
    std::memcpy(&x, a.data(), 8), std::memcpy(&y, b.data(), 8);
    return x < y;
  }

  template <class F>
  void node_page(Page page, unsigned depth, bool tables_allowed, Table& seen, std::optional<std::string_view> least,
                 std::optional<std::string_view> bound, F&& visit) {
    take(page);
    const auto base = offset_of(page);
    const auto flags = file_.at<std::uint16_t>(base + 10), lower = file_.at<std::uint16_t>(base + 12),
               upper = file_.at<std::uint16_t>(base + 14);
    const bool leaf = depth == 1;
    if (file_.at<Page>(base) != page) damaged(page, "carries another number");
    if (flags != (leaf ? k_leaf : k_branch)) damaged(page, "of an unexpected kind");
    if (lower < k_header || lower % 2 != 0 || lower > upper || upper > size_) damaged(page, "its layout is impossible");
    const std::size_t count = (lower - k_header) / 2U;
    if (count < (leaf ? 1U : 2U)) damaged(page, "empty");
    ++(leaf ? seen.leaves : seen.branches);
    std::optional<std::string_view> last;
    std::vector<std::pair<std::string_view, Page>> children;
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = file_.at<std::uint16_t>(base + k_header + 2 * i);
      if (at < upper || at + k_node > size_) damaged(page, "an entry lies outside it");
      const auto node = base + at;
      const std::uint32_t low = file_.at<std::uint16_t>(node), high = file_.at<std::uint16_t>(node + 2);
      const auto node_flags = file_.at<std::uint16_t>(node + 4), key_size = file_.at<std::uint16_t>(node + 6);
      if (at + k_node + key_size > size_ || key_size > k_longest_key) damaged(page, "a key is too long");
      const auto key = file_.view(node + k_node, key_size);
      const bool first_of_branch = !leaf && i == 0;  // its key means nothing
      if (!first_of_branch) {
        if ((last && !before(*last, key)) || (least && before(key, *least)) || (bound && !before(key, *bound)))
          damaged(page, "its keys are out of order");
        last = key;
      }
      if (leaf) {
        value(page, node + k_node + key_size, at + k_node + key_size, low | (high << 16), node_flags, tables_allowed,
              key, seen, visit);
      } else {
        children.emplace_back(key, Page{low} | (Page{high} << 16) | (Page{node_flags} << 32));
      }
    }
    for (std::size_t i = 0; i < children.size(); ++i) {
      node_page(children[i].second, depth - 1, tables_allowed, seen, i ? std::optional(children[i].first) : least,
                i + 1 < children.size() ? std::optional(children[i + 1].first) : bound, visit);
    }
  }

  template <class F>
  void value(Page page, std::size_t at, std::size_t in_page, std::uint32_t length, std::uint16_t flags,
             bool tables_allowed, std::string_view key, Table& seen, F&& visit) {
    ++seen.entries;
    const bool table = flags == k_table;
    if ((flags & ~(k_big | k_table)) != 0 || (table && !tables_allowed) || flags == (k_big | k_table))
      damaged(page, "an entry of an unknown kind");
    if (flags != k_big) {
      if (in_page + length > size_) damaged(page, "a value reaches past it");
      return visit(key, file_.view(at, length), table);
    }
    if (in_page + 8 > size_) damaged(page, "a value reaches past it");
    const auto first = file_.at<Page>(at);
    const std::uint64_t pages = (k_header + std::uint64_t{length} + size_ - 1) / size_;
    const auto base = offset_of(first, pages);
    if (file_.at<Page>(base) != first || file_.at<std::uint16_t>(base + 10) != k_overflow ||
        file_.at<std::uint32_t>(base + 12) != pages)
      damaged(first, "not the long value that page " + std::to_string(page) + " means");
    for (std::uint64_t i = 0; i < pages; ++i) take(first + i);
    seen.overflows += pages;
    visit(key, file_.view(base + k_header, length), false);
  }

  const File& file_;
  const Meta& meta_;
  std::size_t size_;
  std::vector<bool> used_;
  bool integer_keys_ = false;
};

std::string data_file(const std::string& directory) { return join_path(directory, "data.mdb"); }

tl::unexpected<Error> damage(const Damage& found) {
  return fail(Code::integrity, "the store is damaged: " + found.why,
              "restore it from a copy; nothing was written to it");
}

Result<StoreFile> kind_of(const File& file) {
  if (file.failed()) return fail(Code::world, "the store cannot be read: " + std::string(std::strerror(file.failed())));
  if (!file.there()) return StoreFile::absent;
  if (file.size() == 0)
    return fail(Code::integrity, "the store is damaged: its data.mdb is empty",
                "restore it from a copy; if nothing was ever sealed into it, remove the directory");
  const Metas metas(file);
  if (metas.none()) return StoreFile::foreign;
  try {
    metas.check();
    const auto tables = Walk(file, metas.newest(), metas.page_size()).tables();
    if (tables.empty() && metas.newest().main.entries == 0) return StoreFile::empty;
    std::size_t ours = 0;
    for (const auto name : k_table_names) ours += tables.contains(std::string(name));
    if (ours == 0) return StoreFile::foreign;
    if (ours != std::size(k_table_names)) throw Damage{"a table is missing"};
  } catch (const Damage& found) {
    return damage(found);
  }
  return StoreFile::ours;
}

// LMDB would write through a link and wait at a FIFO.
Result<void> only_regular_files(const std::string& directory) {
  for (const char* name : {"data.mdb", "lock.mdb", "seal.lock", "seal-next.lock"}) {
    struct stat st{};
    if (::lstat(join_path(directory, name).c_str(), &st) != 0 || S_ISREG(st.st_mode)) continue;
    return fail(Code::input, "the store's " + std::string(name) + " is not a regular file; it is left as it is",
                "name another directory with --store DIR");
  }
  return {};
}

// Entries are only ever added: an older transaction that has more of them is not the older one.
void check_older(const File& file, const Metas& metas, const std::map<std::string, Table>& newest) {
  std::map<std::string, Table> older;
  try {
    // Where a commit could not write its meta page, LMDB gives that its old number again, and leaves the rest: what
    // stands there is of a transaction that never was.
    if (Walk(file, metas.older(), metas.page_size()).last_to_free() > metas.older().transaction) return;
    older = Walk(file, metas.older(), metas.page_size()).tables();
  } catch (const Damage&) {
    return;  // nobody reads it
  }
  const auto now = newest.find("ledger");
  const auto then = older.find("ledger");
  if (now != newest.end() && then != older.end() && then->second.entries > now->second.entries)
    throw Damage{"the newest transaction has fewer ledger entries than the one before"};
}

}  // namespace

Result<StoreFile> look_at_store(const std::string& directory) {
  CHECKED(only_regular_files(directory));
  // A store that another process is just making is empty for a moment.
  constexpr int k_tries = 100;
  for (int i = 0; i < k_tries; ++i) {
    const File file(data_file(directory));
    if (file.failed() || !file.there() || file.size() > 0) return kind_of(file);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return kind_of(File(data_file(directory)));
}

Result<void> check_store_pages(const std::string& directory) {
  CHECKED(only_regular_files(directory));
  constexpr int k_tries = 6;
  for (int i = 0; i < k_tries; ++i) {
    const auto before = newest_transaction(directory);
    std::optional<Damage> found;
    {
      const File file(data_file(directory));
      TRY(const auto kind, kind_of(file));
      if (kind != StoreFile::ours) return {};
      const Metas metas(file);
      try {
        metas.check();
        Walk(file, metas.newest(), metas.page_size()).everything();
        check_older(file, metas, Walk(file, metas.newest(), metas.page_size()).tables());
      } catch (const Damage& damage) {
        found = damage;
      }
    }
    if (!found) return {};
    // Pages that a writer took back meanwhile look damaged, and are not.
    if (newest_transaction(directory) == before) return damage(*found);
    std::this_thread::sleep_for(std::chrono::milliseconds(20 << i));
  }
  return fail(Code::world, "the store is busy: it is being written", "try again later");
}

std::uint64_t newest_transaction(const std::string& directory) {
  const File file(data_file(directory));
  const Metas metas(file);
  return metas.none() ? 0 : metas.newest().transaction;
}

bool store_is_unlocked(const std::string& directory) {
  const auto lock = join_path(directory, "lock.mdb");
  if (::access(lock.c_str(), F_OK) == 0) return ::access(lock.c_str(), W_OK) != 0;
  return ::access(directory.c_str(), F_OK) == 0 && ::access(directory.c_str(), W_OK) != 0;
}

}  // namespace provgate
