//! `talus cuffs`: the household's cuffs; gives one another name, or forgets it.

use crate::app::{open, open_to_look, words};
use crate::args::{Common, CuffsAct};
use crate::failure::Failure;
use crate::output::Output;
use crate::words::{CuffWords, UNKNOWN, badge};
use serde_json::json;
use talus_app::cuffs::OwnCuff;

pub(crate) fn run(common: &Common, act: Option<&CuffsAct>, demo: bool, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = words(common);
    let says = CuffWords::of(words);
    match act {
        Some(CuffsAct::Rename { cuff, name }) => {
            let cuff = open(common, demo)?.rename_cuff(cuff, name)?;
            told(common, &cuff, &says.renamed.replacen("{}", &cuff.name, 1), out)?;
        }
        Some(CuffsAct::Forget { cuff }) => {
            let cuff = open(common, demo)?.forget_cuff(cuff)?;
            told(common, &cuff, &says.forgotten.replacen("{}", &cuff.name, 1), out)?;
        }
        None => {
            let cuffs = open_to_look(common, demo)?.map_or(Ok(Vec::new()), |talus| talus.own_cuffs())?;
            if common.json {
                out.json(&json!({ "talus": "cuffs/1", "cuffs": cuffs.iter().map(as_json).collect::<Vec<_>>() }))?;
            } else if cuffs.is_empty() {
                out.line(says.no_cuffs)?;
            }
            for cuff in cuffs.iter().filter(|_| !common.json) {
                let worn = cuff.side.map_or(says.not_worn.to_owned(), |side| badge(side).to_owned());
                let mass = cuff.mass_g.map_or(UNKNOWN.to_owned(), |mass_g| words.mass(mass_g));
                out.line(&format!("{}, {worn}, {mass}, {} {}", cuff.name, cuff.family, cuff.serial))?;
            }
        }
    }
    Ok(0)
}

fn as_json(cuff: &OwnCuff) -> serde_json::Value {
    json!({
        "name": cuff.name, "family": cuff.family, "serial": cuff.serial, "side": cuff.side, "mass_g": cuff.mass_g,
    })
}

fn told(common: &Common, cuff: &OwnCuff, text: &str, out: &mut Output<'_>) -> Result<(), Failure> {
    if common.json { out.json(&json!({ "talus": "cuff/1", "cuff": as_json(cuff) })) } else { out.line(text) }
}
