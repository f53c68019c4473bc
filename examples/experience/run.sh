#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks experience records and their broken twin, then keeps some: a chain is added, verified, assessed and disputed, an
# action is sealed and remediated, and an attestation is traced to the session and the beacon that it rests on.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
provgate=${PROVGATE:-provgate}
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cp "$here"/*.ndjson "$here/round.json" "$work"
cd "$work"
unset PROVGATE_ENDPOINT
export PROVGATE_STORE="$work/store"
me=03-1-NOR-0107-P-2602-0-41 peer=03-1-NOR-0108-P-2602-3-39
now="--now 2026-04-03T08:00:00Z"
fails() { code=0; wanted=$1; shift; "$@" > answer.txt 2>&1 || code=$?; [ "$code" = "$wanted" ] || { cat answer.txt >&2; echo "$* should give $wanted, not $code" >&2; exit 1; }; }

"$provgate" check records.ndjson --quiet
fails 1 "$provgate" check broken.ndjson
"$provgate" experience add new.ndjson --beacon round.json $now > added.txt
grep -q '4 records' added.txt
"$provgate" experience verify 00000053-0000-4000-8000-000000000053 > chain.json
grep -q '"valid": true' chain.json
"$provgate" experience verify-record 00000052-0000-4000-8000-000000000052 --by "$peer" $now > /dev/null
"$provgate" experience assess "$me" --domain data_analysis $now > assessed.txt
attestation=$(sed 's/.* //' assessed.txt)
"$provgate" experience seal 00000061-0000-4000-8000-000000000061 --beacon round.json $now > /dev/null
fails 1 "$provgate" experience seal 00000061-0000-4000-8000-000000000061 $now
"$provgate" experience remediate 00000061-0000-4000-8000-000000000061 --by "$me" --action report_correct $now > /dev/null
"$provgate" experience profile "$me" $now > profile.json
"$provgate" experience profile "$me" --now 2026-04-03T09:00:00Z > again.json
[ "$(grep contentHash profile.json)" = "$(grep contentHash again.json)" ]
"$provgate" experience revoke "$attestation" --reason 'too few records' $now > /dev/null
fails 1 "$provgate" experience revoke "$attestation" --reason again $now
"$provgate" trace "$attestation" > trace.txt
for thing in urn:chitty:provenance:00000053 urn:chitty:session:s-0413 urn:drand:; do grep -q "$thing" trace.txt; done
"$provgate" fsck 2> /dev/null
