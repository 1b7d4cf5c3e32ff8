//! `talus log`: main lifts done beside cuff work, and the week with what counts in it.

use super::who;
use crate::app;
use crate::args::{Common, LogArgs, LogWhat};
use crate::failure::Failure;
use crate::output::Output;
use serde_json::json;
use talus_app::LiftWish;
use talus_app::coach::calendar::Lift;

pub(crate) fn run(common: &Common, args: &LogArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let talus = app::open(common, args.demo)?;
    who::describe(&talus, common, args.person.as_deref(), args.demo)?;
    if let Some(LogWhat::Lift { lift, sets, reps, weight }) = &args.what {
        let bar_g = (weight * 1000.0).round() as u32;
        talus.log_lift(LiftWish { lift: Lift::from(*lift), sets: *sets, reps: *reps, bar_g })?;
    }
    let (lifts, week) = (talus.lift_lines()?, talus.week_lines()?);
    if common.json {
        out.json(&json!({ "talus": "log/1", "lifts": lifts, "week": week }))?;
    } else {
        out.lines(&lifts)?;
        out.lines(&week)?;
    }
    Ok(0)
}
