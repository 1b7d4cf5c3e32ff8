//! The principal axis of turning: the eigenvector with the largest spread of a running 3 × 3 second moment.

use crate::orient::{dot, norm};

/// A forgetting second moment of three-vectors.
#[derive(Debug, Clone, Default)]
pub struct Spread {
    moment: [[f64; 3]; 3],
    axis: [f64; 3],
}

impl Spread {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one vector; `keep` (0 to 1) is how much of the past stays.
    pub fn push(&mut self, v: [f64; 3], keep: f64) {
        self.moment = self.with(v, keep);
    }

    /// Takes one vector and keeps all of the past.
    pub fn add(&mut self, v: [f64; 3]) {
        self.moment = self.with(v, 1.0);
    }

    /// The moment with one more vector: symmetric, so that six of the nine are computed.
    #[inline]
    fn with(&self, v: [f64; 3], keep: f64) -> [[f64; 3]; 3] {
        let [[xx, xy, xz], [_, yy, yz], [_, _, zz]] = self.moment;
        let more = |m: f64, a: usize, b: usize| keep * m + v[a] * v[b];
        let (xy, xz, yz) = (more(xy, 0, 1), more(xz, 0, 2), more(yz, 1, 2));
        [[more(xx, 0, 0), xy, xz], [xy, more(yy, 1, 1), yz], [xz, yz, more(zz, 2, 2)]]
    }

    /// The axis of the largest spread (unit length, its sign stays as it was last time) and that axis's share of
    /// the whole (0.33 to 1); `None` before anything moved.
    pub fn principal(&mut self) -> Option<([f64; 3], f64)> {
        let trace = self.moment[0][0] + self.moment[1][1] + self.moment[2][2];
        if trace.is_nan() || trace <= 1e-12 {
            return None;
        }
        let before = self.axis;
        // Power iteration from the last answer, or from the longest column, which is never orthogonal to the
        // largest eigenvector of such a matrix unless that axis has no spread.
        let mut v = if norm(before) > 0.5 {
            before
        } else {
            self.moment.into_iter().max_by(|a, b| norm(*a).total_cmp(&norm(*b))).unwrap_or([1.0, 0.0, 0.0])
        };
        for _ in 0..32 {
            let next = [dot(self.moment[0], v), dot(self.moment[1], v), dot(self.moment[2], v)];
            let length = norm(next);
            if length <= 1e-12 * trace {
                return None;
            }
            v = [next[0] / length, next[1] / length, next[2] / length];
        }
        if dot(v, before) < 0.0 {
            v = [-v[0], -v[1], -v[2]];
        }
        self.axis = v;
        let along = dot(v, [dot(self.moment[0], v), dot(self.moment[1], v), dot(self.moment[2], v)]);
        Some((v, along / trace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_about_one_axis_is_found_with_its_share() {
        let mut spread = Spread::new();
        assert!(spread.principal().is_none());
        for i in 0..200 {
            let s = libm::sin(f64::from(i) * 0.1);
            let c = libm::cos(f64::from(i) * 0.37);
            spread.push([0.6 * s, 0.8 * s, 0.1 * c], 0.99);
        }
        let (axis, share) = spread.principal().unwrap();
        assert!(dot(axis, [0.6, 0.8, 0.0]).abs() > 0.999 && share > 0.95, "{axis:?} {share}");
    }
}
