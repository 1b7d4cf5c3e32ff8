//! One file per command: what each needs of the app, and how its answer reads.

pub(crate) mod analyse;
mod catalogue;
pub(crate) mod demo;
pub(crate) mod history;
pub(crate) mod pair;
pub(crate) mod playing;
pub(crate) mod recording;
mod replay;
mod rescore;
pub(crate) mod session;
pub(crate) mod show;

use crate::args::{Args, Command};
use crate::failure::Failure;
use crate::output::Output;
use talus_app::ReplayWish;

/// Does what was typed; gives the exit code.
pub(crate) fn run(args: Args, out: &mut Output<'_>) -> Result<u8, Failure> {
    let common = args.common.clone();
    match args.chosen() {
        Command::Demo { pace, seed } => demo::run(&common, pace, seed, out),
        Command::Replay { files, exercise, side, input_map, pace } => {
            let wish = ReplayWish { files, exercises: exercise, side: side.map(Into::into), input_map };
            replay::run(&common, pace, &wish, out)
        }
        Command::Session { resume, demo, pace } => session::run(&common, pace, &resume, demo, out),
        Command::History { exercise, limit, demo } => history::run(&common, exercise.as_deref(), limit, demo, out),
        Command::Rescore { session, yes, demo } => rescore::run(&common, session.as_deref(), yes, demo, out),
        Command::Show { session, demo } => show::run(&common, &session, demo, out),
        Command::Analyse { what } => analyse::run(&common, &what, out),
        Command::Catalogue { what } => catalogue::run(&common, &what, out),
        Command::Pair { seconds } => pair::run(&common, seconds, out),
    }
}
