//! `talus session --resume`: a session that was left or killed is taken up again.

use crate::app::{self, Running};
use crate::args::{Common, PaceArgs, Speed};
use crate::commands::playing::{Playing, play};
use crate::domain::{Kind, SessionId, SessionRow};
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
    let kind = unfinished.iter().find(|row| is_meant(row.id, resume)).map(|row| row.kind);
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
        let has = |rows: &[SessionRow]| rows.iter().any(|row| is_meant(row.id, resume));
        if !has(&own) && has(&demos.unfinished()?) {
            return Ok((demos, true));
        }
    }
    let talus = app::open_to_look(common, demo)?.map_or_else(|| app::open(common, demo), Ok)?;
    Ok((talus, demo))
}

/// Whether `asked` is how the session is called: `last`, or how its id begins.
fn is_meant(id: SessionId, asked: &str) -> bool {
    let digits = |text: &str| text.replace('-', "").to_ascii_lowercase();
    asked == "last" || digits(&id.to_string()).starts_with(&digits(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_called_last_or_by_how_its_id_begins() {
        let id = SessionId([0x01, 0x9a, 0xbc, 0xff, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        for asked in ["last", "019abcff-0506", "019ABCFF05", ""] {
            assert!(is_meant(id, asked), "{asked}");
        }
        assert!(!is_meant(id, "019abd"));
    }
}
