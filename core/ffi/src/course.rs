//! How it went over time, and what a person changes about what was done: calendar, courses, traces, edits, rescoring.

use crate::error::{Refusal, TalusError};
use crate::household::Talus;
use crate::words::{Side, narrow, word};
use talus_app::coach::{self, Body};
use talus_app::history::{self, BestOf as AppBestOf, downsample};
use talus_app::motion::Micros;
use talus_app::store;

/// Columns a trace may be drawn in.
const WIDTH_MAX: u32 = 4096;

word! {
    /// What a number is of.
    Measure from coach::Measure {
        /// Torque, newton metres.
        Torque,
        /// Weight, kilograms.
        Load,
        /// Range of motion, degrees.
        Range,
        /// Angular velocity, degrees a second.
        Velocity,
        /// Form, points of 100.
        Form,
        /// Time, seconds.
        Seconds,
        /// Speed of walking, metres a second.
        Speed,
        /// A count.
        Count,
    }
}

word! {
    /// What was best of all sets that count.
    BestOf from AppBestOf {
        /// The heaviest weight, grams.
        Load,
        /// The most repetitions of a set.
        Count,
        /// The widest range, degrees.
        Range,
        /// The largest torque, newton metres.
        Torque,
    }
}

/// What was done in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Totals {
    /// Sessions begun.
    pub sessions: u32,
    /// Seconds they took.
    pub duration_s: f32,
    /// Sets their plans asked for.
    pub planned: u32,
    /// Sets done.
    pub sets: u32,
    /// Repetitions counted.
    pub reps: u32,
    /// Strides counted.
    pub strides: u32,
    /// Strongest pain answered, 0 to 10.
    pub pain: Option<u8>,
}

impl From<store::Totals> for Totals {
    fn from(totals: store::Totals) -> Self {
        let store::Totals { sessions, duration_s, planned, sets, reps, strides, pain } = totals;
        Self { sessions, duration_s: duration_s as f32, planned, sets, reps, strides, pain }
    }
}

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Day {
    /// Whether it is still to come.
    pub to_come: bool,
    /// What was done.
    pub totals: Totals,
}

/// A week of the calendar, Monday to Sunday.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Week {
    /// Its Monday, `YYYY-MM-DD`.
    pub monday: String,
    /// Its seven days from Monday on.
    pub days: Vec<Day>,
    /// The whole week.
    pub totals: Totals,
}

/// One session of one exercise and leg.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct CoursePoint {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// When it began, milliseconds since 1970, UTC.
    pub started_utc_ms: i64,
    /// Id of the session.
    pub session: String,
    /// Sets done.
    pub sets: u32,
    /// Those of them that were measured and not corrected by hand: what follows, but for count, weight and pain, is of
    /// these.
    pub measured_sets: u32,
    /// Repetitions counted.
    pub count: u32,
    /// Heaviest weight, grams.
    pub mass_g: u32,
    /// Largest peak torque of a set, newton metres; absent before the person is described or where no lever is known.
    pub torque_nm: Option<f32>,
    /// Median range of the sets, degrees.
    pub range_deg: Option<f32>,
    /// Medians of lift, hold and lower, seconds.
    pub tempo_s: Option<Vec<f32>>,
    /// Median of the sets' peak angular velocity while lifting, degrees a second.
    pub peak_deg_per_s: Option<f32>,
    /// Poorest form of a set, 0 to 100.
    pub form: Option<u8>,
    /// Strongest pain, 0 to 10.
    pub pain: Option<u8>,
}

/// A personal best: when it was first reached.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Best {
    /// Of what.
    pub of: BestOf,
    /// How much, in the unit of what it is of.
    pub value: f32,
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// Id of the session.
    pub session: String,
}

/// A sentence about one measure.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Told {
    /// Of what.
    pub measure: Measure,
    /// Whether the change is larger than its error; false also where there are too few sessions.
    pub beyond_error: bool,
    /// The sentence, rendered.
    pub text: String,
}

impl From<history::Told> for Told {
    fn from(told: history::Told) -> Self {
        let beyond_error = told.change.is_some_and(|change| change.clear());
        Self { measure: told.measure.into(), beyond_error, text: told.text }
    }
}

/// One exercise of one leg over all sessions.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Course {
    /// Exercise id.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// Oldest first.
    pub points: Vec<CoursePoint>,
    /// Personal bests.
    pub bests: Vec<Best>,
    /// What changed.
    pub told: Vec<Told>,
}

impl From<history::Course> for Course {
    fn from(course: history::Course) -> Self {
        let point = |point: history::CoursePoint| CoursePoint {
            local_day: point.local_day,
            started_utc_ms: point.started_utc_ms,
            session: point.session.to_string(),
            sets: point.sets.0,
            measured_sets: point.sets.1,
            count: point.count,
            mass_g: point.mass_g,
            torque_nm: narrow(point.torque_nm),
            range_deg: narrow(point.range_deg),
            tempo_s: point.tempo_s.map(|three| three.map(|seconds| seconds as f32).to_vec()),
            peak_deg_per_s: narrow(point.peak_deg_per_s),
            form: point.form,
            pain: point.pain,
        };
        let best = |best: history::Best| Best {
            of: best.of.into(),
            value: best.value as f32,
            local_day: best.local_day,
            session: best.session.to_string(),
        };
        Self {
            exercise: course.exercise,
            side: course.side.into(),
            points: course.points.into_iter().map(point).collect(),
            bests: course.bests.into_iter().map(best).collect(),
            told: course.told.into_iter().map(Told::from).collect(),
        }
    }
}

/// One walk of one leg, as its strides were in the middle.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct WalkPoint {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// Id of the session.
    pub session: String,
    /// Which leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// Strides these are the medians of.
    pub strides: u32,
    /// Mean steps per minute.
    pub cadence_per_min: Option<f32>,
    /// Seconds of a stride.
    pub stride_s: f32,
    /// Share of a stride in swing, 0 to 1.
    pub swing_fraction: f32,
    /// Length of a stride, metres; absent where none was measured.
    pub stride_length_m: Option<f32>,
}

/// Walking, and what changed of it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Walking {
    /// Oldest first; both legs of a walk follow each other.
    pub points: Vec<WalkPoint>,
    /// What changed.
    pub told: Vec<Told>,
}

impl From<history::Walking> for Walking {
    fn from(walking: history::Walking) -> Self {
        let point = |point: store::WalkPoint| WalkPoint {
            local_day: point.local_day,
            session: point.session.to_string(),
            side: point.side.into(),
            mass_g: point.mass_g,
            strides: point.strides,
            cadence_per_min: narrow(point.cadence_per_min),
            stride_s: point.stride_s as f32,
            swing_fraction: point.swing_fraction as f32,
            stride_length_m: narrow(point.length_m),
        };
        Self {
            points: walking.points.into_iter().map(point).collect(),
            told: walking.told.into_iter().map(|(_, told)| told.into()).collect(),
        }
    }
}

/// The angle of one set of one leg, ready to be drawn.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Trace {
    /// Index of the set in the session.
    pub set_index: u32,
    /// Which leg.
    pub side: Side,
    /// Lines, each unbroken: pairs of session time in seconds and degrees, each a little-endian 32-bit float. A set that
    /// was not measured for a while has more than one.
    pub lines: Vec<Vec<u8>>,
}

/// What somebody changes in a session. What was derived stays beside it, and every change can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Edit {
    /// A set was another exercise.
    Exercise {
        /// Index of the set.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// Exercise id.
        exercise: String,
    },
    /// A set had so many repetitions.
    Count {
        /// Index of the set.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// Repetitions, at most 100,000.
        count: u32,
    },
    /// A set had this weight.
    Mass {
        /// Index of the set.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// Grams, at most 100,000.
        mass_g: u32,
    },
    /// It was this leg. Where both legs did the set, the other one did what this one was said to have done.
    Leg {
        /// Index of the set.
        set_index: u32,
        /// Which leg it is shown as.
        side: Side,
        /// Which leg it was.
        was: Side,
    },
    /// Another answer about repetitions in reserve.
    Reserve {
        /// Index of the set.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// 0 to 5; absent: not answered.
        reps: Option<u8>,
    },
    /// Another answer about pain.
    Pain {
        /// Index of the set.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// 0 to 10; absent: not answered.
        level: Option<u8>,
    },
    /// It is no set of this person's, or is one again.
    Removed {
        /// Index of the set.
        set_index: u32,
        /// Which leg.
        side: Side,
        /// Whether it is gone.
        removed: bool,
    },
    /// The recording is kept for good, or no longer.
    Starred {
        /// Which.
        starred: bool,
    },
    /// What there is to remember; empty takes it away.
    Note {
        /// The words.
        text: String,
    },
    /// Words to find it by.
    Tags {
        /// The words.
        tags: Vec<String>,
    },
    /// Takes back the newest change that stands.
    Undo,
}

impl Edit {
    /// For the store; `None` for taking one back.
    fn into_app(self) -> Option<store::Edit> {
        use store::SetEdit as Of;
        let set = |set_index, side: Side, change| store::Edit::Set { set_index, side: side.into(), change };
        Some(match self {
            Self::Exercise { set_index, side, exercise } => set(set_index, side, Of::Exercise(exercise)),
            Self::Count { set_index, side, count } => set(set_index, side, Of::Count(count)),
            Self::Mass { set_index, side, mass_g } => set(set_index, side, Of::Mass(mass_g)),
            Self::Leg { set_index, side, was } => set(set_index, side, Of::Side(was.into())),
            Self::Reserve { set_index, side, reps } => set(set_index, side, Of::Reserve(reps)),
            Self::Pain { set_index, side, level } => set(set_index, side, Of::Pain(level)),
            Self::Removed { set_index, side, removed } => set(set_index, side, Of::Removed(removed)),
            Self::Starred { starred } => store::Edit::Starred(starred),
            Self::Note { text } => store::Edit::Note(text),
            Self::Tags { tags } => store::Edit::Tags(tags),
            Self::Undo => return None,
        })
    }
}

impl From<store::Edit> for Edit {
    fn from(edit: store::Edit) -> Self {
        use store::SetEdit as Of;
        match edit {
            store::Edit::Set { set_index, side, change } => {
                let side = side.into();
                match change {
                    Of::Exercise(exercise) => Self::Exercise { set_index, side, exercise },
                    Of::Count(count) => Self::Count { set_index, side, count },
                    Of::Mass(mass_g) => Self::Mass { set_index, side, mass_g },
                    Of::Side(was) => Self::Leg { set_index, side, was: was.into() },
                    Of::Reserve(reps) => Self::Reserve { set_index, side, reps },
                    Of::Pain(level) => Self::Pain { set_index, side, level },
                    Of::Removed(removed) => Self::Removed { set_index, side, removed },
                }
            }
            store::Edit::Starred(starred) => Self::Starred { starred },
            store::Edit::Note(text) => Self::Note { text },
            store::Edit::Tags(tags) => Self::Tags { tags },
        }
    }
}

/// A change by hand that lies elsewhere with today's results. To be told before they are accepted.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MovedEdit {
    /// What was changed, of the set as it is numbered in the results there are.
    pub edit: Edit,
    /// The set it lies on in the results there are; absent: it fits none and changes nothing.
    pub from: Option<u32>,
    /// The set it lies on in today's results; absent: it is kept and will change nothing.
    pub to: Option<u32>,
}

/// What today's engine makes of a recorded session.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Rescored {
    /// Id of the session.
    pub session: String,
    /// Sets that would change.
    pub changed_sets: u32,
    /// Sets that stay as they are, bit for bit.
    pub same_sets: u32,
    /// Whether anything a person sees becomes another.
    pub changes_anything: bool,
    /// Whether it was made current.
    pub accepted: bool,
    /// Changes by hand that lie on another set in them, or on none.
    pub moved: Vec<MovedEdit>,
}

#[uniffi::export]
impl Talus {
    /// The last `weeks` weeks, this one included, oldest first; at most 520.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn calendar(&self, weeks: u32) -> Result<Vec<Week>, TalusError> {
        let week = |week: history::CalendarWeek| Week {
            monday: week.monday,
            days: week
                .days
                .into_iter()
                .map(|day| Day { to_come: day.is_none(), totals: day.unwrap_or_default().into() })
                .collect(),
            totals: week.totals.into(),
        };
        Ok(self.told(self.app.calendar(weeks))?.into_iter().map(week).collect())
    }

    /// One exercise over all sessions, left leg first; a leg without sets is left out. With torque where the person is
    /// described.
    ///
    /// # Errors
    /// [`TalusError::NotFound`] for an exercise neither history nor catalogue knows, [`TalusError::Storage`].
    pub fn course(&self, exercise: &str) -> Result<Vec<Course>, TalusError> {
        let body = self.told(self.app.about())?.and_then(|about| Body::new(about.height_cm, about.mass_kg).ok());
        Ok(self.told(self.app.course(exercise, body.as_ref()))?.into_iter().map(Course::from).collect())
    }

    /// The angle of every set of a session (`last`, or the beginning of its id) that has one, for a drawing of `width`
    /// columns. Empty where the recording is gone or damaged.
    ///
    /// # Errors
    /// [`TalusError::NotFound`], [`TalusError::Invalid`] for no columns or more than 4,096, and where today's catalogue
    /// cannot follow the plan; [`TalusError::Storage`].
    pub fn traces(&self, asked: &str, width: u32) -> Result<Vec<Trace>, TalusError> {
        if !(1..=WIDTH_MAX).contains(&width) {
            return self.told(Err(Refusal::Columns(width)));
        }
        let drawn = |trace: store::Trace| {
            let from = trace.points.first().map_or(Micros(0), |(at, _)| *at);
            let to = trace.points.last().map_or(Micros(0), |(at, _)| *at);
            let lines = downsample(&trace.points, from, to, width as usize);
            let bytes = |line: history::Line| {
                line.into_iter().flat_map(|(at_s, deg)| [at_s as f32, deg as f32]).flat_map(f32::to_le_bytes).collect()
            };
            Trace { set_index: trace.set_index, side: trace.side.into(), lines: lines.into_iter().map(bytes).collect() }
        };
        Ok(self.told(self.app.traces(asked))?.into_iter().map(drawn).collect())
    }

    /// Changes something in a session (`last`, or the beginning of its id), or takes the newest change back.
    ///
    /// # Errors
    /// [`TalusError::NotFound`], [`TalusError::Storage`] also where the session has no such set, the change cannot be or
    /// nothing is left to take back.
    pub fn edit(&self, asked: &str, edit: Edit) -> Result<(), TalusError> {
        self.told(match edit.into_app() {
            Some(edit) => self.app.edit(asked, &edit),
            None => self.app.undo(asked, None),
        })?;
        Ok(())
    }

    /// What today's engine and catalogue make of a finished session; with `accept` that becomes current, and the old
    /// results stay in the database.
    ///
    /// # Errors
    /// [`TalusError::NotFound`], [`TalusError::Storage`] also where the session is not finished or parts of its recording
    /// are missing, [`TalusError::Invalid`] where today's catalogue cannot follow its plan.
    pub fn rescore(&self, asked: &str, accept: bool) -> Result<Rescored, TalusError> {
        let rescore = self.told(self.app.rescore(asked))?;
        if accept {
            self.told(self.app.accept(&rescore))?;
        }
        let moved = rescore.moved.iter().cloned();
        let moved = moved.map(|one| MovedEdit { edit: one.edit.into(), from: one.from, to: one.to }).collect();
        Ok(Rescored {
            session: rescore.session.id.to_string(),
            changed_sets: rescore.changes.len() as u32,
            same_sets: rescore.same as u32,
            changes_anything: rescore.changes_anything(),
            accepted: accept,
            moved,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_the_same_on_both_sides_of_the_bridge() {
        let (set_index, side) = (3, Side::Left);
        for edit in [
            Edit::Exercise { set_index, side, exercise: "side_abd".to_owned() },
            Edit::Count { set_index, side, count: 9 },
            Edit::Mass { set_index, side, mass_g: 750 },
            Edit::Leg { set_index, side, was: Side::Right },
            Edit::Reserve { set_index, side, reps: Some(2) },
            Edit::Pain { set_index, side, level: None },
            Edit::Removed { set_index, side, removed: true },
            Edit::Starred { starred: true },
            Edit::Note { text: "shoes".to_owned() },
            Edit::Tags { tags: vec!["knee".to_owned()] },
        ] {
            assert_eq!(edit.clone().into_app().map(Edit::from), Some(edit));
        }
        assert_eq!(Edit::Undo.into_app(), None);
    }
}
