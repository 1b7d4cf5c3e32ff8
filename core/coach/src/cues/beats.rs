//! [`Pacer`]: the tempo of a repetition ahead of time, so that a shell can schedule its sounds to the millisecond; and
//! [`Zone`]: when the leg comes to where a repetition is full.

use super::moment::Sound;
use talus_motion::{Micros, Phase, Tempo};

/// One beat of a tempo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// When.
    pub at: Micros,
    /// The phase it falls in.
    pub phase: Phase,
    /// What sounds.
    pub sound: Sound,
    /// The number to say with it, where one is said: a slow count while holding and lowering.
    pub count: Option<u32>,
}

/// The tempo asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pacer {
    tempo: Tempo,
}

impl Pacer {
    /// Of an exercise's tempo; `lower_s` where a week asks for a slower way down. What is no time counts as none.
    pub fn new(tempo: Tempo, lower_s: Option<f64>) -> Self {
        let time = |s: f64| if s.is_finite() { s.clamp(0.0, 60.0) } else { 0.0 };
        Self {
            tempo: Tempo {
                lift_s: time(tempo.lift_s),
                hold_s: time(tempo.hold_s),
                lower_s: time(lower_s.unwrap_or(tempo.lower_s)),
                rest_s: time(tempo.rest_s),
            },
        }
    }

    /// The beats of the repetition whose lift began at `lift`: the top, each second of the hold, the way down with a
    /// number each second, and the next lift. Made anew when a lift begins, so that the person leads and not the clock.
    pub fn beats(&self, lift: Micros) -> Vec<Beat> {
        let Tempo { lift_s, hold_s, lower_s, rest_s } = self.tempo;
        let at = |s: f64| lift.plus(Micros::from_seconds(s).0);
        let seconds = |s: f64| s as u32;
        let (top, turn, back) = (lift_s, lift_s + hold_s, lift_s + hold_s + lower_s);
        let mut beats = vec![Beat { at: at(top), phase: Phase::Hold, sound: Sound::TargetReached, count: None }];
        beats.extend((1..=seconds(hold_s)).map(|n| Beat {
            at: at(top + f64::from(n)),
            phase: Phase::Hold,
            sound: Sound::HoldTick,
            count: Some(n),
        }));
        // The last second of a hold is where lowering begins: one sound, and the one that says so.
        beats.retain(|beat| beat.at < at(turn) || beat.sound == Sound::TargetReached);
        beats.push(Beat { at: at(turn), phase: Phase::Lower, sound: Sound::LowerNow, count: Some(1) });
        beats.extend((1..seconds(lower_s)).map(|n| Beat {
            at: at(turn + f64::from(n)),
            phase: Phase::Lower,
            sound: Sound::HoldTick,
            count: Some(n + 1),
        }));
        beats.push(Beat { at: at(back + rest_s), phase: Phase::Lift, sound: Sound::HoldTick, count: None });
        beats
    }
}

/// Where a repetition is full, and the line it should not cross where a plan draws one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zone {
    from_deg: f64,
    most_deg: Option<f64>,
    within: bool,
    over: bool,
}

/// What the leg did to a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneCrossed {
    /// It came in from below.
    Reached,
    /// It went over the line of a plan.
    Over,
}

impl Zone {
    /// Degrees by which the leg has to leave a line before the line can be crossed again: an angle trembles.
    const LEAVE_DEG: f64 = 3.0;

    /// From an angle on, and not above another where a plan draws a line; degrees from the start pose.
    pub fn new(from_deg: f64, most_deg: Option<f64>) -> Self {
        Self { from_deg, most_deg, within: false, over: false }
    }

    /// A repetition is full from here on, degrees.
    pub(crate) fn aim(&mut self, from_deg: f64) {
        self.from_deg = from_deg;
    }

    /// Whether it is known from where on a repetition is full.
    pub(crate) fn aimed(&self) -> bool {
        self.from_deg.is_finite()
    }

    /// Whether there is anything to cross.
    pub(crate) fn watches(&self) -> bool {
        self.aimed() || self.most_deg.is_some()
    }

    /// Takes the angle now, degrees; what is not a number changes nothing.
    pub fn push(&mut self, angle_deg: f64) -> Option<ZoneCrossed> {
        let reached = enter(&mut self.within, angle_deg, self.from_deg);
        let over = self.most_deg.is_some_and(|most| enter(&mut self.over, angle_deg, most));
        // The line comes first: somebody who is over it has no use for "hold".
        if over { Some(ZoneCrossed::Over) } else { reached.then_some(ZoneCrossed::Reached) }
    }
}

/// Whether an angle has come over a line from at least [`Zone::LEAVE_DEG`] below it.
fn enter(within: &mut bool, angle_deg: f64, line_deg: f64) -> bool {
    let entered = !*within && angle_deg >= line_deg;
    if entered {
        *within = true;
    } else if angle_deg < line_deg - Zone::LEAVE_DEG {
        *within = false;
    }
    entered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tempo_is_known_ahead_to_the_millisecond() {
        let tempo = Tempo { lift_s: 2.0, hold_s: 1.0, lower_s: 3.0, rest_s: 0.5 };
        let beats = Pacer::new(tempo, None).beats(Micros(1_000_000));
        let told: Vec<(i64, Sound, Option<u32>)> = beats.iter().map(|b| (b.at.0 / 1000, b.sound, b.count)).collect();
        assert_eq!(
            told,
            [
                (3000, Sound::TargetReached, None),
                (4000, Sound::LowerNow, Some(1)),
                (5000, Sound::HoldTick, Some(2)),
                (6000, Sound::HoldTick, Some(3)),
                (7500, Sound::HoldTick, None),
            ]
        );
        // A slower week, and a hold of three.
        let held = Pacer::new(Tempo { hold_s: 3.0, ..tempo }, Some(4.0)).beats(Micros(0));
        assert_eq!(held.iter().filter(|beat| beat.phase == Phase::Hold).count(), 3);
        assert_eq!(held.last().unwrap().at, Micros(9_500_000));
        assert!(held.windows(2).all(|pair| pair[0].at < pair[1].at));
        let odd = Pacer::new(Tempo { lift_s: f64::NAN, hold_s: -1.0, lower_s: f64::INFINITY, rest_s: 0.0 }, None);
        assert!(odd.beats(Micros(i64::MAX)).len() < 10);
    }

    #[test]
    fn a_zone_is_entered_once_a_repetition_whatever_trembles() {
        let mut zone = Zone::new(70.0, Some(80.0));
        let mut crossed = Vec::new();
        for angle in [0.0, 69.0, 70.0, 69.0, 71.0, f64::NAN, 79.0, 80.5, 79.0, 81.0, 60.0, 5.0, 72.0, 68.0, 70.5] {
            crossed.extend(zone.push(angle).map(|what| (angle, what)));
        }
        assert_eq!(crossed, [(70.0, ZoneCrossed::Reached), (80.5, ZoneCrossed::Over), (72.0, ZoneCrossed::Reached)]);
    }
}
