//! [`Calibration`]: teaching Talus a leg's own range. Hold still for two seconds, then move three times alike.

use crate::scene::CalibrateScene;
use talus_coach::Texts;
use talus_cuff::clock::Clock;
use talus_motion::stats::median;
use talus_motion::{ExerciseModel, Micros, Movement, SampleBlock, Side, StreamConfig, Task, Tracker, TrackerError};

/// Seconds of stillness asked for.
const STILL_S: f64 = 2.0;
/// Movements asked for.
const MOVES: usize = 3;
/// The smallest of three must be at least this share of the largest.
const ALIKE: f64 = 0.7;
/// No first movement for this long: ask for stillness again, seconds.
const PATIENCE_S: f64 = 30.0;

/// Where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// Waiting for stillness, which began at some time.
    Still { since: Option<Micros> },
    /// Counting movements since then.
    Move { since: Micros },
    /// The range is known, degrees.
    Done { range_deg: f64 },
}

/// One leg being learned.
pub struct Calibration {
    side: Side,
    model: ExerciseModel,
    clock: Clock,
    tracker: Tracker,
    step: Step,
    ranges: Vec<f64>,
    /// The last three were not alike.
    again: bool,
    movements: Vec<Movement>,
}

impl Calibration {
    /// Begins with the stream that runs. The model is that of the exercise the range is learned for.
    ///
    /// # Errors
    /// Where the stream cannot be followed.
    pub fn new(side: Side, model: ExerciseModel, config: &StreamConfig) -> Result<Self, TrackerError> {
        let mut clock = Clock::new();
        clock.stream(config);
        Ok(Self {
            side,
            model,
            clock,
            tracker: Tracker::new(config)?,
            step: Step::Still { since: None },
            ranges: Vec::new(),
            again: false,
            movements: Vec::new(),
        })
    }

    /// The stream began anew, after a lost link: so does the calibration.
    ///
    /// # Errors
    /// As [`Calibration::new`].
    pub fn restart(&mut self, config: &StreamConfig) -> Result<(), TrackerError> {
        *self = Self::new(self.side, self.model, config)?;
        Ok(())
    }

    /// Takes samples.
    pub fn samples(&mut self, block: &SampleBlock) {
        let time = self.clock.place(block);
        self.movements.clear();
        self.tracker.push(block, time, &mut self.movements);
        let now = self.tracker.live().at;
        match self.step {
            Step::Still { mut since } => {
                for movement in &self.movements {
                    match movement {
                        Movement::Stilled { since: at } => since = Some(*at),
                        Movement::Moved { .. } | Movement::Gapped(_) => since = None,
                        _ => {}
                    }
                }
                self.step = Step::Still { since };
                if since.is_some_and(|since| now.since(since) as f64 * 1e-6 >= STILL_S) {
                    self.ranges.clear();
                    self.tracker.begin(now, Task::Reps(self.model), None);
                    self.step = Step::Move { since: now };
                }
            }
            Step::Move { since } => {
                let ranges = self.movements.iter().filter_map(|movement| match movement {
                    Movement::RepEnded(rep) => rep.range_deg,
                    _ => None,
                });
                self.ranges.extend(ranges);
                if self.ranges.len() >= MOVES {
                    self.judge();
                } else if self.ranges.is_empty() && now.since(since) as f64 * 1e-6 > PATIENCE_S {
                    self.hold_still();
                }
            }
            Step::Done { .. } => {}
        }
    }

    /// Whether the three were alike; if not, once more from the start.
    fn judge(&mut self) {
        self.ranges.truncate(MOVES);
        let (least, most) =
            self.ranges.iter().fold((f64::INFINITY, 0.0_f64), |(least, most), deg| (least.min(*deg), most.max(*deg)));
        let middle = median(&mut self.ranges.clone());
        self.again = least < ALIKE * most;
        match middle {
            Some(range_deg) if !self.again => self.step = Step::Done { range_deg },
            _ => self.hold_still(),
        }
    }

    fn hold_still(&mut self) {
        let at = self.tracker.live().at;
        self.movements.clear();
        self.tracker.end(at, &mut self.movements);
        let since = self.tracker.live().still.then_some(at);
        self.step = Step::Still { since };
    }

    /// The leg.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Whether movements are being counted (stillness is over).
    pub fn moving(&self) -> bool {
        matches!(self.step, Step::Move { .. })
    }

    /// The own range, degrees, once it is known.
    pub fn range_deg(&self) -> Option<f64> {
        match self.step {
            Step::Done { range_deg } => Some(range_deg),
            _ => None,
        }
    }

    /// The picture for a shell.
    pub fn scene(&self, texts: &Texts) -> CalibrateScene {
        let live = self.tracker.live();
        let (key, progress) = match self.step {
            Step::Still { since } => {
                let held_s = since.map_or(0.0, |since| live.at.since(since) as f64 * 1e-6);
                (if self.again { "pairing.calibrate.again" } else { "pairing.calibrate.still" }, held_s / STILL_S)
            }
            Step::Move { .. } => ("pairing.calibrate.move", self.ranges.len() as f64 / MOVES as f64),
            Step::Done { .. } => ("pairing.calibrate.done", 1.0),
        };
        CalibrateScene {
            side: self.side,
            instruction: texts.say(key, &[]),
            progress: progress.clamp(0.0, 1.0),
            angle_deg: live.angle_deg,
            range_deg: self.range_deg(),
        }
    }
}
