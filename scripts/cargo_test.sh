#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The tests of the engine's Rust half.
set -eu
cd "$(dirname "$0")/../src/sparql/engine"
PATH="${HOME:-/root}/.cargo/bin:$PATH"
exec env -u CARGO_BUILD_TARGET -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_RUSTFLAGS CARGO_TARGET_DIR=../../../build/rust cargo test --locked --quiet --lib
