//! [`Set`]: what is being counted, and what becomes of it.

use super::io::{SetEnd, SetResult};
use super::noticed::Sides;
use super::rhythm::Rhythm;
use super::stops::{Stop, Watch};
use crate::cues::Zone;
use crate::plan::Laterality;
use crate::walk::Walk;
use talus_motion::{Micros, Quality, Reason, Rep, Side, Stride};

/// Rows a resumed set leaves free before its next one: the bookmark says how many repetitions were counted, not how
/// many stayed short, and a row must never take the place of an older one.
const RESUMED_ROOM: u32 = 100;

/// The middle of some numbers; the mean of the two middle ones where they are even.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[half]),
        _ => Some(f64::midpoint(sorted[half - 1], sorted[half])),
    }
}

/// One set under way.
#[derive(Debug, Clone)]
pub(super) struct Set {
    /// One leg, or both while walking.
    pub(super) legs: Vec<Tally>,
    /// Which set of the exercise, from 1, of how many.
    pub(super) number: (u8, u8),
    /// Index in the session.
    pub(super) index: u32,
    pub(super) began: Micros,
    /// Repetitions that began earlier are not of this set (or of its part after a pause).
    pub(super) counts_from: Micros,
    /// A cuff of this set is not there.
    pub(super) lost: Option<Lost>,
    /// The set was announced: in a followed session that takes two repetitions.
    pub(super) announced: bool,
    /// What was found before that.
    pub(super) held: Vec<Found>,
    /// What the stop rules have seen.
    pub(super) watch: Watch,
    /// Where a repetition is full, and the line of a plan.
    pub(super) zone: Zone,
    /// When it was told last that something is not measured.
    pub(super) told_gap: Option<Micros>,
    /// A stop rule ends the set with this repetition.
    pub(super) stop: Option<Stop>,
    /// Nothing is counted but by hand.
    pub(super) by_hand: bool,
    /// A walk that is led or looked at.
    pub(super) walk: Option<Box<Walk>>,
    /// Which leg works, in a set of one.
    pub(super) sides: Option<Sides>,
}

/// A repetition or a stride of a set that is not announced yet.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "two are held at most")]
pub(super) enum Found {
    Rep(Rep),
    Stride(Stride),
}

impl Set {
    /// From now on nothing is counted but by hand: what the cuff sees, should it come back, is of the next set.
    pub(super) fn by_hand(&mut self) {
        self.by_hand = true;
        self.lost = None;
        self.counts_from = Micros(i64::MAX);
        self.legs.iter_mut().for_each(Tally::gap);
    }
}

/// A cuff went away in the middle of a set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lost {
    pub(super) since: Micros,
    pub(super) told: bool,
}

/// What one leg did in a set.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub(super) block: usize,
    pub(super) leg: usize,
    pub(super) exercise: String,
    pub(super) side: Side,
    pub(super) laterality: Laterality,
    pub(super) mass_g: u32,
    pub(super) target: Option<u32>,
    pub(super) measured: bool,
    pub(super) walks: bool,
    /// Counted repetitions and strides that were seen.
    pub(super) counted: u32,
    pub(super) short: u32,
    /// Numbers given to rows.
    pub(super) rows: u32,
    pub(super) last_ranges_deg: [Option<f64>; 3],
    pub(super) largest_deg: f64,
    pub(super) last_end: Option<Micros>,
    pub(super) rhythm: Rhythm,
    pub(super) pain: Option<u8>,
    /// Counted before the app was killed.
    before: u32,
    by_hand: i64,
    corrected: bool,
    gapped: bool,
    ranges_deg: Vec<f64>,
    tempos_s: [Vec<f64>; 3],
    peaks: Vec<f64>,
    strides_us: i64,
    quality: Quality,
}

impl Tally {
    pub(super) fn new(block: usize, of: &super::course::Block, laterality: Laterality) -> Self {
        Self {
            block,
            leg: of.leg,
            exercise: of.asked.exercise.clone(),
            side: of.asked.side,
            laterality,
            mass_g: of.asked.mass_g,
            target: of.asked.reps,
            measured: of.exercise.measured(),
            walks: of.exercise.walks(),
            counted: 0,
            short: 0,
            rows: 0,
            last_ranges_deg: [None; 3],
            largest_deg: 0.0,
            last_end: None,
            rhythm: Rhythm::default(),
            pain: None,
            before: 0,
            by_hand: 0,
            corrected: false,
            gapped: false,
            ranges_deg: Vec::new(),
            tempos_s: [Vec::new(), Vec::new(), Vec::new()],
            peaks: Vec::new(),
            strides_us: 0,
            quality: Quality::GOOD,
        }
    }

    /// Goes on from a count whose signal is not there.
    pub(super) fn resumed_at(&mut self, count: u32) {
        self.before = count;
        self.rows = count.saturating_add(RESUMED_ROOM);
        self.gap();
    }

    /// The count that stands.
    pub(super) fn count(&self) -> u32 {
        let seen = i64::from(self.before) + i64::from(self.counted);
        u32::try_from((seen + self.by_hand).max(0)).unwrap_or(u32::MAX)
    }

    /// Repetitions seen and counted, before any correction.
    pub(super) fn seen(&self) -> u32 {
        self.before.saturating_add(self.counted)
    }

    pub(super) fn reached(&self) -> bool {
        self.target.is_some_and(|target| self.count() >= target)
    }

    /// Takes a repetition.
    pub(super) fn rep(&mut self, rep: &Rep) {
        self.rows = self.rows.saturating_add(1);
        self.quality = self.quality.join(rep.quality);
        self.rhythm.note(rep.rest_s, rep.end.since(rep.start) as f64 * 1e-6);
        self.last_end = self.last_end.max(Some(rep.end));
        if let Some(range_deg) = rep.range_deg {
            self.largest_deg = self.largest_deg.max(range_deg);
            self.last_ranges_deg.rotate_right(1);
            self.last_ranges_deg[0] = Some(range_deg);
        }
        if !rep.full {
            self.short = self.short.saturating_add(1);
            return;
        }
        self.counted = self.counted.saturating_add(1);
        self.ranges_deg.extend(rep.range_deg);
        for (all, one) in self.tempos_s.iter_mut().zip([rep.lift_s, rep.hold_s, rep.lower_s]) {
            all.push(one);
        }
        self.peaks.push(rep.peak_deg_per_s);
    }

    /// Takes a stride.
    pub(super) fn stride(&mut self, stride: &Stride) {
        self.rows = self.rows.saturating_add(1);
        self.counted = self.counted.saturating_add(1);
        self.quality = self.quality.join(stride.quality);
        self.strides_us = self.strides_us.saturating_add(stride.end.since(stride.start).max(0));
        self.last_end = self.last_end.max(Some(stride.end));
    }

    /// Counts one more or one less by hand; `false` where nothing changes.
    pub(super) fn correct(&mut self, by: i64) -> bool {
        if self.walks || by < 0 && self.count() == 0 {
            return false;
        }
        self.by_hand = self.by_hand.saturating_add(by);
        self.corrected = true;
        true
    }

    /// Something of this set was not seen.
    pub(super) fn gap(&mut self) {
        self.gapped = true;
        self.quality = self.quality.and(Reason::Gap);
    }

    pub(super) fn gapped(&self) -> bool {
        self.gapped
    }

    /// The cuff sat otherwise for some of it.
    pub(super) fn slip(&mut self) {
        self.quality = self.quality.and(Reason::Slip);
    }

    pub(super) fn doubt(&mut self) {
        self.quality = self.quality.and(Reason::Disagree);
    }

    pub(super) fn doubted(&self) -> bool {
        self.quality.has(Reason::Disagree)
    }

    pub(super) fn result(&self, began: Micros, ended: Micros, end: SetEnd) -> SetResult {
        let [lift, hold, lower] = [0, 1, 2].map(|k: usize| median(&self.tempos_s[k]));
        let strides_s = self.strides_us as f64 * 1e-6;
        SetResult {
            exercise: self.exercise.clone(),
            side: self.side,
            laterality: self.laterality,
            mass_g: self.mass_g,
            began,
            ended,
            end,
            count: self.count(),
            short: self.short,
            target: self.target,
            range_deg: median(&self.ranges_deg),
            tempo_s: lift.zip(hold).zip(lower).map(|((lift, hold), lower)| [lift, hold, lower]),
            peak_deg_per_s: median(&self.peaks),
            // Two steps a stride, over the time that was walked rather than the time that passed.
            cadence_per_min: (self.walks && strides_s > 0.0).then(|| 120.0 * f64::from(self.counted) / strides_s),
            reserve: None,
            pain: self.pain,
            counts_for_progress: self.measured
                && self.counted > 0
                && !self.corrected
                && !self.gapped
                && !self.quality.has(Reason::Slip)
                && !self.doubted(),
            quality: self.quality,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
