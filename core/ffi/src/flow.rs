//! [`Flow`]: what a session's thread lets go on: a run in virtual time, or a training with the phone's own cuffs, which
//! follows the clock and nothing else.

use talus_app::coach::{Answer, Tap};
use talus_app::cuffs::Training;
use talus_app::motion::Micros;
use talus_app::scene::Scene;
use talus_app::store::SessionId;
use talus_app::{AppError, Note, Run};

/// A session of either kind.
// One exists a session, and it lives behind its thread.
#[allow(clippy::large_enum_variant)]
pub(crate) enum Flow {
    /// In virtual time.
    Run(Run),
    /// With cuffs at hand.
    Training(Box<Training>),
}

impl Flow {
    /// Whether only the clock lets its time go on.
    pub(crate) fn live(&self) -> bool {
        matches!(self, Self::Training(_))
    }

    pub(crate) fn now(&self) -> Micros {
        match self {
            Self::Run(run) => run.now(),
            Self::Training(training) => training.now(),
        }
    }

    pub(crate) fn over(&self) -> bool {
        match self {
            Self::Run(run) => run.over(),
            Self::Training(training) => training.over(),
        }
    }

    pub(crate) fn progress(&self) -> Option<f64> {
        match self {
            Self::Run(run) => run.progress(),
            Self::Training(_) => None,
        }
    }

    pub(crate) fn scene(&self) -> Scene {
        match self {
            Self::Run(run) => run.scene(),
            Self::Training(training) => training.scene(),
        }
    }

    /// Lets time go on to `to`, or to now where it follows the clock.
    pub(crate) fn advance(&mut self, to: Micros) -> Result<(), AppError> {
        match self {
            Self::Run(run) => run.advance(to)?,
            Self::Training(training) => training.go_on()?,
        }
        Ok(())
    }

    pub(crate) fn notes(&mut self) -> Vec<Note> {
        match self {
            Self::Run(run) => run.notes(),
            Self::Training(training) => training.notes(),
        }
    }

    pub(crate) fn press(&mut self, tap: Tap) {
        match self {
            Self::Run(run) => run.press(tap),
            Self::Training(training) => training.press(tap),
        }
    }

    pub(crate) fn answer(&mut self, answer: Answer) {
        match self {
            Self::Run(run) => run.answer(answer),
            Self::Training(training) => training.answer(answer),
        }
    }

    pub(crate) fn save(&mut self) -> Result<Micros, AppError> {
        Ok(match self {
            Self::Run(run) => run.save()?,
            Self::Training(training) => training.save()?,
        })
    }

    pub(crate) fn leave(self) -> Result<Option<(SessionId, Micros)>, AppError> {
        Ok(match self {
            Self::Run(run) => run.leave()?,
            Self::Training(training) => Some(training.leave()?),
        })
    }

    pub(crate) fn finish(self) -> Result<Option<SessionId>, AppError> {
        Ok(match self {
            Self::Run(run) => run.finish()?,
            Self::Training(training) => Some(training.finish()?),
        })
    }
}
