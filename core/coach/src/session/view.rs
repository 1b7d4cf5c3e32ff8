//! The picture of now: filled in place after every step, its version grows when something in it changed.

use super::io::{CuffLine, Frame, Stage};
use super::leg::Leg;
use super::set::Tally;
use super::{Held, Session, State};
use crate::plan::Pace;
use crate::walk::Walk;
use talus_motion::{Micros, Phase, Quality, Reason};

/// The zone that is aimed at, as shares of the own range, from and to: a repetition is full from the first on.
pub const TARGET_ZONE: (f64, f64) = (0.9, 1.05);
/// Share of the own range that is the target.
pub(super) const TARGET_SHARE: f64 = TARGET_ZONE.0;
/// Repetitions after which this set's own range is known.
pub(super) const KNOWN_AFTER: u32 = 3;
/// Scale of the arc: room above the range, rounded up to this, degrees.
const SCALE_ROOM: f64 = 1.15;
const SCALE_STEP_DEG: f64 = 10.0;
const SCALE_DEG: (f64, f64) = (20.0, 180.0);

/// The picture before the first input.
pub(super) fn blank(legs: &[Leg]) -> Frame {
    let line = |leg: &Leg| CuffLine { cuff: leg.worn.cuff, side: leg.worn.side, link: leg.link, loss: 0.0 };
    Frame {
        version: 0,
        at: Micros(0),
        stage: Stage::Preflight,
        exercise: String::new(),
        exercise_name: String::new(),
        side: None,
        mass_g: 0,
        set: (0, 0),
        count: 0,
        target: None,
        angle_deg: None,
        target_deg: None,
        limit_deg: None,
        scale_deg: SCALE_DEG.0,
        last_ranges_deg: [None; 3],
        phase: Phase::Rest,
        phase_s: 0.0,
        tempo_s: [0.0; 3],
        cue: String::new(),
        why: String::new(),
        left_s: None,
        cadence_per_min: None,
        strides: 0,
        part: None,
        cuffs: legs.iter().map(line).collect(),
        quality: Quality::GOOD,
    }
}

/// Writes a value into the picture and notes whether that changed it.
struct Brush {
    changed: bool,
}

impl Brush {
    fn put<T: PartialEq>(&mut self, slot: &mut T, value: T) {
        if *slot != value {
            *slot = value;
            self.changed = true;
        }
    }

    fn words(&mut self, slot: &mut String, value: &str) {
        if slot != value {
            slot.clear();
            slot.push_str(value);
            self.changed = true;
        }
    }
}

impl Session {
    pub(super) fn refresh(&mut self) {
        // While it is painted another one takes its place: two pointers, where the picture itself has half a kilobyte.
        let Some(other) = self.other_frame.take() else { return };
        let mut frame = std::mem::replace(&mut self.frame, other);
        let mut brush = Brush { changed: frame.version == 0 };
        self.paint(&mut frame, &mut brush);
        if brush.changed {
            frame.version += 1;
            frame.at = self.now;
        }
        self.other_frame = Some(std::mem::replace(&mut self.frame, frame));
    }

    fn paint(&self, frame: &mut Frame, brush: &mut Brush) {
        let now = self.now;
        brush.put(&mut frame.stage, self.stage());
        for (line, leg) in frame.cuffs.iter_mut().zip(&self.legs) {
            brush.put(&mut line.link, leg.link);
            brush.put(&mut line.loss, leg.loss(now));
        }
        let cue = self.cues.shown(now).unwrap_or(&self.line);
        brush.words(&mut frame.cue, cue);
        let left = match &self.state {
            State::GetReady { until: Some(until) } | State::Rest { until, .. } => Some(until.since(now)),
            State::Paused(Held::Rest { left_us }) => Some(*left_us),
            _ => None,
        };
        let walk = self.walk();
        let left_s = left.map(|us| us.max(0) as f64 * 1e-6);
        let (trial_left_s, trial_count) = self.trial_seen();
        brush.put(&mut frame.left_s, left_s.or(trial_left_s).or_else(|| walk?.left_s()));
        brush.put(&mut frame.part, walk.map(Walk::part));

        let reviewed = match self.state {
            State::Review { .. } => self.done.last(),
            _ => None,
        };
        // What the picture is about: the set, the one looked back at, or the one to come.
        let set = self.set();
        let tally = set.and_then(|set| set.legs.first());
        let index = tally.map(|tally| tally.block).or(reviewed.map(|done| done.block));
        let block = match (index, &self.state) {
            (_, State::Summary) => None,
            _ if self.testing() => None,
            (Some(index), _) => self.course.blocks.get(index),
            (None, _) => self.course.first_block(self.turn),
        };
        let turn = self.course.turns.get(self.turn);
        let asked = block.map(|block| &block.asked);
        let trial = self.trial().filter(|_| !matches!(self.state, State::Summary));
        let id = trial.map_or_else(|| asked.map_or("", |asked| &asked.exercise), |(_, one)| &one.protocol.id);
        if frame.exercise != id {
            match trial {
                Some(_) => brush.words(&mut frame.exercise_name, &self.texts.say(&format!("protocol.{id}.name"), &[])),
                None if id.is_empty() => brush.words(&mut frame.exercise_name, ""),
                None => brush.words(&mut frame.exercise_name, self.texts.exercise(id)),
            }
        }
        brush.words(&mut frame.exercise, id);
        let side = trial.map(|(_, one)| one.asked.side);
        brush.put(&mut frame.side, side.or_else(|| asked.map(|asked| asked.side)));
        brush.put(&mut frame.mass_g, walk.map_or(asked.map_or(0, |asked| asked.mass_g), Walk::mass_g));
        let followed = |planned: u8| (self.sets_seen.max(1), planned.max(self.sets_seen));
        let number = match (block, set, turn) {
            (None, ..) => trial.map_or((0, 0), |(trial, _)| trial.number),
            (_, Some(set), _) => set.number,
            (_, None, Some(turn)) if self.pace == Pace::Followed => followed(turn.set.1),
            (_, None, turn) => turn.map_or((0, 0), |turn| turn.set),
        };
        brush.put(&mut frame.set, number);
        let walks = block.is_some_and(|block| block.exercise.walks());
        let count = match (tally, reviewed) {
            (Some(tally), _) => tally.count(),
            (None, Some(done)) => done.result.count,
            (None, None) => trial_count,
        };
        brush.put(&mut frame.count, if walks { 0 } else { count });
        brush.put(&mut frame.strides, if walks { count } else { 0 });
        brush.put(&mut frame.target, asked.and_then(|asked| asked.reps));
        brush.put(&mut frame.last_ranges_deg, tally.map_or([None; 3], |tally| tally.last_ranges_deg));
        let tempo = block.map(|block| block.exercise.model.tempo);
        brush.put(&mut frame.tempo_s, tempo.map_or([0.0; 3], |t| [t.lift_s, t.hold_s, t.lower_s]));

        let leg = block.map(|block| block.leg).or(self.trial_leg()).map(|leg| &self.legs[leg]);
        let watching = set.is_some() || matches!(self.state, State::Waiting);
        let unseen = leg.is_none_or(|leg| leg.away) || set.is_some_and(|set| set.lost.is_some());
        let live = leg.filter(|_| watching && !unseen).and_then(Leg::live);
        brush.put(&mut frame.angle_deg, live.and_then(|live| live.angle_deg));
        brush.put(&mut frame.cadence_per_min, live.and_then(|live| live.cadence_per_min));
        brush.put(&mut frame.phase, live.map_or(Phase::Rest, |live| live.phase));
        let phase_s = live.map_or(0.0, |live| live.at.since(live.phase_since).max(0) as f64 * 1e-6);
        brush.put(&mut frame.phase_s, phase_s);
        let own = asked.and_then(|asked| asked.own_range_deg).filter(|deg| deg.is_finite() && *deg > 0.0);
        let limit = block.and_then(|block| self.known_leg(block)).and_then(|leg| leg.range_deg);
        brush.put(&mut frame.limit_deg, limit.map(|(_, to)| to));
        brush.words(&mut frame.why, asked.map_or("", |asked| &asked.why));
        let learned = tally.filter(|tally| tally.seen() >= KNOWN_AFTER).and(live).and_then(|live| live.reference_deg);
        brush.put(&mut frame.target_deg, own.or(learned).map(|deg| TARGET_SHARE * deg));
        let usual = own.or(block.map(|block| block.exercise.model.range_deg)).unwrap_or(0.0);
        brush.put(&mut frame.scale_deg, scale(usual.max(tally.map_or(0.0, largest))));

        let mut quality = leg.map_or(Quality::GOOD, Leg::quality);
        quality = live.map_or(quality, |live| quality.join(live.quality));
        if watching && unseen {
            quality = quality.and(Reason::Gap);
        }
        brush.put(&mut frame.quality, quality);
    }
}

fn largest(tally: &Tally) -> f64 {
    tally.largest_deg
}

fn scale(range_deg: f64) -> f64 {
    ((range_deg * SCALE_ROOM / SCALE_STEP_DEG).ceil() * SCALE_STEP_DEG).clamp(SCALE_DEG.0, SCALE_DEG.1)
}
