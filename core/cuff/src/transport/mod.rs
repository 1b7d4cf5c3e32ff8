//! The port between Talus and a radio: requests out, inputs in, synchronous, no clock inside.
//!
//! [`Transport`] is implemented by btleplug (feature `radio`), by `SimTransport` in talus-sim and by
//! [`replay::ReplayTransport`].
//!
//! A foreign radio, written in Kotlin or Swift, goes here as one more implementation and nowhere else: a struct that
//! keeps a queue of [`Ask`]s which the platform's code takes out, and a bounded queue of `(Micros, Heard)` into which
//! it pushes what its callbacks say, stamped with session time first thing. Neither link nor drivers would notice.
//! Reasons to want one: bonding, background reconnection and state restoration, none of which btleplug exposes.

#[cfg(feature = "radio")]
pub mod radio;
pub mod replay;

use serde::Serialize;
use std::ops::RangeInclusive;
use talus_motion::Micros;
use uuid::Uuid;

/// Connection intervals are multiples of this, microseconds.
pub(crate) const INTERVAL_UNIT_US: u32 = 1250;
/// Shortest and longest interval looked for, in units: 7.5 to 100 ms.
pub(crate) const INTERVAL_UNITS: RangeInclusive<u32> = 6..=80;

/// A device as this platform names it: an address, a path or a per-phone UUID. Never an identity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeripheralId(pub String);

/// What the radio is able to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RadioState {
    /// Ready.
    On,
    /// Switched off.
    Off,
    /// Talus may not use it.
    NotAllowed,
    /// There is none.
    Missing,
}

/// One advertisement, as far as the platform hands it on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advert {
    /// Who sent it.
    pub id: PeripheralId,
    /// Name, not trusted: may be empty, long or hostile.
    pub name: String,
    /// Signal strength in dBm where known.
    pub rssi_dbm: Option<i16>,
    /// Service UUIDs.
    pub services: Vec<Uuid>,
    /// Service data.
    pub service_data: Vec<(Uuid, Vec<u8>)>,
    /// Manufacturer data by company id.
    pub manufacturer_data: Vec<(u16, Vec<u8>)>,
}

/// What Talus asks of a radio. Each is answered by a [`Heard`] sooner or later, or by a disconnection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Look for devices that offer one of these services (all devices when empty; always filtered again in our
    /// code because platforms merge filters).
    Scan {
        /// Services.
        services: Vec<Uuid>,
    },
    /// Stop looking.
    StopScan,
    /// Connect and discover services: answered by [`Heard::Connected`] or [`Heard::Failed`].
    Connect(PeripheralId),
    /// Disconnect, also while connecting: answered by [`Heard::Disconnected`].
    Disconnect(PeripheralId),
    /// Read a characteristic: answered by [`Heard::Read`].
    Read(PeripheralId, Uuid),
    /// Write a characteristic: answered by [`Heard::Written`].
    Write {
        /// Where.
        id: PeripheralId,
        /// Characteristic.
        characteristic: Uuid,
        /// What.
        bytes: Vec<u8>,
        /// Whether the device confirms.
        with_response: bool,
    },
    /// Ask for notifications or indications: answered by [`Heard::Subscribed`].
    Subscribe(PeripheralId, Uuid),
}

/// Why an ask failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No answer in time.
    #[error("the cuff did not answer in time")]
    Timeout,
    /// The device refused with an ATT error.
    #[error("the cuff refused (ATT error {0:#04x})")]
    Att(u8),
    /// The device wants to be bonded first.
    #[error("the cuff wants to be paired first")]
    NeedsBond,
    /// The system does not let the app use Bluetooth.
    #[error("bluetooth may not be used")]
    NotAllowed,
    /// Not there, out of range, or gone.
    #[error("the cuff cannot be reached")]
    NotReachable,
    /// The radio is off or may not be used.
    #[error("bluetooth is not available")]
    RadioUnavailable,
    /// The characteristic is missing.
    #[error("the cuff lacks a characteristic")]
    MissingCharacteristic,
    /// Anything else the platform said.
    #[error("the radio failed")]
    Other,
}

/// What a radio tells Talus, stamped with session time when it was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// The radio's state changed.
    Radio(RadioState),
    /// A device was seen.
    Advert(Advert),
    /// A link is up and its services are known.
    Connected {
        /// Who.
        id: PeripheralId,
        /// Bytes an ATT packet may have (23 to 517).
        mtu: u16,
        /// Characteristics it offers.
        characteristics: Vec<Uuid>,
    },
    /// A link is down, on purpose or not.
    Disconnected(PeripheralId),
    /// A value was read.
    Read(PeripheralId, Uuid, Vec<u8>),
    /// A write was confirmed (or handed over, without response).
    Written(PeripheralId, Uuid),
    /// A subscription stands.
    Subscribed(PeripheralId, Uuid),
    /// A notification or indication.
    Notified(PeripheralId, Uuid, Vec<u8>),
    /// An ask failed.
    Failed {
        /// Who.
        id: PeripheralId,
        /// Which characteristic, where it was about one.
        characteristic: Option<Uuid>,
        /// Why.
        refusal: Refusal,
    },
}

/// What went wrong inside a radio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Faults {
    /// Heard items dropped because nobody took them in time.
    pub dropped: u64,
    /// Panics of the platform's library that were caught.
    pub panics: u64,
}

/// A radio. Never blocks; time is handed in.
pub trait Transport {
    /// Takes a request.
    fn ask(&mut self, now: Micros, ask: Ask);
    /// The next thing heard up to `now`, with the session time at which it was heard; `None` when there is
    /// nothing more. Times never run back.
    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)>;
    /// When something will be heard next, if that is known (virtual time); `None` for a real radio.
    fn due(&self) -> Option<Micros>;
    /// What this radio lost or broke by itself, without the air having a part in it.
    fn faults(&self) -> Faults {
        Faults::default()
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn ask(&mut self, now: Micros, ask: Ask) {
        (**self).ask(now, ask);
    }

    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)> {
        (**self).hear(now)
    }

    fn due(&self) -> Option<Micros> {
        (**self).due()
    }

    fn faults(&self) -> Faults {
        (**self).faults()
    }
}
