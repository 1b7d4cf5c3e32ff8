//! Writes the plan of a journey, signed today: `journey_plan tests/journeys/05-….toml`. For Kotlin and Swift, which have no
//! author's key: what a phone takes in is signed elsewhere.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../../../tests/signed_plan.rs"]
mod signed_plan;

use std::io::Write as _;
use std::path::PathBuf;
use talus_journeys::{Step, journeys};

fn main() {
    let file = PathBuf::from(std::env::args_os().nth(1).expect("a journey")).canonicalize().unwrap();
    let all = journeys(file.parent().unwrap()).unwrap();
    let (_, journey) = all.into_iter().find(|(path, _)| path.file_name() == file.file_name()).expect("it is one");
    let mut plans = journey.step.iter().filter_map(|step| match step {
        Step::Plan { exercise, mass_most_g, range_deg } => {
            Some(signed_plan::signed_plan(exercise, *mass_most_g, *range_deg).0)
        }
        _ => None,
    });
    let plan = plans.next().expect("a plan in it");
    assert!(plans.next().is_none(), "more than one plan in it");
    std::io::stdout().write_all(plan.as_bytes()).unwrap();
}
