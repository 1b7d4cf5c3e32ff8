#!/usr/bin/env python3
"""Cuffs that are not ours: Bluetooth devices of another maker's stack (bumble), written from docs/cuff-motion-profile.md.

    cuffs.py HCI REMOTE

HCI is the Unix socket at which the guest's kernel speaks to its Bluetooth controller; that controller is played here too, at
the other end of a simulated radio. REMOTE is the socket of a remote control, one line a command (see `Room.command`), one line
of JSON an answer.
"""

import asyncio
import binascii
import collections
import json
import logging
import os
import struct
import sys
import time

from bumble.att import ATT_Error
from bumble.controller import Controller
from bumble.core import AdvertisingData, UUID
from bumble.device import Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address, LeFeatureMask
from bumble.host import Host
from bumble.link import LocalLink
from bumble.pairing import PairingConfig
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink

Is, May = Characteristic.Properties, Characteristic.Permissions

# ATT errors of the profile.
READ_NOT_PERMITTED, NEEDS_BOND, NOT_SUBSCRIBED = 0x02, 0x05, 0xFD
# Results of its control point.
DONE, UNKNOWN, WRONG, NOT_NOW = 1, 2, 3, 5
# A cuff that keeps what it measured keeps a minute of it, and measures as long without a link; any other does for five seconds.
KEPT_S, RUNS_ON_S = 60, 5
# How a link ends that the other side does not hear any more.
OUT_OF_RANGE = 0x08


def uuid(short):
    return UUID(f"2F60{short:04X}-11C5-4859-B00A-1D2C16F9BD07")


def unreadable(_):
    raise ATT_Error(READ_NOT_PERMITTED)


def mark(index):
    """What the first axis of a sample holds: its index, as far as it fits, so that a misplaced sample is seen."""
    return index % 1000


class Air(LocalLink):
    """bumble 0.0.236 marks LE data with the sender's random address; the kernel connects with its public one and has set a
    random one for scanning, so that the data would belong to no connection."""

    def send_acl_data(self, sender, destination, transport, data):
        to, connection = self.find_le_controller(destination), sender.le_connections.get(destination)
        if to and connection:
            asyncio.get_running_loop().call_soon(lambda: to.on_link_acl_data(connection.self_address, transport, data))


class Cuff:
    """One cuff: side 1 left, 2 right; 100 Hz, whatever it is asked for within what it offers. The right one has a ring, and says
    what time it is."""

    def __init__(self, air, index, number):
        self.side, self.number = index, number
        self.name = f"CUF-{number & 0xFFFF:04X}"
        self.connection = None
        self.keeps = index == 2
        self.ring = {}  # frames by the number of their block
        self.session = self.began = 0
        self.sealed = False  # wants a bond
        self.losing = 0  # frames that get lost on the way
        self.refusing = None  # the next start is refused with this result
        self.settings = None
        self.run = None
        self.sent = self.lost = self.bonds = self.connections = 0
        self.heard = []  # commands, in hex
        self.subscribed = collections.Counter()
        address = f"C0:FF:EE:00:00:{index:02X}"
        controller = Controller(f"cuff {index}", link=air, public_address=address)
        host = Host(controller, AsyncPipeSink(controller))
        self.device = Device(name=self.name, address=Address(address), host=host)
        self.device.le_enabled, self.device.classic_enabled = True, False
        self.device.pairing_config_factory = lambda _: PairingConfig(sc=True, mitm=False, bonding=True)

        def read(value):
            return CharacteristicValue(read=lambda _: value)

        def written(connection, value):
            return self.command(value)

        # Six axes and a light: not much more than the profile demands. Bits 6 and 10: a log, time sync.
        info = struct.pack("<BBBBHHBBBBII", 1, 0, self.side, 1, 1500, 250, 4, 255, 2, 1, number, 0x541 if self.keeps else 0x101)
        # Stream 0, six axes, 12.5 to 400 Hz, ±2 to ±16 g, ±125 to ±2,000 °/s, 12 bytes a sample, at most 20.
        streams = struct.pack("<BBHBBBBHH", 0, 0, 0x3F, 0x0F, 0x1F, 12, 20, 1, 0)
        # bumble gives out what has no permission to be read.
        silent = CharacteristicValue(read=unreadable)
        self.motion = Characteristic(uuid(0x13), Is.NOTIFY, May(0), silent)
        self.control = Characteristic(
            uuid(0x14), Is.WRITE | Is.INDICATE, May.WRITEABLE, CharacteristicValue(read=unreadable, write=written)
        )
        self.log = Characteristic(uuid(0x17), Is.NOTIFY, May(0), silent)
        self.time = Characteristic(
            uuid(0x16),
            Is.WRITE_WITHOUT_RESPONSE | Is.NOTIFY,
            May.WRITEABLE,
            CharacteristicValue(read=unreadable, write=lambda connection, value: self.question(value)),
        )
        self.device.add_service(
            Service(
                uuid(1),
                [
                    Characteristic(uuid(0x11), Is.READ, May.READABLE, read(info)),
                    Characteristic(uuid(0x12), Is.READ, May.READABLE, read(streams)),
                    self.motion,
                    self.control,
                    Characteristic(uuid(0x15), Is.NOTIFY, May(0), silent),
                    Characteristic(
                        uuid(0x18), Is.READ | Is.NOTIFY, May.READABLE, CharacteristicValue(read=lambda _: self.status())
                    ),
                ]
                + ([self.time, self.log] if self.keeps else []),
            )
        )
        self.device.add_service(Service("180F", [Characteristic("2A19", Is.READ | Is.NOTIFY, May.READABLE, read(bytes([87])))]))
        self.device.add_service(Service("180A", [Characteristic("2A26", Is.READ, May.READABLE, read(b"foreign 2.0.1"))]))
        for characteristic in (self.motion, self.control):
            self.watch(characteristic)
        # Flags, the service and the name: 3 + 18 + 10 of 31 bytes. bumble's controller repeats them in the scan response, so
        # the service data of the profile find no room.
        self.device.advertising_data = bytes(
            AdvertisingData(
                [
                    (AdvertisingData.FLAGS, b"\x06"),
                    (AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, bytes(uuid(1))),
                    (AdvertisingData.COMPLETE_LOCAL_NAME, self.name.encode()),
                ]
            )
        )
        self.device.on("connection", self.connected)

    def watch(self, characteristic):
        """Counts subscriptions, and refuses those that need a bond, with the profile's error."""
        server = self.device.gatt_server
        descriptor = next(a for a in server.attributes if a.handle > characteristic.handle and a.type == UUID("2902"))
        write = descriptor.value.write

        def guarded(bearer, value):
            if characteristic is self.motion and self.sealed and not self.connection.is_encrypted:
                raise ATT_Error(NEEDS_BOND)
            self.subscribed[characteristic.uuid.to_hex_str()] += bool(value[0])
            self.indicating = bool(value[0]) if characteristic is self.control else self.indicating
            return write(bearer, value)

        descriptor.value.write = guarded

    def connected(self, connection):
        self.connection, self.indicating = connection, False
        self.connections += 1

        def gone(_):
            self.connection = None
            left_alone_s = KEPT_S if self.keeps else RUNS_ON_S
            asyncio.get_running_loop().call_later(left_alone_s, self.orphaned, self.connections)

        def bonded(*_):
            self.bonds += 1

        connection.on("disconnection", gone)
        connection.on("pairing", bonded)

    def orphaned(self, connections):
        if self.connection is None and self.connections == connections:
            self.stop()

    async def start(self):
        await self.device.power_on()
        await self.show()

    async def show(self):
        # bumble puts these milliseconds into its timer.
        await self.device.start_advertising(auto_restart=True, advertising_interval_min=150, advertising_interval_max=150)

    # --- what it says of itself, and the time

    @staticmethod
    def clock():
        """Microseconds since some moment long ago."""
        return time.monotonic_ns() // 1000

    def status(self):
        # Bit 0 streams, bit 3 worn.
        return struct.pack("<BBbBQ", 9 if self.run else 8, 87, 24, 0, self.clock())

    def question(self, value):
        taken = self.clock()
        if len(value) >= 12 and value[:2] == b"\x01\x00":
            answer = b"\x01\x01" + value[2:12] + struct.pack("<QQ", taken, self.clock())
            asyncio.create_task(self.device.notify_subscriber(self.connection, self.time, answer))

    # --- the control point

    def command(self, value):
        if not self.indicating:
            raise ATT_Error(NOT_SUBSCRIBED)
        self.heard.append(value.hex())
        op = value[0]
        result, answer, then, before = UNKNOWN, b"", None, []
        # Parameters in bytes.
        needs = {1: 7, 2: 2, 3: 2, 5: 2, 0x13: 9}.get(op, 0)
        if len(value) <= needs:
            result = WRONG
        elif op == 1:
            stream, rate, acc, gyr, samples = struct.unpack("<BHBHB", value[1:8])
            if (stream, rate, acc, gyr) == (0, 1000, 16, 2000) and 1 <= samples <= 20:
                self.settings = samples
                # 2⁻¹¹ g and 70 m°/s a count.
                result, answer = DONE, struct.pack("<BHffB", 0, rate, 16 / 32768, 0.07, samples)
            else:
                result = WRONG
        elif op == 2:
            if self.refusing is not None:
                result, self.refusing = self.refusing, None
            elif struct.unpack("<H", value[1:3]) != (1,):
                result = WRONG
            elif self.settings is None:
                result = NOT_NOW
            else:
                # One that still runs from before the link was lost goes on.
                if not self.run:
                    self.session, then = self.session + 1, self.go
                self.began = self.began if self.run else self.clock()
                result, answer = DONE, struct.pack("<IQ", self.session, self.began)
        elif op == 3:
            result = DONE if self.run else NOT_NOW
            self.stop()
        elif op == 4:
            result, answer = DONE, self.status()
        elif op == 5:
            result = DONE if value[1] == 1 and 1 <= value[2] <= 30 else WRONG
        elif op == 0x13 and self.keeps:
            session, first, count = struct.unpack("<IIB", value[1:10])
            result = DONE if self.run and session == self.session and 1 <= count <= 64 else WRONG
            if result == DONE:
                last = first + count - 1
                before = [self.block(n, n == last) for n in range(first, last + 1) if n in self.ring]
                answer = struct.pack("<IH", last + 1, len(before))
        asyncio.create_task(self.answer(before, bytes([0x80, op, result]) + answer, then))

    def block(self, number, last):
        payload = bytes([len(self.ring[number])]) + self.ring[number]
        return struct.pack("<BBHI", last, 0, binascii.crc_hqx(payload, 0xFFFF), number) + payload

    async def answer(self, before, value, then):
        for block in before:
            await self.device.notify_subscriber(self.connection, self.log, block)
        await self.device.indicate_subscriber(self.connection, self.control, value)
        if then:
            then()

    # --- the stream

    def go(self):
        self.stop()
        self.ring.clear()
        self.run = asyncio.create_task(self.stream())

    def stop(self):
        if self.run:
            self.run.cancel()
            self.run = None

    async def stream(self):
        samples, index, number = self.settings, 0, 0
        while True:
            await asyncio.sleep(max(0, self.began + (index + samples) * 10_000 - self.clock()) / 1e6)
            stamp = (self.began + index * 10_000) & 0xFFFFFFFF
            frame = struct.pack("<BBBBII", 0x10, 0, number & 0xFF, samples, index & 0xFFFFFFFF, stamp)
            for i in range(index, index + samples):
                frame += struct.pack("<6h", mark(i), 0, 2048, 0, 0, 0)
            if self.keeps:
                block = index // samples
                self.ring[block] = frame[:1] + bytes([frame[1] | 0x20]) + frame[2:]
                self.ring.pop(block - KEPT_S * 100 // samples, None)
            index, number = index + samples, number + 1
            if self.connection is None:
                continue
            if self.losing > 0:
                self.losing, self.lost = self.losing - 1, self.lost + 1
            else:
                try:
                    await self.device.notify_subscriber(self.connection, self.motion, frame)
                    self.sent += 1
                except Exception:
                    # The link fell under it; a cuff that keeps what it measures measures on.
                    if self.connection is not None:
                        raise


class Room:
    """All cuffs, and what can be done to them from the outside."""

    def __init__(self, air):
        self.cuffs = [Cuff(air, 1, 0xA1B2C3D4), Cuff(air, 2, 0xA1B2C3D5)]

    async def command(self, line):
        word, index, *more = line.split()
        cuff = self.cuffs[int(index) - 1]
        if word == "drop":
            if cuff.connection:
                await cuff.connection.disconnect(OUT_OF_RANGE)
        elif word == "lose":
            cuff.losing = int(more[0])
        elif word == "refuse":
            cuff.refusing = int(more[0])
        elif word == "seal":
            cuff.sealed = more[0] == "on"
        elif word == "stop":
            cuff.stop()
        elif word == "forget":
            await cuff.device.keystore.delete_all()
        elif word == "hide":
            await cuff.device.stop_advertising()
        elif word == "show":
            await cuff.show()
        elif word != "look":
            return {"error": f"no command {word}"}
        connection = cuff.connection
        return {
            "connected": connection is not None,
            "encrypted": connection is not None and bool(connection.is_encrypted),
            "connections": cuff.connections,
            "sent": cuff.sent,
            "lost": cuff.lost,
            "bonds": cuff.bonds,
            "commands": cuff.heard,
            "subscribed": cuff.subscribed[cuff.motion.uuid.to_hex_str()],
        }

    async def listen(self, path):
        reader, writer = await asyncio.open_unix_connection(path)
        while line := await reader.readline():
            try:
                said = await self.command(line.decode().strip())
            except Exception as error:  # told to the test, which fails
                said = {"error": repr(error)}
            writer.write((json.dumps(said) + "\n").encode())
            await writer.drain()


async def main(hci, remote):
    logging.basicConfig(level=os.environ.get("BUMBLE_LOGLEVEL", "WARNING").upper())
    air = Air()
    async with await open_transport(f"unix:{hci}") as pipe:
        guest = Controller(
            "guest", host_source=pipe.source, host_sink=pipe.sink, link=air, public_address="00:1A:7D:DA:71:11"
        )
        # bumble claims these and answers a connection with the plain event all the same; a kernel that was promised the
        # enhanced one waits for it, and can neither disconnect nor connect again afterwards.
        guest.le_features &= ~(LeFeatureMask.LE_EXTENDED_ADVERTISING | LeFeatureMask.LL_PRIVACY)
        room = Room(air)
        for cuff in room.cuffs:
            await cuff.start()
        await room.listen(remote)


asyncio.run(main(sys.argv[1], sys.argv[2]))
