#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing of the Debian packages a task needs.   usage: scripts/setup.sh build|test
# Asks nothing. Does nothing, quickly, when everything is there.
set -eu
build="build-essential cmake ninja-build pkg-config librdf0-dev libraptor2-dev liblmdb-dev libsimdjson-dev libcli11-dev
  libexpected-dev libyaml-cpp-dev libssl-dev libcurl4-gnutls-dev zlib1g-dev libpcre2-dev libsqlite3-dev"
test="libgtest-dev openjdk-17-jre-headless maven redland-utils python3 python3-venv python3-jsonschema curl git strace
  ca-certificates clang-19 libclang-rt-19-dev clang-format-19 clang-tidy-19"
case "${1:-}" in
  build) wanted=$build ;;
  test) wanted="$build $test" ;;
  *) echo "usage: scripts/setup.sh build|test" >&2; exit 2 ;;
esac

# The SPARQL engine needs cargo 1.87; Debian's own cargo is older, cargo-web is not, and the two exclude each other.
PATH="${HOME:-/root}/.cargo/bin:$PATH"
has_cargo() {
  version=$(cargo --version 2>/dev/null | sed -n 's/^cargo \([0-9]*\.[0-9]*\).*/\1/p')
  [ -n "$version" ] && rustc --version >/dev/null 2>&1 && [ "$(printf '1.87\n%s\n' "$version" | sort -V | head -n 1)" = 1.87 ]
}
if ! has_cargo; then
  if command -v cargo >/dev/null 2>&1 || command -v rustc >/dev/null 2>&1; then
    echo "setup: cargo is older than 1.87 (or its rustc is there alone), and provgate never replaces a toolchain." >&2
    echo "setup: run 'rustup update stable', or remove Debian's cargo and rustc; then cargo-web and rustc-web are installed" >&2
    exit 2
  fi
  wanted="$wanted cargo-web rustc-web"
fi
# rustfmt comes with its toolchain; Debian's packages of it exclude each other as those of cargo do.
if [ "$1" = test ] && ! rustfmt --version >/dev/null 2>&1; then wanted="$wanted rustfmt-web"; fi
# Node.js from elsewhere brings its own npm and excludes Debian's: what works is left as it is.
if [ "$1" = test ] && ! { node --version && npm --version; } >/dev/null 2>&1; then wanted="$wanted nodejs npm"; fi
missing=
for package in $wanted; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then as_root=; elif command -v sudo >/dev/null; then as_root="sudo"; else
  echo "setup: these packages are missing, and neither root nor sudo is there to install them:$missing" >&2; exit 2
fi
echo "== installing$missing"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } > "$log" 2>&1; then
  tail -20 "$log" >&2
  echo "setup: the packages could not be installed; is the network there?" >&2
  exit 6
fi
rm -f "$log"
