use super::*;
use crate::catalogue::Catalogue;
use crate::load::Bound;
use crate::person::Level;
use crate::screening::{Answers, Question, Reply, Stance};
use crate::text::Texts;

fn good(day: i64, mass_g: u32, count: u32) -> Exposure {
    let set = SetDone {
        count,
        reserve: Some(3),
        pain: Some(0),
        form: Some(90),
        range_share: Some(1.0),
        rate_deg_per_s: Some(100.0),
        measured: true,
    };
    Exposure { day, mass_g, sets: vec![set; 2], morning_rise: None, checked_in: true, lighter: false, rough: false }
}

fn spoil(mut one: Exposure, change: impl Fn(&mut SetDone)) -> Exposure {
    change(&mut one.sets[1]);
    one
}

/// Decides for the seated knee extension of somebody of 1.70 m and 70 kg, ceiling 4.75 kg, day 10.
fn decide_for(own: &[Exposure], other: Option<&[Exposure]>, change: impl Fn(&mut Case<'_>)) -> Step {
    let catalogue = Catalogue::embedded().unwrap();
    let (body, kit) = (Body::new(170.0, 70.0).unwrap(), Kit::new(500, 250, 5000).unwrap());
    let ceiling = Ceiling { mass_g: 4750, bound: Bound::Body };
    let mut case = Case {
        exercise: catalogue.exercise("knee_ext_seated").unwrap(),
        body: &body,
        care: false,
        ceiling: &ceiling,
        kit: &kit,
        rules: catalogue.rules(),
        reps: (10, 15),
        sets: 2,
        rest_s: 60,
        reserve: 3,
        week: 0,
    };
    change(&mut case);
    next(&case, own, other, 10)
}

fn said(own: &[Exposure]) -> (Action, u32, String) {
    let step = decide_for(own, None, |_| {});
    (step.action, step.mass_g, step.why.say(&Texts::of("en")))
}

#[test]
fn the_first_weight_comes_after_two_good_sessions_without() {
    assert_eq!(said(&[]).0, Action::Learn);
    let (action, mass, why) = said(&[good(6, 0, 10)]);
    assert_eq!((action, mass), (Action::Learn, 0));
    assert_eq!(why, "1 more good session without weight comes first.");
    assert_eq!(said(&[good(6, 0, 10), good(8, 0, 10)]).0, Action::FindLoad);
    for spoilt in [
        spoil(good(8, 0, 10), |set| set.form = Some(79)),
        spoil(good(8, 0, 10), |set| set.form = None),
        spoil(good(8, 0, 10), |set| set.pain = None),
        spoil(good(8, 0, 10), |set| set.measured = false),
    ] {
        assert_eq!(said(&[good(6, 0, 10), spoilt]).0, Action::Learn);
    }
}

#[test]
fn a_step_up_takes_two_sessions_that_met_every_check() {
    let met = [good(6, 1000, 15), good(8, 1000, 15)];
    let (action, mass, why) = said(&met);
    // 0.25 kg is 0.93 N·m more on 14.3 N·m: 6.5 %.
    assert_eq!((action, mass), (Action::Up, 1250));
    assert_eq!(why, "Next time 1.25\u{202f}kg. You met every check 2 times.");
    for spoilt in [
        spoil(good(8, 1000, 15), |set| set.count = 14),
        spoil(good(8, 1000, 15), |set| set.reserve = Some(2)),
        spoil(good(8, 1000, 15), |set| set.reserve = None),
        spoil(good(8, 1000, 15), |set| set.pain = Some(3)),
        spoil(good(8, 1000, 15), |set| set.pain = None),
        spoil(good(8, 1000, 15), |set| set.form = Some(79)),
        spoil(good(8, 1000, 15), |set| set.form = None),
        spoil(good(8, 1000, 15), |set| set.range_share = Some(0.89)),
        spoil(good(8, 1000, 15), |set| set.measured = false),
    ] {
        for own in [[good(6, 1000, 15), spoilt.clone()], [spoilt.clone(), good(8, 1000, 15)]] {
            let (action, mass, _) = said(&own);
            assert!(action == Action::Hold && mass == 1000, "{action:?} {mass}: {spoilt:?}");
        }
    }
}

#[test]
fn repetitions_rise_before_the_weight_and_fall_back_after_it() {
    let step = decide_for(&[good(6, 1000, 12), good(8, 1000, 12)], None, |_| {});
    assert_eq!((step.action, step.reps), (Action::Hold, 13));
    let step = decide_for(&[good(6, 1000, 15), good(8, 1000, 15)], None, |_| {});
    assert_eq!((step.action, step.reps), (Action::Up, 10));
}

#[test]
fn a_big_step_is_earned_and_a_bigger_one_is_not_taken() {
    let coarse = Kit::new(500, 500, 5000).unwrap();
    let of = |count, kit: &Kit| {
        let own = [good(6, 500, count), good(8, 500, count)];
        let catalogue = Catalogue::embedded().unwrap();
        let body = Body::new(170.0, 70.0).unwrap();
        let ceiling = Ceiling { mass_g: 4750, bound: Bound::Body };
        let case = Case {
            exercise: catalogue.exercise("knee_ext_seated").unwrap(),
            body: &body,
            care: false,
            ceiling: &ceiling,
            kit,
            rules: catalogue.rules(),
            reps: (10, 15),
            sets: 2,
            rest_s: 60,
            reserve: 3,
            week: 0,
        };
        next(&case, &own, None, 10)
    };
    // From 0.5 to 1 kg: 1.85 on 12.4 N·m, 14.9 %: three repetitions more first.
    let step = of(15, &coarse);
    assert_eq!((step.action, step.mass_g, step.reps), (Action::Hold, 500, 18));
    assert_eq!((of(18, &coarse).action, of(18, &coarse).mass_g), (Action::Up, 1000));
    // From 0.5 to 1.5 kg: 29.8 %.
    let step = of(18, &Kit::new(500, 1000, 5000).unwrap());
    assert_eq!((step.action, step.mass_g), (Action::Slower, 500));
}

#[test]
fn pain_holds_lowers_and_stops() {
    let pain = |points| [good(6, 1000, 15), spoil(good(8, 1000, 15), |set| set.pain = Some(points))];
    assert_eq!(said(&pain(2)).0, Action::Up);
    assert_eq!((said(&pain(3)).0, said(&pain(4)).1), (Action::Hold, 1000));
    assert_eq!((said(&pain(5)).0, said(&pain(5)).1), (Action::Down, 750));
    assert_eq!(said(&pain(5)).2, "This time 0.75\u{202f}kg. Pain was 5 of 10.");
    let mut unasked = pain(7);
    unasked[1].checked_in = false;
    assert_eq!(said(&unasked).0, Action::CheckInFirst);
    assert_eq!(said(&unasked).2, "Not until your next check-in. Pain was 7 of 10.");
    // An answer counts whether or not the set was measured.
    let unmeasured = [good(6, 1000, 15), spoil(good(8, 1000, 15), |set| (set.pain, set.measured) = (Some(6), false))];
    assert_eq!(said(&unmeasured).1, 750);
    let mut morning = [good(6, 1000, 15), good(8, 1000, 15)];
    morning[1].morning_rise = Some(2);
    assert_eq!((said(&morning).0, said(&morning).1), (Action::Down, 750));
}

#[test]
fn poor_form_and_two_misses_lower_the_load() {
    let form = [good(6, 1000, 12), spoil(good(8, 1000, 12), |set| set.form = Some(59))];
    assert_eq!((said(&form).0, said(&form).1), (Action::Down, 750));
    assert_eq!(said(&[good(6, 1000, 9), good(8, 1000, 9)]).1, 750);
    assert_eq!(said(&[good(6, 1000, 10), good(8, 1000, 9)]).1, 1000);
}

#[test]
fn time_away_repeats_lowers_or_begins_again() {
    let after = |days: i64| said(&[good(7 - days, 1000, 15), good(10 - days, 1000, 15)]);
    assert_eq!(after(6).0, Action::Up);
    assert_eq!((after(7).0, after(13).1), (Action::Hold, 1000));
    assert_eq!((after(14).0, after(14).1), (Action::Down, 750));
    assert_eq!(after(14).2, "14 days away. One step lighter: 0.75\u{202f}kg.");
    assert_eq!((after(28).0, after(28).1), (Action::FindLoad, 0));
    // Once a week is a rhythm and no break; ten days are, and a fortnight is one for everybody.
    let spaced = |away: i64| said(&[-14, -7, 0].map(|day| good(10 - away + day, 1000, 15)));
    assert_eq!((spaced(7).0, spaced(9).0, spaced(10).0), (Action::Up, Action::Up, Action::Hold));
    assert_eq!(spaced(14).0, Action::Down);
    // Without a weight the way to the first one goes on.
    assert_eq!(said(&[good(-4, 0, 10), good(3, 0, 10)]).0, Action::FindLoad);
    // A clock that was set back is not a break.
    assert_eq!(said(&[good(50, 1000, 15), good(60, 1000, 15)]).0, Action::Up);
}

#[test]
fn the_weaker_side_leads() {
    let own = [good(6, 1000, 15), good(8, 1000, 15)];
    let weaker = [good(6, 1000, 15), good(8, 1000, 13)];
    let lighter = [good(6, 750, 15), good(8, 750, 15)];
    assert_eq!(decide_for(&own, Some(&own), |_| {}).action, Action::Up);
    for other in [&weaker[..], &lighter[..], &[]] {
        let step = decide_for(&own, Some(other), |_| {});
        assert_eq!((step.action, step.mass_g), (Action::Hold, 1000));
        assert_eq!(step.why.rule, "other_side");
    }
}

#[test]
fn every_fourth_week_is_lighter_and_care_keeps_the_load() {
    let own = [good(6, 2000, 15), good(8, 2000, 15)];
    let step = decide_for(&own, None, |case| case.week = 4);
    assert_eq!((step.action, step.mass_g, step.sets), (Action::Lighter, 1500, 2)); // 1.6 kg, 1.2 sets
    let step = decide_for(&own, None, |case| (case.week, case.care, case.sets) = (8, true, 4));
    assert_eq!((step.action, step.mass_g, step.sets), (Action::Lighter, 2000, 2));
    assert_eq!(decide_for(&own, None, |case| case.week = 5).action, Action::Up);
    let tired = |set: &mut SetDone| (set.reserve, set.range_share) = (Some(1), Some(0.5));
    let mut weary = [good(6, 2000, 15), good(8, 2000, 15)];
    weary[1].sets.iter_mut().for_each(tired);
    assert_eq!(said(&weary).2, "Two signs of tiredness. Lighter this time: 1.5\u{202f}kg.");
}

#[test]
fn after_a_lighter_time_the_load_comes_back_once_and_only_from_comfort() {
    let lighter = |day| Exposure { lighter: true, ..good(day, 1500, 10) };
    let own = [good(1, 2000, 15), good(3, 2000, 15), lighter(6), lighter(8)];
    // Still the lighter week: lighter than what was reached, not than the last lighter time.
    let step = decide_for(&own, None, |case| case.week = 4);
    assert_eq!((step.action, step.mass_g), (Action::Lighter, 1500));
    assert_eq!((said(&own).0, said(&own).1), (Action::Back, 2000));
    for spoilt in [
        spoil(lighter(8), |set| set.pain = Some(3)),
        spoil(lighter(8), |set| set.pain = None),
        spoil(lighter(8), |set| set.measured = false),
    ] {
        let own = [good(1, 2000, 15), good(3, 2000, 15), lighter(6), spoilt];
        assert_eq!((said(&own).0, said(&own).1), (Action::Hold, 1500));
    }
    // The lighter sessions are no miss of the full load, and no part of two good ones.
    let own = [good(1, 2000, 15), lighter(3), good(6, 2000, 15)];
    assert_eq!((said(&own).0, said(&own).1), (Action::Up, 2250));
}

#[test]
fn at_the_ceiling_it_stays_and_says_when_it_is_outgrown() {
    let low = Ceiling { mass_g: 1000, bound: Bound::Kit };
    let of = |reserve| {
        let easy = |day| {
            let mut one = good(day, 1000, 15);
            one.sets.iter_mut().for_each(|set| set.reserve = Some(reserve));
            one
        };
        let catalogue = Catalogue::embedded().unwrap();
        let (body, kit) = (Body::new(170.0, 70.0).unwrap(), Kit::new(500, 250, 1000).unwrap());
        let case = Case {
            exercise: catalogue.exercise("side_abd").unwrap(),
            body: &body,
            care: false,
            ceiling: &low,
            kit: &kit,
            rules: catalogue.rules(),
            reps: (10, 15),
            sets: 2,
            rest_s: 60,
            reserve: 3,
            week: 0,
        };
        next(&case, &[easy(6), easy(8)], None, 10)
    };
    assert_eq!((of(3).action, of(3).mass_g), (Action::Hold, 1000));
    assert_eq!((of(4).action, of(4).why.rule.as_str()), (Action::Outgrown, "outgrown"));
}

#[test]
fn three_sessions_without_a_gain_ask_for_a_slower_way_down() {
    let own: Vec<_> = [1, 3, 5, 8].into_iter().map(|day| good(day, 1000, 12)).collect();
    assert_eq!((said(&own).0, said(&own).1), (Action::Slower, 1000));
    let gained: Vec<_> = [(1, 11), (3, 12), (5, 12), (8, 12)].into_iter().map(|(d, n)| good(d, 1000, n)).collect();
    assert_eq!(said(&gained).0, Action::Hold);
    // Below what was reached before is no gain, and the sessions count on from there.
    let fallen: Vec<_> = [(0, 14), (1, 10), (3, 11), (8, 12)].into_iter().map(|(d, n)| good(d, 1000, n)).collect();
    assert_eq!(said(&fallen).0, Action::Slower);
}

#[test]
fn one_thing_after_the_other_is_changed_and_the_load_last() {
    let still = |sessions: i64| {
        let own: Vec<_> = (0..=sessions).map(|i| good(9 - sessions + i, 1000, 12)).collect();
        let step = decide_for(&own, None, |_| {});
        assert_eq!(step.reserve, 3);
        (step.why.rule, step.action, step.mass_g, step.sets, step.reps)
    };
    let rule = |name: &str, action, mass_g, sets, reps| (name.to_owned(), action, mass_g, sets, reps);
    assert_eq!(still(2), rule("more_reps", Action::Hold, 1000, 2, 13));
    assert_eq!(still(3), rule("plateau", Action::Slower, 1000, 2, 12));
    assert_eq!(still(5), rule("plateau", Action::Slower, 1000, 2, 12));
    assert_eq!(still(6), rule("plateau_sets", Action::Hold, 1000, 3, 10));
    assert_eq!(still(9), rule("plateau_vary", Action::Vary, 1000, 2, 12));
    assert_eq!(still(12), rule("plateau_often", Action::Hold, 1000, 2, 12));
    assert_eq!(still(15), rule("plateau_load", Action::Down, 750, 2, 10));
    let why = decide_for(&(0..16).map(|i| good(i - 6, 1000, 12)).collect::<Vec<_>>(), None, |_| {}).why;
    assert_eq!(
        why.say(&Texts::of("en")),
        "Still no change. One step lighter, 0.75\u{202f}kg, and up again from there."
    );
    // Without a weight there is nothing to take off.
    let none = Ceiling { mass_g: 0, bound: Bound::Body };
    let bare: Vec<_> = (0..=15).map(|i| good(i - 6, 0, 12)).collect();
    let step = decide_for(&bare, None, |case| case.ceiling = Box::leak(Box::new(none.clone())));
    assert_eq!(step.mass_g, 0);
}

#[test]
fn the_side_that_is_behind_gets_one_more_set_unless_it_hurts() {
    let at = |count| [good(6, 1000, count), good(8, 1000, count)];
    let step = |own: &[Exposure], other: &[Exposure]| decide_for(own, Some(other), |_| {});
    // 12 of 14 is 14 % behind, 11 of 14 is 21 %.
    assert_eq!((step(&at(12), &at(14)).sets, step(&at(11), &at(14)).sets), (2, 3));
    assert_eq!(step(&at(11), &at(14)).why.say(&Texts::of("en")), "This side is behind. One more set for it.");
    assert_eq!(step(&at(14), &at(11)).sets, 2, "not the side that is ahead");
    // A lighter load for as many repetitions is behind as well, by the torque: 12.42 of 15.2 N·m.
    let lighter = [good(6, 500, 12), good(8, 500, 12)];
    assert_eq!(step(&lighter, &[good(6, 1250, 12), good(8, 1250, 12)]).sets, 3);
    for spoilt in [
        spoil(good(8, 1000, 11), |set| set.pain = Some(3)),
        spoil(good(8, 1000, 11), |set| set.pain = None),
        spoil(good(8, 1000, 11), |set| set.measured = false),
    ] {
        assert_eq!(step(&[good(6, 1000, 11), spoilt], &at(14)).sets, 2);
    }
    let hurts = [good(6, 1000, 14), spoil(good(8, 1000, 14), |set| set.pain = Some(4))];
    assert_eq!(step(&at(11), &hurts).sets, 2);
    assert_eq!(decide_for(&at(11), Some(&at(14)), |case| case.week = 4).action, Action::Lighter);
}

#[test]
fn what_a_plan_holds_back_is_not_outgrown_and_a_harder_exercise_is_one_that_is_open() {
    let easy = [5u8; 2].map(|reserve| {
        let mut one = good(8, 1000, 15);
        one.sets.iter_mut().for_each(|set| set.reserve = Some(reserve));
        one
    });
    let held_by = |bound| {
        let ceiling = Ceiling { mass_g: 1000, bound };
        decide_for(&easy, None, |case| case.ceiling = Box::leak(Box::new(ceiling.clone()))).action
    };
    assert_eq!((held_by(Bound::Kit), held_by(Bound::Plan)), (Action::Outgrown, Action::Hold));
    let catalogue = Catalogue::embedded().unwrap();
    let who = |level| {
        let person = crate::Person::new(40, Body::new(170.0, 70.0).unwrap(), level).unwrap();
        let without = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
        let replies = Question::ALL.into_iter().map(|q| (q, without(q))).collect();
        let answers = Answers { replies, ..Answers::default() };
        Screening::new(&person, &answers, Stance::default(), catalogue.rules()).unwrap()
    };
    let side = catalogue.exercise("side_abd").unwrap();
    let other = |action, level| another(&catalogue, side, action, &who(level)).map(|one| one.id.as_str());
    assert_eq!(other(Action::Outgrown, Level::Trained), Some("side_plank_abd"));
    assert_eq!(other(Action::Outgrown, Level::Beginner), None);
    assert_eq!(other(Action::Vary, Level::Beginner), Some("stand_abd"));
}

#[test]
fn a_load_above_a_ceiling_that_came_down_follows_it() {
    let catalogue = Catalogue::embedded().unwrap();
    let low = Ceiling { mass_g: 500, bound: Bound::Plan };
    let (body, kit) = (Body::new(170.0, 70.0).unwrap(), Kit::new(500, 250, 5000).unwrap());
    let case = Case {
        exercise: catalogue.exercise("knee_ext_seated").unwrap(),
        body: &body,
        care: true,
        ceiling: &low,
        kit: &kit,
        rules: catalogue.rules(),
        reps: (10, 15),
        sets: 2,
        rest_s: 60,
        reserve: 1,
        week: 0,
    };
    let step = next(&case, &[good(8, 2000, 15)], None, 10);
    assert_eq!((step.action, step.mass_g, step.why.rule.as_str()), (Action::Down, 500, "ceiling_plan"));
    // Care leaves at least two in reserve and rests longer.
    assert_eq!((step.reserve, step.rest_s), (2, 90));
}
