//! Smoothness as spectral arc length (SPARC): Balasubramanian, Melendez-Calderon, Roby-Brami & Burdet, "On the
//! analysis of movement smoothness", Journal of NeuroEngineering and Rehabilitation 12:112 (2015),
//! doi 10.1186/s12984-015-0090-9. Parameters as published: zero padding level 4, 10 Hz, amplitude 0.05.

use core::f64::consts::TAU;

/// Zero padding: the transform has `2^4` times the next power of two of samples.
const PADDING: usize = 16;
/// Highest frequency looked at, Hz.
const CUT_OFF_HZ: f64 = 10.0;
/// Frequencies after the last one whose share of the largest magnitude reaches this are left out.
const SMALLEST_SHARE: f64 = 0.05;
/// Frequencies computed at once: each turns on from sample to sample, and alone would wait for itself.
const ABREAST: usize = 4;
/// Longest movement looked at, samples.
const LONGEST: usize = 512;

/// Computes SPARC without allocating after it was made.
#[derive(Debug, Clone)]
pub struct Smoothness {
    magnitudes: Vec<f64>,
}

impl Smoothness {
    /// Room for movements of up to 512 samples at 25 Hz or more.
    pub fn new() -> Self {
        Self { magnitudes: Vec::with_capacity(PADDING * LONGEST / 2) }
    }

    /// SPARC of a speed profile sampled at `rate_hz`: negative, nearer zero is smoother (a minimum-jerk movement
    /// gives about −1.4). `None` below 25 Hz, for fewer than 8 or more than 512 samples, or without movement.
    pub fn sparc(&mut self, speed: &(impl ExactSizeIterator<Item = f64> + Clone), rate_hz: f64) -> Option<f64> {
        let n = speed.len();
        // 25 Hz may arrive as 24.99.
        if !(8..=LONGEST).contains(&n) || rate_hz.is_nan() || rate_hz < 24.5 {
            return None;
        }
        let points = n.next_power_of_two() * PADDING;
        let step_hz = rate_hz / points as f64;
        let bins = ((CUT_OFF_HZ / step_hz) as usize + 1).min(points / 2).min(self.magnitudes.capacity());
        self.magnitudes.clear();
        for first in (0..bins).step_by(ABREAST) {
            let turns: [(f64, f64); ABREAST] =
                core::array::from_fn(|k| libm::sincos(TAU * (first + k) as f64 / points as f64));
            let (mut re, mut im, mut c, mut s) = ([0.0; ABREAST], [0.0; ABREAST], [1.0; ABREAST], [0.0; ABREAST]);
            for v in speed.clone() {
                for k in 0..ABREAST {
                    let (sin, cos) = turns[k];
                    re[k] += v * c[k];
                    im[k] += v * s[k];
                    (c[k], s[k]) = (c[k] * cos - s[k] * sin, c[k] * sin + s[k] * cos);
                }
            }
            let whole = re.iter().zip(im).map(|(re, im)| (re * re + im * im).sqrt());
            self.magnitudes.extend(whole.take(bins - first));
        }
        let largest = self.magnitudes.iter().copied().fold(0.0, f64::max);
        if !largest.is_finite() || largest <= 1e-9 {
            return None;
        }
        let last = self.magnitudes.iter().rposition(|m| *m >= SMALLEST_SHARE * largest)?;
        if last == 0 {
            return None;
        }
        let width = 1.0 / last as f64;
        let arc: f64 = self.magnitudes[..=last]
            .windows(2)
            .map(|pair| {
                let rise = (pair[1] - pair[0]) / largest;
                (width * width + rise * rise).sqrt()
            })
            .sum();
        Some(-arc)
    }
}

impl Default for Smoothness {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minimum_jerk(samples: usize) -> Vec<f64> {
        (0..samples)
            .map(|i| {
                let x = i as f64 / (samples - 1) as f64;
                30.0 * x * x * (1.0 - x) * (1.0 - x)
            })
            .collect()
    }

    #[test]
    fn a_minimum_jerk_movement_has_the_published_smoothness() {
        // Balasubramanian 2015, fig. 3: a single minimum-jerk submovement lies near −1.4 to −1.6.
        let speed = minimum_jerk(100);
        let smooth = Smoothness::new().sparc(&speed.iter().copied(), 100.0).unwrap();
        assert!((-1.7..=-1.3).contains(&smooth), "{smooth}");
    }

    #[test]
    fn two_pushes_are_less_smooth_than_one() {
        let one = minimum_jerk(60);
        let mut two = minimum_jerk(30);
        two.extend(vec![0.0; 15]);
        two.extend(minimum_jerk(30));
        let mut smoothness = Smoothness::new();
        let a = smoothness.sparc(&one.iter().copied(), 50.0).unwrap();
        let b = smoothness.sparc(&two.iter().copied(), 50.0).unwrap();
        assert!(b < a - 0.3, "{a} {b}");
    }

    #[test]
    fn a_slow_or_empty_signal_is_not_measured() {
        let mut smoothness = Smoothness::new();
        assert_eq!(smoothness.sparc(&minimum_jerk(50).iter().copied(), 12.5), None);
        assert_eq!(smoothness.sparc(&[0.0; 50].iter().copied(), 50.0), None);
        assert_eq!(smoothness.sparc(&[1.0; 4].iter().copied(), 50.0), None);
    }
}
