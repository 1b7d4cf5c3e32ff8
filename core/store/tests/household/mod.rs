//! Whole households for tests of bundles, the same for the same seed.
#![allow(
    clippy::case_sensitive_file_extension_comparisons,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::cast_possible_wrap
)]

use crate::common::{LEFT, RIGHT, Seed, began, bookmark, head, push_all, rep, result, second, stride};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use std::path::Path;
use talus_coach::Level;
use talus_coach::screening::Stance;
use talus_coach::{Record, SessionSummary};
use talus_motion::{CuffId, Micros, Side};
use talus_store::{
    About, CheckIn, CuffRow, Goal, Moment, PlanId, PlanRow, ProfileId, SessionHead, SessionId, Sex, SharedRow, Store,
    TestRow, Wear,
};

const NAMES: [&str; 5] = ["Ada", "Björn „B“", "=cmd()", "", "יעל\u{202e}x"];
const EXERCISES: [&str; 4] = ["stand_abd", "knee_ext_seated", "walk", "quad_set_slr"];

pub fn profile_id(n: u64) -> ProfileId {
    ProfileId([n as u8 + 1; 16])
}

pub fn session_id(person: u64, n: u64) -> SessionId {
    let mut id = [0x01, 0x9b, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0];
    id[14] = person as u8;
    id[12..14].copy_from_slice(&(n as u16).to_be_bytes());
    SessionId(id)
}

pub fn session_head(person: u64, n: u64) -> SessionHead {
    let started_utc_ms = 1_770_000_000_123 + n as i64 * 86_400_000 + person as i64 * 3_600_000;
    SessionHead {
        id: session_id(person, n),
        profile: profile_id(person),
        started_utc_ms,
        local_day: format!("2026-{:02}-{:02}", 1 + n / 28 % 12, 1 + n % 28),
        ..head(1)
    }
}

/// Draws a household into an empty folder.
pub fn draw(folder: &Path, seed: u64) -> Store {
    draw_from(folder, seed, 0)
}

/// As [`draw`]; its people and sessions are numbered from `first`, so that two households share what they should.
pub fn draw_from(folder: &Path, seed: u64, first: u64) -> Store {
    let mut seed = Seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let store = Store::open(&folder.join("talus.db")).unwrap();
    let people = 1 + seed.below(3);
    for person in first..first + people {
        store.ensure_profile(profile_id(person), NAMES[seed.below(5) as usize]).unwrap();
    }
    for (n, id) in [LEFT, RIGHT].into_iter().enumerate().take(seed.below(3) as usize) {
        let cuff = CuffRow {
            id,
            family: "cmp".to_owned(),
            serial: format!("S{n}"),
            name: format!("cuff {n}"),
            dry_mass_g: (seed.below(2) == 0).then_some(240),
            inserts_g: vec![250; seed.below(4) as usize],
        };
        store.put_cuff(&cuff).unwrap();
        for time in 0..seed.below(3) as i64 {
            let side = if seed.below(2) == 0 { Side::Left } else { Side::Right };
            let wear = Wear { cuff: id, side, mass_g: 500 * seed.below(5) as u32, site: "ankle".to_owned() };
            store.wear(profile_id(first + seed.below(people)), &[wear], 1_760_000_000_000 + time * 1000).unwrap();
        }
    }
    for n in 0..seed.below(5) {
        let range_deg = 40.0 + seed.below(1000) as f64 / 7.0;
        let side = if n % 2 == 0 { Side::Left } else { Side::Right };
        store.put_calibration(profile_id(first + seed.below(people)), side, "stand_abd", range_deg, n as i64).unwrap();
    }
    for n in 0..seed.below(4) {
        let person = first + seed.below(people);
        add_session(&store, person, n, &mut seed);
    }
    for person in first..first + people {
        describe(&store, person, &mut seed);
    }
    store
}

/// Gives a person what is theirs beside sessions.
fn describe(store: &Store, person: u64, seed: &mut Seed) {
    let profile = profile_id(person);
    if seed.below(2) == 0 {
        let about = About {
            birth_year: 1950 + seed.below(50) as i16,
            height_cm: 150.0 + seed.below(400) as f64 / 7.0,
            mass_kg: 61.3,
            sex: (seed.below(2) == 0).then_some(Sex::Female),
            goal: Goal::Balance,
            level: Level::Beginner,
            kit: None,
            answers: None,
            stance: Stance::default(),
        };
        store.put_about(profile, &about, 1_770_000_000_000).unwrap();
        store.trust_author(profile, [person as u8; 32], "Dr. „Grün“", 1_770_000_000_000).unwrap();
    }
    for n in 0..seed.below(3) {
        let id = PlanId([0x40 + person as u8, n as u8, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1]);
        let text = format!("plan {n}\n\twith \"quotes\"");
        store.put_plan(profile, &PlanRow { id, text, from_utc_ms: 1_770_000_000_000 + n as i64 }).unwrap();
    }
    if seed.below(2) == 0 {
        let text = format!("id = \"garden\"\nname = \"„Garten“ {person}\"\n");
        store.put_programme(profile, &SharedRow { id: "garden".to_owned(), text }, 1_770_000_000_000).unwrap();
    }
    for n in 0..seed.below(3) as i64 {
        // Whoever of them has none takes over what another has.
        let programme = (n < 1).then_some(if seed.below(2) == 0 { "steady" } else { "garden" });
        store.follow(profile, programme, 1_770_000_000_000 + n).unwrap();
    }
    for n in 0..seed.below(3) as i64 {
        let check_in = CheckIn {
            at_utc_ms: 1_770_000_000_000 + n,
            local_day: "2026-02-02".to_owned(),
            moment: if n == 0 { Moment::Before } else { Moment::Morning },
            pain: (n == 1).then_some(3),
            slept_badly: n == 0,
            sore: true,
            swollen: false,
            signs: BTreeSet::default(),
            red_flag: false,
        };
        store.put_check_in(profile, &check_in).unwrap();
    }
    let last = store.sessions(profile, None, 1).unwrap().first().map(|row| row.id);
    for n in 0..seed.below(3) {
        let test = TestRow {
            id: [0x50 + person as u8, n as u8, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 2],
            session: last.filter(|_| n == 0),
            at_utc_ms: 1_770_000_000_000,
            offset_min: 60,
            zone: "Europe/Berlin".to_owned(),
            local_day: "2026-02-02".to_owned(),
            kind: "chair_stand_30s".to_owned(),
            side: (n == 1).then_some(Side::Left),
            value: 12.0 + seed.below(100) as f64 / 3.0,
            unit: "count".to_owned(),
            error: (n == 0).then_some(0.7),
            quality: talus_motion::Quality::GOOD,
        };
        store.put_test(profile, &test).unwrap();
    }
}

/// Adds one session, finished or left open, with whatever the seed gives it.
pub fn add_session(store: &Store, person: u64, n: u64, seed: &mut Seed) {
    let head = session_head(person, n);
    let mut recorder = store.begin(&head).unwrap();
    let seconds = seed.below(4) as i64;
    for at in 0..seconds {
        push_all(&mut recorder, &second(seed, at));
        recorder.commit(Micros((at + 1) * 1_000_000)).unwrap();
    }
    let mut records = Vec::new();
    for set in 0..seed.below(4) as u32 {
        let exercise = EXERCISES[seed.below(4) as usize];
        for side in [Side::Left, Side::Right] {
            records.push(began(set, exercise, side));
            let count = 1 + seed.below(5) as u32;
            for seq in 1..=count {
                records.push(if exercise == "walk" {
                    Record::Stride { set_index: set, side, seq, stride: stride(seq) }
                } else {
                    Record::Rep { set_index: set, side, seq, rep: rep(seq) }
                });
            }
            if seed.below(6) > 0 {
                let mut result = result(exercise, side, count);
                (result.began, result.ended) =
                    (Micros(i64::from(set) * 60_000_000), Micros(i64::from(set) * 60_000_000 + 40_000_000));
                (result.reserve, result.pain) = ((seed.below(2) == 0).then_some(2), (seed.below(3) == 0).then_some(1));
                records.push(Record::SetEnded { set_index: set, result });
            }
        }
    }
    records.push(Record::Bookmark(bookmark(Micros(60_000_000), 4)));
    let open = seed.below(5) == 0;
    if !open {
        records.push(Record::Ended(summary()));
    }
    recorder.records(&records);
    if open {
        recorder.commit(Micros(seconds * 1_000_000 + 1)).unwrap();
        recorder.settle().unwrap();
        recorder.abandon();
        return;
    }
    recorder.finish(head.started_utc_ms + 61_250).unwrap();
    if seed.below(3) == 0 {
        store.rescore(head.id, 9, "2027-01", &records).unwrap();
    }
    if seed.below(2) == 0 {
        let db = Connection::open(store.path()).unwrap();
        let session: i64 =
            db.query_row("SELECT id FROM session WHERE uid = ?1", [head.id.0], |row| row.get(0)).unwrap();
        edit(&db, session, 1_780_000_000_000, "count", "11", None);
        edit(&db, session, 1_780_000_000_001, "count", "11", Some(db.last_insert_rowid()));
        edit(&db, session, 1_780_000_000_002, "note", "\"a long day „mit“ \\u0041\"", None);
        store.rebuild().unwrap();
    }
}

pub fn edit(db: &Connection, session: i64, at_utc_ms: i64, field: &str, value: &str, undoes: Option<i64>) {
    db.execute(
        "INSERT INTO edit (profile_id, session_id, at_utc_ms, set_index, side, field, value, undoes)
         SELECT profile_id, id, ?2, 0, 'left', ?3, ?4, ?5 FROM session WHERE id = ?1",
        params![session, at_utc_ms, field, value, undoes],
    )
    .unwrap();
}

pub fn summary() -> SessionSummary {
    SessionSummary {
        duration_s: 61.25,
        sets: 2,
        reps: 10,
        strides: 4,
        sentence: "Ten repetitions.".to_owned(),
        next: vec!["knee extension: the same again".to_owned()],
        walk: Vec::new(),
        walked: None,
        tested: Vec::new(),
        red_flag: false,
    }
}

/// Every row of every table, as text: two households with the same text are the same. Numbers of rows stay out, since
/// they differ after a merge; rows stand in the order of what they say.
pub fn picture(database: &Path) -> Vec<String> {
    let db = Connection::open(database).unwrap();
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let tables: Vec<String> =
        db.prepare(names).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut rows = Vec::new();
    for table in tables {
        let mut statement = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let cells: Vec<String> = columns
                .iter()
                .enumerate()
                .filter(|(_, name)| *name != "id" && !name.ends_with("_id") && *name != "undoes")
                .map(|(at, name)| match row.get_ref(at).unwrap() {
                    ValueRef::Text(text) => format!("{name}={}", String::from_utf8_lossy(text)),
                    other => format!("{name}={other:?}"),
                })
                .collect();
            rows.push(format!("{table} {}", cells.join(" ")));
        }
    }
    rows.sort();
    rows
}

/// The first line in which two pictures differ.
pub fn difference(one: &Path, other: &Path) -> Option<(String, String)> {
    let (one, other) = (picture(one), picture(other));
    let at = one.iter().zip(&other).position(|(one, other)| one != other).unwrap_or(one.len().min(other.len()));
    let line = |all: &[String]| all.get(at).cloned().unwrap_or_default();
    (one != other).then(|| (line(&one), line(&other)))
}

/// Names and bytes of everything in a folder and below; of the database only what it holds, since opening it moves pages.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            all.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if !name.ends_with("-wal") && !name.ends_with("-shm") && !name.ends_with(".lock") {
            all.push((name, std::fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

/// The cuff of a worn pair, for tests that need one.
pub fn cuff(id: CuffId, serial: &str) -> CuffRow {
    CuffRow {
        id,
        family: "cmp".to_owned(),
        serial: serial.to_owned(),
        name: serial.to_owned(),
        dry_mass_g: None,
        inserts_g: Vec::new(),
    }
}
