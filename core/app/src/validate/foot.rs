//! A shoe's strides against optical markers (`*_imu.csv` with `*_events.csv` and `*_mocap.csv` beside) and against borders a
//! person set (`*_borders.csv`).

use super::find;
use super::report::{Figure, Report};
use super::score::{f1_shifted, mean, mean_abs, median, nearest, sd};
use super::tables;
use super::{ValidateError, score};
use crate::analyse::{self, Analysis, Event, Kind};
use crate::files::{self, ImuFile};
use std::path::{Path, PathBuf};

const SET: &str = "gaitmap-foot";
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

pub(super) fn judge(files: &[PathBuf], report: &mut Report) {
    for path in find::ending(files, IMU) {
        let events = find::beside(path, IMU, "_events.csv");
        let borders = find::beside(path, IMU, "_borders.csv");
        if events.is_none() && borders.is_none() {
            continue;
        }
        let Some(file) = report.take(files::read(path, None).map_err(Into::into)) else { continue };
        let Some(found) = report.take(analyse::gait(&file, None, None).map_err(Into::into)) else { continue };
        if let Some(events) = events {
            let markers = find::beside(path, IMU, "_mocap.csv");
            let judged = optical((path, &file), &found, &events, markers.as_deref(), report);
            report.take(judged);
        }
        if let Some(borders) = borders {
            let wanted = tables::columns(&borders, ["start", "end"]);
            let Some(wanted) = report.take(wanted) else { continue };
            let wanted: Vec<(f64, f64)> =
                wanted.iter().map(|[start, end]| (start / file.rate_hz, end / file.rate_hz)).collect();
            let wanted: Vec<(f64, f64)> = wanted.into_iter().filter(|(_, end)| *end <= end_s(&file)).collect();
            if wanted.is_empty() {
                report.unlike(path, "none of the borders beside it lies in it");
                continue;
            }
            let strides: Vec<(f64, f64)> = of(&found, Kind::Stride).map(|event| (event.t_s, event.t_end_s)).collect();
            let f1 = f1_shifted(&wanted, &strides, BORDER_S, SHIFT_S);
            // What gaitmap reaches depends on the file: markers or not tells which kind it is.
            let optical = find::beside(path, IMU, "_events.csv").is_some();
            let (bar, peer) = if optical { (0.97, 0.97) } else { (0.83, 0.83) };
            report.put(Figure::new(SET, "stride_borders_f1", "F1").of(path).at_least(bar).peer(peer), f1, wanted.len());
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

fn optical(
    (path, file): (&Path, &ImuFile),
    found: &Analysis,
    events: &Path,
    markers: Option<&Path>,
    report: &mut Report,
) -> Result<(), ValidateError> {
    let rows = tables::columns(events, ["pre_ic", "ic", "tc", "start", "end"])?;
    let rows = rows.into_iter().map(|row| row.map(|sample| sample / file.rate_hz));
    // A recording that was cut short is judged as far as it goes.
    let rows: Vec<[f64; 5]> = rows.filter(|row| !row.iter().any(|at_s| *at_s > end_s(file))).collect();
    if rows.is_empty() {
        report.unlike(path, "none of the events beside it lies in it");
        return Ok(());
    }
    let moments = |kind| of(found, kind).map(|event| event.t_s).collect::<Vec<f64>>();
    let off = |column: usize, kind| {
        let wanted: Vec<f64> = rows.iter().map(|row| row[column]).collect();
        nearest(&wanted, &moments(kind), SAME_S).into_iter().map(|s| 1e3 * s).collect::<Vec<f64>>()
    };
    let (contact, off_ground) = (off(1, Kind::InitialContact), off(2, Kind::FootOff));
    let figure = |metric, unit| Figure::new(SET, metric, unit).of(path);
    let share = 100.0 * contact.len() as f64 / rows.len() as f64;
    report.put(figure("initial_contacts_found", "%"), share, rows.len());
    report.put(figure("initial_contact_sd", "ms").at_most(8.0).peer(10.3), sd(&contact), contact.len());
    report.put(figure("foot_off_sd", "ms").at_most(5.0).peer(3.9), sd(&off_ground), off_ground.len());

    let usual = median(&rows.iter().map(|row| row[1] - row[0]).collect::<Vec<_>>());
    let shift = 1e-3 * mean(&contact);
    let heel = markers.map(|markers| tables::columns(markers, ["heel_x_mm", "heel_y_mm"])).transpose()?;
    let (mut times, mut lengths) = (Vec::new(), Vec::new());
    for row in rows.iter().filter(|row| row[1] - row[0] < USUAL_MOST * usual) {
        let end = row[1] + shift;
        let nearest = of(found, Kind::Stride).find(|event| (event.t_end_s - end).abs() < SAME_S);
        let Some(stride) = nearest else { continue };
        times.push(1e3 * (stride.t_end_s - stride.t_s - (row[1] - row[0])));
        // The foot lies still at the ends of the reference's stride, so that it has gone as far as from contact to contact.
        let length = heel.as_ref().and_then(|heel| way_m(heel, row[3], row[4]));
        if let Some((found, length)) = value(stride, "stride_length_m").zip(length) {
            lengths.push(100.0 * (found - length));
        }
    }
    report.put(figure("stride_time_mae", "ms").at_most(8.0).peer(9.7), mean_abs(&times), times.len());
    if markers.is_some() {
        let bar = LENGTH_SHARE * LENGTH_PEER_CM;
        let length = figure("stride_length_mae", "cm").at_most(bar).peer(LENGTH_PEER_CM);
        report.put(length, mean_abs(&lengths), lengths.len());
    }
    Ok(())
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
