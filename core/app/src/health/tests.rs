//! What the health stores are given, held to what they take.

use super::*;
use talus_coach::{Catalogue, Pace, SessionPlan, SetEnd, SetResult};
use talus_motion::{Micros, Quality};
use talus_store::{RawState, SessionId, SessionRow};

fn set(set_index: u32, exercise: &str, side: Side, laterality: Laterality, from_s: i64, to_s: i64) -> SetDetail {
    SetDetail {
        set_index,
        open: false,
        edited: false,
        result: SetResult {
            exercise: exercise.to_owned(),
            side,
            laterality,
            mass_g: 1500,
            began: Micros(from_s * 1_000_000),
            ended: Micros(to_s * 1_000_000),
            end: SetEnd::Target,
            count: 10,
            short: 0,
            target: Some(10),
            range_deg: Some(40.0),
            tempo_s: None,
            peak_deg_per_s: None,
            cadence_per_min: None,
            reserve: Some(2),
            pain: Some(4),
            counts_for_progress: true,
            quality: Quality::GOOD,
        },
        reps: Vec::new(),
        strides: Vec::new(),
    }
}

fn session(kind: Kind, sets: Vec<SetDetail>) -> SessionDetail {
    SessionDetail {
        row: SessionRow {
            id: SessionId([7; 16]),
            started_utc_ms: 1_770_000_000_000,
            offset_min: 60,
            zone: "Europe/Berlin".to_owned(),
            local_day: "2026-02-02".to_owned(),
            kind,
            finished: true,
            duration_s: 600.0,
            planned: 3,
            sets: sets.len() as u32,
            reps: 30,
            strides: 0,
            exercises: Vec::new(),
            pain: None,
            edits: 0,
            starred: false,
            note: "private".to_owned(),
            tags: Vec::new(),
            raw: RawState::Complete,
        },
        ended_utc_ms: Some(1_770_000_600_000),
        source: String::new(),
        plan: SessionPlan {
            blocks: Vec::new(),
            worn: Vec::new(),
            pace: Pace::Guided,
            language: "en".to_owned(),
            known: None,
        },
        engine_version: 1,
        catalogue_version: "1".to_owned(),
        summary: None,
        edits: Vec::new(),
        sets,
    }
}

/// What the platform checks before it takes a session: order, no overlap, kinds that go together.
fn taken(session: &HealthConnectSession) {
    assert!(session.start_utc_ms < session.end_utc_ms);
    for segment in &session.segments {
        assert!(segment.start_utc_ms < segment.end_utc_ms);
        assert!(session.start_utc_ms <= segment.start_utc_ms && segment.end_utc_ms <= session.end_utc_ms);
        // SESSION_TO_SEGMENTS_MAPPING and UNIVERSAL_SEGMENTS of connect-client.
        let own: &[u32] = if session.exercise_type == HC_WALKING { &[64] } else { &[32, 33, 35, 41, 51] };
        assert!(own.contains(&segment.segment_type) || [38, 39, 44, 54, 0].contains(&segment.segment_type));
        assert!(segment.effort.is_none_or(|effort| (0.0..=10.0).contains(&effort)));
    }
    assert!(session.segments.windows(2).all(|pair| pair[0].end_utc_ms <= pair[1].start_utc_ms));
}

#[test]
fn sets_of_each_leg_are_segments_with_repetitions_weight_number_and_effort_and_rests_between() {
    let each = Laterality::Each;
    let detail = session(
        Kind::Live,
        vec![
            set(0, "stand_abd", Side::Left, each, 10, 50),
            set(0, "stand_abd", Side::Right, each, 60, 100),
            set(1, "stand_abd", Side::Left, each, 160, 200),
            set(2, "knee_ext_seated", Side::Left, each, 200, 240),
        ],
    );
    let given = health_connect(&detail).unwrap();
    taken(&given);
    assert_eq!(given.exercise_type, HC_STRENGTH_TRAINING);
    let kinds: Vec<u32> = given.segments.iter().map(|segment| segment.segment_type).collect();
    assert_eq!(kinds, [HC_LEG_RAISE, HC_REST, HC_LEG_RAISE, HC_REST, HC_LEG_RAISE, HC_LEG_EXTENSION]);
    let first = &given.segments[0];
    assert_eq!(
        (first.repetitions, first.weight_kg, first.set_index, first.effort),
        (10, Some(1.5), Some(0), Some(8.0))
    );
    assert_eq!(given.segments[4].set_index, Some(1), "the second set of that leg");
    assert_eq!((first.start_utc_ms, first.end_utc_ms), (1_770_000_010_000, 1_770_000_050_000));
    assert!(!serde_json::to_string(&given).unwrap().contains("private"));
}

#[test]
fn both_legs_of_a_set_are_one_segment() {
    for (laterality, repetitions) in [(Laterality::Both, 10), (Laterality::Alternate, 20)] {
        let detail = session(
            Kind::Live,
            vec![
                set(0, "sit_to_stand", Side::Left, laterality, 10, 50),
                set(0, "sit_to_stand", Side::Right, laterality, 10, 52),
            ],
        );
        let given = health_connect(&detail).unwrap();
        taken(&given);
        assert_eq!(given.segments.len(), 1);
        assert_eq!((given.segments[0].repetitions, given.segments[0].weight_kg), (repetitions, Some(3.0)));
        let kit = health_kit(&detail).unwrap();
        assert!(
            kit.activities[0]
                .metadata
                .contains(&("app.talus.side".to_owned(), HealthKitValue::Text("both".to_owned())))
        );
    }
}

#[test]
fn a_walk_is_a_walk_and_in_other_company_another_workout() {
    let walk =
        |from| [Side::Left, Side::Right].map(|side| set(9, "walk", side, Laterality::Alternate, from, from + 300));
    let given = health_connect(&session(Kind::Live, walk(10).to_vec())).unwrap();
    taken(&given);
    assert_eq!((given.exercise_type, given.segments[0].segment_type, given.segments[0].repetitions), (79, 64, 0));
    let mut sets = walk(100).to_vec();
    sets.push(set(0, "stand_abd", Side::Left, Laterality::Each, 10, 50));
    let detail = session(Kind::Live, sets);
    let given = health_connect(&detail).unwrap();
    taken(&given);
    assert_eq!((given.exercise_type, given.segments.last().unwrap().segment_type), (70, HC_OTHER_WORKOUT));
    let kit = health_kit(&detail).unwrap();
    assert_eq!(kit.activity_type, HK_FUNCTIONAL_STRENGTH_TRAINING);
    assert_eq!(kit.activities.last().unwrap().activity_type, HK_WALKING);
    assert_eq!((kit.time_zone.as_str(), kit.effort), ("Europe/Berlin", Some(8.0)));
}

#[test]
fn what_nobody_trained_is_not_given_and_sets_never_lie_over_each_other() {
    let sets = vec![set(0, "stand_abd", Side::Left, Laterality::Each, 10, 50)];
    for kind in [Kind::Demo, Kind::Replay] {
        assert_eq!(health_connect(&session(kind, sets.clone())), None);
        assert_eq!(health_kit(&session(kind, sets.clone())), None);
    }
    assert_eq!(health_connect(&session(Kind::Live, Vec::new())), None);
    let over = vec![
        set(0, "stand_abd", Side::Left, Laterality::Each, 10, 50),
        set(1, "stand_ext", Side::Left, Laterality::Each, 40, 80),
        set(2, "stand_flex", Side::Left, Laterality::Each, 41, 42),
    ];
    let given = health_connect(&session(Kind::Live, over)).unwrap();
    taken(&given);
    assert_eq!(given.segments.len(), 2);
}

#[test]
fn every_exercise_of_the_catalogue_has_a_segment_that_goes_with_strength_training() {
    for exercise in Catalogue::embedded().unwrap().exercises() {
        taken(
            &health_connect(&session(Kind::Live, vec![set(0, &exercise.id, Side::Left, Laterality::Each, 1, 2)]))
                .unwrap(),
        );
    }
    assert_eq!([effort(Some(0)), effort(Some(3)), effort(Some(4)), effort(None)], [Some(10.0), Some(7.0), None, None]);
}
