//! The weeks: what was asked for and done, how long, and what walking with weights cost besides.

use crate::error::AppError;
use crate::household::Talus;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;
use talus_coach::Body;
use talus_coach::walk::extra_kcal;
use talus_store::{SessionId, Trained, WalkPoint};

/// What was asked for in a week, and what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptWeek {
    /// Its Monday, `YYYY-MM-DD`.
    pub monday: String,
    /// The programme that was followed at the end of the week, or is today; `None` where none was.
    pub programme: Option<String>,
    /// Sessions it asks for in a week.
    pub sessions_asked: Option<u32>,
    /// Sessions done, of whatever.
    pub sessions: u32,
    /// Sets that the plans of these sessions asked for.
    pub sets_asked: u32,
    /// Sets done.
    pub sets: u32,
}

/// What a week took.
#[derive(Debug, Clone, PartialEq)]
pub struct EnergyWeek {
    /// Its Monday, `YYYY-MM-DD`.
    pub monday: String,
    /// Minutes of all sessions.
    pub minutes: f64,
    /// Minutes walked at a known speed.
    pub walked_minutes: f64,
    /// What the weights added to walking, kilocalories, from and to: a range, because no source knows better; `None` where
    /// nothing was walked with a weight at a known speed, or the body is not known.
    pub extra_kcal: Option<(f64, f64)>,
}

/// An exercise that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExerciseDone {
    /// Its id.
    pub exercise: String,
    /// Its name in the app's language.
    pub name: String,
    /// Sessions it was done in.
    pub sessions: u32,
    /// The latest of them, `YYYY-MM-DD`.
    pub last_day: String,
}

impl Talus {
    /// The last weeks, this one included, oldest first (at most 520): what the programme asked for and what was done. No
    /// judgement is in it: rest is part of every programme.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn kept_weeks(&self, weeks: u32) -> Result<Vec<KeptWeek>, AppError> {
        let courses = self.store().courses(self.profile())?;
        let kept = self.calendar(weeks)?.into_iter().map(|week| {
            let end = self.day_end(&week.monday, 6);
            let followed =
                courses.iter().rfind(|one| one.from_utc_ms < end && one.to_utc_ms.is_none_or(|to| to >= end));
            let programme = followed.map(|one| one.programme.clone());
            let asked = programme.as_deref().and_then(|id| self.catalogue().programme(id));
            KeptWeek {
                sessions_asked: asked.map(|programme| programme.per_week),
                programme,
                monday: week.monday,
                sessions: week.totals.sessions,
                sets_asked: week.totals.planned,
                sets: week.totals.sets,
            }
        });
        Ok(kept.collect())
    }

    /// The last weeks, this one included, oldest first (at most 520): minutes, and what weights added to walking.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn energy_weeks(&self, weeks: u32, body: Option<&Body>) -> Result<Vec<EnergyWeek>, AppError> {
        let walks = self.store().walks(self.profile())?;
        let mut sets: BTreeMap<(SessionId, u32), Vec<&WalkPoint>> = BTreeMap::new();
        for walk in &walks {
            sets.entry((walk.session, walk.set_index)).or_default().push(walk);
        }
        let energy = self.calendar(weeks)?.into_iter().map(|week| {
            let sunday = day_after(&week.monday, 6);
            let (mut walked_s, mut extra) = (0.0, None::<(f64, f64)>);
            for legs in sets.values() {
                let inside = |walk: &WalkPoint| (&week.monday..=&sunday).contains(&&walk.local_day);
                let Some(first) = legs.first().filter(|first| inside(first)) else { continue };
                let speed = legs.iter().filter(|leg| leg.quality.ok()).find_map(|leg| leg.speed_m_per_s);
                let Some(speed) = speed else { continue };
                // The leg of which more strides were seen; both walked as long.
                let seconds = legs.iter().map(|leg| f64::from(leg.strides) * leg.stride_s).fold(0.0, f64::max);
                walked_s += seconds;
                let both_g = match legs[..] {
                    // One cuff: what the other leg wears is not known, and nothing is added for it.
                    [_] => first.mass_g,
                    _ => legs.iter().map(|leg| leg.mass_g).fold(0, u32::saturating_add),
                };
                let rules = &self.catalogue().rules().walk;
                let kcal = body.filter(|_| both_g > 0).and_then(|body| extra_kcal(body, both_g, speed, seconds, rules));
                if let Some(kcal) = kcal {
                    let (low, high) = extra.unwrap_or((0.0, 0.0));
                    extra = Some((low + kcal.low, high + kcal.high));
                }
            }
            EnergyWeek {
                monday: week.monday,
                minutes: week.totals.duration_s / 60.0,
                walked_minutes: walked_s / 60.0,
                extra_kcal: extra,
            }
        });
        Ok(energy.collect())
    }

    /// Every exercise this person did, the latest first: what there are courses of.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn exercises_done(&self) -> Result<Vec<ExerciseDone>, AppError> {
        let mut done: BTreeMap<String, (u32, String)> = BTreeMap::new();
        for Trained { exercise, local_day, .. } in self.store().trained(self.profile())? {
            let (sessions, last) = done.entry(exercise).or_default();
            *sessions += 1;
            if local_day > *last {
                *last = local_day;
            }
        }
        let mut done: Vec<ExerciseDone> = done
            .into_iter()
            .map(|(exercise, (sessions, last_day))| {
                let name = self.exercise_name(&exercise);
                ExerciseDone { exercise, name, sessions, last_day }
            })
            .collect();
        done.sort_by(|a, b| b.last_day.cmp(&a.last_day).then_with(|| a.name.cmp(&b.name)));
        Ok(done)
    }

    /// When the day `days` after another ends here, milliseconds since 1970, UTC; not later than now.
    fn day_end(&self, day: &str, days: i64) -> i64 {
        let now = crate::clock::utc_ms();
        let end = day.parse::<Date>().ok().and_then(|day| {
            let midnight = day.saturating_add((days + 1).days()).at(0, 0, 0, 0);
            self.zone().to_timestamp(midnight).ok()
        });
        end.map_or(now, |end: Timestamp| end.as_millisecond().min(now + 1))
    }
}

fn day_after(day: &str, days: i64) -> String {
    day.parse::<Date>().map_or_else(|_| day.to_owned(), |day| day.saturating_add(days.days()).to_string())
}
