//! Which table stands where in a bundle: [`TABLES`]. Columns come from the schema itself, so that a column somebody adds
//! is carried without a word here; a table nobody named here is found by a test.

use rusqlite::Connection;

/// One table as the bundle carries it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    /// Its name in SQL.
    pub(crate) name: &'static str,
    /// Its list in the bundle.
    pub(crate) word: &'static str,
    /// The table whose row a row of this one belongs to: it stands inside it.
    pub(crate) owner: Option<&'static str>,
    /// Columns that tell two rows of one owner apart; empty: every column does.
    pub(crate) key: &'static [&'static str],
    /// An owner has one row at most.
    pub(crate) one: bool,
    /// A column that is larger in the newer of two rows with one key, or set where the other is empty.
    pub(crate) newer: Option<&'static str>,
    /// Many rows of numbers: written as a list of columns and lists of values.
    pub(crate) bulk: bool,
    /// Columns of text that hold JSON.
    pub(crate) json: &'static [&'static str],
}

const fn table(name: &'static str, word: &'static str, owner: Option<&'static str>) -> Table {
    Table { name, word, owner, key: &[], one: false, newer: None, bulk: false, json: &[] }
}

/// Everything a bundle carries, owners before what they own and what is referred to before what refers to it.
pub(crate) const TABLES: &[Table] = &[
    Table { key: &["uid"], ..table("profile", "profile", None) },
    Table { key: &["uid"], json: &["inserts_g"], ..table("cuff", "cuffs", None) },
    Table { key: &["uid"], json: &["plan", "summary"], ..table("session", "session", None) },
    Table { key: &["engine_version", "catalogue_version"], ..table("derived", "results", Some("session")) },
    table("eset", "sets", Some("derived")),
    Table { bulk: true, json: &["detectors"], ..table("rep", "reps", Some("eset")) },
    Table { bulk: true, ..table("stride", "strides", Some("eset")) },
    Table { json: &["changed"], ..table("bookmark", "bookmarks", Some("session")) },
    Table { json: &["value"], ..table("edit", "edits", Some("session")) },
    table("calibration", "calibrations", Some("profile")),
    Table {
        key: &["cuff_id", "side", "from_utc_ms"],
        newer: Some("to_utc_ms"),
        ..table("wear", "wears", Some("profile"))
    },
    Table { key: &["uid"], ..table("test", "tests", Some("profile")) },
    Table {
        one: true,
        newer: Some("at_utc_ms"),
        json: &["kit", "answers", "stance"],
        ..table("person", "about", Some("profile"))
    },
    Table { key: &["key"], newer: Some("at_utc_ms"), ..table("author", "authors", Some("profile")) },
    Table { key: &["uid"], newer: Some("to_utc_ms"), ..table("plan", "plans", Some("profile")) },
    Table {
        key: &["programme", "from_utc_ms"],
        newer: Some("to_utc_ms"),
        ..table("course", "courses", Some("profile"))
    },
    Table { key: &["slug"], newer: Some("at_utc_ms"), ..table("programme", "programmes", Some("profile")) },
    Table { key: &["at_utc_ms", "moment"], json: &["signs"], ..table("check_in", "check_ins", Some("profile")) },
];

/// Tables that are worked out again from the ones above or from a recording, and so are not carried.
#[cfg(test)]
pub(crate) const WORKED_OUT: &[&str] = &["overlay", "total", "gait", "trend", "trace"];

/// What a value of a column is, in the database and in the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number; SQLite's STRICT tables know which.
    Integer,
    Real,
    Text,
    /// Text that is JSON: stands in the bundle as it is.
    Json,
    /// Sixteen bytes; hyphenated in the bundle.
    Uid,
    /// Any bytes, as hexadecimal digits.
    Blob,
    /// A row of a table that has uids: its uid.
    Refers(&'static str),
    /// A row of a list in the same document, counted from 1.
    Counted(&'static str),
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// In SQL.
    pub(crate) name: String,
    /// In the bundle: `cuff` for `cuff_id`.
    pub(crate) word: String,
    pub(crate) kind: Kind,
}

/// A table with its columns and everything that stands inside its rows.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) table: &'static Table,
    /// Columns that are written.
    pub(crate) columns: Vec<Column>,
    /// The column that names the owner.
    pub(crate) owner: Option<String>,
    /// Whether the person stands in a column of their own that follows from the owner.
    pub(crate) profile: bool,
    /// Whether rows have a number `id` of their own.
    pub(crate) id: bool,
    /// Columns of the primary key, in its order.
    pub(crate) order: String,
    pub(crate) inside: Vec<Shape>,
}

/// The table of this name.
pub(crate) fn named(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// The shape of a table in the schema of `db`; `None` where that schema does not have it.
pub(crate) fn shape(db: &Connection, table: &'static Table) -> rusqlite::Result<Option<Shape>> {
    let mut statement = db.prepare("SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid")?;
    let found: Vec<(String, String, i64)> = statement
        .query_map([table.name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    if found.is_empty() {
        return Ok(None);
    }
    let mut statement = db.prepare("SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1)")?;
    let refers: Vec<(String, String)> =
        statement.query_map([table.name], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let target = |column: &str| refers.iter().find(|(from, _)| from == column).and_then(|(_, to)| named(to));
    let is_owner = |column: &str| table.owner.is_some() && target(column).map(|to| to.name) == table.owner;
    let owner = found.iter().map(|(name, ..)| name).find(|name| is_owner(name)).cloned();
    let inner = table.owner.is_some_and(|owner| owner != "profile");
    let is_profile = |column: &str| inner && target(column).is_some_and(|to| to.name == "profile");
    let mut keys: Vec<_> = found.iter().filter(|(.., pk)| *pk > 0).collect();
    keys.sort_by_key(|(.., pk)| *pk);
    let order: Vec<&str> = keys.iter().map(|(name, ..)| name.as_str()).collect();
    let columns = found
        .iter()
        .filter(|(name, ..)| name != "id" && owner.as_ref() != Some(name) && !is_profile(name))
        .map(|(name, sql, _)| {
            let kind = match (target(name), sql.as_str()) {
                (Some(to), _) if to.key == ["uid"] => Kind::Refers(to.name),
                (Some(to), _) => Kind::Counted(to.name),
                (None, _) if table.json.contains(&name.as_str()) => Kind::Json,
                (None, "INTEGER") => Kind::Integer,
                (None, "REAL") => Kind::Real,
                (None, "BLOB") if name == "uid" => Kind::Uid,
                (None, "BLOB") => Kind::Blob,
                (None, _) => Kind::Text,
            };
            let word = match kind {
                Kind::Refers(_) | Kind::Counted(_) => name.strip_suffix("_id").unwrap_or(name),
                _ => name,
            };
            Column { name: name.clone(), word: word.to_owned(), kind }
        })
        .collect();
    let mut inside = Vec::new();
    for one in TABLES.iter().filter(|one| one.owner == Some(table.name)) {
        inside.extend(shape(db, one)?);
    }
    Ok(Some(Shape {
        table,
        columns,
        profile: found.iter().any(|(name, ..)| is_profile(name)),
        id: found.iter().any(|(name, ..)| name == "id"),
        order: if order.is_empty() { "rowid".to_owned() } else { order.join(", ") },
        owner,
        inside,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::open::{migrate, migrations};
    use std::collections::BTreeSet;

    fn newest() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &migrations()).unwrap();
        connection
    }

    /// Every ordinary table of a schema, and whether it is worked out from others.
    fn tables(db: &Connection) -> BTreeSet<String> {
        let question = "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'
             AND name NOT LIKE 'sqlite_%'";
        let mut statement = db.prepare(question).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn every_table_of_the_newest_schema_is_carried_or_known_to_be_worked_out() {
        let carried: BTreeSet<String> =
            TABLES.iter().map(|table| table.name).chain(WORKED_OUT.iter().copied()).map(str::to_owned).collect();
        assert_eq!(tables(&newest()), carried, "a table that no bundle would carry, or one that is no more");
        assert!(TABLES.iter().all(|table| !WORKED_OUT.contains(&table.name)));
    }

    #[test]
    fn every_column_of_a_carried_table_is_written_or_follows_from_where_its_row_stands() {
        let db = newest();
        for table in TABLES {
            let shape = shape(&db, table).unwrap().unwrap();
            let all: Vec<String> = db
                .prepare("SELECT name FROM pragma_table_info(?1)")
                .unwrap()
                .query_map([table.name], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            for name in all {
                let written = shape.columns.iter().any(|column| column.name == name);
                let follows =
                    name == "id" || shape.owner.as_ref() == Some(&name) || (shape.profile && name == "profile_id");
                assert!(written != follows, "{}.{name}", table.name);
            }
            assert_eq!(shape.owner.is_some(), table.owner.is_some(), "{} has an owner it does not name", table.name);
            for key in table.key.iter().chain(&table.newer).chain(table.json) {
                assert!(shape.columns.iter().any(|column| column.name == *key), "{}.{key} is no column", table.name);
            }
        }
    }

    #[test]
    fn a_row_refers_only_to_what_stands_before_it_or_beside_it() {
        let db = newest();
        for (place, table) in TABLES.iter().enumerate() {
            for column in shape(&db, table).unwrap().unwrap().columns {
                let (Kind::Refers(to) | Kind::Counted(to)) = column.kind else { continue };
                let target = TABLES.iter().position(|table| table.name == to).unwrap();
                assert!(target <= place, "{}.{} refers to {to}", table.name, column.name);
                if column.kind == Kind::Counted(to) {
                    assert_eq!(TABLES[target].owner, table.owner, "{to} stands in another list");
                }
            }
        }
    }

    #[test]
    fn json_of_the_schema_is_json_in_the_bundle() {
        let db = newest();
        let mut statement = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").unwrap();
        let all = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
        for (name, sql) in all.map(Result::unwrap) {
            let Some(table) = named(&name) else { continue };
            let said: BTreeSet<&str> =
                sql.split("json_valid(").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
            assert_eq!(said, table.json.iter().copied().collect(), "{name}");
        }
    }
}
