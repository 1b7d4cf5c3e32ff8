//! [`Note`]: why the calendar says what it says, in words.

use crate::catalogue::Until;
use crate::text::{Arg, Texts};

/// A reason of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The first session.
    First,
    /// Rested since the last one.
    Rested {
        /// Days.
        days: u32,
    },
    /// A few days were missed: nothing changes.
    WhereYouLeft {
        /// Days since the last session.
        days: u32,
    },
    /// Long enough away for a step down.
    StepLighter {
        /// Days since the last session.
        days: u32,
    },
    /// Long enough away to find the loads again.
    FindAgain {
        /// Days since the last session.
        days: u32,
    },
    /// The next part waits for its muscles, this one is ready.
    Swapped,
    /// The week is done again until something is so.
    WeekAgain {
        /// What.
        until: Until,
    },
    /// One set more for what is furthest behind.
    SetMore,
    /// No weight while walking.
    WalkBare,
    /// Muscles rest.
    MusclesRest {
        /// Whole hours left, rounded up.
        hours: u32,
    },
    /// The muscles are kept for the next session.
    Kept,
    /// A session was done today.
    DoneToday,
    /// The seven days are full.
    WeekFull {
        /// Sessions in them.
        count: u32,
    },
    /// Enough single sets today.
    SnacksDone {
        /// Sets today.
        count: u32,
    },
    /// It comes after the main lifts of the day.
    AfterLifts,
    /// A red flag has locked the day.
    Locked,
    /// Nothing at all is done now.
    Stopped,
    /// Nothing of it is open to this person.
    NothingLeft,
    /// Pain stopped it: first a check-in.
    CheckInFirst,
    /// All its weeks are done.
    Finished,
    /// The gate to the first weight comes first.
    NeedsMastered,
    /// A plan comes first.
    NeedsPlan,
    /// It is for people who train regularly.
    NeedsTrained,
    /// It is for people who may walk with a weight.
    NeedsLoadedWalking,
    /// A protocol comes first.
    NeedsDone {
        /// Which.
        protocol: String,
    },
}

impl Note {
    /// In the words of a language.
    pub fn say(&self, texts: &Texts) -> String {
        let count = |key: &str, count: u32| texts.say(&format!("today.{key}"), &[("count", Arg::Count(count))]);
        let key = match self {
            Self::Rested { days } => return count("rested", *days),
            Self::WhereYouLeft { days } => return count("where_you_left", *days),
            Self::StepLighter { days } => return count("step_lighter", *days),
            Self::FindAgain { days } => return count("find_again", *days),
            Self::MusclesRest { hours } => return count("muscles_rest", *hours),
            Self::WeekFull { count: sessions } => return count("week_full", *sessions),
            Self::SnacksDone { count: sets } => return count("snacks_done", *sets),
            Self::WeekAgain { until } => return texts.say(&format!("today.again.{}", until.slug()), &[]),
            Self::NeedsDone { protocol } => {
                let name = texts.say(&format!("protocol.{protocol}.name"), &[]);
                return texts.say("today.needs_done", &[("protocol", Arg::Text(&name))]);
            }
            Self::First => "first",
            Self::Swapped => "swapped",
            Self::SetMore => "set_more",
            Self::WalkBare => "walk_bare",
            Self::Kept => "kept",
            Self::DoneToday => "done_today",
            Self::AfterLifts => "after_lifts",
            Self::Locked => "locked",
            Self::Stopped => "stopped",
            Self::NothingLeft => "nothing_left",
            Self::CheckInFirst => "check_in_first",
            Self::Finished => "finished",
            Self::NeedsMastered => "needs_mastered",
            Self::NeedsPlan => "needs_plan",
            Self::NeedsTrained => "needs_trained",
            Self::NeedsLoadedWalking => "needs_loaded_walking",
        };
        texts.say(&format!("today.{key}"), &[])
    }
}
