//! What is worked out from other rows so that looking back is quick: edits laid over sets, the total of a session, the
//! medians of a walk, the course of an exercise. Always a whole session at a time and in the transaction that changed
//! it, so that what is kept is what [`rebuild`] gives.

use super::edits::{self, Edit, SetEdit};
use super::word;
use rusqlite::{Connection, Transaction, TransactionBehavior, named_params, params};
use std::collections::BTreeMap;
use talus_motion::Side;

/// A median distance from the median, times this, is the standard deviation of a normal spread.
const OF_NORMAL: f64 = 1.4826;

/// Works out again what belongs to a session. Inside the caller's transaction.
pub(crate) fn refresh(db: &Connection, session: i64) -> rusqlite::Result<()> {
    let standing = lay_over(db, session)?;
    walks(db, session)?;
    total(db, session, &standing)?;
    course(db, session)
}

/// Works out everything again: after a migration, after rows came from elsewhere.
pub(crate) fn rebuild(db: &Connection) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    transaction.execute_batch("DELETE FROM overlay; DELETE FROM gait; DELETE FROM total; DELETE FROM trend")?;
    let sessions: Vec<i64> =
        transaction.prepare("SELECT id FROM session")?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for session in sessions {
        refresh(&transaction, session)?;
    }
    transaction.commit()
}

/// Rebuilds where a session has no total: a schema from before there were any, a program that was killed.
pub(crate) fn complete(db: &Connection) -> rusqlite::Result<()> {
    let whole: bool =
        db.query_row("SELECT (SELECT count(*) FROM session) = (SELECT count(*) FROM total)", [], |row| row.get(0))?;
    if whole { Ok(()) } else { rebuild(db) }
}

/// What stands of the edits of a session as a whole.
#[derive(Debug, Default)]
struct Standing {
    edits: u32,
    starred: bool,
    note: String,
    tags: Vec<String>,
}

/// What stands of the edits of one set.
#[derive(Debug, Default)]
struct Laid {
    exercise: Option<String>,
    count: Option<u32>,
    mass_g: Option<u32>,
    reserve: Option<i16>,
    pain: Option<i16>,
    removed: bool,
    swapped: bool,
}

fn lay_over(db: &Connection, session: i64) -> rusqlite::Result<Standing> {
    db.prepare_cached("DELETE FROM overlay WHERE session_id = ?1")?.execute([session])?;
    let (mut standing, mut sets) = (Standing::default(), BTreeMap::<(u32, Side), Laid>::new());
    let rows = edits::of_session(db, session)?;
    let swapped = edits::swapped(&rows);
    for row in rows.into_iter().filter(|row| row.stands) {
        let Some(edit) = row.edit else { continue };
        standing.edits += 1;
        // One that found no set of its own lies on none: another set was not what somebody corrected.
        if !row.lies {
            continue;
        }
        match edit {
            Edit::Starred(on) => standing.starred = on,
            Edit::Note(text) => standing.note = text,
            Edit::Tags(tags) => standing.tags = tags,
            Edit::Set { set_index, side, change } => {
                let set = sets.entry((set_index, side)).or_default();
                let answer = |given: Option<u8>| Some(given.map_or(-1, i16::from));
                match change {
                    SetEdit::Exercise(id) => set.exercise = Some(id),
                    SetEdit::Count(count) => set.count = Some(count),
                    SetEdit::Mass(grams) => set.mass_g = Some(grams),
                    SetEdit::Reserve(given) => set.reserve = answer(given),
                    SetEdit::Pain(given) => set.pain = answer(given),
                    SetEdit::Removed(gone) => set.removed = gone,
                    // Of the whole set, below.
                    SetEdit::Side(_) => {}
                }
            }
        }
    }
    for place in edits::places(db, session)?.iter().filter(|place| swapped.contains(&place.set_index)) {
        sets.entry((place.set_index, place.side)).or_default().swapped = true;
    }
    for ((set_index, side), set) in sets {
        db.prepare_cached("INSERT INTO overlay VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?.execute(params![
            session,
            set_index,
            word(side),
            set.exercise,
            set.count,
            set.mass_g,
            set.reserve,
            set.pain,
            set.removed,
            set.swapped,
        ])?;
    }
    Ok(standing)
}

/// The medians of every walked set of a session, whichever engine derived it.
fn walks(db: &Connection, session: i64) -> rusqlite::Result<()> {
    let sets: Vec<(i64, i64)> = db
        .prepare_cached(
            "SELECT e.id, e.profile_id FROM derived d JOIN eset e ON e.derived_id = d.id WHERE d.session_id = ?1
             AND e.ended_us IS NOT NULL AND EXISTS (SELECT 1 FROM stride s WHERE s.eset_id = e.id)",
        )?
        .query_map([session], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (set, profile) in sets {
        let mut columns: [Vec<f64>; 6] = Default::default();
        let mut strides = db.prepare_cached(
            "SELECT (end_us - start_us) * 1e-6, swing_fraction, length_m, length_error_m,
                length_m / nullif((end_us - start_us) * 1e-6, 0), lift_m FROM stride WHERE eset_id = ?1",
        )?;
        let mut rows = strides.query([set])?;
        while let Some(row) = rows.next()? {
            for (at, column) in columns.iter_mut().enumerate() {
                column.extend(row.get::<_, Option<f64>>(at)?);
            }
        }
        let count = i64::try_from(columns[0].len()).unwrap_or(i64::MAX);
        let [stride_s, swing, length_m, error_m, speed, lift_m] = columns.map(|mut values| spread(&mut values));
        let (Some(stride_s), Some(swing)) = (stride_s, swing) else { continue };
        let middle = |of: Option<(f64, f64)>| of.map(|(median, _)| median);
        db.prepare_cached("INSERT OR REPLACE INTO gait VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?.execute(
            params![
                set,
                profile,
                count,
                stride_s.0.max(0.0),
                stride_s.1,
                swing.0.clamp(0.0, 1.0),
                middle(length_m),
                middle(error_m),
                middle(speed).map(|speed| speed.max(0.0)),
                middle(lift_m),
            ],
        )?;
    }
    Ok(())
}

/// Median and normal spread.
fn spread(values: &mut [f64]) -> Option<(f64, f64)> {
    let middle = median(values)?;
    for value in values.iter_mut() {
        *value = (*value - middle).abs();
    }
    Some((middle, OF_NORMAL * median(values)?))
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(low + (high - low) / 2.0)
}

fn total(db: &Connection, session: i64, standing: &Standing) -> rusqlite::Result<()> {
    let of_sets = db
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE ended_us IS NOT NULL),
                coalesce(sum(count) FILTER (WHERE exercise <> 'walk'), 0),
                coalesce(sum(count) FILTER (WHERE exercise = 'walk'), 0), max(pain)
             FROM done WHERE session_id = ?1",
        )?
        .query_row([session], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get::<_, Option<i64>>(3)?))
        })?;
    let exercises: Vec<String> = db
        .prepare_cached(
            "SELECT exercise FROM done WHERE session_id = ?1 GROUP BY exercise ORDER BY min(set_index), min(id)",
        )?
        .query_map([session], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let worked: Vec<(String, Option<u8>)> = db
        .prepare_cached(
            "SELECT exercise, max(pain) FROM done WHERE session_id = ?1 AND ended_us IS NOT NULL AND count > 0
             GROUP BY exercise ORDER BY min(set_index), min(id)",
        )?
        .query_map([session], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let (sets, reps, strides, pain) = of_sets;
    db.prepare_cached(
        "INSERT OR REPLACE INTO total SELECT id, profile_id, uid, started_utc_ms, local_day,
            iif(summary ->> 'duration_s' BETWEEN 0 AND 1e6, summary ->> 'duration_s', NULL), :sets, :reps, :strides,
            (SELECT coalesce(sum(max(json_extract(plan, b.fullkey || '.sets'), 0)), 0)
                FROM json_each(plan, '$.blocks') b), :pain, :exercises,
            :edits, :starred, :note, :tags,
            coalesce(kind = 'live' OR kind = 'demo' AND json_extract(plan, '$.known.invented') = 0, 0), ended_utc_ms,
            plan ->> '$.known.part.programme', plan ->> '$.known.part.part', :worked
         FROM session WHERE id = :session",
    )?
    .execute(named_params! {
        ":session": session, ":sets": sets, ":reps": reps, ":strides": strides, ":pain": pain,
        ":exercises": serde_json::to_string(&exercises).unwrap_or_default(), ":edits": standing.edits,
        ":starred": standing.starred, ":note": standing.note,
        ":tags": serde_json::to_string(&standing.tags).unwrap_or_default(),
        ":worked": serde_json::to_string(&worked).unwrap_or_default(),
    })?;
    Ok(())
}

/// The ended sets of a session in the courses of their exercises. After [`total`], which knows when it ended.
fn course(db: &Connection, session: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM trend WHERE session_id = ?1")?.execute([session])?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO trend SELECT n.profile_id, n.exercise, n.side, t.started_utc_ms, t.uid, n.set_index,
            t.session_id, t.local_day, t.started_utc_ms + CAST(1000 * coalesce(t.duration_s, 0) AS INTEGER), t.theirs,
            n.mass_g, n.count, n.short, n.target, n.range_deg, n.lift_s, n.hold_s, n.lower_s, n.peak_deg_per_s,
            n.reserve, n.pain, n.counts_for_progress, n.quality, n.edited
         FROM done n JOIN total t ON t.session_id = n.session_id
         WHERE n.session_id = ?1 AND n.ended_us IS NOT NULL",
    )?
    .execute([session])
    .map(drop)
}
