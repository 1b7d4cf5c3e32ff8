//! [`Table`]: a line of names and rows of numbers, read one row at a time.

use super::Reference;
use super::columns::Columns;
use super::error::FileError;
use super::lines::{Fault, Guarded, LineFault};
use super::note::FileNote;
use super::timeline::Rows;
use csv::{ByteRecord, Reader, ReaderBuilder, Trim};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use talus_motion::Sample;

/// Most rows kept, each 64 bytes: 27 hours at 200 Hz, 1.3 GB.
const ROWS_MAX: usize = 20_000_000;
/// The two limits in words.
pub(super) const BYTES_LIMIT: &str = "2 GiB";
const ROWS_LIMIT: &str = "20 million rows";
/// Lines looked at for the line of names.
const LINES_BEFORE_NAMES: u64 = 100;
/// Longest piece of a file that is shown in an error, characters.
const SHOWN_MAX: usize = 40;

/// The line of every row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Lines {
    /// Rows whose line is not the one after the row before: blank lines lie between.
    jumps: Vec<(usize, u64)>,
}

impl Lines {
    /// The line of row `row`.
    pub(super) fn of(&self, row: usize) -> u64 {
        let (first, line) = match self.jumps.partition_point(|(first, _)| *first <= row) {
            0 => (0, 1),
            next => self.jumps[next - 1],
        };
        line + (row - first) as u64
    }

    fn put(&mut self, row: usize, line: u64) {
        if self.jumps.is_empty() || self.of(row) != line {
            self.jumps.push((row, line));
        }
    }
}

/// The rows of a file, in the file's own units.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) samples: Vec<Sample>,
    pub(super) missing: Rows,
    pub(super) reference: Option<Reference>,
    pub(super) lines: Lines,
    pub(super) notes: Vec<FileNote>,
}

/// A file after its line of names.
pub(super) struct Table<R> {
    file: PathBuf,
    names: Vec<String>,
    reader: Reader<BufReader<Guarded<R>>>,
    lines_before: u64,
    decimal_comma: bool,
}

impl<R: Read> Table<R> {
    /// Reads up to the line of names.
    pub(super) fn open(source: R, path: &Path) -> Result<Self, FileError> {
        let file = path.to_owned();
        let mut source = BufReader::new(Guarded::new(source));
        let (mut line, mut bytes) = (0, Vec::new());
        let text = loop {
            bytes.clear();
            let count = source.read_until(b'\n', &mut bytes).map_err(|error| failed(&file, error))?;
            if count == 0 || line == LINES_BEFORE_NAMES {
                let what = if line == 0 { "it is empty" } else { "it has no line of names and no numbers" };
                return Err(FileError::Empty { file, what });
            }
            line += 1;
            let Ok(text) = std::str::from_utf8(&bytes) else {
                return Err(FileError::NotText { file, line, what: "is not UTF-8".to_owned() });
            };
            let text = if line == 1 { text.trim_start_matches('\u{feff}') } else { text };
            // Some apps say which sensor it was first: a name with a colon, and what it is.
            let says = text.split([',', ';', '\t']).next().is_some_and(|first| first.trim_end().ends_with(':'));
            let before = says || ["#", "//", "sep="].iter().any(|mark| text.starts_with(mark));
            if !before && !text.trim().is_empty() {
                break text.trim_matches(|c| c == ' ' || c == '\n').to_owned();
            }
        };
        let delimiter = [b'\t', b';'].into_iter().find(|d| text.contains(*d as char)).unwrap_or(b',');
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).trim(Trim::All).delimiter(delimiter);
        let mut names = csv::StringRecord::new();
        // The guard has seen that this is one record of valid text.
        let read = builder.from_reader(text.as_bytes()).read_record(&mut names).unwrap_or(false);
        let names: Vec<String> = names.iter().map(str::to_owned).collect();
        if !read || names.iter().all(|name| name.is_empty() || number(name.as_bytes(), true).is_some()) {
            return Err(FileError::NoHeader { file, line, found: cut(&text) });
        }
        let reader = builder.from_reader(source);
        Ok(Self { file, names, reader, lines_before: line, decimal_comma: delimiter != b',' })
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn names_shown(&self) -> Vec<String> {
        shown(&self.names)
    }

    /// Reads all rows.
    pub(super) fn read(&mut self, columns: &Columns) -> Result<Kept, FileError> {
        let mut rows = Kept {
            samples: Vec::new(),
            missing: Rows::default(),
            reference: columns.reference.map(|_| Reference { orientation: Vec::new(), counted: Vec::new() }),
            lines: Lines::default(),
            notes: Vec::new(),
        };
        let mut record = ByteRecord::new();
        // A row that may only be wrong because the recording stopped within it.
        let mut doubtful: Option<(u64, FileError)> = None;
        while self.next(&mut record)? {
            if let Some((_, error)) = doubtful {
                return Err(error);
            }
            let line = self.line_of(&record);
            if record.len() == 1 && record[0].is_empty() {
                continue;
            }
            if rows.samples.len() == ROWS_MAX {
                return Err(FileError::TooLarge { file: self.file.clone(), limit: ROWS_LIMIT });
            }
            match self.row(&record, line, columns) {
                Ok(sample) => {
                    let row = rows.samples.len();
                    rows.lines.put(row, line);
                    if sample.acc[0].is_nan() {
                        rows.missing.add(row);
                    }
                    if let (Some(reference), Some((q, counted))) = (&mut rows.reference, columns.reference) {
                        let value = |place: usize| number(&record[place], self.decimal_comma).unwrap_or(f64::NAN);
                        let q = q.map(value);
                        reference.orientation.push(q.iter().all(|v| v.is_finite()).then_some(q));
                        reference.counted.push(counted.is_none_or(|place| value(place) > 0.0));
                    }
                    rows.samples.push(sample);
                }
                Err(error) => doubtful = Some((line, error)),
            }
        }
        if let Some((line, error)) = doubtful {
            let cut_short = match &error {
                FileError::RowLength { expected, found, .. } => found < expected,
                FileError::Number { column, .. } => self.names.last().is_some_and(|last| last == column),
                _ => false,
            };
            if !cut_short || !self.reader.get_ref().get_ref().within_line() {
                return Err(error);
            }
            rows.notes.push(FileNote::CutShort { line });
        }
        if rows.samples.is_empty() {
            return Err(FileError::Empty { file: self.file.clone(), what: "it has names but no numbers" });
        }
        Ok(rows)
    }

    fn next(&mut self, record: &mut ByteRecord) -> Result<bool, FileError> {
        self.reader.read_byte_record(record).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => failed(&self.file, error),
            // The reader is flexible and hands out bytes: nothing else can go wrong.
            _ => FileError::NotText {
                file: self.file.clone(),
                line: self.lines_before,
                what: "cannot be read".to_owned(),
            },
        })
    }

    /// The line of the record just read. Its position is where the reader began to look, which may be a blank line;
    /// the reader now stands behind its end, or in it where the file ends.
    fn line_of(&self, record: &ByteRecord) -> u64 {
        let began = record.position().map_or(1, csv::Position::line);
        self.lines_before + began.max(self.reader.position().line().saturating_sub(1))
    }

    /// One row in the file's own units, `at_us` its time; all six values NaN where one is missing.
    fn row(&self, record: &ByteRecord, line: u64, columns: &Columns) -> Result<Sample, FileError> {
        let (expected, found) = (self.names.len(), record.len());
        // Some writers end a row, but not the names, with a separator.
        if found < expected || record.iter().skip(expected).any(|value| !value.is_empty()) {
            return Err(FileError::RowLength { file: self.file.clone(), line, expected, found });
        }
        let at = |place: usize, expected: &'static str| {
            number(&record[place], self.decimal_comma).ok_or_else(|| FileError::Number {
                file: self.file.clone(),
                line,
                column: self.names[place].clone(),
                expected,
                found: cut(&String::from_utf8_lossy(&record[place])),
            })
        };
        let axes = |axes: [usize; 3]| -> Result<[f64; 3], FileError> {
            Ok([at(axes[0], "a number")?, at(axes[1], "a number")?, at(axes[2], "a number")?])
        };
        let at_us = match columns.time {
            Some(place) => {
                let time = at(place, "a time as a number")?;
                if !time.is_finite() {
                    return Err(FileError::Number {
                        file: self.file.clone(),
                        line,
                        column: self.names[place].clone(),
                        expected: "a time as a number",
                        found: cut(&String::from_utf8_lossy(&record[place])),
                    });
                }
                time
            }
            None => 0.0,
        };
        let (acc, gyr) = (axes(columns.acc)?, axes(columns.gyr)?);
        let whole = acc.iter().chain(&gyr).all(|v| v.is_finite());
        let (acc, gyr) = if whole { (acc, gyr) } else { ([f64::NAN; 3], [f64::NAN; 3]) };
        Ok(Sample { at_us, acc, gyr, clipped: false })
    }
}

/// At most 40 names, each cut.
pub(super) fn shown(names: &[String]) -> Vec<String> {
    names.iter().take(SHOWN_MAX).map(|name| cut(name)).collect()
}

/// A number; not-a-number for a value that is missing; `None` for anything else.
fn number(field: &[u8], decimal_comma: bool) -> Option<f64> {
    let text = std::str::from_utf8(field).ok()?.trim();
    if text.is_empty() || ["nan", "na", "null"].iter().any(|missing| text.eq_ignore_ascii_case(missing)) {
        return Some(f64::NAN);
    }
    if decimal_comma && text.contains(',') && !text.contains('.') {
        return text.replacen(',', ".", 1).parse().ok();
    }
    text.parse().ok()
}

/// The beginning of a text, so that an error stays one readable line.
fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// What a failed read means.
fn failed(file: &Path, error: std::io::Error) -> FileError {
    let file = file.to_owned();
    match Fault::within(&error) {
        Some(Fault { fault: LineFault::Bytes, .. }) => FileError::TooLarge { file, limit: BYTES_LIMIT },
        Some(Fault { line, fault }) => FileError::NotText { file, line, what: fault.to_string() },
        None => FileError::NoAccess { file, source: error },
    }
}
