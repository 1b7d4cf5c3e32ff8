//! `talus rescore`: what today's engine makes of recorded sessions, shown before anything changes.

use crate::app;
use crate::args::Common;
use crate::commands::history::{short_id, when};
use crate::domain::SetResult;
use crate::failure::Failure;
use crate::json;
use crate::output::Output;
use crate::sets::counted;
use crate::table::wrap;
use crate::words::{ByHandWords, Words, badge, fill};
use talus_app::rescore::{MovedEdit, Rescore, SetChange};
use talus_app::store::Edit;

pub(crate) fn run(
    common: &Common,
    asked: Option<&str>,
    yes: bool,
    demo: bool,
    out: &mut Output<'_>,
) -> Result<u8, Failure> {
    let words = app::words(common);
    let Some(talus) = app::open_to_look(common, demo)? else {
        return app::nothing_yet(common, &json::rescored(&[], false), out);
    };
    let all = match asked {
        Some(asked) => vec![talus.rescore(asked)?],
        None => talus.rescore_outdated()?,
    };
    if yes {
        // What is the same already needs no second copy.
        for one in all.iter().filter(|one| one.outdated()) {
            talus.accept(one)?;
        }
    }
    if common.json {
        out.json(&json::rescored(&all, yes && all.iter().any(Rescore::outdated)))?;
        return Ok(0);
    }
    out.lines(lines(&all, yes, &|id: &str| talus.exercise_name(id), out.width(), words))?;
    if !yes && all.iter().any(Rescore::outdated) {
        out.line(&command(common, asked, demo))?;
    }
    Ok(0)
}

fn command(common: &Common, asked: Option<&str>, demo: bool) -> String {
    let asked = asked.map(|asked| format!(" {asked}")).unwrap_or_default();
    format!("{} --yes", app::on_database(&format!("talus rescore{asked}"), common, demo))
}

fn lines(all: &[Rescore], yes: bool, name: &dyn Fn(&str) -> String, width: usize, words: &Words) -> Vec<String> {
    if all.is_empty() {
        return wrap(words.rescore_none, width);
    }
    let mut lines = Vec::new();
    for one in all {
        let verdict = if one.changes_anything() { String::new() } else { format!(" · {}", words.rescore_same) };
        lines.extend(wrap(&format!("{} · {}{verdict}", when(&one.session), short_id(&one.session)), width));
        for change in &one.changes {
            lines.extend(wrap(&told(change, name, words), width));
        }
        for moved in &one.moved {
            lines.extend(wrap(&by_hand(moved, name, words), width));
        }
    }
    if all.iter().any(Rescore::outdated) {
        lines.push(String::new());
        lines.extend(wrap(if yes { words.rescore_done } else { words.rescore_with }, width));
    }
    lines
}

/// One set: which, and each number that becomes another.
fn told(change: &SetChange, name: &dyn Fn(&str) -> String, words: &Words) -> String {
    let exercise = change.after.as_ref().or(change.before.as_ref()).map_or(String::new(), |set| name(&set.exercise));
    let mut parts = Vec::new();
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            let mut said = |of: &dyn Fn(&SetResult) -> String| {
                let (before, after) = (of(before), of(after));
                if before != after {
                    parts.push(format!("{before} → {after}"));
                }
            };
            said(&|set| counted(set, false, words));
            said(&|set| words.deg(set.range_deg));
            said(&|set| words.tempo_of(set.tempo_s));
            said(&|set| words.quality(set.quality));
            if parts.is_empty() {
                parts.push(words.rescore_rows.to_owned());
            }
        }
        (None, _) => parts.push(words.rescore_new_set.to_owned()),
        (Some(_), None) => parts.push(words.rescore_no_set.to_owned()),
    }
    format!("{} {} · {} · {exercise}: {}", words.set, change.set_index + 1, badge(change.side), parts.join(", "))
}

/// A change by hand that lies on another set then, or on none.
fn by_hand(moved: &MovedEdit, name: &dyn Fn(&str) -> String, words: &Words) -> String {
    let says = ByHandWords::of(words);
    let Edit::Set { set_index, side, .. } = &moved.edit else { return String::new() };
    let number = |index: u32| (u64::from(index) + 1).to_string();
    let what = says.what(&moved.edit, name, words);
    let (set, side) = (number(*set_index), badge(*side));
    match (moved.from, moved.to) {
        (Some(_), Some(to)) => fill(says.goes_with, &[&set, side, &what, &number(to)]),
        (None, Some(to)) => fill(says.fits_again, &[&set, side, &what, &number(to)]),
        (_, None) => fill(says.fits_none, &[&set, side, &what]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Side;
    use talus_app::store::SetEdit;

    #[test]
    fn a_correction_that_goes_elsewhere_is_named_with_its_set_in_both_languages() {
        let moved = |from, to| MovedEdit {
            edit: Edit::Set { set_index: 1, side: Side::Left, change: SetEdit::Count(7) },
            from,
            to,
        };
        let told = |language: &str, from, to| by_hand(&moved(from, to), &|id| id.to_owned(), Words::of(language));
        let left = badge(Side::Left);
        assert_eq!(
            told("en", Some(1), Some(0)),
            format!("Your change of set 2 · {left} (count 7) goes with it: there it is set 1.")
        );
        assert_eq!(
            told("en", Some(1), None),
            format!("Your change of set 2 · {left} (count 7) fits no set there. It is kept and changes nothing.")
        );
        assert_eq!(
            told("de", None, Some(2)),
            format!("Deine Änderung an Satz 2 · {left} (Anzahl 7) passt wieder zu einem Satz: Satz 3.")
        );
    }
}
