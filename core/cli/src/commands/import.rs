//! `talus import`: a bundle or backup back in, or recordings of other programs as sessions.

use crate::app;
use crate::args::{Common, ImportArgs, PaceArgs};
use crate::commands::owning::{passphrase, size, told, watched};
use crate::commands::replay;
use crate::failure::Failure;
use crate::output::Output;
use crate::table::wrap;
use crate::words::{OwnWords, fill};
use serde_json::json;
use std::path::Path;
use talus_app::{AppError, BundleError, Contents, Imported, Passphrase, ReplayWish, Talus};

pub(crate) fn run(common: &Common, args: &ImportArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    if let [file] = args.files.as_slice()
        && Talus::is_bundle(file)
    {
        let asked = args.passphrase_file.as_deref();
        let own = OwnWords::of(app::words(common));
        let passphrase = match Talus::look_into(file, None) {
            Err(AppError::Store(talus_app::store::StoreError::Bundle(BundleError::NeedsPassphrase))) => {
                Some(passphrase(asked, own)?)
            }
            _ => None,
        };
        return take(common, file, passphrase.as_ref(), args.demo, out);
    }
    let wish = ReplayWish {
        files: args.files.clone(),
        exercises: args.exercise.clone(),
        side: args.side.map(Into::into),
        input_map: args.input_map.clone(),
    };
    replay::run(common, PaceArgs::default(), &wish, out)
}

/// Says what is in it, takes it in, says what came of that.
pub(crate) fn take(
    common: &Common,
    from: &Path,
    passphrase: Option<&Passphrase>,
    demo: bool,
    out: &mut Output<'_>,
) -> Result<u8, Failure> {
    let words = app::words(common);
    let own = OwnWords::of(words);
    let contents = Talus::look_into(from, passphrase)?;
    let talus = app::open(common, demo)?;
    if !common.json {
        let text = if contents.sealed { own.contents_sealed } else { own.contents };
        let day = talus.day_of(contents.written_utc_ms);
        let what = what(&contents, own, &size(contents.bytes, words));
        out.lines(wrap(&fill(text, &[&day, &what]), out.width()))?;
    }
    let imported = watched(|job| talus.import(from, passphrase, job))?;
    if common.json {
        out.json(&json!({
            "talus": "import/1",
            "file": from,
            "people": imported.people,
            "sessions_new": imported.sessions_new,
            "sessions_renewed": imported.sessions_renewed,
            "sessions_kept": imported.sessions_kept,
            "recordings": imported.recordings,
            "household_kept": imported.household_kept,
        }))?;
        return Ok(0);
    }
    for line in outcome(&imported, own) {
        out.lines(wrap(&line, out.width()))?;
    }
    Ok(0)
}

fn what(contents: &Contents, own: &OwnWords, size: &str) -> String {
    let name = |name: &String| if name.trim().is_empty() { own.unnamed.to_owned() } else { name.clone() };
    let names: Vec<String> = contents.people.iter().map(name).collect();
    [
        names.join(", "),
        told(contents.sessions, own.sessions),
        told(contents.recordings, own.recordings),
        size.to_owned(),
    ]
    .join(", ")
}

/// What was taken in, a sentence a line.
pub(crate) fn outcome(imported: &Imported, own: &OwnWords) -> Vec<String> {
    let mut lines = Vec::new();
    let new = [
        (u64::from(imported.people), own.new_people),
        (imported.sessions_new, own.sessions),
        (imported.recordings, own.recordings),
    ];
    let new: Vec<String> =
        new.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| told(count, word)).collect();
    if !new.is_empty() {
        lines.push(fill(own.taken, &[&new.join(", ")]));
    }
    if imported.sessions_renewed > 0 {
        lines.push(fill(own.renewed, &[&told(imported.sessions_renewed, own.sessions)]));
    }
    if lines.is_empty() {
        lines.push(own.nothing_new.to_owned());
    } else if imported.sessions_kept > 0 {
        lines.push(fill(own.kept, &[&told(imported.sessions_kept, own.sessions)]));
    }
    lines
}
