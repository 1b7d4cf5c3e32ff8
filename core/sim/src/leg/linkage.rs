//! The physics: a thigh and a shank in one plane, a cuff on the shank, what an ideal sensor in it feels.

use super::profile::Course;
use talus_motion::GRAVITY_MPS2;

/// A rotation as a matrix; columns are the turned frame's axes.
pub type Matrix = [[f64; 3]; 3];

/// No rotation.
pub const UNTURNED: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// What an ideal sensor feels, in the shank's axes: x forward, y to the left, z along the shin to the knee.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Felt {
    /// Specific force, m/s².
    pub force: [f64; 3],
    /// Angular rate, rad/s.
    pub rate: [f64; 3],
}

/// Lengths of one leg in metres.
///
/// Shares of body height: thigh 0.245, shank 0.246 (Winter, Biomechanics and Motor Control of Human Movement, after
/// Drillis & Contini 1966).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Build {
    /// Hip to knee.
    pub thigh_m: f64,
    /// Knee to ankle.
    pub shank_m: f64,
    /// Sensor above the ankle's axis.
    pub above_ankle_m: f64,
    /// Sensor outside of the shin's long axis: forward and to the left.
    pub beside_m: [f64; 2],
}

impl Build {
    /// A person of this height, metres, with a cuff just above the ankle.
    pub fn of_height(height_m: f64) -> Self {
        Self { thigh_m: 0.245 * height_m, shank_m: 0.246 * height_m, above_ankle_m: 0.09, beside_m: [0.02, 0.04] }
    }

    /// Where the sensor sits as seen from the knee, in the shank's axes.
    fn arm(&self) -> [f64; 3] {
        [self.beside_m[0], self.beside_m[1], self.above_ankle_m - self.shank_m]
    }
}

/// A moment of the leg. Angles in radians about one axis of the body; the shank may roll about its own length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posture {
    /// The body in the world (z up): columns are its forward, left and upward directions.
    pub body: Matrix,
    /// The axis both segments turn about, in the body's axes: unit length, across the long axis.
    pub axis: [f64; 3],
    /// The thigh's turn from straight down.
    pub thigh: Course,
    /// The shank's turn from straight down.
    pub shank: Course,
    /// The shank's roll about its length.
    pub roll: Course,
    /// Acceleration of the hip in the world, m/s².
    pub hip_mps2: [f64; 3],
}

/// The orientation of the shank in the world: its axes as columns.
pub fn orientation(posture: &Posture) -> Matrix {
    let turned = product(&posture.body, &about(posture.axis, posture.shank.x));
    product(&turned, &about([0.0, 0.0, 1.0], posture.roll.x))
}

/// What an ideal sensor feels: the second derivative of its place, less gravity, and its turning, all analytic.
pub fn felt(build: &Build, posture: &Posture) -> Felt {
    let Posture { axis, thigh, shank, roll, .. } = *posture;
    let rolled = about([0.0, 0.0, 1.0], roll.x);
    // Angular rate and its derivative in the shank's axes: the plane's axis as the rolled shank sees it, plus roll.
    let seen = back(&rolled, axis);
    let along = [0.0, 0.0, 1.0];
    let rate = add(scale(seen, shank.v), scale(along, roll.v));
    let drift = scale(cross(along, seen), -roll.v * shank.v);
    let turning = add(add(scale(seen, shank.a), drift), scale(along, roll.a));
    // The sensor about the knee.
    let arm = build.arm();
    let about_knee = add(cross(turning, arm), cross(rate, cross(rate, arm)));
    // The knee about the hip, in the body's axes.
    let knee = forward(&about(axis, thigh.x), [0.0, 0.0, -build.thigh_m]);
    let knee_turn = scale(axis, thigh.v);
    let knee_mps2 = add(cross(scale(axis, thigh.a), knee), cross(knee_turn, cross(knee_turn, knee)));
    // Hip and gravity in the body's axes, then everything in the shank's.
    let pull = [posture.hip_mps2[0], posture.hip_mps2[1], posture.hip_mps2[2] + GRAVITY_MPS2];
    let body = add(back(&posture.body, pull), knee_mps2);
    let shank_axes = back(&rolled, back(&about(axis, shank.x), body));
    Felt { force: add(shank_axes, about_knee), rate }
}

/// The rotation by `angle` radians about a unit axis (Rodrigues).
pub fn about(axis: [f64; 3], angle: f64) -> Matrix {
    let (s, c) = libm::sincos(angle);
    let [x, y, z] = axis;
    let d = 1.0 - c;
    [
        [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
        [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
        [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
    ]
}

/// Matrix times vector: from the turned frame to the outer one.
pub fn forward(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
    [dot(m[0], v), dot(m[1], v), dot(m[2], v)]
}

/// Transposed matrix times vector: from the outer frame to the turned one.
pub fn back(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
    core::array::from_fn(|i| m[0][i] * v[0] + m[1][i] * v[1] + m[2][i] * v[2])
}

/// One rotation after another.
pub fn product(a: &Matrix, b: &Matrix) -> Matrix {
    core::array::from_fn(|i| core::array::from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j]))
}

/// The rotation that leads from `a` to `b`, seen in `a`'s axes: unit axis and angle (0 to π).
pub fn turn_between(a: &Matrix, b: &Matrix) -> ([f64; 3], f64) {
    let d: Matrix = core::array::from_fn(|i| core::array::from_fn(|j| (0..3).map(|k| a[k][i] * b[k][j]).sum()));
    let cosine = (0.5 * (d[0][0] + d[1][1] + d[2][2] - 1.0)).clamp(-1.0, 1.0);
    let angle = libm::acos(cosine);
    let skew = [d[2][1] - d[1][2], d[0][2] - d[2][0], d[1][0] - d[0][1]];
    let size = dot(skew, skew).sqrt();
    if size > 1e-6 {
        return (scale(skew, 1.0 / size), angle);
    }
    if cosine > 0.0 {
        return ([0.0, 0.0, 1.0], 0.0);
    }
    // Half a turn: the axis is the longest column of d + 1.
    let column = |j: usize| -> [f64; 3] { core::array::from_fn(|i| d[i][j] + f64::from(u8::from(i == j))) };
    let longest = (0..3).map(column).fold([0.0; 3], |best, c| if dot(c, c) > dot(best, best) { c } else { best });
    (scale(longest, 1.0 / dot(longest, longest).sqrt()), core::f64::consts::PI)
}

/// Scalar product.
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Vector product.
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Sum.
pub fn add(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Times a number.
pub fn scale(a: [f64; 3], k: f64) -> [f64; 3] {
    [a[0] * k, a[1] * k, a[2] * k]
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILD: Build = Build { thigh_m: 0.42, shank_m: 0.42, above_ankle_m: 0.09, beside_m: [0.02, 0.04] };

    fn posture(t: f64) -> Posture {
        let wave = |size: f64, hz: f64, phase: f64| {
            let w = core::f64::consts::TAU * hz;
            let (s, c) = libm::sincos(w * t + phase);
            Course { x: size * s, v: size * w * c, a: -size * w * w * s }
        };
        Posture {
            body: about([0.36, 0.48, 0.8], 0.7),
            axis: [0.0, 1.0, 0.0],
            thigh: wave(0.6, 0.8, 0.3),
            shank: wave(0.9, 1.1, 1.0),
            roll: wave(0.2, 0.9, 2.0),
            hip_mps2: [0.0; 3],
        }
    }

    fn place(t: f64) -> [f64; 3] {
        let p = posture(t);
        let knee = forward(&about(p.axis, p.thigh.x), [0.0, 0.0, -BUILD.thigh_m]);
        let turned = product(&about(p.axis, p.shank.x), &about([0.0, 0.0, 1.0], p.roll.x));
        forward(&p.body, add(knee, forward(&turned, BUILD.arm())))
    }

    #[test]
    fn the_felt_force_is_the_second_derivative_of_the_place_less_gravity() {
        let h = 1e-4;
        for i in 0..40 {
            let t = f64::from(i) * 0.031;
            let (a, b, c) = (place(t - h), place(t), place(t + h));
            let mut world: [f64; 3] = core::array::from_fn(|k| (a[k] - 2.0 * b[k] + c[k]) / (h * h));
            world[2] += GRAVITY_MPS2;
            let expected = back(&orientation(&posture(t)), world);
            let felt = felt(&BUILD, &posture(t));
            for k in 0..3 {
                assert!((felt.force[k] - expected[k]).abs() < 1e-4, "{t}: {felt:?} {expected:?}");
            }
        }
    }

    #[test]
    fn the_felt_rate_is_the_turning_of_the_orientation() {
        let h = 1e-5;
        for i in 0..40 {
            let t = f64::from(i) * 0.037;
            let (axis, angle) = turn_between(&orientation(&posture(t - h)), &orientation(&posture(t + h)));
            let rate = felt(&BUILD, &posture(t)).rate;
            for k in 0..3 {
                assert!((axis[k] * angle / (2.0 * h) - rate[k]).abs() < 1e-3, "{t}");
            }
        }
    }

    #[test]
    fn a_leg_turning_evenly_feels_omega_squared_times_its_distance() {
        let straight = Course { x: 0.0, v: 3.0, a: 0.0 };
        let mut still = posture(0.0);
        (still.body, still.thigh, still.shank, still.roll) = (UNTURNED, straight, straight, Course::default());
        let build = Build { beside_m: [0.0, 0.0], ..BUILD };
        let felt = felt(&build, &still);
        // Towards the hip, on top of gravity: 3² × (0.42 + 0.42 − 0.09) m.
        assert!((felt.force[2] - (GRAVITY_MPS2 + 9.0 * 0.75)).abs() < 1e-12);
        assert!(felt.force[0].abs() < 1e-12 && felt.force[1].abs() < 1e-12);
    }

    #[test]
    fn half_a_turn_between_two_poses_is_found() {
        let half = about([0.0, 0.6, 0.8], core::f64::consts::PI);
        let (axis, angle) = turn_between(&UNTURNED, &half);
        assert!((angle - core::f64::consts::PI).abs() < 1e-9);
        assert!(dot(axis, [0.0, 0.6, 0.8]).abs() > 1.0 - 1e-9);
        assert_eq!(turn_between(&half, &half).1, 0.0);
    }
}
