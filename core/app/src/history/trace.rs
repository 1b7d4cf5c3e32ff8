//! The angle of a session's sets over time, drawn from its recording.
//!
//! Drawing must not wait for a replay: a session gathers its traces as it goes and keeps them beside the results when it
//! ends; where that could not be, a replay does it the first time they are asked for. They go when the recording goes. For
//! a screen it is thinned so that a column of pixels looks as it would have with
//! every point (M4: first, lowest, highest and last of each column; Jugel et al., VLDB 2014).

use crate::engine::Engine;
use crate::error::AppError;
use crate::household::Talus;
use std::collections::BTreeMap;
use talus_coach::{Event, Frame, Input, Outputs, Stage};
use talus_motion::{Micros, Side};
use talus_store::{RawState, StoreError, Trace};

/// One unbroken piece of a trace: session time, seconds, and angle from the start pose, degrees.
pub type Line = Vec<(f64, f64)>;

impl Talus {
    /// The angle of every set of a session (`last`, or the beginning of its id) that has one, by set and leg; where a
    /// set works both legs, of the leg the picture showed. Empty where the recording is gone or damaged: a drawing of
    /// less would not say so.
    ///
    /// # Errors
    /// [`AppError::Store`]; [`AppError::Plan`] where today's catalogue cannot follow the plan.
    pub fn traces(&self, asked: &str) -> Result<Vec<Trace>, AppError> {
        let id = self.find(asked)?;
        let (kept, detail) = {
            let store = self.store();
            (store.traces(id)?, store.derived(id)?)
        };
        if !kept.is_empty() || !detail.row.finished || detail.row.raw != RawState::Complete {
            return Ok(kept);
        }
        let reading = match self.store().reading(id) {
            Ok(reading) => reading,
            Err(StoreError::NoRecording { .. }) => return Ok(Vec::new()),
            Err(other) => return Err(other.into()),
        };
        if !reading.intact() {
            return Ok(Vec::new());
        }
        let traces = follow(Engine::again(detail.plan, self.catalogue())?, &reading.inputs);
        // What is kept is rounded: the first look must show what every later one does.
        let store = self.store();
        store.put_traces(id, &traces)?;
        Ok(store.traces(id)?)
    }
}

fn follow(mut engine: Engine, inputs: &[Input]) -> Vec<Trace> {
    let (mut out, mut tracing) = (Outputs::default(), Tracing::default());
    for input in inputs {
        engine.step(input, &mut out);
        tracing.follow(input, &out.events, engine.session().frame());
        out.events.clear();
        out.records.clear();
        out.requests.clear();
    }
    tracing.traces()
}

/// The traces of a session, gathered while its inputs go through the engine.
#[derive(Debug, Default)]
pub(crate) struct Tracing {
    sets: BTreeMap<(u32, Side), Trace>,
    set: Option<(u32, Side)>,
}

impl Tracing {
    /// Takes what one input brought: the events of that step, and the picture after it.
    pub(crate) fn follow(&mut self, input: &Input, events: &[Event], frame: &Frame) {
        for event in events {
            match event {
                Event::SetBegan { set_index, side, .. } => self.set = self.set.or(Some((*set_index, *side))),
                Event::StageChanged { stage, .. } if !matches!(stage, Stage::Set | Stage::Paused) => self.set = None,
                _ => {}
            }
        }
        let Input::Samples(block) = input else { return };
        let (Some(key), Stage::Set) = (self.set, frame.stage) else { return };
        // Only a packet of the leg that is drawn moves its angle.
        let drawn = frame.cuffs.iter().any(|line| line.cuff == block.cuff && line.side == key.1);
        let empty = || Trace { set_index: key.0, side: key.1, points: Vec::new() };
        let points = &mut self.sets.entry(key).or_insert_with(empty).points;
        let angle = frame.angle_deg.filter(|deg| deg.is_finite());
        let gap_goes_on = angle.is_none() && points.last().is_none_or(|(_, last)| last.is_none());
        if drawn && !gap_goes_on {
            points.push((frame.at, angle));
        }
    }

    /// One for each set and leg that had an angle.
    pub(crate) fn traces(self) -> Vec<Trace> {
        self.sets.into_values().filter(|trace| !trace.points.is_empty()).collect()
    }
}

/// Longer without a packet than this is a gap, microseconds: ten samples at the slowest rate that is followed take 0.8 s.
pub(super) const SILENCE_US: i64 = 1_000_000;

/// Lines for a drawing of `width` columns between two session times, at most four points a column and line. Outside
/// points are left out; a trace that was not measured for a while is more than one line.
pub fn downsample(points: &[(Micros, Option<f64>)], from: Micros, to: Micros, width: usize) -> Vec<Line> {
    let span = i128::from(to.since(from));
    if width == 0 || span <= 0 {
        return Vec::new();
    }
    let column = |at: Micros| ((i128::from(at.since(from)) * width as i128 / span) as usize).min(width - 1);
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    let mut bucket: Option<Bucket> = None;
    for &(at, angle) in points {
        let inside = at >= from && at <= to;
        // A cuff that is away sends nothing: no point says so, but the time between two does.
        let silence = bucket.as_ref().is_some_and(|bucket| at.seconds() - bucket.last.0 > SILENCE_US as f64 * 1e-6);
        if silence || !inside || angle.is_none() {
            line.extend(bucket.take().into_iter().flat_map(Bucket::points));
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
        }
        let Some(angle) = angle.filter(|_| inside) else { continue };
        let (now, point) = (column(at), (at.seconds(), angle));
        match &mut bucket {
            Some(bucket) if bucket.column == now => bucket.add(point),
            _ => {
                line.extend(bucket.take().into_iter().flat_map(Bucket::points));
                bucket = Some(Bucket { column: now, first: point, low: point, high: point, last: point });
            }
        }
    }
    line.extend(bucket.take().into_iter().flat_map(Bucket::points));
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A column of pixels.
struct Bucket {
    column: usize,
    first: (f64, f64),
    low: (f64, f64),
    high: (f64, f64),
    last: (f64, f64),
}

impl Bucket {
    fn add(&mut self, point: (f64, f64)) {
        if point.1 < self.low.1 {
            self.low = point;
        }
        if point.1 > self.high.1 {
            self.high = point;
        }
        self.last = point;
    }

    /// Its points in the order of time, each once.
    fn points(self) -> Line {
        let mut points = vec![self.first, self.low, self.high, self.last];
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points.dedup();
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points(angles: &[Option<f64>]) -> Vec<(Micros, Option<f64>)> {
        (0..).zip(angles).map(|(n, angle)| (Micros(n * 100_000), *angle)).collect()
    }

    #[test]
    fn a_gap_parts_the_line_and_an_empty_drawing_is_none() {
        let trace = points(&[Some(1.0), Some(2.0), None, Some(3.0)]);
        let lines = downsample(&trace, Micros(0), Micros(300_000), 100);
        let at = |n: usize| trace[n].0.seconds();
        assert_eq!(lines, [vec![(at(0), 1.0), (at(1), 2.0)], vec![(at(3), 3.0)]]);
        let lost = [(Micros(0), Some(1.0)), (Micros(400_000), Some(2.0)), (Micros(5_000_000), Some(3.0))];
        let lines = downsample(&lost, Micros(0), Micros(5_000_000), 100);
        assert_eq!(
            lines,
            [vec![(0.0, 1.0), (lost[1].0.seconds(), 2.0)], vec![(5.0, 3.0)]],
            "nothing is drawn over a lost cuff"
        );
        assert!(downsample(&trace, Micros(0), Micros(300_000), 0).is_empty());
        assert!(downsample(&trace, Micros(5), Micros(5), 9).is_empty());
        assert!(downsample(&[], Micros(0), Micros(9), 9).is_empty());
    }

    proptest! {
        #[test]
        fn every_column_keeps_its_first_lowest_highest_and_last_point(
            angles in prop::collection::vec(prop::option::weighted(0.95, -10.0..140.0f64), 1..400),
            width in 1usize..60,
        ) {
            let trace = points(&angles);
            let to = Micros(100_000 * i64::try_from(trace.len()).unwrap());
            let lines = downsample(&trace, Micros(0), to, width);
            let flat: Vec<_> = lines.iter().flatten().copied().collect();
            prop_assert!(flat.windows(2).all(|pair| pair[0].0 < pair[1].0), "in the order of time");
            prop_assert_eq!(lines.len(), angles.split(Option::is_none).filter(|piece| !piece.is_empty()).count());
            // By whole microseconds, so that no point falls into its neighbour's column.
            let column = |at_s: f64| ((at_s * 1e6).round() as i128 * width as i128 / i128::from(to.0)) as usize;
            for now in 0..width {
                let here: Vec<f64> =
                    trace.iter().filter(|(at, _)| column(at.seconds()) == now).filter_map(|(_, deg)| *deg).collect();
                let kept: Vec<f64> = flat.iter().filter(|(at, _)| column(*at) == now).map(|(_, deg)| *deg).collect();
                let edge = |of: &[f64]| (of.iter().copied().fold(f64::MAX, f64::min), of.iter().copied().fold(f64::MIN, f64::max));
                prop_assert_eq!(edge(&here), edge(&kept));
                prop_assert_eq!((here.first(), here.last()), (kept.first(), kept.last()));
            }
            prop_assert!(flat.len() <= 4 * (width + lines.len()));
        }
    }
}
