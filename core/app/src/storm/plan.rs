//! Everything drawn for a journey: who, with which cuffs, in what weather, and what befalls them when.

use super::sensor::{Ailment, Trouble};
use talus_motion::Side;
use talus_sim::{Chance, SensorErrors, VirtualCuff, Weather};

/// Length of a session at most, µs of virtual time: what is not done by then is stopped.
pub(super) const LONG_US: i64 = 150_000_000;

/// Something that befalls a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Blow {
    /// A cuff goes out of reach for a while, µs.
    Cut { cuff: usize, for_us: i64 },
    /// A cuff starts anew: index and clock at zero.
    Reboot { cuff: usize },
    /// The phone's radio is off for a while, µs.
    RadioOff { for_us: i64 },
    /// Strangers and a broken cuff talk without end for a while, µs.
    Flood { for_us: i64 },
    /// The process ends without a word.
    Kill,
    /// The power goes while a second is being written.
    PowerCut,
    /// The session is left, as with Ctrl-C, and taken up again.
    Leave,
    /// The disk takes nothing for a while, µs.
    DiskFull { for_us: i64 },
    /// The disk's syncs fail for a while, µs.
    NoSync { for_us: i64 },
}

/// How one cuff is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Made {
    ahead_us: u64,
    ppm: f64,
    rate_ratio: f64,
    battery: (f64, f64),
    mass_g: u16,
}

/// A journey before it is made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) language: &'static str,
    pub(super) zone: &'static str,
    pub(super) birth_year: i16,
    pub(super) body_kg: f64,
    /// What to do, most wanted first.
    pub(super) exercises: Vec<&'static str>,
    pub(super) sets: u8,
    pub(super) reps: u32,
    pub(super) rest_s: u32,
    cuffs: [Made; 2],
    mtu: u16,
    overruns: f64,
    pub(super) weather: Weather,
    /// Each with its time, µs after the session began; in order.
    pub(super) blows: Vec<(i64, Blow)>,
    /// What ails each cuff's sensor.
    troubles: [Vec<Trouble>; 2],
    /// The database is damaged afterwards.
    pub(super) damaged: bool,
    /// The database is marked as one of a later Talus.
    pub(super) future: bool,
    /// The bundle is broken before it is taken in.
    pub(super) broken_bundle: bool,
    /// The session is deleted at the end.
    pub(super) deleted: bool,
}

/// Exercises a virtual leg knows.
const EXERCISES: [&str; 6] =
    ["knee_ext_seated", "stand_abd", "quad_set_slr", "side_abd", "knee_flex_standing", "stand_ext"];
/// Zones with clocks that change, with halves of hours, and on both sides of the day.
const ZONES: [&str; 5] =
    ["Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Australia/Lord_Howe", "Asia/Kathmandu"];

impl Plan {
    pub(super) fn of(seed: u64) -> Self {
        let mut chance = Chance::new(seed).branch(501);
        let mut exercises = EXERCISES.to_vec();
        for last in (1..exercises.len()).rev() {
            exercises.swap(last, chance.bits() as usize % (last + 1));
        }
        let mut blows: Vec<_> = (0..chance.bits() % 6)
            // Most of a session lies before its first half; its end shall be seen, too.
            .map(|_| (chance.between(0.5e6, 100e6) as i64, Blow::drawn(&mut chance)))
            .collect();
        blows.sort_by_key(|(at, _)| *at);
        Self {
            seed,
            language: *pick(&mut chance, &["en", "de"]),
            zone: *pick(&mut chance, &ZONES),
            birth_year: 1938 + (chance.bits() % 68) as i16,
            body_kg: chance.between(48.0, 110.0),
            exercises,
            sets: 1 + (chance.bits() % 2) as u8,
            reps: 3 + (chance.bits() % 3) as u32,
            rest_s: 5 + (chance.bits() % 10) as u32,
            cuffs: [Made::drawn(&mut chance), Made::drawn(&mut chance)],
            mtu: *pick(&mut chance, &[64, 185, 247, 517]),
            overruns: if chance.happens(0.2) { chance.between(0.0, 0.03) } else { 0.0 },
            weather: Weather {
                // Where frames are lost all the time no repetition is seen whole, and none can be a phantom.
                loss: *pick(&mut chance, &[0.0, 0.0, 0.0, 0.0, 0.002, 0.01, 0.05, 0.2]),
                burst: chance.between(1.0, 8.0),
                duplicates: chance.between(0.0, 0.1),
                reorder: if chance.happens(0.2) { chance.between(0.0, 0.05) } else { 0.0 },
                garbage: chance.between(0.0, 0.05),
            },
            blows,
            troubles: [Trouble::drawn(&mut chance), Trouble::drawn(&mut chance)],
            damaged: chance.happens(0.25),
            future: chance.happens(0.15),
            broken_bundle: chance.happens(0.4),
            deleted: chance.happens(0.3),
        }
    }

    /// The cuff of a side.
    pub(super) fn cuff(&self, side: Side) -> VirtualCuff {
        let index = usize::from(side == Side::Right);
        let made = self.cuffs[index];
        let mut chance = Chance::new(self.seed).branch(502 + index as u64);
        let leg = Ailment::of(side, self.seed, self.troubles[index].clone());
        VirtualCuff::around(Box::new(leg), Some(side), self.seed)
            .with_errors(SensorErrors::drawn(&mut chance))
            .with_clock(made.ahead_us, made.ppm, made.rate_ratio)
            .with_battery(made.battery.0, made.battery.1)
            .with_mass_g(Some(made.mass_g))
            .with_mtu(self.mtu)
            .with_overruns(self.overruns)
    }

    /// Which rows of faults this journey has, for the tally.
    pub(super) fn drawn(&self) -> impl Iterator<Item = &'static str> {
        let weather = self.weather.loss > 0.0;
        let ailing = self.troubles.iter().flatten().map(Trouble::name);
        let near_wrap = self.cuffs.iter().any(|made| made.ahead_us > (1 << 32) - 120_000_000);
        weather.then_some("drawn_loss").into_iter().chain(near_wrap.then_some("drawn_clock_wrap")).chain(ailing)
    }
}

impl Made {
    fn drawn(chance: &mut Chance) -> Self {
        Self {
            // One of four wraps its device time within the session.
            ahead_us: if chance.happens(0.25) {
                (1 << 32) - chance.between(0.0, 120e6) as u64
            } else {
                chance.bits() % 4_000_000_000
            },
            ppm: chance.between(-100.0, 100.0),
            rate_ratio: 1.0 + chance.between(-0.02, 0.02),
            battery: if chance.happens(0.2) {
                (chance.between(1.0, 22.0), chance.between(0.0, 120.0))
            } else {
                (chance.between(30.0, 100.0), 5.0)
            },
            mass_g: *pick(chance, &[0, 500, 1000, 1500, 2500]),
        }
    }
}

impl Blow {
    fn drawn(chance: &mut Chance) -> Self {
        let cuff = chance.bits() as usize % 2;
        let mut us = |least: f64, most: f64| chance.between(least, most) as i64;
        let for_us = us(0.3e6, 9e6);
        match chance.bits() % 12 {
            0..=2 => Self::Cut { cuff, for_us },
            3 => Self::Reboot { cuff },
            4 => Self::RadioOff { for_us },
            5 => Self::Flood { for_us },
            6 | 7 => Self::Kill,
            8 | 9 => Self::PowerCut,
            10 => Self::Leave,
            _ if for_us % 3 == 0 => Self::NoSync { for_us },
            _ => Self::DiskFull { for_us },
        }
    }
}

pub(super) fn pick<'a, T>(chance: &mut Chance, of: &'a [T]) -> &'a T {
    &of[chance.bits() as usize % of.len()]
}
