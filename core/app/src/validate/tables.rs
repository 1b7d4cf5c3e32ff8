//! Reference tables: numbers under names.

use super::ValidateError;
use std::path::Path;

/// Longer tables are no reference, bytes: markers of an hour have a tenth of it.
const BYTES_MOST: u64 = 1 << 28;

fn not_endless(path: &Path) -> Result<(), ValidateError> {
    let wrong = |reason: String| ValidateError::Reference { file: path.to_owned(), reason };
    let bytes = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if bytes > BYTES_MOST {
        return Err(wrong(format!("it has {bytes} bytes, more than {BYTES_MOST}")));
    }
    Ok(())
}

/// The columns `names` of the CSV file at `path`, row by row; an empty field is not a number.
pub(super) fn columns<const N: usize>(path: &Path, names: [&str; N]) -> Result<Vec<[f64; N]>, ValidateError> {
    let wrong = |reason: String| ValidateError::Reference { file: path.to_owned(), reason };
    not_endless(path)?;
    let mut reader = csv::Reader::from_path(path).map_err(|error| wrong(error.to_string()))?;
    let header = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let places = places(&header, names).map_err(|name| wrong(format!("it has no column {name}")))?;
    let row = |record: Result<csv::StringRecord, csv::Error>| -> Result<[f64; N], ValidateError> {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let number = |place: usize| record.get(place).and_then(|field| field.trim().parse().ok()).unwrap_or(f64::NAN);
        Ok(places.map(number))
    };
    reader.records().map(row).collect()
}

/// The columns `names` of the CSV file at `path` as text; a field that is not there is empty.
pub(super) fn words<const N: usize>(path: &Path, names: [&str; N]) -> Result<[Vec<String>; N], ValidateError> {
    let wrong = |reason: String| ValidateError::Reference { file: path.to_owned(), reason };
    not_endless(path)?;
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(|error| wrong(error.to_string()))?;
    let header = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let places = places(&header, names).map_err(|name| wrong(format!("it has no column {name}")))?;
    let mut columns = [const { Vec::new() }; N];
    for record in reader.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        for (column, place) in columns.iter_mut().zip(places) {
            column.push(record.get(place).unwrap_or_default().trim().to_owned());
        }
    }
    Ok(columns)
}

/// Where the columns of these names are, or the name that is not there.
fn places<'a, const N: usize>(header: &csv::StringRecord, names: [&'a str; N]) -> Result<[usize; N], &'a str> {
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        // A mark of UTF-8 before the first name is no part of it.
        let is = |column: &str| column.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name);
        *place = header.iter().position(is).ok_or(name)?;
    }
    Ok(places)
}
