//! What demo, replay and a resumed session share: screen or lines, leaving safely, and what is told at the end.

use crate::app::{resume_command, words};
use crate::args::{Common, Speed};
use crate::commands::history;
use crate::drive::{self, Setting};
use crate::failure::Failure;
use crate::json;
use crate::output::{Output, say, say_whole};
use crate::place;
use crate::plain::summary;
use crate::play::{Parted, Player, Story, Wall};
use crate::screen::theme::{Depth, Theme};
use crate::stop::Stop;
use crate::table::wrap;
use crate::words::{clock, file_note};
use std::io::{self, IsTerminal};
use talus_app::Talus;

/// What is to be played, and how.
pub(crate) struct Playing<'a> {
    pub(crate) common: &'a Common,
    pub(crate) talus: Talus,
    pub(crate) player: Box<dyn Player>,
    pub(crate) speed: Speed,
    pub(crate) demo: bool,
    /// Whether the database is the demo's, for how to resume.
    pub(crate) demo_database: bool,
}

/// Sessions listed after one.
const LISTED: u32 = 8;

/// Plays to the end or until it is left; gives the exit code.
pub(crate) fn play(playing: Playing<'_>, out: &mut Output<'_>) -> Result<u8, Failure> {
    let Playing { common, talus, mut player, speed, demo, demo_database } = playing;
    let words = words(common);
    let notes = player.file_notes();
    if !common.json {
        for (file, note) in &notes {
            say(&file_note(file, note, words));
        }
    }
    let stop = Stop::listen();
    let wall = Wall::new(talus_app::clock::now);
    let setting = Setting { words, wall: &wall, stop: &stop, speed, demo };
    let parted = if common.json || common.plain || !on_a_terminal() {
        drive::plain(player.as_mut(), setting, out, common.json)
    } else {
        on_screen(player.as_mut(), setting)
    };
    let parted = match parted {
        Ok(parted) => parted,
        Err(failure) => {
            // What was recorded stays; the first failure is the one to tell.
            let _ = player.leave();
            return Err(failure);
        }
    };
    let code = match parted {
        Parted::Over(story) => {
            let id = player.finish()?;
            match id.filter(|_| common.json) {
                Some(id) => out.json(&json::played(&talus.session(&id.to_string())?, &notes))?,
                None => tell(&talus, &story, &resume_command(common, demo_database), common, out)?,
            }
            return Ok(0);
        }
        Parted::Left => 0,
        Parted::Stopped => stop.code(),
    };
    match player.leave()? {
        Some((id, safe)) => {
            let id: String = id.to_string().chars().take(history::SHORT_ID).collect();
            let safe = words.session_safe.replacen("{}", &id, 1).replacen("{}", &clock(safe.seconds()), 1);
            say(&safe);
            say_whole(&format!("{} {id}", resume_command(common, demo_database)));
        }
        // Whoever closed a pipe this early wanted to see how it begins, no more.
        None if out.closed() => {}
        None => say(words.nothing_recorded),
    }
    Ok(code)
}

/// Summary and history, after a session.
fn tell(talus: &Talus, story: &Story, resume: &str, common: &Common, out: &mut Output<'_>) -> Result<(), Failure> {
    let words = words(common);
    let name = |id: &str| talus.exercise_name(id);
    out.lines(summary(story, &name, out.width(), words))?;
    for reviewed in talus.review("last")? {
        out.line("")?;
        out.line(&reviewed.name)?;
        out.lines(reviewed.lines.iter().flat_map(|line| wrap(line, out.width())).collect::<Vec<_>>())?;
    }
    let sessions = talus.sessions(LISTED)?;
    let trends = history::trends(talus, &history::exercises(&sessions))?;
    let page = history::Page {
        sessions: &sessions,
        trends: &trends,
        weeks: &[],
        courses: &[],
        sides: None,
        name: &name,
        resume,
    };
    out.line("")?;
    out.lines(history::lines(&page, out.width(), words))
}

/// Whether there is a terminal to draw on and to hear keys from.
fn on_a_terminal() -> bool {
    let dumb = place::env("TERM").is_some_and(|term| term == "dumb");
    io::stdout().is_terminal() && io::stdin().is_terminal() && !dumb
}

/// Leaves the screen whatever happens; a panic leaves it through ratatui's hook.
struct Restored;

impl Drop for Restored {
    fn drop(&mut self) {
        let _ = ratatui::try_restore();
    }
}

fn on_screen(player: &mut dyn Player, setting: Setting<'_>) -> Result<Parted, Failure> {
    let mut terminal = ratatui::try_init().map_err(|error| {
        Failure::new(format!("use this terminal: {error}"), "Use --plain for lines of text instead.")
    })?;
    let _restored = Restored;
    let theme = Theme::new(Depth::of(&place::env));
    drive::screen(player, setting, theme, &mut terminal, &mut |wait| {
        if crossterm::event::poll(wait)? { crossterm::event::read().map(Some) } else { Ok(None) }
    })
}
