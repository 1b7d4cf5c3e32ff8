//! What stands out beside the repetitions, in a session that leads somebody: what is told of it, and what becomes of the
//! set, the walk or the test. On simulated legs with ordinary sensors; and that nothing is told where nothing happens.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::collections::BTreeMap;
use talus_coach::ladder::Rung;
use talus_coach::load::{Kit, outermost};
use talus_coach::plan::{Known, KnownLeg, TestAsked};
use talus_coach::progression::{Action, Exposure, SetDone};
use talus_coach::walk::{Part, WalkPlan};
use talus_coach::{
    Answer, Body, Catalogue, Event, Input, Outputs, Pace, Prescription, Session, SessionPlan, Stage, Tap, Worn,
};
use talus_motion::orient::Quat;
use talus_motion::{
    BlockFlags, BlockTime, Counts, CuffId, Detector, GRAVITY_MPS2, LinkState, Micros, Reason, Sample, SampleBlock,
    Side, StreamConfig, Sway, Tempo, Timing,
};
use talus_sim::leg::upright::Upright;
use talus_sim::{Act, Chance, Leg, Motion, RepShape, SensorErrors};

const RATE_HZ: f64 = 100.0;
const BLOCK: usize = 10;
const ACC: f64 = GRAVITY_MPS2 / 2048.0;
const GYR: f64 = core::f64::consts::PI / 180.0 / 16.4;
const SIDES: [Side; 2] = [Side::Left, Side::Right];
const TEMPO: Tempo = Tempo { lift_s: 1.5, hold_s: 1.0, lower_s: 2.0, rest_s: 1.0 };

/// A leg that exercises, or one that stands and walks.
enum Limb {
    Exercises(Box<Leg>),
    Stands(Box<Upright>),
}

impl Limb {
    fn sample(&mut self, at_s: f64) -> Sample {
        match self {
            Self::Exercises(leg) => leg.sample(at_s).unwrap(),
            Self::Stands(leg) => leg.sample(at_s),
        }
    }
}

/// Two legs with a cuff each, and the session they are led through.
struct Room {
    session: Session,
    out: Outputs,
    t: f64,
    index: u64,
    limbs: [Limb; 2],
    errors: [SensorErrors; 2],
    chance: Chance,
    /// How a cuff was turned on its leg.
    turned: [Option<Quat>; 2],
}

fn cuff(side: Side) -> CuffId {
    CuffId([1 + side as u8; 16])
}

fn config(side: Side) -> StreamConfig {
    StreamConfig {
        cuff: cuff(side),
        stream: 0,
        rate_hz: RATE_HZ,
        acc_mps2_per_count: ACC,
        gyr_radps_per_count: GYR,
        acc_range_mps2: 16.0 * GRAVITY_MPS2,
        gyr_range_radps: 2000.0 * core::f64::consts::PI / 180.0,
        timing: Timing::Device,
        driver: "sim".to_owned(),
        firmware: String::new(),
    }
}

fn asked(exercise: &str, side: Side, sets: u8, reps: Option<u32>, mass_g: u32) -> Prescription {
    Prescription {
        exercise: exercise.to_owned(),
        side,
        mass_g,
        sets,
        reps,
        rest_s: 20,
        own_range_deg: None,
        why: String::new(),
    }
}

/// Somebody who has done all of it before, without a worry.
fn plan(blocks: Vec<Prescription>, walk: Option<WalkPlan>, tests: Vec<TestAsked>) -> SessionPlan {
    let catalogue = Catalogue::embedded().unwrap();
    let (body, kit) = (Body::new(170.0, 70.0).unwrap(), Kit::new(500, 250, 5000).unwrap());
    let done = SetDone {
        count: 12,
        reserve: Some(3),
        pain: Some(0),
        form: Some(95),
        range_share: Some(1.0),
        rate_deg_per_s: None,
        measured: true,
    };
    let leg = |block: &Prescription| KnownLeg {
        exercise: block.exercise.clone(),
        side: block.side,
        ceiling: outermost(catalogue.exercise(&block.exercise).unwrap(), &body, false, &kit, catalogue.rules()),
        action: Action::Hold,
        reserve: 3,
        range_deg: None,
        own: vec![Exposure {
            day: 8,
            mass_g: block.mass_g,
            sets: vec![done; 2],
            morning_rise: None,
            checked_in: false,
            lighter: false,
            rough: false,
        }],
    };
    let known = Known {
        today: 10,
        body,
        care: false,
        kit,
        week: 0,
        legs: blocks.iter().map(leg).collect(),
        swaps: Vec::new(),
        walk,
        part: None,
        invented: false,
        tests,
        lifts: Vec::new(),
    };
    SessionPlan {
        blocks,
        worn: SIDES.map(|side| Worn { cuff: cuff(side), side, mass_g: 0 }).to_vec(),
        pace: Pace::Guided,
        language: "en".to_owned(),
        known: Some(Box::new(known)),
    }
}

fn seated(side: Side, seed: u64) -> Limb {
    let mut leg = Leg::new(side, seed);
    leg.act(0.0, Act::Reposition { shape: RepShape::SeatedKneeExtension });
    Limb::Exercises(Box::new(leg))
}

fn standing(side: Side, seed: u64) -> Limb {
    Limb::Stands(Box::new(Upright::new(side, seed).standing()))
}

impl Room {
    fn new(plan: SessionPlan, seed: u64, limb: fn(Side, u64) -> Limb) -> Self {
        let mut chance = Chance::new(seed).branch(3);
        let errors = [SensorErrors::drawn(&mut chance), SensorErrors::drawn(&mut chance)];
        let mut room = Self {
            session: Session::new(plan, &Catalogue::embedded().unwrap()).unwrap(),
            out: Outputs::default(),
            t: 0.0,
            index: 0,
            limbs: SIDES.map(|side| limb(side, seed)),
            errors,
            chance,
            turned: [None, None],
        };
        for side in SIDES {
            room.give(&Input::Stream(config(side)), None);
            let at = room.at();
            room.give(&Input::Link { at, cuff: cuff(side), state: LinkState::Streaming }, None);
        }
        room
    }

    fn at(&self) -> Micros {
        Micros::from_seconds(self.t)
    }

    fn give(&mut self, input: &Input, time: Option<BlockTime>) {
        self.session.step(input, time, &mut self.out);
    }

    fn tap(&mut self, tap: Tap) {
        let at = self.at();
        self.give(&Input::Tap { at, tap }, None);
    }

    fn review(&mut self) {
        for answer in [Answer::Reserve(3), Answer::Pain(0)] {
            let at = self.at();
            self.give(&Input::Answer { at, answer }, None);
        }
    }

    /// Both cuffs send for so long.
    fn goes(&mut self, seconds: f64) {
        self.until(seconds, |_| false);
    }

    /// Both cuffs send until something is so, at most for so long; whether it came to be.
    fn until(&mut self, seconds: f64, so: impl Fn(&Self) -> bool) -> bool {
        for _ in 0..(seconds * RATE_HZ / BLOCK as f64).round() as u32 {
            if so(self) {
                return true;
            }
            for side in SIDES {
                let mut counts = Counts::new();
                for i in 0..BLOCK {
                    let at_s = self.t + i as f64 / RATE_HZ;
                    let mut sample = self.limbs[side as usize].sample(at_s);
                    if let Some(q) = self.turned[side as usize] {
                        (sample.acc, sample.gyr) = (q.turn(sample.acc), q.turn(sample.gyr));
                    }
                    let felt = self.errors[side as usize].feel(&sample, RATE_HZ, &mut self.chance);
                    let round = |value: f64, scale: f64| (value / scale).round() as i16;
                    let ([ax, ay, az], [gx, gy, gz]) = (felt.acc, felt.gyr);
                    counts.push([
                        round(ax, ACC),
                        round(ay, ACC),
                        round(az, ACC),
                        round(gx, GYR),
                        round(gy, GYR),
                        round(gz, GYR),
                    ]);
                }
                let first_us = (self.t * 1e6).round();
                let block = SampleBlock {
                    cuff: cuff(side),
                    stream: 0,
                    first_index: self.index,
                    device_us: None,
                    arrival_us: first_us as i64,
                    flags: BlockFlags::default(),
                    counts,
                };
                self.give(&Input::Samples(block), Some(BlockTime { first_us, period_us: 1e6 / RATE_HZ, fit_ok: true }));
            }
            self.index += BLOCK as u64;
            self.t += BLOCK as f64 / RATE_HZ;
            let at = self.at();
            self.give(&Input::Tick { at }, None);
        }
        so(self)
    }

    /// A leg does something from now on.
    fn act(&mut self, side: Side, act: Act) {
        let t = self.t;
        if let Limb::Exercises(leg) = &mut self.limbs[side as usize] {
            leg.act(t, act);
        }
    }

    /// Both legs stand or walk from now on.
    fn both(&mut self, act: impl Fn(&mut Upright)) {
        for limb in &mut self.limbs {
            if let Limb::Stands(leg) = limb {
                let waits_s = self.t - leg.end_s();
                if waits_s > 0.0 {
                    leg.stay(waits_s);
                }
                act(leg);
            }
        }
    }

    fn reps(&mut self, side: Side, shape: RepShape, n: u32, range_deg: f64) {
        self.act(side, Act::Reps { shape, n, range_deg, tempo: TEMPO, variability: 0.05 });
    }

    /// The cuff of a leg that stands tilts by so many degrees, about an axis across the shank.
    fn tilt(&mut self, side: Side, deg: f64) {
        let t = self.t;
        let [x, y, z] = self.limbs[side as usize].sample(t).acc;
        // Across: no part of it is along the way up.
        let across = if x.abs() < y.abs() { [0.0, z, -y] } else { [z, 0.0, -x] };
        let length = across.iter().map(|v| v * v).sum::<f64>().sqrt();
        self.turned[side as usize] = Some(Quat::of_rate(across.map(|v| v / length * deg.to_radians()), 1.0));
    }

    fn noticed(&self) -> Vec<(Detector, Side)> {
        let noticed = self.out.events.iter().filter_map(|event| match event {
            Event::Noticed { side, finding, .. } => Some((finding.detector, *side)),
            _ => None,
        });
        noticed.collect()
    }

    fn told(&self, key: &str) -> usize {
        self.out.events.iter().filter(|event| matches!(event, Event::Cue(cue) if cue.key == key)).count()
    }

    fn stage(&self) -> Stage {
        self.session.frame().stage
    }

    fn ended(&self) -> Vec<(u32, bool, bool)> {
        let ended = self.out.events.iter().filter_map(|event| match event {
            Event::SetEnded { result, .. } => {
                Some((result.count, result.counts_for_progress, result.quality.has(Reason::Slip)))
            }
            _ => None,
        });
        ended.collect()
    }
}

#[test]
fn the_wrong_leg_is_told_once_and_asked_about_before_its_next_set_while_the_set_goes_on() {
    for seed in 1..=6 {
        for wrong in [true, false] {
            let blocks = vec![asked("knee_ext_seated", Side::Left, 2, Some(3), 1500)];
            let mut room = Room::new(plan(blocks, None, Vec::new()), seed, seated);
            room.goes(2.0);
            room.tap(Tap::Confirm);
            room.goes(4.0);
            assert_eq!(room.stage(), Stage::Set);
            if wrong {
                room.reps(Side::Right, RepShape::SeatedKneeExtension, 2, 70.0);
                room.goes(14.0);
                assert_eq!(room.noticed(), [(Detector::WrongSide, Side::Right)], "{seed}");
                assert_eq!((room.session.frame().count, room.stage()), (0, Stage::Set));
            }
            room.reps(Side::Left, RepShape::SeatedKneeExtension, 4, 70.0);
            assert!(room.until(30.0, |room| room.stage() == Stage::Review), "{seed}");
            assert_eq!(room.told("wrong_side"), usize::from(wrong), "{seed}");
            // What the right leg of the two did then is as good as ever.
            assert_eq!(room.ended(), [(3, true, false)]);
            room.review();
            room.goes(4.0);
            room.tap(Tap::Confirm);
            assert_eq!(room.stage(), if wrong { Stage::Preflight } else { Stage::GetReady });
            assert_eq!(room.noticed().len(), usize::from(wrong), "{seed}: {:?}", room.noticed());
        }
    }
}

/// A walk that begins without a weight, goes on with one, and ends without.
fn walk(seed: u64) -> Room {
    let blocks = SIDES.map(|side| asked("walk", side, 1, None, 0)).to_vec();
    let walk = WalkPlan {
        mass_g: 500,
        before_s: 75,
        intervals: 1,
        loaded_s: 120,
        easy_s: 0,
        after_s: 30,
        wear_most_s: 1800,
        skin: false,
        baseline: None,
    };
    let mut room = Room::new(plan(blocks, Some(walk), Vec::new()), seed, standing);
    room.goes(2.0);
    room.tap(Tap::Confirm);
    room.goes(3.5);
    assert_eq!(room.stage(), Stage::Walk);
    room
}

fn part(room: &Room) -> Option<Part> {
    room.session.frame().part
}

/// Walks until the weight is on.
fn loaded(seed: u64) -> Room {
    let mut room = walk(seed);
    room.both(|leg| leg.walk(74.0, 108.0, &[]));
    assert!(room.until(90.0, |room| part(room) == Some(Part::PutOn)), "{seed}: {:?}", room.noticed());
    assert_eq!(room.noticed(), [], "{seed}: a walk without anything");
    room.goes(4.0);
    room.tap(Tap::Confirm);
    assert_eq!(part(&room), Some(Part::Loaded(1)));
    room
}

#[test]
fn a_caught_foot_takes_the_weight_off_and_lets_a_walk_without_one_wait() {
    let mut waited = 0;
    for seed in 11..=14 {
        let mut room = loaded(seed);
        room.both(|leg| {
            leg.walk(12.0, 104.0, &[]);
            leg.stumble(20.0, 100.0, &[7]);
            leg.stay(5.0);
        });
        let off = room.until(45.0, |room| part(room) == Some(Part::TakeOff));
        assert!(off && room.told("cuffs_off") == 1, "{seed}: {:?}", room.noticed());
        assert!(room.noticed().iter().all(|(detector, _)| *detector == Detector::Trip), "{:?}", room.noticed());

        let mut room = walk(seed);
        room.both(|leg| {
            leg.walk(12.0, 104.0, &[]);
            leg.stumble(20.0, 100.0, &[7]);
            leg.stay(5.0);
        });
        if room.until(40.0, |room| room.stage() == Stage::Paused) {
            waited += 1;
            assert_eq!(room.told("stumbled"), 1);
            let left = room.session.frame().left_s;
            room.goes(5.0);
            assert_eq!(room.session.frame().left_s, left, "the clock of the walk waits as well");
            room.tap(Tap::GoOn);
            assert_eq!((room.stage(), part(&room)), (Stage::Walk, Some(Part::Before)));
        } else {
            // Not sure enough to stop anybody who carries nothing; known all the same.
            assert!(room.noticed().iter().any(|(detector, _)| *detector == Detector::Trip), "{seed}");
        }
    }
    assert!(waited >= 2, "{waited} of 4 walks waited");
}

#[test]
fn whoever_runs_with_a_weight_is_told_to_take_it_off() {
    for seed in 21..=23 {
        let mut room = loaded(seed);
        room.both(|leg| {
            leg.walk(10.0, 108.0, &[]);
            leg.run(12.0, 165.0);
            leg.stay(5.0);
        });
        assert!(room.until(40.0, |room| part(room) == Some(Part::TakeOff)), "{seed}");
        assert_eq!(room.told("not_running"), 1, "{seed}");
        room.goes(8.0);
        assert!(room.noticed().iter().any(|(detector, _)| *detector == Detector::Running), "{:?}", room.noticed());
    }
}

/// A walk without a weight that is over, and then whatever follows in the session.
fn after_a_walk(blocks: Vec<Prescription>, seed: u64) -> Room {
    let walk = WalkPlan {
        mass_g: 0,
        before_s: 30,
        intervals: 0,
        loaded_s: 0,
        easy_s: 0,
        after_s: 10,
        wear_most_s: 1800,
        skin: false,
        baseline: None,
    };
    let mut all = SIDES.map(|side| asked("walk", side, 1, None, 0)).to_vec();
    all.extend(blocks);
    let mut room = Room::new(plan(all, Some(walk), Vec::new()), seed, |side, seed| {
        let mut leg = Leg::new(side, seed);
        leg.act(0.0, Act::Reposition { shape: RepShape::StandingMarch });
        Limb::Exercises(Box::new(leg))
    });
    room.goes(2.0);
    room.tap(Tap::Confirm);
    // Stands for a moment before the first step: that is how it is learned how a cuff sits.
    room.goes(6.0);
    for side in SIDES {
        room.act(side, Act::Walk { s: 38.0, cadence_per_min: 105.0 });
    }
    assert!(room.until(50.0, |room| room.stage() == Stage::Review), "{seed}");
    room.review();
    assert_eq!(room.noticed(), [], "{seed}");
    room
}

#[test]
fn a_cuff_that_slipped_lets_the_set_wait_until_it_sits_again() {
    for seed in 31..=36 {
        for slips in [true, false] {
            let mut room = after_a_walk(vec![asked("stand_flex", Side::Left, 2, Some(3), 0)], seed);
            if slips {
                room.tilt(Side::Left, 20.0);
            }
            for side in SIDES {
                room.act(side, Act::Reposition { shape: RepShape::StandingHipFlexion });
            }
            room.goes(4.0);
            room.tap(Tap::Confirm);
            let waits = room.until(5.0, |room| room.stage() == Stage::Paused);
            assert_eq!((waits, room.told("cuff_moved")), (slips, usize::from(slips)), "{seed}: {:?}", room.noticed());
            if slips {
                assert_eq!(room.noticed(), [(Detector::CuffSlip, Side::Left)]);
                // Longer in somebody's hands than the first look takes.
                room.goes(5.0);
                assert_eq!(room.told("cuff_sits"), 0, "{seed}");
                room.turned[0] = None;
                assert!(room.until(12.0, |room| room.told("cuff_sits") == 1), "{seed}");
                room.tap(Tap::GoOn);
            }
            room.goes(4.0);
            assert_eq!(room.stage(), Stage::Set);
            room.reps(Side::Left, RepShape::StandingHipFlexion, 4, 40.0);
            assert!(room.until(30.0, |room| room.stage() == Stage::Review), "{seed}");
            assert_eq!(room.noticed().len(), usize::from(slips), "{seed}: {:?}", room.noticed());
        }
    }
}

#[test]
fn a_cuff_that_went_round_the_leg_on_a_walk_is_not_told_to_sit_by_standing_still() {
    for seed in 71..=74 {
        let mut room = after_a_walk(SIDES.map(|side| asked("walk", side, 1, None, 0)).to_vec(), seed);
        let up = {
            let t = room.t;
            room.limbs[0].sample(t).acc
        };
        let length = up.iter().map(|v| v * v).sum::<f64>().sqrt();
        room.turned[0] = Some(Quat::of_rate(up.map(|v| v / length * 40f64.to_radians()), 1.0));
        room.goes(2.0);
        room.tap(Tap::Confirm);
        room.goes(5.0);
        for side in SIDES {
            room.act(side, Act::Walk { s: 38.0, cadence_per_min: 105.0 });
        }
        assert!(room.until(45.0, |room| room.stage() == Stage::Paused), "{seed}: {:?}", room.noticed());
        assert_eq!((room.noticed(), room.told("cuff_moved")), (vec![(Detector::CuffSlip, Side::Left)], 1), "{seed}");
        // Stands still for as long as any look takes.
        room.goes(30.0);
        assert_eq!(room.told("cuff_sits"), 0, "{seed}");
        room.tap(Tap::GoOn);
        assert_eq!(room.stage(), Stage::Walk, "{seed}");
    }
}

#[test]
fn another_exercise_is_asked_about_shown_again_and_says_nothing_of_the_one_that_was_asked_for() {
    for seed in 41..=46 {
        for (shape, range_deg, another) in
            [(RepShape::StandingAbduction, 28.0, true), (RepShape::StandingHipFlexion, 40.0, false)]
        {
            let mut room = after_a_walk(vec![asked("stand_flex", Side::Left, 2, Some(5), 0)], seed);
            for side in SIDES {
                room.act(side, Act::Reposition { shape });
            }
            room.goes(4.0);
            room.tap(Tap::Confirm);
            room.goes(4.0);
            assert_eq!(room.stage(), Stage::Set, "{seed}");
            room.reps(Side::Left, shape, 6, range_deg);
            assert!(room.until(50.0, |room| room.stage() == Stage::Review), "{seed}: {}", room.session.frame().count);
            let expected: &[(Detector, Side)] = if another { &[(Detector::WrongExercise, Side::Left)] } else { &[] };
            assert_eq!(room.noticed(), expected, "{seed}");
            assert_eq!(room.told("wrong_exercise"), usize::from(another));
            assert_eq!(room.ended().last().unwrap().1, !another, "{seed}: it says nothing of the exercise");
            room.review();
            room.goes(2.0);
            room.tap(Tap::Confirm);
            assert_eq!(room.stage(), if another { Stage::Instruct } else { Stage::GetReady });
        }
    }
}

fn test(protocol: &str, rung: Rung, usually: BTreeMap<Rung, Sway>) -> Vec<TestAsked> {
    vec![TestAsked { protocol: protocol.to_owned(), side: Side::Right, rung, hold_on: false, usually }]
}

/// The first try of a test has begun.
fn trying(tests: Vec<TestAsked>, seed: u64) -> Room {
    let mut room = Room::new(plan(Vec::new(), None, tests), seed, standing);
    room.goes(8.0);
    room.tap(Tap::Confirm);
    assert_eq!(room.stage(), Stage::Instruct);
    room.goes(14.0);
    room.tap(Tap::Confirm);
    assert!(room.until(30.0, |room| room.stage() == Stage::Set), "{seed}");
    room
}

#[test]
fn a_foot_that_taps_the_ground_ends_the_stand_when_it_did() {
    let mut taps = 0;
    for seed in 51..=58 {
        let mut room = trying(test("balance_sls", Rung::OneLeg, BTreeMap::new()), seed);
        room.both(|leg| {
            leg.sway(1.5, 0.4, 0.5);
            leg.lift_foot_and_tap(9.0, 35.0);
            leg.sway(3.0, 0.4, 0.5);
        });
        assert!(room.until(40.0, |room| room.stage() == Stage::Rest), "{seed}");
        room.tap(Tap::Stop);
        let tested = room.session.summary().unwrap().tested.clone();
        taps += u32::from(room.told("touch_down") > 0 && room.noticed().len() == 1 && tested.is_empty());
    }
    assert!(taps >= 7, "{taps} of 8");
}

#[test]
fn a_rung_that_was_held_with_more_sway_than_usual_is_no_step_up() {
    let usual =
        Sway { seconds: 9.0, wobble_deg: 0.3, width_deg: 1.0, speed_deg_per_s: 0.9, area_deg2: 0.4, frequency_hz: 0.5 };
    for (seed, rms_deg, wobbles) in [(61, 0.3, false), (62, 1.6, true), (63, 0.3, false), (64, 1.6, true)] {
        let mut room = trying(test("balance_progress", Rung::Narrow, BTreeMap::from([(Rung::Narrow, usual)])), seed);
        for tried in 1..=2 {
            room.both(|leg| leg.sway(14.0, rms_deg, 0.5));
            assert!(room.until(14.0, |room| room.stage() != Stage::Set), "{seed}");
            if tried == 1 {
                room.goes(1.0);
                room.tap(Tap::Confirm);
                room.goes(14.0);
                room.tap(Tap::Confirm);
                assert!(room.until(30.0, |room| room.stage() == Stage::Set), "{seed}");
            }
        }
        assert_eq!(room.told("wobbled") > 0, wobbles, "{seed}: {:?}", room.noticed());
        let tested = room.session.summary().unwrap().tested.clone();
        let catalogue = Catalogue::embedded().unwrap();
        let value = catalogue.protocol("balance_progress").unwrap().value_of(&tested[0]);
        assert_eq!(value, Some(if wobbles { 1.0 } else { 2.0 }), "{seed}: {:?}", tested[0].tries);
    }
}
