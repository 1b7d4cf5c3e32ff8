//! [`Walk`]: a walk with a weight in turns with walking without, led part by part and watched against the own walk.
//!
//! No weight is put on before the own walk is known: from strides without one, today's where there are enough. What then
//! changes is compared with nobody else's. Enough change asks to ease off, more of it takes the weight off for the rest,
//! and so do a stumble, running, and the time the cuffs were worn.

mod baseline;
mod drift;
mod energy;
mod heart;

pub use baseline::{Baseline, Measure, Seen};
pub use drift::Sign;
pub use energy::{Kcal, extra_kcal, knee_load_percent, most_at, walking_kcal};
pub use heart::HeartRates;

use crate::catalogue::{WalkRules, WalkWeek};
use crate::condition::Condition;
use crate::cues::Moment;
use crate::person::Body;
use crate::screening::Screening;
use baseline::STRIDES_MOST;
use drift::{Level, Signs};
use heart::Heart;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use talus_motion::{Micros, Side, Stride};

const SECOND_US: i64 = 1_000_000;
/// Least time between two prompts of the same kind, µs.
const AGAIN_US: i64 = 60 * SECOND_US;
/// The walk without a weight at the beginning, at least, and at the end, seconds.
const BEFORE_S: u32 = 300;
const AFTER_S: u32 = 180;

/// What a walk is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkPlan {
    /// Weight on each leg, grams; 0 is a walk without.
    pub mass_g: u32,
    /// Seconds without a weight at the beginning.
    pub before_s: u32,
    /// Times with a weight.
    pub intervals: u32,
    /// Seconds of each.
    pub loaded_s: u32,
    /// Seconds without between them.
    pub easy_s: u32,
    /// Seconds without at the end.
    pub after_s: u32,
    /// Seconds the cuffs may be worn loaded without a break.
    pub wear_most_s: u32,
    /// Whether the skin is looked at after every walk.
    pub skin: bool,
    /// How this person walks without a weight, from earlier walks.
    pub baseline: Option<Baseline>,
}

impl WalkPlan {
    /// A week's walk for somebody who may wear `ceiling_g` on each leg while walking.
    pub fn of(
        week: &WalkWeek,
        ceiling_g: u32,
        body: &Body,
        screening: &Screening,
        baseline: Option<Baseline>,
        rules: &WalkRules,
    ) -> Self {
        let by_week = (body.mass_kg() * 10.0 * week.percent_most) as u32;
        let mass_g = if week.intervals == 0 { 0 } else { ceiling_g.min(by_week) };
        let intervals = if mass_g == 0 { 0 } else { week.intervals };
        let feeling = screening.conditions().contains(&Condition::Neuropathy);
        let wear = if feeling {
            &rules.wear_feeling_min
        } else if screening.care() {
            &rules.wear_care_min
        } else {
            &rules.wear_min
        };
        // What the times with a weight leave of the week's minutes is walked before them.
        let (loaded_s, easy_s) = (60 * week.loaded_min, 60 * week.easy_min);
        let with_s = intervals * loaded_s + intervals.saturating_sub(1) * easy_s;
        let before_s = (60 * week.minutes).saturating_sub(with_s + AFTER_S);
        Self {
            mass_g,
            before_s: if intervals == 0 { before_s } else { before_s.max(BEFORE_S) },
            intervals,
            loaded_s,
            easy_s,
            after_s: AFTER_S,
            wear_most_s: 60 * wear.whole(),
            skin: feeling,
            baseline,
        }
    }
}

/// Where a walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Without a weight, at the beginning.
    Before,
    /// The weight is to be put on.
    PutOn,
    /// With the weight: which time, from 1.
    Loaded(u32),
    /// The weight is to be taken off.
    TakeOff,
    /// Without, between two times with.
    Easy,
    /// Without, at the end.
    After,
    /// Over.
    Over,
}

impl Part {
    /// Whether the weight is worn in it.
    pub fn worn(self) -> bool {
        matches!(self, Self::Loaded(_) | Self::TakeOff)
    }
}

/// What happens on a walk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Happens<'a> {
    /// A stride was completed.
    Strode(Side, &'a Stride),
    /// A swing was broken off and caught.
    Stumbled,
    /// A cuff was found to sit otherwise than it did.
    Slipped,
    /// The weight is on both legs, or off them, as the person says.
    Weight(bool),
    /// Beats a minute from a strap.
    Heart(u16),
    /// The skin was looked at: whether it is clear.
    Skin(bool),
    /// Time passed.
    Tick,
    /// The person ends it.
    End,
}

/// What a walk says.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// Another part.
    Part(Part),
    /// Something to tell.
    Tell(Moment<'static>),
    /// It is over.
    Over(Box<Walked>),
}

/// Why the weight came off before its time, or was not put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutShort {
    /// Not enough strides to know the own walk.
    NoBaseline,
    /// The stride changed too much.
    Stride,
    /// A stumble.
    Stumble,
    /// A cuff that slipped.
    Slip,
    /// Running.
    Running,
    /// Worn long enough.
    Wear,
    /// The skin was not clear.
    Skin,
    /// The person.
    Person,
}

impl CutShort {
    /// The slug it goes by in text keys; `None` for the person's own choice, which needs no words.
    pub fn slug(self) -> Option<&'static str> {
        match self {
            Self::NoBaseline => Some("no_baseline"),
            Self::Stride => Some("stride"),
            Self::Stumble => Some("stumble"),
            Self::Slip => Some("slip"),
            Self::Running => Some("running"),
            Self::Wear => Some("wear"),
            Self::Skin => Some("skin"),
            Self::Person => None,
        }
    }
}

/// What was walked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Walked {
    /// Weight on each leg while it was worn, grams.
    pub mass_g: u32,
    /// Seconds without and with the weight.
    pub bare_s: f64,
    /// Seconds with the weight.
    pub loaded_s: f64,
    /// Strides of both legs.
    pub strides: u32,
    /// How this person walks without a weight: today's, else the earlier one.
    pub baseline: Option<Baseline>,
    /// The last picture with the weight.
    pub loaded: Option<Seen>,
    /// Everything that changed while the weight was worn.
    pub signs: BTreeSet<Sign>,
    /// What was still changed at the end, without it; `None` where too few strides came.
    pub after: Option<BTreeSet<Sign>>,
    /// Times the person was asked to ease off.
    pub eased: u32,
    /// Why the weight came off early, where it did.
    pub cut_short: Option<CutShort>,
    /// Heart rates, where a strap was worn and the speeds were alike.
    pub heart: Option<HeartRates>,
}

/// A walk under way.
#[derive(Debug, Clone)]
pub struct Walk {
    plan: WalkPlan,
    rules: WalkRules,
    part: Part,
    now: Micros,
    since: Micros,
    done: u32,
    signs: Option<Signs>,
    /// Strides at the beginning, left and right, for today's baseline.
    bare: [Vec<Stride>; 2],
    worn_since: Option<Micros>,
    running_since: Option<Micros>,
    told_ease: Option<Micros>,
    told_slower: Option<Micros>,
    told_worn: Option<Micros>,
    heart: Heart,
    walked: Walked,
}

impl Walk {
    /// A walk that begins at `at`.
    pub fn new(plan: WalkPlan, at: Micros, rules: &WalkRules) -> Self {
        let (baseline, mass_g) = (plan.baseline, plan.mass_g);
        Self {
            plan,
            rules: rules.clone(),
            part: Part::Before,
            now: at,
            since: at,
            done: 0,
            signs: baseline.map(|own| Signs::new(own, rules)),
            bare: [Vec::new(), Vec::new()],
            worn_since: None,
            running_since: None,
            told_ease: None,
            told_slower: None,
            told_worn: None,
            heart: Heart::new(),
            walked: Walked {
                mass_g,
                bare_s: 0.0,
                loaded_s: 0.0,
                strides: 0,
                baseline,
                loaded: None,
                signs: BTreeSet::new(),
                after: None,
                eased: 0,
                cut_short: None,
                heart: None,
            },
        }
    }

    /// Where it is.
    pub fn part(&self) -> Part {
        self.part
    }

    /// Weight on each leg just now, grams.
    pub fn mass_g(&self) -> u32 {
        if self.part.worn() { self.plan.mass_g } else { 0 }
    }

    /// Weight on each leg that is put on and off on the way, grams.
    pub fn planned_g(&self) -> u32 {
        self.plan.mass_g
    }

    /// How often the weight is put on.
    pub fn times(&self) -> u32 {
        self.plan.intervals
    }

    /// When something is due by itself: the end of a part, or of the time the cuffs may be worn.
    pub fn due(&self) -> Option<Micros> {
        let ends = self.lasts_s().map(|s| self.since.plus(i64::from(s) * SECOND_US));
        ends.into_iter().chain(self.worn_due()).min()
    }

    /// When the cuffs were worn with the weight for as long as they may be, whether somebody walks or waits; `None` where
    /// it is off or asked to come off.
    pub fn worn_due(&self) -> Option<Micros> {
        let worn = self.worn_since.filter(|_| matches!(self.part, Part::Loaded(_)));
        worn.map(|on| on.plus(i64::from(self.plan.wear_most_s) * SECOND_US))
    }

    /// Until now nobody walked: the part goes on where it was. The cuffs were worn all the same.
    pub fn waited(&mut self, at: Micros) {
        let gap_us = at.since(self.now).max(0);
        self.now = self.now.max(at);
        self.since = self.since.plus(gap_us);
        if let Some(signs) = &mut self.signs {
            signs.clear();
        }
    }

    /// What was walked so far.
    pub fn walked(&self) -> &Walked {
        &self.walked
    }

    /// Seconds left of this part; `None` while it waits for the person.
    pub fn left_s(&self) -> Option<f64> {
        let lasts = self.lasts_s()?;
        Some((f64::from(lasts) - self.now.since(self.since) as f64 * 1e-6).max(0.0))
    }

    /// Takes what happens at `at`, and puts what it says behind what is in `out`. Time that runs back stands still, and
    /// after the end nothing is said.
    pub fn push(&mut self, at: Micros, happens: Happens<'_>, out: &mut Vec<Says>) {
        if self.part == Part::Over {
            return;
        }
        let before = self.now;
        self.now = self.now.max(at);
        let passed_s = self.now.since(before) as f64 * 1e-6;
        if self.part.worn() {
            self.walked.loaded_s += passed_s;
        } else {
            self.walked.bare_s += passed_s;
        }
        match happens {
            Happens::Strode(side, stride) => self.strode(side, stride, out),
            Happens::Stumbled if matches!(self.part, Part::Loaded(_)) => {
                self.off_early(CutShort::Stumble, Moment::CuffsOff, out);
            }
            Happens::Slipped if matches!(self.part, Part::Loaded(_)) => {
                self.off_early(CutShort::Slip, Moment::CuffsOff, out);
            }
            // After a weight a heart is quick for a while: only the beginning is without.
            Happens::Heart(bpm) if matches!(self.part, Part::Before | Part::Loaded(_)) => {
                self.heart.push(bpm, self.part.worn());
            }
            Happens::Weight(on) => self.weight(on, out),
            Happens::Skin(false) => {
                self.cut(CutShort::Skin);
                match self.part {
                    Part::Loaded(_) => self.off_early(CutShort::Skin, Moment::TakeOff, out),
                    Part::PutOn | Part::Easy => self.enter(Part::After, out),
                    Part::Before | Part::TakeOff | Part::After | Part::Over => {}
                }
            }
            Happens::Tick | Happens::Stumbled | Happens::Slipped | Happens::Heart(_) | Happens::Skin(true) => {}
            Happens::End => return self.end(Some(CutShort::Person), out),
        }
        self.clock(out);
    }

    fn lasts_s(&self) -> Option<u32> {
        match self.part {
            Part::Before => Some(self.plan.before_s),
            Part::Loaded(_) => Some(self.plan.loaded_s),
            Part::Easy => Some(self.plan.easy_s),
            Part::After => Some(self.plan.after_s),
            Part::PutOn | Part::TakeOff | Part::Over => None,
        }
    }

    /// What is due: the wear first, then the end of the part.
    fn clock(&mut self, out: &mut Vec<Says>) {
        let worn = self.worn_since.is_some_and(|on| self.now.since(on) >= i64::from(self.plan.wear_most_s) * SECOND_US);
        if worn && again(self.told_worn, self.now) {
            self.told_worn = Some(self.now);
            self.off_early(CutShort::Wear, Moment::WornLong, out);
        }
        // A part that was slept past its end ends now, and the next one begins now.
        while self.lasts_s().is_some_and(|s| self.now.since(self.since) >= i64::from(s) * SECOND_US) {
            match self.part {
                Part::Before => self.before_over(out),
                Part::Loaded(n) => {
                    self.done = n;
                    tell(Moment::TakeOff, out);
                    self.enter(Part::TakeOff, out);
                }
                Part::Easy => self.put_on(out),
                Part::After | Part::PutOn | Part::TakeOff | Part::Over => self.end(None, out),
            }
        }
    }

    /// Today's walk is the better witness: the same shoes, the same ground, the same day.
    fn known_today(&mut self) {
        if let Some(today) = Baseline::of(&self.bare[0], &self.bare[1], &self.rules) {
            self.walked.baseline = Some(today);
            self.signs = Some(Signs::new(today, &self.rules));
        }
    }

    fn before_over(&mut self, out: &mut Vec<Says>) {
        self.known_today();
        if self.plan.intervals == 0 || self.plan.mass_g == 0 || self.walked.cut_short.is_some() {
            return self.enter(Part::After, out);
        }
        if self.signs.is_none() {
            self.cut(CutShort::NoBaseline);
            tell(Moment::WalkBare, out);
            return self.enter(Part::After, out);
        }
        self.put_on(out);
    }

    fn put_on(&mut self, out: &mut Vec<Says>) {
        tell(Moment::PutOn(self.plan.mass_g), out);
        self.enter(Part::PutOn, out);
    }

    fn weight(&mut self, on: bool, out: &mut Vec<Says>) {
        match (self.part, on) {
            (Part::PutOn, true) => {
                self.worn_since = Some(self.now);
                self.enter(Part::Loaded(self.done + 1), out);
            }
            // It does not go on: the rest is walked without.
            (Part::PutOn, false) => {
                self.cut(CutShort::Person);
                self.enter(Part::After, out);
            }
            (Part::TakeOff, false) => self.taken_off(out),
            (Part::Loaded(_), false) => {
                self.cut(CutShort::Person);
                self.taken_off(out);
            }
            _ => {}
        }
    }

    fn taken_off(&mut self, out: &mut Vec<Says>) {
        let worn_s = self.worn_since.take().map_or(0.0, |on| self.now.since(on) as f64 * 1e-6);
        if self.plan.skin || self.walked.cut_short == Some(CutShort::Wear) || worn_s >= f64::from(self.plan.wear_most_s)
        {
            tell(Moment::LookAtSkin, out);
        }
        let last = self.done >= self.plan.intervals || self.walked.cut_short.is_some();
        self.enter(if last { Part::After } else { Part::Easy }, out);
    }

    fn strode(&mut self, side: Side, stride: &Stride, out: &mut Vec<Says>) {
        self.walked.strides = self.walked.strides.saturating_add(1);
        self.ran(stride, out);
        if !stride.quality.ok() {
            return;
        }
        if self.part == Part::Before {
            let kept = &mut self.bare[usize::from(side == Side::Right)];
            if kept.len() < STRIDES_MOST {
                kept.push(stride.clone());
            }
            return;
        }
        let Some(signs) = &mut self.signs else { return };
        let level = signs.push(side, stride, &self.rules);
        let (now, seen) = (signs.now(&self.rules), signs.seen());
        match self.part {
            Part::Loaded(_) => {
                self.walked.loaded = seen.or(self.walked.loaded);
                if level >= Level::Ease {
                    self.walked.signs.extend(now);
                }
                match level {
                    Level::Stop => self.off_early(CutShort::Stride, Moment::CuffsOff, out),
                    Level::Ease if again(self.told_ease, self.now) => {
                        self.told_ease = Some(self.now);
                        self.walked.eased += 1;
                        tell(Moment::Ease, out);
                    }
                    Level::Ease => {}
                    Level::Fine => self.quick(seen, out),
                }
            }
            Part::After => self.walked.after = seen.map(|_| if level >= Level::Ease { now } else { BTreeSet::new() }),
            Part::Before | Part::PutOn | Part::TakeOff | Part::Easy | Part::Over => {}
        }
    }

    /// Whether the steps are too quick for the weight.
    fn quick(&mut self, seen: Option<Seen>, out: &mut Vec<Says>) {
        let Some(seen) = seen else { return };
        let most = most_at(self.plan.mass_g, 120.0 / seen.stride_s, &self.rules);
        if most < self.plan.mass_g && again(self.told_slower, self.now) {
            self.told_slower = Some(self.now);
            tell(Moment::SlowDown, out);
        }
    }

    /// Whether somebody runs with a weight on.
    fn ran(&mut self, stride: &Stride, out: &mut Vec<Says>) {
        if !(stride.running() && self.part.worn()) {
            self.running_since = None;
            return;
        }
        let since = *self.running_since.get_or_insert(stride.start);
        let long = stride.end.since(since) as f64 * 1e-6 >= self.rules.running_s.value;
        if long && self.part != Part::TakeOff {
            self.off_early(CutShort::Running, Moment::NotRunning, out);
        }
    }

    fn off_early(&mut self, why: CutShort, moment: Moment<'static>, out: &mut Vec<Says>) {
        self.cut(why);
        tell(moment, out);
        if self.part != Part::TakeOff {
            self.enter(Part::TakeOff, out);
        }
    }

    /// The first reason stands.
    fn cut(&mut self, why: CutShort) {
        self.walked.cut_short.get_or_insert(why);
    }

    fn enter(&mut self, part: Part, out: &mut Vec<Says>) {
        self.part = part;
        self.since = self.now;
        if let Some(signs) = &mut self.signs {
            signs.clear();
        }
        out.push(Says::Part(part));
    }

    fn end(&mut self, why: Option<CutShort>, out: &mut Vec<Says>) {
        let loaded_ahead = self.plan.intervals > self.done && self.plan.mass_g > 0;
        if let Some(why) = why.filter(|_| loaded_ahead) {
            self.cut(why);
        }
        if self.part.worn() {
            tell(Moment::TakeOff, out);
        }
        if self.part == Part::Before {
            self.known_today();
        }
        let speed = self.walked.baseline.and_then(|own| own.speed_m_per_s).map(|speed| speed.middle);
        self.walked.heart = self.heart.rates(speed, self.walked.loaded.and_then(|seen| seen.speed_m_per_s));
        self.enter(Part::Over, out);
        out.push(Says::Over(Box::new(self.walked.clone())));
    }
}

fn tell(moment: Moment<'static>, out: &mut Vec<Says>) {
    out.push(Says::Tell(moment));
}

/// Whether something that was told at `last` may be told again.
fn again(last: Option<Micros>, now: Micros) -> bool {
    last.is_none_or(|last| now.since(last) >= AGAIN_US)
}

#[cfg(test)]
mod tests;
