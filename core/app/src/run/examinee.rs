//! [`Examinee`]: who is tested at a desk: two legs that sit, stand and sway, get up and walk when a session asks for it.

use crate::live::Live;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use talus_coach::catalogue::{Catalogue, FunctionTest};
use talus_coach::ladder::Rung;
use talus_coach::{Stage, Tap};
use talus_motion::{LinkState, Micros, Sample, Side};
use talus_sim::leg::upright::{Upright, WalkTurn};
use talus_sim::{Chance, Motion, SensorErrors, SimTransport, VirtualCuff};

/// How long a person reads before they say they are ready, µs.
const READS_US: i64 = 2_500_000;
/// Sway of somebody who stands: root mean square in degrees, and how quick, Hz.
const SWAY: (f64, f64) = (0.4, 0.5);
/// Seconds a stance is stood for, longer than any is asked for; and how long the one that is too hard is held.
const STANDS_S: f64 = 12.0;
const TOO_HARD_S: f64 = 4.0;
/// Seconds walked where a walk is asked for.
const WALKS_S: f64 = 300.0;
/// Seconds the foot stays in the air.
const IN_THE_AIR_S: f64 = 14.0;

/// A leg that a cuff is worn by, and that its owner moves.
struct Limb(Arc<Mutex<Upright>>);

impl Motion for Limb {
    fn sample(&mut self, at_s: f64) -> Option<Sample> {
        Some(held(&self.0).sample(at_s))
    }

    fn idle(&self, at_s: f64) -> bool {
        held(&self.0).end_s() <= at_s
    }
}

fn held(leg: &Mutex<Upright>) -> MutexGuard<'_, Upright> {
    leg.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A virtual person who is tested.
pub(super) struct Examinee {
    seed: u64,
    legs: Vec<Arc<Mutex<Upright>>>,
    sits: bool,
    /// Stage, test and try, and when that began.
    doing: Option<((Stage, String, u8), Micros)>,
}

impl Examinee {
    /// The person, and the room they are in with a cuff on each leg.
    pub(super) fn new(seed: u64) -> (Self, SimTransport) {
        let mut room = SimTransport::new(seed);
        let mut legs = Vec::new();
        for side in [Side::Left, Side::Right] {
            let leg = Arc::new(Mutex::new(Upright::new(side, seed)));
            let errors = SensorErrors::drawn(&mut Chance::new(seed).branch(1 + u64::from(side == Side::Right)));
            room.add(VirtualCuff::around(Box::new(Limb(leg.clone())), Some(side), seed).with_errors(errors));
            legs.push(leg);
        }
        (Self { seed, legs, sits: true, doing: None }, room)
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Does what the session asks for.
    pub(super) fn follow(&mut self, live: &mut Live, catalogue: &Catalogue, now: Micros) {
        let frame = live.frame();
        let what = (frame.stage, frame.exercise.clone(), frame.set.0);
        let test = catalogue.protocol(&frame.exercise).map(|protocol| protocol.test);
        let streaming = frame.cuffs.iter().all(|line| line.link == LinkState::Streaming);
        let rung = live.asked_rung(&frame.exercise);
        let began = match &self.doing {
            Some((same, since)) if *same == what => *since,
            _ => {
                let stage = frame.stage;
                self.doing = Some((what, now));
                match (stage, test) {
                    (Stage::Instruct, Some(test)) => self.take_place(test, now),
                    (Stage::Walk, _) => self.walk(now),
                    (Stage::Set, Some(test)) => self.perform(test, rung, live.frame().set.0, now),
                    _ => {}
                }
                now
            }
        };
        let idle = self.legs.iter().all(|leg| held(leg).end_s() <= now.seconds());
        let ready = idle && streaming && now.since(began) >= READS_US;
        // Whoever walks a rung says when its steps are done.
        let walks = test == Some(None) && rung >= Some(Rung::TandemWalk);
        match live.frame().stage {
            Stage::Preflight | Stage::Instruct | Stage::Paused if ready => live.press(Tap::Confirm),
            Stage::Set if walks && ready => live.press(Tap::Confirm),
            _ => {}
        }
    }

    /// Both legs do the same, from now on.
    fn act(&mut self, now: Micros, act: impl Fn(&mut Upright)) {
        for leg in &self.legs {
            let mut leg = held(leg);
            let waits_s = now.seconds() - leg.end_s();
            if waits_s > 0.0 {
                leg.stay(waits_s);
            }
            act(&mut leg);
        }
    }

    /// Sits or stands, as the test begins.
    fn take_place(&mut self, test: Option<FunctionTest>, now: Micros) {
        let sits = matches!(test, Some(FunctionTest::ChairStand30s | FunctionTest::Tug | FunctionTest::Rom));
        if sits != self.sits {
            self.sits = sits;
            self.act(now, |leg| {
                if sits {
                    leg.sit_down(1.6);
                } else {
                    leg.stand_up(1.6);
                }
                leg.stay(1.5);
            });
        }
    }

    /// Walks for as long as a first session asks for.
    fn walk(&mut self, now: Micros) {
        self.take_place(None, now);
        self.act(now, |leg| {
            leg.stay(2.0);
            leg.walk(WALKS_S, 108.0, &[]);
            leg.stay(2.0);
        });
    }

    fn perform(&mut self, test: Option<FunctionTest>, rung: Option<Rung>, number: u8, now: Micros) {
        let (rms_deg, hz) = SWAY;
        match test {
            Some(FunctionTest::ChairStand30s) => self.act(now, |leg| {
                leg.stay(0.6);
                for _ in 0..11 {
                    leg.stand_up(1.2);
                    leg.stay(0.2);
                    leg.sit_down(1.2);
                    leg.stay(0.2);
                }
            }),
            Some(FunctionTest::Tug) => self.act(now, |leg| {
                let turn = |after_s, takes_s| WalkTurn { after_s, takes_s, angle_deg: 180.0 };
                leg.stay(0.6);
                leg.stand_up(1.4);
                leg.walk(11.9, 104.0, &[turn(3.8, 2.0), turn(9.6, 2.0)]);
                leg.stay(0.3);
                leg.sit_down(1.4);
            }),
            Some(FunctionTest::Walk10m) => self.act(now, |leg| {
                leg.stay(0.6);
                leg.walk(9.0, 108.0, &[]);
            }),
            Some(FunctionTest::OneLegStand) => self.act(now, |leg| {
                leg.sway(0.8, rms_deg, hz);
                leg.lift_foot(IN_THE_AIR_S, 35.0, false);
            }),
            Some(FunctionTest::HeelRises) => self.act(now, |leg| {
                leg.stay(0.8);
                for _ in 0..12 {
                    leg.heel_rise(0.6, 0.2, 0.7, 0.08);
                    leg.stay(0.4);
                }
            }),
            Some(FunctionTest::KneeToWall | FunctionTest::Rom) => self.act(now, |leg| {
                let stood = leg.lean_deg(leg.end_s());
                leg.stay(0.8);
                leg.lean_to(36.0, 1.4, 0.8);
                leg.lean_to(stood[0], 1.4, 0.5);
            }),
            // The last of the four stances is too hard for this person.
            Some(FunctionTest::FourStage) if usize::from(number) >= Rung::FOUR.len() => self.act(now, |leg| {
                leg.sway(TOO_HARD_S, rms_deg, hz);
                leg.lift_foot(0.4, 25.0, false);
                leg.sway(STANDS_S, rms_deg, hz);
            }),
            None if rung >= Some(Rung::TandemWalk) => self.act(now, |leg| leg.walk(6.0, 80.0, &[])),
            Some(FunctionTest::FourStage) | None => self.act(now, |leg| leg.sway(STANDS_S, rms_deg, hz)),
        }
    }
}
