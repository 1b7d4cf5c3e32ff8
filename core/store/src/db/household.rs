//! People, cuffs, who wears which where, and what was learned about their legs.

use super::{conversion, from_word, word};
use crate::ProfileId;
use rusqlite::{Connection, OptionalExtension, params};
use talus_motion::{CuffId, Side};

/// A person of the household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Who.
    pub id: ProfileId,
    /// Name as given.
    pub name: String,
}

/// A cuff of the household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CuffRow {
    /// Our own identity of it.
    pub id: CuffId,
    /// Sensor family (`cmp`, `file`, …).
    pub family: String,
    /// Serial number as the cuff says it.
    pub serial: String,
    /// Name, safe to show.
    pub name: String,
    /// Mass without inserts, grams.
    pub dry_mass_g: Option<u32>,
    /// Masses of its inserts, grams each.
    pub inserts_g: Vec<u32>,
}

/// One cuff on one leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wear {
    /// The cuff; it must be in the household.
    pub cuff: CuffId,
    /// The leg.
    pub side: Side,
    /// Weight on that leg with everything that hangs on it, grams.
    pub mass_g: u32,
    /// Where on the leg (`ankle`, …).
    pub site: String,
}

pub(crate) fn ensure_profile(db: &Connection, id: ProfileId, name: &str) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO profile (uid, name) VALUES (?1, ?2) ON CONFLICT (uid) DO UPDATE SET name = excluded.name",
        params![id.0, name],
    )
    .map(|_| ())
}

pub(crate) fn profiles(db: &Connection) -> rusqlite::Result<Vec<Profile>> {
    db.prepare_cached("SELECT uid, name FROM profile ORDER BY name, id")?
        .query_map([], |row| Ok(Profile { id: ProfileId(row.get(0)?), name: row.get(1)? }))?
        .collect()
}

pub(crate) fn put_cuff(db: &Connection, cuff: &CuffRow) -> rusqlite::Result<CuffId> {
    let inserts = serde_json::to_string(&cuff.inserts_g).unwrap_or_default();
    // The physical thing is family and serial number; an id given to it once stays.
    let here = db
        .query_row("SELECT uid FROM cuff WHERE family = ?1 AND serial = ?2", [&cuff.family, &cuff.serial], |row| {
            row.get(0).map(CuffId)
        })
        .optional()?;
    let id = here.unwrap_or(cuff.id);
    db.execute(
        "INSERT INTO cuff (uid, family, serial, name, dry_mass_g, inserts_g) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (uid) DO UPDATE SET family = excluded.family, serial = excluded.serial, name = excluded.name,
            dry_mass_g = excluded.dry_mass_g, inserts_g = excluded.inserts_g",
        params![id.0, cuff.family, cuff.serial, cuff.name, cuff.dry_mass_g, inserts],
    )?;
    Ok(id)
}

pub(crate) fn forget_cuff(db: &Connection, id: CuffId) -> rusqlite::Result<()> {
    db.execute("DELETE FROM cuff WHERE uid = ?1", [id.0]).map(|_| ())
}

pub(crate) fn cuffs(db: &Connection) -> rusqlite::Result<Vec<CuffRow>> {
    db.prepare_cached("SELECT uid, family, serial, name, dry_mass_g, inserts_g FROM cuff ORDER BY name, id")?
        .query_map([], |row| {
            let inserts: String = row.get(5)?;
            Ok(CuffRow {
                id: CuffId(row.get(0)?),
                family: row.get(1)?,
                serial: row.get(2)?,
                name: row.get(3)?,
                dry_mass_g: row.get(4)?,
                inserts_g: serde_json::from_str(&inserts).map_err(|error| conversion(5, error))?,
            })
        })?
        .collect()
}

pub(crate) fn wear(db: &Connection, profile: ProfileId, worn: &[Wear], from_utc_ms: i64) -> rusqlite::Result<()> {
    let transaction = db.unchecked_transaction()?;
    // First everything that ends, then everything that begins: so two cuffs can swap.
    for one in worn {
        transaction.execute(
            "UPDATE wear SET to_utc_ms = max(?4, from_utc_ms) WHERE to_utc_ms IS NULL
             AND (cuff_id = (SELECT id FROM cuff WHERE uid = ?1)
                  OR (profile_id = (SELECT id FROM profile WHERE uid = ?2) AND side = ?3))",
            params![one.cuff.0, profile.0, word(one.side), from_utc_ms],
        )?;
    }
    for one in worn {
        transaction.execute(
            "INSERT INTO wear (profile_id, cuff_id, side, mass_g, site, from_utc_ms) VALUES
             ((SELECT id FROM profile WHERE uid = ?1), (SELECT id FROM cuff WHERE uid = ?2), ?3, ?4, ?5, ?6)",
            params![profile.0, one.cuff.0, word(one.side), one.mass_g, one.site, from_utc_ms],
        )?;
    }
    transaction.commit()
}

pub(crate) fn worn(db: &Connection, profile: ProfileId) -> rusqlite::Result<Vec<Wear>> {
    db.prepare_cached(
        "SELECT c.uid, w.side, w.mass_g, w.site FROM wear w JOIN cuff c ON c.id = w.cuff_id
         JOIN profile p ON p.id = w.profile_id WHERE p.uid = ?1 AND w.to_utc_ms IS NULL ORDER BY w.side",
    )?
    .query_map([profile.0], |row| {
        Ok(Wear {
            cuff: CuffId(row.get(0)?),
            side: from_word(1, row.get_ref(1)?.as_str()?)?,
            mass_g: row.get(2)?,
            site: row.get(3)?,
        })
    })?
    .collect()
}

pub(crate) fn put_calibration(
    db: &Connection,
    profile: ProfileId,
    side: Side,
    exercise: &str,
    range_deg: f64,
    at_utc_ms: i64,
) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO calibration (profile_id, side, exercise, range_deg, at_utc_ms) VALUES
         ((SELECT id FROM profile WHERE uid = ?1), ?2, ?3, ?4, ?5)",
        params![profile.0, word(side), exercise, range_deg, at_utc_ms],
    )
    .map(|_| ())
}

pub(crate) fn own_range(
    db: &Connection,
    profile: ProfileId,
    exercise: &str,
    side: Side,
) -> rusqlite::Result<Option<f64>> {
    db.prepare_cached(
        "SELECT range_deg FROM calibration WHERE profile_id = (SELECT id FROM profile WHERE uid = ?1)
         AND exercise = ?2 AND side = ?3 ORDER BY at_utc_ms DESC, id DESC LIMIT 1",
    )?
    .query_row(params![profile.0, exercise, word(side)], |row| row.get(0))
    .optional()
}
