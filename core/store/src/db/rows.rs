//! Rows of a session: where records of the session engine become rows, each again and again with the same result.

use super::{totals, word};
use crate::{SessionHead, SessionId, StoreError};
use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, named_params, params};
use talus_coach::{Bookmark, Record, SetResult};
use talus_motion::{Measures, Micros, Rep};

/// Where a session's rows go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) session: i64,
    pub(crate) derived: i64,
    pub(crate) profile: i64,
}

/// Adds the rows of a new session. `None` where its profile is not there.
pub(crate) fn begin(connection: &mut Connection, head: &SessionHead) -> rusqlite::Result<Option<Place>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let profile = transaction
        .query_row("SELECT id FROM profile WHERE uid = ?1", [head.profile.0], |row| row.get::<_, i64>(0))
        .optional()?;
    let Some(profile) = profile else { return Ok(None) };
    transaction.execute(
        "INSERT INTO session (uid, profile_id, kind, state, started_utc_ms, offset_min, zone, local_day, source, plan)
         VALUES (?1, ?2, ?3, 'open', ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            head.id.0,
            profile,
            word(head.kind),
            head.started_utc_ms,
            head.offset_min,
            head.zone,
            head.local_day,
            head.source,
            serde_json::to_string(&head.plan).unwrap_or_default(),
        ],
    )?;
    let session = transaction.last_insert_rowid();
    transaction.execute(
        "INSERT INTO derived (session_id, engine_version, catalogue_version, current) VALUES (?1, ?2, ?3, 1)",
        params![session, head.engine_version, head.catalogue_version],
    )?;
    let derived = transaction.last_insert_rowid();
    totals::refresh(&transaction, session)?;
    transaction.commit()?;
    Ok(Some(Place { session, derived, profile }))
}

/// An open session as the database knows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) place: Place,
    pub(crate) open: bool,
    pub(crate) raw_through_us: i64,
    pub(crate) raw_next: u64,
    pub(crate) raw_incomplete: bool,
}

/// How far session `id` is; `None` where there is none.
pub(crate) fn standing(connection: &Connection, id: SessionId) -> rusqlite::Result<Option<Standing>> {
    connection
        .query_row(
            "SELECT s.id, d.id, s.profile_id, s.state = 'open', s.raw_through_us, s.raw_next, s.raw_incomplete
             FROM session s JOIN derived d ON d.session_id = s.id AND d.current = 1 WHERE s.uid = ?1",
            [id.0],
            |row| {
                Ok(Standing {
                    place: Place { session: row.get(0)?, derived: row.get(1)?, profile: row.get(2)? },
                    open: row.get(3)?,
                    raw_through_us: row.get(4)?,
                    raw_next: row.get::<_, i64>(5)?.unsigned_abs(),
                    raw_incomplete: row.get(6)?,
                })
            },
        )
        .optional()
}

/// Marks that rows are ahead of the recording.
pub(crate) fn mark_incomplete(connection: &Connection, place: Place) -> rusqlite::Result<()> {
    connection.execute("UPDATE session SET raw_incomplete = 1 WHERE id = ?1", [place.session]).map(|_| ())
}

/// What one commit changes.
#[derive(Debug)]
pub(crate) struct Second<'a> {
    pub(crate) records: &'a [Record],
    pub(crate) through_us: i64,
    pub(crate) next: u64,
    /// UTC milliseconds of the end, where the session is finished with this.
    pub(crate) ended_utc_ms: Option<i64>,
    /// Inputs could not be kept.
    pub(crate) incomplete: bool,
}

/// One transaction: rows, bookmark, how far the recording goes. Returns the first row that was refused; a refused
/// row is left out and all others are kept, because trying again would not make it right.
pub(crate) fn commit(
    connection: &mut Connection,
    place: Place,
    second: &Second<'_>,
) -> rusqlite::Result<Option<StoreError>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let refused = put_all(&transaction, place, second.records)?;
    transaction
        .prepare_cached(
            "UPDATE session SET raw_through_us = max(raw_through_us, ?2), raw_next = max(raw_next, ?3),
                raw_incomplete = max(raw_incomplete, ?6),
                state = iif(?4 IS NULL, state, ?5), ended_utc_ms = coalesce(?4, ended_utc_ms)
         WHERE id = ?1",
        )?
        .execute(params![
            place.session,
            second.through_us,
            i64::try_from(second.next).unwrap_or(i64::MAX),
            second.ended_utc_ms,
            "finished",
            second.incomplete,
        ])?;
    // A repetition or a bookmark changes no total: most seconds have nothing else.
    let counted =
        |record: &Record| matches!(record, Record::SetBegan { .. } | Record::SetEnded { .. } | Record::Ended(_));
    if second.ended_utc_ms.is_some() || second.records.iter().any(counted) {
        totals::refresh(&transaction, place.session)?;
    }
    transaction.commit()?;
    Ok(refused)
}

/// One transaction: new rows beside the old, and the new ones are current. Edits stay, as does the recording; what is
/// kept for drawing goes, for it shows the sets of the old ones.
pub(crate) fn rescore(
    connection: &mut Connection,
    mut place: Place,
    (engine_version, catalogue_version): (u32, &str),
    records: &[Record],
) -> rusqlite::Result<Option<StoreError>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("UPDATE derived SET current = 0 WHERE session_id = ?1", [place.session])?;
    transaction.execute(
        "INSERT INTO derived (session_id, engine_version, catalogue_version, current) VALUES (?1, ?2, ?3, 1)",
        params![place.session, engine_version, catalogue_version],
    )?;
    place.derived = transaction.last_insert_rowid();
    transaction.execute("DELETE FROM trace WHERE session_id = ?1", [place.session])?;
    let refused = put_all(&transaction, place, records)?;
    totals::refresh(&transaction, place.session)?;
    transaction.commit()?;
    Ok(refused)
}

/// A repetition as a row gives it back: measures to the digit that is kept, see `003_history.sql`; the finer ones not at
/// all, because the recording has them.
#[must_use]
pub fn kept(rep: &Rep) -> Rep {
    let seconds = |later: Micros, earlier: Micros| Micros(later.since(earlier)).seconds();
    let to = |scale: f64| move |value: f64| (value * scale).round() / scale;
    Rep {
        range_deg: rep.range_deg.map(to(RANGE)),
        lift_s: seconds(rep.top, rep.start),
        hold_s: seconds(rep.turn, rep.top),
        lower_s: seconds(rep.end, rep.turn),
        rest_s: rep.rest_s.map(to(REST)),
        peak_deg_per_s: to(PEAK)(rep.peak_deg_per_s),
        smoothness_sparc: rep.smoothness_sparc.map(to(SMOOTHNESS)),
        confidence: to(CONFIDENCE)(rep.confidence),
        measures: Measures::default(),
        ..rep.clone()
    }
}

/// Steps a unit that a measure of a repetition is kept in.
pub(crate) const RANGE: f64 = 1e3;
pub(crate) const REST: f64 = 1e4;
pub(crate) const PEAK: f64 = 1e2;
pub(crate) const SMOOTHNESS: f64 = 1e3;
pub(crate) const CONFIDENCE: f64 = 1e3;

/// A measure in steps. Not a number is no measure (NULL); one that is endless becomes one that no column takes.
fn steps(value: impl Into<Option<f64>>, scale: f64) -> Option<i64> {
    value.into().filter(|value| !value.is_nan()).map(|value| (value * scale).round() as i64)
}

/// Puts every record that can be right; returns what was wrong with the first that cannot.
fn put_all(connection: &Connection, place: Place, records: &[Record]) -> rusqlite::Result<Option<StoreError>> {
    let mut refused = None;
    for record in records {
        let reason = match put(connection, place, record) {
            Ok(true) => continue,
            Ok(false) => "its set was never begun".to_owned(),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => error.to_string(),
            Err(error) => return Err(error),
        };
        refused = refused.or_else(|| Some(refusal(record, reason)));
    }
    Ok(refused)
}

fn refusal(record: &Record, reason: String) -> StoreError {
    let what = match record {
        Record::SetBegan { set_index, .. } => format!("the beginning of set {set_index}"),
        Record::Rep { set_index, seq, .. } => format!("repetition {seq} of set {set_index}"),
        Record::Stride { set_index, seq, .. } => format!("stride {seq} of set {set_index}"),
        Record::SetEnded { set_index, .. } => format!("the result of set {set_index}"),
        Record::Bookmark(_) => "the bookmark".to_owned(),
        Record::Ended(_) => "the summary".to_owned(),
    };
    StoreError::Refused { what, reason }
}

/// Puts one record where it belongs, replacing what it said before; `false` where its set is not there.
fn put(connection: &Connection, place: Place, record: &Record) -> rusqlite::Result<bool> {
    let changed = match record {
        Record::SetBegan { set_index, exercise, side, mass_g, at } => connection
            .prepare_cached(
                "INSERT INTO eset (derived_id, profile_id, set_index, side, exercise, mass_g, began_us)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (derived_id, set_index, side) DO UPDATE SET
                 exercise = excluded.exercise, mass_g = excluded.mass_g, began_us = excluded.began_us",
            )?
            .execute(params![place.derived, place.profile, set_index, word(side), exercise, mass_g, at.0])?,
        Record::Rep { set_index, side, seq, rep } => {
            let some = Some(&rep.detectors).filter(|detectors| !detectors.is_empty());
            let detectors = some.map(|detectors| serde_json::to_string(detectors).unwrap_or_default());
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO rep SELECT id, :seq, :start, :lift, :hold, :lower, :range, :rest, :peak,
                     :sparc, :full, :confidence, :detectors, :quality
                     FROM eset WHERE derived_id = :derived AND set_index = :set AND side = :side",
                )?
                .execute(named_params! {
                    ":derived": place.derived, ":set": set_index, ":side": word(side), ":seq": seq,
                    ":start": rep.start.0, ":lift": rep.top.since(rep.start), ":hold": rep.turn.since(rep.top),
                    ":lower": rep.end.since(rep.turn), ":range": steps(rep.range_deg, RANGE),
                    ":rest": steps(rep.rest_s, REST), ":peak": steps(rep.peak_deg_per_s, PEAK),
                    ":sparc": steps(rep.smoothness_sparc, SMOOTHNESS), ":full": rep.full,
                    ":confidence": steps(rep.confidence, CONFIDENCE), ":detectors": detectors,
                    ":quality": rep.quality.0,
                })?
        }
        Record::Stride { set_index, side, seq, stride } => connection
            .prepare_cached(
                "INSERT OR REPLACE INTO stride (eset_id, seq, start_us, foot_off_us, end_us, swing_fraction, quality,
                    length_m, length_error_m, lift_m)
                 SELECT id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
                 FROM eset WHERE derived_id = ?1 AND set_index = ?2 AND side = ?3",
            )?
            .execute(params![
                place.derived,
                set_index,
                word(side),
                seq,
                stride.start.0,
                stride.foot_off.0,
                stride.end.0,
                stride.swing_fraction,
                stride.quality.0,
                stride.length_m,
                stride.length_error_m,
                stride.lift_m,
            ])?,
        Record::SetEnded { set_index, result } => put_result(connection, place, *set_index, result)?,
        Record::Bookmark(bookmark) => put_bookmark(connection, place, bookmark)?,
        Record::Ended(summary) => connection
            .prepare_cached("UPDATE session SET summary = ?2 WHERE id = ?1")?
            .execute(params![place.session, serde_json::to_string(summary).unwrap_or_default()])?,
    };
    Ok(changed > 0)
}

fn put_result(connection: &Connection, place: Place, set_index: u32, result: &SetResult) -> rusqlite::Result<usize> {
    let [lift, hold, lower] = match result.tempo_s {
        Some(tempo) => tempo.map(Some),
        None => [None; 3],
    };
    connection
        .prepare_cached(
            "INSERT INTO eset (derived_id, profile_id, set_index, side, exercise, laterality, mass_g, began_us,
                ended_us, ended_by, count, short, target, range_deg, lift_s, hold_s, lower_s, peak_deg_per_s,
                cadence_per_min, reserve, pain, counts_for_progress, quality)
             VALUES (:derived, :profile, :set, :side, :exercise, :laterality, :mass, :began, :ended, :by, :count,
                :short, :target, :range, :lift, :hold, :lower, :peak, :cadence, :reserve, :pain, :progress, :quality)
             ON CONFLICT (derived_id, set_index, side) DO UPDATE SET exercise = excluded.exercise,
                laterality = excluded.laterality, mass_g = excluded.mass_g, began_us = excluded.began_us,
                ended_us = excluded.ended_us, ended_by = excluded.ended_by, count = excluded.count,
                short = excluded.short, target = excluded.target, range_deg = excluded.range_deg,
                lift_s = excluded.lift_s, hold_s = excluded.hold_s, lower_s = excluded.lower_s,
                peak_deg_per_s = excluded.peak_deg_per_s, cadence_per_min = excluded.cadence_per_min,
                reserve = excluded.reserve, pain = excluded.pain,
                counts_for_progress = excluded.counts_for_progress, quality = excluded.quality",
        )?
        .execute(named_params! {
            ":derived": place.derived, ":profile": place.profile, ":set": set_index, ":side": word(result.side),
            ":exercise": result.exercise, ":laterality": word(result.laterality), ":mass": result.mass_g,
            ":began": result.began.0, ":ended": result.ended.0, ":by": word(result.end), ":count": result.count,
            ":short": result.short, ":target": result.target, ":range": result.range_deg, ":lift": lift,
            ":hold": hold, ":lower": lower, ":peak": result.peak_deg_per_s, ":cadence": result.cadence_per_min,
            ":reserve": result.reserve, ":pain": result.pain, ":progress": result.counts_for_progress,
            ":quality": result.quality.0,
        })
}

fn put_bookmark(connection: &Connection, place: Place, bookmark: &Bookmark) -> rusqlite::Result<usize> {
    let Bookmark { stopped, skipped, eased, .. } = bookmark;
    let any = !(stopped.is_empty() && skipped.is_empty() && eased.is_empty());
    let changed = any.then(|| serde_json::to_string(&(stopped, skipped, eased)));
    connection
        .prepare_cached("INSERT OR REPLACE INTO bookmark VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
        .execute(params![
            place.session,
            place.profile,
            bookmark.at.0,
            bookmark.block,
            bookmark.set_index,
            bookmark.side.map(word),
            word(bookmark.stage),
            bookmark.count,
            bookmark.rest_until.map(|at| at.0),
            changed.transpose().map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?,
        ])
}
