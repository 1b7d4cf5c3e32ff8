//! What can be wrong with a recorded file: every variant says where, what was expected, and what to do.

use super::units::Quantity;
use std::io;
use std::path::PathBuf;
use talus_store::system_words;

/// Why a recorded file could not be read. The text reads after "failed to ".
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("read {}: there is no such file", file.display())]
    Missing {
        /// The file asked for.
        file: PathBuf,
    },
    /// It is a folder.
    #[error("read {}: it is a folder, not a file", file.display())]
    Folder {
        /// The folder.
        file: PathBuf,
    },
    /// The system does not hand it out.
    #[error("read {}: {}", file.display(), system_words(source))]
    NoAccess {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is longer than can be kept in memory.
    #[error("read {}: it is longer than {limit}", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// The limit that was passed, in words.
        limit: &'static str,
    },
    /// It holds nothing, or nothing after the line of names.
    #[error("read {}: {what}", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
        /// What is missing.
        what: &'static str,
    },
    /// It is not a text file in UTF-8 with lines.
    #[error("read {}: line {line} {what}", file.display())]
    NotText {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What was found there.
        what: String,
    },
    /// The first line does not name columns.
    #[error("read {}: expected column names in line {line}, found {found:?}", file.display())]
    NoHeader {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The beginning of that line.
        found: String,
    },
    /// A column that is needed is not there, or several could be it.
    #[error("read {}: expected {expected}, found the columns {}", file.display(), found.join(", "))]
    Columns {
        /// The file.
        file: PathBuf,
        /// What was looked for.
        expected: String,
        /// The names in the file (at most 40 of them).
        found: Vec<String>,
    },
    /// A row is shorter or longer than the line of names.
    #[error("read {}: line {line} has {found} values, expected {expected}", file.display())]
    RowLength {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// Values expected: as many as there are names.
        expected: usize,
        /// Values found.
        found: usize,
    },
    /// A value is not a number.
    #[error("read {}: line {line}, column {column}: expected {expected}, found {found:?}", file.display())]
    Number {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// The column's name.
        column: String,
        /// What was expected.
        expected: &'static str,
        /// What was found, cut to a readable length.
        found: String,
    },
    /// No row has six numbers.
    #[error("read {}: none of its {rows} rows has six numbers", file.display())]
    NotMeasured {
        /// The file.
        file: PathBuf,
        /// Rows seen.
        rows: usize,
    },
    /// Too few rows to know the rate and the units.
    #[error("read {}: it has {rows} of the {least} rows needed at least", file.display())]
    TooShort {
        /// The file.
        file: PathBuf,
        /// Rows seen.
        rows: usize,
        /// Rows needed.
        least: usize,
    },
    /// The time column does not run forward.
    #[error(
        "read {}: time does not run forward in {rows} of {of} rows, first in line {line}",
        file.display()
    )]
    TimeOrder {
        /// The file.
        file: PathBuf,
        /// First line whose time is not later than the one before.
        line: u64,
        /// Rows that are not later than a row before them.
        rows: usize,
        /// Rows in all.
        of: usize,
    },
    /// There is no time column and nothing else tells the rate.
    #[error("read {}: expected a time column or a known rate, found the columns {}", file.display(), found.join(", "))]
    NoTime {
        /// The file.
        file: PathBuf,
        /// The names in the file (at most 40 of them).
        found: Vec<String>,
    },
    /// The rate is outside what can be followed.
    #[error("read {}: {rate_hz:.3} samples per second, expected 12.5 to 1000", file.display())]
    Rate {
        /// The file.
        file: PathBuf,
        /// The rate found, Hz.
        rate_hz: f64,
    },
    /// Units are neither stated nor certain from the numbers.
    #[error("read {}: the unit of its {quantity} is not certain: {reason}", file.display())]
    Units {
        /// The file.
        file: PathBuf,
        /// What it is the unit of.
        quantity: Quantity,
        /// What was seen.
        reason: String,
    },
    /// It is one of the two files of a recording, and the other is not to be found.
    #[error("read {}: it holds {quantity} only, and {reason}", file.display())]
    Half {
        /// The file.
        file: PathBuf,
        /// What it holds.
        quantity: Quantity,
        /// Why the other one was not found.
        reason: String,
    },
    /// The two files of a recording hardly have any time in common.
    #[error(
        "read {} with {}: they share {shared_s:.1} of {longest_s:.1} seconds",
        file.display(), other.display()
    )]
    Apart {
        /// The file.
        file: PathBuf,
        /// The other.
        other: PathBuf,
        /// Time that both cover, seconds.
        shared_s: f64,
        /// Time that the longer one covers, seconds.
        longest_s: f64,
    },
    /// The input map is wrong.
    #[error("read the input map {}: {}{reason}", file.display(), at(*line))]
    Map {
        /// The map.
        file: PathBuf,
        /// The line, counted from 1, where one is at fault.
        line: Option<u64>,
        /// The field and what is wrong with it.
        reason: String,
    },
}

fn at(line: Option<u64>) -> String {
    line.map(|line| format!("line {line}: ")).unwrap_or_default()
}

impl FileError {
    /// What a person can do, in English; one or two sentences.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "Check the name and the folder.",
            Self::Folder { .. } => "Give the files in it by name.",
            Self::NoAccess { .. } => "Check that you may read the file.",
            Self::TooLarge { .. } => "Cut the recording into shorter files.",
            Self::Empty { .. } => "Check that the recording was saved to its end.",
            Self::NotText { .. } => "Save it as CSV in UTF-8, one row of numbers per line.",
            Self::NoHeader { .. } => {
                "Put one line of names before the numbers: t_s,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z."
            }
            Self::Columns { .. } => "Say which columns to use with --input-map FILE.",
            Self::RowLength { .. } => "Check that line. Every row needs one value for each name in the first line.",
            Self::Number { .. } => {
                "Check that value. A missing value may be left empty or written as nan, a missing time may not."
            }
            Self::NotMeasured { .. } => "Check that the sensor was on, or choose other columns with --input-map FILE.",
            Self::TooShort { .. } => "Record at least one second.",
            Self::TimeOrder { .. } => {
                "Sort the rows by time. If times are too coarse, give rate_hz instead with --input-map FILE."
            }
            Self::NoTime { .. } => "Give the time column or rate_hz with --input-map FILE.",
            Self::Rate { .. } => "Check the unit of the time column, and give it with --input-map FILE.",
            Self::Units { .. } => "Give the units with --input-map FILE.",
            Self::Half { .. } => {
                "Put both files into one folder, with the names the app gave them: …_Accelerometer_….csv, …_Gyroscope_….csv."
            }
            Self::Apart { .. } => "Check that both files are of the same recording.",
            Self::Map { .. } => {
                "Correct the map. Its fields are rate_hz, [columns] t, acc, gyr and [units] t, acc, gyr."
            }
        }
    }
}
