#!/bin/sh
# The first process of the guest: loads the modules, takes the host's file system, read-only, for its own, and runs the guest
# script that lies in the one folder it may write to.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
for module in /modules/*; do
    case "$module" in *.xz) $b unxz -c "$module" >/module ;; *) $b cp "$module" /module ;; esac
    $b insmod /module || echo "no $module"
done
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose host /host || $b poweroff -f
$b mount -t proc proc /host/proc
$b mount -t sysfs sys /host/sys
$b mount --bind /dev /host/dev
for folder in tmp run var/lib/bluetooth; do $b mount -t tmpfs tmpfs "/host/$folder"; done
$b mkdir -p /host/run/lab /host/run/dbus
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=none lab /host/run/lab || $b poweroff -f
$b ip link set lo up
$b chroot /host /bin/sh /run/lab/guest.sh
$b sync
$b poweroff -f
