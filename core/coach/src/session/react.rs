//! What people and cuffs do to a session: taps, answers, links, sleep; and how it ends.

use super::io::{Answer, Bookmark, Event, Outputs, Record, Request, ReviewReason, SetEnd, Stage, Tap};
use super::leg::Leg;
use super::set::{Lost, Set, Tally};
use super::summary::{Done, sum_up};
use super::testing::TRIES_FROM;
use super::{BOOKMARK_US, Held, LONGER_US, REST_SOON_US, SECOND_US, Session, State};
use crate::cues::Moment;
use crate::plan::Pace;
use crate::text::Arg;
use talus_motion::{LinkState, Micros};

impl Session {
    // ---- taps and answers

    pub(super) fn tapped(&mut self, tap: Tap, out: &mut Outputs) {
        let guided = self.pace == Pace::Guided;
        match tap {
            Tap::Stop => self.finish(SetEnd::Stopped, false, out),
            _ if matches!(self.state, State::Trial(_)) => self.trial_tapped(tap, out),
            // The weight of a test is none, and nothing takes its place.
            Tap::Skip if guided && self.testing() => self.leave_test(out),
            Tap::Undo | Tap::Swap | Tap::Lighter | Tap::Heavier | Tap::TimerOnly if self.testing() => {}
            Tap::Confirm | Tap::Lighter | Tap::EndSet if guided && self.walk_tapped(tap, out) => {}
            Tap::Confirm if guided => match &mut self.state {
                State::Preflight { confirmed } => {
                    *confirmed = true;
                    for (side, mass_g) in self.to_wear() {
                        // Another weight is put on by hand.
                        if self.carried.insert(side, mass_g) != Some(mass_g) {
                            self.legs.iter_mut().filter(|leg| leg.worn.side == side).for_each(Leg::handled);
                        }
                    }
                    self.preflight(out);
                }
                State::Instruct => self.get_ready(out),
                State::Review { .. } => self.go_on(out),
                State::Rest { .. } => self.prepare(out),
                _ => {}
            },
            Tap::Skip if guided => self.skip(out),
            Tap::Undo => self.undo(out),
            Tap::Swap if guided => self.swap(out),
            Tap::Lighter | Tap::Heavier if guided => self.weigh(tap == Tap::Heavier, out),
            Tap::TimerOnly if guided => self.timer_only(out),
            Tap::Pause if guided => {
                if self.pause(out) {
                    self.say(&Moment::Paused, out);
                }
            }
            Tap::GoOn => self.unpause(out),
            Tap::EndSet if self.set().is_some() => self.end_set(SetEnd::Person, out),
            Tap::CountUp => self.correct(1, true, out),
            Tap::CountDown => self.correct(-1, true, out),
            Tap::RestLonger => {
                let now = self.now;
                if let State::Rest { until, told } = &mut self.state {
                    *until = until.plus(LONGER_US);
                    *told = until.since(now) <= REST_SOON_US;
                }
            }
            Tap::Confirm
            | Tap::Pause
            | Tap::EndSet
            | Tap::Skip
            | Tap::Swap
            | Tap::Lighter
            | Tap::Heavier
            | Tap::TimerOnly => {}
        }
    }

    pub(super) fn answered(&mut self, answer: Answer, out: &mut Outputs) {
        match answer {
            Answer::RedFlag => self.flag(out),
            // The person who moved in a recording is not the one who answers.
            _ if self.pace == Pace::Followed => {}
            // Before the first set: pain is about the test, and there is nothing else to answer.
            Answer::Pain(pain) if self.testing() => {
                if self.rules.pain.stop_from.reached(pain.min(10)) {
                    self.say(&Moment::PainStop, out);
                    self.leave_test(out);
                }
            }
            Answer::Reserve(_) if self.testing() => {}
            Answer::Reserve(reserve) => {
                self.note_on_last(|done| done.result.reserve = Some(reserve.min(5)), out);
                self.look_for_answers(out);
            }
            Answer::Pain(pain) => {
                let pain = pain.min(10);
                match &mut self.state {
                    State::Set(set) | State::Paused(Held::Set(set)) => {
                        // What hurt on the way hurt, however it goes on.
                        set.legs.iter_mut().for_each(|tally| tally.pain = tally.pain.max(Some(pain)));
                    }
                    // Asked behind the set, nobody takes back what they said in it.
                    _ => self.note_on_last(|done| done.result.pain = done.pain_in_set.max(Some(pain)), out),
                }
                if self.rules.pain.stop_from.reached(pain) {
                    self.stop_exercise(out);
                } else {
                    if self.rules.pain.lighter_from.reached(pain) && self.between_sets() {
                        self.ease_off(out);
                    }
                    self.look_for_answers(out);
                }
            }
        }
    }

    /// Writes an answer on the set that was just done; nothing where no set was.
    fn note_on_last(&mut self, note: impl Fn(&mut Done), out: &mut Outputs) {
        let after = self.between_sets();
        let Some(last) = self.done.last().map(|done| done.set_index).filter(|_| after) else { return };
        // Both legs of a walk are one set; the two sides of an exercise are answered for one by one.
        let count = self.done.iter().rev().take_while(|done| done.walks && done.set_index == last).count().max(1);
        let from = self.done.len().saturating_sub(count);
        for done in &mut self.done[from..] {
            note(done);
            out.records.push(Record::SetEnded { set_index: done.set_index, result: done.result.clone() });
        }
    }

    /// Whether a set may be behind and none is under way: what is said now is about the last one.
    fn between_sets(&self) -> bool {
        matches!(
            self.state,
            State::Review { .. }
                | State::Rest { .. }
                | State::Instruct
                | State::Preflight { .. }
                | State::GetReady { .. }
                | State::Paused(Held::Rest { .. } | Held::GetReady)
        )
    }

    /// A review is over when both questions are answered.
    fn look_for_answers(&mut self, out: &mut Outputs) {
        let answered = self.done.last().is_some_and(|d| d.result.reserve.is_some() && d.result.pain.is_some());
        if answered && matches!(self.state, State::Review { .. }) {
            self.go_on(out);
        }
    }

    /// Corrects the count of the set that is on or was just done; `noted` where that can be taken back.
    pub(super) fn correct(&mut self, by: i64, noted: bool, out: &mut Outputs) {
        let at = self.now;
        let reason = ReviewReason::Person;
        let Some(of) = self.counted() else { return };
        if let Some(set) = self.set_mut().filter(|set| set.announced) {
            let set_index = set.index;
            if let Some(tally) = set.legs.first_mut()
                && tally.correct(by)
            {
                let count = tally.count();
                out.events.push(Event::SetReviewed { at, set_index, count, reason });
                if noted {
                    self.remember_count(of, by);
                }
                self.look_for_target(out);
            }
            return;
        }
        let after = self.between_sets();
        let Some(done) = self.done.last_mut().filter(|done| after && !done.walks) else { return };
        let Some(count) = done.result.count.checked_add_signed(by as i32) else { return };
        done.result.count = count;
        done.result.counts_for_progress = false;
        out.events.push(Event::SetReviewed { at, set_index: done.set_index, count, reason });
        out.records.push(Record::SetEnded { set_index: done.set_index, result: done.result.clone() });
        if noted {
            self.remember_count(of, by);
        }
    }

    /// Pain ends an exercise: the one that is done or was just done, else the one that would come now.
    fn stop_exercise(&mut self, out: &mut Outputs) {
        let after = matches!(self.state, State::Rest { .. } | State::Paused(Held::Rest { .. }));
        let id = match self.done.last() {
            Some(done) if after => done.result.exercise.clone(),
            _ => self.course.exercise_of(self.turn).to_owned(),
        };
        self.stopped.insert(id);
        let in_set = self.close_set(SetEnd::Pain, out).is_some();
        let open = (self.turn..self.course.turns.len()).any(|turn| self.is_open(turn));
        self.say(if open { &Moment::PainStop } else { &Moment::PainStopAll }, out);
        if in_set || matches!(self.state, State::Review { .. }) {
            return self.go_on(out);
        }
        let before = self.turn;
        while self.turn < self.course.turns.len() && !self.is_open(self.turn) {
            self.turn += 1;
        }
        if self.turn >= self.course.turns.len() {
            return self.finish(SetEnd::Stopped, false, out);
        }
        if self.turn == before {
            return;
        }
        match self.state {
            State::Preflight { .. } => {
                self.state = State::Preflight { confirmed: false };
                self.preflight(out);
            }
            State::GetReady { .. } | State::Instruct => self.prepare(out),
            _ => self.line = super::set_up(&self.texts, self.course.exercise_of(self.turn)),
        }
    }

    pub(super) fn flag(&mut self, out: &mut Outputs) {
        self.say(&Moment::RedFlag, out);
        self.line = Moment::RedFlag.voice(&self.texts).unwrap_or_default();
        match &mut self.summary {
            // A flag after the end still locks the day.
            Some(summary) if !summary.red_flag => {
                summary.red_flag = true;
                let summary = summary.clone();
                out.events.push(Event::Ended { at: self.now, summary: summary.clone() });
                out.records.push(Record::Ended(summary));
            }
            Some(_) => {}
            None => self.finish(SetEnd::Stopped, true, out),
        }
    }

    // ---- pauses

    /// Whether there was something to pause.
    pub(super) fn pause(&mut self, out: &mut Outputs) -> bool {
        let now = self.now;
        let held = match std::mem::replace(&mut self.state, State::Waiting) {
            State::Set(set) => Held::Set(set),
            State::GetReady { .. } => Held::GetReady,
            State::Rest { until, .. } => Held::Rest { left_us: until.since(now).max(0) },
            other => {
                self.state = other;
                return false;
            }
        };
        self.enter(State::Paused(held), out);
        true
    }

    fn unpause(&mut self, out: &mut Outputs) {
        self.take_as_it_sits();
        let State::Paused(held) = &mut self.state else { return };
        match std::mem::replace(held, Held::GetReady) {
            Held::GetReady => self.prepare(out),
            Held::Rest { left_us } => {
                let until = self.now.plus(left_us);
                self.enter(State::Rest { until, told: left_us <= REST_SOON_US }, out);
            }
            Held::Set(mut set) => {
                if !set.by_hand {
                    // The start of a repetition is known to some hundredths of a second.
                    set.counts_from = self.now.plus(-50_000);
                }
                // A cuff that is still away is waited for anew.
                set.lost = None;
                let now = self.now;
                set.walk.iter_mut().for_each(|walk| walk.waited(now));
                self.line.clear();
                let count = set.legs.first().map_or(0, Tally::count);
                self.enter(State::Set(set), out);
                self.say(&Moment::Resumed(count), out);
                self.walk_began();
                self.look_for_loss(out);
                // The count may have been corrected up to the target meanwhile.
                self.look_for_target(out);
            }
        }
    }

    /// The app was away. Nothing that was due meanwhile happened: nobody was led through it.
    pub(super) fn resumed(&mut self, at: Micros, out: &mut Outputs) {
        self.now = self.now.max(at);
        let now = self.now;
        match &mut self.state {
            // Followed: what was seen of a set that was not sure yet is played again.
            State::Set(set) if self.pace == Pace::Followed && !set.announced => self.state = State::Waiting,
            State::Set(set) | State::Paused(Held::Set(set)) => {
                set.legs.iter_mut().for_each(Tally::gap);
                if let Some(lost) = &mut set.lost {
                    lost.since = now;
                }
                if self.pace == Pace::Guided {
                    self.pause(out);
                    self.say_where(out);
                }
            }
            State::Preflight { confirmed } => {
                *confirmed = false;
                self.preflight(out);
            }
            State::GetReady { .. } => self.get_ready(out),
            State::Rest { until, told } => *told = *told || until.since(now) <= REST_SOON_US,
            State::Trial(_) => self.trial_cut(out),
            State::Waiting | State::Instruct | State::Paused(_) | State::Review { .. } | State::Summary => {}
        }
        self.advance(at, out);
    }

    /// Says how far a paused set was.
    pub(super) fn say_where(&mut self, out: &mut Outputs) {
        let State::Paused(Held::Set(set)) = &self.state else { return };
        let Some((count, target)) = set.legs.first().map(|tally| (tally.count(), tally.target)) else { return };
        // It stands until the person goes on, however long that takes.
        self.line.clear();
        self.stand(&Moment::At(count, target), out);
    }

    // ---- cuffs

    pub(super) fn linked(&mut self, k: usize, state: LinkState, out: &mut Outputs) {
        if self.legs[k].link == state {
            return;
        }
        self.legs[k].linked(state);
        out.events.push(Event::LinkChanged { at: self.now, cuff: self.legs[k].worn.cuff, state });
        if self.pace == Pace::Followed {
            if state == LinkState::Closed && self.blocks().any(|block| block.leg == k) {
                self.next_recording(out);
            }
            return;
        }
        let ready = self.ready();
        match &self.state {
            State::Preflight { .. } => self.preflight(out),
            State::GetReady { until } if until.is_some() != ready => self.get_ready(out),
            State::Set(_) | State::Paused(Held::Set(_)) => self.look_for_loss(out),
            State::Trial(_) => self.trial_linked(k, state, out),
            _ => {}
        }
    }

    /// Notes whether a cuff of the set under way is there.
    pub(super) fn look_for_loss(&mut self, out: &mut Outputs) {
        if self.pace == Pace::Followed {
            return;
        }
        let (away, now) = (!self.ready(), self.now);
        let Some(set) = self.set_mut() else { return };
        match (set.lost, away) {
            (None, true) => set.lost = Some(Lost { since: now, told: false }),
            (Some(lost), false) => {
                set.lost = None;
                let count = set.legs.first().map_or(0, Tally::count);
                if lost.told {
                    self.say(&Moment::CuffBack(count), out);
                }
            }
            _ => {}
        }
    }

    /// The set that is on, or the one that waits for its cuff, goes on without it: the person counts.
    fn timer_only(&mut self, out: &mut Outputs) {
        let waits = !self.ready();
        match &mut self.state {
            State::Set(set) | State::Paused(Held::Set(set)) if set.lost.is_some() || waits => {
                set.by_hand();
                self.uncounted = true;
                if matches!(self.state, State::Paused(_)) {
                    self.unpause(out);
                }
            }
            State::Preflight { confirmed: true } => {
                self.uncounted = true;
                self.preflight(out);
            }
            State::GetReady { until: None } => {
                self.uncounted = true;
                self.get_ready(out);
            }
            _ => return,
        }
        self.say(&Moment::ByHand, out);
    }

    /// Followed: a recording is over, the next block is the next recording.
    fn next_recording(&mut self, out: &mut Outputs) {
        self.close_set(SetEnd::StreamEnded, out);
        self.turn += 1;
        self.sets_seen = 0;
        if self.turn >= self.course.turns.len() {
            return self.finish(SetEnd::StreamEnded, false, out);
        }
        self.enter(State::Waiting, out);
        let legs: Vec<usize> = self.blocks().map(|block| block.leg).collect();
        for k in legs {
            self.restart(k);
        }
    }

    // ---- the end

    pub(super) fn finish(&mut self, end: SetEnd, red_flag: bool, out: &mut Outputs) {
        self.close_set(end, out);
        self.drop_unfinished();
        let began = self.began.unwrap_or(self.now);
        let duration_s = self.now.since(began).max(0) as f64 * 1e-6;
        let next = self.what_comes_next();
        let mut summary = sum_up(&self.done, &self.texts, duration_s, next, red_flag);
        summary.walk = self.said_of_walk();
        summary.walked.clone_from(&self.walked);
        summary.tested.clone_from(&self.tested);
        if self.done.is_empty() && !self.tested.is_empty() {
            let count = [("count", Arg::Count(self.tested.len() as u32))];
            summary.sentence = self.texts.say("session.summary.tested", &count);
        }
        self.summary = Some(summary.clone());
        if !red_flag {
            self.line.clear();
        }
        self.enter(State::Summary, out);
        if matches!(end, SetEnd::Target | SetEnd::Person) {
            self.say(&Moment::SessionDone, out);
        }
        out.records.push(Record::Ended(summary.clone()));
        out.events.push(Event::Ended { at: self.now, summary });
        for leg in &self.legs {
            out.requests.push(Request::Stop(leg.worn.cuff));
        }
    }

    // ---- bookmarks

    /// Whether a second is over since the last bookmark.
    pub(super) fn mark_is_due(&self) -> bool {
        self.marked.is_none_or(|(at, _)| self.now.since(at) >= BOOKMARK_US)
    }

    /// Keeps a bookmark when something changed, and once a second.
    pub(super) fn mark(&mut self, out: &mut Outputs) {
        // What makes a difference is compared before anything is built.
        let place = self.place();
        if self.mark_is_due() || self.marked.is_none_or(|(_, last)| place != last) {
            out.records.push(Record::Bookmark(self.bookmark()));
            self.marked = Some((self.now, place));
        }
    }

    /// Puts a new session where a bookmark says.
    pub(super) fn take_up(&mut self, from: &Bookmark) {
        self.stopped = from.stopped.iter().cloned().collect();
        self.skipped = from.skipped.iter().cloned().collect();
        for (exercise, side, mass_g) in &from.eased {
            self.eased.insert((exercise.clone(), *side), *mass_g);
            self.reblock(exercise, *side, 0, |block| block.eased(*mass_g));
        }
        self.trial = self.course.trials.len();
        if let Some(trial) = from.set_index.checked_sub(TRIES_FROM) {
            // What a try came to is told at the end only: a test that was cut off is done again from its first try.
            let of = self.course.trials.get(trial as usize).map(|trial| trial.of);
            self.trial = self.course.trials.iter().position(|trial| Some(trial.of) == of).unwrap_or(self.trial);
            if self.testing() && from.stage != Stage::Summary {
                return;
            }
        }
        let of_mark = |turn: &super::course::Turn| {
            let block = turn.blocks.first().map(|b| &self.course.blocks[*b]);
            turn.set_index == from.set_index && (from.side.is_none() || block.map(|b| b.asked.side) == from.side)
        };
        let turns = &self.course.turns;
        let found = match self.pace {
            Pace::Guided => turns.iter().position(of_mark),
            Pace::Followed => Some(from.block as usize).filter(|turn| *turn < turns.len()),
        };
        let (Some(turn), false) = (found, from.stage == Stage::Summary) else {
            self.turn = turns.len();
            return self.end_unsaid();
        };
        self.turn = turn;
        // What was left out or stopped since this turn was begun is passed over.
        let waits = !matches!(from.stage, Stage::Set | Stage::Walk | Stage::Paused | Stage::Review);
        while waits && self.turn < self.course.turns.len() && !self.is_open(self.turn) {
            self.turn += 1;
        }
        let turn = self.turn;
        if turn >= self.course.turns.len() {
            return self.end_unsaid();
        }
        if self.pace == Pace::Followed {
            // A set that was cut off keeps its index.
            let cut = matches!(from.stage, Stage::Set | Stage::Walk | Stage::Paused);
            self.next_index = from.set_index.saturating_add(u32::from(cut));
            return;
        }
        match from.stage {
            // The cuffs may have been taken off: side and weight are asked again.
            Stage::Preflight | Stage::Instruct | Stage::GetReady | Stage::Summary => {}
            Stage::Set | Stage::Walk | Stage::Paused if from.count == 0 => {}
            Stage::Set | Stage::Walk | Stage::Paused => {
                let of = self.course.turns[turn].clone();
                let mut set: Set = self.new_set(&of.blocks, of.set, of.set_index);
                if let Some(tally) = set.legs.first_mut() {
                    tally.resumed_at(from.count);
                }
                self.state = State::Paused(Held::Set(Box::new(set)));
            }
            Stage::Review => {
                let rest_us = i64::from(self.course.turns[turn].rest_s) * SECOND_US;
                self.turn += 1;
                while self.turn < self.course.turns.len() && !self.is_open(self.turn) {
                    self.turn += 1;
                }
                if self.turn >= self.course.turns.len() {
                    return self.end_unsaid();
                }
                self.state = State::Rest { until: from.at.plus(rest_us), told: rest_us <= REST_SOON_US };
            }
            Stage::Rest => {
                let until = from.rest_until.unwrap_or(from.at);
                self.state = State::Rest { until, told: until.since(from.at) <= REST_SOON_US };
            }
        }
        self.told = self.stage();
    }

    /// The session was over already: nothing is said again.
    fn end_unsaid(&mut self) {
        self.state = State::Summary;
        self.told = Stage::Summary;
        self.summary = Some(sum_up(&self.done, &self.texts, 0.0, Vec::new(), false));
    }
}
