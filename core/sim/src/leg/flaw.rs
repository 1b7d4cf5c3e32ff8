//! [`Flaw`]: what can go wrong in a repetition, done on purpose, so that whoever says to notice it can be asked.

use super::shape::RepShape;
use talus_motion::{GRAVITY_MPS2, Tempo};

/// One way of doing a repetition otherwise than asked. Sizes are those of a person who does it clearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Six tenths of the range.
    Short,
    /// Comes back to three tenths of the range only.
    NoReturn,
    /// Lifts in four tenths of the time.
    FastLift,
    /// Lowers in four tenths of the time.
    FastLower,
    /// Lets the leg fall.
    Drop,
    /// Turns at the top at once.
    NoHold,
    /// Swings the leg a quarter of the range the other way first, and up in half of the time.
    Swing,
    /// The leg turns out on the way by eight tenths of the range.
    OffAxis,
    /// The leg turns about its length by 22°.
    LegTurn,
    /// The knee of a straight leg sags by half of what the thigh lifts.
    KneeBend,
    /// The thigh is lifted by 15° along with the shank.
    HipCheat,
    /// Lies 20° differently about the leg's length.
    TiltDrift,
    /// Trembles at 8 Hz by half a degree.
    Tremor,
    /// Lifts five per cent more slowly each time.
    Slower,
    /// Lifts four per cent less far each time.
    Smaller,
}

/// How one repetition is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way {
    /// Range and times over what was asked.
    pub(super) range: f64,
    pub(super) lift: f64,
    pub(super) hold: f64,
    pub(super) lower: f64,
    /// Seconds of lowering whatever was asked.
    pub(super) falls_s: Option<f64>,
    /// Share of the range at which it ends.
    pub(super) left_over: f64,
    /// Turn about the shank's length at the top, and at the start, degrees.
    pub(super) twist_deg: f64,
    pub(super) roll_deg: f64,
    /// Share of the shank's way that it does not go, though the thigh does.
    pub(super) lag: f64,
    /// Turn of the thigh beside that of the shape, degrees.
    pub(super) thigh_deg: f64,
    /// Trembling, degrees.
    pub(super) shake_deg: f64,
    /// Share of the range the leg swings the other way first.
    pub(super) back_swing: f64,
}

impl Way {
    /// As asked.
    pub(super) const ASKED: Self = Self {
        range: 1.0,
        lift: 1.0,
        hold: 1.0,
        lower: 1.0,
        falls_s: None,
        left_over: 0.0,
        twist_deg: 0.0,
        roll_deg: 0.0,
        lag: 0.0,
        thigh_deg: 0.0,
        shake_deg: 0.0,
        back_swing: 0.0,
    };
}

impl Flaw {
    /// The `since`-th repetition (from 1) done this way.
    pub(super) fn way(self, since: u32, shape: RepShape, range_deg: f64, lever_m: f64) -> Way {
        let asked = Way::ASKED;
        let often = f64::from(since);
        match self {
            Self::Short => Way { range: 0.6, ..asked },
            Self::NoReturn => Way { left_over: 0.3, ..asked },
            Self::FastLift => Way { lift: 0.4, ..asked },
            Self::FastLower => Way { lower: 0.4, ..asked },
            Self::Drop => {
                // A uniform rod about its upper end falls from level at 1.5 g over its length.
                let rad = (range_deg * shape.shank_share()).min(90.0).to_radians();
                Way { falls_s: Some(1.05 * (2.0 * rad * lever_m / (1.5 * GRAVITY_MPS2)).sqrt()), ..asked }
            }
            Self::NoHold => Way { hold: 0.0, ..asked },
            Self::Swing => Way { lift: 0.5, back_swing: 0.25, ..asked },
            Self::OffAxis => Way { twist_deg: 0.8 * range_deg, ..asked },
            Self::LegTurn => Way { twist_deg: 22.0, ..asked },
            Self::KneeBend => Way { lag: 0.5, ..asked },
            Self::HipCheat => Way { thigh_deg: -15.0, ..asked },
            Self::TiltDrift => Way { roll_deg: 20.0, ..asked },
            Self::Tremor => Way { shake_deg: 0.5, ..asked },
            Self::Slower => Way { lift: 1.0 / (1.0 - 0.05 * often).max(0.2), ..asked },
            Self::Smaller => Way { range: (1.0 - 0.04 * often).max(0.2), ..asked },
        }
    }
}

/// The times of a repetition done that way.
pub(super) fn times(tempo: Tempo, way: &Way) -> Tempo {
    Tempo {
        lift_s: tempo.lift_s * way.lift,
        hold_s: tempo.hold_s * way.hold,
        lower_s: way.falls_s.unwrap_or(tempo.lower_s * way.lower),
        rest_s: tempo.rest_s,
    }
}
