//! Recorded IMU files in: [`read`] turns a CSV file into samples in SI units, or says what is wrong and where.
//!
//! A file is one line of names and rows of numbers, separated by commas, semicolons (then with decimal commas or
//! points) or tabs; UTF-8 with or without mark, any line ends, quoted or not; lines before the names that begin with
//! `#`, `//` or `sep=` are passed over. Needed are the three axes of an accelerometer and of a gyroscope and a time
//! column, in any order and under many names; other columns are passed over.
//!
//! A recording can lie in two files, one a sensor (`metabase.rs`); they are read as one where either is named.
//!
//! Units come from, in this order: the input map, the unit in a column's name, the numbers themselves where they are
//! certain, and the format that the file's folder and name stand for ([`Preset`]). Where none of these tells,
//! reading is refused; nothing is assumed.

mod columns;
mod error;
mod input_map;
mod lines;
mod metabase;
mod note;
mod preset;
mod table;
mod timeline;
mod units;

pub use error::FileError;
pub use input_map::{InputMap, MappedColumns, MappedUnits};
pub use metabase::recordings;
pub use note::FileNote;
pub use preset::Preset;
pub use units::{AccUnit, GyrUnit, Quantity, TimeUnit};

use columns::{Columns, Stated, Unfound};
use preset::side_of_name;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use table::Table;
use talus_motion::{Sample, Side};
use timeline::Steps;
use units::Evidence;

/// Rows without which neither rate nor units mean anything.
const ROWS_LEAST: usize = 3;
/// More than one row in this many whose time does not run forward is a broken or too coarse time column.
const BEHIND_ONE_IN: usize = 5;
/// Gravity outside this range gets a note, m/s² (motion refuses to measure there).
const GRAVITY_LIKELY_MPS2: std::ops::RangeInclusive<f64> = 7.35..=12.25;
/// A row is later than the one before it if at least this share of a period lies between them.
const LATER_PERIODS: f64 = 0.2;

/// A recorded file.
#[derive(Debug, Clone, PartialEq)]
pub struct ImuFile {
    /// The file's name without its folder.
    pub name: String,
    /// One sample per row, in the order of the file, in SI units; `at_us` is the file's own time in microseconds. A
    /// row without six numbers has NaN in all six; a repeated time stays in (see [`ImuFile::in_order`]).
    pub samples: Vec<Sample>,
    /// Samples per second: the mean of the usual steps, gaps left out (12.5 to 1,000).
    pub rate_hz: f64,
    /// Where columns and units were known from.
    pub preset: Preset,
    /// The leg, from the file's name or its format.
    pub side: Option<Side>,
    /// What a person may want to know.
    pub notes: Vec<FileNote>,
    /// An optical reference, where the file has one.
    pub reference: Option<Reference>,
}

/// What an optical system saw, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Orientation of the sensor in the earth's axes (w, x, y, z); `None` where not tracked.
    pub orientation: Vec<Option<[f64; 4]>>,
    /// Whether the row counts in a comparison; all do where the file does not say.
    pub counted: Vec<bool>,
}

impl ImuFile {
    /// The samples whose time runs forward, in order: what a cuff would have sent. Rows without six numbers stay in
    /// and become missing ticks.
    pub fn in_order(&self) -> impl Iterator<Item = &Sample> {
        let least_us = LATER_PERIODS * 1e6 / self.rate_hz;
        let mut latest_us = f64::NEG_INFINITY;
        self.samples.iter().filter(move |sample| {
            let later = sample.at_us - latest_us > least_us;
            if later {
                latest_us = sample.at_us;
            }
            later
        })
    }

    /// Time from the first to the last row, seconds.
    pub fn length_s(&self) -> f64 {
        let ends = self.samples.first().zip(self.samples.last());
        ends.map_or(0.0, |(first, last)| (last.at_us - first.at_us) * 1e-6)
    }
}

/// Reads the file at `path`; a `map` says which column is what, otherwise names, numbers and folder do. Where it is one of
/// the two files of a recording, the other is read with it.
pub fn read(path: &Path, map: Option<&InputMap>) -> Result<ImuFile, FileError> {
    if let (None, Some(quantity)) = (map, metabase::half_of(path)) {
        return metabase::read(path, quantity);
    }
    parse(opened(path)?, path, map)
}

/// A file to read from, or why it is none.
fn opened(path: &Path) -> Result<File, FileError> {
    let file = || path.to_owned();
    let closed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileError::Missing { file: file() },
        io::ErrorKind::IsADirectory => FileError::Folder { file: file() },
        _ => FileError::NoAccess { file: file(), source },
    };
    let about = std::fs::metadata(path).map_err(closed)?;
    if about.is_dir() {
        return Err(FileError::Folder { file: file() });
    }
    if about.len() > lines::BYTES_MAX {
        return Err(FileError::TooLarge { file: file(), limit: table::BYTES_LIMIT });
    }
    File::open(path).map_err(closed)
}

/// Reads a file from any source of bytes; `path` is what errors call it and where its format is looked for.
pub fn parse(source: impl Read, path: &Path, map: Option<&InputMap>) -> Result<ImuFile, FileError> {
    let file = || path.to_owned();
    let mut table = Table::open(source, path)?;
    let columns = match map {
        Some(map) => mapped(map, table.names(), path)?,
        None => Columns::of(table.names()).map_err(|Unfound(expected)| match metabase::half(table.names()) {
            Some((quantity, _)) => {
                FileError::Half { file: file(), quantity, reason: "the other file is not beside it".to_owned() }
            }
            None => FileError::Columns { file: file(), expected, found: table.names_shown() },
        })?,
    };
    let preset = if map.is_some() { Preset::Mapped } else { Preset::of(path, &columns, table.names()) };
    let rate_known_hz = map.and_then(|map| map.rate_hz).or(preset.rate_hz());
    if columns.time.is_none() && rate_known_hz.is_none() {
        return Err(FileError::NoTime { file: file(), found: table.names_shown() });
    }
    let rows = table.read(&columns)?;
    let (mut samples, mut notes) = (rows.samples, rows.notes);
    if samples.len() < ROWS_LEAST {
        return Err(FileError::TooShort { file: file(), rows: samples.len(), least: ROWS_LEAST });
    }
    if rows.missing.count == samples.len() {
        return Err(FileError::NotMeasured { file: file(), rows: samples.len() });
    }
    if rows.missing.count > 0 {
        let line = rows.lines.of(rows.missing.first);
        notes.push(FileNote::ValuesMissing { rows: rows.missing.count, line });
    }

    let rate_hz = if let Some(rate_hz) = rate_known_hz.filter(|_| columns.time.is_none()) {
        if preset.rate_hz().is_some() {
            notes.push(FileNote::RateKnown { rate_hz });
        }
        for (row, sample) in samples.iter_mut().enumerate() {
            sample.at_us = row as f64 * 1e6 / rate_hz;
        }
        rate_hz
    } else {
        let stated = match map {
            Some(map) => map.units.t.map_or(Stated::No, Stated::Unit),
            None if preset == Preset::Dot => Stated::Unit(TimeUnit::Us),
            // Every other known format with a time column has it in seconds.
            None if preset.units().is_some() && columns.time_unit == Stated::No => Stated::Unit(TimeUnit::S),
            None => columns.time_unit.clone(),
        };
        time(&mut samples, stated, &rows.lines, path, &table.names_shown(), &mut notes)?
    };

    let evidence = Evidence::of(&samples, rate_hz);
    let (usual_acc, usual_gyr) = preset.units().unzip();
    let (stated_acc, stated_gyr) = match map {
        Some(map) => (Stated::Unit(map.units.acc), Stated::Unit(map.units.gyr)),
        None => (columns.acc_unit, columns.gyr_unit),
    };
    let acc = unit(Quantity::Acceleration, stated_acc, evidence.acc(), usual_acc, &mut notes)
        .map_err(|written| uncertain(path, Quantity::Acceleration, written, &evidence))?;
    let gyr = unit(Quantity::Turning, stated_gyr, evidence.gyr(), usual_gyr, &mut notes)
        .map_err(|written| uncertain(path, Quantity::Turning, written, &evidence))?;
    let mut measured = Measured { samples, missing: rows.missing.count, rate_hz, notes };
    measured.in_si(acc, gyr, path, |row| rows.lines.of(row))?;
    let Measured { samples, notes, .. } = measured;

    let lossy = |part: Option<&std::ffi::OsStr>| part.map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(ImuFile {
        name: lossy(path.file_name()),
        samples,
        rate_hz,
        preset,
        side: side_of_name(&lossy(path.file_stem())).or_else(|| preset.side()),
        notes,
        reference: rows.reference,
    })
}

/// Samples as they were measured, on their way into SI units.
struct Measured {
    samples: Vec<Sample>,
    /// Rows without six numbers.
    missing: usize,
    rate_hz: f64,
    notes: Vec<FileNote>,
}

impl Measured {
    /// Brings samples to SI units and voids what no sensor for bodies measures; `line` is that of a row.
    fn in_si(&mut self, acc: AccUnit, gyr: GyrUnit, path: &Path, line: impl Fn(usize) -> u64) -> Result<(), FileError> {
        let gravity = Evidence::of(&self.samples, self.rate_hz).gravity_mps2(acc);
        if let Some(mps2) = gravity.filter(|mps2| !GRAVITY_LIKELY_MPS2.contains(mps2)) {
            self.notes.push(FileNote::GravityOdd { mps2 });
        }
        for sample in &mut self.samples {
            sample.acc = sample.acc.map(|a| a * acc.mps2());
            sample.gyr = sample.gyr.map(|g| g * gyr.radps());
        }
        let rows = self.samples.len();
        let mut beyond = self.samples.iter_mut().enumerate().filter(|(_, sample)| units::beyond_sensors(sample));
        if let Some((first, sample)) = beyond.next() {
            let void = |sample: &mut Sample| (sample.acc, sample.gyr) = ([f64::NAN; 3], [f64::NAN; 3]);
            void(sample);
            let count = 1 + beyond.map(|(_, sample)| void(sample)).count();
            if count + self.missing >= rows {
                return Err(FileError::NotMeasured { file: path.to_owned(), rows });
            }
            self.notes.push(FileNote::BeyondSensors { rows: count, line: line(first) });
        }
        Ok(())
    }
}

/// The columns an input map names.
fn mapped(map: &InputMap, names: &[String], path: &Path) -> Result<Columns, FileError> {
    let place = |wanted: &String| {
        names.iter().position(|name| name.trim() == wanted.trim()).ok_or_else(|| FileError::Columns {
            file: path.to_owned(),
            expected: format!("the column {wanted} of the input map"),
            found: table::shown(names),
        })
    };
    let axes = |wanted: &[String; 3]| -> Result<[usize; 3], FileError> {
        Ok([place(&wanted[0])?, place(&wanted[1])?, place(&wanted[2])?])
    };
    Ok(Columns {
        time: map.columns.t.as_ref().map(place).transpose()?,
        acc: axes(&map.columns.acc)?,
        gyr: axes(&map.columns.gyr)?,
        time_unit: Stated::No,
        acc_unit: Stated::No,
        gyr_unit: Stated::No,
        reference: None,
    })
}

/// Brings times to microseconds and gives the rate.
fn time(
    samples: &mut [Sample],
    stated: Stated<TimeUnit>,
    lines: &table::Lines,
    path: &Path,
    names: &[String],
    notes: &mut Vec<FileNote>,
) -> Result<f64, FileError> {
    let file = || path.to_owned();
    let rows = samples.len();
    let Some(steps) = Steps::of(samples.iter().map(|sample| sample.at_us)) else {
        return Err(FileError::TimeOrder { file: file(), line: lines.of(1), rows: rows - 1, of: rows });
    };
    let behind = steps.repeated.count + steps.back.count;
    if behind > rows / BEHIND_ONE_IN {
        let firsts = [steps.repeated, steps.back].into_iter().filter(|r| r.count > 0).map(|r| r.first);
        let line = lines.of(firsts.min().unwrap_or(0));
        return Err(FileError::TimeOrder { file: file(), line, rows: behind, of: rows });
    }
    let unit = match stated {
        Stated::Unit(unit) => unit,
        Stated::Unknown(text) => {
            let reason = format!("its name says {text:?}, not s, ms, us or ns");
            return Err(FileError::Units { file: file(), quantity: Quantity::Time, reason });
        }
        Stated::No if steps.counter => return Err(FileError::NoTime { file: file(), found: names.to_vec() }),
        Stated::No => match steps.unit() {
            Some(unit) => {
                notes.push(FileNote::UnitGuessed { quantity: Quantity::Time, unit: unit.to_string() });
                unit
            }
            None => TimeUnit::S,
        },
    };
    let rate_hz = steps.rate_hz(unit).map_err(|rate_hz| FileError::Rate { file: file(), rate_hz })?;
    notes.extend(steps.notes(unit, |row| lines.of(row)));
    for sample in samples {
        sample.at_us *= unit.us();
    }
    Ok(rate_hz)
}

/// The unit of a quantity from all that may tell it; `Err` with the text of an unknown one, or nothing.
fn unit<U: Copy + PartialEq + Display>(
    quantity: Quantity,
    stated: Stated<U>,
    seen: Option<U>,
    usual: Option<U>,
    notes: &mut Vec<FileNote>,
) -> Result<U, Option<String>> {
    match (stated, seen, usual) {
        (Stated::Unit(unit), ..) => Ok(unit),
        (Stated::Unknown(text), ..) => Err(Some(text)),
        (Stated::No, Some(seen), Some(usual)) if seen != usual => {
            let (usual, unit) = (usual.to_string(), seen.to_string());
            notes.push(FileNote::UnitContradicted { quantity, usual, unit });
            Ok(seen)
        }
        (Stated::No, _, Some(usual)) => Ok(usual),
        (Stated::No, Some(seen), None) => {
            notes.push(FileNote::UnitGuessed { quantity, unit: seen.to_string() });
            Ok(seen)
        }
        (Stated::No, None, None) => Err(None),
    }
}

fn uncertain(path: &Path, quantity: Quantity, written: Option<String>, evidence: &Evidence) -> FileError {
    let known = if quantity == Quantity::Acceleration { "g or m/s2" } else { "deg/s or rad/s" };
    let reason =
        written.map_or_else(|| evidence.words(quantity), |text| format!("its name says {text:?}, not {known}"));
    FileError::Units { file: path.to_owned(), quantity, reason }
}
