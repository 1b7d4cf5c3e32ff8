#!/bin/sh
# Puts the Swift of the bridge where the package expects it: Sources/TalusCore and Sources/TalusCoreFFI.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
written=${CARGO_TARGET_DIR:-$top/target}/bindings
"$top/core/ffi/bindings.sh" "$written"
for part in TalusCore TalusCoreFFI; do
    # Only where it changed: SwiftPM builds again what is newer.
    if ! diff -rq "$written/swift/$part" "$top/ios/TalusKit/Sources/$part" >/dev/null 2>&1; then
        rm -rf "$top/ios/TalusKit/Sources/$part"
        cp -R "$written/swift/$part" "$top/ios/TalusKit/Sources/$part"
    fi
done
