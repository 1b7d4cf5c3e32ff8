//! What the tabs of Progress ask for: tests against what is usual, weeks kept, minutes and what weights add, form and gaps.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::path::Path;
use talus_app::coach::screening::Stance;
use talus_app::history::TestCourse;
use talus_app::{DemoWish, Opening, Run, Talus};
use talus_coach::review::Change;
use talus_coach::{Body, Laterality, Level, Record, SessionPlan, SetEnd, SetResult};
use talus_motion::{Micros, Quality, Reason, Side, Stride};
use talus_store::{About, Goal, Kind, SessionHead, SessionId, Sex, Store, TestRow};

fn open(folder: &Path) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: "en".to_owned(), zone: Some("Europe/Berlin".to_owned()) }).unwrap()
}

fn store(folder: &Path) -> Store {
    Store::open(&folder.join("talus.db")).unwrap()
}

fn about(birth_year: i16) -> About {
    About {
        birth_year,
        height_cm: 170.0,
        mass_kg: 70.0,
        sex: Some(Sex::Male),
        goal: Goal::Balance,
        level: Level::Beginner,
        kit: None,
        answers: None,
        stance: Stance::default(),
    }
}

fn keep_test(folder: &Path, talus: &Talus, n: u8, kind: &str, side: Option<Side>, value: f64, quality: Quality) {
    let test = TestRow {
        id: [n; 16],
        session: None,
        at_utc_ms: 1_780_000_000_000 + i64::from(n) * 86_400_000,
        offset_min: 120,
        zone: "Europe/Berlin".to_owned(),
        local_day: format!("2026-06-{:02}", n + 1),
        kind: kind.to_owned(),
        side,
        value,
        unit: "times".to_owned(),
        error: None,
        quality,
    };
    store(folder).put_test(talus.person(), &test).unwrap();
}

#[test]
fn a_test_is_told_against_its_own_error_and_what_is_usual_at_that_age() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    assert!(talus.test_courses().unwrap().is_empty());
    let keep = |n, kind: &str, side, value, quality| keep_test(folder.path(), &talus, n, kind, side, value, quality);
    // Kept under the test's own name; the protocol is the one that measures so.
    for (n, value) in [(0, 1.00), (1, 1.15), (2, 1.40)] {
        keep(n, "walk_10m", None, value, Quality::GOOD);
    }
    keep(3, "walk_10m", None, 0.2, Quality::because(Reason::Gap));
    keep(4, "chair_stand_30", None, 9.0, Quality::GOOD);
    keep(5, "rom", Some(Side::Left), 110.0, Quality::GOOD);
    keep(6, "hopping", Some(Side::Right), 3.25, Quality::GOOD);

    let of = |courses: &[TestCourse], kind: &str| courses.iter().find(|one| one.kind == kind).unwrap().clone();
    let courses = talus.test_courses().unwrap();
    assert_eq!(courses.len(), 4);
    let walk = of(&courses, "walk_test_10m");
    assert_eq!((walk.name.as_str(), walk.points.len(), walk.side), ("Ten-metre walk", 4, None));
    assert_eq!(walk.change, Change::Up, "what was measured badly is compared with nothing");
    assert!(
        walk.told.starts_with("Ten-metre walk: up 0.25") && walk.told.ends_with("More than the error."),
        "{}",
        walk.told
    );
    assert!(walk.least_change.is_some_and(|least| (0.19..0.2).contains(&least)), "{:?}", walk.least_change);
    assert!(walk.points[2].said.contains("1.40") && !walk.points[3].quality.ok());
    assert!(!walk.flagged && walk.usual.is_none() && walk.standing.is_empty(), "the age is not known");
    // Two protocols measure a range: nothing tells which. And one that no protocol is of.
    assert_eq!((of(&courses, "rom").change, of(&courses, "hopping").name.as_str()), (Change::TooFew, "hopping"));
    assert_eq!(of(&courses, "hopping").points[0].said, "3.2 times");

    talus.set_about(&about(1954)).unwrap();
    let chair = of(&talus.test_courses().unwrap(), "chair_stand_30");
    assert!(chair.flagged && chair.standing[0].contains("Worth showing to a professional."), "{:?}", chair.standing);
    assert_eq!(chair.change, Change::TooFew);
    assert!(chair.told.contains("too few"), "{}", chair.told);
    let other = talus.for_person(talus.add_person("Ben").unwrap()).unwrap();
    assert!(other.test_courses().unwrap().is_empty());
}

fn plan() -> SessionPlan {
    serde_json::from_str(r#"{"blocks":[],"worn":[],"pace":"guided","language":"en"}"#).unwrap()
}

/// A walk with a weight on each leg, `days` ago: 600 strides of a second at 1.3 m/s.
fn walked(folder: &Path, talus: &Talus, n: u8, days: i64, masses_g: &[(Side, u32)]) {
    let store = store(folder);
    let today = talus_app::clock::utc_ms();
    let head = SessionHead {
        id: SessionId([n; 16]),
        profile: talus.person(),
        kind: Kind::Live,
        started_utc_ms: today - days * 86_400_000,
        offset_min: 0,
        zone: "Europe/Berlin".to_owned(),
        local_day: talus.day_of(today - days * 86_400_000),
        engine_version: 1,
        catalogue_version: "1".to_owned(),
        plan: plan(),
        source: String::new(),
    };
    let mut recorder = store.begin(&head).unwrap();
    for (side, mass_g) in masses_g {
        let at = Micros(0);
        recorder.records(&[Record::SetBegan {
            set_index: 0,
            exercise: "walk".to_owned(),
            side: *side,
            mass_g: *mass_g,
            at,
        }]);
        for seq in 1..=600 {
            let start = Micros(i64::from(seq) * 1_000_000);
            let stride = Stride {
                start,
                foot_off: start.plus(600_000),
                end: start.plus(1_000_000),
                swing_fraction: 0.4,
                length_m: Some(1.3),
                length_error_m: Some(0.02),
                lift_m: None,
                quality: Quality::GOOD,
            };
            recorder.records(&[Record::Stride { set_index: 0, side: *side, seq, stride }]);
        }
        let result = SetResult {
            exercise: "walk".to_owned(),
            side: *side,
            laterality: Laterality::Each,
            mass_g: *mass_g,
            began: at,
            ended: Micros(600_000_000),
            end: SetEnd::Target,
            count: 600,
            short: 0,
            target: None,
            range_deg: None,
            tempo_s: None,
            peak_deg_per_s: None,
            cadence_per_min: Some(120.0),
            reserve: None,
            pain: None,
            counts_for_progress: true,
            quality: Quality::GOOD,
        };
        recorder.records(&[Record::SetEnded { set_index: 0, result }]);
    }
    recorder.finish(head.started_utc_ms + 600_000).unwrap();
}

#[test]
fn what_weights_add_to_walking_is_a_range_and_nothing_where_it_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let body = Body::new(170.0, 70.0).unwrap();
    walked(folder.path(), &talus, 1, 0, &[(Side::Left, 500), (Side::Right, 500)]);
    walked(folder.path(), &talus, 2, 21, &[(Side::Left, 0), (Side::Right, 0)]);
    walked(folder.path(), &talus, 3, 28, &[(Side::Left, 500)]);
    let weeks = talus.energy_weeks(8, Some(&body)).unwrap();
    assert_eq!(weeks.len(), 8);
    let [both, none, one] = [7, 4, 3].map(|week: usize| &weeks[week]);
    assert!((both.walked_minutes - 10.0).abs() < 1e-6, "{both:?}");
    let (low, high) = both.extra_kcal.unwrap();
    assert!(low > 0.5 && high > low && high < 10.0, "{low} to {high}");
    assert!((none.walked_minutes - 10.0).abs() < 1e-6 && none.extra_kcal.is_none(), "without a weight");
    let (one_low, one_high) = one.extra_kcal.unwrap();
    assert!((one_low * 2.0 - low).abs() < 1e-6 && (one_high * 2.0 - high).abs() < 1e-6, "half of it");
    assert!(weeks[5].extra_kcal.is_none() && weeks[5].walked_minutes == 0.0);
    assert!(talus.energy_weeks(8, None).unwrap().iter().all(|week| week.extra_kcal.is_none()));
    let done = talus.exercises_done().unwrap();
    assert_eq!((done.len(), done[0].sessions, done[0].name.as_str()), (1, 3, "Walking"));
    assert_eq!(done[0].last_day, talus.local_day());
}

#[test]
fn a_week_says_what_the_programme_asked_for_and_what_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    walked(folder.path(), &talus, 1, 0, &[(Side::Left, 0)]);
    walked(folder.path(), &talus, 2, 14, &[(Side::Left, 0)]);
    assert!(talus.kept_weeks(3).unwrap().iter().all(|week| week.sessions_asked.is_none() && week.programme.is_none()));
    let programme = talus.catalogue().programmes().next().unwrap().clone();
    let day = 86_400_000;
    let now = talus_app::clock::utc_ms();
    // Taken up three weeks ago, put away a week and a half ago, taken up again just now.
    let store = store(folder.path());
    store.follow(talus.person(), Some(&programme.id), now - 21 * day).unwrap();
    store.follow(talus.person(), None, now - 10 * day).unwrap();
    store.follow(talus.person(), Some(&programme.id), now - 1000).unwrap();
    let courses = store.courses(talus.person()).unwrap();
    assert_eq!((courses.len(), courses[0].to_utc_ms, courses[1].to_utc_ms), (2, Some(now - 10 * day), None));
    let weeks = talus.kept_weeks(3).unwrap();
    assert_eq!(weeks[2].sessions_asked, Some(programme.per_week));
    assert_eq!((weeks[0].sessions, weeks[0].sets), (1, 1));
    assert_eq!((weeks[2].sessions, weeks[2].sets, weeks[2].sets_asked), (1, 1, 0));
    assert_eq!(weeks[1].sessions_asked, None, "its end lies within the ten days without one");
    assert!(weeks.windows(2).all(|two| two[0].monday < two[1].monday));
}

#[test]
fn the_page_of_a_session_has_form_zone_and_gaps_of_each_set() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut run = Run::demo(&talus, DemoWish { seed: 3 }).unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
    }
    run.finish().unwrap();
    let (looks, detail) = (talus.looks("last").unwrap(), talus.session("last").unwrap());
    assert_eq!(looks.len(), detail.sets.len());
    assert!(looks.iter().any(|look| look.form.is_some() && look.zone_deg.is_some()));
    for (look, set) in looks.iter().zip(&detail.sets) {
        assert_eq!((look.set_index, look.side), (set.set_index, set.result.side));
        let Some((own, (low, high))) = look.own_range_deg.zip(look.zone_deg) else { continue };
        assert!((low - own * 0.9).abs() < 1e-9 && (high - own * 1.05).abs() < 1e-9);
        for (from, to) in &look.gaps {
            assert!(from < to && *from >= set.result.began && *to <= set.result.ended);
        }
    }
    // The demo loses a cuff once.
    assert!(looks.iter().any(|look| !look.gaps.is_empty()), "{looks:?}");
}
