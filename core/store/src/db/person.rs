//! What of somebody decides a load: who they are, plans they trust, check-ins, and what they have done before.

use super::{conversion, from_word, word};
use crate::{PlanId, ProfileId, SessionId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use talus_coach::load::Kit;
use talus_coach::screening::{Sign, Stance};
use talus_coach::{Answers, KnownLeg, Level, SessionPlan, SetEnd, SetResult};
use talus_motion::{Micros, Quality, Side};

/// Sex, where somebody says it: some norms of tests are kept apart by it, no load is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// What somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Legs that do more.
    Strength,
    /// Standing and walking more surely.
    Balance,
    /// Coming back after an injury or a long pause.
    Return,
    /// Something on the side of other training.
    Beside,
}

/// What somebody says of themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Year of birth.
    pub birth_year: i16,
    /// Height, centimetres (90 to 230).
    pub height_cm: f64,
    /// Body mass, kilograms (20 to 300).
    pub mass_kg: f64,
    /// Sex, where it is said.
    pub sex: Option<Sex>,
    /// What they want.
    pub goal: Goal,
    /// How used to strength work they are.
    pub level: Level,
    /// Weights there are; `None` where the cuffs themselves say.
    pub kit: Option<Kit>,
    /// The twelve answers; `None` until they are given.
    pub answers: Option<Answers>,
    /// What balance tests said.
    pub stance: Stance,
}

/// A signed plan as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Its id.
    pub id: PlanId,
    /// Its text, signature and all.
    pub text: String,
    /// Since when it counts, milliseconds since 1970, UTC.
    pub from_utc_ms: i64,
}

/// When somebody checks in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// Before a session.
    Before,
    /// The morning after one.
    Morning,
}

/// How somebody was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckIn {
    /// When, milliseconds since 1970, UTC.
    pub at_utc_ms: i64,
    /// The day it counts for, `YYYY-MM-DD`.
    pub local_day: String,
    /// Before a session or the morning after.
    pub moment: Moment,
    /// Pain, 0 to 10, where it was answered.
    pub pain: Option<u8>,
    /// Whether sleep was poor.
    pub slept_badly: bool,
    /// Whether muscles are sore.
    pub sore: bool,
    /// Whether a joint is newly swollen.
    pub swollen: bool,
    /// Signs that were named.
    pub signs: BTreeSet<Sign>,
    /// Whether one of them locks the day.
    pub red_flag: bool,
}

/// One set that was done before, with what its session had to say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastSet {
    /// The session.
    pub session: SessionId,
    /// When the session began, milliseconds since 1970, UTC.
    pub started_utc_ms: i64,
    /// When it ended, milliseconds since 1970, UTC; what is known of it so far where it is not finished.
    pub ended_utc_ms: i64,
    /// The day it counts for, `YYYY-MM-DD`.
    pub local_day: String,
    /// What was known of this exercise and leg when it was planned; `None` for a session that was planned for nobody.
    pub known: Option<KnownLeg>,
    /// What was done.
    pub result: SetResult,
}

/// One exercise of a session that somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trained {
    /// The session.
    pub session: SessionId,
    /// The day it counts for, `YYYY-MM-DD`.
    pub local_day: String,
    /// When it ended, milliseconds since 1970, UTC; what is known of it so far where it is not finished.
    pub ended_utc_ms: i64,
    /// Programme and part it was; `None` where it was chosen freely.
    pub part: Option<(String, String)>,
    /// Exercise id.
    pub exercise: String,
    /// Most pain answered after a set of it.
    pub pain: Option<u8>,
}

const PROFILE: &str = "(SELECT id FROM profile WHERE uid = ?1)";

pub(crate) fn put_about(db: &Connection, profile: ProfileId, about: &About, at_utc_ms: i64) -> rusqlite::Result<()> {
    db.prepare_cached(&format!(
        "INSERT INTO person (profile_id, birth_year, height_cm, mass_kg, sex, goal, level, kit, answers, stance,
            at_utc_ms)
         VALUES ({PROFILE}, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (profile_id) DO UPDATE SET birth_year = excluded.birth_year, height_cm = excluded.height_cm,
            mass_kg = excluded.mass_kg, sex = excluded.sex, goal = excluded.goal, level = excluded.level,
            kit = excluded.kit, answers = excluded.answers, stance = excluded.stance, at_utc_ms = excluded.at_utc_ms"
    ))?
    .execute(params![
        profile.0,
        about.birth_year,
        about.height_cm,
        about.mass_kg,
        about.sex.map(word),
        word(about.goal),
        word(about.level),
        about.kit.map(|kit| text_of(&kit)),
        about.answers.as_ref().map(text_of),
        text_of(&about.stance),
        at_utc_ms,
    ])
    .map(|_| ())
}

pub(crate) fn about(db: &Connection, profile: ProfileId) -> rusqlite::Result<Option<About>> {
    db.prepare_cached(&format!(
        "SELECT birth_year, height_cm, mass_kg, sex, goal, level, kit, answers, stance
         FROM person WHERE profile_id = {PROFILE}"
    ))?
    .query_row([profile.0], |row| {
        let sex: Option<String> = row.get(3)?;
        Ok(About {
            birth_year: row.get(0)?,
            height_cm: row.get(1)?,
            mass_kg: row.get(2)?,
            sex: sex.as_deref().map(|sex| from_word(3, sex)).transpose()?,
            goal: from_word(4, row.get_ref(4)?.as_str()?)?,
            level: from_word(5, row.get_ref(5)?.as_str()?)?,
            kit: json(row, 6)?,
            answers: json(row, 7)?,
            stance: json(row, 8)?.unwrap_or_default(),
        })
    })
    .optional()
}

pub(crate) fn about_at(db: &Connection, profile: ProfileId) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached(&format!("SELECT at_utc_ms FROM person WHERE profile_id = {PROFILE}"))?
        .query_row([profile.0], |row| row.get(0))
        .optional()
}

pub(crate) fn trust_author(
    db: &Connection,
    profile: ProfileId,
    key: [u8; 32],
    name: &str,
    at_utc_ms: i64,
) -> rusqlite::Result<()> {
    db.execute(
        &format!(
            "INSERT INTO author (profile_id, key, name, at_utc_ms) VALUES ({PROFILE}, ?2, ?3, ?4)
             ON CONFLICT (profile_id, key) DO UPDATE SET name = excluded.name"
        ),
        params![profile.0, key, name, at_utc_ms],
    )
    .map(|_| ())
}

pub(crate) fn forget_author(db: &Connection, profile: ProfileId, key: [u8; 32]) -> rusqlite::Result<()> {
    db.execute(&format!("DELETE FROM author WHERE profile_id = {PROFILE} AND key = ?2"), params![profile.0, key])
        .map(|_| ())
}

pub(crate) fn authors(db: &Connection, profile: ProfileId) -> rusqlite::Result<Vec<[u8; 32]>> {
    db.prepare_cached(&format!("SELECT key FROM author WHERE profile_id = {PROFILE} ORDER BY id"))?
        .query_map([profile.0], |row| row.get(0))?
        .collect()
}

pub(crate) fn put_plan(db: &Connection, profile: ProfileId, plan: &PlanRow) -> rusqlite::Result<()> {
    let transaction = db.unchecked_transaction()?;
    end_plan(&transaction, profile, plan.from_utc_ms)?;
    transaction.execute(
        &format!("INSERT INTO plan (uid, profile_id, text, from_utc_ms) VALUES (?2, {PROFILE}, ?3, ?4)"),
        params![profile.0, plan.id.0, plan.text, plan.from_utc_ms],
    )?;
    transaction.commit()
}

pub(crate) fn end_plan(db: &Connection, profile: ProfileId, at_utc_ms: i64) -> rusqlite::Result<()> {
    db.execute(
        &format!("UPDATE plan SET to_utc_ms = max(?2, from_utc_ms) WHERE profile_id = {PROFILE} AND to_utc_ms IS NULL"),
        params![profile.0, at_utc_ms],
    )
    .map(|_| ())
}

pub(crate) fn plan(db: &Connection, profile: ProfileId) -> rusqlite::Result<Option<PlanRow>> {
    db.prepare_cached(&format!(
        "SELECT uid, text, from_utc_ms FROM plan WHERE profile_id = {PROFILE} AND to_utc_ms IS NULL"
    ))?
    .query_row([profile.0], |row| Ok(PlanRow { id: PlanId(row.get(0)?), text: row.get(1)?, from_utc_ms: row.get(2)? }))
    .optional()
}

pub(crate) fn put_check_in(db: &Connection, profile: ProfileId, one: &CheckIn) -> rusqlite::Result<()> {
    db.execute(
        &format!(
            "INSERT INTO check_in (profile_id, at_utc_ms, local_day, moment, pain, slept_badly, sore, swollen, signs,
                red_flag)
             VALUES ({PROFILE}, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        ),
        params![
            profile.0,
            one.at_utc_ms,
            one.local_day,
            word(one.moment),
            one.pain,
            one.slept_badly,
            one.sore,
            one.swollen,
            text_of(&one.signs),
            one.red_flag,
        ],
    )
    .map(|_| ())
}

/// Every check-in from `from_utc_ms` on, oldest first.
pub(crate) fn check_ins(db: &Connection, profile: ProfileId, from_utc_ms: i64) -> rusqlite::Result<Vec<CheckIn>> {
    db.prepare_cached(&format!(
        "SELECT at_utc_ms, local_day, moment, pain, slept_badly, sore, swollen, signs, red_flag FROM check_in
         WHERE profile_id = {PROFILE} AND at_utc_ms >= ?2 ORDER BY at_utc_ms, id"
    ))?
    .query_map(params![profile.0, from_utc_ms], |row| {
        Ok(CheckIn {
            at_utc_ms: row.get(0)?,
            local_day: row.get(1)?,
            moment: from_word(2, row.get_ref(2)?.as_str()?)?,
            pain: row.get(3)?,
            slept_badly: row.get(4)?,
            sore: row.get(5)?,
            swollen: row.get(6)?,
            signs: json(row, 7)?.unwrap_or_default(),
            red_flag: row.get(8)?,
        })
    })?
    .collect()
}

/// Whether a red flag was said on a day: before a session, in one or after one.
pub(crate) fn flagged(db: &Connection, profile: ProfileId, local_day: &str) -> rusqlite::Result<bool> {
    db.prepare_cached(&format!(
        "SELECT EXISTS (SELECT 1 FROM check_in WHERE profile_id = {PROFILE} AND local_day = ?2 AND red_flag = 1)
            OR EXISTS (SELECT 1 FROM session WHERE profile_id = {PROFILE} AND local_day = ?2 AND kind <> 'replay'
                AND json_extract(summary, '$.red_flag'))"
    ))?
    .query_row(params![profile.0, local_day], |row| row.get(0))
}

/// Every set of an exercise that was ended, oldest session first; of the first and the newest `sessions` sessions.
/// Replays are somebody's recordings, and a demo that was planned for nobody was done by nobody: neither is what this
/// person did. What a person changed by hand is laid over; what they removed is not there.
pub(crate) fn past(
    db: &Connection,
    profile: ProfileId,
    exercise: &str,
    side: Side,
    sessions: u32,
) -> rusqlite::Result<Vec<PastSet>> {
    db.prepare_cached(&past_sql())?
        .query_map(params![profile.0, exercise, word(side), sessions], |row| past_set(row, exercise, side))?
        .collect()
}

fn past_sql() -> String {
    format!(
        "WITH mine AS (
            SELECT DISTINCT started_utc_ms, uid, session_id FROM trend
            WHERE profile_id = {PROFILE} AND exercise = ?2 AND side = ?3 AND theirs = 1),
         chosen AS (
            SELECT session_id FROM (SELECT * FROM mine ORDER BY started_utc_ms DESC, uid DESC LIMIT ?4)
            UNION SELECT session_id FROM (SELECT * FROM mine ORDER BY started_utc_ms, uid LIMIT ?4))
         SELECT s.uid, s.started_utc_ms, s.local_day, s.plan, e.mass_g, e.began_us, e.ended_us, e.ended_by, e.count,
            e.short, e.target, e.range_deg, e.lift_s, e.hold_s, e.lower_s, e.peak_deg_per_s, e.cadence_per_min,
            e.reserve, e.pain, e.counts_for_progress, e.quality, coalesce(e.laterality, 'each'),
            coalesce(s.ended_utc_ms, s.started_utc_ms + s.raw_through_us / 1000)
         FROM chosen c CROSS JOIN session s ON s.id = c.session_id JOIN done e ON e.session_id = s.id
         WHERE e.exercise = ?2 AND e.side = ?3 AND e.ended_us IS NOT NULL
         ORDER BY s.started_utc_ms, s.uid, e.set_index"
    )
}

fn trained_sql() -> String {
    format!(
        "SELECT t.uid, t.local_day, coalesce(t.ended_utc_ms, s.started_utc_ms + s.raw_through_us / 1000), t.programme,
            t.part, t.worked
         FROM session s JOIN total t ON t.session_id = s.id WHERE s.profile_id = {PROFILE} AND t.theirs = 1
         ORDER BY s.started_utc_ms, s.uid"
    )
}

/// Every question of this file that looks over years, for a look at how SQLite answers them.
#[cfg(test)]
pub(super) fn questions() -> [String; 2] {
    [past_sql(), trained_sql()]
}

/// Every exercise of every session somebody did, oldest session first; what counts as theirs is as in [`past`].
pub(crate) fn trained(db: &Connection, profile: ProfileId) -> rusqlite::Result<Vec<Trained>> {
    let mut trained = Vec::new();
    let sql = trained_sql();
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([profile.0])?;
    while let Some(row) = rows.next()? {
        let (programme, part): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
        let (local_day, part): (String, _) = (row.get(1)?, programme.zip(part));
        let (session, ended_utc_ms) = (SessionId(row.get(0)?), row.get(2)?);
        let worked: Vec<(String, Option<u8>)> = json(row, 5)?.unwrap_or_default();
        trained.extend(worked.into_iter().map(|(exercise, pain)| Trained {
            session,
            local_day: local_day.clone(),
            ended_utc_ms,
            part: part.clone(),
            exercise,
            pain,
        }));
    }
    Ok(trained)
}

pub(crate) fn follow(
    db: &Connection,
    profile: ProfileId,
    programme: Option<&str>,
    at_utc_ms: i64,
) -> rusqlite::Result<()> {
    let transaction = db.unchecked_transaction()?;
    transaction.execute(
        &format!(
            "UPDATE course SET to_utc_ms = max(?2, from_utc_ms) WHERE profile_id = {PROFILE} AND to_utc_ms IS NULL"
        ),
        params![profile.0, at_utc_ms],
    )?;
    if let Some(programme) = programme {
        transaction.execute(
            &format!("INSERT INTO course (profile_id, programme, from_utc_ms) VALUES ({PROFILE}, ?2, ?3)"),
            params![profile.0, programme, at_utc_ms],
        )?;
        super::programme::take_over(&transaction, profile, programme)?;
    }
    transaction.commit()
}

pub(crate) fn course(db: &Connection, profile: ProfileId) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(&format!("SELECT programme FROM course WHERE profile_id = {PROFILE} AND to_utc_ms IS NULL"))?
        .query_row([profile.0], |row| row.get(0))
        .optional()
}

/// A programme somebody followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseRow {
    /// Its id.
    pub programme: String,
    /// From when, milliseconds since 1970, UTC.
    pub from_utc_ms: i64,
    /// Until when; `None` while it is followed.
    pub to_utc_ms: Option<i64>,
}

pub(crate) fn courses(db: &Connection, profile: ProfileId) -> rusqlite::Result<Vec<CourseRow>> {
    db.prepare_cached(&format!(
        "SELECT programme, from_utc_ms, to_utc_ms FROM course WHERE profile_id = {PROFILE} ORDER BY from_utc_ms, id"
    ))?
    .query_map([profile.0], |row| {
        Ok(CourseRow { programme: row.get(0)?, from_utc_ms: row.get(1)?, to_utc_ms: row.get(2)? })
    })?
    .collect()
}

fn past_set(row: &Row<'_>, exercise: &str, side: Side) -> rusqlite::Result<PastSet> {
    let plan: Option<SessionPlan> = json(row, 3)?;
    let end: SetEnd = match row.get_ref(7)?.as_str_or_null()? {
        Some(word) => from_word(7, word)?,
        None => SetEnd::StreamEnded,
    };
    let tempo_s = match (row.get(12)?, row.get(13)?, row.get(14)?) {
        (Some(lift), Some(hold), Some(lower)) => Some([lift, hold, lower]),
        _ => None,
    };
    Ok(PastSet {
        session: SessionId(row.get(0)?),
        started_utc_ms: row.get(1)?,
        ended_utc_ms: row.get(22)?,
        local_day: row.get(2)?,
        known: plan.and_then(|plan| plan.known?.leg(exercise, side).cloned()),
        result: SetResult {
            exercise: exercise.to_owned(),
            side,
            laterality: from_word(21, row.get_ref(21)?.as_str()?)?,
            mass_g: row.get(4)?,
            began: Micros(row.get(5)?),
            ended: Micros(row.get(6)?),
            end,
            count: row.get(8)?,
            short: row.get(9)?,
            target: row.get(10)?,
            range_deg: row.get(11)?,
            tempo_s,
            peak_deg_per_s: row.get(15)?,
            cadence_per_min: row.get(16)?,
            reserve: row.get(17)?,
            pain: row.get(18)?,
            counts_for_progress: row.get(19)?,
            quality: Quality(row.get(20)?),
        },
    })
}

fn text_of<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| conversion(column, error))).transpose()
}
