//! Documents become rows again, one value at a time: nothing of a document but its text is ever held in memory, and
//! what does not fit the schema it says it is of is refused by that schema.

use super::BundleError;
use super::shape::{Column, Kind, Shape};
use crate::SessionId;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// Most rows of a list: twice a day for twenty years.
const LIST_MAX: usize = 20_000;
/// Most levels of a value that is JSON.
const LEVELS_MAX: usize = 128;

/// Takes documents into an empty database.
pub(crate) struct Intake<'a> {
    db: &'a Connection,
    /// Rows a document has counted so far: `Kind::Counted` refers to them.
    counted: BTreeMap<&'static str, Vec<i64>>,
    /// What the database said, where that is why a document was refused.
    refused: Option<rusqlite::Error>,
    /// The uid of the document's own row.
    uid: Option<[u8; 16]>,
}

/// Why a document was not taken.
#[derive(Debug)]
pub(crate) enum Refused {
    Bundle(BundleError),
    Database(rusqlite::Error),
}

impl<'a> Intake<'a> {
    pub(crate) fn new(db: &'a Connection) -> Self {
        Self { db, counted: BTreeMap::new(), refused: None, uid: None }
    }

    /// Takes one document: a row of `shape` with everything inside it. Gives the uid it has.
    pub(crate) fn take(&mut self, part: &str, shape: &Shape, text: &[u8]) -> Result<Option<[u8; 16]>, Refused> {
        self.counted.clear();
        self.uid = None;
        let mut from = serde_json::Deserializer::from_slice(text);
        let taken = RowSeed { intake: self, shape, owner: None, profile: None, root: true }
            .deserialize(&mut from)
            .and_then(|()| from.end());
        self.outcome(part, taken)?;
        Ok(self.uid)
    }

    /// Takes a list of rows of `shape` that belong to nobody.
    pub(crate) fn take_list(&mut self, part: &str, shape: &Shape, text: &[u8]) -> Result<(), Refused> {
        self.counted.clear();
        let mut from = serde_json::Deserializer::from_slice(text);
        let taken = ListSeed { intake: self, shape, owner: None, profile: None }
            .deserialize(&mut from)
            .and_then(|()| from.end());
        self.outcome(part, taken)
    }

    fn outcome(&mut self, part: &str, taken: Result<(), serde_json::Error>) -> Result<(), Refused> {
        match (taken, self.refused.take()) {
            (Ok(()), _) => Ok(()),
            // A value that cannot be is the bundle's fault, anything else the disk's.
            (Err(_), Some(error)) if error.sqlite_error_code().is_some_and(|code| !value_at_fault(code)) => {
                Err(Refused::Database(error))
            }
            (Err(_), Some(error)) => Err(Refused::Bundle(BundleError::damaged(part, &error))),
            (Err(error), None) => Err(Refused::Bundle(BundleError::damaged(part, &error))),
        }
    }

    /// The row a uid stands for. A person may come after a session of theirs and is made here then.
    fn row_of(&self, table: &'static str, uid: [u8; 16]) -> rusqlite::Result<Option<i64>> {
        let find = || {
            self.db
                .prepare_cached(&format!("SELECT id FROM {table} WHERE uid = ?1"))?
                .query_row([uid], |row| row.get(0))
                .optional()
        };
        if let Some(id) = find()? {
            return Ok(Some(id));
        }
        if table == "profile" {
            self.db.execute("INSERT INTO profile (uid, name) VALUES (?1, '')", [uid])?;
            return find();
        }
        Ok(None)
    }

    fn insert(
        &mut self,
        shape: &Shape,
        values: &[Value],
        owner: Option<i64>,
        profile: Option<i64>,
    ) -> rusqlite::Result<i64> {
        let mut names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
        names.extend(shape.owner.as_deref());
        if shape.profile {
            names.push("profile_id");
        }
        let marks = vec!["?"; names.len()].join(", ");
        // Only a person may be there already: as the owner of a session that came before.
        let again = if shape.table.name == "profile" {
            let set: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
            format!(" ON CONFLICT (uid) DO UPDATE SET {}", set.join(", "))
        } else {
            String::new()
        };
        let question = format!("INSERT INTO {} ({}) VALUES ({marks}){again}", shape.table.name, names.join(", "));
        let more = [owner.filter(|_| shape.owner.is_some()), profile.filter(|_| shape.profile)];
        let more = more.into_iter().flatten().map(Value::Integer);
        self.db.prepare_cached(&question)?.execute(params_from_iter(values.iter().cloned().chain(more)))?;
        if shape.table.name == "profile" {
            let uid = values.first().cloned();
            return self.db.query_row("SELECT id FROM profile WHERE uid = ?1", params_from_iter(uid), |row| row.get(0));
        }
        let id = self.db.last_insert_rowid();
        if let Some(list) = Some(shape.table).filter(|table| !table.bulk) {
            self.counted.entry(list.name).or_default().push(id);
        }
        Ok(id)
    }
}

/// Whether an error is about the value rather than about the disk.
fn value_at_fault(code: rusqlite::ErrorCode) -> bool {
    use rusqlite::ErrorCode as Code;
    matches!(code, Code::ConstraintViolation | Code::TypeMismatch | Code::TooBig | Code::Unknown)
}

/// One row, and what is inside it.
struct RowSeed<'i, 'a, 's> {
    intake: &'i mut Intake<'a>,
    shape: &'s Shape,
    owner: Option<i64>,
    profile: Option<i64>,
    root: bool,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the columns of {}", self.shape.table.word)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { intake, shape, owner, profile, root } = self;
        let mut values = vec![Value::Null; shape.columns.len()];
        let mut seen = vec![false; shape.columns.len() + shape.inside.len()];
        let mut row = None;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let column = shape.columns.iter().position(|column| column.word == *key);
            let inside = shape.inside.iter().position(|inside| *inside.table.word == *key);
            let place = column.or(inside.map(|at| at + shape.columns.len()));
            let Some(seen) = place.and_then(|place| seen.get_mut(place)) else {
                return Err(A::Error::custom(format_args!("{} has no {key:.40?}", shape.table.word)));
            };
            if std::mem::replace(seen, true) {
                return Err(A::Error::custom(format_args!("{key:?} stands there twice")));
            }
            if let Some(column) = column.and_then(|at| shape.columns.get(at)) {
                if row.is_some() {
                    return Err(A::Error::custom(format_args!("{key:?} stands behind what belongs to it")));
                }
                let value = map.next_value_seed(ValueSeed { intake, column, null: false })?;
                if let Some(place) = shape.columns.iter().position(|one| one.word == *key) {
                    values.splice(place..=place, [value]);
                }
            } else if let Some(inside) = inside.and_then(|at| shape.inside.get(at)) {
                let (id, profile) = match row {
                    Some(row) => row,
                    None => *row.insert(own(intake, shape, &values, owner, profile)?),
                };
                if inside.table.bulk {
                    map.next_value_seed(BulkSeed { intake, shape: inside, owner: id })?;
                } else {
                    map.next_value_seed(ListSeed { intake, shape: inside, owner: Some(id), profile })?;
                }
            }
        }
        if row.is_none() {
            own::<A::Error>(intake, shape, &values, owner, profile)?;
        }
        if root {
            intake.uid = shape.columns.iter().zip(&values).find_map(|(column, value)| match (column.kind, value) {
                (Kind::Uid, Value::Blob(bytes)) => bytes.as_slice().try_into().ok(),
                _ => None,
            });
        }
        Ok(())
    }
}

/// Puts a row in once its columns are known; gives its number and whose rows are inside it.
fn own<E: serde::de::Error>(
    intake: &mut Intake<'_>,
    shape: &Shape,
    values: &[Value],
    owner: Option<i64>,
    profile: Option<i64>,
) -> Result<(i64, Option<i64>), E> {
    let id = refuse(intake, |intake| intake.insert(shape, values, owner, profile))?;
    let person = shape.columns.iter().zip(values).find_map(|(column, value)| match (column.kind, value) {
        (Kind::Refers("profile"), Value::Integer(id)) => Some(*id),
        _ => None,
    });
    let person = if shape.table.name == "profile" { Some(id) } else { person.or(profile) };
    Ok((id, person))
}

/// Asks the database; keeps its own words for [`Intake::outcome`].
fn refuse<T, E: serde::de::Error>(
    intake: &mut Intake<'_>,
    ask: impl FnOnce(&mut Intake<'_>) -> rusqlite::Result<T>,
) -> Result<T, E> {
    ask(intake).map_err(|error| {
        let said = E::custom(&error);
        intake.refused = Some(error);
        said
    })
}

/// A list of rows.
struct ListSeed<'i, 'a, 's> {
    intake: &'i mut Intake<'a>,
    shape: &'s Shape,
    owner: Option<i64>,
    profile: Option<i64>,
}

impl<'de> DeserializeSeed<'de> for ListSeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ListSeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.shape.table.word)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { intake, shape, owner, profile } = self;
        let mut rows = 0;
        while list.next_element_seed(RowSeed { intake, shape, owner, profile, root: false })?.is_some() {
            rows += 1;
            if rows > LIST_MAX {
                return Err(A::Error::invalid_length(rows, &"fewer"));
            }
        }
        Ok(())
    }
}

/// A list of columns and lists of values.
struct BulkSeed<'i, 'a, 's> {
    intake: &'i mut Intake<'a>,
    shape: &'s Shape,
    owner: i64,
}

impl<'de> DeserializeSeed<'de> for BulkSeed<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BulkSeed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "columns and rows of {}", self.shape.table.word)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { intake, shape, owner } = self;
        let (Some("columns"), columns) = (map.next_key::<&str>()?, map.next_value::<Vec<String>>()?) else {
            return Err(A::Error::custom("the columns come first"));
        };
        let mut places = Vec::new();
        for word in &columns {
            let place = shape.columns.iter().find(|column| column.word == *word);
            let place = place.ok_or_else(|| A::Error::custom(format_args!("there is no column {word:.40?}")))?;
            if places.contains(&place) {
                return Err(A::Error::custom(format_args!("{word:?} stands there twice")));
            }
            places.push(place);
        }
        let owner_column = shape.owner.as_deref().unwrap_or("rowid");
        let names: Vec<&str> =
            [owner_column].into_iter().chain(places.iter().map(|column| column.name.as_str())).collect();
        let marks = vec!["?"; names.len()].join(", ");
        let question = format!("INSERT INTO {} ({}) VALUES ({marks})", shape.table.name, names.join(", "));
        let db = intake.db;
        let mut statement = refuse(intake, |_| db.prepare_cached(&question))?;
        if map.next_key::<&str>()? != Some("rows") {
            return Err(A::Error::custom("the rows come second"));
        }
        map.next_value_seed(RowsSeed { intake, columns: &places, statement: &mut statement, owner })?;
        match map.next_key::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("there are only columns and rows")),
        }
    }
}

struct RowsSeed<'i, 'a, 's, 'q> {
    intake: &'i mut Intake<'a>,
    columns: &'s [&'s Column],
    statement: &'q mut rusqlite::CachedStatement<'a>,
    owner: i64,
}

impl<'de> DeserializeSeed<'de> for RowsSeed<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lists of values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { intake, columns, statement, owner } = self;
        loop {
            refuse(intake, |_| statement.raw_bind_parameter(1, owner))?;
            let one = CellsSeed { intake, columns, statement };
            if list.next_element_seed(one)?.is_none() {
                return Ok(());
            }
            refuse(intake, |_| statement.raw_execute())?;
        }
    }
}

/// The values of one row, bound as they come.
struct CellsSeed<'i, 'a, 's, 'q> {
    intake: &'i mut Intake<'a>,
    columns: &'s [&'s Column],
    statement: &'q mut rusqlite::CachedStatement<'a>,
}

impl<'de> DeserializeSeed<'de> for CellsSeed<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for CellsSeed<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values", self.columns.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { intake, columns, statement } = self;
        for (at, column) in columns.iter().enumerate() {
            let Some(value) = list.next_element_seed(ValueSeed { intake, column, null: true })? else {
                return Err(A::Error::invalid_length(at, &"a value for each column"));
            };
            refuse(intake, |_| statement.raw_bind_parameter(at + 2, value))?;
        }
        match list.next_element::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::invalid_length(columns.len() + 1, &"a value for each column")),
        }
    }
}

/// How many lists and objects stand in each other in a text that is JSON. Counted, not followed: taking a value over as
/// it is costs nothing at any depth, and whoever reads it later follows it down.
fn levels(json: &str) -> usize {
    let (mut now, mut most, mut text, mut escaped) = (0usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'[' | b'{' if !text => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// One value of a column.
struct ValueSeed<'i, 'a, 's> {
    intake: &'i mut Intake<'a>,
    column: &'s Column,
    /// Whether JSON's null is no value: in a list of values, where nothing can be left out.
    null: bool,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        match self.column.kind {
            Kind::Json => {
                let raw = <&RawValue as serde::Deserialize>::deserialize(from)?;
                if levels(raw.get()) > LEVELS_MAX {
                    return Err(D::Error::custom(format_args!(
                        "{} has more than {LEVELS_MAX} levels",
                        self.column.word
                    )));
                }
                Ok(if self.null && raw.get() == "null" { Value::Null } else { Value::Text(raw.get().to_owned()) })
            }
            _ => from.deserialize_any(self),
        }
    }
}

impl Visitor<'_> for ValueSeed<'_, '_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.column.kind {
            Kind::Integer | Kind::Counted(_) => "a whole number",
            Kind::Real => "a number",
            Kind::Text => "text",
            Kind::Json => "JSON",
            Kind::Uid | Kind::Refers(_) => "an id",
            Kind::Blob => "hexadecimal digits",
        };
        write!(f, "{what} for {}", self.column.word)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Value, E> {
        match self.column.kind {
            Kind::Integer => Ok(Value::Integer(number)),
            Kind::Real => Ok(Value::Real(number as f64)),
            Kind::Counted(table) => {
                let list = self.intake.counted.get(table);
                let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
                let id = place.and_then(|place| list?.get(place).copied());
                id.map(Value::Integer)
                    .ok_or_else(|| E::custom(format_args!("there is no {} {number}", self.column.word)))
            }
            _ => Err(E::invalid_type(serde::de::Unexpected::Signed(number), &self)),
        }
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::invalid_value(serde::de::Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        match self.column.kind {
            Kind::Real => Ok(Value::Real(number)),
            _ => Err(E::invalid_type(serde::de::Unexpected::Float(number), &self)),
        }
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        let unexpected =
            |seed: &Self| E::invalid_value(serde::de::Unexpected::Str(text.get(..40).unwrap_or("…")), seed);
        match self.column.kind {
            Kind::Text => Ok(Value::Text(text.to_owned())),
            Kind::Uid => {
                let id: SessionId = text.parse().map_err(E::custom)?;
                Ok(Value::Blob(id.0.to_vec()))
            }
            Kind::Refers(table) => {
                let id: SessionId = text.parse().map_err(E::custom)?;
                let row = refuse(self.intake, |intake| intake.row_of(table, id.0))?;
                row.map(Value::Integer).ok_or_else(|| E::custom(format_args!("there is no {table} {id}")))
            }
            Kind::Blob => {
                let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
                let (pairs, rest) = text.as_bytes().as_chunks::<2>();
                let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
                match bytes.collect::<Option<Vec<u8>>>() {
                    Some(bytes) if rest.is_empty() => Ok(Value::Blob(bytes)),
                    _ => Err(unexpected(&self)),
                }
            }
            _ => Err(unexpected(&self)),
        }
    }
}
