//! Looking back: sessions, their sets, and how an exercise went over time.

use super::edits::{self, EditRow};
use super::rows::{CONFIDENCE, PEAK, RANGE, REST, SMOOTHNESS};
use super::{conversion, from_word};
use crate::{Kind, ProfileId, SessionHead, SessionId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::Path;
use talus_coach::{Bookmark, Laterality, SessionPlan, SessionSummary, SetEnd, SetResult};
use talus_motion::{Measures, Micros, Quality, Rep, Stride};

/// Whether a session's recording is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawState {
    /// Everything that was acknowledged, as far as is known without reading it.
    Complete,
    /// Parts are missing; the results are not.
    Incomplete,
    /// There is no file.
    Absent,
}

/// Where a page of sessions ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// When its last session began, milliseconds since 1970, UTC.
    pub started_utc_ms: i64,
    /// That session.
    pub id: SessionId,
}

/// One session in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRow {
    /// The session.
    pub id: SessionId,
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
    pub duration_s: f64,
    /// Sets done.
    pub sets: u32,
    /// Repetitions counted.
    pub reps: u32,
    /// Strides counted.
    pub strides: u32,
    /// Exercises in the order of their first set.
    pub exercises: Vec<String>,
    /// Whether its recording is whole.
    pub raw: RawState,
    /// Sets the plan asked for.
    pub planned: u32,
    /// Strongest pain answered, 0 to 10.
    pub pain: Option<u8>,
    /// Changes by hand that stand.
    pub edits: u32,
    /// Its recording is kept for good.
    pub starred: bool,
    /// What there is to remember; empty where nothing is.
    pub note: String,
    /// Words to find it by.
    pub tags: Vec<String>,
}

impl SessionRow {
    /// For the page that follows this row.
    pub fn cursor(&self) -> Cursor {
        Cursor { started_utc_ms: self.started_utc_ms, id: self.id }
    }
}

/// One set of one leg.
#[derive(Debug, Clone, PartialEq)]
pub struct SetDetail {
    /// Index of the set in the session; both legs of a set share it.
    pub set_index: u32,
    /// The set was never ended (the session was cut off in it): its result is what its rows say.
    pub open: bool,
    /// Something in it was changed by hand; the repetitions are as they were seen.
    pub edited: bool,
    /// What was done.
    pub result: SetResult,
    /// Repetitions in the order seen, short ones included.
    pub reps: Vec<Rep>,
    /// Strides in their order.
    pub strides: Vec<Stride>,
}

/// One session with everything derived from it.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionDetail {
    /// Its line in the list.
    pub row: SessionRow,
    /// When it ended, milliseconds since 1970, UTC.
    pub ended_utc_ms: Option<i64>,
    /// File names of a replay, or `sim`.
    pub source: String,
    /// What was planned.
    pub plan: SessionPlan,
    /// Engine and catalogue that derived these rows.
    pub engine_version: u32,
    /// Version of the catalogue.
    pub catalogue_version: String,
    /// The session's own summary, once it came to its end.
    pub summary: Option<SessionSummary>,
    /// Its sets in their order.
    pub sets: Vec<SetDetail>,
    /// What was changed by hand, oldest first, undone changes included.
    pub edits: Vec<EditRow>,
}

/// Columns of a [`SessionRow`], from `session s JOIN total t`.
const ROW: &str = "s.uid, s.started_utc_ms, s.offset_min, s.zone, s.local_day, s.kind, s.state = 'finished',
    coalesce(t.duration_s, s.raw_through_us * 1e-6), s.raw_incomplete, t.sets, t.reps, t.strides, t.exercises,
    t.planned, t.pain, t.edits, t.starred, t.note, t.tags";
/// How many they are.
const ROW_COLUMNS: usize = 19;

fn session_row(recordings: &Path, row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    let id = SessionId(row.get(0)?);
    let list = |column: usize| -> rusqlite::Result<Vec<String>> {
        serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| conversion(column, error))
    };
    let raw = match (recordings.join(format!("{id}.talus")).exists(), row.get(8)?) {
        (false, _) => RawState::Absent,
        (true, true) => RawState::Incomplete,
        (true, false) => RawState::Complete,
    };
    Ok(SessionRow {
        id,
        started_utc_ms: row.get(1)?,
        offset_min: row.get(2)?,
        zone: row.get(3)?,
        local_day: row.get(4)?,
        kind: from_word(5, row.get_ref(5)?.as_str()?)?,
        finished: row.get(6)?,
        duration_s: row.get(7)?,
        sets: row.get(9)?,
        reps: row.get(10)?,
        strides: row.get(11)?,
        exercises: list(12)?,
        raw,
        planned: row.get(13)?,
        pain: row.get(14)?,
        edits: row.get(15)?,
        starred: row.get(16)?,
        note: row.get(17)?,
        tags: list(18)?,
    })
}

fn summary(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<SessionSummary>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| conversion(column, error))).transpose()
}

fn sessions_sql() -> String {
    format!(
        "SELECT {ROW} FROM session s JOIN total t ON t.session_id = s.id
         WHERE s.profile_id = (SELECT id FROM profile WHERE uid = ?1) AND (s.started_utc_ms, s.uid) < (?2, ?3)
         ORDER BY s.started_utc_ms DESC, s.uid DESC LIMIT ?4"
    )
}

pub(crate) fn sessions(
    db: &Connection,
    recordings: &Path,
    profile: ProfileId,
    before: Option<Cursor>,
    limit: u32,
) -> rusqlite::Result<Vec<SessionRow>> {
    let (ms, uid) = before.map_or((i64::MAX, [0xff; 16]), |cursor| (cursor.started_utc_ms, cursor.id.0));
    db.prepare_cached(&sessions_sql())?
        .query_map(params![profile.0, ms, uid, limit], |row| session_row(recordings, row))?
        .collect()
}

fn unfinished_sql() -> String {
    format!(
        "SELECT {ROW} FROM session s JOIN total t ON t.session_id = s.id
         WHERE s.profile_id = (SELECT id FROM profile WHERE uid = ?1) AND s.state = 'open'
         ORDER BY s.started_utc_ms DESC, s.uid DESC"
    )
}

pub(crate) fn unfinished(db: &Connection, recordings: &Path, profile: ProfileId) -> rusqlite::Result<Vec<SessionRow>> {
    db.prepare_cached(&unfinished_sql())?.query_map([profile.0], |row| session_row(recordings, row))?.collect()
}

fn session_sql() -> String {
    format!(
        "SELECT {ROW}, s.ended_utc_ms, s.source, s.plan, r.engine_version, r.catalogue_version, s.summary, s.id
         FROM session s JOIN total t ON t.session_id = s.id JOIN derived r ON r.session_id = s.id AND r.current = 1
         WHERE s.uid = ?1"
    )
}

fn sets_sql(edited: bool) -> String {
    let (from, edit) = if edited {
        ("done WHERE session_id = ?1", "edited, recounted")
    } else {
        ("eset WHERE derived_id = (SELECT id FROM derived WHERE session_id = ?1 AND current = 1)", "0, 0")
    };
    format!(
        "SELECT id, set_index, ended_us IS NULL, exercise, side, coalesce(laterality, 'each'), mass_g, began_us,
            ended_us, ended_by, count, short, target, range_deg, lift_s, hold_s, lower_s, peak_deg_per_s,
            cadence_per_min, reserve, pain, counts_for_progress, quality, {edit}
         FROM {from} ORDER BY set_index, began_us, side"
    )
}

/// Every question of this file that a screen asks, for a look at how SQLite answers them.
#[cfg(test)]
pub(crate) fn questions() -> Vec<String> {
    let all = [sessions_sql(), unfinished_sql(), session_sql(), sets_sql(true), sets_sql(false)];
    all.into_iter().chain([REPS, STRIDES].map(str::to_owned)).collect()
}

/// One session: as a person sees it, or as it was derived, without what was changed by hand.
pub(crate) fn session(
    db: &Connection,
    recordings: &Path,
    id: SessionId,
    edited: bool,
) -> rusqlite::Result<Option<SessionDetail>> {
    let found = db
        .prepare_cached(&session_sql())?
        .query_row([id.0], |row| {
            let plan = ROW_COLUMNS + 2;
            let detail = SessionDetail {
                row: session_row(recordings, row)?,
                ended_utc_ms: row.get(ROW_COLUMNS)?,
                source: row.get(ROW_COLUMNS + 1)?,
                plan: serde_json::from_str(row.get_ref(plan)?.as_str()?).map_err(|error| conversion(plan, error))?,
                engine_version: row.get(ROW_COLUMNS + 3)?,
                catalogue_version: row.get(ROW_COLUMNS + 4)?,
                summary: summary(row, ROW_COLUMNS + 5)?,
                sets: Vec::new(),
                edits: Vec::new(),
            };
            Ok((detail, row.get::<_, i64>(ROW_COLUMNS + 6)?))
        })
        .optional()?;
    let Some((mut detail, session)) = found else { return Ok(None) };
    detail.sets = db
        .prepare_cached(&sets_sql(edited))?
        .query_map([session], |row| set_detail(db, row))?
        .collect::<rusqlite::Result<_>>()?;
    detail.edits = edits::of_session(db, session)?;
    if edited {
        detail.edits = edits::shown(detail.edits);
    }
    Ok(Some(detail))
}

fn set_detail(db: &Connection, row: &Row<'_>) -> rusqlite::Result<SetDetail> {
    let id: i64 = row.get(0)?;
    let open: bool = row.get(2)?;
    let reps = reps(db, id)?;
    let strides = strides(db, id)?;
    let (mut count, mut short): (u32, u32) = (row.get(10)?, row.get(11)?);
    let began = Micros(row.get(7)?);
    let edited: bool = row.get(23)?;
    if open && !row.get::<_, bool>(24)? {
        let full = reps.iter().filter(|rep| rep.full).count();
        count = (full + strides.len()) as u32;
        short = (reps.len() - full) as u32;
    }
    let last = reps.last().map(|rep| rep.end).max(strides.last().map(|stride| stride.end)).unwrap_or(began);
    let end: SetEnd = match row.get_ref(9)?.as_str_or_null()? {
        Some(word) => from_word(9, word)?,
        None => SetEnd::StreamEnded,
    };
    let result = SetResult {
        exercise: row.get(3)?,
        side: from_word(4, row.get_ref(4)?.as_str()?)?,
        laterality: from_word::<Laterality>(5, row.get_ref(5)?.as_str()?)?,
        mass_g: row.get(6)?,
        began,
        ended: row.get::<_, Option<i64>>(8)?.map_or(last, Micros),
        end,
        count,
        short,
        target: row.get(12)?,
        range_deg: row.get(13)?,
        tempo_s: tempo(row, 14)?,
        peak_deg_per_s: row.get(17)?,
        cadence_per_min: row.get(18)?,
        reserve: row.get(19)?,
        pain: row.get(20)?,
        counts_for_progress: row.get(21)?,
        quality: Quality(row.get(22)?),
    };
    Ok(SetDetail { set_index: row.get(1)?, open, edited, result, reps, strides })
}

/// Lift, hold and lower from three columns; `None` unless all three were measured.
pub(super) fn tempo(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<[f64; 3]>> {
    Ok(match (row.get(first)?, row.get(first + 1)?, row.get(first + 2)?) {
        (Some(lift), Some(hold), Some(lower)) => Some([lift, hold, lower]),
        _ => None,
    })
}

const REPS: &str =
    "SELECT start_us, lift_us, hold_us, lower_us, range_mdeg, rest_100us, peak_cdeg_per_s, sparc_milli, full_range,
    confidence_milli, detectors, quality FROM rep WHERE eset_id = ?1 ORDER BY seq";

fn reps(db: &Connection, set: i64) -> rusqlite::Result<Vec<Rep>> {
    db.prepare_cached(REPS)?
        .query_map([set], |row| {
            let measure = |column: usize, steps: f64| -> rusqlite::Result<Option<f64>> {
                Ok(row.get::<_, Option<i64>>(column)?.map(|value| value as f64 / steps))
            };
            let start = Micros(row.get(0)?);
            let (lift, hold, lower) = (Micros(row.get(1)?), Micros(row.get(2)?), Micros(row.get(3)?));
            let (top, turn) = (start.plus(lift.0), start.plus(lift.0).plus(hold.0));
            Ok(Rep {
                start,
                top,
                turn,
                end: turn.plus(lower.0),
                range_deg: measure(4, RANGE)?,
                lift_s: lift.seconds(),
                hold_s: hold.seconds(),
                lower_s: lower.seconds(),
                rest_s: measure(5, REST)?,
                peak_deg_per_s: measure(6, PEAK)?.unwrap_or(0.0),
                smoothness_sparc: measure(7, SMOOTHNESS)?,
                full: row.get(8)?,
                confidence: measure(9, CONFIDENCE)?.unwrap_or(0.0),
                detectors: match row.get_ref(10)?.as_str_or_null()? {
                    Some(text) => serde_json::from_str(text).map_err(|error| conversion(10, error))?,
                    None => Vec::new(),
                },
                // Not kept: an analysis or a rescore makes them from the recording again.
                measures: Measures::default(),
                quality: Quality(row.get(11)?),
            })
        })?
        .collect()
}

const STRIDES: &str = "SELECT start_us, foot_off_us, end_us, swing_fraction, quality, length_m, length_error_m, lift_m
    FROM stride WHERE eset_id = ?1 ORDER BY seq";

fn strides(db: &Connection, set: i64) -> rusqlite::Result<Vec<Stride>> {
    db.prepare_cached(STRIDES)?
        .query_map([set], |row| {
            Ok(Stride {
                start: Micros(row.get(0)?),
                foot_off: Micros(row.get(1)?),
                end: Micros(row.get(2)?),
                swing_fraction: row.get(3)?,
                quality: Quality(row.get(4)?),
                length_m: row.get(5)?,
                length_error_m: row.get(6)?,
                lift_m: row.get(7)?,
            })
        })?
        .collect()
}

pub(crate) fn find(db: &Connection, profile: ProfileId, asked: &str) -> rusqlite::Result<Vec<SessionId>> {
    let by_profile = "FROM session WHERE profile_id = (SELECT id FROM profile WHERE uid = ?1)";
    if asked == "last" {
        let newest = format!("SELECT uid {by_profile} ORDER BY started_utc_ms DESC, uid DESC LIMIT 1");
        return db.prepare_cached(&newest)?.query_map([profile.0], |row| row.get(0).map(SessionId))?.collect();
    }
    let digits: String = asked.chars().filter(|c| *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Ok(Vec::new());
    }
    db.prepare_cached(&format!("SELECT uid {by_profile} AND hex(uid) LIKE ?2 || '%' ORDER BY uid"))?
        .query_map(params![profile.0, digits], |row| row.get(0).map(SessionId))?
        .collect()
}

/// What is known of a session without its recording.
pub(crate) fn head(db: &Connection, id: SessionId) -> rusqlite::Result<SessionHead> {
    db.prepare_cached(
        "SELECT p.uid, s.kind, s.started_utc_ms, s.offset_min, s.zone, s.local_day, d.engine_version,
            d.catalogue_version, s.plan, s.source
         FROM session s JOIN profile p ON p.id = s.profile_id JOIN derived d ON d.session_id = s.id AND d.current = 1
         WHERE s.uid = ?1",
    )?
    .query_row([id.0], |row| {
        Ok(SessionHead {
            id,
            profile: ProfileId(row.get(0)?),
            kind: from_word(1, row.get_ref(1)?.as_str()?)?,
            started_utc_ms: row.get(2)?,
            offset_min: row.get(3)?,
            zone: row.get(4)?,
            local_day: row.get(5)?,
            engine_version: row.get(6)?,
            catalogue_version: row.get(7)?,
            plan: serde_json::from_str(row.get_ref(8)?.as_str()?).map_err(|error| conversion(8, error))?,
            source: row.get(9)?,
        })
    })
}

/// Whether what is known of a session and its current sets can be understood.
pub(crate) fn reads(db: &Connection, id: SessionId, session: i64) -> bool {
    let sets = |db: &Connection| -> rusqlite::Result<()> {
        let mut sets = db.prepare_cached(&sets_sql(false))?;
        sets.query_map([session], |row| set_detail(db, row))?.try_for_each(|set| set.map(drop))
    };
    head(db, id).is_ok() && sets(db).is_ok()
}

/// Takes the summary and the place away that cannot be understood; `false` where one went.
pub(crate) fn forget_unreadable(db: &Connection, session: i64) -> rusqlite::Result<bool> {
    let mut whole = true;
    let reads: Option<bool> = db
        .prepare_cached("SELECT summary FROM session WHERE id = ?1")?
        .query_row([session], |row| Ok(summary(row, 0).is_ok()))
        .optional()?;
    if reads == Some(false) {
        db.execute("UPDATE session SET summary = NULL WHERE id = ?1", [session])?;
        whole = false;
    }
    if bookmark(db, session).is_err() {
        db.execute("DELETE FROM bookmark WHERE session_id = ?1", [session])?;
        whole = false;
    }
    Ok(whole)
}

/// Where a session was left; `None` where it says nothing of that, or there is none of this id.
pub(crate) fn bookmark_of(db: &Connection, id: SessionId) -> rusqlite::Result<Option<Bookmark>> {
    let session =
        db.prepare_cached("SELECT id FROM session WHERE uid = ?1")?.query_row([id.0], |row| row.get(0)).optional()?;
    session.map_or(Ok(None), |session| bookmark(db, session))
}

pub(crate) fn bookmark(db: &Connection, session: i64) -> rusqlite::Result<Option<Bookmark>> {
    db.prepare_cached(
        "SELECT at_us, block, set_index, side, stage, count, rest_until_us, changed FROM bookmark WHERE session_id = ?1",
    )?
    .query_row([session], |row| {
        let changed = row.get_ref(7)?.as_str_or_null()?;
        let changed = changed.map(|json| serde_json::from_str(json).map_err(|error| conversion(7, error))).transpose()?;
        let (stopped, skipped, eased) = changed.unwrap_or_default();
        Ok(Bookmark {
            at: Micros(row.get(0)?),
            block: row.get(1)?,
            set_index: row.get(2)?,
            side: match row.get_ref(3)?.as_str_or_null()? {
                Some(word) => Some(from_word(3, word)?),
                None => None,
            },
            stage: from_word(4, row.get_ref(4)?.as_str()?)?,
            count: row.get(5)?,
            rest_until: row.get::<_, Option<i64>>(6)?.map(Micros),
            stopped,
            skipped,
            eased,
        })
    })
    .optional()
}
