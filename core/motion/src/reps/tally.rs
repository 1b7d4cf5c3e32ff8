//! Repetitions that another machine than the angle's finds: [`Tally`] counts them, says how sure it is and what stood out.
//!
//! What such a machine knows of a repetition are its four instants and one size: how high, how far, or nothing. The size is
//! held against the person's own first three, as nobody else's says anything about it.

use super::detect::{KNOWN_S, KNOWN_SHARE, speak};
use super::habit::alike;
use super::own::FIRST;
use crate::intake::Marks;
use crate::model::ExerciseModel;
use crate::movement::{Detector, Measures, Movement, Phase, Rep};
use crate::stats::{Recent, median};
use crate::words::{GRAVITY_MPS2, Micros, Quality, Reason};
use arrayvec::ArrayVec;

/// Below this share of the first three a lift is low.
const LOW_SHARE: f64 = 0.7;
/// Below this share it is no full repetition.
const FULL_SHARE: f64 = 0.5;
/// Shares of the times asked for, as for angles.
const QUICK_SHARE: f64 = 0.6;
const HOLD_SHARE: f64 = 0.5;
/// Down in less than this many times a free fall: muscles carried less than half of the weight.
const FALLS: f64 = core::f64::consts::SQRT_2;

/// What was found of one repetition; times in µs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) start_us: f64,
    pub(super) top_us: f64,
    pub(super) turn_us: f64,
    pub(super) end_us: f64,
    /// How much, in the machine's own unit.
    pub(super) size: Option<f64>,
    pub(super) rise_m: Option<f64>,
    pub(super) range_deg: Option<f64>,
    /// Fastest turning on the way out, °/s.
    pub(super) peak_dps: f64,
}

/// Counts what was found in one set.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    model: ExerciseModel,
    poor_rate: bool,
    first: ArrayVec<f64, FIRST>,
    seconds: Recent<5>,
    sizes: Recent<5>,
    last_end_us: Option<f64>,
    phase: Phase,
    phase_since: Micros,
    full: u32,
    short: u32,
    doubted: Option<u32>,
}

fn micros(us: f64) -> Micros {
    Micros(us.round() as i64)
}

impl Tally {
    pub(super) fn new(at: Micros, model: ExerciseModel, rate_hz: f64) -> Self {
        Self {
            model,
            poor_rate: rate_hz < 20.0,
            first: ArrayVec::new(),
            seconds: Recent::new(),
            sizes: Recent::new(),
            last_end_us: None,
            phase: Phase::Rest,
            phase_since: at,
            full: 0,
            short: 0,
            doubted: None,
        }
    }

    pub(super) fn model(&self) -> &ExerciseModel {
        &self.model
    }

    pub(crate) fn full(&self) -> u32 {
        self.full
    }

    pub(crate) fn short(&self) -> u32 {
        self.short
    }

    pub(crate) fn phase(&self) -> (Phase, Micros) {
        (self.phase, self.phase_since)
    }

    /// A repetition sets out, or its phase changes.
    pub(super) fn enter(&mut self, phase: Phase, at_us: f64, out: &mut Vec<Movement>) {
        if phase == self.phase {
            return;
        }
        let at = micros(at_us).max(self.phase_since);
        if self.phase == Phase::Rest {
            out.push(Movement::RepBegan { at });
        }
        (self.phase, self.phase_since) = (phase, at);
        out.push(Movement::PhaseChanged { at, phase });
    }

    /// Samples were missing: the rest before the next repetition is not known.
    pub(super) fn cut(&mut self, at_us: f64, out: &mut Vec<Movement>) {
        self.enter(Phase::Rest, at_us, out);
        self.last_end_us = None;
    }

    /// Counts one, `now_us` being the time of the newest frame.
    pub(super) fn count(&mut self, found: &Found, now_us: f64, marks: &Marks, out: &mut Vec<Movement>) {
        self.enter(Phase::Rest, now_us, out);
        let seconds = |from: f64, to: f64| ((to - from) * 1e-6).max(0.0);
        let (lift_s, lower_s) = (seconds(found.start_us, found.top_us), seconds(found.turn_us, found.end_us));
        let hold_s = seconds(found.top_us, found.turn_us);
        let mut first = self.first.clone();
        let usual = self.first.is_full().then(|| median(&mut first)).flatten();
        let share = found.size.zip(usual).map(|(size, usual)| size / usual);
        let tempo = self.model.tempo;
        let fell_s = found.rise_m.map(|m| FALLS * (2.0 * m.max(0.0) / GRAVITY_MPS2).sqrt() - lower_s);
        let low = share.filter(|_| found.rise_m.is_some()).map(|share| LOW_SHARE - share);
        let known = |beyond: Option<f64>| beyond.unwrap_or(f64::NEG_INFINITY);
        let weighed = [
            (Detector::FastLift, QUICK_SHARE * tempo.lift_s - lift_s, KNOWN_S),
            (Detector::FastLower, QUICK_SHARE * tempo.lower_s - lower_s, KNOWN_S),
            (Detector::Drop, known(fell_s).min(lift_s - lower_s), KNOWN_S),
            (Detector::NoHold, HOLD_SHARE * tempo.hold_s - hold_s, KNOWN_S),
            (Detector::LowLift, known(low), KNOWN_SHARE),
        ];
        let mut measures = Measures { rise_m: found.rise_m, ..Measures::default() };
        let detectors = speak(weighed, &mut measures);
        let full = share.is_none_or(|share| share >= FULL_SHARE);
        if full {
            self.full += 1;
        } else {
            self.short += 1;
        }
        let mut quality = marks.since(found.start_us).without(Reason::ClockPoor);
        if self.poor_rate {
            quality = quality.and(Reason::Rate);
        }
        let whole_s = seconds(found.start_us, found.end_us);
        let confidence = self.confidence(found.size, whole_s, quality);
        out.push(Movement::RepEnded(Rep {
            start: micros(found.start_us),
            top: micros(found.top_us),
            turn: micros(found.turn_us),
            end: micros(found.end_us),
            range_deg: found.range_deg,
            lift_s,
            hold_s,
            lower_s,
            rest_s: self.last_end_us.map(|end| seconds(end, found.start_us)),
            peak_deg_per_s: found.peak_dps,
            smoothness_sparc: None,
            full,
            confidence,
            detectors,
            measures,
            quality,
        }));
        if let Some(size) = found.size {
            let _ = self.first.try_push(size);
            self.sizes.push(size);
        }
        self.seconds.push(whole_s);
        self.last_end_us = Some(found.end_us);
    }

    /// How alike this one is to the others of the set, less what its quality takes away.
    fn confidence(&self, size: Option<f64>, whole_s: f64, quality: Quality) -> f64 {
        let sound = if quality.ok() { 1.0 } else { 0.7 };
        let sized = size.map_or(0.9, |size| alike(size, self.sizes.median()));
        (sized * alike(whole_s, self.seconds.median()) * sound).clamp(0.0, 1.0)
    }

    /// Whether a second counter, which saw `other`, disagrees.
    pub(super) fn disagrees(&self, other: u32) -> bool {
        other.abs_diff(self.full + self.short) > 1
    }

    /// Says so, once for each count.
    pub(super) fn doubt(&mut self, other: u32, at: Micros, out: &mut Vec<Movement>) {
        if self.disagrees(other) && self.doubted != Some(other) {
            self.doubted = Some(other);
            out.push(Movement::CountDoubted { at, other });
        }
    }
}
