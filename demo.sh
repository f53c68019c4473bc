#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds provgate and runs its main job on examples/delvinator with the embedded store: a check that passes, a check
# that fails and says why, seal, trace. Installs what it needs. Asks nothing.
set -eu
cd "$(dirname "$0")"
started=$(date +%s)
step() { printf '\n== %s\n' "$*"; }
took() { echo "   ($(($(date +%s) - $1)) s)"; }

step "set-up: Debian packages"
t=$(date +%s); sh scripts/setup.sh build; took "$t"

step "build: build/release/provgate"
t=$(date +%s)
mkdir -p build
quietly() { "$@" > build/step.log 2>&1 || { tail -60 build/step.log; echo "failed: $*" >&2; exit 1; }; }
[ -f build/release/build.ninja ] || quietly cmake --preset release -DPROVGATE_TESTS=OFF
quietly cmake --build --preset release --target provgate librdf_storage_provgate; took "$t"

provgate=$PWD/build/release/provgate
work=$(mktemp -d); trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cp -R examples/delvinator/. "$work"
export PROVGATE_STORE="$work/store"
cd "$work"

step "a check that passes: provgate check fleet"
"$provgate" check fleet --quiet

step "a check that fails and says why: provgate check broken"
code=0; "$provgate" check broken || code=$?
[ "$code" = 1 ] || { echo "expected exit code 1, got $code" >&2; exit 1; }
echo "exit code 1, as it should be"

step "seal what conforms: provgate seal fleet"
"$provgate" seal fleet
step "nobody changed it since: provgate verify fleet"
"$provgate" verify fleet
step "a proof for a stranger: provgate keygen, prove, verify without the store"
"$provgate" keygen key > key.line
"$provgate" prove i-tx-5c01aa-1775406000 --key key > proof
"$provgate" verify proof fleet/concepts/Delvinator.Core --public-key key.pub --store nowhere
cp -R fleet forged
chmod u+w forged/concepts/Delvinator.Core/storage/instances/i-tx-5c01aa-1775406000/data.json
echo >> forged/concepts/Delvinator.Core/storage/instances/i-tx-5c01aa-1775406000/data.json
code=0; "$provgate" verify proof forged/concepts/Delvinator.Core --public-key key.pub || code=$?
[ "$code" = 5 ] || { echo "expected exit code 5, got $code" >&2; exit 1; }
echo "exit code 5 for a copy whose data.json was changed, as it should be"
step "ask the embedded store: provgate audit led-to-by-goal"
"$provgate" audit led-to-by-goal
echo "   (everything took $(($(date +%s) - started)) s)"

step "where does it come from: provgate trace ckp://Instance#i-tx-5c01aa-1775406000"
"$provgate" trace 'ckp://Instance#i-tx-5c01aa-1775406000'
