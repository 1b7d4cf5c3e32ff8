//! `talus session --resume`: a session that was left or killed is taken up again.

use crate::app::{self, Running};
use crate::args::{Common, PaceArgs, Speed};
use crate::commands::playing::{Playing, play};
use crate::domain::Kind;
use crate::failure::Failure;
use crate::output::Output;
use talus_app::{Run, Talus};

/// As the demo: a person who comes back watches.
const SPEED: Speed = Speed::Times(10.0);

pub(crate) fn run(
    common: &Common,
    pace: PaceArgs,
    resume: &str,
    demo: bool,
    out: &mut Output<'_>,
) -> Result<u8, Failure> {
    let (talus, demo_database) = database(common, demo, resume)?;
    let running = Running { run: Run::resume(&talus, resume)?, talus: talus.clone() };
    let unfinished = talus.unfinished()?;
    let fits = |id: String| resume == "last" || id.starts_with(resume);
    let kind = unfinished.iter().find(|row| fits(row.id.to_string())).map(|row| row.kind);
    let speed = pace.speed.unwrap_or(if kind == Some(Kind::Replay) { Speed::Max } else { SPEED });
    play(Playing { common, talus, running, speed, demo: kind == Some(Kind::Demo), demo_database }, out)
}

/// The database the session is in. Who does not say which means the own one first, and the demo's where nothing there
/// is unfinished: most sessions that are left at a desk are demos.
fn database(common: &Common, demo: bool, resume: &str) -> Result<(Talus, bool), Failure> {
    if !demo
        && common.database.is_none()
        && let Some(demos) = app::open_to_look(common, true)?
    {
        let own = app::open_to_look(common, false)?.map(|talus| talus.unfinished()).transpose()?.unwrap_or_default();
        let fits = |id: String| resume == "last" || id.starts_with(resume);
        if !own.iter().any(|row| fits(row.id.to_string()))
            && demos.unfinished()?.iter().any(|row| fits(row.id.to_string()))
        {
            return Ok((demos, true));
        }
    }
    let talus = app::open_to_look(common, demo)?.map_or_else(|| app::open(common, demo), Ok)?;
    Ok((talus, demo))
}
