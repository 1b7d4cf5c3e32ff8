//! [`Analysis`]: the judging format `analyse/1`, whose names and units are stable.

use serde::Serialize;
use talus_motion::{
    Detector, Measures, Micros, Movement, Outcome, Part, PartKind, Quality, Reason, Rep, Side, Stride, Test, Unit,
};

/// Everything found in one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Analysis {
    /// Name and version of the format: `analyse/1`.
    pub talus: &'static str,
    /// The file's name without its folder.
    pub file: String,
    /// What was found, in the order of its beginning.
    pub events: Vec<Event>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// What it is.
    pub kind: Kind,
    /// When it begins, seconds of the file's own clock.
    pub t_s: f64,
    /// When it ends, seconds of the file's own clock; equal to `t_s` for a moment.
    pub t_end_s: f64,
    /// The leg; `None` where nobody said.
    pub side: Option<Side>,
    /// What was measured.
    pub values: Values,
    /// What speaks against the numbers.
    pub quality: Verdict,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A repetition.
    Rep,
    /// The foot touched the ground.
    InitialContact,
    /// The foot left the ground.
    FootOff,
    /// From one contact to the next of the same foot.
    Stride,
    /// Samples were missing.
    Gap,
    /// A turn while walking.
    Turn,
    /// A part of a function test.
    Part,
    /// A function test as a whole.
    Test,
    /// Something stood out beside the repetitions: running, a caught step, a foot that touched down, …
    Noticed,
}

/// Numbers of a finding; one that was not measured is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Values {
    /// Of a repetition.
    Rep(RepValues),
    /// Of a stride.
    Stride(StrideValues),
    /// Of a turn.
    Turn(TurnValues),
    /// Of a part of a function test.
    Part(PartValues),
    /// Of a function test.
    Test(TestValues),
    /// Of what stood out.
    Noticed(NoticedValues),
    /// A moment or a gap has none.
    None {},
}

/// Numbers of a repetition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RepValues {
    /// Range of motion, degrees.
    pub range_deg: Option<f64>,
    /// Lifting, seconds.
    pub lift_s: f64,
    /// At the top, seconds.
    pub hold_s: f64,
    /// Lowering, seconds.
    pub lower_s: f64,
    /// At the start pose before it, seconds; `None` for the first.
    pub rest_s: Option<f64>,
    /// Highest angular rate while lifting, degrees per second.
    pub peak_deg_per_s: f64,
    /// SPARC, negative, nearer zero is smoother.
    pub smoothness_sparc: Option<f64>,
    /// Whether the smallest range that counts was reached.
    pub full: bool,
    /// What stood out.
    pub detectors: Vec<Detector>,
    /// The finer measures, each under its own name.
    #[serde(flatten)]
    pub measures: Measures,
}

/// Numbers of a stride.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StrideValues {
    /// From contact to contact, seconds.
    pub stride_s: f64,
    /// Share of it in swing, 0 to 1.
    pub swing_fraction: f64,
    /// Steps of both feet per minute.
    pub cadence_per_min: f64,
    /// Way of the foot along the ground, metres.
    pub stride_length_m: Option<f64>,
    /// How far off the length may be, metres (one standard deviation).
    pub stride_length_error_m: Option<f64>,
    /// Metres per second along the ground.
    pub speed_m_per_s: Option<f64>,
    /// Lift of the ankle, metres.
    pub lift_m: Option<f64>,
    /// Where the last stride of a walk ends, as seen from where the walk began, metres: after a loop, what the way fails
    /// to close by. `None` for the others, and where a part of the way was not measured.
    pub loop_closure_m: Option<f64>,
}

/// What stood out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoticedValues {
    /// Its id, as the only one of a list: as a repetition has them.
    pub detectors: [Detector; 1],
    /// How sure it is, 0.5 to 1.
    pub confidence: f64,
}

/// Numbers of a turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TurnValues {
    /// By how much, degrees, to the left positive.
    pub angle_deg: f64,
}

/// Numbers of a part of a function test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartValues {
    /// What it was.
    pub part: PartKind,
    /// How long it took, seconds.
    pub part_s: f64,
    /// Metres of a heel rise, degrees of a reach; `None` for the others.
    pub value: Option<f64>,
}

/// Numbers of a function test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestValues {
    /// Which.
    pub test: &'static str,
    /// Its result; `None` where it was not measured.
    pub value: Option<f64>,
    /// What the result counts or measures.
    pub unit: Unit,
    /// The smallest change that is more than the test's own scatter, where a checked source says so.
    pub detectable_change: Option<f64>,
    /// Wobble: root mean square of the lean of the shank, degrees; as the rest of the sway `None` where the leg did not
    /// stand for five seconds.
    pub wobble_deg: Option<f64>,
    /// Widest sway, degrees.
    pub sway_width_deg: Option<f64>,
    /// Way of the lean per second, degrees per second.
    pub sway_deg_per_s: Option<f64>,
    /// Area that holds 95 % of the sway, square degrees.
    pub sway_area_deg2: Option<f64>,
    /// Mean frequency of the sway, Hz.
    pub sway_hz: Option<f64>,
    /// Seconds the sway was looked at.
    pub sway_s: Option<f64>,
    /// Whether the wobble is large enough for a sensor to see.
    pub above_noise: Option<bool>,
}

/// How good a finding is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Nothing speaks against it.
    pub ok: bool,
    /// What does.
    pub reasons: Vec<Reason>,
}

impl Analysis {
    /// Puts findings in order: a stride is found after the contacts within it.
    pub(super) fn new(file: &str, mut events: Vec<Event>) -> Self {
        events.sort_by(|a, b| a.t_s.total_cmp(&b.t_s).then(a.kind.cmp(&b.kind)));
        Self { talus: "analyse/1", file: file.to_owned(), events }
    }

    /// Says where the walk ended, on its last stride.
    pub(super) fn close(&mut self, start_distance_m: Option<f64>) {
        let strides = self.events.iter_mut().rev().map(|event| &mut event.values);
        if let Some(Values::Stride(last)) = strides.into_iter().find(|values| matches!(values, Values::Stride(_))) {
            last.loop_closure_m = start_distance_m.map(printed);
        }
    }

    /// How many findings of `kind` there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.events.iter().filter(|event| event.kind == kind).count()
    }
}

impl Event {
    /// The finding in a movement; phases, rest and doubts about the count are none.
    pub(super) fn of(movement: &Movement, side: Option<Side>) -> Option<Self> {
        let event = |kind, from: Micros, to: Micros, values, quality| Self {
            kind,
            t_s: seconds(from),
            t_end_s: seconds(to),
            side,
            values,
            quality: Verdict::of(quality),
        };
        Some(match movement {
            Movement::RepEnded(rep) => event(Kind::Rep, rep.start, rep.end, Values::Rep(rep.into()), rep.quality),
            Movement::Strode(stride) => {
                event(Kind::Stride, stride.start, stride.end, Values::Stride(stride.into()), stride.length_quality())
            }
            Movement::Turned { start, end, angle_deg } => {
                let values = Values::Turn(TurnValues { angle_deg: printed(*angle_deg) });
                event(Kind::Turn, *start, *end, values, Quality::GOOD)
            }
            Movement::InitialContact { at } => event(Kind::InitialContact, *at, *at, Values::None {}, Quality::GOOD),
            Movement::FootOff { at } => event(Kind::FootOff, *at, *at, Values::None {}, Quality::GOOD),
            Movement::Gapped(gap) => {
                event(Kind::Gap, gap.start, gap.end, Values::None {}, Quality::because(Reason::Gap))
            }
            Movement::TestPart(part) => {
                event(Kind::Part, part.start, part.end, Values::Part(part.into()), part.quality)
            }
            Movement::Tested(outcome) => {
                event(Kind::Test, outcome.start, outcome.end, Values::Test(outcome.into()), outcome.quality)
            }
            Movement::Noticed(finding) => {
                let confidence = printed(finding.confidence);
                let values = Values::Noticed(NoticedValues { detectors: [finding.detector], confidence });
                event(Kind::Noticed, finding.start, finding.end, values, finding.quality)
            }
            Movement::CuffChecked { .. }
            | Movement::Walked(_)
            | Movement::RepBegan { .. }
            | Movement::PhaseChanged { .. }
            | Movement::Stilled { .. }
            | Movement::Moved { .. }
            | Movement::CountDoubted { .. } => return None,
        })
    }
}

impl Verdict {
    fn of(quality: Quality) -> Self {
        Self { ok: quality.ok(), reasons: quality.reasons().collect() }
    }
}

impl From<&Rep> for RepValues {
    fn from(rep: &Rep) -> Self {
        Self {
            range_deg: rep.range_deg.map(printed),
            lift_s: printed(rep.lift_s),
            hold_s: printed(rep.hold_s),
            lower_s: printed(rep.lower_s),
            rest_s: rep.rest_s.map(printed),
            peak_deg_per_s: printed(rep.peak_deg_per_s),
            smoothness_sparc: rep.smoothness_sparc.map(printed),
            full: rep.full,
            detectors: rep.detectors.clone(),
            measures: shown(&rep.measures),
        }
    }
}

impl From<&Stride> for StrideValues {
    fn from(stride: &Stride) -> Self {
        Self {
            stride_s: printed(stride.stride_s()),
            swing_fraction: printed(stride.swing_fraction),
            cadence_per_min: printed(stride.cadence_per_min()),
            stride_length_m: stride.length_m.map(printed),
            stride_length_error_m: stride.length_error_m.map(printed),
            speed_m_per_s: stride.speed_m_per_s().map(printed),
            lift_m: stride.lift_m.map(printed),
            loop_closure_m: None,
        }
    }
}

/// Every measure to six decimals.
fn shown(measures: &Measures) -> Measures {
    let Measures {
        mean_deg_per_s,
        lower_peak_deg_per_s,
        time_to_peak_s,
        smoothness_ldlj,
        off_axis_share,
        leg_turn_deg,
        rise_m,
        radius_m,
        mid_range_s,
        high_torque_s,
        shake_deg_per_s,
        back_swing_deg,
        start_tilt_deg,
        detector_confidence,
    } = *measures;
    Measures {
        mean_deg_per_s: mean_deg_per_s.map(printed),
        lower_peak_deg_per_s: lower_peak_deg_per_s.map(printed),
        time_to_peak_s: time_to_peak_s.map(printed),
        smoothness_ldlj: smoothness_ldlj.map(printed),
        off_axis_share: off_axis_share.map(printed),
        leg_turn_deg: leg_turn_deg.map(printed),
        rise_m: rise_m.map(printed),
        radius_m: radius_m.map(printed),
        mid_range_s: mid_range_s.map(printed),
        high_torque_s: high_torque_s.map(printed),
        shake_deg_per_s: shake_deg_per_s.map(printed),
        back_swing_deg: back_swing_deg.map(printed),
        start_tilt_deg: start_tilt_deg.map(printed),
        detector_confidence,
    }
}

impl From<&Part> for PartValues {
    fn from(part: &Part) -> Self {
        let part_s = printed(part.end.since(part.start) as f64 * 1e-6);
        Self { part: part.kind, part_s, value: part.value.map(printed) }
    }
}

impl From<&Outcome> for TestValues {
    fn from(outcome: &Outcome) -> Self {
        let sway = outcome.sway;
        Self {
            test: test_name(outcome.test),
            value: outcome.value.map(printed),
            unit: outcome.test.unit(),
            detectable_change: outcome.test.detectable_change(),
            wobble_deg: sway.map(|sway| printed(sway.wobble_deg)),
            sway_width_deg: sway.map(|sway| printed(sway.width_deg)),
            sway_deg_per_s: sway.map(|sway| printed(sway.speed_deg_per_s)),
            sway_area_deg2: sway.map(|sway| printed(sway.area_deg2)),
            sway_hz: sway.map(|sway| printed(sway.frequency_hz)),
            sway_s: sway.map(|sway| printed(sway.seconds)),
            above_noise: sway.map(|sway| sway.above_noise()),
        }
    }
}

/// A test's name in the format.
fn test_name(test: Test) -> &'static str {
    match test {
        Test::ChairStand { .. } => "chair_stand",
        Test::UpAndGo => "up_and_go",
        Test::Stand => "stand",
        Test::FootUp => "foot_up",
        Test::Walk { .. } => "walk",
        Test::HeelRises => "heel_rises",
        Test::KneeToWall => "knee_to_wall",
        Test::Range => "range",
    }
}

/// Whole microseconds as seconds, without the tail that a product with 1e-6 would print.
fn seconds(at: Micros) -> f64 {
    at.0 as f64 / 1e6
}

/// To six decimals: far below what can be measured, and the same text on every machine.
fn printed(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use talus_motion::Gap;

    #[test]
    fn the_judging_format_has_these_names_units_and_nulls() {
        let rep = Rep {
            start: Micros(1_280_001),
            top: Micros(2_300_000),
            turn: Micros(2_900_000),
            end: Micros(4_500_000),
            range_deg: Some(61.234_567_89),
            lift_s: 1.02,
            hold_s: 0.6,
            lower_s: 1.6,
            rest_s: None,
            peak_deg_per_s: 118.0,
            smoothness_sparc: Some(-1.5),
            full: true,
            confidence: 0.9,
            detectors: vec![Detector::NoHold, Detector::FastLift],
            measures: Measures { rise_m: Some(0.31), time_to_peak_s: Some(0.4), ..Measures::default() },
            quality: Quality::GOOD,
        };
        let short = Rep { range_deg: None, full: false, smoothness_sparc: None, ..rep.clone() };
        let stride = Stride {
            start: Micros(10_000_000),
            foot_off: Micros(10_600_000),
            end: Micros(11_000_000),
            swing_fraction: 0.4,
            length_m: Some(1.3),
            length_error_m: Some(0.03),
            lift_m: Some(0.12),
            quality: Quality::because(Reason::ClockPoor),
        };
        let movements = [
            Movement::RepEnded(Rep { start: Micros(6_000_000), end: Micros(9_000_000), ..short }),
            Movement::RepEnded(rep),
            Movement::Stilled { since: Micros(9_000_000) },
            Movement::InitialContact { at: Micros(10_000_000) },
            Movement::FootOff { at: Micros(10_600_000) },
            Movement::Strode(stride),
            Movement::Turned { start: Micros(10_500_000), end: Micros(12_000_000), angle_deg: -91.5 },
            Movement::Gapped(Gap { start: Micros(12_000_000), end: Micros(13_000_000), missing: 99 }),
        ];
        let events = movements.iter().filter_map(|m| Event::of(m, Some(Side::Right))).collect();
        insta::assert_json_snapshot!(Analysis::new("walk.csv", events));
    }

    #[test]
    fn a_finding_without_a_side_says_null() {
        let event = Event::of(&Movement::FootOff { at: Micros(5) }, None).unwrap();
        assert_eq!(
            serde_json::to_string(&event).unwrap(),
            r#"{"kind":"foot_off","t_s":5e-6,"t_end_s":5e-6,"side":null,"values":{},"quality":{"ok":true,"reasons":[]}}"#
        );
    }

    #[test]
    fn a_function_test_has_these_names_and_says_what_its_value_counts() {
        let part = Part {
            kind: PartKind::FootUp,
            start: Micros(1_000_000),
            end: Micros(13_500_000),
            value: Some(12.5),
            quality: Quality::GOOD,
        };
        let sway = talus_motion::Sway {
            seconds: 11.5,
            wobble_deg: 1.25,
            width_deg: 5.0,
            speed_deg_per_s: 4.0,
            area_deg2: 12.0,
            frequency_hz: 0.5,
        };
        let outcome = Outcome {
            test: Test::FootUp,
            start: part.start,
            end: part.end,
            value: part.value,
            sway: Some(sway),
            quality: Quality::because(Reason::Gap),
        };
        let json = |movement: &Movement| serde_json::to_value(Event::of(movement, Some(Side::Left)).unwrap()).unwrap();
        let told = json(&Movement::TestPart(part));
        assert_eq!((told["kind"].as_str(), told["t_end_s"].as_f64()), (Some("part"), Some(13.5)));
        assert_eq!(told["values"], serde_json::json!({"part": "foot_up", "part_s": 12.5, "value": 12.5}));
        let told = json(&Movement::Tested(outcome));
        assert_eq!((told["kind"].as_str(), told["quality"]["reasons"][0].as_str()), (Some("test"), Some("gap")));
        let values = serde_json::json!({
            "test": "foot_up", "value": 12.5, "unit": "seconds", "detectable_change": null, "wobble_deg": 1.25,
            "sway_width_deg": 5.0, "sway_deg_per_s": 4.0, "sway_area_deg2": 12.0, "sway_hz": 0.5, "sway_s": 11.5,
            "above_noise": true,
        });
        assert_eq!(told["values"], values);
    }
}
