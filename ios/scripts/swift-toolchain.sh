#!/bin/sh
# A Swift 6 toolchain (swiftc, SwiftPM, XCTest, Swift Testing, swift-format) for Debian machines whose own
# release has none: Debian trixie's `swiftlang`, unpacked into a cache folder and entered with chroot.
# The host's packages and libc are not touched. Needs root, apt, dpkg-deb and (for `run`) mount.
#
#   swift-toolchain.sh install            unpack into the cache folder (idempotent; prints the folder)
#   swift-toolchain.sh ready              succeed where it is installed
#   swift-toolchain.sh run [-C dir] CMD…  run CMD inside, with the repository mounted at its own path
#   swift-toolchain.sh remove             delete the cache folder
#
# SWIFT_TOOLCHAIN_CACHE  cache folder             (default ~/.cache/swift-toolchain)
# SWIFT_TOOLCHAIN_BIND   what `run` mounts inside (default: the git top level, else the current folder)
# SWIFT_TOOLCHAIN_ALSO   another folder to mount, where the build lies outside of it
# SWIFT_TOOLCHAIN_SUITE  Debian suite             (default trixie)
set -eu

suite=${SWIFT_TOOLCHAIN_SUITE:-trixie}
cache=${SWIFT_TOOLCHAIN_CACHE:-${HOME:-/root}/.cache/swift-toolchain}
packages="swiftlang libc6-dev libstdc++-14-dev dash bash coreutils git tzdata"
root=$cache/$suite
stamp=$root/.complete
say() { printf 'swift-toolchain: %s\n' "$*" >&2; }

install_toolchain() {
    if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$packages" ]; then printf '%s\n' "$root"; return; fi
    [ "$(id -u)" = 0 ] || { say "must run as root"; exit 1; }
    # The mirror and the signing key are the ones this machine already uses for Debian.
    mirror=$(cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed -n 's/^URIs:[[:space:]]*\([^ ]*\).*/\1/p' | head -n 1)
    [ -n "$mirror" ] || mirror=$(sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' /etc/apt/sources.list | head -n 1)
    [ -n "$mirror" ] || { say "no Debian mirror is configured"; exit 1; }
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    apt=$cache/apt
    rm -rf "$root"; mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$root"
    : >"$apt/status"
    echo "deb [signed-by=$key] $mirror $suite main" >"$apt/sources.list"
    cat >"$apt/apt.conf" <<CONF
Dir::State::Lists "$apt/lists"; Dir::State::status "$apt/status";
Dir::Cache::archives "$apt/archives"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
Dir::Etc::SourceList "$apt/sources.list"; Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null"; Dir::Etc::PreferencesParts "/dev/null";
APT::Install-Recommends "false"; APT::Sandbox::User "root"; Acquire::Languages "none";
APT::Keep-Downloaded-Packages "true"; Binary::apt-get::APT::Keep-Downloaded-Packages "true";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false"; Acquire::Retries "3";
DPkg::Post-Invoke {}; APT::Update::Post-Invoke {}; APT::Update::Post-Invoke-Success {};
CONF
    say "reading the $suite index"; APT_CONFIG=$apt/apt.conf apt-get -qq update
    say "downloading"; APT_CONFIG=$apt/apt.conf apt-get -qq --download-only -y install $packages >/dev/null
    say "unpacking"
    for d in bin sbin lib lib64; do mkdir -p "$root/usr/$d"; ln -s "usr/$d" "$root/$d"; done
    mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root/root" "$root/etc"
    chmod 1777 "$root/tmp"
    find "$apt/archives" -name '*.deb' -size -100M -print0 | xargs -0 -n 4 -P 2 sh -c 'for f; do dpkg-deb --fsys-tarfile "$f" | tar -x -C "$0" --keep-directory-symlink; done' "$root" &
    big=$!
    find "$apt/archives" -name '*.deb' -size +100M -print0 | xargs -0 -r -n 1 sh -c 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$0" --keep-directory-symlink' "$root"
    wait "$big"
    echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"; echo 'root:x:0:' >"$root/etc/group"
    ln -sf bash "$root/usr/bin/sh"
    rm -rf "$apt" "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale"
    printf '%s' "$packages" >"$stamp"
    printf '%s\n' "$root"
}

run_inside() {
    dir=$PWD
    if [ "${1:-}" = -C ]; then dir=$(cd "$2" && pwd); shift 2; fi
    bind=${SWIFT_TOOLCHAIN_BIND:-$(git -C "$dir" rev-parse --show-toplevel 2>/dev/null || echo "$dir")}
    install_toolchain >/dev/null
    # A mount namespace of its own: the mounts end with the command, so nothing leaks into the host and
    # `remove` can never reach the repository through a forgotten bind mount.
    exec env ROOT="$root" BIND="$bind" ALSO="${SWIFT_TOOLCHAIN_ALSO:-}" DIR="$dir" unshare --mount --propagation private sh -eu -c '
        mkdir -p "$ROOT$BIND"
        mount --rbind "$BIND" "$ROOT$BIND"
        if [ -n "$ALSO" ]; then
            mkdir -p "$ROOT$ALSO"
            mount --rbind "$ALSO" "$ROOT$ALSO"
        fi
        mount -t proc proc "$ROOT/proc"      # the loader finds $ORIGIN through /proc/self/exe
        mount --rbind /dev "$ROOT/dev"
        exec chroot "$ROOT" /usr/bin/env -i PATH=/usr/libexec/swift/bin:/usr/bin:/bin HOME=/root LANG=C.UTF-8 \
            ${CI:+CI="$CI"} bash -c "cd \"\$0\" && exec \"\$@\"" "$DIR" "$@"' run "$@"
}

case ${1:-} in
install) install_toolchain ;;
ready) [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$packages" ] ;;
run) shift; run_inside "$@" ;;
remove) rm -rf "$cache" ;;
*) sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
