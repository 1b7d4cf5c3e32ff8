//! What needs movements made by hand: walking, doubt, gaps.

use super::set::Tally;
use super::*;
use crate::plan::{Prescription, Worn};
use crate::walk::Part;
use io::{Record, ReviewReason, SetEnd, SetResult, Tap};
use talus_motion::calibrate::Change;
use talus_motion::{CuffId, Detector, Finding, Gap, LinkState, Quality, Reason, Stride};

const LEFT: CuffId = CuffId([1; 16]);
const RIGHT: CuffId = CuffId([2; 16]);

fn asked(exercise: &str, side: Side, reps: Option<u32>) -> Prescription {
    Prescription {
        exercise: exercise.to_owned(),
        side,
        mass_g: 500,
        sets: 1,
        reps,
        rest_s: 0,
        own_range_deg: None,
        why: String::new(),
    }
}

fn session(blocks: Vec<Prescription>, pace: Pace) -> Session {
    let worn = [(LEFT, Side::Left), (RIGHT, Side::Right)];
    let worn = worn.map(|(cuff, side)| Worn { cuff, side, mass_g: 500 }).to_vec();
    let plan = SessionPlan { blocks, worn, pace, language: "en".to_owned(), known: None };
    Session::new(plan, &Catalogue::embedded().unwrap()).unwrap()
}

fn at(seconds: f64) -> Micros {
    Micros::from_seconds(seconds)
}

fn stream(session: &mut Session, seconds: f64, out: &mut Outputs) {
    for cuff in [LEFT, RIGHT] {
        session.step(&Input::Link { at: at(seconds), cuff, state: LinkState::Streaming }, None, out);
    }
}

fn stride(start_s: f64) -> Movement {
    let (start, foot_off, end) = (at(start_s), at(start_s + 0.7), at(start_s + 1.2));
    Movement::Strode(Stride {
        start,
        foot_off,
        end,
        swing_fraction: 0.4,
        length_m: None,
        length_error_m: None,
        lift_m: None,
        quality: Quality::GOOD,
    })
}

fn results(out: &Outputs) -> Vec<(u32, &SetResult)> {
    let ended = |r| if let &Record::SetEnded { set_index, ref result } = r { Some((set_index, result)) } else { None };
    out.records.iter().filter_map(ended).collect()
}

#[test]
fn both_legs_walk_one_walk() {
    let mut session = session(vec![asked("walk", Side::Left, None), asked("walk", Side::Right, None)], Pace::Guided);
    let mut out = Outputs::default();
    stream(&mut session, 0.0, &mut out);
    session.step(&Input::Tap { at: at(0.5), tap: Tap::Confirm }, None, &mut out);
    session.step(&Input::Tick { at: at(4.0) }, None, &mut out);
    assert_eq!(session.frame().stage, Stage::Walk);
    for i in 0..20 {
        session.moved(0, stride(4.0 + 1.2 * f64::from(i)), &mut out);
        session.moved(1, stride(4.6 + 1.2 * f64::from(i)), &mut out);
    }
    session.step(&Input::Tick { at: at(30.0) }, None, &mut out);
    assert_eq!((session.frame().strides, session.frame().count), (20, 0));
    session.step(&Input::Tap { at: at(30.0), tap: Tap::EndSet }, None, &mut out);
    let walks: Vec<_> = results(&out).into_iter().map(|(index, r)| (index, r.side, r.count)).collect();
    assert_eq!(walks, [(0, Side::Left, 20), (0, Side::Right, 20)]);
    let cadence = results(&out)[0].1.cadence_per_min.unwrap();
    assert!((cadence - 100.0).abs() < 1e-6, "{cadence}");
    session.step(&Input::Answer { at: at(31.0), answer: Answer::Pain(1) }, None, &mut out);
    session.step(&Input::Answer { at: at(32.0), answer: Answer::Reserve(5) }, None, &mut out);
    assert!(session.over());
    assert!(results(&out).iter().rev().take(2).all(|(_, r)| (r.pain, r.reserve) == (Some(1), Some(5))));
    let summary = session.summary.as_ref().unwrap();
    assert_eq!((summary.strides, summary.sentence.as_str()), (20, "20 strides walked."));
}

#[test]
fn a_followed_walk_is_one_walk_until_its_recording_is_over() {
    let mut session = session(vec![asked("walk", Side::Left, None)], Pace::Followed);
    let mut out = Outputs::default();
    stream(&mut session, 0.0, &mut out);
    session.state = State::Waiting;
    session.moved(0, stride(1.0), &mut out);
    assert!(out.records.iter().all(|r| !matches!(r, Record::SetBegan { .. })), "one stride is no walk");
    session.moved(0, stride(2.2), &mut out);
    // Waiting at a crossing does not end a walk.
    session.step(&Input::Tick { at: at(90.0) }, None, &mut out);
    session.moved(0, stride(91.0), &mut out);
    session.step(&Input::Link { at: at(95.0), cuff: LEFT, state: LinkState::Closed }, None, &mut out);
    assert!(session.over());
    let [(0, walk)] = results(&out)[..] else { panic!("{:?}", results(&out)) };
    assert_eq!((walk.count, walk.end, walk.began), (3, SetEnd::StreamEnded, at(1.0)));
    let strides = out.records.iter().filter(|r| matches!(r, Record::Stride { .. })).count();
    assert_eq!(strides, 3);
}

#[test]
fn a_gap_is_told_marked_and_keeps_the_set_from_counting() {
    let mut session = session(vec![asked("knee_ext_seated", Side::Left, Some(3))], Pace::Guided);
    let mut out = Outputs::default();
    stream(&mut session, 0.0, &mut out);
    session.step(&Input::Tap { at: at(0.5), tap: Tap::Confirm }, None, &mut out);
    session.step(&Input::Tick { at: at(9.0) }, None, &mut out);
    session.moved(0, Movement::Gapped(Gap { start: at(7.0), end: at(9.0), missing: 200 }), &mut out);
    session.step(&Input::Tap { at: at(10.0), tap: Tap::EndSet }, None, &mut out);
    assert!(out.events.iter().any(|e| matches!(e, Event::Cue(cue) if cue.key == "not_measured")));
    assert!(out.events.iter().any(|e| matches!(e, Event::Gapped { cuff: LEFT, .. })));
    let (_, result) = results(&out)[0];
    assert!(result.quality.has(Reason::Gap) && !result.counts_for_progress);
}

#[test]
fn a_doubted_set_says_check_and_does_not_count_for_progress() {
    let mut session = session(vec![asked("knee_ext_seated", Side::Left, Some(3))], Pace::Guided);
    let mut out = Outputs::default();
    stream(&mut session, 0.0, &mut out);
    session.step(&Input::Tap { at: at(0.5), tap: Tap::Confirm }, None, &mut out);
    session.step(&Input::Tick { at: at(9.0) }, None, &mut out);
    session.set_mut().into_iter().flat_map(|set| &mut set.legs).for_each(Tally::doubt);
    session.step(&Input::Tap { at: at(10.0), tap: Tap::EndSet }, None, &mut out);
    let disagreed = |e: &Event| matches!(e, Event::SetReviewed { reason: ReviewReason::Disagree, .. });
    let ended = out.events.iter().position(|e| matches!(e, Event::SetEnded { .. }));
    assert!(ended < out.events.iter().position(disagreed), "a correction comes after what it corrects");
    let (_, result) = results(&out)[0];
    assert!(result.quality.has(Reason::Disagree) && !result.counts_for_progress);
}

#[test]
fn pairs_take_turns_set_by_set_and_share_the_index() {
    let blocks = vec![
        Prescription { sets: 2, rest_s: 60, ..asked("knee_ext_seated", Side::Right, Some(8)) },
        Prescription { sets: 3, rest_s: 60, ..asked("knee_ext_seated", Side::Left, Some(8)) },
        asked("side_abd", Side::Left, Some(8)),
    ];
    let session = session(blocks, Pace::Guided);
    let turns: Vec<_> = session.course.turns.iter().map(|t| (t.blocks[0], t.set, t.set_index, t.rest_s)).collect();
    assert_eq!(
        turns,
        [
            (0, (1, 2), 0, 0),
            (1, (1, 3), 0, 60),
            (0, (2, 2), 1, 0),
            (1, (2, 3), 1, 60),
            (1, (3, 3), 2, 60),
            (2, (1, 1), 3, 0)
        ]
    );
}

fn may_walk_with_two_kilograms(side: Side) -> crate::KnownLeg {
    crate::KnownLeg {
        exercise: "walk".to_owned(),
        side,
        ceiling: crate::load::Ceiling { mass_g: 2000, bound: crate::load::Bound::Body },
        action: crate::progression::Action::Hold,
        reserve: 3,
        range_deg: None,
        // No first time that would be shown.
        own: vec![crate::progression::Exposure {
            day: 8,
            mass_g: 0,
            sets: Vec::new(),
            morning_rise: None,
            checked_in: false,
            lighter: false,
            rough: false,
        }],
    }
}

/// Somebody whose walk is led: two minutes without, two times a minute with 500 g, one minute after.
fn led() -> Session {
    let mut plan = SessionPlan {
        blocks: vec![asked("walk", Side::Left, None), asked("walk", Side::Right, None)],
        worn: [(LEFT, Side::Left), (RIGHT, Side::Right)].map(|(cuff, side)| Worn { cuff, side, mass_g: 500 }).to_vec(),
        pace: Pace::Guided,
        language: "en".to_owned(),
        known: None,
    };
    plan.blocks.iter_mut().for_each(|block| block.mass_g = 0);
    plan.known = Some(Box::new(Known {
        today: 10,
        body: crate::Body::new(190.0, 100.0).unwrap(),
        care: false,
        kit: crate::load::Kit::new(500, 250, 5000).unwrap(),
        week: 0,
        legs: [Side::Left, Side::Right].map(may_walk_with_two_kilograms).to_vec(),
        swaps: Vec::new(),
        walk: Some(crate::walk::WalkPlan {
            mass_g: 500,
            before_s: 120,
            intervals: 2,
            loaded_s: 60,
            easy_s: 60,
            after_s: 60,
            wear_most_s: 1800,
            skin: false,
            baseline: None,
        }),
        part: None,
        invented: false,
        tests: Vec::new(),
        lifts: Vec::new(),
    }));
    Session::new(plan, &Catalogue::embedded().unwrap()).unwrap()
}

/// Both legs stride for so long; each stride is a little longer or shorter than the one before.
fn strides(session: &mut Session, from_s: f64, seconds: f64, stride_s: f64, out: &mut Outputs) -> f64 {
    let (mut start_s, mut n) = (from_s, 0);
    while start_s < from_s + seconds {
        let long_s = stride_s * (1.0 + 0.01 * f64::from(n % 3 - 1));
        for leg in 0..2 {
            let (start, end) = (at(start_s), at(start_s + long_s));
            session.step(&Input::Tick { at: end }, None, out);
            let Movement::Strode(stride) = stride(0.0) else { continue };
            let foot_off = at(start_s + 0.6 * long_s);
            session.moved(leg, Movement::Strode(Stride { start, foot_off, end, ..stride }), out);
        }
        (start_s, n) = (start_s + long_s, n + 1);
    }
    start_s
}

#[test]
fn a_led_walk_asks_for_the_weight_once_the_own_walk_is_known_and_takes_it_off_when_the_stride_changes() {
    let (mut session, mut out) = (led(), Outputs::default());
    stream(&mut session, 0.0, &mut out);
    session.step(&Input::Tap { at: at(0.5), tap: Tap::Confirm }, None, &mut out);
    let part = |session: &Session| session.frame().part;
    let mut now = strides(&mut session, 4.0, 100.0, 1.1, &mut out);
    assert_eq!((session.frame().stage, part(&session), session.frame().mass_g), (Stage::Walk, Some(Part::Before), 0));
    // What is waited for while it is paused does not shorten it.
    session.step(&Input::Tap { at: at(now), tap: Tap::Pause }, None, &mut out);
    now += 300.0;
    session.step(&Input::Tap { at: at(now), tap: Tap::GoOn }, None, &mut out);
    assert_eq!(part(&session), Some(Part::Before));
    now = strides(&mut session, now, 25.0, 1.1, &mut out);
    assert_eq!((part(&session), session.frame().left_s), (Some(Part::PutOn), None));
    assert!(session.frame().cue.starts_with("Put on 0.5\u{202f}kg"));
    now += 60.0;
    session.step(&Input::Tick { at: at(now) }, None, &mut out);
    assert_eq!(part(&session), Some(Part::PutOn), "it waits for the person");
    session.step(&Input::Tap { at: at(now), tap: Tap::Confirm }, None, &mut out);
    assert_eq!((part(&session), session.frame().mass_g), (Some(Part::Loaded(1)), 500));
    now = strides(&mut session, now, 61.0, 1.1, &mut out);
    assert_eq!(part(&session), Some(Part::TakeOff));
    session.step(&Input::Tap { at: at(now), tap: Tap::Confirm }, None, &mut out);
    assert_eq!((part(&session), session.frame().mass_g), (Some(Part::Easy), 0));
    now = strides(&mut session, now, 61.0, 1.1, &mut out);
    session.step(&Input::Tap { at: at(now), tap: Tap::Confirm }, None, &mut out);
    // The second time every stride takes longer, and so does its swing.
    now = strides(&mut session, now, 59.0, 1.35, &mut out);
    let said = |key: &str| out.events.iter().any(|event| matches!(event, Event::Cue(cue) if cue.key == key));
    assert!(said("put_on") && said("take_off") && said("ease"), "{:?}", session.frame());
    session.step(&Input::Tap { at: at(now), tap: Tap::Lighter }, None, &mut out);
    assert_eq!(part(&session), Some(Part::After), "whoever takes it off walks on without");
    now = strides(&mut session, now, 61.0, 1.1, &mut out);
    assert_eq!(session.frame().stage, Stage::Review);
    session.step(&Input::Tap { at: at(now), tap: Tap::Confirm }, None, &mut out);
    assert!(session.over());
    let walks: Vec<_> = results(&out).into_iter().map(|(index, r)| (index, r.side, r.mass_g, r.end)).collect();
    assert_eq!(walks[..2], [(0, Side::Left, 500, SetEnd::Person), (0, Side::Right, 500, SetEnd::Person)]);
    let summary = session.summary.as_ref().unwrap();
    let walked = summary.walked.as_ref().unwrap();
    assert!((118.0..124.0).contains(&walked.loaded_s) && walked.eased == 1, "{walked:?}");
    assert_eq!(summary.walk[0], "Your walk without weight: 109 steps a minute.");
    assert_eq!(summary.walk[1], "With 0.5\u{202f}kg on each leg: 2.0 minutes.");
    assert!(summary.walk[2].starts_with("With the weight this changed: "), "{:?}", summary.walk);
    assert_eq!(summary.walk.last().unwrap(), "Without the weight your stride was as before.");
}

#[test]
fn a_walk_that_is_broken_off_keeps_what_was_walked() {
    let (mut session, mut out) = (led(), Outputs::default());
    stream(&mut session, 0.0, &mut out);
    session.step(&Input::Tap { at: at(0.5), tap: Tap::Confirm }, None, &mut out);
    let now = strides(&mut session, 4.0, 60.0, 1.1, &mut out);
    session.step(&Input::Tap { at: at(now), tap: Tap::Stop }, None, &mut out);
    let summary = session.summary.as_ref().unwrap();
    assert_eq!(summary.walk, ["Your walk without weight: 109 steps a minute."]);
    assert!(summary.walked.as_ref().unwrap().baseline.is_some());

    // A recording of a walk without anybody: its own walk is known at the end.
    let mut session = self::session(vec![asked("walk", Side::Left, None)], Pace::Followed);
    let mut out = Outputs::default();
    stream(&mut session, 0.0, &mut out);
    session.state = State::Waiting;
    for i in 0..60 {
        session.moved(0, stride(1.2 * f64::from(i)), &mut out);
    }
    session.step(&Input::Link { at: at(80.0), cuff: LEFT, state: LinkState::Closed }, None, &mut out);
    assert_eq!(session.summary.as_ref().unwrap().walk, ["Your walk without weight: 100 steps a minute."]);
}

/// A led walk with the weight on, and when that was said.
fn with_the_weight_on(out: &mut Outputs) -> (Session, f64) {
    let mut session = led();
    stream(&mut session, 0.0, out);
    session.step(&Input::Tap { at: at(0.5), tap: Tap::Confirm }, None, out);
    let now = strides(&mut session, 4.0, 125.0, 1.1, out);
    session.step(&Input::Tap { at: at(now), tap: Tap::Confirm }, None, out);
    assert_eq!(session.frame().part, Some(Part::Loaded(1)));
    (session, now)
}

fn slip(session: &mut Session, change: Change, out: &mut Outputs) {
    let now = session.now;
    session.moved(0, Movement::CuffChecked { at: now, change }, out);
    if change.slipped() {
        let quality = Quality::GOOD;
        let finding = Finding { detector: Detector::CuffSlip, start: now, end: now, confidence: 0.9, quality };
        session.moved(0, Movement::Noticed(finding), out);
    }
}

fn said(out: &Outputs, key: &str) -> usize {
    out.events.iter().filter(|event| matches!(event, Event::Cue(cue) if cue.key == key)).count()
}

#[test]
fn a_cuff_that_slips_with_a_weight_on_takes_it_off_and_leaves_nobody_waiting_with_it() {
    let mut out = Outputs::default();
    let (mut session, now) = with_the_weight_on(&mut out);
    let now = strides(&mut session, now, 20.0, 1.1, &mut out);
    slip(&mut session, Change::Twisted(30.0), &mut out);
    session.step(&Input::Tick { at: at(now) }, None, &mut out);
    assert_eq!((session.frame().stage, session.frame().part), (Stage::Walk, Some(Part::TakeOff)));
    assert_eq!((said(&out, "cuffs_off"), said(&out, "cuff_moved")), (1, 0));
    session.step(&Input::Tap { at: at(now), tap: Tap::Confirm }, None, &mut out);
    assert_eq!(session.frame().part, Some(Part::After));
    session.step(&Input::Tap { at: at(now), tap: Tap::Stop }, None, &mut out);
    assert!(results(&out)[0].1.quality.has(Reason::Slip));
    assert!(session.summary.as_ref().unwrap().walk.iter().any(|line| line.contains("a cuff had moved")));
}

#[test]
fn a_weight_that_is_worn_while_a_walk_waits_is_worn_and_comes_off() {
    let mut out = Outputs::default();
    let (mut session, now) = with_the_weight_on(&mut out);
    session.step(&Input::Tap { at: at(now), tap: Tap::Pause }, None, &mut out);
    let mut other = session.clone();
    session.step(&Input::Tick { at: at(now + 1795.0) }, None, &mut out);
    assert_eq!((session.frame().part, said(&out, "worn_long")), (Some(Part::Loaded(1)), 0));
    session.step(&Input::Tick { at: at(now + 1801.0) }, None, &mut out);
    assert_eq!((session.frame().stage, session.frame().part), (Stage::Paused, Some(Part::TakeOff)));
    assert_eq!(said(&out, "worn_long"), 1);
    session.step(&Input::Tap { at: at(now + 1810.0), tap: Tap::Confirm }, None, &mut out);
    assert_eq!((session.frame().stage, session.frame().part), (Stage::Paused, Some(Part::After)));
    session.step(&Input::Tap { at: at(now + 1820.0), tap: Tap::GoOn }, None, &mut out);
    assert_eq!((session.frame().stage, session.frame().mass_g), (Stage::Walk, 0));
    session.step(&Input::Tap { at: at(now + 1830.0), tap: Tap::Stop }, None, &mut out);
    assert!(session.summary.as_ref().unwrap().walked.as_ref().unwrap().loaded_s < 1.0, "nobody walked with it");

    other.step(&Input::Tap { at: at(now + 5.0), tap: Tap::Confirm }, None, &mut out);
    assert_eq!(other.frame().part, Some(Part::Loaded(1)));
    other.step(&Input::Tap { at: at(now + 5.0), tap: Tap::Lighter }, None, &mut out);
    assert_eq!((other.frame().stage, other.frame().part), (Stage::Paused, Some(Part::After)));
}

#[test]
fn a_cuff_that_went_round_the_leg_is_not_said_to_sit_because_somebody_stands() {
    let mut out = Outputs::default();
    let mut session = led();
    stream(&mut session, 0.0, &mut out);
    session.step(&Input::Tap { at: at(0.5), tap: Tap::Confirm }, None, &mut out);
    let now = strides(&mut session, 4.0, 60.0, 1.1, &mut out);
    slip(&mut session, Change::Twisted(30.0), &mut out);
    session.step(&Input::Tick { at: at(now) }, None, &mut out);
    assert_eq!((session.frame().stage, said(&out, "cuff_moved")), (Stage::Paused, 1));
    slip(&mut session, Change::Tilted(1.0), &mut out);
    assert_eq!(said(&out, "cuff_sits"), 0);
    slip(&mut session, Change::Twisted(2.0), &mut out);
    assert_eq!(said(&out, "cuff_sits"), 1);
}
