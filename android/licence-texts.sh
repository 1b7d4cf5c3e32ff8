#!/usr/bin/env bash
# Writes FOLDER/raw/licence_texts.json: the licence texts of every crate in the library of a phone, from the crates
# themselves. Android's own build and the Maven twin call it; the libraries around the core are under Apache-2.0, whose text
# is at the top of this tree.
set -euo pipefail
if [ $# -ne 1 ]; then
    sed -n 's/^# \{0,1\}//; 2,4p' "$0"
    exit 2
fi
case "$1" in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --locked --quiet -p talus-bindgen
mkdir -p "$out/raw"
cargo metadata --locked --format-version 1 --filter-platform aarch64-linux-android --no-default-features \
    --features talus-ffi/radio,talus-ffi/sqlcipher | "$target/debug/talus-licences" talus-ffi >"$out/raw/licence_texts.part"
mv "$out/raw/licence_texts.part" "$out/raw/licence_texts.json"
cp LICENSE-APACHE "$out/raw/apache_2.txt"
