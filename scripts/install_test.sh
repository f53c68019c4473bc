#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs a build into a directory of its own, and builds a program outside the tree against it: by its CMake package and
# by pkg-config.   usage: scripts/install_test.sh BUILD_DIRECTORY
set -eu
cd "$(dirname "$0")/.."
build=$1
root=$(mktemp -d); trap 'rm -rf "$root"' EXIT
log=$root/log
quietly() { "$@" > "$log" 2>&1 || { tail -40 "$log" >&2; echo "failed: $*" >&2; exit 1; }; }
quietly cmake --install "$build" --prefix "$root/usr"
# The package is used from where it lies now, not from where it was built.
mv "$root/usr" "$root/moved"
quietly cmake -S tests/install -B "$root/outside" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$root/moved"
quietly cmake --build "$root/outside"
wanted="1 of 1 conform"
said=$("$root/outside/outside" examples/delvinator/fleet)
[ "$said" = "$wanted" ] || { echo "the program built by CMake says: $said" >&2; exit 1; }
PKG_CONFIG_PATH=$(dirname "$(find "$root/moved" -name provgate.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046
quietly c++ -std=c++20 $(pkg-config --cflags provgate) tests/install/main.cpp -o "$root/by-pkg-config" \
  $(pkg-config --libs provgate)
said=$("$root/by-pkg-config" examples/delvinator/fleet)
[ "$said" = "$wanted" ] || { echo "the program built by pkg-config says: $said" >&2; exit 1; }
echo "the installed package builds programs by CMake and by pkg-config"
