//! What must hold of a session once it is history.

use super::journey::{Walk, failed, holds};
use std::fmt::Write as _;
use talus_motion::Side;
use talus_store::{RawState, SessionDetail};

/// Share of the shorter one that a repetition and what the leg did must have in common.
const ALIKE: f64 = 0.2;

pub(super) fn judge(walk: &mut Walk) -> Result<(), String> {
    let rows = walk.talus.sessions(10).map_err(failed("listing sessions"))?;
    let row = match rows.as_slice() {
        [one] if one.id == walk.id && one.finished => one.clone(),
        other => return Err(format!("the history is {other:?}")),
    };
    let detail = walk.talus.session("last").map_err(failed("reading a session"))?;
    holds!(detail.summary.is_some(), "a session that ended has no summary");
    holds!(walk.talus.unfinished().map_err(failed("listing sessions"))?.is_empty(), "a finished session is unfinished");
    numbers(&detail)?;
    loads(walk, &detail)?;
    phantoms(walk, &detail)?;
    again(walk, row.raw)?;
    walk.tally.add("sets", detail.sets.len() as u64);
    walk.tally.add(if row.raw == RawState::Complete { "recordings_whole" } else { "recordings_with_gaps" }, 1);
    // Ids of people and moments of the clock are another's each time.
    let _ = write!(walk.seen, "{:?} {:?} {:?}", detail.sets, detail.summary, row.raw);
    Ok(())
}

fn numbers(detail: &SessionDetail) -> Result<(), String> {
    holds!(detail.row.duration_s.is_finite() && detail.row.duration_s >= 0.0, "it lasted {}", detail.row.duration_s);
    for set in &detail.sets {
        let result = &set.result;
        holds!(result.ended >= result.began, "a set ends before it begins: {result:?}");
        for rep in &set.reps {
            let ordered = rep.start <= rep.top && rep.top <= rep.turn && rep.turn <= rep.end;
            let numbers = [rep.lift_s, rep.hold_s, rep.lower_s, rep.peak_deg_per_s, rep.confidence];
            let finite = numbers.into_iter().chain(rep.range_deg).all(f64::is_finite);
            holds!(ordered && finite, "a repetition that cannot be: {rep:?}");
        }
    }
    Ok(())
}

fn loads(walk: &Walk, detail: &SessionDetail) -> Result<(), String> {
    for set in &detail.sets {
        let (result, cap) = (&set.result, walk.cap_of(&set.result.exercise, set.result.side));
        holds!(result.mass_g <= cap, "{} g were carried in {}, {cap} g are the most", result.mass_g, result.exercise);
    }
    Ok(())
}

/// Every repetition that counted is one the leg did, and none counted twice.
fn phantoms(walk: &mut Walk, detail: &SessionDetail) -> Result<(), String> {
    let mut counted = 0;
    for side in [Side::Left, Side::Right] {
        let mut done: Vec<_> = walk.truth(side).into_iter().map(|times| (times, false)).collect();
        for set in detail.sets.iter().filter(|set| set.result.side == side) {
            let full: Vec<_> = set.reps.iter().filter(|rep| rep.full).collect();
            counted += full.len() as u64;
            for rep in &full {
                let (from, to) = walk.true_times(rep);
                let common = |(start, end): (f64, f64)| (to.min(end) - from.max(start)) / (to - from).min(end - start);
                let best = done
                    .iter_mut()
                    .filter(|(_, taken)| !taken)
                    .map(|one| (common(one.0), one))
                    .max_by(|a, b| a.0.total_cmp(&b.0));
                match best {
                    Some((share, one)) if share >= ALIKE => one.1 = true,
                    other => {
                        return Err(format!(
                            "a repetition of {} that nobody did, {from:.2} to {to:.2} s on the {side:?} leg (nearest: {:?})",
                            set.result.exercise,
                            other.map(|(share, one)| (share, one.0))
                        ));
                    }
                }
            }
            let by_hand = walk.ups();
            holds!(
                u64::from(set.result.count) <= full.len() as u64 + by_hand,
                "{} counted where {} were seen and {by_hand} put up by hand",
                set.result.count,
                full.len()
            );
        }
    }
    walk.tally.add("reps_counted", counted);
    Ok(())
}

/// The recording gives the same once more, and twice the same.
fn again(walk: &mut Walk, raw: RawState) -> Result<(), String> {
    let recording = walk.talus.store().recording_path(walk.id);
    let replayed = walk.talus.replay_recording(&recording).map_err(failed("replaying"))?;
    let _ = write!(walk.seen, "{:016x}", replayed.derived.checksum);
    if raw == RawState::Complete {
        holds!(replayed.damage.is_empty(), "a whole recording is damaged: {:?}", replayed.damage);
        holds!(replayed.as_stored == Some(true), "a replay gives something else than was kept");
        walk.tally.add("replayed_alike", 1);
    }
    Ok(())
}
