//! [`orient`] and [`orient_looking_back`]: the sensor's orientation, row by row.

use super::AnalyseError;
use crate::files::ImuFile;
use std::io::Write;
use std::num::NonZeroUsize;
use talus_motion::orient::look_back;
use talus_motion::{RATE_MAX_HZ, RATE_MIN_HZ, Tracker, TrackerError};

/// The line of names.
const NAMES: &str = "t_s,qw,qx,qy,qz,rest";

/// Writes CSV rows `t_s,qw,qx,qy,qz,rest` under a line of names, one for every row of the file: its own time in
/// seconds, the rotation from the sensor's axes to the earth's (z up, heading free) and 1 where the sensor rests.
///
/// A row that was left out (no numbers, a repeated time) repeats the orientation before it; before the first sample
/// it is `NaN`. Cutting the samples into chunks of `chunk` changes nothing.
pub fn orient(file: &ImuFile, chunk: Option<NonZeroUsize>, out: &mut impl Write) -> Result<(), AnalyseError> {
    let mut tracker = Tracker::for_samples(file.rate_hz)?;
    let mut found = Vec::new();
    let mut began = false;
    writeln!(out, "{NAMES}")?;
    for samples in file.samples.chunks(chunk.unwrap_or(NonZeroUsize::MAX).get()) {
        for sample in samples {
            tracker.push_sample(sample, &mut found);
            found.clear();
            began |= sample.acc.iter().chain(&sample.gyr).all(|v| v.is_finite());
            let vqf = tracker.orientation();
            let q = if began { vqf.orientation().array() } else { [f64::NAN; 4] };
            row(out, sample.at_us, q, vqf.at_rest())?;
        }
    }
    out.flush()?;
    Ok(())
}

/// As [`orient`], for a recording that is whole: every row is judged from what came before and after it.
pub fn orient_looking_back(file: &ImuFile, out: &mut impl Write) -> Result<(), AnalyseError> {
    if !(RATE_MIN_HZ..=RATE_MAX_HZ).contains(&file.rate_hz) {
        return Err(TrackerError::Rate(file.rate_hz).into());
    }
    writeln!(out, "{NAMES}")?;
    for (sample, settled) in file.samples.iter().zip(look_back(&file.samples, file.rate_hz)) {
        let q = settled.map_or([f64::NAN; 4], |settled| settled.orientation.array());
        row(out, sample.at_us, q, settled.is_some_and(|settled| settled.at_rest))?;
    }
    out.flush()?;
    Ok(())
}

fn row(out: &mut impl Write, at_us: f64, q: [f64; 4], rest: bool) -> std::io::Result<()> {
    let t_s = at_us * 1e-6;
    writeln!(out, "{t_s:.6},{:.9},{:.9},{:.9},{:.9},{}", q[0], q[1], q[2], q[3], u8::from(rest))
}
