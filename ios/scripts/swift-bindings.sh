#!/bin/sh
# Puts the Swift of the bridge where the package expects it, Sources/TalusCore and Sources/TalusCoreFFI, and the licences of
# what is built into the app on a phone: Sources/TalusUI/Resources/licences.json.
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

# As build-core.sh builds it, whatever machine this is.
metadata=$written/metadata.json
cargo metadata --locked --format-version 1 --manifest-path "$top/core/ffi/Cargo.toml" \
    --filter-platform aarch64-apple-ios --no-default-features --features radio,sqlcipher >"$metadata"
"${CARGO_TARGET_DIR:-$top/target}/debug/talus-licences" talus-ffi <"$metadata" >"$written/licences.json"
rm "$metadata"
licences=$top/ios/TalusKit/Sources/TalusUI/Resources/licences.json
cmp -s "$written/licences.json" "$licences" || cp "$written/licences.json" "$licences"
