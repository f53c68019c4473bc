#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Holds the code to its format, and to clang-tidy.   usage: scripts/style.sh format | tidy [all]
# format: clang-format, rustfmt, contracts of public headers. tidy: the files that the last commit changed, at most eight; all: every file.
# Needs what scripts/setup.sh installs; makes build/tidy for its compile commands: clang's, each file alone.
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
  format)
    python3 scripts/contracts.py
    git ls-files -z '*.cpp' '*.hpp' '*.h' | xargs -0 clang-format-19 --dry-run --Werror
    (cd src/sparql/engine && PATH="${HOME:-/root}/.cargo/bin:$PATH" rustfmt --check --edition 2021 --config-path . src/lib.rs > /dev/null) || {
      echo "the Rust code is not formatted: cargo fmt in src/sparql/engine" >&2; exit 1; }
    ;;
  tidy)
    if [ "${2:-}" = all ]; then
      files=$(git ls-files 'src/*.cpp')
    elif git rev-parse -q --verify HEAD~1 > /dev/null; then
      files=$(git diff --name-only --diff-filter=d HEAD~1 -- 'src/*.cpp' | head -n 8)
    else
      echo "   not run: there is no commit before this one"; exit 0
    fi
    [ -n "$files" ] || { echo "   no C++ file of src was changed"; exit 0; }
    mkdir -p build
    cmake --preset asan-ubsan -B build/tidy -DCMAKE_UNITY_BUILD=OFF > build/tidy.log 2>&1 || { tail -5 build/tidy.log >&2; exit 1; }
    # shellcheck disable=SC2086
    printf '%s\n' $files | xargs -P "$(nproc)" -n 2 clang-tidy-19 -p build/tidy --quiet 2> build/tidy.log || {
      tail -5 build/tidy.log >&2; exit 1; }
    ;;
  *) echo "usage: scripts/style.sh format | tidy [all]" >&2; exit 2 ;;
esac
