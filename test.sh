#!/bin/sh
# Set-up, build and every test: unit tests, conformance, faults, end to end with a real Fuseki and the real CKP client.
#   ./test.sh          all of it, with a short sanitizer run and short fuzzing
#   ./test.sh --asan   the whole suite once more under AddressSanitizer and UndefinedBehaviorSanitizer
set -eu
cd "$(dirname "$0")"
full_asan=no
case "${1:-}" in '') ;; --asan) full_asan=yes ;; *) echo "usage: ./test.sh [--asan]" >&2; exit 2 ;; esac
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
step "set-up: Fuseki, the CKP client"
t=$(date +%s); sh scripts/test_services.sh; took "$t"

step "build: release"
t=$(date +%s)
quietly cmake --preset release -DPROVGATE_TESTS=ON
quietly cmake --build --preset release; took "$t"

step "build: with AddressSanitizer and UndefinedBehaviorSanitizer"
t=$(date +%s)
quietly cmake --preset asan-ubsan
quietly cmake --build --preset asan-ubsan; took "$t"

step "fuzz targets, 5 s each"
t=$(date +%s)
quietly cmake --preset fuzz
quietly cmake --build --preset fuzz
for target in urn json yaml manifest sparql rdf shapes; do sh scripts/fuzz.sh "$target" 5; done; took "$t"

step "tests under the sanitizers"
t=$(date +%s)
if [ "$full_asan" = yes ]; then
  ctest --test-dir build/asan-ubsan --output-on-failure
else
  ctest --test-dir build/asan-ubsan --output-on-failure -L unit
fi; took "$t"

step "tests"
echo "   (so far $(($(date +%s) - started)) s)"
ctest --test-dir build/release --output-on-failure
count=$(ctest --test-dir build/release -N | sed -n 's/^Total Tests: //p')
echo "$count tests passed in $(($(date +%s) - started)) s"
