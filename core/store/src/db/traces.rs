//! The angle of a set over its time, for drawing. Worked out from the recording, and gone with it.

use crate::SessionId;
use crate::db::{from_word, word};
use crate::recording::bytes::{Cursor, Steady, put_signed, put_varint};
use rusqlite::{Connection, params};
use talus_motion::{Micros, Side};

/// Points of one set at most: more than an hour of them, fifty a second.
const POINTS_MAX: usize = 200_000;
/// Steps of a degree that an angle is kept in.
const STEPS: f64 = 10.0;

/// The angle of one set of one leg.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Index of the set in the session.
    pub set_index: u32,
    /// Which leg.
    pub side: Side,
    /// Session time and angle from the start pose, degrees; kept to a tenth. `None` where it was not measured, which
    /// ends a line.
    pub points: Vec<(Micros, Option<f64>)>,
}

fn encode(points: &[(Micros, Option<f64>)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(3 * points.len() + 4);
    put_varint(&mut out, points.len() as u64);
    let (mut time, mut last) = (Steady::default(), 0i64);
    for (at, angle) in points {
        time.put(&mut out, at.0.div_euclid(1000));
        // The lowest bit says whether there is an angle.
        match angle.filter(|deg| deg.is_finite()) {
            Some(deg) => {
                let steps = (deg * STEPS).round().clamp(-1e6, 1e6) as i64;
                put_signed(&mut out, (steps - last) << 1 | 1);
                last = steps;
            }
            None => put_signed(&mut out, 0),
        }
    }
    out
}

fn decode(bytes: &[u8]) -> Option<Vec<(Micros, Option<f64>)>> {
    let mut cursor = Cursor::new(bytes);
    let count = usize::try_from(cursor.varint()?).ok()?;
    // Two bytes are the least a point can have.
    if count > POINTS_MAX || count > cursor.rest().len() / 2 {
        return None;
    }
    let (mut time, mut last) = (Steady::default(), 0i64);
    let mut points = Vec::with_capacity(count);
    for _ in 0..count {
        let at = Micros(time.read(&mut cursor)?.checked_mul(1000)?);
        let coded = cursor.signed()?;
        let angle = (coded & 1 == 1).then(|| {
            last = last.wrapping_add(coded >> 1);
            last as f64 / STEPS
        });
        points.push((at, angle));
    }
    cursor.rest().is_empty().then_some(points)
}

/// Keeps the traces of a session instead of those there were; `false` where there is no such session.
pub(crate) fn put(db: &Connection, id: SessionId, traces: &[Trace]) -> rusqlite::Result<bool> {
    let transaction = db.unchecked_transaction()?;
    forget(&transaction, id)?;
    let mut there = true;
    for trace in traces {
        let points = &trace.points[..trace.points.len().min(POINTS_MAX)];
        let added = transaction
            .prepare_cached("INSERT INTO trace SELECT id, ?2, ?3, ?4 FROM session WHERE uid = ?1")?
            .execute(params![id.0, trace.set_index, word(trace.side), encode(points)])?;
        there &= added == 1;
    }
    transaction.commit()?;
    Ok(there)
}

pub(crate) fn forget(db: &Connection, id: SessionId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM trace WHERE session_id = (SELECT id FROM session WHERE uid = ?1)")?
        .execute([id.0])
        .map(|_| ())
}

/// What is kept of a session's sets, in their order, each with the leg that is shown. A row that is no trace is passed
/// over: it can be made again.
pub(crate) fn of(db: &Connection, id: SessionId) -> rusqlite::Result<Vec<Trace>> {
    let mut statement = db.prepare_cached(
        "SELECT t.set_index, iif(coalesce(o.swapped, 0), iif(t.side = 'left', 'right', 'left'), t.side) AS leg, t.points
         FROM trace t LEFT JOIN overlay o
            ON o.session_id = t.session_id AND o.set_index = t.set_index AND o.side = t.side
         WHERE t.session_id = (SELECT id FROM session WHERE uid = ?1) ORDER BY t.set_index, leg",
    )?;
    let mut rows = statement.query([id.0])?;
    let mut traces = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(points) = decode(row.get_ref(2)?.as_blob()?) {
            let side = from_word(1, row.get_ref(1)?.as_str()?)?;
            traces.push(Trace { set_index: row.get(0)?, side, points });
        }
    }
    Ok(traces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_trace_comes_back_to_the_millisecond_and_the_tenth_of_a_degree(
            points in prop::collection::vec((-1_000_000_000i64..1_000_000_000, prop::option::of(-400.0..400.0f64)), 0..200),
        ) {
            let points: Vec<_> = points.into_iter().map(|(ms, deg)| (Micros(ms * 1000), deg)).collect();
            let back = decode(&encode(&points)).unwrap();
            prop_assert_eq!(back.len(), points.len());
            for (there, back) in points.iter().zip(back) {
                prop_assert_eq!(there.0, back.0);
                prop_assert_eq!(there.1.is_some(), back.1.is_some());
                prop_assert!((there.1.unwrap_or(0.0) - back.1.unwrap_or(0.0)).abs() < 0.051);
            }
        }

        #[test]
        fn bytes_that_are_no_trace_are_none_and_ask_for_no_memory(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            if let Some(points) = decode(&bytes) {
                prop_assert!(points.len() * 2 <= bytes.len());
            }
        }
    }
}
