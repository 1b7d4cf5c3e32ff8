//! [`Steps`]: how the times of a file follow each other, in whatever unit they are.

use super::note::FileNote;
use super::units::TimeUnit;
use talus_motion::{RATE_MAX_HZ, RATE_MIN_HZ};

/// A step of more than this many periods is a gap; less is jitter.
pub(super) const GAP_PERIODS: f64 = 1.5;
/// A rate this far outside the limits is the limit: a printed time is rounded.
const RATE_SLACK: f64 = 0.01;

/// Rows that have something in common: how many, and which is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rows {
    pub(super) count: usize,
    pub(super) first: usize,
}

impl Rows {
    pub(super) fn add(&mut self, row: usize) {
        if self.count == 0 {
            self.first = row;
        }
        self.count += 1;
    }
}

/// What was seen of a time column. Rows that are not later than the latest before them make no step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Steps {
    /// Usual step: the mean of all that are within half of the median.
    pub(super) usual: f64,
    /// Rows with the time of the latest before them, and with an earlier one.
    pub(super) repeated: Rows,
    pub(super) back: Rows,
    /// Rows after a gap, samples missing in all gaps, and the longest gap.
    pub(super) gaps: Rows,
    pub(super) missing: f64,
    pub(super) longest: f64,
    /// Every step is exactly one: a counter.
    pub(super) counter: bool,
}

impl Steps {
    /// `None` where there are fewer than two steps.
    pub(super) fn of(times: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        let (mut repeated, mut back) = (Rows::default(), Rows::default());
        let mut latest = f64::NEG_INFINITY;
        let mut steps = Vec::new();
        for (row, time) in times.clone().enumerate() {
            if time > latest {
                if latest.is_finite() {
                    steps.push(time - latest);
                }
                latest = time;
            } else if time == latest {
                repeated.add(row);
            } else {
                back.add(row);
            }
        }
        if steps.len() < 2 {
            return None;
        }
        let middle = steps.len() / 2;
        let (_, median, _) = steps.select_nth_unstable_by(middle, f64::total_cmp);
        let median = *median;
        let near = steps.iter().filter(|step| (0.5 * median..=1.5 * median).contains(*step));
        let (count, sum) = near.fold((0.0, 0.0), |(count, sum), step| (count + 1.0, sum + step));
        let usual = if count > 0.0 { sum / count } else { median };
        let counter = repeated.count + back.count == 0 && steps.iter().all(|step| *step == 1.0);

        let (mut gaps, mut missing, mut longest) = (Rows::default(), 0.0, 0.0_f64);
        let mut latest = f64::NEG_INFINITY;
        for (row, time) in times.enumerate() {
            let step = time - latest;
            if step > 0.0 {
                if latest.is_finite() && step > GAP_PERIODS * usual {
                    gaps.add(row);
                    missing += (step / usual).round() - 1.0;
                    longest = longest.max(step);
                }
                latest = time;
            }
        }
        Some(Self { usual, repeated, back, gaps, missing, longest, counter })
    }

    /// Samples per second if times are in `unit`; `Err` where that is outside 12.5 to 1,000.
    pub(super) fn rate_hz(&self, unit: TimeUnit) -> Result<f64, f64> {
        let rate_hz = 1e6 / (self.usual * unit.us());
        let slack = RATE_MIN_HZ * (1.0 - RATE_SLACK)..=RATE_MAX_HZ * (1.0 + RATE_SLACK);
        if slack.contains(&rate_hz) { Ok(rate_hz.clamp(RATE_MIN_HZ, RATE_MAX_HZ)) } else { Err(rate_hz) }
    }

    /// The only unit in which the rate can be followed. The four do not overlap, except that a counter looks like
    /// milliseconds at 1,000 Hz; a counter has no unit.
    pub(super) fn unit(&self) -> Option<TimeUnit> {
        let fits = |unit: &TimeUnit| !self.counter && self.rate_hz(*unit).is_ok();
        [TimeUnit::S, TimeUnit::Ms, TimeUnit::Us, TimeUnit::Ns].into_iter().find(fits)
    }

    /// What a person may want to know, with `line(row)` the line of a row and times in `unit`.
    pub(super) fn notes(&self, unit: TimeUnit, line: impl Fn(usize) -> u64) -> Vec<FileNote> {
        let mut notes = Vec::new();
        if self.repeated.count > 0 {
            notes.push(FileNote::TimesRepeated { rows: self.repeated.count, line: line(self.repeated.first) });
        }
        if self.back.count > 0 {
            notes.push(FileNote::TimeRanBack { rows: self.back.count, line: line(self.back.first) });
        }
        if self.gaps.count > 0 {
            notes.push(FileNote::Gaps {
                gaps: self.gaps.count,
                // A cast from float saturates.
                missing: self.missing as u64,
                longest_s: self.longest * unit.us() * 1e-6,
                line: line(self.gaps.first),
            });
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[f64]) -> Steps {
        Steps::of(times.iter().copied()).unwrap()
    }

    #[test]
    fn the_rate_is_that_of_the_usual_step() {
        // Rounded to 5 decimals at 204.8 Hz: single steps are off by 0.1 %, their mean is not.
        let times: Vec<f64> = (0..2000).map(|i| (f64::from(i) / 204.8 * 1e5).round() * 1e-5).collect();
        let steps = of(&times);
        assert!((steps.rate_hz(TimeUnit::S).unwrap() - 204.8).abs() < 0.01, "{steps:?}");
        assert_eq!((steps.gaps.count, steps.repeated.count, steps.unit()), (0, 0, Some(TimeUnit::S)));
    }

    #[test]
    fn gaps_repeats_and_steps_back_are_counted_and_do_not_move_the_rate() {
        let steps = of(&[0.0, 10.0, 20.0, 20.0, 30.0, 80.0, 70.0, 90.0, 100.0]);
        assert_eq!(steps.usual, 10.0);
        assert_eq!((steps.repeated, steps.back), (Rows { count: 1, first: 3 }, Rows { count: 1, first: 6 }));
        assert_eq!((steps.gaps, steps.missing, steps.longest), (Rows { count: 1, first: 5 }, 4.0, 50.0));
        assert_eq!(steps.unit(), Some(TimeUnit::Ms));
    }

    #[test]
    fn a_counter_has_no_unit() {
        assert_eq!(of(&[0.0, 1.0, 2.0, 3.0]).unit(), None);
        assert_eq!(of(&[0.0, 0.5, 1.0]).unit(), None);
        assert_eq!(of(&[0.0, 10_000.0, 20_000.0]).unit(), Some(TimeUnit::Us));
        assert_eq!(of(&[1.7e18, 1.7e18 + 5e6, 1.7e18 + 1e7]).unit(), Some(TimeUnit::Ns));
        assert_eq!(of(&[0.0, 0.5, 1.0]).rate_hz(TimeUnit::S), Err(2.0));
        assert_eq!(Steps::of([0.0, 1.0].into_iter()), None);
    }
}
