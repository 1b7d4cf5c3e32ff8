//! `talus diagnostics`: streams for a while and says what was counted, as JSON: no names, no addresses.

use super::at_hand::{AtHand, Waited};
use crate::app::words;
use crate::args::{Common, DiagnosticsArgs};
use crate::failure::Failure;
use crate::output::{Output, say};
use crate::words::CuffWords;
use serde_json::json;

/// How long a cuff is looked for, microseconds.
const LOOK_US: i64 = 15_000_000;
/// Cuffs looked at, at once.
const CUFFS_MAX: usize = 4;

pub(crate) fn run(common: &Common, args: &DiagnosticsArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let mut hand = AtHand::look(common, args.demo)?;
    hand.open(args.cuff.as_deref(), LOOK_US)?;
    if args.cuff.is_none() {
        while hand.cuffs.live().len() < CUFFS_MAX && hand.cuffs.open(None)?.is_some() {}
    }
    say(&CuffWords::of(words(common)).counting.replacen("{}", &args.seconds.to_string(), 1));
    let waited = hand.until(i64::from(args.seconds) * 1_000_000, |_| Ok(false))?;
    let report = hand.cuffs.report();
    hand.close()?;
    out.json(&json!({
        "talus": "diagnostics/1", "seconds": args.seconds, "whole": waited == Waited::Late,
        "radio": report.radio, "streams": report.streams,
    }))?;
    Ok(hand.code())
}
