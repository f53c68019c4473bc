#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
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

# The W3C SHACL suite, where it does not lie beside the checkout: from the source distribution of another engine, checked by digest.
if [ ! -d ../shared/suites/shacl-w3c ] && [ ! -d build/suites/shacl-w3c ]; then
  fetched=$(mktemp -d)
  "$venv/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary :all: -d "$fetched" pyshacl==0.40.1 || { echo "the W3C SHACL suite cannot be fetched; is the network there?" >&2; exit 6; }
  echo "011e3cf1a68b31747cb762ba3d755ae1bdcc464c8fad0dc212a9adc550719552  $fetched/pyshacl-0.40.1.tar.gz" | sha256sum -c --quiet - || { echo "the fetched SHACL suite is not the one that was expected" >&2; exit 6; }
  tar -xzf "$fetched/pyshacl-0.40.1.tar.gz" -C "$fetched"
  mkdir -p build/suites
  mv "$fetched/pyshacl-0.40.1/test/resources/sht_tests" build/suites/shacl-w3c
  rm -rf "$fetched"
fi

# Two other SHACL engines, to compare results with.
engines=build/differential
mkdir -p "$engines"
if ! cmp -s tests/differential/package-lock.json "$engines/installed.json"; then
  cp tests/differential/package.json tests/differential/package-lock.json "$engines/"
  (cd "$engines" && npm ci --silent --no-audit --no-fund > npm.log 2>&1) || { tail -5 "$engines/npm.log" >&2; echo "the other SHACL engines cannot be installed; is the network there?" >&2; exit 6; }
  cp tests/differential/package-lock.json "$engines/installed.json"
fi
