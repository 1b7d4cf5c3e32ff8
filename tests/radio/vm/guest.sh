#!/bin/sh
# What runs in the guest, as root: the system's bus, the real BlueZ, somebody who says yes to pairing, then the test program with
# its arguments. Everything it says goes to /run/lab.
lab=/run/lab
export HOME=/tmp PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TALUS_LAB=1
dbus-daemon --system --fork --nopidfile || exit
# The controller is at the other end of the first virtual console.
btattach -B /dev/hvc0 -P h4 -S 115200 >$lab/btattach.log 2>&1 &
for daemon in /usr/libexec/bluetooth/bluetoothd /usr/lib/bluetooth/bluetoothd; do
    if [ -x $daemon ]; then break; fi
done
$daemon -n >$lab/bluetoothd.log 2>&1 &
bluez() { dbus-send --system --print-reply --dest=org.bluez / org.freedesktop.DBus.ObjectManager.GetManagedObjects 2>/dev/null; }
tries=0
until bluez | grep -q org.bluez.Adapter1; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ]; then echo 'BlueZ has no adapter'; exit; fi
    sleep 0.3
done
# A desktop has an agent that asks its person; here somebody confirms whatever is asked.
{
    sleep 0.5
    echo default-agent
    while sleep 1; do echo yes; done
} | bluetoothctl --agent NoInputNoOutput >$lab/agent.log 2>&1 &
sleep 1.5
echo "BlueZ $($daemon --version) on Linux $(uname -r), ready $(cut -d' ' -f1 /proc/uptime) s after the start" >$lab/versions
# One argument a line; none of ours holds a space.
# shellcheck disable=SC2046
$lab/program $(cat $lab/arguments) >$lab/stdout 2>$lab/stderr
echo $? >$lab/status
dmesg | grep -i bluetooth >$lab/dmesg.log
