//! From somebody to a session plan: who they are, what they answered, whose plan they trust, what they did before.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{KNEE, day};
use std::path::Path;
use talus_app::coach::calendar::Lift;
use talus_app::coach::load::Bound;
use talus_app::coach::progression::Action;
use talus_app::coach::screening::Sign;
use talus_app::coach::trusted::{Day, TrustError, author_of, blank, sign};
use talus_app::coach::{
    Answers, Catalogue, Level, Pace, PersonError, Question, Record, Reply, ScreeningError, SessionPlan, SessionSummary,
    SetResult, Worn,
};
use talus_app::files::{ImuFile, Preset};
use talus_app::motion::{CuffId, Side};
use talus_app::store::{About, Kind, Moment, ProfileId, SessionHead, SessionId, Sex, Store};
use talus_app::{AppError, Condition, LiftWish, Opening, Outcome, PersonRefusal, Talus, TodaySheet, without_a_worry};
use talus_sim::leg::upright::Upright;

const SECRET: [u8; 32] = [7; 32];

fn open(folder: &Path) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: "en".to_owned(), zone: Some("UTC".to_owned()) }).unwrap()
}

fn no_worries() -> Answers {
    about().answers.unwrap()
}

fn about() -> About {
    without_a_worry(1980, 70.0)
}

fn refusal<T: std::fmt::Debug>(result: Result<T, AppError>) -> PersonRefusal {
    match result {
        Err(AppError::Person(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn set(side: Side, mass_g: u32, count: u32, pain: u8) -> SetResult {
    SetResult { pain: Some(pain), ..common::set(side, mass_g, count) }
}

struct Session {
    plan: SessionPlan,
    sets: Vec<SetResult>,
    ago: i64,
    kind: Kind,
    red_flag: bool,
}

impl Session {
    fn of(talus: &Talus, ago: i64, sets: Vec<SetResult>) -> Self {
        Self { plan: talus.session_plan(&[KNEE], &worn()).unwrap(), sets, ago, kind: Kind::Live, red_flag: false }
    }
}

/// As the app leaves a session behind.
fn done(folder: &Path, profile: ProfileId, session: Session) {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    let today = talus_app::clock::utc_ms();
    let started_utc_ms = today - session.ago * 86_400_000 - 120_000;
    let head = SessionHead {
        id: SessionId(
            u128::from(store.sessions(profile, None, 1000).unwrap().len() as u64)
                .to_le_bytes()
                .map(|b| b ^ profile.0[15]),
        ),
        profile,
        kind: session.kind,
        started_utc_ms,
        offset_min: 0,
        zone: "UTC".to_owned(),
        local_day: day(session.ago),
        engine_version: 1,
        catalogue_version: "1".to_owned(),
        plan: session.plan,
        source: String::new(),
    };
    let mut recorder = store.begin(&head).unwrap();
    let records: Vec<Record> = (0..)
        .zip(session.sets)
        .flat_map(|(set_index, result)| {
            let (exercise, side, mass_g) = (result.exercise.clone(), result.side, result.mass_g);
            [
                Record::SetBegan { set_index, exercise, side, mass_g, at: result.began },
                Record::SetEnded { set_index, result },
            ]
        })
        .chain([Record::Ended(SessionSummary {
            duration_s: 60.0,
            sets: 1,
            reps: 1,
            strides: 0,
            sentence: String::new(),
            next: Vec::new(),
            walk: Vec::new(),
            walked: None,
            tested: Vec::new(),
            red_flag: session.red_flag,
        })])
        .collect();
    recorder.records(&records);
    recorder.finish(started_utc_ms + 60_000).unwrap();
}

fn worn() -> Vec<Worn> {
    vec![Worn { cuff: CuffId([1; 16]), side: Side::Left, mass_g: 500 }]
}

/// A signed plan for the seated knee extension, left: at most 1 kg, to 60 degrees.
fn plan_text() -> String {
    let from = Day::parse(&day(1)).unwrap();
    let text = blank("A. Physio", from, Day::parse(&day(-30)).unwrap());
    sign(&text, &SECRET, &Catalogue::embedded().unwrap()).unwrap()
}

#[test]
fn what_nobody_can_be_is_refused_by_name_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    assert_eq!(talus.about().unwrap(), None);
    assert_eq!(refusal(talus.prescribe(KNEE, Side::Left, false)), PersonRefusal::Nobody);
    let impossible = [
        (About { birth_year: 1900, ..about() }, "age"),
        (About { birth_year: 2190, ..about() }, "age"),
        (About { height_cm: 1.7, ..about() }, "height"),
        (About { height_cm: f64::NAN, ..about() }, "height"),
        (About { mass_kg: 700.0, ..about() }, "body mass"),
    ];
    for (wrong, named) in impossible {
        let refused = refusal(talus.set_about(&wrong));
        assert!(matches!(refused, PersonRefusal::Impossible(_)) && refused.to_string().contains(named), "{refused:?}");
        assert!(!refused.advice().is_empty());
    }
    let refused = refusal(talus.set_about(&About { birth_year: 2190, ..about() }));
    assert_eq!(refused, PersonRefusal::Impossible(PersonError::Age { years: 0 }));
    let mut answers = no_worries();
    answers.replies.remove(&Question::Bones);
    let missing = refusal(talus.set_about(&About { answers: Some(answers), ..about() }));
    assert_eq!(missing, PersonRefusal::Answers(ScreeningError::Missing { missing: vec![Question::Bones] }));
    assert_eq!(talus.about().unwrap(), None, "nothing of it was kept");
    talus.set_about(&About { answers: None, ..about() }).unwrap();
    assert_eq!(refusal(talus.prescribe(KNEE, Side::Left, false)), PersonRefusal::Unscreened);
    assert_eq!(talus.questions().len(), 12);
    talus.set_about(&about()).unwrap();
    assert_eq!(talus.about().unwrap(), Some(about()));
}

#[test]
fn screening_says_of_every_exercise_whether_it_is_open_and_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut answers = no_worries();
    answers.replies.insert(Question::FloorAlone, Reply::NotSure);
    talus.set_about(&About { birth_year: 1950, answers: Some(answers), ..about() }).unwrap();
    let all = talus.openness().unwrap();
    assert_eq!(all.len(), 2 * talus.catalogue().exercises().count());
    let of = |id: &str| all.iter().find(|one| one.exercise == id).unwrap();
    assert!(!of("donkey_kick").open && of("donkey_kick").whys[0].starts_with("This one is on the floor."));
    assert!(of("stand_abd").open && of("stand_abd").whys == ["Keep a hand on something steady."]);
    let knee = of(KNEE);
    assert!(knee.open && knee.whys.is_empty());
    assert_eq!((knee.ceiling.mass_g, knee.ceiling.bound.clone()), (2250, Bound::Body));
    assert_eq!(knee.ceiling_why, "2.25\u{202f}kg is the most for your body weight.");
    assert!(matches!(refusal(talus.prescribe("donkey_kick", Side::Left, false)), PersonRefusal::NotOpen { .. }));
}

#[test]
fn loads_follow_from_what_this_person_did_on_this_side_and_from_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&about()).unwrap();
    let me = talus.person();
    let first = talus.prescribe(KNEE, Side::Left, false).unwrap();
    assert_eq!((first.step.action, first.prescription.mass_g), (Action::Learn, 0));
    let sets = |mass_g, count| vec![set(Side::Left, mass_g, count, 0), set(Side::Left, mass_g, count, 1)];
    for ago in [6, 5] {
        done(folder.path(), me, Session::of(&talus, ago, sets(0, 12)));
    }
    let next = talus.prescribe(KNEE, Side::Left, false).unwrap();
    assert_eq!((next.step.action, next.known.own.len()), (Action::FindLoad, 2));
    assert!((next.prescription.own_range_deg.unwrap() - 75.0).abs() < 1e-9, "learned from the first session");
    // Looking for the load: 750 g gave way, so 500 g was found.
    let mut looking = vec![set(Side::Left, 0, 8, 0), set(Side::Left, 500, 8, 0), set(Side::Left, 750, 10, 3)];
    looking[1].reserve = Some(5);
    done(folder.path(), me, Session::of(&talus, 4, looking));
    let found = talus.prescribe(KNEE, Side::Left, false).unwrap();
    assert_eq!((found.step.action, found.prescription.mass_g), (Action::Hold, 500), "{:?}", found.step);
    // Twice at the top of its range: a step up.
    for ago in [3, 2] {
        done(folder.path(), me, Session::of(&talus, ago, sets(500, 15)));
    }
    let up = talus.prescribe(KNEE, Side::Left, false).unwrap();
    assert_eq!((up.step.action, up.prescription.mass_g), (Action::Up, 750));
    assert_eq!(up.prescription.why, "Next time 0.75\u{202f}kg. You met every check 2 times.");
    // Not for the other leg, which waits for none of it, and holds this one where both are trained.
    assert_eq!(talus.prescribe(KNEE, Side::Right, false).unwrap().step.action, Action::Learn);
    assert_eq!(talus.prescribe(KNEE, Side::Left, true).unwrap().step.action, Action::Hold);
    // Not from a replay, nor from a demo that was planned for nobody.
    let nobodys = |kind| {
        let plan = SessionPlan { known: None, ..talus.session_plan(&[KNEE], &worn()).unwrap() };
        Session { plan, kind, ..Session::of(&talus, 0, sets(5000, 15)) }
    };
    done(folder.path(), me, nobodys(Kind::Replay));
    done(folder.path(), me, nobodys(Kind::Demo));
    assert_eq!(talus.prescribe(KNEE, Side::Left, false).unwrap(), up);
    // And not for anybody else.
    let other = talus.for_person(talus.add_person("Ben").unwrap()).unwrap();
    assert_eq!(refusal(other.prescribe(KNEE, Side::Left, false)), PersonRefusal::Nobody);
    other.set_about(&About { mass_kg: 55.0, ..about() }).unwrap();
    assert_eq!(other.prescribe(KNEE, Side::Left, false).unwrap().step.action, Action::Learn);
    assert_eq!(talus.about().unwrap(), Some(about()));
    assert!(matches!(talus.for_person(ProfileId([9; 16])), Err(AppError::NoPerson(_))));
}

#[test]
fn a_plan_counts_once_its_words_were_compared_and_until_trust_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&about()).unwrap();
    let text = plan_text();
    let preview = talus.preview_plan(&text).unwrap();
    assert!(!preview.known && preview.words == author_of(&SECRET).words() && preview.not_now.is_none());
    assert_eq!((preview.lines.len(), preview.lines[0].mass_most_g), (1, 1000));
    for words in [None, Some("lusab babad gutih tugad dimol fakig")] {
        let stranger = refusal(talus.accept_plan(&text, words));
        assert!(matches!(stranger, PersonRefusal::Plan(TrustError::Stranger { .. })), "{stranger:?}");
    }
    assert_eq!(talus.plan().unwrap(), None);
    assert_eq!(talus.prescribe("side_abd", Side::Left, false).unwrap().step.action, Action::Learn);

    let spoken = format!("  {} ", preview.words.to_uppercase());
    assert!(talus.accept_plan(&text, Some(&spoken)).unwrap().known);
    let knee = talus.prescribe(KNEE, Side::Left, false).unwrap();
    assert_eq!((knee.ceiling.mass_g, knee.ceiling.bound), (1000, Bound::Plan));
    assert_eq!(knee.known.range_deg, Some((0.0, 60.0)));
    let outside = refusal(talus.prescribe("side_abd", Side::Left, false));
    let whys = vec!["A plan is in force, and this is not in it.".to_owned()];
    assert_eq!(outside, PersonRefusal::NotOpen { name: "Side-lying leg raise".to_owned(), whys });
    assert!(matches!(refusal(talus.prescribe(KNEE, Side::Right, false)), PersonRefusal::NotOpen { .. }));

    // Known by now: the words are not asked again. A letter changed, unsigned or past: refused, and the old one stays.
    assert!(talus.accept_plan(&text, None).is_ok());
    let changed = text.replace("mass_most_g = 1000", "mass_most_g = 4000");
    assert_eq!(refusal(talus.accept_plan(&changed, None)), PersonRefusal::Plan(TrustError::Forged));
    let over = blank("A. Physio", Day::parse(&day(90)).unwrap(), Day::parse(&day(2)).unwrap());
    let over = sign(&over, &SECRET, &Catalogue::embedded().unwrap()).unwrap();
    assert!(matches!(refusal(talus.accept_plan(&over, None)), PersonRefusal::Plan(TrustError::Over { .. })));
    assert_eq!(talus.plan().unwrap().unwrap().lines[0].mass_most_g, 1000);

    talus.distrust_author().unwrap();
    assert_eq!(talus.plan().unwrap(), None);
    assert_eq!(talus.prescribe(KNEE, Side::Left, false).unwrap().ceiling.bound, Bound::Body);
    assert!(matches!(refusal(talus.accept_plan(&text, None)), PersonRefusal::Plan(TrustError::Stranger { .. })));
}

#[test]
fn a_check_in_changes_the_day_at_once_and_a_red_flag_locks_it() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&about()).unwrap();
    let said = |pain, signs: &[Sign]| Condition {
        pain: Some(pain),
        signs: signs.iter().copied().collect(),
        ..Condition::default()
    };
    let too_much = refusal(talus.check_in(Moment::Before, &said(11, &[])));
    assert_eq!(too_much, PersonRefusal::Answers(ScreeningError::Pain { pain: 11 }));
    let fine = talus.check_in(Moment::Before, &said(1, &[Sign::CalfPain])).unwrap();
    assert_eq!((fine.outcome, fine.sheet), (Outcome::AsPlanned, None));
    assert_eq!(talus.check_in(Moment::Before, &said(4, &[])).unwrap().outcome, Outcome::Lighter);
    let stop = talus.check_in(Moment::Before, &said(6, &[])).unwrap();
    assert_eq!((stop.outcome, stop.says.as_str()), (Outcome::NotToday, "Noted. No training today."));
    assert!(!stop.sheet.unwrap().call);
    let why = refusal(talus.prescribe(KNEE, Side::Left, false));
    assert!(why.to_string().ends_with("Not today. Pain is 6 of 10."), "{why}");
    // The last word counts.
    talus.check_in(Moment::Before, &said(0, &[])).unwrap();
    assert!(talus.prescribe(KNEE, Side::Left, false).is_ok() && !talus.locked().unwrap());
    let flag = talus.check_in(Moment::Before, &said(0, &[Sign::ChestPain])).unwrap();
    let sheet = flag.sheet.unwrap();
    assert!(flag.outcome == Outcome::RedFlag && sheet.call);
    assert_eq!(sheet.title, "Stop. Sit or lie down. Call for help now.");
    talus.check_in(Moment::Before, &said(0, &[])).unwrap();
    assert!(talus.locked().unwrap(), "no later word opens the day again");
    assert_eq!(refusal(talus.prescribe(KNEE, Side::Left, false)), PersonRefusal::Locked);
    assert_eq!(refusal(talus.session_plan(&[KNEE], &worn())), PersonRefusal::Locked);
}

#[test]
fn a_calf_that_hurts_after_surgery_is_a_red_flag_and_so_it_is_before_anybody_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let calf = Condition { signs: [Sign::CalfPain].into(), ..Condition::default() };
    assert_eq!(talus.check_in(Moment::Before, &calf).unwrap().outcome, Outcome::RedFlag);
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut answers = no_worries();
    answers.replies.insert(Question::Surgery, Reply::Yes);
    answers.surgery_cleared = true;
    talus.set_about(&About { answers: Some(answers), ..about() }).unwrap();
    assert_eq!(talus.check_in(Moment::Before, &calf).unwrap().outcome, Outcome::RedFlag);
}

#[test]
fn a_red_flag_in_a_session_locks_its_day_for_who_said_it() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&about()).unwrap();
    let flagged = |ago| Session { red_flag: true, ..Session::of(&talus, ago, vec![set(Side::Left, 0, 3, 0)]) };
    done(folder.path(), talus.person(), flagged(1));
    assert!(!talus.locked().unwrap(), "that was yesterday");
    let other = talus.for_person(talus.add_person("Ben").unwrap()).unwrap();
    done(folder.path(), talus.person(), flagged(0));
    assert!(talus.locked().unwrap() && !other.locked().unwrap());
}

#[test]
fn pain_of_yesterday_waits_for_a_check_in_and_then_comes_back_lighter() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&about()).unwrap();
    assert!(!talus.morning_due().unwrap());
    done(folder.path(), talus.person(), Session::of(&talus, 1, vec![set(Side::Left, 1000, 10, 6)]));
    assert!(talus.morning_due().unwrap());
    let waits = refusal(talus.prescribe(KNEE, Side::Left, false));
    assert!(waits.to_string().ends_with("Not until your next check-in. Pain was 6 of 10."), "{waits}");
    let fine = Condition { pain: Some(1), ..Condition::default() };
    assert_eq!(talus.check_in(Moment::Morning, &fine).unwrap().outcome, Outcome::AsPlanned);
    assert!(!talus.morning_due().unwrap());
    let lighter = talus.prescribe(KNEE, Side::Left, false).unwrap();
    assert_eq!((lighter.step.action, lighter.prescription.mass_g), (Action::Down, 750));
}

#[test]
fn a_morning_that_hurts_more_takes_a_step_off() {
    for (condition, outcome) in [
        (Condition { pain: Some(3), ..Condition::default() }, Outcome::Lighter),
        (Condition { pain: Some(1), ..Condition::default() }, Outcome::AsPlanned),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let talus = open(folder.path());
        talus.set_about(&about()).unwrap();
        let sets = vec![set(Side::Left, 1000, 12, 0), set(Side::Left, 1000, 12, 0)];
        done(folder.path(), talus.person(), Session::of(&talus, 1, sets));
        assert_eq!(talus.check_in(Moment::Morning, &condition).unwrap().outcome, outcome);
        let action = talus.prescribe(KNEE, Side::Left, false).unwrap().step.action;
        assert_eq!(action == Action::Down, outcome == Outcome::Lighter, "{condition:?}");
    }
}

#[test]
fn a_session_plan_holds_what_its_session_has_to_know() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&about()).unwrap();
    let both = [worn()[0], Worn { cuff: CuffId([2; 16]), side: Side::Right, mass_g: 500 }];
    let plan = talus.session_plan(&[KNEE, "side_abd"], &both).unwrap();
    assert_eq!((plan.blocks.len(), plan.pace), (4, Pace::Guided));
    let known = plan.known.as_ref().unwrap();
    assert!(known.leg("side_abd", Side::Right).is_some() && !known.care && !known.invented);
    // What may take an exercise's place is prescribed like it, on every leg.
    assert_eq!((known.swaps.len(), known.legs.len()), (6, 10));
    assert!(known.swaps.iter().all(|swap| known.leg(&swap.asked.exercise, swap.asked.side).is_some()));
    // A replay reads it from the recording: every bit of it.
    let again: SessionPlan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(again, plan);
    assert_eq!(refusal(talus.session_plan(&[KNEE], &[])), PersonRefusal::NothingWorn);
    assert!(matches!(talus.session_plan(&["knee"], &both), Err(AppError::Exercise(_))));
}

#[test]
fn a_programme_makes_a_session_of_today_then_rest_and_its_week_holds_what_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&about()).unwrap();
    assert_eq!(talus.today_sheet().unwrap(), TodaySheet::Free);
    assert_eq!(refusal(talus.today_plan(&worn())), PersonRefusal::NothingToday);
    assert!(matches!(refusal(talus.follow(Some("steadi"))), PersonRefusal::NoProgramme { .. }));
    // The one after knee surgery waits for a plan, and says so.
    let lines = talus.programmes().unwrap();
    let rebuild = lines.iter().find(|line| line.id == "knee_rebuild").unwrap();
    assert!(!rebuild.needs.is_empty());
    assert!(matches!(refusal(talus.follow(Some("knee_rebuild"))), PersonRefusal::NotOpen { .. }));
    talus.follow(Some("first_steps")).unwrap();
    assert!(talus.programmes().unwrap().iter().any(|line| line.followed && line.id == "first_steps"));
    let TodaySheet::Train { title, notes, exercises } = talus.today_sheet().unwrap() else { panic!("no session") };
    assert!(title.contains("minutes") && !notes.is_empty() && exercises[0] == KNEE, "{title} {notes:?} {exercises:?}");
    let plan = talus.today_plan(&worn()).unwrap();
    let part = plan.known.as_ref().unwrap().part.clone().unwrap();
    assert_eq!((part.programme.as_str(), plan.blocks.len()), ("first_steps", exercises.len()));
    // The week asks for eight to ten, where the exercise would ask for ten to fifteen.
    assert_eq!((plan.blocks[0].mass_g, plan.blocks[0].reps), (0, Some(8)));

    let sets = vec![set(Side::Left, 0, 8, 0), set(Side::Left, 0, 8, 1)];
    let session = Session { plan, sets, ago: 0, kind: Kind::Live, red_flag: false };
    done(folder.path(), talus.person(), session);
    let TodaySheet::Rest { again_in_min, .. } = talus.today_sheet().unwrap() else { panic!("no rest") };
    assert!(again_in_min.is_some());
    assert_eq!(refusal(talus.today_plan(&worn())), PersonRefusal::NothingToday);
    talus.follow(None).unwrap();
    assert_eq!(talus.today_sheet().unwrap(), TodaySheet::Free);
}

#[test]
fn what_comes_after_the_main_lifts_of_the_day_waits_for_one_and_then_gives_no_step_up() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&About { level: Level::Trained, ..about() }).unwrap();
    for ago in [6, 4] {
        let both = [Side::Left, Side::Right].map(|side| set(side, 500, 15, 0));
        done(folder.path(), talus.person(), Session::of(&talus, ago, both.to_vec()));
    }
    assert_eq!(talus.prescribe(KNEE, Side::Left, false).unwrap().step.action, Action::Up);
    talus.follow(Some("leg_day")).unwrap();
    let TodaySheet::Rest { why, .. } = talus.today_sheet().unwrap() else { panic!() };
    assert_eq!(why, "This comes after your main lifts. Log them first.");
    let squat = LiftWish { lift: Lift::Squat, sets: 3, reps: 5, bar_g: 100_000 };
    let id = talus.log_lift(squat).unwrap();
    assert!(matches!(talus.today_sheet().unwrap(), TodaySheet::Train { .. }));
    let held = talus.prescribe(KNEE, Side::Left, false).unwrap();
    assert_eq!((held.step.action, held.prescription.mass_g), (Action::Hold, 500));
    assert!(held.prescription.why.starts_with("Same weight. After your main lift"), "{}", held.prescription.why);
    // Taken back, it rests nobody.
    talus.delete_session(&id.to_string()).unwrap();
    assert_eq!(talus.prescribe(KNEE, Side::Left, false).unwrap().step.action, Action::Up);
    assert!(matches!(talus.today_sheet().unwrap(), TodaySheet::Rest { .. }));
}

#[test]
fn a_review_says_what_changed_by_more_than_its_error_and_the_leg_that_is_behind_begins() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&about()).unwrap();
    let reached = |side, mass_g, range_deg| SetResult { range_deg: Some(range_deg), ..set(side, mass_g, 10, 0) };
    let both = [Side::Left, Side::Right].map(|side| Worn { cuff: CuffId([1 + side as u8; 16]), side, mass_g: 500 });
    let first = |talus: &Talus| talus.session_plan(&[KNEE], &both).unwrap().blocks[0].side;
    for ago in [14, 11, 8, 5] {
        let sets = vec![reached(Side::Left, 1500, 75.0), reached(Side::Right, 1500, 76.0)];
        done(folder.path(), talus.person(), Session::of(&talus, ago, sets));
        assert!(talus.review("last").unwrap().iter().all(|one| one.lines.iter().all(|line| line.contains("no clear"))));
    }
    assert_eq!(first(&talus), Side::Left);
    let sets = vec![reached(Side::Left, 1500, 88.0), reached(Side::Right, 500, 76.0)];
    done(folder.path(), talus.person(), Session::of(&talus, 1, sets));
    let [knee] = &talus.review("last").unwrap()[..] else { panic!("one exercise") };
    let range = "Range, left: up 13° against the last ones. More than the error.";
    let load = "Load, right: down 1\u{202f}kg against the last ones. More than the error.";
    assert_eq!((knee.exercise.as_str(), knee.name.as_str()), (KNEE, "Seated knee extension"));
    assert!([range, load].iter().all(|line| knee.lines.iter().any(|one| one == line)), "{:#?}", knee.lines);
    assert_eq!(first(&talus), Side::Right, "the weaker one leads");
}

/// A chair stand as a recording: so many stands of about two seconds.
fn chair(stands: usize) -> ImuFile {
    let mut leg = Upright::new(Side::Right, 303);
    leg.stay(2.0);
    for _ in 0..stands {
        leg.stand_up(0.9);
        leg.stay(0.15);
        leg.sit_down(0.9);
        leg.stay(0.15);
    }
    leg.stay(2.0);
    let samples = (0..(100.0 * leg.end_s()) as u32).map(|i| leg.sample(f64::from(i) / 100.0)).collect();
    ImuFile {
        name: "chair.csv".to_owned(),
        samples,
        rate_hz: 100.0,
        preset: Preset::Plain,
        side: Some(Side::Right),
        notes: Vec::new(),
        reference: None,
    }
}

#[test]
fn a_test_is_kept_and_says_what_is_usual_and_whether_it_changed_by_more_than_its_error() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&About { birth_year: 1955, sex: Some(Sex::Male), ..about() }).unwrap();
    let first = talus.test_of_files("chair_stand_30", None, &[chair(9)]).unwrap();
    assert_eq!(first.value, Some(9.0));
    assert!(first.lines[0].ends_with("9 times.") && first.lines[1].starts_with("Below what is usual"), "{first:?}");
    let again = talus.test_of_files("chair_stand_30", None, &[chair(10)]).unwrap();
    assert!(again.lines.last().unwrap().ends_with("no clear change yet."), "{again:?}");
    let more = talus.test_of_files("chair_stand_30", None, &[chair(13)]).unwrap();
    assert!(more.lines.last().unwrap().contains("up 3 times"), "{more:?}");
    // A test of both legs has no side, and what was not measured is not kept.
    let mut still = chair(9);
    still.samples.iter_mut().for_each(|sample| (sample.acc, sample.gyr) = ([0.0, 0.0, f64::NAN], [f64::NAN; 3]));
    assert_eq!(talus.test_of_files("chair_stand_30", None, &[still]).unwrap().value, None);
    let kept: Vec<_> = talus.tests().unwrap().iter().map(|row| (row.value, row.side, row.unit.clone())).collect();
    assert_eq!(kept, [9.0, 10.0, 13.0].map(|value| (value, None, "count".to_owned())));
    let refused = refusal(talus.test_of_files("chair_dance", None, &[chair(1)]));
    assert!(refused.to_string().contains("chair_stand_30"), "{refused}");
}
