//! The families of exercises a virtual leg can do: how the body lies, what turns, what stays.

use super::linkage::{Matrix, UNTURNED};
use talus_motion::Side;

/// How a repetition moves. The names follow the catalogue's families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepShape {
    /// Sitting, thigh on the seat, the shank swings up from hanging: knee extension.
    SeatedKneeExtension,
    /// On the back, the straight leg is raised from the hip.
    StraightLegRaise,
    /// On the other side, the straight leg is raised sideways.
    SideLyingAbduction,
    /// On the front, the straight leg is raised backwards.
    ProneHipExtension,
    /// On the front, the knee bends, the heel comes to the seat.
    ProneKneeCurl,
    /// Standing, the knee bends, the thigh stays.
    StandingKneeCurl,
    /// Standing, the straight leg is raised sideways.
    StandingAbduction,
    /// Standing, the straight leg is moved backwards.
    StandingHipExtension,
    /// Standing, the straight leg is raised to the front.
    StandingHipFlexion,
    /// Standing, the thigh is raised with the knee bending so that the shank stays nearly upright.
    StandingMarch,
}

/// The fixed facts of a shape for one side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    /// The body in the world.
    pub(super) body: Matrix,
    /// What the segments turn about, in the body's axes.
    pub(super) axis: [f64; 3],
    /// Turn of thigh and shank from straight down at the start, degrees.
    pub(super) start_deg: [f64; 2],
    /// Degrees that thigh and shank turn per degree of the exercise.
    pub(super) gain: [f64; 2],
    /// Whether the foot is put down at the end of a repetition.
    pub(super) lands: bool,
}

/// On the back: forward is up, the head points along the world's −x.
const SUPINE: Matrix = [[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
/// On the front: forward is down.
const PRONE: Matrix = [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]];
/// On the right side: left is up.
const ON_RIGHT: Matrix = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
/// On the left side: right is up.
const ON_LEFT: Matrix = [[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]];
const SIDEWAYS: [f64; 3] = [0.0, 1.0, 0.0];
const FORWARD: [f64; 3] = [1.0, 0.0, 0.0];

impl RepShape {
    /// Every shape.
    pub const ALL: [Self; 10] = [
        Self::SeatedKneeExtension,
        Self::StraightLegRaise,
        Self::SideLyingAbduction,
        Self::ProneHipExtension,
        Self::ProneKneeCurl,
        Self::StandingKneeCurl,
        Self::StandingAbduction,
        Self::StandingHipExtension,
        Self::StandingHipFlexion,
        Self::StandingMarch,
    ];

    /// Degrees the shank turns in the world per degree of the exercise: what a cuff can see of it.
    pub fn shank_share(self) -> f64 {
        self.frame(Side::Left).gain[1].abs()
    }

    /// Whether the whole leg turns, and not the shank alone.
    pub(super) fn whole_leg(self) -> bool {
        self.frame(Side::Left).gain[0] != 0.0
    }

    /// A turn about the axis to the left is positive: it moves a hanging foot backwards. About the forward axis it
    /// moves the foot to the left, which is outward for a left leg.
    pub(super) fn frame(self, side: Side) -> Frame {
        let outward = if side == Side::Left { 1.0 } else { -1.0 };
        let lying = |body, gain| Frame { body, axis: SIDEWAYS, start_deg: [0.0, 0.0], gain, lands: true };
        let standing = |gain| Frame { body: UNTURNED, axis: SIDEWAYS, start_deg: [0.0, 3.0], gain, lands: true };
        match self {
            Self::SeatedKneeExtension => {
                Frame { body: UNTURNED, axis: SIDEWAYS, start_deg: [-88.0, 4.0], gain: [0.0, -1.0], lands: false }
            }
            Self::StraightLegRaise => lying(SUPINE, [-1.0, -1.0]),
            Self::ProneHipExtension => lying(PRONE, [1.0, 1.0]),
            Self::ProneKneeCurl => lying(PRONE, [0.0, 1.0]),
            Self::SideLyingAbduction => Frame {
                body: if side == Side::Left { ON_RIGHT } else { ON_LEFT },
                axis: FORWARD,
                start_deg: [0.0, 0.0],
                gain: [outward, outward],
                lands: true,
            },
            Self::StandingAbduction => {
                Frame { body: UNTURNED, axis: FORWARD, start_deg: [0.0, 0.0], gain: [outward, outward], lands: true }
            }
            Self::StandingKneeCurl => standing([0.0, 1.0]),
            Self::StandingHipExtension => standing([1.0, 1.0]),
            Self::StandingHipFlexion => standing([-1.0, -1.0]),
            // The knee bends a third more than the hip, so the shank tips backwards while the foot rises.
            Self::StandingMarch => standing([-1.0, 0.33]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::linkage::{about, cross, forward, product};
    use super::*;

    #[test]
    fn every_body_is_a_right_handed_frame() {
        for body in [SUPINE, PRONE, ON_RIGHT, ON_LEFT] {
            let column = |j: usize| -> [f64; 3] { core::array::from_fn(|i| body[i][j]) };
            assert_eq!(cross(column(0), column(1)), column(2));
        }
    }

    #[test]
    fn the_working_direction_of_every_lying_shape_lifts_the_foot() {
        for shape in RepShape::ALL {
            for side in [Side::Left, Side::Right] {
                let frame = shape.frame(side);
                let foot_z = |lift: f64| {
                    let down = [0.0, 0.0, -0.4];
                    let turn = |i: usize| (frame.start_deg[i] + frame.gain[i] * lift).to_radians();
                    let place = |i: usize| forward(&product(&frame.body, &about(frame.axis, turn(i))), down)[2];
                    place(0) + place(1)
                };
                assert!(foot_z(20.0) > foot_z(0.0) + 0.005, "{shape:?} {side:?}");
            }
        }
    }
}
