//! `talus catalogue check`: reads every file of the catalogue, strictly, and says what it holds and what is still open.

use crate::args::{CatalogueWhat, Common};
use crate::failure::Failure;
use crate::output::Output;
use serde_json::json;
use talus_app::AppError;
use talus_app::coach::Catalogue;
use talus_app::coach::catalogue::Checked;

pub(crate) fn run(common: &Common, what: &CatalogueWhat, out: &mut Output<'_>) -> Result<u8, Failure> {
    match what {
        CatalogueWhat::Check => check(common, out),
    }
}

fn check(common: &Common, out: &mut Output<'_>) -> Result<u8, Failure> {
    let catalogue = Catalogue::embedded().map_err(AppError::from)?;
    let ids = |wanted: &dyn Fn(&talus_app::coach::Exercise) -> bool| -> Vec<&str> {
        catalogue.exercises().filter(|exercise| wanted(exercise)).map(|exercise| exercise.id.as_str()).collect()
    };
    let awaiting = ids(&|exercise| exercise.awaits.is_some());
    let timers = ids(&|exercise| !exercise.measured());
    let rules = catalogue.rules().all();
    let unreviewed = rules.iter().filter(|(_, rule)| rule.reviewer.is_empty()).count();
    let verified = rules.iter().filter(|(_, rule)| rule.verified).count();
    let sources = |check: Checked| catalogue.sources().values().filter(|source| source.check == check).count();
    let (read, seen, missing) = (sources(Checked::Read), sources(Checked::Seen), sources(Checked::NotFound));
    let exercises = catalogue.exercises().count();
    if common.json {
        out.json(&json!({
            "talus": "catalogue/1", "version": catalogue.version(), "exercises": exercises,
            "awaiting_tracker": awaiting, "timers": timers, "detectors": catalogue.detectors().len(),
            "rules": rules.len(), "rules_verified": verified, "rules_unreviewed": unreviewed,
            "sources": { "read": read, "seen": seen, "not_found": missing },
        }))?;
        return Ok(0);
    }
    out.lines([
        format!("Catalogue {}: every file read, every name leads somewhere.", catalogue.version()),
        format!("Exercises  {exercises}, {} of them timed, not counted: {}", timers.len(), timers.join(", ")),
        format!("Awaiting   {} that the tracker does not follow in full yet: {}", awaiting.len(), awaiting.join(", ")),
        format!("Rules      {}, {verified} read in a source, {unreviewed} reviewed by no clinician", rules.len()),
        format!("Sources    {read} read, {seen} seen, {missing} not found"),
    ])?;
    Ok(0)
}
