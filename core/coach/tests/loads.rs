//! No route puts a weight on a leg that is past its ceiling: not a plan somebody wrote, not a swap, a walk, a load that is
//! looked for, anything pressed on the way, or a session taken up again.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // helpers of tests are tests, and figures are shown

mod common;

use common::{Desk, Shape, knee, known, leg};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::Cell;
use std::sync::LazyLock;
use talus_coach::load::{Bound, Ceiling, Kit};
use talus_coach::plan::Swap;
use talus_coach::progression::Action;
use talus_coach::walk::WalkPlan;
use talus_coach::{
    Answer, Body, Bookmark, Catalogue, Event, Input, PlanError, Prescription, Record, Session, SessionPlan, Stage, Tap,
};
use talus_motion::{Micros, Side};

/// Short lever, long lever, balance, a planted foot, and the walk.
const EXERCISES: [&str; 5] = ["knee_ext_seated", "stand_abd", "sl_rdl", "calf_raise", "walk"];
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

const QUICK: Shape = Shape { lift_s: 0.8, hold_s: 0.3, lower_s: 0.8, rest_s: 0.4, range_deg: 70.0 };

/// Somebody, and what a file says they carry.
#[derive(Debug, Clone)]
struct Written {
    body_kg: f64,
    care: bool,
    kit: (u32, u32, u32),
    exercise: &'static str,
    instead: &'static str,
    asked_g: [u32; 2],
    swapped_g: u32,
    walked_g: u32,
    decided_g: [u32; 2],
    decided_instead_g: u32,
    looks: bool,
    named: bool,
}

/// How much of what may be carried was decided, of that asked for, swapped in and walked with: shares.
type Shares = ([f64; 2], [f64; 2], f64, f64);

fn mass() -> impl Strategy<Value = u32> {
    prop_oneof![3 => Just(0u32), 4 => (0..30u32).prop_map(|n| n * 250), 1 => 0..25_000u32]
}

fn written() -> impl Strategy<Value = Written> {
    let exercise = || prop_oneof![2 => Just(EXERCISES[0]), 5 => (0..EXERCISES.len()).prop_map(|at| EXERCISES[at])];
    let kit = prop_oneof![Just((500, 250, 5000)), Just((250, 250, 2000)), Just((1000, 500, 9000))];
    let who = (20.0..150.0f64, any::<bool>(), kit, any::<bool>(), prop_oneof![9 => Just(true), 1 => Just(false)]);
    let loads = ([mass(), mass()], mass(), mass(), [mass(), mass()], mass());
    let share = || prop_oneof![1 => Just(1.0), 3 => 0.3..1.0f64];
    // Three of four files ask for what may be carried; the rest for anything.
    let shares = prop::option::weighted(0.75, ([share(), share()], [share(), share()], share(), share()));
    (who, exercise(), exercise(), loads, shares).prop_map(|(who, exercise, instead, loads, shares)| {
        let (body_kg, care, kit, looks, named) = who;
        let (asked_g, swapped_g, walked_g, decided_g, decided_instead_g) = loads;
        let mut written = Written {
            body_kg,
            care,
            kit,
            exercise,
            instead,
            asked_g,
            swapped_g,
            walked_g,
            decided_g,
            decided_instead_g,
            looks,
            named,
        };
        if let Some(shares) = shares {
            written.keep_within(shares);
        }
        written
    })
}

impl Written {
    /// As somebody would write it who keeps to the rules: asked ≤ decided ≤ the most there is.
    fn keep_within(&mut self, (decided, asked, swapped, walked): Shares) {
        let kit = Kit::new(self.kit.0, self.kit.1, self.kit.2).unwrap();
        let part = |most_g: u32, share: f64| kit.at_most((f64::from(most_g) * share) as u32);
        self.named = true;
        // Some grams of rounding are no weight that there is.
        let most_g = part(self.most_g(self.exercise).saturating_sub(1), 1.0);
        self.decided_g = decided.map(|share| part(most_g, share));
        for (at, share) in asked.into_iter().enumerate() {
            self.asked_g[at] = part(self.decided_g[at], share);
        }
        let most_g = part(self.most_g(self.instead).saturating_sub(1), 1.0);
        self.decided_instead_g = part(most_g, swapped);
        self.swapped_g = part(self.decided_instead_g, asked[1]);
        let walked_most_g =
            if self.exercise == "walk" { self.decided_g[0].min(self.decided_g[1]) } else { self.decided_instead_g };
        self.walked_g = part(walked_most_g, walked);
    }

    /// The most this person can be allowed at all, by the rules as they are written down and not as the code has them.
    fn most_g(&self, exercise: &str) -> u32 {
        let catalogue = &*CATALOGUE;
        let cap = catalogue.exercise(exercise).unwrap().weight.cap_percent;
        let percent: f64 = match exercise {
            "knee_ext_seated" => 7.0,
            "stand_abd" => 6.0,
            "sl_rdl" => 1.5,
            "walk" if self.care => 1.0,
            "walk" => 2.0,
            _ => 0.0,
        };
        let hard = if self.care { 2500 } else { 5000 };
        // Some grams of rounding are no weight that there is.
        hard.min((self.body_kg * 10.0 * percent.min(cap)).ceil() as u32).min(self.kit.2)
    }

    fn plan(&self) -> SessionPlan {
        let of = |exercise: &str, side, mass_g| Prescription {
            exercise: exercise.to_owned(),
            mass_g,
            rest_s: 12,
            ..knee(side, 2, (exercise != "walk").then_some(3))
        };
        let sides = [Side::Left, Side::Right];
        let blocks = vec![of(self.exercise, sides[0], self.asked_g[0]), of(self.exercise, sides[1], self.asked_g[1])];
        known(blocks, |known| {
            known.body = Body::new(170.0, self.body_kg).unwrap();
            known.care = self.care;
            known.kit = Kit::new(self.kit.0, self.kit.1, self.kit.2).unwrap();
            known.legs = if self.named { sides.map(|side| leg(self.exercise, side)).to_vec() } else { Vec::new() };
            for (leg, decided_g) in known.legs.iter_mut().zip(self.decided_g) {
                leg.ceiling = Ceiling { mass_g: decided_g, bound: Bound::Body };
                leg.action = if self.looks { Action::FindLoad } else { Action::Hold };
            }
            if self.instead != self.exercise {
                let asked = of(self.instead, sides[0], self.swapped_g);
                known.swaps = vec![Swap { instead_of: self.exercise.to_owned(), asked }];
                let mut other = leg(self.instead, sides[0]);
                other.ceiling.mass_g = self.decided_instead_g;
                known.legs.push(other);
            }
            known.walk = (self.exercise == "walk" || self.instead == "walk").then_some(WalkPlan {
                mass_g: self.walked_g,
                before_s: 4,
                intervals: 1,
                loaded_s: 5,
                easy_s: 0,
                after_s: 2,
                wear_most_s: 1800,
                skin: false,
                baseline: None,
            });
        })
    }
}

/// Everything that ever said what a leg carries.
fn carried(desk: &Desk) -> Vec<(String, u32)> {
    let of_event = |event: &Event| match event {
        Event::SetEnded { result, .. } => Some((result.exercise.clone(), result.mass_g)),
        _ => None,
    };
    let of_record = |record: &Record| match record {
        Record::SetBegan { exercise, mass_g, .. } => Some((exercise.clone(), *mass_g)),
        Record::SetEnded { result, .. } => Some((result.exercise.clone(), result.mass_g)),
        _ => None,
    };
    let events = desk.out.events.iter().filter_map(of_event);
    events.chain(desk.out.records.iter().filter_map(of_record)).collect()
}

/// Presses things, and looks at every picture on the way. Whether a set or a walk with a weight was come to.
fn press(desk: &mut Desk, presses: &[u8], of: &Written) -> Result<bool, TestCaseError> {
    let mut loaded = false;
    for press in presses {
        match press {
            0..=3 => desk.tap(Tap::Confirm),
            4..=6 => desk.tap(Tap::Heavier),
            7 => desk.tap(Tap::Lighter),
            8 | 9 => desk.tap(Tap::Swap),
            10 => desk.tap(Tap::Undo),
            11 => desk.tap(Tap::Skip),
            12 => desk.give(Input::Answer { at: desk.at(), answer: Answer::Pain(3) }, None),
            13 => desk.give(Input::Answer { at: desk.at(), answer: Answer::Reserve(5) }, None),
            14 => desk.tap(Tap::EndSet),
            15 => desk.tap(Tap::TimerOnly),
            16 => desk.give(Input::Resumed { at: desk.at(), gap_us: 0, confident: true }, None),
            17 => desk.tap(Tap::GoOn),
            18 => desk.reps(Side::Left, 3, QUICK),
            19 => desk.reps(Side::Right, 3, QUICK),
            _ => desk.rests(f64::from(*press - 16)),
        }
        let frame = desk.session.frame();
        if matches!(frame.stage, Stage::Set | Stage::Walk | Stage::GetReady) {
            prop_assert!(frame.mass_g <= of.most_g(&frame.exercise), "{} g in {}", frame.mass_g, frame.exercise);
            loaded |= frame.mass_g > 0 && frame.stage != Stage::GetReady;
        }
    }
    for (exercise, mass_g) in carried(desk) {
        prop_assert!(mass_g <= of.most_g(&exercise), "{mass_g} g in {exercise}: {of:?}");
    }
    Ok(loaded)
}

/// What a case came to.
#[derive(Debug, Clone, Copy, Default)]
struct Came {
    refused: u32,
    begun: u32,
    /// Asks for a weight in its first set.
    asks: u32,
    loaded: u32,
    /// Taken up again from a bookmark, with a weight.
    resumed_loaded: u32,
}

fn no_load_is_past_its_ceiling(
    of: &Written,
    presses: &[u8],
    (eased_g, at_turn): (u32, u32),
    came: &mut Came,
) -> Result<(), TestCaseError> {
    let catalogue = &*CATALOGUE;
    let plan = of.plan();
    let walks = |exercise: &str| if exercise == "walk" { of.walked_g } else { 0 };
    let above = |exercise: &str, asked_g: u32| asked_g.max(walks(exercise)) > of.most_g(exercise);
    let past = above(of.exercise, of.asked_g[0].max(of.asked_g[1]))
        || of.instead != of.exercise && above(of.instead, of.swapped_g);
    match Session::new(plan.clone(), catalogue) {
        Err(error) => {
            let typed = matches!(error, PlanError::AboveCeiling { .. } | PlanError::TooHeavy { .. });
            prop_assert!(typed, "{error}");
            // What was done once can be looked at again all the same, but what nobody ever carries.
            let hard = of.asked_g.iter().chain([&of.swapped_g]).any(|asked_g| *asked_g > 5000);
            prop_assert!(hard || Session::again(plan, catalogue).is_ok());
            came.refused += 1;
            return Ok(());
        }
        Ok(_) => prop_assert!(!past, "{of:?}"),
    }
    came.begun += 1;
    let asks = of.asked_g[0] > 0 && of.exercise != "walk";
    came.asks += u32::from(asks);
    let mut desk = Desk::of(Session::new(plan.clone(), catalogue).unwrap());
    desk.connect();
    came.loaded += u32::from(press(&mut desk, presses, of)?);
    // Killed, its signals lost, and a bookmark somebody wrote.
    let mark = Bookmark {
        at: Micros(0),
        block: at_turn,
        set_index: at_turn,
        side: Some(Side::Left),
        stage: Stage::Rest,
        count: 0,
        rest_until: None,
        stopped: Vec::new(),
        skipped: Vec::new(),
        eased: vec![(of.exercise.to_owned(), Side::Left, eased_g), (of.instead.to_owned(), Side::Left, eased_g)],
    };
    let mut desk = Desk::of(Session::resume(plan, catalogue, &mark).unwrap());
    desk.connect();
    came.resumed_loaded += u32::from(press(&mut desk, presses, of)?);
    Ok(())
}

#[test]
fn no_route_puts_a_load_past_its_ceiling_into_a_set() {
    let cases = ProptestConfig::default().cases / 4;
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let eased = prop_oneof![3 => Just(u32::MAX), 1 => 0..3000u32];
    // Most get as far as a set before anything goes its own way.
    let opening = prop_oneof![4 => Just(vec![0, 23, 0, 23]), 1 => Just(Vec::new())];
    let presses = (opening, prop::collection::vec(0..24u8, 1..40)).prop_map(|(first, then)| [first, then].concat());
    let came = Cell::new(Came::default());
    let all = (written(), presses, eased, 0..4u32);
    let case = |(of, presses, eased_g, at_turn): (Written, Vec<u8>, u32, u32)| {
        let mut now = came.get();
        let held = no_load_is_past_its_ceiling(&of, &presses, (eased_g, at_turn), &mut now);
        came.set(now);
        held
    };
    runner.run(&all, case).unwrap();
    let Came { refused, begun, asks, loaded, resumed_loaded } = came.get();
    // What is to be judged has to happen: plans that go past a ceiling, and legs that carry something.
    println!(
        "of {cases}: {refused} refused, {begun} begun, {asks} ask for a weight, {loaded} and then {resumed_loaded} wore one"
    );
    let happened = 10 * refused >= cases && 3 * asks >= begun && 10 * loaded >= 7 * asks && 5 * resumed_loaded >= asks;
    assert!(happened, "{:?}", came.get());
}

#[test]
fn a_load_past_its_ceiling_is_refused_with_both_and_what_holds_it() {
    let catalogue = Catalogue::embedded().unwrap();
    let refused = |plan| Session::new(plan, &catalogue).unwrap_err();
    let plan = |asked_g: u32, most_g: u32| {
        known(vec![Prescription { mass_g: asked_g, ..knee(Side::Left, 1, Some(3)) }], |known| {
            known.legs[0].ceiling = Ceiling { mass_g: most_g, bound: Bound::Plan };
        })
    };
    assert!(Session::new(plan(1000, 1000), &catalogue).is_ok());
    let error = refused(plan(1250, 1000));
    assert_eq!(error.to_string(), "begin a session: 1250 g in knee_ext_seated on the left leg is more than 1000 g");
    let PlanError::AboveCeiling { ceiling, .. } = error else { unreachable!("{error}") };
    assert_eq!(ceiling.bound, Bound::Plan);
    // 7 per cent of 70 kg, in steps of a quarter: whatever a file says was decided.
    let PlanError::AboveCeiling { ceiling, mass_g, .. } = refused(plan(500, 20_000)) else { unreachable!() };
    assert_eq!((ceiling.mass_g, ceiling.bound, mass_g), (4750, Bound::Body, 20_000));
    // Nobody is known: they may be of those who carry least.
    let stranger = |mass_g| SessionPlan { known: None, ..plan(mass_g, 5000) };
    assert!(Session::new(stranger(2500), &catalogue).is_ok());
    assert!(matches!(refused(stranger(2750)), PlanError::AboveCeiling { .. }));
}

#[test]
fn whoever_asks_for_more_is_told_why_not() {
    let mut desk = Desk::new(known(vec![Prescription { mass_g: 1000, ..knee(Side::Left, 2, Some(3)) }], |known| {
        known.legs[0].ceiling = Ceiling { mass_g: 1000, bound: Bound::Plan };
    }));
    desk.connect();
    let said = |desk: &Desk| {
        let told = desk.out.events.iter().filter_map(|event| match event {
            Event::Cue(cue) if cue.key == "no_more_weight" => cue.voice.clone(),
            _ => None,
        });
        told.into_iter().next_back()
    };
    desk.tap(Tap::Heavier);
    assert_eq!(said(&desk).as_deref(), Some("1\u{202f}kg is the most your plan allows."));
    assert_eq!(desk.session.frame().mass_g, 1000);
    let mut desk = Desk::new(known(vec![Prescription { mass_g: 1000, ..knee(Side::Left, 2, Some(3)) }], |_| {}));
    desk.connect();
    desk.tap(Tap::Heavier);
    assert_eq!(said(&desk).as_deref(), Some("1\u{202f}kg was decided for today."));
}
