//! A finished session once more through today's engine: first what would change, then, if somebody wants it, the change.
//!
//! Looking writes nothing. Accepting puts the new rows beside the old ones, which stay, and makes the new ones current;
//! what a person changed by hand lies over both, and is left out of the comparison. Each change stays with the set it was
//! made on; where that set gets another number or is no set any more, [`Rescore::moved`] says so first.

use crate::engine::Engine;
use crate::error::AppError;
use crate::household::Talus;
use crate::recording::{Derived, DerivedSet};
use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use talus_coach::{ENGINE_VERSION, Outputs, Record, SetResult};
use talus_motion::Side;
use talus_store::{Edit, EditRow, RawState, SessionDetail, SessionId, SessionRow, SetPlace, StoreError};

/// Sessions asked of the store at a time.
const PAGE: u32 = 200;

/// A set that today's engine sees in another way.
#[derive(Debug, Clone, PartialEq)]
pub struct SetChange {
    /// Index of the set in the session.
    pub set_index: u32,
    /// Which leg.
    pub side: Side,
    /// What is shown today; `None` for a set only the new engine sees.
    pub before: Option<SetResult>,
    /// What the new engine gives; `None` where it sees no such set, or one that was never ended.
    pub after: Option<SetResult>,
    /// Repetitions and strides kept of it, today and with the new engine.
    pub rows: (usize, usize),
}

/// A change by hand whose set is another one with the new engine, or none.
#[derive(Debug, Clone, PartialEq)]
pub struct MovedEdit {
    /// What was changed; its set has the number it has today.
    pub edit: Edit,
    /// The index of the set it lies on today; `None` where there is no such set: it changes nothing then.
    pub from: Option<u32>,
    /// The index of the set it will lie on; `None`: it is kept and will change nothing.
    pub to: Option<u32>,
}

/// What a session would become.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescore {
    /// The session as it is shown today.
    pub session: SessionRow,
    /// Engine and catalogue its results come from.
    pub from: (u32, String),
    /// Today's engine and catalogue.
    pub to: (u32, String),
    /// What changes, by set and leg.
    pub changes: Vec<SetChange>,
    /// Sets that stay as they are, bit for bit.
    pub same: usize,
    /// Changes by hand that will lie on a set of another number, or on none; no change ever comes to lie on a set it was
    /// not made on.
    pub moved: Vec<MovedEdit>,
    /// Whether the summary changes.
    pub summary_changes: bool,
    records: Vec<Record>,
}

impl Rescore {
    /// Whether accepting it makes a difference: to what is shown, or to which engine it is from.
    pub fn outdated(&self) -> bool {
        self.changes_anything() || self.from != self.to
    }

    /// Whether anything a person sees becomes another.
    pub fn changes_anything(&self) -> bool {
        self.summary_changes || !self.changes.is_empty()
    }
}

impl Talus {
    /// What today's engine and catalogue make of a finished session (`last`, or the beginning of its id). Writes nothing.
    ///
    /// # Errors
    /// [`AppError::Store`], also where the session is not finished or parts of its recording are missing: results of
    /// less would be worse than those that are there. [`AppError::Plan`] where today's catalogue cannot follow its plan.
    pub fn rescore(&self, asked: &str) -> Result<Rescore, AppError> {
        let id = {
            let store = self.store();
            store.find(self.profile(), asked)?
        };
        self.rescore_one(id)
    }

    /// What today's engine makes of every finished session whose results come from another engine or catalogue and
    /// whose recording is whole, newest first. Writes nothing.
    ///
    /// # Errors
    /// As [`Talus::rescore`].
    pub fn rescore_outdated(&self) -> Result<Vec<Rescore>, AppError> {
        let (mut outdated, mut before) = (Vec::new(), None);
        loop {
            let page = self.store().sessions(self.profile(), before, PAGE)?;
            let Some(last) = page.last() else { break };
            before = Some(last.cursor());
            for row in page.iter().filter(|row| row.finished && row.raw == RawState::Complete) {
                let detail = self.store().session(row.id)?;
                let by_hand = Source::parse(&detail.source) == Some(Source::ByHand);
                if !by_hand && (detail.engine_version, detail.catalogue_version.as_str()) != self.today() {
                    outdated.push(row.id);
                }
            }
        }
        outdated.into_iter().map(|id| self.rescore_one(id)).collect()
    }

    /// Makes the results of a [`Rescore`] the current ones. The old ones stay in the database.
    ///
    /// # Errors
    /// [`AppError::Store`], also where the session is not this person's; nothing has changed then, but for
    /// [`StoreError::Refused`] about a single row.
    pub fn accept(&self, rescore: &Rescore) -> Result<(), AppError> {
        self.store().ensure_of(self.profile(), rescore.session.id)?;
        self.accept_any(rescore)
    }

    /// As [`Talus::accept`], whoever's the session is: a salvage brings back everybody's.
    pub(crate) fn accept_any(&self, rescore: &Rescore) -> Result<(), AppError> {
        let (engine, catalogue) = &rescore.to;
        Ok(self.store().rescore(rescore.session.id, *engine, catalogue, &rescore.records)?)
    }

    fn today(&self) -> (u32, &str) {
        (ENGINE_VERSION, self.catalogue().version())
    }

    pub(crate) fn rescore_one(&self, id: SessionId) -> Result<Rescore, AppError> {
        let (detail, reading) = {
            let store = self.store();
            (store.derived(id)?, store.reading(id)?)
        };
        let refuse = |reason: &str| StoreError::Refused { what: "new results".to_owned(), reason: reason.to_owned() };
        if Source::parse(&detail.source) == Some(Source::ByHand) {
            return Err(refuse("it was logged by hand, and nothing of it was recorded").into());
        }
        if !detail.row.finished {
            return Err(refuse("the session is not finished").into());
        }
        if detail.row.raw != RawState::Complete || !reading.intact() {
            return Err(refuse("parts of the recording are missing, and the results so far have seen all of it").into());
        }
        let mut engine = Engine::again(detail.plan.clone(), self.catalogue())?;
        let (mut derived, mut records, mut out) = (Derived::default(), Vec::new(), Outputs::default());
        for input in &reading.inputs {
            engine.step(input, &mut out);
            // A bookmark is for a session that goes on.
            records.extend(out.records.iter().filter(|record| !matches!(record, Record::Bookmark(_))).cloned());
            derived.add(&mut out);
        }
        let (engine_version, catalogue_version) = self.today();
        let (changes, same) = compare(&detail, &derived);
        Ok(Rescore {
            moved: moved(&detail.edits, &places(&records)),
            summary_changes: detail.summary != derived.summary,
            session: detail.row,
            from: (detail.engine_version, detail.catalogue_version),
            to: (engine_version, catalogue_version.to_owned()),
            changes,
            same,
            records,
        })
    }
}

/// Where the sets lie that these records tell of.
fn places(records: &[Record]) -> Vec<SetPlace> {
    let mut sets = BTreeMap::new();
    for record in records {
        let place = match record {
            Record::SetBegan { set_index, side, at, .. } => {
                SetPlace { set_index: *set_index, side: *side, began: *at, ended: None }
            }
            Record::SetEnded { set_index, result } => {
                let (began, ended) = (result.began, Some(result.ended));
                SetPlace { set_index: *set_index, side: result.side, began, ended }
            }
            _ => continue,
        };
        sets.insert((place.set_index, place.side), place);
    }
    sets.into_values().collect()
}

/// Which of the changes that stand lie elsewhere once the sets lie so.
fn moved(edits: &[EditRow], sets: &[SetPlace]) -> Vec<MovedEdit> {
    let standing = edits.iter().filter(|row| row.stands);
    let of_sets = standing.filter_map(|row| {
        let edit = row.edit.clone()?;
        let Edit::Set { set_index, side, .. } = edit else { return None };
        let by_number = || sets.iter().any(|set| (set.set_index, set.side) == (set_index, side)).then_some(set_index);
        let to = row.place.map_or_else(by_number, |place| place.among(sets));
        Some(MovedEdit { edit, from: row.lies.then_some(set_index), to })
    });
    of_sets.filter(|one| one.from != one.to).collect()
}

/// What is shown of a session against what an engine gives now: the sets that differ, and how many do not.
fn compare(detail: &SessionDetail, derived: &Derived) -> (Vec<SetChange>, usize) {
    let stored: BTreeMap<(u32, Side), DerivedSet> = detail
        .sets
        .iter()
        .map(|set| {
            let result = (!set.open).then(|| set.result.clone());
            let set_index = set.set_index;
            let derived = DerivedSet { set_index, result, reps: set.reps.clone(), strides: set.strides.clone() };
            ((set_index, set.result.side), derived)
        })
        .collect();
    let derived: BTreeMap<_, _> = derived.sets.iter().map(|(key, set)| (*key, set.as_kept())).collect();
    let keys: BTreeSet<_> = stored.keys().chain(derived.keys()).copied().collect();
    let (mut changes, mut same) = (Vec::new(), 0);
    for (set_index, side) in keys {
        let (before, after) = (stored.get(&(set_index, side)), derived.get(&(set_index, side)));
        if before == after {
            same += 1;
            continue;
        }
        let result = |set: Option<&DerivedSet>| set.and_then(|set| set.result.clone());
        let rows = |set: Option<&DerivedSet>| set.map_or(0, |set| set.reps.len() + set.strides.len());
        let (before, after, rows) = (result(before), result(after), (rows(before), rows(after)));
        changes.push(SetChange { set_index, side, before, after, rows });
    }
    (changes, same)
}
