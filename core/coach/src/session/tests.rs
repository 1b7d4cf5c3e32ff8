//! What needs movements made by hand: walking, doubt, gaps.

use super::set::Tally;
use super::*;
use crate::plan::{Prescription, Worn};
use io::{Record, ReviewReason, SetEnd, SetResult, Tap};
use talus_motion::{CuffId, Gap, LinkState, Quality, Reason, Stride};

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
