//! `talus conformance`: whether a cuff keeps the Cuff Motion Profile, clause by clause. For whoever makes cuffs; its words
//! are those of the profile, in English.

use crate::args::Common;
use crate::failure::Failure;
use crate::output::Output;
#[cfg(feature = "radio")]
use crate::play::Wall;
use serde_json::json;
use talus_app::conformance::{self, Clause, Verdict};

pub(crate) fn run(common: &Common, cuff: Option<&str>, demo: bool, out: &mut Output<'_>) -> Result<u8, Failure> {
    let found = if demo { conformance::of_simulated(cuff) } else { of_real(cuff)? };
    let clauses = found.ok_or_else(|| {
        let what = cuff.map_or("find a cuff nearby".to_owned(), |name| format!("find the cuff {name} nearby"));
        Failure::new(what, "Is the cuff awake? Press its button. Does it advertise the service of the profile?")
    })?;
    let passed = clauses.iter().all(|clause| clause.verdict != Verdict::Fail);
    if common.json {
        out.json(&json!({ "talus": "conformance/1", "pass": passed, "clauses": clauses }))?;
    } else {
        out.lines(clauses.iter().map(row))?;
    }
    Ok(u8::from(!passed))
}

fn row(clause: &Clause) -> String {
    let verdict = match clause.verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "FAIL",
        Verdict::Skipped => "-",
    };
    let seen = if clause.seen.is_empty() { String::new() } else { format!(" ({})", clause.seen) };
    format!("{} {verdict:<5} {}{seen}", clause.id, clause.what)
}

#[cfg(feature = "radio")]
fn of_real(cuff: Option<&str>) -> Result<Option<Vec<Clause>>, Failure> {
    let wall = Wall::new(talus_app::clock::now);
    Ok(conformance::of_real(cuff, &mut |until| wall.wait(until))?)
}

#[cfg(not(feature = "radio"))]
fn of_real(_: Option<&str>) -> Result<Option<Vec<Clause>>, Failure> {
    Err(Failure::new(
        "look for cuffs: this talus was built without Bluetooth",
        "Build it with the feature radio. A simulated cuff works without it: --demo.",
    ))
}
