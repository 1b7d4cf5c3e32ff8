//! Unit quaternions and three-vectors, as small as the filter needs them.

/// A rotation as `w + xi + yj + zk`; sensor to earth wherever this crate hands one out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quat {
    /// Scalar part.
    pub w: f64,
    /// First vector component.
    pub x: f64,
    /// Second vector component.
    pub y: f64,
    /// Third vector component.
    pub z: f64,
}

impl Quat {
    /// No rotation.
    pub const IDENTITY: Self = Self { w: 1.0, x: 0.0, y: 0.0, z: 0.0 };

    /// The rotation by `rate` (rad/s) during `dt_s` seconds.
    pub fn of_rate(rate: [f64; 3], dt_s: f64) -> Self {
        let square = 0.25 * dt_s * dt_s * dot(rate, rate);
        // Between two samples a leg turns by less than half a radian, where few terms of the series are exact.
        let (cos, share) = if square < 0.0625 {
            let x = square;
            let cos = 1.0 - x * (0.5 - x * (1.0 / 24.0 - x * (1.0 / 720.0 - x * (1.0 / 40320.0 - x / 3628800.0))));
            let sinc =
                1.0 - x * (1.0 / 6.0 - x * (1.0 / 120.0 - x * (1.0 / 5040.0 - x * (1.0 / 362880.0 - x / 39916800.0))));
            (cos, 0.5 * dt_s * sinc)
        } else {
            let half = square.sqrt();
            let (sin, cos) = libm::sincos(half);
            (cos, 0.5 * dt_s * sin / half)
        };
        Self { w: cos, x: rate[0] * share, y: rate[1] * share, z: rate[2] * share }
    }

    /// `self` after `first`: the Hamilton product.
    #[must_use]
    pub fn after(self, first: Self) -> Self {
        let (a, b) = (self, first);
        Self {
            w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
            x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
            y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
            z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
        }
    }

    /// The rotation back.
    #[must_use]
    pub fn back(self) -> Self {
        Self { w: self.w, x: -self.x, y: -self.y, z: -self.z }
    }

    /// The same rotation at length one; the identity where the length is zero or not a number.
    #[must_use]
    pub fn unit(self) -> Self {
        let length = (self.w * self.w + self.x * self.x + self.y * self.y + self.z * self.z).sqrt();
        if length > f64::EPSILON {
            let share = 1.0 / length;
            Self { w: self.w * share, x: self.x * share, y: self.y * share, z: self.z * share }
        } else {
            Self::IDENTITY
        }
    }

    /// The same for one whose length is one but for rounding: a step of Newton's instead of a root and a division.
    #[must_use]
    pub(super) fn kept_unit(self) -> Self {
        let share = 1.5 - 0.5 * (self.w * self.w + self.x * self.x + self.y * self.y + self.z * self.z);
        Self { w: self.w * share, x: self.x * share, y: self.y * share, z: self.z * share }
    }

    /// The rotation as a matrix, row by row.
    pub fn matrix(self) -> [[f64; 3]; 3] {
        let Self { w, x, y, z } = self;
        [
            [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
            [2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)],
            [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)],
        ]
    }

    /// `v` turned by this rotation.
    pub fn turn(self, v: [f64; 3]) -> [f64; 3] {
        let m = self.matrix();
        [dot(m[0], v), dot(m[1], v), dot(m[2], v)]
    }

    /// The earth's up direction in the axes this rotation starts from (last row of the matrix).
    pub fn up(self) -> [f64; 3] {
        self.matrix()[2]
    }

    /// `[w, x, y, z]`.
    pub fn array(self) -> [f64; 4] {
        [self.w, self.x, self.y, self.z]
    }
}

/// Scalar product.
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Vector product.
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Length of a vector.
pub fn norm(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

/// Angle of the point (x, y) from the x axis, radians, −π to π.
pub fn angle(x: f64, y: f64) -> f64 {
    libm::atan2(y, x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_about_x_brings_y_to_z() {
        let q = Quat::of_rate([core::f64::consts::FRAC_PI_2, 0.0, 0.0], 1.0);
        let v = q.turn([0.0, 1.0, 0.0]);
        assert!((v[2] - 1.0).abs() < 1e-15 && v[0].abs() < 1e-15 && v[1].abs() < 1e-15, "{v:?}");
        assert_eq!(q.up(), q.back().turn([0.0, 0.0, 1.0]));
    }

    #[test]
    fn small_and_large_turns_have_the_sine_and_cosine_of_half_their_angle() {
        for angle in [0.0, 1e-9, 1e-3, 0.1, 0.4999, 0.5001, 2.0, 6.0] {
            let q = Quat::of_rate([0.0, -angle / 0.02, 0.0], 0.02);
            let (sin, cos) = libm::sincos(0.5 * angle);
            assert!((q.w - cos).abs() < 1e-15 && (q.y + sin).abs() < 1e-15, "{angle}: {q:?}");
            assert!((q.unit().w - q.kept_unit().w).abs() < 1e-15);
        }
    }

    #[test]
    fn a_turn_and_the_way_back_cancel() {
        let q = Quat::of_rate([0.3, -1.1, 2.0], 0.7);
        let one = q.after(q.back());
        assert!((one.w - 1.0).abs() < 1e-15, "{one:?}");
    }

    #[test]
    fn a_broken_quaternion_becomes_the_identity() {
        assert_eq!(Quat { w: f64::NAN, ..Quat::IDENTITY }.unit(), Quat::IDENTITY);
        assert_eq!(Quat { w: 0.0, ..Quat::IDENTITY }.unit(), Quat::IDENTITY);
    }
}
