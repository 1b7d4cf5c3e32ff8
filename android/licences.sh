#!/usr/bin/env bash
# Writes android/app/src/main/res/raw/licences.json: every crate in the library of a phone, and the libraries of the app
# around it, each with version and licence. Run it after Cargo.lock or libs.versions.toml changed; a test says when.
set -euo pipefail
cd "$(dirname "$0")/.."
of() { sed -n "s/^$1 = \"\(.*\)\"$/\1/p" android/gradle/libs.versions.toml; }
{
    cargo tree --locked -p talus-ffi --target aarch64-linux-android --features sqlcipher -e normal,build --prefix none \
        --format '{p}|{l}' | sed -e '/(proc-macro)/d' -e '/^talus/d' -e 's/ (\*)//' -e 's/ v\([^|]*\)|/|\1|/'
    printf 'AndroidX Compose|%s|Apache-2.0\n' "$(of compose)"
    printf 'AndroidX Material 3|%s|Apache-2.0\n' "$(of material3)"
    printf 'AndroidX Activity|%s|Apache-2.0\n' "$(of activity)"
    printf 'AndroidX Lifecycle|%s|Apache-2.0\n' "$(of lifecycle)"
    printf 'AndroidX Core|%s|Apache-2.0\n' "$(of core)"
    printf 'Kotlin|%s|Apache-2.0\n' "$(of kotlin)"
    printf 'Kotlin coroutines|%s|Apache-2.0\n' "$(of coroutines)"
    printf 'JNA|%s|Apache-2.0 OR LGPL-2.1-or-later\n' "$(of jna)"
} | LC_ALL=C sort -u -f | awk -F'|' '
    BEGIN { print "[" }
    { printf "%s {\"name\": \"%s\", \"version\": \"%s\", \"licence\": \"%s\"}", (NR > 1 ? ",\n" : ""), $1, $2, $3 }
    END { print "\n]" }' >android/app/src/main/res/raw/licences.json
