//! Today: what the programme that is followed makes of it, what is due, what to be reminded of, and main lifts beside it.

use crate::error::TalusError;
use crate::household::Talus;
use crate::person::SafetySheet;
use crate::words::word;
use talus_app::coach::calendar::{self, RemindAt};
use talus_app::{AppError, LiftWish};

word! {
    /// A main lift of a leg day.
    Lift from calendar::Lift {
        /// Squat.
        Squat,
        /// Leg press.
        LegPress,
        /// Lunge or step-up with weights.
        Lunge,
        /// Deadlift or another hinge.
        Hinge,
        /// Hip thrust.
        HipThrust,
        /// Leg curl on a machine.
        LegCurl,
        /// Heel raise with weights.
        HeelRaise,
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// When somebody wants to be reminded.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reminding {
    /// On which days of the week; none is every day.
    pub weekdays: Vec<Weekday>,
    /// Minute of the day for a session, 0 to 1439.
    pub minute: u16,
    /// Minute of the day for how it is the morning after; absent: not asked.
    pub morning: Option<u16>,
    /// Days after today to look ahead, at most 60.
    pub days: u32,
}

impl Reminding {
    fn at(&self) -> RemindAt {
        let on = |day: usize| self.weekdays.is_empty() || self.weekdays.iter().any(|one| *one as usize == day);
        RemindAt { weekdays: std::array::from_fn(on), minute: self.minute, morning: self.morning }
    }
}

/// Something to remind of.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reminder {
    /// The day here, `YYYY-MM-DD`.
    pub local_day: String,
    /// Minute of that day, 0 to 1439.
    pub minute: u16,
    /// What it says, rendered; nothing in it says that anything was missed.
    pub says: String,
}

/// A test that this week of the programme asks for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct DueTest {
    /// Id of its protocol.
    pub id: String,
    /// Its name, rendered.
    pub name: String,
}

/// What the programme that is followed makes of today, rendered.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum TodaySheet {
    /// Nothing is followed: choose a programme, or train freely.
    Free,
    /// A session: begin it without naming exercises.
    Train {
        /// What it is called and how long it takes.
        title: String,
        /// Why now, and what is different, a sentence each.
        notes: Vec<String>,
        /// Exercise ids, in their order.
        exercises: Vec<String>,
    },
    /// Rest, which counts as done.
    Rest {
        /// Why.
        why: String,
        /// Minutes from now until there may be a session again, where that is only a matter of time.
        again_in_min: Option<i64>,
    },
    /// Not now, and not by waiting.
    Shut {
        /// Why, a sentence each.
        whys: Vec<String>,
    },
    /// Every week is done.
    Finished {
        /// What is to be said of it.
        says: String,
    },
    /// Somebody is to be described, or to answer, first.
    NotYet {
        /// What to do.
        advice: String,
    },
}

impl From<talus_app::TodaySheet> for TodaySheet {
    fn from(sheet: talus_app::TodaySheet) -> Self {
        use talus_app::TodaySheet as Of;
        match sheet {
            Of::Free => Self::Free,
            Of::Train { title, notes, exercises } => Self::Train { title, notes, exercises },
            Of::Rest { why, again_in_min } => Self::Rest { why, again_in_min },
            Of::Closed { whys } => Self::Shut { whys },
            Of::Finished { says } => Self::Finished { says },
        }
    }
}

/// What is so today.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Today {
    /// The day it is here, `YYYY-MM-DD`.
    pub local_day: String,
    /// Whether a red flag was said today: nothing begins any more.
    pub locked: bool,
    /// Whether the morning after a session is to be asked.
    pub morning_due: bool,
    /// What the programme that is followed makes of today.
    pub sheet: TodaySheet,
    /// The sheet for a red flag, at hand whatever else fails.
    pub red_flag: SafetySheet,
    /// The sheet for pain and swelling.
    pub pain: SafetySheet,
    /// Tests that this week of the programme asks for and a cuff measures.
    #[uniffi(default = [])]
    pub tests_due: Vec<DueTest>,
    /// Whether nothing has been measured yet, and the ten minutes of a first session are open.
    #[uniffi(default = false)]
    pub measure_first: bool,
    /// The running week as people count it, a line each, rendered; none before the person is described and has answered.
    #[uniffi(default = [])]
    pub week: Vec<String>,
    /// Main lifts of the last weeks, newest first, a line each, rendered.
    #[uniffi(default = [])]
    pub lifts: Vec<String>,
    /// What to remind of, in order of time; none where nobody asked. Made anew whenever something was done.
    #[uniffi(default = [])]
    pub reminders: Vec<Reminder>,
}

impl From<talus_app::ReminderLine> for Reminder {
    fn from(line: talus_app::ReminderLine) -> Self {
        let talus_app::ReminderLine { local_day, minute, says } = line;
        Self { local_day, minute, says }
    }
}

#[uniffi::export]
impl Talus {
    /// What is so today; with `remind`, also what to remind of from now on.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn today(&self, remind: Option<Reminding>) -> Result<Today, TalusError> {
        // Who follows nothing may choose, once it is known for whom.
        let sheet = self.app.today_sheet().and_then(|sheet| match sheet {
            talus_app::TodaySheet::Free => self.app.programmes().map(|_| sheet),
            other => Ok(other),
        });
        let sheet = match sheet {
            Ok(sheet) => sheet.into(),
            Err(AppError::Person(refusal)) => {
                let [_, advice] = AppError::Person(refusal).told(self.app.language());
                TodaySheet::NotYet { advice }
            }
            Err(error) => return self.told(Err(error)),
        };
        let described = !matches!(sheet, TodaySheet::NotYet { .. });
        let lines = |lines: Result<Vec<String>, AppError>| if described { self.told(lines) } else { Ok(Vec::new()) };
        let reminders = match remind.filter(|_| described) {
            Some(remind) => self.told(self.app.reminders(&remind.at(), remind.days))?,
            None => Vec::new(),
        };
        let tests = if described { self.told(self.app.test_lines())? } else { Vec::new() };
        let due = tests.into_iter().filter(|line| line.due);
        Ok(Today {
            local_day: self.app.local_day(),
            locked: self.told(self.app.locked())?,
            morning_due: self.told(self.app.morning_due())?,
            sheet,
            red_flag: self.app.safety_sheet(true).into(),
            pain: self.app.safety_sheet(false).into(),
            tests_due: due.map(|line| DueTest { id: line.id, name: line.name }).collect(),
            measure_first: described && self.told(self.app.measures_first())?,
            week: lines(self.app.week_lines())?,
            lifts: lines(self.app.lift_lines())?,
            reminders: reminders.into_iter().map(Reminder::from).collect(),
        })
    }

    /// Logs a main lift that was done beside the cuffs just now; its muscles rest as after a session. Gives the id of the
    /// session it stands in the history as: deleting that takes it back.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] where nobody is described, and for other numbers than 1 to 50 sets of 1 to 200 repetitions
    /// with at most 1,000,000 grams; [`TalusError::Storage`].
    pub fn log_lift(&self, lift: Lift, sets: u8, reps: u32, bar_g: u32) -> Result<String, TalusError> {
        let wish = LiftWish { lift: lift.into(), sets, reps, bar_g };
        Ok(self.told(self.app.log_lift(wish))?.to_string())
    }
}
