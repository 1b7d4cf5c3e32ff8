//! The app behind this shell: opened, asked, and told in the shell's own words what it could not do.

use crate::args::{Common, Unit};
use crate::domain::{Answer, Micros, Scene, SessionId, Tap};
use crate::failure::Failure;
use crate::output::Output;
use crate::place;
use crate::play::{Note, Player};
use crate::words::Words;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use talus_app::analyse::AnalyseError;
use talus_app::cuffs::Training;
use talus_app::files::{FileError, FileNote};
use talus_app::store::StoreError;
use talus_app::{AppError, Opening, Run, Talus};

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let ([what, in_german], in_english) = (error.told("de"), error.advice());
        let [advice, german] = match command_for(&error) {
            None => [in_english, in_german],
            Some(command) => [in_english, in_german].map(|advice| format!("{advice}\n{command}")),
        };
        Self { usage: error.usage(), ..Self::new(error.to_string(), advice).german(what, german) }
    }
}

/// The command that does what the advice says; nothing where there is none.
fn command_for(error: &AppError) -> Option<&'static str> {
    match error {
        AppError::Store(StoreError::Damaged { .. }) => Some("talus salvage"),
        AppError::Store(StoreError::Locked { .. } | StoreError::WrongKey { .. }) => Some("talus salvage --begin-anew"),
        _ => None,
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        AppError::from(error).into()
    }
}

impl From<AnalyseError> for Failure {
    fn from(error: AnalyseError) -> Self {
        Self::new(error.to_string(), error.advice())
    }
}

/// The language asked for, or the system's.
pub(crate) fn language(common: &Common) -> String {
    let language = common.language.clone().unwrap_or_else(|| place::language(&place::env));
    match common.unit {
        // As a phone would write it.
        Some(Unit::Lb) => format!("{language}-u-ms-ussystem"),
        Some(Unit::Kg) | None => language,
    }
}

/// The database asked for, or the default one.
pub(crate) fn database(common: &Common, demo: bool) -> Result<PathBuf, Failure> {
    common.database.clone().map_or_else(|| place::database(demo, &place::env), Ok)
}

/// Opens the database, making it where there is none.
pub(crate) fn open(common: &Common, demo: bool) -> Result<Talus, Failure> {
    let opening =
        Opening { database: database(common, demo)?, language: language(common), zone: place::zone(&place::env) };
    match Talus::open(opening.clone()) {
        // What the environment calls its zone was not asked for here; a wrong name must not keep anyone out.
        Err(AppError::Zone(_)) => Ok(Talus::open(Opening { zone: None, ..opening })?),
        opened => Ok(opened?),
    }
}

/// Opens the database to look back. `None` where there is none yet at its default place; a named one must be there,
/// because a mistyped name would otherwise read as an empty history.
pub(crate) fn open_to_look(common: &Common, demo: bool) -> Result<Option<Talus>, Failure> {
    let path = database(common, demo)?;
    if path.exists() {
        return open(common, demo).map(Some);
    }
    if common.database.is_none() {
        return Ok(None);
    }
    Err(Failure {
        usage: true,
        ..Failure::new(
            format!("open {}: there is no such file", path.display()),
            "Check the name, or leave --database out for your own sessions.",
        )
    })
}

/// What is said where there is no database yet: an invitation, or `nothing` for a program that reads JSON.
pub(crate) fn nothing_yet(common: &Common, nothing: &Value, out: &mut Output<'_>) -> Result<u8, Failure> {
    if common.json {
        out.json(nothing)?;
    } else {
        out.line(words(common).no_sessions)?;
    }
    Ok(0)
}

/// Whether there is a demo to look at that was not asked for: its sessions are kept apart.
pub(crate) fn demo_is_apart(common: &Common, demo: bool) -> bool {
    !demo && common.database.is_none() && place::database(true, &place::env).is_ok_and(|path| path.exists())
}

/// The command that takes a session of this database up again, up to the session's id.
pub(crate) fn resume_command(common: &Common, demo: bool) -> String {
    format!("{} --resume", on_database("talus session", common, demo))
}

/// A command with what tells the database, as it was told here.
pub(crate) fn on_database(command: &str, common: &Common, demo: bool) -> String {
    let mut command = command.to_owned();
    if let Some(path) = &common.database {
        let _ = write!(command, " --database {}", quoted(path));
    } else if demo {
        command.push_str(" --demo");
    }
    command
}

/// A path as a shell takes it in a command.
pub(crate) fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '\\' | ':');
    if path.chars().all(safe) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// The chrome in the language asked for.
pub(crate) fn words(common: &Common) -> &'static Words {
    Words::of(&language(common))
}

/// A run of the app as the shell plays it.
pub(crate) struct Running {
    pub(crate) run: Run,
    pub(crate) talus: Talus,
}

impl Player for Running {
    fn advance(&mut self, to: Micros) -> Result<(), Failure> {
        Ok(self.run.advance(to)?)
    }

    fn now(&self) -> Micros {
        self.run.now()
    }

    fn scene(&self) -> Scene {
        self.run.scene()
    }

    fn notes(&mut self) -> Vec<Note> {
        self.run.notes()
    }

    fn press(&mut self, tap: Tap) {
        self.run.press(tap);
    }

    fn answer(&mut self, answer: Answer) {
        self.run.answer(answer);
    }

    fn over(&self) -> bool {
        self.run.over()
    }

    fn progress(&self) -> Option<f64> {
        self.run.progress()
    }

    fn file_notes(&self) -> Vec<(String, FileNote)> {
        self.run.file_notes()
    }

    fn exercise_name(&self, id: &str) -> String {
        self.talus.exercise_name(id)
    }

    fn leave(self: Box<Self>) -> Result<Option<(SessionId, Micros)>, Failure> {
        Ok(self.run.leave()?)
    }

    fn finish(self: Box<Self>) -> Result<Option<SessionId>, Failure> {
        Ok(self.run.finish()?)
    }
}

/// A session with real cuffs as the shell plays it: at the pace of life, whatever the shell asks for.
pub(crate) struct AtCuffs {
    pub(crate) training: Training,
    pub(crate) talus: Talus,
}

impl Player for AtCuffs {
    fn advance(&mut self, _: Micros) -> Result<(), Failure> {
        Ok(self.training.go_on()?)
    }

    fn now(&self) -> Micros {
        self.training.now()
    }

    fn scene(&self) -> Scene {
        self.training.scene()
    }

    fn notes(&mut self) -> Vec<Note> {
        self.training.notes()
    }

    fn press(&mut self, tap: Tap) {
        self.training.press(tap);
    }

    fn answer(&mut self, answer: Answer) {
        self.training.answer(answer);
    }

    fn over(&self) -> bool {
        self.training.over()
    }

    fn progress(&self) -> Option<f64> {
        None
    }

    fn exercise_name(&self, id: &str) -> String {
        self.talus.exercise_name(id)
    }

    fn leave(self: Box<Self>) -> Result<Option<(SessionId, Micros)>, Failure> {
        Ok(self.training.leave().map(Some)?)
    }

    fn finish(self: Box<Self>) -> Result<Option<SessionId>, Failure> {
        Ok(self.training.finish().map(Some)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_resume_names_the_database_it_needs() {
        let mut common = Common::default();
        assert_eq!(resume_command(&common, false), "talus session --resume");
        assert_eq!(resume_command(&common, true), "talus session --demo --resume");
        common.database = Some("my talus's.db".into());
        assert_eq!(resume_command(&common, true), "talus session --database 'my talus'\\''s.db' --resume");
    }
}
