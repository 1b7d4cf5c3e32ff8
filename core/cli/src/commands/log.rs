//! `talus log`: main lifts done beside cuff work, and the week with what counts in it.

use super::who;
use crate::app;
use crate::args::Common;
use crate::failure::Failure;
use crate::output::Output;
use serde_json::json;
use std::path::PathBuf;
use talus_app::LiftWish;
use talus_app::coach::calendar::Lift;

#[derive(Debug, clap::Args)]
pub(crate) struct LogArgs {
    #[command(subcommand)]
    act: Option<Act>,
    /// A JSON file that says who trains; otherwise you are asked once
    #[arg(long, value_name = "FILE", global = true)]
    person: Option<PathBuf>,
    /// In the demo's database
    #[arg(long, global = true)]
    demo: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// A main lift you did just now; its muscles rest 48 hours as after a session
    Lift {
        /// Which
        #[arg(value_enum)]
        lift: MainLift,
        /// Sets
        #[arg(long, default_value_t = 3, value_name = "N")]
        sets: u8,
        /// Repetitions a set
        #[arg(long, default_value_t = 8, value_name = "N")]
        reps: u32,
        /// Weight on the bar or machine
        #[arg(long, default_value_t = 0, value_name = "KG", value_parser = bar)]
        weight: u32,
    },
}

/// A main lift, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum MainLift {
    Squat,
    LegPress,
    Lunge,
    Hinge,
    HipThrust,
    LegCurl,
    HeelRaise,
}

impl From<MainLift> for Lift {
    fn from(lift: MainLift) -> Self {
        match lift {
            MainLift::Squat => Self::Squat,
            MainLift::LegPress => Self::LegPress,
            MainLift::Lunge => Self::Lunge,
            MainLift::Hinge => Self::Hinge,
            MainLift::HipThrust => Self::HipThrust,
            MainLift::LegCurl => Self::LegCurl,
            MainLift::HeelRaise => Self::HeelRaise,
        }
    }
}

/// Kilograms as typed, in grams.
fn bar(text: &str) -> Result<u32, String> {
    match text.replacen(',', ".", 1).parse::<f64>() {
        Ok(kg) if (0.0..=1000.0).contains(&kg) => Ok((kg * 1000.0).round() as u32),
        _ => Err("a weight from 0 to 1000 kg is expected".to_owned()),
    }
}

pub(crate) fn run(common: &Common, args: &LogArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let talus = app::open(common, args.demo)?;
    who::describe(&talus, common, args.person.as_deref(), args.demo)?;
    if let Some(Act::Lift { lift, sets, reps, weight }) = &args.act {
        talus.log_lift(LiftWish { lift: Lift::from(*lift), sets: *sets, reps: *reps, bar_g: *weight })?;
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
