//! What a person changed by hand: rows that are only ever added, laid over what was derived. Undo is one of them.

use super::{from_word, totals, word};
use crate::{ProfileId, SessionId, StoreError};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use talus_motion::{Micros, Side};

/// Most characters of a note.
pub const NOTE_MAX: usize = 4000;
/// Most tags of a session, and most characters of one.
pub const TAGS_MAX: (usize, usize) = (20, 40);
/// Most repetitions or strides a person can say a set had.
const COUNT_MAX: u32 = 100_000;
/// Heaviest load a set can be said to have had, grams; what may be worn is another matter.
const MASS_MAX_G: u32 = 100_000;
/// Strongest pain.
const PAIN_MAX: u8 = 10;

/// One edit, as the list of a session's edits knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditId(pub i64);

/// Something a person changes in a session.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// In one set of one leg.
    Set {
        /// Index of the set in the session.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// What.
        change: SetEdit,
    },
    /// Its recording is kept for good, or no longer.
    Starred(bool),
    /// What there is to remember; empty takes it away. At most [`NOTE_MAX`] characters.
    Note(String),
    /// Words to find it by; at most [`TAGS_MAX`].
    Tags(Vec<String>),
}

/// Something a person changes in a set. What the engine derived stays beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetEdit {
    /// It was another exercise.
    Exercise(String),
    /// So many repetitions (strides for walking), at most 100,000.
    Count(u32),
    /// The weight on that leg, grams, at most 100,000.
    Mass(u32),
    /// Repetitions in reserve; `None`: not answered.
    Reserve(Option<u8>),
    /// It was this leg. Where both legs did the set, the other one did what this one was said to have done: a set has no
    /// leg twice.
    Side(Side),
    /// Pain, 0 to 10; `None`: not answered.
    Pain(Option<u8>),
    /// It is no set of this person's (`true`), or is one again.
    Removed(bool),
}

/// How much of two sets must be the same time, of the time both take together, for them to be one set that two engines
/// see. A set that was cut in two keeps less, one that begins or ends some seconds off more.
const SAME_SET: f64 = 0.8;

/// Where a set lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetPlace {
    /// Its index in the session.
    pub set_index: u32,
    /// Which leg.
    pub side: Side,
    /// Session time of its beginning.
    pub began: Micros,
    /// Session time of its end; `None` where it was never ended.
    pub ended: Option<Micros>,
}

impl SetPlace {
    /// The set among these that is this one, whatever its number; `None` where there is none: it is not seen any more, or
    /// cut in two, or one with another.
    #[must_use]
    pub fn among(&self, sets: &[Self]) -> Option<u32> {
        sets.iter().find(|set| self.is(set)).map(|set| set.set_index)
    }

    fn is(&self, other: &Self) -> bool {
        if self.side != other.side {
            return false;
        }
        // Times come from bundles: their distance need not fit.
        let span = |from: Micros, to: Micros| (i128::from(to.0) - i128::from(from.0)).max(0) as f64;
        match (self.ended, other.ended) {
            (Some(ended), Some(other_ended)) if (self.began, ended) != (other.began, other_ended) => {
                let common = span(self.began.max(other.began), ended.min(other_ended));
                let both = span(self.began.min(other.began), ended.max(other_ended));
                common >= SAME_SET * both && both > 0.0
            }
            _ => self.began == other.began,
        }
    }
}

/// An edit in the list of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct EditRow {
    /// To undo it by.
    pub id: EditId,
    /// When, milliseconds since 1970, UTC.
    pub at_utc_ms: i64,
    /// What was changed; `None` for an undo. A set has the number and the leg that it is shown with today.
    pub edit: Option<Edit>,
    /// Where the set lay when it was changed; `None` where nothing in a set was, or nobody knows any more: then its
    /// number is all there is.
    pub place: Option<SetPlace>,
    /// Whether what was changed is there: `false` for a set that today's results do not have, or have otherwise. Such a
    /// change is kept and changes nothing.
    pub lies: bool,
    /// The edit it takes back.
    pub undoes: Option<EditId>,
    /// Whether it holds: it was not taken back.
    pub stands: bool,
}

impl Edit {
    /// Its column `field`, and its `value` as JSON.
    fn parts(&self) -> (&'static str, Value) {
        match self {
            Self::Starred(on) => ("starred", json!(on)),
            Self::Note(text) => ("note", json!(text)),
            Self::Tags(tags) => ("tags", json!(tags)),
            Self::Set { change, .. } => match change {
                SetEdit::Exercise(id) => ("exercise", json!(id)),
                SetEdit::Side(side) => ("side", json!(side)),
                SetEdit::Count(count) => ("count", json!(count)),
                SetEdit::Mass(grams) => ("mass_g", json!(grams)),
                SetEdit::Reserve(answer) => ("reserve", json!(answer)),
                SetEdit::Pain(answer) => ("pain", json!(answer)),
                SetEdit::Removed(gone) => ("removed", json!(gone)),
            },
        }
    }

    /// The edit of a row; `None` where it says nothing this program knows.
    fn of(field: &str, value: &str, set: Option<(u32, Side)>) -> Option<Self> {
        fn read<'a, T: Deserialize<'a>>(value: &'a str) -> Option<T> {
            serde_json::from_str(value).ok()
        }
        let change = match field {
            "starred" => return read(value).map(Self::Starred),
            "note" => return read(value).map(Self::Note),
            "tags" => return read(value).map(Self::Tags),
            "exercise" => SetEdit::Exercise(read(value)?),
            "side" => SetEdit::Side(read(value)?),
            "count" => SetEdit::Count(read(value)?),
            "mass_g" => SetEdit::Mass(read(value)?),
            "reserve" => SetEdit::Reserve(read(value)?),
            "pain" => SetEdit::Pain(read(value)?),
            "removed" => SetEdit::Removed(read(value)?),
            _ => return None,
        };
        let (set_index, side) = set?;
        let edit = Self::Set { set_index, side, change };
        edit.refusal().is_none().then_some(edit)
    }

    /// Why it cannot be, whatever the session.
    fn refusal(&self) -> Option<String> {
        let printable = |text: &str| !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
        match self {
            Self::Note(text) if text.chars().count() > NOTE_MAX => Some(format!("more than {NOTE_MAX} characters")),
            Self::Note(text) if !printable(text) => Some("it has characters nobody can see".to_owned()),
            Self::Starred(_) | Self::Note(_) => None,
            Self::Tags(tags) => {
                let (most, longest) = TAGS_MAX;
                let fits = |tag: &String| {
                    let length = tag.chars().count();
                    (1..=longest).contains(&length) && tag.trim() == tag && !tag.chars().any(char::is_control)
                };
                let distinct = tags.iter().collect::<BTreeSet<_>>().len() == tags.len();
                let fine = tags.len() <= most && tags.iter().all(fits) && distinct;
                (!fine).then(|| format!("at most {most} different ones, each of 1 to {longest} characters"))
            }
            Self::Set { change, .. } => match change {
                SetEdit::Exercise(id) => {
                    let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                    let fine = (1..=64).contains(&id.len()) && id.chars().all(slug);
                    (!fine).then(|| "that is not the id of an exercise".to_owned())
                }
                SetEdit::Count(count) => (*count > COUNT_MAX).then(|| format!("more than {COUNT_MAX}")),
                SetEdit::Mass(grams) => (*grams > MASS_MAX_G).then(|| format!("more than {MASS_MAX_G} g")),
                SetEdit::Pain(Some(pain)) => (*pain > PAIN_MAX).then(|| format!("more than {PAIN_MAX}")),
                SetEdit::Side(_) | SetEdit::Pain(None) | SetEdit::Reserve(_) | SetEdit::Removed(_) => None,
            },
        }
    }
}

/// The row of a person's session.
fn session_of(db: &Connection, profile: ProfileId, id: SessionId) -> rusqlite::Result<Option<(i64, i64)>> {
    db.prepare_cached(
        "SELECT s.id, s.profile_id FROM session s JOIN profile p ON p.id = s.profile_id WHERE s.uid = ?1 AND p.uid = ?2",
    )?
    .query_row(params![id.0, profile.0], |row| Ok((row.get(0)?, row.get(1)?)))
    .optional()
}

/// What came of adding edits.
pub(crate) enum Added<T> {
    Yes(T),
    NoSession,
    Refused(StoreError),
}

fn refused<T>(reason: impl Into<String>) -> Added<T> {
    Added::Refused(StoreError::Refused { what: "the change".to_owned(), reason: reason.into() })
}

/// Adds edits to a session, all of them or none. Their sets are named as they are shown before the first of them.
pub(crate) fn add(
    db: &Connection,
    profile: ProfileId,
    id: SessionId,
    at_utc_ms: i64,
    edits: &[Edit],
) -> rusqlite::Result<Added<Vec<EditId>>> {
    if let Some(reason) = edits.iter().find_map(Edit::refusal) {
        return Ok(refused(reason));
    }
    let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    let Some((session, owner)) = session_of(&transaction, profile, id)? else { return Ok(Added::NoSession) };
    let (sets, swapped) = (places(&transaction, session)?, swapped(&of_session(&transaction, session)?));
    let mut added = Vec::with_capacity(edits.len());
    for edit in edits {
        let place = match edit {
            Edit::Set { set_index, side, .. } => {
                let side = if swapped.contains(set_index) { side.other() } else { *side };
                let set = sets.iter().find(|set| (set.set_index, set.side) == (*set_index, side));
                let Some(set) = set else { return Ok(refused("the session has no such set")) };
                Some(set)
            }
            _ => None,
        };
        let (field, value) = edit.parts();
        transaction
            .prepare_cached(
                "INSERT INTO edit (profile_id, session_id, at_utc_ms, set_index, side, field, value, set_began_us,
                    set_ended_us)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                owner,
                session,
                at_utc_ms,
                place.map(|place| place.set_index),
                place.map(|place| word(place.side)),
                field,
                value.to_string(),
                place.map(|place| place.began.0),
                place.and_then(|place| place.ended).map(|at| at.0),
            ])?;
        added.push(EditId(transaction.last_insert_rowid()));
    }
    totals::refresh(&transaction, session)?;
    transaction.commit()?;
    Ok(Added::Yes(added))
}

/// Takes back `which`, or the newest edit that stands and is no undo; an undo that is taken back lets its edit stand
/// again.
pub(crate) fn undo(
    db: &Connection,
    profile: ProfileId,
    id: SessionId,
    which: Option<EditId>,
    at_utc_ms: i64,
) -> rusqlite::Result<Added<EditId>> {
    let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    let Some((session, owner)) = session_of(&transaction, profile, id)? else { return Ok(Added::NoSession) };
    let rows = of_session(&transaction, session)?;
    let found = match which {
        Some(which) => rows.iter().find(|row| row.id == which && row.stands),
        None => rows.iter().rev().find(|row| row.stands && row.undoes.is_none()),
    };
    let Some(undone) = found else { return Ok(refused("there is nothing of it left to undo")) };
    transaction
        .prepare_cached(
            "INSERT INTO edit (profile_id, session_id, at_utc_ms, field, value, undoes)
             VALUES (?1, ?2, ?3, 'undo', 'null', ?4)",
        )?
        .execute(params![owner, session, at_utc_ms, undone.id.0])?;
    let added = EditId(transaction.last_insert_rowid());
    totals::refresh(&transaction, session)?;
    transaction.commit()?;
    Ok(Added::Yes(added))
}

pub(crate) fn edits(db: &Connection, profile: ProfileId, id: SessionId) -> rusqlite::Result<Option<Vec<EditRow>>> {
    session_of(db, profile, id)?.map(|(session, _)| of_session(db, session).map(shown)).transpose()
}

/// Numbers of the sets whose legs are the other way round, as the edits that hold say: the newest of a set decides.
pub(super) fn swapped(rows: &[EditRow]) -> BTreeSet<u32> {
    let mut said = BTreeMap::new();
    for row in rows.iter().filter(|row| row.stands && row.lies) {
        if let Some(Edit::Set { set_index, side, change: SetEdit::Side(to) }) = &row.edit {
            said.insert(*set_index, side != to);
        }
    }
    said.into_iter().filter_map(|(set_index, swapped)| swapped.then_some(set_index)).collect()
}

/// The same edits on the legs that are shown. (A place stays where the sensor was.)
pub(super) fn shown(mut rows: Vec<EditRow>) -> Vec<EditRow> {
    let swapped = swapped(&rows);
    for row in rows.iter_mut().filter(|row| row.lies) {
        if let Some(Edit::Set { set_index, side, .. }) = &mut row.edit
            && swapped.contains(set_index)
        {
            *side = side.other();
        }
    }
    rows
}

/// Where the sets of a session's current results lie.
pub(super) fn places(db: &Connection, session: i64) -> rusqlite::Result<Vec<SetPlace>> {
    db.prepare_cached(
        "SELECT e.set_index, e.side, e.began_us, e.ended_us FROM derived d JOIN eset e ON e.derived_id = d.id
         WHERE d.session_id = ?1 AND d.current = 1 ORDER BY e.set_index, e.side",
    )?
    .query_map([session], |row| {
        Ok(SetPlace {
            set_index: row.get(0)?,
            side: from_word(1, row.get_ref(1)?.as_str()?)?,
            began: Micros(row.get(2)?),
            ended: row.get::<_, Option<i64>>(3)?.map(Micros),
        })
    })?
    .collect()
}

/// Every edit of a session, oldest first, each on the set it was made on and the leg that was derived.
pub(crate) fn of_session(db: &Connection, session: i64) -> rusqlite::Result<Vec<EditRow>> {
    let mut rows: Vec<EditRow> = db
        .prepare_cached(
            "SELECT id, at_utc_ms, set_index, side, field, value, undoes, set_began_us, set_ended_us FROM edit
             WHERE session_id = ?1 ORDER BY id",
        )?
        .query_map([session], |row| {
            let set = match (row.get(2)?, row.get_ref(3)?.as_str_or_null()?) {
                (Some(set_index), Some(side)) => Some((set_index, from_word(3, side)?)),
                _ => None,
            };
            let (began, ended): (Option<i64>, Option<i64>) = (row.get(7)?, row.get(8)?);
            let place = set.zip(began).map(|((set_index, side), began)| SetPlace {
                set_index,
                side,
                began: Micros(began),
                ended: ended.map(Micros),
            });
            Ok(EditRow {
                id: EditId(row.get(0)?),
                at_utc_ms: row.get(1)?,
                edit: Edit::of(row.get_ref(4)?.as_str()?, row.get_ref(5)?.as_str()?, set),
                place,
                lies: true,
                undoes: row.get::<_, Option<i64>>(6)?.map(EditId),
                stands: true,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    // From the newest back: what was taken back takes nothing back itself.
    let mut taken_back = BTreeSet::new();
    for row in rows.iter_mut().rev() {
        row.stands = !taken_back.contains(&row.id);
        if let (true, Some(undoes)) = (row.stands, row.undoes) {
            taken_back.insert(undoes);
        }
    }
    if rows.iter().any(|row| matches!(row.edit, Some(Edit::Set { .. }))) {
        let sets = places(db, session)?;
        for row in &mut rows {
            if let Some(Edit::Set { set_index, side, .. }) = &mut row.edit {
                let number = match &row.place {
                    Some(place) => place.among(&sets),
                    None => {
                        sets.iter().find(|set| (set.set_index, set.side) == (*set_index, *side)).map(|_| *set_index)
                    }
                };
                row.lies = number.is_some();
                *set_index = number.unwrap_or(*set_index);
            }
        }
    }
    Ok(rows)
}
