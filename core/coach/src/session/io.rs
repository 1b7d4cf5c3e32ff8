//! What goes into a session and what comes out of it.
//!
//! [`Input`] is what a recording holds: a session is its inputs, and replaying them gives the same outputs bit
//! for bit. Outputs are [`Event`]s (ordered, never lost), [`Record`]s (rows for the store) and [`Request`]s;
//! the [`Frame`] is the picture of now, pulled, newest wins.

use crate::cues::{Beat, Cue};
use crate::ladder::{HELD, Rung};
use crate::plan::Laterality;
use crate::walk::{Part, Walked};
use serde::{Deserialize, Serialize};
use talus_motion::{
    CuffId, Finding, Gap, LinkState, Micros, Phase, Quality, Rep, SampleBlock, Side, StreamConfig, Stride, Sway,
};

/// One thing that happened to a session: the replay boundary.
// Samples are by far the most common variant; a box would cost an allocation for each block.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A stream begins or changes.
    Stream(StreamConfig),
    /// Samples of a stream.
    Samples(SampleBlock),
    /// The way to a cuff changed.
    Link {
        /// When.
        at: Micros,
        /// Which cuff.
        cuff: CuffId,
        /// What it is now.
        state: LinkState,
    },
    /// Somebody pressed something.
    Tap {
        /// When.
        at: Micros,
        /// What was pressed.
        tap: Tap,
    },
    /// Somebody answered a question.
    Answer {
        /// When.
        at: Micros,
        /// The answer.
        answer: Answer,
    },
    /// Time passed.
    Tick {
        /// What time it is.
        at: Micros,
    },
    /// The app was away: it slept or was killed.
    Resumed {
        /// When it came back.
        at: Micros,
        /// How long it was away, microseconds.
        gap_us: i64,
        /// Whether that length is known for sure.
        confident: bool,
    },
}

/// What can be pressed in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tap {
    /// Pre-flight: side and weight are as shown. Review: go on. Rest: start the next set. Walk: the weight is on, or off,
    /// as was asked.
    Confirm,
    /// Pause.
    Pause,
    /// Go on after a pause.
    GoOn,
    /// End the set, keep what was done.
    EndSet,
    /// The count is one too low.
    CountUp,
    /// The count is one too high.
    CountDown,
    /// Rest half a minute longer.
    RestLonger,
    /// End the session, keep what was done.
    Stop,
    /// Leave out the exercise that is on or comes next.
    Skip,
    /// Take the last change back: a count, an exercise left out or swapped, a weight.
    Undo,
    /// Another exercise in place of the one that comes, where one was prescribed for that.
    Swap,
    /// One weight lighter for the sets of this exercise and leg that come. Walk: the rest is walked without.
    Lighter,
    /// One weight heavier, at most what was asked for.
    Heavier,
    /// Go on without the cuff: nothing is counted but by hand, until the set is over.
    TimerOnly,
}

/// What can be answered in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Repetitions in reserve after a set, 0 to 5 (5 means five or more).
    Reserve(u8),
    /// Pain, 0 to 10. Five or more ends the exercise.
    Pain(u8),
    /// A red flag (chest pain, giving way, sudden swelling, …): stop and call for help.
    RedFlag,
}

/// Where a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Checking cuff, side, weight, signal and place.
    Preflight,
    /// Showing an exercise that is new on this leg.
    Instruct,
    /// Three, two, one.
    GetReady,
    /// In a set.
    Set,
    /// Paused by the person or by the app.
    Paused,
    /// Looking back at a set.
    Review,
    /// Resting.
    Rest,
    /// Walking.
    Walk,
    /// The session is over: its summary stands.
    Summary,
}

/// The picture of now.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Grows with every change; the same number means the same picture.
    pub version: u64,
    /// Session time of the picture.
    pub at: Micros,
    /// Where the session is.
    pub stage: Stage,
    /// Exercise id; empty before the first block and in the summary.
    pub exercise: String,
    /// Name of the exercise in the session's language.
    pub exercise_name: String,
    /// Side of this set.
    pub side: Option<Side>,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// This set, from 1, and the sets of this exercise and side.
    pub set: (u8, u8),
    /// Repetitions counted in this set.
    pub count: u32,
    /// Repetitions asked for; `None` where the set is open-ended.
    pub target: Option<u32>,
    /// Angle from the start pose, degrees; `None` where not measured.
    pub angle_deg: Option<f64>,
    /// Angle that counts as the target, degrees.
    pub target_deg: Option<f64>,
    /// Angle a plan does not let the leg go beyond, degrees.
    pub limit_deg: Option<f64>,
    /// Top of the arc's scale, degrees.
    pub scale_deg: f64,
    /// Ranges of the last three repetitions, newest first, degrees.
    pub last_ranges_deg: [Option<f64>; 3],
    /// Phase of the repetition.
    pub phase: Phase,
    /// Seconds since the phase began.
    pub phase_s: f64,
    /// Seconds asked for in lift, hold, lower.
    pub tempo_s: [f64; 3],
    /// The cue that stands now, rendered; empty when none.
    pub cue: String,
    /// Why this load, rendered; empty where nobody is known.
    pub why: String,
    /// Seconds left of rest or of getting ready.
    pub left_s: Option<f64>,
    /// Steps per minute while walking.
    pub cadence_per_min: Option<f64>,
    /// Strides while walking.
    pub strides: u32,
    /// Which part of a walk it is; `None` where it is only counted.
    pub part: Option<Part>,
    /// The way to each worn cuff and the battery in per cent where known.
    pub cuffs: Vec<CuffLine>,
    /// What speaks against the picture.
    pub quality: Quality,
}

/// One cuff's line in the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct CuffLine {
    /// Which cuff.
    pub cuff: CuffId,
    /// The leg it sits on.
    pub side: Side,
    /// The way to it.
    pub link: LinkState,
    /// Samples lost in the last minute, 0 to 1.
    pub loss: f64,
}

/// How sure the session is of an event it announces.
pub type Confidence = f64;

/// What a session says happened. Never withdrawn; a correction is a later event.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The session is somewhere else now.
    StageChanged {
        /// When.
        at: Micros,
        /// Where it is.
        stage: Stage,
    },
    /// A set begins.
    SetBegan {
        /// When.
        at: Micros,
        /// Index of the set in the session, from 0; the two sides of a set share it.
        set_index: u32,
        /// Exercise id.
        exercise: String,
        /// Which leg.
        side: Side,
        /// Which set of this exercise, from 1, of how many.
        set: (u8, u8),
    },
    /// A repetition ended and was counted.
    RepEnded {
        /// When.
        at: Micros,
        /// Its number in the set, from 1.
        seq: u32,
        /// How sure.
        confidence: Confidence,
        /// The repetition.
        rep: Rep,
    },
    /// A repetition stayed short of the range that counts.
    RepShort {
        /// When.
        at: Micros,
        /// The repetition.
        rep: Rep,
    },
    /// A set ended.
    SetEnded {
        /// When.
        at: Micros,
        /// Index of the set in the session.
        set_index: u32,
        /// What was done.
        result: SetResult,
    },
    /// The count of a set was corrected after the fact.
    SetReviewed {
        /// When.
        at: Micros,
        /// Index of the set in the session.
        set_index: u32,
        /// The count that stands now.
        count: u32,
        /// Why.
        reason: ReviewReason,
    },
    /// A stride was completed.
    Strode {
        /// When.
        at: Micros,
        /// Which leg.
        side: Side,
        /// The stride.
        stride: Stride,
    },
    /// Something to tell, rendered in the session's language: spoken, shown, sounded and felt.
    Cue(Cue),
    /// A repetition began: the tempo asked for, ahead of time. It takes the place of what was known before, and holds no
    /// longer than the set goes on.
    Paced {
        /// When it was known.
        at: Micros,
        /// What sounds, in the order of time; none lies in the past.
        beats: Vec<Beat>,
    },
    /// Samples were missing.
    Gapped {
        /// When it was noticed.
        at: Micros,
        /// Whose.
        cuff: CuffId,
        /// The gap.
        gap: Gap,
    },
    /// Something stood out beside the repetitions. What a person is told of it is a [`Event::Cue`].
    Noticed {
        /// When it was known.
        at: Micros,
        /// On which leg.
        side: Side,
        /// What.
        finding: Finding,
    },
    /// The way to a cuff changed.
    LinkChanged {
        /// When.
        at: Micros,
        /// Whose.
        cuff: CuffId,
        /// What it is now.
        state: LinkState,
    },
    /// The session is over.
    Ended {
        /// When.
        at: Micros,
        /// What was done.
        summary: SessionSummary,
    },
}

/// Why a count was corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    /// The person said so.
    Person,
    /// Two counters disagree: marked "check".
    Disagree,
}

/// How a set came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetEnd {
    /// The target was reached.
    Target,
    /// The leg rested long enough (open-ended sets).
    Rested,
    /// The person ended it.
    Person,
    /// Pain ended it.
    Pain,
    /// The session was stopped.
    Stopped,
    /// The recording or stream ended.
    StreamEnded,
    /// A stop rule ended it: range or speed fell, the same thing went wrong again, or a limit was passed.
    Rule,
}

/// What was done in one set by one leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetResult {
    /// Exercise id.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// How the exercise uses the legs.
    pub laterality: Laterality,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// When it began.
    pub began: Micros,
    /// When it ended.
    pub ended: Micros,
    /// How it ended.
    pub end: SetEnd,
    /// Repetitions counted (strides for walking).
    pub count: u32,
    /// Repetitions that stayed short.
    pub short: u32,
    /// Repetitions asked for.
    pub target: Option<u32>,
    /// Median range of the counted repetitions, degrees.
    pub range_deg: Option<f64>,
    /// Median seconds of lift, hold and lower of the counted repetitions.
    pub tempo_s: Option<[f64; 3]>,
    /// Highest angular rate while lifting, median over repetitions, degrees per second.
    pub peak_deg_per_s: Option<f64>,
    /// Mean steps per minute while walking.
    pub cadence_per_min: Option<f64>,
    /// Repetitions in reserve as answered.
    pub reserve: Option<u8>,
    /// Pain as answered.
    pub pain: Option<u8>,
    /// Whether this set may feed mastery and progression: measured, not marked "check", not corrected by hand.
    pub counts_for_progress: bool,
    /// What speaks against the numbers.
    pub quality: Quality,
}

/// What was done in a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Seconds from the first input to the end.
    pub duration_s: f64,
    /// Sets done.
    pub sets: u32,
    /// Repetitions counted over all sets.
    pub reps: u32,
    /// Strides counted over all walks.
    pub strides: u32,
    /// One true sentence, rendered in the session's language.
    pub sentence: String,
    /// What comes next per exercise and side, rendered, with its reason.
    pub next: Vec<String>,
    /// What a walk was, rendered; empty where there was none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub walk: Vec<String>,
    /// The walk; its baseline is what later ones are compared with. `None` where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walked: Option<Box<Walked>>,
    /// Tests that were done, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tested: Vec<Tested>,
    /// Whether a red flag locked the day.
    pub red_flag: bool,
}

/// A test that was done in a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// Id of the protocol.
    pub protocol: String,
    /// The leg it was about; `None` where it is about both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// The rung of the balance ladder; `None` for every other test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<Rung>,
    /// Its tries; one of each stance in a test of stances.
    pub tries: Vec<TestTry>,
}

/// One try of a test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TestTry {
    /// What came out, in the unit of the test, seconds for a stance; `None` where it was not measured.
    pub value: Option<f64>,
    /// How the leg swayed; `None` where that was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sway: Option<Sway>,
    /// Whether it swayed more than twice as fast as this person usually does; never where nobody knows that.
    #[serde(default)]
    pub wobbled: bool,
    /// Times a foot came down or a hand was needed.
    #[serde(default)]
    pub touches: u32,
    /// Whether balance was nearly lost, as the person says.
    #[serde(default)]
    pub near_fall: bool,
    /// What speaks against it.
    pub quality: Quality,
}

impl TestTry {
    /// Whether a stance or a rung was held for its time, without a touch and without balance nearly lost.
    pub fn held(&self) -> bool {
        self.value.is_some_and(|held_s| held_s >= f64::from(HELD)) && self.touches == 0 && !self.near_fall
    }
}

/// Rows for the store: derived from inputs, written again by a rescore.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a few a second at most, and gone with the next commit")]
pub enum Record {
    /// A set begins.
    SetBegan {
        /// Index of the set in the session.
        set_index: u32,
        /// Exercise id.
        exercise: String,
        /// Which leg.
        side: Side,
        /// Weight on that leg, grams.
        mass_g: u32,
        /// When.
        at: Micros,
    },
    /// A repetition, counted or short.
    Rep {
        /// Index of the set in the session.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// Number in the order seen, from 1, short ones included.
        seq: u32,
        /// The repetition.
        rep: Rep,
    },
    /// A stride.
    Stride {
        /// Index of the set in the session.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// Number from 1.
        seq: u32,
        /// The stride.
        stride: Stride,
    },
    /// A set ended, or its result was corrected: replaces the earlier one of the same index and side.
    SetEnded {
        /// Index of the set in the session.
        set_index: u32,
        /// What was done.
        result: SetResult,
    },
    /// Where the session is, so that it can be taken up again without raw signals.
    Bookmark(Bookmark),
    /// The session is over.
    Ended(SessionSummary),
}

/// Where a session is, small enough to write with every commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// Session time.
    pub at: Micros,
    /// Block of the plan, from 0.
    pub block: u32,
    /// Set of the session, from 0.
    pub set_index: u32,
    /// Side of that set.
    pub side: Option<Side>,
    /// Stage.
    pub stage: Stage,
    /// Repetitions counted in the set.
    pub count: u32,
    /// Session time at which the rest is over.
    pub rest_until: Option<Micros>,
    /// Exercises that pain ended.
    #[serde(default)]
    pub stopped: Vec<String>,
    /// Exercises that were left out.
    #[serde(default)]
    pub skipped: Vec<String>,
    /// Exercises and legs that pain made lighter, and the most they carry since, grams.
    #[serde(default)]
    pub eased: Vec<(String, Side, u32)>,
}

/// What a session asks of a cuff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Start streaming.
    Start(CuffId),
    /// Stop streaming.
    Stop(CuffId),
    /// Blink or buzz so that a person can tell which one it is.
    Identify(CuffId),
}

/// What one step put out, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outputs {
    /// Ordered, never lost.
    pub events: Vec<Event>,
    /// Rows for the store.
    pub records: Vec<Record>,
    /// For the cuffs.
    pub requests: Vec<Request>,
}

impl Outputs {
    /// Empties all three, keeping their memory.
    pub fn clear(&mut self) {
        self.events.clear();
        self.records.clear();
        self.requests.clear();
    }
}
