//! Tables for a spreadsheet: sets, repetitions and strides as they are shown, rounded to what was measured.
//!
//! A zip is written one file after the other and a session goes into three tables, so they are collected in files of
//! their own first.

use crate::SessionDetail;
use csv::{Terminator, Writer, WriterBuilder};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Seek};
use std::path::PathBuf;
use talus_motion::Micros;

/// Columns of `sets.csv`.
pub(crate) const SETS: [&str; 24] = [
    "session",
    "local_day",
    "set",
    "side",
    "exercise",
    "mass_g",
    "began_s",
    "ended_s",
    "ended_by",
    "count",
    "short",
    "target",
    "range_deg",
    "lift_s",
    "hold_s",
    "lower_s",
    "peak_deg_per_s",
    "cadence_per_min",
    "reps_in_reserve",
    "pain_0_10",
    "counts_for_progress",
    "quality_ok",
    "quality_reasons",
    "started_utc_ms",
];
/// Columns of `repetitions.csv`.
pub(crate) const REPS: [&str; 16] = [
    "session",
    "set",
    "side",
    "repetition",
    "start_s",
    "end_s",
    "range_deg",
    "lift_s",
    "hold_s",
    "lower_s",
    "rest_s",
    "peak_deg_per_s",
    "smoothness_sparc",
    "full_range",
    "quality_ok",
    "quality_reasons",
];
/// Columns of `strides.csv`.
pub(crate) const STRIDES: [&str; 13] = [
    "session",
    "set",
    "side",
    "stride",
    "start_s",
    "foot_off_s",
    "end_s",
    "swing_fraction",
    "length_m",
    "length_error_m",
    "lift_m",
    "quality_ok",
    "quality_reasons",
];

/// The three tables as they grow.
pub(crate) struct Tables {
    all: [Spool; 3],
    text: String,
}

struct Spool {
    name: &'static str,
    path: PathBuf,
    writer: Writer<BufWriter<File>>,
}

impl Drop for Spool {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Tables {
    /// Empty tables in files of these names, which are gone afterwards.
    pub(crate) fn create(named: impl Fn(&str) -> PathBuf) -> io::Result<Self> {
        let spool = |name: &'static str, columns: &[&str]| -> io::Result<Spool> {
            let path = named(name);
            let file = File::options().read(true).write(true).create(true).truncate(true).open(&path)?;
            // RFC 4180 ends lines with both.
            let writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BufWriter::new(file));
            let mut spool = Spool { name, path, writer };
            spool.writer.write_record(columns)?;
            Ok(spool)
        };
        let all = [spool("sets", &SETS)?, spool("repetitions", &REPS)?, spool("strides", &STRIDES)?];
        Ok(Self { all, text: String::new() })
    }

    /// Adds a session.
    pub(crate) fn add(&mut self, detail: &SessionDetail) -> io::Result<()> {
        let id = detail.row.id.to_string();
        let [sets, reps, strides] = &mut self.all;
        for set in &detail.sets {
            let result = &set.result;
            let side = crate::db::word(result.side);
            let number = (set.set_index + 1).to_string();
            let mut row = Row { writer: &mut sets.writer, text: &mut self.text };
            row.text(&id)?;
            row.text(&detail.row.local_day)?;
            row.text(&number)?;
            row.text(&side)?;
            row.text(&result.exercise)?;
            row.whole(Some(result.mass_g))?;
            row.time(result.began)?;
            row.time(result.ended)?;
            row.text(&if set.open { String::new() } else { crate::db::word(result.end) })?;
            row.whole(Some(result.count))?;
            row.whole(Some(result.short))?;
            row.whole(result.target)?;
            row.fixed(result.range_deg, 1)?;
            for part in 0..3 {
                row.fixed(result.tempo_s.and_then(|tempo| tempo.get(part).copied()), 2)?;
            }
            row.fixed(result.peak_deg_per_s, 1)?;
            row.fixed(result.cadence_per_min, 1)?;
            row.whole(result.reserve.map(u32::from))?;
            row.whole(result.pain.map(u32::from))?;
            row.text(yes(result.counts_for_progress))?;
            row.quality(result.quality)?;
            row.text(&detail.row.started_utc_ms.to_string())?;
            row.end()?;
            for (place, rep) in (1u32..).zip(&set.reps) {
                let mut row = Row { writer: &mut reps.writer, text: &mut self.text };
                row.text(&id)?;
                row.text(&number)?;
                row.text(&side)?;
                row.whole(Some(place))?;
                row.time(rep.start)?;
                row.time(rep.end)?;
                row.fixed(rep.range_deg, 1)?;
                row.fixed(Some(rep.lift_s), 2)?;
                row.fixed(Some(rep.hold_s), 2)?;
                row.fixed(Some(rep.lower_s), 2)?;
                row.fixed(rep.rest_s, 2)?;
                row.fixed(Some(rep.peak_deg_per_s), 1)?;
                row.fixed(rep.smoothness_sparc, 2)?;
                row.text(yes(rep.full))?;
                row.quality(rep.quality)?;
                row.end()?;
            }
            for (place, stride) in (1u32..).zip(&set.strides) {
                let mut row = Row { writer: &mut strides.writer, text: &mut self.text };
                row.text(&id)?;
                row.text(&number)?;
                row.text(&side)?;
                row.whole(Some(place))?;
                row.time(stride.start)?;
                row.time(stride.foot_off)?;
                row.time(stride.end)?;
                row.fixed(Some(stride.swing_fraction), 3)?;
                row.fixed(stride.length_m, 2)?;
                row.fixed(stride.length_error_m, 2)?;
                row.fixed(stride.lift_m, 2)?;
                row.quality(stride.quality)?;
                row.end()?;
            }
        }
        Ok(())
    }

    /// The tables from their beginning, with their names.
    pub(crate) fn finish(mut self) -> io::Result<Vec<(&'static str, BufReader<File>)>> {
        let mut out = Vec::new();
        for spool in &mut self.all {
            spool.writer.flush()?;
            let mut file = spool.writer.get_ref().get_ref().try_clone()?;
            file.rewind()?;
            out.push((spool.name, BufReader::new(file)));
        }
        Ok(out)
    }
}

fn yes(is: bool) -> &'static str {
    if is { "1" } else { "0" }
}

/// One row, a field at a time.
struct Row<'a> {
    writer: &'a mut Writer<BufWriter<File>>,
    text: &'a mut String,
}

impl Row<'_> {
    fn text(&mut self, text: &str) -> io::Result<()> {
        // A spreadsheet takes what begins like this for a formula; exercises and ids never do, a file's words might.
        let formula = text.starts_with(['=', '+', '@']) || (text.starts_with('-') && text.parse::<f64>().is_err());
        if formula {
            return Ok(self.writer.write_field(format!("'{text}"))?);
        }
        Ok(self.writer.write_field(text)?)
    }

    fn whole(&mut self, number: Option<u32>) -> io::Result<()> {
        Ok(self.writer.write_field(number.map(|number| number.to_string()).unwrap_or_default())?)
    }

    fn time(&mut self, at: Micros) -> io::Result<()> {
        self.fixed(Some(at.seconds()), 3)
    }

    /// A number with so many decimals; empty where it was not measured.
    fn fixed(&mut self, number: Option<f64>, decimals: usize) -> io::Result<()> {
        self.text.clear();
        if let Some(number) = number {
            put_fixed(self.text, number, decimals);
        }
        Ok(self.writer.write_field(self.text.as_bytes())?)
    }

    fn quality(&mut self, quality: talus_motion::Quality) -> io::Result<()> {
        self.text(yes(quality.ok()))?;
        let reasons: Vec<String> = quality.reasons().map(crate::db::word).collect();
        self.text(&reasons.join(" "))
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }
}

/// Decimal digits without the general formatting of floats, which takes most of the time for millions of numbers.
fn put_fixed(out: &mut String, number: f64, decimals: usize) {
    let scale = [1.0, 10.0, 100.0, 1000.0].get(decimals).copied().unwrap_or(1000.0);
    let scaled = (number * scale).round();
    if !(-1e15..=1e15).contains(&scaled) {
        out.push_str(&number.to_string());
        return;
    }
    let whole = scaled as i64;
    let (units, rest) = (whole.unsigned_abs() / scale as u64, whole.unsigned_abs() % scale as u64);
    if whole < 0 {
        out.push('-');
    }
    out.push_str(&units.to_string());
    if decimals > 0 {
        let rest = rest.to_string();
        out.push('.');
        out.extend(std::iter::repeat_n('0', decimals.saturating_sub(rest.len())));
        out.push_str(&rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn fixed_digits_are_the_number_to_half_of_the_last_of_them(number in -1e6f64..1e6, decimals in 0usize..4) {
            let mut text = String::new();
            put_fixed(&mut text, number, decimals);
            let step = [1.0, 0.1, 0.01, 0.001][decimals];
            let back: f64 = text.parse().unwrap();
            prop_assert!((back - number).abs() <= step * 0.500_001, "{number} {text}");
            prop_assert_eq!(text.split_once('.').map_or(0, |(_, digits)| digits.len()), decimals);
        }
    }
}
