//! Orientation against an optical system (BROAD): any file that carries such a reference.

use super::find;
use super::report::{Figure, Report};
use super::score::{inclination_deg, mean, rms};
use crate::files::{self, ImuFile};
use std::path::PathBuf;
use talus_motion::orient::{Quat, Vqf, look_back};

const SET: &str = "broad";
/// A file has a reference if its first line names this column.
const REFERENCE: &str = "ref_qw";
/// Reference samples that count, without which an error means nothing.
const COUNTED_LEAST: usize = 100;

pub(super) fn judge(files: &[PathBuf], report: &mut Report) {
    let (mut streamed, mut offline, mut thinned) = (Vec::new(), Vec::new(), Vec::new());
    let mut counted = 0;
    for path in find::ending(files, ".csv").into_iter().filter(|path| has_reference(path)) {
        let Some(file) = report.take(files::read(path, None).map_err(Into::into)) else { continue };
        let Some((error, n)) = error_deg(&file, &stream(&file, 1)) else {
            report.unlike(path, format!("fewer than {COUNTED_LEAST} samples have a reference that counts"));
            continue;
        };
        counted += n;
        report.put(Figure::new(SET, "inclination_rmse_streaming", "deg").of(path), error, n);
        streamed.push(error);
        let found: Vec<_> = look_back(&file.samples, file.rate_hz);
        let found: Vec<Option<Quat>> = found.iter().map(|known| known.map(|known| known.orientation)).collect();
        offline.extend(error_deg(&file, &found).map(|(error, _)| error));
        thinned.extend(error_deg(&file, &stream(&file, 3)).map(|(error, _)| error));
    }
    if streamed.is_empty() {
        return;
    }
    let figure = |metric| Figure::new(SET, metric, "deg");
    report.put(figure("inclination_rmse_streaming").at_most(0.41).peer(0.409), mean(&streamed), counted);
    report.put(figure("inclination_rmse_offline").at_most(0.32).peer(0.319), mean(&offline), counted);
    report.put(figure("inclination_rmse_every_third_sample").at_most(1.08).peer(1.081), mean(&thinned), counted / 3);
}

/// Whether the first line names a reference; a file that cannot be opened is left to whoever reads it.
fn has_reference(path: &PathBuf) -> bool {
    use std::io::{BufRead, BufReader, Read};
    let mut line = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| BufReader::new(file.take(4096)).read_until(b'\n', &mut line));
    read.is_ok() && String::from_utf8_lossy(&line).split(',').any(|name| name.trim() == REFERENCE)
}

/// The orientation at every `every`th sample, from those samples alone.
fn stream(file: &ImuFile, every: usize) -> Vec<Option<Quat>> {
    let mut vqf = Vqf::new(file.rate_hz / every as f64);
    let mut last_us = f64::NEG_INFINITY;
    let mut found = vec![None; file.samples.len()];
    for (i, sample) in file.samples.iter().enumerate().step_by(every) {
        vqf.update(sample.gyr, sample.acc, (sample.at_us - last_us) * 1e-6);
        last_us = sample.at_us;
        found[i] = Some(vqf.orientation());
    }
    found
}

/// Root mean square of the inclination's error over the samples that count, and their number.
fn error_deg(file: &ImuFile, found: &[Option<Quat>]) -> Option<(f64, usize)> {
    let reference = file.reference.as_ref()?;
    let rows = found.iter().zip(&reference.orientation).zip(&reference.counted);
    let errors: Vec<f64> = rows
        .filter_map(|((found, reference), counted)| {
            let [w, x, y, z] = reference.filter(|_| *counted)?;
            Some(inclination_deg((*found)?, Quat { w, x, y, z }))
        })
        .collect();
    (errors.len() >= COUNTED_LEAST).then(|| (rms(&errors), errors.len()))
}
