//! Repetitions whose height the cuff feels and whose angle says little: [`Lifts`], for heel raises, steps to the side, taps
//! on a step and knees that are lifted while the shank hangs.

use super::Frame;
use super::beats::Beats;
use super::tally::{Found, Tally};
use crate::function::rises::{Felt, Rise, Rises, Stage};
use crate::intake::Marks;
use crate::model::ExerciseModel;
use crate::movement::{Movement, Phase};
use crate::orient::{cross, dot, norm};
use crate::words::{GRAVITY_MPS2, Micros};

/// A heel is raised with the shank within this of how it stood, degrees: more is a step, or the person sat down.
const HEEL_TILT_DEG: f64 = 20.0;
/// A planted shank that leans lifts its cuff by next to nothing, but turns with it what its accelerometer is off by: 0.1
/// m/s² make some centimetres of a lean of ten degrees.
const LEANT_M_PER_DEG: f64 = 0.003;

/// Counts the lifts of one set.
#[derive(Debug, Clone)]
pub(crate) struct Lifts {
    tally: Tally,
    rises: Rises,
    beats: Beats,
    cut: bool,
    /// The way up while the cuff was down, and the farthest tilt from it since.
    home: Option<[f64; 3]>,
    tilt_deg: f64,
    fastest_dps: f64,
}

impl Lifts {
    pub(crate) fn new(at: Micros, model: ExerciseModel, rate_hz: f64) -> Self {
        Self {
            tally: Tally::new(at, model, rate_hz),
            rises: Rises::new(rate_hz),
            beats: Beats::new(1.0 / rate_hz),
            cut: false,
            home: None,
            tilt_deg: 0.0,
            fastest_dps: 0.0,
        }
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(crate) fn disagrees(&self) -> bool {
        self.tally.disagrees(self.beats.count())
    }

    pub(crate) fn cut(&mut self, at_us: f64, out: &mut Vec<Movement>) {
        self.tally.cut(at_us, out);
        self.beats.cut();
        self.cut = true;
    }

    pub(crate) fn push(&mut self, frame: &Frame, marks: &Marks, out: &mut Vec<Movement>) {
        let felt = Felt { at_us: frame.at_us, turn_dps: norm(frame.gyr_dps), rise_mps2: frame.up_mps2 - GRAVITY_MPS2 };
        let up = frame.orientation.up();
        let found = self.rises.push(&felt, core::mem::take(&mut self.cut));
        if self.rises.ready() {
            self.beats.push(felt.rise_mps2);
        }
        let stage = self.rises.stage();
        if stage == Stage::Down && found.is_none() {
            (self.home, self.tilt_deg, self.fastest_dps) = (Some(up), 0.0, 0.0);
        } else if let Some(home) = self.home {
            let tilt = libm::atan2(norm(cross(home, up)), dot(home, up)).to_degrees();
            self.tilt_deg = self.tilt_deg.max(tilt);
            if stage == Stage::Up {
                self.fastest_dps = self.fastest_dps.max(felt.turn_dps);
            }
        }
        match stage {
            Stage::Up if self.tally.phase().0 == Phase::Rest => {
                let from_us = self.rises.under_way_us().unwrap_or(frame.at_us);
                self.tally.enter(Phase::Lift, from_us, out);
            }
            Stage::Above if self.tally.phase().0 == Phase::Lift => self.tally.enter(Phase::Hold, frame.at_us, out),
            Stage::Back if self.tally.phase().0 != Phase::Rest => self.tally.enter(Phase::Lower, frame.at_us, out),
            Stage::Down if found.is_none() => self.tally.enter(Phase::Rest, frame.at_us, out),
            _ => {}
        }
        if let Some(rise) = found {
            self.count(&rise, frame.at_us, marks, out);
        }
    }

    fn count(&mut self, rise: &Rise, now_us: f64, marks: &Marks, out: &mut Vec<Movement>) {
        let step = self.tally.model().range_deg == 0.0 && self.tilt_deg > HEEL_TILT_DEG;
        if step || rise.height_m < LEANT_M_PER_DEG * self.tilt_deg {
            self.tally.enter(Phase::Rest, now_us, out);
            return;
        }
        let found = Found {
            start_us: rise.start_us,
            top_us: rise.top_us,
            turn_us: rise.turn_us,
            end_us: rise.end_us,
            size: Some(rise.height_m),
            rise_m: Some(rise.height_m),
            range_deg: None,
            peak_dps: self.fastest_dps,
        };
        self.tally.count(&found, now_us, marks, out);
    }

    pub(crate) fn end(&mut self, at: Micros, marks: &Marks, out: &mut Vec<Movement>) {
        if let Some(rise) = self.rises.end() {
            self.count(&rise, at.0 as f64, marks, out);
        }
        self.tally.enter(Phase::Rest, at.0 as f64, out);
        self.tally.doubt(self.beats.count(), at, out);
    }
}
