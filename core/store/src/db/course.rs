//! Looking back over time: days and weeks, the course of an exercise, walks, pain, tests. Always one person's, always
//! with what was changed by hand laid over.

use super::history::tempo;
use super::{from_word, word};
use crate::{ProfileId, SessionId};
use rusqlite::{Connection, Row, params};
use talus_motion::{Quality, Side};

/// What was done in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Totals {
    /// Sessions begun.
    pub sessions: u32,
    /// Seconds they took.
    pub duration_s: f64,
    /// Sets their plans asked for.
    pub planned: u32,
    /// Sets done.
    pub sets: u32,
    /// Repetitions counted.
    pub reps: u32,
    /// Strides counted.
    pub strides: u32,
    /// Strongest pain answered, 0 to 10.
    pub pain: Option<u8>,
}

/// A day somebody trained on.
#[derive(Debug, Clone, PartialEq)]
pub struct DayRow {
    /// The day, `YYYY-MM-DD`, as it was where the person was.
    pub local_day: String,
    /// What was done.
    pub totals: Totals,
}

/// A week somebody trained in, Monday to Sunday.
#[derive(Debug, Clone, PartialEq)]
pub struct WeekRow {
    /// Its Monday, `YYYY-MM-DD`.
    pub monday: String,
    /// Days with a session.
    pub days: u32,
    /// What was done.
    pub totals: Totals,
}

/// One set in the course of time.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPoint {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// When its session began, milliseconds since 1970, UTC.
    pub started_utc_ms: i64,
    /// The session.
    pub session: SessionId,
    /// Index of the set in the session.
    pub set_index: u32,
    /// Which leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// Repetitions (strides for walking).
    pub count: u32,
    /// Repetitions that stayed short.
    pub short: u32,
    /// Repetitions asked for.
    pub target: Option<u32>,
    /// Median range, degrees.
    pub range_deg: Option<f64>,
    /// The person's own range at that time, degrees.
    pub own_range_deg: Option<f64>,
    /// Median seconds of lift, hold, lower.
    pub tempo_s: Option<[f64; 3]>,
    /// Median of the highest angular rate while lifting, degrees per second.
    pub peak_deg_per_s: Option<f64>,
    /// Repetitions in reserve as answered.
    pub reserve: Option<u8>,
    /// Pain as answered, 0 to 10.
    pub pain: Option<u8>,
    /// Whether the set feeds mastery and progression.
    pub counts_for_progress: bool,
    /// What speaks against the numbers.
    pub quality: Quality,
    /// Something in it was changed by hand.
    pub edited: bool,
}

/// One walked set of one leg, as its strides were in the middle.
#[derive(Debug, Clone, PartialEq)]
pub struct WalkPoint {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// When its session began, milliseconds since 1970, UTC.
    pub started_utc_ms: i64,
    /// The session.
    pub session: SessionId,
    /// Index of the set in the session; both legs share it.
    pub set_index: u32,
    /// Which leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// Strides these are the medians of.
    pub strides: u32,
    /// Mean steps per minute.
    pub cadence_per_min: Option<f64>,
    /// Seconds of a stride.
    pub stride_s: f64,
    /// Spread of it, seconds: one standard deviation of a normal spread with the same median distance.
    pub stride_spread_s: f64,
    /// Share of a stride in swing, 0 to 1.
    pub swing_fraction: f64,
    /// Length of a stride, metres; `None` where none was measured.
    pub length_m: Option<f64>,
    /// How far off the length of one stride may be, metres.
    pub length_error_m: Option<f64>,
    /// Speed, metres per second.
    pub speed_m_per_s: Option<f64>,
    /// Lift of the ankle, metres.
    pub lift_m: Option<f64>,
    /// What speaks against the numbers.
    pub quality: Quality,
}

/// A set that hurt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PainPoint {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// The session.
    pub session: SessionId,
    /// Index of the set in the session.
    pub set_index: u32,
    /// Exercise id.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// Pain as answered, 1 to 10.
    pub pain: u8,
}

/// A test of what somebody can do.
#[derive(Debug, Clone, PartialEq)]
pub struct TestRow {
    /// Its own identity, a `UUIDv7`.
    pub id: [u8; 16],
    /// The session it was done in; it goes where the session goes.
    pub session: Option<SessionId>,
    /// When, milliseconds since 1970, UTC.
    pub at_utc_ms: i64,
    /// Distance of local time from UTC at that moment, minutes.
    pub offset_min: i32,
    /// IANA name of the time zone.
    pub zone: String,
    /// The day it counts for, `YYYY-MM-DD`.
    pub local_day: String,
    /// Which test: an id of the catalogue.
    pub kind: String,
    /// Which leg, for a test of one.
    pub side: Option<Side>,
    /// What came out.
    pub value: f64,
    /// Unit of the value (`count`, `s`, `m_per_s`, `deg`, …).
    pub unit: String,
    /// How far off the value may be, in its unit.
    pub error: Option<f64>,
    /// What speaks against the value.
    pub quality: Quality,
}

const TOTALS: &str = "count(*), coalesce(sum(coalesce(t.duration_s, s.raw_through_us * 1e-6)), 0.0),
    coalesce(sum(t.planned), 0), coalesce(sum(t.sets), 0), coalesce(sum(t.reps), 0), coalesce(sum(t.strides), 0),
    max(t.pain)";
/// Which totals: those of one person between two days, both included.
const BETWEEN: &str = "FROM total t JOIN session s ON s.id = t.session_id
    WHERE t.profile_id = (SELECT id FROM profile WHERE uid = ?1) AND t.local_day BETWEEN ?2 AND ?3";

fn totals(row: &Row<'_>, first: usize) -> rusqlite::Result<Totals> {
    Ok(Totals {
        sessions: row.get(first)?,
        duration_s: row.get(first + 1)?,
        planned: row.get(first + 2)?,
        sets: row.get(first + 3)?,
        reps: row.get(first + 4)?,
        strides: row.get(first + 5)?,
        pain: row.get(first + 6)?,
    })
}

fn days_sql() -> String {
    format!("SELECT t.local_day, {TOTALS} {BETWEEN} GROUP BY t.local_day ORDER BY t.local_day")
}

fn weeks_sql() -> String {
    // The Sunday that ends the week, six days back. A day that is none has no Monday and is left out.
    format!(
        "SELECT date(t.local_day, 'weekday 0', '-6 days') AS monday, count(DISTINCT t.local_day), {TOTALS} {BETWEEN}
         GROUP BY monday HAVING monday IS NOT NULL ORDER BY monday"
    )
}

pub(crate) fn days(db: &Connection, profile: ProfileId, from: &str, to: &str) -> rusqlite::Result<Vec<DayRow>> {
    db.prepare_cached(&days_sql())?
        .query_map(params![profile.0, from, to], |row| Ok(DayRow { local_day: row.get(0)?, totals: totals(row, 1)? }))?
        .collect()
}

pub(crate) fn weeks(db: &Connection, profile: ProfileId, from: &str, to: &str) -> rusqlite::Result<Vec<WeekRow>> {
    db.prepare_cached(&weeks_sql())?
        .query_map(params![profile.0, from, to], |row| {
            Ok(WeekRow { monday: row.get(0)?, days: row.get(1)?, totals: totals(row, 2)? })
        })?
        .collect()
}

/// The sets of one exercise, each leg's in their order.
const TREND: &str =
    "SELECT local_day, started_utc_ms, uid, set_index, side, mass_g, count, short, target, range_deg, lift_s, hold_s,
        lower_s, peak_deg_per_s, reserve, pain, counts_for_progress, quality, edited, until_utc_ms
     FROM trend WHERE profile_id = (SELECT id FROM profile WHERE uid = ?1) AND exercise = ?2
        AND side IN (coalesce(?3, 'left'), coalesce(?3, 'right'))";
/// The own ranges of one exercise as they were found.
const OWN_RANGES: &str = "SELECT side, at_utc_ms, range_deg FROM calibration
     WHERE profile_id = (SELECT id FROM profile WHERE uid = ?1) AND exercise = ?2 ORDER BY side, at_utc_ms";

/// When each own range of one leg was found, and what it was, degrees; oldest first.
type OwnRanges = Vec<(i64, f64)>;

pub(crate) fn trend(
    db: &Connection,
    profile: ProfileId,
    exercise: &str,
    side: Option<Side>,
) -> rusqlite::Result<Vec<TrendPoint>> {
    let (mut left, mut right) = (OwnRanges::new(), OwnRanges::new());
    let mut statement = db.prepare_cached(OWN_RANGES)?;
    let mut rows = statement.query(params![profile.0, exercise])?;
    while let Some(row) = rows.next()? {
        let own = if leg(row, 0)? == Side::Left { &mut left } else { &mut right };
        own.push((row.get(1)?, row.get(2)?));
    }
    let mut points: Vec<TrendPoint> = db
        .prepare_cached(TREND)?
        .query_map(params![profile.0, exercise, side.map(word)], |row| {
            let (side, until): (Side, i64) = (leg(row, 4)?, row.get(19)?);
            let own = if side == Side::Left { &left } else { &right };
            let found = own.partition_point(|(at, _)| *at <= until).checked_sub(1);
            Ok(TrendPoint {
                local_day: row.get(0)?,
                started_utc_ms: row.get(1)?,
                session: SessionId(row.get(2)?),
                set_index: row.get(3)?,
                side,
                mass_g: row.get(5)?,
                count: row.get(6)?,
                short: row.get(7)?,
                target: row.get(8)?,
                range_deg: row.get(9)?,
                tempo_s: tempo(row, 10)?,
                peak_deg_per_s: row.get(13)?,
                reserve: row.get(14)?,
                pain: row.get(15)?,
                counts_for_progress: row.get(16)?,
                quality: Quality(row.get(17)?),
                edited: row.get(18)?,
                own_range_deg: found.and_then(|at| own.get(at)).map(|(_, deg)| *deg),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    // Two runs that are in order each.
    points.sort_by_key(|point| (point.started_utc_ms, point.session, point.set_index, point.side));
    Ok(points)
}

/// A leg, without asking serde: there may be ten thousand of them.
fn leg(row: &Row<'_>, column: usize) -> rusqlite::Result<Side> {
    match row.get_ref(column)?.as_str()? {
        "left" => Ok(Side::Left),
        "right" => Ok(Side::Right),
        other => from_word(column, other),
    }
}

const WALKS: &str =
    "SELECT t.local_day, t.started_utc_ms, t.uid, n.set_index, n.side, n.mass_g, g.strides, n.cadence_per_min,
        g.stride_s, g.stride_spread_s, g.swing_fraction, g.length_m, g.length_error_m, g.speed_m_per_s, g.lift_m,
        n.quality
     FROM gait g CROSS JOIN done n ON n.id = g.eset_id JOIN total t ON t.session_id = n.session_id
     WHERE g.profile_id = (SELECT id FROM profile WHERE uid = ?1)
     ORDER BY t.started_utc_ms, t.uid, n.set_index, n.side";

pub(crate) fn walks(db: &Connection, profile: ProfileId) -> rusqlite::Result<Vec<WalkPoint>> {
    db.prepare_cached(WALKS)?
        .query_map([profile.0], |row| {
            Ok(WalkPoint {
                local_day: row.get(0)?,
                started_utc_ms: row.get(1)?,
                session: SessionId(row.get(2)?),
                set_index: row.get(3)?,
                side: leg(row, 4)?,
                mass_g: row.get(5)?,
                strides: row.get(6)?,
                cadence_per_min: row.get(7)?,
                stride_s: row.get(8)?,
                stride_spread_s: row.get(9)?,
                swing_fraction: row.get(10)?,
                length_m: row.get(11)?,
                length_error_m: row.get(12)?,
                speed_m_per_s: row.get(13)?,
                lift_m: row.get(14)?,
                quality: Quality(row.get(15)?),
            })
        })?
        .collect()
}

const PAINS: &str = "SELECT t.local_day, t.uid, n.set_index, n.exercise, n.side, n.mass_g, n.pain
     FROM total t JOIN done n ON n.session_id = t.session_id
     WHERE t.profile_id = (SELECT id FROM profile WHERE uid = ?1) AND t.pain > 0 AND n.pain > 0
     ORDER BY t.started_utc_ms, t.uid, n.set_index, n.side";

pub(crate) fn pains(db: &Connection, profile: ProfileId) -> rusqlite::Result<Vec<PainPoint>> {
    db.prepare_cached(PAINS)?
        .query_map([profile.0], |row| {
            Ok(PainPoint {
                local_day: row.get(0)?,
                session: SessionId(row.get(1)?),
                set_index: row.get(2)?,
                exercise: row.get(3)?,
                side: leg(row, 4)?,
                mass_g: row.get(5)?,
                pain: row.get(6)?,
            })
        })?
        .collect()
}

/// Keeps a test, or replaces the one of the same id of the same person; `false` where there is no such person or
/// session, or the id is another's.
pub(crate) fn put_test(db: &Connection, profile: ProfileId, test: &TestRow) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached(
            "INSERT INTO test (uid, profile_id, session_id, at_utc_ms, offset_min, zone, local_day, kind, side, value,
                unit, error, quality)
             SELECT ?1, p.id, s.id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
             FROM profile p LEFT JOIN session s ON s.uid = ?3 AND s.profile_id = p.id
             WHERE p.uid = ?2 AND (?3 IS NULL OR s.id IS NOT NULL)
             ON CONFLICT (uid) DO UPDATE SET session_id = excluded.session_id, at_utc_ms = excluded.at_utc_ms,
                offset_min = excluded.offset_min, zone = excluded.zone, local_day = excluded.local_day,
                kind = excluded.kind, side = excluded.side, value = excluded.value, unit = excluded.unit,
                error = excluded.error, quality = excluded.quality WHERE profile_id = excluded.profile_id",
        )?
        .execute(params![
            test.id,
            profile.0,
            test.session.map(|id| id.0),
            test.at_utc_ms,
            test.offset_min,
            test.zone,
            test.local_day,
            test.kind,
            test.side.map(word),
            test.value,
            test.unit,
            test.error,
            test.quality.0,
        ])?;
    Ok(changed > 0)
}

const TESTS: &str =
    "SELECT t.uid, s.uid, t.at_utc_ms, t.offset_min, t.zone, t.local_day, t.kind, t.side, t.value, t.unit, t.error,
        t.quality
     FROM test t LEFT JOIN session s ON s.id = t.session_id
     WHERE t.profile_id = (SELECT id FROM profile WHERE uid = ?1) AND (?2 IS NULL OR t.kind = ?2)
     ORDER BY t.kind, t.at_utc_ms, t.id";

pub(crate) fn tests(db: &Connection, profile: ProfileId, kind: Option<&str>) -> rusqlite::Result<Vec<TestRow>> {
    db.prepare_cached(TESTS)?
        .query_map(params![profile.0, kind], |row| {
            Ok(TestRow {
                id: row.get(0)?,
                session: row.get::<_, Option<[u8; 16]>>(1)?.map(SessionId),
                at_utc_ms: row.get(2)?,
                offset_min: row.get(3)?,
                zone: row.get(4)?,
                local_day: row.get(5)?,
                kind: row.get(6)?,
                side: match row.get_ref(7)?.as_str_or_null()? {
                    Some(word) => Some(from_word(7, word)?),
                    None => None,
                },
                value: row.get(8)?,
                unit: row.get(9)?,
                error: row.get(10)?,
                quality: Quality(row.get(11)?),
            })
        })?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::open::open;

    /// The steps of a question, as SQLite takes them.
    fn steps(db: &Connection, sql: &str) -> Vec<String> {
        let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let (mut rows, mut steps) = (statement.raw_query(), Vec::new());
        while let Some(row) = rows.next().unwrap() {
            steps.push(row.get(3).unwrap());
        }
        steps
    }

    #[test]
    fn no_question_walks_through_all_repetitions_strides_sets_or_sessions() {
        let folder = tempfile::tempdir().unwrap();
        let db = open(&folder.path().join("talus.db"), None).unwrap();
        let mut all = vec![days_sql(), weeks_sql()];
        all.extend([TREND, OWN_RANGES, WALKS, PAINS, TESTS].map(str::to_owned));
        all.extend(crate::db::history::questions());
        all.extend(crate::db::person::questions());
        for sql in all {
            for step in steps(&db, &sql) {
                // What was found before is no table.
                let small = step.starts_with("SCAN (subquery") || ["SCAN c", "SCAN mine"].contains(&step.as_str());
                let scans = step.starts_with("SCAN") && step != "SCAN CONSTANT ROW" && !small;
                assert!(!scans, "{step}\n{sql}");
            }
        }
        // The course of an exercise is in one table, and in its order.
        let course = steps(&db, TREND);
        assert!(course.iter().any(|step| step.contains("trend USING PRIMARY KEY")), "{course:?}");
        assert!(!course.iter().any(|step| step.contains("B-TREE")), "{course:?}");
    }
}
