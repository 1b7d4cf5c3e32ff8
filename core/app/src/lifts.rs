//! Main lifts logged beside cuff work: a squat at the bar is another kind of load, never added to a cuff's, and the muscles
//! it worked rest as after a session.

use crate::clock;
use crate::error::AppError;
use crate::household::Talus;
use crate::profile::PersonRefusal;
use crate::source::Source;
use std::ops::RangeInclusive;
use talus_coach::calendar::{History, Lift, Lifted, seven_days, weeks_in_a_row};
use talus_coach::plan::Known;
use talus_coach::{Arg, Pace, Record, SessionPlan, SessionSummary, Texts};
use talus_store::{Kind, SessionId};

/// What can be logged: sets, repetitions a set, and grams on the bar.
const SETS: RangeInclusive<u8> = 1..=50;
const REPS: RangeInclusive<u32> = 1..=200;
const BAR_G: RangeInclusive<u32> = 0..=1_000_000;
/// Sessions looked through for lifts, and how far back, days: what is older rests nobody and is in no week that runs.
const LOOKED_THROUGH: u32 = 50;
const DAYS: i64 = 56;

/// Somebody lifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiftWish {
    /// Which lift.
    pub lift: Lift,
    /// Sets, 1 to 50.
    pub sets: u8,
    /// Repetitions a set, 1 to 200.
    pub reps: u32,
    /// Weight on the bar or machine, grams, up to a tonne.
    pub bar_g: u32,
}

impl Talus {
    /// Logs a main lift that was done now. It stands in the history as a session of its own, without a cuff, and is deleted
    /// as one.
    ///
    /// # Errors
    /// [`AppError::Person`] where nobody is described or the numbers are none of a lift; [`AppError::Store`].
    pub fn log_lift(&self, wish: LiftWish) -> Result<SessionId, AppError> {
        let fits = SETS.contains(&wish.sets) && REPS.contains(&wish.reps) && BAR_G.contains(&wish.bar_g);
        if !fits {
            return Err(PersonRefusal::Lift { sets: wish.sets, reps: wish.reps, bar_g: wish.bar_g }.into());
        }
        let somebody = self.somebody()?;
        let lifted = Lifted {
            day: somebody.today.number(),
            at_min: somebody.at_min,
            lift: wish.lift,
            sets: wish.sets,
            reps: wish.reps,
            bar_g: wish.bar_g,
        };
        let known = Known { lifts: vec![lifted], ..somebody.known() };
        let plan = SessionPlan {
            blocks: Vec::new(),
            worn: Vec::new(),
            pace: Pace::Guided,
            language: self.language().to_owned(),
            known: Some(Box::new(known)),
        };
        let summary = SessionSummary {
            duration_s: 0.0,
            sets: 0,
            reps: 0,
            strides: 0,
            sentence: say(&lifted, self.texts()),
            next: Vec::new(),
            walk: Vec::new(),
            walked: None,
            tested: Vec::new(),
            red_flag: false,
        };
        let head = self.head(Kind::Live, plan, Source::ByHand.text());
        let mut recorder = self.store().begin(&head)?;
        recorder.records(&[Record::Ended(summary)]);
        recorder.finish(clock::utc_ms())?;
        Ok(head.id)
    }

    /// Main lifts of the last weeks, newest first, a line each.
    ///
    /// # Errors
    /// [`AppError::Person`] before the person is described; [`AppError::Store`].
    pub fn lift_lines(&self) -> Result<Vec<String>, AppError> {
        let mut lifts = self.somebody()?.lifts;
        lifts.sort_by_key(|lifted| std::cmp::Reverse(lifted.at_min));
        Ok(lifts.iter().map(|lifted| say(lifted, self.texts())).collect())
    }

    /// The running week as people count it, a line each: sessions, single sets, lifts, days of rest, and weeks in a row.
    ///
    /// # Errors
    /// [`AppError::Person`] before the person is described and has answered; [`AppError::Store`].
    pub fn week_lines(&self) -> Result<Vec<String>, AppError> {
        let (somebody, done, asked) = self.done_and_asked()?;
        let today = somebody.today.number();
        let history = History { done: &done, lifts: &somebody.lifts, ..History::default() };
        let week = seven_days(&history, asked, today, today);
        let row = weeks_in_a_row(&history, asked, today);
        let counted = [
            ("sessions", week.sessions, true),
            ("snacks", week.snacks, false),
            ("lifts", week.lifts, false),
            ("rest_days", week.rest_days, true),
            ("in_a_row", row, false),
        ];
        let told = counted.into_iter().filter(|(_, count, always)| *always || *count > 0);
        Ok(told
            .map(|(key, count, _)| self.texts().say(&format!("today.week.{key}"), &[("count", Arg::Count(count))]))
            .collect())
    }

    /// Main lifts that still matter to somebody on a day.
    pub(crate) fn lifts_of(&self, today: i64) -> Result<Vec<Lifted>, AppError> {
        let store = self.store();
        let mut lifts = Vec::new();
        for row in store.sessions(self.profile(), None, LOOKED_THROUGH)? {
            // Nothing was counted in it: it may be a log.
            if row.kind == Kind::Live && row.finished && row.sets == 0 && row.strides == 0 {
                let known = store.session(row.id)?.plan.known;
                lifts.extend(known.into_iter().flat_map(|known| known.lifts));
            }
        }
        lifts.retain(|lifted| today.saturating_sub(lifted.day) <= DAYS);
        Ok(lifts)
    }
}

/// "Squat: 3 × 8 with 60 kg."
fn say(lifted: &Lifted, texts: &Texts) -> String {
    let name = texts.say(&format!("today.lift.{}", lifted.lift.slug()), &[]);
    let (sets, reps) = (lifted.sets.to_string(), lifted.reps.to_string());
    let args = [
        ("lift", Arg::Text(&name)),
        ("sets", Arg::Text(&sets)),
        ("reps", Arg::Text(&reps)),
        ("mass", Arg::Mass(lifted.bar_g)),
    ];
    texts.say("today.lifted", &args)
}
