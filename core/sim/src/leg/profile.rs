//! Minimum-jerk moves: how a scalar (a joint angle, a distance) goes from one value to another.

/// A value with its first and second derivative by time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Course {
    /// The value.
    pub x: f64,
    /// Its rate per second.
    pub v: f64,
    /// Its acceleration per second squared.
    pub a: f64,
}

impl Course {
    /// A value that does not change.
    pub fn still(x: f64) -> Self {
        Self { x, v: 0.0, a: 0.0 }
    }

    /// This course times a constant.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { x: self.x * factor, v: self.v * factor, a: self.a * factor }
    }

    /// The sum of two courses.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { x: self.x + other.x, v: self.v + other.v, a: self.a + other.a }
    }

    /// The product of two courses (Leibniz's rule).
    #[must_use]
    pub fn product(self, other: Self) -> Self {
        Self {
            x: self.x * other.x,
            v: self.v * other.x + self.x * other.v,
            a: self.a * other.x + 2.0 * self.v * other.v + self.x * other.a,
        }
    }
}

/// Share of the way (0 to 1) `t_s` seconds into a minimum-jerk move of `length_s` seconds.
///
/// Flash & Hogan 1985 (J Neurosci 5:1688): 10 u³ − 15 u⁴ + 6 u⁵, with rate and acceleration zero at both ends, peak
/// rate 1.875 / length.
pub fn minimum_jerk(t_s: f64, length_s: f64) -> Course {
    if t_s <= 0.0 {
        return Course::still(0.0);
    }
    if t_s >= length_s {
        return Course::still(1.0);
    }
    let u = t_s / length_s;
    let w = 1.0 - u;
    Course {
        x: u * u * u * (10.0 + u * (6.0 * u - 15.0)),
        v: 30.0 * u * u * w * w / length_s,
        a: 60.0 * u * w * (1.0 - 2.0 * u) / (length_s * length_s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_starts_and_ends_at_rest_and_peaks_at_the_published_rate() {
        for t in [0.0, 2.0] {
            let end = minimum_jerk(t, 2.0);
            assert_eq!((end.v, end.a), (0.0, 0.0));
        }
        let middle = minimum_jerk(1.0, 2.0);
        assert_eq!(middle.x, 0.5);
        assert_eq!(middle.v, 1.875 / 2.0);
        assert_eq!(middle.a, 0.0);
    }

    #[test]
    fn rates_are_the_derivatives_of_the_value() {
        let h = 1e-5;
        for i in 1..20 {
            let t = f64::from(i) * 0.07;
            let (before, now, after) = (minimum_jerk(t - h, 1.5), minimum_jerk(t, 1.5), minimum_jerk(t + h, 1.5));
            assert!(((after.x - before.x) / (2.0 * h) - now.v).abs() < 1e-6);
            assert!(((after.v - before.v) / (2.0 * h) - now.a).abs() < 1e-6);
        }
    }
}
