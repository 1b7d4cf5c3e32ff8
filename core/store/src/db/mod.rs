//! `talus.db`: everything but raw signals. Opening and migrating in [`open`], rows of a session in [`rows`],
//! questions in [`history`] and [`course`], changes by hand in [`edits`], people and cuffs in [`household`], what
//! decides a person's loads in [`person`], what was shared with them in [`programme`]; connections that keep their locks in [`glance`].

pub(crate) mod course;
pub(crate) mod edits;
pub(crate) mod glance;
pub(crate) mod history;
pub(crate) mod household;
pub(crate) mod open;
pub(crate) mod person;
pub(crate) mod programme;
pub(crate) mod rows;
pub(crate) mod totals;
pub(crate) mod traces;

use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::{Deserialize, Serialize};
use std::error::Error;

/// The word of a plain enum value, as its serde name.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    serde_json::to_string(&value).unwrap_or_default().trim_matches('"').to_owned()
}

/// The enum value of a word in column `column`.
pub(crate) fn from_word<'a, T: Deserialize<'a>>(column: usize, word: &'a str) -> rusqlite::Result<T> {
    let source: StrDeserializer<'a, WordError> = word.into_deserializer();
    T::deserialize(source).map_err(|error| conversion(column, error))
}

/// A value of column `column` that is not what this program writes.
pub(crate) fn conversion(column: usize, error: impl Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}
