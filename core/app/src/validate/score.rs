//! How answers are judged: plain sums over numbers, apart from everything that finds them.

use talus_motion::orient::{Quat, angle, cross, dot, norm};

/// Root mean square; not a number for nothing.
pub fn rms(values: &[f64]) -> f64 {
    (values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64).sqrt()
}

/// Mean; not a number for nothing.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Mean of the sizes; not a number for nothing.
pub fn mean_abs(values: &[f64]) -> f64 {
    values.iter().map(|v| v.abs()).sum::<f64>() / values.len() as f64
}

/// Standard deviation about the mean; not a number for nothing.
pub fn sd(values: &[f64]) -> f64 {
    let centre = mean(values);
    rms(&values.iter().map(|v| v - centre).collect::<Vec<_>>())
}

/// Median; not a number for nothing.
pub fn median(values: &[f64]) -> f64 {
    talus_motion::stats::median(&mut values.to_vec()).unwrap_or(f64::NAN)
}

/// The part of the rotation from `reference` to `found` that is no turn about the vertical, degrees (both sensor to earth).
pub fn inclination_deg(found: Quat, reference: Quat) -> f64 {
    let e = found.after(reference.back());
    let across = (e.x * e.x + e.y * e.y).sqrt();
    let along = (e.w * e.w + e.z * e.z).sqrt();
    2.0 * angle(along, across).to_degrees()
}

/// Angle between two directions, degrees.
pub fn between_deg(a: [f64; 3], b: [f64; 3]) -> f64 {
    angle(dot(a, b), norm(cross(a, b))).to_degrees()
}

/// Counts against what they should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// Share that is exact, %.
    pub exact: f64,
    /// Share that is off by no more than asked, %.
    pub within: f64,
    /// Mean of how far off.
    pub mean_abs: f64,
}

/// Judges pairs of (found, smallest and largest that is right).
pub fn counts(pairs: &[(usize, (usize, usize))], within: usize) -> Counts {
    let off: Vec<usize> = pairs
        .iter()
        .map(|(found, (least, most))| least.saturating_sub(*found).max(found.saturating_sub(*most)))
        .collect();
    let share = |most: usize| 100.0 * off.iter().filter(|off| **off <= most).count() as f64 / off.len() as f64;
    Counts { exact: share(0), within: share(within), mean_abs: off.iter().sum::<usize>() as f64 / off.len() as f64 }
}

/// Share of two spans that both cover (intersection over union), 0 to 1.
pub fn overlap(a: (f64, f64), b: (f64, f64)) -> f64 {
    let both = (a.1.min(b.1) - a.0.max(b.0)).max(0.0);
    let either = (a.1 - a.0) + (b.1 - b.0) - both;
    if either > 0.0 { both / either } else { 0.0 }
}

/// For each of `wanted` the nearest of `found`, as found − wanted; those farther than `most` are left out.
pub fn nearest(wanted: &[f64], found: &[f64], most: f64) -> Vec<f64> {
    let closest = |at: &f64| found.iter().map(|f| f - at).min_by(|a, b| a.abs().total_cmp(&b.abs()));
    wanted.iter().filter_map(closest).filter(|off| off.abs() <= most).collect()
}

/// How well spans are found: harmonic mean of the share of `wanted` that is found and of the share of `found` that is
/// wanted, 0 to 1, where both ends have to lie within `tolerance` of the wanted ones, each span counted once.
pub fn f1(wanted: &[(f64, f64)], found: &[(f64, f64)], tolerance: f64) -> f64 {
    let mut free = vec![true; wanted.len()];
    let mut hits = 0;
    for span in found {
        let fits = |w: &(f64, f64)| (w.0 - span.0).abs() <= tolerance && (w.1 - span.1).abs() <= tolerance;
        if let Some(at) = wanted.iter().zip(&free).position(|(w, free)| *free && fits(w)) {
            free[at] = false;
            hits += 1;
        }
    }
    2.0 * f64::from(hits) / (wanted.len() + found.len()) as f64
}

/// The best [`f1`] with one shift of all of `found`, up to `most` to either side in steps of a tenth of the tolerance:
/// what a border is, a contact or a turn of the rate, differs from maker to maker by a fixed time.
///
/// Found spans count where `wanted` speaks: between the first start and the last end of wanted spans that follow each
/// other. Elsewhere, in a turn say, nobody set borders, and a span that is found there is neither right nor wrong.
pub fn f1_shifted(wanted: &[(f64, f64)], found: &[(f64, f64)], tolerance: f64, most: f64) -> f64 {
    let step = 0.1 * tolerance;
    let steps = (most / step).round() as i32;
    let runs = runs(wanted, tolerance);
    let shifted = |i: i32| {
        let by = f64::from(i) * step;
        let inside = |span: &(f64, f64)| {
            let middle = 0.5 * (span.0 + span.1);
            runs.iter().any(|(from, to)| (*from..*to).contains(&middle))
        };
        f1(wanted, &found.iter().map(|(a, b)| (a + by, b + by)).filter(inside).collect::<Vec<_>>(), tolerance)
    };
    (-steps..=steps).map(shifted).fold(0.0, f64::max)
}

/// Spans that follow each other, joined.
fn runs(spans: &[(f64, f64)], tolerance: f64) -> Vec<(f64, f64)> {
    let mut runs: Vec<(f64, f64)> = Vec::new();
    for (from, to) in spans {
        match runs.last_mut() {
            Some(run) if (from - run.1).abs() <= tolerance => run.1 = *to,
            _ => runs.push((*from, *to)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_and_means_of_known_numbers() {
        let values = [3.0, -1.0, 4.0, -6.0];
        assert_eq!((mean(&values), mean_abs(&values), median(&values)), (0.0, 3.5, 1.0));
        assert_eq!(rms(&values), 15.5_f64.sqrt());
        assert_eq!(sd(&[7.0, 9.0]), 1.0);
        assert!([mean(&[]), rms(&[]), sd(&[]), mean_abs(&[]), median(&[])].iter().all(|v| v.is_nan()));
    }

    #[test]
    fn a_tilt_of_two_degrees_is_two_degrees_however_much_the_heading_is_off() {
        let reference = Quat::of_rate([0.4, -1.0, 0.3], 1.0);
        for heading in [0.0, 1.0, -3.0] {
            let tilt = Quat::of_rate([2.0_f64.to_radians(), 0.0, 0.0], 1.0);
            let found = Quat::of_rate([0.0, 0.0, heading], 1.0).after(tilt).after(reference);
            assert!((inclination_deg(found, reference) - 2.0).abs() < 1e-9, "{heading}");
        }
        assert_eq!(inclination_deg(reference, reference).round(), 0.0);
        assert!((between_deg([1.0, 0.0, 0.0], [-1.0, 1e-3, 0.0]) - 179.942_704).abs() < 1e-5);
    }

    #[test]
    fn counts_that_are_right_one_off_and_far_off() {
        let found = counts(&[(10, (10, 10)), (11, (10, 11)), (9, (10, 10)), (14, (10, 10))], 1);
        assert_eq!(found, Counts { exact: 50.0, within: 75.0, mean_abs: 1.25 });
    }

    #[test]
    fn spans_that_overlap_by_a_known_share() {
        assert_eq!(overlap((0.0, 4.0), (2.0, 6.0)), 2.0 / 6.0);
        assert_eq!(overlap((0.0, 4.0), (0.0, 4.0)), 1.0);
        assert_eq!(overlap((0.0, 1.0), (2.0, 3.0)), 0.0);
    }

    #[test]
    fn nearest_moments_within_a_limit() {
        let off = nearest(&[1.0, 2.0, 3.0], &[1.1, 1.9, 5.0], 0.5);
        assert_eq!(off.len(), 2);
        assert!((off[0] - 0.1).abs() < 1e-12 && (off[1] + 0.1).abs() < 1e-12);
        assert!(nearest(&[1.0], &[], 1.0).is_empty());
    }

    #[test]
    fn borders_count_once_and_only_with_both_ends() {
        let wanted = [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 4.0)];
        assert_eq!(f1(&wanted, &wanted, 0.1), 1.0);
        // Two of four found, one of them twice, and one too long: 2 hits among 4 wanted and 4 found.
        let found = [(0.05, 1.05), (0.05, 1.05), (1.0, 2.05), (2.0, 4.0)];
        assert_eq!(f1(&wanted, &found, 0.1), 0.5);
        assert_eq!(f1(&wanted, &[], 0.1), 0.0);
        let late: Vec<(f64, f64)> = wanted.iter().map(|(a, b)| (a + 0.43, b + 0.43)).collect();
        assert_eq!(f1(&wanted, &late, 0.1), 0.0);
        assert_eq!(f1_shifted(&wanted, &late, 0.1, 0.6), 1.0);
        // Strides that nobody marked are neither right nor wrong; one too many among the marked ones is wrong.
        let more = [&late[..], &[(7.0, 8.0), (8.0, 9.0)]].concat();
        assert_eq!(f1_shifted(&wanted, &more, 0.1, 0.6), 1.0);
        let twice = [&late[..], &[(1.93, 2.43)]].concat();
        assert_eq!(f1_shifted(&wanted, &twice, 0.1, 0.6), 8.0 / 9.0);
        assert_eq!(runs(&[(0.0, 1.0), (1.0, 2.0), (5.0, 6.0)], 0.1), [(0.0, 2.0), (5.0, 6.0)]);
        // No shift makes up for a stride that is half as long.
        let halved: Vec<(f64, f64)> = wanted.iter().map(|(a, b)| (*a, 0.5 * (a + b))).collect();
        assert_eq!(f1_shifted(&wanted, &halved, 0.1, 0.6), 0.0);
    }
}
