//! `talus edit`: what a person changes of a session; without a change, the changes so far.

use crate::app;
use crate::args::{Common, Leg};
use crate::commands::history::{short_id, when};
use crate::domain::Side;
use crate::failure::Failure;
use crate::output::Output;
use crate::table::wrap;
use crate::words::{ByHandWords, Words, badge, fill};
use serde_json::{Value, json};
use talus_app::store::{Edit, EditRow, SessionDetail, SetEdit};

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("of_set").multiple(true))]
pub(crate) struct EditArgs {
    /// The session's name, how it begins, or "last"
    #[arg(default_value = "last", value_name = "ID")]
    session: String,
    /// The set that is changed, as `talus show` numbers it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), requires = "of_set")]
    set: Option<u32>,
    /// Which leg of it, where both were done
    #[arg(long, value_enum, requires = "set")]
    side: Option<Leg>,
    /// Repetitions of that set, or strides
    #[arg(long, value_name = "N", group = "of_set", requires = "set", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    count: Option<u32>,
    /// Weight on that leg
    #[arg(long, value_name = "KG", group = "of_set", requires = "set", value_parser = mass)]
    weight: Option<u32>,
    /// The other leg did it; where both did, they are swapped
    #[arg(long, group = "of_set", requires = "set")]
    other_leg: bool,
    /// It was this exercise
    #[arg(long, value_name = "ID", group = "of_set", requires = "set")]
    exercise: Option<String>,
    /// Repetitions in reserve, or "none" for not answered
    #[arg(long, value_name = "N", group = "of_set", requires = "set", value_parser = answer)]
    reserve: Option<Given>,
    /// Pain, 0 to 10, or "none" for not answered
    #[arg(long, value_name = "N", group = "of_set", requires = "set", value_parser = answer)]
    pain: Option<Given>,
    /// It is no set of yours
    #[arg(long, group = "of_set", requires = "set")]
    remove: bool,
    /// It is one again
    #[arg(long, group = "of_set", requires = "set", conflicts_with = "remove")]
    put_back: bool,
    /// Keep the recording for good
    #[arg(long)]
    star: bool,
    /// Keep the recording as long as others
    #[arg(long, conflicts_with = "star")]
    unstar: bool,
    /// What there is to remember; "" takes it away
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Words to find it by, separated by commas; "" takes them away
    #[arg(long, value_name = "WORDS", value_delimiter = ',')]
    tags: Option<Vec<String>>,
    /// Look in the demo's database
    #[arg(long)]
    demo: bool,
}

/// An answer, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Given(Option<u8>);

fn answer(text: &str) -> Result<Given, String> {
    match text.parse::<u8>() {
        Ok(number) if number <= 10 => Ok(Given(Some(number))),
        _ if text == "none" => Ok(Given(None)),
        _ => Err("a number from 0 to 10, or none, is expected".to_owned()),
    }
}

fn mass(text: &str) -> Result<u32, String> {
    match text.replacen(',', ".", 1).parse::<f64>() {
        Ok(kg) if (0.0..=100.0).contains(&kg) => Ok((kg * 1000.0).round() as u32),
        _ => Err("a weight from 0 to 100 kg is expected".to_owned()),
    }
}

pub(crate) fn run(common: &Common, args: &EditArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let Some(talus) = app::open_to_look(common, args.demo)? else {
        return app::nothing_yet(common, &json!({ "talus": "edits/1", "session": null, "changes": [] }), out);
    };
    let detail = talus.session(&args.session)?;
    // The name it was asked by may mean another session by the time it is asked again.
    let id = detail.row.id.to_string();
    let edits = args.edits(&detail)?;
    if !edits.is_empty() {
        talus.edit_all(&id, &edits)?;
    }
    let rows = talus.edits(&id)?;
    let new = rows.len().saturating_sub(edits.len());
    let from = if edits.is_empty() { 0 } else { new };
    if common.json {
        out.json(&told(&id, &rows, from))?;
        return Ok(0);
    }
    let says = ByHandWords::of(words);
    out.lines(wrap(&format!("{} · {}", when(&detail.row), short_id(&detail.row)), out.width()))?;
    if rows.is_empty() {
        out.lines(wrap(says.nothing, out.width()))?;
    }
    let name = |id: &str| talus.exercise_name(id);
    for line in lines(&rows, from, &name, words) {
        out.lines(wrap(&line, out.width()))?;
    }
    if !edits.is_empty() {
        let undo = app::on_database(&format!("talus undo {}", short_id(&detail.row)), common, args.demo);
        out.line(&fill(says.undo_with, &[&undo]))?;
    }
    Ok(0)
}

impl EditArgs {
    /// What was typed as changes, in the order of the options.
    fn edits(&self, detail: &SessionDetail) -> Result<Vec<Edit>, Failure> {
        let starred = self.star.then_some(true).or(self.unstar.then_some(false));
        let mut edits: Vec<Edit> = starred.map(Edit::Starred).into_iter().collect();
        edits.extend(self.note.clone().map(Edit::Note));
        let typed = |tags: &Vec<String>| -> Vec<String> {
            tags.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
        };
        edits.extend(self.tags.as_ref().map(typed).map(Edit::Tags));
        let Some(number) = self.set else { return Ok(edits) };
        let set_index = number - 1;
        let side = match self.side {
            Some(leg) => leg.into(),
            None => only_leg(detail, set_index)?,
        };
        let changes = [
            self.exercise.clone().map(SetEdit::Exercise),
            self.count.map(SetEdit::Count),
            self.weight.map(SetEdit::Mass),
            self.other_leg.then_some(SetEdit::Side(side.other())),
            self.reserve.map(|given| SetEdit::Reserve(given.0)),
            self.pain.map(|given| SetEdit::Pain(given.0)),
            self.remove.then_some(SetEdit::Removed(true)),
            self.put_back.then_some(SetEdit::Removed(false)),
        ];
        edits.extend(changes.into_iter().flatten().map(|change| Edit::Set { set_index, side, change }));
        Ok(edits)
    }
}

/// The leg of a set that only one leg did.
fn only_leg(detail: &SessionDetail, set_index: u32) -> Result<Side, Failure> {
    let legs: Vec<Side> =
        detail.sets.iter().filter(|set| set.set_index == set_index).map(|set| set.result.side).collect();
    match legs[..] {
        [side] => Ok(side),
        _ => Err(Failure {
            usage: true,
            ..Failure::new(
                format!("tell which leg of set {} is meant", set_index + 1),
                "Say --side left or --side right. talus show lists the sets.",
            )
            .german(
                format!("welches Bein von Satz {} gemeint ist, lässt sich nicht sagen", set_index + 1),
                "Sag --side left oder --side right. talus show nennt die Sätze.",
            )
        }),
    }
}

/// A line for each change from `from` on, with the number it is undone by.
fn lines(rows: &[EditRow], from: usize, name: &dyn Fn(&str) -> String, words: &Words) -> Vec<String> {
    let says = ByHandWords::of(words);
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate().skip(from) {
        let number = |id| rows.iter().position(|one| one.id == id).map_or(0, |at| at + 1).to_string();
        let mut parts = vec![(at + 1).to_string()];
        match (&row.edit, row.undoes) {
            (Some(edit), _) => {
                if let Edit::Set { set_index, side, .. } = edit {
                    parts.push(format!("{} {} · {}", words.set, u64::from(*set_index) + 1, badge(*side)));
                }
                parts.push(says.what(edit, name, words));
            }
            (None, Some(undone)) => parts.push(fill(says.takes_back, &[&number(undone)])),
            // Something a newer Talus knows.
            (None, None) => parts.push(says.unknown.to_owned()),
        }
        if !row.stands {
            parts.push(says.taken_back.to_owned());
        } else if !row.lies {
            parts.push(says.lies_on_none.to_owned());
        }
        lines.push(parts.join(" · "));
    }
    lines
}

fn told(session: &str, rows: &[EditRow], from: usize) -> Value {
    let number = |id| rows.iter().position(|one| one.id == id).map(|at| at + 1);
    let one = |(at, row): (usize, &EditRow)| {
        let mut told = json!({
            "change": at + 1, "at_utc_ms": row.at_utc_ms, "stands": row.stands, "lies": row.lies,
            "undoes": row.undoes.and_then(number),
        });
        let set = match &row.edit {
            Some(Edit::Set { set_index, side, .. }) => Some((*set_index, *side)),
            _ => None,
        };
        if let (Some(fields), Some((field, value))) = (told.as_object_mut(), row.edit.as_ref().map(parts)) {
            fields.insert("field".to_owned(), field.into());
            fields.insert("value".to_owned(), value);
            if let Some((set_index, side)) = set {
                fields.insert("set_index".to_owned(), set_index.into());
                fields.insert("side".to_owned(), json!(side));
            }
        }
        told
    };
    let changes: Vec<Value> = rows.iter().enumerate().skip(from).map(one).collect();
    json!({ "talus": "edits/1", "session": session, "changes": changes })
}

/// Names and values as the bundle has them.
fn parts(edit: &Edit) -> (&'static str, Value) {
    match edit {
        Edit::Starred(on) => ("starred", json!(on)),
        Edit::Note(text) => ("note", json!(text)),
        Edit::Tags(tags) => ("tags", json!(tags)),
        Edit::Set { change, .. } => match change {
            SetEdit::Exercise(id) => ("exercise", json!(id)),
            SetEdit::Count(count) => ("count", json!(count)),
            SetEdit::Mass(grams) => ("mass_g", json!(grams)),
            SetEdit::Side(side) => ("side", json!(side)),
            SetEdit::Reserve(given) => ("reserve", json!(given)),
            SetEdit::Pain(given) => ("pain", json!(given)),
            SetEdit::Removed(gone) => ("removed", json!(gone)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use talus_app::store::EditId;

    #[test]
    fn changes_are_listed_with_the_number_they_are_undone_by() {
        let row = |id, edit, undoes: Option<i64>| EditRow {
            id: EditId(id),
            at_utc_ms: 5,
            edit,
            place: None,
            lies: true,
            undoes: undoes.map(EditId),
            stands: true,
        };
        let count = Edit::Set { set_index: 1, side: Side::Right, change: SetEdit::Count(9) };
        let rows = [
            EditRow { stands: false, ..row(40, Some(count.clone()), None) },
            row(44, None, Some(40)),
            EditRow { lies: false, ..row(45, Some(count), None) },
            row(46, None, None),
        ];
        let name = |id: &str| id.to_owned();
        let right = badge(Side::Right);
        assert_eq!(
            lines(&rows, 0, &name, Words::of("en")),
            [
                format!("1 · set 2 · {right} · count 9 · taken back"),
                "2 · takes change 1 back".to_owned(),
                format!("3 · set 2 · {right} · count 9 · fits no set, changes nothing"),
                "4 · something this Talus does not know".to_owned(),
            ]
        );
        assert_eq!(lines(&rows, 1, &name, Words::of("de"))[0], "2 · nimmt Änderung 1 zurück");
        let told = told("x", &rows, 2);
        assert_eq!(told["changes"][0]["change"], 3);
        assert_eq!((&told["changes"][0]["field"], &told["changes"][0]["set_index"]), (&json!("count"), &json!(1)));
        assert_eq!(told["changes"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn an_answer_can_be_that_there_is_none() {
        assert_eq!((answer("3"), answer("none")), (Ok(Given(Some(3))), Ok(Given(None))));
        assert!(answer("11").is_err() && answer("").is_err());
        assert_eq!((mass("1,5"), mass("0")), (Ok(1500), Ok(0)));
        assert!(mass("101").is_err() && mass("NaN").is_err());
    }
}
