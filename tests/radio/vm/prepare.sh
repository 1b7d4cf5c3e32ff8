#!/bin/sh
# prepare.sh FOLDER: what the radio lab needs besides system packages, into FOLDER: the distribution's own kernel with Bluetooth
# and a static busybox (unpacked, never installed), a first file system of the two, and the foreign cuffs' Bluetooth stack.
# Needs apt-get, dpkg-deb and python3 with pip.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
rm -rf "$folder.new"
mkdir -p "$folder.new/debian"
cd "$folder.new"

# Whichever kernel the distribution has now: by the name of the package that always leads to it.
kernel() { apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1; }
download() {
    name=$(kernel)
    [ -n "$name" ] && (cd debian && apt-get download -qq "$name" busybox-static)
}
# Lists that are missing or old name what is not there any more.
if ! download; then
    [ "$(id -u)" -eq 0 ] && apt-get update -qq
    download
fi
for package in debian/*.deb; do dpkg-deb -x "$package" debian; done
busybox=$PWD/debian/bin/busybox
[ -x "$busybox" ] || busybox=$PWD/debian/usr/bin/busybox
modules=$(echo "$PWD"/debian/lib/modules/* "$PWD"/debian/usr/lib/modules/* | tr ' ' '\n' | grep -v '\*' | head -n 1)
version=$(basename "$modules")
cp "debian/boot/vmlinuz-$version" vmlinuz

mkdir -p first/bin first/modules first/proc first/sys first/dev first/host
cp "$busybox" first/bin/busybox
ln -s busybox first/bin/sh
cp "$here/init.sh" first/init
chmod +x first/init
(cd "$modules" && "$busybox" depmod -b "${modules%/lib/modules/*}" "$version")
# Each module behind those it needs; what is built in is no file. drbg stands before ecdh_generic, or the kernel's own test of
# that fails and there is no pairing.
awk -v wanted='virtio_pci 9pnet_virtio 9p virtio_rng virtio_console crc16 cmac sha512_generic hmac ctr drbg ecdh_generic
        algif_hash algif_skcipher aesni_intel ccm uhid bluetooth hci_uart' '
    function name(path) { sub(/.*\//, "", path); sub(/\.ko.*/, "", path); gsub(/-/, "_", path); return path }
    function load(path,    n, i, before) {
        if (path in done) return
        done[path] = 1
        n = split(needs[path], before, " ")
        for (i = n; i >= 1; i--) load(before[i])
        print path
    }
    { path = $1; sub(/:$/, "", path); paths[name(path)] = path; $1 = ""; needs[path] = $0 }
    END { n = split(wanted, names, " "); for (i = 1; i <= n; i++) if (names[i] in paths) load(paths[names[i]]) }
' "$modules/modules.dep" >list
number=100
while read -r file; do
    number=$((number + 1))
    cp "$modules/$file" "first/modules/$number-$(basename "$file")"
done <list
grep -q '/bluetooth\.ko' list || { echo 'the kernel has no Bluetooth'; exit 1; }
(cd first && find . | "$busybox" cpio -o -H newc 2>/dev/null | gzip -1) >initramfs
rm -rf first debian list

# Nothing that would have to be compiled here.
python3 -m pip install -q --disable-pip-version-check --root-user-action ignore --no-deps --only-binary :all: --target stack \
    -r "$here/requirements.txt"
rm -rf "$folder"
mv "$folder.new" "$folder"
