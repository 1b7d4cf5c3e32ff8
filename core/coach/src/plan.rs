//! What is to be done: prescriptions and the plan of a session.

use serde::{Deserialize, Serialize};
use talus_motion::{CuffId, Side};

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
}
