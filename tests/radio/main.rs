//! The real adapter (btleplug, bluez-async, libdbus, a real bus) against our own BlueZ, with the app's links over it.
//!
//! Each test is a process of its own with a bus of its own: libdbus reads the address of the system's bus once. A test
//! starts the bus, then itself again with that address.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]
#![allow(unreachable_pub, missing_docs)]

mod bluez;
mod cuff;
mod desk;

use bluez::{Bus, Connecting, Room};
use cuff::Cuff;
use desk::{Desk, in_place, radio};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use talus_cuff::transport::radio::{RadioError, RadioTransport};
use talus_cuff::transport::{Ask, Faults, Heard, RadioState, Transport};
use talus_motion::{CuffId, LinkState, Micros};

/// Set in the process that does the test.
const BUS: &str = "DBUS_SYSTEM_BUS_ADDRESS";

/// Runs `test` with a room of these cuffs as the system's Bluetooth.
fn in_a_room(name: &str, cuffs: Vec<Cuff>, test: impl FnOnce(&Room)) {
    if std::env::var("TALUS_RADIO_TEST").as_deref() == Ok(name) {
        // A test that hangs is one that failed, not one that is waited for.
        std::thread::spawn(|| {
            std::thread::sleep(Duration::from_secs(60));
            std::process::exit(101);
        });
        return test(&Room::open(&std::env::var(BUS).unwrap(), cuffs));
    }
    let Some(bus) = Bus::start() else {
        let _ = std::io::stderr().write_all(
            format!("SKIPPED {name}: dbus-daemon is not installed; ./test --setup installs it\n").as_bytes(),
        );
        return;
    };
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env("TALUS_RADIO_TEST", name)
        .env(BUS, &bus.address)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

fn one() -> Vec<Cuff> {
    vec![Cuff::new(0xA1B2_C3D4, 1)]
}

fn two() -> Vec<Cuff> {
    vec![Cuff::new(0xA1B2_C3D4, 1), Cuff::new(0xA1B2_C3D5, 2)]
}

/// A desk that found all cuffs of the room and chose them.
fn with_all(room: &Room) -> Desk {
    let names: Vec<_> = room.now().devices.iter().map(|device| device.cuff.name.clone()).collect();
    Desk::with(&names)
}

fn lines(log: &[String], word: &str) -> usize {
    log.iter().filter(|line| line.starts_with(word)).count()
}

#[test]
fn a_cuff_is_found_connected_and_streamed_sample_for_sample() {
    in_a_room("a_cuff_is_found_connected_and_streamed_sample_for_sample", one(), |room| {
        let mut desk = with_all(room);
        let near = desk.ways.nearby();
        assert_eq!((near[0].sighting.name.as_str(), near[0].sighting.battery_percent), ("CUF-C3D4", Some(87)));
        assert_eq!((near[0].sighting.side, near[0].sighting.mass_g), (Some(talus_motion::Side::Left), Some(1500)));
        desk.until("150 samples", |desk| desk.samples(1) >= 150);

        assert_eq!(desk.states(), [LinkState::Connecting, LinkState::Preparing, LinkState::Streaming]);
        in_place(&desk.blocks(1));
        let way = desk.ways.iter().next().unwrap();
        let card = way.card.as_ref().unwrap();
        assert_eq!((card.serial.as_str(), card.firmware.as_str(), card.mass_g), ("a1b2c3d4", "2.0.1", Some(1500)));
        assert_eq!(way.battery_percent, Some(87));
        let config = way.config.as_ref().unwrap();
        assert_eq!(config.rate_hz, 100.0);
        assert!((config.acc_mps2_per_count - 9.80665 / 2048.0).abs() < 1e-9);
        for counter in ["samples_missing", "frames_duplicate", "frames_reordered", "frames_malformed", "reconnects"] {
            assert_eq!(desk.counter(counter), 0, "{counter}");
        }
        assert_eq!(desk.ways.radio.faults(), Faults::default());
        // The order of the profile; the radio that is on is not switched on.
        assert_eq!(
            room.now().log,
            [
                "scan",
                "stop scan",
                "connect 1",
                "read 0011",
                "read 0012",
                "read 2a26",
                "read 2a19",
                "subscribe 0014",
                "subscribe 0013",
                "subscribe 2a19",
                "write 0014 01 00 e8 03 10 d0 07 0a",
                "write 0014 02 01 00",
            ]
        );
    });
}

#[test]
fn a_panic_beneath_the_radio_is_counted_and_everything_comes_back() {
    in_a_room("a_panic_beneath_the_radio_is_counted_and_everything_comes_back", one(), |room| {
        // The one thing of ours that the library's threads call is the clock.
        let broken = Arc::new(AtomicBool::new(false));
        let breaks = broken.clone();
        let now = move || {
            let beneath = std::thread::current().name() == Some("talus-radio");
            assert!(!(beneath && breaks.swap(false, Ordering::AcqRel)), "as the platform's library might");
            talus_app::clock::now()
        };
        let mut desk = Desk::over(RadioTransport::open(Arc::new(now)).unwrap());
        let panics = |desk: &Desk| desk.ways.radio.faults().panics;
        desk.ways.scan();
        desk.until("a cuff is seen", |desk| !desk.ways.nearby().is_empty());
        // In what listens to the adapter: it is told as missing, found anew, and what was looked for is looked for again.
        broken.store(true, Ordering::Release);
        desk.until("the radio is gone", |desk| desk.ways.radio_state() == Some(RadioState::Missing));
        desk.until("the radio is back", |desk| desk.ways.radio_state() == Some(RadioState::On));
        desk.until("it looks again", |_| lines(&room.now().log, "scan") == 2);
        assert_eq!(panics(&desk), 1);
        let mut desk = desk.choosing(&["CUF-C3D4".into()]);
        desk.until("a stream", |desk| desk.samples(1) >= 50);
        // In what listens to a cuff: its link is taken up again.
        broken.store(true, Ordering::Release);
        desk.until("a panic", |desk| panics(desk) == 2);
        let before = desk.samples(1);
        desk.until("a stream again", |desk| desk.samples(1) >= before + 50);
        assert_eq!((desk.state(0), desk.counter("reconnects")), (LinkState::Streaming, 1));
    });
}

#[test]
fn a_stream_is_stopped_before_its_link_is_closed() {
    in_a_room("a_stream_is_stopped_before_its_link_is_closed", one(), |room| {
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) > 0);
        desk.close();
        let log = room.now().log.clone();
        assert_eq!(log[log.len() - 2..], ["write 0014 03 01 00", "disconnect 1"]);
        assert!(!room.now().connected(0));
    });
}

#[test]
fn frames_lost_on_the_way_are_counted_and_the_rest_stay_in_place() {
    in_a_room("frames_lost_on_the_way_are_counted_and_the_rest_stay_in_place", one(), |room| {
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) >= 30);
        room.now().devices[0].cuff.lose = 3;
        desk.until("more of it", |desk| desk.samples(1) >= 80);
        assert_eq!(desk.counter("samples_missing"), 30);
        in_place(&desk.blocks(1));
    });
}

#[test]
fn a_link_that_falls_comes_back_with_subscriptions_and_settings() {
    in_a_room("a_link_that_falls_comes_back_with_subscriptions_and_settings", one(), |room| {
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) >= 30);
        room.now().link_down(0);
        desk.until("it is noticed", |desk| desk.state(0) == LinkState::Lost);
        let before = desk.samples(1);
        desk.until("it streams again", |desk| desk.samples(1) >= before + 30);
        assert_eq!(desk.counter("reconnects"), 1);
        in_place(&desk.blocks(1));
        let log = &room.now().log;
        for word in ["connect 1", "subscribe 0013", "subscribe 0014", "write 0014 01", "write 0014 02"] {
            assert_eq!(lines(log, word), 2, "{word}: {log:?}");
        }
    });
}

#[test]
fn bluetooth_switched_off_is_told_left_off_and_taken_up_again() {
    in_a_room("bluetooth_switched_off_is_told_left_off_and_taken_up_again", one(), |room| {
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) >= 10);
        room.now().power(false);
        desk.until("it is told", |desk| desk.state(0) == LinkState::RadioOff);
        // Somebody who looks for cuffs does not switch on what somebody switched off.
        desk.ways.scan();
        desk.pass(300);
        assert_eq!(lines(&room.now().log, "switch on"), 0);
        assert_eq!(desk.state(0), LinkState::RadioOff);
        let (before, scans) = (desk.samples(1), lines(&room.now().log, "scan"));
        room.now().power(true);
        desk.until("it streams again", |desk| desk.samples(1) >= before + 10);
        // And what was looked for meanwhile is looked for now.
        assert_eq!(lines(&room.now().log, "scan"), scans + 1);
    });
}

#[test]
fn a_machine_without_an_adapter_says_so() {
    in_a_room("a_machine_without_an_adapter_says_so", vec![], |room| {
        room.now().adapter = false;
        let error = RadioTransport::open(Arc::new(talus_app::clock::now)).err();
        assert_eq!(error, Some(RadioError::NoAdapter));
        // It is plugged in: no restart needed.
        room.now().adapter = true;
        assert!(RadioTransport::open(Arc::new(talus_app::clock::now)).is_ok());
    });
}

#[test]
fn an_adapter_that_is_off_is_told_and_found_on_later() {
    in_a_room("an_adapter_that_is_off_is_told_and_found_on_later", one(), |room| {
        room.now().power(false);
        let mut radio = radio();
        radio.ask(Micros(0), Ask::Scan { services: talus_cuff::driver::Family::services() });
        let mut heard = Vec::new();
        let listen = |radio: &mut RadioTransport, heard: &mut Vec<Heard>, ms: i64| {
            let end = talus_app::clock::now().plus(ms * 1000);
            while talus_app::clock::now() < end {
                heard.extend(std::iter::from_fn(|| radio.hear(talus_app::clock::now())).map(|(_, heard)| heard));
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        listen(&mut radio, &mut heard, 300);
        assert!(heard.contains(&Heard::Radio(RadioState::Off)), "{heard:?}");
        assert!(!heard.contains(&Heard::Radio(RadioState::On)), "{heard:?}");
        assert_eq!(room.now().log, Vec::<String>::new());
        room.now().power(true);
        listen(&mut radio, &mut heard, 600);
        assert!(heard.contains(&Heard::Radio(RadioState::On)));
        assert!(heard.iter().any(|heard| matches!(heard, Heard::Advert(advert) if advert.name == "CUF-C3D4")));
    });
}

#[test]
fn a_bluetooth_service_that_goes_and_comes_back_is_noticed_without_a_word_from_it() {
    const NAME: &str = "a_bluetooth_service_that_goes_and_comes_back_is_noticed_without_a_word_from_it";
    in_a_room(NAME, one(), |room| {
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) >= 10);
        room.now().adapter = false;
        desk.until("it is noticed", |desk| desk.state(0) == LinkState::RadioOff);
        room.now().link_down(0);
        let before = desk.samples(1);
        room.now().adapter = true;
        desk.until("it streams again", |desk| desk.samples(1) >= before + 10);
    });
}

#[test]
fn two_cuffs_are_connected_one_after_the_other_and_stream_together() {
    in_a_room("two_cuffs_are_connected_one_after_the_other_and_stream_together", two(), |room| {
        for device in &mut room.now().devices {
            device.takes = Duration::from_millis(400);
        }
        let mut desk = with_all(room);
        desk.until("both stream", |desk| desk.samples(1) >= 100 && desk.samples(2) >= 100);
        // The room refuses a second connection while one is being made.
        assert!(!desk.states().contains(&LinkState::Searching), "{:?}", desk.states());
        assert_eq!(desk.counter("samples_missing"), 0);
        for cuff in [1, 2] {
            in_place(&desk.blocks(cuff));
        }
        // One that falls does not disturb the other.
        let (other, before) = (desk.samples(1), desk.samples(2));
        room.now().link_down(1);
        desk.until("both stream again", |desk| desk.samples(2) >= before + 50 && desk.samples(1) >= other + 50);
        assert_eq!((desk.counter("reconnects"), desk.counter("samples_missing")), (1, 0));
        assert_eq!(lines(&room.now().log, "connect 1"), 1);
    });
}

#[test]
fn a_connection_that_fails_is_ended_before_the_next_is_tried() {
    in_a_room("a_connection_that_fails_is_ended_before_the_next_is_tried", one(), |room| {
        room.now().devices[0].connecting = Connecting::Refused;
        let mut desk = with_all(room);
        desk.until("two attempts", |_| lines(&room.now().log, "disconnect 1") >= 2);
        assert_eq!(desk.state(0), LinkState::Searching);
        room.now().devices[0].connecting = Connecting::Works;
        desk.until("a stream", |desk| desk.samples(1) >= 10);
        let log = room.now().log.clone();
        let links: Vec<_> = log.iter().filter(|line| line.contains("connect")).map(String::as_str).collect();
        assert_eq!(links[..4], ["connect 1", "disconnect 1", "connect 1", "disconnect 1"], "{log:?}");
    });
}

#[test]
fn a_connection_that_comes_about_when_nobody_waits_any_more_is_ended() {
    in_a_room("a_connection_that_comes_about_when_nobody_waits_any_more_is_ended", one(), |room| {
        for device in &mut room.now().devices {
            (device.stubborn, device.takes) = (true, Duration::from_secs(2));
        }
        let mut desk = with_all(room);
        desk.until("it is being made", |_| lines(&room.now().log, "connect 1") == 1);
        desk.close();
        assert!(!room.now().connected(0));
        // Asked to call it off, and once more when it is there.
        desk.until("it is ended", |_| lines(&room.now().log, "disconnect 1") == 2);
        desk.until("it is down", |_| !room.now().connected(0));
        assert_eq!(desk.samples(1), 0);
    });
}

#[test]
fn a_scan_that_falls_silent_is_begun_anew() {
    in_a_room("a_scan_that_falls_silent_is_begun_anew", one(), |room| {
        let mut desk = Desk::open();
        desk.ways.scan();
        desk.until("it is seen", |desk| desk.ways.nearby().len() == 1);
        desk.pass(3000);
        assert_eq!(lines(&room.now().log, "scan"), 1, "a scan that hears something is left alone");
        room.now().devices[0].silent = true;
        desk.until("another scan", |_| lines(&room.now().log, "scan") == 2);
        desk.until("it is seen", |desk| desk.ways.nearby().len() == 1);
    });
}

#[test]
fn a_refused_start_is_told_and_tried_again() {
    in_a_room("a_refused_start_is_told_and_tried_again", one(), |room| {
        // Wrong state.
        room.now().devices[0].cuff.refuse_start = Some(5);
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) >= 10);
        assert_eq!(lines(&room.now().log, "write 0014 02 01 00"), 2);
        assert_eq!(lines(&room.now().log, "disconnect 1"), 1);
        in_place(&desk.blocks(1));
    });
}

#[test]
fn a_cuff_that_forgot_its_bond_is_told_and_streams_once_it_is_paired_again() {
    in_a_room("a_cuff_that_forgot_its_bond_is_told_and_streams_once_it_is_paired_again", one(), |room| {
        room.now().devices[0].cuff.bond_lost = true;
        let mut desk = with_all(room);
        desk.until("it is told", |desk| desk.state(0) == LinkState::BondLost);
        assert_eq!(lines(&room.now().log, "subscribe 0013"), 3);
        // It goes on trying, and says the same until it streams.
        desk.until("another try", |_| lines(&room.now().log, "subscribe 0013") == 4);
        assert_eq!(desk.state(0), LinkState::BondLost);
        room.now().devices[0].cuff.bond_lost = false;
        desk.until("a stream", |desk| desk.samples(1) >= 10);
        assert_eq!(desk.state(0), LinkState::Streaming);
        in_place(&desk.blocks(1));
    });
}

#[test]
fn a_cuff_shows_itself_when_asked() {
    in_a_room("a_cuff_shows_itself_when_asked", one(), |room| {
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) >= 10);
        desk.ways.identify(CuffId([1; 16]));
        desk.until("it shows itself", |_| room.now().devices[0].cuff.shown == 1);
        // Light and buzz, three seconds.
        assert_eq!(lines(&room.now().log, "write 0014 05 03 03"), 1);
    });
}

#[test]
fn the_adapter_is_opened_once_and_links_end_with_their_radio() {
    in_a_room("the_adapter_is_opened_once_and_links_end_with_their_radio", one(), |room| {
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) >= 10);
        drop(desk);
        assert!(!room.now().connected(0), "a link outlived its radio");
        let mut desk = with_all(room);
        desk.until("a stream", |desk| desk.samples(1) >= 10);
        assert_eq!(room.now().clients.len(), 1);
    });
}
