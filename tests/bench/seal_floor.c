// SPDX-License-Identifier: Apache-2.0
// The floor under a seal: the calls to the file system that sealing a tree of instances makes, and nothing else. No
// parsing, no digest, no rule, no graph. usage: seal_floor ROOT INSTANCES (of ROOT/storage/instances/i-N), one kernel.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { k_batch = 1000, k_store_bytes = 3072, k_proof_bytes = 1400, k_line_bytes = 280 };
static char buffer[1 << 16];

static void must(int done, const char* what) {
  if (done) return;
  perror(what);
  exit(1);
}

static int read_whole(int root, const char* path) {
  const int fd = openat(root, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat st;
  must(fd >= 0 && fstat(fd, &st) == 0 && read(fd, buffer, sizeof buffer) >= 0, path);
  return fd;
}

// What lies in an instance's directory is known by listing it.
static void list(int root, long i) {
  char path[256];
  snprintf(path, sizeof path, "storage/instances/i-%ld", i);
  const int fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const listing = fd < 0 ? NULL : fdopendir(fd);
  must(listing != NULL, path);
  while (readdir(listing)) {
  }
  closedir(listing);
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int root = open(argv[1], O_RDONLY | O_DIRECTORY);
  const long count = atol(argv[2]);
  char path[256], other[256], store[512];
  static const char* const names[] = {"manifest.json", "data.json"};
  snprintf(store, sizeof store, "%s.floor-store", argv[1]);
  const int data = open(store, O_RDWR | O_CREAT | O_TRUNC, 0644);
  must(root >= 0 && data >= 0, argv[1]);
  // What is judged.
  for (long i = 0; i < count; ++i) {
    list(root, i);
    for (int n = 0; n < 2; ++n) {
      snprintf(path, sizeof path, "storage/instances/i-%ld/%s", i, names[n]);
      close(read_whole(root, path));
    }
  }
  mkdirat(root, "storage/proof", 0777);
  mkdirat(root, "storage/ledger", 0777);
  for (long begin = 0; begin < count; begin += k_batch) {
    const long end = begin + k_batch < count ? begin + k_batch : count;
    // What is compared before the transaction.
    for (long i = begin; i < end; ++i) {
      list(root, i);
      for (int n = 0; n < 2; ++n) {
        snprintf(path, sizeof path, "storage/instances/i-%ld/%s", i, names[n]);
        close(read_whole(root, path));
      }
    }
    for (long i = begin; i < end; ++i) must(write(data, buffer, k_store_bytes) == k_store_bytes, "store");
    must(fdatasync(data) == 0, "store");
    const int log = openat(root, "storage/ledger/audit.jsonl", O_WRONLY | O_APPEND | O_CREAT, 0666);
    must(log >= 0, "log");
    for (long i = begin; i < end; ++i) {
      snprintf(path, sizeof path, "storage/proof/i-%ld", i);
      must(mkdirat(root, path, 0777) == 0, path);
      snprintf(path, sizeof path, "storage/proof/i-%ld/.new", i);
      snprintf(other, sizeof other, "storage/proof/i-%ld/proof.json", i);
      const int fd = openat(root, path, O_WRONLY | O_CREAT | O_EXCL, 0666);
      must(fd >= 0 && write(fd, buffer, k_proof_bytes) == k_proof_bytes, path);
      close(fd);
      must(renameat(root, path, root, other) == 0, other);
      close(read_whole(root, other));
      must(write(log, buffer, k_line_bytes) == k_line_bytes, "log");
    }
    close(log);
    for (long i = begin; i < end; ++i) {
      for (int n = 0; n < 3; ++n) {
        if (n < 2) snprintf(path, sizeof path, "storage/instances/i-%ld/%s", i, names[n]);
        if (n == 2) snprintf(path, sizeof path, "storage/proof/i-%ld/proof.json", i);
        const int fd = read_whole(root, path);
        must(fchmod(fd, 0444) == 0, path);
        close(fd);
      }
    }
    must(syncfs(root) == 0, "syncfs");
  }
  return 0;
}
