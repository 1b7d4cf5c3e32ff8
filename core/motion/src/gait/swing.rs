//! Finding swings: the lobes of turning that carry the leg forward, with the foot-off before and the contact after.
//!
//! Salarian et al., "Gait assessment in Parkinson's disease", IEEE Trans. Biomed. Eng. 51(8):1434–1443 (2004), for a
//! gyroscope at the shank: mid-swing is a peak of the turning rate, initial contact the first negative extremum
//! after it, foot off the last negative extremum before it. Here the lobe is found on the coarse signal, which has
//! one per stride, and both instants on the fine one.

use super::trace::{Moment, Trace};
use crate::orient::dot;

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
/// Longest way from the edge back to the foot off and on to the contact, s.
const FOOT_OFF_WITHIN_S: f64 = 0.4;
const CONTACT_WITHIN_S: f64 = 0.35;
/// The contact is the lowest point no later than this after the forward turning ends, s.
const CONTACT_SOON_S: f64 = 0.12;

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
        let mut inside: Option<(u64, f64, u64)> = None;
        let mut turn_deg = 0.0;
        // A lobe that is already under way has no beginning.
        let mut cut_off = true;
        for number in from..trace.next() {
            let rate = self.coarse(trace.get(number)?);
            if rate <= 0.0 {
                if let Some((peak, peak_dps, start)) = inside
                    && !cut_off
                    && peak_dps >= self.least_dps
                    && turn_deg >= TURN_LEAST_DEG
                {
                    let high =
                        |n: &u64| trace.get(*n).is_some_and(|moment| self.coarse(moment) >= EDGE_SHARE * peak_dps);
                    return Some(Lobe {
                        peak,
                        peak_dps,
                        from: (start..peak).find(high).unwrap_or(peak),
                        to: (peak..number).rev().find(high).unwrap_or(peak),
                        after: number,
                    });
                }
                inside = None;
                turn_deg = 0.0;
                cut_off = false;
                continue;
            }
            turn_deg += rate / trace.rate_hz();
            inside = match inside {
                None => Some((number, rate, number)),
                Some((_, highest, start)) if rate > highest => Some((number, rate, start)),
                same => same,
            };
        }
        None
    }

    fn stands_out(lobe: &Lobe) -> f64 {
        (STANDS_OUT_SHARE * lobe.peak_dps).max(STANDS_OUT_DPS)
    }

    /// The last negative extremum before the lobe.
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
        (low <= FOOT_OFF_DPS).then(|| self.extremum_us(trace, number)).flatten()
    }

    /// The first negative extremum after the lobe; `None` while it may still come.
    fn contact(&self, trace: &Trace, lobe: &Lobe) -> Option<f64> {
        let rate_hz = trace.rate_hz();
        let slack = (EDGE_SLACK_S * rate_hz).ceil() as u64;
        let from = lobe.to.saturating_sub(slack).max(lobe.peak);
        let until = from + ((CONTACT_WITHIN_S + EDGE_SLACK_S) * rate_hz).ceil() as u64;
        let soon = (CONTACT_SOON_S * rate_hz).ceil() as u64;
        let mut lowest: Option<(u64, f64)> = None;
        let mut soonest: Option<(u64, u64, f64)> = None;
        for number in from..=until {
            let rate = self.fine(trace.get(number)?);
            match lowest {
                None if rate < 0.0 => lowest = Some((number, rate)),
                Some((_, low)) if rate < low => lowest = Some((number, rate)),
                Some((_, low)) if rate > low + Self::stands_out(lobe) => break,
                _ => {}
            }
            soonest = match (soonest, lowest) {
                (None, Some((at, low))) => Some((at, at, low)),
                (Some((zero, _, before)), Some((at, low))) if low < before && at <= zero + soon => {
                    Some((zero, at, low))
                }
                (same, _) => same,
            };
        }
        // A dip that comes later is the leg sinking into stance, not the contact. Turning that never turns back at
        // all has no more than the end of its lobe.
        let at = soonest.map_or(lobe.after, |(_, at, _)| at);
        self.extremum_us(trace, at)
    }

    /// Time of the extremum at `number`, placed between the moments by a parabola through it and its neighbours.
    fn extremum_us(&self, trace: &Trace, number: u64) -> Option<f64> {
        let here = trace.get(number)?;
        let neighbours = number.checked_sub(1).and_then(|before| trace.get(before)).zip(trace.get(number + 1));
        let Some((before, after)) = neighbours else { return Some(here.at_us) };
        let (a, b, c) = (self.fine(before), self.fine(here), self.fine(after));
        let bend = a - 2.0 * b + c;
        let shift = if bend.abs() > 1e-9 { (0.5 * (a - c) / bend).clamp(-0.5, 0.5) } else { 0.0 };
        Some(here.at_us + shift * 0.5 * (after.at_us - before.at_us))
    }
}
