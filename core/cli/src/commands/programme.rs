//! `talus programme`: which there are, a shared one taken in or given away, which is followed, and when to be reminded.

use super::who;
use crate::app;
use crate::args::Common;
use crate::failure::Failure;
use crate::output::Output;
use serde_json::json;
use std::path::PathBuf;
use talus_app::coach::calendar::RemindAt;
use talus_app::store::system_words;
use talus_app::{ProgrammeLine, ReminderLine, Talus};

/// Days ahead that are looked at for reminders.
const DAYS_AHEAD: u32 = 13;

#[derive(Debug, clap::Args)]
pub(crate) struct ProgrammeArgs {
    #[command(subcommand)]
    act: Option<Act>,
    /// A JSON file that says who trains; otherwise you are asked once
    #[arg(long, value_name = "FILE", global = true)]
    person: Option<PathBuf>,
    /// In the demo's database
    #[arg(long, global = true)]
    demo: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Follow this one from now on
    Follow {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Follow none
    Leave,
    /// Take in a programme from a file
    Add {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Put a programme away that you took in
    Remove {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// A programme as a file, on standard output
    Share {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// What to be reminded of in the two weeks ahead
    Remind {
        /// On which days, separated by commas; every day when left out
        #[arg(long, value_enum, value_delimiter = ',', value_name = "DAY")]
        days: Vec<Weekday>,
        /// When
        #[arg(long, default_value = "18:00", value_name = "HH:MM", value_parser = minute)]
        at: u16,
        /// When to be asked the morning after; not at all when left out
        #[arg(long, value_name = "HH:MM", value_parser = minute)]
        morning: Option<u16>,
    },
}

/// A day of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

fn minute(text: &str) -> Result<u16, String> {
    let read = |text: &str| {
        let (hours, minutes) = text.split_once(':')?;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(60 * hours + minutes)
    };
    read(text).ok_or_else(|| "a time such as 18:00 is expected".to_owned())
}

pub(crate) fn run(common: &Common, args: &ProgrammeArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let talus = app::open(common, args.demo)?;
    match &args.act {
        Some(Act::Share { id }) => {
            out.line(talus.programme_to_share(id)?.trim_end())?;
            return Ok(0);
        }
        Some(Act::Add { file }) => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                let why = system_words(&error);
                Failure::new(format!("read {}: {why}", file.display()), "Check that the file is there.")
            })?;
            talus.take_programme(&text)?;
        }
        Some(Act::Remove { id }) => talus.put_away_programme(id)?,
        _ => {}
    }
    who::describe(&talus, common, args.person.as_deref(), args.demo)?;
    match &args.act {
        Some(Act::Follow { id }) => talus.follow(Some(id))?,
        Some(Act::Leave) => talus.follow(None)?,
        Some(Act::Remind { days, at, morning }) => {
            let on = |day: usize| days.is_empty() || days.iter().any(|one| *one as usize == day);
            let at = RemindAt { weekdays: std::array::from_fn(on), minute: *at, morning: *morning };
            return remind(&talus, &at, common, out);
        }
        _ => {}
    }
    list(&talus, common, out)
}

fn list(talus: &Talus, common: &Common, out: &mut Output<'_>) -> Result<u8, Failure> {
    let lines = talus.programmes()?;
    if common.json {
        let line = |one: &ProgrammeLine| {
            let ProgrammeLine { id, name, per_week, followed, needs } = one;
            json!({ "id": id, "name": name, "per_week": per_week, "followed": followed, "needs": needs })
        };
        out.json(&json!({ "talus": "programmes/1", "programmes": lines.iter().map(line).collect::<Vec<_>>() }))?;
        return Ok(0);
    }
    let wide = lines.iter().map(|line| line.id.len()).max().unwrap_or(0);
    for line in lines {
        let followed = if line.followed { "* " } else { "  " };
        let needs = line.needs.join(" ");
        out.line(format!("{followed}{:wide$}  {}. {needs}", line.id, line.name).trim_end())?;
    }
    Ok(0)
}

fn remind(talus: &Talus, at: &RemindAt, common: &Common, out: &mut Output<'_>) -> Result<u8, Failure> {
    let reminders = talus.reminders(at, DAYS_AHEAD)?;
    if common.json {
        let line = |one: &ReminderLine| json!({ "day": one.local_day, "minute": one.minute, "says": one.says });
        out.json(&json!({ "talus": "reminders/1", "reminders": reminders.iter().map(line).collect::<Vec<_>>() }))?;
        return Ok(0);
    }
    for one in reminders {
        out.line(&format!("{} {:02}:{:02}  {}", one.local_day, one.minute / 60, one.minute % 60, one.says))?;
    }
    Ok(0)
}
