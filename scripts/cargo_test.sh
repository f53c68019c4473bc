#!/bin/sh
# The tests of the engine's Rust half.
set -eu
cd "$(dirname "$0")/../src/sparql/engine"
PATH="$PATH:${HOME:-/root}/.cargo/bin"
exec env -u CARGO_BUILD_TARGET -u RUSTFLAGS CARGO_TARGET_DIR=../../../build/rust cargo test --locked --quiet --lib
