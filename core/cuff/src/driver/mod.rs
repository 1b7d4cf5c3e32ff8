//! Sensor families: one file (or folder) each, of pure bytes ⇄ types and one conversation.
//!
//! [`recognise`] tells from an advertisement which family a device belongs to, if any. [`Talk`] is the conversation
//! with a connected device: what to read, subscribe and write, in which order, and how notifications become
//! samples. The link machine ([`crate::link`]) drives any [`Talk`] the same way: one operation at a time, with
//! time-outs and back-off, so a family contains no clock and no retry.
//!
//! A new family is: a codec with the vectors of its description as tests, an implementation of [`Talk`], one
//! variant of [`Family`] with its lines below it, and a table of its conversation in `tests/conversations/`.

mod bytes;
pub mod cmp;
pub mod dot;
mod grid;
pub mod metamotion;
pub mod movesense;
mod pairing;
pub mod polar;
mod script;
pub mod standard;
pub mod thingy52;
#[cfg(test)]
pub(crate) mod vectors;
pub mod witmotion;

pub use bytes::DecodeError;

use crate::link::{CuffCard, Wish};
use crate::transport::{Advert, PeripheralId, Refusal};
use serde::{Deserialize, Serialize};
use talus_motion::{BlockFlags, Counts, LinkState, Side, Timing};
use uuid::Uuid;

/// A family of sensors Talus can talk to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// The Cuff Motion Profile, our own.
    Cmp,
    /// MbientLab MetaMotion.
    MetaMotion,
    /// Movella (Xsens) DOT.
    Dot,
    /// Polar Verity Sense, H10 and their relatives.
    Polar,
    /// Movesense, over its GATT SensorData Protocol.
    Movesense,
    /// WitMotion BLE 5.
    WitMotion,
    /// Nordic Thingy:52.
    Thingy52,
}

impl Family {
    /// Every family, in the order they are recognised.
    pub const ALL: [Self; 7] =
        [Self::Cmp, Self::MetaMotion, Self::Dot, Self::Polar, Self::Movesense, Self::WitMotion, Self::Thingy52];

    /// The driver's name in recordings and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cmp => "cmp",
            Self::MetaMotion => "metamotion",
            Self::Dot => "dot",
            Self::Polar => "polar",
            Self::Movesense => "movesense",
            Self::WitMotion => "witmotion",
            Self::Thingy52 => "thingy52",
        }
    }

    /// What people call it: a maker's own word, the same in every language.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cmp => "Cuff Motion Profile",
            Self::MetaMotion => "MetaMotion",
            Self::Dot => "Movella DOT",
            Self::Polar => "Polar",
            Self::Movesense => "Movesense",
            Self::WitMotion => "WitMotion",
            Self::Thingy52 => "Thingy:52",
        }
    }

    /// The services to scan for: none named, so all devices. Two families advertise no service at all, and
    /// [`recognise`] picks out what can be used.
    pub fn services() -> Vec<Uuid> {
        Vec::new()
    }

    /// A conversation with a device of this family.
    pub fn talk(self, wish: Wish) -> Box<dyn Talk + Send> {
        match self {
            Self::Cmp => Box::new(cmp::talk::CmpTalk::new(wish)),
            Self::MetaMotion => Box::new(metamotion::MetaTalk::new(wish)),
            Self::Dot => Box::new(dot::DotTalk::new(wish)),
            Self::Polar => Box::new(polar::PolarTalk::new(wish)),
            Self::Movesense => Box::new(movesense::MovesenseTalk::new(wish)),
            Self::WitMotion => Box::new(witmotion::WitTalk::new(wish)),
            Self::Thingy52 => Box::new(thingy52::ThingyTalk::new(wish)),
        }
    }

    /// Whether an advertisement is from this family.
    fn matches(self, advert: &Advert) -> bool {
        match self {
            Self::Cmp => cmp::matches(advert),
            Self::MetaMotion => metamotion::matches(advert),
            Self::Dot => dot::matches(advert),
            Self::Polar => polar::matches(advert),
            Self::Movesense => movesense::matches(advert),
            Self::WitMotion => witmotion::matches(advert),
            Self::Thingy52 => thingy52::matches(advert),
        }
    }
}

/// A device that can be talked to, as its advertisement presents it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// How this platform names it.
    pub id: PeripheralId,
    /// Its family.
    pub family: Family,
    /// Its name, safe to show: see [`display_name`].
    pub name: String,
    /// Battery, per cent, where told.
    pub battery_percent: Option<u8>,
    /// The leg it was set up for, where told.
    pub side: Option<Side>,
    /// Its load, grams, where told.
    pub mass_g: Option<u32>,
    /// Its pairing window is open; `None` where not told.
    pub pairing_open: Option<bool>,
    /// It is on a leg; `None` where not told.
    pub worn: Option<bool>,
    /// It is on the charger; `None` where not told.
    pub charging: Option<bool>,
}

/// Which family an advertisement belongs to, and what it tells. By service or maker, and not by name alone where
/// there is anything else: names are free text, and one platform caches old ones.
pub fn recognise(advert: &Advert) -> Option<Sighting> {
    let family = Family::ALL.into_iter().find(|family| family.matches(advert))?;
    // Some platforms hand on the advertisement before the scan response: then there is no beacon yet.
    let data = advert.service_data.iter().find(|(uuid, _)| *uuid == cmp::SERVICE);
    let beacon = data.and_then(|(_, bytes)| cmp::Beacon::decode(bytes).ok()).filter(|_| family == Family::Cmp);
    Some(Sighting {
        id: advert.id.clone(),
        family,
        name: display_name(&advert.name),
        battery_percent: beacon.and_then(|beacon| beacon.battery_percent),
        side: beacon.and_then(|beacon| beacon.side),
        mass_g: beacon.and_then(|beacon| beacon.mass_g),
        pairing_open: beacon.map(|beacon| beacon.pairing_open),
        worn: beacon.map(|beacon| beacon.worn),
        charging: beacon.map(|beacon| beacon.charging),
    })
}

/// Longest text from a device that is shown, in characters.
const SHOWN_MAX: usize = 24;

/// A name or version from a device, safe to show: no control, direction or invisible characters (a name must not
/// be able to move a terminal's cursor or turn the line around), white space folded, at most 24 characters.
pub fn display_name(raw: &str) -> String {
    // A hostile name may be long: look at a bounded part of it.
    let kept = raw.chars().take(512).map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_hidden(*c));
    let mut shown = String::new();
    let mut count = 0;
    for c in kept {
        if c == ' ' && (shown.is_empty() || shown.ends_with(' ')) {
            continue;
        }
        if count == SHOWN_MAX {
            break;
        }
        shown.push(c);
        count += 1;
    }
    shown.truncate(shown.trim_end().len());
    shown
}

/// Characters that show nothing themselves but change how others are shown, and those no font has.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E000}'..='\u{F8FF}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
            | '\u{F0000}'..='\u{10FFFF}')
        // Stacks of combining marks run over the neighbouring lines.
        || matches!(c, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// One operation a conversation wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Read a characteristic.
    Read(Uuid),
    /// Ask for notifications or indications.
    Subscribe(Uuid),
    /// Write a characteristic.
    Write {
        /// Where.
        characteristic: Uuid,
        /// What.
        bytes: Vec<u8>,
        /// Whether the device confirms.
        with_response: bool,
        /// Where the device answers, if the operation is done only when [`Talk::notified`] says [`Told::Answered`].
        /// What makes no sense there meanwhile ends the conversation; anywhere else it is counted and dropped.
        answer_on: Option<Uuid>,
    },
    /// Leave the device to itself for this long, microseconds.
    Wait(i64),
}

impl Op {
    /// The characteristic it is about, where it is about one.
    pub fn characteristic(&self) -> Option<Uuid> {
        match self {
            Self::Read(uuid) | Self::Subscribe(uuid) | Self::Write { characteristic: uuid, .. } => Some(*uuid),
            Self::Wait(_) => None,
        }
    }
}

/// The device a conversation is with, as the link knows it.
#[derive(Debug, Clone, Copy)]
pub struct Peer<'a> {
    /// How this platform names it.
    pub id: &'a PeripheralId,
    /// The name it advertises, not trusted; empty where none was seen. Some families tell their number nowhere else.
    pub name: &'a str,
    /// ATT packet size the platform reports.
    pub mtu: u16,
    /// What it offers.
    pub characteristics: &'a [Uuid],
}

/// What a stream carries, as the family's device says it: the family's part of a `StreamConfig`.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamSetup {
    /// The stream's number.
    pub stream: u8,
    /// Samples per second.
    pub rate_hz: f64,
    /// Acceleration of one count, m/s².
    pub acc_mps2_per_count: f64,
    /// Angular rate of one count, rad/s.
    pub gyr_radps_per_count: f64,
    /// Largest acceleration, m/s².
    pub acc_range_mps2: f64,
    /// Largest angular rate, rad/s.
    pub gyr_range_radps: f64,
    /// Where times come from.
    pub timing: Timing,
}

/// Samples of one notification, before counters are unwrapped.
#[derive(Debug, Clone, PartialEq)]
pub struct Packet {
    /// The stream's number.
    pub stream: u8,
    /// Index of the first sample, wrapping at 2³²; `None` for families without a counter.
    pub first_index: Option<u32>,
    /// Device time of the first sample, microseconds, wrapping at 2³²; `None` for families without a clock.
    pub device_us: Option<u32>,
    /// Microseconds from sample to sample as the device's own stamps show them, where the family measures that;
    /// `None` leaves it to the link.
    pub period_us: Option<f64>,
    /// Number of the notification in its stream, wrapping at 2⁸; `None` for families without one.
    pub number: Option<u8>,
    /// What the device says about it.
    pub flags: BlockFlags,
    /// The samples.
    pub counts: Counts,
}

/// Tells a packet of one sample. It is put in behind, because an empty packet is moved faster than one that might be full.
#[inline]
fn tell_one(told: &mut Vec<Told>, device_us: Option<u32>, flags: BlockFlags, sample: [i16; 6]) {
    let (first_index, period_us, number, counts) = (None, None, None, Counts::new());
    told.push(Told::Samples(Packet { stream: 0, first_index, device_us, period_us, number, flags, counts }));
    if let Some(Told::Samples(packet)) = told.last_mut() {
        packet.counts.push(sample);
    }
}

/// One thing a notification turned out to hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// Samples.
    Samples(Packet),
    /// Samples that were all there with the notification before this one of the same characteristic: it took this one to
    /// know that.
    Earlier(Packet),
    /// Samples the device had kept: see [`Talk::fetch`].
    Kept(Packet),
    /// Battery, per cent.
    Battery(u8),
    /// The answer the running operation waited for; it was taken.
    Answered,
    /// The answer to a question about the time: see [`Talk::ask_time`].
    Time(cmp::SyncReply),
}

/// Why a conversation cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TalkError {
    /// The bytes made no sense.
    #[error("understand the cuff: {0}")]
    Decode(#[from] DecodeError),
    /// The device speaks a version or offers no stream this code can use.
    #[error("use the cuff: its firmware does not fit")]
    Firmware,
    /// The device wants a bond that is not there.
    #[error("use the cuff: it wants to be paired again")]
    Bond,
    /// The system does not let the app use Bluetooth.
    #[error("use the cuff: bluetooth is not allowed")]
    NotAllowed,
    /// The device says that its battery is too low to stream.
    #[error("start the cuff: its battery is too low")]
    BatteryLow,
    /// Not one sample fits a packet of this link.
    #[error("stream: the packets of this link are too small")]
    PacketsTooSmall,
    /// The device refused what it must be able to do.
    #[error("set up the cuff: it refused")]
    Refused,
}

impl TalkError {
    /// What the refusal of an operation means that cannot be done without.
    fn of(refusal: Refusal) -> Self {
        match refusal {
            // 05 insufficient authentication, 08 authorisation, 0F encryption: of a cuff that was paired before.
            Refusal::NeedsBond | Refusal::Att(0x05 | 0x08 | 0x0F) => Self::Bond,
            Refusal::MissingCharacteristic => Self::Firmware,
            Refusal::NotAllowed => Self::NotAllowed,
            _ => Self::Refused,
        }
    }

    /// The state a person is told, where it has a name of its own.
    pub fn state(self) -> Option<LinkState> {
        match self {
            Self::Firmware => Some(LinkState::FirmwareTooOld),
            Self::Bond => Some(LinkState::BondLost),
            Self::NotAllowed => Some(LinkState::NotAllowed),
            Self::BatteryLow => Some(LinkState::BatteryLow),
            Self::Decode(_) | Self::PacketsTooSmall | Self::Refused => None,
        }
    }
}

/// The conversation with one connected device.
///
/// The link calls [`Talk::begin`] after each connect, then does what [`Talk::next`] says, one operation at a time,
/// and reports each with [`Talk::done`] or [`Talk::refused`], until `next` gives `None`: then the stream runs.
pub trait Talk {
    /// A link is up: forget what was said on an earlier one.
    fn begin(&mut self, peer: &Peer<'_>);
    /// The operation to do now; the same one until it is reported done or refused. `None`: all is set up.
    fn next(&self) -> Option<Op>;
    /// The running operation is done; `bytes` is what a read gave (empty otherwise).
    fn done(&mut self, bytes: &[u8]) -> Result<(), TalkError>;
    /// The running operation was refused: either it can be done without, or the conversation ends.
    fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError>;
    /// A notification came in, at any time; what it holds is appended to `told`. Nothing is a good answer: half a
    /// sample, or something of no use now.
    fn notified(&mut self, characteristic: Uuid, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError>;
    /// Who the device is, once it is known.
    fn card(&self) -> Option<CuffCard>;
    /// Battery as read while setting up, per cent.
    fn battery_percent(&self) -> Option<u8>;
    /// What the running stream carries, once the device has confirmed it.
    fn setup(&self) -> Option<StreamSetup>;
    /// What stops streaming, in order, to be done before a link is closed; empty where there is nothing to stop.
    fn stop(&self) -> Vec<Op>;
    /// What lets the device show which one it is, in order; empty where it cannot.
    fn identify(&self) -> Vec<Op>;
    /// How long a stream that runs may show nothing, microseconds. Most send a frame every tenth of a second.
    fn quiet_us(&self) -> i64 {
        2_000_000
    }
    /// Whether the device says that it does not stream without a bond.
    fn wants_bond(&self) -> bool {
        false
    }
    /// The number of the session that streams, of a device that goes on counting and remembers what it measured while a link is
    /// lost; `None` of any other.
    fn session(&self) -> Option<u32> {
        None
    }
    /// What asks for samples the device has kept, from one index to (not including) another as the device counts; perhaps for
    /// fewer than all, from the first on. They come as [`Told::Kept`], in any order, before [`Told::Answered`].
    fn fetch(&self, from: u32, to: u32) -> Option<Op> {
        let _ = (from, to);
        None
    }
    /// The write that asks a streaming device what time it is; `None` where it cannot say. The answer comes as
    /// [`Told::Time`], whenever it comes.
    fn ask_time(&self, question: cmp::SyncRequest) -> Option<Op> {
        let _ = question;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advert(name: &str) -> Advert {
        Advert {
            id: PeripheralId("a".into()),
            name: name.into(),
            rssi_dbm: Some(-50),
            services: vec![],
            service_data: vec![],
            manufacturer_data: vec![],
        }
    }

    #[test]
    fn a_cuff_is_recognised_by_service_or_service_data_never_by_name() {
        assert_eq!(recognise(&advert("CUF-C3D4")), None);
        let by_service = Advert { services: vec![cmp::SERVICE], ..advert("") };
        let seen = recognise(&by_service).unwrap();
        assert_eq!((seen.family, seen.side, seen.battery_percent, seen.worn), (Family::Cmp, None, None, None));
        let by_data = Advert { service_data: vec![(cmp::SERVICE, vec![0x61, 88, 40])], ..advert("CUF-C3D4") };
        let seen = recognise(&by_data).unwrap();
        assert_eq!((seen.side, seen.battery_percent, seen.mass_g), (Some(Side::Left), Some(88), Some(2000)));
        assert_eq!((seen.worn, seen.pairing_open), (Some(true), Some(false)));
        let cut = Advert { service_data: vec![(cmp::SERVICE, vec![0x61])], ..advert("CUF-C3D4") };
        assert_eq!(recognise(&cut).unwrap().mass_g, None);
    }

    #[test]
    fn every_family_is_recognised_by_what_it_advertises() {
        let company = |id, name| Advert { manufacturer_data: vec![(id, vec![1, 2])], ..advert(name) };
        let service = |uuid, name| Advert { services: vec![uuid], ..advert(name) };
        let family = |advert: Advert| recognise(&advert).map(|seen| seen.family);
        for (advert, expected) in [
            (company(0x0886, "Movella DOT"), Family::Dot),
            (company(0x0886, "xsens dot"), Family::Dot),
            (service(metamotion::SERVICE, "my sensor"), Family::MetaMotion),
            (company(0x006B, "Polar Sense A1B2C3D4"), Family::Polar),
            (service(standard::HEART_RATE_SERVICE, "Polar H10 12345678"), Family::Polar),
            (service(standard::sig_uuid(0xFDF3), "Movesense 174630000192"), Family::Movesense),
            (company(0x009F, "Movesense 174630000192"), Family::Movesense),
            (service(witmotion::SERVICE, ""), Family::WitMotion),
            (advert("WT901BLE68"), Family::WitMotion),
            (service(thingy52::SERVICE, "Thingy"), Family::Thingy52),
        ] {
            assert_eq!(family(advert.clone()), Some(expected), "{advert:?}");
        }
        // A watch, a heart rate belt of somebody else, a scale of the same maker, names alone.
        for advert in [
            company(0x006B, "Polar Vantage V2"),
            service(standard::HEART_RATE_SERVICE, "TICKR"),
            company(0x009F, "Suunto 9"),
            company(0x0886, "Xsens Awinda"),
            advert("Polar Sense A1B2C3D4"),
            advert("Movella DOT"),
            advert("Movesense 1"),
            advert("my WT901"),
            advert("MetaWear"),
            advert("Thingy"),
        ] {
            assert_eq!(family(advert.clone()), None, "{advert:?}");
        }
    }

    #[test]
    fn families_have_names_of_their_own() {
        let mut names: Vec<_> = Family::ALL.iter().flat_map(|family| [family.name(), family.label()]).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2 * Family::ALL.len());
    }

    #[test]
    fn a_hostile_name_is_harmless_when_shown() {
        assert_eq!(display_name("CUF-1A2B"), "CUF-1A2B");
        assert_eq!(display_name("\u{1b}[2J\u{202E}evil\u{200B}\0\r\n  two\twords "), "[2Jevil two words");
        assert_eq!(display_name("Fuß Käßchen"), "Fuß Käßchen");
        assert_eq!(display_name(&"x".repeat(100_000)).len(), 24);
        assert_eq!(display_name("a\u{0300}\u{0301}\u{0302}b\u{FEFF}\u{E0041}"), "ab");
        assert_eq!(display_name("\u{2066}\u{2069}"), "");
    }
}
