//! Looking back: sessions, their sets, how an exercise went over time, and whether a recording still gives the same.

use crate::error::TalusError;
use crate::health::{HealthConnectSession, HealthKitWorkout};
use crate::household::Talus;
use crate::tested::TestSheet;
use crate::words::{Reason, SetEnd, Side, narrow, reasons, word};
use std::path::Path;
use talus_app::coach::Texts;
use talus_app::{coach, health, motion, store};

word! {
    /// Where a session's samples came from.
    Kind from store::Kind {
        /// Cuffs on a leg.
        Live,
        /// Simulated cuffs.
        Demo,
        /// Recorded files.
        Replay,
    }
}

word! {
    /// Whether a session's recording is whole.
    RawState from store::RawState {
        /// Everything that was acknowledged, as far as is known without reading it.
        Complete,
        /// Parts are missing; the results are not.
        Incomplete,
        /// There is no file.
        Absent,
    }
}

/// One repetition. Times are session time in microseconds: it lifts from `start_us` to `top_us`, holds to `turn_us` and
/// lowers to `end_us`.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Rep {
    /// Leaves the start pose.
    pub start_us: i64,
    /// Reaches the top.
    pub top_us: i64,
    /// Leaves the top.
    pub turn_us: i64,
    /// Is back at the start pose.
    pub end_us: i64,
    /// Range of motion, degrees; absent where not measured.
    pub range_deg: Option<f32>,
    /// Seconds of lifting.
    pub lift_s: f32,
    /// Seconds at the top.
    pub hold_s: f32,
    /// Seconds of lowering.
    pub lower_s: f32,
    /// Seconds at the start pose before it; absent for the first.
    pub rest_s: Option<f32>,
    /// Highest angular rate while lifting, degrees per second.
    pub peak_deg_per_s: f32,
    /// Smoothness (SPARC, negative, nearer zero is smoother); absent where not measured.
    pub smoothness_sparc: Option<f32>,
    /// Whether the smallest range that counts was reached.
    pub full: bool,
    /// How sure the counter is that this was one repetition, 0 to 1.
    pub confidence: f32,
    /// What stood out, each as a neutral word, rendered ("Quick lift"); none means nothing did.
    pub stood_out: Vec<String>,
    /// What speaks against the numbers; none means good.
    pub reasons: Vec<Reason>,
}

impl Rep {
    pub(crate) fn of(rep: motion::Rep, texts: &Texts) -> Self {
        Self {
            start_us: rep.start.0,
            top_us: rep.top.0,
            turn_us: rep.turn.0,
            end_us: rep.end.0,
            range_deg: narrow(rep.range_deg),
            lift_s: rep.lift_s as f32,
            hold_s: rep.hold_s as f32,
            lower_s: rep.lower_s as f32,
            rest_s: narrow(rep.rest_s),
            peak_deg_per_s: rep.peak_deg_per_s as f32,
            smoothness_sparc: narrow(rep.smoothness_sparc),
            full: rep.full,
            confidence: rep.confidence as f32,
            stood_out: rep.detectors.into_iter().map(|one| texts.stood_out(one)).collect(),
            reasons: reasons(rep.quality),
        }
    }
}

/// One stride: from an initial contact to the next of the same foot. Times are session time in microseconds.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Stride {
    /// Initial contact that begins the stride.
    pub start_us: i64,
    /// Foot off within the stride.
    pub foot_off_us: i64,
    /// Next initial contact.
    pub end_us: i64,
    /// Share of the stride in swing, 0 to 1.
    pub swing_fraction: f32,
    /// Length, metres; absent where it was not measured.
    pub length_m: Option<f32>,
    /// How far off the length may be, metres.
    pub length_error_m: Option<f32>,
    /// Speed, metres a second.
    pub speed_m_per_s: Option<f32>,
    /// What speaks against the numbers; none means good.
    pub reasons: Vec<Reason>,
}

impl From<motion::Stride> for Stride {
    fn from(stride: motion::Stride) -> Self {
        Self {
            start_us: stride.start.0,
            foot_off_us: stride.foot_off.0,
            end_us: stride.end.0,
            swing_fraction: stride.swing_fraction as f32,
            length_m: narrow(stride.length_m),
            length_error_m: narrow(stride.length_error_m),
            speed_m_per_s: narrow(stride.speed_m_per_s()),
            reasons: reasons(stride.quality),
        }
    }
}

/// What was done in one set by one leg.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SetResult {
    /// Exercise id.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// When it began, session time in microseconds.
    pub began_us: i64,
    /// When it ended, session time in microseconds.
    pub ended_us: i64,
    /// How it ended.
    pub ended_by: SetEnd,
    /// Repetitions counted (strides for walking).
    pub count: u32,
    /// Repetitions that stayed short.
    pub short: u32,
    /// Repetitions asked for.
    pub target: Option<u32>,
    /// Median range of the counted repetitions, degrees.
    pub range_deg: Option<f32>,
    /// Median seconds of lift, hold and lower of the counted repetitions.
    pub tempo_s: Option<Vec<f32>>,
    /// Highest angular rate while lifting, median over repetitions, degrees per second.
    pub peak_deg_per_s: Option<f32>,
    /// Mean steps per minute while walking.
    pub cadence_per_min: Option<f32>,
    /// Repetitions in reserve as answered, 0 to 5.
    pub reserve: Option<u8>,
    /// Pain as answered, 0 to 10.
    pub pain: Option<u8>,
    /// Whether this set may feed mastery and progression.
    pub counts_for_progress: bool,
    /// What speaks against the numbers; none means good.
    pub reasons: Vec<Reason>,
}

impl From<coach::SetResult> for SetResult {
    fn from(result: coach::SetResult) -> Self {
        Self {
            exercise: result.exercise,
            side: result.side.into(),
            mass_g: result.mass_g,
            began_us: result.began.0,
            ended_us: result.ended.0,
            ended_by: result.end.into(),
            count: result.count,
            short: result.short,
            target: result.target,
            range_deg: narrow(result.range_deg),
            tempo_s: result.tempo_s.map(|three| three.map(|seconds| seconds as f32).to_vec()),
            peak_deg_per_s: narrow(result.peak_deg_per_s),
            cadence_per_min: narrow(result.cadence_per_min),
            reserve: result.reserve,
            pain: result.pain,
            counts_for_progress: result.counts_for_progress,
            reasons: reasons(result.quality),
        }
    }
}

/// What was done in a session.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Summary {
    /// Seconds from the first input to the end.
    pub duration_s: f32,
    /// Sets done.
    pub sets: u32,
    /// Repetitions counted over all sets.
    pub reps: u32,
    /// Strides counted over all walks.
    pub strides: u32,
    /// One true sentence, rendered.
    pub sentence: String,
    /// What comes next per exercise and side, rendered, with its reason.
    pub up_next: Vec<String>,
    /// Whether a red flag locked the day.
    pub red_flag: bool,
    /// What a walk was, rendered; empty where there was none.
    #[uniffi(default = [])]
    pub walk: Vec<String>,
}

impl From<coach::SessionSummary> for Summary {
    fn from(summary: coach::SessionSummary) -> Self {
        Self {
            duration_s: summary.duration_s as f32,
            sets: summary.sets,
            reps: summary.reps,
            strides: summary.strides,
            sentence: summary.sentence,
            up_next: summary.next,
            red_flag: summary.red_flag,
            walk: summary.walk,
        }
    }
}

/// One session in a list.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SessionRow {
    /// Id of the session.
    pub id: String,
    /// When it began, milliseconds since 1970, UTC.
    pub started_utc_ms: i64,
    /// Distance of local time from UTC at that moment, minutes.
    pub offset_min: i32,
    /// IANA name of the time zone.
    pub zone: String,
    /// The day it counts for, `YYYY-MM-DD`.
    pub local_day: String,
    /// Where its samples came from.
    pub kind: Kind,
    /// Whether it was finished.
    pub finished: bool,
    /// Seconds from the first input to the end.
    pub duration_s: f32,
    /// Sets done.
    pub sets: u32,
    /// Repetitions counted.
    pub reps: u32,
    /// Strides counted.
    pub strides: u32,
    /// Exercise ids in the order of their first set.
    pub exercises: Vec<String>,
    /// Whether its recording is whole.
    pub raw: RawState,
    /// Sets its plan asked for.
    pub planned: u32,
    /// Strongest pain answered, 0 to 10.
    pub pain: Option<u8>,
    /// Changes by hand that stand.
    pub edits: u32,
    /// Whether its recording is kept for good.
    pub starred: bool,
    /// What there is to remember; empty where nothing is.
    pub note: String,
    /// Words to find it by.
    pub tags: Vec<String>,
}

impl From<store::SessionRow> for SessionRow {
    fn from(row: store::SessionRow) -> Self {
        Self {
            id: row.id.to_string(),
            started_utc_ms: row.started_utc_ms,
            offset_min: row.offset_min,
            zone: row.zone,
            local_day: row.local_day,
            kind: row.kind.into(),
            finished: row.finished,
            duration_s: row.duration_s as f32,
            sets: row.sets,
            reps: row.reps,
            strides: row.strides,
            exercises: row.exercises,
            raw: row.raw.into(),
            planned: row.planned,
            pain: row.pain,
            edits: row.edits,
            starred: row.starred,
            note: row.note,
            tags: row.tags,
        }
    }
}

/// One set of one leg with everything seen in it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SetDetail {
    /// Index of the set in the session; both legs of a set share it.
    pub set_index: u32,
    /// The set was never ended: its result is what its rows say.
    pub unended: bool,
    /// Something in it was changed by hand: it stays in history and feeds no progress.
    pub edited: bool,
    /// What was done.
    pub result: SetResult,
    /// Repetitions in the order seen, short ones included.
    pub reps: Vec<Rep>,
    /// Strides in their order.
    pub strides: Vec<Stride>,
}

impl SetDetail {
    fn of(set: store::SetDetail, texts: &Texts) -> Self {
        Self {
            set_index: set.set_index,
            unended: set.open,
            edited: set.edited,
            result: set.result.into(),
            reps: set.reps.into_iter().map(|rep| Rep::of(rep, texts)).collect(),
            strides: set.strides.into_iter().map(Stride::from).collect(),
        }
    }
}

/// One session with everything derived from it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct SessionDetail {
    /// Its line in the list.
    pub row: SessionRow,
    /// When it ended, milliseconds since 1970, UTC.
    pub ended_utc_ms: Option<i64>,
    /// Where its samples came from, in words.
    pub source: String,
    /// The session's own summary, once it came to its end.
    pub summary: Option<Summary>,
    /// Its sets in their order.
    pub sets: Vec<SetDetail>,
    /// Its tests in their order, once it was finished.
    #[uniffi(default = [])]
    pub tested: Vec<TestSheet>,
    /// What Health Connect takes of it; absent where there is nothing to give.
    #[uniffi(default = None)]
    pub health_connect: Option<HealthConnectSession>,
    /// What HealthKit takes of it; absent where there is nothing to give.
    #[uniffi(default = None)]
    pub health_kit: Option<HealthKitWorkout>,
}

impl SessionDetail {
    fn of(detail: store::SessionDetail, tested: Vec<talus_app::TestSheet>, texts: &Texts) -> Self {
        Self {
            tested: tested.into_iter().map(TestSheet::from).collect(),
            health_connect: health::health_connect(&detail).map(HealthConnectSession::from),
            health_kit: health::health_kit(&detail).map(HealthKitWorkout::from),
            row: detail.row.into(),
            ended_utc_ms: detail.ended_utc_ms,
            source: detail.source,
            summary: detail.summary.map(Summary::from),
            sets: detail.sets.into_iter().map(|set| SetDetail::of(set, texts)).collect(),
        }
    }
}

/// What a recording gave when it was followed once more.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Replayed {
    /// Id of the session.
    pub session: String,
    /// Inputs it holds.
    pub inputs: u64,
    /// Places where it is damaged.
    pub damaged: u64,
    /// Stands for every event and record bit for bit: equal outputs, equal numbers, on any machine.
    pub checksum: u64,
    /// Whether history has exactly these results; absent where it does not know the session, or only an unfinished one.
    pub as_stored: Option<bool>,
}

#[uniffi::export]
impl Talus {
    /// A page of sessions, newest first, at most `limit`: the newest, or those before the session `before`, which is the
    /// last one seen. With `unfinished`, all those that were begun and not finished, newest first, whatever the rest says.
    ///
    /// # Errors
    /// [`TalusError::NotFound`] where that session is gone, [`TalusError::Storage`].
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn sessions(
        &self,
        limit: u32,
        before: Option<String>,
        unfinished: bool,
    ) -> Result<Vec<SessionRow>, TalusError> {
        let rows = self.told(if unfinished {
            self.app.unfinished()
        } else {
            let before = before.map(|id| self.told(self.app.session(&id)).map(|seen| seen.row.cursor())).transpose()?;
            self.app.sessions_before(before, limit)
        })?;
        Ok(rows.into_iter().map(SessionRow::from).collect())
    }

    /// One session: `last`, or the beginning of its id.
    ///
    /// # Errors
    /// [`TalusError::NotFound`], [`TalusError::Invalid`] where several begin like this, [`TalusError::Storage`].
    pub fn session(&self, asked: &str) -> Result<SessionDetail, TalusError> {
        let detail = self.told(self.app.session(asked))?;
        let tested = self.told(self.app.session_tests(&detail.row.id.to_string()))?;
        Ok(SessionDetail::of(detail, tested, self.app.texts()))
    }

    /// Follows a `.talus` recording once more; nothing is written.
    ///
    /// # Errors
    /// [`TalusError::UnreadableFile`], [`TalusError::Invalid`] where its plan cannot be followed any more.
    pub fn replay_recording(&self, path: &str) -> Result<Replayed, TalusError> {
        let replayed = self.told(self.app.replay_recording(Path::new(path)))?;
        Ok(Replayed {
            session: replayed.head.id.to_string(),
            inputs: replayed.inputs as u64,
            damaged: replayed.damage.len() as u64,
            checksum: replayed.derived.checksum,
            as_stored: replayed.as_stored,
        })
    }
}
