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
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        *place = header
            .iter()
            .position(|column| column.trim() == name)
            .ok_or_else(|| wrong(format!("it has no column {name}")))?;
    }
    let row = |record: Result<csv::StringRecord, csv::Error>| -> Result<[f64; N], ValidateError> {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let number = |place: usize| record.get(place).and_then(|field| field.trim().parse().ok()).unwrap_or(f64::NAN);
        Ok(places.map(number))
    };
    reader.records().map(row).collect()
}

/// The rows of the CSV file at `path` as text, with the line of names first.
pub(super) fn rows(path: &Path) -> Result<Vec<Vec<String>>, ValidateError> {
    let wrong = |error: csv::Error| ValidateError::Reference { file: path.to_owned(), reason: error.to_string() };
    not_endless(path)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).map_err(wrong)?;
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        record.map(|record| record.iter().map(|field| field.trim().to_owned()).collect()).map_err(wrong)
    };
    reader.records().map(row).collect()
}
