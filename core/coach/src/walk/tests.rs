use super::*;
use crate::catalogue::Catalogue;
use std::sync::LazyLock;
use talus_motion::Quality;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

fn rules() -> &'static WalkRules {
    &CATALOGUE.rules().walk
}

/// How somebody walks in a test: seconds of a stride, share in swing on each side, metres a stride.
#[derive(Clone, Copy)]
struct Gait {
    stride_s: f64,
    swing: [f64; 2],
    length_m: f64,
    scatter: f64,
    /// Share of the variance that wanders over tens and hundreds of strides: nobody's strides scatter evenly for hours.
    wander: f64,
}

const USUAL: Gait = Gait { stride_s: 1.1, swing: [0.38, 0.385], length_m: 1.4, scatter: 0.015, wander: 0.0 };

/// Someone on a walk: makes strides of both legs and hands them over.
struct Feet {
    walk: Walk,
    at_s: f64,
    /// When each foot came down last.
    down: [Micros; 2],
    seed: u64,
    /// Slow parts of stride time, length and each leg's swing: over about 10 and 100 strides.
    slow: [[f64; 2]; 4],
    says: Vec<Says>,
}

impl Feet {
    fn new(plan: WalkPlan) -> Self {
        Self {
            walk: Walk::new(plan, Micros(0), rules()),
            at_s: 0.0,
            down: [Micros(0), Micros(550_000)],
            seed: 7,
            slow: [[0.0; 2]; 4],
            says: Vec::new(),
        }
    }

    /// About normal, mean 0 and standard deviation 1: twelve even draws.
    fn noise(&mut self) -> f64 {
        let mut sum = -6.0;
        for _ in 0..12 {
            self.seed = self.seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            sum += (self.seed >> 11) as f64 / (1u64 << 53) as f64;
        }
        sum
    }

    /// Scatter of a measure, mean 0 and standard deviation 1: even, with a share that wanders.
    fn scatter(&mut self, of: usize, wander: f64) -> f64 {
        let mut wandered = 0.0;
        for (k, keep) in [0.9, 0.99].into_iter().enumerate() {
            let fresh = self.noise() * f64::sqrt(1.0 - keep * keep);
            self.slow[of][k] = keep * self.slow[of][k] + fresh;
            wandered += self.slow[of][k] * f64::sqrt(0.5);
        }
        wandered * wander.sqrt() + self.noise() * (1.0 - wander).sqrt()
    }

    fn push(&mut self, happens: Happens<'_>) {
        self.walk.push(Micros::from_seconds(self.at_s), happens, &mut self.says);
    }

    fn stride(&mut self, gait: Gait) {
        let stride_s = gait.stride_s * (1.0 + gait.scatter * self.scatter(0, gait.wander));
        self.at_s += stride_s;
        for (side, half) in [(Side::Left, 0.0), (Side::Right, 0.5)] {
            let foot = usize::from(side == Side::Right);
            let swing = gait.swing[foot] * (1.0 + gait.scatter * self.scatter(2 + foot, gait.wander));
            // Each stride begins with the contact the last one ended with.
            let end = Micros::from_seconds(self.at_s + half * gait.stride_s);
            let start = std::mem::replace(&mut self.down[foot], end);
            let whole_s = end.since(start) as f64 * 1e-6;
            let stride = Stride {
                start,
                foot_off: start.plus(((1.0 - swing) * whole_s * 1e6) as i64),
                end,
                swing_fraction: swing,
                length_m: Some(gait.length_m * (1.0 + gait.scatter * self.scatter(1, gait.wander))),
                length_error_m: Some(0.03),
                lift_m: None,
                quality: Quality::GOOD,
            };
            self.push(Happens::Strode(side, &stride));
        }
    }

    /// Walks until the part is another, at most ten minutes; does what it is told with the weight.
    fn walk_on(&mut self, gait: Gait) -> Part {
        let part = self.walk.part();
        let until = self.at_s + 600.0;
        while self.walk.part() == part && self.at_s < until {
            match part {
                Part::PutOn => self.push(Happens::Weight(true)),
                Part::TakeOff => self.push(Happens::Weight(false)),
                _ => self.stride(gait),
            }
        }
        self.walk.part()
    }

    fn told(&self) -> Vec<&'static str> {
        let told = self.says.iter().filter_map(|says| match says {
            Says::Tell(moment) => Some(moment.key()),
            _ => None,
        });
        told.collect()
    }

    fn over(&self) -> &Walked {
        match self.says.last() {
            Some(Says::Over(walked)) => walked,
            other => panic!("{other:?}"),
        }
    }
}

fn plan(intervals: u32) -> WalkPlan {
    WalkPlan {
        mass_g: 500,
        before_s: 120,
        intervals,
        loaded_s: 180,
        easy_s: 120,
        after_s: 60,
        wear_most_s: 1800,
        skin: false,
        baseline: None,
    }
}

#[test]
fn an_interval_walk_goes_part_by_part_and_waits_for_hands() {
    let mut feet = Feet::new(plan(2));
    let mut parts = vec![feet.walk.part()];
    while feet.walk.part() != Part::Over {
        parts.push(feet.walk_on(USUAL));
    }
    assert_eq!(
        parts,
        [
            Part::Before,
            Part::PutOn,
            Part::Loaded(1),
            Part::TakeOff,
            Part::Easy,
            Part::PutOn,
            Part::Loaded(2),
            Part::TakeOff,
            Part::After,
            Part::Over
        ]
    );
    assert_eq!(feet.told(), ["put_on", "take_off", "put_on", "take_off"]);
    let walked = feet.over();
    assert!((358.0..364.0).contains(&walked.loaded_s) && (298.0..306.0).contains(&walked.bare_s), "{walked:?}");
    let own = walked.baseline.unwrap();
    assert!((own.stride_s.middle - 1.1).abs() < 0.01 && (own.speed_m_per_s.unwrap().middle - 1.27).abs() < 0.02);
    assert!((own.symmetry.unwrap() - 0.385 / 0.38).abs() < 0.01);
    assert_eq!((walked.cut_short, walked.eased, walked.after.clone()), (None, 0, Some(BTreeSet::new())));
    // After the end nothing is said.
    let said = feet.says.len();
    feet.push(Happens::Tick);
    feet.stride(USUAL);
    assert_eq!(feet.says.len(), said);
}

#[test]
fn no_weight_is_put_on_before_the_own_walk_is_known() {
    let mut feet = Feet::new(plan(2));
    for _ in 0..10 {
        feet.stride(USUAL);
    }
    feet.at_s = 121.0;
    feet.push(Happens::Tick);
    assert_eq!((feet.walk.part(), feet.told()), (Part::After, vec!["walk_bare"]));
    feet.at_s = 200.0;
    feet.push(Happens::Tick);
    assert_eq!((feet.over().cut_short, feet.over().loaded_s), (Some(CutShort::NoBaseline), 0.0));
    // Somebody whose walk is known from earlier may go on with that.
    let mut known = Feet::new(plan(2));
    known.walk_on(USUAL);
    let own = known.walk.walked.baseline;
    let mut feet = Feet::new(WalkPlan { baseline: own, ..plan(2) });
    feet.at_s = 121.0;
    feet.push(Happens::Tick);
    assert_eq!(feet.walk.part(), Part::PutOn);
}

#[test]
fn hours_of_the_own_walk_are_no_change() {
    for wander in [0.0, 0.25, 0.5, 0.75] {
        let mut feet = Feet::new(WalkPlan { loaded_s: 4 * 3600, wear_most_s: 5 * 3600, before_s: 300, ..plan(1) });
        let usual = Gait { wander, ..USUAL };
        feet.walk_on(usual);
        feet.walk_on(usual);
        let mut signs = 0;
        for _ in 0..10_000 {
            feet.stride(usual);
            let now = feet.walk.signs.as_ref().unwrap().now(rules()).len();
            signs += usize::from(now > 0);
        }
        assert_eq!((feet.walk.part(), feet.told()), (Part::Loaded(1), vec!["put_on"]), "{wander}");
        // A single sign now and then is nothing; two at once never lasted.
        assert!(signs < 300, "{wander}: {signs} of 10,000 strides");
    }
}

#[test]
fn a_changed_stride_asks_to_ease_off_and_more_of_it_takes_the_cuffs_off() {
    let with = |changed: Gait| {
        let mut feet = Feet::new(plan(1));
        feet.walk_on(USUAL);
        feet.walk_on(USUAL);
        let from = feet.at_s;
        while matches!(feet.walk.part(), Part::Loaded(_)) {
            feet.stride(changed);
        }
        (feet.told(), feet.at_s - from, feet.walk.walked.clone())
    };
    // Twelve per cent fewer steps, as long as before: slower as well. Cadence and speed.
    let slow = Gait { stride_s: 1.25, ..USUAL };
    let slow = Gait { swing: [USUAL.swing[0] / 1.136, USUAL.swing[1] / 1.136], ..slow };
    let (told, lasted, walked) = with(slow);
    assert_eq!(told, ["put_on", "ease", "ease", "ease", "take_off"]);
    assert!(lasted > 170.0 && walked.signs.contains(&Sign::Cadence) && walked.signs.contains(&Sign::Speed));
    assert_eq!((walked.cut_short, walked.eased), (None, 3), "once a minute, and the interval is finished");
    // The same with the left leg swinging longer: three signs.
    let (told, lasted, walked) = with(Gait { swing: [0.40, 0.36], ..slow });
    assert!(told.ends_with(&["cuffs_off"]) && lasted < 60.0, "{told:?} {lasted}");
    assert_eq!(walked.cut_short, Some(CutShort::Stride));
    // The sides alone, far apart: 1.22 against 1.01.
    let (told, lasted, walked) = with(Gait { swing: [0.34, 0.415], ..USUAL });
    assert!(told.ends_with(&["cuffs_off"]) && lasted < 60.0 && walked.cut_short == Some(CutShort::Stride), "{told:?}");
    // Less than any threshold is no change.
    let (told, _, walked) = with(Gait { stride_s: 1.13, length_m: 1.37, ..USUAL });
    assert_eq!((told, walked.cut_short), (vec!["put_on", "take_off"], None));
}

#[test]
fn what_is_still_changed_without_the_weight_is_told_at_the_end() {
    let mut feet = Feet::new(plan(1));
    feet.walk_on(USUAL);
    feet.walk_on(USUAL);
    feet.walk_on(USUAL);
    feet.walk_on(USUAL);
    assert_eq!(feet.walk.part(), Part::After);
    feet.walk_on(Gait { stride_s: 1.25, ..USUAL });
    let after = feet.over().after.clone().unwrap();
    assert!(after.contains(&Sign::Cadence) && after.contains(&Sign::Speed), "{after:?}");
}

#[test]
fn a_stumble_running_skin_and_long_wear_take_the_weight_off() {
    let loaded = || {
        let mut feet = Feet::new(WalkPlan { loaded_s: 1200, wear_most_s: 600, skin: true, ..plan(2) });
        feet.walk_on(USUAL);
        feet.walk_on(USUAL);
        feet
    };
    let mut feet = loaded();
    feet.push(Happens::Stumbled);
    assert_eq!((feet.walk.part(), *feet.told().last().unwrap()), (Part::TakeOff, "cuffs_off"));
    feet.push(Happens::Weight(false));
    assert_eq!((feet.walk.part(), *feet.told().last().unwrap()), (Part::After, "look_at_skin"));

    let mut feet = loaded();
    let run = Gait { stride_s: 0.7, swing: [0.6, 0.6], length_m: 1.8, scatter: 0.01, wander: 0.0 };
    let from = feet.at_s;
    while feet.walk.part() != Part::TakeOff {
        feet.stride(run);
    }
    assert_eq!((*feet.told().last().unwrap(), feet.walk.walked.cut_short), ("not_running", Some(CutShort::Running)));
    assert!((2.5..4.5).contains(&(feet.at_s - from)), "{}", feet.at_s - from);

    let mut feet = loaded();
    feet.push(Happens::Skin(false));
    assert_eq!((feet.walk.part(), feet.walk.walked.cut_short), (Part::TakeOff, Some(CutShort::Skin)));

    // Worn long: told, and told again each minute for as long as it stays on.
    let mut feet = loaded();
    assert_eq!(feet.walk_on(USUAL), Part::TakeOff);
    assert_eq!((feet.walk.walked.cut_short, *feet.told().last().unwrap()), (Some(CutShort::Wear), "worn_long"));
    for _ in 0..3 {
        feet.at_s += 61.0;
        feet.push(Happens::Tick);
    }
    assert_eq!(feet.told().iter().filter(|key| **key == "worn_long").count(), 4);
}

#[test]
fn quick_steps_ask_for_less_speed_and_a_heart_is_compared_at_one_speed_only() {
    let beats = |feet: &mut Feet, bpm| (0..40).for_each(|_| feet.push(Happens::Heart(bpm)));
    let with = |gait: Gait| {
        let mut feet = Feet::new(plan(1));
        beats(&mut feet, 95);
        feet.walk_on(USUAL);
        feet.walk_on(USUAL);
        beats(&mut feet, 103);
        feet.walk_on(gait);
        feet.walk_on(gait);
        beats(&mut feet, 140);
        feet.walk_on(USUAL);
        feet
    };
    let calm = with(USUAL);
    assert_eq!(calm.over().heart, Some(HeartRates { bare: 95, loaded: 103 }));
    // 126 steps a minute with steps as much shorter: the same speed, too quick for the whole weight.
    let quick = with(Gait { stride_s: 0.95, length_m: 1.21, ..USUAL });
    assert!(quick.told().contains(&"slow_down"), "{:?}", quick.told());
    let faster = with(Gait { length_m: 1.6, ..USUAL });
    assert_eq!(faster.over().heart, None);
}

#[test]
fn a_weeks_walk_keeps_to_ceiling_body_and_skin() {
    use crate::screening::{Answers, Question, Reply, Screening, Stance};
    let person = crate::Person::new(70, Body::new(170.0, 70.0).unwrap(), crate::Level::Beginner).unwrap();
    let without = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
    let replies = Question::ALL.into_iter().map(|q| (q, without(q))).collect();
    let screened = |named: &[Condition]| {
        let answers =
            Answers { replies: Clone::clone(&replies), named: named.iter().copied().collect(), ..Answers::default() };
        Screening::new(&person, &answers, Stance::default(), CATALOGUE.rules()).unwrap()
    };
    let week = CATALOGUE.programme("walk_well").unwrap().weeks[4].walk.unwrap();
    let of =
        |ceiling_g, named: &[Condition]| WalkPlan::of(&week, ceiling_g, person.body(), &screened(named), None, rules());
    // Half a per cent of 70 kg.
    assert_eq!((of(700, &[]).mass_g, of(250, &[]).mass_g, of(700, &[]).wear_most_s), (350, 250, 1200));
    assert_eq!((of(0, &[]).intervals, of(0, &[]).before_s + of(0, &[]).after_s), (0, 60 * week.minutes));
    let whole = |plan: &WalkPlan| plan.before_s + 3 * plan.loaded_s + 2 * plan.easy_s + plan.after_s;
    assert_eq!(whole(&of(700, &[])), 60 * week.minutes);
    let numb = of(700, &[Condition::Neuropathy]);
    assert!(numb.skin && numb.wear_most_s == 600);
}

#[test]
fn time_that_stands_still_runs_back_or_jumps_breaks_nothing() {
    let mut feet = Feet::new(plan(2));
    for at in [-5.0, 0.0, 1e9, 3.0, -1e9, 1e9, 2e9, 3e9] {
        feet.at_s = at;
        feet.push(Happens::Tick);
        feet.push(Happens::Weight(true));
    }
    assert_eq!(feet.walk.part(), Part::Over);
    let mut ended = Feet::new(plan(2));
    ended.push(Happens::End);
    assert_eq!(ended.over().cut_short, Some(CutShort::Person));
    let mut nothing = Feet::new(WalkPlan { before_s: 0, after_s: 0, easy_s: 0, loaded_s: 0, ..plan(3) });
    nothing.push(Happens::Tick);
    assert_eq!(nothing.walk.part(), Part::Over, "without a baseline and without time it is over at once");
}
