//! Strides, found as they happen: [`Walker`] watches one leg walk.
//!
//! Works from the gyroscope alone and for any way a cuff sits round the leg: the axis the leg turns about is the
//! principal axis of the last seconds, and its sign follows from what every gait has in common. A leg turns forward
//! in the swing as far as it turns back in the rest of the stride, but in less time, so the mean of the rate times
//! its own size points the way of the swing. Swings are announced once three of them make a walk, each with its own
//! times; what was announced is never withdrawn. A stride follows its last contact by the stance that ends its way.

mod blows;
mod bout;
mod path;
pub(crate) mod ring;
mod swing;
mod trace;
mod turns;

use crate::intake::Marks;
use crate::model::Site;
use crate::movement::{Movement, Stride};
use crate::noticed::Finding;
use crate::noticed::trip::Interruption;
use crate::orient::{Quat, Vqf, cross, dot, norm};
use crate::stats::{Recent, Spread};
use crate::words::{Micros, Quality, Reason};
use arrayvec::ArrayVec;
use blows::Blows;
use bout::Sum;
use core::ops::RangeInclusive;
use path::{Path, Stance};
use ring::Ring;
use swing::{PEAK_LEAST_DPS, Search, Swing};
use trace::Trace;
use turns::Turns;

/// A stride takes this long, s: from running to the slowest walking with a stick or a frame, forty steps a minute and fewer.
const STRIDE_S: RangeInclusive<f64> = 0.5..=4.0;
/// Share of a stride in swing: legs do 0.2 to 0.55. A leg that only swings to and fro comes to 0.63.
const SWING_SHARE: RangeInclusive<f64> = 0.15..=0.6;
/// … and up to this where strides are quick, s, and the foot struck at each contact: who runs is in the air for longer, and so is
/// a foot on a pedal, which strikes nothing.
const SWING_SHARE_QUICK: f64 = 0.72;
const QUICK_S: f64 = 0.85;
/// A leg is in the air no longer than this when walking, s; exercise moves more slowly.
const SWING_MOST_S: f64 = 1.2;
/// Mid-swings lie at least this far apart, µs: a lobe sooner is the rebound of a contact.
const APART_US: f64 = 0.4e6;
/// Swings that make a walk.
const CONFIRMING: usize = 3;
/// Strides this slow are as long as repetitions are, s: more swings are asked for, …
const SLOW_S: f64 = 2.5;
const CONFIRMING_SLOW: usize = 4;
/// … and neighbours more alike.
const TIME_FACTOR_SLOW: f64 = 1.3;
/// Neighbouring strides of a walk differ by no more than this factor in time, their peaks by no more than that.
const TIME_FACTOR: f64 = 1.6;
const PEAK_FACTOR: f64 = 2.0;
/// A swing reaches this share of the usual peak: slow walkers stay in, fidgeting between swings stays out.
const PEAK_SHARE: f64 = 0.35;
/// The axis is learned from this much of the past, s: two slow strides.
const AXIS_S: f64 = 5.0;
/// Below this rate between moments a leg is not turning and shapes no axis, °/s.
const TURNING_DPS: f64 = 10.0;
/// How often the trace is searched, s.
const LOOK_S: f64 = 0.1;
/// Looks from one axis to the next.
const LOOKS_PER_AXIS: u32 = 10;
/// Against this share of the turning the sign of the swing is believed to be the other one.
const SIGN_SHARE: f64 = 0.1;
/// … and below this share in its favour it is not believed yet.
const SIGN_UNSURE: f64 = 0.05;
/// Without a contact for this long the person is not walking, µs.
const STOPPED_US: f64 = 4.5e6;
/// Below this rate a contact is not timed well enough to compare legs, Hz: one period is 5 % of a swing.
const RATE_LEAST_HZ: f64 = 45.0;
/// The foot lies flat within these shares of a stride after its contact: it has come down, the heel has not risen.
const FLAT: (f64, f64) = (0.1, 0.45);
/// … and this much of it has to be seen.
const FLAT_SEEN: f64 = 0.25;
/// Before a first swing the person stood; the foot lay flat within these times before it left the ground, µs.
const STOOD_US: (f64, f64) = (1e6, 0.1e6);
/// A stride before there is any, s.
const USUAL_S: f64 = 1.1;
/// Cosine of the angle up to which an axis is the one before: 25°.
const SAME_AXIS: f64 = 0.906;
/// What speaks against a length but not against the times.
const NO_LENGTH: [Reason; 4] = [Reason::AccSaturated, Reason::GyrSaturated, Reason::Stuck, Reason::NoGravity];
/// The heading is taken so often, µs, …
const HEADING_STEP_US: f64 = 5e4;
/// … and how the cuff lay is kept for as long as swings are: 14 s.
const LAY_KEPT: usize = 280;
/// A foot that is caught does not turn round: who turns by this much in a swing, degrees, puts the foot down in parts.
const TURNS_ROUND_DEG: f64 = 20.0;
/// Most swings one search can find: the trace holds no more.
const SWINGS: usize = 24;

/// A walk under way.
#[derive(Debug, Clone)]
struct Bout {
    axis: [f64; 3],
    last: Swing,
    peaks: Recent<5>,
    looks: u32,
}

/// A contact whose stance is still to come.
#[derive(Debug, Clone)]
struct Landed {
    /// The stride it ended, its length not yet known; `None` for the first of a walk.
    stride: Option<Stride>,
    foot_off_us: f64,
    contact_us: f64,
    stride_s: f64,
}

/// Finds the strides of one leg.
#[derive(Debug, Clone)]
pub(crate) struct Walker {
    trace: Trace,
    path: Path,
    blows: Blows,
    turns: Turns,
    /// How the cuff lay in the last seconds, and the way up: for turns in the first strides, before they were a walk.
    lay: Ring<(f64, Quat, [f64; 3])>,
    /// The axis whose heading is followed: that of the walk's first strides, as long as the cuff sits as it did.
    swings_about: Option<[f64; 3]>,
    landed: Option<Landed>,
    /// The stance the next way begins at.
    stance: Option<Stance>,
    /// Where the leg is, as seen from where the walk began, m; `None` once a part of the way was not measured.
    place: Option<[f64; 3]>,
    poor_rate: bool,
    per_look: u32,
    moments: u32,
    /// Where the search goes on: nothing before it is announced any more.
    from: u64,
    bout: Option<Bout>,
    times: Recent<5>,
    contact_us: f64,
    strides: u32,
    /// The walk under way, over its pauses of a step or two.
    sum: Option<Sum>,
}

impl Walker {
    /// A walker for samples at about `rate_hz` per second.
    pub(crate) fn new(rate_hz: f64) -> Self {
        let trace = Trace::new(rate_hz);
        let per_look = (LOOK_S * trace.rate_hz()).round().max(1.0) as u32;
        Self {
            trace,
            path: Path::new(rate_hz, Site::default().pivot_m()),
            blows: Blows::new(rate_hz),
            turns: Turns::new(),
            lay: Ring::new(LAY_KEPT),
            swings_about: None,
            landed: None,
            stance: None,
            place: Some([0.0; 3]),
            poor_rate: rate_hz < RATE_LEAST_HZ,
            per_look,
            moments: 0,
            from: 0,
            bout: None,
            times: Recent::new(),
            contact_us: f64::NEG_INFINITY,
            strides: 0,
            sum: None,
        }
    }

    /// Where the sensor sits from now on.
    pub(crate) fn wear(&mut self, site: Site) {
        self.path.set_height(site.pivot_m());
    }

    /// Starts a walk: nothing found yet.
    pub(crate) fn begin(&mut self) {
        self.forget();
        self.sum = None;
        self.strides = 0;
        self.contact_us = f64::NEG_INFINITY;
        self.place = Some([0.0; 3]);
    }

    /// Samples were missing: no stride reaches across.
    pub(crate) fn cut(&mut self, marks: &Marks, out: &mut Vec<Movement>) {
        self.end(marks, out);
        self.forget();
        self.place = None;
    }

    /// The walk is over: what has ended is told.
    pub(crate) fn end(&mut self, marks: &Marks, out: &mut Vec<Movement>) {
        self.settle(marks, out);
        out.extend(self.sum.take().and_then(|sum| sum.over()).map(Movement::Walked));
    }

    fn forget(&mut self) {
        self.trace.cut();
        self.path.cut();
        self.blows.cut();
        self.lay.cut();
        self.turns.cut();
        self.swings_about = None;
        self.landed = None;
        self.stance = None;
        self.from = self.trace.next();
        self.moments = 0;
        self.bout = None;
        self.times.clear();
    }

    /// Strides so far.
    pub(crate) fn strides(&self) -> u32 {
        self.strides
    }

    /// How far the leg is from where the walk began, metres along the ground; `None` where a part was not measured.
    pub(crate) fn start_distance_m(&self) -> Option<f64> {
        self.place.filter(|_| self.strides > 0).map(norm)
    }

    /// Steps per minute of both feet from the last strides; `None` when not walking at `at_us`.
    pub(crate) fn cadence_per_min(&self, at_us: f64) -> Option<f64> {
        (at_us - self.contact_us <= STOPPED_US).then_some(())?;
        self.times.median().map(|stride_s| 120.0 / stride_s)
    }

    /// Takes one sample: angular rate without bias in °/s, specific force in m/s², both in the cuff's axes, and the
    /// orientation it led to.
    pub(crate) fn push(
        &mut self,
        at_us: f64,
        gyr_dps: [f64; 3],
        acc: [f64; 3],
        orientation: &Vqf,
        marks: &Marks,
        out: &mut Vec<Movement>,
    ) {
        self.blows.push(at_us, acc);
        let up = orientation.up();
        self.path.push(at_us, gyr_dps.map(f64::to_radians), acc, up);
        if self.lay.newest().is_none_or(|(last_us, ..)| at_us - last_us >= HEADING_STEP_US) {
            let lies = (at_us, self.path.orientation(), up);
            self.lay.push(lies);
            if at_us - self.contact_us <= STOPPED_US {
                self.head(lies, out);
            }
        }
        if !self.trace.push(at_us, gyr_dps) {
            return;
        }
        self.moments += 1;
        if self.moments < self.per_look {
            return;
        }
        self.moments = 0;
        let stood = |landed: &Landed| self.path.newest_us() >= Some(landed.contact_us + FLAT.1 * 1e6 * landed.stride_s);
        if self.landed.as_ref().is_some_and(stood) {
            self.settle(marks, out);
        }
        if at_us - self.contact_us > STOPPED_US && self.bout.is_none() {
            self.end(marks, out);
        }
        match self.bout.take() {
            Some(bout) => self.follow(bout, marks, out),
            None => self.look_for_walk(marks, out),
        }
    }

    /// The heading of the axis the leg swings about, and a turn that has ended.
    fn head(&mut self, (at_us, lies, up): (f64, Quat, [f64; 3]), out: &mut Vec<Movement>) {
        if let Some(axis) = self.swings_about {
            out.extend(self.turns.push(at_us, lies.turn(axis), lies.turn(up)));
        }
    }

    /// The axis of the last seconds, its sign that of `like` or else that of the swing, and how far the turning speaks
    /// for that sign (−1 to 1).
    fn axis(&self, like: Option<[f64; 3]>) -> Option<([f64; 3], f64)> {
        let count = (AXIS_S * self.trace.rate_hz()) as u64;
        let from = self.trace.next().saturating_sub(count).max(self.trace.oldest());
        let mut spread = Spread::new();
        let (mut leaning, mut whole) = ([0.0; 3], 0.0);
        for moment in self.trace.rows(from, self.trace.next()).into_iter().flatten() {
            let size = moment.size;
            if size < TURNING_DPS {
                continue;
            }
            spread.add(moment.coarse);
            for (sum, rate) in leaning.iter_mut().zip(moment.coarse) {
                *sum += size * rate;
            }
            whole += size * size;
        }
        let (axis, _) = spread.principal()?;
        let lean = dot(leaning, axis) / whole;
        // The sign kept is that of the axis before, or that of the swing where there was none.
        let keeps = like.map_or(lean >= 0.0, |like| dot(like, axis) >= 0.0);
        Some(if keeps { (axis, lean) } else { (axis.map(|a| -a), -lean) })
    }

    fn follow(&mut self, mut bout: Bout, marks: &Marks, out: &mut Vec<Movement>) {
        bout.looks += 1;
        if bout.looks >= LOOKS_PER_AXIS {
            bout.looks = 0;
            match self.axis(Some(bout.axis)) {
                Some((_, lean)) if lean < -SIGN_SHARE => return,
                Some((axis, _)) => bout.axis = axis,
                None => {}
            }
        }
        loop {
            let usual = bout.peaks.median().unwrap_or(0.0);
            let search = Search {
                axis: bout.axis,
                least_dps: PEAK_LEAST_DPS.max(PEAK_SHARE * usual),
                not_before_us: bout.last.mid_us + APART_US,
            };
            let Some(swing) = search.first(&self.trace, self.from) else { break };
            // A stride unlike the ones before is a turn or a missed swing: what follows has to make a walk anew.
            let usual_s = self.times.median();
            let goes_on = |s: f64| usual_s.is_none_or(|usual| alike(s, usual));
            if !stride_s(&bout.last, &swing, &self.blows).is_some_and(goes_on) {
                return;
            }
            self.announce(Some(&bout.last), &swing, marks, out);
            out.extend(self.caught(bout.axis, &swing, marks).map(Movement::Noticed));
            bout.peaks.push(swing.peak_dps);
            bout.last = swing;
        }
        let stopped = self.trace.newest().is_none_or(|m| m.at_us - bout.last.contact_us > STRIDE_S.end() * 1e6);
        if !stopped {
            self.bout = Some(bout);
        }
    }

    fn look_for_walk(&mut self, marks: &Marks, out: &mut Vec<Movement>) {
        let Some((axis, lean)) = self.axis(None) else { return };
        if lean < SIGN_UNSURE {
            return;
        }
        let mut run: ArrayVec<Swing, SWINGS> = ArrayVec::new();
        let mut from = self.from;
        let mut search = Search { axis, least_dps: PEAK_LEAST_DPS, not_before_us: f64::NEG_INFINITY };
        while let Some(swing) = search.first(&self.trace, from) {
            let follows = match run.as_slice() {
                [] => true,
                [last] => goes_with(last, &swing, &self.blows).is_some(),
                [.., before, last] => goes_with(before, last, &self.blows)
                    .zip(goes_with(last, &swing, &self.blows))
                    .is_some_and(|(a, b)| alike(a, b)),
            };
            if !follows || run.is_full() {
                // The last one may be the first of the walk.
                let last = run.last().copied().filter(|last| goes_with(last, &swing, &self.blows).is_some());
                run.clear();
                run.extend(last);
            }
            run.push(swing);
            from = swing.after;
            search.not_before_us = swing.mid_us + APART_US;
        }
        let Some(last) = run.last().copied() else { return };
        let slow = run.windows(2).any(|pair| stride_s(&pair[0], &pair[1], &self.blows).is_some_and(|s| s > SLOW_S));
        if run.len() < if slow { CONFIRMING_SLOW } else { CONFIRMING } {
            return;
        }
        if self.swings_about.is_none_or(|before| dot(before, axis) < SAME_AXIS) {
            self.turns.cut();
            self.swings_about = Some(axis);
            // The turns in the strides that have just become a walk.
            let began_us = run.first().map_or(last.contact_us, |swing| swing.foot_off_us) - STOOD_US.0;
            let from = self.lay.first_from(|(at_us, ..)| *at_us >= began_us);
            for number in from..self.lay.next() {
                if let Some(lies) = self.lay.get(number).copied() {
                    self.head(lies, out);
                }
            }
        }
        self.times.clear();
        let mut peaks = Recent::new();
        let mut before = None;
        for swing in &run {
            self.announce(before, swing, marks, out);
            peaks.push(swing.peak_dps);
            before = Some(swing);
        }
        self.bout = Some(Bout { axis, last, peaks, looks: 0 });
    }

    /// Whether the foot was caught in a swing of the walk under way.
    fn caught(&self, axis: [f64; 3], swing: &Swing, marks: &Marks) -> Option<Finding> {
        let quality = marks.since(swing.foot_off_us).without(Reason::ClockPoor);
        if self.poor_rate || quality.has(Reason::Gap) || quality.has(Reason::GyrSaturated) || quality.has(Reason::Stuck)
        {
            return None;
        }
        let mut interruption = Interruption::default();
        // Seen backwards a fall between two rises is one as well.
        let late = self.trace.between(self.trace.oldest(), swing.after).rev();
        for moment in late.take_while(|moment| moment.at_us >= swing.foot_off_us) {
            if moment.at_us <= swing.contact_us {
                interruption.push(moment.at_us, dot(moment.fine, axis));
            }
        }
        let found = interruption.over(swing.contact_us, quality)?;
        let round = self.turned_deg(axis, swing.foot_off_us, swing.contact_us)?.abs() > TURNS_ROUND_DEG;
        (!round && self.blows.struck(found.start.0 as f64)).then_some(found)
    }

    /// By how much the heading of the axis changed between two times, degrees; `None` where that is not known.
    fn turned_deg(&self, axis: [f64; 3], from_us: f64, to_us: f64) -> Option<f64> {
        let seen = || self.lay.between(0, self.lay.next()).filter(|(at_us, ..)| (from_us..=to_us).contains(at_us));
        let heading = |(_, lies, up): &(f64, Quat, [f64; 3])| {
            let (axis, up) = (lies.turn(axis), lies.turn(*up));
            let tilt = dot(axis, up);
            ([0, 1, 2].map(|k: usize| axis[k] - tilt * up[k]), up)
        };
        let ((from, up), (to, _)) = (heading(seen().next()?), heading(seen().next_back()?));
        Some(libm::atan2(dot(up, cross(from, to)), dot(from, to)).to_degrees())
    }

    fn announce(&mut self, before: Option<&Swing>, swing: &Swing, marks: &Marks, out: &mut Vec<Movement>) {
        self.settle(marks, out);
        self.from = swing.after;
        self.contact_us = swing.contact_us;
        let at = |us: f64| Micros(us.round() as i64);
        self.sum.get_or_insert_with(|| Sum::new(swing.foot_off_us)).contact(swing.contact_us);
        out.push(Movement::FootOff { at: at(swing.foot_off_us) });
        out.push(Movement::InitialContact { at: at(swing.contact_us) });
        let follows = before.and_then(|b| Some((b, stride_s(b, swing, &self.blows)?)));
        let stride = follows.map(|(before, stride_s)| {
            self.times.push(stride_s);
            let mut quality: Quality = marks.since(before.contact_us);
            if self.poor_rate {
                quality = quality.and(Reason::Rate);
            }
            Stride {
                start: at(before.contact_us),
                foot_off: at(swing.foot_off_us),
                end: at(swing.contact_us),
                swing_fraction: (swing.contact_us - swing.foot_off_us) * 1e-6 / stride_s,
                length_m: None,
                length_error_m: None,
                lift_m: None,
                quality,
            }
        });
        self.landed = Some(Landed {
            foot_off_us: swing.foot_off_us,
            contact_us: swing.contact_us,
            stride_s: self.times.median().unwrap_or(USUAL_S),
            stride,
        });
    }

    /// The stance after the last contact is over, as far as it was seen: the way to it is known.
    fn settle(&mut self, marks: &Marks, out: &mut Vec<Movement>) {
        let Some(Landed { stride, foot_off_us, contact_us, stride_s }) = self.landed.take() else { return };
        let after = |share: f64| contact_us + share * 1e6 * stride_s;
        let seen = self.path.newest_us() >= Some(after(FLAT_SEEN));
        let stance = if seen { self.path.stance(after(FLAT.0), after(FLAT.1)) } else { None };
        let from = if stride.is_some() {
            self.stance
        } else {
            self.path.stance(foot_off_us - STOOD_US.0, foot_off_us - STOOD_US.1)
        };
        let since_us = stride.as_ref().map_or(foot_off_us, |stride| stride.start.0 as f64);
        let marred = marks.since(since_us).reasons().any(|reason| NO_LENGTH.contains(&reason));
        let way = from.zip(stance).filter(|_| !marred).and_then(|(from, to)| self.path.between(&from, &to, contact_us));
        self.stance = stance;
        self.place = self.place.zip(way).map(|(place, way)| [0, 1, 2].map(|k: usize| place[k] + way.level[k]));
        let Some(stride) = stride else { return };
        self.strides += 1;
        let stride = Stride {
            length_m: way.map(|way| way.length_m),
            length_error_m: way.map(|way| way.error_m),
            lift_m: way.map(|way| way.lift_m),
            ..stride
        };
        if let Some(sum) = &mut self.sum {
            sum.stride(&stride);
        }
        out.push(Movement::Strode(stride));
    }
}

/// Seconds of the stride from one swing's contact to the next, where that is a stride at all.
fn stride_s(before: &Swing, swing: &Swing, blows: &Blows) -> Option<f64> {
    let stride_s = (swing.contact_us - before.contact_us) * 1e-6;
    let air_s = (swing.contact_us - swing.foot_off_us) * 1e-6;
    let whole = STRIDE_S.contains(&stride_s)
        && swing.foot_off_us > before.contact_us
        && air_s <= SWING_MOST_S
        && (SWING_SHARE.contains(&(air_s / stride_s))
            || stride_s <= QUICK_S
                && (*SWING_SHARE.start()..=SWING_SHARE_QUICK).contains(&(air_s / stride_s))
                && blows.struck(before.contact_us)
                && blows.struck(swing.contact_us));
    whole.then_some(stride_s)
}

/// Whether two strides may follow each other.
fn alike(a: f64, b: f64) -> bool {
    let factor = if a.min(b) > SLOW_S { TIME_FACTOR_SLOW } else { TIME_FACTOR };
    a <= factor * b && b <= factor * a
}

/// As [`stride_s`], for two swings of a walk that is yet to be believed.
fn goes_with(before: &Swing, swing: &Swing, blows: &Blows) -> Option<f64> {
    let (a, b) = (before.peak_dps, swing.peak_dps);
    (a <= PEAK_FACTOR * b && b <= PEAK_FACTOR * a).then(|| stride_s(before, swing, blows)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::movement::Walked;
    use crate::words::Sample;
    use crate::{Live, Task, Tracker};

    /// Fastest backward turn and dip of the made-up gait, as shares of the stride.
    const PUSHED: f64 = 0.56;
    const DIPPED: f64 = 0.96;
    /// Foot off: three quarters of the push remain. Contact: three tenths of the dip are reached.
    const FOOT_OFF: f64 = 0.5822;
    const CONTACT: f64 = 0.9322;

    /// Turning rate of a shank, °/s, at a share of the stride: leaning forward through stance, pushing off,
    /// swinging, and the dip of the contact.
    fn shank_dps(share: f64) -> f64 {
        let bell = |at: f64, width: f64| {
            let off = (share - at + 1.5).rem_euclid(1.0) - 0.5;
            libm::exp(-0.5 * (off / width) * (off / width))
        };
        330.0 * bell(0.76, 0.075) - 190.0 * bell(PUSHED, 0.035) - 140.0 * bell(DIPPED, 0.022) - 75.0 * bell(0.3, 0.15)
    }

    /// A leg that stands for `stand_s` and then walks `strides` strides of `stride_s` and stands again.
    fn walk(rate_hz: f64, stand_s: f64, strides: u32, stride_s: f64, size: f64) -> Vec<Sample> {
        let end_s = stand_s + f64::from(strides) * stride_s;
        (0..((end_s + 6.0) * rate_hz) as u32)
            .map(|i| {
                let t = f64::from(i) / rate_hz;
                let walking = t >= stand_s && t < end_s;
                let rate = if walking { size * shank_dps((t - stand_s) / stride_s) } else { 0.0 };
                let wobble = 0.3 * libm::sin(t * 57.0);
                // An axis that is none of the cuff's.
                let gyr = [0.6 * rate + wobble, -0.64 * rate, 0.48 * rate - wobble].map(f64::to_radians);
                Sample { at_us: t * 1e6, acc: [wobble * 0.1, 9.81, 0.0], gyr, clipped: false }
            })
            .collect()
    }

    fn follow(samples: &[Sample], rate_hz: f64) -> (Live, Vec<Movement>) {
        let mut tracker = Tracker::for_samples(rate_hz).unwrap();
        let mut out = Vec::new();
        tracker.begin(Micros(0), Task::Walk, None);
        for sample in samples {
            tracker.push_sample(sample, &mut out);
        }
        (tracker.live(), out)
    }

    fn strides(out: &[Movement]) -> Vec<&Stride> {
        out.iter().filter_map(|m| if let Movement::Strode(stride) = m { Some(stride) } else { None }).collect()
    }

    #[test]
    fn every_stride_is_found_with_its_times_at_every_rate_and_pace() {
        for rate_hz in [25.0, 50.0, 100.0, 208.0, 400.0] {
            for (stride_s, size) in [(0.8, 1.3), (1.1, 1.0), (2.0, 0.3)] {
                let (live, out) = follow(&walk(rate_hz, 2.0, 12, stride_s, size), rate_hz);
                let found = strides(&out);
                // Twelve swings with a contact each: eleven strides, and no more.
                assert_eq!(found.len(), 11, "{rate_hz} Hz, {stride_s} s");
                assert_eq!(live.strides, 11);
                for (i, stride) in found.iter().enumerate() {
                    let contact_s = 2.0 + (i as f64 + CONTACT) * stride_s;
                    let foot_off_s = 2.0 + (i as f64 + 1.0 + FOOT_OFF) * stride_s;
                    // One sample is 40 ms at the lowest rate; the parabola finds a third of it.
                    let within = 0.004 + 0.3 / rate_hz + 0.01 * stride_s;
                    assert!((stride.start.seconds() - contact_s).abs() < within, "{rate_hz} {stride_s} {stride:?}");
                    assert!((stride.foot_off.seconds() - foot_off_s).abs() < within, "{rate_hz} {stride_s} {stride:?}");
                    assert!((stride.stride_s() - stride_s).abs() < within, "{rate_hz} {stride_s} {stride:?}");
                    assert!(
                        (stride.swing_fraction - CONTACT + FOOT_OFF).abs() < 2.0 * within / stride_s,
                        "{rate_hz} {stride:?}"
                    );
                    assert_eq!(stride.quality.has(Reason::Rate), rate_hz < 45.0);
                }
            }
        }
    }

    #[test]
    fn contacts_are_announced_soon_and_the_first_ones_with_the_third() {
        let samples = walk(100.0, 2.0, 8, 1.1, 1.0);
        let mut tracker = Tracker::for_samples(100.0).unwrap();
        tracker.begin(Micros(0), Task::Walk, None);
        let mut delays = Vec::new();
        for sample in &samples {
            let mut out = Vec::new();
            tracker.push_sample(sample, &mut out);
            let late = |m: &Movement| match m {
                Movement::InitialContact { at } => Some(sample.at_us * 1e-6 - at.seconds()),
                _ => None,
            };
            delays.extend(out.iter().filter_map(late));
        }
        assert_eq!(delays.len(), 8);
        assert!(delays[..2].iter().all(|s| (1.0..3.0).contains(s)), "{delays:?}");
        assert!(delays[2..].iter().all(|s| (0.0..0.5).contains(s)), "{delays:?}");
    }

    #[test]
    fn cadence_is_told_while_walking_and_not_after() {
        let samples = walk(100.0, 2.0, 10, 1.2, 1.0);
        let (live, _) = follow(&samples[..1300], 100.0);
        assert!((live.cadence_per_min.unwrap() - 100.0).abs() < 1.0, "{live:?}");
        let (live, _) = follow(&samples, 100.0);
        assert_eq!((live.cadence_per_min, live.strides), (None, 9), "six seconds after the last step");
    }

    #[test]
    fn each_walk_is_summed_up_once_it_is_over_and_the_last_with_the_task() {
        let mut samples = walk(100.0, 2.0, 12, 1.2, 1.0);
        let from_us = samples.last().unwrap().at_us + 1e4;
        // The second one is still going when the task ends.
        let again = walk(100.0, 1.0, 20, 1.0, 1.0).into_iter().take(2000);
        samples.extend(again.map(|s| Sample { at_us: s.at_us + from_us, ..s }));
        let (mut tracker, mut out) = (Tracker::for_samples(100.0).unwrap(), Vec::new());
        tracker.begin(Micros(0), Task::Walk, None);
        for sample in &samples {
            tracker.push_sample(sample, &mut out);
        }
        let walked = |out: &[Movement]| -> Vec<Walked> {
            out.iter().filter_map(|m| if let Movement::Walked(walked) = m { Some(*walked) } else { None }).collect()
        };
        assert_eq!(walked(&out).len(), 1);
        tracker.end(Micros(60_000_000), &mut out);
        let [first, second] = walked(&out)[..] else { panic!("{out:?}") };
        assert_eq!((first.strides, second.strides), (11, 17));
        assert!((first.cadence_per_min - 100.0).abs() < 0.5 && (second.cadence_per_min - 120.0).abs() < 0.5);
        // From the first foot off: 12 strides less what comes before it and after the contact.
        let walked_s = first.end.since(first.start) as f64 * 1e-6;
        assert!((walked_s - 1.2 * (11.0 + CONTACT - FOOT_OFF)).abs() < 0.05, "{first:?}");
        assert!(first.running_s == 0.0 && first.end < second.start);
        assert_eq!(strides(&out).len(), 28);
    }

    #[test]
    fn two_steps_are_not_yet_a_walk() {
        let (live, out) = follow(&walk(100.0, 2.0, 2, 1.1, 1.0), 100.0);
        assert!(strides(&out).is_empty() && live.strides == 0);
        assert!(!out.iter().any(|m| matches!(m, Movement::InitialContact { .. } | Movement::FootOff { .. })));
    }

    #[test]
    fn a_leg_that_swings_to_and_fro_or_lifts_and_lowers_does_not_walk() {
        // Even swinging has no stance: what follows a swing at once is the next swing back. The quick ones are a foot on a pedal.
        let waves = [0.6, 0.7, 0.8, 1.4].map(|s: f64| move |t: f64| 200.0 * libm::sin(core::f64::consts::TAU * t / s));
        // A quick repetition every three seconds: up within half a second, down within half a second.
        let lifts = |t: f64| match t % 3.0 {
            p if p < 0.5 => 150.0 * libm::sin(core::f64::consts::TAU * p),
            p if p < 1.5 => 0.0,
            p if p < 2.0 => -150.0 * libm::sin(core::f64::consts::TAU * (p - 1.5)),
            _ => 0.0,
        };
        let [a, b, c, d] = &waves;
        for dps in [a as &dyn Fn(f64) -> f64, b, c, d, &lifts] {
            let samples: Vec<_> = (0..6000)
                .map(|i| {
                    let t = f64::from(i) * 0.01;
                    Sample {
                        at_us: t * 1e6,
                        acc: [0.0, 9.81, 0.0],
                        gyr: [dps(t).to_radians(), 0.0, 0.0],
                        clipped: false,
                    }
                })
                .collect();
            assert!(strides(&follow(&samples, 100.0).1).is_empty());
        }
    }

    #[test]
    fn no_stride_reaches_across_a_gap() {
        let mut samples = walk(100.0, 2.0, 20, 1.1, 1.0);
        let (from, to) = (11.0e6, 11.3e6);
        samples.retain(|s| s.at_us < from || s.at_us > to);
        let (_, out) = follow(&samples, 100.0);
        assert!(out.iter().any(|m| matches!(m, Movement::Gapped(_))));
        let found = strides(&out);
        assert!(found.len() >= 15, "{}", found.len());
        for stride in found {
            assert!(stride.end.0 as f64 <= from || stride.start.0 as f64 >= to, "{stride:?}");
        }
    }

    #[test]
    fn a_new_task_counts_from_zero() {
        let samples = walk(100.0, 2.0, 8, 1.1, 1.0);
        let mut tracker = Tracker::for_samples(100.0).unwrap();
        tracker.begin(Micros(0), Task::Walk, None);
        let mut out = Vec::new();
        for sample in &samples {
            tracker.push_sample(sample, &mut out);
        }
        assert_eq!(tracker.live().strides, 7);
        tracker.end(Micros(20_000_000), &mut out);
        assert_eq!((tracker.live().strides, tracker.live().cadence_per_min), (7, None));
        tracker.begin(Micros(20_000_000), Task::Walk, None);
        assert_eq!(tracker.live().strides, 0);
    }
}
