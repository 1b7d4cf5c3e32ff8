//! Recordings of somebody else, followed: where sets begin and end, and what is in them.

#![allow(clippy::unwrap_used)]

mod common;
#[allow(unreachable_pub)]
#[path = "../../../tests/shared_data.rs"]
mod shared_data;

use common::{RIGHT, config, counts, results};
use std::path::Path;
use talus_coach::{Catalogue, Event, Input, Outputs, Pace, Record, Session, SetEnd, SetResult};
use talus_motion::{BlockFlags, BlockTime, Counts, LinkState, Micros, SampleBlock, Side};

/// Rows of a shank recording: acceleration in m/s², angular rate in rad/s, 25 per second.
fn rows(path: &Path) -> Vec<[f64; 6]> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| [1, 2, 3, 4, 5, 6].map(|k: usize| row[k].parse().unwrap())).collect()
}

fn prescribed(exercise: &str) -> talus_coach::Prescription {
    common::block(common::knee(Side::Right, 3, None), exercise, Side::Right)
}

/// Plays recordings one after the other, one block each.
fn play(files: &[(Vec<[f64; 6]>, &str)], chunk: usize) -> (Session, Outputs) {
    play_at(25.0, files, chunk)
}

fn play_at(rate_hz: f64, files: &[(Vec<[f64; 6]>, &str)], chunk: usize) -> (Session, Outputs) {
    let blocks = files.iter().map(|(_, exercise)| prescribed(exercise)).collect();
    let plan = common::plan(blocks, Pace::Followed);
    let mut session = Session::new(plan, &Catalogue::embedded().unwrap()).unwrap();
    let mut out = Outputs::default();
    let mut t = 0.0;
    for (rows, _) in files {
        let link = |t: f64, state| Input::Link { at: Micros::from_seconds(t), cuff: RIGHT, state };
        session.step(&Input::Stream(config(RIGHT, rate_hz)), None, &mut out);
        session.step(&link(t, LinkState::Streaming), None, &mut out);
        for (i, piece) in rows.chunks(chunk).enumerate() {
            let all: Counts = piece.iter().map(|r| counts([r[0], r[1], r[2]], [r[3], r[4], r[5]])).collect();
            let time = BlockTime { first_us: (t * 1e6).round(), period_us: 1e6 / rate_hz, fit_ok: true };
            t += piece.len() as f64 / rate_hz;
            let block = SampleBlock {
                cuff: RIGHT,
                stream: 0,
                first_index: (i * chunk) as u64,
                device_us: None,
                arrival_us: Micros::from_seconds(t).0,
                flags: BlockFlags::default(),
                counts: all,
            };
            session.step(&Input::Samples(block), Some(time), &mut out);
        }
        session.step(&link(t, LinkState::Closed), None, &mut out);
    }
    // Nobody stumbles, runs or does another exercise in any of them.
    let noticed = |event: &&Event| matches!(event, Event::Noticed { .. });
    assert_eq!(out.events.iter().find(noticed), None);
    (session, out)
}

const EXERCISES: [(&str, &str); 4] = [
    ("seated_knee_extension", "knee_ext_seated"),
    ("supine_leg_raise", "quad_set_slr"),
    ("side_lying_hip_abduction", "side_abd"),
    ("prone_hip_extension", "prone_hip_ext"),
];

fn sets(out: &Outputs) -> Vec<SetResult> {
    results(out).into_iter().map(|(_, result)| result).collect()
}

fn session_of(folder: &Path, subject: u32, name: &str) -> Vec<[f64; 6]> {
    rows(&folder.join(format!("s{subject}_{name}_shank_session.csv")))
}

/// Ten slow, ten quick and ten small repetitions with rests between: three sets, found without being told where.
#[test]
fn blocks_of_ten_become_sets_of_ten_and_pauses_within_them_do_not_cut_them() {
    let Some(folder) = shared_data::shared_data("blocks_of_ten_become_sets", "uci-physio-leg") else { return };
    let (mut whole, mut exact, mut within_one) = (0, 0, 0);
    for (name, exercise) in EXERCISES {
        for subject in 1..=3 {
            let (session, out) = play(&[(session_of(&folder, subject, name), exercise)], 5);
            assert!(session.over());
            let sets = sets(&out);
            whole += u32::from(sets.len() == 3);
            for window in [(0.0, 95.0), (95.0, 158.0), (158.0, 300.0)] {
                // A set belongs where its middle lies.
                let middle = |r: &SetResult| f64::midpoint(r.began.seconds(), r.ended.seconds());
                let here = sets.iter().filter(|r| (window.0..window.1).contains(&middle(r)));
                let best = here.map(|r| r.count).max().unwrap_or(0);
                exact += u32::from(best == 10);
                within_one += u32::from((9..=11).contains(&best));
            }
        }
    }
    println!("of 12 sessions {whole} have three sets; of 36 blocks {exact} exact, {within_one} within one");
    assert!(whole >= 9, "{whole} of 12 sessions have three sets");
    assert!(within_one >= 32, "{within_one} of 36 blocks have a set within one of ten");
}

#[test]
fn a_leg_that_stays_still_gives_no_set() {
    let Some(folder) = shared_data::shared_data("a_leg_that_stays_still", "uci-physio-leg") else { return };
    for subject in 1..=3 {
        let (_, out) = play(&[(session_of(&folder, subject, "seated_trunk_bend"), "knee_ext_seated")], 5);
        let counted: u32 = sets(&out).iter().map(|r| r.count).sum();
        assert!(counted <= 2, "subject {subject}: {counted}");
    }
}

#[test]
fn recordings_follow_each_other_block_by_block() {
    let Some(folder) = shared_data::shared_data("recordings_follow_each_other", "uci-physio-leg") else { return };
    let files: Vec<_> = EXERCISES.into_iter().map(|(name, id)| (session_of(&folder, 2, name), id)).collect();
    let (session, out) = play(&files, 5);
    assert!(session.over());
    let sets = sets(&out);
    let of = |id: &str| sets.iter().filter(|r| r.exercise == id).count();
    assert_eq!(EXERCISES.map(|(_, id)| of(id)), [3; 4]);
    // What a person would note down of it; times and tips are motion's to refine.
    let line = |r: &SetResult| {
        let [lift, hold, lower] = r.tempo_s.unwrap();
        assert!(lift > 0.2 && lift < 3.0 && hold < 6.0 && lower > 0.2 && lower < 3.0, "{r:?}");
        let range_deg = r.range_deg.unwrap();
        assert!((20.0..100.0).contains(&range_deg), "{r:?}");
        format!("{} {:?} {} g {:?}: {} + {} short", r.exercise, r.side, r.mass_g, r.end, r.count, r.short)
    };
    insta::assert_snapshot!(sets.iter().map(line).collect::<Vec<_>>().join("\n"));
    let Some(Record::Ended(summary)) = out.records.iter().rev().find(|r| matches!(r, Record::Ended(_))) else {
        panic!("no summary")
    };
    assert_eq!((summary.sets, summary.red_flag), (12, false));
    assert!(summary.next.is_empty(), "nobody is advised on somebody else's recording: {:?}", summary.next);
}

#[test]
fn how_a_recording_is_cut_into_blocks_changes_no_record() {
    let Some(folder) = shared_data::shared_data("how_a_recording_is_cut", "uci-physio-leg") else { return };
    let rows = session_of(&folder, 1, "prone_hip_extension");
    let records = |chunk| play(&[(rows.clone(), "prone_hip_ext")], chunk).1.records;
    let (one, five, most) = (records(1), records(5), records(41));
    assert!(one.len() > 100);
    assert!(one == five && five == most);
}

/// The leg walks briskly from about 45 s to the end, a stride every 0.9 to 1.0 s by the folder's own description.
#[test]
fn a_walk_becomes_one_set_of_strides_with_its_cadence() {
    let Some(folder) = shared_data::shared_data("a_walk_becomes_one_set", "qmt-legs") else { return };
    let (session, out) = play_at(100.0, &[(rows(&folder.join("lower_leg_left.csv")), "walk")], 10);
    assert!(session.over());
    let sets = sets(&out);
    let [walk] = sets.as_slice() else { panic!("{sets:?}") };
    assert_eq!((walk.exercise.as_str(), walk.end), ("walk", SetEnd::StreamEnded));
    assert!((40..=65).contains(&walk.count), "{}", walk.count);
    let cadence = walk.cadence_per_min.unwrap();
    assert!((115.0..=135.0).contains(&cadence), "{cadence}");
}
