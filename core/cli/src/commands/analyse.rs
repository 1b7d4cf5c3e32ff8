//! `talus analyse`: what the motion engine sees in one recorded file, at full precision and without a session.

use crate::app;
use crate::args::{Analysis, Common, FileArgs, Tested};
use crate::failure::Failure;
use crate::output::{Output, say};
use crate::table::{Align, Table};
use crate::words::{UNKNOWN, Words, badge, file_note};
use std::io::{BufWriter, Write};
use talus_app::analyse::{self, Calibrated, Event, Values};
use talus_app::files::{self, ImuFile, InputMap};
use talus_app::motion::{PartKind, Test, Unit};

pub(crate) fn run(common: &Common, what: &Analysis, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let found = match what {
        Analysis::Reps { file, exercise } => {
            let imu = read(file, words)?;
            let model = model(&imu, exercise.as_deref())?;
            analyse::reps(&imu, model, file.side.map(Into::into), file.chunk)?
        }
        Analysis::Gait { file } => analyse::gait(&read(file, words)?, file.side.map(Into::into), file.chunk)?,
        Analysis::Balance { file, test, seconds, way } => {
            let test = match test {
                Tested::Stand => Test::Stand,
                Tested::FootUp => Test::FootUp,
                Tested::ChairStand => Test::ChairStand { seconds: *seconds },
                Tested::UpAndGo => Test::UpAndGo,
                Tested::Walk => Test::Walk { way_m: *way },
                Tested::HeelRises => Test::HeelRises,
                Tested::KneeToWall => Test::KneeToWall,
                Tested::Range => Test::Range,
            };
            analyse::balance(&read(file, words)?, test, file.side.map(Into::into), file.chunk)?
        }
        Analysis::Calibrate { file, sections } => {
            let sections = sections.as_deref().map(analyse::read_sections).transpose()?;
            let found = analyse::calibrate(&read(file, words)?, sections.as_ref())?;
            if common.json {
                out.json(&found)?;
            } else {
                out.lines(calibration_lines(&found, words))?;
            }
            return Ok(0);
        }
        Analysis::Orient { file, offline } => {
            let imu = read(file, words)?;
            // Row by row through a pipe would cost a system call each.
            let mut buffered = BufWriter::with_capacity(1 << 16, &mut *out);
            let rows = if *offline {
                analyse::orient_looking_back(&imu, &mut buffered)
            } else {
                analyse::orient(&imu, file.chunk, &mut buffered)
            };
            let written = rows.and_then(|()| buffered.flush().map_err(analyse::AnalyseError::from));
            drop(buffered);
            return match written {
                // `| head` is enough of it.
                Err(_) if out.closed() => Ok(0),
                written => written.map(|()| 0).map_err(Failure::from),
            };
        }
    };
    if common.json {
        out.json(&found)?;
    } else {
        out.lines(lines(&found.events, out.width(), words))?;
    }
    Ok(0)
}

/// The file; what was found in it that one may want to know goes to standard error, because the formats are fixed.
fn read(file: &FileArgs, words: &Words) -> Result<ImuFile, Failure> {
    let map = file.input_map.as_deref().map(InputMap::read).transpose()?;
    let imu = files::read(&file.path, map.as_ref())?;
    for note in &imu.notes {
        say(&file_note(&imu.name, note, words));
    }
    Ok(imu)
}

/// The model of the exercise that was named, that the file's name speaks of, or a general one.
fn model(imu: &ImuFile, exercise: Option<&str>) -> Result<talus_app::motion::ExerciseModel, Failure> {
    let catalogue = talus_app::coach::Catalogue::embedded().map_err(talus_app::AppError::from)?;
    if let Some(id) = exercise {
        return Ok(catalogue.exercise(id).map_err(talus_app::AppError::from)?.model);
    }
    let named = analyse::exercise_of_name(&imu.name).and_then(|id| catalogue.exercise(id).ok());
    Ok(named.map_or_else(analyse::generic_model, |exercise| exercise.model))
}

/// The numbers of a sensor under the names of the format, which stay as they are in every language.
fn calibration_lines(found: &Calibrated, words: &Words) -> Vec<String> {
    let number = |value: &f64| format!("{:>10}", words.number(*value, 5));
    let row = |name: &str, row: &[f64; 3]| format!("{name:<5}{}", row.iter().map(number).collect::<String>());
    let matrix = |name: &str, rows: &[[f64; 3]; 3]| -> Vec<String> {
        [name, "", ""].iter().zip(rows).map(|(name, values)| row(name, values)).collect()
    };
    let mut lines = [matrix("K_a", &found.K_a), matrix("R_a", &found.R_a), vec![row("b_a", &found.b_a)]].concat();
    lines.extend(found.K_g.iter().flat_map(|rows| matrix("K_g", rows)));
    lines.extend(found.R_g.iter().flat_map(|rows| matrix("R_g", rows)));
    lines.extend(found.b_g.iter().map(|values| row("b_g", values)));
    lines.extend(found.K_ga.iter().flat_map(|rows| matrix("K_ga", rows)));
    let verdict = if found.quality.ok { words.good.to_owned() } else { found.quality.reasons.join(", ") };
    lines.push(format!("{}: {verdict}", words.columns.quality));
    lines
}

/// The findings as a table.
fn lines(events: &[Event], width: usize, words: &Words) -> Vec<String> {
    if events.is_empty() {
        return vec![words.nothing_found.to_owned()];
    }
    let heads = &words.columns;
    let mut table = Table::new(&[
        ("t_s", Align::Right),
        ("kind", Align::Left),
        (heads.side, Align::Left),
        (heads.range, Align::Right),
        (heads.tempo, Align::Left),
        (heads.peak, Align::Right),
        (words.stride_count[0], Align::Right),
        (words.steps_per_min, Align::Right),
        (heads.quality, Align::Left),
    ])
    .wrapping(&[(4, 15), (7, 7), (8, 10)])
    .sparing(&[5, 2]);
    for event in events {
        let kind = serde_json::to_value(event.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
        let mut row =
            vec![words.number(event.t_s, 2), kind.unwrap_or_default(), event.side.map_or(UNKNOWN, badge).to_owned()];
        row.extend(match &event.values {
            Values::Rep(rep) => [
                words.deg(rep.range_deg),
                words.tempo_in_table(Some([rep.lift_s, rep.hold_s, rep.lower_s])),
                words.rate(Some(rep.peak_deg_per_s)),
                String::new(),
                String::new(),
            ],
            Values::Stride(stride) => [
                String::new(),
                String::new(),
                String::new(),
                format!("{} s", words.number(stride.stride_s, 2)),
                words.cadence(Some(stride.cadence_per_min)),
            ],
            // One number in the column of its unit: angles under the range, times and counts where strides have theirs.
            Values::Part(part) => {
                let (angle, time) = (part.part == PartKind::Reach, format!("{} s", words.number(part.part_s, 2)));
                let range = if angle { words.deg(part.value) } else { String::new() };
                [range, String::new(), String::new(), time, String::new()]
            }
            Values::Test(test) => {
                let shown = |unit: &str, places| {
                    test.value.map_or(UNKNOWN.to_owned(), |value| format!("{}{unit}", words.number(value, places)))
                };
                let (angle, other) = match test.unit {
                    Unit::Degrees => (words.deg(test.value), String::new()),
                    Unit::Times => (words.deg(test.wobble_deg), shown("", 0)),
                    Unit::Seconds => (words.deg(test.wobble_deg), shown(" s", 2)),
                    Unit::MetresPerSecond => (words.deg(test.wobble_deg), shown(" m/s", 2)),
                };
                [angle, String::new(), String::new(), other, String::new()]
            }
            Values::Turn(_) | Values::Noticed(_) | Values::None {} => [const { String::new() }; 5],
        });
        let short = matches!(&event.values, Values::Rep(rep) if !rep.full);
        let reasons =
            event.quality.reasons.iter().map(|reason| words.quality(talus_app::motion::Quality::because(*reason)));
        let remarks: Vec<_> = short.then(|| words.short.to_owned()).into_iter().chain(reasons).collect();
        row.push(if remarks.is_empty() { words.good.to_owned() } else { remarks.join(", ") });
        table.row(row);
    }
    table.lines(width)
}
