//! `talus undo`: takes a change of a session back. An undo is a change too: it can be taken back.

use crate::app;
use crate::args::Common;
use crate::failure::Failure;
use crate::output::Output;
use crate::table::wrap;
use crate::words::{ByHandWords, fill};
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct UndoArgs {
    /// The session's name, how it begins, or "last"
    #[arg(default_value = "last", value_name = "ID")]
    session: String,
    /// The number of the change, as `talus edit ID` lists it; the newest that stands when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    change: Option<u32>,
    /// Look in the demo's database
    #[arg(long)]
    demo: bool,
}

pub(crate) fn run(common: &Common, args: &UndoArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let Some(talus) = app::open_to_look(common, args.demo)? else {
        return app::nothing_yet(
            common,
            &json!({ "talus": "undo/1", "session": null, "undoes": null, "change": null }),
            out,
        );
    };
    let id = talus.session(&args.session)?.row.id.to_string();
    let rows = talus.edits(&id)?;
    let which = match args.change {
        None => None,
        Some(number) => Some(rows.get(number as usize - 1).map(|row| row.id).ok_or_else(|| none(number))?),
    };
    let undo = talus.undo(&id, which)?;
    let rows = talus.edits(&id)?;
    let undone = rows.iter().find(|row| row.id == undo).and_then(|row| row.undoes);
    let number = rows.iter().position(|row| Some(row.id) == undone).map_or(0, |at| at + 1);
    if common.json {
        out.json(&json!({ "talus": "undo/1", "session": id, "undoes": number, "change": rows.len() }))?;
        return Ok(0);
    }
    let says = ByHandWords::of(words);
    let name = |id: &str| talus.exercise_name(id);
    let what = rows.iter().find(|row| Some(row.id) == undone).and_then(|row| row.edit.as_ref());
    let what = what.map_or_else(|| says.undo.to_owned(), |edit| says.what(edit, &name, words));
    out.lines(wrap(&fill(says.undone, &[&number.to_string(), &what]), out.width()))?;
    Ok(0)
}

fn none(number: u32) -> Failure {
    Failure {
        usage: true,
        ..Failure::new(format!("find change {number}"), "talus edit ID lists the changes of a session.")
            .german(format!("es gibt keine Änderung {number}"), "talus edit ID nennt die Änderungen einer Einheit.")
    }
}
