//! A recording through today's engine: what it gives, and whether that is what was given when it was made.

use crate::engine::Engine;
use crate::error::AppError;
use crate::household::Talus;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use talus_coach::{Event, Input, Outputs, Record, SessionSummary, SetResult};
use talus_motion::{Micros, Rep, Side, Stride};
use talus_store::{Damage, SessionHead, StoreError, kept, recording};

/// One set of one leg as the engine derives it.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivedSet {
    /// Index of the set in the session.
    pub set_index: u32,
    /// What was done; `None` for a set that was cut off.
    pub result: Option<SetResult>,
    /// Repetitions in the order seen.
    pub reps: Vec<Rep>,
    /// Strides in their order.
    pub strides: Vec<Stride>,
}

impl DerivedSet {
    /// The set as the database gives it back: measures of repetitions to the digit that is kept.
    pub(crate) fn as_kept(&self) -> Self {
        Self { reps: self.reps.iter().map(kept).collect(), ..self.clone() }
    }
}

/// Everything an engine derives from the inputs of a session.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Derived {
    /// Sets by index and leg.
    pub sets: BTreeMap<(u32, Side), DerivedSet>,
    /// The summary, where the session came to its end.
    pub summary: Option<SessionSummary>,
    /// Events in their order.
    pub events: Vec<Event>,
    /// A number that stands for every event and record bit for bit: equal outputs, equal numbers, on any machine.
    pub checksum: u64,
}

impl Derived {
    /// Takes the outputs of one step.
    pub(crate) fn add(&mut self, out: &mut Outputs) {
        let mut text = Checksum(self.checksum);
        for event in &out.events {
            // Writing into a checksum cannot fail.
            let _ = write!(text, "{event:?}");
        }
        for record in out.records.drain(..) {
            let _ = write!(text, "{record:?}");
            self.record(record);
        }
        self.checksum = text.0;
        self.events.append(&mut out.events);
        out.requests.clear();
    }

    fn set(&mut self, set_index: u32, side: Side) -> &mut DerivedSet {
        let empty = || DerivedSet { set_index, result: None, reps: Vec::new(), strides: Vec::new() };
        self.sets.entry((set_index, side)).or_insert_with(empty)
    }

    fn record(&mut self, record: Record) {
        match record {
            Record::SetBegan { set_index, side, .. } => {
                self.set(set_index, side);
            }
            Record::Rep { set_index, side, rep, .. } => self.set(set_index, side).reps.push(rep),
            Record::Stride { set_index, side, stride, .. } => self.set(set_index, side).strides.push(stride),
            Record::SetEnded { set_index, result } => {
                let side = result.side;
                self.set(set_index, side).result = Some(result);
            }
            Record::Bookmark(_) => {}
            Record::Ended(summary) => self.summary = Some(summary),
        }
    }
}

/// FNV-1a, 64 bits, over text: shortest round-trip digits of every number, so that equal text is equal bits.
pub(crate) struct Checksum(u64);

impl Checksum {
    pub(crate) fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    #[cfg(feature = "storm")]
    pub(crate) fn value(&self) -> u64 {
        self.0
    }
}

impl std::fmt::Write for Checksum {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        Ok(())
    }
}

/// Runs inputs through a fresh engine.
///
/// # Errors
/// [`AppError::Plan`] where today's catalogue cannot follow the plan.
pub fn derive(talus: &Talus, head: &SessionHead, inputs: &[Input]) -> Result<Derived, AppError> {
    let mut engine = Engine::again(head.plan.clone(), talus.catalogue())?;
    let mut derived = Derived { checksum: Checksum::new().0, ..Derived::default() };
    let mut out = Outputs::default();
    for input in inputs {
        engine.step(input, &mut out);
        derived.add(&mut out);
    }
    Ok(derived)
}

/// A recording replayed.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// Whose session it is, when it was, what was planned.
    pub head: SessionHead,
    /// Inputs it holds.
    pub inputs: usize,
    /// Session time of the last of them, seconds.
    pub length_s: f64,
    /// Where it is damaged.
    pub damage: Vec<Damage>,
    /// What today's engine derives from it.
    pub derived: Derived,
    /// Whether the database has exactly these sets, repetitions and strides, to the digit it keeps; `None` where it does not know the
    /// session, or only an unfinished one.
    pub as_stored: Option<bool>,
}

impl Talus {
    /// Replays a `.talus` recording: nothing is written.
    ///
    /// # Errors
    /// [`AppError::Io`], [`AppError::Recording`], [`AppError::Plan`], [`AppError::Store`].
    pub fn replay_recording(&self, path: &Path) -> Result<Replayed, AppError> {
        let io = |source| AppError::Io { path: path.to_owned(), source };
        let length = fs::metadata(path).map_err(io)?.len();
        if length > recording::FILE_MAX {
            let bytes = usize::try_from(length).unwrap_or(usize::MAX);
            let source = talus_store::RecordingError::TooLarge { what: "more than a recording may have", bytes };
            return Err(AppError::Recording { path: path.to_owned(), source });
        }
        let bytes = fs::read(path).map_err(io)?;
        let reading =
            self.store().read(path, &bytes).map_err(|source| AppError::Recording { path: path.to_owned(), source })?;
        let head = reading.head.ok_or_else(|| AppError::Recording {
            path: path.to_owned(),
            source: talus_store::RecordingError::NotARecording,
        })?;
        let derived = derive(self, &head, &reading.inputs)?;
        let as_stored = self.as_stored(&head, &derived)?;
        let length_s = reading.inputs.iter().filter_map(recording::input_at).max().map_or(0.0, Micros::seconds);
        Ok(Replayed { head, inputs: reading.inputs.len(), length_s, damage: reading.damage, derived, as_stored })
    }

    fn as_stored(&self, head: &SessionHead, derived: &Derived) -> Result<Option<bool>, AppError> {
        let detail = match self.store().derived(head.id) {
            Ok(detail) if detail.row.finished => detail,
            Ok(_) | Err(StoreError::NoSession { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let stored = detail.sets.into_iter().map(|set| {
            let result = (!set.open).then_some(set.result);
            let side = result.as_ref().map(|result| result.side);
            (side, DerivedSet { set_index: set.set_index, result, reps: set.reps, strides: set.strides })
        });
        let mut same = detail.summary == derived.summary;
        let mut count = 0;
        for (side, set) in stored {
            count += 1;
            let again = side.and_then(|side| derived.sets.get(&(set.set_index, side)));
            same &= again.map(DerivedSet::as_kept).as_ref() == Some(&set);
        }
        Ok(Some(same && count == derived.sets.len()))
    }
}
