//! The two files a recording that the MetaBase app writes for a MetaMotion sensor: one of the accelerometer, one of the
//! gyroscope, which become one [`ImuFile`].
//!
//! Lines of names as the app writes them, the zone with its own offset, before 2018 `epoc` and `timestamp`; names of files
//! `<name>_<device>_<beginning>_<address>_Accelerometer_100.000Hz_1.5.0.csv` and the same with `Gyroscope` (files and
//! programs that read or write them, in public repositories; the maker documents neither):
//!
//! ```text
//! epoch (ms),time (-05:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)
//! epoch (ms),time (-05:00),elapsed (s),x-axis (deg/s),y-axis (deg/s),z-axis (deg/s)
//! ```
//!
//! `elapsed` begins with each file's own first row, so that only `epoch` tells which rows belong together. The times of the
//! file with the higher rate are kept; the other's values are drawn straight between its neighbours there, never across a
//! gap. Halfway between two values that takes the edge off what is faster than a quarter of the other's rate, which no leg
//! is. Rows that only one of the files has are left out and told.

use super::columns::{Columns, Stated};
use super::table::Table;
use super::timeline::GAP_PERIODS;
use super::units::{AccUnit, GyrUnit, Quantity, TimeUnit};
use super::{FileError, FileNote, ImuFile, LATER_PERIODS, Measured, Preset, ROWS_LEAST, opened, side_of_name, time};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use talus_motion::Sample;

/// What the files are called by.
const WORDS: [(&str, Quantity); 2] = [("Accelerometer", Quantity::Acceleration), ("Gyroscope", Quantity::Turning)];
/// The least share of the longer file that both must cover: less is two recordings, or a clock that was set.
const SHARED_LEAST: f64 = 0.5;

/// What a line of names of the app is of; `None` for any other.
pub(super) fn half(names: &[String]) -> Option<(Quantity, Columns)> {
    let plain: Vec<String> = names.iter().map(|name| name.trim().to_lowercase()).collect();
    let axes = |unit: &str| {
        let place = |axis: char| plain.iter().position(|name| *name == format!("{axis}-axis ({unit})"));
        Some([place('x')?, place('y')?, place('z')?])
    };
    let epoch = plain.iter().position(|name| matches!(name.as_str(), "epoch (ms)" | "epoc (ms)"))?;
    let (quantity, axes) = match (axes("g"), axes("deg/s")) {
        (Some(axes), None) => (Quantity::Acceleration, axes),
        (None, Some(axes)) => (Quantity::Turning, axes),
        _ => return None,
    };
    let columns = Columns {
        time: Some(epoch),
        acc: axes,
        gyr: axes,
        time_unit: Stated::Unit(TimeUnit::Ms),
        acc_unit: Stated::Unit(AccUnit::G),
        gyr_unit: Stated::Unit(GyrUnit::DegPerS),
        reference: None,
    };
    Some((quantity, columns))
}

/// Of which sensor a file is one of two; `None` for any other file, whatever is wrong with it.
pub(super) fn half_of(path: &Path) -> Option<Quantity> {
    let file = opened(path).ok()?;
    let table = Table::open(file, path).ok()?;
    half(table.names()).map(|(quantity, _)| quantity)
}

/// A file's name in its parts: what stands before the word for its sensor, and what after.
fn parts(path: &Path, quantity: Quantity) -> Option<(String, String)> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let (word, _) = WORDS.iter().find(|(_, of)| *of == quantity)?;
    // In ASCII, so that places in the one are places in the other.
    let at = name.to_ascii_lowercase().rfind(&word.to_ascii_lowercase())?;
    Some((name.get(..at)?.to_ascii_lowercase(), name.get(at + word.len()..)?.to_ascii_lowercase()))
}

fn is_csv(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"))
}

fn other(quantity: Quantity) -> Quantity {
    if quantity == Quantity::Acceleration { Quantity::Turning } else { Quantity::Acceleration }
}

/// The other file of a recording, which lies in the same folder.
fn partner(path: &Path, quantity: Quantity) -> Result<PathBuf, FileError> {
    let wanted = other(quantity);
    let missing = |reason: &str| FileError::Half { file: path.to_owned(), quantity, reason: reason.to_owned() };
    let Some((before, after)) = parts(path, quantity) else {
        return Err(missing("its name does not say which file belongs to it"));
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).map_err(|source| FileError::NoAccess { file: folder.to_owned(), source })?;
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    for entry in entries.flatten() {
        let other = folder.join(entry.file_name());
        match parts(&other, wanted) {
            Some((its_before, its_after)) if its_before == before && is_csv(&other) => found.push((other, its_after)),
            _ => {}
        }
    }
    // The rates in the names may differ; where several fit, the one of the same rate does.
    if let Some(at) = found.iter().position(|(_, its_after)| *its_after == after) {
        return Ok(found.swap_remove(at).0);
    }
    match (found.pop(), found.len()) {
        (Some((one, _)), 0) => Ok(one),
        (Some(_), _) => Err(missing("several files could be the other one")),
        (None, _) => Err(missing("the other file is not beside it")),
    }
}

/// The files without those that are the other half of one that is among them already: two files are one recording.
pub fn recordings(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut taken = BTreeSet::new();
    let mut kept = Vec::new();
    for file in files {
        if taken.contains(file) {
            continue;
        }
        kept.push(file.clone());
        let Some(other) = half_of(file).and_then(|quantity| partner(file, quantity).ok()) else { continue };
        taken.extend(files.iter().filter(|one| same(one, &other)).cloned());
    }
    kept
}

fn same(one: &Path, other: &Path) -> bool {
    one.file_name() == other.file_name() && fs::canonicalize(one).ok() == fs::canonicalize(other).ok()
}

/// One of the two files.
struct Half {
    path: PathBuf,
    /// Rows whose time runs forward: microseconds since 1970, three values in the app's unit.
    rows: Vec<(f64, [f64; 3])>,
    rate_hz: f64,
    notes: Vec<FileNote>,
}

impl Half {
    fn read(path: &Path, quantity: Quantity) -> Result<Self, FileError> {
        let mut table = Table::open(opened(path)?, path)?;
        let columns = match half(table.names()) {
            Some((found, columns)) if found == quantity => columns,
            _ => {
                let expected = format!("epoch (ms) and three axes of the {quantity}");
                return Err(FileError::Columns { file: path.to_owned(), expected, found: table.names_shown() });
            }
        };
        let mut kept = table.read(&columns)?;
        if kept.samples.len() < ROWS_LEAST {
            let (rows, least) = (kept.samples.len(), ROWS_LEAST);
            return Err(FileError::TooShort { file: path.to_owned(), rows, least });
        }
        let mut notes = kept.notes;
        let shown = table.names_shown();
        let rate_hz = time(&mut kept.samples, Stated::Unit(TimeUnit::Ms), &kept.lines, path, &shown, &mut notes)?;
        let (least_us, mut latest_us) = (LATER_PERIODS * 1e6 / rate_hz, f64::NEG_INFINITY);
        let mut rows = Vec::with_capacity(kept.samples.len());
        for sample in &kept.samples {
            if sample.at_us - latest_us > least_us {
                latest_us = sample.at_us;
                rows.push((sample.at_us, sample.acc));
            }
        }
        Ok(Self { path: path.to_owned(), rows, rate_hz, notes })
    }

    fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// First and last moment.
    fn span(&self) -> (f64, f64) {
        let ends = self.rows.first().zip(self.rows.last());
        ends.map_or((0.0, 0.0), |(first, last)| (first.0, last.0))
    }
}

/// Reads the two files of a recording; `path` is either of them.
pub(super) fn read(path: &Path, quantity: Quantity) -> Result<ImuFile, FileError> {
    let beside = partner(path, quantity)?;
    let (mine, its) = (Half::read(path, quantity)?, Half::read(&beside, other(quantity))?);
    let (from, to) = (mine.span().0.max(its.span().0), mine.span().1.min(its.span().1));
    let longest = [&mine, &its].map(|half| half.span().1 - half.span().0).into_iter().fold(0.0, f64::max);
    if to - from < SHARED_LEAST * longest || to <= from {
        let shared_s = ((to - from) * 1e-6).max(0.0);
        return Err(FileError::Apart { file: mine.path, other: its.path, shared_s, longest_s: longest * 1e-6 });
    }
    let accelerometer_first = quantity == Quantity::Acceleration;
    let (name, side) = (mine.name(), side_of_name(&mine.name()).or_else(|| side_of_name(&its.name())));
    // Of equal rates the accelerometer's times, which every row of ours begins with.
    let mine_is_base = if mine.rate_hz == its.rate_hz { accelerometer_first } else { mine.rate_hz > its.rate_hz };
    let base_is_acc = mine_is_base == accelerometer_first;
    let mut notes = mine.notes.clone();
    let of_other = |note: FileNote| FileNote::OfOther { file: its.name(), note: Box::new(note) };
    notes.extend(its.notes.iter().cloned().map(of_other));
    notes.push(FileNote::Joined { file: its.name(), rate_hz: its.rate_hz });
    let (base, drawn) = if mine_is_base { (&mine, &its) } else { (&its, &mine) };

    let mut samples = Vec::with_capacity(base.rows.len());
    let (mut next, mut missing) = (0, 0);
    for (at_us, values) in &base.rows {
        if !(from..=to).contains(at_us) {
            continue;
        }
        while drawn.rows.get(next).is_some_and(|row| row.0 < *at_us) {
            next += 1;
        }
        let between = next.checked_sub(1).and_then(|before| drawn.rows.get(before)).zip(drawn.rows.get(next));
        let other = match (drawn.rows.get(next), between) {
            (Some(row), _) if row.0 == *at_us => row.1,
            (_, Some((before, after))) if after.0 - before.0 <= GAP_PERIODS * 1e6 / drawn.rate_hz => {
                let share = (at_us - before.0) / (after.0 - before.0);
                [0, 1, 2].map(|axis| before.1[axis] + share * (after.1[axis] - before.1[axis]))
            }
            _ => [f64::NAN; 3],
        };
        let (acc, gyr) = if base_is_acc { (*values, other) } else { (other, *values) };
        let whole = acc.iter().chain(&gyr).all(|value| value.is_finite());
        missing += usize::from(!whole);
        let void = [f64::NAN; 3];
        samples.push(Sample {
            at_us: at_us - from,
            acc: if whole { acc } else { void },
            gyr: if whole { gyr } else { void },
            clipped: false,
        });
    }
    let outside = base.rows.len() - samples.len();
    if outside > 0 {
        notes.push(FileNote::Outside { rows: outside });
    }
    if samples.len() < ROWS_LEAST {
        let (rows, least) = (samples.len(), ROWS_LEAST);
        return Err(FileError::TooShort { file: path.to_owned(), rows, least });
    }
    if missing == samples.len() {
        return Err(FileError::NotMeasured { file: path.to_owned(), rows: missing });
    }
    if missing > 0 {
        notes.push(FileNote::NotInBoth { rows: missing });
    }
    let mut measured = Measured { samples, missing, rate_hz: base.rate_hz, notes };
    measured.in_si(AccUnit::G, GyrUnit::DegPerS, path, |row| row as u64 + 2)?;
    let Measured { samples, rate_hz, notes, .. } = measured;
    Ok(ImuFile { name, samples, rate_hz, preset: Preset::MetaBase, side, notes, reference: None })
}
