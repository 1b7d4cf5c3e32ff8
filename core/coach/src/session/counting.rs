//! Sets: how one begins, what is counted in it, how it is closed.

use super::io::{Event, Outputs, Record, ReviewReason, SetEnd};
use super::noticed::SITS_STRIDES;
use super::set::{Found, Set, Tally};
use super::stops::{Stop, Watch};
use super::summary::Done;
use super::view::{KNOWN_AFTER, TARGET_SHARE};
use super::{FOLLOWED_LEAST, Held, REVIEW_US, Session, State, UNMEASURED_US, micros};
use crate::cues::{Moment, Pacer, Sound, Tip, Zone, ZoneCrossed};
use crate::plan::Pace;
use crate::walk::Happens;
use talus_motion::{BlockTime, Counts, Micros, Movement, Rep, SampleBlock, Stride};

/// Least time between two words on what is not measured, µs.
const GAP_AGAIN_US: i64 = 8_000_000;

impl Session {
    pub(super) fn begin_set(&mut self, out: &mut Outputs) {
        let Some(turn) = self.course.turns.get(self.turn).cloned() else { return };
        let mut set = self.new_set(&turn.blocks, turn.set, turn.set_index);
        if self.uncounted {
            set.by_hand();
        }
        let id = self.course.exercise_of(self.turn).to_owned();
        for tally in &set.legs {
            let block = &self.course.blocks[tally.block];
            self.legs[tally.leg].begin(self.now, block.exercise.task(), block.asked.own_range_deg);
        }
        self.cues.begin_set();
        self.line.clear();
        let announced = set.clone();
        self.enter(State::Set(Box::new(set)), out);
        Self::announce(&announced, out);
        self.look_for_loss(out);
        let go = self.texts.say(&format!("exercise.{id}.go"), &[]);
        self.say(&Moment::Go(&go), out);
        self.walk_began();
    }

    pub(super) fn new_set(&self, blocks: &[usize], number: (u8, u8), index: u32) -> Set {
        let tally = |block: &usize| Tally::new(*block, &self.course.blocks[*block], self.course.laterality(*block));
        Set {
            legs: blocks.iter().map(tally).collect(),
            number,
            index,
            began: self.now,
            counts_from: self.now,
            lost: None,
            announced: true,
            held: Vec::new(),
            watch: Watch::default(),
            zone: self.zone_of(blocks),
            told_gap: None,
            stop: None,
            by_hand: false,
            walk: self.walk_of(blocks),
            sides: self.sides_of(blocks),
        }
    }

    pub(super) fn announce(set: &Set, out: &mut Outputs) {
        for tally in &set.legs {
            out.events.push(Event::SetBegan {
                at: set.began,
                set_index: set.index,
                exercise: tally.exercise.clone(),
                side: tally.side,
                set: set.number,
            });
            out.records.push(Record::SetBegan {
                set_index: set.index,
                exercise: tally.exercise.clone(),
                side: tally.side,
                mass_g: tally.mass_g,
                at: set.began,
            });
        }
    }

    /// A new stream in the middle of a set: its tracker takes the task up, what it did not see stays unseen.
    pub(super) fn restart(&mut self, k: usize) {
        let now = self.now;
        let blocks: Vec<usize> = match &mut self.state {
            State::Set(set) | State::Paused(Held::Set(set)) => {
                if self.pace == Pace::Followed {
                    // Nobody saw whether the leg rested while there was no stream.
                    set.counts_from = now;
                }
                let of_leg = set.legs.iter_mut().filter(|tally| tally.leg == k);
                of_leg
                    .map(|tally| {
                        tally.gap();
                        tally.block
                    })
                    .collect()
            }
            State::Waiting => self.course.turns.get(self.turn).map(|turn| turn.blocks.clone()).unwrap_or_default(),
            _ => Vec::new(),
        };
        for block in blocks.into_iter().map(|block| &self.course.blocks[block]).filter(|block| block.leg == k) {
            self.legs[k].begin(now, block.exercise.task(), block.asked.own_range_deg);
        }
    }

    pub(super) fn samples(&mut self, block: &SampleBlock, time: Option<BlockTime>, out: &mut Outputs) {
        let Some(k) = self.leg_of(block.cuff) else { return };
        if !self.legs[k].hears(block) {
            return;
        }
        let time = time.unwrap_or_else(|| self.legs[k].placed(block));
        let usable = time.first_us.is_finite() && time.period_us.is_finite() && time.period_us > 0.0;
        if !usable {
            return;
        }
        self.legs[k].arrived(block, &time);
        let SampleBlock { cuff, stream, first_index, device_us, arrival_us, flags, counts: _ } = *block;
        let mut one = SampleBlock { cuff, stream, first_index, device_us, arrival_us, flags, counts: Counts::new() };
        for (i, counts) in block.counts.iter().enumerate() {
            let Some(index) = block.first_index.checked_add(i as u64) else { return };
            let first_us = time.first_us + i as f64 * time.period_us;
            let mut happened = self.advance(micros(first_us), out);
            self.wait_for_movement(k);
            one.first_index = index;
            one.counts.clear();
            one.counts.push(*counts);
            let mut found = std::mem::take(&mut self.found_now);
            self.legs[k].push(&one, BlockTime { first_us, ..time }, &mut found);
            happened |= !found.is_empty();
            for movement in found.drain(..) {
                self.moved(k, movement, out);
            }
            self.found_now = found;
            self.look_for_zone(k, out);
            self.look_at_sides(k, out);
            if happened || self.mark_is_due() {
                self.mark(out);
            }
            if self.over() {
                return;
            }
        }
    }

    /// Followed: the block's first sample; from now on its movements are looked for.
    pub(super) fn wait_for_movement(&mut self, k: usize) {
        if self.pace != Pace::Followed || !matches!(self.state, State::Preflight { .. }) {
            return;
        }
        if self.blocks().any(|block| block.leg == k) {
            self.state = State::Waiting;
            self.restart(k);
        }
    }

    pub(super) fn moved(&mut self, k: usize, movement: Movement, out: &mut Outputs) {
        if let Movement::Gapped(gap) = movement {
            out.events.push(Event::Gapped { at: self.now, cuff: self.legs[k].worn.cuff, gap });
            for tally in self.set_mut().into_iter().flat_map(|set| &mut set.legs).filter(|tally| tally.leg == k) {
                tally.gap();
            }
            let long = gap.end.since(gap.start) > UNMEASURED_US && matches!(self.state, State::Set(_));
            let told = self.set().is_some_and(|set| set.told_gap.is_some_and(|at| self.now.since(at) < GAP_AGAIN_US));
            if long && self.pace == Pace::Guided && !told {
                let now = self.now;
                self.set_mut().into_iter().for_each(|set| set.told_gap = Some(now));
                self.say(&Moment::NotMeasured, out);
            }
            return;
        }
        match &movement {
            Movement::Noticed(finding) => return self.noticed(k, *finding, out),
            Movement::CuffChecked { change, .. } => return self.checked(k, *change, out),
            _ => {}
        }
        if self.testing() {
            return self.trial_moved(k, &movement, out);
        }
        if matches!(self.state, State::Waiting) && self.blocks().any(|block| block.leg == k) {
            let at = match &movement {
                Movement::RepBegan { at } => Some(*at),
                Movement::Strode(stride) => Some(stride.start),
                _ => None,
            };
            if let Some(at) = at {
                self.begin_followed(at, out);
            }
        }
        let State::Set(set) = &mut self.state else { return };
        let Some(i) = set.legs.iter().position(|tally| tally.leg == k) else { return };
        match movement {
            Movement::RepBegan { at } if at >= set.counts_from && self.pace == Pace::Guided => self.pace_from(at, out),
            Movement::RepEnded(rep) if rep.start >= set.counts_from || self.pace == Pace::Followed => {
                self.take(i, Found::Rep(rep), out);
                self.look_for_target(out);
            }
            Movement::Strode(stride) if stride.start >= set.counts_from || self.pace == Pace::Followed => {
                self.take(i, Found::Stride(stride), out);
                self.look_for_target(out);
            }
            _ => {}
        }
    }

    /// Followed: the leg moves. Whether that is a set is known after two repetitions.
    pub(super) fn begin_followed(&mut self, at: Micros, out: &mut Outputs) {
        let Some(turn) = self.course.turns.get(self.turn).cloned() else { return };
        let number = self.sets_seen.saturating_add(1);
        let mut set = self.new_set(&turn.blocks, (number, number.max(turn.set.1)), self.next_index);
        set.began = at;
        set.announced = false;
        self.cues.begin_set();
        self.enter(State::Set(Box::new(set)), out);
    }

    pub(super) fn take(&mut self, i: usize, found: Found, out: &mut Outputs) {
        let State::Set(set) = &mut self.state else { return };
        if !set.announced {
            if let (true, Found::Rep(Rep { start, .. }) | Found::Stride(Stride { start, .. })) =
                (set.held.is_empty(), &found)
            {
                set.began = *start;
            }
            let tally = &mut set.legs[i];
            // For the picture: the leg is seen to move.
            match &found {
                Found::Rep(rep) => tally.rep(rep),
                Found::Stride(stride) => tally.stride(stride),
            }
            set.held.push(found);
            if set.held.len() < FOLLOWED_LEAST as usize {
                return;
            }
            // It is a set: say so, then tell what was held back. The tally is built anew from it.
            set.announced = true;
            let held = std::mem::take(&mut set.held);
            let block = set.legs[i].block;
            let mut fresh = Tally::new(block, &self.course.blocks[block], set.legs[i].laterality);
            if set.legs[i].gapped() {
                fresh.gap();
            }
            set.legs[i] = fresh;
            self.sets_seen = self.sets_seen.saturating_add(1);
            self.next_index = self.next_index.saturating_add(1);
            let announced = (**set).clone();
            Self::announce(&announced, out);
            for found in held {
                self.tell(i, found, out);
            }
            return;
        }
        self.tell(i, found, out);
    }

    /// Counts what was found in a set and says so.
    pub(super) fn tell(&mut self, i: usize, found: Found, out: &mut Outputs) {
        let (now, guided) = (self.now, self.pace == Pace::Guided);
        let care = self.known.as_ref().is_some_and(|known| known.care);
        let State::Set(set) = &mut self.state else { return };
        let set_index = set.index;
        let tally = &mut set.legs[i];
        let side = tally.side;
        match found {
            Found::Stride(stride) => {
                tally.stride(&stride);
                if guided && tally.seen().is_multiple_of(SITS_STRIDES) {
                    self.legs[tally.leg].keep_how_it_sits();
                }
                let seq = tally.rows;
                out.events.push(Event::Strode { at: now, side, stride: stride.clone() });
                out.records.push(Record::Stride { set_index, side, seq, stride: stride.clone() });
                self.walks(Happens::Strode(side, &stride), out);
            }
            Found::Rep(rep) => {
                tally.rep(&rep);
                let tip = Tip::of(&rep);
                set.stop = set.watch.rep(&rep, care, &self.rules.set).or(set.stop);
                out.records.push(Record::Rep { set_index, side, seq: tally.rows, rep: rep.clone() });
                let (count, target, full) = (tally.count(), tally.target, rep.full);
                if full {
                    let (seq, confidence) = (tally.seen(), rep.confidence);
                    out.events.push(Event::RepEnded { at: now, seq, confidence, rep });
                } else {
                    out.events.push(Event::RepShort { at: now, rep });
                }
                let moment = if full { Moment::Counted(count, target) } else { Moment::Short };
                match target.map(|target| target.saturating_sub(count)) {
                    // That the set is done is told in a moment.
                    Some(0) => {}
                    _ if guided && moment.sound() == Sound::LastThree => self.say(&moment, out),
                    _ => {
                        // A tip says more than that a repetition was short; a number is a tick beside it.
                        let given = tip.is_some_and(|tip| self.tip(tip, out));
                        if guided && (full || !given) {
                            self.say(&moment, out);
                        }
                    }
                }
                self.aim(i);
            }
        }
    }

    pub(super) fn look_for_target(&mut self, out: &mut Outputs) {
        let State::Set(set) = &self.state else { return };
        if self.pace == Pace::Followed {
            return;
        }
        if set.legs.iter().all(Tally::reached) {
            self.end_set(SetEnd::Target, out);
        } else if let Some(stop) = set.stop {
            self.end_set(SetEnd::Rule, out);
            // What the same tip once too often led to was told in its place.
            if let Some(moment) = stop.moment() {
                self.say(&moment, out);
            }
        }
    }

    /// Gives a tip where it may be given now; the same once too often ends the set of whoever is led. Whether something
    /// was told.
    fn tip(&mut self, tip: Tip, out: &mut Outputs) -> bool {
        let Some(cue) = self.cues.push(self.now, &Moment::Tip(tip), &self.texts) else { return false };
        if cue.ends_set {
            if self.pace == Pace::Followed {
                return false;
            }
            self.set_mut().into_iter().for_each(|set| set.stop = Some(Stop::Form));
        }
        out.events.push(Event::Cue(cue));
        true
    }

    /// The tempo of the repetition that began at `lift`, as far as it lies ahead.
    fn pace_from(&mut self, lift: Micros, out: &mut Outputs) {
        let Some(block) = self.course.first_block(self.turn) else { return };
        let (now, aimed) = (self.now, self.set().is_some_and(|set| set.zone.aimed()));
        let mut beats = Pacer::new(block.exercise.model.tempo, None).beats(lift);
        // Where it is known from where on a repetition is full, the leg itself says when it is there.
        beats.retain(|beat| beat.at > now && !(aimed && beat.sound == Sound::TargetReached));
        if !beats.is_empty() {
            out.events.push(Event::Paced { at: now, beats });
        }
    }

    /// Where a repetition of a set is full, as far as that is known, and the line of a plan.
    fn zone_of(&self, blocks: &[usize]) -> Zone {
        let block = blocks.first().map(|block| &self.course.blocks[*block]);
        let own = block.and_then(|block| block.asked.own_range_deg).filter(|deg| deg.is_finite() && *deg > 0.0);
        let limit = block.and_then(|block| self.known_leg(block)).and_then(|leg| leg.range_deg);
        Zone::new(
            own.map_or(f64::INFINITY, |own| TARGET_SHARE * own),
            // An angle is uncertain while a leg moves: only what is further out is beyond a limit.
            limit.map(|(_, to)| to + self.rules.set.angle_error_deg.value),
        )
    }

    /// After some repetitions this set's own range is known.
    fn aim(&mut self, i: usize) {
        let State::Set(set) = &mut self.state else { return };
        let Some(tally) = set.legs.get(i) else { return };
        let own = self.course.blocks[tally.block].asked.own_range_deg;
        if own.is_none()
            && tally.seen() >= KNOWN_AFTER
            && let Some(reference) = self.legs[tally.leg].live().and_then(|live| live.reference_deg)
        {
            set.zone.aim(TARGET_SHARE * reference);
        }
    }

    /// Looks at every sample whether the leg has come to where a repetition is full, or over the line of a plan.
    fn look_for_zone(&mut self, k: usize, out: &mut Outputs) {
        let State::Set(set) = &mut self.state else { return };
        let Some(tally) = set.legs.first().filter(|tally| tally.leg == k && !set.by_hand) else { return };
        if self.pace == Pace::Followed || !set.zone.watches() {
            return;
        }
        let Some(angle) = self.legs[k].angle_deg() else { return };
        let holds = self.course.blocks[tally.block].exercise.model.tempo.hold_s > 0.0;
        match set.zone.push(angle) {
            Some(ZoneCrossed::Over) => {
                set.stop = set.watch.beyond(&self.rules.set).or(set.stop);
                self.say(&Moment::TooFar, out);
            }
            Some(ZoneCrossed::Reached) if holds => self.say(&Moment::InZone, out),
            Some(ZoneCrossed::Reached) | None => {}
        }
    }

    /// Ends the set under way or paused, and goes on to its review (guided) or to the next movement (followed).
    pub(super) fn end_set(&mut self, end: SetEnd, out: &mut Outputs) {
        let Some(count) = self.close_set(end, out) else { return };
        match self.pace {
            Pace::Followed => {
                // The leg rests: the next set learns its own direction and range.
                self.enter(State::Waiting, out);
                let legs: Vec<usize> = self.blocks().map(|block| block.leg).collect();
                for k in legs {
                    self.restart(k);
                }
            }
            Pace::Guided => {
                self.enter(State::Review { until: self.now.plus(REVIEW_US) }, out);
                if end == SetEnd::Target {
                    self.say(&Moment::SetDone(count), out);
                }
                self.ease_after_set(out);
            }
        }
    }

    /// Closes the set under way or paused, leaving a state that is no set; `None` where there is none. The count of
    /// its first leg.
    pub(super) fn close_set(&mut self, end: SetEnd, out: &mut Outputs) -> Option<u32> {
        let legs = self.set()?.legs.iter().map(|tally| tally.leg).collect::<Vec<_>>();
        for (i, k) in legs.iter().enumerate() {
            let mut found = Vec::new();
            let doubted = self.legs[*k].end(self.now, &mut found);
            for movement in found {
                // A repetition that was nearly over still counts, unless the set was paused.
                let State::Set(set) = &self.state else { break };
                if let Movement::RepEnded(rep) = movement
                    && (rep.start >= set.counts_from || self.pace == Pace::Followed)
                {
                    self.take(i, Found::Rep(rep), out);
                }
            }
            if doubted && let Some(set) = self.set_mut() {
                set.legs[i].doubt();
            }
        }
        let (State::Set(set) | State::Paused(Held::Set(set))) =
            std::mem::replace(&mut self.state, State::Review { until: self.now })
        else {
            return None;
        };
        self.uncounted = false;
        if !set.announced {
            return Some(0);
        }
        let mut set = set;
        if set.walk.is_some() && self.pace == Pace::Guided {
            for k in &legs {
                self.legs[*k].keep_how_it_sits();
            }
        }
        self.walk_over(&mut set);
        for tally in &set.legs {
            let ended = match end {
                SetEnd::Rested | SetEnd::StreamEnded => tally.last_end.unwrap_or(self.now),
                _ => self.now,
            };
            let result = tally.result(set.began, ended.max(set.began), end);
            out.records.push(Record::SetEnded { set_index: set.index, result: result.clone() });
            out.events.push(Event::SetEnded { at: self.now, set_index: set.index, result: result.clone() });
            if tally.doubted() {
                out.events.push(Event::SetReviewed {
                    at: self.now,
                    set_index: set.index,
                    count: result.count,
                    reason: ReviewReason::Disagree,
                });
            }
            self.done.push(Done {
                set_index: set.index,
                block: tally.block,
                walks: tally.walks,
                pain_in_set: tally.pain,
                result,
            });
        }
        set.legs.first().map(Tally::count)
    }
}
