//! [`FileNote`]: what a person may want to know about a file that was read.

use super::units::Quantity;
use std::fmt;

/// Something that was found in a file and did not keep it from being read. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub enum FileNote {
    /// Rows with the time of the row before.
    TimesRepeated {
        /// How many.
        rows: usize,
        /// The first.
        line: u64,
    },
    /// Rows with an earlier time than one before them.
    TimeRanBack {
        /// How many.
        rows: usize,
        /// The first.
        line: u64,
    },
    /// Steps of more than one and a half periods.
    Gaps {
        /// How many.
        gaps: usize,
        /// Samples missing in all of them.
        missing: u64,
        /// The longest, seconds.
        longest_s: f64,
        /// The row after the first.
        line: u64,
    },
    /// Rows without six numbers.
    ValuesMissing {
        /// How many.
        rows: usize,
        /// The first.
        line: u64,
    },
    /// The last line ends in its middle and was left out.
    CutShort {
        /// That line.
        line: u64,
    },
    /// A unit was not written and was taken from the numbers.
    UnitGuessed {
        /// What it is the unit of.
        quantity: Quantity,
        /// The unit.
        unit: String,
    },
    /// The numbers contradict the format that the file's name stands for; the numbers were believed.
    UnitContradicted {
        /// What it is the unit of.
        quantity: Quantity,
        /// The unit of the format.
        usual: String,
        /// The unit of the numbers.
        unit: String,
    },
    /// There is no time column; the rate is that of the format.
    RateKnown {
        /// The rate, Hz.
        rate_hz: f64,
    },
    /// Rows with more than any sensor for bodies measures: they were taken as rows without numbers.
    BeyondSensors {
        /// How many.
        rows: usize,
        /// The first.
        line: u64,
    },
    /// The recording is in two files; this one and another were joined.
    Joined {
        /// The other file.
        file: String,
        /// Its rate, Hz.
        rate_hz: f64,
    },
    /// Something about the other of two files.
    OfOther {
        /// The other file.
        file: String,
        /// What; its lines are those of that file.
        note: Box<FileNote>,
    },
    /// Rows at the ends that only one of two files has.
    Outside {
        /// How many.
        rows: usize,
    },
    /// Rows for which one of two files has no value: it has a gap there.
    NotInBoth {
        /// How many.
        rows: usize,
    },
    /// Gravity has an unlikely size in the given units.
    GravityOdd {
        /// Its size, m/s².
        mps2: f64,
    },
}

impl FileNote {
    /// What was found, in a language (`de-AT` is German, anything unknown is English).
    pub fn told(&self, language: &str) -> String {
        if crate::error::is_german(language) { crate::german::note(self) } else { self.to_string() }
    }
}

impl fmt::Display for FileNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = |count: usize| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        match self {
            Self::TimesRepeated { rows: count, line } => {
                write!(f, "left out {} with the time of the row before, first in line {line}", rows(*count))
            }
            Self::TimeRanBack { rows: count, line } => {
                write!(f, "left out {} with a time before the latest, first in line {line}", rows(*count))
            }
            Self::Gaps { gaps, missing, longest_s, line } => {
                let (pauses, samples) = (plural(*gaps as u64, "gap"), plural(*missing, "sample"));
                write!(f, "{pauses} of {samples} in all, the longest {longest_s:.3} s, first before line {line}")
            }
            Self::ValuesMissing { rows: count, line } => {
                write!(f, "{} without six numbers, first in line {line}", rows(*count))
            }
            Self::CutShort { line } => write!(f, "left out line {line}: it ends in the middle"),
            Self::UnitGuessed { quantity, unit } => write!(f, "took {unit} as the unit of {quantity}, by its numbers"),
            Self::UnitContradicted { quantity, usual, unit } => {
                write!(f, "took {unit} as the unit of {quantity}, by its numbers; such files are usually in {usual}")
            }
            Self::RateKnown { rate_hz } => write!(f, "no time column, took {rate_hz} samples per second"),
            Self::BeyondSensors { rows: count, line } => {
                write!(f, "left out {} with more than any sensor measures, first in line {line}", rows(*count))
            }
            Self::Joined { file, rate_hz } => {
                write!(f, "joined with {file}, which has {rate_hz:.1} samples per second")
            }
            Self::OfOther { file, note } => write!(f, "{file}: {note}"),
            Self::Outside { rows: count } => {
                write!(f, "left out {} at the ends that only one of the two files has", rows(*count))
            }
            Self::NotInBoth { rows: count } => {
                write!(f, "{} without six numbers: one of the two files has a gap there", rows(*count))
            }
            Self::GravityOdd { mps2 } => {
                write!(f, "gravity reads {mps2:.2} m/s2 where the sensor is calmest: the unit may be wrong")
            }
        }
    }
}

fn plural(count: u64, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
