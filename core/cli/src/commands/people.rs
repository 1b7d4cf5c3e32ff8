//! `talus people`: who lives in the household; and somebody with everything of theirs, deleted for good.

use crate::app;
use crate::args::Common;
use crate::commands::owning::{size, sure, told};
use crate::failure::Failure;
use crate::output::Output;
use crate::table::wrap;
use crate::words::{KeepingWords, OwnWords, Words, fill};
use serde_json::{Value, json};
use talus_app::Talus;
use talus_app::store::{Belongings, Profile};

#[derive(Debug, clap::Args)]
pub(crate) struct PeopleArgs {
    #[command(subcommand)]
    act: Option<Act>,
    /// Look in the demo's database
    #[arg(long, global = true)]
    demo: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Delete somebody with everything that is theirs; cuffs stay
    Delete {
        /// Their name, or how their id begins
        #[arg(value_name = "NAME")]
        who: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) fn run(common: &Common, args: &PeopleArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let Some(talus) = app::open_to_look(common, args.demo)? else {
        return app::nothing_yet(common, &json!({ "talus": "people/1", "people": [] }), out);
    };
    match &args.act {
        None => list(common, &talus, words, out),
        Some(Act::Delete { who, yes }) => delete(common, &talus, who, *yes, words, out),
    }
}

fn list(common: &Common, talus: &Talus, words: &Words, out: &mut Output<'_>) -> Result<u8, Failure> {
    let mut people = Vec::new();
    for person in talus.people()? {
        let has = talus.belongings(person.id)?;
        people.push((person, has));
    }
    if common.json {
        let people: Vec<Value> = people.iter().map(|(person, has)| as_json(person, has)).collect();
        out.json(&json!({ "talus": "people/1", "people": people }))?;
        return Ok(0);
    }
    for (person, has) in &people {
        let line = format!("{} · {} · {}", name(person, words), short(person), what(has, words).join(", "));
        out.lines(wrap(&line, out.width()))?;
    }
    Ok(0)
}

fn delete(
    common: &Common,
    talus: &Talus,
    who: &str,
    yes: bool,
    words: &Words,
    out: &mut Output<'_>,
) -> Result<u8, Failure> {
    let says = KeepingWords::of(words);
    let person = find(talus.people()?, who)?;
    let (has, asides) = (talus.belongings(person.id)?, talus.asides()?);
    let name = name(&person, words);
    if !common.json {
        out.lines(wrap(&fill(says.person_goes, &[&name, &what(&has, words).join(", ")]), out.width()))?;
        out.lines(wrap(says.for_good, out.width()))?;
        if asides > 0 {
            out.lines(wrap(&fill(says.still_aside, &[&told(asides, says.asides)]), out.width()))?;
        }
    }
    let deleted = sure(yes, says)?;
    if deleted {
        talus.delete_person(person.id)?;
    }
    if common.json {
        out.json(&json!({ "talus": "people-delete/1", "person": as_json(&person, &has), "deleted": deleted, "set_aside": asides }))?;
        return Ok(0);
    }
    if !deleted {
        out.lines(wrap(says.stays, out.width()))?;
        return Ok(0);
    }
    out.lines(wrap(&fill(says.deleted, &[&name]), out.width()))?;
    Ok(0)
}

/// The one person somebody means.
fn find(people: Vec<Profile>, who: &str) -> Result<Profile, Failure> {
    let asked = who.trim();
    let digits: String = asked.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    let named = |person: &Profile| !asked.is_empty() && person.name.trim().to_lowercase() == asked.to_lowercase();
    let by_id = |person: &Profile| digits.len() >= 4 && person.id.to_string().replace('-', "").starts_with(&digits);
    let any_named = people.iter().any(named);
    let mut found: Vec<Profile> =
        people.into_iter().filter(|person| if any_named { named(person) } else { by_id(person) }).collect();
    match (found.pop(), found.len()) {
        (Some(person), 0) => Ok(person),
        (None, _) => Err(Failure {
            usage: true,
            ..Failure::new(format!("find a person called {asked:?}"), "talus people lists everybody.")
                .german(format!("im Haushalt gibt es niemanden namens {asked:?}"), "talus people nennt alle.")
        }),
        (Some(_), more) => Err(Failure {
            usage: true,
            ..Failure::new(
                format!("tell which of {} people called {asked:?} is meant", more + 1),
                "Say how their id begins. talus people lists everybody.",
            )
            .german(format!("{} heißen {asked:?}", more + 1), "Sag, wie die Kennung beginnt. talus people nennt alle.")
        }),
    }
}

fn name(person: &Profile, words: &Words) -> String {
    let name = person.name.trim();
    if name.is_empty() { OwnWords::of(words).unnamed.to_owned() } else { name.to_owned() }
}

/// Enough of an id to be told from others.
fn short(person: &Profile) -> String {
    person.id.to_string().chars().take(13).collect()
}

fn what(has: &Belongings, words: &Words) -> Vec<String> {
    let (says, own) = (KeepingWords::of(words), OwnWords::of(words));
    let mut parts = vec![told(has.sessions, own.sessions)];
    if has.recordings > 0 {
        parts.push(format!("{} ({})", told(has.recordings, own.recordings), size(has.recording_bytes, words)));
    }
    let more = [(has.check_ins, says.check_ins), (has.tests, says.tests), (has.plans, says.plans)];
    parts.extend(more.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| told(count, word)));
    parts
}

fn as_json(person: &Profile, has: &Belongings) -> Value {
    json!({
        "id": person.id.to_string(), "name": person.name, "sessions": has.sessions, "recordings": has.recordings,
        "recording_bytes": has.recording_bytes, "check_ins": has.check_ins, "tests": has.tests, "plans": has.plans,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use talus_app::store::ProfileId;

    #[test]
    fn somebody_is_found_by_their_name_or_how_their_id_begins_and_never_by_half_of_either() {
        let person = |n: u8, name: &str| Profile { id: ProfileId([n; 16]), name: name.to_owned() };
        let people = || vec![person(1, "Ada"), person(2, "Ben"), person(3, "ben"), person(4, ""), person(0xab, "Cleo")];
        let found = |who: &str| find(people(), who).map(|person| person.id.0[0]);
        assert_eq!(found(" ada "), Ok(1));
        assert_eq!(found("0404"), Ok(4));
        assert_eq!(found("abababab-ab"), Ok(0xab));
        assert!(found("Ben").unwrap_err().what.contains("2 people"), "two of one name");
        for nobody in ["", "Ad", "ab", "0505"] {
            assert!(found(nobody).unwrap_err().usage, "{nobody}");
        }
    }
}
