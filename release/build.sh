#!/usr/bin/env bash
# Builds what a release consists of, as far as this machine can, and says what is left for one of a vendor:
#
#   release/build.sh [--twice] [FOLDER] [PART…]
#
# PART     source sbom cli bindings library book; all of them otherwise. `library` takes minutes: whole-program optimisation,
#          and OpenSSL from source.
# FOLDER   where to; target/release-VERSION otherwise
# --twice  builds everything once more from nothing, in the same place, and fails where a byte differs
#
# Nothing is published or signed. Equal commits give equal bytes on equal compilers: times are the commit's, paths of this
# machine are left out. Only what is committed goes in; a tree with changes is refused.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
parts=' source sbom cli bindings library book '
twice=false wanted='' out=''
for argument in "$@"; do
    case "$argument" in
    --twice) twice=true ;;
    -*)
        sed -n 's/^# \{0,1\}//; 2,12p' "$0"
        exit 2
        ;;
    *) if [[ $parts == *" $argument "* ]]; then wanted="$wanted $argument"; else out=$argument; fi ;;
    esac
done
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
target=${CARGO_TARGET_DIR:-$top/target}
out=${out:-$target/release-$version}
triple=$(rustc -vV | sed -n 's/^host: //p')
if [ -n "$(git status --porcelain)" ]; then
    echo 'release/build.sh: there are changes that are not committed' >&2
    exit 1
fi
mkdir -p "$out" && out=$(cd "$out" && pwd)

# Programs are built in a folder of their own: other flags.
export SOURCE_DATE_EPOCH CARGO_TARGET_DIR="$out/.build" LC_ALL=C TZ=UTC CARGO_INCREMENTAL=0
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
remapped="--remap-path-prefix=$top=talus --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$CARGO_TARGET_DIR=target"
given_rust=${RUSTFLAGS:-} given_c=${CFLAGS:-}
export RUSTFLAGS="$given_rust $remapped"
export CFLAGS="$given_c -ffile-prefix-map=${CARGO_HOME:-$HOME/.cargo}=cargo -ffile-prefix-map=$CARGO_TARGET_DIR=target"

# archive NAME FOLDER…: of what lies in the staging folder.
archive() {
    local name=$1
    shift
    tar -C "$staging" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' -cf - "$@" |
        gzip -9n >"$out/$name"
}

part_source() {
    git archive --format=tar --prefix="talus-$version/" HEAD | gzip -9n >"$out/talus-$version-source.tar.gz"
}

part_sbom() {
    python3 release/sbom.py >"$out/talus-$version.cdx.json"
}

part_cli() {
    local folder="talus-$version-$triple"
    cargo build --locked --release
    mkdir -p "$staging/$folder"
    cp "$CARGO_TARGET_DIR/release/talus" README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$staging/$folder"
    strip "$staging/$folder/talus"
    python3 release/sbom.py >"$staging/$folder/talus.cdx.json"
    python3 release/licences.py "$staging/$folder/talus.cdx.json" >"$staging/$folder/LICENCES-OF-OTHERS.txt"
    archive "$folder.tar.gz" "$folder"
}

part_bindings() {
    # Written from a library for this machine that nobody is given: its flags do not matter.
    RUSTFLAGS=$given_rust CFLAGS=$given_c CARGO_TARGET_DIR=$target core/ffi/bindings.sh "$staging/talus-$version-bindings"
    archive "talus-$version-bindings.tar.gz" "talus-$version-bindings"
}

# For this machine, in place of a phone's.
part_library() {
    local features folder="talus-$version-library-$triple"
    mkdir -p "$staging/$folder"
    for features in radio,bundled radio,sqlcipher; do
        cargo rustc --locked -p talus-ffi --lib --crate-type cdylib --profile phone --no-default-features --features "$features"
        mkdir -p "$staging/$folder/${features#radio,}"
        cp "$CARGO_TARGET_DIR/phone/libtalus_core.so" "$staging/$folder/${features#radio,}"
    done
    archive "$folder.tar.gz" "$folder"
}

part_book() {
    local mdbook
    # The one of ./test --setup long, where there is no other.
    mdbook=$(command -v mdbook || ls "${TALUS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/talus}"/mdbook-*/bin/mdbook 2>/dev/null | head -n 1 || true)
    if [ -z "$mdbook" ]; then
        echo 'no book: mdBook is not here (./test --setup long)'
        return
    fi
    "$mdbook" build --dest-dir "$staging/talus-$version-book"
    archive "talus-$version-book.tar.gz" "talus-$version-book"
}

build() {
    local part
    staging=$(mktemp -d)
    trap 'rm -rf "$staging"' EXIT
    rm -f "$out/talus-$version"* "$out/SHA256SUMS"
    for part in ${wanted:-$parts}; do
        printf '%s\n' "$part"
        "part_$part"
    done
    (cd "$out" && sha256sum "talus-$version"* >SHA256SUMS)
    rm -rf "$staging"
}

build
if $twice; then
    cp "$out/SHA256SUMS" "$out/.first"
    rm -rf "$CARGO_TARGET_DIR"
    build
    diff "$out/.first" "$out/SHA256SUMS" && echo 'built twice, byte for byte the same'
    rm -f "$out/.first"
fi
cat "$out/SHA256SUMS"
cat <<END

Not built here, for want of what only a vendor's machine has:
  Android  the library for arm64-v8a and x86_64 with SQLCipher: the NDK; then the app bundle: Gradle with Google's repository,
           and a key to sign it with (android/README.md)
  iOS      ios/scripts/build-core.sh, then Talus.xcodeproj: a Mac with Xcode; certificate and profile to sign it with (ios/README.md)
  others   the command line for macOS, Windows and ARM: each on its own system, with this script
The key of a phone's store, and who may use it, is nobody's in this tree.
END
