//! `talus salvage`: a new database of what still reads in a damaged one, which is kept and can come back.

use crate::app;
use crate::args::Common;
use crate::commands::history::SHORT_ID;
use crate::commands::import;
use crate::commands::owning::{size, told, watched};
use crate::commands::who::yes_or_no;
use crate::domain::SessionId;
use crate::failure::Failure;
use crate::output::Output;
use crate::place;
use crate::table::wrap;
use crate::words::{OwnWords, fill};
use serde_json::json;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use talus_app::store::{AsideState, Salvaged, SetAside};
use talus_app::{AppError, Job, Opening, Talus};

pub(crate) fn run(common: &Common, yes: bool, demo: bool, out: &mut Output<'_>) -> Result<u8, Failure> {
    let own = OwnWords::of(app::words(common));
    let database = app::database(common, demo)?;
    let what = ("salvage/1", "talus salvage", own.salvage_how);
    if let Some(code) = not_yet(common, what, &database, yes, demo, out)? {
        return Ok(code);
    }
    salvage(common, database, own, out)
}

/// `talus salvage --begin-anew`: sets a history aside that does not open, with everything that is its own.
pub(crate) fn begin_anew(common: &Common, yes: bool, demo: bool, out: &mut Output<'_>) -> Result<u8, Failure> {
    let own = OwnWords::of(app::words(common));
    let database = app::database(common, demo)?;
    let what = ("begin-anew/1", "talus salvage --begin-anew", own.aside_how);
    if let Some(code) = not_yet(common, what, &database, yes, demo, out)? {
        return Ok(code);
    }
    let kept = Talus::begin_anew(&database, None)?;
    let back = app::on_database("talus restore FILE", common, demo);
    if common.json {
        out.json(&json!({ "talus": "begin-anew/1", "accepted": true, "kept": kept, "command": back }))?;
        return Ok(0);
    }
    out.lines(wrap(&fill(own.aside_kept, &[&kept.display().to_string()]), out.width()))?;
    out.line(&back)?;
    Ok(0)
}

/// `talus salvage --kept`: what was set aside and is still there.
pub(crate) fn kept(common: &Common, demo: bool, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let own = OwnWords::of(words);
    let there = Talus::look_aside(&app::database(common, demo)?, None)?;
    if common.json {
        let line = |one: &SetAside| {
            json!({
                "folder": one.kept,
                "state": state(one.state),
                "people": one.people,
                "sessions": one.sessions,
                "recordings": one.recordings,
                "bytes": one.bytes,
                "last_day": one.last_day,
            })
        };
        out.json(&json!({ "talus": "kept/1", "kept": there.iter().map(line).collect::<Vec<_>>() }))?;
        return Ok(0);
    }
    if there.is_empty() {
        out.line(own.nothing_kept)?;
    }
    for one in there {
        let (folder, takes) = (one.kept.display().to_string(), size(one.bytes, words));
        let line = match one.state {
            AsideState::Opens => {
                let what = [told(one.sessions, own.sessions), told(one.recordings, own.recordings), takes].join(", ");
                fill(own.kept_opens, &[&folder, &what])
            }
            AsideState::Locked => fill(own.kept_locked, &[&folder, &takes]),
            AsideState::Damaged => fill(own.kept_damaged, &[&folder, &takes]),
            AsideState::Foreign => fill(own.kept_foreign, &[&folder, &takes]),
            AsideState::Newer => fill(own.kept_newer, &[&folder, &takes]),
        };
        out.lines(wrap(&line, out.width()))?;
        if one.state == AsideState::Opens {
            let back = format!("talus salvage --bring-back {}", app::quoted(&one.kept));
            out.line(&app::on_database(&back, common, demo))?;
        }
    }
    Ok(0)
}

/// `talus salvage --bring-back`: what was set aside comes into the history that took its place.
pub(crate) fn bring_back(common: &Common, kept: &Path, demo: bool, out: &mut Output<'_>) -> Result<u8, Failure> {
    let own = OwnWords::of(app::words(common));
    let database = app::database(common, demo)?;
    let opening = Opening { database, language: app::language(common), zone: None };
    let (brought, left_out) = watched(|job| Talus::bring_back(opening, None, kept, None, job))?;
    let ids: Vec<String> = left_out.iter().map(ToString::to_string).collect();
    if common.json {
        out.json(&json!({
            "talus": "bring-back/1",
            "folder": kept,
            "people": brought.people,
            "sessions_new": brought.sessions_new,
            "sessions_renewed": brought.sessions_renewed,
            "sessions_kept": brought.sessions_kept,
            "recordings": brought.recordings,
            "left_out": ids,
        }))?;
        return Ok(0);
    }
    for line in import::outcome(&brought, own) {
        out.lines(wrap(&line, out.width()))?;
    }
    if !ids.is_empty() {
        let folder = kept.display().to_string();
        out.lines(wrap(&fill(own.kept_left_out, &[&ids.join(", "), &folder]), out.width()))?;
    } else if kept.exists() {
        out.lines(wrap(&fill(own.kept_stays, &[&kept.display().to_string()]), out.width()))?;
    }
    Ok(0)
}

fn state(of: AsideState) -> &'static str {
    match of {
        AsideState::Opens => "opens",
        AsideState::Locked => "locked",
        AsideState::Damaged => "damaged",
        AsideState::Foreign => "foreign",
        AsideState::Newer => "newer",
    }
}

/// Says what is going to be done and asks. An exit code where it is not done: nobody said yes.
fn not_yet(
    common: &Common,
    (document, command, how): (&str, &str, &str),
    database: &Path,
    yes: bool,
    demo: bool,
    out: &mut Output<'_>,
) -> Result<Option<u8>, Failure> {
    if yes {
        return Ok(None);
    }
    let own = OwnWords::of(app::words(common));
    let command = format!("{} --yes", app::on_database(command, common, demo));
    if common.json {
        out.json(&json!({ "talus": document, "accepted": false, "database": database, "command": command }))?;
        return Ok(Some(0));
    }
    out.lines(wrap(&fill(how, &[&database.display().to_string()]), out.width()))?;
    if !io::stdin().is_terminal() {
        out.line(&command)?;
        return Ok(Some(0));
    }
    if agreed(own.salvage_ask, &mut io::stdin().lock(), &mut io::stderr()) {
        return Ok(None);
    }
    out.line(own.salvage_not)?;
    Ok(Some(0))
}

fn salvage(common: &Common, database: PathBuf, own: &OwnWords, out: &mut Output<'_>) -> Result<u8, Failure> {
    let opening = Opening { database, language: app::language(common), zone: place::zone(&place::env) };
    let (_, salvaged) = match Talus::salvage(opening.clone(), None, &Job::new()) {
        // As when it is opened; nothing was looked at yet.
        Err(AppError::Zone(_)) => Talus::salvage(Opening { zone: None, ..opening }, None, &Job::new())?,
        salvaged => salvaged?,
    };
    if common.json {
        let ids = |ids: &[SessionId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        out.json(&json!({
            "talus": "salvage/1",
            "accepted": true,
            "kept": salvaged.kept,
            "whole": ids(&salvaged.whole),
            "partly": ids(&salvaged.partly),
            "from_recordings": ids(&salvaged.from_recordings),
        }))?;
        return Ok(0);
    }
    for line in outcome(&salvaged, own) {
        out.lines(wrap(&line, out.width()))?;
    }
    Ok(0)
}

/// Asks once; whatever is no yes is a no.
fn agreed(question: &str, from: &mut dyn BufRead, to: &mut dyn Write) -> bool {
    // A question that cannot be shown is answered by nobody.
    let _ = write!(to, "{question}").and_then(|()| to.flush());
    let mut typed = String::new();
    from.read_line(&mut typed).is_ok() && yes_or_no(typed.trim()) == Some(true)
}

fn outcome(salvaged: &Salvaged, own: &OwnWords) -> Vec<String> {
    let short = |id: &SessionId| id.to_string().chars().take(SHORT_ID).collect::<String>();
    let named = |ids: &[SessionId]| ids.iter().map(short).collect::<Vec<_>>().join(", ");
    let count = |ids: &[SessionId]| told(ids.len() as u64, own.sessions);
    let mut lines = vec![fill(own.salvage_whole, &[&count(&salvaged.whole)])];
    for (ids, words) in [(&salvaged.partly, own.salvage_partly), (&salvaged.from_recordings, own.salvage_recorded)] {
        if !ids.is_empty() {
            lines.push(fill(words, &[&count(ids), &named(ids)]));
        }
    }
    lines.push(fill(own.salvage_kept, &[&salvaged.kept.display().to_string()]));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[test]
    fn only_a_yes_is_one() {
        for (typed, expected) in
            [("yes\n", true), ("J\n", true), ("no\n", false), ("\n", false), ("", false), ("yess\n", false)]
        {
            let mut shown = Vec::new();
            assert_eq!(agreed("Go on? ", &mut typed.as_bytes(), &mut shown), expected, "{typed:?}");
            assert_eq!(shown, b"Go on? ");
        }
    }

    #[test]
    fn what_came_of_it_is_counted_and_what_is_not_whole_is_named() {
        let id = |n: u8| SessionId([n; 16]);
        let mut salvaged = Salvaged { kept: "talus.db.aside-1".into(), whole: vec![id(1)], ..Salvaged::default() };
        assert_eq!(
            outcome(&salvaged, OwnWords::of(Words::of("en"))),
            ["1 session there with all rows.", "The damaged files are in talus.db.aside-1."]
        );
        (salvaged.partly, salvaged.from_recordings) = (vec![id(2), id(3)], vec![id(4)]);
        let lines = outcome(&salvaged, OwnWords::of(Words::of("de")));
        assert_eq!(lines.len(), 4);
        assert!(
            lines[1].starts_with("2 Einheiten mit") && lines[1].contains(": 02020202-0202, 03030303-0303. "),
            "{lines:?}"
        );
        assert!(lines[2].starts_with("1 Einheit aus") && lines[2].contains(": 04040404-0404. "), "{lines:?}");
    }
}
