//! The edits of one session in two households, put into one order.

use super::shape::Shape;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An edit, and which of all edits of both sides it is.
pub(super) struct EditRow {
    pub(super) what: usize,
    at: i64,
    pub(super) undoes: Option<usize>,
    /// What it says, the same on both sides.
    text: String,
    pub(super) values: Vec<Value>,
}

/// The edits of both sides, each once: each side in its own order, whatever its clock said, so that an undo comes after
/// its edit; where that leaves a choice the earlier one first, and of two at one moment the same one whichever side takes
/// in the other. Where the sides put two edits in different orders, their times decide, and still no undo comes early:
/// the first left of a side is never one whose edit is not placed.
pub(super) fn in_one_order<'e>(held: &'e [EditRow], staged: &'e [EditRow]) -> Vec<&'e EditRow> {
    let whats = |side: &[EditRow]| side.iter().map(|edit| edit.what).collect::<BTreeSet<usize>>();
    let (in_held, in_staged) = (whats(held), whats(staged));
    let mut placed: BTreeMap<usize, usize> = BTreeMap::new();
    let mut all = Vec::with_capacity(held.len() + staged.len());
    let (mut left, mut right) = (held, staged);
    loop {
        for side in [&mut left, &mut right] {
            let done = side.iter().take_while(|edit| placed.contains_key(&edit.what)).count();
            *side = side.get(done..).unwrap_or_default();
        }
        let next = match (left.first(), right.first()) {
            (None, None) => return all,
            (Some(one), None) | (None, Some(one)) => one,
            (Some(a), Some(b)) if a.what == b.what => a,
            (Some(a), Some(b)) => {
                let undone = |edit: &EditRow| edit.undoes.and_then(|what| placed.get(&what).copied());
                let key = |edit: &'e EditRow| (edit.at, edit.text.as_str(), undone(edit));
                // One that the other side has further on waits for what that side puts before it.
                match (in_staged.contains(&a.what), in_held.contains(&b.what)) {
                    (true, false) => b,
                    (false, true) => a,
                    _ if key(b) < key(a) => b,
                    _ => a,
                }
            }
        };
        placed.insert(next.what, all.len());
        all.push(next);
    }
}

/// The edits of a session in their order. `known` numbers what they say, the same on both sides.
pub(super) fn edits_of(
    db: &Connection,
    shape: &Shape,
    session: i64,
    known: &mut BTreeMap<(Option<usize>, String, u32), usize>,
) -> rusqlite::Result<Vec<EditRow>> {
    let names: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
    let question =
        format!("SELECT id, undoes, at_utc_ms, {} FROM edit WHERE session_id = ?1 ORDER BY id", names.join(", "));
    let mut statement = db.prepare_cached(&question)?;
    let mut rows = statement.query([session])?;
    let (mut all, mut by_id, mut times) = (Vec::new(), BTreeMap::new(), BTreeMap::<_, u32>::new());
    while let Some(row) = rows.next()? {
        let undone: Option<i64> = row.get(1)?;
        let undoes = undone.and_then(|id| by_id.get(&id).copied());
        let mut values: Vec<Value> = (0..names.len()).map(|at| row.get(at + 3)).collect::<rusqlite::Result<_>>()?;
        let mut said = Vec::with_capacity(names.len());
        for (name, value) in names.iter().zip(&mut values) {
            match *name {
                "undoes" => *value = Value::Null,
                // Where its set lies may have been worked out later, from the results of that household.
                "set_began_us" | "set_ended_us" => {}
                _ => said.push(&*value),
            }
        }
        let text = format!("{said:?}");
        // Somebody can say the same thing twice in one moment.
        let time = times.entry((undoes, text.clone())).or_default();
        *time += 1;
        let next = known.len();
        let what = *known.entry((undoes, text.clone(), *time)).or_insert(next);
        by_id.insert(row.get::<_, i64>(0)?, what);
        all.push(EditRow { what, at: row.get(2)?, undoes, text, values });
    }
    Ok(all)
}
