//! Programmes that somebody shared. Anybody of a household may follow one; whoever does has it.

use crate::ProfileId;
use rusqlite::{Connection, params};

/// Programmes that are read, at most: whoever has more has the newest.
const MOST: u32 = 200;

/// A programme as somebody shared it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedRow {
    /// Its id.
    pub id: String,
    /// Its file (TOML): not looked into here.
    pub text: String,
}

/// Keeps a programme for `profile`, in the place of an earlier one of this id. What others of the household have stays.
pub(crate) fn put(db: &Connection, profile: ProfileId, row: &SharedRow, at_utc_ms: i64) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO programme (profile_id, slug, text, at_utc_ms)
         SELECT id, ?2, ?3, ?4 FROM profile WHERE uid = ?1
         ON CONFLICT (profile_id, slug) DO UPDATE SET text = excluded.text, at_utc_ms = excluded.at_utc_ms",
        params![profile.0, row.id, row.text, at_utc_ms],
    )
    .map(drop)
}

/// Gives `profile` what the household has of this id, if it has.
pub(crate) fn take_over(db: &Connection, profile: ProfileId, id: &str) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO programme (profile_id, slug, text, at_utc_ms)
         SELECT p.id, s.slug, s.text, s.at_utc_ms FROM profile p, programme s WHERE p.uid = ?1 AND s.slug = ?2
         ORDER BY s.at_utc_ms DESC, s.id LIMIT 1
         ON CONFLICT (profile_id, slug) DO NOTHING",
        params![profile.0, id],
    )
    .map(drop)
}

/// Puts a programme away: `profile` has and follows it no more. Whether there was one.
pub(crate) fn put_away(db: &Connection, profile: ProfileId, id: &str, at_utc_ms: i64) -> rusqlite::Result<bool> {
    let transaction = db.unchecked_transaction()?;
    let of = "profile_id = (SELECT id FROM profile WHERE uid = ?1)";
    let gone =
        transaction.execute(&format!("DELETE FROM programme WHERE {of} AND slug = ?2"), params![profile.0, id])?;
    if gone > 0 {
        transaction.execute(
            &format!(
                "UPDATE course SET to_utc_ms = max(?3, from_utc_ms)
                 WHERE {of} AND programme = ?2 AND to_utc_ms IS NULL"
            ),
            params![profile.0, id, at_utc_ms],
        )?;
    }
    transaction.commit()?;
    Ok(gone > 0)
}

/// Programmes of one person, or of everybody: of each id the newest, in the order of ids.
pub(crate) fn all(db: &Connection, profile: Option<ProfileId>) -> rusqlite::Result<Vec<SharedRow>> {
    let mut rows: Vec<SharedRow> = db
        .prepare_cached(
            // Of several rows SQLite takes the others' values from the one with the maximum.
            "SELECT s.slug, s.text, max(s.at_utc_ms) AS at FROM programme s JOIN profile p ON p.id = s.profile_id
             WHERE ?1 IS NULL OR p.uid = ?1 GROUP BY s.slug ORDER BY at DESC, s.slug LIMIT ?2",
        )?
        .query_map(params![profile.map(|id| id.0), MOST], |row| Ok(SharedRow { id: row.get(0)?, text: row.get(1)? }))?
        .collect::<rusqlite::Result<_>>()?;
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(rows)
}
