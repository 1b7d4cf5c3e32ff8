//! `talus pair`: lists the cuffs nearby, and pairs one: by its name, or by shaking it.

use super::at_hand::{AtHand, Waited, held_up, remember};
use crate::app::words;
use crate::args::{Common, PairArgs};
use crate::domain::{CuffId, LinkState, NearbyLine, PairedLine, Side};
use crate::failure::Failure;
use crate::output::{Output, say};
use crate::plain::{found, paired};
use crate::words::{CuffWords, Words};
use serde_json::json;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// Cuffs that can be shaken at once.
const SHAKEN_MAX: usize = 4;

pub(crate) fn run(common: &Common, args: &PairArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = words(common);
    let says = CuffWords::of(words);
    let mut hand = AtHand::look(common, args.demo)?;
    let us = i64::from(args.seconds) * 1_000_000;
    if args.cuff.is_none() && !args.shake {
        return list(common, args, &mut hand, out);
    }
    let cuff = if let Some(name) = &args.cuff {
        say(&words.looking_for.replacen("{}", &args.seconds.to_string(), 1));
        let cuff = hand.open(Some(name), us)?;
        say(&says.connecting.replacen("{}", name, 1));
        cuff
    } else {
        let Some(cuff) = shaken(&mut hand, us, words)? else {
            let code = hand.code();
            hand.close()?;
            if code != 0 {
                return Ok(code);
            }
            return Err(Failure::new(
                "tell which cuff was shaken",
                "Shake one cuff, and let the others lie still. Or name it: talus pair --cuff NAME",
            ));
        };
        cuff
    };
    let mut state = LinkState::Searching;
    let ready = hand.until(us, |cuffs| {
        // A cuff that was named is the only one; its id changes where the household knows it.
        let live = cuffs.live();
        let line = live.iter().find(|line| line.cuff == cuff).or(live.first());
        state = line.map_or(LinkState::Searching, |line| line.state);
        Ok(matches!(state, LinkState::Streaming | LinkState::FirmwareTooOld))
    })?;
    if state != LinkState::Streaming {
        hand.close()?;
        let failed = held_up("pair the cuff", "die Manschette lässt sich nicht koppeln", state);
        return if ready == Waited::Stopped { Ok(hand.code()) } else { Err(failed) };
    }
    let line = keep(args, &mut hand, cuff, says);
    hand.close()?;
    let line = line?;
    if common.json {
        out.json(&json!({
            "talus": "paired/1", "name": line.name, "side": line.side, "mass_g": line.mass_g,
            "battery_percent": line.battery_percent, "firmware": line.firmware,
        }))?;
    } else {
        out.line(&paired(&line, words))?;
        out.line(says.paired)?;
    }
    Ok(0)
}

/// Leg and weight: as typed, else as the cuff says, else as somebody answers.
fn keep(args: &PairArgs, hand: &mut AtHand, cuff: CuffId, says: &CuffWords) -> Result<PairedLine, Failure> {
    // The household may know it under its own id by now.
    let live = hand.cuffs.live();
    let cuff = live.iter().find(|line| line.cuff == cuff).or(live.first()).map_or(cuff, |line| line.cuff);
    let (side, mass_g) = hand.cuffs.said(cuff);
    let side = args.side.map(Side::from).or(side).or_else(|| asked(says));
    let side = side.ok_or_else(|| Failure {
        usage: true,
        ..Failure::new("pair the cuff: it does not say for which leg", "Say it: --side left or --side right.")
    })?;
    let mass_g = args.weight.map(|kg| (kg * 1000.0).round() as u32).or(mass_g).ok_or_else(|| Failure {
        usage: true,
        ..Failure::new("pair the cuff: it does not say its weight", "Weigh it and say it: --weight 1.5 (in kg).")
    })?;
    Ok(hand.cuffs.keep(cuff, side, mass_g)?)
}

/// The leg as somebody types it; `None` where nobody can be asked.
fn asked(says: &CuffWords) -> Option<Side> {
    if !std::io::stdin().is_terminal() {
        return None;
    }
    let _ = write!(std::io::stderr(), "{}", says.which_leg);
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed).ok()?;
    match typed.trim().to_lowercase().chars().next() {
        Some('l') => Some(Side::Left),
        Some('r') => Some(Side::Right),
        _ => None,
    }
}

/// Connects everything nearby and waits until one is shaken; the others are let go with the rest at the end.
fn shaken(hand: &mut AtHand, us: i64, words: &Words) -> Result<Option<CuffId>, Failure> {
    let says = CuffWords::of(words);
    hand.open(None, us)?;
    while hand.cuffs.live().len() < SHAKEN_MAX && hand.cuffs.open(None)?.is_some() {}
    say(says.shake);
    hand.until(us, |cuffs| Ok(cuffs.shaken().is_some()))?;
    let cuff = hand.cuffs.shaken();
    if let Some(line) = hand.cuffs.live().iter().find(|line| Some(line.cuff) == cuff) {
        say(&says.found_it.replacen("{}", &line.name, 1));
        hand.cuffs.identify(line.cuff);
    }
    Ok(cuff)
}

fn list(common: &Common, args: &PairArgs, hand: &mut AtHand, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = words(common);
    say(&words.looking_for.replacen("{}", &args.seconds.to_string(), 1));
    let mut seen: Vec<NearbyLine> = Vec::new();
    hand.until(i64::from(args.seconds) * 1_000_000, |cuffs| {
        for line in remember(&mut seen, cuffs.nearby()) {
            if !common.json {
                out.line(&found(&line, words))?;
            }
        }
        Ok(out.closed())
    })?;
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
    } else if let Some(first) = seen.first() {
        out.line(&CuffWords::of(words).how_to_pair.replacen("{}", &first.name, 1))?;
    } else {
        out.line(words.none_near)?;
    }
    Ok(hand.code())
}
