//! How one exercise went, session by session: load, torque, range, tempo, speed, form, what was best, what changed.
//!
//! A set that was not measured or was corrected by hand is counted and shown; it is no best and no change.

use crate::error::AppError;
use crate::household::Talus;
use talus_coach::change::{self, Change, Measure};
use talus_coach::form::Form;
use talus_coach::{Body, Exercise, Laterality, Mechanics, SetEnd, SetResult};
use talus_motion::{Micros, Side};
use talus_store::{SessionId, TrendPoint, WalkPoint};

/// Share of the limb's own torque that its model may be off by.
const LIMB_SHARE: f64 = 0.1;

/// One session of one exercise and leg.
#[derive(Debug, Clone, PartialEq)]
pub struct CoursePoint {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// When it began, milliseconds since 1970, UTC.
    pub started_utc_ms: i64,
    /// The session.
    pub session: SessionId,
    /// Sets done, and those of them that were measured and not corrected by hand: all that follows but counts, weight
    /// and pain is of these.
    pub sets: (u32, u32),
    /// Repetitions counted.
    pub count: u32,
    /// Heaviest weight, grams.
    pub mass_g: u32,
    /// Largest peak torque of a set over the range it reached, newton metres, limb included where a model of it is known;
    /// `None` without a body or a lever.
    pub torque_nm: Option<f64>,
    /// How far off that may be, newton metres: what an error of the range moves the peak by, and a tenth of the limb's own
    /// share, which is what the model of a limb is good to. The weight is as it was said.
    pub torque_error_nm: Option<f64>,
    /// Peak torque times repetitions, summed over sets, newton metres.
    pub torque_reps_nm: Option<f64>,
    /// Median range of the sets, degrees.
    pub range_deg: Option<f64>,
    /// Medians of lift, hold and lower, seconds.
    pub tempo_s: Option<[f64; 3]>,
    /// Median of the sets' peak angular velocity while lifting, degrees a second.
    pub peak_deg_per_s: Option<f64>,
    /// Poorest form of a set, 0 to 100.
    pub form: Option<u8>,
    /// Strongest pain, 0 to 10.
    pub pain: Option<u8>,
}

/// What was best of all sets that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BestOf {
    /// The heaviest weight, grams.
    Load,
    /// The most repetitions of a set.
    Count,
    /// The widest range, degrees.
    Range,
    /// The largest torque, newton metres.
    Torque,
}

/// A personal best: when it was first reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// Of what.
    pub of: BestOf,
    /// How much, in the unit of what it is of.
    pub value: f64,
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// The session.
    pub session: SessionId,
}

/// A sentence about one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Of what.
    pub measure: Measure,
    /// Numbers; `None` where there are too few sessions.
    pub change: Option<Change>,
    /// The sentence.
    pub text: String,
}

/// One exercise of one leg over all sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Exercise id.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// Oldest first.
    pub points: Vec<CoursePoint>,
    /// Personal bests.
    pub bests: Vec<Best>,
    /// What changed: torque where it is known, load otherwise, then range and angular velocity.
    pub told: Vec<Told>,
}

/// Both legs of a session beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Sides {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// The session.
    pub session: SessionId,
    /// What is compared: torque where it is known, range otherwise.
    pub measure: Measure,
    /// Left and right, in the unit of the measure.
    pub values: (f64, f64),
    /// The larger over the smaller, 1 or more.
    pub ratio: f64,
    /// The smaller one's side; `None` where they are alike.
    pub weaker: Option<Side>,
}

/// Walking, session by session and leg by leg, and what changed of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Walking {
    /// Oldest first; both legs of a walk follow each other.
    pub points: Vec<WalkPoint>,
    /// Both legs of a walk: the longer stride time over the shorter.
    pub ratios: Vec<(String, SessionId, f64)>,
    /// What changed: speed and stride time, by leg.
    pub told: Vec<(Side, Told)>,
}

impl Talus {
    /// Height and mass as this person said them, for torque; `None` where they did not.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn body(&self) -> Result<Option<Body>, AppError> {
        Ok(self.about()?.and_then(|about| Body::new(about.height_cm, about.mass_kg).ok()))
    }

    /// The course of one exercise, left leg first; a leg without sets is left out. `body` gives torque.
    ///
    /// # Errors
    /// [`AppError::Store`]; [`AppError::Exercise`] where neither history nor catalogue knows it.
    pub fn course(&self, exercise: &str, body: Option<&Body>) -> Result<Vec<Course>, AppError> {
        let points = self.trend(exercise, None)?;
        let known = self.catalogue().exercise(exercise).ok();
        let legs = [Side::Left, Side::Right].into_iter().filter_map(|side| {
            let sets: Vec<&TrendPoint> = points.iter().filter(|point| point.side == side).collect();
            (!sets.is_empty()).then(|| self.leg(exercise, side, &sets, known, body))
        });
        Ok(legs.collect())
    }

    /// Left beside right for every session that did the exercise with both, oldest first.
    ///
    /// # Errors
    /// As [`Talus::course`].
    pub fn sides(&self, exercise: &str, body: Option<&Body>) -> Result<Vec<Sides>, AppError> {
        let courses = self.course(exercise, body)?;
        let of = |side| courses.iter().find(|course| course.side == side).map_or(&[][..], |course| &course.points);
        let (left, mut right) = (of(Side::Left), of(Side::Right).iter().peekable());
        let mut both = Vec::new();
        for left in left {
            while right
                .next_if(|right| (right.started_utc_ms, right.session) < (left.started_utc_ms, left.session))
                .is_some()
            {}
            let Some(right) = right.peek().filter(|right| right.session == left.session) else { continue };
            let torque = left.torque_nm.zip(right.torque_nm).map(|values| (Measure::Torque, values));
            let range = left.range_deg.zip(right.range_deg).map(|values| (Measure::Range, values));
            let Some((measure, values)) = torque.or(range).filter(|(_, (l, r))| *l > 0.0 && *r > 0.0) else { continue };
            let weaker = match values.0.partial_cmp(&values.1) {
                Some(std::cmp::Ordering::Less) => Some(Side::Left),
                Some(std::cmp::Ordering::Greater) => Some(Side::Right),
                _ => None,
            };
            let (local_day, session) = (left.local_day.clone(), left.session);
            let ratio = values.0.max(values.1) / values.0.min(values.1);
            both.push(Sides { local_day, session, measure, values, ratio, weaker });
        }
        Ok(both)
    }

    /// Every walk, and what changed.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn walking(&self) -> Result<Walking, AppError> {
        let points = self.store().walks(self.profile())?;
        let mut ratios = Vec::new();
        for pair in points.windows(2) {
            let same = (pair[0].session, pair[0].set_index) == (pair[1].session, pair[1].set_index);
            let (a, b) = (pair[0].stride_s, pair[1].stride_s);
            if same && pair[0].side != pair[1].side && a > 0.0 && b > 0.0 {
                ratios.push((pair[0].local_day.clone(), pair[0].session, a.max(b) / a.min(b)));
            }
        }
        let mut told = Vec::new();
        for side in [Side::Left, Side::Right] {
            let of_side: Vec<_> = points.iter().filter(|point| point.side == side && point.quality.ok()).collect();
            let Some(first) = of_side.first() else { continue };
            let speeds: Vec<f64> = of_side.iter().filter_map(|point| point.speed_m_per_s).collect();
            let times: Vec<f64> = of_side.iter().map(|point| point.stride_s).collect();
            for (measure, values) in [(Measure::Speed, speeds), (Measure::Seconds, times)] {
                told.push((side, self.told(measure, Some(side), &values, measure.least_error(), &first.local_day)));
            }
        }
        Ok(Walking { points, ratios, told })
    }

    /// What to say about values in the order of time, one a session, the first of the day `since`.
    pub fn told(&self, measure: Measure, side: Option<Side>, values: &[f64], least_error: f64, since: &str) -> Told {
        let change = Change::of(values, least_error);
        Told { measure, change, text: change::sentence(self.texts(), measure, side, change, since) }
    }

    fn leg(
        &self,
        exercise: &str,
        side: Side,
        sets: &[&TrendPoint],
        known: Option<&Exercise>,
        body: Option<&Body>,
    ) -> Course {
        let lever = known.zip(body).and_then(|(exercise, body)| Mechanics::of(exercise, body));
        let lever = lever.filter(|lever| !lever.counterweight());
        let torque = |set: &TrendPoint| {
            let peak = lever?.over(set.range_deg?).peak(set.mass_g);
            Some(peak.total_nm().unwrap_or(peak.cuff_nm))
        };
        let torque_error = |set: &TrendPoint| {
            let (lever, range) = (lever.as_ref()?, set.range_deg?);
            let limb = lever.over(range).peak(set.mass_g).limb_nm.unwrap_or(0.0);
            Some(moved_nm(lever, range, set.mass_g) + LIMB_SHARE * limb.abs())
        };
        let points: Vec<CoursePoint> = sets
            .chunk_by(|a, b| a.session == b.session)
            .map(|sets| {
                let mut point = point(sets, known, &torque);
                let mut best = sets.iter().filter(|set| set.counts_for_progress && torque(set) == point.torque_nm);
                point.torque_error_nm = point.torque_nm.and_then(|_| best.find_map(|set| torque_error(set)));
                point
            })
            .collect();
        let counting: Vec<&TrendPoint> = sets.iter().copied().filter(|set| set.counts_for_progress).collect();
        let bests = [
            best(BestOf::Load, &counting, |set| (set.count > 0 && set.mass_g > 0).then_some(f64::from(set.mass_g))),
            best(BestOf::Count, &counting, |set| (set.count > 0).then_some(f64::from(set.count))),
            best(BestOf::Range, &counting, |set| set.range_deg),
            best(BestOf::Torque, &counting, torque),
        ];
        let of = |value: &dyn Fn(&CoursePoint) -> Option<f64>| points.iter().filter_map(value).collect::<Vec<f64>>();
        let first = points.iter().find(|point| point.sets.1 > 0).map_or("", |point| &point.local_day);
        let torques = of(&|point| point.torque_nm);
        let mut told = Vec::new();
        if torques.is_empty() {
            let loads = of(&|point| (point.sets.1 > 0).then_some(f64::from(point.mass_g) / 1000.0));
            told.push(self.told(Measure::Load, Some(side), &loads, 0.0, first));
        } else {
            // A range that may be off by its error moves the peak by as much as the next range does; a tenth is what the
            // model of the limb is good to, and cancels in a change.
            let least = range_error_nm(sets, lever.as_ref());
            told.push(self.told(Measure::Torque, Some(side), &torques, least, first));
        }
        for (measure, values) in
            [(Measure::Range, of(&|point| point.range_deg)), (Measure::Velocity, of(&|point| point.peak_deg_per_s))]
        {
            if !values.is_empty() {
                told.push(self.told(measure, Some(side), &values, measure.least_error(), first));
            }
        }
        let bests = bests.into_iter().flatten().collect();
        Course { exercise: exercise.to_owned(), side, points, bests, told }
    }
}

/// How far the error of the range may move the last set's peak torque, newton metres.
fn range_error_nm(sets: &[&TrendPoint], lever: Option<&Mechanics>) -> f64 {
    let moved = || {
        let last = sets.iter().rev().find(|set| set.range_deg.is_some())?;
        Some(moved_nm(lever?, last.range_deg?, last.mass_g))
    };
    moved().unwrap_or(0.0)
}

/// What the error of a range moves the peak torque of a weight by, newton metres.
fn moved_nm(lever: &Mechanics, range_deg: f64, mass_g: u32) -> f64 {
    let peak = |range: f64| lever.over(range).peak(mass_g).cuff_nm;
    (peak(range_deg + Measure::Range.least_error()) - peak(range_deg)).abs()
}

fn best(of: BestOf, sets: &[&TrendPoint], value: impl Fn(&TrendPoint) -> Option<f64>) -> Option<Best> {
    let mut best: Option<(f64, &TrendPoint)> = None;
    for set in sets {
        if let Some(value) = value(set).filter(|value| best.is_none_or(|(most, _)| *value > most)) {
            best = Some((value, set));
        }
    }
    best.map(|(value, set)| Best { of, value, local_day: set.local_day.clone(), session: set.session })
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(low + (high - low) / 2.0)
}

fn point(sets: &[&TrendPoint], known: Option<&Exercise>, torque: &impl Fn(&TrendPoint) -> Option<f64>) -> CoursePoint {
    let first = sets[0];
    let measured: Vec<&TrendPoint> = sets.iter().copied().filter(|set| set.counts_for_progress).collect();
    let torques = || measured.iter().filter_map(|set| Some((torque(set)?, set.count)));
    let tempo = |at: usize| median(measured.iter().filter_map(|set| Some(set.tempo_s?[at])));
    let forms = measured.iter().filter_map(|set| Form::of(&as_result(set), known?, set.own_range_deg));
    CoursePoint {
        local_day: first.local_day.clone(),
        started_utc_ms: first.started_utc_ms,
        session: first.session,
        sets: (sets.len() as u32, measured.len() as u32),
        count: sets.iter().map(|set| set.count).fold(0, u32::saturating_add),
        mass_g: sets.iter().map(|set| set.mass_g).max().unwrap_or(0),
        torque_nm: torques().map(|(torque, _)| torque).reduce(f64::max),
        torque_error_nm: None,
        torque_reps_nm: torques().map(|(torque, count)| torque * f64::from(count)).reduce(|a, b| a + b),
        range_deg: median(measured.iter().filter_map(|set| set.range_deg)),
        tempo_s: tempo(0).zip(tempo(1)).zip(tempo(2)).map(|((lift, hold), lower)| [lift, hold, lower]),
        peak_deg_per_s: median(measured.iter().filter_map(|set| set.peak_deg_per_s)),
        form: forms.map(|form| form.score).min(),
        pain: sets.iter().filter_map(|set| set.pain).max(),
    }
}

/// A set of the course as the coach judges one.
fn as_result(set: &TrendPoint) -> SetResult {
    SetResult {
        exercise: String::new(),
        side: set.side,
        laterality: Laterality::Each,
        mass_g: set.mass_g,
        began: Micros(0),
        ended: Micros(0),
        end: SetEnd::Target,
        count: set.count,
        short: set.short,
        target: set.target,
        range_deg: set.range_deg,
        tempo_s: set.tempo_s,
        peak_deg_per_s: set.peak_deg_per_s,
        cadence_per_min: None,
        reserve: set.reserve,
        pain: set.pain,
        counts_for_progress: set.counts_for_progress,
        quality: set.quality,
    }
}
