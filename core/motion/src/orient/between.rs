//! [`Between`]: the angular rate between two samples.

use super::quat::cross;

/// How late a gyroscope tells, s: its own filter against aliasing delays by a few milliseconds (a common part is
/// specified with 2.9 ms at 92 Hz of bandwidth and 5.9 ms at 41 Hz; the optical reference of BROAD shows 3.5 to 5 ms).
/// Half a period at 143 Hz: from there on the newest sample alone speaks for the time since the one before.
const DELAY_S: f64 = 0.0035;

/// The rate that turns a sensor from one sample's orientation to the next one's.
///
/// A gyroscope's value is the rate a few milliseconds before. At a high rate that is about the middle of the time
/// since the sample before, and the value can be taken as it is. At a low rate it is near the end, and the mean rate lies
/// between the two values. Where the axis turns meanwhile, turning does not add up like a number (coning): a
/// twelfth of the vector product makes up for it, which is exact to third order for a rate that changes evenly (Bortz,
/// "A new mathematical formulation for strapdown inertial navigation", IEEE Transactions on Aerospace and Electronic
/// Systems AES-7(1), 1971).
#[derive(Debug, Clone, Copy)]
pub(super) struct Between {
    before: Option<[f64; 3]>,
}

impl Between {
    pub(super) fn new() -> Self {
        Self { before: None }
    }

    /// What came before does not reach to the next sample.
    pub(super) fn forget(&mut self) {
        self.before = None;
    }

    /// The mean rate in the `dt_s` seconds that end with the sample `gyr`, in the axes the sensor had at their
    /// beginning or end alike; both rad/s.
    pub(super) fn rate(&mut self, gyr: [f64; 3], dt_s: f64) -> [f64; 3] {
        let Some(before) = self.before.replace(gyr).filter(|_| 0.5 * dt_s > DELAY_S) else { return gyr };
        let newer = 0.5 + DELAY_S / dt_s;
        let coning = cross(before, gyr);
        [0, 1, 2].map(|k: usize| before[k] + newer * (gyr[k] - before[k]) + coning[k] * (dt_s / 12.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::quat::{Quat, norm};
    use super::*;

    #[test]
    fn from_143_hz_on_and_for_a_first_sample_the_value_stands() {
        let mut between = Between::new();
        assert_eq!(between.rate([1.0, 2.0, 3.0], 0.04), [1.0, 2.0, 3.0]);
        assert_eq!(between.rate([4.0, 2.0, 3.0], 0.007), [4.0, 2.0, 3.0]);
        between.forget();
        assert_eq!(between.rate([5.0, 2.0, 3.0], 0.04), [5.0, 2.0, 3.0]);
    }

    #[test]
    fn a_sensor_that_tells_late_and_seldom_is_followed_better_than_by_its_newest_value() {
        // A rate whose direction turns, told 3.5 ms late at 25 Hz; the truth by ten thousand steps a second.
        let rate = |t: f64| [2.0 * libm::sin(3.0 * t), 2.0 * libm::cos(2.3 * t), libm::sin(1.1 * t)];
        let (mut truth, mut plain, mut ours) = (Quat::IDENTITY, Quat::IDENTITY, Quat::IDENTITY);
        let mut between = Between::new();
        between.rate(rate(-DELAY_S), 0.04);
        let mut worst: [f64; 2] = [0.0; 2];
        for i in 0..500 {
            let t = f64::from(i) * 0.04;
            for j in 0..400 {
                truth = truth.after(Quat::of_rate(rate(t + (f64::from(j) + 0.5) * 1e-4), 1e-4));
            }
            let told = rate(t + 0.04 - DELAY_S);
            plain = plain.after(Quat::of_rate(told, 0.04));
            ours = ours.after(Quat::of_rate(between.rate(told, 0.04), 0.04));
            for (worst, q) in worst.iter_mut().zip([plain, ours]) {
                let off = truth.back().after(q);
                *worst = worst.max(2.0 * norm([off.x, off.y, off.z]));
            }
        }
        assert!(worst[1] < 0.15 * worst[0] && worst[1] < 0.01, "{worst:?}");
    }
}
