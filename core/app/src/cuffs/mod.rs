//! Cuffs at hand: seen, connected, told apart, paired, looked at; and the household's list of them.
//!
//! [`Cuffs`] is the most important item: a radio and what is around it, without a session. Identity is the cuff's own
//! family and number, never how a platform names it: a new phone meets an old cuff and knows it.

mod training;
mod watch;
mod wiggle;
mod worn;

use crate::error::AppError;
use crate::household::Talus;
use crate::scene::{NearbyLine, PairedLine};
use crate::ways::{Way, Ways};
use crate::{clock, ids};
use serde::Serialize;
use std::collections::BTreeMap;
use talus_cuff::link::Notice;
use talus_cuff::transport::{Faults, RadioState, Transport};
use talus_motion::{CuffId, LinkState, Micros, Side, Timing};
use talus_store::{CuffRow, Wear};
pub use training::Training;
use watch::Watch;
pub use wiggle::Wiggle;

/// The heaviest load one leg may be given, grams (a hard ceiling of Talus).
pub const MASS_MAX_G: u32 = 5000;

/// A cuff of the household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCuff {
    /// Its id.
    pub cuff: CuffId,
    /// Sensor family.
    pub family: String,
    /// Its own number.
    pub serial: String,
    /// Name, safe to show.
    pub name: String,
    /// The leg it is worn on now, by the person Talus is open for.
    pub side: Option<Side>,
    /// Weight on that leg, grams; where it is not worn, the weight of the cuff itself, where known.
    pub mass_g: Option<u32>,
}

/// What a cuff's stream is like now.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveLine {
    /// The cuff.
    pub cuff: CuffId,
    /// Its name.
    pub name: String,
    /// Its leg, where known.
    pub side: Option<Side>,
    /// How far the way to it is.
    pub state: LinkState,
    /// Samples a second as they are taken, measured; `None` where there are not enough.
    pub rate_hz: Option<f64>,
    /// Share of samples lost since the way was taken up, 0 to 1.
    pub lost_share: f64,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
    /// Which way is up in the cuff's own axes, a unit vector.
    pub up: Option<[f64; 3]>,
    /// It lies still.
    pub still: bool,
}

/// What was counted on the way to one cuff, for a report: no names, no addresses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StreamReport {
    /// The household's id of the cuff.
    pub cuff: String,
    /// Sensor family.
    pub family: &'static str,
    /// Firmware as the cuff says it.
    pub firmware: String,
    /// Stated samples per second.
    pub rate_hz: Option<f64>,
    /// Measured samples per second.
    pub measured_rate_hz: Option<f64>,
    /// Whether samples carry the cuff's own time.
    pub timing: Option<&'static str>,
    /// Whether the clock's fit is good enough for the timing of steps.
    pub clock_fit_ok: Option<bool>,
    /// Samples handed on.
    pub samples_received: u64,
    /// Those of them that a lost link had missed, read back from the cuff.
    pub samples_filled: u64,
    /// Samples missing.
    pub samples_missing: u64,
    /// Places where some are.
    pub gaps: u64,
    /// Frames that came twice.
    pub frames_duplicate: u64,
    /// Frames that came after later ones: put in their place, or dropped where that was too late.
    pub frames_reordered: u64,
    /// Notifications that made no sense.
    pub frames_malformed: u64,
    /// Frames before which the cuff says it dropped samples.
    pub frames_after_overrun: u64,
    /// Connections after the first.
    pub reconnects: u64,
    /// Times the stream stopped although the link stood.
    pub stalls: u64,
}

/// What was counted, of everything between radio and samples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The radio's own drops and breaks.
    pub radio: Faults,
    /// Each stream.
    pub streams: Vec<StreamReport>,
}

impl Report {
    /// As text for whoever looks into it: JSON, with names that stay.
    pub fn text(&self) -> String {
        let Self { radio, streams } = self;
        let value = serde_json::json!({ "talus": "diagnostics/1", "radio": radio, "streams": streams });
        format!("{value:#}")
    }
}

/// A radio and the cuffs around it.
pub struct Cuffs {
    talus: Talus,
    ways: Ways<Box<dyn Transport + Send>>,
    /// What the clock said at the radio's time zero.
    zero: Micros,
    watches: BTreeMap<CuffId, Watch>,
    wiggle: Wiggle,
    names: BTreeMap<CuffId, String>,
    /// What was given out as the id of a cuff before it said who it is, and what it is.
    turned_out: BTreeMap<CuffId, CuffId>,
}

impl Cuffs {
    /// Looks for cuffs by real Bluetooth.
    ///
    /// # Errors
    /// [`AppError::Radio`] where there is no Bluetooth, or it may not be used.
    #[cfg(feature = "radio")]
    pub fn around(talus: &Talus) -> Result<Self, AppError> {
        let radio = talus_cuff::transport::radio::RadioTransport::open(std::sync::Arc::new(clock::now))?;
        Ok(Self::with(talus, Box::new(radio), Micros(0), clock::now()))
    }

    /// Looks for two simulated cuffs on simulated legs.
    pub fn simulated(talus: &Talus, seed: u64) -> Self {
        Self::with(talus, Box::new(crate::run::two_legs(seed)), clock::now(), Micros(0))
    }

    /// Looks for cuffs with any radio, whose time is `now`, and was zero when the clock said `zero`.
    fn with(talus: &Talus, radio: Box<dyn Transport + Send>, zero: Micros, now: Micros) -> Self {
        let mut ways = Ways::new(radio, now);
        ways.scan();
        Self {
            talus: talus.clone(),
            ways,
            zero,
            watches: BTreeMap::new(),
            wiggle: Wiggle::new(),
            names: BTreeMap::new(),
            turned_out: BTreeMap::new(),
        }
    }

    /// Takes in everything up to now, by the clock.
    ///
    /// # Errors
    /// [`AppError::Store`] where the household cannot be read.
    pub fn go_on(&mut self) -> Result<(), AppError> {
        self.advance(Micros(clock::now().since(self.zero)))
    }

    fn advance(&mut self, to: Micros) -> Result<(), AppError> {
        self.advance_telling(to, None)
    }

    /// Goes on to `to`, and hands on what the links said, in order and under the household's ids.
    fn advance_telling(&mut self, to: Micros, hand_on: Option<&mut HandOn<'_>>) -> Result<(), AppError> {
        let mut told = Vec::new();
        self.ways.advance(to, &mut |cuff, notice| told.push((cuff, notice)));
        self.take(told, hand_on)
    }

    fn take(&mut self, told: Vec<(CuffId, Notice)>, mut hand_on: Option<&mut HandOn<'_>>) -> Result<(), AppError> {
        let mut renamed = BTreeMap::new();
        for (cuff, notice) in told {
            let cuff = *renamed.get(&cuff).unwrap_or(&cuff);
            if let Some(hand_on) = &mut hand_on {
                hand_on(cuff, under(cuff, &notice));
            }
            match notice {
                Notice::Stream(mut config) => {
                    config.cuff = cuff;
                    self.wiggle.stream(&config);
                    self.watches.entry(cuff).or_default().stream(&config);
                }
                Notice::Samples(mut block) => {
                    block.cuff = cuff;
                    self.wiggle.samples(&block);
                    self.watches.entry(cuff).or_default().samples(&block);
                }
                Notice::Card(card) => {
                    let known = self.talus.store().cuffs()?;
                    let known =
                        known.into_iter().find(|row| row.family == card.family.name() && row.serial == card.serial);
                    if let Some(row) = known {
                        self.names.insert(row.id, row.name);
                        if row.id != cuff {
                            self.rename(cuff, row.id);
                            renamed.insert(cuff, row.id);
                        }
                    }
                }
                Notice::State { .. } | Notice::Battery(_) | Notice::Time(_) => {}
            }
        }
        Ok(())
    }

    /// A cuff turned out to be one of the household.
    fn rename(&mut self, from: CuffId, to: CuffId) {
        self.turned_out.insert(from, to);
        self.ways.rename(from, to);
        self.wiggle.rename(from, to);
        if let Some(watch) = self.watches.remove(&from) {
            self.watches.insert(to, watch);
        }
    }

    /// The cuff an id means, also one that was given out before the cuff said who it is.
    fn meant(&self, cuff: CuffId) -> CuffId {
        *self.turned_out.get(&cuff).unwrap_or(&cuff)
    }

    /// Cuffs seen within the last ten seconds, strongest first.
    pub fn nearby(&self) -> Vec<NearbyLine> {
        self.ways.nearby().iter().map(NearbyLine::of).collect()
    }

    /// What keeps the radio from seeing anything; `None` while it can.
    pub fn hindered(&self) -> Option<LinkState> {
        match self.ways.radio_state() {
            None | Some(RadioState::On) => None,
            Some(RadioState::Off | RadioState::Missing) => Some(LinkState::RadioOff),
            Some(RadioState::NotAllowed) => Some(LinkState::NotAllowed),
        }
    }

    /// Connects the cuff of this name (as advertised, or as the household calls it), or the nearest; gives its id for
    /// now, which goes on meaning it when it turns out to be one of the household. `None` where there is none such, or it
    /// is connected already.
    ///
    /// # Errors
    /// [`AppError::Store`] where the household cannot be read.
    pub fn open(&mut self, name: Option<&str>) -> Result<Option<CuffId>, AppError> {
        // A household's name stands for the number on the label, whose end is in the advertised name.
        let serial = match name {
            Some(name) => own(&self.talus, name)?.map(|cuff| cuff.serial.to_uppercase()),
            None => None,
        };
        let meant = |seen: &str| match (name, &serial) {
            (Some(_), Some(serial)) if ends_alike(seen, serial) => true,
            (Some(name), _) => seen.eq_ignore_ascii_case(name),
            (None, _) => true,
        };
        let taken: Vec<_> = self.ways.iter().map(|way| way.sighting.id.clone()).collect();
        let near = self.ways.nearby().into_iter().find(|near| meant(&near.sighting.name) && !taken.contains(&near.id));
        let Some(near) = near else { return Ok(None) };
        let cuff = ids::cuff();
        let mut told = Vec::new();
        self.ways.open(cuff, &near.sighting, &mut |id, notice| told.push((id, notice)));
        self.names.insert(cuff, near.sighting.name);
        self.take(told, None)?;
        Ok(self.ways.get(cuff).map(Way::cuff))
    }

    /// The cuff that is being shaken, once it is clear which of those that stream.
    pub fn shaken(&self) -> Option<CuffId> {
        self.wiggle.found()
    }

    /// Lets a cuff show which one it is, with light or motor, where it has one.
    pub fn identify(&mut self, cuff: CuffId) {
        let cuff = self.meant(cuff);
        self.ways.identify(cuff);
    }

    /// What each connected cuff's stream is like, in the order they were connected.
    pub fn live(&self) -> Vec<LiveLine> {
        self.ways
            .iter()
            .map(|way| {
                let (watch, counters) = (self.watches.get(&way.cuff()), way.counters());
                let all = counters.received + counters.missing;
                LiveLine {
                    cuff: way.cuff(),
                    name: self.name(way),
                    side: way.card.as_ref().and_then(|card| card.side).or(way.sighting.side),
                    state: way.state(),
                    rate_hz: watch.and_then(Watch::rate_hz),
                    lost_share: if all == 0 { 0.0 } else { counters.missing as f64 / all as f64 },
                    battery_percent: way.battery_percent,
                    up: watch.and_then(Watch::up),
                    still: watch.is_some_and(Watch::still),
                }
            })
            .collect()
    }

    fn name(&self, way: &Way) -> String {
        self.names.get(&way.cuff()).unwrap_or(&way.sighting.name).clone()
    }

    /// Leg and weight as the cuff itself was set up, where it says so.
    pub fn said(&self, cuff: CuffId) -> (Option<Side>, Option<u32>) {
        let way = self.ways.get(self.meant(cuff));
        let card = way.and_then(|way| way.card.as_ref());
        let seen = way.map(|way| &way.sighting);
        (
            card.and_then(|card| card.side).or(seen.and_then(|seen| seen.side)),
            card.and_then(|card| card.mass_g).or(seen.and_then(|seen| seen.mass_g)),
        )
    }

    /// The cuff is the household's from now on, and worn by the person Talus is open for: on this leg, with this weight
    /// on it. A cuff that was known keeps its name and its history.
    ///
    /// # Errors
    /// [`AppError::Pairing`] before it said who it is, and for more than [`MASS_MAX_G`]; [`AppError::Store`].
    pub fn keep(&mut self, cuff: CuffId, side: Side, mass_g: u32) -> Result<PairedLine, AppError> {
        let cuff = self.meant(cuff);
        let way = self.ways.get(cuff);
        let name = way.map(|way| self.name(way)).unwrap_or_default();
        let refused = |why: &str| AppError::Pairing { name: name.clone(), why: why.to_owned() };
        let (Some(way), Some(card)) = (way, way.and_then(|way| way.card.clone())) else {
            return Err(refused("it has not said who it is"));
        };
        if mass_g > MASS_MAX_G {
            return Err(refused("more than 5 kg on an ankle is too much"));
        }
        let line = PairedLine {
            name: name.clone(),
            side,
            mass_g,
            battery_percent: way.battery_percent,
            firmware: card.firmware.clone(),
            streaming: way.state() == LinkState::Streaming,
        };
        let own = self.talus.adopt(card.family.name(), &card.serial, &name, card.mass_g)?;
        let wear = Wear { cuff: own, side, mass_g, site: worn::SITE.to_owned() };
        self.talus.store().wear(self.talus.profile(), &[wear], clock::utc_ms())?;
        self.names.insert(own, name);
        if own != cuff {
            self.rename(cuff, own);
        }
        Ok(line)
    }

    /// What was counted so far.
    pub fn report(&self) -> Report {
        let streams = self
            .ways
            .iter()
            .map(|way| {
                let (counters, watch) = (way.counters(), self.watches.get(&way.cuff()));
                StreamReport {
                    cuff: uuid::Uuid::from_bytes(way.cuff().0).to_string(),
                    family: way.sighting.family.name(),
                    firmware: way.card.as_ref().map(|card| card.firmware.clone()).unwrap_or_default(),
                    rate_hz: way.config.as_ref().map(|config| config.rate_hz),
                    measured_rate_hz: watch.and_then(Watch::rate_hz),
                    timing: way.config.as_ref().map(|config| match config.timing {
                        Timing::Device => "device",
                        Timing::Estimated => "estimated",
                    }),
                    clock_fit_ok: watch.and_then(Watch::fit_ok),
                    samples_received: counters.received,
                    samples_filled: counters.filled,
                    samples_missing: counters.missing,
                    gaps: counters.gaps,
                    frames_duplicate: counters.duplicates,
                    frames_reordered: counters.reordered,
                    frames_malformed: counters.malformed,
                    frames_after_overrun: counters.overruns,
                    reconnects: counters.reconnects,
                    stalls: counters.stalls,
                }
            })
            .collect();
        Report { radio: self.ways.radio.faults(), streams }
    }

    /// Stops every stream and closes every link; what follows comes with [`Cuffs::go_on`].
    pub fn close(&mut self) {
        self.ways.stop_scan();
        self.ways.close(&mut |_, _| {});
    }

    /// Whether every link is closed.
    pub fn closed(&self) -> bool {
        self.ways.iter().all(|way| way.state() == LinkState::Closed)
    }
}

/// Takes what a link said of a cuff.
type HandOn<'a> = dyn FnMut(CuffId, Notice) + 'a;

/// What a link said, under the household's id of its cuff.
fn under(cuff: CuffId, notice: &Notice) -> Notice {
    let mut notice = notice.clone();
    match &mut notice {
        Notice::Stream(config) => config.cuff = cuff,
        Notice::Samples(block) | Notice::Time(block) => block.cuff = cuff,
        Notice::State { .. } | Notice::Card(_) | Notice::Battery(_) => {}
    }
    notice
}

/// Whether an advertised name ends with the last four digits of a number: `CUF-1A2B` of `…1A2B`.
fn ends_alike(seen: &str, serial: &str) -> bool {
    let end = serial.get(serial.len().saturating_sub(4)..).unwrap_or(serial);
    !end.is_empty() && seen.to_uppercase().ends_with(end)
}

/// The household's cuff of this name or number.
fn own(talus: &Talus, name: &str) -> Result<Option<OwnCuff>, AppError> {
    let cuffs = talus.own_cuffs()?;
    Ok(cuffs.into_iter().find(|cuff| cuff.name.eq_ignore_ascii_case(name) || cuff.serial.eq_ignore_ascii_case(name)))
}

impl Talus {
    /// The household's cuffs, by name.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn own_cuffs(&self) -> Result<Vec<OwnCuff>, AppError> {
        let store = self.store();
        let worn = store.worn(self.profile())?;
        let cuffs = store.cuffs()?.into_iter().map(|row| {
            let wear = worn.iter().find(|wear| wear.cuff == row.id);
            OwnCuff {
                cuff: row.id,
                family: row.family,
                serial: row.serial,
                name: row.name,
                side: wear.map(|wear| wear.side),
                mass_g: wear.map(|wear| wear.mass_g).or(row.dry_mass_g),
            }
        });
        Ok(cuffs.collect())
    }

    /// Gives a cuff of the household another name; made safe to show, at most 24 characters.
    ///
    /// # Errors
    /// [`AppError::NoCuff`], [`AppError::CuffName`], [`AppError::Store`].
    pub fn rename_cuff(&self, name: &str, to: &str) -> Result<OwnCuff, AppError> {
        let mut cuff = own(self, name)?.ok_or_else(|| AppError::NoCuff(name.to_owned()))?;
        let to = talus_cuff::driver::display_name(to);
        let taken = own(self, &to)?.is_some_and(|other| other.cuff != cuff.cuff);
        if to.is_empty() || taken {
            return Err(AppError::CuffName(to));
        }
        let store = self.store();
        let row = store.cuffs()?.into_iter().find(|row| row.id == cuff.cuff);
        if let Some(row) = row {
            store.put_cuff(&CuffRow { name: to.clone(), ..row })?;
        }
        cuff.name = to;
        Ok(cuff)
    }

    /// Forgets a cuff: it is nobody's any more. Sessions that were done with it stay.
    ///
    /// # Errors
    /// [`AppError::NoCuff`], [`AppError::Store`].
    pub fn forget_cuff(&self, name: &str) -> Result<OwnCuff, AppError> {
        let cuff = own(self, name)?.ok_or_else(|| AppError::NoCuff(name.to_owned()))?;
        self.store().forget_cuff(cuff.cuff)?;
        Ok(cuff)
    }
}

#[cfg(test)]
mod tests;
