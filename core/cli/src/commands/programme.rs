//! `talus programme`: which there are, a shared one taken in or given away, which is followed, and when to be reminded.

use super::who;
use crate::app;
use crate::args::{Common, ProgrammeArgs, ProgrammeWhat};
use crate::failure::Failure;
use crate::output::Output;
use serde_json::json;
use talus_app::coach::calendar::RemindAt;
use talus_app::store::system_words;
use talus_app::{ProgrammeLine, ReminderLine, Talus};

/// Days ahead that are looked at for reminders.
const DAYS_AHEAD: u32 = 13;

pub(crate) fn run(common: &Common, args: &ProgrammeArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let mut talus = app::open(common, args.demo)?;
    match &args.what {
        Some(ProgrammeWhat::Share { id }) => {
            out.line(talus.programme_to_share(id)?.trim_end())?;
            return Ok(0);
        }
        Some(ProgrammeWhat::Add { file }) => {
            let text = std::fs::read_to_string(file).map_err(|error| {
                let why = system_words(&error);
                Failure::new(format!("read {}: {why}", file.display()), "Check that the file is there.")
            })?;
            (talus, _) = talus.take_programme(&text)?;
        }
        _ => {}
    }
    who::describe(&talus, common, args.person.as_deref(), args.demo)?;
    match &args.what {
        Some(ProgrammeWhat::Follow { id }) => talus.follow(Some(id))?,
        Some(ProgrammeWhat::Leave) => talus.follow(None)?,
        Some(ProgrammeWhat::Remind { days, at, morning }) => {
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
