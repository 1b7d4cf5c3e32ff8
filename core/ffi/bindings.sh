#!/usr/bin/env bash
# Writes the Kotlin and Swift of the bridge: core/ffi/bindings.sh FOLDER
#
#   FOLDER/kotlin/app/talus/core/talus_core.kt
#   FOLDER/swift/TalusCore/TalusCore.swift
#   FOLDER/swift/TalusCoreFFI/{TalusCoreFFI.h,module.modulemap}
#   FOLDER/surface.txt      what is exported, to compare with docs/ffi-surface.txt
#
# From the library built for this machine and not stripped (a stripped one says nothing of its surface), with the names
# in uniffi.toml; fails where the names are not those. Never committed: what is generated is generated again.
set -euo pipefail

if [ $# -ne 1 ]; then
    sed -n 's/^# \{0,1\}//; 2,9p' "$0"
    exit 2
fi
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
case "$1" in /*) out=$1 ;; *) out=$PWD/$1 ;; esac
cd "$top"
target=${CARGO_TARGET_DIR:-$top/target}

cargo build --locked --quiet -p talus-ffi -p talus-bindgen
library=$target/debug/libtalus_core.so
[ "$(uname -s)" != Darwin ] || library=$target/debug/libtalus_core.dylib

# One file a target: what an earlier surface had must not stay behind.
rm -rf "$out/kotlin" "$out/swift"
mkdir -p "$out"
"$target/debug/talus-bindgen" generate --config uniffi.toml --language kotlin --no-format \
    --out-dir "$out/kotlin" "$library"
swift() { "$target/debug/talus-bindgen-swift" "$library" "$@" --config uniffi.toml; }
swift "$out/swift/TalusCore" --swift-sources
swift "$out/swift/TalusCoreFFI" --headers --modulemap --modulemap-filename module.modulemap --module-name TalusCoreFFI
"$target/debug/talus-surface" "$library" >"$out/surface.txt"

# A misspelt key in uniffi.toml is no error for the generator.
grep -qx 'package app.talus.core' "$out/kotlin/app/talus/core/talus_core.kt"
grep -q 'return "talus_core"' "$out/kotlin/app/talus/core/talus_core.kt"
grep -q 'import TalusCoreFFI' "$out/swift/TalusCore/TalusCore.swift"
grep -q '^module TalusCoreFFI ' "$out/swift/TalusCoreFFI/module.modulemap"
[ -s "$out/swift/TalusCoreFFI/TalusCoreFFI.h" ]
