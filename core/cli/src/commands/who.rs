//! Who a session is for: read from a file, or asked at the terminal; and how they are today.

use crate::app::words;
use crate::args::Common;
use crate::failure::Failure;
use crate::output::say;
use crate::words::PersonWords;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, IsTerminal as _, Write};
use std::path::Path;
use talus_app::coach::load::Kit;
use talus_app::coach::screening::Stance;
use talus_app::coach::{Answers, Level, Reply};
use talus_app::store::{About, Goal, Moment, Sex};
use talus_app::{AppError, Condition, PersonRefusal, Talus, without_a_worry};

/// A person as a file describes them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    birth_year: i16,
    height_cm: f64,
    mass_kg: f64,
    sex: Option<Sex>,
    goal: Option<Goal>,
    level: Option<Level>,
    /// Lightest, step, heaviest.
    kit_g: Option<(u32, u32, u32)>,
    answers: Answers,
    #[serde(default)]
    stance: Stance,
}

/// Makes sure that Talus knows who trains. `practice`: nobody does, a simulated leg moves.
pub(crate) fn describe(talus: &Talus, common: &Common, file: Option<&Path>, practice: bool) -> Result<(), Failure> {
    if let Some(file) = file {
        return Ok(talus.set_about(&read(file)?)?);
    }
    if talus.about()?.is_some_and(|about| about.answers.is_some()) {
        return Ok(());
    }
    if practice {
        return Ok(talus.set_about(&without_a_worry(1985, 70.0))?);
    }
    if common.json || !std::io::stdin().is_terminal() {
        return Err(AppError::from(PersonRefusal::Nobody).into());
    }
    let says = PersonWords::of(words(common));
    say(says.first_time);
    let about = asked(talus, says, &mut std::io::stdin().lock(), &mut std::io::stderr())?;
    Ok(talus.set_about(&about)?)
}

fn read(file: &Path) -> Result<About, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure {
        usage: true,
        ..Failure::new(
            format!("read {}: {why}", file.display()),
            "It needs birth_year, height_cm, mass_kg, and answers with a reply to each of the twelve questions.",
        )
    };
    let text = fs::read_to_string(file).map_err(|error| wrong(&talus_app::store::system_words(&error)))?;
    let written: Written = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    let kit = written.kit_g.map(|(smallest_g, step_g, largest_g)| Kit::new(smallest_g, step_g, largest_g));
    Ok(About {
        birth_year: written.birth_year,
        height_cm: written.height_cm,
        mass_kg: written.mass_kg,
        sex: written.sex,
        goal: written.goal.unwrap_or(Goal::Strength),
        level: written.level.unwrap_or(Level::Beginner),
        kit: kit.transpose().map_err(|error| AppError::from(PersonRefusal::from(error)))?,
        answers: Some(written.answers),
        stance: written.stance,
    })
}

/// Asks for everything that decides a load.
fn asked(talus: &Talus, says: &PersonWords, from: &mut dyn BufRead, to: &mut dyn Write) -> Result<About, Failure> {
    let number = |text: &str| text.replacen(',', ".", 1).parse::<f64>().ok();
    let birth_year = ask(says.birth_year, says, from, to, |text| text.parse().ok())?;
    let height_cm = ask(says.height, says, from, to, number)?;
    let mass_kg = ask(says.mass, says, from, to, number)?;
    let trained = ask(says.trained, says, from, to, yes_or_no)?;
    let mut replies = BTreeMap::new();
    for (question, words) in talus.questions() {
        let reply = ask(&format!("{words} {}", says.yes_no), says, from, to, reply)?;
        replies.insert(question, reply);
    }
    Ok(About {
        birth_year,
        height_cm,
        mass_kg,
        sex: None,
        goal: Goal::Strength,
        level: if trained { Level::Trained } else { Level::Beginner },
        kit: None,
        answers: Some(Answers { replies, ..Answers::default() }),
        stance: Stance::default(),
    })
}

/// How somebody is, where a person can be asked. `false`: nothing more today, and that was told.
pub(crate) fn check_in(talus: &Talus, common: &Common, pain: Option<u8>) -> Result<bool, Failure> {
    let says = PersonWords::of(words(common));
    let mut condition = Condition { pain, ..Condition::default() };
    if pain.is_none() && !common.json && !common.plain && std::io::stdin().is_terminal() {
        let (from, to) = (&mut std::io::stdin().lock(), &mut std::io::stderr());
        condition = condition_asked(talus, says, from, to)?;
    } else if pain.is_none() {
        return Ok(true);
    }
    let moment = if talus.morning_due()? { Moment::Morning } else { Moment::Before };
    let checked = talus.check_in(moment, &condition)?;
    say(&checked.says);
    for line in checked.sheet.iter().flat_map(|sheet| &sheet.lines) {
        say(line);
    }
    Ok(checked.sheet.is_none())
}

fn condition_asked(
    talus: &Talus,
    says: &PersonWords,
    from: &mut dyn BufRead,
    to: &mut dyn Write,
) -> Result<Condition, Failure> {
    let mut condition = Condition::default();
    let signs = talus.signs();
    let all: Vec<&str> = signs.iter().map(|(_, words)| words.as_str()).collect();
    if ask(&says.signs.replacen("{}", &all.join(" "), 1), says, from, to, yes_or_no)? {
        for (sign, words) in &signs {
            if ask(&format!("{words} "), says, from, to, yes_or_no)? {
                condition.signs.insert(*sign);
            }
        }
    }
    condition.pain = ask(says.pain, says, from, to, |text| match text {
        "" => Some(None),
        text => text.parse::<u8>().ok().filter(|pain| *pain <= 10).map(Some),
    })?;
    Ok(condition)
}

/// Asks until there is an answer.
fn ask<T>(
    question: &str,
    says: &PersonWords,
    from: &mut dyn BufRead,
    to: &mut dyn Write,
    answer: impl Fn(&str) -> Option<T>,
) -> Result<T, Failure> {
    let mut prompt = question;
    loop {
        // A question that cannot be shown is answered by nobody: the end of what is typed comes next.
        let _ = write!(to, "{prompt}").and_then(|()| to.flush());
        let mut typed = String::new();
        let read = from.read_line(&mut typed).unwrap_or(0);
        if read == 0 {
            return Err(Failure::new("ask who it is for: nobody answers", "Answer at the terminal, or use --person."));
        }
        if let Some(answer) = answer(typed.trim()) {
            return Ok(answer);
        }
        prompt = says.again;
    }
}

pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    match reply(text)? {
        Reply::Yes => Some(true),
        Reply::No => Some(false),
        Reply::NotSure => None,
    }
}

fn reply(text: &str) -> Option<Reply> {
    match text.to_lowercase().as_str() {
        "y" | "yes" | "j" | "ja" => Some(Reply::Yes),
        "n" | "no" | "nein" => Some(Reply::No),
        "?" | "not sure" | "nicht sicher" => Some(Reply::NotSure),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use talus_app::Opening;
    use talus_app::coach::Question;

    fn talus(folder: &tempfile::TempDir) -> Talus {
        let database = folder.path().join("talus.db");
        Talus::open(Opening { database, language: "de".into(), zone: Some("UTC".into()) }).unwrap()
    }

    #[test]
    fn what_is_asked_at_the_terminal_describes_a_person_and_nonsense_is_asked_again() {
        let folder = tempfile::tempdir().unwrap();
        let talus = talus(&folder);
        let says = PersonWords::of(Words::of("de"));
        let typed = format!("neunzehn\n1961\n171,5\n70\nnein\n{}nein\n?\nja\n", "nein\n".repeat(9));
        let mut shown = Vec::new();
        let about = asked(&talus, says, &mut typed.as_bytes(), &mut shown).unwrap();
        assert_eq!((about.birth_year, about.height_cm, about.level), (1961, 171.5, Level::Beginner));
        let answers = about.answers.clone().unwrap();
        assert_eq!(answers.replies.len(), 12);
        assert_eq!(answers.replies[&Question::FloorAlone], Reply::NotSure);
        talus.set_about(&about).unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert!(shown.contains("Noch einmal") && shown.contains("Parkinson"), "{shown}");
        let ended = asked(&talus, says, &mut &b"1961\n"[..], &mut Vec::new());
        assert!(ended.unwrap_err().what.contains("nobody answers"));
    }

    #[test]
    fn a_sign_that_is_there_is_asked_for_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let talus = talus(&folder);
        let says = PersonWords::of(Words::of("de"));
        let mut typed = &b"ja\nja\nnein\nnein\nnein\nnein\nnein\n12\n3\n"[..];
        let condition = condition_asked(&talus, says, &mut typed, &mut Vec::new()).unwrap();
        assert_eq!((condition.signs.len(), condition.pain), (1, Some(3)));
        let condition = condition_asked(&talus, says, &mut &b"nein\n\n"[..], &mut Vec::new()).unwrap();
        assert_eq!(condition, Condition::default());
    }

    #[test]
    fn a_file_describes_a_person_whole_or_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ada.json");
        let answers: Vec<String> =
            Question::ALL.into_iter().map(|question| format!("\"{}\":\"not_sure\"", question.slug())).collect();
        let whole = format!(
            "{{\"birth_year\":1961,\"height_cm\":171,\"mass_kg\":70,\"kit_g\":[500,500,2000],\
             \"answers\":{{\"replies\":{{{}}}}}}}",
            answers.join(",")
        );
        fs::write(&file, &whole).unwrap();
        let about = read(&file).unwrap();
        assert_eq!((about.birth_year, about.answers.unwrap().replies.len()), (1961, 12));
        for (wrong, says) in [
            (whole.replace("birth_year", "birthyear"), "birthyear"),
            (whole.replace("[500,500,2000]", "[500,0,2000]"), "do not fit"),
            (whole.replace("\"heart\":\"not_sure\"", "\"heart\":\"maybe\""), "maybe"),
        ] {
            fs::write(&file, wrong).unwrap();
            let refused = read(&file).unwrap_err();
            assert!(refused.what.contains(says), "{refused}");
        }
        assert!(read(Path::new("/nowhere/ada.json")).is_err());
    }
}
