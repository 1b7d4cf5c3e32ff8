//! What changes the course of a session on its way: a lighter weight, another exercise, one left out, a load that is
//! looked for, and each of them taken back.

use super::course::{Block, Other, Turn};
use super::io::{Outputs, SetResult};
use super::{Held, Session, State};
use crate::cues::Moment;
use crate::load::{Find, Reason, Try, Value, find_my_load};
use crate::plan::KnownLeg;
use crate::progression::{Action, SetDone, own_range};
use std::collections::BTreeSet;
use talus_motion::Side;

/// Step of a weight where nobody has said which weights there are, grams.
const STEP_G: u32 = 250;
/// Changes that can be taken back: more than anybody remembers.
const UNDO_MOST: usize = 16;

/// Something a person changed, so that it can be taken back.
#[derive(Debug, Clone)]
pub(super) enum Undo {
    /// The count of a set of one leg, by so many.
    Count { set_index: u32, side: Side, by: i64 },
    /// An exercise was left out from this turn on.
    Skipped { exercise: String, turn: usize },
    /// The turns as they were.
    Turns(Vec<Turn>),
}

impl Session {
    /// Whether a turn is still to be done: not left out, and not done before an exercise in front of it was taken back
    /// (two sets of one index would be one in the history).
    pub(super) fn is_open(&self, turn: usize) -> bool {
        let Some(block) = self.course.first_block(turn) else { return false };
        if self.is_done(turn) {
            return false;
        }
        let (exercise, side) = (&block.asked.exercise, block.asked.side);
        !self.stopped.contains(exercise)
            && !self.skipped.contains(exercise)
            && !self.found.contains(&(exercise.clone(), side))
    }

    fn is_done(&self, turn: usize) -> bool {
        let turn = &self.course.turns[turn];
        turn.blocks.iter().all(|block| {
            let side = self.course.blocks[*block].asked.side;
            self.done.iter().any(|done| (done.set_index, done.result.side) == (turn.set_index, side))
        })
    }

    /// What is known of the person for a block.
    pub(super) fn known_leg(&self, block: &Block) -> Option<&KnownLeg> {
        self.known.as_ref()?.leg(&block.asked.exercise, block.asked.side)
    }

    /// The set that a change is about: exercise, leg, and the first turn it holds for. `None` while a set is under way.
    fn upcoming(&self) -> Option<(String, Side, usize)> {
        if self.testing() {
            return None;
        }
        let from = match self.state {
            State::Preflight { .. }
            | State::Instruct
            | State::GetReady { .. }
            | State::Rest { .. }
            | State::Paused(Held::GetReady | Held::Rest { .. }) => self.turn,
            State::Review { .. } => self.turn + 1,
            _ => return None,
        };
        let block = self.course.first_block(self.turn)?;
        Some((block.asked.exercise.clone(), block.asked.side, from))
    }

    /// Gives every turn of an exercise and leg from one on another block. Blocks that were done stay as they were done.
    pub(super) fn reblock(
        &mut self,
        exercise: &str,
        side: Side,
        from: usize,
        change: impl Fn(&Block) -> Block,
    ) -> bool {
        let mut fresh: Vec<(usize, usize)> = Vec::new();
        for turn in self.course.turns.iter_mut().skip(from) {
            for at in &mut turn.blocks {
                let of = &self.course.blocks[*at];
                if of.asked.exercise != exercise || of.asked.side != side {
                    continue;
                }
                *at = if let Some((_, new)) = fresh.iter().find(|(old, _)| old == at) {
                    *new
                } else {
                    let new = self.course.blocks.len();
                    self.course.blocks.push(change(of));
                    fresh.push((*at, new));
                    new
                };
            }
        }
        !fresh.is_empty()
    }

    fn remember(&mut self, undo: Undo) {
        if self.undo.len() >= UNDO_MOST {
            self.undo.remove(0);
        }
        self.undo.push(undo);
    }

    pub(super) fn remember_count(&mut self, (set_index, side): (u32, Side), by: i64) {
        self.remember(Undo::Count { set_index, side, by });
    }

    /// The set whose count can be corrected now: that which is on, else the last one. Both legs of a set share its index.
    pub(super) fn counted(&self) -> Option<(u32, Side)> {
        let on = self.set().and_then(|set| Some((set.index, self.legs[set.legs.first()?.leg].worn.side)));
        on.or(self.done.last().map(|done| (done.set_index, done.result.side)))
    }

    // ---- weight

    /// One weight lighter than `mass_g`.
    fn lighter(&self, mass_g: u32) -> u32 {
        self.known.as_ref().map_or(mass_g.saturating_sub(STEP_G), |known| known.kit.down(mass_g))
    }

    /// One weight heavier than `mass_g`; `None` where there is none.
    fn heavier(&self, mass_g: u32) -> Option<u32> {
        self.known.as_ref().map_or_else(|| mass_g.checked_add(STEP_G), |known| known.kit.up(mass_g))
    }

    /// Another weight for the set that comes: lighter as much as somebody likes, heavier up to what was asked for today
    /// and pain has not lowered since.
    pub(super) fn weigh(&mut self, more: bool, out: &mut Outputs) {
        let Some((exercise, side, from)) = self.upcoming() else { return };
        let same = |block: &&Block| block.asked.exercise == exercise && block.asked.side == side;
        let turns = self.course.turns.iter().skip(from);
        let mut blocks = turns.flat_map(|turn| &turn.blocks).map(|block| &self.course.blocks[*block]);
        let Some(block) = blocks.find(same) else { return };
        let (mass_g, most_g) = (block.asked.mass_g, block.most_g);
        let next = if more { self.heavier(mass_g).filter(|next| *next <= most_g) } else { Some(self.lighter(mass_g)) };
        let Some(next) = next.filter(|next| *next != mass_g) else {
            if more {
                let why = self.why_no_more(block).say(&self.texts);
                self.say(&Moment::NoMore(&why), out);
            }
            return;
        };
        let before = self.course.turns.clone();
        if self.reblock(&exercise, side, from, |block| block.weighing(next)) {
            self.remember(Undo::Turns(before));
            self.say(&Moment::Weight(next), out);
            self.changed(out);
        }
    }

    /// Why a set is not made heavier: the ceiling, pain since, or what was decided for today.
    fn why_no_more(&self, block: &Block) -> Reason {
        let most = [("mass", Value::Mass(block.most_g))];
        if self.eased.contains_key(&(block.asked.exercise.clone(), block.asked.side)) {
            Reason::own("most_after_pain", &most)
        } else if block.most_g >= block.ceiling.mass_g {
            block.ceiling.reason()
        } else {
            Reason::own("most_today", &most)
        }
    }

    /// Pain that was told in the set that is now over and asks for care.
    pub(super) fn ease_after_set(&mut self, out: &mut Outputs) {
        let pain = self.done.last().and_then(|done| done.pain_in_set);
        if pain.is_some_and(|pain| self.rules.pain.lighter_from.reached(pain)) {
            self.ease_off(out);
        }
    }

    /// Pain that asks for care: the next sets of this exercise and leg are lighter, whatever is pressed.
    pub(super) fn ease_off(&mut self, out: &mut Outputs) {
        let Some(done) = self.done.last() else { return };
        let (exercise, side) = (done.result.exercise.clone(), done.result.side);
        let from = if matches!(self.state, State::Review { .. }) { self.turn + 1 } else { self.turn };
        let lighter = self.known.as_ref().map(|known| known.kit.down(done.result.mass_g));
        let again = (from..self.course.turns.len()).any(|turn| {
            self.course.turns[turn].blocks.iter().any(|block| {
                let asked = &self.course.blocks[*block].asked;
                asked.exercise == exercise && asked.side == side
            })
        });
        if !again {
            return;
        }
        match lighter {
            Some(lighter) if done.result.mass_g > 0 => {
                let coming = self.course.turns.get(self.turn).cloned();
                self.reblock(&exercise, side, from, |block| block.eased(lighter));
                self.eased.insert((exercise, side), lighter);
                // What was heavier before is not brought back.
                self.undo.retain(|undo| !matches!(undo, Undo::Turns(_)));
                self.say(&Moment::PainNoted, out);
                // What comes now is lighter than what is worn: it is asked for.
                if self.course.turns.get(self.turn) != coming.as_ref() {
                    self.changed(out);
                }
            }
            _ => self.say(&Moment::PainSmaller, out),
        }
    }

    // ---- exercises

    /// Leaves out the exercise that is on or comes next.
    pub(super) fn skip(&mut self, out: &mut Outputs) {
        let exercise = self.course.exercise_of(self.turn).to_owned();
        if exercise.is_empty() {
            return;
        }
        self.skipped.insert(exercise.clone());
        let in_set = self.close_set(super::io::SetEnd::Person, out).is_some();
        if in_set {
            // Left out may be taken back; what hurt stays.
            self.ease_after_set(out);
        }
        let done = in_set || matches!(self.state, State::Review { .. });
        // A set that was done stays done: taken back, the exercise goes on behind it.
        self.remember(Undo::Skipped { exercise, turn: self.turn + usize::from(done) });
        if done {
            return self.go_on(out);
        }
        self.pass_over(out);
    }

    /// Another exercise in place of the one that comes: the easier one, and pressed again the harder one, as far as they
    /// were prescribed.
    pub(super) fn swap(&mut self, out: &mut Outputs) {
        let Some((exercise, _, from)) = self.upcoming() else { return };
        let Some(known) = self.known.clone() else { return };
        // What took its place already makes room for the next one there is: easier first, then harder.
        let original = self.swapped.get(&exercise).unwrap_or(&exercise).clone();
        let mut there_are: Vec<&str> = Vec::new();
        for swap in known.swaps.iter().filter(|swap| swap.instead_of == original) {
            if !there_are.contains(&swap.asked.exercise.as_str()) {
                there_are.push(&swap.asked.exercise);
            }
        }
        let next = there_are.iter().position(|one| *one == exercise).map_or(0, |at| at + 1);
        let Some(chosen) = there_are.get(next).map(|one| (*one).to_owned()) else { return };
        let before = self.course.turns.clone();
        let mut any = false;
        for swap in known.swaps.iter().filter(|swap| swap.instead_of == original && swap.asked.exercise == chosen) {
            let side = swap.asked.side;
            let is_it = |other: &&Other| other.exercise.id == chosen && other.side == side;
            let Some(other) = self.course.others.iter().find(is_it).cloned() else { continue };
            any |= self.reblock(&exercise, side, from, |block| Block {
                asked: swap.asked.clone(),
                exercise: other.exercise.clone(),
                leg: block.leg,
                most_g: swap.asked.mass_g,
                ceiling: other.ceiling.clone(),
            });
        }
        if any {
            self.remember(Undo::Turns(before));
            self.swapped.insert(chosen.clone(), original);
            let name = self.texts.exercise(&chosen).to_owned();
            self.say(&Moment::Swapped(&name), out);
            self.changed(out);
        }
    }

    /// Takes the last change back, as far as it lies ahead.
    pub(super) fn undo(&mut self, out: &mut Outputs) {
        match self.undo.pop() {
            Some(Undo::Count { set_index, side, by }) if self.counted() == Some((set_index, side)) => {
                self.correct(-by, false, out);
            }
            // The count of a set that is further back is corrected in the history.
            Some(Undo::Count { .. }) | None => {}
            Some(Undo::Skipped { exercise, turn }) => {
                self.skipped.remove(&exercise);
                // A set under way is not left for it.
                if self.upcoming().is_some() && !matches!(self.state, State::Review { .. }) {
                    self.turn = turn;
                    self.pass_over(out);
                }
            }
            Some(Undo::Turns(before)) => {
                if self.upcoming().is_none() {
                    return;
                }
                for (at, turn) in before.into_iter().enumerate().skip(self.turn) {
                    self.course.turns[at] = turn;
                }
                self.changed(out);
            }
        }
    }

    /// What comes was changed: it is prepared for anew, unless that happens by itself.
    fn changed(&mut self, out: &mut Outputs) {
        match self.state {
            State::Preflight { .. } => {
                self.state = State::Preflight { confirmed: false };
                self.preflight(out);
            }
            State::Instruct | State::GetReady { .. } => self.prepare(out),
            State::Rest { .. } => self.line = super::set_up(&self.texts, self.course.exercise_of(self.turn)),
            _ => {}
        }
    }

    /// On to the first turn from here that is open.
    pub(super) fn pass_over(&mut self, out: &mut Outputs) {
        while self.turn < self.course.turns.len() && !self.is_open(self.turn) {
            self.turn += 1;
        }
        if self.turn >= self.course.turns.len() {
            return self.finish(super::io::SetEnd::Person, false, out);
        }
        self.changed(out);
    }

    // ---- looking for a load

    /// After a set on the way to a load: the next one's weight, or the load that was found.
    pub(super) fn look_for_load(&mut self, out: &mut Outputs) {
        let Some(done) = self.done.last() else { return };
        let block = &self.course.blocks[done.block];
        let (exercise, side) = (block.asked.exercise.clone(), block.asked.side);
        let Some(leg) = self.known_leg(block).filter(|leg| leg.action == Action::FindLoad).cloned() else { return };
        let sets: Vec<&SetResult> = self
            .done
            .iter()
            .map(|done| &done.result)
            .filter(|set| set.exercise == exercise && set.side == side)
            .collect();
        let own = block.asked.own_range_deg.or_else(|| own_range(&sets));
        let tries: Vec<Try> =
            sets.iter().map(|set| SetDone::of(set, &block.exercise, own).as_try(set.mass_g)).collect();
        let Some(known) = &self.known else { return };
        match find_my_load(&tries, &leg.ceiling, &known.kit, &self.rules) {
            Find::Found { why, .. } => {
                self.found.insert((exercise, side));
                let text = why.say(&self.texts);
                self.say(&Moment::Found(&text), out);
            }
            Find::Set { mass_g, reps, rest_s } => {
                let from = self.turn + 1;
                self.reblock(&exercise, side, from, |block| {
                    let mut next = Block { most_g: mass_g, ..block.weighing(mass_g) };
                    next.asked.reps = Some(reps);
                    next
                });
                for turn in self.course.turns.iter_mut().skip(from).filter(|turn| turn.rest_s > 0) {
                    turn.rest_s = turn.rest_s.max(rest_s);
                }
            }
        }
    }

    /// Whether an exercise is shown before its first set on a leg: the person has not done it on this leg before.
    pub(super) fn to_instruct(&self) -> bool {
        let Some(block) = self.course.first_block(self.turn) else { return false };
        let new = self.known.as_ref().is_some_and(|known| !known.invented)
            && self.known_leg(block).is_some_and(|leg| leg.own.is_empty());
        let done: BTreeSet<&str> = self.done.iter().map(|done| done.result.exercise.as_str()).collect();
        let id = &block.asked.exercise;
        self.shown_again.contains(id) || new && !self.instructed.contains(id) && !done.contains(id.as_str())
    }
}
