//! Playing a session to its end: as lines of text, or on a screen with keys.

use crate::args::Speed;
use crate::domain::{Answer, Micros, Scene, Stage, Tap};
use crate::failure::Failure;
use crate::keys::{Asked, PainEntry, Question, Wish, wish};
use crate::output::{Output, say};
use crate::plain::Plain;
use crate::play::{Pacer, Parted, Player, STEP_US, Story, Wall};
use crate::screen::theme::Theme;
use crate::screen::{Aside, draw};
use crate::stop::Stop;
use crate::words::Words;
use crossterm::event::Event;
use ratatui::Terminal;
use ratatui::backend::Backend;
use std::io;
use std::time::Duration;

/// What playing needs besides the session.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) words: &'a Words,
    pub(crate) wall: &'a Wall,
    pub(crate) stop: &'a Stop,
    pub(crate) speed: Speed,
    pub(crate) demo: bool,
}

/// Plays as lines of text; `quiet` tells nothing on the way.
pub(crate) fn plain(
    player: &mut dyn Player,
    setting: Setting<'_>,
    out: &mut Output<'_>,
    quiet: bool,
) -> Result<Parted, Failure> {
    let mut told = Plain::new(setting.words, player.progress().is_some());
    let mut trouble = None;
    let mut story = Story::default();
    let mut pacer = Pacer::new(setting.speed, setting.wall.now());
    let mut owed_us: i64 = 0;
    loop {
        if setting.stop.asked() {
            return Ok(Parted::Stopped);
        }
        // Nobody reads any more. A replay goes on, it is nearly done; a session at a pace of its own is left.
        if out.closed() && setting.speed != Speed::Max {
            return Ok(Parted::Left);
        }
        let now = setting.wall.now();
        owed_us = pacer.due(now).map_or(STEP_US, |due| owed_us + due);
        if owed_us < STEP_US {
            if let Speed::Times(times) = setting.speed {
                setting.wall.wait(now.plus(((STEP_US - owed_us) as f64 / times).ceil() as i64));
            }
            continue;
        }
        owed_us -= STEP_US;
        // To whole steps: what a note without a time of its own is told after does not depend on the pace.
        player.advance(Micros((player.now().0.div_euclid(STEP_US) + 1) * STEP_US))?;
        let notes = player.notes();
        if !notes.is_empty() {
            let (cuffs, new_trouble) = match player.scene() {
                Scene::Session(session) => (session.frame.cuffs, session.trouble),
                _ => (Vec::new(), None),
            };
            if new_trouble != trouble {
                if let Some(text) = &new_trouble {
                    say(text);
                }
                trouble = new_trouble;
            }
            for note in &notes {
                story.take(note);
                if !quiet && let Some(line) = told.line(note, &|id| player.exercise_name(id), &cuffs) {
                    out.line(&line)?;
                }
            }
        }
        if player.over() {
            return Ok(Parted::Over(story));
        }
    }
}

/// A picture is drawn at most this often, microseconds of wall time: 30 a second.
const PICTURE_US: i64 = 33_000;
/// The summary stands this long where nobody presses a key, microseconds of wall time.
const SUMMARY_US: i64 = 12_000_000;

/// Plays on a screen. `heard` waits for at most the given time for something from the terminal.
pub(crate) fn screen<B: Backend>(
    player: &mut dyn Player,
    setting: Setting<'_>,
    theme: Theme,
    terminal: &mut Terminal<B>,
    heard: &mut dyn FnMut(Duration) -> io::Result<Option<Event>>,
) -> Result<Parted, Failure>
where
    B::Error: std::fmt::Display,
{
    let wall = setting.wall;
    let mut story = Story::default();
    let mut pacer = Pacer::new(setting.speed, wall.now());
    let mut asked: Option<Question> = None;
    let mut over_since: Option<Micros> = None;
    loop {
        if setting.stop.asked() {
            return Ok(over_since.map_or(Parted::Stopped, |_| Parted::Over(story)));
        }
        let began = wall.now();
        match pacer.due(began) {
            _ if player.over() => {}
            Some(us) => player.advance(player.now().plus(us))?,
            None => {
                while !player.over() && wall.now().since(began) < PICTURE_US {
                    player.advance(player.now().plus(STEP_US))?;
                }
            }
        }
        player.notes().iter().for_each(|note| story.take(note));
        if player.over() {
            let since = *over_since.get_or_insert(began);
            // Who wants it as fast as can be does not want to wait for a summary that is printed anyway. What a red
            // flag asks for stands until somebody has seen it, and so does a question.
            let stands = asked.is_some() || story.is_flagged();
            if !stands && (began.since(since) > SUMMARY_US || pacer.speed() == Speed::Max) {
                return Ok(Parted::Over(story));
            }
        }
        let scene = player.scene();
        let aside = Aside {
            words: setting.words,
            theme,
            demo: setting.demo,
            speed: pacer.speed(),
            progress: player.progress(),
            story: &story,
            asked: asked.as_ref(),
            name: &|id| player.exercise_name(id),
        };
        terminal.draw(|frame| draw(frame, &scene, &aside)).map_err(|error| no_screen(&error))?;
        let mut wait_us = (PICTURE_US - wall.now().since(began)).clamp(0, PICTURE_US);
        while let Some(event) =
            heard(Duration::from_micros(wait_us.unsigned_abs())).map_err(|error| no_screen(&error))?
        {
            wait_us = 0;
            let Event::Key(key) = event else { continue };
            match wish(&key, &scene, asked.as_ref()) {
                Some(Wish::Press(tap)) => player.press(tap),
                Some(Wish::Answer(answer)) => player.answer(answer),
                Some(Wish::Faster) => pacer.change(true),
                Some(Wish::Slower) => pacer.change(false),
                Some(Wish::Leave) => return Ok(Parted::Left),
                Some(Wish::Seen) => return Ok(Parted::Over(story)),
                Some(Wish::Stop) => {
                    // As the signal would: a second one ends hard.
                    setting.stop.ask();
                    break;
                }
                Some(Wish::AskPain) => {
                    pause(player, &scene);
                    asked = Some(Question::Pain(PainEntry::default()));
                }
                Some(Wish::Pain(key)) => {
                    let Some(Question::Pain(entry)) = &mut asked else { continue };
                    let answer = entry.take(key);
                    if answer != Asked::Still {
                        asked = None;
                    }
                    if let Asked::Answered(level) = answer {
                        player.answer(Answer::Pain(level));
                    }
                }
                Some(Wish::AskFlag) => {
                    pause(player, &scene);
                    asked = Some(Question::Flag);
                }
                Some(Wish::Flag(is_one)) => {
                    asked = None;
                    if is_one {
                        player.answer(Answer::RedFlag);
                        // Also where the session is over and says no more.
                        story.flagged = true;
                    }
                }
                None => {}
            }
        }
    }
}

/// Nobody counts on while a question stands.
fn pause(player: &mut dyn Player, scene: &Scene) {
    if matches!(scene, Scene::Session(session) if matches!(session.frame.stage, Stage::Set | Stage::Walk)) {
        player.press(Tap::Pause);
    }
}

fn no_screen(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("draw on the terminal: {error}"), "Use --plain for lines of text instead.")
}

#[cfg(test)]
mod tests;
