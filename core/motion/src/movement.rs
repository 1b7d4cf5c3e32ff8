//! What comes out: repetitions with their phases, strides, gaps, and the live picture of the leg.

use crate::calibrate::Change;
use crate::function::{Outcome, Part};
use crate::noticed::{Confidences, Finding};
use crate::words::{Micros, Quality, Reason};
use serde::{Deserialize, Serialize};

/// Where in a repetition the leg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// At the start pose.
    Rest,
    /// Lifting (concentric).
    Lift,
    /// Holding (isometric).
    Hold,
    /// Lowering (eccentric).
    Lower,
}

/// Something the catalogue calls a detector: an observation about a repetition, a walk, a stance or a cuff. Ids are never
/// shown to a person; the text files have a neutral word for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detector {
    /// Reached less than 80 % of the reference range.
    ShortRom,
    /// Did not come back to within 15 % of the start pose.
    NoReturn,
    /// Lifted in less than 60 % of the time asked for.
    FastLift,
    /// Lowered in less than 60 % of the time asked for.
    FastLower,
    /// Let go: came down faster than it went up, and so fast that the muscles carried less than half of the leg.
    Drop,
    /// Held for less than half of the time asked for.
    NoHold,
    /// Swung the other way first, by more than an eighth of the range.
    Swing,
    /// A quarter of the turning more than at first was about another axis than that of the movement.
    OffAxis,
    /// The shank turned by 15° more about its own length than at first.
    LegTurn,
    /// A straight leg was lifted by the thigh: the ankle rose by 30 % more for its angle than before.
    KneeBend,
    /// The thigh came along: the ankle rose by 30 % more for the shank's angle than before.
    HipCheat,
    /// The start pose lies more than 12° beside the plane of the first repetitions.
    TiltDrift,
    /// More than three times the shaking of the first repetitions while lifting and holding.
    Tremor,
    /// The lift has become slower by a fifth over the set.
    VelocityLoss,
    /// The range has become smaller by 15 % over the set.
    RomLoss,
    /// Lifted the cuff less than 70 % as high as in the first three.
    LowLift,
    /// Sways more than twice as fast as this person usually does.
    Wobble,
    /// A foot that was held in the air touched the ground.
    TouchDown,
    /// The cuff sits otherwise than when it was aligned: see [`Change::slipped`].
    CuffSlip,
    /// The other leg works.
    WrongSide,
    /// The shank lies or turns otherwise than the exercise says, three times in a row.
    WrongExercise,
    /// Both feet in the air in each stride, for three seconds.
    Running,
    /// A swing that stopped half way and went on.
    Trip,
}

impl Detector {
    /// Every detector, in the order of their declaration.
    pub const ALL: [Self; 23] = [
        Self::ShortRom,
        Self::NoReturn,
        Self::FastLift,
        Self::FastLower,
        Self::Drop,
        Self::NoHold,
        Self::Swing,
        Self::OffAxis,
        Self::LegTurn,
        Self::KneeBend,
        Self::HipCheat,
        Self::TiltDrift,
        Self::Tremor,
        Self::VelocityLoss,
        Self::RomLoss,
        Self::LowLift,
        Self::Wobble,
        Self::TouchDown,
        Self::CuffSlip,
        Self::WrongSide,
        Self::WrongExercise,
        Self::Running,
        Self::Trip,
    ];

    /// Whether it is found in a repetition and stands in [`Rep::detectors`]; the others are told as [`Movement::Noticed`],
    /// [`Detector::WrongSide`] by [`SideWatch`](crate::SideWatch).
    pub fn of_a_repetition(self) -> bool {
        self <= Self::LowLift
    }
}

/// The finer measures of a repetition; each is `None` where the signal or the exercise does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Measures {
    /// Mean angular rate of the lift, degrees per second.
    pub mean_deg_per_s: Option<f64>,
    /// Highest angular rate while lowering, degrees per second.
    pub lower_peak_deg_per_s: Option<f64>,
    /// Seconds from the start to the highest rate of the lift.
    pub time_to_peak_s: Option<f64>,
    /// Log dimensionless jerk of the lift (negative, nearer zero is smoother; a minimum-jerk lift has −5.3).
    pub smoothness_ldlj: Option<f64>,
    /// Share of the turning, as energy, that was about another axis than that of the movement, 0 to 1.
    pub off_axis_share: Option<f64>,
    /// Farthest turn of the shank about its own length, degrees.
    pub leg_turn_deg: Option<f64>,
    /// How far the ankle rose, metres (mean of both ways); negative where it sank. Ways of up to 2.5 s.
    pub rise_m: Option<f64>,
    /// Metres from the pivot to the cuff that explain that rise by the range: 0.3 where the shank turns about the knee,
    /// 0.8 where the leg turns about the hip.
    pub radius_m: Option<f64>,
    /// Seconds between a quarter and three quarters of the range.
    pub mid_range_s: Option<f64>,
    /// Seconds where gravity pulls with 85 % or more of the most it pulls in this repetition.
    pub high_torque_s: Option<f64>,
    /// Shaking from about 5 Hz on while lifting and holding, degrees per second (root mean square).
    pub shake_deg_per_s: Option<f64>,
    /// How far the leg swung the other way before the lift, degrees.
    pub back_swing_deg: Option<f64>,
    /// How far the start pose lies beside the plane of the first repetitions, degrees.
    pub start_tilt_deg: Option<f64>,
    /// How sure each of the [`Rep::detectors`] is.
    pub detector_confidence: Confidences,
}

/// One repetition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rep {
    /// Leaves the start pose.
    pub start: Micros,
    /// Reaches the top (lifting ends).
    pub top: Micros,
    /// Leaves the top (lowering begins).
    pub turn: Micros,
    /// Is back at the start pose.
    pub end: Micros,
    /// Range of motion, degrees from the start pose to the median of the top; `None` where not measured.
    pub range_deg: Option<f64>,
    /// Seconds of lifting.
    pub lift_s: f64,
    /// Seconds at the top.
    pub hold_s: f64,
    /// Seconds of lowering.
    pub lower_s: f64,
    /// Seconds at the start pose before this repetition, since the one before; `None` for the first.
    pub rest_s: Option<f64>,
    /// Highest angular rate while lifting, degrees per second.
    pub peak_deg_per_s: f64,
    /// Smoothness of lifting and lowering (SPARC, negative, nearer zero is smoother); `None` where the signal
    /// is too short or too slow.
    pub smoothness_sparc: Option<f64>,
    /// Whether the smallest range that counts was reached.
    pub full: bool,
    /// How sure the counter is that this was one repetition, 0 to 1.
    pub confidence: f64,
    /// What stood out.
    pub detectors: Vec<Detector>,
    /// The finer measures. A history does not keep them: they come from the recording again.
    pub measures: Measures,
    /// What speaks against the numbers.
    pub quality: Quality,
}

/// One stride: from an initial contact to the next of the same foot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stride {
    /// Initial contact that begins the stride.
    pub start: Micros,
    /// Foot off within the stride.
    pub foot_off: Micros,
    /// Next initial contact.
    pub end: Micros,
    /// Share of the stride in swing, 0 to 1.
    pub swing_fraction: f64,
    /// Way of the foot along the ground, metres; `None` where [`Stride::length_quality`] says why not.
    pub length_m: Option<f64>,
    /// How far off the length may be, metres (one standard deviation).
    pub length_error_m: Option<f64>,
    /// Highest point of the sensor above its way from stance to stance, metres: the lift of the ankle, not of the toes.
    pub lift_m: Option<f64>,
    /// What speaks against the numbers.
    pub quality: Quality,
}

impl Stride {
    /// Seconds from contact to contact.
    pub fn stride_s(&self) -> f64 {
        self.end.since(self.start) as f64 * 1e-6
    }

    /// Seconds on the ground: from the contact to the foot off.
    pub fn stance_s(&self) -> f64 {
        self.foot_off.since(self.start) as f64 * 1e-6
    }

    /// Whether the foot was in the air for more than half of the stride: then both were at times, which is running.
    pub fn running(&self) -> bool {
        self.swing_fraction > 0.5
    }

    /// Steps per minute of both feet, taking the other foot to step in between.
    pub fn cadence_per_min(&self) -> f64 {
        120.0 / self.stride_s()
    }

    /// Metres per second along the ground; `None` where the length was not measured.
    pub fn speed_m_per_s(&self) -> Option<f64> {
        self.length_m.map(|length_m| length_m / self.stride_s())
    }

    /// What speaks against length, speed and lift: what speaks against the stride, and where the length is missing
    /// without that, that the stance at one of its ends was not seen.
    pub fn length_quality(&self) -> Quality {
        if self.length_m.is_none() && self.quality.ok() { self.quality.and(Reason::TooShort) } else { self.quality }
    }
}

/// One walk from standing to standing, as one leg saw it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Walked {
    /// First foot off.
    pub start: Micros,
    /// Last contact.
    pub end: Micros,
    /// Strides of this leg.
    pub strides: u32,
    /// Steps of both feet per minute, from the middle of the last thirty-one strides.
    pub cadence_per_min: f64,
    /// Way of this foot over its whole strides, metres; `None` where one of them was not measured.
    pub way_m: Option<f64>,
    /// Seconds in strides with both feet in the air at times.
    pub running_s: f64,
    /// What speaks against any of its strides.
    pub quality: Quality,
}

/// Samples that never came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Time of the last sample before.
    pub start: Micros,
    /// Time of the first sample after.
    pub end: Micros,
    /// Samples missing.
    pub missing: u64,
}

/// What a tracker found, in the order in which it became certain: each kind in the order of its own times, a foot-off
/// and its contact together about half a second after the contact, the first three of a walk with the third; a stride
/// once the foot has lain flat after its last contact, half a stride later. Never withdrawn.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a few a minute, and a box would allocate for each repetition")]
pub enum Movement {
    /// The leg left the start pose.
    RepBegan {
        /// When.
        at: Micros,
    },
    /// The phase of the repetition changed.
    PhaseChanged {
        /// When.
        at: Micros,
        /// What it is now.
        phase: Phase,
    },
    /// A repetition ended.
    RepEnded(Rep),
    /// The foot touched the ground.
    InitialContact {
        /// When.
        at: Micros,
    },
    /// The foot left the ground.
    FootOff {
        /// When.
        at: Micros,
    },
    /// A stride was completed.
    Strode(Stride),
    /// A walk is over: nothing was stepped for some seconds, samples were missing, or the task ended.
    Walked(Walked),
    /// The person turned while walking.
    Turned {
        /// When the turn began.
        start: Micros,
        /// When it was over.
        end: Micros,
        /// By how much, degrees, to the left positive.
        angle_deg: f64,
    },
    /// Samples were missing.
    Gapped(Gap),
    /// The leg has been still since `since`.
    Stilled {
        /// When it came to rest.
        since: Micros,
    },
    /// The leg moves again.
    Moved {
        /// When.
        at: Micros,
    },
    /// Two counters disagree on the set so far: the other one saw this many.
    CountDoubted {
        /// When.
        at: Micros,
        /// What the second counter saw.
        other: u32,
    },
    /// How the cuff sits was compared with how it sat: after a re-check, and while walking about every thirty strides.
    CuffChecked {
        /// When.
        at: Micros,
        /// What has changed; [`Change::slipped`] says whether it is too much.
        change: Change,
    },
    /// Something stood out that belongs to no single repetition, once for each time it happens.
    Noticed(Finding),
    /// A part of a function test is over.
    TestPart(Part),
    /// A function test is over.
    Tested(Outcome),
}

/// The leg now: newest wins, safe to look at any time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Live {
    /// Time of the newest sample.
    pub at: Micros,
    /// Angle from the start pose in the working direction, degrees; `None` where not measured.
    pub angle_deg: Option<f64>,
    /// Range that counts as this person's own in this set so far, degrees.
    pub reference_deg: Option<f64>,
    /// Phase of the repetition.
    pub phase: Phase,
    /// When that phase began.
    pub phase_since: Micros,
    /// Full repetitions in this task so far.
    pub reps: u32,
    /// Repetitions in this task so far that stayed short of the range that counts.
    pub short_reps: u32,
    /// Strides in this task so far.
    pub strides: u32,
    /// Steps per minute from the last strides; `None` when not walking.
    pub cadence_per_min: Option<f64>,
    /// Whether the leg is still.
    pub still: bool,
    /// What speaks against the picture.
    pub quality: Quality,
}
