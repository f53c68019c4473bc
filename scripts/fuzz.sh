#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs one fuzz target.   usage: scripts/fuzz.sh urn|json|yaml|manifest|events|experience|tables|sparql|rdf|documents|shapes SECONDS
set -eu
cd "$(dirname "$0")/.."
corpus=build/fuzz/corpus-$1
mkdir -p "$corpus"
memory=2048 once=2048
# A query may use 32 MiB there: never more than twice that and 64 MiB, in one piece or together (beside 384 MiB for the sanitizer).
if [ "$1" = sparql ]; then
  memory=512 once=128
  export ASAN_OPTIONS="quarantine_size_mb=8${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
fi
echo "fuzz $1 for $2 s"
if ! "build/asan-ubsan/tests/fuzz/fuzz_$1" -max_total_time="$2" -max_len=4096 -timeout=10 -rss_limit_mb=$memory -malloc_limit_mb=$once -artifact_prefix=build/fuzz/ "$corpus" "tests/fuzz/seeds/$1" > "build/fuzz/$1.log" 2>&1; then
  tail -30 "build/fuzz/$1.log" >&2
  exit 1
fi
grep '^Done' "build/fuzz/$1.log"
