//! A guided session from pre-flight to summary, and everything that can get in its way.

mod common;

use common::{CLEAN, Desk, RIGHT, Shape, knee, plan, told};
use talus_coach::{
    Answer, Catalogue, Event, Input, Outputs, Pace, PlanError, Record, Session, SetEnd, SetResult, Stage, Tap,
};
use talus_motion::{LinkState, Micros, Reason, Side};

const SMALL: Shape = Shape { range_deg: 15.0, ..CLEAN };

/// Confirmed, connected, and in the first set.
fn in_set(blocks: Vec<talus_coach::Prescription>) -> Desk {
    let mut desk = Desk::new(plan(blocks, Pace::Guided));
    desk.connect();
    desk.rests(1.0);
    desk.tap(Tap::Confirm);
    desk.rests(4.0);
    assert_eq!(desk.session.frame().stage, Stage::Set);
    desk
}

fn only(desk: &Desk) -> SetResult {
    let results = desk.results();
    assert_eq!(results.len(), 1, "{results:?}");
    results[0].1.clone()
}

fn answer(desk: &mut Desk, answer: Answer) {
    desk.give(Input::Answer { at: desk.at(), answer }, None);
}

#[test]
fn a_session_of_both_legs_goes_from_preflight_to_summary() {
    let blocks = vec![knee(Side::Left, 2, Some(6)), knee(Side::Right, 2, Some(6))];
    let mut desk = in_set(blocks);
    desk.reps(Side::Left, 6, CLEAN);
    answer(&mut desk, Answer::Reserve(3));
    answer(&mut desk, Answer::Pain(0));
    desk.rests(4.0);
    desk.reps(Side::Right, 6, CLEAN);
    // Nobody answers: the review ends by itself, then the rest.
    desk.rests(20.0 + 30.0 + 3.5);
    desk.reps(Side::Left, 6, CLEAN);
    desk.tap(Tap::Confirm);
    desk.rests(4.0);
    desk.reps(Side::Right, 2, SMALL);
    desk.reps(Side::Right, 6, CLEAN);
    desk.tap(Tap::Confirm);
    assert!(desk.session.over());
    let results = desk.results();
    let sides: Vec<_> = results.iter().map(|(index, r)| (*index, r.side, r.count, r.end)).collect();
    let target = SetEnd::Target;
    let (l, r) = (Side::Left, Side::Right);
    assert_eq!(sides, [(0, l, 6, target), (0, r, 6, target), (1, l, 6, target), (1, r, 6, target)]);
    assert_eq!((results[0].1.reserve, results[0].1.pain), (Some(3), Some(0)));
    insta::assert_snapshot!(told(&desk.out));
    let wanted = |r: &&Record| matches!(r, Record::SetBegan { .. } | Record::Ended(_));
    let kept: Vec<_> = desk.out.records.iter().filter(wanted).collect();
    insta::assert_json_snapshot!(kept);
}

#[test]
fn the_picture_follows_the_set_and_its_version_stands_still_with_it() {
    let mut desk = in_set(vec![knee(Side::Right, 1, Some(8))]);
    desk.reps(Side::Right, 4, CLEAN);
    let frame = desk.session.frame().clone();
    assert_eq!((frame.exercise.as_str(), frame.side, frame.mass_g), ("knee_ext_seated", Some(Side::Right), 1500));
    assert_eq!((frame.exercise_name.as_str(), frame.set, frame.target), ("Seated knee extension", (1, 1), Some(8)));
    assert!(frame.count >= 3 && frame.tempo_s == [2.0, 1.0, 3.0]);
    let target = frame.target_deg.unwrap();
    assert!((target - 63.0).abs() < 3.0, "{target}");
    assert!((frame.scale_deg - 100.0).abs() < 1e-9, "{}", frame.scale_deg);
    assert!(frame.last_ranges_deg.iter().all(|r| (r.unwrap() - 70.0).abs() < 3.0));
    assert!(frame.quality.ok() && frame.cuffs.len() == 2);
    // A tick at the same time changes nothing.
    desk.give(Input::Tick { at: desk.at() }, None);
    assert_eq!(desk.session.frame(), &frame);
}

#[test]
fn a_set_ends_by_hand_and_a_count_is_corrected_by_hand() {
    let mut desk = in_set(vec![knee(Side::Right, 1, Some(12))]);
    desk.reps(Side::Right, 4, CLEAN);
    desk.rests(1.0);
    desk.tap(Tap::EndSet);
    assert_eq!((only(&desk).count, only(&desk).end, only(&desk).counts_for_progress), (4, SetEnd::Person, true));
    desk.tap(Tap::CountUp);
    assert_eq!((only(&desk).count, only(&desk).counts_for_progress), (5, false));
    desk.tap(Tap::CountDown);
    assert_eq!(only(&desk).count, 4);
    let reviewed = desk.out.events.iter().filter(|e| matches!(e, Event::SetReviewed { .. })).count();
    assert_eq!(reviewed, 2);
}

#[test]
fn an_open_set_ends_when_the_leg_was_still() {
    let mut desk = in_set(vec![knee(Side::Right, 1, None)]);
    // A long hold is no rest.
    desk.reps(Side::Right, 3, Shape { hold_s: 12.0, ..CLEAN });
    assert_eq!(desk.session.frame().stage, Stage::Set);
    desk.rests(12.0);
    assert_eq!((only(&desk).count, only(&desk).end), (3, SetEnd::Rested));
}

#[test]
fn pain_of_five_ends_the_exercise_and_leaves_the_others() {
    let mut other = knee(Side::Left, 1, Some(4));
    other.exercise = "seat_march".to_owned();
    let blocks = vec![knee(Side::Left, 2, Some(6)), knee(Side::Right, 2, Some(6)), other];
    let mut desk = in_set(blocks);
    desk.reps(Side::Left, 2, CLEAN);
    answer(&mut desk, Answer::Pain(4));
    assert_eq!(desk.session.frame().stage, Stage::Set);
    answer(&mut desk, Answer::Pain(5));
    assert_eq!((only(&desk).end, only(&desk).pain), (SetEnd::Pain, Some(5)));
    assert!(desk.cues().contains(&"pain_stop"));
    let frame = desk.session.frame();
    assert_eq!((frame.stage, frame.exercise.as_str()), (Stage::Rest, "seat_march"));
    assert_eq!(frame.cue, "Stop this one");
}

#[test]
fn pain_told_after_the_set_ends_the_exercise_too() {
    let mut desk = in_set(vec![knee(Side::Left, 3, Some(2))]);
    desk.reps(Side::Left, 2, CLEAN);
    desk.rests(1.0);
    assert_eq!(desk.session.frame().stage, Stage::Review);
    answer(&mut desk, Answer::Pain(7));
    assert!(desk.session.over());
    assert_eq!(only(&desk).pain, Some(7));
    // Nothing else stays open, and nothing says so.
    assert!(desk.cues().contains(&"pain_stop_all") && !desk.cues().contains(&"pain_stop"));
}

#[test]
fn pain_told_on_the_way_to_the_other_leg_stands_on_the_set_that_was_done() {
    for pause in [false, true] {
        let mut desk = in_set(vec![knee(Side::Left, 1, Some(2)), knee(Side::Right, 1, Some(2))]);
        desk.reps(Side::Left, 2, CLEAN);
        desk.rests(1.0);
        desk.tap(Tap::Confirm);
        assert_eq!(desk.session.frame().stage, Stage::GetReady);
        if pause {
            desk.tap(Tap::Pause);
        }
        answer(&mut desk, Answer::Pain(3));
        assert!(!desk.session.over());
        answer(&mut desk, Answer::Pain(7));
        assert!(desk.session.over());
        // The last word on the set that was done.
        assert_eq!(desk.results().last().unwrap().1.pain, Some(7));
    }
}

#[test]
fn a_count_corrected_up_to_the_target_while_paused_ends_the_set() {
    let mut desk = in_set(vec![knee(Side::Left, 1, Some(4))]);
    desk.reps(Side::Left, 3, CLEAN);
    desk.rests(1.0);
    desk.tap(Tap::Pause);
    desk.tap(Tap::CountUp);
    assert_eq!(desk.session.frame().stage, Stage::Paused);
    desk.tap(Tap::GoOn);
    assert_eq!((desk.session.frame().stage, only(&desk).count, only(&desk).end), (Stage::Review, 4, SetEnd::Target));
}

#[test]
fn a_red_flag_ends_the_session_and_is_heard_even_after_it() {
    let mut desk = in_set(vec![knee(Side::Left, 3, Some(8))]);
    desk.reps(Side::Left, 2, CLEAN);
    answer(&mut desk, Answer::RedFlag);
    assert!(desk.session.over());
    assert_eq!(desk.session.frame().cue, "Stop. Sit or lie down. Call for help now.");
    let locked = |r: &&Record| matches!(r, Record::Ended(summary) if summary.red_flag);
    assert_eq!(desk.out.records.iter().filter(locked).count(), 1);

    let mut desk = in_set(vec![knee(Side::Left, 3, Some(8))]);
    desk.tap(Tap::Stop);
    answer(&mut desk, Answer::RedFlag);
    assert_eq!(desk.out.records.iter().filter(locked).count(), 1);
}

#[test]
fn a_lost_cuff_is_told_after_three_seconds_and_pauses_after_twenty() {
    let mut desk = in_set(vec![knee(Side::Right, 1, Some(12))]);
    desk.reps(Side::Right, 3, CLEAN);
    desk.link(Side::Right, LinkState::Lost);
    desk.silent = true;
    desk.rests(2.8);
    assert!(!desk.cues().contains(&"cuff_lost"));
    desk.rests(1.0);
    assert!(desk.cues().contains(&"cuff_lost"));
    assert!(desk.session.frame().angle_deg.is_none() && desk.session.frame().quality.has(Reason::Gap));
    desk.rests(4.0);
    desk.silent = false;
    desk.stream(Side::Right);
    assert!(desk.cues().contains(&"cuff_back"));
    desk.reps(Side::Right, 2, CLEAN);
    desk.rests(1.0);
    assert_eq!((desk.session.frame().stage, desk.session.frame().count), (Stage::Set, 5));
    desk.link(Side::Right, LinkState::Lost);
    desk.silent = true;
    desk.rests(21.0);
    assert_eq!(desk.session.frame().stage, Stage::Paused);
    desk.tap(Tap::EndSet);
    let result = only(&desk);
    assert!(result.quality.has(Reason::Gap) && !result.counts_for_progress);
    assert_eq!(result.count, 5);
}

#[test]
fn a_short_loss_is_not_talked_about() {
    let mut desk = in_set(vec![knee(Side::Right, 1, Some(12))]);
    desk.link(Side::Right, LinkState::Lost);
    desk.rests(2.0);
    desk.link(Side::Right, LinkState::Streaming);
    desk.rests(30.0);
    assert!(!desk.cues().iter().any(|key| key.starts_with("cuff")));
}

#[test]
fn a_set_that_was_slept_through_is_paused_and_says_where_it_was() {
    let mut desk = in_set(vec![knee(Side::Right, 1, Some(12))]);
    desk.reps(Side::Right, 3, CLEAN);
    desk.rests(1.0);
    desk.t += 600.0;
    desk.give(Input::Resumed { at: desk.at(), gap_us: 600_000_000, confident: true }, None);
    assert_eq!(desk.session.frame().stage, Stage::Paused);
    assert_eq!(desk.session.frame().cue, "You were at 3 of 12.");
    desk.tap(Tap::GoOn);
    desk.reps(Side::Right, 2, CLEAN);
    desk.rests(1.0);
    assert_eq!(desk.session.frame().count, 5);
}

#[test]
fn what_moves_while_paused_is_not_counted() {
    let mut desk = in_set(vec![knee(Side::Right, 1, Some(12))]);
    desk.reps(Side::Right, 2, CLEAN);
    desk.rests(1.0);
    desk.tap(Tap::Pause);
    desk.reps(Side::Right, 3, CLEAN);
    desk.tap(Tap::GoOn);
    desk.reps(Side::Right, 1, CLEAN);
    desk.rests(1.0);
    assert_eq!(desk.session.frame().count, 3);
}

#[test]
fn a_rest_can_be_longer_or_cut_short_and_its_end_is_announced() {
    let mut desk = in_set(vec![knee(Side::Left, 2, Some(2))]);
    desk.reps(Side::Left, 2, CLEAN);
    desk.rests(1.0);
    desk.tap(Tap::Confirm);
    assert!((desk.session.frame().left_s.unwrap() - 30.0).abs() < 0.3);
    desk.tap(Tap::RestLonger);
    assert!((desk.session.frame().left_s.unwrap() - 60.0).abs() < 0.3);
    desk.rests(49.0);
    assert!(!desk.cues().contains(&"rest_soon"));
    desk.rests(2.0);
    assert!(desk.cues().contains(&"rest_soon"));
    desk.tap(Tap::Confirm);
    assert_eq!(desk.session.frame().stage, Stage::GetReady);
}

#[test]
fn nothing_begins_before_the_cuff_is_there() {
    let mut desk = Desk::new(plan(vec![knee(Side::Right, 1, Some(4))], Pace::Guided));
    desk.rests(1.0);
    assert_eq!(desk.session.frame().cue, "Right leg, 1.5\u{202f}kg. Is that what you are wearing?");
    desk.tap(Tap::Confirm);
    desk.rests(60.0);
    assert_eq!(desk.session.frame().stage, Stage::Preflight);
    assert_eq!(desk.session.frame().cue, "Looking for the cuff on your right leg.");
    desk.stream(Side::Right);
    assert_eq!(desk.session.frame().stage, Stage::GetReady);
    desk.link(Side::Right, LinkState::Lost);
    desk.rests(10.0);
    assert_eq!((desk.session.frame().stage, desk.session.frame().left_s), (Stage::GetReady, None));
    desk.stream(Side::Right);
    desk.rests(3.1);
    assert_eq!(desk.session.frame().stage, Stage::Set);
}

#[test]
fn every_stage_can_be_stopped() {
    let stop = |mut desk: Desk, stage: Stage| {
        assert_eq!(desk.session.frame().stage, stage);
        desk.tap(Tap::Stop);
        assert!(desk.session.over(), "{stage:?}");
        let ended = desk.out.records.iter().filter(|r| matches!(r, Record::Ended(_))).count();
        assert_eq!((ended, desk.session.frame().stage), (1, Stage::Summary));
        let began = desk.out.records.iter().filter(|r| matches!(r, Record::SetBegan { .. })).count();
        assert_eq!(began, desk.results().len(), "{stage:?}: every set that began has ended");
    };
    let two = || vec![knee(Side::Left, 2, Some(2))];
    stop(Desk::new(plan(two(), Pace::Guided)), Stage::Preflight);
    let mut desk = Desk::new(plan(two(), Pace::Guided));
    desk.connect();
    desk.tap(Tap::Confirm);
    stop(desk, Stage::GetReady);
    stop(in_set(two()), Stage::Set);
    let mut desk = in_set(two());
    desk.tap(Tap::Pause);
    stop(desk, Stage::Paused);
    let after = || {
        let mut desk = in_set(two());
        desk.reps(Side::Left, 2, CLEAN);
        desk.rests(1.0);
        desk
    };
    stop(after(), Stage::Review);
    let mut desk = after();
    desk.tap(Tap::Confirm);
    stop(desk, Stage::Rest);
    let mut walk = knee(Side::Left, 1, None);
    walk.exercise = "walk".to_owned();
    let mut desk = Desk::new(plan(vec![walk], Pace::Guided));
    desk.connect();
    desk.tap(Tap::Confirm);
    desk.rests(4.0);
    stop(desk, Stage::Walk);
}

#[test]
fn the_same_inputs_give_the_same_outputs() {
    let mut desk = in_set(vec![knee(Side::Left, 2, Some(3)), knee(Side::Right, 1, Some(3))]);
    desk.reps(Side::Left, 4, CLEAN);
    desk.tap(Tap::Confirm);
    desk.rests(4.0);
    desk.reps(Side::Right, 3, CLEAN);
    desk.tap(Tap::Stop);
    let mut again = Session::new(
        plan(vec![knee(Side::Left, 2, Some(3)), knee(Side::Right, 1, Some(3))], Pace::Guided),
        &Catalogue::embedded().unwrap(),
    )
    .unwrap();
    let mut out = Outputs::default();
    for (input, time) in &desk.inputs {
        again.step(input, *time, &mut out);
    }
    assert_eq!(out, desk.out);
    assert_eq!(again.frame(), desk.session.frame());
}

#[test]
fn how_samples_are_cut_into_blocks_changes_no_record() {
    let records = |chunk| {
        let mut desk = Desk::new(plan(vec![knee(Side::Right, 2, Some(3))], Pace::Guided));
        desk.legs = vec![Side::Right];
        (desk.chunk, desk.ticks) = (chunk, false);
        desk.connect();
        desk.tap(Tap::Confirm);
        // Long enough that reviews and rests end by themselves, in the middle of blocks.
        desk.rests(4.01);
        desk.reps(Side::Right, 3, CLEAN);
        desk.rests(54.0);
        desk.reps(Side::Right, 4, CLEAN);
        desk.rests(30.0);
        assert!(desk.session.over());
        desk.out.records
    };
    let one = records(1);
    assert!(one == records(10) && one == records(41));
}

#[test]
fn a_session_goes_on_from_its_bookmark() {
    let blocks = || vec![knee(Side::Left, 2, Some(6)), knee(Side::Right, 2, Some(6))];
    let mut desk = in_set(blocks());
    desk.reps(Side::Left, 4, CLEAN);
    desk.rests(1.0);
    let mark = desk.session.bookmark();
    assert_eq!((mark.stage, mark.count, mark.side), (Stage::Set, 4, Some(Side::Left)));
    let catalogue = Catalogue::embedded().unwrap();
    let mut on = Desk::of(Session::resume(plan(blocks(), Pace::Guided), &catalogue, &mark).unwrap());
    on.t = desk.t + 60.0;
    on.connect();
    assert_eq!(on.session.frame().cue, "You were at 4 of 6.");
    on.tap(Tap::GoOn);
    on.rests(2.0);
    on.reps(Side::Left, 2, CLEAN);
    on.rests(1.0);
    let result = only(&on);
    assert_eq!((result.count, result.end, result.counts_for_progress), (6, SetEnd::Target, false));
    let (frame, mark) = (on.session.frame().stage, on.session.bookmark());
    assert_eq!((frame, mark.set_index), (Stage::Review, 0));

    // From a rest to its end, and over stays over.
    on.tap(Tap::Confirm);
    on.rests(4.0);
    on.reps(Side::Right, 6, CLEAN);
    on.tap(Tap::Confirm);
    let mark = on.session.bookmark();
    assert_eq!((mark.stage, mark.set_index), (Stage::Rest, 1));
    let mut rest = Desk::of(Session::resume(plan(blocks(), Pace::Guided), &catalogue, &mark).unwrap());
    rest.t = on.t;
    rest.connect();
    rest.rests(34.0);
    assert_eq!((rest.session.frame().stage, rest.session.frame().set), (Stage::Set, (2, 2)));
    rest.tap(Tap::Stop);
    let mark = rest.session.bookmark();
    assert!(Session::resume(plan(blocks(), Pace::Guided), &catalogue, &mark).unwrap().over());
}

#[test]
fn a_plan_that_cannot_be_done_is_refused() {
    let catalogue = Catalogue::embedded().unwrap();
    let refused = |plan| Session::new(plan, &catalogue).unwrap_err();
    assert_eq!(refused(plan(vec![], Pace::Guided)), PlanError::Empty);
    let mut heavy = knee(Side::Left, 1, Some(8));
    heavy.mass_g = 5001;
    assert_eq!(refused(plan(vec![heavy], Pace::Guided)), PlanError::TooHeavy { side: Side::Left, mass_g: 5001 });
    let mut unknown = knee(Side::Left, 1, Some(8));
    unknown.exercise = "knee_ext_seatd".to_owned();
    let error = refused(plan(vec![unknown], Pace::Guided)).to_string();
    assert!(error.contains("knee_ext_seatd") && error.contains("knee_ext_seated"), "{error}");
    let mut bare = plan(vec![knee(Side::Left, 1, Some(8))], Pace::Guided);
    bare.worn.retain(|worn| worn.cuff == RIGHT);
    assert_eq!(refused(bare), PlanError::NoCuff { block: 0, side: Side::Left });
    let nothing = plan(vec![knee(Side::Left, 1, Some(0))], Pace::Guided);
    assert_eq!(refused(nothing), PlanError::NothingAsked { block: 0 });
    let mut twice = plan(vec![knee(Side::Left, 1, Some(8))], Pace::Guided);
    twice.worn[1].cuff = twice.worn[0].cuff;
    assert_eq!(refused(twice), PlanError::WornTwice { side: Side::Right });
}

#[test]
fn german_is_spoken_where_german_is_asked_for() {
    let mut german = plan(vec![knee(Side::Right, 1, Some(4))], Pace::Guided);
    german.language = "de-CH".to_owned();
    let mut desk = Desk::new(german);
    desk.rests(0.2);
    assert_eq!(desk.session.frame().exercise_name, "Kniestrecken im Sitzen");
    assert_eq!(desk.session.frame().cue, "Rechtes Bein, 1,5\u{202f}kg. Ist das so angelegt?");
}

#[test]
fn time_that_runs_back_is_not_believed() {
    let mut desk = in_set(vec![knee(Side::Right, 1, Some(4))]);
    let now = desk.session.bookmark().at;
    desk.give(Input::Tick { at: Micros(0) }, None);
    assert_eq!(desk.session.bookmark().at, now);
}
