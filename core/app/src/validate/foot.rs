//! A shoe's strides against optical markers (`*_imu.csv` with `*_events.csv` and `*_mocap.csv` beside) and against borders a
//! person set (`*_borders.csv`).

use super::altered::{ALTERATIONS, Alteration, altered};
use super::find;
use super::report::{Figure, Report};
use super::score::{self, f1_shifted, mean, mean_abs, median, nearest, sd};
use super::tables;
use crate::analyse::{self, Analysis, Event, Kind};
use crate::files::{self, ImuFile};
use std::path::{Path, PathBuf};

const SET: &str = "gaitmap-foot";
/// What the same files give altered.
const ALTERED_SET: &str = "gaitmap-foot altered";
const IMU: &str = "_imu.csv";
/// Rate of the markers, Hz.
const MARKERS_HZ: f64 = 100.0;
/// Events farther apart than this are not the same, s.
const SAME_S: f64 = 0.2;
/// Strides of the reference longer than this many usual ones are two, between which the markers were lost.
const USUAL_MOST: f64 = 1.5;
/// Tolerance of a border, and the largest shift of a whole file, s.
const BORDER_S: f64 = 0.1;
const SHIFT_S: f64 = 0.8;
/// Share of gaitmap's error that stride length may have.
const LENGTH_SHARE: f64 = 0.85;
/// gaitmap's mean absolute error of stride length, cm.
const LENGTH_PEER_CM: f64 = 3.93;

/// A walk with what is known of it; times in seconds.
struct Known {
    file: ImuFile,
    /// Contact before, contact, foot-off, and two moments at which the foot lies still, of each stride.
    events: Option<Vec<[f64; 5]>>,
    /// Where the heel's marker was.
    heel: Option<Vec<[f64; 2]>>,
    borders: Option<Vec<(f64, f64)>>,
}

pub(super) fn judge(files: &[PathBuf], report: &mut Report) {
    let mut all = Vec::new();
    for path in find::ending(files, IMU) {
        let events = find::beside(path, IMU, "_events.csv");
        let borders = find::beside(path, IMU, "_borders.csv");
        if events.is_none() && borders.is_none() {
            continue;
        }
        let Some(file) = report.take(files::read(path, None).map_err(Into::into)) else { continue };
        let markers = find::beside(path, IMU, "_mocap.csv");
        let (rate_hz, end_s) = (file.rate_hz, end_s(&file));
        // A recording that was cut short is judged as far as it goes.
        let optical = |report: &mut Report, events: &Path| -> Option<Vec<[f64; 5]>> {
            let rows = report.take(tables::columns(events, ["pre_ic", "ic", "tc", "start", "end"]))?;
            let rows = rows.into_iter().map(|row| row.map(|sample| sample / rate_hz));
            let rows: Vec<[f64; 5]> = rows.filter(|row| row.iter().all(|at_s| *at_s <= end_s)).collect();
            if rows.is_empty() {
                report.unlike(path, "none of the events beside it lies in it");
                return None;
            }
            Some(rows)
        };
        let events = events.and_then(|events| optical(report, &events));
        let markers = markers.filter(|_| events.is_some());
        let heel = markers.map(|markers| tables::columns(&markers, ["heel_x_mm", "heel_y_mm"]));
        let heel = heel.and_then(|heel| report.take(heel));
        let by_hand = |report: &mut Report, borders: &Path| -> Option<Vec<(f64, f64)>> {
            let wanted = report.take(tables::columns(borders, ["start", "end"]))?;
            let wanted = wanted.iter().map(|[start, end]| (start / rate_hz, end / rate_hz));
            let wanted: Vec<(f64, f64)> = wanted.filter(|(_, end)| *end <= end_s).collect();
            if wanted.is_empty() {
                report.unlike(path, "none of the borders beside it lies in it");
                return None;
            }
            Some(wanted)
        };
        let borders = borders.and_then(|borders| by_hand(report, &borders));
        let known = Known { file, events, heel, borders };
        let Some(found) = report.take(analyse::gait(&known.file, None, None).map_err(Into::into)) else { continue };
        say(path, &known, &found, report);
        all.push(known);
    }
    otherwise(&all, report);
}

fn say(path: &Path, known: &Known, found: &Analysis, report: &mut Report) {
    let figure = |metric, unit| Figure::new(SET, metric, unit).of(path);
    if let Some(rows) = &known.events {
        let Off { contacts, offs, times, lengths } = off(known, rows, found, 1.0);
        let share = 100.0 * contacts.len() as f64 / rows.len() as f64;
        report.put(figure("initial_contacts_found", "%"), share, rows.len());
        report.put(figure("initial_contact_sd", "ms").at_most(8.0).peer(10.3), sd(&contacts), contacts.len());
        report.put(figure("foot_off_sd", "ms").at_most(5.0).peer(3.9), sd(&offs), offs.len());
        report.put(figure("stride_time_mae", "ms").at_most(8.0).peer(9.7), mean_abs(&times), times.len());
        if known.heel.is_some() {
            let bar = LENGTH_SHARE * LENGTH_PEER_CM;
            let length = figure("stride_length_mae", "cm").at_most(bar).peer(LENGTH_PEER_CM);
            report.put(length, mean_abs(&lengths), lengths.len());
        }
    }
    if let Some(borders) = &known.borders {
        // What gaitmap reaches depends on the file: markers or not tells which kind it is.
        let (bar, peer) = if known.events.is_some() { (0.97, 0.97) } else { (0.83, 0.83) };
        let f1 = f1_shifted(borders, &strides(found), BORDER_S, SHIFT_S);
        report.put(figure("stride_borders_f1", "F1").at_least(bar).peer(peer), f1, borders.len());
    }
}

/// The same walks, altered: the worst of all files.
fn otherwise(all: &[Known], report: &mut Report) {
    for (words, how) in ALTERATIONS.into_iter().filter(|(_, how)| *how != Alteration::Late && !all.is_empty()) {
        let (mut least_f1, mut borders) = (1.0_f64, 0);
        let (mut contacts, mut offs, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
        for (seed, known) in all.iter().enumerate() {
            let seed = seed as u64 + 1;
            let pace = how.pace(seed);
            let Ok(found) = analyse::gait(&altered(&known.file, how, seed), None, None) else { continue };
            if let Some(rows) = &known.events {
                let rows: Vec<[f64; 5]> = rows.iter().map(|row| row.map(|s| pace * s)).collect();
                let off = off(known, &rows, &found, pace);
                let centred = |moments: &[f64]| moments.iter().map(|ms| ms - mean(moments)).collect::<Vec<f64>>();
                contacts.extend(centred(&off.contacts));
                offs.extend(centred(&off.offs));
                lengths.extend(off.lengths);
            }
            if let Some(wanted) = &known.borders {
                let wanted: Vec<(f64, f64)> = wanted.iter().map(|(a, b)| (pace * a, pace * b)).collect();
                least_f1 = least_f1.min(f1_shifted(&wanted, &strides(&found), BORDER_S, SHIFT_S));
                borders += wanted.len();
            }
        }
        let figure = |metric, unit| Figure::new(ALTERED_SET, metric, unit).under(words);
        if borders > 0 {
            report.put(figure("stride_borders_f1_least", "F1"), least_f1, borders);
        }
        if !contacts.is_empty() {
            report.put(figure("initial_contact_sd", "ms"), sd(&contacts), contacts.len());
            report.put(figure("foot_off_sd", "ms"), sd(&offs), offs.len());
            report.put(figure("stride_length_mae", "cm"), mean_abs(&lengths), lengths.len());
        }
    }
}

/// When the recording ends, s.
fn end_s(file: &ImuFile) -> f64 {
    file.samples.len() as f64 / file.rate_hz
}

fn of(found: &Analysis, kind: Kind) -> impl Iterator<Item = &Event> {
    found.events.iter().filter(move |event| event.kind == kind)
}

/// A value of a finding by its stable name; `None` where it was not measured.
fn value(event: &Event, name: &str) -> Option<f64> {
    serde_json::to_value(&event.values).ok()?.get(name)?.as_f64()
}

fn strides(found: &Analysis) -> Vec<(f64, f64)> {
    of(found, Kind::Stride).map(|event| (event.t_s, event.t_end_s)).collect()
}

/// How far what was found is off: contacts, foot-offs and times of strides in ms, their lengths in cm.
struct Off {
    contacts: Vec<f64>,
    offs: Vec<f64>,
    times: Vec<f64>,
    lengths: Vec<f64>,
}

/// What was `found` in a walk that takes `pace` times as long as the markers say, against its `rows`.
fn off(known: &Known, rows: &[[f64; 5]], found: &Analysis, pace: f64) -> Off {
    let moments = |kind| of(found, kind).map(|event| event.t_s).collect::<Vec<f64>>();
    let off = |column: usize, kind| {
        let wanted: Vec<f64> = rows.iter().map(|row| row[column]).collect();
        nearest(&wanted, &moments(kind), SAME_S).into_iter().map(|s| 1e3 * s).collect::<Vec<f64>>()
    };
    let (contacts, offs) = (off(1, Kind::InitialContact), off(2, Kind::FootOff));
    let usual = median(&rows.iter().map(|row| row[1] - row[0]).collect::<Vec<_>>());
    let shift = 1e-3 * mean(&contacts);
    let (mut times, mut lengths) = (Vec::new(), Vec::new());
    for row in rows.iter().filter(|row| row[1] - row[0] < USUAL_MOST * usual) {
        let end = row[1] + shift;
        let nearest = of(found, Kind::Stride).find(|event| (event.t_end_s - end).abs() < SAME_S);
        let Some(stride) = nearest else { continue };
        times.push(1e3 * (stride.t_end_s - stride.t_s - (row[1] - row[0])));
        // The foot lies still at the ends of the reference's stride, so that it has gone as far as from contact to contact.
        let length = known.heel.as_ref().and_then(|heel| way_m(heel, row[3] / pace, row[4] / pace));
        if let Some((found, length)) = value(stride, "stride_length_m").zip(length) {
            lengths.push(100.0 * (found - length));
        }
    }
    Off { contacts, offs, times, lengths }
}

/// How far the heel went along the ground between two times, m; `None` where the marker was lost.
fn way_m(heel: &[[f64; 2]], from_s: f64, to_s: f64) -> Option<f64> {
    let at = |s: f64| {
        let place = heel.get((s * MARKERS_HZ).round() as usize)?;
        place.iter().all(|v| v.is_finite()).then_some(*place)
    };
    let (a, b) = (at(from_s)?, at(to_s)?);
    Some(1e-3 * score::rms(&[b[0] - a[0], b[1] - a[1]]) * 2.0_f64.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heel_that_went_three_and_four_metres_went_five() {
        let heel = [[0.0, 0.0], [f64::NAN, 0.0], [3000.0, -4000.0]];
        assert!((way_m(&heel, 0.0, 0.02).unwrap() - 5.0).abs() < 1e-12);
        assert_eq!(way_m(&heel, 0.0, 0.01), None);
        assert_eq!(way_m(&heel, 0.0, 1.0), None);
    }
}
