//! `talus catalogue check`: reads every file of the catalogue, strictly, and says what it holds and what is still open.

use crate::args::{CatalogueWhat, Common};
use crate::failure::Failure;
use crate::output::Output;
use serde_json::json;
use talus_app::AppError;
use talus_app::coach::Catalogue;
use talus_app::coach::catalogue::{Checked, Protocol};

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
    let (programmes, protocols) = (catalogue.programmes().count(), catalogue.protocols().count());
    let named = |wanted: &dyn Fn(&Protocol) -> bool| -> Vec<&str> {
        catalogue.protocols().filter(|protocol| wanted(protocol)).map(|protocol| protocol.id.as_str()).collect()
    };
    let normed = named(&|protocol| !protocol.flag.is_empty() || !protocol.usual.is_empty());
    let own_only = named(&|protocol| protocol.result.is_some() && protocol.change.is_empty());
    if common.json {
        out.json(&json!({
            "talus": "catalogue/1", "version": catalogue.version(), "exercises": exercises,
            "awaiting_tracker": awaiting, "timers": timers, "detectors": catalogue.detectors().len(),
            "programmes": programmes, "protocols": protocols, "protocols_with_norms": normed,
            "protocols_without_error": own_only,
            "rules": rules.len(), "rules_verified": verified, "rules_unreviewed": unreviewed,
            "sources": { "read": read, "seen": seen, "not_found": missing },
        }))?;
        return Ok(0);
    }
    out.lines([
        format!("Catalogue {}: every file read, every name leads somewhere.", catalogue.version()),
        format!("Exercises  {exercises}, {} of them timed, not counted: {}", timers.len(), timers.join(", ")),
        format!("Awaiting   {} that the tracker does not follow in full yet: {}", awaiting.len(), awaiting.join(", ")),
        format!("Programmes {programmes}, none of them reviewed by a clinician; nobody has tried them as they stand"),
        format!("Protocols  {protocols}; with norms that were read: {}", normed.join(", ")),
        format!("           no error of measurement was found in a source for: {}", own_only.join(", ")),
        format!("Rules      {}, {verified} read in a source, {unreviewed} reviewed by no clinician", rules.len()),
        format!("Sources    {read} read, {seen} seen, {missing} not found"),
    ])?;
    Ok(0)
}
