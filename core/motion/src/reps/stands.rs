//! Sitting to standing and back, counted by the lean of the shank that goes with both: [`Stands`].

use super::Frame;
use super::lobes::Lobes;
use super::tally::{Found, Tally};
use crate::function;
use crate::function::chair::{Chair, Lean};
use crate::intake::Marks;
use crate::model::ExerciseModel;
use crate::movement::{Movement, Phase};
use crate::orient::norm;
use crate::words::{GRAVITY_MPS2, Micros};

/// The least a shank leans in getting up, degrees: what the second counter minds.
const LEAN_DEG: f64 = 3.0;

/// Counts the stands of one set.
#[derive(Debug, Clone)]
pub(crate) struct Stands {
    tally: Tally,
    chair: Chair,
    lobes: Lobes,
    frame_s: f64,
    cut: bool,
    /// Got up, and not yet down again.
    up: Option<Lean>,
    peak_dps: f64,
}

impl Stands {
    pub(crate) fn new(at: Micros, model: ExerciseModel, rate_hz: f64) -> Self {
        Self {
            tally: Tally::new(at, model, rate_hz),
            chair: Chair::of_a_set(rate_hz),
            lobes: Lobes::new(2.0 * LEAN_DEG),
            frame_s: 1.0 / rate_hz,
            cut: false,
            up: None,
            peak_dps: 0.0,
        }
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What the second counter saw: two leans to a repetition.
    fn other(&self) -> u32 {
        self.lobes.count() / 2
    }

    /// Leans that had to be taken in turn are one reason for doubt, swings of another number the other.
    pub(crate) fn disagrees(&self) -> bool {
        let told = self.tally.full() + self.tally.short();
        told > 0 && self.chair.in_turn() || self.tally.disagrees(self.other())
    }

    pub(crate) fn cut(&mut self, at_us: f64, out: &mut Vec<Movement>) {
        self.tally.cut(at_us, out);
        self.lobes.cut();
        (self.cut, self.up) = (true, None);
    }

    pub(crate) fn push(&mut self, frame: &Frame, marks: &Marks, out: &mut Vec<Movement>) {
        self.lobes.push(frame.gyr_dps, self.frame_s);
        let turn_dps = norm(frame.gyr_dps);
        self.peak_dps = self.peak_dps.max(turn_dps);
        let felt = function::Frame {
            at_us: frame.at_us,
            up: frame.orientation.up(),
            turn_dps,
            rise_mps2: frame.up_mps2 - GRAVITY_MPS2,
            blow_mps2: 0.0,
        };
        let mut turned = self.chair.turned(&felt, core::mem::take(&mut self.cut));
        while let Some((stands, lean)) = turned {
            self.take(stands, lean, frame.at_us, marks, out);
            turned = self.chair.turned_before();
        }
    }

    fn take(&mut self, stands: bool, lean: Lean, now_us: f64, marks: &Marks, out: &mut Vec<Movement>) {
        if stands {
            if let Some(up) = self.up.take() {
                // Sitting down lies hidden in the lean of getting up again.
                self.count(up, up.end_us, lean.start_us, now_us, marks, out);
            }
            self.tally.enter(Phase::Lift, lean.start_us, out);
            self.tally.enter(Phase::Hold, lean.end_us, out);
            self.up = Some(lean);
            return;
        }
        if let Some(up) = self.up.take() {
            self.count(up, lean.start_us.max(up.end_us), lean.end_us, now_us, marks, out);
        }
    }

    fn count(&mut self, up: Lean, turn_us: f64, end_us: f64, now_us: f64, marks: &Marks, out: &mut Vec<Movement>) {
        let found = Found {
            start_us: up.start_us,
            top_us: up.end_us,
            turn_us,
            end_us: end_us.max(turn_us),
            size: None,
            rise_m: None,
            range_deg: None,
            peak_dps: self.peak_dps,
        };
        self.peak_dps = 0.0;
        self.tally.count(&found, now_us, marks, out);
    }

    pub(crate) fn end(&mut self, at: Micros, marks: &Marks, out: &mut Vec<Movement>) {
        while let Some((stands, lean)) = self.chair.turned_at_end() {
            self.take(stands, lean, at.0 as f64, marks, out);
        }
        self.tally.enter(Phase::Rest, at.0 as f64, out);
        if self.disagrees() {
            self.tally.doubt(self.other(), at, out);
        }
    }
}
