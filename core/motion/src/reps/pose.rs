//! Where the leg is, in the two ways a cuff can tell: the direction of gravity, or how far it has turned.

use crate::orient::{cross, dot, norm};

/// Which signal a pose is made of. Angles are degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// The upward direction in the cuff's axes (unit vector): free of drift, blind to turning about the vertical.
    Tilt,
    /// The rotation vector since the start of the set, degrees: sees every turn, drifts slowly.
    Turn,
}

/// A pose: a unit vector ([`Channel::Tilt`]) or a rotation vector in degrees ([`Channel::Turn`]).
pub(super) type Pose = [f64; 3];

const DEG_PER_RAD: f64 = 180.0 / core::f64::consts::PI;

pub(super) fn minus(a: Pose, b: Pose) -> Pose {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(super) fn plus_share(a: Pose, b: Pose, share: f64) -> Pose {
    [a[0] + share * b[0], a[1] + share * b[1], a[2] + share * b[2]]
}

pub(super) fn unit(v: Pose) -> Option<Pose> {
    let length = norm(v);
    (length > 1e-9).then(|| [v[0] / length, v[1] / length, v[2] / length])
}

impl Channel {
    /// The angle between two poses, ≥ 0.
    pub(super) fn apart(self, a: Pose, b: Pose) -> f64 {
        match self {
            Self::Tilt => libm::atan2(norm(cross(a, b)), dot(a, b)) * DEG_PER_RAD,
            Self::Turn => norm(minus(a, b)),
        }
    }

    /// The angle of `pose` from `rest` in `direction`, signed: along the great circle through both for a tilt.
    pub(super) fn along(self, pose: Pose, rest: Pose, direction: Pose) -> f64 {
        match self {
            Self::Tilt => libm::atan2(dot(pose, direction), dot(pose, rest)) * DEG_PER_RAD,
            Self::Turn => dot(minus(pose, rest), direction),
        }
    }

    /// The direction in which `to` lies from `from`, unit length; `None` where they are the same.
    pub(super) fn direction(self, from: Pose, to: Pose) -> Option<Pose> {
        match self {
            Self::Tilt => self.carried(to, from),
            Self::Turn => unit(minus(to, from)),
        }
    }

    /// `direction` made fit for another rest pose.
    pub(super) fn carried(self, direction: Pose, rest: Pose) -> Option<Pose> {
        match self {
            Self::Tilt => unit(plus_share(direction, rest, -dot(direction, rest))),
            Self::Turn => Some(direction),
        }
    }

    /// `from` moved towards `to` by `share` of the way.
    pub(super) fn moved(self, from: Pose, to: Pose, share: f64) -> Pose {
        let mix = plus_share(from, minus(to, from), share);
        match self {
            Self::Tilt => unit(mix).unwrap_or(from),
            Self::Turn => mix,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilt_is_measured_along_its_great_circle_even_beyond_a_right_angle() {
        let rest = [0.0, 0.0, 1.0];
        let direction = Channel::Tilt.direction(rest, [0.3, 0.0, 0.9]).unwrap();
        for deg in [-40.0, 10.0, 85.0, 130.0] {
            let rad: f64 = deg / DEG_PER_RAD;
            let pose = [libm::sin(rad), 0.0, libm::cos(rad)];
            assert!((Channel::Tilt.along(pose, rest, direction) - deg).abs() < 1e-9);
            assert!((Channel::Tilt.apart(pose, rest) - f64::abs(deg)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_roll_across_the_direction_is_not_measured() {
        let rest = [0.0, 0.0, 1.0];
        let direction = [1.0, 0.0, 0.0];
        let pose = unit([0.0, 0.4, 0.9]).unwrap();
        assert_eq!(Channel::Tilt.along(pose, rest, direction), 0.0);
    }
}
