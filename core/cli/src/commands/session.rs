//! `talus session`: a session at the desk, with cuffs nearby or with simulated ones; and one that was left or killed,
//! taken up again.

use super::who;
use crate::app::{self, AtCuffs, Running, words};
use crate::args::{Common, SessionArgs, Speed};
use crate::commands::at_hand;
use crate::commands::playing::{Playing, play};
use crate::domain::{Kind, SessionId, SessionRow, Side};
use crate::failure::Failure;
use crate::output::{Output, say};
use crate::words::{PersonWords, badge};
use serde_json::json;
use talus_app::files;
use talus_app::{AppError, PersonRefusal, PracticeWish, Run, Talus, TestLine, TestSheet, TodaySheet};

/// As the demo: a person who comes back watches.
const SPEED: Speed = Speed::Times(10.0);
/// Real cuffs know one pace.
const LIFE: Speed = Speed::Times(1.0);
/// The seed of simulated legs and cuffs.
const SEED: u64 = 1;
/// What is done where nobody says what: seated, standing, lying, as far as it is open.
const USUAL: [&str; 3] = ["knee_ext_seated", "stand_abd", "quad_set_slr"];

pub(crate) fn run(common: &Common, args: &SessionArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    match (&args.resume, &args.test) {
        (Some(asked), _) => resume(common, args, asked, out),
        (None, Some(id)) if !args.file.is_empty() => test(common, args, id, out),
        (None, Some(id)) => examine(common, args, &[id], out),
        (None, None) => match args.exercises.split_first() {
            Some((word, tests)) if word == "test" => {
                examine(common, args, &tests.iter().map(String::as_str).collect::<Vec<_>>(), out)
            }
            _ => begin(common, args, out),
        },
    }
}

/// Tests with cuffs nearby or simulated ones; without a name, which there are.
fn examine(common: &Common, args: &SessionArgs, tests: &[&str], out: &mut Output<'_>) -> Result<u8, Failure> {
    let talus = app::open(common, args.demo)?;
    who::describe(&talus, common, args.person.as_deref(), args.demo)?;
    if tests.is_empty() {
        return list(&talus, common, out);
    }
    if !who::check_in(&talus, common, args.pain)? {
        return Ok(0);
    }
    if args.demo {
        if !common.json {
            say(PersonWords::of(words(common)).practice);
        }
        let run = Run::examine(&talus, SEED, tests)?;
        let player = Box::new(Running { run, talus: talus.clone() });
        let speed = args.pace.speed.unwrap_or(SPEED);
        return play(Playing { common, talus, player, speed, demo: true, demo_database: true }, out);
    }
    let cuffs = at_hand::around(&talus)?;
    let player = Box::new(AtCuffs { training: cuffs.examine(tests)?, talus: talus.clone() });
    play(Playing { common, talus, player, speed: LIFE, demo: false, demo_database: false }, out)
}

/// The tests there are: those that are due first, and why one is not open now.
fn list(talus: &Talus, common: &Common, out: &mut Output<'_>) -> Result<u8, Failure> {
    let lines = talus.test_lines()?;
    if common.json {
        let line = |one: &TestLine| json!({ "id": one.id, "name": one.name, "due": one.due, "why_not": one.whys });
        out.json(&json!({ "talus": "tests/1", "tests": lines.iter().map(line).collect::<Vec<_>>() }))?;
        return Ok(0);
    }
    let wide = lines.iter().map(|line| line.id.len()).max().unwrap_or(0);
    for line in lines {
        let due = if line.due { "* " } else { "  " };
        let whys = line.whys.join(" ");
        out.line(format!("{due}{:wide$}  {}. {whys}", line.id, line.name).trim_end())?;
    }
    Ok(0)
}

/// A function test from recordings of it: kept, with what it says.
fn test(common: &Common, args: &SessionArgs, id: &str, out: &mut Output<'_>) -> Result<u8, Failure> {
    let talus = app::open(common, args.demo)?;
    let mut tries = Vec::new();
    for path in &args.file {
        tries.push(files::read(path, None).map_err(AppError::from)?);
    }
    let sheet = talus.test_of_files(id, args.side.map(Into::into), &tries)?;
    if common.json {
        let TestSheet { name, value, lines } = &sheet;
        out.json(&json!({ "talus": "test/1", "test": id, "name": name, "value": value, "says": lines }))?;
    } else {
        out.lines(&sheet.lines)?;
    }
    Ok(u8::from(sheet.value.is_none()))
}

/// A new session: who it is for, how they are, what is open, then the cuffs.
fn begin(common: &Common, args: &SessionArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let talus = app::open(common, args.demo)?;
    let says = PersonWords::of(words(common));
    who::describe(&talus, common, args.person.as_deref(), args.demo)?;
    if let Some(plan) = &args.plan {
        accept(&talus, plan, args.words.as_deref())?;
    }
    if let Some(programme) = &args.programme {
        talus.follow(Some(programme))?;
    }
    if !who::check_in(&talus, common, args.pain)? {
        return Ok(0);
    }
    // What was asked for; else today's session of the programme; else the usual.
    let exercises = match (args.exercises.is_empty(), talus.today_sheet()?) {
        (false, _) => args.exercises.clone(),
        (true, TodaySheet::Free) => usual(&talus)?,
        (true, TodaySheet::Train { title, notes, .. }) => {
            if !common.json {
                out.line(&title)?;
                out.lines(notes)?;
            }
            Vec::new()
        }
        (true, TodaySheet::Rest { why, .. }) => return no_session(&[why], common, out),
        (true, TodaySheet::Closed { whys }) => return no_session(&whys, common, out),
        (true, TodaySheet::Finished { says }) => return no_session(&[says], common, out),
    };
    if args.demo {
        if !common.json {
            say(says.practice);
        }
        foretell(&talus, common, &exercises, &[Side::Left, Side::Right], out)?;
        let run = Run::practice(&talus, PracticeWish { seed: SEED, exercises })?;
        let player = Box::new(Running { run, talus: talus.clone() });
        let speed = args.pace.speed.unwrap_or(SPEED);
        return play(Playing { common, talus, player, speed, demo: true, demo_database: true }, out);
    }
    let worn: Vec<Side> = talus.worn()?.iter().map(|wear| wear.side).collect();
    if worn.is_empty() {
        return Err(AppError::from(PersonRefusal::NothingWorn).into());
    }
    let cuffs = at_hand::around(&talus)?;
    foretell(&talus, common, &exercises, &worn, out)?;
    let exercises: Vec<&str> = exercises.iter().map(String::as_str).collect();
    let player = Box::new(AtCuffs { training: cuffs.train(&exercises)?, talus: talus.clone() });
    play(Playing { common, talus, player, speed: LIFE, demo: false, demo_database: false }, out)
}

/// Keeps a plan from someone the person trusts, whose words they have compared.
fn accept(talus: &Talus, file: &std::path::Path, words: Option<&str>) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let why = talus_app::store::system_words(&error);
        Failure::new(format!("read {}: {why}", file.display()), "Check that the file is there and is a plan.")
    })?;
    talus.accept_plan(&text, words)?;
    Ok(())
}

/// Says why today is no session: that is an answer, and no failure.
fn no_session(whys: &[String], common: &Common, out: &mut Output<'_>) -> Result<u8, Failure> {
    if common.json {
        out.json(&json!({ "talus": "no-session/1", "why": whys }))?;
    } else {
        out.lines(whys)?;
    }
    Ok(0)
}

/// The usual, as far as it is open on both legs.
fn usual(talus: &Talus) -> Result<Vec<String>, Failure> {
    let openness = talus.openness()?;
    let is_open = |id: &&str| openness.iter().filter(|one| one.exercise == *id).all(|one| one.open);
    let open: Vec<String> = USUAL.iter().filter(|id| is_open(id)).map(|id| (*id).to_owned()).collect();
    if open.is_empty() {
        // The first of them says why.
        talus.prescribe(USUAL[0], Side::Left, false)?;
    }
    Ok(open)
}

/// What is asked for today, and why, before anything begins.
fn foretell(
    talus: &Talus,
    common: &Common,
    exercises: &[String],
    sides: &[Side],
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    if common.json {
        return Ok(());
    }
    let says = PersonWords::of(words(common));
    out.line(says.plan)?;
    let exercises: Vec<&str> = exercises.iter().map(String::as_str).collect();
    for asked in talus.foretold(&exercises, sides)? {
        let reps = asked.reps.map_or("…".to_owned(), |reps| reps.to_string());
        let sets = match asked.sets {
            1 => says.sets[0].replacen("{}", &reps, 1),
            sets => says.sets[1].replacen("{}", &sets.to_string(), 1).replacen("{}", &reps, 1),
        };
        let (mass, name) = (talus.texts().mass(asked.mass_g), talus.exercise_name(&asked.exercise));
        out.line(&format!("  {} {name}: {mass}, {sets}. {}", badge(asked.side), asked.why))?;
    }
    out.line("")
}

fn resume(common: &Common, args: &SessionArgs, asked: &str, out: &mut Output<'_>) -> Result<u8, Failure> {
    let (talus, demo_database) = database(common, args.demo, asked)?;
    let unfinished = talus.unfinished()?;
    let kind = unfinished.iter().find(|row| is_meant(row.id, asked)).map(|row| row.kind);
    if kind == Some(Kind::Live) {
        let training = at_hand::around(&talus)?.resume_training(asked)?;
        let player = Box::new(AtCuffs { training, talus: talus.clone() });
        return play(Playing { common, talus, player, speed: LIFE, demo: false, demo_database }, out);
    }
    let player = Box::new(Running { run: Run::resume(&talus, asked)?, talus: talus.clone() });
    let speed = args.pace.speed.unwrap_or(if kind == Some(Kind::Replay) { Speed::Max } else { SPEED });
    play(Playing { common, talus, player, speed, demo: kind == Some(Kind::Demo), demo_database }, out)
}

/// The database the session is in. Who does not say which means the own one first, and the demo's where nothing there
/// is unfinished: most sessions that are left at a desk are demos.
fn database(common: &Common, demo: bool, resume: &str) -> Result<(Talus, bool), Failure> {
    if !demo
        && common.database.is_none()
        && let Some(demos) = app::open_to_look(common, true)?
    {
        let own = app::open_to_look(common, false)?.map(|talus| talus.unfinished()).transpose()?.unwrap_or_default();
        let has = |rows: &[SessionRow]| rows.iter().any(|row| is_meant(row.id, resume));
        if !has(&own) && has(&demos.unfinished()?) {
            return Ok((demos, true));
        }
    }
    let talus = app::open_to_look(common, demo)?.map_or_else(|| app::open(common, demo), Ok)?;
    Ok((talus, demo))
}

/// Whether `asked` is how the session is called: `last`, or how its id begins.
fn is_meant(id: SessionId, asked: &str) -> bool {
    let digits = |text: &str| text.replace('-', "").to_ascii_lowercase();
    asked == "last" || digits(&id.to_string()).starts_with(&digits(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_called_last_or_by_how_its_id_begins() {
        let id = SessionId([0x01, 0x9a, 0xbc, 0xff, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        for asked in ["last", "019abcff-0506", "019ABCFF05", ""] {
            assert!(is_meant(id, asked), "{asked}");
        }
        assert!(!is_meant(id, "019abd"));
    }
}
