#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# provgate's SHACL engine beside two others on random shapes and graphs.   usage: scripts/differential.sh SHACL_BATCH [PAIRS] [FIRST_SEED]
set -eu
cd "$(dirname "$0")/.."
[ -d build/differential/node_modules ] || { echo "the other engines are not installed: scripts/test_services.sh does it" >&2; exit 1; }
cp tests/differential/*.mjs build/differential/
pairs=${2:-$([ -n "${PROVGATE_LONG:-}" ] && echo 20000 || echo 10000)}
exec node build/differential/compare.mjs "$1" "$pairs" "${3:-1}" 2
