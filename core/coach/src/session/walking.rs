//! A walk in a session: its clock, its strides, what it asks of the person, and what is said of it at the end.

use super::io::{Outputs, SetEnd, Tap};
use super::set::Set;
use super::{Held, Session, State};
use crate::cues::Moment;
use crate::plan::Pace;
use crate::text::Arg;
use crate::walk::{CutShort, Happens, Part, Says, Sign, Walk, WalkPlan, Walked, extra_kcal};
use std::collections::BTreeSet;

impl Session {
    /// The walk that is led just now; `None` where there is none, or a recording is only followed.
    pub fn walk(&self) -> Option<&Walk> {
        self.set().and_then(|set| set.walk.as_deref()).filter(|_| self.pace == Pace::Guided)
    }

    /// The walk of a set that walks: as planned for whoever is led; a recording is one walk without a weight, as far as
    /// anybody knows.
    pub(super) fn walk_of(&self, blocks: &[usize]) -> Option<Box<Walk>> {
        if !blocks.iter().any(|block| self.course.blocks[*block].exercise.walks()) {
            return None;
        }
        let plan = match self.pace {
            Pace::Guided => self.known.as_ref()?.walk.clone()?,
            Pace::Followed => WalkPlan {
                mass_g: 0,
                before_s: u32::MAX,
                intervals: 0,
                loaded_s: 0,
                easy_s: 0,
                after_s: 0,
                wear_most_s: u32::MAX,
                skin: false,
                baseline: None,
            },
        };
        Some(Box::new(Walk::new(plan, self.now, &self.rules.walk)))
    }

    /// Hands something to the walk under way and tells what it says.
    pub(super) fn walks(&mut self, happens: Happens<'_>, out: &mut Outputs) {
        let now = self.now;
        let Some(walk) = self.set_mut().and_then(|set| set.walk.as_mut()) else { return };
        let mut says = Vec::new();
        walk.push(now, happens, &mut says);
        for one in says {
            match one {
                Says::Tell(moment) => self.say(&moment, out),
                Says::Part(part) => self.walk_part(part),
                Says::Over(walked) => self.walk_ends(&walked, out),
            }
        }
    }

    /// The same while it is paused: what was waited for is no time of its part, but of the weight that is worn.
    pub(super) fn walk_waits(&mut self, happens: Happens<'_>, out: &mut Outputs) {
        let now = self.now;
        if let Some(walk) = self.set_mut().and_then(|set| set.walk.as_mut()) {
            walk.waited(now);
        }
        self.walks(happens, out);
    }

    /// What stands to be read while a walk is led.
    pub(super) fn walk_began(&mut self) {
        if let Some(part) = self.set().and_then(|set| set.walk.as_ref()).map(|walk| walk.part()) {
            self.walk_part(part);
        }
    }

    fn walk_part(&mut self, part: Part) {
        if self.pace == Pace::Followed {
            return;
        }
        self.walk_handles(part);
        let Some(walk) = self.set_mut().and_then(|set| set.walk.as_ref()) else { return };
        let planned_g = walk.planned_g();
        let moment = match part {
            Part::Before | Part::Easy | Part::After => Some(Moment::WalkBare),
            Part::PutOn => Some(Moment::PutOn(planned_g)),
            Part::TakeOff => Some(Moment::TakeOff),
            Part::Loaded(_) | Part::Over => None,
        };
        self.line = moment.and_then(|moment| moment.voice(&self.texts)).unwrap_or_default();
        if let (Part::Loaded(_), Some(set)) = (part, self.set_mut()) {
            // The walk counts as one with what was worn in it.
            set.legs.iter_mut().for_each(|tally| tally.mass_g = planned_g);
        }
    }

    fn walk_ends(&mut self, walked: &Walked, out: &mut Outputs) {
        if self.pace == Pace::Followed {
            return;
        }
        let end = match walked.cut_short {
            None | Some(CutShort::NoBaseline) => SetEnd::Target,
            Some(CutShort::Person) => SetEnd::Person,
            Some(_) => SetEnd::Rule,
        };
        self.end_set(end, out);
    }

    /// What a tap means to a walk: the weight is on or off, the rest is walked without, the walk ends. Whether it meant
    /// anything. A weight comes off and a walk ends while it is paused as well.
    pub(super) fn walk_tapped(&mut self, tap: Tap, out: &mut Outputs) -> bool {
        let (State::Set(set) | State::Paused(Held::Set(set))) = &self.state else { return false };
        let Some(part) = set.walk.as_ref().map(|walk| walk.part()) else { return false };
        let paused = matches!(self.state, State::Paused(_));
        let happens = match (tap, part) {
            (Tap::Confirm, Part::PutOn) if !paused => Happens::Weight(true),
            (Tap::Confirm, Part::TakeOff) | (Tap::Lighter, Part::PutOn | Part::Loaded(_)) => Happens::Weight(false),
            (Tap::EndSet, _) => Happens::End,
            _ => return false,
        };
        if paused {
            self.walk_waits(happens, out);
        } else {
            self.walks(happens, out);
        }
        true
    }

    /// Keeps what was walked when its set is closed, however that came about.
    pub(super) fn walk_over(&mut self, set: &mut Set) {
        let Some(mut walk) = set.walk.take() else { return };
        if walk.part() != Part::Over {
            walk.push(self.now, Happens::End, &mut Vec::new());
        }
        self.walked = Some(Box::new(walk.walked().clone()));
    }

    /// What a walk was, in words: the own walk, what changed with the weight and whether it stayed, and what it cost.
    pub(super) fn said_of_walk(&self) -> Vec<String> {
        let Some(walked) = self.walked.as_deref() else { return Vec::new() };
        let texts = &self.texts;
        let say = |key: &str, args: &[(&str, Arg<'_>)]| texts.say(&format!("session.walk.{key}"), args);
        let signs = |signs: &BTreeSet<Sign>| {
            let words: Vec<String> = signs.iter().map(|sign| say(&format!("sign.{}", sign.slug()), &[])).collect();
            words.join(", ")
        };
        let mut lines = Vec::new();
        let Some(own) = &walked.baseline else { return vec![say("too_few", &[])] };
        let cadence = texts.number(own.cadence_per_min(), 0);
        match own.speed_m_per_s {
            Some(speed) => {
                let speed = texts.number(speed.middle, 2);
                lines.push(say("own_speed", &[("cadence", Arg::Text(&cadence)), ("speed", Arg::Text(&speed))]));
            }
            None => lines.push(say("own", &[("cadence", Arg::Text(&cadence))])),
        }
        if walked.loaded_s <= 0.0 {
            return lines;
        }
        let minutes = texts.number(walked.loaded_s / 60.0, 1);
        lines.push(say("loaded", &[("minutes", Arg::Text(&minutes)), ("mass", Arg::Mass(walked.mass_g))]));
        match (&walked.loaded, walked.signs.is_empty()) {
            (None, true) => {}
            (Some(_), true) => lines.push(say("as_before", &[])),
            (_, false) => lines.push(say("changed", &[("signs", Arg::Text(&signs(&walked.signs)))])),
        }
        lines.extend(walked.cut_short.and_then(CutShort::slug).map(|why| say(&format!("cut.{why}"), &[])));
        match &walked.after {
            None => {}
            Some(after) if after.is_empty() => lines.push(say("after_as_before", &[])),
            Some(after) => lines.push(say("after_changed", &[("signs", Arg::Text(&signs(after)))])),
        }
        let Some(known) = self.known.as_deref() else { return lines };
        let speed = walked.loaded.and_then(|seen| seen.speed_m_per_s);
        let both_g = walked.mass_g.saturating_mul(2);
        let cost = speed.and_then(|v| extra_kcal(&known.body, both_g, v, walked.loaded_s, &self.rules.walk));
        if let Some(cost) = cost {
            let (low, high) = (texts.number(cost.low, 1), texts.number(cost.high, 1));
            lines.push(say("energy", &[("low", Arg::Text(&low)), ("high", Arg::Text(&high))]));
        }
        lines
    }
}
