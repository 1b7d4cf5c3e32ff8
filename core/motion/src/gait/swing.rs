//! Finding swings: the lobes of turning that carry the leg forward, with the foot-off before and the contact after.
//!
//! Mid-swing is a peak of the turning rate as in Salarian et al., "Gait assessment in Parkinson's disease", IEEE Trans.
//! Biomed. Eng. 51(8):1434–1443 (2004); the lobe is found on the coarse signal, which has one per stride, both instants
//! on the fine one. They are taken where the rate passes through a level rather than at the extremum beside it: an
//! extremum is flat, so its time jitters, and it moves with the low-pass. The contact is where the turn back has come to
//! three tenths of its fastest: 13 ms after the optical contact of a recorded shoe and 12 ms before the force plate's in
//! the published walk that the simulated leg follows (the end of the forward turn: 0 and 23 ms before; the extremum: 60
//! and 65 ms after). The foot off is where the backward turn has let up to three quarters: 1 ms before and 2 ms before.
//! Both scatter by little more than half of what the extrema do.

use super::trace::{Moment, Trace};
use crate::orient::dot;
use core::ops::{Range, RangeInclusive};

/// Smallest peak of a swing, °/s. Published code takes 50 on a signal less smooth than the coarse one.
pub(super) const PEAK_LEAST_DPS: f64 = 35.0;
/// Smallest turn of a swing, degrees: fidgeting and the rebound after a contact stay below.
const TURN_LEAST_DEG: f64 = 12.0;
/// A foot that leaves the ground turned backwards at least this fast before, °/s (published).
const FOOT_OFF_DPS: f64 = -20.0;
/// How far an extremum stands out from what follows it: this share of the peak …
const STANDS_OUT_SHARE: f64 = 0.03;
/// … but at least this, °/s.
const STANDS_OUT_DPS: f64 = 4.0;
/// The instants are looked for where the coarse lobe has fallen to this share of its peak …
const EDGE_SHARE: f64 = 0.6;
/// … and this much further in, s: a coarse edge may lie that far outside the fine one.
const EDGE_SLACK_S: f64 = 0.04;
/// Longest way from the edge back to the fastest backward turn, s.
const FOOT_OFF_WITHIN_S: f64 = 0.4;
/// Share of the fastest backward turn at which the foot leaves the ground.
const FOOT_OFF_SHARE: f64 = 0.75;
/// The leg's turn back after the contact is fastest no later than this after it began, s; the fine signal turns round
/// no later than that after the coarse one.
const DIP_WITHIN_S: f64 = 0.12;
/// Share of that fastest turn back at which the foot has touched the ground.
const CONTACT_SHARE: f64 = 0.3;

/// A swing of one leg; times in µs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Swing {
    pub(super) foot_off_us: f64,
    pub(super) contact_us: f64,
    /// Peak of the coarse turning rate, °/s, and when.
    pub(super) peak_dps: f64,
    pub(super) mid_us: f64,
    /// The first moment after the lobe: where the search for the next swing begins.
    pub(super) after: u64,
}

/// A lobe of forward turning on the coarse signal.
#[derive(Debug, Clone, Copy)]
struct Lobe {
    peak: u64,
    peak_dps: f64,
    /// First and last moment at or above the edge's share of the peak.
    from: u64,
    to: u64,
    /// First moment after the lobe.
    after: u64,
}

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// Axis about which the leg turns, unit length, positive turning is swing.
    pub(super) axis: [f64; 3],
    /// Smallest peak, °/s.
    pub(super) least_dps: f64,
    /// No mid-swing before this time, µs.
    pub(super) not_before_us: f64,
}

impl Search {
    /// The first whole swing at or after the moment `from`; `None` while there is none that has been seen to its end.
    pub(super) fn first(&self, trace: &Trace, from: u64) -> Option<Swing> {
        let mut from = from.max(trace.oldest());
        loop {
            let lobe = self.lobe(trace, from)?;
            let mid_us = trace.get(lobe.peak)?.at_us;
            if mid_us >= self.not_before_us
                && let Some(foot_off_us) = self.foot_off(trace, &lobe)
            {
                let contact_us = self.contact(trace, &lobe)?;
                return Some(Swing { foot_off_us, contact_us, peak_dps: lobe.peak_dps, mid_us, after: lobe.after });
            }
            from = lobe.after;
        }
    }

    fn coarse(&self, moment: &Moment) -> f64 {
        dot(moment.coarse, self.axis)
    }

    fn fine(&self, moment: &Moment) -> f64 {
        dot(moment.fine, self.axis)
    }

    /// The first whole lobe that is large enough.
    fn lobe(&self, trace: &Trace, from: u64) -> Option<Lobe> {
        // Where the lobe under way began, its peak, and how far it turned.
        let (mut start, mut peak, mut peak_dps, mut turn_deg) = (from, from, 0.0, 0.0);
        // A lobe that is already under way has no beginning.
        let mut cut_off = true;
        let mut number = from;
        for row in trace.rows(from, trace.next()) {
            for moment in row {
                let rate = self.coarse(moment);
                if rate > 0.0 {
                    turn_deg += rate / trace.rate_hz();
                    if rate > peak_dps {
                        (peak, peak_dps) = (number, rate);
                    }
                } else {
                    if peak_dps >= self.least_dps && turn_deg >= TURN_LEAST_DEG && !cut_off {
                        return Some(self.edges(trace, start..number, peak, peak_dps));
                    }
                    (start, peak, peak_dps, turn_deg) = (number + 1, number + 1, 0.0, 0.0);
                    cut_off = false;
                }
                number += 1;
            }
        }
        None
    }

    /// The lobe over these moments.
    fn edges(&self, trace: &Trace, over: Range<u64>, peak: u64, peak_dps: f64) -> Lobe {
        let high = |moment: &Moment| self.coarse(moment) >= EDGE_SHARE * peak_dps;
        let up = trace.between(over.start, peak).position(high);
        let down = trace.between(peak, over.end).rev().position(high);
        Lobe {
            peak,
            peak_dps,
            from: up.map_or(peak, |k| over.start + k as u64),
            to: down.map_or(peak, |k| over.end - 1 - k as u64),
            after: over.end,
        }
    }

    fn stands_out(lobe: &Lobe) -> f64 {
        (STANDS_OUT_SHARE * lobe.peak_dps).max(STANDS_OUT_DPS)
    }

    /// The foot leaves the ground as the backward turn that lifted it has let up to [`FOOT_OFF_SHARE`] of its fastest.
    fn foot_off(&self, trace: &Trace, lobe: &Lobe) -> Option<f64> {
        let slack = (EDGE_SLACK_S * trace.rate_hz()).ceil() as u64;
        let reach = ((FOOT_OFF_WITHIN_S + EDGE_SLACK_S) * trace.rate_hz()).ceil() as u64;
        let from = (lobe.from + slack).min(lobe.peak);
        let mut lowest: Option<(u64, f64)> = None;
        for number in (from.saturating_sub(reach)..=from).rev() {
            // Where the trace begins within a foot off its extremum is not known.
            let rate = self.fine(trace.get(number)?);
            match lowest {
                None if rate < 0.0 => lowest = Some((number, rate)),
                Some((_, low)) if rate < low => lowest = Some((number, rate)),
                Some((_, low)) if low <= FOOT_OFF_DPS && rate > low + Self::stands_out(lobe) => break,
                _ => {}
            }
        }
        let (number, low) = lowest?;
        (low <= FOOT_OFF_DPS).then(|| self.crossing_us(trace, number..=lobe.peak, FOOT_OFF_SHARE * low)).flatten()
    }

    /// The foot touches the ground as the forward turn has turned round to [`CONTACT_SHARE`] of the dip that follows; where
    /// it never turns round, at the end of the lobe.
    fn contact(&self, trace: &Trace, lobe: &Lobe) -> Option<f64> {
        let slack = (EDGE_SLACK_S * trace.rate_hz()).ceil() as u64;
        let from = lobe.to.saturating_sub(slack).max(lobe.peak);
        let dip = (DIP_WITHIN_S * trace.rate_hz()).ceil() as u64;
        let until = lobe.after + 2 * dip;
        trace.get(until)?;
        let rate = |number: &u64| trace.get(*number).map_or(0.0, |moment| self.fine(moment));
        let Some(round) = (from..=lobe.after + dip).find(|number| rate(number) < 0.0) else {
            return trace.get(lobe.after).map(|moment| moment.at_us);
        };
        let low = (round..=round + dip).map(|number| rate(&number)).fold(0.0, f64::min);
        self.crossing_us(trace, from..=until, CONTACT_SHARE * low)
    }

    /// When the fine rate first crosses `level` among these moments, placed between two of them by a straight line.
    fn crossing_us(&self, trace: &Trace, moments: RangeInclusive<u64>, level: f64) -> Option<f64> {
        let mut before: Option<(f64, f64)> = None;
        for moment in moments.filter_map(|number| trace.get(number)) {
            let off = self.fine(moment) - level;
            if let Some((at_us, was)) = before
                && (was < 0.0) != (off < 0.0)
            {
                return Some(at_us + (moment.at_us - at_us) * was / (was - off));
            }
            before = Some((moment.at_us, off));
        }
        None
    }
}
