//! What a recorded file holds: repetitions, strides or orientation, at the file's full precision.
//!
//! [`reps`] and [`gait`] give an [`Analysis`] that serialises to the judging format `analyse/1`; [`orient`] and
//! [`orient_looking_back`] write one CSV row per row of the file; [`calibrate`] gives the numbers of its sensor. Files go to `motion` as they are: no cuff, no grid, no session in between. Times are
//! the file's own.

mod calibrate;
mod event;
mod orient;

pub use calibrate::{Calibrated, CalibrationQuality, calibrate, read_sections};
pub use event::{Analysis, Event, Kind, PartValues, RepValues, StrideValues, TestValues, TurnValues, Values, Verdict};
pub use orient::{orient, orient_looking_back};

use crate::files::ImuFile;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use talus_motion::calibrate::CalibrateError;
use talus_motion::{
    ExerciseModel, Micros, ModelKind, Movement, Side, Task, Tempo, Test, Tracker, TrackerError, TurnAxis,
};

/// Why a file could not be analysed. The text reads after "failed to ".
#[derive(Debug, thiserror::Error)]
pub enum AnalyseError {
    /// The exercise is done by the clock: there is nothing to count.
    #[error("count repetitions of an exercise that is only timed")]
    OnlyTimed,
    /// The rate cannot be followed.
    #[error(transparent)]
    Rate(#[from] TrackerError),
    /// The sections of a calibration cannot be read.
    #[error("read the sections {}: {reason}", file.display())]
    Sections {
        /// The file that was meant.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The recording does not tell what a calibration needs.
    #[error(transparent)]
    Calibrate(#[from] CalibrateError),
    /// The rows cannot be written.
    #[error("write the orientation: {0}")]
    Write(#[from] io::Error),
}

impl AnalyseError {
    /// What a person can do, in English; one sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::OnlyTimed => "Choose an exercise that is measured.",
            Self::Rate(_) => "Give the right rate or time unit with --input-map FILE.",
            Self::Sections { .. } => {
                "Give a JSON file with start and end of x_p, x_a, y_p, y_a, z_p, z_a, x_rot, y_rot, z_rot."
            }
            Self::Calibrate(CalibrateError::Section(_) | CalibrateError::Flat(_)) => {
                "Mark six still poses, each axis up and down, and one whole turn about each axis."
            }
            Self::Calibrate(CalibrateError::FewPoses { .. } | CalibrateError::Unspanned) => {
                "Lay the sensor down in at least nine different ways, on all its sides, three seconds each."
            }
            Self::Write(_) => "Check that there is room and that you may write there.",
        }
    }
}

/// The model for a movement nobody named: any swing of the leg against gravity from 10° on, and a smaller one that
/// lifts the ankle: the shank of a person who only bends the trunk rocks by up to 7° and lifts nothing.
pub fn generic_model() -> ExerciseModel {
    ExerciseModel {
        kind: ModelKind::Angle,
        axis: TurnAxis::Mixed,
        range_deg: 45.0,
        min_count_deg: 10.0,
        tempo: Tempo { lift_s: 2.0, hold_s: 1.0, lower_s: 2.0, rest_s: 0.0 },
        leverage: None,
    }
}

/// A model for a recording: nobody asked for its times of lifting and lowering, so that none is too quick. A hold is
/// part of the exercise itself.
pub fn without_tempo(model: ExerciseModel) -> ExerciseModel {
    let tempo = Tempo { lift_s: 0.0, lower_s: 0.0, rest_s: 0.0, ..model.tempo };
    ExerciseModel { tempo, ..model }
}

/// The catalogue's exercise that a file's name speaks of, if it names one.
pub fn exercise_of_name(name: &str) -> Option<&'static str> {
    let plain: String = name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    // The more particular first: a side-lying leg raise is no straight-leg raise.
    [
        ("side_lying", "side_abd"),
        ("hip_abduction", "side_abd"),
        ("prone_hip_extension", "prone_hip_ext"),
        ("knee_extension", "knee_ext_seated"),
        ("leg_raise", "quad_set_slr"),
        ("walk", "walk"),
    ]
    .into_iter()
    .find_map(|(words, exercise)| plain.contains(words).then_some(exercise))
}

/// The repetitions of one exercise in the whole file, as one set; gaps in between.
///
/// Every repetition is listed, also one that stayed short of the range that counts: it says `full: false`. A file
/// with a block of small movements then shows them as what they are, and whoever reads the list decides.
/// `side` says which leg it was where the file does not. Cutting the samples into chunks of `chunk` changes nothing.
pub fn reps(
    file: &ImuFile,
    model: ExerciseModel,
    side: Option<Side>,
    chunk: Option<NonZeroUsize>,
) -> Result<Analysis, AnalyseError> {
    if model.kind == ModelKind::Timer {
        return Err(AnalyseError::OnlyTimed);
    }
    follow(file, Task::Reps(without_tempo(model)), side, chunk)
}

/// The contacts, foot-offs and strides of a walk; gaps in between. `side` and `chunk` as for [`reps`].
pub fn gait(file: &ImuFile, side: Option<Side>, chunk: Option<NonZeroUsize>) -> Result<Analysis, AnalyseError> {
    follow(file, Task::Walk, side, chunk)
}

/// One function test, or a stand with its sway, as the whole of the file. `side` and `chunk` as for [`reps`].
pub fn balance(
    file: &ImuFile,
    test: Test,
    side: Option<Side>,
    chunk: Option<NonZeroUsize>,
) -> Result<Analysis, AnalyseError> {
    follow(file, Task::Test(test), side, chunk)
}

fn follow(
    file: &ImuFile,
    task: Task,
    side: Option<Side>,
    chunk: Option<NonZeroUsize>,
) -> Result<Analysis, AnalyseError> {
    let mut tracker = Tracker::for_samples(file.rate_hz)?;
    let at = |us: Option<f64>| Micros(us.unwrap_or(0.0).round() as i64);
    let side = side.or(file.side);
    let (mut events, mut found) = (Vec::new(), Vec::new());
    let mut take = |found: &mut Vec<Movement>| {
        events.extend(found.drain(..).filter_map(|movement| Event::of(&movement, side)));
    };
    tracker.begin(at(file.samples.first().map(|sample| sample.at_us)), task, None);
    let whole = NonZeroUsize::MAX;
    for samples in file.samples.chunks(chunk.unwrap_or(whole).get()) {
        for sample in samples {
            tracker.push_sample(sample, &mut found);
        }
        take(&mut found);
    }
    let latest = file.samples.iter().map(|sample| sample.at_us).reduce(f64::max);
    tracker.end(at(latest), &mut found);
    take(&mut found);
    let mut analysis = Analysis::new(&file.name, events);
    analysis.close(tracker.start_distance_m());
    Ok(analysis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exercise_is_known_from_names_that_speak_of_one() {
        for (name, exercise) in [
            ("s1_seated_knee_extension_shank_session.csv", Some("knee_ext_seated")),
            ("s4_supine_leg_raise_shank_session.csv", Some("quad_set_slr")),
            ("s2_side_lying_hip_abduction_thigh_session.csv", Some("side_abd")),
            ("Side-lying leg raise.csv", Some("side_abd")),
            ("s5_prone_hip_extension_shank_session.csv", Some("prone_hip_ext")),
            ("short_walk.csv", Some("walk")),
            ("s1_seated_trunk_bend_shank_session.csv", None),
            ("", None),
        ] {
            assert_eq!(exercise_of_name(name), exercise, "{name}");
        }
    }
}
