//! `talus pair`: lists the cuffs nearby by real Bluetooth.

use crate::args::Common;
use crate::failure::Failure;
use crate::output::Output;

#[cfg(feature = "radio")]
pub(crate) fn run(common: &Common, seconds: u32, out: &mut Output<'_>) -> Result<u8, Failure> {
    use crate::app::words;
    use crate::output::say;
    use crate::plain::found;
    use crate::play::Wall;
    use crate::stop::Stop;
    use serde_json::json;

    let words = words(common);
    let mut around = talus_app::Around::open()?;
    let (stop, wall) = (Stop::listen(), Wall::new(talus_app::clock::now));
    let until = wall.now().plus(i64::from(seconds) * 1_000_000);
    say(&words.looking_for.replacen("{}", &seconds.to_string(), 1));
    // Everything seen at any time, as it was heard last.
    let mut seen: Vec<crate::domain::NearbyLine> = Vec::new();
    while wall.now() < until && !stop.asked() && !out.closed() {
        for line in around.look() {
            if let Some(old) = seen.iter_mut().find(|old| old.name == line.name && old.side == line.side) {
                *old = line;
                continue;
            }
            if !common.json {
                out.line(&found(&line, words))?;
            }
            seen.push(line);
        }
        if let Some(state) = around.hindered() {
            return Err(Failure::new(
                format!("look for cuffs: {}", crate::words::Words::of("en").link(state)),
                "Switch Bluetooth on and allow it for this terminal. The demo and replays work without it.",
            ));
        }
        wall.wait(until);
    }
    if common.json {
        let cuffs: Vec<_> = seen
            .iter()
            .map(|cuff| {
                json!({
                    "name": cuff.name, "rssi_dbm": cuff.rssi_dbm, "battery_percent": cuff.battery_percent,
                    "side": cuff.side, "mass_g": cuff.mass_g,
                })
            })
            .collect();
        out.json(&json!({ "talus": "nearby/1", "cuffs": cuffs }))?;
    } else if seen.is_empty() {
        out.line(words.none_near)?;
    }
    Ok(if stop.asked() { stop.code() } else { 0 })
}

#[cfg(not(feature = "radio"))]
pub(crate) fn run(_: &Common, _: u32, _: &mut Output<'_>) -> Result<u8, Failure> {
    Err(Failure::new(
        "look for cuffs: this talus was built without Bluetooth",
        "Build it with the feature radio. The demo and replays work without it.",
    ))
}
