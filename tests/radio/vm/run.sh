#!/bin/bash
# run.sh PROGRAM ARGUMENTS…: runs a test program in a virtual machine with a real Linux Bluetooth stack and foreign cuffs in the
# room, with what it says and its exit code as if it ran here; so it can be cargo's runner. TALUS_LAB_FOLDER is what prepare.sh
# filled, TALUS_LAB_LOGS a folder for logs, TALUS_LAB_SECONDS how long it may take (420: other work on the cores).
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$TALUS_LAB_FOLDER
room=$(mktemp -d) || exit 99
cuffs='' remote=$room/remote
# shellcheck disable=SC2317 # run at the end
end() {
    if [ -n "$cuffs" ]; then kill "$cuffs" 2>/dev/null; fi
    if [ -n "${TALUS_LAB_LOGS:-}" ]; then
        mkdir -p "$TALUS_LAB_LOGS"
        cp "$room"/*.log "$room/console" "$room/versions" "$TALUS_LAB_LOGS" 2>/dev/null
    fi
    rm -rf "$room"
}
trap end EXIT

program=$1
shift
mkdir "$room/shared"
# Into the shared folder: where it was built may be a place that the guest has none of, and symbols are of no use there.
if ! strip -o "$room/shared/program" "$program" 2>/dev/null; then cp "$program" "$room/shared/program" || exit 99; fi
cp "$here/guest.sh" "$room/shared" || exit 99
printf '%s\n' "$@" >"$room/shared/arguments"

(
    for _ in $(seq 100); do
        if [ -S "$room/hci" ] && [ -S "$remote" ]; then break; fi
        sleep 0.1
    done
    PYTHONPATH=$folder/stack exec python3 "$here/cuffs.py" "$room/hci" "$remote"
) >"$room/cuffs.log" 2>&1 &
cuffs=$!

# Without the test of timers, which an emulated one fails where the host is busy, and without guards against ills that it has not.
# Without KVM, so that it is the same everywhere: where it is missing, and where it is another machine's.
timeout "${TALUS_LAB_SECONDS:-420}" qemu-system-x86_64 -accel tcg -cpu max -smp 1 -m 768 \
    -nodefaults -no-user-config -display none -monitor none -nic none -no-reboot -serial stdio \
    -chardev "socket,id=hci,path=$room/hci,server=on,wait=off" \
    -chardev "socket,id=remote,path=$remote,server=on,wait=off" \
    -device virtio-serial-pci -device virtconsole,chardev=hci -device virtserialport,chardev=remote,nr=2 \
    -device virtio-rng-pci \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=$room/shared,mount_tag=lab,security_model=none" \
    -kernel "$folder/vmlinuz" -initrd "$folder/initramfs" -append 'console=ttyS0 panic=-1 quiet no_timer_check nowatchdog mitigations=off' \
    </dev/null >"$room/console" 2>&1
ended=$?
cp "$room"/shared/*.log "$room/shared/versions" "$room" 2>/dev/null
cat "$room/shared/stdout" 2>/dev/null
cat "$room/shared/stderr" >&2 2>/dev/null
if [ ! -s "$room/shared/status" ]; then
    {
        echo "the virtual machine ended before its program (exit code $ended; 124 where it took too long)"
        tail -n 20 "$room/console" "$room"/*.log
    } >&2
    exit 98
fi
exit "$(cat "$room/shared/status")"
