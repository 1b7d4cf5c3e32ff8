//! A hundred people through whole sessions, sample by sample, on simulated legs: honest, over-eager, in pain, tired,
//! forgetful, and with a cuff that lies. Nobody carries more than was prescribed, pain is obeyed, every session ends, and
//! a replay says the same.
//!
//! The people are invented, and say nothing about anybody.
#![allow(clippy::unwrap_used, clippy::cast_possible_wrap)] // helpers of tests are tests

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use talus_coach::load::Kit;
use talus_coach::plan::Known;
use talus_coach::progression::{Action, Exposure, Looked, SetDone};
use talus_coach::screening::Stance;
use talus_coach::{
    Answer, Answers, Body, Catalogue, Circumstances, Event, Input, Level, Outputs, Pace, Past, Person, Question,
    Record, Refused, Reply, Screening, Session, SessionPlan, SetResult, Stage, Tap, Texts, Today, Worn,
};
use talus_motion::{
    BlockFlags, BlockTime, Counts, CuffId, GRAVITY_MPS2, LinkState, Micros, Phase, SampleBlock, Side, StreamConfig,
    Tempo, Timing,
};
use talus_sim::{Act, Chance, Leg, Motion as _, RepShape};

/// All of them in `./test long`, a tenth of them where everything is run by a machine, otherwise two of each kind.
const PEOPLE: u64 = 100;
const RATE_HZ: f64 = 50.0;
const ACC: f64 = GRAVITY_MPS2 / 2048.0;
const GYR: f64 = core::f64::consts::PI / 180.0 / 16.4;
/// Samples of a block, and how often a person looks: ten times a second.
const BLOCK: usize = 5;
const KNEE: &str = "knee_ext_seated";
/// No session of one exercise on two legs takes longer, seconds, however it is dawdled through.
const LONGEST_S: f64 = 5400.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Honest,
    OverEager,
    InPain,
    Tired,
    Forgetful,
    LyingCuff,
}

const KINDS: [Kind; 6] = [Kind::Honest, Kind::OverEager, Kind::InPain, Kind::Tired, Kind::Forgetful, Kind::LyingCuff];

fn how_many() -> u64 {
    match std::env::var("TALUS_HEAVY").as_deref() {
        Ok("all") => PEOPLE,
        Ok("tenth") => PEOPLE / 10,
        _ => 12,
    }
}

fn cuff(side: Side) -> CuffId {
    if side == Side::Left { CuffId([1; 16]) } else { CuffId([2; 16]) }
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

fn before(mass_g: u32, count: u32, days: &[i64]) -> Vec<Exposure> {
    let set = SetDone {
        count,
        reserve: Some(3),
        pain: Some(0),
        form: Some(95),
        range_share: Some(1.0),
        rate_deg_per_s: None,
        measured: true,
    };
    let one = |day: &i64| Exposure {
        day: *day,
        mass_g,
        sets: vec![set; 2],
        morning_rise: None,
        checked_in: false,
        lighter: false,
        rough: false,
    };
    days.iter().map(one).collect()
}

struct Somebody {
    person: Person,
    screening: Screening,
    kit: Kit,
    history: Vec<Exposure>,
}

impl Somebody {
    fn new(chance: &mut Chance, catalogue: &Catalogue) -> Self {
        let body = Body::new(chance.between(150.0, 195.0), chance.between(50.0, 110.0)).unwrap();
        let person = Person::new(chance.between(20.0, 85.0) as u16, body, Level::Beginner).unwrap();
        let reply = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
        let answers =
            Answers { replies: Question::ALL.into_iter().map(|q| (q, reply(q))).collect(), ..Answers::default() };
        let screening = Screening::new(&person, &answers, Stance::default(), catalogue.rules()).unwrap();
        let history = match (chance.share() * 5.0) as u32 {
            0 => Vec::new(),
            1 => before(0, 12, &[5, 7]),
            2 => before(1000, 15, &[7]),
            3 => before(1000, 15, &[5, 7]),
            _ => before(2000, 11, &[4, 6]),
        };
        Self { person, screening, kit: Kit::new(500, 250, 5000).unwrap(), history }
    }

    fn circumstances<'a>(&'a self, catalogue: &'a Catalogue, today: i64) -> Circumstances<'a> {
        Circumstances {
            person: &self.person,
            screening: &self.screening,
            plan: None,
            kit: &self.kit,
            rules: catalogue.rules(),
            today,
            morning: Today::default(),
            lifts: &[],
            at_min: 0,
            week: 0,
        }
    }

    fn plan(&self, catalogue: &Catalogue) -> SessionPlan {
        let texts = Texts::of("en");
        let (mut blocks, mut legs) = (Vec::new(), Vec::new());
        for side in [Side::Left, Side::Right] {
            let past = Past { own: &self.history, other: Some(&self.history), own_range_deg: Some(72.0) };
            let exercise = catalogue.exercise(KNEE).unwrap();
            let prescribed = self.circumstances(catalogue, 10).prescribe(exercise, side, past, &texts).unwrap();
            blocks.push(prescribed.prescription);
            legs.push(prescribed.known);
        }
        let known = Known {
            today: 10,
            body: *self.person.body(),
            care: self.screening.care(),
            kit: self.kit,
            week: 0,
            legs,
            swaps: Vec::new(),
            walk: None,
            part: None,
            invented: false,
            tests: Vec::new(),
            lifts: Vec::new(),
        };
        let worn = [Side::Left, Side::Right].map(|side| Worn { cuff: cuff(side), side, mass_g: 500 });
        SessionPlan {
            blocks,
            worn: worn.to_vec(),
            pace: Pace::Guided,
            language: "en".to_owned(),
            known: Some(Box::new(known)),
        }
    }
}

/// Somebody in a session: two legs, and what they press.
struct Desk {
    kind: Kind,
    chance: Chance,
    session: Session,
    legs: [Leg; 2],
    index: [u64; 2],
    tick: u64,
    out: Outputs,
    inputs: Vec<(Input, Option<BlockTime>)>,
    stage: (Stage, f64),
    /// Repetitions moved in this set.
    moved: u32,
    /// The cuff is gone until then.
    gone_until: Option<f64>,
    /// What it sends is one value over and over.
    stuck: bool,
    answered: bool,
}

impl Desk {
    fn new(kind: Kind, seed: u64, plan: SessionPlan, catalogue: &Catalogue) -> Self {
        let leg = |side| {
            let mut leg = Leg::new(side, seed);
            leg.act(0.0, Act::Reposition { shape: RepShape::SeatedKneeExtension });
            leg
        };
        Self {
            kind,
            chance: Chance::new(seed).branch(3),
            session: Session::new(plan, catalogue).unwrap(),
            legs: [leg(Side::Left), leg(Side::Right)],
            index: [0; 2],
            tick: 0,
            out: Outputs::default(),
            inputs: Vec::new(),
            stage: (Stage::Preflight, 0.0),
            moved: 0,
            gone_until: None,
            stuck: false,
            answered: false,
        }
    }

    fn now_s(&self) -> f64 {
        self.tick as f64 / RATE_HZ
    }

    fn give(&mut self, input: Input, time: Option<BlockTime>) {
        self.session.step(&input, time, &mut self.out);
        self.inputs.push((input, time));
    }

    fn tap(&mut self, tap: Tap) {
        self.give(Input::Tap { at: Micros::from_seconds(self.now_s()), tap }, None);
    }

    fn answer(&mut self, answer: Answer) {
        self.give(Input::Answer { at: Micros::from_seconds(self.now_s()), answer }, None);
    }

    fn link(&mut self, side: Side, state: LinkState) {
        if state == LinkState::Streaming {
            self.index[side as usize] = 0;
            self.give(Input::Stream(config(side)), None);
        }
        self.give(Input::Link { at: Micros::from_seconds(self.now_s()), cuff: cuff(side), state }, None);
    }

    /// A tenth of a second of both cuffs.
    fn samples(&mut self) {
        let first_s = self.now_s();
        for side in [Side::Left, Side::Right] {
            let k = side as usize;
            let mut counts = Counts::new();
            for i in 0..BLOCK {
                let felt = self.legs[k].sample(first_s + i as f64 / RATE_HZ).unwrap();
                let round = |value: f64, scale: f64| (value / scale).round().clamp(-32768.0, 32767.0) as i16;
                let [ax, ay, az] = felt.acc.map(|value| round(value, ACC));
                let [gx, gy, gz] = felt.gyr.map(|value| round(value, GYR));
                counts.push(if self.stuck { [7; 6] } else { [ax, ay, az, gx, gy, gz] });
            }
            let gone = side == Side::Left && self.gone_until.is_some();
            if !gone {
                let time = BlockTime { first_us: (first_s * 1e6).round(), period_us: 1e6 / RATE_HZ, fit_ok: true };
                let block = SampleBlock {
                    cuff: cuff(side),
                    stream: 0,
                    first_index: self.index[k],
                    device_us: None,
                    arrival_us: (first_s * 1e6) as i64,
                    flags: BlockFlags::default(),
                    counts,
                };
                self.give(Input::Samples(block), Some(time));
            }
            self.index[k] += BLOCK as u64;
        }
        self.tick += BLOCK as u64;
        self.give(Input::Tick { at: Micros::from_seconds(self.now_s()) }, None);
    }

    /// What this kind of person does now.
    fn live(&mut self) {
        let frame = self.session.frame().clone();
        let now = self.now_s();
        if self.stage.0 != frame.stage {
            if frame.stage == Stage::GetReady {
                self.moved = 0;
            }
            self.stage = (frame.stage, now);
            self.answered = false;
        }
        let waited = now - self.stage.1;
        let slow = if self.kind == Kind::Forgetful { 25.0 } else { 1.0 };
        if self.kind == Kind::LyingCuff {
            self.lie(now);
        }
        match frame.stage {
            Stage::Preflight | Stage::Instruct if waited > slow => {
                if self.kind == Kind::OverEager {
                    (0..8).for_each(|_| self.tap(Tap::Heavier));
                }
                self.tap(Tap::Confirm);
            }
            Stage::GetReady if self.kind == Kind::Forgetful && self.chance.happens(0.01) => self.tap(Tap::Pause),
            // Nobody waits for a cuff for ever.
            Stage::GetReady | Stage::Preflight if waited > 60.0 => self.tap(Tap::TimerOnly),
            Stage::Paused if waited > 2.0 * slow => {
                self.tap(if self.gone_until.is_some() { Tap::TimerOnly } else { Tap::GoOn });
            }
            Stage::Set => self.in_set(&frame, now, waited),
            Stage::Review if waited > 1.0 && !self.answered => {
                self.answered = true;
                self.look_back();
            }
            Stage::Rest if self.kind == Kind::OverEager || waited > 3.0 => {
                if self.kind == Kind::OverEager {
                    (0..8).for_each(|_| self.tap(Tap::Heavier));
                    self.tap(Tap::Undo);
                }
                self.tap(Tap::Confirm);
            }
            _ => {}
        }
    }

    fn lie(&mut self, now: f64) {
        match self.gone_until {
            Some(until) if now > until => {
                self.gone_until = None;
                self.link(Side::Left, LinkState::Streaming);
            }
            None if self.chance.happens(0.002) => {
                self.gone_until = Some(now + self.chance.between(2.0, 60.0));
                self.link(Side::Left, LinkState::Lost);
            }
            _ => {}
        }
        if self.chance.happens(0.003) {
            self.stuck = !self.stuck;
        }
    }

    fn in_set(&mut self, frame: &talus_coach::Frame, now: f64, waited: f64) {
        let Some(side) = frame.side else { return };
        let target = frame.target.unwrap_or(10);
        let leg = &mut self.legs[side as usize];
        if waited < 1.0 || now < leg.end_s() + 0.3 || frame.phase != Phase::Rest && self.gone_until.is_none() {
            return;
        }
        // Who has done it and is not believed ends the set.
        if self.moved > target + 3 || self.kind == Kind::Forgetful && self.chance.happens(0.03) {
            return self.tap(Tap::EndSet);
        }
        let tired = if self.kind == Kind::Tired { (0..self.moved).fold(1.0, |share, _| 0.96 * share) } else { 1.0 };
        let tempo = Tempo { lift_s: 1.8 / tired, hold_s: 0.9, lower_s: 2.6, rest_s: 0.6 };
        let shape = RepShape::SeatedKneeExtension;
        leg.act(now, Act::Reps { shape, n: 1, range_deg: 74.0 * tired, tempo, variability: 0.04 });
        self.moved += 1;
        if self.kind == Kind::InPain && self.chance.happens(0.04) {
            let pain = self.chance.between(0.0, 8.0) as u8;
            self.answer(Answer::Pain(pain));
        }
    }

    fn look_back(&mut self) {
        let (reserve, pain) = match self.kind {
            Kind::Forgetful if self.chance.happens(0.5) => return,
            Kind::OverEager => (5, 0),
            Kind::InPain => (2, self.chance.between(0.0, 7.0) as u8),
            Kind::Tired => (0, 1),
            _ => (3, self.chance.between(0.0, 2.5) as u8),
        };
        self.answer(Answer::Reserve(reserve));
        self.answer(Answer::Pain(pain));
    }

    fn results(&self) -> Vec<SetResult> {
        let mut last: Vec<(u32, SetResult)> = Vec::new();
        for record in &self.out.records {
            if let Record::SetEnded { set_index, result } = record {
                match last.iter_mut().find(|(index, old)| index == set_index && old.side == result.side) {
                    Some((_, old)) => old.clone_from(result),
                    None => last.push((*set_index, result.clone())),
                }
            }
        }
        last.into_iter().map(|(_, result)| result).collect()
    }
}

#[derive(Debug, Default)]
struct Tally {
    people: u32,
    sets: u32,
    reps: u32,
    measured: u32,
    heavier_next: u32,
    minutes: f64,
}

/// What was done is in keeping with what was prescribed and with what hurt.
fn check_sets(who: &str, plan: &SessionPlan, sets: &[SetResult], tally: &mut Tally) {
    let mut last: BTreeMap<Side, (u32, Option<u8>)> = BTreeMap::new();
    let mut stopped = false;
    for set in sets {
        let leg = plan.known.as_ref().unwrap().leg(&set.exercise, set.side).unwrap();
        let asked = plan.blocks.iter().find(|block| block.side == set.side).unwrap();
        let most = if leg.action == Action::FindLoad { leg.ceiling.mass_g } else { asked.mass_g };
        assert!(set.mass_g <= most, "{who}: {} g of {most} g", set.mass_g);
        if let Some((mass_g, Some(3..))) = last.get(&set.side) {
            assert!(set.mass_g <= *mass_g, "{who}: heavier after pain");
        }
        assert!(!stopped, "{who}: the exercise went on after pain that stops");
        stopped = set.pain.is_some_and(|pain| pain >= 5);
        last.insert(set.side, (set.mass_g, set.pain));
        tally.sets += 1;
        tally.reps += set.count;
        tally.measured += u32::from(set.counts_for_progress);
    }
}

/// What comes next is no rise that was not earned.
fn check_next(who: &str, of: &Somebody, plan: &SessionPlan, sets: &[SetResult], catalogue: &Catalogue) -> u32 {
    let rules = catalogue.rules();
    let exercise = catalogue.exercise(KNEE).unwrap();
    let mut heavier = 0;
    for side in [Side::Left, Side::Right] {
        let done: Vec<&SetResult> = sets.iter().filter(|set| set.side == side).collect();
        let leg = plan.known.as_ref().unwrap().leg(KNEE, side).unwrap();
        let looked = (leg.action == Action::FindLoad).then_some(Looked { ceiling: &leg.ceiling, rules });
        let Some(now) = Exposure::of(10, &done, exercise, Some(72.0), looked) else { continue };
        let own: Vec<Exposure> = of.history.iter().cloned().chain([now.clone()]).collect();
        let past = Past { own: &own, other: None, own_range_deg: Some(72.0) };
        match of.circumstances(catalogue, 12).prescribe(exercise, side, past, &Texts::of("en")) {
            Ok(next) => {
                assert!(next.prescription.mass_g <= next.ceiling.mass_g, "{who}");
                if next.prescription.mass_g > now.mass_g {
                    heavier += 1;
                    assert_eq!(next.step.action, Action::Up, "{who}: {next:?}");
                    assert!(now.measured() && now.pain().is_some_and(|pain| pain <= 2), "{who}: {now:?}");
                    assert!(now.form().is_some_and(|form| form >= 80), "{who}: {now:?}");
                }
            }
            // The check-in is the way on.
            Err(refused) => assert!(matches!(refused, Refused::CheckInFirst(_)), "{who}: {refused:?}"),
        }
    }
    heavier
}

#[test]
fn a_hundred_people_come_to_the_end_and_nobody_is_led_past_what_is_safe() {
    let catalogue = Catalogue::embedded().unwrap();
    let mut tallies: BTreeMap<Kind, Tally> = BTreeMap::new();
    let mut stages: BTreeSet<String> = BTreeSet::new();
    for number in 0..how_many() {
        let kind = KINDS[number as usize % KINDS.len()];
        let who = format!("{kind:?} {number}");
        let mut chance = Chance::new(number);
        let of = Somebody::new(&mut chance, &catalogue);
        let plan = of.plan(&catalogue);
        let mut desk = Desk::new(kind, number, plan.clone(), &catalogue);
        for side in [Side::Left, Side::Right] {
            desk.link(side, LinkState::Streaming);
        }
        while !desk.session.over() {
            assert!(desk.now_s() < LONGEST_S, "{who}: no end in {:?}", desk.session.frame());
            desk.samples();
            desk.live();
        }
        let tally = tallies.entry(kind).or_default();
        tally.people += 1;
        tally.minutes += desk.now_s() / 60.0;
        let sets = desk.results();
        check_sets(&who, &plan, &sets, tally);
        tally.heavier_next += check_next(&who, &of, &plan, &sets, &catalogue);
        for event in &desk.out.events {
            if let Event::StageChanged { stage, .. } = event {
                stages.insert(format!("{stage:?}"));
            }
        }
        // The same inputs say the same once more.
        if number % 5 == 0 {
            let mut again = Session::new(plan, &catalogue).unwrap();
            let mut out = Outputs::default();
            desk.inputs.iter().for_each(|(input, time)| again.step(input, *time, &mut out));
            assert!(out == desk.out, "{who}: a replay differs");
        }
    }
    let mut table = "kind people sets reps measured_sets heavier_next minutes\n".to_owned();
    for (kind, t) in &tallies {
        let Tally { people, sets, reps, measured, heavier_next, minutes } = t;
        let _ = writeln!(table, "{kind:?} {people} {sets} {reps} {measured} {heavier_next} {minutes:.0}");
    }
    println!("{table}");
    let of = |kind| &tallies[&kind];
    // Who does as asked is measured throughout; a cuff that lies is not believed.
    let share = |t: &Tally| f64::from(t.measured) / f64::from(t.sets.max(1));
    assert!(share(of(Kind::Honest)) > 0.9, "{table}");
    assert!(share(of(Kind::LyingCuff)) < share(of(Kind::Honest)), "{table}");
    assert!(of(Kind::InPain).heavier_next <= of(Kind::Honest).heavier_next, "{table}");
    assert!(how_many() < PEOPLE || of(Kind::Honest).heavier_next > 0, "{table}");
    for stage in ["Instruct", "GetReady", "Set", "Paused", "Review", "Summary"] {
        assert!(stages.contains(stage), "nobody came through {stage}");
    }
}
