//! [`Person`]: who sits in the demo. Puts the legs where they belong, moves them, presses what a person would press.

use crate::calibrate::Calibration;
use crate::live::Live;
use crate::profile::PersonRefusal;
use talus_coach::catalogue::{Exercise, Rules};
use talus_coach::load::{Kit, ceiling};
use talus_coach::plan::{Known, KnownLeg};
use talus_coach::progression::Action;
use talus_coach::screening::Stance;
use talus_coach::walk::Part;
use talus_coach::{Answer, Answers, Body, Level, Question, Reply, Screening, Stage, Tap};
use talus_motion::{LinkState, Micros, Phase, Side, Tempo};
use talus_sim::{Act, RepShape, SimTransport};

/// What the demo's session consists of.
pub(super) const EXERCISES: [&str; 3] = ["knee_ext_seated", "stand_abd", "quad_set_slr"];
/// Repetitions of each set.
pub(super) const REPS: u32 = 6;
/// Seconds of rest: enough to lie down.
pub(super) const REST_S: u32 = 20;

/// Human spread of range and tempo.
const VARIABILITY: f64 = 0.05;
/// How long a person takes before the first repetition, and before one more when the count is short, µs.
const FIRST_US: i64 = 800_000;
const MORE_US: i64 = 2_500_000;
/// How long a cuff is out of reach in the last exercise, µs.
const AWAY_US: i64 = 5_000_000;

/// Steps a minute of a virtual walk, and the share of that which is left stretch by stretch with a weight.
const CADENCE_PER_MIN: f64 = 112.0;
const TIRED: [f64; 3] = [1.0, 0.92, 0.86];
/// Length of a stretch, seconds.
const STRETCH_S: f64 = 45.0;
/// How long it takes to put a weight on or off, µs.
const HANDS_US: i64 = 3_000_000;

/// How a virtual leg does an exercise: its shape, range in degrees, and tempo.
pub(crate) fn way_of(exercise: &str) -> (RepShape, f64, Tempo) {
    let tempo = |lift_s, hold_s, lower_s| Tempo { lift_s, hold_s, lower_s, rest_s: 0.6 };
    match exercise {
        "knee_ext_seated" => (RepShape::SeatedKneeExtension, 72.0, tempo(1.9, 0.9, 2.8)),
        "quad_set_slr" => (RepShape::StraightLegRaise, 42.0, tempo(1.9, 0.9, 2.6)),
        "side_abd" => (RepShape::SideLyingAbduction, 34.0, tempo(1.9, 0.9, 2.6)),
        "prone_hip_ext" => (RepShape::ProneHipExtension, 18.0, tempo(1.7, 0.9, 2.4)),
        "knee_flex_standing" => (RepShape::StandingKneeCurl, 75.0, tempo(1.8, 0.8, 2.4)),
        "stand_ext" => (RepShape::StandingHipExtension, 20.0, tempo(1.7, 0.8, 2.2)),
        "stand_march" => (RepShape::StandingMarch, 70.0, tempo(1.4, 0.6, 1.8)),
        _ => (RepShape::StandingAbduction, 32.0, tempo(1.7, 0.8, 2.4)),
    }
}

/// What the demo says of the person who sits in it: an adult without a worry, doing this for the first time.
pub(super) struct Invented {
    person: talus_coach::Person,
    screening: Screening,
    kit: Kit,
}

impl Invented {
    pub(super) fn new(rules: &Rules) -> Result<Self, PersonRefusal> {
        let person = talus_coach::Person::new(40, Body::new(170.0, 70.0)?, Level::Trained)?;
        let reply = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
        let answers =
            Answers { replies: Question::ALL.into_iter().map(|q| (q, reply(q))).collect(), ..Answers::default() };
        let screening = Screening::new(&person, &answers, Stance::default(), rules)?;
        Ok(Self { person, screening, kit: Kit::new(500, 250, 5000)? })
    }

    pub(super) fn leg(&self, exercise: &Exercise, side: Side, rules: &Rules) -> KnownLeg {
        KnownLeg {
            exercise: exercise.id.clone(),
            side,
            ceiling: ceiling(exercise, &self.person, &self.screening, None, &self.kit, rules),
            action: Action::Hold,
            reserve: rules.find.reserve.whole() as u8,
            range_deg: None,
            own: Vec::new(),
        }
    }

    pub(super) fn known(&self, legs: Vec<KnownLeg>) -> Known {
        Known {
            today: 0,
            body: *self.person.body(),
            care: self.screening.care(),
            kit: self.kit,
            week: 0,
            legs,
            swaps: Vec::new(),
            walk: None,
            part: None,
            invented: true,
            tests: Vec::new(),
            lifts: Vec::new(),
        }
    }
}

/// A virtual person.
pub(super) struct Person {
    seed: u64,
    /// The stage and when it began; the set it belongs to.
    stage: Option<(Stage, Micros)>,
    /// Sets that began so far.
    sets: u32,
    /// Repetitions of this set that were done, counted or not.
    done: u32,
    /// Since when the leg has nothing to do.
    idle_since: Option<Micros>,
    /// Answers given in this review.
    answered: u8,
    /// The cuff went out of reach once.
    lost: bool,
    /// Somebody at the keyboard paused; only they go on.
    held: bool,
    /// The legs move for the calibration of this side.
    showing: Option<Side>,
    /// Every repetition is as it is meant, and no cuff goes away.
    steady: bool,
    /// The part of a walk, since when it lasts, and how many stretches of it were walked.
    walking: Option<(Part, Micros, usize)>,
}

impl Person {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            stage: None,
            sets: 0,
            done: 0,
            idle_since: None,
            answered: 0,
            lost: false,
            held: false,
            showing: None,
            steady: false,
            walking: None,
        }
    }

    /// A person who does every repetition as it is meant; so does whoever comes back to a session that was left: which set of
    /// it they come back to hangs on when the phone last wrote, and what they do must not.
    pub(super) fn steady(seed: u64) -> Self {
        Self { steady: true, lost: true, ..Self::new(seed) }
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Somebody at the keyboard pressed something.
    pub(super) fn pressed(&mut self, tap: Tap) {
        match tap {
            Tap::Pause => self.held = true,
            Tap::GoOn | Tap::EndSet | Tap::Stop => self.held = false,
            _ => {}
        }
    }

    /// Does what a calibration asks for.
    pub(super) fn calibrate(&mut self, calibration: &Calibration, radio: &mut SimTransport) {
        let leg = index_of(calibration.side());
        if !calibration.moving() {
            self.showing = None;
        } else if self.showing != Some(calibration.side()) && radio.idle(leg) {
            self.showing = Some(calibration.side());
            let (shape, range_deg, tempo) = way_of(super::CALIBRATED_WITH);
            radio.act(leg, Act::Reps { shape, n: 3, range_deg, tempo, variability: VARIABILITY });
        }
    }

    /// Does what the session asks for.
    pub(super) fn follow(&mut self, live: &mut Live, radio: &mut SimTransport, now: Micros) {
        let frame = live.frame();
        let stage = frame.stage;
        let began = match self.stage {
            Some((same, since)) if same == stage => since,
            _ => {
                self.stage = Some((stage, now));
                self.answered = 0;
                self.idle_since = None;
                if stage == Stage::GetReady {
                    (self.done, self.sets) = (0, self.sets + 1);
                }
                if matches!(stage, Stage::Preflight | Stage::Instruct | Stage::Rest | Stage::Paused) {
                    // The picture of a rest is about what comes next.
                    let (shape, ..) = way_of(&frame.exercise);
                    for leg in 0..radio.len() {
                        radio.act(leg, Act::Reposition { shape });
                    }
                }
                now
            }
        };
        let waited_us = now.since(began);
        let settled = (0..radio.len()).all(|leg| radio.idle(leg));
        let streaming = frame.cuffs.iter().all(|line| line.link == LinkState::Streaming);
        let press = match stage {
            Stage::Preflight | Stage::Instruct if settled && streaming && waited_us >= 1_500_000 => Some(Tap::Confirm),
            Stage::Paused if !self.held && settled && streaming && waited_us >= 2_000_000 => Some(Tap::GoOn),
            Stage::Set => {
                self.move_leg(live, radio, now, waited_us);
                None
            }
            Stage::Walk => self.walk(frame.part, radio, now),
            Stage::Review => self.look_back(live, waited_us),
            _ => None,
        };
        if let Some(tap) = press {
            live.press(tap);
        }
    }

    /// Answers the two questions after a set, then goes on.
    fn look_back(&mut self, live: &mut Live, waited_us: i64) -> Option<Tap> {
        let step = i64::from(self.answered) + 1;
        if waited_us < step * 800_000 {
            return None;
        }
        self.answered += 1;
        match self.answered {
            1 => live.answer(Answer::Reserve(3)),
            2 => live.answer(Answer::Pain(0)),
            _ => return Some(Tap::Confirm),
        }
        None
    }

    /// Walks where walking is asked for, a stretch at a time, and puts the weight on and off. With a weight every other
    /// stretch is slower: the virtual person tires.
    fn walk(&mut self, part: Option<Part>, radio: &mut SimTransport, now: Micros) -> Option<Tap> {
        let part = part.unwrap_or(Part::Before);
        let idle = (0..radio.len()).all(|leg| radio.idle(leg));
        let (_, since, stretches) = match &mut self.walking {
            Some(walking) if walking.0 == part => walking,
            walking => walking.insert((part, now, 0)),
        };
        if matches!(part, Part::PutOn | Part::TakeOff) {
            return (idle && now.since(*since) >= HANDS_US).then_some(Tap::Confirm);
        }
        if idle && part != Part::Over {
            let tired = if part.worn() { TIRED[(*stretches).min(TIRED.len() - 1)] } else { 1.0 };
            *stretches += 1;
            for leg in 0..radio.len() {
                radio.act(leg, Act::Walk { s: STRETCH_S, cadence_per_min: tired * CADENCE_PER_MIN });
            }
        }
        None
    }

    /// One repetition at a time, so that a pause or a lost cuff is obeyed.
    fn move_leg(&mut self, live: &Live, radio: &mut SimTransport, now: Micros, waited_us: i64) {
        let frame = live.frame();
        let Some(side) = frame.side else { return };
        let leg = index_of(side);
        let link = frame.cuffs.iter().find(|line| line.side == side).map(|line| line.link);
        if !radio.idle(leg) || link != Some(LinkState::Streaming) {
            self.idle_since = None;
            return;
        }
        let idle_us = now.since(*self.idle_since.get_or_insert(now));
        let target = frame.target.unwrap_or(REPS);
        // Before each repetition the app must have seen the last one end; when all are done, a person looks at the
        // count before adding one.
        let wait_us = if self.done >= target { MORE_US } else { 150_000 };
        if waited_us < FIRST_US || idle_us < wait_us || frame.phase != Phase::Rest || frame.count >= target {
            return;
        }
        if self.sets == 5 && self.done == 2 && !self.lost {
            self.lost = true;
            radio.cut(leg, AWAY_US);
            return;
        }
        let (shape, range_deg, tempo) = way_of(&frame.exercise);
        let (range_deg, tempo) = match (self.sets, self.done) {
            // One repetition that stays short and one that drops, for the app to notice.
            (2, 2) if !self.steady => (0.4 * range_deg, tempo),
            (3, 2 | 3) if !self.steady => (range_deg, Tempo { lower_s: 0.3 * tempo.lower_s, ..tempo }),
            _ => (range_deg, tempo),
        };
        radio.act(leg, Act::Reps { shape, n: 1, range_deg, tempo, variability: VARIABILITY });
        self.done += 1;
        self.idle_since = None;
    }
}

/// The demo's cuffs are in the room in this order.
fn index_of(side: Side) -> usize {
    match side {
        Side::Left => 0,
        Side::Right => 1,
    }
}
