//! The commands that use Bluetooth, as they are started, against our own BlueZ: see tests/radio at the top of the tree.
#![cfg(all(target_os = "linux", feature = "radio"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, unreachable_pub, missing_docs, dead_code)]

#[path = "../../../tests/radio/bluez.rs"]
mod bluez;
#[path = "../../../tests/radio/cuff.rs"]
mod cuff;

use bluez::{Bus, Connecting, Room};
use cuff::Cuff;
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A home, a bus and a room with a cuff for each leg.
struct Place {
    home: TempDir,
    room: Room,
    bus: Bus,
}

impl Place {
    /// `None`, said aloud, where there is no bus.
    fn new(test: &str) -> Option<Self> {
        let Some(bus) = Bus::start() else {
            let line = format!("SKIPPED {test}: dbus-daemon is not installed; ./test --setup installs it\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
            return None;
        };
        let cuffs = vec![Cuff::new(0xA1B2_C3D4, 1), Cuff::new(0xA1B2_C3D5, 2)];
        Some(Self { home: tempfile::tempdir().unwrap(), room: Room::open(&bus.address, cuffs), bus })
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let home = self.home.path();
        Command::new(env!("CARGO_BIN_EXE_talus"))
            .args(arguments)
            .current_dir(home)
            .env_clear()
            .envs([("HOME", home), ("XDG_DATA_HOME", home)])
            .envs([("TZ", "UTC"), ("LANG", "C.UTF-8"), ("COLUMNS", "100")])
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.bus.address)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn told(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.told(arguments)).unwrap()
    }

    /// Nothing is left connected, and what streamed was stopped before.
    fn is_left_tidy(&self) {
        let state = self.room.now();
        assert!(!state.connected(0) && !state.connected(1));
        let stops = state.log.iter().filter(|line| *line == "write 0014 03 01 00").count();
        let starts = state.log.iter().filter(|line| *line == "write 0014 02 01 00").count();
        assert_eq!(stops, starts, "{:?}", state.log);
    }
}

#[test]
fn a_cuff_is_listed_paired_by_its_name_kept_renamed_and_forgotten() {
    let Some(place) = Place::new("a_cuff_is_listed_paired_by_its_name_kept_renamed_and_forgotten") else { return };
    let listed = place.told(&["pair", "--seconds", "1"]);
    assert!(listed.contains("CUF-C3D4, ● L, 1.5 kg") && listed.contains("CUF-C3D5, ◆ R, 1.5 kg"), "{listed}");

    let paired = place.json(&["pair", "--cuff", "cuf-c3d4", "--weight", "1.25", "--json"]);
    assert_eq!((&paired["talus"], &paired["name"]), (&"paired/1".into(), &"CUF-C3D4".into()));
    assert_eq!((&paired["side"], &paired["mass_g"]), (&"left".into(), &1250.into()));
    assert_eq!((&paired["battery_percent"], &paired["firmware"]), (&87.into(), &"2.0.1".into()));
    place.is_left_tidy();

    place.told(&["cuffs", "rename", "CUF-C3D4", "Anna left"]);
    let cuffs = place.json(&["cuffs", "--json"]);
    assert_eq!(cuffs["cuffs"].as_array().unwrap().len(), 1);
    assert_eq!((&cuffs["cuffs"][0]["name"], &cuffs["cuffs"][0]["serial"]), (&"Anna left".into(), &"a1b2c3d4".into()));
    // By the name it was given, and still one cuff.
    let again = place.json(&["pair", "--cuff", "anna left", "--side", "right", "--json"]);
    assert_eq!((&again["name"], &again["side"]), (&"Anna left".into(), &"right".into()));
    assert!(place.told(&["cuffs"]).starts_with("Anna left, ◆ R, 1.5 kg"));

    place.told(&["cuffs", "forget", "Anna left"]);
    assert!(place.told(&["cuffs"]).starts_with("No cuff is paired yet"));
    assert_eq!(place.run(&["cuffs", "forget", "Anna left"]).status.code(), Some(2));
}

#[test]
fn a_cuff_is_paired_by_shaking_it() {
    let Some(place) = Place::new("a_cuff_is_paired_by_shaking_it") else { return };
    place.room.now().devices[1].cuff.shaken = true;
    let paired = place.json(&["pair", "--shake", "--json"]);
    assert_eq!((&paired["name"], &paired["side"]), (&"CUF-C3D5".into(), &"right".into()));
    assert_eq!(place.room.now().devices[1].cuff.shown, 1);
    place.is_left_tidy();
}

#[test]
fn a_cuff_that_is_not_there_or_bluetooth_that_is_off_is_an_error_with_advice() {
    let Some(place) = Place::new("a_cuff_that_is_not_there_or_bluetooth_that_is_off_is_an_error_with_advice") else {
        return;
    };
    let output = place.run(&["pair", "--cuff", "CUF-0000", "--seconds", "1"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("find the cuff CUF-0000 nearby"), "{said}");
    place.room.now().power(false);
    let output = place.run(&["stream"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("Bluetooth off"), "{said}");
    assert!(!place.room.now().log.iter().any(|line| line == "switch on"));
}

#[test]
fn what_keeps_a_cuff_from_streaming_is_said_with_what_to_do_about_it() {
    let Some(place) = Place::new("what_keeps_a_cuff_from_streaming_is_said_with_what_to_do_about_it") else { return };
    let refused = |name: &str| {
        let output = place.run(&["pair", "--cuff", name, "--seconds", "40"]);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    place.room.now().devices[0].cuff.version = 2;
    let said = refused("CUF-C3D4");
    assert!(said.contains("firmware too old\nUpdate the firmware"), "{said}");
    place.room.now().devices[0].connecting = Connecting::Refused;
    let said = refused("CUF-C3D4");
    assert!(said.contains("busy with another phone\nA cuff talks to one device"), "{said}");
    place.room.now().devices[1].cuff.bond_lost = true;
    let said = refused("CUF-C3D5");
    assert!(said.contains("pair again\nRemove the cuff"), "{said}");
    assert_eq!(place.told(&["cuffs"]).lines().count(), 1, "nothing was paired");
}

#[test]
fn a_stream_tells_each_second_and_a_report_counts_what_was_lost() {
    let Some(place) = Place::new("a_stream_tells_each_second_and_a_report_counts_what_was_lost") else { return };
    let lines = place.told(&["stream", "--cuff", "CUF-C3D4", "--seconds", "3", "--json"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    let last = &lines[2];
    assert_eq!((&last["state"], &last["lost_share"]), (&"streaming".into(), &0.0.into()));
    let rate_hz = last["rate_hz"].as_f64().unwrap();
    assert!((rate_hz / 100.0 - 1.0).abs() < 0.1, "{rate_hz}");
    // It lies on its back: its third axis points up.
    assert!(last["up"][2].as_f64().unwrap() > 0.9, "{last}");

    {
        let cuff = &mut place.room.now().devices[1].cuff;
        (cuff.lose, cuff.lose_from) = (2, 50);
    }
    let report = place.json(&["diagnostics", "--seconds", "3"]);
    assert_eq!((&report["radio"]["dropped"], &report["radio"]["panics"]), (&0.into(), &0.into()));
    let streams = report["streams"].as_array().unwrap();
    assert_eq!(streams.len(), 2);
    // The nearer one first.
    let missing: Vec<_> = streams.iter().map(|stream| stream["samples_missing"].as_u64().unwrap()).collect();
    assert_eq!(missing, [0, 20]);
    assert_eq!((&streams[0]["gaps"], &streams[1]["gaps"]), (&0.into(), &1.into()));
    assert!(streams.iter().all(|stream| stream["samples_received"].as_u64().unwrap() > 100), "{report}");
    assert!(!report.to_string().contains("CUF-") && !report.to_string().contains("C0:FF"), "{report}");
    place.is_left_tidy();
}
