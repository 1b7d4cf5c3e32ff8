//! `talus export`: everything of a person in one file, or one page for a clinician.

use crate::app;
use crate::args::{Common, ExportArgs};
use crate::commands::owning::{self, fresh, left_out, size, told, watched};
use crate::failure::Failure;
use crate::output::Output;
use crate::table::wrap;
use crate::words::{OwnWords, fill};
use serde_json::json;
use std::path::PathBuf;
use talus_app::{AppError, ExportWish, ReportWish, Talus};

/// Days a page is about unless others are asked for.
const SPAN: i64 = 90 * 86_400_000;

fn report(common: &Common, args: &ExportArgs, talus: &Talus, out: &mut Output<'_>) -> Result<u8, Failure> {
    let own = OwnWords::of(app::words(common));
    let now = talus_app::clock::utc_ms();
    let until_day = args.until.clone().unwrap_or_else(|| talus.day_of(now));
    let from_day = args.from.clone().unwrap_or_else(|| talus.day_of(now - SPAN).min(until_day.clone()));
    let to = args.to.clone().unwrap_or_else(|| PathBuf::from(format!("talus-report-{until_day}.html")));
    fresh(&to, args.replace)?;
    let page = talus.report(&ReportWish { from_day: from_day.clone(), until_day: until_day.clone() })?;
    std::fs::write(&to, page).map_err(|source| AppError::Io { path: to.clone(), source })?;
    if common.json {
        out.json(&json!({"talus": "report/1", "file": to, "from_day": from_day, "until_day": until_day}))?;
        return Ok(0);
    }
    out.lines(wrap(&fill(own.reported, &[&to.display().to_string()]), out.width()))?;
    Ok(0)
}

pub(crate) fn run(common: &Common, args: &ExportArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let Some(talus) = app::open_to_look(common, args.demo)? else {
        return app::nothing_yet(common, &owning::given_out("export/1", None), out);
    };
    if args.report {
        return report(common, args, &talus, out);
    }
    let own = OwnWords::of(words);
    let to = args
        .to
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("talus-{}.zip", talus.day_of(talus_app::clock::utc_ms()))));
    fresh(&to, args.replace)?;
    let wish = ExportWish { everyone: args.everyone, recordings: args.recordings };
    let exported = watched(|job| talus.export(wish, &to, job))?;
    if common.json {
        out.json(&owning::given_out("export/1", Some((&to, &exported))))?;
        return Ok(0);
    }
    let what = [
        told(u64::from(exported.people), own.people),
        told(exported.sessions, own.sessions),
        told(exported.recordings, own.recordings),
        size(exported.bytes, words),
    ];
    out.lines(wrap(&fill(own.exported, &[&to.display().to_string(), &what.join(", ")]), out.width()))?;
    if let Some(left_out) = left_out(&exported, own) {
        out.lines(wrap(&left_out, out.width()))?;
    }
    Ok(0)
}
