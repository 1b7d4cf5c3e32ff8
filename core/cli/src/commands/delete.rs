//! `talus delete`: a session, for good. Says what goes, asks, and says what is left of it: nothing that can be read.

use crate::app;
use crate::args::Common;
use crate::commands::history::{short_id, when};
use crate::commands::owning::{size, sure, told};
use crate::failure::Failure;
use crate::output::Output;
use crate::table::wrap;
use crate::words::{KeepingWords, OwnWords, count, fill};
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct DeleteArgs {
    /// The session's name, how it begins, or "last"
    #[arg(value_name = "ID")]
    session: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Look in the demo's database
    #[arg(long)]
    demo: bool,
}

pub(crate) fn run(common: &Common, args: &DeleteArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let Some(talus) = app::open_to_look(common, args.demo)? else {
        return app::nothing_yet(
            common,
            &json!({ "talus": "delete/1", "session": null, "recording_bytes": 0, "deleted": false, "set_aside": 0 }),
            out,
        );
    };
    let (says, own) = (KeepingWords::of(words), OwnWords::of(words));
    let row = talus.session(&args.session)?.row;
    let id = row.id.to_string();
    let (bytes, asides) = (talus.recording_bytes(&id)?, talus.asides()?);
    if !common.json {
        let mut goes = vec![when(&row), short_id(&row), count(row.sets, words.set_count)];
        if bytes > 0 {
            goes.push(fill(says.recording_of, &[&size(bytes, words)]));
        }
        if row.edits > 0 {
            goes.push(told(u64::from(row.edits), says.changes));
        }
        out.lines(wrap(&fill(says.session_goes, &[&goes.join(" · ")]), out.width()))?;
        out.lines(wrap(says.for_good, out.width()))?;
        if asides > 0 {
            out.lines(wrap(&fill(says.still_aside, &[&told(asides, says.asides)]), out.width()))?;
        }
    }
    let deleted = sure(args.yes, says)?;
    if deleted {
        talus.delete_session(&id)?;
    }
    if common.json {
        out.json(&json!({ "talus": "delete/1", "session": id, "recording_bytes": bytes, "deleted": deleted, "set_aside": asides }))?;
        return Ok(0);
    }
    if !deleted {
        out.lines(wrap(says.stays, out.width()))?;
        return Ok(0);
    }
    out.lines(wrap(&fill(says.deleted, &[&told(1, own.sessions)]), out.width()))?;
    Ok(0)
}
