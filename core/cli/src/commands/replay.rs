//! `talus replay`: recorded files become a session.

use crate::app::{self, Running};
use crate::args::{Common, PaceArgs, Speed};
use crate::commands::playing::{Playing, play};
use crate::commands::recording;
use crate::failure::Failure;
use crate::output::Output;
use talus_app::{ReplayWish, Run};

pub(crate) fn run(common: &Common, pace: PaceArgs, wish: &ReplayWish, out: &mut Output<'_>) -> Result<u8, Failure> {
    if wish.files.iter().all(|file| recording::is_one(file)) {
        return recording::run(common, &wish.files, out);
    }
    if let Some(recording) = wish.files.iter().find(|file| recording::is_one(file)) {
        return Err(Failure {
            usage: true,
            ..Failure::new(
                format!("replay {} together with files of samples", recording.display()),
                "Replay recordings by themselves, and files of samples by themselves.",
            )
            .german(
                format!("{} lässt sich nicht zusammen mit Messdateien abspielen", recording.display()),
                "Spiel Aufnahmen für sich ab und Messdateien für sich.",
            )
        });
    }
    let talus = app::open(common, false)?;
    let player = Box::new(Running { run: Run::replay(&talus, wish)?, talus: talus.clone() });
    let speed = pace.speed.unwrap_or(Speed::Max);
    play(Playing { common, talus, player, speed, demo: false, demo_database: false }, out)
}
