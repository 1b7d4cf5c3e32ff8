//! A session in the shell: what plays it, what is kept of it to show, and how it is paced.
//!
//! [`Player`] is the app's run as this shell sees it; demo, replay and a resumed session are all one. Everything
//! that decides is behind it; here is only wall time against session time, keys, and when to leave.

use crate::args::Speed;
use crate::domain::{Answer, Event, Micros, Scene, SessionId, SessionSummary, SetResult, Tap};
use crate::failure::Failure;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
pub(crate) use talus_app::Note;
use talus_app::files::FileNote;

/// A run of the app: a demo, a replay or a resumed session in session time.
pub(crate) trait Player {
    /// Plays up to `to`; earlier times change nothing.
    fn advance(&mut self, to: Micros) -> Result<(), Failure>;
    /// Session time now.
    fn now(&self) -> Micros;
    /// The picture to draw.
    fn scene(&self) -> Scene;
    /// What happened since the last call.
    fn notes(&mut self) -> Vec<Note>;
    /// Somebody pressed something.
    fn press(&mut self, tap: Tap);
    /// Somebody answered something.
    fn answer(&mut self, answer: Answer);
    /// Whether the session has come to its end.
    fn over(&self) -> bool;
    /// Share of the files that was played, for a replay.
    fn progress(&self) -> Option<f64>;
    /// What a person may want to know about the files of a replay.
    fn file_notes(&self) -> Vec<(String, FileNote)> {
        Vec::new()
    }
    /// The exercise's name in the session's language.
    fn exercise_name(&self, id: &str) -> String;
    /// Leaves the session where it is: safe, to be resumed. Gives its id and the time up to which it is safe; `None`
    /// where it had not begun.
    fn leave(self: Box<Self>) -> Result<Option<(SessionId, Micros)>, Failure>;
    /// Closes a session that is over; `None` where it had not begun.
    fn finish(self: Box<Self>) -> Result<Option<SessionId>, Failure>;
}

/// Why the shell let go of a session.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Parted {
    /// It came to its end.
    Over(Story),
    /// Somebody left it; it can be resumed.
    Left,
    /// A signal or Ctrl-C came; it can be resumed.
    Stopped,
}

/// What of a session is kept to be told at its end.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Story {
    /// Index of the set and its result, corrections laid over.
    pub(crate) sets: Vec<(u32, SetResult)>,
    pub(crate) summary: Option<SessionSummary>,
    /// Somebody said here that there is a red flag.
    pub(crate) flagged: bool,
}

impl Story {
    /// Whether there is a red flag, said here or by the session.
    pub(crate) fn is_flagged(&self) -> bool {
        self.flagged || self.summary.as_ref().is_some_and(|summary| summary.red_flag)
    }

    /// Keeps what is worth keeping of a note.
    pub(crate) fn take(&mut self, note: &Note) {
        match note {
            Note::Event(Event::SetEnded { set_index, result, .. }) => {
                let same = |(index, old): &&mut (u32, SetResult)| index == set_index && old.side == result.side;
                match self.sets.iter_mut().find(same) {
                    Some((_, old)) => old.clone_from(result),
                    None => self.sets.push((*set_index, result.clone())),
                }
            }
            Note::Event(Event::SetReviewed { set_index, count, .. }) => {
                // The newest of that index: the two legs of a set follow one another.
                if let Some((_, result)) = self.sets.iter_mut().rev().find(|(index, _)| index == set_index) {
                    result.count = *count;
                }
            }
            Note::Event(Event::Ended { summary, .. }) => self.summary = Some(summary.clone()),
            _ => {}
        }
    }
}

/// Session time of one step of a plain session: notes that carry no time of their own get the end of their step, so
/// that equal seeds give equal lines at every speed.
pub(crate) const STEP_US: i64 = 100_000;

/// Wall time, and waiting for it without a terminal.
pub(crate) struct Wall {
    now: fn() -> Micros,
    // Never sent to; its receiver's timeout is the wait.
    _never: Sender<()>,
    waiting: Receiver<()>,
}

impl Wall {
    pub(crate) fn new(now: fn() -> Micros) -> Self {
        let (never, waiting) = channel();
        Self { now, _never: never, waiting }
    }

    pub(crate) fn now(&self) -> Micros {
        (self.now)()
    }

    /// Waits until `until`, but at most a fifth of a second: a request to stop is heard soon.
    pub(crate) fn wait(&self, until: Micros) {
        let us = until.since(self.now()).clamp(0, 200_000);
        if us > 0 {
            let _ = self.waiting.recv_timeout(Duration::from_micros(us.unsigned_abs()));
        }
    }
}

/// Wall time against session time. A stretch in which the machine slept is not caught up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pacer {
    speed: Speed,
    wall: Micros,
    /// Session time owed, microseconds, with its fraction.
    owed: f64,
}

/// Longest wall time that is turned into session time at once, microseconds.
const CATCH_UP_US: i64 = 250_000;

impl Pacer {
    pub(crate) fn new(speed: Speed, wall: Micros) -> Self {
        Self { speed, wall, owed: 0.0 }
    }

    /// Session time that has come due by `wall` since it was last asked for; `None` as fast as can be.
    pub(crate) fn due(&mut self, wall: Micros) -> Option<i64> {
        let passed = wall.since(self.wall).clamp(0, CATCH_UP_US);
        self.wall = wall;
        let Speed::Times(times) = self.speed else { return None };
        self.owed += passed as f64 * times;
        let whole = self.owed.floor();
        self.owed -= whole;
        Some(whole as i64)
    }

    pub(crate) fn speed(&self) -> Speed {
        self.speed
    }

    /// The next faster or slower of a ladder that doubles, or so.
    pub(crate) fn change(&mut self, faster: bool) {
        const LADDER: [f64; 10] = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];
        self.speed = match (self.speed, faster) {
            (Speed::Times(times), true) => {
                LADDER.iter().find(|step| **step > times).map_or(Speed::Max, |x| Speed::Times(*x))
            }
            (Speed::Times(times), false) => {
                Speed::Times(*LADDER.iter().rev().find(|step| **step < times).unwrap_or(&LADDER[0]))
            }
            (Speed::Max, true) => Speed::Max,
            (Speed::Max, false) => Speed::Times(LADDER[LADDER.len() - 1]),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_time_follows_wall_time_and_does_not_catch_up_a_sleep() {
        let mut pacer = Pacer::new(Speed::Times(10.0), Micros(0));
        assert_eq!(pacer.due(Micros(33_000)), Some(330_000));
        assert_eq!(pacer.due(Micros(33_000)), Some(0));
        assert_eq!(pacer.due(Micros(3_600_000_000)), Some(2_500_000));
        assert_eq!(pacer.due(Micros(0)), Some(0), "a clock that runs back owes nothing");
        assert_eq!(Pacer::new(Speed::Max, Micros(0)).due(Micros(5)), None);
    }

    #[test]
    fn fractions_of_a_microsecond_are_not_lost() {
        let mut pacer = Pacer::new(Speed::Times(0.25), Micros(0));
        assert_eq!((1..=12).filter_map(|at| pacer.due(Micros(at))).sum::<i64>(), 3);
    }

    #[test]
    fn speed_climbs_to_as_fast_as_can_be_and_comes_back() {
        let mut pacer = Pacer::new(Speed::Times(100.0), Micros(0));
        for expected in [Speed::Times(200.0), Speed::Times(500.0), Speed::Max, Speed::Max] {
            pacer.change(true);
            assert_eq!(pacer.speed(), expected);
        }
        for _ in 0..20 {
            pacer.change(false);
        }
        assert_eq!(pacer.speed(), Speed::Times(0.5));
    }
}
