//! What stood out beside the repetitions, and what a session makes of it: the other leg works, another exercise is done, the
//! cuff sits otherwise, a foot was caught, somebody ran, swayed or touched down.
//!
//! Everything that stood out is an [`Event`], in a recording of somebody else as well; only whoever is led is told, and
//! asked. How a cuff sits is learned from walking alone, where standing and swinging are known for what they are, and is
//! known until the cuff was handled.

use super::io::{Event, Outputs};
use super::set::{Set, Tally};
use super::{Held, Session, State};
use crate::catalogue::{Exercise, Position};
use crate::cues::Moment;
use crate::plan::{Laterality, Pace};
use crate::walk::{Happens, Part};
use talus_motion::calibrate::Change;
use talus_motion::{Detector, Finding, Micros, ModelKind, Phase, Side, SideWatch};

/// The two legs are compared no more often than this, µs: what is compared is an average over two seconds.
const COMPARED_US: i64 = 100_000;
/// Strides of a leg from one look at how its cuff sits to the next, while that is learned.
pub(super) const SITS_STRIDES: u32 = 20;
/// A caught foot is the detector that guesses most: without a weight nothing comes of one that is less sure than this.
const STUMBLE_SURE: f64 = 0.75;
/// A tap of the foot that is less sure ends no stand.
const TOUCH_SURE: f64 = 0.65;

/// Which leg works in a set of one leg.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides {
    watch: SideWatch,
    /// The leg that is to rest.
    other: usize,
    due: Micros,
}

/// Whether the leg that is asked for turns and the other one rests: on one leg the free one works, and a heel that rises or
/// what no cuff sees turns no shank.
fn turns_alone(exercise: &Exercise) -> bool {
    let turns = matches!(exercise.model.kind, ModelKind::Angle | ModelKind::Gyro);
    turns && !exercise.walks() && exercise.laterality == Laterality::Each && exercise.position != Position::OneLeg
}

impl Session {
    /// What tells the legs of a set apart; `None` where they both work, or nobody is led.
    pub(super) fn sides_of(&self, blocks: &[usize]) -> Option<Sides> {
        let [block] = blocks else { return None };
        let block = &self.course.blocks[*block];
        if self.pace == Pace::Followed || !turns_alone(&block.exercise) {
            return None;
        }
        let other = self.legs.iter().position(|leg| leg.worn.side == block.asked.side.other())?;
        Some(Sides { watch: SideWatch::new(), other, due: self.now })
    }

    /// Compares the legs while the one that was asked to has done nothing yet.
    pub(super) fn look_at_sides(&mut self, k: usize, out: &mut Outputs) {
        let now = self.now;
        let State::Set(set) = &mut self.state else { return };
        let Set { legs: tallies, sides: Some(sides), lost: None, by_hand: false, .. } = &mut **set else { return };
        let Some(tally) = tallies.first().filter(|tally| tally.leg == k && tally.rows == 0) else { return };
        let (asked, other) = (&self.legs[tally.leg], &self.legs[sides.other]);
        if now < sides.due || asked.phase != Phase::Rest || !other.streaming() {
            return;
        }
        sides.due = now.plus(COMPARED_US);
        let quality = asked.quality().join(other.quality());
        let found = sides.watch.push(now, asked.turning_dps(), other.turning_dps(), quality);
        if let Some(finding) = found {
            let other = sides.other;
            self.noticed(other, finding, out);
        }
    }

    /// Something stood out on a leg.
    pub(super) fn noticed(&mut self, k: usize, finding: Finding, out: &mut Outputs) {
        let side = self.legs[k].worn.side;
        out.events.push(Event::Noticed { at: self.now, side, finding });
        if self.pace == Pace::Followed {
            return;
        }
        let Finding { detector, confidence, quality, .. } = finding;
        match detector {
            Detector::Trip => self.stumbled(confidence, out),
            Detector::CuffSlip => self.slipped(k, out),
            Detector::WrongSide if quality.ok() => self.wrong_side(side, out),
            Detector::WrongExercise if quality.ok() => self.wrong_exercise(k, out),
            Detector::TouchDown if quality.ok() && confidence >= TOUCH_SURE => {
                self.trial_touched(k, finding.start, out);
            }
            // That somebody runs a walk sees stride by stride, from when the weight is on; a wobble is told with its try.
            _ => {}
        }
    }

    /// The other leg works: told, and before the next set of the one that was asked for it is asked what is worn where.
    fn wrong_side(&mut self, moves: Side, out: &mut Outputs) {
        self.carried.remove(&moves.other());
        self.say(&Moment::WrongSide(moves), out);
    }

    /// What was counted is of another exercise: none of it says how this one goes, and it is shown again.
    fn wrong_exercise(&mut self, k: usize, out: &mut Outputs) {
        let Some(set) = self.set_mut() else { return };
        set.legs.iter_mut().filter(|tally| tally.leg == k).for_each(Tally::doubt);
        let id = self.course.exercise_of(self.turn).to_owned();
        self.shown_again.insert(id.clone());
        let (name, place) = (self.texts.exercise(&id).to_owned(), super::set_up(&self.texts, &id));
        self.say(&Moment::WrongExercise([&name, &place]), out);
    }

    /// A foot was caught. With a weight on it comes off; without one the walk waits.
    fn stumbled(&mut self, sure: f64, out: &mut Outputs) {
        let State::Set(set) = &self.state else { return };
        match set.walk.as_ref().map(|walk| walk.part()) {
            Some(Part::Loaded(_)) => self.walks(Happens::Stumbled, out),
            Some(Part::Before | Part::Easy | Part::After) if sure >= STUMBLE_SURE && self.pause(out) => {
                self.line.clear();
                self.stand(&Moment::Stumbled, out);
            }
            _ => {}
        }
    }

    // ---- how a cuff sits

    /// A cuff sits otherwise than it did: what it measures since is worth less. With a weight on it comes off, for nothing
    /// is watched while a walk waits. In a set the person puts it right and stands still for it; on a walk it is learned
    /// anew, for standing does not show a cuff that went round the leg.
    fn slipped(&mut self, k: usize, out: &mut Outputs) {
        if let Some(set) = self.set_mut() {
            set.legs.iter_mut().filter(|tally| tally.leg == k).for_each(Tally::slip);
        }
        let State::Set(set) = &self.state else { return };
        let part = set.walk.as_ref().map(|walk| walk.part());
        if matches!(part, Some(Part::Loaded(_))) {
            return self.walks(Happens::Slipped, out);
        }
        if self.pause(out) {
            self.legs[k].slipped = true;
            if part.is_none() {
                self.legs[k].recheck();
            }
            self.line.clear();
            self.stand(&Moment::CuffMoved, out);
        }
    }

    /// How a cuff sits was compared.
    pub(super) fn checked(&mut self, k: usize, change: Change, out: &mut Outputs) {
        let leg = &mut self.legs[k];
        match change {
            Change::Tilted(_) => leg.tilted = change.slipped(),
            Change::Twisted(_) => leg.twisted = change.slipped(),
        }
        if leg.slipped && leg.tilted {
            // It is still in somebody's hands: looked at again.
            leg.recheck();
        }
        if leg.tilted || leg.twisted || !std::mem::take(&mut leg.slipped) {
            return;
        }
        self.line.clear();
        self.stand(&Moment::CuffSits, out);
    }

    /// Whoever goes on with a cuff that still sits otherwise has put it on anew.
    pub(super) fn take_as_it_sits(&mut self) {
        let walks = matches!(&self.state, State::Paused(Held::Set(set)) if set.walk.is_some());
        for leg in self.legs.iter_mut().filter(|leg| leg.slipped) {
            leg.handled();
            if walks {
                leg.learn_how_it_sits();
            }
        }
    }

    /// Before a set: how the cuff sits is learned from a walk, and looked at where somebody stands and it is known.
    pub(super) fn look_how_it_sits(&mut self) {
        let Some(turn) = self.course.turns.get(self.turn) else { return };
        for block in turn.blocks.iter().map(|block| &self.course.blocks[*block]) {
            let leg = &mut self.legs[block.leg];
            if block.exercise.walks() {
                leg.learn_how_it_sits();
            } else if block.exercise.position == Position::Standing {
                leg.recheck();
            }
        }
    }

    /// A walk is somewhere else: whoever puts a weight on or off handles the cuff.
    pub(super) fn walk_handles(&mut self, part: Part) {
        for leg in &mut self.legs {
            match part {
                Part::PutOn | Part::TakeOff => leg.handled(),
                Part::Loaded(_) | Part::Easy | Part::After => leg.learn_how_it_sits(),
                Part::Before | Part::Over => {}
            }
        }
    }
}
