//! JSON with stable names and units: `talus` names the shape, its number grows when a name changes its meaning.

use crate::domain::{
    CalendarWeek, Course, Rep, SessionDetail, SessionRow, SetDetail, Sides, Totals, Trace, TrendPoint,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;
use talus_app::files::FileNote;
use talus_app::recording::Replayed;
use talus_app::rescore::Rescore;
use talus_app::store::Edit;

/// Any word or number as the core itself writes it.
fn value(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// The list of sessions, the course of each exercise, the weeks, and of one exercise what changed.
pub(crate) fn history(
    sessions: &[SessionRow],
    trends: &[(String, Vec<TrendPoint>)],
    weeks: &[CalendarWeek],
    courses: &[Course],
    sides: &[Sides],
) -> Value {
    json!({
        "talus": "history/1",
        "sessions": sessions.iter().map(session).collect::<Vec<_>>(),
        "exercises": trends.iter().map(|(id, points)| json!({
            "exercise": id,
            "sets": points.iter().map(trend_point).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "weeks": weeks.iter().map(|week| json!({
            "monday": week.monday,
            "days": week.days.iter().map(|day| day.as_ref().map(totals)).collect::<Vec<_>>(),
            "totals": totals(&week.totals),
        })).collect::<Vec<_>>(),
        "courses": courses.iter().map(course).collect::<Vec<_>>(),
        "sides": sides.iter().map(|sides| json!({
            "local_day": sides.local_day,
            "session": sides.session.to_string(),
            "measure": format!("{:?}", sides.measure).to_lowercase(),
            "left": sides.values.0,
            "right": sides.values.1,
            "ratio": sides.ratio,
            "weaker": sides.weaker.map(value),
        })).collect::<Vec<_>>(),
    })
}

fn totals(totals: &Totals) -> Value {
    json!({
        "sessions": totals.sessions,
        "duration_s": totals.duration_s,
        "planned_sets": totals.planned,
        "sets": totals.sets,
        "reps": totals.reps,
        "strides": totals.strides,
        "pain": totals.pain,
    })
}

fn course(course: &Course) -> Value {
    json!({
        "exercise": course.exercise,
        "side": value(course.side),
        "sessions": course.points.iter().map(|point| json!({
            "local_day": point.local_day,
            "session": point.session.to_string(),
            "sets": point.sets.0,
            "sets_measured": point.sets.1,
            "count": point.count,
            "mass_g": point.mass_g,
            "torque_nm": point.torque_nm,
            "torque_reps_nm": point.torque_reps_nm,
            "range_deg": point.range_deg,
            "tempo_s": point.tempo_s,
            "peak_deg_per_s": point.peak_deg_per_s,
            "form": point.form,
            "pain": point.pain,
        })).collect::<Vec<_>>(),
        "bests": course.bests.iter().map(|best| json!({
            "of": format!("{:?}", best.of).to_lowercase(),
            "value": best.value,
            "local_day": best.local_day,
            "session": best.session.to_string(),
        })).collect::<Vec<_>>(),
        "changes": course.told.iter().map(|told| json!({
            "measure": format!("{:?}", told.measure).to_lowercase(),
            "from": told.change.map(|change| change.from),
            "to": told.change.map(|change| change.to),
            "error": told.change.map(|change| change.error),
            "clear": told.change.map(|change| change.clear()),
            "text": told.text,
        })).collect::<Vec<_>>(),
    })
}

/// One session with its sets, repetitions, strides and traces.
pub(crate) fn show(detail: &SessionDetail, traces: &[Trace]) -> Value {
    let mut shown = session_of(detail);
    shown["traces"] = traces
        .iter()
        .map(|trace| {
            json!({
                "set_index": trace.set_index,
                "side": value(trace.side),
                "t_s": trace.points.iter().map(|(at, _)| at.seconds()).collect::<Vec<_>>(),
                "angle_deg": trace.points.iter().map(|(_, angle)| *angle).collect::<Vec<_>>(),
            })
        })
        .collect::<Vec<_>>()
        .into();
    shown
}

/// What there is to show where there is no session yet.
pub(crate) fn nothing_to_show() -> Value {
    json!({ "talus": "session/1", "session": null, "sets": [] })
}

fn session_of(detail: &SessionDetail) -> Value {
    json!({
        "talus": "session/1",
        "session": session(&detail.row),
        "ended_utc_ms": detail.ended_utc_ms,
        "source": detail.source,
        "engine_version": detail.engine_version,
        "catalogue_version": detail.catalogue_version,
        "summary": detail.summary.as_ref().map(value),
        "sets": detail.sets.iter().map(set).collect::<Vec<_>>(),
    })
}

/// A session just played: as [`show`] without traces, and what was found in the files it was played from.
pub(crate) fn played(detail: &SessionDetail, notes: &[(String, FileNote)]) -> Value {
    let mut shown = session_of(detail);
    shown["notes"] =
        notes.iter().map(|(file, note)| json!({ "file": file, "text": note.to_string() })).collect::<Vec<_>>().into();
    shown
}

/// A recording replayed.
pub(crate) fn replayed(file: &Path, replayed: &Replayed) -> Value {
    json!({
        "talus": "replayed/1",
        "file": file.display().to_string(),
        "session": replayed.head.id.to_string(),
        "inputs": replayed.inputs,
        "damage": replayed.damage.len(),
        "as_stored": replayed.as_stored,
        "checksum": format!("{:016x}", replayed.derived.checksum),
        "summary": replayed.derived.summary.as_ref().map(value),
        "sets": replayed.derived.sets.values().map(|set| json!({
            "set_index": set.set_index,
            "result": value(&set.result),
            "reps": set.reps.iter().map(rep).collect::<Vec<_>>(),
            "strides": set.strides.len(),
        })).collect::<Vec<_>>(),
    })
}

/// What today's engine makes of sessions.
pub(crate) fn rescored(all: &[Rescore], accepted: bool) -> Value {
    json!({
        "talus": "rescore/1",
        "accepted": accepted,
        "sessions": all.iter().map(|one| json!({
            "session": one.session.id.to_string(),
            "from": { "engine_version": one.from.0, "catalogue_version": one.from.1 },
            "to": { "engine_version": one.to.0, "catalogue_version": one.to.1 },
            "summary_changes": one.summary_changes,
            "sets_same": one.same,
            "sets_changed": one.changes.iter().map(|change| json!({
                "set_index": change.set_index,
                "side": value(change.side),
                "before": value(&change.before),
                "after": value(&change.after),
                "rows_before": change.rows.0,
                "rows_after": change.rows.1,
            })).collect::<Vec<_>>(),
            "changes_by_hand_moved": one.moved.iter().filter_map(|moved| {
                let Edit::Set { set_index, side, .. } = &moved.edit else { return None };
                let (from, to) = (moved.from, moved.to);
                let side = value(side);
                Some(json!({ "set_index": set_index, "side": side, "from_set_index": from, "to_set_index": to }))
            }).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn session(row: &SessionRow) -> Value {
    json!({
        "id": row.id.to_string(),
        "started_utc_ms": row.started_utc_ms,
        "offset_min": row.offset_min,
        "zone": row.zone,
        "local_day": row.local_day,
        "kind": value(row.kind),
        "finished": row.finished,
        "duration_s": row.duration_s,
        "sets": row.sets,
        "reps": row.reps,
        "strides": row.strides,
        "exercises": row.exercises,
        "planned_sets": row.planned,
        "pain": row.pain,
        "edits": row.edits,
        "starred": row.starred,
        "note": row.note,
        "tags": row.tags,
    })
}

fn trend_point(point: &TrendPoint) -> Value {
    json!({
        "local_day": point.local_day,
        "session": point.session.to_string(),
        "side": value(point.side),
        "mass_g": point.mass_g,
        "count": point.count,
        "range_deg": point.range_deg,
        "tempo_s": point.tempo_s,
        "set_index": point.set_index,
        "short": point.short,
        "target": point.target,
        "own_range_deg": point.own_range_deg,
        "peak_deg_per_s": point.peak_deg_per_s,
        "reserve": point.reserve,
        "pain": point.pain,
        "edited": point.edited,
        "quality": quality(point.quality),
        "counts_for_progress": point.counts_for_progress,
    })
}

fn set(set: &SetDetail) -> Value {
    let result = &set.result;
    json!({
        "set_index": set.set_index,
        "open": set.open,
        "edited": set.edited,
        "exercise": result.exercise,
        "side": value(result.side),
        "laterality": value(result.laterality),
        "mass_g": result.mass_g,
        "t_s": result.began.seconds(),
        "t_end_s": result.ended.seconds(),
        "end": value(result.end),
        "count": result.count,
        "short": result.short,
        "target": result.target,
        "range_deg": result.range_deg,
        "tempo_s": result.tempo_s,
        "peak_deg_per_s": result.peak_deg_per_s,
        "cadence_per_min": result.cadence_per_min,
        "reserve": result.reserve,
        "pain": result.pain,
        "counts_for_progress": result.counts_for_progress,
        "quality": quality(result.quality),
        "reps": set.reps.iter().map(rep).collect::<Vec<_>>(),
        "strides": set.strides.iter().map(|stride| json!({
            "t_s": stride.start.seconds(),
            "t_end_s": stride.end.seconds(),
            "foot_off_s": stride.foot_off.seconds(),
            "stride_s": stride.stride_s(),
            "swing_fraction": stride.swing_fraction,
            "stride_length_m": stride.length_m,
            "speed_m_per_s": stride.speed_m_per_s(),
            "quality": quality(stride.quality),
        })).collect::<Vec<_>>(),
    })
}

fn rep(rep: &Rep) -> Value {
    json!({
        "t_s": rep.start.seconds(),
        "t_end_s": rep.end.seconds(),
        "full": rep.full,
        "confidence": rep.confidence,
        "range_deg": rep.range_deg,
        "lift_s": rep.lift_s,
        "hold_s": rep.hold_s,
        "lower_s": rep.lower_s,
        "rest_s": rep.rest_s,
        "peak_deg_per_s": rep.peak_deg_per_s,
        "smoothness_sparc": rep.smoothness_sparc,
        "detectors": value(&rep.detectors),
        "quality": quality(rep.quality),
    })
}

fn quality(quality: crate::domain::Quality) -> Value {
    json!({ "ok": quality.ok(), "reasons": quality.reasons().map(value).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use crate::examples;

    #[test]
    fn history_and_a_session_keep_their_names_and_units() {
        let detail = examples::detail();
        let courses = [examples::courses("en").remove(0)];
        let trends = [("knee_ext_seated".into(), examples::trend(1))];
        let weeks = &examples::weeks()[..1];
        let history = super::history(&examples::rows(), &trends, weeks, &courses, &[examples::sides()]);
        insta::assert_snapshot!(format!("{history:#}\n{:#}", super::show(&detail, &examples::traces()[..1])));
    }
}
