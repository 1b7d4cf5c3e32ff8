//! [`orient`]: the sensor's orientation, row by row.

use super::AnalyseError;
use crate::files::ImuFile;
use std::io::Write;
use std::num::NonZeroUsize;
use talus_motion::Tracker;

/// Writes CSV rows `t_s,qw,qx,qy,qz,rest` under a line of names, one for every row of the file: its own time in
/// seconds, the rotation from the sensor's axes to the earth's (z up, heading free) and 1 where the sensor rests.
///
/// A row that was left out (no numbers, a repeated time) repeats the orientation before it; before the first sample
/// it is `NaN`. Cutting the samples into chunks of `chunk` changes nothing.
pub fn orient(file: &ImuFile, chunk: Option<NonZeroUsize>, out: &mut impl Write) -> Result<(), AnalyseError> {
    let mut tracker = Tracker::for_samples(file.rate_hz)?;
    let mut found = Vec::new();
    let mut began = false;
    writeln!(out, "t_s,qw,qx,qy,qz,rest")?;
    for samples in file.samples.chunks(chunk.unwrap_or(NonZeroUsize::MAX).get()) {
        for sample in samples {
            tracker.push_sample(sample, &mut found);
            found.clear();
            began |= sample.acc.iter().chain(&sample.gyr).all(|v| v.is_finite());
            let vqf = tracker.orientation();
            let q = if began { vqf.orientation().array() } else { [f64::NAN; 4] };
            let t_s = sample.at_us * 1e-6;
            let rest = u8::from(vqf.at_rest());
            writeln!(out, "{t_s:.6},{:.9},{:.9},{:.9},{:.9},{rest}", q[0], q[1], q[2], q[3])?;
        }
    }
    out.flush()?;
    Ok(())
}
