#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks and converts a log of experience events, and asks where its fact comes from.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
provgate=${PROVGATE:-provgate}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cp "$here"/*.ndjson "$here/facts.rq" "$work"
cd "$work"
"$provgate" check run.ndjson --quiet
code=0; "$provgate" check broken.ndjson > /dev/null || code=$?
[ "$code" = 1 ] || { echo "the broken log should fail with 1, not $code" >&2; exit 1; }
"$provgate" convert run.ndjson --to trig > run.trig
"$provgate" query facts.rq --data run.trig > facts.txt
grep -q 'urn:converge:fact:north:f-1' facts.txt
grep -q 'Approve' facts.txt
