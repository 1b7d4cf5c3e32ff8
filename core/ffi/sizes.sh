#!/usr/bin/env bash
# What the library for a phone weighs, as a table: core/ffi/sizes.sh [LIBRARY…]
#
# Without arguments it builds the profile `phone` for this machine, once with plain SQLite and once with SQLCipher (minutes each:
# whole-program optimisation, and OpenSSL from source), and measures both; with arguments it measures those files, named
# FEATURES.so. `--page` writes the table into docs/performance.md. Linux on x86-64 stands in for a phone's ABI: there is no NDK.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$top/target}
page=false
if [ "${1:-}" = --page ]; then
    page=true
    shift
fi

# Hundredths of a megabyte, 10^6 bytes.
mb() { awk -v bytes="$1" 'BEGIN { printf "%.2f", bytes / 1e6 }'; }

# Bytes of the sections whose names begin with one of these.
sections() {
    local library=$1 sum=0 name size
    shift
    while read -r name _ _ _ size _; do
        for begins in "$@"; do
            case "$name" in "$begins"*) sum=$((sum + 16#$size)) ;; esac
        done
    done < <(readelf -SW "$library" | sed -n 's/^ *\[ *[0-9]*\] \(\..*\)/\1/p')
    echo "$sum"
}

row() {
    local library=$1 limit=3.50
    case "$library" in *sqlcipher*) limit=7.00 ;; esac
    printf '| `phone` | %s | **%s** | %s | %s | %s | %s |\n' "$(basename "$library" .so | sed 's/,/, /g')" \
        "$(mb "$(wc -c <"$library")")" "$limit" "$(mb "$(sections "$library" .text)")" "$(mb "$(sections "$library" .rodata .data .rela)")" \
        "$(mb "$(sections "$library" .eh_frame .gcc_except)")"
}

build() {
    local out="$target/sizes"
    mkdir -p "$out"
    for features in radio,bundled radio,sqlcipher; do
        (cd "$top" && cargo rustc --locked --quiet -p talus-ffi --lib --crate-type cdylib --profile phone --no-default-features \
            --features "$features")
        cp "$target/phone/libtalus_core.so" "$out/$features.so"
        printf '%s\n' "$out/$features.so"
    done
}

table() {
    local library
    printf '| profile | features | MB | goal, MB | code | constants and relocations | unwinding |\n|---|---|---|---|---|---|---|\n'
    for library in "$@"; do row "$library"; done
}

# Built before anything is written: a build that fails leaves the page as it is.
if [ $# -eq 0 ]; then
    built=$(build)
    mapfile -t libraries <<<"$built"
    set -- "${libraries[@]}"
fi
if ! $page; then
    table "$@"
    exit
fi
fresh=$(table "$@")
awk -v fresh="$fresh" '
    /^<!-- sizes -->$/ { print; print fresh; skip = 1; next }
    /^<!-- end of sizes -->$/ { skip = 0 }
    !skip' "$top/docs/performance.md" >"$top/docs/performance.md.new"
mv "$top/docs/performance.md.new" "$top/docs/performance.md"
