//! What a session tells, in order and never lost, and who is told.

use crate::history::{Rep, SetResult, Stride, Summary};
use crate::picture::{NearbyCuff, PairedCuff};
use crate::words::{LinkState, ReviewReason, Side, Stage, cuff_text, narrow};
use talus_app::coach::Texts;
use talus_app::{Note, coach};

/// What a session says happened. Never withdrawn; a correction is a later event. `at_us` is session time in
/// microseconds.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum Event {
    /// A cuff was found nearby.
    Found {
        /// The cuff.
        cuff: NearbyCuff,
    },
    /// A cuff was paired.
    Paired {
        /// The cuff.
        cuff: PairedCuff,
    },
    /// A leg's own range is known.
    Calibrated {
        /// The leg.
        side: Side,
        /// Degrees; absent where it could not be measured.
        range_deg: Option<f32>,
    },
    /// The session is somewhere else now.
    StageChanged {
        /// When.
        at_us: i64,
        /// Where it is.
        stage: Stage,
    },
    /// A set begins.
    SetBegan {
        /// When.
        at_us: i64,
        /// Index of the set in the session, from 0; the two sides of a set share it.
        set_index: u32,
        /// Exercise id.
        exercise: String,
        /// Which leg.
        side: Side,
        /// Which set of this exercise, from 1.
        number: u8,
        /// Of how many.
        of: u8,
    },
    /// A repetition ended and was counted.
    RepEnded {
        /// When.
        at_us: i64,
        /// Its number in the set, from 1.
        seq: u32,
        /// How sure, 0 to 1.
        confidence: f32,
        /// The repetition.
        rep: Rep,
    },
    /// A repetition stayed short of the range that counts.
    RepShort {
        /// When.
        at_us: i64,
        /// The repetition.
        rep: Rep,
    },
    /// A set ended.
    SetEnded {
        /// When.
        at_us: i64,
        /// Index of the set in the session.
        set_index: u32,
        /// What was done.
        result: SetResult,
    },
    /// The count of a set was corrected after the fact.
    SetReviewed {
        /// When.
        at_us: i64,
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
        at_us: i64,
        /// Which leg.
        side: Side,
        /// The stride.
        stride: Stride,
    },
    /// Something to say, rendered in the session's language.
    Said {
        /// When.
        at_us: i64,
        /// Text key, for a picture that goes with it.
        key: String,
        /// The words in full.
        text: String,
        /// How it is spoken, shown, sounded and felt.
        cue: Cue,
    },
    /// A repetition began: the tempo asked for, to be scheduled ahead. It takes the place of what was scheduled before; what
    /// is still to come falls silent when the session leaves the set.
    Paced {
        /// When it was known.
        at_us: i64,
        /// What sounds, in the order of time.
        beats: Vec<Beat>,
    },
    /// Samples were missing.
    Gapped {
        /// When it was noticed.
        at_us: i64,
        /// Whose.
        cuff: String,
        /// Session time of the last sample before, microseconds.
        start_us: i64,
        /// Session time of the first sample after, microseconds.
        end_us: i64,
        /// Samples missing.
        missing: u64,
    },
    /// The way to a cuff changed.
    LinkChanged {
        /// When.
        at_us: i64,
        /// Whose.
        cuff: String,
        /// What it is now.
        state: LinkState,
    },
    /// The session is over.
    Ended {
        /// When.
        at_us: i64,
        /// What was done.
        summary: Summary,
    },
}

/// How something is told: one thing at a time.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Cue {
    /// Words to speak; absent where nothing is spoken.
    pub voice: Option<String>,
    /// When speech begins, microseconds of session time: after its sound and after what is being said.
    pub speak_at_us: i64,
    /// Words to show, at most six; empty where the picture says it.
    pub short: String,
    /// Until when they are shown, microseconds of session time.
    pub until_us: i64,
    /// Name of the sound and of the pattern to feel.
    pub sound: String,
    /// Its rank, 1 to 6: a higher one cuts a lower one's sound.
    pub rank: u8,
    /// Whether it cuts the speech under way.
    pub cuts: bool,
    /// Whether its words are a number, spoken only to whoever asks for numbers.
    pub number: bool,
    /// Whether its words in full stand to be read until the person goes on.
    pub stands: bool,
}

/// One beat of a tempo.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Beat {
    /// When, microseconds of session time.
    pub at_us: i64,
    /// Name of the sound and of the pattern to feel.
    pub sound: String,
    /// The number to say with it, where one is said.
    pub count: Option<u32>,
}

impl From<coach::cues::Beat> for Beat {
    fn from(beat: coach::cues::Beat) -> Self {
        Self { at_us: beat.at.0, sound: beat.sound.slug().to_owned(), count: beat.count }
    }
}

impl From<coach::cues::Cue> for Event {
    fn from(cue: coach::cues::Cue) -> Self {
        Self::Said {
            at_us: cue.at.0,
            key: format!("cue.{}", cue.key),
            text: cue.text().to_owned(),
            cue: Cue {
                voice: cue.voice,
                speak_at_us: cue.speak_at.0,
                short: cue.short,
                until_us: cue.until.0,
                sound: cue.sound.slug().to_owned(),
                rank: cue.sound.rank(),
                cuts: cue.cuts,
                number: cue.number,
                stands: cue.stands,
            },
        }
    }
}

impl Event {
    /// `None` for what a shell is told in other words.
    pub(crate) fn of(note: Note, texts: &Texts) -> Option<Self> {
        Some(match note {
            Note::Found(line) => Self::Found { cuff: line.into() },
            Note::Paired(line) => Self::Paired { cuff: line.into() },
            Note::Calibrated { side, range_deg } => {
                Self::Calibrated { side: side.into(), range_deg: narrow(range_deg) }
            }
            Note::Event(event) => return Self::of_session(event, texts),
        })
    }

    fn of_session(event: coach::Event, texts: &Texts) -> Option<Self> {
        use coach::Event as Of;
        Some(match event {
            Of::StageChanged { at, stage } => Self::StageChanged { at_us: at.0, stage: stage.into() },
            Of::SetBegan { at, set_index, exercise, side, set: (number, of) } => {
                Self::SetBegan { at_us: at.0, set_index, exercise, side: side.into(), number, of }
            }
            Of::RepEnded { at, seq, confidence, rep } => {
                Self::RepEnded { at_us: at.0, seq, confidence: confidence as f32, rep: Rep::of(rep, texts) }
            }
            Of::RepShort { at, rep } => Self::RepShort { at_us: at.0, rep: Rep::of(rep, texts) },
            Of::SetEnded { at, set_index, result } => Self::SetEnded { at_us: at.0, set_index, result: result.into() },
            Of::SetReviewed { at, set_index, count, reason } => {
                Self::SetReviewed { at_us: at.0, set_index, count, reason: reason.into() }
            }
            Of::Strode { at, side, stride } => Self::Strode { at_us: at.0, side: side.into(), stride: stride.into() },
            Of::Cue(cue) => cue.into(),
            Of::Paced { at, beats } => Self::Paced { at_us: at.0, beats: beats.into_iter().map(Beat::from).collect() },
            Of::Gapped { at, cuff, gap } => Self::Gapped {
                at_us: at.0,
                cuff: cuff_text(cuff),
                start_us: gap.start.0,
                end_us: gap.end.0,
                missing: gap.missing,
            },
            Of::LinkChanged { at, cuff, state } => {
                Self::LinkChanged { at_us: at.0, cuff: cuff_text(cuff), state: state.into() }
            }
            Of::Ended { at, summary } => Self::Ended { at_us: at.0, summary: summary.into() },
            // What a person is told of it is a cue.
            Of::Noticed { .. } => return None,
        })
    }
}

/// Why a listener could not take events.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// It threw, or it does not want to be told any more.
    #[error("{why}")]
    Refused {
        /// What the shell says.
        why: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Refused { why: error.reason }
    }
}

/// Whoever is told what happens in a session.
#[uniffi::export(foreign)]
pub trait Listener: Send + Sync {
    /// Takes what happened since the last call, in order. Always called from the session's one thread, never two calls
    /// at once; hand the events on and return. One that throws hears nothing any more.
    ///
    /// # Errors
    /// [`ListenerError::Refused`] ends the observation.
    fn on_events(&self, events: Vec<Event>) -> Result<(), ListenerError>;
}
