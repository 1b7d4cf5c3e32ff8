//! [`Person`]: who trains in a storm. Does mostly what is asked, and now and then presses whatever comes to mind.

use crate::live::Live;
use crate::run::way_of;
use talus_coach::{Answer, Stage, Tap};
use talus_motion::{LinkState, Micros, Phase, Side, Tempo};
use talus_sim::{Act, Chance, SimTransport};

/// Mean time between two things that come to mind, µs.
const IDEA_US: f64 = 14e6;
/// How long a stage may last, µs, before a person looks for the way out, and before they stop the session.
const PATIENCE_US: i64 = 40_000_000;
const ENOUGH_US: i64 = 60_000_000;

const IDEAS: [Tap; 12] = [
    Tap::Pause,
    Tap::EndSet,
    Tap::CountUp,
    Tap::CountDown,
    Tap::RestLonger,
    Tap::Skip,
    Tap::Undo,
    Tap::Swap,
    Tap::Lighter,
    Tap::Heavier,
    Tap::TimerOnly,
    Tap::Confirm,
];

/// A virtual person.
pub(super) struct Person {
    chance: Chance,
    stage: Option<(Stage, Micros)>,
    idle_since: Option<Micros>,
    answered: u8,
    pressed_at: Micros,
    idea_at: Micros,
    /// Repetitions asked of a leg, whatever came of them.
    pub(super) done: u64,
    /// Times the count was put up by hand.
    pub(super) ups: u64,
}

impl Person {
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed).branch(504);
        let idea_at = Micros(chance.between(30e6, 60e6) as i64);
        Self { chance, stage: None, idle_since: None, answered: 0, pressed_at: Micros(0), idea_at, done: 0, ups: 0 }
    }

    /// How long the session has been where it is, and where that is.
    pub(super) fn waited(&self, now: Micros) -> Option<(Stage, i64)> {
        self.stage.map(|(stage, since)| (stage, now.since(since)))
    }

    /// Somebody takes the phone up again.
    pub(super) fn comes_back(&mut self) {
        self.stage = None;
        self.idle_since = None;
    }

    pub(super) fn follow(&mut self, live: &mut Live, room: &mut SimTransport, now: Micros) {
        let frame = live.frame();
        let stage = frame.stage;
        if self.stage.is_none_or(|(same, _)| same != stage) {
            self.stage = Some((stage, now));
            (self.answered, self.idle_since) = (0, None);
            if matches!(stage, Stage::Preflight | Stage::Instruct | Stage::Rest | Stage::Paused) {
                let (shape, ..) = way_of(&frame.exercise);
                for leg in 0..room.len() {
                    room.act(leg, Act::Reposition { shape });
                }
            }
        }
        let waited_us = self.waited(now).map_or(0, |(_, waited_us)| waited_us);
        if now >= self.idea_at {
            self.idea_at = now.plus(self.chance.between(0.3 * IDEA_US, 1.7 * IDEA_US) as i64);
            return self.has_an_idea(live);
        }
        let settled = (0..room.len()).all(|leg| room.idle(leg));
        let streaming = live.frame().cuffs.iter().all(|line| line.link == LinkState::Streaming);
        let again = now.since(self.pressed_at) >= 2_000_000;
        let press = match stage {
            _ if waited_us >= ENOUGH_US && again => Some(Tap::Stop),
            Stage::Set | Stage::Paused | Stage::Walk if waited_us >= PATIENCE_US && again => Some(Tap::EndSet),
            Stage::Preflight | Stage::Instruct if settled && streaming && waited_us >= 1_000_000 && again => {
                Some(Tap::Confirm)
            }
            Stage::Preflight | Stage::Instruct if waited_us >= PATIENCE_US && again => Some(Tap::Skip),
            Stage::Paused if settled && streaming && waited_us >= 1_500_000 && again => Some(Tap::GoOn),
            Stage::Set => {
                self.move_leg(live, room, now, waited_us);
                None
            }
            Stage::Review => self.look_back(live, waited_us),
            _ => None,
        };
        if let Some(tap) = press {
            self.pressed_at = now;
            live.press(tap);
        }
    }

    fn has_an_idea(&mut self, live: &mut Live) {
        if self.chance.happens(0.03) {
            return live.press(Tap::Stop);
        }
        if self.chance.happens(0.12) {
            let pain = (self.chance.bits() % 11) as u8;
            return live.answer(if pain == 10 { Answer::RedFlag } else { Answer::Pain(pain) });
        }
        let tap = IDEAS[self.chance.bits() as usize % IDEAS.len()];
        self.ups += u64::from(tap == Tap::CountUp);
        live.press(tap);
    }

    fn look_back(&mut self, live: &mut Live, waited_us: i64) -> Option<Tap> {
        if waited_us < (i64::from(self.answered) + 1) * 400_000 {
            return None;
        }
        self.answered = self.answered.saturating_add(1);
        match self.answered {
            1 => live.answer(Answer::Reserve((self.chance.bits() % 6) as u8)),
            2 => live.answer(Answer::Pain((self.chance.bits() % 4) as u8)),
            _ => return Some(Tap::Confirm),
        }
        None
    }

    /// One repetition at a time; one of eight stays short.
    fn move_leg(&mut self, live: &Live, room: &mut SimTransport, now: Micros, waited_us: i64) {
        let frame = live.frame();
        let Some(side) = frame.side else { return };
        let leg = usize::from(side == Side::Right);
        if !room.idle(leg) {
            self.idle_since = None;
            return;
        }
        let idle_us = now.since(*self.idle_since.get_or_insert(now));
        let enough = frame.target.is_some_and(|target| frame.count >= target);
        if waited_us < 700_000 || idle_us < 200_000 || frame.phase != Phase::Rest || enough {
            return;
        }
        let (shape, range_deg, tempo) = way_of(&frame.exercise);
        let range_deg = if self.chance.happens(0.12) { 0.4 * range_deg } else { range_deg };
        let hurry = self.chance.between(0.7, 1.1);
        let tempo = Tempo {
            lift_s: hurry * tempo.lift_s,
            hold_s: hurry * tempo.hold_s,
            lower_s: hurry * tempo.lower_s,
            rest_s: tempo.rest_s,
        };
        room.act(leg, Act::Reps { shape, n: 1, range_deg, tempo, variability: 0.08 });
        self.done += 1;
        self.idle_since = None;
    }
}
