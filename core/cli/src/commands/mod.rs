//! One file per command: what each needs of the app, and how its answer reads.

pub(crate) mod analyse;
mod at_hand;
mod backup;
mod catalogue;
mod conformance;
mod cuffs;
pub(crate) mod delete;
pub(crate) mod demo;
mod diagnostics;
pub(crate) mod edit;
mod export;
pub(crate) mod history;
mod import;
pub(crate) mod log;
mod owning;
pub(crate) mod pair;
pub(crate) mod people;
mod plan;
pub(crate) mod playing;
pub(crate) mod programme;
pub(crate) mod recording;
mod replay;
mod rescore;
mod restore;
pub(crate) mod retention;
mod salvage;
pub(crate) mod session;
pub(crate) mod show;
#[cfg(feature = "storm")]
mod storm;
mod stream;
pub(crate) mod undo;
mod validate;
mod who;

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
        Command::Session(args) => session::run(&common, &args, out),
        Command::Log(args) => log::run(&common, &args, out),
        Command::Programme(args) => programme::run(&common, &args, out),
        Command::History { exercise, limit, demo } => history::run(&common, exercise.as_deref(), limit, demo, out),
        Command::Rescore { session, yes, demo } => rescore::run(&common, session.as_deref(), yes, demo, out),
        Command::Edit(args) => edit::run(&common, &args, out),
        Command::Undo(args) => undo::run(&common, &args, out),
        Command::Delete(args) => delete::run(&common, &args, out),
        Command::People(args) => people::run(&common, &args, out),
        Command::Retention(args) => retention::run(&common, &args, out),
        Command::Show { session, demo } => show::run(&common, &session, demo, out),
        Command::Export(args) => export::run(&common, &args, out),
        Command::Import(args) => import::run(&common, &args, out),
        Command::Backup(args) => backup::run(&common, &args, out),
        Command::Restore(args) => restore::run(&common, &args, out),
        Command::Salvage { kept: true, demo, .. } => salvage::kept(&common, demo, out),
        Command::Salvage { bring_back: Some(kept), demo, .. } => salvage::bring_back(&common, &kept, demo, out),
        Command::Salvage { begin_anew: true, yes, demo, .. } => salvage::begin_anew(&common, yes, demo, out),
        Command::Salvage { yes, demo, .. } => salvage::run(&common, yes, demo, out),
        Command::Analyse { what } => analyse::run(&common, &what, out),
        Command::Validate { data, page } => validate::run(&common, &data, page, out),
        Command::Catalogue { what } => catalogue::run(&common, &what, out),
        Command::Plan { what } => plan::run(&common, &what, out),
        Command::Pair(args) => pair::run(&common, &args, out),
        Command::Cuffs { act, demo } => cuffs::run(&common, act.as_ref(), demo, out),
        Command::Stream(args) => stream::run(&common, &args, out),
        Command::Conformance { cuff, demo } => conformance::run(&common, cuff.as_deref(), demo, out),
        #[cfg(feature = "storm")]
        Command::Storm { seeds, from } => storm::run(&common, from, seeds, out),
        Command::Diagnostics(args) => diagnostics::run(&common, &args, out),
    }
}
