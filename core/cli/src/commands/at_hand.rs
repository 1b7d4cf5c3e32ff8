//! What `pair`, `stream` and `diagnostics` share: cuffs around, by Bluetooth or simulated, and waiting for them.

use crate::app;
use crate::args::Common;
use crate::domain::{CuffId, LinkState, NearbyLine};
use crate::failure::Failure;
use crate::play::Wall;
use crate::stop::Stop;
use crate::words::Words;
use talus_app::Talus;
use talus_app::cuffs::Cuffs;

/// The seed of simulated cuffs.
const SEED: u64 = 1;
/// How long a link may take to close, microseconds.
const CLOSE_US: i64 = 3_000_000;

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waited {
    /// What was waited for is so.
    So,
    /// Time is up.
    Late,
    /// Somebody asked to stop, or reads no more.
    Stopped,
}

/// Cuffs around, and the wall clock.
pub(crate) struct AtHand {
    pub(crate) cuffs: Cuffs,
    pub(crate) stop: Stop,
    pub(crate) wall: Wall,
}

impl AtHand {
    /// Starts looking.
    pub(crate) fn look(common: &Common, demo: bool) -> Result<Self, Failure> {
        let talus = app::open(common, demo)?;
        let cuffs = if demo { Cuffs::simulated(&talus, SEED) } else { around(&talus)? };
        Ok(Self { cuffs, stop: Stop::listen(), wall: Wall::new(talus_app::clock::now) })
    }

    /// Lets time pass until `so`, at most `us` microseconds.
    pub(crate) fn until(
        &mut self,
        us: i64,
        mut so: impl FnMut(&mut Cuffs) -> Result<bool, Failure>,
    ) -> Result<Waited, Failure> {
        let end = self.wall.now().plus(us);
        loop {
            self.cuffs.go_on()?;
            if so(&mut self.cuffs)? {
                return Ok(Waited::So);
            }
            if self.stop.asked() {
                return Ok(Waited::Stopped);
            }
            if let Some(state) = self.cuffs.hindered() {
                return Err(held_up("look for cuffs", "es lassen sich keine Manschetten suchen", state));
            }
            let now = self.wall.now();
            if now >= end {
                return Ok(Waited::Late);
            }
            // Frames come every tenth of a second; more often than this nothing is seen.
            self.wall.wait(end.min(now.plus(20_000)));
        }
    }

    /// Connects the cuff of this name, or the nearest after everything nearby had time to be seen.
    pub(crate) fn open(&mut self, name: Option<&str>, us: i64) -> Result<CuffId, Failure> {
        if name.is_none() {
            self.until(us.min(2_000_000), |_| Ok(false))?;
        }
        let mut opened = None;
        self.until(us, |cuffs| {
            opened = cuffs.open(name)?;
            Ok(opened.is_some())
        })?;
        opened.ok_or_else(|| {
            let what = name.map_or("find a cuff nearby".to_owned(), |name| format!("find the cuff {name} nearby"));
            Failure::new(what, "Is the cuff awake? Press its button. Is it charged? Is another phone using it?")
        })
    }

    /// Stops every stream and closes every link.
    pub(crate) fn close(&mut self) -> Result<(), Failure> {
        self.cuffs.close();
        let end = self.wall.now().plus(CLOSE_US);
        while !self.cuffs.closed() && self.wall.now() < end {
            self.cuffs.go_on()?;
            self.wall.wait(self.wall.now().plus(10_000));
        }
        Ok(())
    }

    /// The exit code after a stop.
    pub(crate) fn code(&self) -> u8 {
        if self.stop.asked() { self.stop.code() } else { 0 }
    }
}

#[cfg(feature = "radio")]
pub(crate) fn around(talus: &Talus) -> Result<Cuffs, Failure> {
    Ok(Cuffs::around(talus)?)
}

#[cfg(not(feature = "radio"))]
pub(crate) fn around(_: &Talus) -> Result<Cuffs, Failure> {
    Err(Failure::new(
        "look for cuffs: this talus was built without Bluetooth",
        "Build it with the feature radio. The demo and replays work without it.",
    ))
}

/// Keeps everything seen at any time, as it was heard last; gives what is new.
pub(crate) fn remember(seen: &mut Vec<NearbyLine>, now: Vec<NearbyLine>) -> Vec<NearbyLine> {
    let mut new = Vec::new();
    for line in now {
        if let Some(old) = seen.iter_mut().find(|old| old.name == line.name && old.side == line.side) {
            *old = line;
        } else {
            seen.push(line.clone());
            new.push(line);
        }
    }
    new
}

/// What could not be done because of how the way to a cuff is, and what to do about that.
pub(crate) fn held_up(what: &str, german: &str, state: LinkState) -> Failure {
    let (advice, rat) = match state {
        LinkState::RadioOff | LinkState::NotAllowed => (
            "Switch Bluetooth on and allow it for this terminal. The demo and replays work without it.",
            "Schalte Bluetooth ein und erlaube es für dieses Terminal. Demo und Wiedergabe gehen ohne.",
        ),
        LinkState::InUseElsewhere => (
            "A cuff talks to one device at a time: close the app that uses it, or switch Bluetooth off there.",
            "Eine Manschette spricht mit einem Gerät: schließ die App, die sie benutzt, oder schalte dort Bluetooth aus.",
        ),
        LinkState::BondLost => (
            "Remove the cuff from this computer's list of Bluetooth devices, press its button, and try again.",
            "Entferne die Manschette aus der Liste der Bluetooth-Geräte, drücke ihren Knopf und versuch es noch einmal.",
        ),
        LinkState::NotFound => (
            "Is the cuff awake? Press its button. Is it charged, and close to you?",
            "Ist die Manschette wach? Drücke ihren Knopf. Ist sie geladen und in der Nähe?",
        ),
        LinkState::BatteryLow => {
            ("Charge the cuff, then try again.", "Lade die Manschette und versuch es dann noch einmal.")
        }
        LinkState::FirmwareTooOld => (
            "Update the firmware with the app of its maker.",
            "Bring die Firmware mit der App des Herstellers auf den neuesten Stand.",
        ),
        _ => (
            "Bring it closer, check its charge, and try again.",
            "Bring sie näher, sieh nach dem Akku und versuch es noch einmal.",
        ),
    };
    let said = |language| Words::of(language).link(state);
    Failure::new(format!("{what}: {}", said("en")), advice).german(format!("{german}: {}", said("de")), rat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_cuff_up_is_said_with_what_to_do_about_it() {
        let states = [
            LinkState::RadioOff,
            LinkState::Searching,
            LinkState::InUseElsewhere,
            LinkState::BondLost,
            LinkState::FirmwareTooOld,
            LinkState::NotFound,
            LinkState::BatteryLow,
        ];
        let mut advice: Vec<_> = states.map(|state| held_up("pair", "es geht nicht", state)).into();
        assert_eq!(advice[2].what, "pair: busy with another phone");
        assert_eq!(advice[3].in_german.as_ref().unwrap()[0], "es geht nicht: neu koppeln");
        advice.sort_by(|a, b| a.advice.cmp(&b.advice));
        advice.dedup_by(|a, b| a.advice == b.advice || a.in_german == b.in_german);
        assert_eq!(advice.len(), states.len());
    }
}
