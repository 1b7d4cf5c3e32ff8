//! Looking back at a session in words: what changed by more than its error, against the few before it and over weeks.

use crate::error::AppError;
use crate::household::Talus;
use std::collections::BTreeSet;
use talus_coach::review::{Change, Finding, Point, What, after_session, over_time};
use talus_coach::trusted::Day;
use talus_motion::Side;
use talus_store::SessionId;

/// What a session says of one exercise or test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// Exercise id, or that of a test's protocol.
    pub exercise: String,
    /// Its name, in the language of the app.
    pub name: String,
    /// What changed and what did not, a sentence each: the weaker side first where the sides differ.
    pub lines: Vec<String>,
}

/// Values of one measure by day, of the sessions up to the one that is looked at.
type Series = (What<'static>, Option<Side>, Vec<Point>);

impl Talus {
    /// The review of a session (`last`, or how its id begins): each exercise there is something to compare of. Only sets
    /// that were measured and not corrected speak; nothing is said of what was done too seldom to tell. Then its tests.
    ///
    /// # Errors
    /// [`AppError::Store`]; [`AppError::Exercise`] is a history without its catalogue.
    pub fn review(&self, asked: &str) -> Result<Vec<Reviewed>, AppError> {
        let detail = self.session(asked)?;
        let id = detail.row.id;
        let mut all = Vec::new();
        let mut seen = BTreeSet::new();
        for set in &detail.sets {
            let exercise = &set.result.exercise;
            if !seen.insert(exercise.clone()) {
                continue;
            }
            let walks = self.catalogue().exercise(exercise).is_ok_and(talus_coach::Exercise::walks);
            let series = if walks { self.walked_series(id)? } else { self.trained_series(exercise, id)? };
            let lines = self.compared(&series);
            if !lines.is_empty() {
                all.push(Reviewed { exercise: exercise.clone(), name: self.exercise_name(exercise), lines });
            }
        }
        for (protocol, sheet) in self.session_sheets(id)? {
            all.push(Reviewed { exercise: protocol, name: sheet.name, lines: sheet.lines });
        }
        Ok(all)
    }

    /// The leg that is behind by so much that it leads: the session begins with it, and the other one waits for it.
    pub(crate) fn weaker(&self, exercise: &str) -> Result<Option<Side>, AppError> {
        let most = 1.0 + self.catalogue().rules().step.gap_percent.value / 100.0;
        let sides = self.sides(exercise, self.body()?.as_ref())?;
        Ok(sides.last().filter(|last| last.ratio >= most).and_then(|last| last.weaker))
    }

    fn trained_series(&self, exercise: &str, id: SessionId) -> Result<Vec<Series>, AppError> {
        let body = self.body()?;
        let mut all: Vec<Series> = Vec::new();
        let weaker = self.weaker(exercise)?;
        let mut courses = self.course(exercise, body.as_ref())?;
        courses.sort_by_key(|course| weaker.is_some_and(|weaker| course.side != weaker));
        for course in &courses {
            let Some(at) = course.points.iter().position(|point| point.session == id) else { continue };
            let points: Vec<_> = course.points[..=at].iter().filter(|point| point.sets.1 > 0).collect();
            let of = |value: &dyn Fn(&crate::history::CoursePoint) -> Option<f64>| -> Vec<Point> {
                let known = points.iter().filter_map(|point| Some((day(&point.local_day)?, value(point)?)));
                known.map(|(day, value)| Point { day, value }).collect()
            };
            let side = Some(course.side);
            all.push((What::Load, side, of(&|point| Some(f64::from(point.mass_g)))));
            all.push((What::Torque, side, of(&|point| point.torque_nm)));
            all.push((What::Range, side, of(&|point| point.range_deg)));
            all.push((What::Lowering, side, of(&|point| point.tempo_s.map(|[_, _, lower]| lower))));
            let per_set = |count: u32, sets: u32| f64::from(count) / f64::from(sets.max(1));
            all.push((What::Repetitions, side, of(&|point| Some(per_set(point.count, point.sets.0)))));
        }
        let sides = self.sides(exercise, body.as_ref())?;
        if let Some(at) = sides.iter().position(|both| both.session == id) {
            let apart = sides[..=at]
                .iter()
                .filter_map(|both| Some(Point { day: day(&both.local_day)?, value: 100.0 * (1.0 - 1.0 / both.ratio) }));
            all.push((What::SidesApart, None, apart.collect()));
        }
        Ok(all)
    }

    fn walked_series(&self, id: SessionId) -> Result<Vec<Series>, AppError> {
        let walking = self.walking()?;
        let mut all: Vec<Series> = Vec::new();
        for side in [Side::Left, Side::Right] {
            let of_side: Vec<_> = walking.points.iter().filter(|point| point.side == side).collect();
            let Some(at) = of_side.iter().position(|point| point.session == id) else { continue };
            // A walk is compared with walks under the same weight.
            let mass_g = of_side[at].mass_g;
            let like: Vec<_> =
                of_side[..=at].iter().filter(|point| point.mass_g == mass_g && point.quality.ok()).collect();
            let of = |value: &dyn Fn(&talus_store::WalkPoint) -> Option<f64>| -> Vec<Point> {
                let known = like.iter().filter_map(|point| Some((day(&point.local_day)?, value(point)?)));
                known.map(|(day, value)| Point { day, value }).collect()
            };
            all.push((What::Cadence, Some(side), of(&|point| point.cadence_per_min)));
            all.push((What::Speed, Some(side), of(&|point| point.speed_m_per_s)));
            all.push((What::GaitScatter, Some(side), of(&|point| Some(point.stride_spread_s))));
        }
        Ok(all)
    }

    /// What changed, in words; where nothing did, that, once a leg.
    fn compared(&self, series: &[Series]) -> Vec<String> {
        let (rules, texts) = (self.catalogue().rules(), self.texts());
        let mut lines = Vec::new();
        let mut unchanged: Vec<Finding<'_>> = Vec::new();
        let mut told = BTreeSet::new();
        for (what, side, points) in series {
            let both = [after_session(*what, *side, points, rules), over_time(*what, *side, points, rules)];
            let clear = both.iter().filter(|found| matches!(found.change, Change::Up | Change::Down));
            let said: Vec<String> = clear.map(|found| found.say(texts)).collect();
            if said.is_empty() {
                unchanged.extend(both.iter().find(|found| found.change == Change::None));
            } else {
                told.insert(*side);
                lines.extend(said);
            }
        }
        for found in unchanged {
            // Of a leg of which something else was told this would only be noise; so would a weight that stayed.
            if found.what != What::Load && told.insert(found.side) {
                lines.push(found.say(texts));
            }
        }
        lines
    }
}

fn day(local_day: &str) -> Option<i64> {
    Some(Day::parse(local_day)?.number())
}
