//! How somebody is: before a session and the morning after, and what the answer changes at once.

use crate::clock;
use crate::error::AppError;
use crate::household::Talus;
use crate::profile::PersonRefusal;
use std::collections::BTreeSet;
use talus_coach::ScreeningError;
use talus_coach::Today;
use talus_coach::screening::Sign;
use talus_coach::trusted::Day;
use talus_store::{CheckIn, Moment};

/// Sessions looked through for the last that somebody did: replays of recordings lie between them.
const RECENT: u32 = 50;
/// A day, milliseconds.
const DAY_MS: i64 = 86_400_000;

/// What somebody answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// Pain, 0 to 10, where it was answered.
    pub pain: Option<u8>,
    /// Whether sleep was poor.
    pub slept_badly: bool,
    /// Whether muscles are sore.
    pub sore: bool,
    /// Whether a joint is newly swollen.
    pub swollen: bool,
    /// Signs that are there.
    pub signs: BTreeSet<Sign>,
}

/// What an answer changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    AsPlanned,
    /// No more weight than last time; after a morning, a step less.
    Lighter,
    /// No training today.
    NotToday,
    /// A red flag: stop, call for help, and no training today.
    RedFlag,
}

/// What an answer changes, and the words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedIn {
    /// What it changes.
    pub outcome: Outcome,
    /// One sentence.
    pub says: String,
    /// The safety sheet, where it is to be shown.
    pub sheet: Option<SafetySheet>,
}

/// One instruction, then what else is true now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafetySheet {
    /// Whether to call for help: a call button stands first.
    pub call: bool,
    /// The instruction.
    pub title: String,
    /// What else is true now, a sentence each.
    pub lines: Vec<String>,
}

impl Talus {
    /// The signs to ask for before a session, in the language of the app.
    pub fn signs(&self) -> Vec<(Sign, String)> {
        let words = |sign: Sign| self.texts().say(&format!("safety.sign.{}", sign.slug()), &[]);
        Sign::ALL.into_iter().map(|sign| (sign, words(sign))).collect()
    }

    /// The safety sheet: for a red flag, or for pain and swelling.
    pub fn safety_sheet(&self, flag: bool) -> SafetySheet {
        let say = |key: &str| self.texts().say(key, &[]);
        let (title, lines): (&str, &[&str]) = if flag {
            ("safety.flag.title", &["safety.flag.call", "safety.flag.cuffs", "safety.flag.locked"])
        } else {
            ("safety.pain.title", &["safety.pain.still", "safety.pain.next"])
        };
        SafetySheet { call: flag, title: say(title), lines: lines.iter().map(|line| say(line)).collect() }
    }

    /// Keeps how somebody is, and says what that changes.
    ///
    /// # Errors
    /// [`AppError::Person`] for pain above 10; nothing is kept then. [`AppError::Store`].
    pub fn check_in(&self, moment: Moment, condition: &Condition) -> Result<CheckedIn, AppError> {
        if let Some(pain) = condition.pain.filter(|pain| *pain > 10) {
            return Err(PersonRefusal::from(ScreeningError::Pain { pain }).into());
        }
        let rules = &self.catalogue().rules().pain;
        // Nobody has said yet whether a calf that hurts comes after surgery: not known counts as care.
        let flagged = match self.screening()? {
            Some(screening) => screening.red_flag(&condition.signs),
            None => !condition.signs.is_empty(),
        };
        let reached =
            |threshold: &talus_coach::catalogue::Threshold| condition.pain.is_some_and(|pain| threshold.reached(pain));
        let outcome = if flagged {
            Outcome::RedFlag
        } else if condition.swollen || reached(&rules.stop_from) {
            Outcome::NotToday
        } else if reached(if moment == Moment::Morning { &rules.morning_rise } else { &rules.lighter_from }) {
            Outcome::Lighter
        } else {
            Outcome::AsPlanned
        };
        self.store().put_check_in(
            self.profile(),
            &CheckIn {
                at_utc_ms: clock::utc_ms(),
                local_day: self.day().to_string(),
                moment,
                pain: condition.pain,
                slept_badly: condition.slept_badly,
                sore: condition.sore,
                swollen: condition.swollen,
                signs: condition.signs.clone(),
                red_flag: flagged,
            },
        )?;
        let key = match (outcome, moment) {
            (Outcome::RedFlag, _) => "safety.flag.title",
            (Outcome::NotToday, _) => "safety.check_in.stop",
            (Outcome::Lighter, Moment::Before) => "safety.check_in.lighter",
            (Outcome::Lighter, Moment::Morning) => "safety.check_in.morning_down",
            (Outcome::AsPlanned, Moment::Before) => "safety.check_in.go",
            (Outcome::AsPlanned, Moment::Morning) => "safety.check_in.morning_go",
        };
        let sheet = match outcome {
            Outcome::RedFlag => Some(self.safety_sheet(true)),
            Outcome::NotToday => Some(self.safety_sheet(false)),
            Outcome::AsPlanned | Outcome::Lighter => None,
        };
        Ok(CheckedIn { outcome, says: self.texts().say(key, &[]), sheet })
    }

    /// Whether a red flag was said today, before, in or after a session: nothing begins any more today.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn locked(&self) -> Result<bool, AppError> {
        Ok(self.store().flagged(self.profile(), &self.day().to_string())?)
    }

    /// Whether the morning after is to be asked: a session was finished before today, and nobody has said since how it
    /// went. Two days later it is past.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn morning_due(&self) -> Result<bool, AppError> {
        let today = self.day();
        let sessions = self.store().sessions(self.profile(), None, RECENT)?;
        let Some(last) = sessions.into_iter().find(|row| row.kind != talus_store::Kind::Replay) else {
            return Ok(false);
        };
        let days = Day::parse(&last.local_day).map_or(0, |day| today.number() - day.number());
        let said = self.store().check_ins(self.profile(), last.started_utc_ms)?;
        let answered = said.iter().any(|one| one.moment == Moment::Morning && one.local_day > last.local_day);
        Ok((1..=2).contains(&days) && !answered)
    }

    /// What was said today: the last word on pain, and any swelling.
    pub(crate) fn said_today(&self, today: Day) -> Result<Today, AppError> {
        let day = today.to_string();
        let said = self.store().check_ins(self.profile(), clock::utc_ms() - 2 * DAY_MS)?;
        let said: Vec<_> = said.into_iter().filter(|one| one.local_day == day).collect();
        Ok(Today { pain: said.iter().rev().find_map(|one| one.pain), swollen: said.iter().any(|one| one.swollen) })
    }
}
