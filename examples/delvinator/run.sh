#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks, seals, verifies and traces the example fleet; compares the trace with trace.expected.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
provgate=${PROVGATE:-provgate}
work=$(mktemp -d); trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cp -R "$here/fleet" "$here/broken" "$work"
cd "$work"
export PROVGATE_STORE="$work/store"
"$provgate" check fleet --quiet
code=0; "$provgate" check broken > /dev/null || code=$?
[ "$code" = 1 ] || { echo "the broken kernel should fail with 1, not $code" >&2; exit 1; }
"$provgate" seal fleet
"$provgate" verify fleet
"$provgate" trace 'ckp://Instance#i-tx-5c01aa-1775406000' > trace.txt
diff "$here/trace.expected" trace.txt
