//! Any inputs in any order: nothing panics, nothing is counted that was not seen, and there is always a way out.

mod common;

use common::{CLEAN, Desk, Shape, knee, known, leg, plan};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use talus_coach::ladder::Rung;
use talus_coach::plan::{Swap, TestAsked};
use talus_coach::progression::Action;
use talus_coach::{Answer, Catalogue, Event, Input, Pace, Prescription, Record, Session, SessionPlan, Stage, Tap};
use talus_motion::{LinkState, Micros, Side};

#[derive(Debug, Clone)]
enum Deed {
    Tap(Tap),
    Answer(Answer),
    Link(Side, LinkState),
    Stream(Side),
    Reps(Side, u32, f64),
    Rest(f64),
    Sleep(f64),
    /// A tick at any time whatever.
    Tick(i64),
    /// Samples go missing.
    Skip,
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Left), Just(Side::Right)]
}

fn deed() -> impl Strategy<Value = Deed> {
    let tap = prop_oneof![
        4 => Just(Tap::Confirm),
        1 => Just(Tap::Pause),
        2 => Just(Tap::GoOn),
        1 => Just(Tap::EndSet),
        1 => Just(Tap::CountDown),
        1 => Just(Tap::RestLonger),
        1 => Just(Tap::Skip),
        2 => Just(Tap::Undo),
        1 => Just(Tap::Swap),
        1 => Just(Tap::Lighter),
        2 => Just(Tap::Heavier),
        1 => Just(Tap::TimerOnly),
    ];
    let answer = prop_oneof![
        8 => (0..=255u8).prop_map(Answer::Reserve),
        4 => (0..5u8).prop_map(Answer::Pain),
        1 => (5..=255u8).prop_map(Answer::Pain),
    ];
    let link = prop_oneof![
        6 => Just(LinkState::Streaming),
        1 => Just(LinkState::Lost),
        1 => Just(LinkState::Connecting),
        1 => Just(LinkState::RadioOff),
        1 => Just(LinkState::Closed),
    ];
    prop_oneof![
        6 => tap.prop_map(Deed::Tap),
        2 => answer.prop_map(Deed::Answer),
        2 => (side(), link).prop_map(|(side, state)| Deed::Link(side, state)),
        3 => side().prop_map(Deed::Stream),
        6 => (side(), 1..5u32, 5.0..90.0f64).prop_map(|(side, n, deg)| Deed::Reps(side, n, deg)),
        4 => (0.1..25.0f64).prop_map(Deed::Rest),
        1 => (0.0..1e5f64).prop_map(Deed::Sleep),
        1 => (i64::MIN..1_000_000_000).prop_map(Deed::Tick),
        1 => Just(Deed::Skip),
    ]
}

fn do_all(desk: &mut Desk, deeds: Vec<Deed>) {
    for deed in deeds {
        match deed {
            Deed::Tap(tap) => desk.tap(tap),
            Deed::Answer(answer) => desk.give(Input::Answer { at: desk.at(), answer }, None),
            Deed::Link(side, state) => desk.link(side, state),
            Deed::Stream(side) => desk.stream(side),
            Deed::Reps(side, n, deg) => desk.reps(side, n, quick(deg)),
            Deed::Rest(seconds) => desk.rests(seconds),
            Deed::Sleep(seconds) => {
                desk.t += seconds;
                desk.give(Input::Resumed { at: desk.at(), gap_us: 0, confident: false }, None);
            }
            Deed::Tick(at) => desk.give(Input::Tick { at: Micros(at) }, None),
            Deed::Skip => desk.skip(37),
        }
    }
}

/// Exercises of somebody who has done them; one leg looks for its load, one has a limit, one is new, one exercise may be
/// swapped, and one is not measured.
fn of_somebody() -> SessionPlan {
    let of = |exercise: &str, side, mass_g| Prescription {
        exercise: exercise.to_owned(),
        mass_g,
        rest_s: 15,
        ..knee(side, 3, Some(4))
    };
    let (l, r) = (Side::Left, Side::Right);
    let blocks = vec![
        of("knee_ext_seated", l, 0),
        of("knee_ext_seated", r, 1500),
        of("stand_abd", l, 1000),
        of("stand_abd", r, 750),
        of("calf_raise", l, 0),
    ];
    known(blocks, |known| {
        known.legs[0].action = Action::FindLoad;
        known.legs[0].ceiling.mass_g = 1000;
        known.legs[1].range_deg = Some((0.0, 60.0));
        known.legs[2].own.clear();
        known.swaps = vec![Swap { instead_of: "stand_abd".to_owned(), asked: of("side_abd", r, 500) }];
        known.legs.push(leg("side_abd", r));
    })
}

/// The most a leg may ever be asked to carry in it.
fn most_g(exercise: &str, side: Side) -> u32 {
    match (exercise, side) {
        ("knee_ext_seated" | "stand_abd", Side::Left) => 1000,
        ("knee_ext_seated", Side::Right) => 1500,
        ("stand_abd", Side::Right) => 750,
        ("side_abd", Side::Right) => 500,
        _ => 0,
    }
}

fn quick(range_deg: f64) -> Shape {
    Shape { lift_s: 0.8, hold_s: 0.3, lower_s: 0.8, rest_s: 0.4, range_deg }
}

fn pace() -> impl Strategy<Value = Pace> {
    prop_oneof![3 => Just(Pace::Guided), 1 => Just(Pace::Followed)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_state_has_a_way_out_and_no_order_of_things_raises_a_load_past_what_was_prescribed(
        deeds in prop::collection::vec(deed(), 1..40),
    ) {
        let mut desk = Desk::new(of_somebody());
        desk.connect();
        do_all(&mut desk, deeds);
        // Whoever only ever says yes to what is asked comes to the end.
        for _ in 0..200 {
            match desk.session.frame().stage {
                Stage::Preflight | Stage::Instruct | Stage::Review | Stage::Rest => desk.tap(Tap::Confirm),
                Stage::Paused => desk.tap(Tap::GoOn),
                Stage::Set | Stage::Walk => desk.tap(Tap::EndSet),
                Stage::GetReady => desk.rests(3.5),
                Stage::Summary => break,
            }
            // The cuffs are charged and in reach.
            if desk.session.frame().cuffs.iter().any(|cuff| cuff.link != LinkState::Streaming) {
                desk.connect();
            }
        }
        prop_assert!(desk.session.over(), "{:?}", desk.session.frame());
        let mut last: BTreeMap<(String, Side), u32> = BTreeMap::new();
        let mut hurt: BTreeSet<(String, Side)> = BTreeSet::new();
        for (_, set) in desk.results() {
            prop_assert!(set.mass_g <= most_g(&set.exercise, set.side), "{set:?}");
            // After pain that asks for care no later set of that exercise and leg is heavier.
            let key = (set.exercise.clone(), set.side);
            if let Some(before) = last.insert(key.clone(), set.mass_g) {
                prop_assert!(!hurt.contains(&key) || set.mass_g <= before, "{set:?} after {before} g and pain");
            }
            if set.pain.is_some_and(|pain| pain >= 3) {
                hurt.insert(key);
            }
        }
    }

    #[test]
    fn any_inputs_in_any_order_are_survived(deeds in prop::collection::vec(deed(), 1..40), pace in pace()) {
        let mut walk = knee(Side::Left, 1, None);
        walk.exercise = "walk".to_owned();
        let blocks = vec![knee(Side::Left, 2, Some(4)), knee(Side::Right, 2, Some(4)), walk, knee(Side::Right, 1, None)];
        let mut desk = Desk::new(plan(blocks, pace));
        desk.connect();
        do_all(&mut desk, deeds);
        desk.tap(Tap::Stop);
        prop_assert!(desk.session.over());

        // Numbers of repetitions grow within a set; nobody pressed "one more", so no count exceeds what was seen.
        let (mut seq, mut began, mut ended, mut spoken) = (0, 0u32, 0u32, Micros(i64::MIN));
        for event in &desk.out.events {
            match event {
                Event::SetBegan { .. } => (seq, began) = (0, began + 1),
                Event::RepEnded { seq: next, confidence, .. } => {
                    prop_assert!(*next == seq + 1 && (0.0..=1.0).contains(confidence));
                    seq = *next;
                }
                Event::SetEnded { result, .. } => {
                    ended += 1;
                    prop_assert!(result.count <= seq || result.exercise == "walk");
                    prop_assert!(result.began <= result.ended);
                }
                Event::Cue(cue) => {
                    prop_assert!(!cue.text().starts_with("cue.") && !cue.text().contains('{'), "{}", cue.text());
                    // One thing is said at a time: only a stop cuts what is being said.
                    if cue.voice.is_some() {
                        prop_assert!(cue.cuts || cue.speak_at >= spoken, "{} over something else", cue.key);
                        spoken = cue.speak_at;
                    }
                }
                Event::Paced { at, beats } => {
                    prop_assert!(beats.iter().all(|beat| beat.at > *at) && beats.is_sorted_by_key(|beat| beat.at));
                }
                _ => {}
            }
        }
        prop_assert_eq!(began, ended);
        let marks: Vec<_> = desk.out.records.iter().filter_map(|r| match r {
            Record::Bookmark(mark) => Some(mark.clone()),
            _ => None,
        }).collect();
        prop_assert!(marks.windows(2).all(|pair| pair[0].at <= pair[1].at));

        // The same again gives the same, and every bookmark on the way can be taken up and stopped.
        let catalogue = Catalogue::embedded().unwrap();
        let mut again = Session::new(desk.plan.clone(), &catalogue).unwrap();
        let mut out = talus_coach::Outputs::default();
        for (input, time) in &desk.inputs {
            again.step(input, *time, &mut out);
        }
        prop_assert!(out == desk.out);
        for mark in marks.iter().step_by(marks.len() / 8 + 1) {
            let mut on = Session::resume(desk.plan.clone(), &catalogue, mark).unwrap();
            on.step(&Input::Tap { at: mark.at, tap: Tap::GoOn }, None, &mut out);
            on.step(&Input::Tap { at: mark.at, tap: Tap::Stop }, None, &mut out);
            prop_assert!(on.over());
        }
    }

    #[test]
    fn any_bookmark_can_be_taken_up(block in 0..9u32, set_index in 0..9u32, count in any::<u32>(), at in any::<i64>(),
                                    stage in 0..8usize, rest in any::<Option<i64>>(), pace in pace()) {
        use talus_coach::{Bookmark, Stage};
        let stages = [Stage::Preflight, Stage::GetReady, Stage::Set, Stage::Paused, Stage::Review, Stage::Rest,
                      Stage::Walk, Stage::Summary];
        let mark = Bookmark { at: Micros(at), block, set_index, side: Some(Side::Left), stage: stages[stage], count,
                              rest_until: rest.map(Micros), stopped: vec![], skipped: vec![],
                              eased: vec![("knee_ext_seated".to_owned(), Side::Left, count % 4000)] };
        let plan = plan(vec![knee(Side::Left, 2, Some(4)), knee(Side::Right, 2, Some(4))], pace);
        let mut desk = Desk::of(Session::resume(plan, &Catalogue::embedded().unwrap(), &mark).unwrap());
        desk.connect();
        desk.tap(Tap::GoOn);
        desk.tap(Tap::CountUp);
        desk.reps(Side::Left, 2, CLEAN);
        desk.tap(Tap::Stop);
        prop_assert!(desk.session.over());
    }
}

/// Nobody sees the steps of a rung that is walked: one that was ended or left standing was not passed.
#[test]
fn a_walked_rung_counts_only_where_somebody_says_that_it_was_walked() {
    for (tap, value) in
        [(Some(Tap::Confirm), Some(10.0)), (Some(Tap::EndSet), None), (Some(Tap::Lighter), Some(0.0)), (None, None)]
    {
        let plan = known(vec![knee(Side::Left, 1, Some(2))], |known| {
            known.tests = vec![TestAsked {
                protocol: "balance_progress".to_owned(),
                side: Side::Left,
                rung: Rung::TandemWalk,
                hold_on: false,
                usually: BTreeMap::new(),
            }];
        });
        let mut desk = Desk::new(plan);
        desk.connect();
        for _ in 0..10 {
            match desk.session.frame().stage {
                Stage::Preflight | Stage::Instruct => desk.tap(Tap::Confirm),
                Stage::GetReady => {
                    desk.t += 30.0;
                    desk.give(Input::Tick { at: desk.at() }, None);
                }
                _ => break,
            }
        }
        assert_eq!(desk.session.frame().stage, Stage::Set);
        if let Some(tap) = tap {
            desk.tap(tap);
        } else {
            desk.t += 400.0;
            desk.give(Input::Tick { at: desk.at() }, None);
        }
        desk.tap(Tap::Stop);
        let tested = &desk.session.summary().unwrap().tested;
        assert_eq!(tested.iter().map(|one| one.tries[0].value).collect::<Vec<_>>(), [value], "{tap:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn tests_come_to_their_end_in_any_order_of_things_and_nobody_wears_a_weight_in_them(
        deeds in prop::collection::vec(deed(), 1..20),
    ) {
        let of = |protocol: &str, side| TestAsked {
            protocol: protocol.to_owned(), side, rung: Rung::OneLeg, hold_on: false, usually: BTreeMap::new(),
        };
        let plan = known(vec![knee(Side::Left, 1, Some(2))], |known| {
            known.tests = vec![
                of("chair_stand_30", Side::Left),
                of("balance_sls", Side::Right),
                of("balance_progress", Side::Left),
                of("heel_rise_count", Side::Left),
            ];
        });
        let mut desk = Desk::new(plan);
        desk.connect();
        do_all(&mut desk, deeds);
        for _ in 0..100 {
            let frame = desk.session.frame();
            let tried = !matches!(frame.exercise.as_str(), "" | "knee_ext_seated");
            prop_assert!(!tried || frame.mass_g == 0, "{frame:?}");
            match frame.stage {
                Stage::Preflight | Stage::Instruct | Stage::Review | Stage::Rest => desk.tap(Tap::Confirm),
                Stage::Paused => desk.tap(Tap::GoOn),
                Stage::Set | Stage::Walk => desk.tap(Tap::EndSet),
                // Nothing is felt meanwhile: what is said comes to its end.
                Stage::GetReady => {
                    desk.t += 30.0;
                    desk.give(Input::Tick { at: desk.at() }, None);
                }
                Stage::Summary => break,
            }
            if desk.session.frame().cuffs.iter().any(|cuff| cuff.link != LinkState::Streaming) {
                desk.connect();
            }
        }
        prop_assert!(desk.session.over(), "{:?}", desk.session.frame());
        // One result a test and leg at most, and none with fewer tries than it needs.
        let tested = &desk.session.summary().unwrap().tested;
        let catalogue = Catalogue::embedded().unwrap();
        let names: BTreeSet<_> = tested.iter().map(|one| (one.protocol.clone(), one.side)).collect();
        prop_assert_eq!(names.len(), tested.len());
        for one in tested.iter().filter(|one| one.rung.is_none()) {
            prop_assert_eq!(one.tries.len(), usize::from(catalogue.protocol(&one.protocol).unwrap().trials));
        }
        // Every bookmark on the way can be taken up.
        for record in desk.out.records.iter().step_by(desk.out.records.len() / 12 + 1) {
            let Record::Bookmark(mark) = record else { continue };
            let mut out = talus_coach::Outputs::default();
            let mut on = Session::resume(desk.plan.clone(), &catalogue, mark).unwrap();
            on.step(&Input::Tap { at: mark.at, tap: Tap::Confirm }, None, &mut out);
            on.step(&Input::Tap { at: mark.at, tap: Tap::Stop }, None, &mut out);
            prop_assert!(on.over());
        }
    }
}
