//! What comes in and how good it is: counts to SI units, missing and repeated samples, signs of a bad sensor.

use crate::movement::Gap;
use crate::orient::norm;
use crate::words::{Counts, Micros, Quality, Reason, Sample, StreamConfig};
use arrayvec::ArrayVec;

/// Longest time between two samples of a walk or a test that is filled in by a straight line, µs: shorter than any part
/// of a step, and three missing samples at 100 Hz. A slow stream may miss one sample.
pub(crate) const FILLED_US: f64 = 4e4;
/// The same while repetitions are counted or nothing is, µs: four lost notifications of ten samples at 100 Hz. A line
/// between two turning rates that lie so far apart misses 4° of a lift of 80° in 1.5 s, and a fast one for good: a count
/// survives it, and its range says that something is missing.
pub(crate) const FILLED_SLOW_US: f64 = 5e5;
/// Most samples that are missing in such a time, at 256 Hz; above that the time is shorter.
const FILLED_MAX: u64 = 128;
/// A reason speaks against the live picture for this long after it was last seen, µs.
const MARK_LIVE_US: f64 = 2e6;
/// Identical values for this long mean a stuck sensor, µs: real sensors are never free of noise.
const STUCK_US: f64 = 2e6;
/// Gravity is judged while the leg turns more slowly than this, rad/s.
const SLOW_RADPS: f64 = 0.5;
/// Slow samples needed before gravity is judged, s.
const GRAVITY_TAU_S: f64 = 1.0;
/// What a sample differs by more than this is no sign of another gravity but a blow, m/s².
const BLOW_MPS2: f64 = 3.0;
/// Specific force believed to be gravity, m/s²: 9.8 with a quarter of it to spare for uncalibrated sensors.
const GRAVITY_MPS2: core::ops::RangeInclusive<f64> = 7.35..=12.25;

/// When each reason was last seen.
#[derive(Debug, Clone)]
pub(crate) struct Marks {
    last_us: [f64; Reason::ALL.len()],
}

impl Marks {
    fn new() -> Self {
        Self { last_us: [f64::NEG_INFINITY; Reason::ALL.len()] }
    }

    pub(crate) fn note(&mut self, reason: Reason, at_us: f64) {
        let last = &mut self.last_us[reason as usize];
        *last = last.max(at_us);
    }

    /// The reasons seen at or after `from_us`.
    pub(crate) fn since(&self, from_us: f64) -> Quality {
        Reason::ALL
            .into_iter()
            .filter(|reason| self.last_us[*reason as usize] >= from_us)
            .fold(Quality::GOOD, Quality::and)
    }

    /// The reasons of the last two seconds.
    pub(crate) fn live(&self, at_us: f64) -> Quality {
        self.since(at_us - MARK_LIVE_US)
    }
}

/// The scale of a stream's counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    acc: f64,
    gyr: f64,
    acc_limit: f64,
    gyr_limit: f64,
}

impl Scale {
    pub(crate) fn of(config: &StreamConfig) -> Self {
        Self {
            acc: config.acc_mps2_per_count,
            gyr: config.gyr_radps_per_count,
            acc_limit: config.acc_range_mps2,
            gyr_limit: config.gyr_range_radps,
        }
    }

    /// Full precision: nothing to scale, no known limit.
    pub(crate) const NONE: Self = Self { acc: 1.0, gyr: 1.0, acc_limit: f64::INFINITY, gyr_limit: f64::INFINITY };

    /// One sample in SI units and whether an accelerometer or gyroscope axis was at its limit.
    pub(crate) fn sample(&self, counts: [i16; 6], at_us: f64) -> (Sample, bool, bool) {
        let v = counts.map(f64::from);
        let acc = [v[0] * self.acc, v[1] * self.acc, v[2] * self.acc];
        let gyr = [v[3] * self.gyr, v[4] * self.gyr, v[5] * self.gyr];
        let end = |c: &i16| *c == i16::MAX || *c <= -i16::MAX;
        // Half a count below the limit is the limit: the range is rarely a whole number of counts.
        let acc_clip = counts[..3].iter().any(end) || acc.iter().any(|a| a.abs() >= self.acc_limit - 0.5 * self.acc);
        let gyr_clip = counts[3..].iter().any(end) || gyr.iter().any(|g| g.abs() >= self.gyr_limit - 0.5 * self.gyr);
        (Sample { at_us, acc, gyr, clipped: acc_clip || gyr_clip }, acc_clip, gyr_clip)
    }
}

/// What one arriving sample turned into.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// Samples to process, in order, each with the seconds since the one before; filled-in ones first.
    pub(crate) samples: ArrayVec<(Sample, f64), { FILLED_MAX as usize + 1 }>,
    /// A gap in front of them.
    pub(crate) gap: Option<Gap>,
}

impl Taken {
    pub(crate) fn clear(&mut self) {
        self.samples.clear();
        self.gap = None;
    }
}

/// Puts samples in order of time and fills short gaps.
#[derive(Debug, Clone)]
pub(crate) struct Intake {
    nominal_us: f64,
    period_us: f64,
    /// Most missing samples that are filled in.
    filled_most: u64,
    next_index: Option<u64>,
    last: Option<Sample>,
    same_since_us: f64,
    stuck: bool,
    gravity_mps2: f64,
    gravity_s: f64,
    pub(crate) marks: Marks,
}

impl Intake {
    /// For a stream at this rate; fills in what is missing between samples at most `longest_us` apart, µs.
    pub(crate) fn new(rate_hz: f64, longest_us: f64) -> Self {
        let period_us = 1e6 / rate_hz;
        Self {
            nominal_us: period_us,
            period_us,
            filled_most: filled_most(longest_us, period_us),
            next_index: None,
            last: None,
            same_since_us: 0.0,
            stuck: false,
            gravity_mps2: 0.0,
            gravity_s: 0.0,
            marks: Marks::new(),
        }
    }

    /// Another longest time from now on, µs.
    pub(crate) fn fill(&mut self, longest_us: f64) {
        self.filled_most = filled_most(longest_us, self.nominal_us);
    }

    /// Time of the newest sample taken, µs.
    pub(crate) fn last_us(&self) -> Option<f64> {
        self.last.map(|s| s.at_us)
    }

    /// Whether gravity is missing or has the wrong size.
    pub(crate) fn without_gravity(&self) -> bool {
        self.gravity_s >= GRAVITY_TAU_S && !GRAVITY_MPS2.contains(&self.gravity_mps2)
    }

    /// Whether nothing can be measured: gravity is missing, or the sensor repeats one value, whose turning would go on for
    /// ever.
    pub(crate) fn blind(&self) -> bool {
        self.stuck || self.without_gravity()
    }

    /// Takes a sample that has a number of its own within the stream.
    pub(crate) fn indexed(&mut self, sample: Sample, index: u64, period_us: f64, taken: &mut Taken) {
        let period_us = self.sane_period(period_us);
        let Some((last, next)) = self.last.zip(self.next_index) else {
            self.next_index = Some(index.saturating_add(1));
            self.accept_first(sample, taken);
            return;
        };
        let dt_us = sample.at_us - last.at_us;
        // Not later than what is known: a block sent twice or a clock that ran back. Both are left out.
        if !sample_is_finite(&sample) || dt_us <= 0.2 * self.nominal_us {
            return;
        }
        let missing = if index >= next {
            index - next
        } else {
            // An older number at a later time: the stream has begun anew.
            whole_missing(dt_us, period_us)
        };
        self.next_index = Some(index.saturating_add(1));
        // Numbers that follow each other over a second apart: the clock knows of a pause the cuff does not.
        let broken = missing > self.filled_most || dt_us > 1e6;
        self.bridge(sample, last, missing, broken, period_us, taken);
    }

    /// Takes a sample that has only its time.
    pub(crate) fn timed(&mut self, sample: Sample, taken: &mut Taken) {
        if !sample_is_finite(&sample) {
            if sample.at_us.is_finite() {
                self.marks.note(Reason::NotFinite, sample.at_us);
            }
            return;
        }
        let Some(last) = self.last else {
            self.accept_first(sample, taken);
            return;
        };
        let dt_us = sample.at_us - last.at_us;
        // A repeated row, or time that runs back.
        if dt_us <= 0.2 * self.nominal_us {
            self.marks.note(Reason::Rate, last.at_us);
            return;
        }
        let missing = whole_missing(dt_us, self.period_us);
        if missing == 0 {
            // The true rate may be a few per cent off the nominal one.
            let seen = self.sane_period(dt_us);
            self.period_us += 0.01 * (seen - self.period_us);
        }
        self.bridge(sample, last, missing, missing > self.filled_most, dt_us / (missing + 1) as f64, taken);
    }

    fn accept_first(&mut self, sample: Sample, taken: &mut Taken) {
        if sample_is_finite(&sample) {
            self.last = Some(sample);
            self.same_since_us = sample.at_us;
            taken.samples.push((sample, self.nominal_us * 1e-6));
        }
    }

    fn bridge(&mut self, sample: Sample, last: Sample, missing: u64, broken: bool, step_us: f64, taken: &mut Taken) {
        if missing > 0 || broken {
            self.marks.note(Reason::Gap, sample.at_us);
        }
        if broken {
            let at = |us: f64| Micros(us.round() as i64);
            taken.gap = Some(Gap { start: at(last.at_us), end: at(sample.at_us), missing });
        } else {
            for i in 1..=missing {
                let share = i as f64 / (missing + 1) as f64;
                let mix = |a: f64, b: f64| a + share * (b - a);
                let filled = Sample {
                    at_us: mix(last.at_us, sample.at_us),
                    acc: [0, 1, 2].map(|k: usize| mix(last.acc[k], sample.acc[k])),
                    gyr: [0, 1, 2].map(|k: usize| mix(last.gyr[k], sample.gyr[k])),
                    clipped: last.clipped || sample.clipped,
                };
                taken.samples.push((filled, self.sane_period(step_us) * 1e-6));
            }
        }
        self.judge(&sample, &last);
        self.last = Some(sample);
        // The leg turned on while nothing came: the filter of the orientation is told for how long.
        let step_us = if broken { sample.at_us - last.at_us } else { self.sane_period(step_us) };
        taken.samples.push((sample, step_us * 1e-6));
    }

    /// Looks for a stuck sensor and for gravity.
    fn judge(&mut self, sample: &Sample, last: &Sample) {
        if sample.acc != last.acc || sample.gyr != last.gyr {
            self.same_since_us = sample.at_us;
        }
        self.stuck = sample.at_us - self.same_since_us >= STUCK_US;
        if self.stuck {
            self.marks.note(Reason::Stuck, sample.at_us);
        }
        if norm(sample.gyr) < SLOW_RADPS {
            let dt_s = self.nominal_us * 1e-6;
            let size = norm(sample.acc);
            self.gravity_s += dt_s;
            let share = dt_s / self.gravity_s.min(GRAVITY_TAU_S);
            // The blow of a foot on the ground falls where a leg hardly turns; it is no gravity.
            let most = if self.gravity_s > GRAVITY_TAU_S { BLOW_MPS2 } else { f64::INFINITY };
            self.gravity_mps2 += share.min(1.0) * (size - self.gravity_mps2).clamp(-most, most);
        }
        if self.without_gravity() {
            self.marks.note(Reason::NoGravity, sample.at_us);
        }
    }

    /// A period within a fifth of the nominal one, else the nominal one.
    fn sane_period(&self, period_us: f64) -> f64 {
        if (period_us / self.nominal_us - 1.0).abs() <= 0.2 { period_us } else { self.nominal_us }
    }
}

fn sample_is_finite(sample: &Sample) -> bool {
    sample.at_us.is_finite() && sample.acc.iter().chain(&sample.gyr).all(|v| v.is_finite())
}

fn filled_most(longest_us: f64, period_us: f64) -> u64 {
    whole_missing(longest_us, period_us).clamp(1, FILLED_MAX)
}

/// Whole samples that fit between two that lie `dt_us` apart.
fn whole_missing(dt_us: f64, period_us: f64) -> u64 {
    // Casts from float saturate; jitter of less than 0.6 periods is not a missing sample.
    ((dt_us / period_us - 0.6).ceil() as u64).saturating_sub(1)
}

/// The samples of a block's counts are numbered from its first index.
pub(crate) fn numbered(first: u64, counts: &Counts) -> impl Iterator<Item = (u64, [i16; 6])> + '_ {
    counts.iter().enumerate().map(move |(i, c)| (first.saturating_add(i as u64), *c))
}
