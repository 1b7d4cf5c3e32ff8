//! What stood out in one repetition: [`noticed`] weighs what was measured against what was asked and what is usual.

use super::measure::Shape;
use super::own::Own;
use crate::model::{ExerciseModel, Lever};
use crate::movement::{Detector, Measures};
use crate::noticed::certainty;
use crate::words::GRAVITY_MPS2;

/// Below this share of the reference range a repetition is short.
const SHORT_SHARE: f64 = 0.8;
/// Farther than this share of the reference range from the start pose is not back.
const RETURN_SHARE: f64 = 0.15;
/// Nor is anything nearer than this, degrees: a resting shank is moved as far by putting the foot down and by fidgeting.
const RETURN_LEAST_DEG: f64 = 4.0;
/// Lifting or lowering in less than this share of the time asked for is quick.
const QUICK_SHARE: f64 = 0.6;
/// Holding for less than this share of the time asked for is no hold.
const HOLD_SHARE: f64 = 0.5;
/// Lowering carries less than this share of the leg's weight when it is a drop.
const CARRIED_SHARE: f64 = 0.5;
/// The longest lever of the catalogue, hip to ankle of a tall adult, metres: 0.49 of 1.75 m (segment lengths of
/// Winter). Shorter ones fall faster, so none is taken for dropped that was lowered.
const LEVER_M: f64 = 0.86;

/// Share of the range the leg may go the other way before a lift. How peaked the rate of a lift is tells nothing: every
/// single push is a bell with a peak of about twice its mean, thrown or not.
const SWING_SHARE: f64 = 0.125;
/// Share of the turning that may be about another axis beyond what is usual: no leg turns about one axis alone, and a
/// soft cuff turns with the skin.
const OFF_AXIS_SHARE: f64 = 0.25;
/// Turn about the shank's own length in one repetition beyond what is usual, degrees.
const LEG_TURN_DEG: f64 = 15.0;
/// Rise for the angle, over what it was at first, from which another segment lifts along.
const RADIUS_RATIO: f64 = 1.3;
/// The start pose beside its plane, degrees.
const TILT_DRIFT_DEG: f64 = 12.0;
/// Power of shaking over what it was at first.
const TREMOR_POWER: f64 = 3.0;
/// Shaking that a sensor and its strap have by themselves, °/s: nothing below twice this is a tremor.
const SHAKE_FLOOR_DPS: f64 = 0.5;
/// Losses over a set.
const SPEED_LOSS: f64 = 0.2;
const RANGE_LOSS: f64 = 0.15;

/// What a measure is known to, which is what a detector's confidence counts in: angles on simulated legs to 2°, instants to
/// 80 ms; shares and ratios of two repetitions done alike differ by so much.
const KNOWN_DEG: f64 = 2.0;
pub(super) const KNOWN_S: f64 = 0.08;
pub(super) const KNOWN_SHARE: f64 = 0.05;
const KNOWN_RATIO: f64 = 0.2;

/// What a repetition is held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual<'a> {
    /// The exercise; its times are zero where nobody asked.
    pub(super) model: &'a ExerciseModel,
    /// How the person did it at first.
    pub(super) own: &'a Own,
    /// The person's own range or that of this set so far, degrees.
    pub(super) range_deg: Option<f64>,
    /// Whether that range is known well enough to call a repetition short.
    pub(super) steady: bool,
}

/// Seconds a leg that is let go needs to fall by `range_deg` from level: a uniform rod about its upper end, at
/// 1.5 g over its length. From any other pose it falls more slowly.
fn fall_s(range_deg: f64) -> f64 {
    let rad = range_deg.clamp(0.0, 90.0).to_radians();
    (2.0 * rad * LEVER_M / (1.5 * GRAVITY_MPS2)).sqrt()
}

/// By how many seconds muscles carried less than half of the leg's weight on the way down: what carries a share of the
/// weight stretches the time of the fall by one over the root of what is left. And faster down than up: who throws the leg
/// up has another habit than letting it go.
fn dropped(lift_s: f64, lower_s: f64, range_deg: f64) -> f64 {
    (lift_s - lower_s).min(fall_s(range_deg) / (1.0 - CARRIED_SHARE).sqrt() - lower_s)
}

/// The detectors that speak up, in the order of their declaration; `measures` are told how sure each is.
pub(super) fn noticed(shape: &Shape, measures: &mut Measures, left_over_deg: f64, usual: &Usual<'_>) -> Vec<Detector> {
    let Usual { model, own, range_deg: reference, steady } = *usual;
    let (lift_s, hold_s, lower_s) = (shape.lift_s(), shape.hold_s(), shape.lower_s());
    let tempo = model.tempo;
    let lever = model.leverage.map(|leverage| leverage.lever);
    // By how much each measure that is known lies beyond its limit, and to what it is known.
    let above = |value: Option<f64>, limit: f64| value.map_or(f64::NEG_INFINITY, |value| value - limit);
    let ratio = |value: Option<f64>, first: Option<f64>| value.zip(first).map(|(value, first)| value / first);
    let more = |value: Option<f64>, first: Option<f64>| value.zip(first).map(|(value, first)| value - first);
    let where_it_is = |there: bool, value: Option<f64>| value.filter(|_| there);
    let swung = measures.back_swing_deg.map(|deg| deg / shape.range_deg);
    let led_by_thigh = ratio(measures.radius_m, own.radius_m());
    let shaking = measures.shake_deg_per_s.filter(|dps| *dps > 2.0 * SHAKE_FLOOR_DPS);
    let shook_at_first = own.shake_dps().map(|dps| dps.max(SHAKE_FLOOR_DPS));
    let not_back_deg = (RETURN_SHARE * reference.unwrap_or(shape.range_deg)).max(RETURN_LEAST_DEG);
    let short_deg = where_it_is(steady, reference).map(|reference| SHORT_SHARE * reference - shape.range_deg);
    let thigh_lifts = |of: Lever| above(where_it_is(lever == Some(of), led_by_thigh), RADIUS_RATIO);
    let weighed = [
        (Detector::ShortRom, above(short_deg, 0.0), KNOWN_DEG),
        (Detector::NoReturn, left_over_deg - not_back_deg, KNOWN_DEG),
        (Detector::FastLift, QUICK_SHARE * tempo.lift_s - lift_s, KNOWN_S),
        (Detector::FastLower, QUICK_SHARE * tempo.lower_s - lower_s, KNOWN_S),
        (Detector::Drop, dropped(lift_s, lower_s, shape.range_deg), KNOWN_S),
        (Detector::NoHold, HOLD_SHARE * tempo.hold_s - hold_s, KNOWN_S),
        (Detector::Swing, above(swung, SWING_SHARE), KNOWN_SHARE),
        (Detector::OffAxis, above(more(measures.off_axis_share, own.off_axis()), OFF_AXIS_SHARE), KNOWN_SHARE),
        (Detector::LegTurn, above(more(measures.leg_turn_deg, own.turn_deg()), LEG_TURN_DEG), 2.0 * KNOWN_DEG),
        (Detector::KneeBend, thigh_lifts(Lever::Leg), KNOWN_RATIO),
        (Detector::HipCheat, thigh_lifts(Lever::Shank), KNOWN_RATIO),
        (Detector::TiltDrift, above(measures.start_tilt_deg, TILT_DRIFT_DEG), KNOWN_DEG),
        (Detector::Tremor, above(ratio(shaking, shook_at_first), TREMOR_POWER.sqrt()), KNOWN_RATIO),
        (Detector::VelocityLoss, above(own.speed_lost(measures.mean_deg_per_s), SPEED_LOSS), KNOWN_SHARE),
        (Detector::RomLoss, above(own.range_lost(shape.range_deg), RANGE_LOSS), KNOWN_SHARE),
    ];
    speak(weighed, measures)
}

/// Those whose measure lies beyond its limit, of detectors with by how much it does and to what it is known (same unit);
/// `measures` are told how sure each is.
pub(super) fn speak<const N: usize>(weighed: [(Detector, f64, f64); N], measures: &mut Measures) -> Vec<Detector> {
    let mut told = Vec::new();
    for (detector, beyond, known) in weighed.into_iter().filter(|(_, beyond, _)| *beyond > 0.0) {
        measures.detector_confidence.note(detector, certainty(beyond, known));
        told.push(detector);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_let_go_falls_as_a_rod_does_and_a_lowered_one_takes_longer() {
        // √(2 · π/4 · 0.86 / 14.71) s
        assert!((fall_s(45.0) - 0.303).abs() < 1e-3);
        for (lift_s, lower_s, range_deg, drops) in [
            (1.5, 0.35, 45.0, true),
            (1.5, 0.5, 45.0, false),
            (0.3, 0.35, 45.0, false),
            (1.0, 0.25, 18.0, true),
            (1.0, 0.4, 18.0, false),
        ] {
            assert_eq!(dropped(lift_s, lower_s, range_deg) > 0.0, drops, "{lift_s} {lower_s} {range_deg}");
        }
    }
}
