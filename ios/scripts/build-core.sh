#!/usr/bin/env bash
# Builds the core for iOS and writes what the Swift package needs: the bindings and build/TalusCoreFFI.xcframework. Run it
# on a Mac before Xcode opens the project, and after each change of the core: Xcode looks for the framework before any
# phase of a build.
#
#   build-core.sh [--simulator] [--dry-run]
#
# --simulator  only the simulator (on Apple silicon), for a quick round
# --dry-run    say what would be run
#
# With Apple's SDK, SQLite and its encryption are compiled in. Elsewhere they cannot be, and neither is a framework
# written: `./test cross` builds what can be built there.
set -euo pipefail

targets='aarch64-apple-ios-sim aarch64-apple-ios'
run=''
for argument in "$@"; do
    case "$argument" in
    --simulator) targets=aarch64-apple-ios-sim ;;
    --dry-run) run='echo' ;;
    *)
        sed -n 's/^# \{0,1\}//; 2,12p' "$0"
        exit 2
        ;;
    esac
done
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
built=${CARGO_TARGET_DIR:-$PWD/target}
kit=ios/TalusKit
if [ -z "$run" ] && [ "$(uname -s)" != Darwin ]; then
    echo 'build-core.sh: needs a Mac with Xcode; elsewhere ./test cross and ./test swift show what can be shown' >&2
    exit 1
fi

# The C of SQLite and OpenSSL is built for the same oldest system as the rest.
export IPHONEOS_DEPLOYMENT_TARGET=17.0
framework=$kit/build/TalusCoreFFI.xcframework
slices=()
for target in $targets; do
    $run rustup target add "$target"
    # Only the static library: the crate's shared one is Android's and Linux's.
    $run cargo rustc --locked -p talus-ffi --lib --crate-type staticlib --profile phone --target "$target" \
        --no-default-features --features radio,sqlcipher
    slices+=(-library "$built/$target/phone/libtalus_core.a" -headers "$kit/Sources/TalusCoreFFI")
done
$run ios/scripts/swift-bindings.sh
$run rm -rf "$framework"
$run xcodebuild -create-xcframework "${slices[@]}" -output "$framework"
