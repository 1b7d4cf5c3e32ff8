//! A staged database goes into the household: what is not there yet is added, what is there stays or becomes the newer
//! of the two, nothing is doubled.
//!
//! Staged rows are read with one connection and written with another, so that it makes no difference which of them has
//! a key. Numbers of rows differ between the two: [`Merge::numbers`] knows what a staged one became.

use super::edits::{edits_of, in_one_order};
use super::shape::{Kind, Shape};
use super::{BundleError, Imported, Job};
use crate::db::totals;
use crate::{SessionId, StoreError};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sessions whose recording is the bundle's from now on.
pub(crate) type Taken = BTreeSet<SessionId>;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    New,
    Renewed,
    Kept,
}

/// Merges everything of `from` into the open transaction of `into`.
pub(crate) fn merge(
    from: &Connection,
    into: &Connection,
    roots: &[Shape],
    job: &Job,
    imported: &mut Imported,
) -> Result<Taken, MergeError> {
    let mut merge = Merge { from, into, numbers: BTreeMap::new() };
    let mut taken = Taken::new();
    let root = |name: &str| roots.iter().find(|shape| shape.table.name == name);
    let mut known = BTreeSet::new();
    for name in ["profile", "cuff"] {
        let Some(shape) = root(name) else { continue };
        for id in ids(from, shape, None)? {
            let (_, outcome) = merge.row(shape, id, None, false)?;
            if name == "profile" && outcome != Outcome::New {
                known.insert(id);
            }
            match (name, outcome) {
                ("profile", Outcome::New) => imported.people += 1,
                (_, Outcome::Kept) => imported.household_kept += 1,
                _ => {}
            }
        }
    }
    if let Some(shape) = root("session") {
        for id in ids(from, shape, None)? {
            merge.session(shape, id, imported, &mut taken)?;
            job.on(1)?;
        }
    }
    if let Some(shape) = root("profile") {
        for id in ids(from, shape, None)? {
            let owner = merge.number("profile", id)?;
            for inside in &shape.inside {
                // Whom somebody trusts is confirmed by six words heard from them, here: no file adds to it.
                if inside.table.name == "author" && known.contains(&id) {
                    continue;
                }
                for row in ids(from, inside, Some(id))? {
                    let (_, outcome) = merge.row(inside, row, Some(owner), false)?;
                    imported.household_kept += u64::from(outcome == Outcome::Kept);
                }
            }
        }
    }
    merge.drop_nobody()?;
    Ok(taken)
}

/// Why merging stopped; the transaction is to be rolled back.
#[derive(Debug)]
pub(crate) enum MergeError {
    Store(StoreError),
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for MergeError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<BundleError> for MergeError {
    fn from(error: BundleError) -> Self {
        Self::Store(error.into())
    }
}

struct Merge<'a> {
    from: &'a Connection,
    into: &'a Connection,
    numbers: BTreeMap<&'static str, BTreeMap<i64, i64>>,
}

/// Numbers of a table's rows, of one owner or of all.
fn ids(db: &Connection, shape: &Shape, owner: Option<i64>) -> rusqlite::Result<Vec<i64>> {
    let which = match (&shape.owner, owner) {
        (Some(column), Some(_)) => format!("WHERE {column} = ?1"),
        _ => String::new(),
    };
    let id = if shape.id { "id" } else { "rowid" };
    let mut statement = db.prepare_cached(&format!("SELECT {id} FROM {} {which} ORDER BY 1", shape.table.name))?;
    statement.query_map(params_from_iter(owner), |row| row.get(0))?.collect()
}

impl Merge<'_> {
    /// What the staged row `id` became here.
    fn number(&self, table: &str, id: i64) -> rusqlite::Result<i64> {
        let number = self.numbers.get(table).and_then(|numbers| numbers.get(&id)).copied();
        number.ok_or(rusqlite::Error::QueryReturnedNoRows)
    }

    /// The columns of a staged row, with the numbers they have here.
    fn values(&self, shape: &Shape, id: i64) -> rusqlite::Result<Vec<Value>> {
        let names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
        let number = if shape.id { "id" } else { "rowid" };
        let question = format!("SELECT {} FROM {} WHERE {number} = ?1", names.join(", "), shape.table.name);
        let mut values: Vec<Value> = self
            .from
            .prepare_cached(&question)?
            .query_row([id], |row| (0..names.len()).map(|at| row.get(at)).collect())?;
        for (column, value) in shape.columns.iter().zip(&mut values) {
            if let (Kind::Refers(to) | Kind::Counted(to), Value::Integer(number)) = (column.kind, &*value) {
                *value = Value::Integer(self.number(to, *number)?);
            }
        }
        Ok(values)
    }

    /// The row here that is the same thing.
    fn same(&self, shape: &Shape, values: &[Value], owner: Option<i64>) -> rusqlite::Result<Option<i64>> {
        let mut which = Vec::new();
        let mut asked = Vec::new();
        let all = shape.table.key.is_empty() && !shape.table.one;
        for (column, value) in shape.columns.iter().zip(values) {
            if all || shape.table.key.contains(&column.name.as_str()) {
                which.push(format!("{} IS ?", column.name));
                asked.push(value.clone());
            }
        }
        if let (Some(column), Some(owner)) = (&shape.owner, owner) {
            which.push(format!("{column} = ?"));
            asked.push(Value::Integer(owner));
        }
        let number = if shape.id { "id" } else { "rowid" };
        let question =
            format!("SELECT {number} FROM {} WHERE {} ORDER BY 1 LIMIT 1", shape.table.name, which.join(" AND "));
        self.into.prepare_cached(&question)?.query_row(params_from_iter(asked), |row| row.get(0)).optional()
    }

    /// Puts one staged row where it belongs. `fresh`: its owner is new here, so nothing of it can be there.
    fn row(&mut self, shape: &Shape, id: i64, owner: Option<i64>, fresh: bool) -> rusqlite::Result<(i64, Outcome)> {
        let mut values = self.values(shape, id)?;
        let here = if fresh { None } else { self.same(shape, &values, owner)? };
        let here = match here {
            // A cuff is its family and serial number: another household gave it another id.
            None if shape.table.name == "cuff" => self.same_cuff(shape, &values)?,
            here => here,
        };
        let outcome = match here {
            None => {
                match shape.table.name {
                    // One cuff a leg and one leg a cuff.
                    "wear" => self.make_room(
                        shape,
                        &mut values,
                        owner,
                        "(cuff_id IS ?1 OR (profile_id IS ?2 AND side IS ?3))",
                    )?,
                    // One plan and one programme a person.
                    "plan" | "course" => {
                        self.make_room(shape, &mut values, owner, "(profile_id IS ?2 AND ?1 IS ?1 AND ?3 IS ?3)")?;
                    }
                    _ => {}
                }
                Outcome::New
            }
            Some(here) if self.is_newer(shape, &values, here)? => {
                self.renew(shape, &values, here)?;
                Outcome::Renewed
            }
            Some(_) => Outcome::Kept,
        };
        let number = match here {
            Some(here) => here,
            None => self.insert(shape, &values, owner)?,
        };
        self.numbers.entry(shape.table.name).or_default().insert(id, number);
        Ok((number, outcome))
    }

    fn insert(&self, shape: &Shape, values: &[Value], owner: Option<i64>) -> rusqlite::Result<i64> {
        let mut names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
        let mut all: Vec<Value> = values.to_vec();
        if let (Some(column), Some(owner)) = (&shape.owner, owner) {
            names.push(column);
            all.push(Value::Integer(owner));
        }
        if let (true, Some(person)) = (shape.profile, self.person(shape, owner)?) {
            names.push("profile_id");
            all.push(Value::Integer(person));
        }
        let marks = vec!["?"; names.len()].join(", ");
        let question = format!("INSERT INTO {} ({}) VALUES ({marks})", shape.table.name, names.join(", "));
        self.into.prepare_cached(&question)?.execute(params_from_iter(all))?;
        Ok(self.into.last_insert_rowid())
    }

    /// Whose the row is that owns this one.
    fn person(&self, shape: &Shape, owner: Option<i64>) -> rusqlite::Result<Option<i64>> {
        let question = match shape.table.owner {
            Some("session") => "SELECT profile_id FROM session WHERE id = ?1",
            Some("derived") => {
                "SELECT s.profile_id FROM derived d JOIN session s ON s.id = d.session_id WHERE d.id = ?1"
            }
            _ => return Ok(None),
        };
        self.into.prepare_cached(question)?.query_row([owner], |row| row.get(0)).optional()
    }

    fn same_cuff(&self, shape: &Shape, values: &[Value]) -> rusqlite::Result<Option<i64>> {
        let of = |name: &str| {
            shape.columns.iter().zip(values).find(|(column, _)| column.name == name).map(|(_, value)| value.clone())
        };
        self.into
            .prepare_cached("SELECT id FROM cuff WHERE family = ?1 AND serial = ?2")?
            .query_row(params![of("family"), of("serial")], |row| row.get(0))
            .optional()
    }

    fn is_newer(&self, shape: &Shape, values: &[Value], here: i64) -> rusqlite::Result<bool> {
        // A name is newer than none.
        let column = shape.table.newer.or(if shape.table.name == "profile" { Some("name") } else { None });
        let Some(column) = column else { return Ok(false) };
        let staged = shape.columns.iter().zip(values).find(|(one, _)| one.name == column).map(|(_, value)| value);
        let number = if shape.id { "id" } else { "rowid" };
        let question = format!("SELECT {column} FROM {} WHERE {number} = ?1", shape.table.name);
        let held: Value = self.into.prepare_cached(&question)?.query_row([here], |row| row.get(0))?;
        Ok(match (staged, held) {
            (Some(Value::Integer(staged)), Value::Integer(held)) => *staged > held,
            (Some(Value::Integer(_)), Value::Null) => true,
            (Some(Value::Text(_)), Value::Text(held)) => held.is_empty(),
            _ => false,
        })
    }

    fn renew(&self, shape: &Shape, values: &[Value], here: i64) -> rusqlite::Result<()> {
        let set: Vec<String> = shape.columns.iter().map(|column| format!("{} = ?", column.name)).collect();
        let number = if shape.id { "id" } else { "rowid" };
        let question = format!("UPDATE {} SET {} WHERE {number} = ?", shape.table.name, set.join(", "));
        let all = values.iter().cloned().chain([Value::Integer(here)]);
        self.into.prepare_cached(&question)?.execute(params_from_iter(all)).map(|_| ())
    }

    /// Of two things that go on now where only one can, in the bundle and here, the one that began later goes on.
    fn make_room(
        &self,
        shape: &Shape,
        values: &mut [Value],
        person: Option<i64>,
        rivals: &str,
    ) -> rusqlite::Result<()> {
        let place = |name: &str| shape.columns.iter().position(|column| column.name == name);
        let of =
            |values: &[Value], name: &str| place(name).and_then(|at| values.get(at)).cloned().unwrap_or(Value::Null);
        let Value::Integer(from) = of(values, "from_utc_ms") else { return Ok(()) };
        if of(values, "to_utc_ms") != Value::Null {
            return Ok(());
        }
        let now = format!("to_utc_ms IS NULL AND {rivals}");
        let table = shape.table.name;
        let which = params![of(values, "cuff_id"), person, of(values, "side"), from];
        self.into
            .prepare_cached(&format!(
                "UPDATE {table} SET to_utc_ms = max(from_utc_ms, ?4) WHERE {now} AND from_utc_ms <= ?4"
            ))?
            .execute(which)?;
        let later: Option<i64> = self
            .into
            .prepare_cached(&format!("SELECT min(from_utc_ms) FROM {table} WHERE {now} AND from_utc_ms > ?4"))?
            .query_row(which, |row| row.get(0))?;
        if let (Some(later), Some(at)) = (later, place("to_utc_ms")) {
            values.iter_mut().skip(at).take(1).for_each(|to| *to = Value::Integer(later));
        }
        Ok(())
    }

    /// Merges one session with everything that belongs to it.
    fn session(
        &mut self,
        shape: &Shape,
        id: i64,
        imported: &mut Imported,
        taken: &mut Taken,
    ) -> Result<(), MergeError> {
        let values = self.values(shape, id)?;
        let uid =
            self.from.query_row("SELECT uid FROM session WHERE id = ?1", [id], |row| row.get(0)).map(SessionId)?;
        let outcome = match self.same(shape, &values, None)? {
            None => {
                let number = self.insert(shape, &values, None)?;
                self.numbers.entry("session").or_default().insert(id, number);
                Outcome::New
            }
            Some(here) => {
                self.numbers.entry("session").or_default().insert(id, here);
                if Self::whose(self.into, here)? != Self::whose(self.from, id)? {
                    // Somebody else's session of the same id: no bundle of ours has one.
                    return Err(BundleError::damaged(&uid.to_string(), "the session is another person's here").into());
                }
                if Self::reaches(self.from, id)? > Self::reaches(self.into, here)? {
                    self.renew(shape, &values, here)?;
                    // What is drawn shows the sets of the results that go.
                    for gone in ["derived", "bookmark", "trace"] {
                        self.into.execute(&format!("DELETE FROM {gone} WHERE session_id = ?1"), [here])?;
                    }
                    Outcome::Renewed
                } else {
                    Outcome::Kept
                }
            }
        };
        let here = self.number("session", id)?;
        for inside in &shape.inside {
            match (inside.table.name, outcome) {
                ("derived", _) => self.results(inside, id, here, outcome)?,
                // Where an open session is: only the one that is further knows.
                ("bookmark", Outcome::Kept) => {}
                ("edit", Outcome::Kept | Outcome::Renewed) => self.edits(inside, id, here)?,
                _ => {
                    for row in ids(self.from, inside, Some(id))? {
                        self.row(inside, row, Some(here), outcome == Outcome::New)?;
                    }
                }
            }
        }
        totals::refresh(self.into, here)?;
        match outcome {
            Outcome::New => imported.sessions_new += 1,
            Outcome::Renewed => imported.sessions_renewed += 1,
            Outcome::Kept => imported.sessions_kept += 1,
        }
        if outcome != Outcome::Kept {
            taken.insert(uid);
        }
        Ok(())
    }

    fn whose(db: &Connection, session: i64) -> rusqlite::Result<[u8; 16]> {
        db.prepare_cached("SELECT uid FROM profile WHERE id = (SELECT profile_id FROM session WHERE id = ?1)")?
            .query_row([session], |row| row.get(0))
    }

    /// How far a session goes: finished, then how many inputs it has seen.
    fn reaches(db: &Connection, session: i64) -> rusqlite::Result<(bool, i64)> {
        db.prepare_cached("SELECT state = 'finished', raw_next FROM session WHERE id = ?1")?
            .query_row([session], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Results of engines that are not here yet; those of the newest engine become the current ones.
    fn results(&mut self, shape: &Shape, session: i64, here: i64, outcome: Outcome) -> rusqlite::Result<()> {
        let fresh = outcome != Outcome::Kept;
        let newest = "SELECT engine_version, catalogue_version FROM derived WHERE session_id = ?1 AND current = 1";
        let current = |db: &Connection, session: i64| -> rusqlite::Result<Option<(i64, String)>> {
            db.prepare_cached(newest)?.query_row([session], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        };
        let (staged_current, held_current) = (current(self.from, session)?, current(self.into, here)?);
        let newer = match (&staged_current, &held_current) {
            (Some((engine, catalogue)), Some((held_engine, held_catalogue))) => {
                engine.cmp(held_engine).then_with(|| by_version(catalogue, held_catalogue)) == Ordering::Greater
            }
            (staged, held) => staged.is_some() && held.is_none(),
        };
        if !fresh && newer {
            self.into.execute("UPDATE derived SET current = 0 WHERE session_id = ?1", [here])?;
            // What is drawn shows the sets of the results so far.
            self.into.execute("DELETE FROM trace WHERE session_id = ?1", [here])?;
        }
        for id in ids(self.from, shape, Some(session))? {
            let mut values = self.values(shape, id)?;
            if !fresh && let Some(number) = self.same(shape, &values, Some(here))? {
                self.numbers.entry("derived").or_default().insert(id, number);
                continue;
            }
            if !fresh && !newer {
                let at = shape.columns.iter().position(|column| column.name == "current");
                values
                    .iter_mut()
                    .skip(at.unwrap_or(usize::MAX))
                    .take(1)
                    .for_each(|current| *current = Value::Integer(0));
            }
            let number = self.insert(shape, &values, Some(here))?;
            self.numbers.entry("derived").or_default().insert(id, number);
            for inside in &shape.inside {
                self.sets(inside, id, number)?;
            }
        }
        if !fresh
            && newer
            && let Some((engine, catalogue)) = staged_current
        {
            self.into.execute(
                "UPDATE derived SET current = 1 WHERE id = (SELECT max(id) FROM derived WHERE session_id = ?1
                    AND engine_version = ?2 AND catalogue_version = ?3)",
                params![here, engine, catalogue],
            )?;
        }
        Ok(())
    }

    /// Edits of both sides. They count in the order of their numbers, so that where the bundle has one that is not here
    /// all of them are numbered again, as [`in_one_order`] says.
    fn edits(&mut self, shape: &Shape, session: i64, here: i64) -> rusqlite::Result<()> {
        let mut known = BTreeMap::new();
        let staged = edits_of(self.from, shape, session, &mut known)?;
        let held = edits_of(self.into, shape, here, &mut known)?;
        let there: BTreeSet<usize> = held.iter().map(|edit| edit.what).collect();
        if staged.iter().all(|edit| there.contains(&edit.what)) {
            return Ok(());
        }
        let all = in_one_order(&held, &staged);
        self.into.execute("DELETE FROM edit WHERE session_id = ?1", [here])?;
        let undoes = shape.columns.iter().position(|column| column.name == "undoes");
        let mut numbers: BTreeMap<usize, i64> = BTreeMap::new();
        for edit in all {
            let mut values = edit.values.clone();
            if let (Some(undone), Some(at)) = (edit.undoes, undoes) {
                let number = numbers.get(&undone).copied().map_or(Value::Null, Value::Integer);
                values.iter_mut().skip(at).take(1).for_each(|value| *value = number.clone());
            }
            let number = self.insert(shape, &values, Some(here))?;
            numbers.insert(edit.what, number);
        }
        Ok(())
    }

    /// Sets of results that are new here, with their repetitions and strides.
    fn sets(&mut self, shape: &Shape, derived: i64, here: i64) -> rusqlite::Result<()> {
        for id in ids(self.from, shape, Some(derived))? {
            let values = self.values(shape, id)?;
            let number = self.insert(shape, &values, Some(here))?;
            for inside in &shape.inside {
                copy(self.from, self.into, inside, id, number)?;
            }
        }
        Ok(())
    }

    /// Removes people without a name of whom nothing is known: an app that was opened for the first time made one.
    fn drop_nobody(&self) -> rusqlite::Result<()> {
        if self.numbers.get("profile").is_none_or(BTreeMap::is_empty) {
            return Ok(());
        }
        let mut statement = self.into.prepare(
            "SELECT m.name, f.\"from\" FROM pragma_table_list m, pragma_foreign_key_list(m.name) f
             WHERE m.type = 'table' AND f.\"table\" = 'profile'",
        )?;
        let refer: Vec<(String, String)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        let nothing: Vec<String> = refer
            .iter()
            .map(|(table, column)| format!("NOT EXISTS (SELECT 1 FROM {table} WHERE {column} = profile.id)"))
            .collect();
        let kept: BTreeSet<i64> = self.numbers.get("profile").into_iter().flatten().map(|(_, here)| *here).collect();
        let mut statement =
            self.into.prepare(&format!("SELECT id FROM profile WHERE name = '' AND {}", nothing.join(" AND ")))?;
        let nobody: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for id in nobody.into_iter().filter(|id| !kept.contains(id)) {
            self.into.execute("DELETE FROM profile WHERE id = ?1", [id])?;
        }
        Ok(())
    }
}

/// Which of two versions is the later: numbers in them count as numbers, so that "10" comes after "9".
fn by_version(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    loop {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (here, there) = (digits(left), digits(right));
        if here > 0 && there > 0 {
            let number = |text: &str, to: usize| text[..to].trim_start_matches('0').to_owned();
            let (a, b) = (number(left, here), number(right, there));
            match a.len().cmp(&b.len()).then_with(|| a.cmp(&b)) {
                Ordering::Equal => (left, right) = (&left[here..], &right[there..]),
                decided => return decided,
            }
            continue;
        }
        match (left.chars().next(), right.chars().next()) {
            (Some(a), Some(b)) if a == b => (left, right) = (&left[a.len_utf8()..], &right[b.len_utf8()..]),
            // "01" and "1" are one number and two texts.
            (None, None) => return one.cmp(other),
            (a, b) => return a.cmp(&b),
        }
    }
}

/// Copies the rows of a bulk table from one owner to another, bit for bit.
fn copy(from: &Connection, into: &Connection, shape: &Shape, id: i64, number: i64) -> rusqlite::Result<()> {
    let Some(owner) = &shape.owner else { return Ok(()) };
    let names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
    let (names, marks) = (names.join(", "), vec!["?"; names.len() + 1].join(", "));
    let table = shape.table.name;
    let mut read =
        from.prepare_cached(&format!("SELECT {names} FROM {table} WHERE {owner} = ?1 ORDER BY {}", shape.order))?;
    let mut write = into.prepare_cached(&format!("INSERT INTO {table} ({owner}, {names}) VALUES ({marks})"))?;
    let mut rows = read.query([id])?;
    while let Some(row) = rows.next()? {
        write.raw_bind_parameter(1, number)?;
        for at in 0..shape.columns.len() {
            let value: ValueRef<'_> = row.get_ref(at)?;
            write.raw_bind_parameter(at + 2, ToSqlOutput::Borrowed(value))?;
        }
        write.raw_execute()?;
    }
    Ok(())
}
