#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 100,000 generated and mutated events, judged by provgate and by the original types of two releases, which are built
# for it.
set -eu
cd "$(dirname "$0")/.."
PATH="${HOME:-/root}/.cargo/bin:$PATH"
target=${CONVERGE_ORACLE_TARGET:-$PWD/build/converge-oracle}
for oracle in converge-oracle converge-oracle-3.7; do
  CARGO_TARGET_DIR=$target cargo build --release --locked --quiet --ignore-rust-version \
    --manifest-path tests/differential/$oracle/Cargo.toml
done
python3 tests/differential/converge.py build/release/tests/events_verdict 100000 oracle \
  "$target/release/converge-oracle"
python3 tests/differential/converge.py --profile converge-3.7 build/release/tests/events_verdict 100000 oracle \
  "$target/release/converge-oracle-3-7"
