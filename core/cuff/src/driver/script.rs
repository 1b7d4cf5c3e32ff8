//! A conversation that goes from step to step: what nearly every family needs, written once.
//!
//! [`Script`] first reads the standard facts a device offers (firmware, hardware, serial number, battery), then does
//! the steps its family has put behind them. A family may put in more as answers come.

use super::standard::{self, BATTERY_LEVEL, FIRMWARE_REVISION, HARDWARE_REVISION, SERIAL_NUMBER};
use super::{Family, Op, Peer, TalkError};
use crate::link::CuffCard;
use crate::transport::Refusal;
use std::collections::VecDeque;
use uuid::Uuid;

/// What the standard services tell.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) firmware: String,
    pub(super) hardware: String,
    pub(super) serial: String,
    pub(super) battery_percent: Option<u8>,
}

/// What a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For<T> {
    Firmware,
    Hardware,
    Serial,
    Battery,
    BatteryNews,
    Family(T),
}

#[derive(Debug, Clone)]
struct Step<T> {
    what: For<T>,
    op: Op,
    optional: bool,
}

/// A conversation, and how far it is. `T` names the family's own steps.
#[derive(Debug)]
pub(super) struct Script<T> {
    steps: VecDeque<Step<T>>,
    pub(super) facts: Facts,
    characteristics: Vec<Uuid>,
}

impl<T: Copy> Script<T> {
    /// A script of nothing: before the first connection.
    pub(super) fn empty() -> Self {
        Self { steps: VecDeque::new(), facts: Facts::default(), characteristics: Vec::new() }
    }

    /// The standard facts this device offers.
    pub(super) fn begin(peer: &Peer<'_>) -> Self {
        let mut script = Self::empty();
        // An attribute table larger than this is not a cuff's.
        script.characteristics = peer.characteristics.iter().take(256).copied().collect();
        for (what, op) in [
            (For::Firmware, Op::Read(FIRMWARE_REVISION)),
            (For::Hardware, Op::Read(HARDWARE_REVISION)),
            (For::Serial, Op::Read(SERIAL_NUMBER)),
            (For::Battery, Op::Read(BATTERY_LEVEL)),
            (For::BatteryNews, Op::Subscribe(BATTERY_LEVEL)),
        ] {
            if op.characteristic().is_some_and(|uuid| script.offers(uuid)) {
                script.steps.push_back(Step { what, op, optional: true });
            }
        }
        script
    }

    /// Whether the device has this characteristic.
    pub(super) fn offers(&self, uuid: Uuid) -> bool {
        self.characteristics.contains(&uuid)
    }

    /// One more step at the end.
    pub(super) fn then(&mut self, what: T, op: Op) {
        self.steps.push_back(Step { what: For::Family(what), op, optional: false });
    }

    /// One more step that may be refused without harm, where the device has its characteristic.
    pub(super) fn then_try(&mut self, what: T, op: Op) {
        if op.characteristic().is_none_or(|uuid| self.offers(uuid)) {
            self.steps.push_back(Step { what: For::Family(what), op, optional: true });
        }
    }

    /// The operation to do now.
    pub(super) fn next(&self) -> Option<Op> {
        self.steps.front().map(|step| step.op.clone())
    }

    /// The family's own step under way.
    pub(super) fn step(&self) -> Option<T> {
        match self.steps.front()?.what {
            For::Family(what) => Some(what),
            _ => None,
        }
    }

    /// Steps that are not done yet.
    pub(super) fn remaining(&self) -> usize {
        self.steps.len()
    }

    /// Whether everything is done.
    pub(super) fn over(&self) -> bool {
        self.steps.is_empty()
    }

    /// The operation under way is done; gives the family's own step it was.
    pub(super) fn done(&mut self, bytes: &[u8]) -> Option<T> {
        let facts = &mut self.facts;
        match self.steps.pop_front()?.what {
            For::Firmware => facts.firmware = standard::text(bytes),
            For::Hardware => facts.hardware = standard::text(bytes),
            For::Serial => facts.serial = standard::text(bytes),
            For::Battery => facts.battery_percent = standard::battery(bytes).ok(),
            For::BatteryNews => {}
            For::Family(what) => return Some(what),
        }
        None
    }

    /// The operation under way was refused.
    pub(super) fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError> {
        match self.steps.pop_front() {
            Some(step) if !step.optional => Err(TalkError::of(refusal)),
            _ => Ok(()),
        }
    }

    /// The device under this number, once the standard facts are read.
    pub(super) fn card(&self, family: Family, serial: &str) -> Option<CuffCard> {
        let reading = self.steps.iter().any(|step| !matches!(step.what, For::Family(_)));
        (!reading && !serial.is_empty()).then(|| CuffCard {
            family,
            serial: serial.to_owned(),
            side: None,
            mass_g: None,
            firmware: self.facts.firmware.clone(),
            hardware: self.facts.hardware.clone(),
        })
    }
}
