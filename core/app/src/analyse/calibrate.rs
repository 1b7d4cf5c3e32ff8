//! [`calibrate`]: what a recording says about its sensor, as the format `calibrate/1`.

use super::AnalyseError;
use crate::files::ImuFile;
use serde::{Deserialize, Serialize};
use std::path::Path;
use talus_motion::calibrate::{AccFit, Ferraris, Section, Sections, Stills, ferraris, fit};

/// Largest file of sections that is read, bytes.
const SECTIONS_MAX: u64 = 64 * 1024;
/// Poses whose corrected force is off by more than this share of gravity were not six poses.
const GRAVITY_OFF_MOST: f64 = 0.005;
/// A gyroscope that spreads by more than this in a pose was moved, rad/s (1 °/s; good sensors have a tenth in noise).
const RESTLESS_RADPS: f64 = 0.017;
/// Below this the fit of still poses is not relied on: the worst number may be off by 1 %.
const QUALITY_LEAST: f64 = 0.5;

/// Numbers and units of the reference: acceleration m/s², turning °/s; `raw = K · R · true + b`, for the gyroscope plus
/// `K_ga` times the true acceleration. What the recording does not tell is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(non_snake_case)] // the reference's names
pub struct Calibrated {
    /// Name and version of the format: `calibrate/1`.
    pub talus: &'static str,
    /// The file's name without its folder.
    pub file: String,
    /// Scale of the accelerometer.
    pub K_a: [[f64; 3]; 3],
    /// How the accelerometer's axes lie.
    pub R_a: [[f64; 3]; 3],
    /// Bias of the accelerometer, m/s².
    pub b_a: [f64; 3],
    /// Scale of the gyroscope.
    pub K_g: Option<[[f64; 3]; 3]>,
    /// How the gyroscope's axes lie.
    pub R_g: Option<[[f64; 3]; 3]>,
    /// Bias of the gyroscope, °/s.
    pub b_g: Option<[f64; 3]>,
    /// What acceleration adds to the gyroscope, °/s per m/s².
    pub K_ga: Option<[[f64; 3]; 3]>,
    /// How good it is.
    pub quality: CalibrationQuality,
}

/// How good a calibration is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalibrationQuality {
    /// Nothing speaks against it.
    pub ok: bool,
    /// What does: `moved`, `gravity_off`, `uncertain`.
    pub reasons: Vec<&'static str>,
    /// What is left between corrected poses and gravity, as a share of gravity: the largest of six, or the root mean
    /// square of many.
    pub gravity_off: f64,
    /// Poses used.
    pub poses: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marked {
    start: usize,
    end: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkedSections {
    x_p: Marked,
    x_a: Marked,
    y_p: Marked,
    y_a: Marked,
    z_p: Marked,
    z_a: Marked,
    x_rot: Marked,
    y_rot: Marked,
    z_rot: Marked,
}

/// Reads the sections of a calibration session: the rows (from 0, `end` not included) of six poses `x_p` … `z_a` and
/// three turns `x_rot`, `y_rot`, `z_rot`, as JSON.
pub fn read_sections(path: &Path) -> Result<Sections, AnalyseError> {
    let wrong = |reason: String| AnalyseError::Sections { file: path.to_owned(), reason };
    let length = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if length > SECTIONS_MAX {
        return Err(wrong(format!("it has {length} bytes, sections have a few hundred")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let marked: MarkedSections = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let of = |section: Marked| -> Section { section.start..section.end };
    Ok(Sections {
        up: [of(marked.x_p), of(marked.y_p), of(marked.z_p)],
        down: [of(marked.x_a), of(marked.y_a), of(marked.z_a)],
        turn: [of(marked.x_rot), of(marked.y_rot), of(marked.z_rot)],
    })
}

/// The calibration of the sensor that recorded `file`: everything from the poses and turns marked by `sections`, or,
/// without them, the accelerometer and the gyroscope's bias from whatever poses it lay still in.
pub fn calibrate(file: &ImuFile, sections: Option<&Sections>) -> Result<Calibrated, AnalyseError> {
    if let Some(sections) = sections {
        return Ok(of_sections(file, &ferraris(&file.samples, sections, file.rate_hz)?));
    }
    let mut stills = Stills::new(file.rate_hz);
    let mut last_us = f64::NEG_INFINITY;
    for sample in file.in_order() {
        stills.push(sample.gyr, sample.acc, (sample.at_us - last_us) * 1e-6);
        last_us = sample.at_us;
    }
    let fitted = fit(&stills.poses())?;
    of_poses(file, &fitted, stills.gyr_bias())
}

fn of_sections(file: &ImuFile, found: &Ferraris) -> Calibrated {
    let diagonal = |d: [f64; 3]| [[d[0], 0.0, 0.0], [0.0, d[1], 0.0], [0.0, 0.0, d[2]]];
    let mut reasons = Vec::new();
    if found.restless_radps > RESTLESS_RADPS {
        reasons.push("moved");
    }
    if found.gravity_off > GRAVITY_OFF_MOST {
        reasons.push("gravity_off");
    }
    Calibrated {
        talus: "calibrate/1",
        file: file.name.clone(),
        K_a: diagonal(found.scale_acc),
        R_a: found.rotation_acc,
        b_a: found.bias_acc,
        K_g: Some(diagonal(found.scale_gyr)),
        R_g: Some(found.rotation_gyr),
        b_g: Some(found.bias_gyr.map(f64::to_degrees)),
        K_ga: Some(found.acc_on_gyr.map(|row| row.map(f64::to_degrees))),
        quality: CalibrationQuality { ok: reasons.is_empty(), reasons, gravity_off: found.gravity_off, poses: 6 },
    }
}

fn of_poses(file: &ImuFile, found: &AccFit, gyr_bias: Option<[f64; 3]>) -> Result<Calibrated, AnalyseError> {
    let (scale, rotation) = found
        .scale_and_rotation()
        .ok_or(AnalyseError::Calibrate(talus_motion::calibrate::CalibrateError::Unspanned))?;
    let reasons = if found.quality() < QUALITY_LEAST { vec!["uncertain"] } else { Vec::new() };
    Ok(Calibrated {
        talus: "calibrate/1",
        file: file.name.clone(),
        K_a: [[scale[0], 0.0, 0.0], [0.0, scale[1], 0.0], [0.0, 0.0, scale[2]]],
        R_a: rotation,
        b_a: found.bias,
        K_g: None,
        R_g: None,
        b_g: gyr_bias.map(|bias| bias.map(f64::to_degrees)),
        K_ga: None,
        quality: CalibrationQuality { ok: reasons.is_empty(), reasons, gravity_off: found.left, poses: found.poses },
    })
}
