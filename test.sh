#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Set-up, build and every test: unit tests, conformance, faults, end to end with a real Fuseki and the real CKP client.
#   ./test.sh          all of it, with a short sanitizer run and short fuzzing
#   ./test.sh --asan   the whole suite once more under AddressSanitizer and UndefinedBehaviorSanitizer
#   ./test.sh --long   also what is too long for every day: ten times the damage to a store, 200 kills, 100 rounds of each race,
#                      a fault in every system call of a seal, a minute for each fuzz target, clang-tidy over every file, 100,000 events
#                      beside the original types
set -eu
cd "$(dirname "$0")"
full_asan=no fuzz_seconds=5
left_out="   not run: the whole suite under sanitizers (--asan); 10,000 flipped bits instead of 1,000, 200 kills instead of 20,
   100 rounds of each race instead of 10, a fault in every system call, a minute of each fuzz target, clang-tidy over files that did not change, 100,000 events
   beside the original types instead of 5,000 whose verdicts were written down, 20,000 random shapes instead of 10,000 (--long)"
for option in "$@"; do
  case "$option" in
    --asan) full_asan=yes ;;
    --long) fuzz_seconds=60; export PROVGATE_LONG=1 ;;
    *) echo "usage: ./test.sh [--asan] [--long]" >&2; exit 2 ;;
  esac
done
[ "$full_asan" = no ] || left_out="   not run: 10,000 flipped bits instead of 1,000, 200 kills instead of 20, 100 rounds of each race instead of 10,
   a fault in every system call, a minute of each fuzz target, clang-tidy over files that did not change (--long)"
[ -z "${PROVGATE_LONG:-}" ] || left_out="   not run: the whole suite under sanitizers (--asan)"
[ "$full_asan" = no ] || [ -z "${PROVGATE_LONG:-}" ] || left_out=
started=$(date +%s)
step() { printf '\n== %s\n' "$*"; }
# Runs a build quietly; its output is shown when it fails. (A pipe into tail would hide the failure.)
quietly() {
  mkdir -p build
  "$@" > build/step.log 2>&1 || { tail -60 build/step.log; echo "failed: $*" >&2; exit 1; }
}
took() { echo "   ($(($(date +%s) - $1)) s)"; }

step "set-up: Debian packages"
t=$(date +%s); sh scripts/setup.sh test; took "$t"
step "set-up: Fuseki, the CKP client, the W3C suite"
t=$(date +%s); sh scripts/test_services.sh; took "$t"

step "build: release"
t=$(date +%s)
quietly cmake --preset release -DPROVGATE_TESTS=ON
quietly cmake --build --preset release; took "$t"

step "build: with AddressSanitizer and UndefinedBehaviorSanitizer, with the fuzz targets"
t=$(date +%s)
quietly cmake --preset asan-ubsan
if [ "$full_asan" = yes ]; then
  quietly cmake --build --preset asan-ubsan
else
  # What is run of it: unit tests and fuzz targets.
  quietly cmake --build --preset asan-ubsan --target provgate_unit provgate_toy fuzz_all
fi; took "$t"

step "format and clang-tidy: $([ -n "${PROVGATE_LONG:-}" ] && echo every file || echo what the last commit changed)"
t=$(date +%s)
sh scripts/style.sh format
sh scripts/style.sh tidy ${PROVGATE_LONG:+all}; took "$t"

step "fuzz targets, $fuzz_seconds s each"
t=$(date +%s)
# Two at a time; each says what it did when it ends.
printf '%s\n' urn json yaml manifest events experience tables sparql rdf documents shapes | xargs -P 2 -I {} sh scripts/fuzz.sh {} "$fuzz_seconds"; took "$t"

step "tests under the sanitizers"
t=$(date +%s)
if [ "$full_asan" = yes ]; then
  ctest --test-dir build/asan-ubsan -j "$(nproc)" --output-on-failure
else
  ctest --test-dir build/asan-ubsan -j "$(nproc)" --output-on-failure -L unit
fi; took "$t"

step "tests"
echo "   (so far $(($(date +%s) - started)) s)"
ctest --test-dir build/release -j "$(nproc)" --output-on-failure

if [ -n "${PROVGATE_LONG:-}" ]; then
  step "events beside the original types"
  t=$(date +%s); sh scripts/converge_oracle.sh; took "$t"
fi

step "what was not run, and why"
python3 scripts/skips.py tests/allowed_skips.txt build/asan-ubsan build/release
[ -z "$left_out" ] || echo "$left_out"
count=$(ctest --test-dir build/release -N | sed -n 's/^Total Tests: //p')
echo "$count tests passed in $(($(date +%s) - started)) s"
