//! What is to be done: prescriptions and the plan of a session.

use crate::calendar::Lifted;
use crate::ladder::Rung;
use crate::load::{Ceiling, Kit};
use crate::person::Body;
use crate::progression::{Action, Exposure};
use crate::walk::WalkPlan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use talus_motion::{CuffId, Side, Sway};

/// How an exercise uses the legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Laterality {
    /// One leg after the other, a set each.
    Each,
    /// Legs take turns within a set.
    Alternate,
    /// Both legs at once.
    Both,
}

/// One exercise for one leg: how much, how often, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prescription {
    /// Exercise id of the catalogue, or `walk`.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// Weight on that leg, grams (0 is no weight).
    pub mass_g: u32,
    /// Sets.
    pub sets: u8,
    /// Repetitions a set; `None` is open-ended: the set ends when the leg rests or the person says so.
    pub reps: Option<u32>,
    /// Seconds of rest after a set.
    pub rest_s: u32,
    /// This person's own range for this exercise and side, degrees, from calibration or history; `None` where
    /// it is not known yet (the session then learns it from the first repetitions).
    pub own_range_deg: Option<f64>,
    /// Why this load, rendered in the plan's language.
    pub why: String,
}

/// Who wears which cuff where, in this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worn {
    /// The cuff.
    pub cuff: CuffId,
    /// The leg.
    pub side: Side,
    /// Weight on that leg with everything that hangs on it, grams.
    pub mass_g: u32,
}

/// How a session moves on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// For a person: every stage waits for what it needs, rests have their length.
    Guided,
    /// For a recording of somebody else: no waiting, a set begins with the first movement and ends when the
    /// leg rests or the stream ends.
    Followed,
}

/// What of a person a session decides from on its way, as it stood when the session was planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Day number of the session, local calendar.
    pub today: i64,
    /// Height and mass.
    pub body: Body,
    /// Whether half caps and slower rules hold.
    pub care: bool,
    /// Weights there are.
    pub kit: Kit,
    /// Week of the programme, from 1; 0 where there is none.
    pub week: u32,
    /// Each exercise and leg of the session, those of swaps included.
    pub legs: Vec<KnownLeg>,
    /// Exercises that may take another's place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub swaps: Vec<Swap>,
    /// What the walk of the session is to be; `None` where it is only counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walk: Option<WalkPlan>,
    /// Tests that are done before anything else, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestAsked>,
    /// Main lifts that were logged: such a session has nothing else in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lifts: Vec<Lifted>,
    /// The part of a programme the session is; `None` where it was chosen freely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PartOf>,
    /// The person is invented: what they do is nobody's history.
    #[serde(default)]
    pub invented: bool,
}

/// A test of balance or function, or a rung of the balance ladder. Nobody wears a weight in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestAsked {
    /// Id of the protocol.
    pub protocol: String,
    /// The leg it is about; where it is about both, the one whose cuff watches.
    pub side: Side,
    /// The rung that is tried; of a test that is no ladder, the highest stance that is open to this person.
    pub rung: Rung,
    /// Whether a hand stays on the counter.
    #[serde(default)]
    pub hold_on: bool,
    /// How this person usually sways in a stance, where that is known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub usually: BTreeMap<Rung, Sway>,
}

/// A part of a programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// Id of the programme.
    pub programme: String,
    /// Id of the part.
    pub part: String,
}

/// An exercise that may take another's place on one leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Swap {
    /// Exercise id of the one whose place it takes.
    pub instead_of: String,
    /// What is done then.
    pub asked: Prescription,
}

/// What is known of one exercise on one leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownLeg {
    /// Exercise id.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// The most it may carry.
    pub ceiling: Ceiling,
    /// What was decided for this session.
    pub action: Action,
    /// Repetitions to leave in reserve.
    pub reserve: u8,
    /// Range to keep to, degrees from the start pose, where a plan says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range_deg: Option<(f64, f64)>,
    /// What was done before, oldest first.
    pub own: Vec<Exposure>,
}

impl Known {
    /// What is known of an exercise on a side.
    pub fn leg(&self, exercise: &str, side: Side) -> Option<&KnownLeg> {
        self.legs.iter().find(|leg| leg.exercise == exercise && leg.side == side)
    }
}

/// What a session is to be: snapshotted into the recording, so that a replay needs nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionPlan {
    /// What to do, in order.
    pub blocks: Vec<Prescription>,
    /// Cuffs worn.
    pub worn: Vec<Worn>,
    /// How it moves on.
    pub pace: Pace,
    /// Language of cues and names (`en`, `de`).
    pub language: String,
    /// What of the person it decides from; `None` where nobody is known: a demo, a recording of somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Box<Known>>,
}
