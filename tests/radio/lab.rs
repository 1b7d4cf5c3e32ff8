//! The real adapter with the app's links over it, against a real BlueZ on a real kernel, with cuffs of somebody else's
//! Bluetooth stack in the room (`vm/`).
//!
//! These tests run in a virtual machine that `vm/run.sh` makes: `./test lab`. Outside of it they say that they were skipped.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]
#![allow(unreachable_pub, missing_docs)]

mod desk;

use desk::{Desk, in_place, mark, radio};
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Command;
use std::time::Duration;
use talus_app::conformance::{self, Verdict};
use talus_cuff::link::Notice;
use talus_cuff::transport::radio::RadioTransport;
use talus_cuff::transport::{Ask, Faults, Heard, Refusal, Transport as _};
use talus_motion::{BlockFlags, LinkState, Micros, SampleBlock};
use uuid::Uuid;

const CONTROL: Uuid = Uuid::from_u128(0x2f60_0014_11c5_4859_b00a_1d2c_16f9_bd07);

/// What a cuff says about itself over its remote control.
#[derive(Debug, serde::Deserialize)]
struct Look {
    connected: bool,
    encrypted: bool,
    connections: u32,
    sent: u64,
    lost: u64,
    bonds: u32,
    commands: Vec<String>,
    subscribed: u32,
}

/// The remote control of the cuffs: beside the radio, not through it.
struct Remote {
    ask: File,
    answer: BufReader<File>,
}

impl Remote {
    /// Does something to a cuff (1 or 2), and says how it is now.
    fn tell(&mut self, word: &str, cuff: u8, how: &str) -> Look {
        writeln!(self.ask, "{word} {cuff} {how}").unwrap();
        let mut line = String::new();
        self.answer.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{word} {cuff} {how}: {error}: {line}"))
    }

    fn look(&mut self, cuff: u8) -> Look {
        self.tell("look", cuff, "")
    }
}

fn bluetoothctl(arguments: &[&str]) -> bool {
    Command::new("bluetoothctl").args(arguments).output().unwrap().status.success()
}

fn names(count: usize) -> Vec<String> {
    ["CUF-C3D4", "CUF-C3D5"][..count].iter().map(|name| (*name).to_owned()).collect()
}

/// Runs a test in the virtual machine, with cuffs that nobody knows yet.
fn in_the_lab(name: &str, test: impl FnOnce(&mut Remote)) {
    if std::env::var_os("TALUS_LAB").is_none() {
        let _ = std::io::stderr()
            .write_all(format!("SKIPPED {name}: it runs in a virtual machine; ./test lab\n").as_bytes());
        return;
    }
    let port = OpenOptions::new().read(true).write(true).open("/dev/vport0p2").unwrap();
    let mut remote = Remote { ask: port.try_clone().unwrap(), answer: BufReader::new(port) };
    for cuff in [1, 2] {
        remote.tell("stop", cuff, "");
        remote.tell("seal", cuff, "off");
        remote.tell("forget", cuff, "");
        // An error where BlueZ never saw it. A shell of BlueZ's own would take a second to start in here.
        let adapter = ["--system", "--print-reply", "--dest=org.bluez", "/org/bluez/hci0"];
        let device = format!("objpath:/org/bluez/hci0/dev_C0_FF_EE_00_00_{cuff:02X}");
        Command::new("dbus-send").args(adapter).args(["org.bluez.Adapter1.RemoveDevice", &device]).output().unwrap();
    }
    let began = talus_app::clock::now();
    test(&mut remote);
    let took = talus_app::clock::now().since(began) as f64 * 1e-6;
    let _ = std::io::stderr().write_all(format!("{took:5.1} s {name}\n").as_bytes());
}

fn nothing_was_lost(desk: &Desk) {
    for counter in ["samples_missing", "frames_duplicate", "frames_reordered", "frames_malformed"] {
        assert_eq!(desk.counter(counter), 0, "{counter}");
    }
    assert_eq!(desk.ways.radio.faults(), Faults::default());
}

#[test]
fn two_cuffs_stream_together_for_a_minute_and_nothing_is_lost() {
    in_the_lab("two_cuffs_stream_together_for_a_minute_and_nothing_is_lost", |remote| {
        let mut tries = 0;
        let (mut desk, before) = loop {
            let before = [1, 2].map(|cuff| remote.tell("stop", cuff, ""));
            let mut desk = Desk::with(&names(2));
            desk.within(150, "a minute of both", |desk| desk.samples(1) >= 6000 && desk.samples(2) >= 6000);
            // A machine so busy that nothing moves for two seconds shows nothing of a link: once or twice more.
            tries += 1;
            if desk.counter("stalls") == 0 || tries == 3 {
                break (desk, before);
            }
            desk.close();
        };
        nothing_was_lost(&desk);
        assert_eq!((desk.counter("reconnects"), desk.counter("stalls")), (0, 0));
        for cuff in [1, 2] {
            in_place(&desk.blocks(cuff));
        }
        for (way, serial) in desk.ways.iter().zip(["a1b2c3d4", "a1b2c3d5"]) {
            let card = way.card.as_ref().unwrap();
            assert_eq!(
                (card.serial.as_str(), card.firmware.as_str(), card.mass_g),
                (serial, "foreign 2.0.1", Some(1500))
            );
            assert_eq!(way.battery_percent, Some(87));
            assert_eq!(way.config.as_ref().map(|config| config.rate_hz), Some(100.0));
        }
        desk.close();
        for (cuff, before) in [1, 2].into_iter().zip(before) {
            let after = remote.look(cuff);
            assert!(!after.connected);
            assert_eq!((after.connections - before.connections, after.subscribed - before.subscribed), (1, 1));
            // Ten samples a frame at 100 Hz, as much as a tenth of a second holds; stopped before the link was closed.
            assert_eq!(after.commands[before.commands.len()..], ["0100e80310d0070a", "020100", "030100"]);
            // From the first one on, as nothing is missing after it; what was under way when the stream was stopped is let go.
            assert_eq!(desk.blocks(cuff)[0].first_index, 0);
            assert!(desk.samples(cuff) as u64 <= 10 * (after.sent - before.sent));
            assert_eq!(after.lost, before.lost);
        }
    });
}

#[test]
fn what_is_lost_in_the_air_is_counted_and_nothing_else_is() {
    in_the_lab("what_is_lost_in_the_air_is_counted_and_nothing_else_is", |remote| {
        let mut desk = Desk::with(&names(2));
        desk.until("both stream", |desk| desk.samples(1) >= 100 && desk.samples(2) >= 100);
        remote.tell("lose", 1, "7");
        let (one, two) = (desk.samples(1), desk.samples(2));
        desk.until("more of both", |desk| desk.samples(1) >= one + 200 && desk.samples(2) >= two + 200);
        assert_eq!(desk.counter("samples_missing"), 70);
        for cuff in [1, 2] {
            in_place(&desk.blocks(cuff));
        }
    });
}

/// As [`in_place`], of a cuff that was away for a short while and ran on meanwhile: it goes on with a number of its own, from
/// which on each sample of that segment lies at its place.
fn in_place_from_any(blocks: &[&SampleBlock]) {
    let (mut first_index, mut first) = (0, 0);
    for block in blocks {
        if block.flags.has(BlockFlags::CONFIG_CHANGED) {
            (first_index, first) = (block.first_index, u64::from(block.counts[0][0].unsigned_abs()));
        }
        for (at, counts) in block.counts.iter().enumerate() {
            assert_eq!(counts[0], mark(block.first_index - first_index + first + at as u64), "at {at} of {block:?}");
        }
    }
}

#[test]
fn a_cuff_that_goes_out_of_range_comes_back_and_the_other_never_notices() {
    in_the_lab("a_cuff_that_goes_out_of_range_comes_back_and_the_other_never_notices", |remote| {
        let mut desk = Desk::with(&names(2));
        desk.until("both stream", |desk| desk.samples(1) >= 100 && desk.samples(2) >= 100);
        let (before, other) = (remote.look(1), remote.look(2));
        for round in 1..=2 {
            remote.tell("drop", 1, "");
            // Out of range: it is not heard either, for a while.
            remote.tell("hide", 1, "");
            desk.until("it is noticed", |desk| desk.state(0) == LinkState::Lost);
            desk.pass(1500);
            remote.tell("show", 1, "");
            let (one, two) = (desk.samples(1), desk.samples(2));
            desk.within(60, "both stream", |desk| desk.samples(1) >= one + 100 && desk.samples(2) >= two + 100);
            assert_eq!(desk.counter("reconnects"), round);
        }
        nothing_was_lost(&desk);
        for cuff in [1, 2] {
            in_place_from_any(&desk.blocks(cuff));
        }
        let after = remote.look(1);
        assert_eq!(after.subscribed - before.subscribed, 2);
        assert_eq!(remote.look(2).connections, other.connections);
    });
}

#[test]
fn what_was_missed_out_of_range_is_fetched_from_a_cuff_that_kept_it() {
    in_the_lab("what_was_missed_out_of_range_is_fetched_from_a_cuff_that_kept_it", |remote| {
        let mut desk = Desk::with(&names(2)[1..]);
        desk.until("a stream", |desk| desk.samples(1) >= 100);
        let before = remote.tell("drop", 2, "");
        remote.tell("hide", 2, "");
        desk.until("it is noticed", |desk| desk.state(0) == LinkState::Lost);
        desk.pass(4000);
        remote.tell("show", 2, "");
        let samples = desk.samples(1);
        desk.within(60, "what was missed, and more", |desk| desk.samples(1) >= samples + 600);
        // One stream, from its first sample on, without a gap: some seconds of it by another way.
        let streams = desk.told.iter().filter(|(_, notice)| matches!(notice, Notice::Stream(_))).count();
        assert_eq!((streams, desk.blocks(1)[0].first_index, desk.counter("reconnects")), (1, 0, 1));
        assert!(desk.counter("samples_filled") >= 400, "{:?}", desk.ways.counters());
        nothing_was_lost(&desk);
        in_place(&desk.blocks(1));
        let fetches = remote.look(2).commands[before.commands.len()..].iter().filter(|c| c.starts_with("13")).count();
        assert!(fetches > 0);
    });
}

#[test]
fn a_start_that_is_refused_is_tried_again() {
    in_the_lab("a_start_that_is_refused_is_tried_again", |remote| {
        let before = remote.tell("refuse", 1, "5");
        let mut desk = Desk::with(&names(1));
        desk.until("a stream", |desk| desk.samples(1) >= 50);
        in_place(&desk.blocks(1));
        let after = remote.look(1);
        let starts = after.commands[before.commands.len()..].iter().filter(|command| *command == "020100").count();
        assert_eq!((starts, after.connections - before.connections), (2, 2));
    });
}

#[test]
fn a_cuff_of_another_stack_keeps_every_clause_of_the_profile_that_its_radio_can_carry() {
    in_the_lab("a_cuff_of_another_stack_keeps_every_clause_of_the_profile_that_its_radio_can_carry", |_| {
        let mut wait = |until: Micros| {
            let left_us = until.since(talus_app::clock::now()).max(0).unsigned_abs();
            std::thread::sleep(Duration::from_micros(left_us));
        };
        let clauses = conformance::of_real(Some("CUF-C3D5"), &mut wait).unwrap().expect("it is heard");
        // Its controller sends no scan response of its own, so that there is no room for service data.
        let others: Vec<_> = clauses.iter().filter(|clause| clause.verdict != Verdict::Pass).collect();
        assert!(clauses.len() > 20 && others.len() == 1 && others[0].id == "A1", "{others:#?}");
        assert_eq!(others[0].seen, "no service data");
    });
}

/// The first thing of this kind that the radio hears.
fn hear(radio: &mut RadioTransport, what: &str, so: impl Fn(&Heard) -> bool) -> Heard {
    let limit = talus_app::clock::now().plus(20_000_000);
    loop {
        let now = talus_app::clock::now();
        assert!(now < limit, "never: {what}");
        match radio.hear(now) {
            Some((_, heard)) if so(&heard) => return heard,
            Some(_) => {}
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

#[test]
fn refusals_of_the_cuff_arrive_as_it_said_them() {
    in_the_lab("refusals_of_the_cuff_arrive_as_it_said_them", |_| {
        let mut radio = radio();
        radio.ask(Micros(0), Ask::Scan { services: vec![] });
        let advert =
            hear(&mut radio, "an advert", |heard| matches!(heard, Heard::Advert(advert) if advert.name == "CUF-C3D4"));
        let Heard::Advert(advert) = advert else { unreachable!() };
        radio.ask(Micros(0), Ask::StopScan);
        radio.ask(Micros(0), Ask::Connect(advert.id.clone()));
        hear(&mut radio, "a link", |heard| matches!(heard, Heard::Connected { .. }));
        let write = |bytes: &[u8]| Ask::Write {
            id: advert.id.clone(),
            characteristic: CONTROL,
            bytes: bytes.to_vec(),
            with_response: true,
        };
        // Before anybody listens for its answers: an ATT error of the profile.
        radio.ask(Micros(0), write(&[0x04]));
        let failed = hear(&mut radio, "an answer", |heard| matches!(heard, Heard::Failed { .. } | Heard::Written(..)));
        assert!(
            matches!(failed, Heard::Failed { characteristic: Some(CONTROL), refusal: Refusal::Att(0xFD), .. }),
            "{failed:?}"
        );
        // A command nobody knows: taken, and refused in the answer.
        radio.ask(Micros(0), Ask::Subscribe(advert.id.clone(), CONTROL));
        hear(&mut radio, "a subscription", |heard| matches!(heard, Heard::Subscribed(..)));
        radio.ask(Micros(0), write(&[0x6E]));
        let answer = hear(&mut radio, "an answer", |heard| matches!(heard, Heard::Notified(..)));
        assert!(matches!(&answer, Heard::Notified(_, CONTROL, bytes) if bytes == &[0x80, 0x6E, 0x02]), "{answer:?}");
    });
}

#[test]
fn a_cuff_that_wants_a_bond_is_bonded_once_and_encrypted_ever_after() {
    in_the_lab("a_cuff_that_wants_a_bond_is_bonded_once_and_encrypted_ever_after", |remote| {
        let before = remote.tell("seal", 2, "on");
        let mut desk = Desk::with(&names(2)[1..]);
        // BlueZ 5.66 pairs by itself, and then now and then repeats the refused subscription before the link takes it: that
        // one is given up after 30 s, and the next connection finds the bond.
        desk.within(80, "a stream", |desk| desk.samples(1) >= 50);
        let bonded = remote.look(2);
        assert!(bonded.encrypted);
        assert_eq!(bonded.bonds - before.bonds, 1);
        let (samples, reconnects) = (desk.samples(1), desk.counter("reconnects"));
        remote.tell("drop", 2, "");
        desk.until("it is noticed", |desk| desk.state(0) == LinkState::Lost);
        desk.within(40, "it streams again", |desk| desk.samples(1) >= samples + 50);
        let again = remote.look(2);
        assert!(again.encrypted);
        assert_eq!((again.bonds, again.connections - bonded.connections), (bonded.bonds, 1));
        assert_eq!(desk.counter("reconnects") - reconnects, 1);
        in_place(&desk.blocks(1));
    });
}

#[test]
fn bluetooth_that_is_switched_off_is_told_and_taken_up_again() {
    in_the_lab("bluetooth_that_is_switched_off_is_told_and_taken_up_again", |_| {
        let mut desk = Desk::with(&names(2));
        desk.until("both stream", |desk| desk.samples(1) >= 50 && desk.samples(2) >= 50);
        assert!(bluetoothctl(&["power", "off"]));
        desk.until("it is told", |desk| desk.state(0) == LinkState::RadioOff && desk.state(1) == LinkState::RadioOff);
        let (one, two) = (desk.samples(1), desk.samples(2));
        assert!(bluetoothctl(&["power", "on"]));
        desk.within(60, "both stream", |desk| desk.samples(1) >= one + 50 && desk.samples(2) >= two + 50);
        for cuff in [1, 2] {
            in_place_from_any(&desk.blocks(cuff));
        }
    });
}
