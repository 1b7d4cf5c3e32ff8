//! `talus plan new|sign|check`: a plan for somebody who trusts you.

use crate::args::{Common, PlanWhat};
use crate::failure::Failure;
use crate::output::Output;
use serde_json::json;
use std::fs;
use std::path::Path;
use talus_app::AppError;
use talus_app::coach::Catalogue;
use talus_app::coach::trusted::{Day, TrustError, TrustedPlan, blank, sign};

pub(crate) fn run(common: &Common, what: &PlanWhat, out: &mut Output<'_>) -> Result<u8, Failure> {
    let catalogue = Catalogue::embedded().map_err(AppError::from)?;
    match what {
        PlanWhat::New { by, from, until } => {
            let text = blank(by, day(from)?, day(until)?);
            out.lines(text.lines())?;
        }
        PlanWhat::Sign { file, key } => {
            let plan = read(file)?;
            let (secret, author) =
                talus_app::author_key(key).map_err(|error| Failure::new(error.to_string(), "Give another file."))?;
            let signed = sign(&plan, &secret, &catalogue).map_err(|error| refused(&error))?;
            let problem = |error: std::io::Error| {
                Failure::new(format!("write {}: {error}", file.display()), "Check that you may write there.")
            };
            // Whole or not at all: first beside the file, then in its place.
            let beside = file.with_extension("signing");
            fs::write(&beside, signed).and_then(|()| fs::rename(&beside, file)).map_err(problem)?;
            if common.json {
                out.json(&json!({ "talus": "plan-signed/1", "words": author.words() }))?;
            } else {
                out.lines(["Signed. Read these six words to the person:".to_owned(), author.words()])?;
            }
        }
        PlanWhat::Check { file } => {
            let plan = TrustedPlan::read(&read(file)?, &catalogue).map_err(|error| refused(&error))?;
            let (from, until) = (plan.from.to_string(), plan.until.to_string());
            if common.json {
                let exercises: Vec<_> = plan
                    .exercises
                    .iter()
                    .map(|one| {
                        json!({ "id": one.id, "side": one.side, "mass_most_g": one.mass_most_g, "range_deg": one.range_deg })
                    })
                    .collect();
                out.json(&json!({
                    "talus": "plan/1", "by": plan.by, "from": from, "until": until, "words": plan.author.words(),
                    "opens_knee_rebuild": plan.opens_knee_rebuild, "exercises": exercises,
                }))?;
            } else {
                out.line(&format!("The signature fits. By {}, from {from} until {until}.", plan.by))?;
                out.line(&format!("Six words: {}", plan.author.words()))?;
                for one in &plan.exercises {
                    let side = one.side.map_or("both legs", |side| match side {
                        talus_app::motion::Side::Left => "left leg",
                        talus_app::motion::Side::Right => "right leg",
                    });
                    let range = one.range_deg.map(|(from, to)| format!(", {from} to {to} degrees")).unwrap_or_default();
                    out.line(&format!("{}, {side}: up to {} g{range}", one.id, one.mass_most_g))?;
                }
            }
        }
    }
    Ok(0)
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| {
        Failure::new(format!("read {}: {error}", file.display()), "Check that the file is there and is a plan.")
    })
}

fn day(text: &str) -> Result<Day, Failure> {
    let wrong = || Failure { usage: true, ..Failure::new(format!("use the day {text:?}"), "Write it as 2026-11-25.") };
    Day::parse(text).ok_or_else(wrong)
}

fn refused(error: &TrustError) -> Failure {
    // Whoever signs or checks is its author: what cannot be read is theirs to correct.
    let advice = match error {
        TrustError::NotAPlan | TrustError::Large | TrustError::Text { .. } => {
            "Correct it. talus plan new writes one to begin with."
        }
        other => other.advice(),
    };
    Failure::new(error.to_string(), advice)
}
