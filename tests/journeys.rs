//! The journeys in Rust: each file under `journeys/` through the use cases of talus-app.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;
mod signed_plan;

use shared_data::shared_data;
use signed_plan::signed_plan;
use std::path::{Path, PathBuf};
use talus_app::coach::screening::Stance;
use talus_app::store::{About, Goal, Moment, SessionDetail};
use talus_app::{
    Condition, DemoWish, ExportWish, Job, Note, Opening, Passphrase, PracticeWish, ReplayWish, Run, Talus,
};
use talus_coach::{Answer, Answers, Event, Level, Question, Reply};
use talus_journeys::{Expect, Journey, Step, journeys};
use talus_motion::{Detector, LinkState, Side};

/// No journey lasts longer than this in virtual time, seconds: one that does has lost its way out.
const LONGEST_S: f64 = 3600.0;

/// A walk through one journey.
struct Walker {
    talus: Talus,
    run: Option<Run>,
    notes: Vec<Note>,
    opening: Opening,
    /// Which key a phone has now.
    key: u8,
    /// A folder beside the household's.
    around: PathBuf,
    /// The session as it was when it went out.
    exported: Option<SessionDetail>,
}

fn secret(words: &str) -> Passphrase {
    Passphrase::new(words.to_owned()).unwrap()
}

impl Walker {
    fn go(&mut self, mut done: impl FnMut(&Run, &[Note]) -> bool) {
        let run = self.run.as_mut().expect("a journey begins before it goes on");
        let limit = run.now().plus((LONGEST_S * 1e6) as i64);
        while !run.over() && !done(run, &self.notes) {
            assert!(run.now() < limit, "no end after {LONGEST_S} s of {:?}", run.scene());
            run.advance(run.now().plus(100_000)).unwrap();
            self.notes.extend(run.notes());
        }
    }

    fn step(&mut self, step: &Step, data: Option<&Path>) {
        match step {
            Step::Demo { seed } => self.run = Some(Run::demo(&self.talus, DemoWish { seed: *seed }).unwrap()),
            Step::Person { birth_year, height_cm, mass_kg } => {
                self.talus.set_about(&about(*birth_year, *height_cm, *mass_kg)).unwrap();
            }
            Step::Become { name } => {
                let known = self.talus.people().unwrap().into_iter().find(|person| person.name == *name);
                let id = known.map_or_else(|| self.talus.add_person(name).unwrap(), |person| person.id);
                self.talus = self.talus.for_person(id).unwrap();
            }
            Step::Plan { exercise, mass_most_g, range_deg: (from, to) } => {
                let (plan, words) = signed_plan(exercise, *mass_most_g, (*from, *to));
                assert!(self.talus.accept_plan(&plan, None).is_err(), "nobody has compared the words yet");
                assert!(self.talus.accept_plan(&plan, Some(&words)).unwrap().not_now.is_none());
            }
            Step::Practice { seed, exercises } => {
                self.notes.clear();
                let wish = PracticeWish { seed: *seed, exercises: exercises.clone() };
                self.run = Some(Run::practice(&self.talus, wish).unwrap());
            }
            Step::Examine { seed, tests } => {
                self.notes.clear();
                let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
                self.run = Some(Run::examine(&self.talus, *seed, &tests).unwrap());
            }
            Step::Pain { level } => self.run.as_mut().expect("it runs").answer(Answer::Pain(*level)),
            Step::CheckIn { pain } => {
                let condition = Condition { pain: Some(*pain), ..Condition::default() };
                self.talus.check_in(Moment::Before, &condition).unwrap();
            }
            Step::Prescribed { exercise, side, mass_g, ceiling_g, why } => {
                let side = if side == "left" { Side::Left } else { Side::Right };
                let found = self.talus.prescribe(exercise, side, true).unwrap();
                let said = (found.prescription.mass_g, found.ceiling.mass_g, found.prescription.why);
                assert_eq!(said, (*mass_g, *ceiling_g, why.clone()), "{exercise} {side:?}");
            }
            Step::NotOpen { exercise, why } => {
                let refused = self.talus.prescribe(exercise, Side::Left, true).unwrap_err().to_string();
                assert!(refused.ends_with(why), "{refused}");
            }
            Step::Replay { files, exercises } => {
                let data = data.expect("looked for before");
                let wish = ReplayWish {
                    files: files.iter().map(|file| data.join(file)).collect(),
                    exercises: exercises.clone(),
                    side: None,
                    input_map: None,
                };
                self.run = Some(Run::replay(&self.talus, &wish).unwrap());
            }
            Step::Go { seconds } => {
                let mut until = None;
                self.go(|run, _| run.now() >= *until.get_or_insert(run.now().plus((seconds * 1e6) as i64)));
            }
            Step::Until { set, count } => self.go(|_, notes| {
                let begun = notes.iter().filter(|note| matches!(note, Note::Event(Event::SetBegan { .. }))).count();
                let counted = notes
                    .iter()
                    .rev()
                    .take_while(|note| !matches!(note, Note::Event(Event::SetBegan { .. })))
                    .filter(|note| matches!(note, Note::Event(Event::RepEnded { .. })))
                    .count();
                begun as u32 == *set && counted as u32 >= *count
            }),
            Step::Finish => {
                self.go(|_, _| false);
                self.run.take().expect("it ran").finish().unwrap();
            }
            Step::Save => {
                self.run.as_mut().expect("it runs").save().unwrap();
            }
            // What was not handed to the disk is gone, as when the process ends.
            Step::Kill => drop(self.run.take()),
            Step::Export { passphrase } => self.export(passphrase.as_deref()),
            Step::Wipe => self.wipe(),
            Step::Import { passphrase } => self.import(passphrase.as_deref()),
            Step::Resume => self.run = Some(Run::resume(&self.talus, "last").unwrap()),
        }
    }

    /// Into a file beside the household, which a wipe leaves alone.
    fn export(&mut self, passphrase: Option<&str>) {
        let (file, job) = (self.around.join("everything"), Job::new());
        let exported = match passphrase {
            Some(words) => self.talus.backup(&file, &secret(words), &job),
            None => self.talus.export(ExportWish { everyone: true, recordings: true }, &file, &job),
        };
        let exported = exported.unwrap();
        assert_eq!((exported.sessions, exported.recordings), (1, 1));
        assert!(job.progress().0 > 0 && job.progress().0 == job.progress().1);
        self.exported = Some(self.talus.session("last").unwrap());
    }

    fn wipe(&mut self) {
        let household = self.opening.database.parent().unwrap().to_owned();
        // A phone that lost its key opens with a new one.
        self.key += 1;
        // Each time somewhere else: a database stays sealed with the key it was made with.
        let elsewhere = format!("nowhere-{}/talus.db", self.key);
        let nowhere = Opening { database: self.around.join(elsewhere), ..self.opening.clone() };
        self.talus = open(nowhere, self.key);
        std::fs::remove_dir_all(&household).unwrap();
        self.talus = open(self.opening.clone(), self.key);
        assert_eq!(self.talus.sessions(10).unwrap().len(), 0);
    }

    fn import(&mut self, passphrase: Option<&str>) {
        let file = self.around.join("everything");
        let passphrase = passphrase.map(secret);
        let contents = Talus::look_into(&file, passphrase.as_ref()).unwrap();
        assert_eq!((contents.sealed, contents.sessions), (passphrase.is_some(), 1));
        let here = self.talus.sessions(10).unwrap().len() as u64;
        let imported = self.talus.import(&file, passphrase.as_ref(), &Job::new()).unwrap();
        assert_eq!((imported.sessions_new, imported.sessions_kept), (1 - here, here));
        assert_eq!(
            self.exported,
            Some(self.talus.session("last").unwrap()),
            "the session is not the one that went out"
        );
    }

    fn check(&self, expect: &Expect) {
        let sessions = self.talus.sessions(100).unwrap();
        assert_eq!(sessions.len() as u32, expect.sessions, "sessions");
        let detail = self.talus.session("last").unwrap();
        assert_eq!(detail.row.finished, expect.finished, "finished");
        let count = |of: fn(&Note) -> bool| self.notes.iter().filter(|note| of(note)).count() as u32;
        assert_eq!(count(|note| matches!(note, Note::Found(_))), expect.paired, "found");
        assert_eq!(count(|note| matches!(note, Note::Paired(_))), expect.paired, "paired");
        // A test measures the range itself.
        let calibrated = if expect.tested.is_empty() { expect.paired } else { 0 };
        assert_eq!(count(|note| matches!(note, Note::Calibrated { range_deg: Some(_), .. })), calibrated, "calibrated");
        for words in &expect.said {
            let said = |note: &&Note| matches!(note, Note::Event(Event::Cue(cue)) if cue.text() == words);
            assert!(self.notes.iter().any(|note| said(&note)), "nobody said: {words}");
        }
        // A foot that is put down after a stand is one of the test, and expected.
        let noticed = |note: &Note| matches!(note, Note::Event(Event::Noticed { finding, .. }) if finding.detector != Detector::TouchDown);
        assert_eq!(count(noticed), 0, "nobody stumbles, runs or takes the other leg in a journey");
        let lost = |note: &Note| matches!(note, Note::Event(Event::LinkChanged { state: LinkState::Lost, .. }));
        assert_eq!(count(lost), expect.lost, "lost");
        let found: Vec<String> = detail
            .sets
            .iter()
            .map(|set| format!("{} {:?} {}", set.result.exercise, set.result.side, set.result.count))
            .collect();
        assert_eq!(detail.sets.len(), expect.set.len(), "sets: {found:?}");
        for (set, expected) in detail.sets.iter().zip(&expect.set) {
            let result = &set.result;
            let side = format!("{:?}", result.side).to_lowercase();
            assert_eq!((&result.exercise, &side), (&expected.exercise, &expected.side), "{found:?}");
            assert!((expected.count[0]..=expected.count[1]).contains(&result.count), "{found:?}");
            let full = set.reps.iter().filter(|rep| rep.full).count() as u32;
            if result.exercise == "walk" {
                assert_eq!(set.strides.len() as u32, result.count, "every counted stride is kept");
            } else {
                assert_eq!(full, result.count, "every counted repetition is kept: {found:?}");
            }
            if let Some(short) = expected.short {
                assert_eq!(result.short, short, "{result:?}");
            }
            if let Some(ended_by) = &expected.ended_by {
                assert_eq!(&format!("{:?}", result.end).to_lowercase(), ended_by, "{result:?}");
            }
            let within = |value: Option<f64>, bounds: Option<[f64; 2]>, what: &str| {
                let Some([least, most]) = bounds else { return };
                let value = value.unwrap_or(f64::NAN);
                assert!((least..=most).contains(&value), "{what} {value} of {result:?}");
            };
            within(result.range_deg, expected.range_deg, "range");
            within(result.cadence_per_min, expected.cadence_per_min, "cadence");
        }
        let tested = self.talus.session_tests("last").unwrap();
        assert_eq!(tested.len(), expect.tested.len(), "{tested:?}");
        for (sheet, expected) in tested.iter().zip(&expect.tested) {
            assert_eq!(sheet.name, expected.name);
            let [least, most] = expected.value;
            assert!((least..=most).contains(&sheet.value.unwrap_or(f64::NAN)), "{sheet:?}");
            assert!(sheet.lines.contains(&expected.says), "nobody says {}: {sheet:?}", expected.says);
        }
    }
}

/// Somebody without a worry.
fn about(birth_year: i16, height_cm: f64, mass_kg: f64) -> About {
    let reply = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
    let replies = Question::ALL.into_iter().map(|q| (q, reply(q))).collect();
    About {
        birth_year,
        height_cm,
        mass_kg,
        sex: None,
        goal: Goal::Strength,
        level: Level::Beginner,
        kit: None,
        answers: Some(Answers { replies, ..Answers::default() }),
        stance: Stance::default(),
    }
}

#[cfg(not(feature = "sqlcipher"))]
fn open(opening: Opening, _key: u8) -> Talus {
    Talus::open(opening).unwrap()
}

/// As a phone does.
#[cfg(feature = "sqlcipher")]
fn open(opening: Opening, key: u8) -> Talus {
    Talus::open_sealed(opening, talus_app::store::Key::new([key; 32])).unwrap()
}

fn walk(name: &str, journey: &Journey) {
    let needs_data = journey.step.iter().any(|step| matches!(step, Step::Replay { .. }));
    let data = if needs_data {
        // Any one folder of it says where all are.
        let Some(one) = shared_data(&format!("journey {name}"), "uci-physio-leg") else { return };
        one.parent().map(Path::to_owned)
    } else {
        None
    };
    let folder = tempfile::tempdir().unwrap();
    let opening = Opening {
        database: folder.path().join("household/talus.db"),
        language: journey.language.clone(),
        zone: Some("Europe/Berlin".to_owned()),
    };
    let key = 0x1e;
    let mut walker = Walker {
        talus: open(opening.clone(), key),
        run: None,
        notes: Vec::new(),
        opening,
        key,
        around: folder.path().to_owned(),
        exported: None,
    };
    for step in &journey.step {
        walker.step(step, data.as_deref());
    }
    walker.check(&journey.expect);
    // Whatever way it took, its recording gives the same outputs once more.
    let id = walker.talus.session("last").unwrap().row.id;
    let recording = folder.path().join("household/recordings").join(format!("{id}.talus"));
    let replayed = walker.talus.replay_recording(&recording).unwrap();
    assert!(replayed.damage.is_empty(), "{:?}", replayed.damage);
    assert_eq!(replayed.as_stored, Some(true), "{name}: a replay differs from what was stored");
}

fn all() -> Vec<(String, Journey)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys");
    let named =
        |(path, journey): (PathBuf, Journey)| (path.file_stem().unwrap().to_string_lossy().into_owned(), journey);
    journeys(&folder).unwrap().into_iter().map(named).collect()
}

/// The journey whose file begins with `number`.
fn of(number: &str) -> (String, Journey) {
    all().into_iter().find(|(name, _)| name.starts_with(number)).expect("the file is there")
}

fn journey(number: &str) {
    let (name, journey) = of(number);
    walk(&name, &journey);
}

#[test]
fn a_cuff_is_paired_and_calibrated_and_a_session_stands_in_the_history() {
    journey("01");
}

#[test]
fn a_cuff_is_lost_in_a_set_and_comes_back_and_nothing_is_guessed() {
    journey("02");
}

#[test]
fn a_killed_session_is_taken_up_again_and_nothing_acknowledged_is_lost() {
    journey("03");
}

/// What is safe when the phone is killed hangs on how fast it is: the session comes to the same all the same.
#[test]
fn a_killed_session_comes_to_the_same_wherever_it_was_safe_up_to() {
    let (name, mut journey) = of("03");
    let killed = journey.step.iter().position(|step| *step == Step::Kill).expect("it is killed");
    journey.step.insert(killed, Step::Save);
    walk(&name, &journey);
}

#[test]
fn pain_ends_an_exercise_and_it_stays_closed_until_somebody_checks_in() {
    journey("04");
}

#[test]
fn a_plan_narrows_a_load_and_a_range_and_the_session_keeps_to_it() {
    journey("05");
}

#[test]
fn a_walk_with_a_weight_begins_without_one_and_a_changed_stride_takes_it_off() {
    journey("07");
}

#[test]
fn tests_of_balance_and_function_are_done_kept_and_told() {
    journey("09");
}

#[test]
fn a_second_person_has_a_history_and_loads_of_their_own() {
    journey("08");
}

#[test]
fn everything_goes_out_is_wiped_and_comes_back_the_same() {
    journey("06");
}

#[test]
fn real_recordings_become_a_session_of_four_exercises() {
    journey("20");
}

#[test]
fn a_real_walk_becomes_strides_and_cadence() {
    journey("21");
}

#[test]
fn every_journey_has_a_test() {
    let numbers: Vec<String> = all().into_iter().map(|(name, _)| name[..2].to_owned()).collect();
    assert_eq!(numbers, ["01", "02", "03", "04", "05", "06", "07", "08", "09", "20", "21"]);
}
