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

/// Points of a session kept in memory, a quarter of a megabyte: 36 minutes of sets at fifteen packets a second. Whatever is
/// longer is drawn more coarsely, so that a session of a whole day takes no more.
const POINTS_MAX: usize = 1 << 15;
/// Pieces of so few points go when there are too many: less than a column of a drawing by then.
const PIECE_LEAST: usize = 8;
/// Steps of an angle: a tenth of a degree, as it is kept.
const STEPS: f64 = 10.0;
/// In the place of an angle that was not measured.
const UNMEASURED: i16 = i16::MIN;

/// The traces of a session, gathered while its inputs go through the engine.
#[derive(Debug, Default)]
pub(crate) struct Tracing {
    /// Sets and legs, in the order in which they had an angle first.
    sets: Vec<(u32, Side)>,
    points: Vec<Point>,
    /// Four points became two so often; what comes now is gathered as coarsely.
    coarser: u32,
    gathered: Option<Gathered>,
    set: Option<(u32, Side)>,
}

/// Points of a piece that become two.
#[derive(Debug, Clone, Copy)]
struct Gathered {
    count: u32,
    low: Point,
    high: Point,
    last: Point,
}

/// One point, as exact as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point {
    at_ms: u32,
    /// Which of the sets.
    set: u16,
    /// The angle in [`STEPS`] of a degree, or [`UNMEASURED`].
    steps: i16,
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
        if frame.cuffs.iter().any(|line| line.cuff == block.cuff && line.side == key.1) {
            self.put(key, frame.at, frame.angle_deg.filter(|deg| deg.is_finite()));
        }
    }

    fn put(&mut self, key: (u32, Side), at: Micros, angle_deg: Option<f64>) {
        let known = self.sets.iter().rposition(|set| *set == key);
        // More sets than there are numbers for are none that anybody does.
        let Ok(set) = u16::try_from(known.unwrap_or(self.sets.len())) else { return };
        let steps = angle_deg.map_or(UNMEASURED, |deg| (deg * STEPS).round().clamp(-32_767.0, 32_767.0) as i16);
        let point = Point { at_ms: u32::try_from(at.0.div_euclid(1000)).unwrap_or(0), set, steps };
        let last = self.gathered.map(|gathered| gathered.last).or(self.points.last().copied());
        let goes_on = last.is_some_and(|last| last.set == set && last.steps != UNMEASURED);
        if !goes_on {
            self.piece_over();
        }
        if steps == UNMEASURED {
            if goes_on {
                self.piece_over();
                self.store(point);
            }
            return;
        }
        if known.is_none() {
            self.sets.push(key);
        }
        if self.coarser == 0 || !goes_on {
            return self.store(point);
        }
        let gathered = self.gathered.get_or_insert(Gathered { count: 0, low: point, high: point, last: point });
        gathered.count += 1;
        gathered.last = point;
        if point.steps < gathered.low.steps {
            gathered.low = point;
        }
        if point.steps > gathered.high.steps {
            gathered.high = point;
        }
        if gathered.count >= 2 << self.coarser {
            self.gathered_over();
        }
    }

    /// Puts down what was gathered, and with what the piece ends.
    fn piece_over(&mut self) {
        if let Some(Gathered { last, .. }) = self.gathered {
            self.gathered_over();
            if self.points.last() != Some(&last) {
                self.store(last);
            }
        }
    }

    fn gathered_over(&mut self) {
        let Some(Gathered { low, high, .. }) = self.gathered.take() else { return };
        let (one, other) = if low.at_ms <= high.at_ms { (low, high) } else { (high, low) };
        self.store(one);
        if one != other {
            self.store(other);
        }
    }

    fn store(&mut self, point: Point) {
        if self.points.is_empty() {
            // All of it at once: what a session holds must not grow with its length.
            self.points.reserve_exact(POINTS_MAX);
        } else if self.points.len() >= POINTS_MAX {
            thin(&mut self.points);
            self.coarser = (self.coarser + 1).min(20);
        }
        self.points.push(point);
    }

    /// One for each set and leg that had an angle.
    pub(crate) fn traces(mut self) -> Vec<Trace> {
        self.piece_over();
        let mut sets: BTreeMap<(u32, Side), Trace> = BTreeMap::new();
        for point in self.points {
            let Some(&(set_index, side)) = self.sets.get(usize::from(point.set)) else { continue };
            let angle_deg = (point.steps != UNMEASURED).then(|| f64::from(point.steps) / STEPS);
            let trace = sets.entry((set_index, side)).or_insert_with(|| Trace { set_index, side, points: Vec::new() });
            trace.points.push((Micros(i64::from(point.at_ms) * 1000), angle_deg));
        }
        sets.into_values().collect()
    }
}

/// About half of the points: of each unbroken piece its ends, and of each four between them the lowest and the highest, so
/// that its outline stays. Short pieces go.
fn thin(points: &mut Vec<Point>) {
    let (mut from, mut kept) = (0, 0);
    while from < points.len() {
        let set = points[from].set;
        let piece = points[from..].iter().take_while(|point| point.set == set && point.steps != UNMEASURED).count();
        let end = from + piece;
        // Never more than was read: what is written over was looked at already.
        let mut keep = |points: &mut Vec<Point>, point: Point| {
            points[kept] = point;
            kept += 1;
        };
        if piece > PIECE_LEAST {
            let last = points[end - 1];
            let first = points[from];
            keep(points, first);
            for at in (from + 1..end - 1).step_by(4) {
                let four = at..(at + 4).min(end - 1);
                let low = four.clone().min_by_key(|i| points[*i].steps).unwrap_or(at);
                let high = four.max_by_key(|i| points[*i].steps).unwrap_or(at);
                let (one, other) = (points[low.min(high)], points[low.max(high)]);
                keep(points, one);
                if low != high {
                    keep(points, other);
                }
            }
            keep(points, last);
        }
        from = end;
        if let Some(mark) = points.get(end).copied().filter(|mark| mark.set == set && mark.steps == UNMEASURED) {
            let ends_a_piece = kept > 0 && points[kept - 1].set == set && points[kept - 1].steps != UNMEASURED;
            if ends_a_piece {
                points[kept] = mark;
                kept += 1;
            }
            from += 1;
        }
    }
    points.truncate(kept);
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

    fn of_set(set: u16, from_ms: u32, steps: impl IntoIterator<Item = i16>) -> Vec<Point> {
        (from_ms..).zip(steps).map(|(at_ms, steps)| Point { at_ms, set, steps }).collect()
    }

    #[test]
    fn a_session_of_a_whole_day_keeps_its_outline_and_takes_no_more_room() {
        let mut tracing = Tracing::default();
        let minutes = 8 * 60;
        // Fifteen points a second that swing up and down once in six seconds, a set of two minutes after the other.
        for n in 0..minutes * 60 * 15 {
            let key = (n / 1800, if n / 1800 % 2 == 0 { Side::Left } else { Side::Right });
            let angle_deg = 70.0 * (f64::from(n % 90) / 45.0 - 1.0);
            tracing.put(key, Micros(i64::from(n) * 66_000), Some(angle_deg));
            assert!(tracing.points.len() <= POINTS_MAX && tracing.points.capacity() == POINTS_MAX);
        }
        let traces = tracing.traces();
        assert_eq!(traces.len(), minutes as usize / 2);
        for trace in traces {
            let angles: Vec<f64> = trace.points.iter().filter_map(|(_, deg)| *deg).collect();
            let (low, high) = angles.iter().fold((0.0f64, 0.0f64), |(low, high), deg| (low.min(*deg), high.max(*deg)));
            assert_eq!((low, high), (-70.0, 68.4), "set {}", trace.set_index);
            assert!(trace.points.windows(2).all(|two| two[0].0 < two[1].0));
            // Every one of twenty swings is still one.
            let turns = angles.windows(2).filter(|two| two[1] - two[0] < -90.0).count();
            assert!(turns == 19, "{turns} turns of set {}", trace.set_index);
        }
    }

    #[test]
    fn what_is_not_measured_still_parts_the_line_once_there_are_fewer_points() {
        let mut points = of_set(0, 0, (0..40).map(|n| n * 10));
        points.extend(of_set(0, 40, [UNMEASURED]));
        points.extend(of_set(0, 41, [5, 6, 7]));
        points.extend(of_set(0, 44, [UNMEASURED]));
        points.extend(of_set(0, 45, 0..40));
        points.extend(of_set(1, 85, 0..40));
        thin(&mut points);
        let marks: Vec<_> = points.iter().filter(|point| point.steps == UNMEASURED).map(|point| point.at_ms).collect();
        assert_eq!(marks, [40], "the short piece is gone, and one mark is enough");
        for at_ms in [0, 39, 45, 84, 85, 124] {
            assert!(points.iter().any(|point| point.at_ms == at_ms), "the end at {at_ms} ms stays");
        }
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
        fn thinning_keeps_what_is_highest_and_lowest_in_order_and_always_makes_room(
            pieces in prop::collection::vec((0u16..3, prop::collection::vec(-900i16..900, 1..60), any::<bool>()), 1..40),
        ) {
            let mut points: Vec<Point> = Vec::new();
            let mut long: Vec<Vec<Point>> = Vec::new();
            for (n, (set, steps, marked)) in pieces.into_iter().enumerate() {
                // Each piece a set of its own or parted from the one before.
                let set = 3 * n as u16 + set;
                let piece = of_set(set, points.len() as u32, steps);
                if piece.len() > PIECE_LEAST {
                    long.push(piece.clone());
                }
                points.extend(piece);
                if marked {
                    points.extend(of_set(set, points.len() as u32, [UNMEASURED]));
                }
            }
            let before = points.len();
            thin(&mut points);
            prop_assert!(points.len() * 4 <= before * 3, "{} of {before}", points.len());
            prop_assert!(points.windows(2).all(|two| two[0].at_ms < two[1].at_ms));
            for piece in long {
                let here = |point: &&Point| point.set == piece[0].set && point.steps != UNMEASURED;
                let edge = |of: &[Point]| (of.iter().map(|p| p.steps).min(), of.iter().map(|p| p.steps).max());
                prop_assert_eq!(edge(&piece), edge(&points.iter().filter(here).copied().collect::<Vec<_>>()));
            }
        }

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
