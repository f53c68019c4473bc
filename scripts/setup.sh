#!/bin/sh
# Installs what is missing of the Debian packages a task needs.   usage: scripts/setup.sh build|test
# Asks nothing. Does nothing, quickly, when everything is there.
set -eu
build="build-essential cmake ninja-build pkg-config librdf0-dev libraptor2-dev liblmdb-dev libsimdjson-dev libcli11-dev
  libexpected-dev libyaml-cpp-dev libtbb-dev libssl-dev libcurl4-gnutls-dev zlib1g-dev"
test="libgtest-dev openjdk-17-jre-headless maven redland-utils python3 python3-venv python3-jsonschema curl git
  ca-certificates clang-19 libclang-rt-19-dev"
case "${1:-}" in
  build) wanted=$build ;;
  test) wanted="$build $test" ;;
  *) echo "usage: scripts/setup.sh build|test" >&2; exit 2 ;;
esac
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
