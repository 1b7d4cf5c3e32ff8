//! A sensor's calibration against the reference implementation: `sections.json` and `imucal_result.json` beside a session.

use super::ValidateError;
use super::find;
use super::report::{Figure, Report};
use crate::analyse::{Calibrated, calibrate, read_sections};
use crate::files;
use serde::Deserialize;
use std::path::{Path, PathBuf};

const SET: &str = "imucal-ferraris";
const SECTIONS: &str = "sections.json";
const GRAVITY_MPS2: f64 = 9.81;
/// Usual rate of a turn made by hand, °/s: what biases of a gyroscope are compared with.
const TURN_DPS: f64 = 100.0;

#[derive(Deserialize)]
#[allow(non_snake_case)] // the reference's names
struct Reference {
    K_a: [[f64; 3]; 3],
    R_a: [[f64; 3]; 3],
    b_a: [f64; 3],
    K_g: [[f64; 3]; 3],
    R_g: [[f64; 3]; 3],
    b_g: [f64; 3],
    K_ga: [[f64; 3]; 3],
}

pub(super) fn judge(files: &[PathBuf], report: &mut Report) {
    for sections in find::ending(files, SECTIONS) {
        let session = find::beside(sections, SECTIONS, "session.csv");
        let result = find::beside(sections, SECTIONS, "imucal_result.json");
        let Some((session, result)) = session.zip(result) else { continue };
        let Some((found, reference)) = report.take(both(sections, &session, &result)) else { continue };
        let off = difference(&found, &reference);
        report.put(Figure::new(SET, "largest_difference_to_reference", "share").of(&session).at_most(1e-6), off, 51);
        let gravity = Figure::new(SET, "largest_gravity_error_after", "share").of(&session).at_most(0.005);
        report.put(gravity, found.quality.gravity_off, found.quality.poses);
    }
}

fn both(sections: &Path, session: &Path, result: &Path) -> Result<(Calibrated, Reference), ValidateError> {
    let wrong = |reason: String| ValidateError::Reference { file: result.to_owned(), reason };
    let text = std::fs::read_to_string(result).map_err(|error| wrong(error.to_string()))?;
    let reference = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let file = files::read(session, None)?;
    Ok((calibrate(&file, Some(&read_sections(sections)?))?, reference))
}

/// The largest difference of a number as far as it changes a reading: scales and axes as they are, biases as shares of
/// gravity and of the rate of a turn.
///
/// The element by itself is no measure: the session is stored with five digits, so that numbers near zero differ by a ten
/// thousandth of themselves whatever computes them.
fn difference(found: &Calibrated, reference: &Reference) -> f64 {
    let three = |a: [f64; 3], b: [f64; 3], unit: f64| {
        a.into_iter().zip(b).map(|(a, b)| (a - b).abs() / unit).fold(0.0, f64::max)
    };
    let nine = |a: Option<[[f64; 3]; 3]>, b: [[f64; 3]; 3], unit: f64| {
        a.map_or(f64::NAN, |a| a.into_iter().zip(b).map(|(a, b)| three(a, b, unit)).fold(0.0, f64::max))
    };
    let all = [
        nine(Some(found.K_a), reference.K_a, 1.0),
        nine(Some(found.R_a), reference.R_a, 1.0),
        three(found.b_a, reference.b_a, GRAVITY_MPS2),
        nine(found.K_g, reference.K_g, 1.0),
        nine(found.R_g, reference.R_g, 1.0),
        found.b_g.map_or(f64::NAN, |b_g| three(b_g, reference.b_g, TURN_DPS)),
        nine(found.K_ga, reference.K_ga, TURN_DPS / GRAVITY_MPS2),
    ];
    // A number that is missing must not vanish in the maximum.
    if all.iter().any(|v| v.is_nan()) { f64::NAN } else { all.into_iter().fold(0.0, f64::max) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::CalibrationQuality;

    #[test]
    fn a_difference_counts_by_what_it_does_to_a_reading() {
        let one = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let quality = CalibrationQuality { ok: true, reasons: Vec::new(), gravity_off: 0.0, poses: 6 };
        let found = Calibrated {
            talus: "calibrate/1",
            file: String::new(),
            K_a: one,
            R_a: one,
            b_a: [0.0; 3],
            K_g: Some(one),
            R_g: Some(one),
            b_g: Some([0.0; 3]),
            K_ga: Some([[0.0; 3]; 3]),
            quality,
        };
        let reference = |b_a: f64, b_g: f64, r: f64| Reference {
            K_a: one,
            R_a: [[1.0, r, 0.0], one[1], one[2]],
            b_a: [0.0, b_a, 0.0],
            K_g: one,
            R_g: one,
            b_g: [0.0, 0.0, b_g],
            K_ga: [[0.0; 3]; 3],
        };
        assert_eq!(difference(&found, &reference(0.0, 0.0, 0.0)), 0.0);
        assert!((difference(&found, &reference(9.81e-5, 0.0, 0.0)) - 1e-5).abs() < 1e-18);
        assert!((difference(&found, &reference(0.0, -2e-3, 0.0)) - 2e-5).abs() < 1e-18);
        assert!((difference(&found, &reference(9.81e-5, 0.0, -3e-5)) - 3e-5).abs() < 1e-18);
        assert!(difference(&Calibrated { b_g: None, ..found }, &reference(0.0, 0.0, 0.0)).is_nan());
    }
}
