#!/bin/sh
# Fetches what the end-to-end tests talk to: the Fuseki jar and the published CKP client library. A missing network fails.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
venv=build/venv
if ! "$venv/bin/python" -c 'import cklib, yaml' 2>/dev/null; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q --disable-pip-version-check conceptkernel==1.3.0 pyyaml || { echo "the CKP client cannot be installed; is the network there?" >&2; exit 6; }
fi
sh fuseki/start --port 3939 --fresh > /dev/null
sh fuseki/stop --port 3939

# Two other SHACL engines, to compare results with.
engines=build/differential
mkdir -p "$engines"
if ! cmp -s tests/differential/package-lock.json "$engines/installed.json"; then
  cp tests/differential/package.json tests/differential/package-lock.json "$engines/"
  (cd "$engines" && npm ci --silent --no-audit --no-fund > npm.log 2>&1) || { tail -5 "$engines/npm.log" >&2; echo "the other SHACL engines cannot be installed; is the network there?" >&2; exit 6; }
  cp tests/differential/package-lock.json "$engines/installed.json"
fi
